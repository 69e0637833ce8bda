//! Which language a message is in: by its script where that settles it, by common words, and by `whatlang` where a
//! message is long enough for letters to tell.

use super::{compile::RuleError, packs::PACKS};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Tells languages apart.
#[derive(Debug)]
pub(super) struct Languages {
    /// Which languages have a word.
    words: HashMap<String, Vec<usize>>,
    codes: Vec<String>,
}

/// The part of a pack's rules that is read here.
#[derive(Deserialize)]
struct Tells {
    tells: Vec<String>,
}

impl Languages {
    pub(super) fn load() -> Result<Self, RuleError> {
        let others = include_str!("data/languages.yaml");
        let mut lists: BTreeMap<String, Vec<String>> =
            serde_saphyr::from_str(others).map_err(|e| RuleError::Shape(e.to_string()))?;
        for pack in PACKS {
            let file: Tells = serde_saphyr::from_str(pack.rules())
                .map_err(|e| RuleError::Shape(e.to_string()))?;
            lists.insert(pack.code().to_owned(), file.tells);
        }
        let mut words: HashMap<String, Vec<usize>> = HashMap::new();
        let mut codes = Vec::new();
        for (code, list) in lists {
            for word in list {
                // A word that stands twice in a list tells no more than once.
                let known = words.entry(word).or_default();
                if known.last() != Some(&codes.len()) {
                    known.push(codes.len());
                }
            }
            codes.push(code);
        }
        Ok(Self { words, codes })
    }

    /// ISO 639-1 code of the language of `text` (`plain`, normalised), the first pack's where it cannot be told; and
    /// whether it is sure enough to change the language of a talk.
    pub(super) fn detect(&self, text: &str, plain: &str) -> (String, bool) {
        if let Some(code) = by_script(text) {
            return (code.to_owned(), true);
        }
        let mut counts = vec![0_usize; self.codes.len()];
        let mut seen: HashSet<&str> = HashSet::new();
        let mut total = 0;
        for word in plain.split_whitespace() {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            total += usize::from(!word.is_empty());
            // The same little word twice tells no more than once.
            let known = self.words.get(word).filter(|_| seen.insert(word));
            for language in known.into_iter().flatten() {
                counts[*language] += 1;
            }
        }
        let best = (0..counts.len()).max_by_key(|i| counts[*i]);
        let known = best.filter(|i| {
            let rivals = (0..counts.len()).filter(|j| j != i).map(|j| counts[j]);
            counts[*i] > rivals.max().unwrap_or(0) && counts[*i] * 5 >= total
        });
        if let Some(known) = known
            && (total < 12 || counts[known] * 4 >= total)
        {
            // "Call me Mo" is no Spanish: of three words all must be of it.
            let enough = if total == 3 { 3 } else { 2 };
            return (
                self.codes[known].clone(),
                total >= 3 && counts[known] >= enough,
            );
        }
        let by_letters = whatlang::detect(text)
            .filter(|info| info.is_reliable() && total >= 4)
            .and_then(|info| code(info.lang()));
        let sure = by_letters.is_some();
        let code = by_letters.map_or_else(
            || known.map_or_else(|| PACKS[0].code().to_owned(), |i| self.codes[i].clone()),
            str::to_owned,
        );
        (code, sure)
    }
}

/// The language of a text in a script other than the Latin one, where it has at least a word of it.
fn by_script(text: &str) -> Option<&'static str> {
    if text.is_ascii() {
        return None;
    }
    let foreign = text.chars().filter(|c| c.is_alphabetic() && !c.is_ascii());
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    if foreign.count() <= latin {
        return None;
    }
    let info = whatlang::detect(text)?;
    if info.script() == whatlang::Script::Latin {
        return None;
    }
    code(info.lang())
}

/// ISO 639-1 of the languages that are told apart.
const fn code(lang: whatlang::Lang) -> Option<&'static str> {
    use whatlang::Lang as L;
    Some(match lang {
        L::Eng => "en",
        L::Spa => "es",
        L::Fra => "fr",
        L::Deu => "de",
        L::Ita => "it",
        L::Por => "pt",
        L::Ind => "id",
        L::Pol => "pl",
        L::Ron => "ro",
        L::Nld => "nl",
        L::Tur => "tr",
        L::Rus => "ru",
        L::Ukr => "uk",
        L::Ara => "ar",
        L::Urd => "ur",
        L::Pes => "fa",
        L::Heb => "he",
        L::Hin => "hi",
        L::Ben => "bn",
        L::Pan => "pa",
        L::Guj => "gu",
        L::Tam => "ta",
        L::Cmn => "zh",
        L::Jpn => "ja",
        L::Kor => "ko",
        L::Vie => "vi",
        L::Ell => "el",
        L::Hun => "hu",
        L::Ces => "cs",
        L::Lit => "lt",
        L::Bul => "bg",
        _ => return None,
    })
}
