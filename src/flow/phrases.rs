//! The phrase book: several wordings of everything that is said, per language, chosen by feeling and channel.

use super::{
    conditions::CHANNELS,
    error::FlowError,
    source::{Origin, Texts},
};
use crate::domain::Emotion;
use minijinja::{Environment, Value};
use serde::Deserialize;
use serde_saphyr::{Location, Spanned};
use std::collections::{BTreeMap, BTreeSet};
use unicode_segmentation::UnicodeSegmentation;

/// What a phrase may mention.
pub type Vars = BTreeMap<&'static str, Value>;

/// Whom a phrase is for.
#[derive(Clone, Copy, Debug)]
pub struct Audience<'a> {
    /// ISO 639-1 code of their language.
    pub language: &'a str,
    /// How they feel.
    pub emotion: Emotion,
    /// The inbox that they write by.
    pub channel: &'a str,
}

impl<'a> Audience<'a> {
    /// Somebody who reads that language, about whom nothing else is known.
    pub const fn of(language: &'a str) -> Self {
        Self {
            language,
            emotion: Emotion::Neutral,
            channel: "",
        }
    }
}

/// One wording, for a feeling, a channel, both, or anybody.
#[derive(Clone, Debug)]
struct Wording {
    emotion: Option<Emotion>,
    channel: Option<&'static str>,
    template: String,
    /// The text itself, where it mentions no fact.
    plain: Option<String>,
    source: String,
    file: String,
    at: Location,
}

/// A wording as it stands in its file, for whoever proofreads it.
#[derive(Clone, Debug)]
pub struct Written<'a> {
    /// ISO 639-1 code.
    pub language: &'a str,
    /// The phrase.
    pub key: &'a str,
    /// With its braces.
    pub text: &'a str,
    /// The file.
    pub file: &'a str,
    /// The place in it.
    pub at: Location,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawWording {
    ForOne(BTreeMap<String, String>),
    Plain(String),
}

/// Phrases with their wordings, as a file has them.
type Entries = BTreeMap<String, Spanned<Vec<Spanned<RawWording>>>>;

/// The language that every phrase exists in.
pub(super) const FALLBACK: &str = "en";

/// Files in a language's folder that are no phrases.
const NO_PHRASES: [&str; 9] = [
    super::answers::FILE,
    "coach.yaml",
    "coach_signs.yaml",
    "gists.yaml",
    "rubric.yaml",
    "writer.yaml",
    super::questions::FILE,
    super::page_words::CHAT,
    super::page_words::DESK,
];

/// A longer value is cut where it is shown.
const SHOWN: usize = 200;

/// Everything that is said.
pub struct PhraseBook {
    pub(super) env: Environment<'static>,
    /// What the phrases that are built in mention, by their keys: what the program gives them.
    pub(super) given: BTreeMap<String, BTreeSet<String>>,
    wordings: BTreeMap<String, BTreeMap<String, Vec<Wording>>>,
}

