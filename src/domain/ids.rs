//! Identifiers. All are `UUIDv7` in their hyphenated text form; each kind has its own type, so that one cannot be taken
//! for another.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self)
            }
        }
    };
}

id!(
    /// One person's thread in one inbox; it lives as long as they may write again.
    ConversationId
);
id!(
    /// One message, note or bot reply.
    MessageId
);
id!(
    /// One entry of the event log.
    EventId
);
id!(
    /// One member of staff who uses the desk.
    AgentId
);
id!(
    /// One stored file.
    AttachmentId
);

impl EventId {
    /// The id of the `n`-th message that this event gives rise to. Derived, not random, so that replaying the
    /// log gives the same ids; ids of one event follow each other.
    pub fn message(self, n: u8) -> MessageId {
        MessageId(Uuid::from_u128(
            self.0.as_u128().wrapping_add(u128::from(n) + 1),
        ))
    }

    /// Forty bits that belong to this event alone, for a complaint's reference. Folded from the random part of
    /// the id, whose time part everybody could guess.
    pub fn reference_bits(self) -> u64 {
        let random = self.0.as_u128() as u64;
        (random ^ (random >> 40).wrapping_mul(0x9E37_79B9_7F4A_7C15)) & ((1 << 40) - 1)
    }
}
