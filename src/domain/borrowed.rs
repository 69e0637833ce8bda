//! Words of somebody else that came with a message: forwarded, or quoted in an answer.

use super::interpretation::{RedFlag, names};
use serde::{Deserialize, Serialize};

names!(
    /// How the words of somebody else came along.
    BorrowedHow {
        /// The writer passed them on.
        Forwarded = "forwarded",
        /// The writer answers them.
        Quoted = "quoted",
    }
);

/// Words of somebody else. The desk sees them; nothing in them counts as the writer's own: no name, number, day, feeling or story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Borrowed {
    /// How they came along.
    pub how: BorrowedHow,
    /// Whose they are, where the channel tells it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<String>,
    /// The words. Hostile: escape them wherever they are shown.
    pub text: String,
    /// Danger that was read in forwarded words. A channel leaves it out; the service reads it.
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
