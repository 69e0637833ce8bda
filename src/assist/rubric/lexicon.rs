//! `flows/<language>/rubric.yaml`: what is looked for in a reply, and how feedback is worded.

use super::{Item, order, uptake::Vocabulary};
use crate::{
    assist::Coach,
    domain::RedFlag,
    flow::{FlowError, Texts},
    nlu::model::Features,
};
use minijinja::Environment;
use regex::Regex;
use serde::Deserialize;
use serde_saphyr::Spanned;
use std::collections::BTreeMap;

const FILE: &str = "rubric.yaml";

type Pattern = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    grammar: String,
    ordinary: String,
    same: Vec<Vec<String>>,
    sentence_from: Spanned<f32>,
    stock: Vec<Pattern>,
    feelings: BTreeMap<String, Spanned<Vec<String>>>,
    feeling_frame: Pattern,
    claims_feeling: Pattern,
    effort: Pattern,
    apology: Pattern,
    apology_spoilt: Pattern,
    open_question: Pattern,
    who: Pattern,
    action: Pattern,
    when: Pattern,
    vague: Pattern,
    hard_words: Pattern,
    safety: BTreeMap<RedFlag, Vec<Pattern>>,
    safety_denied: Pattern,
    privacy: Vec<Pattern>,
    why: BTreeMap<String, Spanned<Vec<String>>>,
    better: BTreeMap<String, Spanned<String>>,
    and: String,
}

/// What is looked for in one language.
pub(super) struct Lexicon {
    pub(super) words: Vocabulary,
    /// The chance of being a sentence under which words are thrown together.
    pub(super) sentence_from: f32,
    pub(super) stock: Vec<Regex>,
    pub(super) feelings: BTreeMap<String, Feeling>,
    pub(super) feeling_frame: Regex,
    pub(super) claims_feeling: Regex,
    pub(super) effort: Regex,
    pub(super) apology: Regex,
    pub(super) apology_spoilt: Regex,
    pub(super) open_question: Regex,
    pub(super) who: Regex,
    pub(super) action: Regex,
    pub(super) when: Regex,
    pub(super) vague: Regex,
    pub(super) hard_words: Regex,
    pub(super) safety: BTreeMap<RedFlag, Vec<Regex>>,
    /// Words before these that take them back: "no need to ring 999".
    pub(super) safety_denied: Regex,
    pub(super) privacy: Vec<Regex>,
    pub(super) why: BTreeMap<String, Vec<String>>,
    pub(super) better: Environment<'static>,
    pub(super) and: String,
}

/// A family of feelings.
pub(super) struct Feeling {
    /// How a better wording calls it.
    pub(super) word: String,
    pub(super) pattern: Regex,
}

/// The rubric in every language that has one.
pub struct Rubric {
    pub(super) languages: BTreeMap<String, Lexicon>,
    pub(super) coach: Coach,
}

impl std::fmt::Debug for Rubric {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rubric")
            .field("languages", &self.languages.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl Rubric {
    /// Reads the rubric of every language, and the coach's rules.
    ///
    /// # Errors
    /// Everything that is wrong, with its place.
    pub fn load(texts: &Texts) -> Result<Self, Vec<FlowError>> {
        let coach = Coach::load(texts).map_err(|e| vec![e])?;
        let mut languages = BTreeMap::new();
        let mut errors = Vec::new();
        for language in texts.languages() {
            let file = format!("{language}/{FILE}");
            if texts.get(&file).is_err() {
                continue;
            }
            let read = texts.yaml::<Raw>(&file).map_err(|e| vec![e]);
            match read.and_then(|raw| compiled(&file, raw)) {
                Ok(lexicon) => drop(languages.insert(language, lexicon)),
                Err(wrong) => errors.extend(wrong),
            }
        }
        if errors.is_empty() {
            Ok(Self { languages, coach })
        } else {
            Err(errors)
        }
    }

    /// Whether replies in that language can be judged.
    pub fn knows(&self, language: &str) -> bool {
        self.languages.contains_key(language)
    }

    /// What the model of the order of words sees of a text, stretch by stretch; nothing in a language without a rubric.
    pub fn order_features(&self, language: &str, text: &str) -> Vec<Features> {
        let lexicon = self.languages.get(language);
        lexicon.map_or_else(Vec::new, |l| order::stretches(text, l))
    }

    /// Whether a language has words for that family of feelings.
    pub fn knows_feeling(&self, language: &str, family: &str) -> bool {
        let lexicon = self.languages.get(language);
        lexicon.is_some_and(|l| l.feelings.contains_key(family))
    }
}

struct Compiler<'f> {
    file: &'f str,
    errors: Vec<FlowError>,
}

impl Compiler<'_> {
    fn one(&mut self, pattern: &Pattern) -> Regex {
        Regex::new(&format!("(?i){}", pattern.value)).unwrap_or_else(|e| {
            let text = format!("this is no pattern: {e}");
            self.errors
                .push(FlowError::at(self.file, pattern.referenced, text));
            Regex::new("$^").expect("written here")
        })
    }