impl std::fmt::Debug for PhraseBook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PhraseBook")
            .field("languages", &self.wordings.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// A value in a phrase is one line of plain text, whatever it is: people's words are shown in it. Our own texts are
/// marked as such and may be longer.
fn shown(
    out: &mut minijinja::Output<'_>,
    state: &mut minijinja::State<'_, '_>,
    value: &Value,
) -> Result<(), minijinja::Error> {
    match value.as_str() {
        Some(text) if !value.is_safe() => {
            let hidden = |c: &char| {
                !c.is_control()
                    && !matches!(*c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
            };
            let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let clean: String = line.chars().filter(hidden).take(SHOWN).collect();
            minijinja::escape_formatter(out, state, &Value::from(clean))
        }
        _ => minijinja::escape_formatter(out, state, value),
    }
}

impl PhraseBook {
    /// Reads the phrase files of every language: those that are built in, and over them those of the folder, phrase by
    /// phrase.
    pub(super) fn load(texts: &Texts) -> (Self, Vec<FlowError>) {
        let mut env = Environment::new();
        env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        env.set_undefined_behavior(minijinja::UndefinedBehavior::SemiStrict);
        env.set_formatter(shown);
        let mut book = Self {
            env,
            given: BTreeMap::new(),
            wordings: BTreeMap::new(),
        };
        let mut errors = Vec::new();
        for origin in [Origin::BuiltIn, Origin::Folder] {
            let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
            for language in texts.languages() {
                let files = texts.from(&language, origin).filter(|(path, _)| {
                    !NO_PHRASES.iter().any(|n| path.ends_with(&format!("/{n}")))
                });
                for (file, text) in files {
                    match serde_saphyr::from_str::<Entries>(text) {
                        Ok(entries) => {
                            for (key, list) in entries {
                                if !seen.insert((language.clone(), key.clone())) {
                                    let twice = format!(
                                        "'{key}' stands in another file of this language too"
                                    );
                                    errors.push(FlowError::at(file, list.referenced, twice));
                                }
                                book.take(origin, &language, file, key, list, &mut errors);
                            }
                        }
                        Err(e) => errors.push(FlowError::yaml(file, &e)),
                    }
                }
            }
        }
        let file = "languages.yaml";
        match texts.yaml::<BTreeMap<String, Entries>>(file) {
            Ok(all) => {
                for (language, entries) in all {
                    for (key, list) in entries {
                        book.take(Origin::BuiltIn, &language, file, key, list, &mut errors);
                    }
                }
            }
            Err(e) => errors.push(e),
        }
        (book, errors)
    }

    fn take(
        &mut self,
        origin: Origin,
        language: &str,
        file: &str,
        key: String,
        list: Spanned<Vec<Spanned<RawWording>>>,
        errors: &mut Vec<FlowError>,
    ) {
        if list.value.is_empty() {
            let empty = format!("'{key}' has no wording");
            errors.push(FlowError::at(file, list.referenced, empty));
        }
        let mut wordings = Vec::new();
        for (n, raw) in list.value.into_iter().enumerate() {
            let at = raw.referenced;
            let mut wrong = |what: String| errors.push(FlowError::at(file, at, what));
            let (emotion, channel, text) = match raw.value {
                RawWording::Plain(text) => (None, None, text),
                RawWording::ForOne(one) => {
                    let mut one = one.into_iter();
                    let (Some((whom, text)), None) = (one.next(), one.next()) else {
                        wrong(format!(
                            "'{key}': a wording is a text, or one feeling or channel with a text"
                        ));
                        continue;
                    };
                    let (mut emotion, mut channel, mut unknown) = (None, None, None);
                    for word in whom.split(',').map(str::trim) {
                        match (
                            Emotion::from_name(word),
                            CHANNELS.iter().find(|c| **c == word),
                        ) {
                            (Some(feeling), _) => emotion = Some(feeling),
                            (_, Some(name)) => channel = Some(*name),
                            _ => unknown = Some(word),
                        }
                    }
                    if let Some(word) = unknown {
                        wrong(format!(
                            "'{key}': '{word}' is none of upset, anxious, sad, confused, positive, neutral, {}",
                            CHANNELS.join(", ")
                        ));
                        continue;
                    }
                    (emotion, channel, text)
                }
            };
            let template = format!("{file}:{language}:{key}:{n}");
            let plain =
                (!text.contains("{{") && !text.contains("{%")).then(|| text.trim().to_owned());
            if let Err(e) = self.env.add_template_owned(template.clone(), text.clone()) {
                wrong(format!("'{key}': {e}"));
                continue;
            }
            let unknown = self.mentions(origin, &key, &template);
            if let Some(fact) = unknown.first() {
                wrong(format!(
                    "'{key}' mentions '{fact}', which it is not given; it may mention {}",
                    self.facts_of(&key).join(", ")
                ));
            }
            wordings.push(Wording {
                emotion,
                channel,
                template,
                plain,
                source: text,
                file: file.to_owned(),
                at,
            });
        }
        self.wordings
            .entry(language.to_owned())
            .or_default()
            .insert(key, wordings);
    }

    /// Whether there is such a phrase.
    pub fn has(&self, key: &str) -> bool {
        self.speaks(FALLBACK, key)
    }

    /// Whether the phrase exists in this very language.
    pub fn speaks(&self, language: &str, key: &str) -> bool {
        self.wordings
            .get(language)
            .is_some_and(|w| w.contains_key(key))
    }

    /// The languages in which whole conversations can be held: those that have the first question of a complaint.
    pub fn conversed(&self) -> impl Iterator<Item = &str> {
        let languages = self.wordings.keys().map(String::as_str);
        languages.filter(|l| self.speaks(l, "complaint.what_happened"))
    }

    /// Every wording that is written in that language.
    pub fn written<'a>(&'a self, language: &'a str) -> impl Iterator<Item = Written<'a>> {
        let phrases = self.wordings.get(language).into_iter().flatten();
        phrases.flat_map(move |(key, list)| {
            list.iter().map(move |w| Written {
                language,
                key,
                text: &w.source,
                file: &w.file,
                at: w.at,
            })
        })
    }

    /// The wordings that fit the audience best: those for their channel and feeling, else for one of them, else for
    /// anybody.
    fn fitting(&self, audience: &Audience<'_>, key: &str) -> Vec<&Wording> {
        let of = |l: &str| self.wordings.get(l).and_then(|w| w.get(key));
        let Some(list) = of(audience.language).or_else(|| of(FALLBACK)) else {
            return Vec::new();
        };
        let fit = |w: &Wording| {
            let feels = w.emotion.map(|e| e == audience.emotion);
            let writes = w.channel.map(|c| c == audience.channel);
            (feels != Some(false) && writes != Some(false))
                .then(|| u8::from(feels.is_some()) + 2 * u8::from(writes.is_some()))
        };
        let Some(best) = list.iter().filter_map(fit).max() else {
            // Written for others only: better those words than none.
            return list.first().into_iter().collect();
        };
        list.iter().filter(|w| fit(w) == Some(best)).collect()
    }

    /// How many wordings there are to choose from for this audience.
    pub fn choice_of(&self, audience: &Audience<'_>, key: &str) -> usize {
        self.fitting(audience, key).len()
    }

    /// The `nth` wording of a phrase for this audience, with the facts in their places (asked for only where the
    /// wording mentions any). A language that lacks it speaks English.
    ///
    /// A phrase that is missing, or mentions what it was not given, is a mistake in the files that `check` finds and
    /// that keeps them from being loaded; were there one for all that, it is said by its key, so that nobody is left
    /// without an answer.
    pub fn say(
        &self,
        audience: &Audience<'_>,
        key: &str,
        nth: u8,
        vars: impl FnOnce() -> Vars,
    ) -> String {
        let fitting = self.fitting(audience, key);
        let Some(wording) = fitting.get(usize::from(nth) % fitting.len().max(1)) else {
            return key.to_owned();
        };
        if let Some(plain) = &wording.plain {
            return plain.clone();
        }
        let vars = vars();
        self.env
            .get_template(&wording.template)
            .and_then(|t| t.render(Value::from_pairs(vars.iter().map(|(k, v)| (*k, v.clone())))))
            .map_or_else(|_| key.to_owned(), |t| t.trim().to_owned())
    }

    /// The values of a group of choices: what follows `choice.<group>.`, in the order of the file.
    pub fn choices(&self, group: &str) -> impl Iterator<Item = &str> {
        self.named(&format!("choice.{group}.")).into_iter()
    }

    /// What follows that beginning in the keys that have it, in the order of the files.
    pub fn named(&self, prefix: &str) -> Vec<&str> {
        let all = self.wordings.get(FALLBACK).into_iter().flatten();
        let mut found: Vec<(&str, &str, u64)> = all
            .filter_map(|(key, list)| {
                let value = key.strip_prefix(prefix)?;
                let first = list.first()?;
                Some((value, first.file.as_str(), first.at.line()))
            })
            .collect();
        found.sort_by_key(|(_, file, line)| (*file, *line));
        found.into_iter().map(|(value, _, _)| value).collect()
    }

    /// The group and value of the choice of which this is the title or the value, in the audience's language.
    pub fn chosen(&self, audience: &Audience<'_>, group: &str, typed: &str) -> Option<String> {
        let typed = typed.trim().trim_end_matches(['.', '!']).to_lowercase();
        if typed.is_empty() {
            return None;
        }
        let title = |value: &str| {
            let key = format!("choice.{group}.{value}");
            self.say(audience, &key, 0, Vars::new).to_lowercase()
        };
        let whole = |value: &&str| *value == typed || title(value) == typed;
        let named = || {
            let mut named = (self.choices(group)).filter(|value| names(&typed, &title(value)));
            named.next().filter(|_| named.next().is_none())
        };
        let found = self.choices(group).find(whole).or_else(named);
        found.map(str::to_owned)
    }
}

/// Whether a few words are some of a title's, and one of them is no small word: "complaint", "a question".
fn names(typed: &str, title: &str) -> bool {
    const FEW: usize = 3;
    const SMALL: usize = 4;
    let words = |text: &str| -> Vec<String> { text.unicode_words().map(str::to_owned).collect() };
    let (typed, title) = (words(typed), words(title));
    let large = |w: &String| w.chars().count() > SMALL;
    typed.len() <= FEW && typed.iter().any(large) && typed.iter().all(|w| title.contains(w))
}
