//! Days in the answer to when it was: the one that was settled on, and the one that is meant among many.

use super::{known::in_the_known_month, reader::Reader, slots};
use crate::{
    domain::{
        Dates, Slot, SlotValue,
        interpretation::{Clause, Cue, FoundDate},
    },
    flow::Ask,
    nlu::is_calendar,
};
use unicode_segmentation::UnicodeSegmentation;

impl Reader<'_> {
    /// Whether a clause names a month or a weekday, if only in passing.
    pub(crate) fn names_days(&self, n: usize) -> bool {
        let words = self.clauses()[n].words(self.heard.text);
        words.unicode_words().any(is_calendar)
    }

    /// "Saturday. No, hang on, Sunday": the day after the word that puts it right.
    pub(crate) fn settled_on(
        &self,
        ask: &Ask,
        row: &slots::Row,
        n: usize,
        value: SlotValue,
    ) -> (usize, SlotValue) {
        if ask.slot != Slot::IncidentWhen {
            return (n, value);
        }
        let denies = |c: &Clause| c.has(Cue::No) || c.has(Cue::Corrects);
        let since = (n + 1..self.taken.len()).rfind(|m| denies(&self.clauses()[*m]));
        let Some(since) = since else {
            return (n, value);
        };
        let after = (since..self.taken.len()).find_map(|m| {
            let clause = &self.clauses()[m];
            let new = (row.exact)(&self.source, clause)?;
            // "Thursday. No, hang on, Thursday was my shopping. It was Friday.": the day that was taken back is not it.
            let same = |a: &SlotValue, b: &SlotValue| match (a, b) {
                (SlotValue::Dates(a), SlotValue::Dates(b)) => a.from.is_some() && a.from == b.from,
                _ => false,
            };
            (!same(&value, &new)).then(|| (m, in_the_known_month(&value, new)))
        });
        after.unwrap_or((n, value))
    }

    /// "Start of the month. The second, a Monday": the day, rather than the days that it lies among.
    pub(crate) fn narrowest(&self, ask: &Ask, value: SlotValue) -> SlotValue {
        let SlotValue::Dates(first) = &value else {
            return value;
        };
        if ask.slot != Slot::IncidentWhen {
            return value;
        }
        let figures = |t: &str| t.contains(|c: char| c.is_ascii_digit());
        let weekday = |d: &str| {
            d.parse::<jiff::civil::Date>()
                .ok()
                .map(jiff::civil::Date::weekday)
        };
        // "Bin day, so Thursday. The 12th.": which Thursday it was.
        let alone = first.from == first.to;
        let dates_it = |d: &FoundDate| {
            let same = weekday(&d.from) == first.from.as_deref().and_then(weekday);
            same && figures(&d.text) && !figures(&first.said) && first.from.is_some()
        };
        // "The other day, the 18th": the day that has a figure, whatever the other words come to.
        let vague = !alone && !figures(&first.said);
        let tells = |d: &FoundDate| vague && figures(&d.text) && d.from == d.to;
        let within = |d: &&FoundDate| {
            if tells(d) {
                return !self.source.said.is_excluded(d.start);
            }
            let among = first.from.as_deref() <= Some(d.from.as_str())
                && Some(d.from.as_str()) <= first.to.as_deref();
            d.from == d.to
                && (if alone { dates_it(d) } else { among })
                && !self.source.said.is_excluded(d.start)
        };
        let mut days = self.source.said.entities.dates.iter().filter(within);
        let (Some(day), None) = (days.next(), days.next()) else {
            return value;
        };
        SlotValue::Dates(Dates {
            said: [first.said.as_str(), ", ", &day.text].concat(),
            from: Some(day.from.clone()),
            to: Some(day.to.clone()),
            other: day.other.clone(),
        })
    }
}
