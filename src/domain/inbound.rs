//! A message as it came from a channel.

use super::{
    borrowed::{Borrowed, BorrowedHow, gravest},
    complaint::PublicStatus,
    interpretation::{Interpretation, RedFlag, names},
    message::AttachmentRef,
    proof::Proof,
    secret_word::{KeptSecret, SecretWord},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

names!(
    /// A wish stated plainly, on channels that have commands.
    Command {
        /// Opens the talk.
        Start = "start",
        /// Something went wrong.
        Complain = "complain",
        /// A person, please.
        Agent = "agent",
        /// How does my complaint stand?
        Status = "status",
        /// What can I do here?
        Help = "help",
        /// Something to keep that proves that I told you.
        Receipt = "receipt",
        /// Remove what I wrote.
        Forget = "forget",
    }
);
names!(
    /// Why a file that somebody sent could not be kept.
    Unkept {
        /// Larger than we or the channel take.
        TooLarge = "too_large",
        /// Of a kind that we cannot take.
        Kind = "kind",
        /// The owner's malware scanner refuses it.
        Harmful = "harmful",
        /// The channel did not give it to us, or it could not be looked at.
        Unavailable = "unavailable",
        /// The channel has not given it to us yet; it is asked again, and [`EventKind::Attached`] tells how that went.
        Awaited = "awaited",
    }
);

/// A message as it came from a channel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inbound {
    /// The channel's own id: the same one again is the same message.
    pub external_id: String,
    /// Where the channel wants the answer (a chat, a thread), for channels that we send to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub place: Option<String>,
    /// The channel cannot tell whether the sender is who they say.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub unproven: bool,
    /// A wish stated plainly; the text is what was said with it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub command: Option<Command>,
    /// The text is the sender's own telephone number, given by the channel's own means of sharing it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub own_number: bool,
    /// The album that it is part of: pictures sent together, which arrive one by one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub album: Option<String>,
    /// Files that came with it and could not be kept.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub unkept: Vec<Unkept>,
    /// The person's name there, if the channel tells it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sender_name: Option<String>,
    /// The writer's own words; empty where only a file or a choice came.
    pub text: String,
    /// Words of somebody else that came with it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub borrowed: Vec<Borrowed>,
    /// When it was written, where the channel tells and it lies no further back than that holds messages: the clock for
    /// "this morning".
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub written: Option<Timestamp>,
    /// The value of an offered choice.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub choice: Option<String>,
    /// What that choice said when it was offered (looked up by the service, kept for the replay).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub choice_title: Option<String>,
    /// Files, already stored.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub attachments: Vec<AttachmentRef>,
    /// What the text tells.
    pub signals: Interpretation,
    /// How the complaints stand whose references the text names (looked up by the store, kept for the replay).
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub known_references: Vec<PublicStatus>,
    /// What became of a claim to another conversation's complaint (weighed by the store, kept for the replay).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub proof: Option<Proof>,
    /// What is kept of a secret word that is given out with the answer, where one is (made by the store).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lent: Option<KeptSecret>,
    /// The secret word that was said; in the text it is hidden already. Weighed, and never written down.
    #[serde(skip)]
    pub secret: Option<SecretWord>,
}

impl Inbound {
    /// Hides secret words that the text says, or words that came with it, before anybody reads them. The first of the
    /// writer's own is weighed.
    pub fn hide_secrets(&mut self) {
        while let Some((word, hidden)) = SecretWord::said_in(&self.text) {
            self.text = hidden;
            self.secret.get_or_insert(word);
        }
        for words in &mut self.borrowed {
            while let Some((_, hidden)) = SecretWord::said_in(&words.text) {
                words.text = hidden;
            }
        }
    }

    /// Whether something that is not the writer's own was passed on with it.
    pub fn passes_on(&self) -> bool {
        self.borrowed.iter().any(|b| b.how.passes_on())
    }

    /// Words of a file that came with it, before all others, since there is a limit. Those of a file that was passed on
    /// are its writer's.
    pub fn comes_with(&mut self, mut words: Borrowed) {
        let mut beside = self.borrowed.iter();
        if let Some(passed_on) = beside.find(|b| b.how == BorrowedHow::Forwarded) {
            words.how = passed_on.how;
            words.from.clone_from(&passed_on.from);
        }
        if !self.borrowed.contains(&words) {
            self.borrowed.insert(0, words);
        }
    }

    /// The gravest danger that was read in words beside its own, and whether these are surely somebody else's.
    pub fn borrowed_danger(&self) -> Option<(RedFlag, bool)> {
        gravest(&self.borrowed)
    }
}
