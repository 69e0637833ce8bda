//! The model of the order of words: what people might write, and the same words shuffled, listed and stuffed.

use crate::{
    empathy::Reply,
    learn::{Dice, Pace, small},
    sources::{Labelled, Wrong, read},
};
use nohold::{
    assist::{ORDERS, Rubric},
    nlu::model::{Features, Table},
};
use std::path::Path;

/// A text in a language.
struct Text {
    language: &'static str,
    words: String,
}

/// Frames that clauses are put into, by language.
#[derive(Debug)]
pub struct Frames {
    english: Vec<String>,
    spanish: Vec<String>,
}

impl Frames {
    /// Of a folder with a file for each language.
    ///
    /// # Errors
    /// A file that cannot be read; it is named.
    pub fn of(folder: &Path) -> Result<Self, Wrong> {
        let lines = |name: &str| -> Result<Vec<String>, Wrong> {
            let text = read(&folder.join(name))?;
            let whole = |l: &&str| l.contains("{}");
            Ok(text.lines().filter(whole).map(str::to_owned).collect())
        };
        Ok(Self {
            english: lines("en.txt")?,
            spanish: lines("es.txt")?,
        })
    }

    fn in_one(&self, language: &str, clause: &[&str], dice: &mut Dice) -> String {
        let frames = if language == "es" {
            &self.spanish
        } else {
            &self.english
        };
        let frame = dice.one_of(frames).map_or("{}", String::as_str);
        frame.replace("{}", &clause.join(" "))
    }
}

/// The words and marks of a sentence.
fn pieces(sentence: &str) -> Vec<&str> {
    let mut all = Vec::new();
    for word in sentence.split_whitespace() {
        let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        let bare = bare.trim_start_matches(|c: char| !c.is_alphanumeric());
        all.extend(Some(bare).filter(|b| !b.is_empty()));
        all.extend(Some(",").filter(|_| word.ends_with([',', ';', ':'])));
    }
    all
}

/// The shortest sentence that is learned from.
const SHORTEST: usize = 4;
/// Words of three letters and less are mostly grammar: nobody stuffs them.
const LONG: usize = 3;

/// A clause as it was written.
fn clause<'t>(sentence: &[&'t str], dice: &mut Dice) -> Vec<&'t str> {
    let after = |(i, w): (usize, &&str)| (*w == "," && i + 3 < sentence.len()).then_some(i + 1);
    let mut starts: Vec<usize> = vec![0];
    starts.extend(sentence.iter().enumerate().filter_map(after));
    let start = *dice.one_of(&starts).unwrap_or(&0);
    let end = sentence.len().min(start + 4 + dice.below(9));
    sentence[start..end].to_vec()
}

fn listed<'t>(words: &[&'t str], between: &'t str) -> Vec<&'t str> {
    let mut all: Vec<&str> = words.iter().flat_map(|w| [*w, between]).collect();
    all.pop();
    all
}

/// Words that were thrown together.
fn thrown<'t>(
    sentence: &[&'t str],
    others: &[&'t str],
    frames: &Frames,
    language: &str,
    dice: &mut Dice,
) -> String {
    let long: Vec<&str> = others
        .iter()
        .copied()
        .filter(|w| w.chars().count() > LONG)
        .collect();
    let some = |from: &[&'t str], least: usize, more: usize, dice: &mut Dice| {
        let count = least + dice.below(more);
        let mut all = from.to_vec();
        dice.mix(&mut all);
        all.truncate(count);
        all
    };
    let stuffing = match dice.below(20) {
        0..=3 => {
            let mut all = sentence.to_vec();
            dice.mix(&mut all);
            return all.join(" ");
        }
        4..=7 => {
            let mut all = some(others, 4, 11, dice);
            if dice.below(2) == 0 {
                all.sort_unstable();
            }
            all
        }
        8..=11 => some(&long, 3, 4, dice),
        12..=14 => listed(&some(&long, 3, 3, dice), ","),
        15..=16 => listed(&some(&long, 3, 2, dice), "and"),
        _ => {
            let at = dice.below(sentence.len() + 1);
            let (before, after) = sentence.split_at(at);
            return [before, &some(&long, 3, 3, dice), after].concat().join(" ");
        }
    };
    frames.in_one(language, &stuffing, dice)
}

/// Stretches of words, and whether somebody might write them in this order.
pub type Examples = Vec<(Features, u8)>;

/// Of each sentence two examples of an order that is right, and two of one that is not; every tenth text is kept aside.
/// What is learned from, and what is kept aside.
pub fn examples(
    rubric: &Rubric,
    hands: &[Labelled],
    replies: &[Reply],
    frames: &Frames,
) -> (Examples, Examples) {
    let hands = hands.iter().map(|h| Text {
        language: if h.hand.contains("-es") { "es" } else { "en" },
        words: h.text.to_lowercase(),
    });
    let replies = replies.iter().map(|r| Text {
        language: "en",
        words: r.text.to_lowercase(),
    });
    let texts: Vec<Text> = hands.chain(replies).collect();
    let mut dice = Dice::new(17);
    let (mut learned, mut aside) = (Examples::new(), Examples::new());
    for (n, text) in texts.iter().enumerate() {
        let into = if n % 10 == 9 {
            &mut aside
        } else {
            &mut learned
        };
        for sentence in text.words.split_inclusive(['.', '!', '?', '\n']) {
            let all = pieces(sentence);
            if all.len() < SHORTEST {
                continue;
            }
            let mut other = dice.one_of(&texts).unwrap_or(text);
            while other.language != text.language {
                other = dice.one_of(&texts).unwrap_or(text);
            }
            let others = pieces(&other.words);
            let mut add = |words: &str, right: u8, dice: &mut Dice| {
                let stretches = rubric.order_features(text.language, words);
                let one = dice.one_of(&stretches).cloned();
                into.extend(one.map(|features| (features, right)));
            };
            add(sentence, 1, &mut dice);
            let clause = clause(&all, &mut dice);
            let framed = frames.in_one(text.language, &clause, &mut dice);
            add(&framed, 1, &mut dice);
            for _ in 0..2 {
                let wrong = thrown(&all, &others, frames, text.language, &mut dice);
                add(&wrong, 0, &mut dice);
            }
        }
    }
    (learned, aside)
}

/// How the order of words is learned: whoever learns more of single examples knows the words and not the order.
const CAREFUL: Pace = Pace {
    rounds: 4,
    averaged: 2,
    rate: 0.02,
    shrink: 0.1,
};

/// Learns the table.
pub fn learn(examples: &[(Features, u8)]) -> Table {
    small(ORDERS, 0, CAREFUL, examples)
}

/// Of words in a right order, and of words that were thrown together, the share whose chance of being a sentence is
/// under a bound.
pub fn under(table: &Table, examples: &[(Features, u8)], bound: f32) -> [f64; 2] {
    [1, 0].map(|wanted| {
        let all: Vec<bool> = (examples.iter())
            .filter(|(_, right)| *right == wanted)
            .map(|(features, _)| table.ask(features)[1] < bound)
            .collect();
        all.iter().filter(|u| **u).count() as f64 / all.len().max(1) as f64
    })
}
