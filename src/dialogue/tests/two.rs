//! Two conversations of one person, and the store between them: what it puts beside a message, and what the other
//! one learns.

use super::*;
use crate::domain::{Linked, Proof};

const STORY: &str = "The nurse Denise Hartley shouted at my mother on ward 3 yesterday";
pub(super) const REACHED: &[(Slot, &str)] = &[
    (Slot::ComplainantName, "Anna Kovács"),
    (Slot::ContactMethod, "07700 900123"),
    (Slot::AnythingElse, "no"),
];
pub(super) const NAMED: &[(Slot, &str)] = &[
    (Slot::ComplainantName, "Anna Kovács"),
    (Slot::AnythingElse, "no"),
];

/// Two conversations, and what the store knows of them.
pub(super) struct Two {
    /// The one in which a complaint was made, by the web chat.
    pub(super) old: Option<Talk>,
    /// Another one, by Telegram.
    pub(super) new: Talk,
    /// Wrong details today.
    pub(super) tries: i64,
    pub(super) reference: crate::domain::complaint::Reference,
}

impl Two {
    /// A complaint, with those answers to what was asked for it.
    pub(super) fn after(answers: &[(Slot, &str)]) -> Self {
        let mut old = play(STORY, answers);
        old.snapshot.conversation.inbox = "web".to_owned();
        let reference = old.record().reference.clone();
        Self {
            old: Some(old),
            reference,
            ..Self::unknown()
        }
    }

    /// No complaint at all.
    pub(super) fn unknown() -> Self {
        let mut new = Talk::new();
        let id = ConversationId(uuid::Uuid::from_u128(2));
        new.snapshot.conversation = Conversation::new(id, "telegram", "somebody", START);
        new.turn = 1000;
        // They write there later.
        new.at = START.plus_seconds(600);
        Self {
            old: None,
            new,
            tries: 0,
            reference: crate::domain::complaint::Reference::from_bits(77),
        }
    }

    /// The record, changed before anybody claims it.
    pub(super) fn with(mut self, change: impl FnOnce(&mut Complaint)) -> Self {
        let old = self.old.as_mut().expect("a complaint was made");
        change(old.snapshot.complaint.as_mut().expect("it is on record"));
        self
    }

    pub(super) fn claims(&mut self) -> String {
        let text = format!("I wrote to you in the web chat about {}", self.reference);
        self.says(&text)
    }

    pub(super) fn says(&mut self, text: &str) -> String {
        let inbound = self.new.inbound(text, None);
        self.sends(inbound)
    }

    /// The store weighs a claim, and what follows reaches the earlier conversation.
    pub(super) fn sends(&mut self, mut inbound: Inbound) -> String {
        let state = &self.new.snapshot.conversation;
        let record = (self.old.as_ref()).and_then(|o| o.snapshot.complaint.as_ref());
        if let Some(claimed) = claimed(state, &inbound, &RULES.context()) {
            let record = record.filter(|r| r.reference == claimed.reference);
            inbound.proof = match weigh(state, &inbound, &claimed, record, self.tries) {
                Weighed::Ask => None,
                Weighed::Spent => Some(Proof::Spent),
                Weighed::Wrong { last } => Some(Proof::Wrong { last }),
                Weighed::Right => {
                    let me = Linked {
                        conversation: state.id,
                        inbox: state.inbox.clone(),
                        reference: claimed.reference,
                        at: self.new.at,
                    };
                    let others: Vec<&Conversation> = (self.old.iter())
                        .map(|o| &o.snapshot.conversation)
                        .collect();
                    let record = record.expect("proven by a record");
                    Some(Proof::Right(Box::new(proven(record, &me, &others))))
                }
            };
        }
        let answer = self.new.send(inbound);
        for effect in self.new.effects.clone() {
            match effect {
                Effect::ProofFailed { reference } => {
                    assert_eq!(reference, self.reference);
                    self.tries += 1;
                }
                Effect::CarriedOn { to, quiet, earlier } => {
                    let old = self.old.as_mut().expect("an earlier conversation");
                    assert_eq!(earlier, [old.snapshot.conversation.id]);
                    old.snapshot
                        .complaint
                        .clone_from(&self.new.snapshot.complaint);
                    old.happen(EventKind::CarriedOn { to, quiet })
                        .expect("it may always go on");
                }
                _ => {}
            }
        }
        answer
    }

    pub(super) fn old(&self) -> &Talk {
        self.old.as_ref().expect("an earlier conversation")
    }

    /// What the earlier conversation learnt last: the note for the desk, and what was said after it.
    pub(super) fn told_there(&self) -> Vec<(Author, &str)> {
        let messages = &self.old().messages;
        let note = messages.iter().rposition(|m| m.from == Author::Note);
        let told = messages[note.expect("a note")..].iter();
        told.map(|m| (m.from, m.text.as_str())).collect()
    }

    pub(super) fn is_proven(&self) -> bool {
        self.new.snapshot.conversation.complaint.as_ref() == Some(&self.reference)
    }
}
