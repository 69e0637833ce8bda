//! One flow's file, checked by itself.

use super::{
    conditions::Conditions,
    desk::no_reason,
    error::FlowError,
    language::{Action, Ask, Check, Flow, Part, PartItem, Place, Step, Timers, is_name},
    phrases::PhraseBook,
    schema::{Answer, AskFile, FlowFile, ItemFile, Kind, StepFile, TimersFile},
};
use crate::domain::Slot;
use jiff::{Span, SpanRelativeTo};
use serde_saphyr::{Location, Spanned};

/// What a slot that the program knows holds.
const fn kind_of(slot: Slot) -> Option<Kind> {
    Some(match slot {
        Slot::Relation => Kind::Choice,
        Slot::WhatHappened
        | Slot::DesiredOutcome
        | Slot::AnythingElse
        | Slot::Reference
        | Slot::CallbackWhen => Kind::Text,
        Slot::IncidentWhen => Kind::Dates,
        Slot::IncidentWhere => Kind::Place,
        Slot::StaffInvolved | Slot::AffectedPerson => Kind::Person,
        Slot::ComplainantName => Kind::Name,
        Slot::ContactMethod => Kind::Contact,
        Slot::Consent => Kind::YesNo,
        Slot::Own(_) => return None,
    })
}

pub(super) struct Reader<'a> {
    pub(super) phrases: &'a PhraseBook,
    pub(super) conditions: Conditions,
    pub(super) errors: Vec<FlowError>,
    pub(super) file: String,
}

