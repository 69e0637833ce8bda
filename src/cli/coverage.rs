//! What the conversations kept as files came by, and what none of them did.

use crate::{
    domain::Conversation,
    flow::{Action, Flows},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    phrases: BTreeMap<String, usize>,
    questions: BTreeSet<(String, String)>,
    rules: BTreeSet<String>,
}

impl Coverage {
    /// After a turn.
    pub(super) fn note(&mut self, phrases: &[String], rules: &[String], state: &Conversation) {
        self.rules.extend(rules.iter().cloned());
        for phrase in phrases {
            *self.phrases.entry(phrase.clone()).or_default() += 1;
        }
        if let Some(run) = &state.run
            && let Some(slot) = &run.awaiting
        {
            let question = (run.flow.clone(), slot.name().to_owned());
            self.questions.insert(question);
        }
    }

    fn said(&self, key: &str) -> bool {
        self.phrases.contains_key(key)
    }

    /// What none came by: by flow, and the phrases that were never said.
    pub(super) fn report(&self, flows: &Flows) -> String {
        let mut out = String::from("\nCoverage\n");
        let (mut seen, mut all) = (0, 0);
        for flow in &flows.flows {
            let mut missed = Vec::new();
            let mut count = |yes: bool, what: String| {
                all += 1;
                if yes {
                    seen += 1;
                } else {
                    missed.push(what);
                }
            };
            for ask in &flow.collect {
                let question = (flow.name.clone(), ask.slot.name().to_owned());
                count(
                    self.questions.contains(&question),
                    format!("question {}", ask.slot.name()),
                );
            }
            for step in &flow.then {
                if let Action::Say(key) = &step.action {
                    count(self.said(key), format!("say {key}"));
                }
            }
            if let Some(key) = &flow.opening {
                count(self.said(key), format!("opening {key}"));
            }
            if !missed.is_empty() {
                let _ = writeln!(out, "  {}: never {}", flow.name, missed.join(", "));
            }
        }
        let _ = writeln!(
            out,
            "  {seen} of {all} questions, openings and sayings of the flows"
        );
        let named: BTreeSet<&str> = (crate::dialogue::rules().iter())
            .flat_map(|(_, rules)| rules.iter().map(|(name, _)| *name))
            .collect();
        let missed: Vec<&str> = (named.iter().copied())
            .filter(|name| !self.rules.contains(*name))
            .collect();
        let fired = named.len() - missed.len();
        let _ = writeln!(out, "  {fired} of {} rules decided something", named.len());
        if !missed.is_empty() {
            let _ = writeln!(out, "  rules: never {}", missed.join(", "));
        }
        let keys: BTreeSet<&str> = flows.phrases.written("en").map(|w| w.key).collect();
        let heard = keys.iter().filter(|k| self.said(k)).count();
        let _ = writeln!(out, "  {heard} of {} phrases were said", keys.len());
        out
    }
}
