//! What is allowed and still a mistake: conditions that can never hold, flows that nothing reaches, phrases that a
//! language lacks.

use super::{
    Flow, FlowError, Flows,
    language::{Action, Place},
    phrases::FALLBACK,
    trying::values,
};
use minijinja::Value;
use regex::Regex;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

/// More combinations than this are not tried.
const COMBINATIONS: usize = 200_000;

static LITERAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#""([^"]*)"|'([^']*)'"#).expect("the program's own patterns are tested")
});

/// One way things may stand: a value for each word that a condition mentions.
type Case = BTreeMap<String, Value>;

impl Flows {
    /// Everything that is allowed and still a mistake, each with its place.
    pub fn lint(&self) -> Vec<FlowError> {
        let mut found = Vec::new();
        self.conditions_that_say_nothing(&mut found);
        self.unreachable(&mut found);
        self.untold_topics(&mut found);
        found.extend(self.questions.unanswered());
        found.extend(self.answers.unasked(&self.flows));
        self.missing_phrases(&mut found);
        self.untitled(&mut found);
        found
    }

    fn conditions_that_say_nothing(&self, found: &mut Vec<FlowError>) {
        let never = |condition: &str, place: &Place, what: &str, found: &mut Vec<FlowError>| {
            if self.cases(condition).is_some_and(|c| c.is_empty()) {
                let text = format!("the condition '{condition}' can never hold: {what}");
                found.push(FlowError::at(&place.file, place.at, text));
            }
        };
        let mut seen = BTreeSet::new();
        for flow in &self.flows {
            if let Some(when) = &flow.when {
                never(when, &flow.place, "no message opens this flow", found);
            }
            for ask in &flow.collect {
                // A flow's questions stand in every flow that calls it.
                let first = seen.insert((ask.place.file.clone(), ask.place.at.line(), ask.slot));
                if let Some(skip) = ask.skip_if.as_ref().filter(|_| first) {
                    never(skip, &ask.place, "leave it out", found);
                    let (all, hold) = (self.all(skip), self.cases(skip));
                    if let (Some(all), Some(hold)) = (all, hold)
                        && !hold.is_empty()
                        && all == hold.len()
                    {
                        let text = format!(
                            "'{skip}' always holds: '{}' is never asked",
                            ask.slot.name()
                        );
                        found.push(FlowError::at(&ask.place.file, ask.place.at, text));
                    }
                }
            }
            for step in &flow.then {
                if let Some(condition) = &step.condition {
                    never(condition, &step.place, "this step is never taken", found);
                }
            }
        }
    }

    /// How many ways things may stand for a condition; none where there are too many to try.
    fn all(&self, condition: &str) -> Option<usize> {
        let literals = literals(condition);
        let words = self.conditions.mentioned(condition);
        let sizes = words.iter().map(|w| values(w, &literals).len());
        Some(sizes.product::<usize>()).filter(|n| *n <= COMBINATIONS)
    }

    /// The ways things may stand in which a condition holds; none where there are too many to try.
    fn cases(&self, condition: &str) -> Option<Vec<Case>> {
        self.all(condition)?;
        let literals = literals(condition);
        let mut cases = vec![Case::new()];
        for word in self.conditions.mentioned(condition) {
            let values = values(&word, &literals);
            cases = cases
                .into_iter()
                .flat_map(|case| {
                    let word = word.clone();
                    values.iter().map(move |value| {
                        let mut case = case.clone();
                        case.insert(word.clone(), value.clone());
                        case
                    })
                })
                .collect();
        }
        cases.retain(|case| self.conditions.test(condition, &Value::from(case.clone())));
        Some(cases)
    }

    /// A flow that no message opens and no flow calls, or that another one always comes before.
    fn unreachable(&self, found: &mut Vec<FlowError>) {
        let called: BTreeSet<&str> = (self.flows.iter())
            .flat_map(|f| f.calls.iter().map(String::as_str))
            .collect();
        for (n, flow) in self.flows.iter().enumerate() {
            if called.contains(flow.name.as_str()) {
                continue;
            }
            let text = match &flow.when {
                None => format!(
                    "'{}' is reached by nothing: give it a 'when', or call it from another flow",
                    flow.name
                ),
                Some(when) => match self.always_before(&self.flows[..n], when) {
                    Some(other) => format!(
                        "'{}' is reached by nothing: whenever '{when}' holds, '{}' is taken, which has a higher priority",
                        flow.name, other.name
                    ),
                    None => continue,
                },
            };
            found.push(FlowError::at(&flow.place.file, flow.place.at, text));
        }
    }

    /// A flow that comes before in every case, among those that mention nothing else: so this never cries wolf.
    fn always_before<'a>(&self, before: &'a [Flow], when: &str) -> Option<&'a Flow> {
        let words = self.conditions.mentioned(when);
        let rivals: Vec<(&Flow, &str)> = before
            .iter()
            .filter_map(|f| Some((f, f.when.as_deref()?)))
            .filter(|(_, w)| self.conditions.mentioned(w).is_subset(&words))
            .collect();
        let cases = self.cases(when).filter(|c| !c.is_empty())?;
        let mut by = None;
        for case in cases {
            let case = Value::from(case);
            by = Some(
                rivals
                    .iter()
                    .find(|(_, w)| self.conditions.test(w, &case))?
                    .0,
            );
        }
        by
    }

    fn untold_topics(&self, found: &mut Vec<FlowError>) {
        for step in self.flows.iter().flat_map(|f| &f.then) {
            if let Action::Tell(topic) = &step.action
                && !self.facts.topics.contains_key(topic)
            {
                let text = format!("facts.yaml has no topic '{topic}'");
                found.push(FlowError::at(&step.place.file, step.place.at, text));
            }
        }
    }

    /// Phrases that English has and another language of conversation lacks, and the other way round.
    fn missing_phrases(&self, found: &mut Vec<FlowError>) {
        for language in self.phrases.conversed().filter(|l| *l != FALLBACK) {
            let mut seen = BTreeSet::new();
            // What agents read stays in English.
            let for_agents = |key: &str| {
                [
                    "why.acknowledge",
                    "why.ask",
                    "why.close",
                    "why.privacy",
                    "why.danger",
                    "summary.",
                    "slot.",
                    "undelivered.",
                    "note.",
                    "borrowed.",
                    "remark.",
                ]
                .iter()
                .any(|p| key.starts_with(p))
            };
            for phrase in self.phrases.written(FALLBACK) {
                if seen.insert(phrase.key)
                    && !for_agents(phrase.key)
                    && !self.phrases.speaks(language, phrase.key)
                {
                    let text = format!("the phrase '{}' is missing in '{language}'", phrase.key);
                    found.push(FlowError::at(phrase.file, phrase.at, text));
                }
            }
            for phrase in self.phrases.written(language) {
                if !self.phrases.has(phrase.key) && seen.insert(phrase.key) {
                    let text = format!("the phrase '{}' is missing in '{FALLBACK}'", phrase.key);
                    found.push(FlowError::at(phrase.file, phrase.at, text));
                }
            }
        }
    }
}

/// The texts that a condition compares with.
fn literals(condition: &str) -> BTreeSet<String> {
    LITERAL
        .captures_iter(condition)
        .filter_map(|c| c.get(1).or_else(|| c.get(2)))
        .map(|m| m.as_str().to_owned())
        .collect()
}
