//! The flow language: what to find out and what to say, in files that a complaints manager may edit.
//!
//! Invariant: nothing here walks a conversation. A [`Flow`] says what is wanted; `dialogue` asks for the first thing
//! still missing.

mod answers;
mod conditions;
mod contingency;
mod danger;
mod desk;
mod error;
mod facts;
mod graph;
mod language;
mod learned;
mod lint;
mod loading;
mod mentioned;
mod page_words;
mod phrases;
mod questions;
mod reader;
mod schema;
mod source;
mod trying;

pub use answers::{Answers, Meant};
pub use conditions::{CHANNELS, ConditionInput, WEEKDAYS};
pub use contingency::{Climb, InForce, Ladder, Rung, RungStep, Standing};
pub use danger::{Asks, DangerPolicy, DangerRule, Missed, Records};
pub use desk::{DeskBook, Handoff, Occasion};
pub use error::FlowError;
pub use facts::{Country, Day, Facts, OpenState, Text, Topic};
pub use graph::{Drawn, Shape, mermaid, svg};
pub use language::{Action, Ask, Check, Flow, Place, Step, Timers};
pub use mentioned::USUAL_FACTS;
pub use phrases::{Audience, PhraseBook, Vars, Written};
pub use schema::{Kind, Matters, Pressing, Questions, Team, schema};
pub use source::Texts;

use crate::domain::{Emotion, Interpretation, interpretation::Intensity};
use std::collections::BTreeMap;

/// Everything that is read from a folder of flows, compiled and checked.
#[derive(Debug)]
pub struct Flows {
    /// Flows by falling priority: the first whose condition holds is taken.
    pub flows: Vec<Flow>,
    /// What is said.
    pub phrases: PhraseBook,
    /// What is true of the organisation.
    pub facts: Facts,
    questions: questions::Questions,
    /// How people answer in words of their own.
    pub answers: Answers,
    /// What the web chat itself says, by language.
    pub page_words: BTreeMap<String, page_words::Words>,
    /// What the desk itself says, by language.
    pub desk_words: BTreeMap<String, page_words::Words>,
    /// Emergency numbers and the like of the configured country.
    pub country: Country,
    /// What is done in danger.
    pub danger: DangerPolicy,
    /// Whom the program itself brings in, and how the desk words the reasons.
    pub desk: DeskBook,
    /// What the program does by itself when the desk cannot keep up.
    pub ladder: Ladder,
    conditions: conditions::Conditions,
}

/// What is known at a moment, gathered once for several conditions.
#[derive(Debug)]
pub struct ConditionScope<'f> {
    conditions: &'f conditions::Conditions,
    known: minijinja::Value,
}

impl ConditionScope<'_> {
    /// Whether a condition holds.
    pub fn holds(&self, condition: &str) -> bool {
        self.conditions.test(condition, &self.known)
    }
}

