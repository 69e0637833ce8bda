//! Danger: phrases that speak of it, less idioms, the past, and denials.
//!
//! Policy: a missed danger is far worse than a false alarm. So what looks like danger counts, unless one of the written
//! exceptions covers the very words; and a later denial lowers nothing (that is `dialogue`'s part) until a person has
//! looked.

use super::{
    compile::{RuleError, compile, spell_out},
    finders::Finders,
    fold::fold,
    packs::PACKS,
    patterns::{Patterns, Use},
};
use crate::domain::RedFlag;
use regex::Regex;
use serde::Deserialize;
use std::{collections::BTreeMap, ops::Range};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    words: BTreeMap<String, String>,
    unless: Vec<String>,
    denial: String,
    /// Beginnings of phrases that are denials themselves ("can't breathe").
    denies_itself: Vec<String>,
    /// What looks like a denial and is none ("can't stop thinking of it").
    driven: Vec<String>,
    phrases: BTreeMap<String, Vec<String>>,
    /// Danger whatever the models think of it: of gas and fire they have learned little.
    certain: BTreeMap<String, Vec<String>>,
}

/// What the phrase rules find of danger in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spoken {
    /// No phrase of danger.
    Nothing,
    /// A phrase that looks like danger, and that an exception or a denial covers.
    AsIf,
    /// Danger.
    Of(RedFlag),
    /// Danger, whatever the models think of it.
    Certain(RedFlag),
}

impl Spoken {
    pub(super) const fn flag(self) -> Option<RedFlag> {
        match self {
            Self::Of(flag) | Self::Certain(flag) => Some(flag),
            Self::Nothing | Self::AsIf => None,
        }
    }
}

/// Danger in every language that is read: a message is held against all of them.
#[derive(Debug)]
pub(super) struct RedFlags(Vec<Language>);

#[derive(Debug)]
struct Language {
    /// One cheap look that most messages pass.
    any: Patterns,
    certain: Finders,
    of_certain: Vec<RedFlag>,
    /// The phrases, and behind them their exceptions.
    phrases: Finders,
    of_phrases: Vec<RedFlag>,
    exceptions: Range<usize>,
    denial: Regex,
    denies_itself: Vec<String>,
    driven: Vec<String>,
}

/// Which kind is answered where several are spoken of: life first.
const ORDER: [RedFlag; 4] = [
    RedFlag::MedicalEmergency,
    RedFlag::SelfHarm,
    RedFlag::Violence,
    RedFlag::Abuse,
];

impl RedFlags {
    pub(super) fn load() -> Result<Self, RuleError> {
        let languages = PACKS.iter().map(|p| Language::load(p.red_flags()));
        Ok(Self(languages.collect::<Result<_, _>>()?))
    }

    /// What `plain` (normalised and folded) says of danger.
    pub(super) fn read(&self, plain: &str) -> Spoken {
        let (mut found, mut looked_like) = (Vec::new(), false);
        if let Some(flag) = self.0.iter().find_map(|language| language.certain(plain)) {
            return Spoken::Certain(flag);
        }
        for language in &self.0 {
            looked_like |= language.read(plain, &mut found);
        }
        match ORDER.into_iter().find(|f| found.contains(f)) {
            Some(flag) => Spoken::Of(flag),
            None if looked_like => Spoken::AsIf,
            None => Spoken::Nothing,
        }
    }
}

impl Language {
    fn load(text: &str) -> Result<Self, RuleError> {
        let file: File =
            serde_saphyr::from_str(text).map_err(|e| RuleError::Shape(e.to_string()))?;
        let kind =
            |name: &str| RedFlag::from_name(name).ok_or_else(|| RuleError::Label(name.to_owned()));
        let (mut of_phrases, mut texts, mut phrases) = (Vec::new(), Vec::new(), Vec::new());
        for (name, list) in &file.phrases {
            let flag = kind(name)?;
            for phrase in list {
                let spelled = spell_out(phrase, &file.words);
                of_phrases.push(flag);
                phrases.push(fold(&spelled));
                texts.push((spelled, Use::Subject));
            }
        }
        let (mut of_certain, mut certain) = (Vec::new(), Vec::new());
        for (name, list) in &file.certain {
            let flag = kind(name)?;
            for phrase in list {
                of_certain.push(flag);
                certain.push(fold(&spell_out(phrase, &file.words)));
            }
        }
        let unless = file.unless.iter();
        phrases.extend(unless.map(|p| fold(&spell_out(p, &file.words))));
        Ok(Self {
            any: Patterns::compile(&texts)?,
            certain: Finders::compile(&certain)?,
            of_certain,
            exceptions: of_phrases.len()..phrases.len(),
            phrases: Finders::compile(&phrases)?,
            of_phrases,
            denial: compile(&fold(&file.denial))?,
            denies_itself: file.denies_itself,
            driven: file.driven,
        })
    }

    /// The first phrase that stands whatever the models think.
    fn certain(&self, plain: &str) -> Option<RedFlag> {
        let look = self.certain.look(plain);
        let mut all = self.of_certain.iter().enumerate();
        all.find_map(|(n, flag)| look.is_match(n).then_some(*flag))
    }

    /// Adds every kind of danger that `plain` speaks of in this language to `found`. Whether anything looked like it.
    fn read(&self, plain: &str, found: &mut Vec<RedFlag>) -> bool {
        let candidates = self.any.matches(plain).numbers;
        if candidates.is_empty() {
            return false;
        }
        let look = self.phrases.look(plain);
        let exceptions = self.exceptions.clone();
        let excused: Vec<_> = exceptions
            .flat_map(|n| look.find_iter(n).map(|m| m.range()))
            .collect();
        found.extend(candidates.into_iter().filter_map(|n| {
            let stands = look.find_iter(n).any(|m| {
                let covered = excused
                    .iter()
                    .any(|e| e.start < m.end() && m.start() < e.end);
                !covered && !self.denied(plain, m.start(), m.as_str())
            });
            stands.then_some(self.of_phrases[n])
        }));
        true
    }

    /// Whether a denial stands just before the phrase, in the same clause. A phrase that itself begins with a denial
    /// ("can't breathe") is none.
    fn denied(&self, plain: &str, start: usize, phrase: &str) -> bool {
        if (self.denies_itself.iter()).any(|d| phrase.starts_with(d.as_str())) {
            return false;
        }
        let before = &plain[..start];
        let clause = before
            .rfind(['.', '!', '?', ',', ';'])
            .map_or(before, |i| &before[i + 1..]);
        self.denial.is_match(clause) && !self.driven.iter().any(|d| clause.contains(d.as_str()))
    }
}
