//! Who writes, in the shapes of the agents' API.

use crate::domain::{Conversation, Slot};
use serde::Serialize;
use utoipa::ToSchema;

/// Who writes, as agents see them.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ContactOut {
    /// The name that they told, or that the channel gave.
    pub(super) name: Option<String>,
    /// Which inbox.
    pub(super) inbox: String,
    /// Their id there.
    pub(super) sender: String,
    /// What they are to us.
    pub(super) relation: String,
    /// Whether their page is open, as far as the channel tells.
    pub(super) present: bool,
}

impl ContactOut {
    pub(super) fn of(c: &Conversation) -> Self {
        let told = Some(c.value_text(Slot::ComplainantName)).filter(|t| !t.is_empty());
        Self {
            name: told.or_else(|| c.name.clone()),
            inbox: c.inbox.clone(),
            sender: c.sender.clone(),
            relation: c.relation.name().to_owned(),
            present: c.present,
        }
    }
}
