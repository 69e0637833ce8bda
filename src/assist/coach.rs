//! The coach under the draft: what would hurt, why, and a better way to say it. It praises nothing and never nags: no
//! finding on a good draft.

use super::{
    coach_rules::{self, Pack, Rule},
    draft_text::{first_sentences, replaced, soften},
    empathy::Empathy,
    reading::Reading,
};
use crate::{
    domain::{Emotion, interpretation::Intensity},
    flow::{FlowError, Texts},
    nlu::Interpreter,
};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The language that has every rule.
const FALLBACK: &str = "en";

/// Something in a draft that would hurt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Finding {
    /// Which rule.
    pub rule: String,
    /// First byte of the words; 0 where something is missing rather than wrong.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What to do instead.
    pub advice: String,
    /// Why it would hurt.
    pub why: String,
    /// From where the rule comes.
    pub source: String,
    /// The whole draft with a better sentence in the place of the one at fault; the agent's facts stay.
    pub rewrite: String,
    /// Whether a reply with it is held until the agent has seen this.
    pub serious: bool,
}

/// What the coach says to a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Review {
    /// Nothing was found.
    pub ok: bool,
    /// What was found, in the order of the draft.
    pub findings: Vec<Finding>,
    /// How much empathy it shows.
    pub empathy: Empathy,
}

/// One rule as a page to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Page<'a> {
    /// Its name.
    pub rule: &'a str,
    /// What it catches.
    pub catches: &'a str,
    /// Why it would hurt.
    pub why: &'a str,
    /// From where it comes.
    pub source: &'a str,
    /// What to do instead.
    pub advice: &'a str,
    /// A better way to say it; empty where the draft itself is made better.
    pub better: &'a str,
    /// Whether a reply that breaks it is held until the agent has seen why.
    pub serious: bool,
}

/// The rules of every language, compiled.
#[derive(Debug)]
pub struct Coach(Vec<Pack>);

impl Coach {
    /// Reads `coach.yaml` and `coach_signs.yaml` of every language that has them.
    ///
    /// # Errors
    /// A file that cannot be read, or a pattern that is wrong, with its place.
    pub fn load(texts: &Texts) -> Result<Self, FlowError> {
        coach_rules::load(texts).map(Self)
    }

    /// The rules of a language; of English, where it has none.
    fn pack(&self, language: &str) -> &Pack {
        let of = |wanted: &str| self.0.iter().find(|p| p.language == wanted);
        of(language).or_else(|| of(FALLBACK)).unwrap_or(&self.0[0])
    }

    /// Reviews a draft. `context` is what the person wrote, or what it is about. Hurtful words are looked for in every
    /// language, since a short draft does not tell its own; what is missing, in the draft's.
    pub fn review(&self, context: &str, draft: &str, interpreter: &Interpreter) -> Review {
        let third_party = self.0.iter().any(|p| p.signs.third_party.is_match(context));
        let all = self.0.iter().flat_map(|p| &p.rules);
        let mut findings: Vec<Finding> = all
            .filter(|rule| rule.fits(third_party))
            .filter_map(|rule| {
                let (found, (start, end)) = rule.breaks(draft)?;
                let rewrite = replaced(draft, start, end, &rule.better);
                Some(finding(rule, found.start, found.end, rewrite))
            })
            .collect();
        let pack = self.pack(&interpreter.language(draft));
        pack.questions(draft, &mut findings);
        pack.capitals(draft, &mut findings);
        let empathy = Empathy::of(draft);
        // What is missing is worth a word only where nothing is wrong already: one thing at a time.
        if findings.is_empty() && !draft.trim().is_empty() {
            pack.missing(context, draft, empathy, interpreter, &mut findings);
        }
        findings.sort_by_key(|f| (f.start, f.end));
        Review {
            ok: findings.is_empty(),
            findings,
            empathy,
        }
    }

    /// The rules of a language that a text breaks, with the place of the words that do. What is missing is no fault of
    /// a single phrase. None, where there are no rules of that language.
    pub fn hurts(&self, text: &str, language: &str) -> Vec<(String, Range<usize>)> {
        let Some(pack) = self.0.iter().find(|p| p.language == language) else {
            return Vec::new();
        };
        let mut all = Vec::new();
        for rule in &pack.rules {
            if let Some((hit, _)) = rule.breaks(text) {
                all.push((rule.name.clone(), hit));
            }
        }
        let mut findings = Vec::new();
        pack.questions(text, &mut findings);
        pack.capitals(text, &mut findings);
        all.extend(findings.into_iter().map(|f| (f.rule, f.start..f.end)));
        all
    }

