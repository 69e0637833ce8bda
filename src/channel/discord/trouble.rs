//! Why a call did not work, why the line is down, and what to do about it.

use crate::service::{Down, DownReason};
use std::time::Duration;

/// "Internal network error": what the edge in front of Discord refuses, and nobody else.
pub(super) const EDGE: u64 = 40_333;

/// Why a call did not work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum CallError {
    /// Nothing answered, or not in time. The call may have had its effect all the same.
    Network,
    /// What answered does not speak the API.
    NotTheApi,
    /// Not before that time.
    TooFast(Duration),
    /// Discord says no.
    Refused {
        /// HTTP's.
        status: u16,
        /// Discord's own, where it tells one.
        code: u64,
    },
}

/// Nothing can be written.
pub(super) fn disk() -> Down {
    Down::new(
        DownReason::Trouble,
        "nothing can be written; Discord is asked for what came when it can",
    )
}

/// The token is not accepted.
pub(super) fn bad_token() -> Down {
    Down::new(
        DownReason::Token,
        "Discord does not accept the bot's token: reset it at discord.com/developers, under Bot, and set NOHOLD_DISCORD_TOKEN",
    )
}

/// What is wrong, and what to do about it.
pub(super) fn down(error: CallError) -> Down {
    match error {
        CallError::Network => Down::new(
            DownReason::Network,
            "Discord cannot be reached: look at the network, or at NOHOLD_DISCORD_API",
        ),
        CallError::NotTheApi => Down::new(
            DownReason::Address,
            "what answers at Discord's address does not speak Discord's API: it is in trouble, or NOHOLD_DISCORD_API is wrong",
        ),
        CallError::TooFast(time) => Down {
            after: Some(time),
            ..Down::new(
                DownReason::Trouble,
                "Discord holds us back (429, too many requests): nothing is asked until the time that it named is over, then it goes on by itself; what comes in is kept",
            )
        },
        CallError::Refused { status: 401, .. } => bad_token(),
        CallError::Refused { status: 404, .. } => Down::new(
            DownReason::Address,
            "what answers at Discord's address does not know Discord's calls: look at NOHOLD_DISCORD_API",
        ),
        CallError::Refused { status, code } => Down::new(
            DownReason::Trouble,
            format!("Discord is in trouble (HTTP {status}, code {code})"),
        ),
    }
}
