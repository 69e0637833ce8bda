//! The phrase book: several wordings of everything that is said, per language, chosen by feeling.

use super::{error::FlowError, source::Texts};
use crate::domain::Emotion;
use minijinja::Environment;
use serde::Deserialize;
use serde_saphyr::Spanned;
use std::collections::BTreeMap;

/// What a phrase may mention.
pub type Vars = BTreeMap<&'static str, minijinja::Value>;

/// One wording, for a feeling or for any.
#[derive(Clone, Debug)]
pub struct Wording {
    /// The feeling that it is for; none is for all.
    pub emotion: Option<Emotion>,
    template: String,
    /// The text itself, where it mentions no fact.
    plain: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawWording {
    ForOne(BTreeMap<String, String>),
    Plain(String),
}

/// Everything that is said.
pub struct PhraseBook {
    env: Environment<'static>,
    wordings: BTreeMap<String, BTreeMap<String, Vec<Wording>>>,
}

impl std::fmt::Debug for PhraseBook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PhraseBook")
            .field("languages", &self.wordings.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// Phrases with their wordings, as a file has them.
type Entries = BTreeMap<String, Spanned<Vec<RawWording>>>;

/// The language that every phrase exists in.
const FALLBACK: &str = "en";

impl PhraseBook {
    /// Reads `<language>/phrases.yaml` and `<language>/assist.yaml` of every language.
    pub(super) fn load(texts: &Texts) -> (Self, Vec<FlowError>) {
        let mut env = Environment::new();
        env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        env.set_undefined_behavior(minijinja::UndefinedBehavior::SemiStrict);
        let mut book = Self {
            env,
            wordings: BTreeMap::new(),
        };
        let mut errors = Vec::new();
        let mut read = |language: &str, file: &str| match texts.yaml::<Entries>(file) {
            Ok(entries) => book.take(language, file, entries, &mut errors),
            Err(e) => errors.push(e),
        };
        // A folder for each language; only the fallback must be complete.
        for language in texts.languages() {
            for file in ["phrases", "assist"].map(|f| format!("{language}/{f}.yaml")) {
                if language == FALLBACK || texts.get(&file).is_ok() {
                    read(&language, &file);
                }
            }
        }
        let file = "languages.yaml";
        match texts.yaml::<BTreeMap<String, Entries>>(file) {
            Ok(all) => {
                for (language, entries) in all {
                    book.take(&language, file, entries, &mut errors);
                }
            }
            Err(e) => errors.push(e),
        }
        (book, errors)
    }

    fn take(&mut self, language: &str, file: &str, entries: Entries, errors: &mut Vec<FlowError>) {
        for (key, list) in entries {
            let place = list.referenced;
            if list.value.is_empty() {
                errors.push(FlowError::at(
                    file,
                    place,
                    format!("'{key}' has no wording"),
                ));
            }
            let mut wordings = Vec::new();
            for (n, raw) in list.value.into_iter().enumerate() {
                let (emotion, text) = match raw {
                    RawWording::Plain(text) => (None, text),
                    RawWording::ForOne(one) => {
                        let mut one = one.into_iter();
                        let (Some((name, text)), None) = (one.next(), one.next()) else {
                            errors.push(FlowError::at(
                                file,
                                place,
                                format!("'{key}': a wording is a text, or one feeling with a text"),
                            ));
                            continue;
                        };
                        let Some(emotion) = Emotion::from_name(&name) else {
                            errors.push(FlowError::at(file, place, format!("'{key}': '{name}' is none of upset, anxious, sad, confused, positive, neutral")));
                            continue;
                        };
                        (Some(emotion), text)
                    }
                };
                let template = format!("{language}:{key}:{n}");
                let plain =
                    (!text.contains("{{") && !text.contains("{%")).then(|| text.trim().to_owned());
                if let Err(e) = self.env.add_template_owned(template.clone(), text) {
                    errors.push(FlowError::at(file, place, format!("'{key}': {e}")));
                    continue;
                }
                wordings.push(Wording {
                    emotion,
                    template,
                    plain,
                });
            }
            self.wordings
                .entry(language.to_owned())
                .or_default()
                .insert(key, wordings);
        }
    }

    /// Whether there is such a phrase.
    pub fn has(&self, key: &str) -> bool {
        self.wordings
            .get(FALLBACK)
            .is_some_and(|w| w.contains_key(key))
    }

    /// Whether the phrase exists in this very language.
    pub fn speaks(&self, language: &str, key: &str) -> bool {
        self.wordings
            .get(language)
            .is_some_and(|w| w.contains_key(key))
    }

    /// The `nth` wording of a phrase for this feeling, with the facts in their places (asked for only where the wording mentions any). A language that lacks it speaks English.
    ///
    /// A phrase that is missing, or mentions what it was not given, is a mistake in the files that `check` and the tests find; here it is said by its key, so that nobody is left without an answer.
    pub fn say(
        &self,
        language: &str,
        key: &str,
        emotion: Emotion,
        nth: u8,
        vars: impl FnOnce() -> Vars,
    ) -> String {
        let of = |l: &str| self.wordings.get(l).and_then(|w| w.get(key));
        let Some(list) = of(language).or_else(|| of(FALLBACK)) else {
            return key.to_owned();
        };
        let of_feeling =
            |feeling: Option<Emotion>| list.iter().filter(move |w| w.emotion == feeling);
        let feeling = Some(emotion).filter(|e| of_feeling(Some(*e)).next().is_some());
        let count = of_feeling(feeling).count();
        let wording = of_feeling(feeling)
            .nth(usize::from(nth) % count.max(1))
            .or_else(|| list.first());
        let Some(wording) = wording else {
            return key.to_owned();
        };
        if let Some(plain) = &wording.plain {
            return plain.clone();
        }
        let vars = vars();
        self.env
            .get_template(&wording.template)
            .and_then(|t| {
                t.render(minijinja::Value::from_pairs(
                    vars.iter().map(|(k, v)| (*k, v.clone())),
                ))
            })
            .map_or_else(|_| key.to_owned(), |t| t.trim().to_owned())
    }

    /// The values of a group of choices: what follows `choice.<group>.`.
    pub fn choices(&self, group: &str) -> impl Iterator<Item = &str> {
        let prefix = format!("choice.{group}.");
        let from = prefix.clone();
        let all = self
            .wordings
            .get(FALLBACK)
            .into_iter()
            .flat_map(move |w| w.range(from.clone()..).map(|(k, _)| k.as_str()));
        all.map_while(move |k| k.strip_prefix(prefix.as_str()))
    }
}
