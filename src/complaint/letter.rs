//! Letters to complainants: from templates, and a response checked point by point.
//!
//! What is asked of a response is what the Parliamentary and Health Service Ombudsman asks (an apology without a
//! condition, an answer to each point, what changes and by when, where to go next), and what a study of replies found
//! to hurt (BMC Health Services Research 2021, doi 10.1186/s12913-021-06733-5).

use crate::domain::{Complaint, Timestamp, complaint::Deadline, interpretation::names};
use jiff::tz::TimeZone;
use minijinja::{Environment, value::Serde};
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

names!(
    /// Which letter.
    LetterKind {
        /// It was received.
        Acknowledgement = "acknowledgement",
        /// It takes longer.
        Holding = "holding",
        /// The answer.
        Response = "response",
    }
);

/// A point that a letter lacks or has too much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LetterFinding {
    /// `apology`, `no_if`, `change`, `by_when`, `where_next`, `no_excuse`, `unanswered` or `open`.
    pub rule: String,
    /// What to do about it.
    pub advice: String,
    /// The words that are too much, or the point without an answer.
    pub words: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    #[serde(default)]
    has: Vec<String>,
    #[serde(default)]
    hasnot: Vec<String>,
    advice: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCheck {
    apology: RawRule,
    no_if: RawRule,
    change: RawRule,
    by_when: RawRule,
    where_next: RawRule,
    no_excuse: RawRule,
    unanswered: String,
    open: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLetters {
    date: String,
    nobody: String,
    letters: BTreeMap<LetterKind, String>,
    check: RawCheck,
}

struct Rule {
    name: &'static str,
    has: Vec<Regex>,
    hasnot: Vec<Regex>,
    advice: String,
}

/// The letters of a language, and what a response is checked for: `flows/letters/<language>.yaml`.
pub struct Letters {
    raw: RawLetters,
    rules: Vec<Rule>,
}

impl std::fmt::Debug for Letters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letters")
            .field("rules", &self.rules.len())
            .finish_non_exhaustive()
    }
}

/// Who writes, and when it is.
#[derive(Clone, Copy, Debug)]
pub struct Writing<'a> {
    /// The writer's name.
    pub agent: &'a str,
    /// The organisation's.
    pub organisation: &'a str,
    /// Where its days are counted.
    pub zone: &'a TimeZone,
}

fn rule(name: &'static str, raw: &RawRule) -> Result<Rule, String> {
    let compiled = |all: &[String]| {
        let one = |text: &String| {
            let built = RegexBuilder::new(text).case_insensitive(true).build();
            built.map_err(|e| format!("check.{name}: {e}"))
        };
        all.iter().map(one).collect::<Result<Vec<_>, _>>()
    };
    Ok(Rule {
        name,
        has: compiled(&raw.has)?,
        hasnot: compiled(&raw.hasnot)?,
        advice: raw.advice.clone(),
    })
}

/// Words that tell one point from another: the longer ones.
fn telling(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let long = words.filter(|w| w.chars().count() >= 4);
    long.map(str::to_lowercase).collect()
}

impl Letters {
    /// Reads them.
    ///
    /// # Errors
    /// What is wrong with the file, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let raw: RawLetters =
            serde_saphyr::from_str(text).map_err(|e| e.without_snippet().to_string())?;
        if let Some(kind) = LetterKind::ALL
            .iter()
            .find(|k| !raw.letters.contains_key(k))
        {
            return Err(format!("letters has no '{}'", kind.name()));
        }
        let c = &raw.check;
        let rules = [
            ("apology", &c.apology),
            ("no_if", &c.no_if),
            ("change", &c.change),
            ("by_when", &c.by_when),
            ("where_next", &c.where_next),
            ("no_excuse", &c.no_excuse),
        ];
        let rules = rules.iter().map(|(name, raw)| rule(name, raw));
        Ok(Self {
            rules: rules.collect::<Result<_, _>>()?,
            raw,
        })
    }

    /// A letter from its template, with what is on record.
    ///
    /// # Errors
    /// The template is wrong; in words.
    pub fn draft(
        &self,
        kind: LetterKind,
        complaint: &Complaint,
        writing: &Writing<'_>,
    ) -> Result<String, String> {
        let day = |at: Timestamp| {
            at.in_zone(writing.zone)
                .strftime(&self.raw.date)
                .to_string()
        };
        let runs = |d: &&Deadline| d.met_at.is_none() && d.name != "acknowledge";
        let due = complaint
            .deadlines
            .iter()
            .filter(runs)
            .map(|d| d.due_at)
            .max();
        let values = json!({
            "name": complaint.complainant.name.as_ref().unwrap_or(&self.raw.nobody),
            "reference": complaint.reference,
            "received": day(complaint.received_at),
            "due": due.map(day),
            "agent": writing.agent,
            "organisation": writing.organisation,
            "problems": points(complaint),
            "wish": complaint.desired_outcome,
        });
        let template = self.raw.letters.get(&kind).map_or("", String::as_str);
        rendered(template, &values).map(|text| text.trim().to_owned())
    }

    /// What a response lacks or has too much.
    pub fn check(&self, text: &str, complaint: &Complaint) -> Vec<LetterFinding> {
        let mut findings = Vec::new();
        // What has a condition is no apology.
        let mut unconditional = text.to_owned();
        let conditions = self.rules.iter().filter(|r| r.name == "no_if");
        for condition in conditions.flat_map(|r| &r.hasnot) {
            unconditional = condition.replace_all(&unconditional, "").into_owned();
        }
        for rule in &self.rules {
            let found = |rule: &Rule, words: Option<&str>| LetterFinding {
                rule: rule.name.to_owned(),
                advice: rule.advice.clone(),
                words: words.map(str::to_owned),
            };
            if !rule.has.is_empty() && !rule.has.iter().any(|r| r.is_match(&unconditional)) {
                findings.push(found(rule, None));
            }
            let too_much = rule.hasnot.iter().filter_map(|r| r.find(text));
            findings.extend(too_much.map(|m| found(rule, Some(m.as_str()))));
        }
        let said = telling(text);
        for point in points(complaint) {
            let words = telling(point);
            let taken_up = words.intersection(&said).count();
            if !words.is_empty() && taken_up * 2 < words.len().min(4) {
                let advice = rendered(&self.raw.check.unanswered, &json!({"words": point}));
                findings.push(LetterFinding {
                    rule: "unanswered".to_owned(),
                    advice: advice.unwrap_or_default(),
                    words: Some(point.to_owned()),
                });
            }
        }
        if text.contains('[') && text.contains(']') {
            findings.push(LetterFinding {
                rule: "open".to_owned(),
                advice: self.raw.check.open.clone(),
                words: None,
            });
        }
        findings
    }
}