    /// Every rule of a language, to be read.
    pub fn pages(&self, language: &str) -> impl Iterator<Item = Page<'_>> {
        self.pack(language).rules.iter().map(|r| Page {
            rule: &r.name,
            catches: &r.catches,
            why: &r.why,
            source: &r.source,
            advice: &r.advice,
            better: &r.better,
            serious: r.serious,
        })
    }
}

impl Pack {
    fn rule(&self, name: &str) -> Option<&Rule> {
        self.rules.iter().find(|r| r.name == name)
    }

    fn questions(&self, draft: &str, findings: &mut Vec<Finding>) {
        let marks: Vec<usize> = draft.match_indices('?').map(|(i, _)| i).collect();
        // "??" is one question, asked loudly.
        let questions: Vec<usize> = marks
            .iter()
            .copied()
            .filter(|i| !draft[..*i].ends_with('?'))
            .collect();
        let listed = self.signs.another_question.find_iter(draft).count();
        if let (Some(rule), true) = (
            self.rule("interrogates"),
            questions.len() >= 2 || questions.len() == 1 && listed >= 2,
        ) {
            let last = questions.last().map_or(draft.len(), |i| i + 1);
            let first_end = questions.first().map_or(draft.len(), |i| i + 1);
            findings.push(finding(
                rule,
                first_end.min(last),
                last,
                format!("{}{}", &draft[..first_end], &draft[last..])
                    .trim()
                    .to_owned(),
            ));
        }
    }

    fn capitals(&self, draft: &str, findings: &mut Vec<Finding>) {
        let loud: Vec<&str> = draft
            .split_whitespace()
            .filter(|w| {
                w.chars().filter(|c| c.is_alphabetic()).count() >= 3
                    && !w.chars().any(char::is_lowercase)
            })
            .collect();
        let words = draft.split_whitespace().count();
        let shouts =
            loud.len() >= 3 || loud.len() * 2 > words && words >= 2 || draft.contains("!!");
        if let (Some(rule), true) = (self.rule("shouting"), shouts) {
            let quiet = if loud.len() >= 2 {
                soften(draft)
            } else {
                draft.to_owned()
            };
            let mut rewrite = quiet;
            while rewrite.contains("!!") {
                rewrite = rewrite.replace("!!", "!");
            }
            findings.push(finding(rule, 0, draft.len(), rewrite.replace('!', ".")));
        }
    }

    fn missing(
        &self,
        context: &str,
        draft: &str,
        empathy: Empathy,
        interpreter: &Interpreter,
        findings: &mut Vec<Finding>,
    ) {
        let (emotion, Intensity(strength)) = interpreter.feeling(context);
        let hurt = matches!(emotion, Emotion::Upset | Emotion::Sad | Emotion::Anxious)
            && strength >= 35
            || self.signs.grievance.is_match(context);
        let reading = Reading::of(draft);
        if reading.words >= 30
            && reading.grade_in(&self.language) > HIGHEST_GRADE
            && let Some(rule) = self.rule("hard_to_read")
        {
            findings.push(finding(rule, 0, draft.len(), draft.trim().to_owned()));
            return;
        }
        if !hurt {
            return;
        }
        if reading.words > MOST_WORDS
            && let Some(rule) = self.rule("too_long")
        {
            let start = reading.end_of_word(draft, MOST_WORDS);
            findings.push(finding(
                rule,
                start,
                draft.len(),
                first_sentences(draft, start),
            ));
            return;
        }
        // A list of phrases knows few ways of it; in the languages that the scorer reads, it knows more.
        if !self.signs.acknowledges.is_match(draft)
            && !empathy.acknowledges()
            && let Some(rule) = self.rule("no_acknowledgement")
        {
            findings.push(finding(
                rule,
                0,
                0,
                format!("{} {}", rule.better, draft.trim()),
            ));
        } else if !self.signs.next_step.is_match(draft)
            && !draft.contains('?')
            && let Some(rule) = self.rule("no_next_step")
        {
            findings.push(finding(
                rule,
                draft.len(),
                draft.len(),
                format!("{} {}", draft.trim(), rule.better),
            ));
        }
    }
}

/// How long a reply to somebody who is upset may be, in words.
const MOST_WORDS: usize = 120;
/// The highest reading grade that is let pass.
const HIGHEST_GRADE: f32 = 10.0;

fn finding(rule: &Rule, start: usize, end: usize, rewrite: String) -> Finding {
    Finding {
        rule: rule.name.clone(),
        start,
        end,
        advice: rule.advice.clone(),
        why: rule.why.clone(),
        source: rule.source.clone(),
        rewrite,
        serious: rule.serious,
    }
}