    fn all(&mut self, patterns: &[Pattern]) -> Vec<Regex> {
        patterns.iter().map(|p| self.one(p)).collect()
    }
}

/// What `why` must have beside the items, with how many texts.
const ALSO: [(&str, usize); 4] = [("safety", 1), ("privacy", 1), ("ignored", 1), ("hurts", 1)];

fn compiled(file: &str, raw: Raw) -> Result<Lexicon, Vec<FlowError>> {
    let mut with = Compiler {
        file,
        errors: Vec::new(),
    };
    let mut feelings = BTreeMap::new();
    for (family, words) in &raw.feelings {
        let Some(first) = words.value.first() else {
            let text = format!("the feeling '{family}' needs at least one word");
            with.errors
                .push(FlowError::at(file, words.referenced, text));
            continue;
        };
        let escaped: Vec<String> = words.value.iter().map(|w| regex::escape(w)).collect();
        let pattern = format!("(?i)\\b(?:{})\\b", escaped.join("|"));
        feelings.insert(
            family.clone(),
            Feeling {
                word: first.clone(),
                pattern: Regex::new(&pattern).expect("words are escaped"),
            },
        );
    }
    if !(0.0..=1.0).contains(&raw.sentence_from.value) {
        let text = "'sentence_from' is from 0 to 1";
        with.errors
            .push(FlowError::at(file, raw.sentence_from.referenced, text));
    }
    let items = Item::ALL.iter().map(|i| (i.name(), 3));
    for (name, count) in items.chain(ALSO) {
        match raw.why.get(name) {
            None => with
                .errors
                .push(FlowError::whole(file, format!("'why' lacks '{name}'"))),
            Some(texts) if texts.value.len() != count => {
                let text = format!("'{name}' needs {count} text(s), one for each level");
                with.errors
                    .push(FlowError::at(file, texts.referenced, text));
            }
            Some(_) => {}
        }
    }
    let mut better = Environment::new();
    for name in Item::ALL
        .iter()
        .map(|i| i.name())
        .chain(["safety", "privacy"])
    {
        let Some(template) = raw.better.get(name) else {
            with.errors
                .push(FlowError::whole(file, format!("'better' lacks '{name}'")));
            continue;
        };
        if let Err(e) = better.add_template_owned(name, template.value.clone()) {
            let text = format!("the better wording '{name}' cannot be read: {e}");
            with.errors
                .push(FlowError::at(file, template.referenced, text));
        }
    }
    let lexicon = Lexicon {
        sentence_from: raw.sentence_from.value,
        words: Vocabulary::of(&raw.grammar, &raw.ordinary, &raw.same),
        stock: with.all(&raw.stock),
        feelings,
        feeling_frame: with.one(&raw.feeling_frame),
        claims_feeling: with.one(&raw.claims_feeling),
        effort: with.one(&raw.effort),
        apology: with.one(&raw.apology),
        apology_spoilt: with.one(&raw.apology_spoilt),
        open_question: with.one(&raw.open_question),
        who: with.one(&raw.who),
        action: with.one(&raw.action),
        when: with.one(&raw.when),
        vague: with.one(&raw.vague),
        hard_words: with.one(&raw.hard_words),
        safety: raw
            .safety
            .iter()
            .map(|(flag, all)| (*flag, with.all(all)))
            .collect(),
        safety_denied: with.one(&raw.safety_denied),
        privacy: with.all(&raw.privacy),
        why: raw
            .why
            .into_iter()
            .map(|(name, texts)| (name, texts.value))
            .collect(),
        better,
        and: raw.and,
    };
    if with.errors.is_empty() {
        Ok(lexicon)
    } else {
        Err(with.errors)
    }
}
