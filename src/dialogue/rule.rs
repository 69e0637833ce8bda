//! What a rule is: when it fits, and what it does then.

use super::{
    absorb::Absorbed,
    acts::{Acts, DialogueAct},
    heard::Heard,
    turn::Turn,
};
use crate::{
    domain::{Intent, MessageId, event::Inbound},
    flow::{Ask, Flow, Occasion},
};

/// What a rule has to decide by, beside the state.
pub(super) struct Moment<'a> {
    /// The message as it was read.
    pub(super) heard: &'a Heard<'a>,
    /// What it does.
    pub(super) acts: &'a Acts,
    /// The whole of what came.
    pub(super) inbound: &'a Inbound,
    /// Its id.
    pub(super) id: MessageId,
    /// What was asked, and by which flow.
    pub(super) asked: Option<(&'a Flow, &'a Ask)>,
    /// What was kept of it.
    pub(super) absorbed: Absorbed,
}

impl Moment<'_> {
    /// Whether the message does this, somewhere.
    pub(super) fn does(&self, act: &DialogueAct) -> bool {
        self.acts.has(act)
    }
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// This rule does not decide after all.
    Pass,
    /// The open question is put again; `counted` where it was put in vain.
    Reprompt {
        /// After the second time a question is let go.
        counted: bool,
    },
    /// The next question of the open flow, or its end.
    Advance,
    /// The message is a complaint: on record from here on.
    Complain,
    /// The flow that the message, or a wish, opens.
    Open(Opening),
    /// A person, on an occasion of the program's own.
    Handoff(Occasion),
    /// Nothing more.
    Done,
}

/// Which flow is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// The one whose condition the message fits.
    ByMessage,
    /// The one for that intent.
    For(Intent),
    /// The one that records complaints, without words to record yet.
    Complaint,
    /// The one that was left unfinished.
    Unfinished,
    /// The one by which people are rung.
    Callback,
}

/// One rule of the policy.
pub(super) struct Rule {
    /// Its name: shown by `/why`, counted by `flows test --coverage`.
    pub(super) name: &'static str,
    /// Whether it fits.
    pub(super) when: fn(&Turn<'_>, &Moment<'_>) -> bool,
    /// What it does.
    pub(super) then: fn(&mut Turn<'_>, &Moment<'_>) -> Then,
    /// What it is for, in a line: printed by `nohold flows rules`.
    pub(super) about: &'static str,
}
