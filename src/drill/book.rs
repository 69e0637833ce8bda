//! All scenarios, with the rubric that judges replies to them.

use super::{conditions::Conditions, loading, scenario::Scenario};
use crate::{
    assist::Rubric,
    flow::{FlowError, Texts},
};

/// The scenarios of a folder of flows.
#[derive(Debug)]
pub struct Drills {
    pub(super) scenarios: Vec<Scenario>,
    pub(super) rubric: Rubric,
    pub(super) conditions: Conditions,
    /// When facts are told at all.
    pub(super) tells: String,
    pub(super) pass_mark: f64,
    pub(super) most_turns: u8,
}

impl Drills {
    /// Reads and checks `drills/*.yaml` and the rubric.
    ///
    /// # Errors
    /// Everything that is wrong, each with file, line and column.
    pub fn load(texts: &Texts) -> Result<Self, Vec<FlowError>> {
        let shown = |errors: Vec<FlowError>| -> Vec<FlowError> {
            errors.into_iter().map(|e| e.with_line(texts)).collect()
        };
        let rubric = Rubric::load(texts).map_err(shown)?;
        let loaded = loading::load(texts, &rubric).map_err(shown)?;
        Ok(Self {
            scenarios: loaded.scenarios,
            rubric,
            conditions: loaded.conditions,
            tells: loaded.rules.tells.value,
            pass_mark: loaded.rules.pass_mark.value,
            most_turns: loaded.rules.most_turns.value,
        })
    }

    /// Every scenario, by level and name.
    pub fn all(&self) -> impl Iterator<Item = &Scenario> {
        self.scenarios.iter()
    }

    /// The scenario of that name.
    pub fn by_id(&self, id: &str) -> Option<&Scenario> {
        self.scenarios.iter().find(|s| s.id == id)
    }
}