impl Reader<'_> {
    pub(super) fn wrong(&mut self, at: Location, message: impl Into<String>) {
        self.errors.push(FlowError::at(&self.file, at, message));
    }

    fn place(&self, at: Location) -> Place {
        Place {
            file: self.file.clone(),
            at,
        }
    }

    fn condition(&mut self, c: &Spanned<String>) -> String {
        if let Err(trouble) = self.conditions.add(&c.value) {
            self.wrong(
                c.referenced,
                format!("the condition '{}' {trouble}", c.value),
            );
        }
        c.value.clone()
    }

    fn phrase(&mut self, p: &Spanned<String>) -> String {
        if !self.phrases.has(&p.value) {
            let text = format!("there is no phrase '{}' in the folder en", p.value);
            self.wrong(p.referenced, text);
        }
        p.value.clone()
    }

    fn seconds(&mut self, period: &Spanned<String>) -> i64 {
        let span = period.value.parse::<Span>().ok();
        let seconds = span.and_then(|s| {
            s.total((jiff::Unit::Second, SpanRelativeTo::days_are_24_hours()))
                .ok()
        });
        match seconds {
            Some(s) if (60.0..=31_536_000.0).contains(&s) => s as i64,
            _ => {
                self.wrong(
                    period.referenced,
                    format!(
                        "'{}' is no time between a minute and a year: write it like '30 minutes', '2 hours', '3 days'",
                        period.value
                    ),
                );
                60
            }
        }
    }

    pub(super) fn flow(&mut self, raw: FlowFile) -> Part {
        let named = raw.flow.referenced;
        if !is_name(&raw.flow.value) {
            self.wrong(
                named,
                format!(
                    "'{}' is no name for a flow: lower-case letters, digits and underscores, at most 32",
                    raw.flow.value
                ),
            );
        }
        let at = raw.when.as_ref().map_or(named, |w| w.referenced);
        let when = raw.when.as_ref().map(|w| self.condition(w));
        if let Some(bad) = raw.reason.as_ref().filter(|r| !is_name(&r.value)) {
            self.wrong(bad.referenced, no_reason(&bad.value));
        }
        let reason = (raw.reason).map_or_else(|| raw.flow.value.clone(), |r| r.value);
        let opening = raw.opening.as_ref().map(|p| self.phrase(p));
        let mut items = Vec::new();
        for item in raw.collect {
            let at = item.referenced;
            match item.value {
                ItemFile::Call(name) => {
                    let place = self.place(name.referenced);
                    items.push(PartItem::Call(name.value, place));
                }
                ItemFile::Ask(name, ask) => {
                    items.extend(self.ask(&name, *ask, at).map(PartItem::Ask));
                }
            }
        }
        let then = raw
            .then
            .into_iter()
            .filter_map(|s| self.step(s.value, s.referenced))
            .collect();
        let timers = self.timers(raw.timers);
        Part {
            flow: Flow {
                name: raw.flow.value,
                reason,
                about: raw.about,
                when,
                priority: raw.priority,
                records_complaint: raw.record.is_some(),
                protects: raw.protected,
                opening,
                questions: raw.questions,
                collect: Vec::new(),
                then,
                timers,
                calls: Vec::new(),
                place: self.place(at),
            },
            items,
        }
    }

    fn ask(&mut self, name: &str, ask: AskFile, at: Location) -> Option<Ask> {
        let Some(slot) = Slot::from_name(name) else {
            self.wrong(
                at,
                format!("'{name}' is no name for a slot: lower-case letters, digits and underscores, at most 32"),
            );
            return None;
        };
        let told = ask.kind.as_ref().map(|k| k.value);
        let kind = match (kind_of(slot), told) {
            (Some(known), Some(told)) if known != told => {
                self.wrong(
                    at,
                    format!("'{name}' is known to the program, which has another type for it: leave 'type' out"),
                );
                known
            }
            (Some(known), _) => known,
            (None, Some(told)) => told,
            (None, None) => {
                let known: Vec<&str> = Slot::KNOWN.iter().map(Slot::name).collect();
                self.wrong(
                    at,
                    format!(
                        "'{name}' is none of the slots that the program knows ({}): if it is one of your own, give its 'type'",
                        known.join(", ")
                    ),
                );
                Kind::Text
            }
        };
        if let Some(group) = &ask.choices {
            if self.phrases.choices(&group.value).next().is_none() {
                self.wrong(
                    group.referenced,
                    format!(
                        "there are no phrases 'choice.{}.…' for these choices",
                        group.value
                    ),
                );
            }
        } else if kind == Kind::Choice {
            self.wrong(at, format!("'{name}' is a choice: give its 'choices'"));
        }
        let check = ask.check.as_ref().map(|check| match check.value.as_str() {
            "email or phone" => Check::EmailOrPhone,
            "phone" => Check::Phone,
            expression => {
                if let Err(trouble) = self.conditions.add_check(expression) {
                    self.wrong(
                        check.referenced,
                        format!("the check '{expression}' is none of 'phone', 'email or phone', and as an expression over answer, number and days_ago it {trouble}"),
                    );
                }
                Check::Holds(expression.to_owned())
            }
        });
        if let Some(check) = &ask.check {
            let gentle = format!("{}.check", ask.ask.value);
            if !self.phrases.has(&gentle) {
                self.wrong(
                    check.referenced,
                    format!(
                        "a check needs the phrase '{gentle}', which says gently what did not fit"
                    ),
                );
            }
        }
        Some(Ask {
            slot,
            kind,
            phrase: self.phrase(&ask.ask),
            choices: ask.choices.map(|c| c.value),
            skip_if: ask.skip_if.as_ref().map(|c| self.condition(c)),
            optional: ask.optional,
            check,
            from_opening: ask.from_opening,
            matters: ask.matters,
            place: self.place(at),
        })
    }

    fn step(&mut self, raw: StepFile, at: Location) -> Option<Step> {
        let condition = raw.condition.as_ref().map(|c| self.condition(c));
        let mut actions = Vec::new();
        actions.extend(raw.say.as_ref().map(|p| Action::Say(self.phrase(p))));
        actions.extend(raw.handoff.map(|t| Action::Handoff(t.team())));
        actions.extend(raw.pass_on.map(|t| Action::PassOn(t.team())));
        actions.extend(raw.call_back.map(|t| Action::CallBack(t.team())));
        actions.extend(raw.answer.map(|a| match a {
            Answer::Facts => Action::AnswerFacts,
            Answer::Status => Action::AnswerStatus,
        }));
        actions.extend(raw.tell.map(|t| Action::Tell(t.value)));
        actions.extend(raw.call.map(|c| Action::Call(c.value)));
        if let Some(verb) = raw.unknown {
            self.wrong(
                at,
                format!("'{verb}' is none of say, handoff, pass_on, call_back, answer, tell, call"),
            );
            return None;
        }
        let mut actions = actions.into_iter();
        let (Some(action), None) = (actions.next(), actions.next()) else {
            self.wrong(
                at,
                "a step does one thing: say, handoff, pass_on, call_back, answer, tell or call, each behind a dash of its own",
            );
            return None;
        };
        Some(Step {
            action,
            condition,
            place: self.place(at),
        })
    }

    fn timers(&mut self, raw: TimersFile) -> Timers {
        Timers {
            silence: raw
                .silence
                .map(|s| (self.seconds(&s.after), self.phrase(&s.say))),
            check_in: raw.check_in.map(|c| self.seconds(&c)),
            promise: raw.promise.map(|p| (p.clock, self.phrase(&p.say))),
        }
    }
}
