//! Numbers and addresses as they are spoken: "oh seven seven double oh …", "ann dot lee at example dot org".

use crate::nlu::{compile::own, finders::Finders, pack::SpokenWords, packs::PACKS};
use regex::Regex;
use std::{collections::HashSet, ops::Range};

/// How many words must be figures, where they are to be a telephone number.
const FEWEST_WORDS: usize = 5;

#[derive(Debug)]
pub(super) struct Dictated {
    word: Regex,
    email: Finders,
    /// All words of figures.
    figures: HashSet<&'static str>,
}

impl Dictated {
    pub(super) fn new() -> Self {
        let words = |of: fn(&'static SpokenWords) -> Vec<&'static str>| -> String {
            let all: Vec<&str> = PACKS.iter().flat_map(|p| of(p.spoken())).collect();
            all.join("|")
        };
        let (at, dot) = (words(|w| vec![w.at]), words(|w| w.dot.to_vec()));
        let sign = words(|w| w.signs.iter().map(|(name, _)| *name).collect());
        let sign = format!("(?: (?:{dot}|{sign}) |[._-])");
        let email = format!(
            r"(?i)\b([a-z0-9]+(?:{sign}[a-z0-9]+)*) (?:{at}) ([a-z0-9-]+(?: (?:{dot}) [a-z0-9-]+)+)\b"
        );
        let figures = PACKS.iter().flat_map(|p| {
            let spoken = p.spoken();
            let digits = spoken
                .digits
                .iter()
                .chain(spoken.tens)
                .map(|(word, _)| *word);
            let times = spoken.times.iter().map(|(word, _)| *word);
            let others = spoken.hundred.iter().chain(spoken.and).copied();
            digits.chain(times).chain(others)
        });
        Self {
            word: own(r"[\p{L}]+|\d+"),
            email: Finders::own(&[email]),
            figures: figures.collect(),
        }
    }

    /// Whether there are words enough for a number, of which most messages have hardly one.
    fn may_have_phones(&self, text: &str) -> bool {
        let lower = text.to_ascii_lowercase();
        let figures = lower.bytes().filter(u8::is_ascii_digit).count();
        let words = lower.split(|c: char| !c.is_ascii_alphabetic());
        let words = words.filter(|w| self.figures.contains(w)).count();
        figures + words >= FEWEST_WORDS
    }

    /// The figures of spoken telephone numbers, and where they stand.
    pub(super) fn phones(&self, text: &str) -> Vec<(String, Range<usize>)> {
        let mut found = Vec::new();
        if !self.may_have_phones(text) {
            return found;
        }
        let mut run = Run::default();
        for word in self.word.find_iter(text) {
            let between = text.get(run.end..word.start()).unwrap_or_default();
            // "Nine sixty, one four": the ten is whole.
            run.ten &= !between.contains([',', '.']);
            let apart = run.words > 0 && !between.chars().all(|c| " ,-.\t".contains(c));
            if apart || !run.takes(word.as_str()) {
                found.extend(run.number());
                run = Run::default();
                if !run.takes(word.as_str()) {
                    continue;
                }
            }
            if run.words == 1 {
                run.start = word.start();
            }
            run.end = word.end();
        }
        found.extend(run.number());
        found
    }

    /// Spoken e-mail addresses as they are written, and where they stand.
    pub(super) fn emails(&self, text: &str) -> Vec<(String, Range<usize>)> {
        let spelt = |c: regex::Captures<'_>| {
            let whole = c.get_match();
            let (local, host) = (c.get(1)?.as_str(), c.get(2)?.as_str());
            let written = |part: &str| -> String {
                let spoken = || PACKS.iter().map(|p| p.spoken());
                let dots = spoken().flat_map(|w| w.dot.iter().map(|dot| (*dot, ".")));
                let signs = spoken().flat_map(|w| w.signs.iter().copied());
                let all = signs.chain(dots);
                let part = all.fold(
                    format!(" {} ", part.to_lowercase()),
                    |part, (name, sign)| part.replace(&format!(" {name} "), sign),
                );
                part.trim().to_owned()
            };
            let address = format!("{}@{}", written(local), written(host));
            Some((address, whole.start()..whole.end()))
        };
        self.email
            .look(text)
            .captures_iter(0)
            .filter_map(spelt)
            .collect()
    }
}

