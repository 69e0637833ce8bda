//! Numbers and addresses as they are spoken: "oh seven seven double oh …", "ann dot lee at example dot org".

use super::own;
use regex::Regex;
use std::ops::Range;

/// How many words must be figures, where they are to be a telephone number.
const FEWEST_WORDS: usize = 5;

const DIGITS: [(&str, char); 23] = [
    ("zero", '0'),
    ("oh", '0'),
    ("o", '0'),
    ("nought", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("cero", '0'),
    ("uno", '1'),
    ("dos", '2'),
    ("tres", '3'),
    ("cuatro", '4'),
    ("cinco", '5'),
    ("seis", '6'),
    ("siete", '7'),
    ("ocho", '8'),
    ("nueve", '9'),
];

/// Words that say a figure of two, the second of which may follow by itself ("seventy seven").
const TENS: [(&str, char); 16] = [
    ("twenty", '2'),
    ("thirty", '3'),
    ("forty", '4'),
    ("fifty", '5'),
    ("sixty", '6'),
    ("seventy", '7'),
    ("eighty", '8'),
    ("ninety", '9'),
    ("veinte", '2'),
    ("treinta", '3'),
    ("cuarenta", '4'),
    ("cincuenta", '5'),
    ("sesenta", '6'),
    ("setenta", '7'),
    ("ochenta", '8'),
    ("noventa", '9'),
];

#[derive(Debug)]
pub(super) struct Dictated {
    word: Regex,
    email: Regex,
}

impl Dictated {
    pub(super) fn new() -> Self {
        const SIGN: &str =
            "(?: (?:dot|punto|point|underscore|gui[oó]n bajo|dash|hyphen|gui[oó]n) |[._-])";
        Self {
            word: own(r"[\p{L}]+|\d+"),
            email: own(&format!(
                r"(?i)\b([a-z0-9]+(?:{SIGN}[a-z0-9]+)*) (?:at|arroba) ([a-z0-9-]+(?: (?:dot|punto|point) [a-z0-9-]+)+)\b"
            )),
        }
    }

    /// The figures of spoken telephone numbers, and where they stand.
    pub(super) fn phones(&self, text: &str) -> Vec<(String, Range<usize>)> {
        let mut found = Vec::new();
        let mut run = Run::default();
        for word in self.word.find_iter(text) {
            let between = text.get(run.end..word.start()).unwrap_or_default();
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
                let sign = |word: &str| match word {
                    "dot" | "punto" | "point" => ".".to_owned(),
                    "underscore" | "bajo" => "_".to_owned(),
                    "dash" | "hyphen" | "guión" | "guion" => "-".to_owned(),
                    other => other.to_owned(),
                };
                let part = part
                    .to_lowercase()
                    .replace("guión bajo", "bajo")
                    .replace("guion bajo", "bajo");
                part.split(' ').map(sign).collect()
            };
            let address = format!("{}@{}", written(local), written(host));
            Some((address, whole.start()..whole.end()))
        };
        self.email.captures_iter(text).filter_map(spelt).collect()
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
        let known = |all: &[(&str, char)]| all.iter().find(|(w, _)| *w == word).map(|(_, c)| *c);
        if let Some(figure) = known(&DIGITS) {
            if std::mem::take(&mut self.ten) && figure != '0' {
                self.figures.pop();
            }
            for _ in 0..self.times.max(1) {
                self.figures.push(figure);
            }
            self.times = 0;
        } else if let Some(ten) = known(&TENS) {
            self.figures.push(ten);
            self.figures.push('0');
            self.ten = true;
        } else {
            match word.as_str() {
                "double" | "doble" => self.times = 2,
                "triple" | "treble" => self.times = 3,
                "hundred" | "cientos" if self.words > 0 => self.figures.push_str("00"),
                "y" if self.ten => {}
                w if self.words > 0 && w.bytes().all(|b| b.is_ascii_digit()) => {
                    self.figures.push_str(w);
                    self.ten = false;
                }
                _ => return false,
            }
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