/// What must be answered: the problems, or else the whole story.
fn points(complaint: &Complaint) -> Vec<&str> {
    let problems = &complaint.classification.problems;
    if problems.is_empty() {
        let story = complaint.incident.narrative.as_str();
        return if story.is_empty() {
            Vec::new()
        } else {
            vec![story]
        };
    }
    problems.iter().map(|p| p.words.as_str()).collect()
}

fn rendered(template: &str, values: &Value) -> Result<String, String> {
    Environment::new()
        .render_str(template, Serde(values))
        .map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        Category, Conversation, ConversationId,
        complaint::{Problem, Reference},
    };

    fn complaint() -> Complaint {
        let at = Timestamp(1_795_514_400_000_000);
        let talk = Conversation::new(ConversationId(uuid::Uuid::nil()), "web", "x", at);
        let profile = crate::complaint::Profile::parse(
            include_str!("../../flows/profiles/default.yaml"),
            |_| Err("none".to_owned()),
        );
        let mut c = crate::complaint::open(
            Reference::from_bits(1),
            &talk,
            at,
            &profile.expect("shipped"),
        );
        for words in [
            "Your porter shouted at my mother",
            "The food was cold all week",
        ] {
            c.classification.problems.push(Problem {
                words: words.to_owned(),
                category: Category::Quality,
                severity: None,
                stage: None,
                by: None,
                proposed: None,
            });
        }
        c
    }

    fn english() -> Letters {
        Letters::parse(include_str!("../../flows/letters/en.yaml")).expect("shipped")
    }

    fn rules(text: &str) -> Vec<String> {
        let findings = english().check(text, &complaint());
        findings.into_iter().map(|f| f.rule).collect()
    }

    #[test]
    fn both_languages_have_every_letter() {
        let spanish = Letters::parse(include_str!("../../flows/letters/es.yaml")).expect("shipped");
        let writing = Writing {
            agent: "Priya Shah",
            organisation: "Willowbrook Care",
            zone: &TimeZone::UTC,
        };
        for letters in [english(), spanish] {
            for kind in LetterKind::ALL {
                let text = letters
                    .draft(*kind, &complaint(), &writing)
                    .expect("a letter");
                assert!(
                    text.contains("Priya Shah") && text.contains(complaint().reference.as_str()),
                    "{text}"
                );
                assert!(!text.contains("{{"), "{text}");
            }
        }
        let text = english()
            .draft(LetterKind::Response, &complaint(), &writing)
            .expect("a letter");
        assert!(
            text.contains("You told us: \"Your porter shouted at my mother\""),
            "{text}"
        );
    }

    #[test]
    fn a_response_that_answers_everything_is_left_alone() {
        let good = "Thank you for the effort of writing. I am sorry for what happened. Our porter shouted at your mother, and that was wrong: he has said so. The food was cold every day of that week because a trolley was broken. We have replaced it, and since Monday each meal is checked. The porter is trained anew by 14 December. If you are not content, the ombudsman is independent of us.";
        assert_eq!(rules(good), [""; 0]);
    }

    #[test]
    fn what_a_response_lacks_and_what_hurts_is_named() {
        let bad = "I am sorry you feel upset. It was an unusually busy day, and unfortunately our policy is clear. [more]";
        assert_eq!(
            rules(bad),
            [
                "apology",
                "no_if",
                "change",
                "by_when",
                "where_next",
                "no_excuse",
                "no_excuse",
                "no_excuse",
                "unanswered",
                "unanswered",
                "open"
            ]
        );
    }
}
