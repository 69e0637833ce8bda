//! Conversations in lists: what a row needs to be scanned.

use super::contact::ContactOut;
use crate::{
    domain::{Conversation, DeferredAct, Timestamp},
    handoff,
    store::Last,
};
use serde::Serialize;
use utoipa::ToSchema;

/// What the person wrote last.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LastOut {
    /// The first 200 characters of it; empty where it was a file, or was taken back.
    text: String,
    /// When, RFC 3339.
    at: String,
    /// Its place in the log: higher than what somebody has read, it is unread.
    position: i64,
    /// Whether an agent has written since.
    answered: bool,
    /// When they first wrote after an agent's last words, RFC 3339; `null` where no agent has written yet, or they
    /// have not.
    unanswered_since: Option<String>,
}

impl LastOut {
    pub(super) fn of(last: Last) -> Self {
        Self {
            text: last.text,
            at: last.at.rfc3339(),
            position: last.position,
            answered: last.answered,
            unanswered_since: last.unanswered_since.map(Timestamp::rfc3339),
        }
    }
}

/// What an agent has asked for and may still take back.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeferredOut {
    /// `transfer`, `release` or `resolve`.
    act: String,
    /// Who asked for it.
    by: String,
    /// To whom it is handed on: the colleague's or the team's name.
    to: Option<String>,
    /// When it is carried out, RFC 3339.
    due_at: String,
    /// In how many milliseconds, by the program's own clock.
    left_ms: i64,
}

impl DeferredOut {
    pub(super) fn of(c: &Conversation, now: Timestamp) -> Option<Self> {
        let deferred = c.deferred.as_ref()?;
        let to = match &deferred.act {
            DeferredAct::Transfer { to, .. } => Some(to.name().to_owned()),
            DeferredAct::Release | DeferredAct::Resolve => None,
        };
        Some(Self {
            act: deferred.act.name().to_owned(),
            by: deferred.agent.name.clone(),
            to,
            due_at: deferred.due.rfc3339(),
            left_ms: (deferred.due.0 - now.0).max(0) / 1000,
        })
    }
}

/// Until when a conversation is put off.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SnoozedOut {
    /// Who put it off.
    by: String,
    /// Until when, RFC 3339; `null`: until the person writes.
    until: Option<String>,
}

impl SnoozedOut {
    pub(super) fn of(c: &Conversation) -> Option<Self> {
        let snoozed = c.snoozed.as_ref()?;
        Some(Self {
            by: snoozed.agent.name.clone(),
            until: snoozed.until.map(Timestamp::rfc3339),
        })
    }
}

/// A colleague handed a conversation over, and whoever has it now has not written yet.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HandedOut {
    /// Who handed it over.
    by: String,
    /// When, RFC 3339.
    at: String,
}

impl HandedOut {
    pub(super) fn of(c: &Conversation) -> Option<Self> {
        let handed = c.handed.as_ref()?;
        Some(Self {
            by: handed.by.name.clone(),
            at: handed.at.rfc3339(),
        })
    }
}

/// A conversation in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConversationBrief {
    /// Its id.
    pub(super) id: String,
    /// Who has it.
    pub(super) status: String,
    /// Who writes.
    pub(super) contact: ContactOut,
    /// The agent who has it, where one has.
    pub(super) holder: Option<String>,
    /// It was handed over to them, and they have not written yet.
    pub(super) handed: Option<HandedOut>,
    /// When something last happened, RFC 3339.
    pub(super) changed: String,
    /// When it began, RFC 3339.
    pub(super) began: String,
    /// Since when a person is awaited or at work, RFC 3339.
    pub(super) since: Option<String>,
    /// In which team's queue it is.
    pub(super) team: Option<String>,
    /// How pressing it is, while they wait.
    pub(super) priority: Option<String>,
    /// Why it is where it is, as in the queue, while they wait.
    pub(super) why: Vec<String>,
    /// Why a person is wanted, by its name, while they wait.
    pub(super) reason: Option<String>,
    /// The same for people.
    pub(super) reason_title: Option<String>,
    /// The complaint.
    pub(super) complaint: Option<String>,
    /// Danger.
    pub(super) red_flag: Option<String>,
    /// The same for people.
    pub(super) red_flag_title: Option<String>,
    /// Feeling.
    pub(super) emotion: String,
    /// What they wrote last.
    pub(super) last: Option<LastOut>,
    /// What is to happen to it in a moment, and can still be taken back.
    pub(super) deferred: Option<DeferredOut>,
    /// What it is marked as, in order.
    pub(super) labels: Vec<String>,
    /// It is put off.
    pub(super) snoozed: Option<SnoozedOut>,
}

impl ConversationBrief {
    pub(super) fn of(
        c: &Conversation,
        last: Option<Last>,
        now: Timestamp,
        title: impl Fn(&str) -> String,
    ) -> Self {
        let entry = c.queue.as_ref();
        let since = entry.map(|e| e.since).or(c.first_handover);
        Self {
            id: c.id.to_string(),
            status: c.status.name().to_owned(),
            contact: ContactOut::of(c),
            holder: c.holder.as_ref().map(|h| h.name.clone()),
            handed: HandedOut::of(c),
            changed: c.changed.rfc3339(),
            began: c.began.rfc3339(),
            since: since.map(Timestamp::rfc3339),
            team: entry.map(|e| e.team.clone()),
            priority: entry.map(|e| e.priority.name().to_owned()),
            why: entry.map_or_else(Vec::new, |e| handoff::why(c, e, now)),
            reason: entry.map(|e| e.reason.clone()),
            reason_title: entry.map(|e| title(&e.reason)),
            complaint: c.complaint.as_ref().map(ToString::to_string),
            red_flag: c.red_flag.map(|f| f.name().to_owned()),
            red_flag_title: c.red_flag.map(|f| title(f.name())),
            emotion: c.emotion.name().to_owned(),
            last: last.map(LastOut::of),
            deferred: DeferredOut::of(c, now),
            labels: c.labels.iter().cloned().collect(),
            snoozed: SnoozedOut::of(c),
        }
    }
}
