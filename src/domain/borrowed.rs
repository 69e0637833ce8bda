//! Words that came beside a message and are not its own text: forwarded, quoted, a contact card, a mail's subject, a
//! file.

use super::interpretation::{RedFlag, names};
use serde::{Deserialize, Serialize};

names!(
    /// How words came along beside a message's own text.
    BorrowedHow {
        /// The writer passed them on.
        Forwarded = "forwarded",
        /// The writer passed on what they had written elsewhere themselves.
        Own = "own",
        /// The writer answers them: words of this conversation, which were heard when they were said.
        Quoted = "quoted",
        /// They stand in a quote and were never said in this conversation: anybody's, the writer's own among them.
        Elsewhere = "elsewhere",
        /// A contact card of somebody else.
        Card = "card",
        /// The subject of the message, in the writer's own words.
        Subject = "subject",
        /// The end of a text that is too long to be shown whole, in the writer's own words.
        Rest = "rest",
        /// They stand in a file, its name, or what was written about it: anybody's, the writer's own among them.
        File = "file",
    }
);

impl BorrowedHow {
    /// Whether danger in such words was never heard before, so that it is read.
    pub const fn is_read_for_danger(self) -> bool {
        matches!(
            self,
            Self::Forwarded
                | Self::Own
                | Self::Elsewhere
                | Self::Card
                | Self::Subject
                | Self::Rest
                | Self::File
        )
    }

    /// Whether the writer gives us something by them, also without a word of their own.
    pub const fn passes_on(self) -> bool {
        matches!(
            self,
            Self::Forwarded | Self::Own | Self::Elsewhere | Self::Card
        )
    }
}

/// Words beside a message's own text. The desk sees them; nothing in them counts as told: no name, number, day, feeling
/// or story. Only danger is read in those that nobody has heard yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Borrowed {
    /// How they came along.
    pub how: BorrowedHow,
    /// Whose they are, where the channel tells it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<String>,
    /// The words. Hostile: escape them wherever they are shown.
    pub text: String,
    /// Danger that was read in them ([`BorrowedHow::is_read_for_danger`]). A channel leaves it out; the service reads
    /// it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub danger: Option<RedFlag>,
}

impl Borrowed {
    /// Most of them that are kept of one message.
    pub const MOST: usize = 10;
    /// Longest text, in characters; what lies beyond is cut off.
    pub const LONGEST_TEXT: usize = 16_384;
    /// Longest name, in characters.
    pub const LONGEST_NAME: usize = 100;

    /// Words that were passed on, or answered. Danger is not read yet.
    pub fn new(how: BorrowedHow, from: Option<String>, text: impl Into<String>) -> Self {
        Self {
            how,
            from,
            text: text.into(),
            danger: None,
        }
    }

    /// Cut to what is kept, without characters that the databases cannot hold.
    pub fn bound(&mut self) {
        let fit = |text: &str, most: usize| -> String {
            let plain = text.chars().map(|c| if c == '\0' { '\u{fffd}' } else { c });
            if text.chars().nth(most).is_none() {
                return plain.collect();
            }
            plain.take(most - 1).chain(['…']).collect()
        };
        self.text = fit(self.text.trim(), Self::LONGEST_TEXT);
        let from = self.from.take();
        self.from = from
            .map(|name| fit(name.trim(), Self::LONGEST_NAME))
            .filter(|name| !name.is_empty());
    }
}

/// The gravest danger that was read in such words, and whether these are surely somebody else's.
pub fn gravest(all: &[Borrowed]) -> Option<(RedFlag, bool)> {
    let flagged = |b: &Borrowed| Some((b.danger?, b.how == BorrowedHow::Forwarded));
    all.iter().filter_map(flagged).min()
}
