//! The file of the ladder, read and checked.

use super::{Ladder, Rung, RungStep, known};
use crate::{
    domain::{QueueFacts, Role},
    flow::{
        FlowError, PhraseBook, Text, Texts,
        conditions::{Conditions, Trouble},
        language::is_name,
    },
};
use serde::Deserialize;
use serde_saphyr::{Location, Spanned};
use std::collections::BTreeMap;

const FILE: &str = "contingency.yaml";

/// What a condition of a rung may mention.
const FACTS: [&str; 8] = [
    "waited",
    "waiting",
    "online",
    "absent",
    "open",
    "holiday",
    "down",
    "model_down",
];

/// More rungs than this nobody can follow.
const MOST_RUNGS: usize = 20;
/// The longest that a rung may take to begin or to end, in seconds.
const LONGEST: i64 = 86_400;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    rungs: Vec<Spanned<RungFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RungFile {
    rung: Spanned<String>,
    about: Spanned<Text>,
    when: Spanned<String>,
    #[serde(default)]
    until: Option<Spanned<String>>,
    #[serde(default)]
    after: Option<Spanned<String>>,
    #[serde(default)]
    rest: Option<Spanned<String>>,
    steps: Vec<Spanned<BTreeMap<String, StepFile>>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum StepFile {
    One(String),
    Each(BTreeMap<String, String>),
}

impl Ladder {
    /// Reads and checks the ladder. A house without the file has none.
    pub(in crate::flow) fn load(
        texts: &Texts,
        phrases: &PhraseBook,
    ) -> Result<Self, Vec<FlowError>> {
        let mut reader = Reader {
            phrases,
            conditions: Conditions::new(),
            errors: Vec::new(),
        };
        let raw = match texts.get(FILE) {
            Ok(text) => serde_saphyr::from_str::<Raw>(text),
            Err(_) => Ok(Raw { rungs: Vec::new() }),
        };
        let raw = raw.map_err(|e| vec![FlowError::yaml(FILE, &e)])?;
        let mut rungs: Vec<Rung> = Vec::new();
        for file in raw.rungs {
            let at = file.referenced;
            let rung = reader.rung(file.value, at);
            if rungs.iter().any(|known| known.name == rung.name) {
                reader.wrong(at, format!("there is another rung '{}'", rung.name));
            }
            if rungs.len() == MOST_RUNGS {
                reader.wrong(at, format!("more than {MOST_RUNGS} rungs"));
            }
            rungs.push(rung);
        }
        if reader.errors.is_empty() {
            let conditions = reader.conditions;
            Ok(Self { rungs, conditions })
        } else {
            Err(reader.errors)
        }
    }
}

struct Reader<'a> {
    phrases: &'a PhraseBook,
    conditions: Conditions,
    errors: Vec<FlowError>,
}

impl Reader<'_> {
    fn wrong(&mut self, at: Location, text: impl Into<String>) {
        self.errors.push(FlowError::at(FILE, at, text));
    }

    fn rung(&mut self, file: RungFile, at: Location) -> Rung {
        if !is_name(&file.rung.value) {
            let text = format!(
                "'{}' is no name for a rung: lower-case letters, digits and underscores, at most 32",
                file.rung.value
            );
            self.wrong(file.rung.referenced, text);
        }
        if file.about.value.in_language("en").trim().is_empty() {
            self.wrong(file.about.referenced, "say what the rung is for");
        }
        self.condition(&file.when);
        if let Some(until) = &file.until {
            self.condition(until);
        }
        if file.steps.is_empty() {
            self.wrong(at, "a rung without steps does nothing");
        }
        let after = file.after.map_or(0, |time| self.seconds(&time));
        let rest = file.rest.map_or(0, |time| self.seconds(&time));
        let mut steps = Vec::new();
        for step in file.steps {
            let at = step.referenced;
            if step.value.len() != 1 {
                self.wrong(at, "one step, one line: write each behind a '-' of its own");
            }
            for (name, value) in step.value {
                steps.extend(self.step(at, &name, value));
            }
        }
        Rung {
            name: file.rung.value,
            about: file.about.value,
            when: file.when.value,
            until: file.until.map(|u| u.value),
            after,
            rest,
            steps,
        }
    }

    fn step(&mut self, at: Location, name: &str, value: StepFile) -> Option<RungStep> {
        if name == "review" {
            return Some(RungStep::Review(match value {
                StepFile::One(text) => Text::All(text),
                StepFile::Each(all) => Text::Each(all),
            }));
        }
        let StepFile::One(value) = value else {
            self.wrong(at, format!("'{name}' takes one word"));
            return None;
        };
        if name == "call_in" {
            let role = value.parse::<Role>();
            return match role {
                Ok(role) => Some(RungStep::CallIn(role)),
                Err(why) => {
                    self.wrong(at, why);
                    None
                }
            };
        }
        let step = match name {
            "notice" => RungStep::Notice(value.clone()),
            "offer_call_backs" => RungStep::OfferCallBacks(value.clone()),
            "intake_only" => RungStep::IntakeOnly(value.clone()),
            "apart" => RungStep::Apart(value.clone()),
            _ => {
                let text = format!(
                    "'{name}' is none of the steps notice, offer_call_backs, intake_only, apart, call_in, review"
                );
                self.wrong(at, text);
                return None;
            }
        };
        if !self.phrases.has(&value) {
            self.wrong(at, format!("there is no phrase '{value}'"));
        }
        Some(step)
    }

    fn condition(&mut self, condition: &Spanned<String>) {
        let tried = known(&QueueFacts::default());
        let added = self.conditions.add_for(&condition.value, &FACTS, tried);
        let text = match added {
            Ok(()) => return,
            Err(Trouble::Unknown(word)) => {
                format!(
                    "the condition mentions '{word}', which is none of {}",
                    FACTS.join(", ")
                )
            }
            Err(Trouble::Broken(why)) => format!("the condition cannot be worked out: {why}"),
        };
        self.wrong(condition.referenced, text);
    }

    fn seconds(&mut self, time: &Spanned<String>) -> i64 {
        let parts = time.value.split_once(' ');
        let number = parts.and_then(|(n, _)| n.parse::<i64>().ok());
        let unit = match parts.map(|(_, unit)| unit) {
            Some("second" | "seconds") => Some(1),
            Some("minute" | "minutes") => Some(60),
            Some("hour" | "hours") => Some(3600),
            _ => None,
        };
        let seconds = number.zip(unit).and_then(|(n, unit)| n.checked_mul(unit));
        seconds.filter(|s| (0..=LONGEST).contains(s)).unwrap_or_else(|| {
            let text = format!(
                "'{}' is no time up to a day: write it like '30 seconds', '2 minutes', '1 hour'",
                time.value
            );
            self.wrong(time.referenced, text);
            0
        })
    }
}
