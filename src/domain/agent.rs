//! The people behind the desk.

use super::{ids::AgentId, unseen::is_unseen};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use unicode_normalization::UnicodeNormalization;

/// Longest name of an account, in characters.
pub const LONGEST_ACCOUNT_NAME: usize = 200;

/// What somebody at the desk may do; each role may do all that those before it may.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Takes conversations and works on complaints.
    Agent,
    /// Also sees alerts, and may take a conversation out of somebody's hands.
    Supervisor,
    /// Also answers for the register.
    ComplaintsManager,
    /// Also manages accounts.
    Admin,
}

impl Role {
    /// The public name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::ComplaintsManager => "complaints_manager",
            Self::Admin => "admin",
        }
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s {
            "agent" => Ok(Self::Agent),
            "supervisor" => Ok(Self::Supervisor),
            "complaints_manager" => Ok(Self::ComplaintsManager),
            "admin" => Ok(Self::Admin),
            other => Err(format!(
                "role '{other}' is none of agent, supervisor, complaints_manager, admin"
            )),
        }
    }
}

/// An agent as conversations remember them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentRef {
    /// Who.
    pub id: AgentId,
    /// The full name, for colleagues.
    pub name: String,
    /// Whether they may act on a conversation that someone else has.
    pub role: Role,
}

impl AgentRef {
    /// The program itself, under that name, where it acts by a setting.
    pub fn program(name: String) -> Self {
        Self {
            id: AgentId(uuid::Uuid::nil()),
            name,
            role: Role::Agent,
        }
    }

    /// Whether it is the program itself.
    pub fn is_program(&self) -> bool {
        self.id.0.is_nil()
    }

    /// What the person who writes is told: a first name, nothing more.
    pub fn first_name(&self) -> &str {
        self.name.split_whitespace().next().unwrap_or(&self.name)
    }
}

/// The name of an account as it is kept: single spaces, one spelling of each character. None for one that is too short
/// or too long, or that has characters which nobody sees.
pub fn account_name(text: &str) -> Option<String> {
    // Looked at before it is copied: whoever asks is not known yet.
    if text.len() > LONGEST_ACCOUNT_NAME * 8 {
        return None;
    }
    let name: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let name: String = name.nfc().collect();
    let fits = (2..=LONGEST_ACCOUNT_NAME).contains(&name.chars().count());
    (fits && !name.chars().any(is_unseen)).then_some(name)
}

/// What two spellings of an account's name have in common. For counting; names are looked up by the store.
pub fn account_key(name: &str) -> String {
    name.nfkc().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_spellings_make_no_other_name() {
        let key = |text: &str| account_name(text).map(|n| account_key(&n));
        let plain = key("Zoë Hart");
        assert!(plain.is_some());
        for other in [
            " zoë  hart ",
            "ZOE\u{308} HART",
            "\u{a0}Zoë\tHart\n",
            "Ｚoë Hart",
        ] {
            assert_eq!(key(other), plain, "{other:?}");
        }
        for none in [
            "",
            "x",
            "Zoë\u{200b}Hart",
            "Zoë\0Hart",
            &"x".repeat(250_000),
        ] {
            assert_eq!(key(none), None);
        }
    }
}
