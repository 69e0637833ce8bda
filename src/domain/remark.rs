//! What happens around a conversation and is no word of anybody.

use super::interpretation::names;
use serde::{Deserialize, Serialize};

names!(
    /// Something that happened around a conversation. The desk sees it as a note, in the words of the phrase
    /// `remark.<name>`.
    Remark {
        /// The person blocked the bot: nothing reaches them from now on.
        Blocked = "blocked",
        /// The person took the block away.
        Unblocked = "unblocked",
        /// The person put a sign on one of our messages; which one stands beside it.
        Reacted = "reacted",
        /// A sign on one of our messages was taken away again; which one stands beside it.
        Unreacted = "unreacted",
        /// The place of the conversation was locked or deleted; it goes on in another one.
        PlaceClosed = "place_closed",
        /// No place could be opened where only the person reads along, so nothing reaches them.
        PrivateRefused = "private_refused",
        /// They were answered by a message that only they see, as the channel allows for a short time only.
        Fleeting = "fleeting",
        /// Somebody in another conversation said that the complaint of this one is theirs, and could not prove
        /// it, so often that it is refused for the day; by which inbox stands beside it.
        ProofRefused = "proof_refused",
    }
);

impl Remark {
    /// Longest detail that is kept beside a remark, in characters.
    pub const LONGEST_DETAIL: usize = 64;
}