/// Words of figures that follow each other.
#[derive(Debug, Default)]
struct Run {
    figures: String,
    words: usize,
    /// How often the next figure is said.
    times: usize,
    /// A ten that a unit may still follow.
    ten: bool,
    start: usize,
    end: usize,
}

impl Run {
    /// Whether the word goes on with the number.
    fn takes(&mut self, word: &str) -> bool {
        let word = word.to_lowercase();
        let known = |of: fn(&SpokenWords) -> &[(&str, char)]| {
            let mut all = PACKS.iter().flat_map(|p| of(p.spoken()));
            all.find(|(w, _)| *w == word).map(|(_, c)| *c)
        };
        let mut spoken = PACKS.iter().map(|p| p.spoken());
        let times = || {
            let mut all = PACKS.iter().flat_map(|p| p.spoken().times);
            all.find(|(w, _)| *w == word).map(|(_, n)| *n)
        };
        if let Some(figure) = known(|w| w.digits) {
            if std::mem::take(&mut self.ten) && figure != '0' {
                self.figures.pop();
            }
            for _ in 0..self.times.max(1) {
                self.figures.push(figure);
            }
            self.times = 0;
        } else if let Some(ten) = known(|w| w.tens) {
            self.figures.push(ten);
            self.figures.push('0');
            self.ten = true;
        } else if let Some(times) = times() {
            self.times = times;
            self.ten = false;
        } else if self.words > 0 && spoken.clone().any(|w| w.hundred.contains(&word.as_str())) {
            self.figures.push_str("00");
        } else if self.words > 0 && word.bytes().all(|b| b.is_ascii_digit()) {
            self.figures.push_str(&word);
            self.ten = false;
        } else if !(self.ten && spoken.any(|w| w.and.contains(&word.as_str()))) {
            return false;
        }
        self.words += 1;
        true
    }

    fn number(&mut self) -> Option<(String, Range<usize>)> {
        let dialled = (9..=15).contains(&self.figures.len()) && self.words >= FEWEST_WORDS;
        dialled.then(|| (std::mem::take(&mut self.figures), self.start..self.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spoken_numbers_are_dialled() {
        let spoken = Dictated::new();
        for (text, figures) in [
            (
                "it's oh seven seven double oh nine double oh two six three, mind",
                "07700900263",
            ),
            (
                "zero seven seven double oh nine hundred one two three",
                "07700900123",
            ),
            (
                "cero siete siete cero cero, nueve cero cero, ocho dos nueve",
                "07700900829",
            ),
            (
                "oh one six three two ninety six oh two double one",
                "01632960211",
            ),
            (
                "oh one six three two, nine sixty, double one seven",
                "01632960117",
            ),
            (
                "oh one six three two, nine sixty, one four two",
                "01632960142",
            ),
        ] {
            let found = spoken.phones(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!(found[0].0, figures, "{text}");
        }
    }

    #[test]
    fn figures_in_a_story_are_no_number() {
        let spoken = Dictated::new();
        for text in [
            "she waited three hours and two nurses said one thing each",
            "one two three four five",
            "ward seven, bed nine, two of us, four times",
        ] {
            assert!(spoken.phones(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn spoken_addresses_are_written() {
        let spoken = Dictated::new();
        let emails = |text: &str| -> Vec<String> {
            spoken
                .emails(text)
                .into_iter()
                .map(|(email, _)| email)
                .collect()
        };
        assert_eq!(
            emails("it's hannah dot quill at example dot com"),
            ["hannah.quill@example.com"]
        );
        assert_eq!(
            emails("ana guion bajo ruiz arroba example punto org"),
            ["ana_ruiz@example.org"]
        );
        assert!(emails("she isn't Karen at all. It's Denise.").is_empty());
        assert!(emails("look at example.org please").is_empty());
    }
}
