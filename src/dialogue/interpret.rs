//! From what was read to what it does: every clause of a message becomes an act. Changes nothing, says nothing.
//!
//! The order in which a clause is tried is the order of [`Reader::read`]: talk (greetings, questions, commands),
//! corrections, the answer to what was asked, what tells another slot, and what is left tells the story.

use super::{
    acts::{Act, Acts, DialogueAct, Span},
    correct,
    heard::Heard,
    reader::Reader,
    source::Source,
    talk,
};
use crate::{
    domain::{
        Conversation, Slot, SlotValue,
        interpretation::{Clause, Cue},
    },
    flow::{Ask, Kind},
};

/// What a message does.
pub(crate) fn interpret(heard: &Heard<'_>, asked: Option<&Ask>, state: &Conversation) -> Acts {
    let whole = Span {
        start: 0,
        end: heard.text.len(),
    };
    let one = |what| Acts(vec![Act { what, span: whole }]);
    if let Some(choice) = heard.choice {
        return one(chosen(heard, choice, asked));
    }
    if heard.said.clauses.is_empty() {
        return one(DialogueAct::Wordless);
    }
    if heard.repeated && !heard.said.has(Cue::Question) {
        return one(DialogueAct::Repetition);
    }
    let mut reader = Reader {
        heard,
        asked,
        source: Source {
            text: heard.text,
            said: heard.said,
            state,
            ask: asked,
        },
        taken: vec![None; heard.said.clauses.len()],
        besides: Vec::new(),
    };
    reader.read();
    reader.finish()
}

/// An offered answer: to the question, or to something that was offered otherwise.
fn chosen(heard: &Heard<'_>, choice: &str, asked: Option<&Ask>) -> DialogueAct {
    let Some(ask) = asked else {
        return DialogueAct::Choose(choice.to_owned());
    };
    let said = heard.title.unwrap_or(choice).to_owned();
    match (ask.slot, choice) {
        (Slot::ComplainantName, "anonymous") | (Slot::AnythingElse, "no") => {
            DialogueAct::Decline(ask.slot, said)
        }
        (Slot::Consent, "yes" | "no") => DialogueAct::Answer(
            ask.slot,
            SlotValue::YesNo {
                yes: choice == "yes",
                said,
            },
        ),
        (Slot::Consent, "unknown") => DialogueAct::DontKnow(ask.slot, said),
        (Slot::CallbackWhen, _) => DialogueAct::Answer(ask.slot, SlotValue::Text(said)),
        _ if ask.kind == Kind::YesNo && matches!(choice, "yes" | "no") => DialogueAct::Answer(
            ask.slot,
            SlotValue::YesNo {
                yes: choice == "yes",
                said,
            },
        ),
        _ if ask.choices.is_some() && heard.title.is_some() => DialogueAct::Answer(
            ask.slot,
            SlotValue::Choice {
                value: choice.to_owned(),
                said,
            },
        ),
        _ => DialogueAct::Choose(choice.to_owned()),
    }
}

impl Reader<'_> {
    fn read(&mut self) {
        if let Some(act) = talk::whole(self.heard, self.asked, self.source.state) {
            self.taken.fill(Some(act));
            return;
        }
        self.talk();
        self.stays_anonymous();
        self.corrections();
        self.answer();
        self.told_besides();
        self.rest();
    }

    fn talk(&mut self) {
        for n in self.open() {
            self.taken[n] = talk::clause(self.heard, &self.clauses()[n], self.asked);
        }
        // "Will anyone actually read this?", once all is told: a question, and no part of the story.
        let asks = |c: &Clause| c.filler || c.asks && !c.past;
        let told = self.asked.is_none() && self.source.state.complaint.is_some();
        if told && self.clauses().iter().all(asks) {
            for n in self.open() {
                let asks = !self.clauses()[n].filler;
                self.taken[n] = asks.then_some(DialogueAct::AskFact);
            }
        }
        // "I want to talk to a person, not to a machine": how a wish goes on belongs to it.
        for n in 1..self.taken.len() {
            let (before, clause) = (&self.clauses()[n - 1], &self.clauses()[n]);
            let wish = self.taken[n - 1]
                .clone()
                .filter(|act| *act == DialogueAct::WantPerson);
            let goes_on = clause.sentence == before.sentence && !clause.finite;
            if self.taken[n].is_none() && goes_on && self.excludes(clause) {
                self.taken[n] = wish;
            }
        }
    }

    /// Whether a clause only says what is not meant.
    fn excludes(&self, clause: &Clause) -> bool {
        let mut excluded = self.heard.said.excluded.iter();
        excluded.any(|(start, _)| clause.start <= *start && *start < clause.end)
    }

    fn corrections(&mut self) {
        let open = self.open();
        for found in correct::corrections(&self.source, &open) {
            // "It was Sharon on Tuesday" puts two things right in one clause.
            let taken = |n: &usize| self.taken[*n].as_ref().is_some_and(DialogueAct::corrects);
            if !found.clauses.is_empty() && found.clauses.iter().all(taken) {
                let clause = &self.clauses()[found.clauses[0]];
                self.besides.push(Act {
                    what: found.act,
                    span: Span {
                        start: clause.start,
                        end: clause.end,
                    },
                });
                continue;
            }
            for n in found.clauses {
                self.taken[n] = Some(found.act.clone());
            }
        }
    }

    fn finish(self) -> Acts {
        let mut acts: Vec<Act> = Vec::new();
        for (clause, what) in self.heard.said.clauses.iter().zip(self.taken) {
            let Some(what) = what else { continue };
            match acts.last_mut() {
                Some(last) if last.what == what => last.span.end = clause.end,
                _ => acts.push(Act {
                    what,
                    span: Span {
                        start: clause.start,
                        end: clause.end,
                    },
                }),
            }
        }
        acts.extend(self.besides);
        Acts(acts)
    }
}
