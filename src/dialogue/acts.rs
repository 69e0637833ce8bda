//! What a message does, as values: the border between interpreter it and deciding what follows.

use crate::domain::{Intent, Slot, SlotValue};

/// A stretch of the message, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// First byte.
    pub(crate) start: usize,
    /// One past the last.
    pub(crate) end: usize,
}

/// One thing that a message does, and the words that do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Act {
    /// What.
    pub(crate) what: DialogueAct,
    /// In which words. Every clause of the message belongs to one act that takes it whole; a further `Inform` may point
    /// into a clause that is narrated.
    pub(crate) span: Span,
}

/// What a message can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DialogueAct {
    /// Answers what was asked.
    Answer(Slot, SlotValue),
    /// Tells something that was not asked for.
    Inform(Slot, SlotValue),
    /// Puts right what was told before.
    Correct(Slot, SlotValue),
    /// Takes back what was told before; the new value is what is left of it.
    Retract(Slot, SlotValue),
    /// Tells what happened.
    Narrate,
    /// Would rather not answer; in which words.
    Decline(Slot, String),
    /// Does not know; in which words.
    DontKnow(Slot, String),
    /// Presses a button that answers no slot, or types its words.
    Choose(String),
    /// Asks why a thing is wanted, or what was meant.
    AskWhy,
    /// Asks something that the facts file may answer.
    AskFact,
    /// Asks how a complaint stands.
    AskStatus,
    /// Asks whether this is a person.
    AskIfBot,
    /// Asks after somebody's care.
    AskAboutPatient,
    /// Asks whether they may complain at all.
    AskStanding,
    /// Asks what becomes of what they write.
    AskAboutData,
    /// Asks to hear it once more.
    AskAgain,
    /// Wants something that another flow does.
    Want(Intent),
    /// Wants a person.
    WantPerson,
    /// Takes the complaint back.
    Withdraw,
    /// Says that it was not meant as a complaint.
    NotMeant,
    /// Breaks off.
    GiveUp,
    /// Goes on with what was left.
    Resume,
    /// Says hello, or asks whether anybody is there.
    Greet,
    /// Says thanks.
    Thank,
    /// Talks of nothing in particular.
    SmallTalk,
    /// Abuses whoever reads this.
    Abuse,
    /// Is angry at the bot.
    Impatience,
    /// Says that they have told this already.
    AlreadyTold,
    /// Wants everything that was written to be removed.
    AskToForget,
    /// A bare yes.
    Affirm,
    /// A bare no.
    Deny,
    /// A word that belongs to every talk.
    Filler,
    /// The same words as just before.
    Repetition,
    /// Nothing but a file, or nothing at all.
    Wordless,
    /// May be any of these: complaint, praise, question.
    Unclear(Vec<Intent>),
}

/// All that one message does, in the order of its words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Acts(pub(crate) Vec<Act>);

impl Acts {
    /// Whether any act is of that kind.
    pub(crate) fn any(&self, is: fn(&DialogueAct) -> bool) -> bool {
        self.0.iter().any(|a| is(&a.what))
    }

    /// Whether the message does exactly this, somewhere.
    pub(crate) fn has(&self, act: &DialogueAct) -> bool {
        self.0.iter().any(|a| a.what == *act)
    }

    /// The button that was pressed, or typed.
    pub(crate) fn chosen(&self) -> Option<&str> {
        self.0.iter().find_map(|a| match &a.what {
            DialogueAct::Choose(value) => Some(value.as_str()),
            _ => None,
        })
    }

    /// Whether something was told of what happened.
    pub(crate) fn narrates(&self) -> bool {
        self.has(&DialogueAct::Narrate)
    }

    /// Whether the question was answered, declined included.
    pub(crate) fn answers(&self, slot: Slot) -> bool {
        self.0.iter().any(|a| match &a.what {
            DialogueAct::Answer(s, _)
            | DialogueAct::Decline(s, _)
            | DialogueAct::DontKnow(s, _) => *s == slot,
            _ => false,
        })
    }
}

impl DialogueAct {
    /// The slot that it fills, changes or declines.
    pub(crate) const fn slot(&self) -> Option<Slot> {
        match self {
            Self::Answer(slot, _)
            | Self::Inform(slot, _)
            | Self::Correct(slot, _)
            | Self::Retract(slot, _)
            | Self::Decline(slot, _)
            | Self::DontKnow(slot, _) => Some(*slot),
            _ => None,
        }
    }

    /// Asks the bot something.
    pub(crate) const fn asks(&self) -> bool {
        matches!(
            self,
            Self::AskWhy
                | Self::AskFact
                | Self::AskStatus
                | Self::AskIfBot
                | Self::AskAboutPatient
                | Self::AskStanding
                | Self::AskAboutData
                | Self::AskAgain
        )
    }

    /// Puts right, or takes back.
    pub(crate) const fn corrects(&self) -> bool {
        matches!(self, Self::Correct(..) | Self::Retract(..))
    }

    /// Tells a slot that was not asked for.
    pub(crate) const fn informs(&self) -> bool {
        matches!(self, Self::Inform(..))
    }
}
