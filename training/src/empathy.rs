//! The scorer of empathy: read from pairs of a message and a reply, learned, judged.

use crate::{
    learn::{Pace, small},
    sources::{Wrong, at, read, tables},
    tally::Tally,
};
use nohold::{
    assist::{Empathy, LEVELS, MECHANISMS, reply_features},
    nlu::model::{Features, Table},
};
use std::path::Path;

/// A reply and its levels, in the order of [`Empathy::levels`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The file that it is from.
    pub hand: String,
    /// Its words.
    pub text: String,
    /// Its levels.
    pub levels: [u8; MECHANISMS],
}

/// All pairs in a folder of tab-separated files: message, reply, three levels; with a header.
///
/// # Errors
/// A file that cannot be read, or a line that is no pair; it is named.
pub fn replies(folder: &Path) -> Result<Vec<Reply>, Wrong> {
    let mut all = Vec::new();
    for file in tables(folder)? {
        let hand = file.file_stem().unwrap_or_default().to_string_lossy();
        for (n, line) in read(&file)?.lines().enumerate().skip(1) {
            let wrong = || at(&file, format!("line {}: no pair and its levels", n + 1));
            all.push(pair(line, &hand).ok_or_else(wrong)?);
        }
    }
    Ok(all)
}

fn pair(line: &str, hand: &str) -> Option<Reply> {
    let [_, reply, levels @ ..] = &line.split('\t').collect::<Vec<_>>()[..] else {
        return None;
    };
    let levels: Vec<u8> = (levels.iter())
        .map(|l| l.parse().ok().filter(|l| usize::from(*l) < LEVELS))
        .collect::<Option<_>>()?;
    Some(Reply {
        hand: hand.to_owned(),
        text: (*reply).to_owned(),
        levels: levels.try_into().ok()?,
    })
}

/// One table a mechanism.
pub fn learn(replies: &[&Reply]) -> Vec<Table> {
    (0..MECHANISMS)
        .map(|mechanism| {
            let examples: Vec<(Features, u8)> = (replies.iter())
                .map(|r| (reply_features(&r.text), r.levels[mechanism]))
                .collect();
            small(LEVELS, mechanism as u64, Pace::EAGER, &examples)
        })
        .collect()
}

/// How far the tables agree with the labels: for each mechanism its name and the tally.
pub fn judge(tables: &[Table], replies: &[&Reply]) -> Vec<(&'static str, Tally)> {
    let mut all: Vec<(&'static str, Tally)> = Empathy::default()
        .levels()
        .map(|(name, _)| (name, Tally::default()))
        .into();
    for reply in replies {
        let said = Empathy::by(tables, &reply.text).levels();
        for ((tally, right), (_, level)) in all.iter_mut().zip(reply.levels).zip(said) {
            tally.1.add(&right.to_string(), &level.to_string());
        }
    }
    all
}
