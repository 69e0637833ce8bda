//! What stands in an answer beside the value that was found: more of what is wanted, and the same once more.

use super::{acts::DialogueAct, extract_contact::how_reached, reader::Reader, source::count};
use crate::{
    domain::{Slot, SlotValue},
    flow::Ask,
};

impl Reader<'_> {
    /// "Put signs out. And I'd like my tights paid for": whatever stands before the wish that was found is wanted too,
    /// and so are the wishes after it.
    pub(super) fn more_wishes(&mut self, ask: &Ask) {
        let wanted = |act: &Option<DialogueAct>| matches!(act, Some(DialogueAct::Answer(slot, _)) if *slot == ask.slot);
        let found = self.taken.iter().position(wanted);
        let told = || {
            self.besides
                .iter()
                .find(|a| a.what.slot() == Some(ask.slot))
        };
        let at = found
            .map(|n| self.clauses()[n].start)
            .or(told().map(|a| a.span.start));
        let Some(at) = at else { return };
        for n in self.open() {
            let clause = &self.clauses()[n];
            let before = clause.start < at;
            let may = before || clause.wishes || !clause.finite || clause.goes_on;
            let tells = clause.past || clause.asks || clause.filler || self.is_story(clause);
            if !may || tells || self.points_elsewhere(clause, ask.slot) {
                continue;
            }
            let value = SlotValue::Text(clause.words(self.heard.text).to_owned());
            self.taken[n] = Some(DialogueAct::Answer(ask.slot, value));
        }
    }

    /// "The therapist, Miss Denholm", "on my mobile, 07700 900118": what the answer has already, or says of how to use
    /// it, is no part of the story.
    pub(super) fn said_again(&mut self, ask: &Ask) {
        let answer = self.taken.iter().flatten().find_map(|act| match act {
            DialogueAct::Answer(slot, value) if *slot == ask.slot => Some(value.clone()),
            _ => None,
        });
        let Some(value) = answer else { return };
        let known = words(&value.text());
        for n in self.open() {
            let clause = &self.clauses()[n];
            let said = words(clause.words(self.heard.text));
            let again =
                !clause.finite && !said.is_empty() && said.iter().all(|w| known.contains(w));
            let how = ask.slot == Slot::ContactMethod
                && !clause.finite
                && count(clause.words(self.heard.text)) <= 3
                && how_reached(&self.source, clause);
            if again || how {
                self.taken[n] = Some(DialogueAct::Answer(ask.slot, value.clone()));
            }
        }
    }
}

/// Words without what stands around them.
fn words(text: &str) -> Vec<String> {
    let bare = |w: &str| {
        w.trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase()
    };
    text.split_whitespace()
        .map(bare)
        .filter(|w| !w.is_empty())
        .collect()
}
