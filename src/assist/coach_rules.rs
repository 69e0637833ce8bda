//! The coach's rules as they stand in the files, and compiled.

use super::draft_text::sentence;
use crate::flow::{FlowError, Texts};
use regex::{Match, Regex, RegexBuilder};
use serde::Deserialize;
use serde_saphyr::Spanned;
use std::ops::Range;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    rule: Spanned<String>,
    catches: String,
    source: String,
    why: String,
    advice: String,
    better: String,
    #[serde(default)]
    serious: bool,
    #[serde(default)]
    about: Option<About>,
    #[serde(default)]
    patterns: Vec<Spanned<String>>,
    #[serde(default)]
    unless: Option<Spanned<String>>,
    #[serde(default)]
    cased: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSigns {
    acknowledges: Spanned<String>,
    next_step: Spanned<String>,
    third_party: Spanned<String>,
    grievance: Spanned<String>,
    another_question: Spanned<String>,
    #[serde(default)]
    denied: Option<Spanned<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum About {
    Customer,
    ThirdParty,
}

/// One rule.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) name: String,
    pub(super) catches: String,
    pub(super) source: String,
    pub(super) why: String,
    pub(super) advice: String,
    pub(super) better: String,
    pub(super) serious: bool,
    about: Option<About>,
    patterns: Vec<Regex>,
    unless: Option<Regex>,
    denied: Option<Regex>,
}

/// By what the coach sees in a draft, or in what it answers.
#[derive(Debug)]
pub(super) struct Signs {
    /// The draft takes up what happened.
    pub(super) acknowledges: Regex,
    /// The draft says what happens now.
    pub(super) next_step: Regex,
    /// The person writes of somebody else, whose care is not theirs to hear of.
    pub(super) third_party: Regex,
    /// The person was hurt.
    pub(super) grievance: Regex,
    /// One more question in the same sentence.
    pub(super) another_question: Regex,
}

/// The rules of one language.
#[derive(Debug)]
pub(super) struct Pack {
    pub(super) language: String,
    pub(super) rules: Vec<Rule>,
    pub(super) signs: Signs,
}

impl Rule {
    /// Whether the rule is for drafts to such a person.
    pub(super) fn fits(&self, third_party: bool) -> bool {
        match self.about {
            None => true,
            Some(About::ThirdParty) => third_party,
            Some(About::Customer) => !third_party,
        }
    }

    /// The first words of a text that break the rule, and the sentence around them.
    pub(super) fn breaks(&self, text: &str) -> Option<(Range<usize>, (usize, usize))> {
        // "You don't have to ring", "nobody says that you should have": the words before take it back.
        let denied = |m: &Match<'_>| {
            let before = text.get(..m.start()).unwrap_or_default();
            self.denied.as_ref().is_some_and(|d| d.is_match(before))
        };
        let told = |p: &Regex| p.find_iter(text).find(|m| !denied(m));
        let first = self.patterns.iter().filter_map(told);
        let found = first.min_by_key(Match::start)?;
        let (start, end) = sentence(text, found.start(), found.end());
        let excused = |u: &Regex| u.is_match(&text[start..end]);
        (!self.unless.as_ref().is_some_and(excused)).then(|| (found.range(), (start, end)))
    }
}

/// The rules of every language that has a file of them.
pub(super) fn load(texts: &Texts) -> Result<Vec<Pack>, FlowError> {
    let has = |language: &String| texts.get(&file_of(language)).is_ok();
    let languages = texts.languages().into_iter().filter(has);
    languages.map(|language| pack(texts, language)).collect()
}

fn file_of(language: &str) -> String {
    format!("{language}/coach.yaml")
}

fn pack(texts: &Texts, language: String) -> Result<Pack, FlowError> {
    let file = file_of(&language);
    let raw: Vec<RawRule> = texts.yaml(&file)?;
    let of_rules = file;
    let file = format!("{language}/coach_signs.yaml");
    let raw_signs: RawSigns = texts.yaml(&file)?;
    let sign = |p: &Spanned<String>| compile(&file, "", p, true);
    let denied = raw_signs.denied.as_ref().map(sign).transpose()?;
    let rules = raw.into_iter().map(|r| rule(&of_rules, r, denied.as_ref()));
    let rules = rules.collect::<Result<_, FlowError>>()?;
    let raw = raw_signs;
    let signs = Signs {
        acknowledges: sign(&raw.acknowledges)?,
        next_step: sign(&raw.next_step)?,
        third_party: sign(&raw.third_party)?,
        grievance: sign(&raw.grievance)?,
        another_question: sign(&raw.another_question)?,
    };
    Ok(Pack {
        language,
        rules,
        signs,
    })
}

fn rule(file: &str, raw: RawRule, denied: Option<&Regex>) -> Result<Rule, FlowError> {
    let name = raw.rule.value;
    let compiled = |p: &Spanned<String>| compile(file, &format!("rule '{name}': "), p, !raw.cased);
    Ok(Rule {
        patterns: raw
            .patterns
            .iter()
            .map(compiled)
            .collect::<Result<_, _>>()?,
        unless: raw.unless.as_ref().map(compiled).transpose()?,
        denied: denied.cloned(),
        catches: raw.catches,
        source: raw.source,
        why: raw.why,
        advice: raw.advice,
        better: raw.better,
        serious: raw.serious,
        about: raw.about,
        name,
    })
}

fn compile(
    file: &str,
    whose: &str,
    pattern: &Spanned<String>,
    any_case: bool,
) -> Result<Regex, FlowError> {
    RegexBuilder::new(&pattern.value)
        .case_insensitive(any_case)
        .multi_line(true)
        .build()
        .map_err(|e| FlowError::at(file, pattern.referenced, format!("{whose}{e}")))
}
