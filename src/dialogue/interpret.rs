//! From what was read to what it does: every clause of a message becomes an act. Changes nothing, says nothing.
//!
//! The order in which a clause is tried is the order of [`Reader::read`]: talk (greetings, questions, commands), corrections, the answer to what was asked, what
//! tells another slot, and what is left tells the story.

use super::{
    acts::{Act, Acts, DialogueAct, Span},
    correct,
    extract::{Source, count},
    slots::{self, Bare},
    talk,
};
use crate::{
    domain::{
        Conversation, Intent, Interpretation, Relation, Slot, SlotValue,
        interpretation::{Clause, Cue, Lead},
    },
    flow::{Ask, Kind},
};

/// A message, as it came and as it was read.
#[derive(Clone, Copy)]
pub(crate) struct Heard<'a> {
    /// Its words.
    pub(crate) text: &'a str,
    /// What was read in them.
    pub(crate) said: &'a Interpretation,
    /// The button that was pressed, or whose words were typed.
    pub(crate) choice: Option<&'a str>,
    /// What that button says, in the person's language.
    pub(crate) title: Option<&'a str>,
    /// The text is the sender's own number, shared by the channel's means.
    pub(crate) own_number: bool,
    /// The same words came just before.
    pub(crate) repeated: bool,
}

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

struct Reader<'a> {
    heard: &'a Heard<'a>,
    asked: Option<&'a Ask>,
    source: Source<'a>,
    /// The act that takes each clause.
    taken: Vec<Option<DialogueAct>>,
    /// What clauses tell besides.
    besides: Vec<Act>,
}

