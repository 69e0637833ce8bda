//! What hurts in a reply: the coach's rules, and what must not be said to this person.

use super::situation::Situation;
use std::ops::Range;

/// Rules with the place of the words that break them.
pub(super) type Places = Vec<(String, Range<usize>)>;

/// The coach's rules that an item knows about; what is in none of them hurts by itself.
pub(super) const APOLOGY: [&str; 2] = ["non_apology", "canned_apology"];
pub(super) const PROMISES: [&str; 3] = ["over_promises", "false_reassurance", "admits_liability"];
pub(super) const OFFICIAL: [&str; 2] = ["jargon", "cold_formal"];
pub(super) const VAGUE: [&str; 1] = ["vague_next_step"];
pub(super) const PRIVACY: &str = "confirms_patient_to_third_party";
const QUESTIONS: &str = "interrogates";

/// What hurts by itself, with its place.
pub(super) fn hurting(at: &Situation<'_>, draft: &str, rules: &[(String, Range<usize>)]) -> Places {
    let known = [
        &APOLOGY[..],
        &PROMISES,
        &OFFICIAL,
        &VAGUE,
        &[PRIVACY, QUESTIONS],
    ]
    .concat();
    let own = rules
        .iter()
        .filter(|(rule, _)| !known.contains(&rule.as_str()));
    let never = at.never.iter().filter_map(|p| p.find(draft));
    let never = never.map(|m| ("never".to_owned(), m.range()));
    own.cloned().chain(never).collect()
}
