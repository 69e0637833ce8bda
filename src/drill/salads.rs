//! Words of the person's, thrown into frames: whoever answers by rote wins nothing.

use super::tests::DRILLS;
use crate::flow::Texts;
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// A frame: what is said turn after turn, from the beginning again where there is no more.
type Frame = Vec<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Salads {
    seen: Vec<Frame>,
    aside: Vec<Frame>,
    win_still: Vec<Frame>,
}

/// Words that say little, by the rubric, and two of each family of feelings.
#[derive(Deserialize)]
struct Words {
    grammar: String,
    ordinary: String,
    feelings: BTreeMap<String, Vec<String>>,
}

fn salads() -> Salads {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/salads.yaml");
    let text = std::fs::read_to_string(file).expect("tests/salads.yaml");
    serde_saphyr::from_str(&text).expect("frames")
}

/// A frame with the last words of the person in it.
fn filled(frame: &str, last: &str, feelings: &[String], words: &Words) -> String {
    let common: BTreeSet<&str> = (words.grammar.split_whitespace())
        .chain(words.ordinary.split_whitespace())
        .collect();
    let all: Vec<&str> = last
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|w| !w.is_empty())
        .collect();
    let says = |w: &&&str| w.len() > 2 && !common.contains(w.to_lowercase().as_str());
    let mut keys: Vec<&str> = all.iter().filter(says).copied().collect();
    if keys.is_empty() {
        keys.push("that");
    }
    let keys: Vec<&str> = keys.iter().copied().cycle().take(8).collect();
    let mut bag = all.clone();
    bag.sort_by_key(|w| w.to_lowercase());
    let backwards: Vec<&str> = keys[..6].iter().rev().copied().collect();
    let felt = &words.feelings[&feelings[0]];
    let end = |from: usize| all[from.min(all.len())..].join(" ");
    let mut text = frame.to_owned();
    for (slot, with) in [
        ("{bag}", bag.join(" ")),
        ("{keys}", keys[..5].join(" ")),
        ("{list}", keys[..4].join(", ")),
        ("{and}", keys[..4].join(" and ")),
        ("{backwards}", backwards.join(" ")),
        ("{first}", all[..all.len().min(5)].join(" ")),
        ("{last}", end(all.len().saturating_sub(5))),
        ("{feeling}", felt[0].clone()),
        ("{felt}", felt[felt.len() - 1].clone()),
        ("{0}", keys[0].to_owned()),
        ("{1}", keys[1].to_owned()),
        ("{2}", keys[2].to_owned()),
        ("{3}", keys[3].to_owned()),
    ] {
        text = text.replace(slot, &with);
    }
    text
}

/// The scenarios in English that a frame wins.
fn won(frame: &Frame, words: &Words) -> Vec<String> {
    let mut won = Vec::new();
    for scenario in DRILLS.all().filter(|s| s.language == "en") {
        let drill = DRILLS.drill(&scenario.id).expect("a scenario");
        let mut run = drill.begin(0);
        while !run.done {
            let last = run.said.last().expect("somebody spoke").clone();
            let frame = &frame[run.replies.len() % frame.len()];
            let reply = filled(frame, &last, &scenario.feelings, words);
            drill.step(&mut run, &reply, None).expect("a reply");
        }
        if drill.outcome(&run).passed {
            won.push(scenario.id.clone());
        }
    }
    won
}

fn words() -> Words {
    let texts = Texts::built_in();
    let text = texts.get("en/rubric.yaml").expect("the rubric");
    serde_saphyr::from_str(text).expect("words")
}

#[test]
fn words_thrown_into_a_frame_win_no_drill() {
    let (words, salads) = (words(), salads());
    for frame in salads.seen.iter().chain(&salads.aside) {
        assert_eq!(won(frame, &words), Vec::<String>::new(), "{frame:?}");
    }
}

/// docs/rubric.md tells of them. Where one of them wins no more, it belongs to the others.
#[test]
fn frames_that_win_still_are_known() {
    let words = words();
    for frame in salads().win_still {
        assert!(!won(&frame, &words).is_empty(), "{frame:?}");
    }
}