impl<'a> Reader<'a> {
    fn clauses(&self) -> &'a [Clause] {
        &self.heard.said.clauses
    }

    fn read(&mut self) {
        if let Some(act) = talk::whole(self.heard, self.asked) {
            self.taken.fill(Some(act));
            return;
        }
        self.talk();
        self.corrections();
        self.answer();
        self.told_besides();
        self.rest();
    }

    /// The clauses that nobody has taken yet.
    fn open(&self) -> Vec<usize> {
        (0..self.taken.len())
            .filter(|n| self.taken[*n].is_none())
            .collect()
    }

    fn talk(&mut self) {
        for n in self.open() {
            self.taken[n] = talk::clause(self.heard, &self.clauses()[n], self.asked);
        }
    }

    fn corrections(&mut self) {
        let open = self.open();
        for found in correct::corrections(&self.source, &open) {
            for n in found.clauses {
                self.taken[n] = Some(found.act.clone());
            }
        }
    }

    fn answer(&mut self) {
        let Some(ask) = self.asked else { return };
        let row = slots::row(ask.slot, ask.kind);
        let whole_answer = matches!(ask.slot, Slot::WhatHappened | Slot::AnythingElse);
        if whole_answer {
            return self.story(ask);
        }
        // A bare yes or no, and "I don't know".
        for n in self.open() {
            let clause = &self.clauses()[n];
            if let Some(act) = self.bare(clause, ask) {
                self.taken[n] = Some(act);
                if !matches!(self.taken[n], Some(DialogueAct::Affirm | DialogueAct::Deny)) {
                    self.fold_refusal(n, ask);
                    return;
                }
            }
        }
        // What can be pointed at comes before free words, in whichever clause it stands.
        for n in self.open() {
            let clause = &self.clauses()[n];
            if let Some(value) = (row.exact)(&self.source, clause) {
                let finite_story = clause.finite && !row.clauses && self.tells(clause);
                if finite_story {
                    self.tell(ask.slot, value, clause);
                    continue;
                }
                self.taken[n] = Some(DialogueAct::Answer(ask.slot, value));
                if row.merge == slots::Merge::Keep {
                    return;
                }
            }
        }
        if self.answered(ask.slot) {
            return;
        }
        let free = self.open().into_iter().find(|n| {
            let clause = &self.clauses()[*n];
            (row.clauses && !self.is_story(clause) || !clause.finite)
                && !clause.filler
                && !self.points_elsewhere(clause, ask.slot)
        });
        let Some(n) = free else { return };
        let clause = self.widened(n, row.runs_on || row.clauses, ask.slot);
        if let Some(value) = (row.loose)(&self.source, &clause) {
            for m in n..self.taken.len() {
                if self.clauses()[m].end <= clause.end && self.taken[m].is_none() {
                    self.taken[m] = Some(DialogueAct::Answer(ask.slot, value.clone()));
                }
            }
        }
    }

    /// The question asks for the story: all that is told is the answer.
    fn story(&mut self, ask: &Ask) {
        let open = self.open();
        if open.iter().all(|n| self.clauses()[*n].filler) {
            for n in open {
                let clause = &self.clauses()[n];
                self.taken[n] = self.bare(clause, ask).or(Some(DialogueAct::Filler));
            }
            return;
        }
        let first = open.iter().copied().find(|n| !self.clauses()[*n].filler);
        if let Some(n) = first
            && ask.slot == Slot::AnythingElse
            && let Some(act) = self.bare(&self.clauses()[n], ask)
        {
            self.taken[n] = Some(act);
            return;
        }
        for n in open {
            self.taken[n] = Some(DialogueAct::Narrate);
        }
        let words = self.heard.text.trim().to_owned();
        let enough = count(&words) >= 3 || ask.slot == Slot::AnythingElse;
        if enough {
            self.besides.push(Act {
                what: DialogueAct::Answer(ask.slot, SlotValue::Text(words)),
                span: Span {
                    start: 0,
                    end: self.heard.text.len(),
                },
            });
        }
    }

    /// A bare yes, no, "don't know", "rather not", where the question can be answered so.
    fn bare(&self, clause: &Clause, ask: &Ask) -> Option<DialogueAct> {
        let row = slots::row(ask.slot, ask.kind);
        let words = clause.words(self.heard.text);
        let said = || words.to_owned();
        let few = count(words) <= 8 && !self.tells_a_thing(clause);
        if clause.has(Cue::Anonymous) && ask.slot == Slot::ComplainantName {
            return Some(DialogueAct::Decline(ask.slot, said()));
        }
        if ask.slot == Slot::AnythingElse
            && (clause.has(Cue::NothingMore) || clause.has(Cue::Skip) || clause.has(Cue::No))
            && few
        {
            return Some(DialogueAct::Decline(ask.slot, said()));
        }
        if clause.has(Cue::Skip) && few {
            return Some(DialogueAct::Decline(ask.slot, said()));
        }
        if clause.has(Cue::DontKnow) && few {
            return Some(DialogueAct::DontKnow(ask.slot, said()));
        }
        let no = clause.has(Cue::No) && (clause.filler || count(words) <= 5 && few);
        let yes = clause.has(Cue::Yes) && clause.filler;
        let alone = self.clauses().len() == 1 || ask.slot == Slot::Consent;
        if no && alone {
            return Some(match row.no {
                Bare::Answers => DialogueAct::Answer(
                    ask.slot,
                    SlotValue::YesNo {
                        yes: false,
                        said: said(),
                    },
                ),
                Bare::Declines => DialogueAct::Decline(ask.slot, said()),
                Bare::DoesNotKnow => DialogueAct::DontKnow(ask.slot, said()),
                Bare::NoAnswer => DialogueAct::Deny,
            });
        }
        if yes && row.yes == Bare::Answers {
            return Some(DialogueAct::Answer(
                ask.slot,
                SlotValue::YesNo {
                    yes: true,
                    said: said(),
                },
            ));
        }
        None
    }

    /// "I don't know, sorry": the words around a refusal say nothing more.
    fn fold_refusal(&mut self, at: usize, _ask: &Ask) {
        for n in self.open() {
            if n != at && self.clauses()[n].filler {
                self.taken[n] = Some(DialogueAct::Filler);
            }
        }
    }

    fn answered(&self, slot: Slot) -> bool {
        let of_slot = |a: &DialogueAct| matches!(a, DialogueAct::Answer(s, _) if *s == slot);
        self.taken.iter().flatten().any(of_slot)
            || self.besides.iter().any(|a| a.what.slot() == Some(slot))
    }

    /// A clause and those that follow it in its sentence, as long as they tell nothing else.
    fn widened(&self, from: usize, on: bool, slot: Slot) -> Clause {
        let mut clause = self.clauses()[from].clone();
        if !on {
            return clause;
        }
        let wants = slot == Slot::DesiredOutcome;
        for next in &self.clauses()[from + 1..] {
            let n = self.clauses().iter().position(|c| c.start == next.start);
            let free = n.is_some_and(|n| self.taken[n].is_none());
            let fits =
                wants && !self.is_story(next) || next.sentence == clause.sentence && !next.finite;
            if !free || !fits || self.points_elsewhere(next, slot) {
                break;
            }
            clause.end = next.end;
            clause.core.1 = next.core.1;
            clause.name_like = false;
        }
        clause
    }

    /// Whether a clause holds an address, a day, a name or a person, which is not what was asked for.
    fn points_elsewhere(&self, clause: &Clause, slot: Slot) -> bool {
        let inside = |start: usize| clause.start <= start && start < clause.end;
        let e = &self.heard.said.entities;
        let contact = e.emails.iter().chain(&e.phones).any(|f| inside(f.start));
        let day = e.dates.iter().any(|f| inside(f.start));
        if matches!(slot, Slot::Own(_)) && self.asked.is_some_and(|a| a.kind == Kind::Text) {
            return false;
        }
        let lead = clause.lead;
        let named = lead == Some(Lead::OwnName) || lead == Some(Lead::Reach);
        match slot {
            Slot::ContactMethod => false,
            Slot::IncidentWhen | Slot::CallbackWhen => contact || named,
            Slot::DesiredOutcome | Slot::WhatHappened | Slot::AnythingElse => {
                contact && !clause.finite || named
            }
            Slot::ComplainantName => {
                contact || day || lead == Some(Lead::OtherName) || lead == Some(Lead::Reach)
            }
            _ => contact || day && !clause.finite || named,
        }
    }

    /// Whether a clause tells what happened, rather than what is wanted.
    fn is_story(&self, clause: &Clause) -> bool {
        clause.finite
            && !clause.wishes
            && (self.heard.said.intent == Intent::Complaint || self.heard.said.has(Cue::TellsStory))
    }

    /// Whether a clause with a verb tells more than the value in it.
    fn tells(&self, clause: &Clause) -> bool {
        count(clause.core_words(self.heard.text)) > 4
    }

    /// Whether something stands in a clause beside a refusal: a day, an address, a name.
    fn tells_a_thing(&self, clause: &Clause) -> bool {
        let inside = |start: usize| clause.start <= start && start < clause.end;
        let e = &self.heard.said.entities;
        (e.emails.iter().chain(&e.phones)).any(|f| inside(f.start))
            || e.dates.iter().any(|f| inside(f.start))
            || e.self_name.iter().any(|f| inside(f.start))
    }

    /// A value that stands in a clause which is narrated.
    fn tell(&mut self, slot: Slot, value: SlotValue, clause: &Clause) {
        let span = Span {
            start: clause.start,
            end: clause.end,
        };
        let what = if self.asked.is_some_and(|a| a.slot == slot) {
            DialogueAct::Answer(slot, value)
        } else {
            DialogueAct::Inform(slot, value)
        };
        // "Ward 3. No, not ward 3 but ward 5."
        let denied = |(s, e): &(usize, usize)| {
            let words = self.heard.text.get(*s..*e).unwrap_or_default();
            what_text(&what).eq_ignore_ascii_case(words.trim())
        };
        let several = matches!(slot, Slot::StaffInvolved | Slot::ContactMethod);
        let known = (self.besides.iter()).position(|a| a.what.slot() == Some(slot) && !several);
        let Some(known) = known else {
            if !self.heard.said.excluded.iter().any(denied) {
                self.besides.push(Act { what, span });
            }
            return;
        };
        let since = self.besides[known].span.start;
        let put_right = self.clauses().iter().any(|c| {
            c.start > since && c.start <= clause.start && (c.has(Cue::No) || c.has(Cue::Corrects))
        });
        if put_right {
            self.besides[known] = Act { what, span };
        }
    }

    /// Slots that a clause tells without having been asked for: by bare value, or in a story.
    fn told_besides(&mut self) {
        const EXACT: [Slot; 6] = [
            Slot::ContactMethod,
            Slot::ComplainantName,
            Slot::IncidentWhen,
            Slot::IncidentWhere,
            Slot::StaffInvolved,
            Slot::Reference,
        ];
        for n in 0..self.taken.len() {
            if self.taken[n].as_ref().is_some_and(|a| {
                a.corrects() || matches!(a, DialogueAct::AskStatus | DialogueAct::AskFact)
            }) {
                continue;
            }
            let clause = &self.clauses()[n];
            let mut values: Vec<(Slot, SlotValue)> = Vec::new();
            for slot in EXACT {
                if self
                    .asked
                    .is_some_and(|a| a.slot == slot && self.answered(slot))
                {
                    continue;
                }
                // "Mrs Hale", who says how she is called, is nobody to complain of.
                let own = self.asked.is_some_and(|a| a.slot == Slot::ComplainantName);
                if own && slot == Slot::StaffInvolved && !clause.finite {
                    continue;
                }
                if slot == Slot::StaffInvolved && clause.lead == Some(Lead::OwnName) {
                    continue;
                }
                if let Some(value) = (slots::row(slot, Kind::Text).exact)(&self.source, clause) {
                    values.push((slot, value));
                }
            }
            values.extend(self.named(clause));
            values.extend(self.signature(clause));
            let bare = !clause.finite && self.is_bare(clause) && !values.is_empty();
            for (slot, value) in values {
                self.tell(slot, value, clause);
            }
            if bare && self.taken[n].is_none() {
                let at = Span {
                    start: clause.start,
                    end: clause.end,
                };
                if let Some(found) = self.besides.iter().position(|a| a.span == at) {
                    let act = self.besides.remove(found);
                    self.taken[n] = Some(act.what);
                }
            }
        }
    }

    /// Nothing is left of a clause beside its entities.
    fn is_bare(&self, clause: &Clause) -> bool {
        let e = &self.heard.said.entities;
        let spans: Vec<(usize, usize)> = (e.emails.iter())
            .chain(&e.phones)
            .chain(&e.places)
            .chain(&e.references)
            .chain(&e.self_name)
            .map(|f| (f.start, f.end))
            .chain(e.dates.iter().map(|d| (d.start, d.end)))
            .chain(e.staff.iter().map(|s| (s.start, s.end)))
            .filter(|(s, _)| clause.start <= *s && *s < clause.end)
            .collect();
        let (start, end) = clause.core;
        let within = |at: usize| spans.iter().any(|(s, e)| (*s..*e).contains(&at));
        let left: String = self
            .heard
            .text
            .char_indices()
            .filter(|(at, c)| (start..end).contains(at) && !within(*at) && c.is_alphanumeric())
            .map(|(_, c)| c)
            .collect();
        clause
            .lead
            .is_some_and(|l| l != Lead::Copula && l != Lead::OwnRole)
            || left.chars().count() <= 12
            || clause.name_like
    }

    /// "Her name is Elsa Torres": whom that is depends on who was spoken of.
    fn named(&self, clause: &Clause) -> Option<(Slot, SlotValue)> {
        if clause.lead != Some(Lead::OtherName) || !clause.name_like {
            return None;
        }
        let name = super::extract::name(clause.core_words(self.heard.text));
        let state = self.source.state;
        let family = |a: &str, b: &str| match (a.rsplit(' ').next(), b.rsplit(' ').next()) {
            (Some(a), Some(b)) => a == b && b.chars().count() > 2,
            _ => false,
        };
        let own = (self.heard.said.entities.self_name.as_ref()).map_or_else(
            || state.value_text(Slot::ComplainantName),
            |n| n.text.clone(),
        );
        let asked = self.asked.map(|a| a.slot);
        let unnamed = matches!(
            state.value(Slot::AffectedPerson),
            Some(SlotValue::Person(p)) if p.name.is_none()
        );
        let staff_open =
            self.heard.said.relation == Relation::Employee || asked == Some(Slot::StaffInvolved);
        let affected = family(&own, &name) && own != name
            || asked == Some(Slot::AffectedPerson)
            || unnamed
                && !staff_open
                && (self.heard.said.entities.self_name.is_some()
                    || asked == Some(Slot::ComplainantName)
                    || state.value(Slot::StaffInvolved).is_some_and(has_name));
        let person = crate::domain::Person {
            name: Some(name),
            ..crate::domain::Person::default()
        };
        Some(if affected {
            (Slot::AffectedPerson, SlotValue::Person(person))
        } else {
            (Slot::StaffInvolved, SlotValue::People(vec![person]))
        })
    }

    /// "Peter Holm peter.holm@example.com": a name that stands beside an address and nothing else.
    fn signature(&self, clause: &Clause) -> Option<(Slot, SlotValue)> {
        if self.heard.said.entities.self_name.is_some() || clause.finite || clause.lead.is_some() {
            return None;
        }
        let e = &self.heard.said.entities;
        let first = (e.emails.iter())
            .chain(&e.phones)
            .filter(|f| clause.start <= f.start && f.start < clause.end)
            .min_by_key(|f| f.start)?;
        let before = self.heard.text.get(clause.core.0..first.start)?.trim();
        let name = before.trim_end_matches([',', '-', ':', ';', '(']).trim();
        let words: Vec<&str> = name.split_whitespace().collect();
        let capitals = words
            .iter()
            .all(|w| w.starts_with(char::is_uppercase) && w.chars().all(|c| !c.is_ascii_digit()));
        ((1..=4).contains(&words.len()) && capitals).then(|| {
            (
                Slot::ComplainantName,
                SlotValue::Text(super::extract::name(name)),
            )
        })
    }

    /// What nobody has taken tells the story; a clause of the story may also say whom it happened to, and what is wanted.
    fn rest(&mut self) {
        let story = self.open().iter().any(|n| {
            let c = &self.clauses()[*n];
            c.finite || count(c.words(self.heard.text)) >= 3
        });
        for n in self.open() {
            let clause = &self.clauses()[n];
            let act = if clause.filler {
                talk::filler(clause)
            } else if clause.question && !story {
                DialogueAct::AskWhy
            } else {
                DialogueAct::Narrate
            };
            self.taken[n] = Some(act);
        }
        let said = self.heard.said;
        for n in 0..self.taken.len() {
            let clause = &self.clauses()[n];
            let narrated = self.taken[n] == Some(DialogueAct::Narrate);
            if narrated
                && !self.answered(Slot::DesiredOutcome)
                && let Some(value) = super::extract::outcome(&self.source, clause)
            {
                self.tell(Slot::DesiredOutcome, value, clause);
            }
            if clause.has(Cue::HasConsent) && !self.answered(Slot::Consent) {
                let said = clause.words(self.heard.text).to_owned();
                self.tell(Slot::Consent, SlotValue::YesNo { yes: true, said }, clause);
            }
            let anonymous = clause.has(Cue::Anonymous)
                && self.taken[n].as_ref().is_none_or(|a| a.slot().is_none());
            if anonymous {
                let words = clause.words(self.heard.text).to_owned();
                let what = if self.source.state.value(Slot::ComplainantName).is_some() {
                    // The name that was given goes.
                    DialogueAct::Retract(Slot::ComplainantName, SlotValue::Declined(words))
                } else {
                    DialogueAct::Decline(Slot::ComplainantName, words)
                };
                if !clause.finite || count(clause.words(self.heard.text)) <= 8 {
                    self.taken[n] = Some(what.clone());
                }
                self.besides.push(Act {
                    what,
                    span: Span {
                        start: clause.start,
                        end: clause.end,
                    },
                });
            }
            let complains = said.intent == Intent::Complaint
                || said.red_flag.is_some()
                || self.source.state.complaint.is_some();
            if narrated && complains && !self.source.state.is_filled(Slot::AffectedPerson) {
                let affected = said.entities.affected.as_ref();
                if affected.is_some_and(|a| a.relation.as_deref() == Some("self")) {
                    self.tell(Slot::AffectedPerson, SlotValue::Oneself, clause);
                } else if let Some(value) = super::extract::affected(&self.source, clause)
                    && value != SlotValue::Oneself
                    && !(said.relation == Relation::Patient && is_patient(&value))
                {
                    self.tell(Slot::AffectedPerson, value, clause);
                }
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

fn what_text(act: &DialogueAct) -> String {
    match act {
        DialogueAct::Answer(_, value) | DialogueAct::Inform(_, value) => value.text(),
        _ => String::new(),
    }
}

fn has_name(value: &SlotValue) -> bool {
    matches!(value, SlotValue::People(all) if all.iter().any(|p| p.name.is_some()))
}

fn is_patient(value: &SlotValue) -> bool {
    matches!(value, SlotValue::Person(p) if p.role.as_deref() == Some("patient"))
}