impl Flows {
    /// Reads, checks and compiles a folder of flows.
    ///
    /// # Errors
    /// Everything that is wrong, all at once, each with file, line and column.
    pub fn load(texts: &Texts, country: &str) -> Result<Self, Vec<FlowError>> {
        let mut errors = Vec::new();
        let facts = texts.yaml::<Facts>("facts.yaml").and_then(Facts::checked);
        let countries = texts.yaml::<BTreeMap<String, Country>>("countries.yaml");
        let (phrases, wrong) = PhraseBook::load(texts);
        errors.extend(wrong);
        let (flows, conditions, wrong) = loading::load(texts, &phrases);
        errors.extend(wrong);
        let found = countries.and_then(|mut all| {
            let missing =
                format!("there is no entry for the country '{country}': add its emergency numbers");
            all.remove(country)
                .ok_or_else(|| FlowError::whole("countries.yaml", missing))
        });
        let danger = DangerPolicy::load(texts, &phrases);
        let desk = DeskBook::load(texts);
        let ladder = Ladder::load(texts, &phrases);
        let named = desk.iter().flat_map(DeskBook::teams);
        let named = named.chain(danger.iter().flat_map(DangerPolicy::teams));
        let none = questions::Questions::default();
        let questions = facts
            .as_ref()
            .map_or(Ok(none), |f| questions::Questions::load(texts, f));
        let questions = questions.unwrap_or_else(|wrong| {
            errors.extend(wrong);
            questions::Questions::default()
        });
        let answers = Answers::load(texts).unwrap_or_else(|wrong| {
            errors.extend(wrong);
            Answers::default()
        });
        let mut words = |file| {
            page_words::load(texts, file).unwrap_or_else(|wrong| {
                errors.extend(wrong);
                BTreeMap::new()
            })
        };
        let page_words = words(page_words::CHAT);
        let desk_words = words(page_words::DESK);
        desk::one_name_each(named.chain(desk::teams_of(&flows)), &mut errors);
        match (facts, found, danger, desk, ladder) {
            (Ok(facts), Ok(country), Ok(danger), Ok(desk), Ok(ladder)) if errors.is_empty() => {
                Ok(Self {
                    flows,
                    phrases,
                    facts,
                    questions,
                    answers,
                    page_words,
                    desk_words,
                    country,
                    danger,
                    desk,
                    ladder,
                    conditions,
                })
            }
            (facts, found, danger, desk, ladder) => {
                errors.extend(ladder.err().into_iter().flatten());
                errors.extend(desk.err().into_iter().flatten());
                errors.extend(danger.err().into_iter().flatten());
                errors.extend(facts.err());
                errors.extend(found.err());
                let shown = errors.into_iter().map(|e| e.with_line(texts));
                Err(shown.collect())
            }
        }
    }

    /// Finds out which fact a message asks after, by what people have asked before.
    pub fn find_fact(&self, text: &str, said: &mut Interpretation) {
        self.questions.place(text, said);
    }

    /// The flow that a message opens.
    pub fn opened_by(&self, input: &ConditionInput<'_>) -> Option<&Flow> {
        let scope = self.at(input);
        let mut flows = self.flows.iter();
        flows.find(|f| f.when.as_deref().is_some_and(|when| scope.holds(when)))
    }

    /// The flow that records a complaint and fits best, as if the message were one.
    pub fn recording(&self, input: &ConditionInput<'_>) -> Option<&Flow> {
        let mut signals = input.signals.clone();
        signals.intent = crate::domain::Intent::Complaint;
        let scope = self.at(&ConditionInput {
            signals: &signals,
            ..*input
        });
        let mut recording = self.flows.iter().filter(|f| f.records_complaint);
        recording.find(|f| f.when.as_deref().is_some_and(|when| scope.holds(when)))
    }

    /// Whether a condition of the open flow holds.
    pub fn holds(&self, condition: &str, input: &ConditionInput<'_>) -> bool {
        self.at(input).holds(condition)
    }

    /// A moment at which several conditions are asked.
    pub fn at(&self, input: &ConditionInput<'_>) -> ConditionScope<'_> {
        ConditionScope {
            conditions: &self.conditions,
            known: conditions::variables(input, &self.facts.zone),
        }
    }

    /// Whether an answer has what its check asks for.
    pub fn fits(
        &self,
        check: &str,
        answer: &str,
        number: Option<f64>,
        days_ago: Option<i64>,
    ) -> bool {
        self.conditions
            .test(check, &conditions::answered(answer, number, days_ago))
    }

    /// The flow of that name.
    pub fn by_name(&self, name: &str) -> Option<&Flow> {
        self.flows.iter().find(|f| f.name == name)
    }
}

/// Whether somebody who feels so is spared questions.
pub const fn is_upset(emotion: Emotion, intensity: Intensity) -> bool {
    conditions::is_upset(emotion, intensity)
}

#[cfg(test)]
mod tests;
