//! What a program may do with a token.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// What a token opens; never more than the role of its agent does.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// To look at conversations, complaints and the queue.
    Read,
    /// To act on them.
    Write,
    /// To manage accounts, sessions and tokens.
    Accounts,
}

impl Scope {
    /// All of them: what a token has that was made without saying.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Accounts];

    /// The public name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Accounts => "accounts",
        }
    }

    /// As several are kept: their names with spaces between.
    pub fn join(scopes: &[Self]) -> String {
        let names: Vec<&str> = scopes.iter().map(|s| s.name()).collect();
        names.join(" ")
    }

    /// Several, as they are kept. A name that is not known opens nothing.
    pub fn split(text: &str) -> Vec<Self> {
        text.split(' ').filter_map(|s| s.parse().ok()).collect()
    }
}

impl FromStr for Scope {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.name() == s)
            .ok_or_else(|| format!("scope '{s}' is none of read, write, accounts"))
    }
}
