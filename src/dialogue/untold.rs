//! Words that were taken for an answer and stand in no slot: no word of a story is lost.

use super::{
    acts::{Acts, DialogueAct},
    heard::Heard,
};
use crate::{
    domain::{
        Conversation, Slot,
        interpretation::{Clause, Cue},
    },
    nlu::{is_calendar, is_ordinary},
};
use std::collections::HashSet;
use unicode_segmentation::UnicodeSegmentation;

/// From so many words on that stand nowhere else, a clause tells more than its value.
const MORE: usize = 5;
/// The same of a sentence that clears somebody.
const CLEARS: usize = 3;
/// Shorter words tell nothing by themselves.
const LETTERS: usize = 3;

/// The clauses of a message about a complaint whose words would be lost: a second place beside the one that is known,
/// days that could not be worked out, what was said around a value.
pub(super) fn untold(state: &Conversation, heard: &Heard<'_>, acts: &Acts) -> Vec<(usize, usize)> {
    let kept = words_kept(state);
    let lost = |clause: &&Clause| {
        let Some(what) = taken_by(acts, clause) else {
            return false;
        };
        let left: Vec<&str> = left_of(heard, clause, &kept);
        match what {
            DialogueAct::Answer(slot, value) | DialogueAct::Inform(slot, value)
                if of_incident(*slot) =>
            {
                let unknown = clause.has(Cue::DontKnow) || clause.has(Cue::Skip);
                let value = value.text().to_lowercase();
                let gone = |w: &str| w.chars().count() > LETTERS && !kept.contains(w);
                left.iter().any(|w| telling(w))
                    || value.unicode_words().any(gone)
                    || left.len() >= MORE && !unknown
            }
            // "But it wasn't her": who is cleared, where nobody is named.
            DialogueAct::Correct(Slot::StaffInvolved, _)
            | DialogueAct::Retract(Slot::StaffInvolved, _) => {
                let named = |w: &&str| w.starts_with(char::is_uppercase);
                clause.finite && left.len() >= CLEARS && !left.iter().any(named)
            }
            DialogueAct::Filler if !clause.filler => left.iter().any(|w| telling(w)),
            _ => false,
        }
    };
    let clauses = heard.said.clauses.iter().filter(|c| !c.filler).filter(lost);
    clauses.map(|c| (c.start, c.end)).collect()
}

/// Slots that tell of what happened. How the writer is called and reached is no part of the story.
const fn of_incident(slot: Slot) -> bool {
    matches!(
        slot,
        Slot::IncidentWhen | Slot::IncidentWhere | Slot::StaffInvolved | Slot::AffectedPerson
    )
}

/// The act that takes a clause whole; none where it is narrated.
fn taken_by<'a>(acts: &'a Acts, clause: &Clause) -> Option<&'a DialogueAct> {
    let mut over = acts
        .0
        .iter()
        .filter(|a| a.span.start <= clause.start && clause.end <= a.span.end);
    let first = over.next()?;
    let narrated =
        first.what == DialogueAct::Narrate || over.any(|a| a.what == DialogueAct::Narrate);
    (!narrated).then_some(&first.what)
}

/// A figure, a month or a weekday, a word that is none of every day.
fn telling(word: &str) -> bool {
    let letters = word.chars().count();
    letters > 1 && word.contains(|c: char| c.is_ascii_digit())
        || is_calendar(word)
        || letters > LETTERS && word.chars().all(char::is_alphabetic) && !is_ordinary(word)
}

/// All words that stand in some slot.
fn words_kept(state: &Conversation) -> HashSet<String> {
    let told = state
        .slots
        .values()
        .map(|filled| filled.value.text().to_lowercase());
    told.flat_map(|text| text.unicode_words().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

/// The words of a clause that stand in no slot, without what leads to its value and what is said not to be meant.
fn left_of<'t>(heard: &Heard<'t>, clause: &Clause, kept: &HashSet<String>) -> Vec<&'t str> {
    let e = &heard.said.entities;
    let reached =
        |at: usize| (e.emails.iter().chain(&e.phones)).any(|f| f.start <= at && at < f.end);
    let (from, to) = clause.core;
    let words = heard.text.get(from..to).unwrap_or_default();
    words
        .unicode_word_indices()
        .filter(|(at, _)| !heard.said.is_excluded(from + at) && !reached(from + at))
        .map(|(_, word)| word)
        .filter(|word| !kept.contains(&word.to_lowercase()))
        .collect()
}
