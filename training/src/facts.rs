//! How many of strangers' questions the shipped facts answer, and how many they answer wrongly.

use crate::sources::{Wrong, at, read};
use nohold::{
    dialogue::Policy,
    domain::{Interpretation, Timestamp},
};
use serde::Deserialize;
use std::path::Path;

/// A message, and the topic that answers it.
#[derive(Debug, Deserialize)]
pub struct Asked {
    text: String,
    /// None where no topic does.
    topic: Option<String>,
    /// Whether the figures were chosen on it.
    chosen_on: bool,
}

/// What became of questions that a topic answers, and of others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// Questions that a topic answers.
    pub questions: usize,
    /// Answered by that topic.
    pub right: usize,
    /// Answered by another.
    pub wrong: usize,
    /// Asked which of two is meant.
    pub asked: usize,
    /// One of the two was it.
    pub asked_right: usize,
    /// Messages that no topic answers.
    pub others: usize,
    /// Answered all the same.
    pub others_answered: usize,
    /// Asked which of two is meant.
    pub others_asked: usize,
}

/// All questions of a file of JSON lines: those on which the figures were chosen, or the rest.
///
/// # Errors
/// A file that cannot be read, or a line that is no question; it is named.
pub fn asked(file: &Path, chosen_on: bool) -> Result<Vec<Asked>, Wrong> {
    let line = |(n, line)| {
        serde_json::from_str(line).map_err(|e| at(file, format!("line {}: {e}", n + 1)))
    };
    let all: Result<Vec<Asked>, Wrong> = read(file)?.lines().enumerate().map(line).collect();
    Ok(all?
        .into_iter()
        .filter(|a| a.chosen_on == chosen_on)
        .collect())
}

/// Puts them all to the reader and the shipped facts. A wish has a flow that answers its own topic.
pub fn judge(policy: &Policy, now: Timestamp, messages: &[Asked]) -> Answered {
    let mut all = Answered::default();
    for message in messages {
        let said = policy.read(&message.text, now);
        let given = answer(&said);
        let two = given.is_none() && !said.entities.topics.is_empty();
        let Some(topic) = &message.topic else {
            all.others += 1;
            all.others_answered += usize::from(said.entities.topic.is_some());
            all.others_asked += usize::from(two);
            continue;
        };
        all.questions += 1;
        all.right += usize::from(given == Some(topic));
        all.wrong += usize::from(given.is_some_and(|g| g != topic));
        all.asked += usize::from(two);
        all.asked_right += usize::from(two && said.entities.topics.contains(topic));
    }
    all
}

fn answer(said: &Interpretation) -> Option<&str> {
    let own = || said.intent.is_wish().then(|| said.intent.name());
    said.entities.topic.as_deref().or_else(own)
}
