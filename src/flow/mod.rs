//! The flow language: what to find out and what to say, in files that a complaints manager may edit.
//!
//! Invariant: nothing here walks a conversation. A [`Flow`] says what is wanted; `conversation` asks for the first thing still missing.

mod danger;
mod error;
mod facts;
mod language;
mod phrases;
mod source;

pub use danger::{Asks, DangerPolicy, DangerRule, Missed, Records};
pub use error::FlowError;
pub use facts::{Country, Facts, OpenState, Topic};
pub use language::{Action, Ask, Check, Flow};
pub use phrases::{PhraseBook, Vars, Wording};
pub use source::Texts;

use crate::domain::{Conversation, Signals};
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
    /// Emergency numbers and the like of the configured country.
    pub country: Country,
    /// What is done in danger.
    pub danger: DangerPolicy,
    conditions: language::Conditions,
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
        let (flows, conditions, wrong) = language::load(texts, &phrases);
        errors.extend(wrong);
        let found = countries.and_then(|mut all| {
            let missing =
                format!("there is no entry for the country '{country}': add its emergency numbers");
            all.remove(country)
                .ok_or_else(|| FlowError::whole("countries.yaml", missing))
        });
        let danger = DangerPolicy::load(texts, &phrases);
        match (facts, found, danger) {
            (Ok(facts), Ok(country), Ok(danger)) if errors.is_empty() => Ok(Self {
                flows,
                phrases,
                facts,
                country,
                danger,
                conditions,
            }),
            (facts, found, danger) => {
                errors.extend(danger.err().into_iter().flatten());
                errors.extend(facts.err());
                errors.extend(found.err());
                Err(errors)
            }
        }
    }

    /// The flow that a message opens.
    pub fn opened_by(&self, signals: &Signals, conversation: &Conversation) -> Option<&Flow> {
        self.conditions
            .first(signals, conversation)
            .map(|i| &self.flows[i])
    }

    /// Whether a condition of a flow's slot (`skip_if`) holds.
    pub fn holds(
        &self,
        condition: &str,
        signals: &Signals,
        conversation: &Conversation,
        category: Option<crate::domain::Category>,
    ) -> bool {
        self.conditions
            .holds(condition, signals, conversation, category)
    }

    /// The flow of that name.
    pub fn by_name(&self, name: &str) -> Option<&Flow> {
        self.flows.iter().find(|f| f.name == name)
    }
}
