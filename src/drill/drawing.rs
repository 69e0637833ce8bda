//! A scenario drawn as a row of boxes, as flows are.

use super::scenario::{Fact, OPENING, Said, Scenario};
use crate::flow::{Drawn, Shape};

impl Scenario {
    /// The opening, the facts in order with what each waits for, and the two ends.
    pub fn drawn(&self) -> Drawn {
        let shape = |kind, title: &str, text: &str, unless| Shape {
            kind,
            title: title.to_owned(),
            text: text.to_owned(),
            unless,
        };
        let first = |says: &[String]| says.first().cloned().unwrap_or_default();
        let mut shapes = vec![shape("flow", &self.id, &self.persona, None)];
        for fact in &self.facts {
            let kind = if fact.name == OPENING { "say" } else { "ask" };
            shapes.push(shape(kind, &fact.name, &first(&fact.says), waits(fact)));
        }
        let end = |said: &Said| said.when.as_ref().map(|c| format!("if {c}"));
        shapes.push(shape(
            "person",
            "solved",
            &first(&self.solved.says),
            end(&self.solved),
        ));
        shapes.push(shape(
            "call",
            "leaves",
            &first(&self.leaves.says),
            end(&self.leaves),
        ));
        Drawn {
            name: self.id.clone(),
            about: self.title.clone(),
            shapes,
            calls: Vec::new(),
        }
    }
}

/// What a fact waits for.
fn waits(fact: &Fact) -> Option<String> {
    let trust = (fact.trust > 0).then(|| format!("trust >= {}", fact.trust));
    let after = (!fact.after.is_empty()).then(|| format!("after {}", fact.after.join(", ")));
    let all: Vec<String> = [trust, after, fact.when.clone()]
        .into_iter()
        .flatten()
        .collect();
    (!all.is_empty()).then(|| format!("if {}", all.join(" and ")))
}
