//! What stands in the register's short rows and in the words that complaints are found by, made of a record.

use super::{
    rows::Writes,
    sealing,
    words::{folded, words_of},
};
use crate::domain::{Complaint, ComplaintStatus};
use serde::Serialize;

/// How much of a record can be searched, in bytes: more than anybody tells.
const LONGEST: usize = 100_000;
/// Longest that is kept of a name or a place in a short row, in characters.
const SHORTEST: usize = 120;

/// Where no clock runs, as the column `due` has it.
pub(super) const NEVER: i64 = i64::MAX;

/// What names in short rows are within an envelope.
pub(super) const NAMES: &str = "register";

/// In the place of the number of a record that has one already.
pub(super) const ON_RECORD: i64 = -1;

#[derive(Serialize)]
struct RegisterRow<'a> {
    r: &'a str,
    b: String,
    t: i64,
    u: &'a str,
    p: i64,
    e: &'a str,
    m: u8,
    g: Option<&'a str>,
    s: u8,
    n: &'a str,
    w: Option<String>,
    x: String,
    c: Option<String>,
    a: Option<String>,
    d: String,
    o: u8,
    l: u8,
    f: i64,
    k: i64,
    y: i64,
    z: i64,
    v: Option<&'a str>,
    q: u8,
}

#[derive(Serialize)]
struct WordsRow<'a> {
    r: &'a str,
    n: i64,
    w: String,
}

fn shortened(text: &str) -> String {
    text.chars().take(SHORTEST).collect()
}

impl<'a> RegisterRow<'a> {
    /// `sealed`: names within envelopes, and no words of places.
    fn of(k: &'a Complaint, sealed: bool) -> Self {
        let moment = |at: Option<crate::domain::Timestamp>| at.map_or(0, |t| t.0);
        let runs = !matches!(
            k.status,
            ComplaintStatus::Closed | ComplaintStatus::Withdrawn
        );
        let clocks = k
            .deadlines
            .iter()
            .filter(|d| runs && d.met_at.is_none() && d.paused_at.is_none());
        let about = k.subjects.iter().filter_map(|s| s.name.as_deref());
        let named: Vec<String> = about.map(folded).filter(|n| !n.is_empty()).collect();
        let affected = k.affected_person.as_ref();
        let place = k.incident.place.as_deref().filter(|_| !sealed);
        let name = |name: &str| {
            let name = shortened(name);
            if sealed {
                sealing::close(NAMES, k.reference.as_str(), name)
            } else {
                name
            }
        };
        Self {
            r: k.reference.as_str(),
            b: k.conversation.to_string(),
            t: k.received_at.0,
            u: k.status.name(),
            p: k.priority as i64,
            e: k.complainant.relation.name(),
            m: u8::from(k.complainant.is_customer),
            g: k.classification.category.map(crate::domain::Category::name),
            s: k.classification.severity,
            n: &k.channel,
            w: place.map(shortened),
            x: format!(" {}", folded(place.unwrap_or_default())),
            c: k.complainant.name.as_deref().map(name),
            a: affected.and_then(|a| a.name.as_deref().map(name)),
            d: if named.is_empty() {
                String::new()
            } else if sealed {
                format!("|{}|", marked(&named).join("|"))
            } else {
                format!("|{}|", named.join("|"))
            },
            o: u8::from(k.case.protected),
            l: u8::from(k.complete),
            f: clocks.map(|d| d.due_at.0).min().unwrap_or(NEVER),
            k: moment(k.case.acknowledged_at),
            y: moment(k.case.responded_at),
            z: moment(k.case.closed_at),
            v: k.case.conclusion.map(crate::domain::Conclusion::name),
            q: k.case.settled.map_or(0, |s| if s.yes { 1 } else { 2 }),
        }
    }
}

/// Names as marks, and each of their words.
fn marked(names: &[String]) -> Vec<String> {
    let words = names.iter().flat_map(|name| name.split(' '));
    let all = names.iter().map(String::as_str).chain(words);
    all.filter_map(|name| sealing::marks(name).into_iter().next())
        .collect()
}

/// The patterns by which somebody is found among the people whom a complaint is about: by their whole name, or by a
/// word of it.
pub(super) fn named_as(name: &str, word: bool) -> Vec<String> {
    let marks = sealing::marks(name);
    if !marks.is_empty() {
        return marks.iter().map(|mark| format!("%|{mark}|%")).collect();
    }
    vec![if word {
        format!("%{name}%")
    } else {
        format!("%|{name}|%")
    }]
}

/// Everything of a record that it is found by.
fn searched(k: &Complaint) -> String {
    let mut all: Vec<&str> = vec![k.reference.as_str(), &k.channel];
    all.extend(k.complainant.name.as_deref());
    all.extend(k.complainant.contact.iter().map(|c| c.value.as_str()));
    let affected = k.affected_person.iter();
    all.extend(
        affected
            .flat_map(|a| [a.name.as_deref(), a.relation.as_deref()])
            .flatten(),
    );
    let subjects = k.subjects.iter();
    all.extend(
        subjects
            .flat_map(|s| [s.name.as_deref(), s.role.as_deref()])
            .flatten(),
    );
    let incident = &k.incident;
    all.extend(
        [incident.place.as_deref(), incident.when_text.as_deref()]
            .into_iter()
            .flatten(),
    );
    all.extend(k.desired_outcome.as_deref());
    all.push(&incident.narrative);
    words_of(&all, LONGEST)
}

/// Writes the short rows of these records and the words that they are found by; beside each the place in the log that
/// its event has, which is the record's number where it is new.
/// Where what is kept is sealed, nothing is found by words.
pub(super) fn register(records: &[(&Complaint, i64)], writes: &mut Writes, sealed: bool) {
    let rows: Vec<RegisterRow<'_>> = (records.iter())
        .map(|(k, _)| RegisterRow::of(k, sealed))
        .collect();
    writes.put("INSERT INTO register (reference, conversation, received, status, priority, relation, customer, category, severity, channel, place, place_words, complainant, affected, named, protected, complete, due, acknowledged, responded, closed, conclusion, settled) SELECT j.value->>'r', j.value->>'b', CAST(j.value->>'t' AS BIGINT), j.value->>'u', CAST(j.value->>'p' AS BIGINT), j.value->>'e', CAST(j.value->>'m' AS BIGINT), j.value->>'g', CAST(j.value->>'s' AS BIGINT), j.value->>'n', j.value->>'w', j.value->>'x', j.value->>'c', j.value->>'a', j.value->>'d', CAST(j.value->>'o' AS BIGINT), CAST(j.value->>'l' AS BIGINT), CAST(j.value->>'f' AS BIGINT), CAST(j.value->>'k' AS BIGINT), CAST(j.value->>'y' AS BIGINT), CAST(j.value->>'z' AS BIGINT), j.value->>'v', CAST(j.value->>'q' AS BIGINT) FROM {rows} WHERE true ON CONFLICT (reference) DO UPDATE SET received = excluded.received, status = excluded.status, priority = excluded.priority, relation = excluded.relation, customer = excluded.customer, category = excluded.category, severity = excluded.severity, channel = excluded.channel, place = excluded.place, place_words = excluded.place_words, complainant = excluded.complainant, affected = excluded.affected, named = excluded.named, protected = excluded.protected, complete = excluded.complete, due = excluded.due, acknowledged = excluded.acknowledged, responded = excluded.responded, closed = excluded.closed, conclusion = excluded.conclusion, settled = excluded.settled", &rows);
    let words: Vec<WordsRow<'_>> = (records.iter())
        .map(|(k, number)| WordsRow {
            r: k.reference.as_str(),
            n: *number,
            w: if sealed { String::new() } else { searched(k) },
        })
        .collect();
    // The index of words is only touched where they changed.
    writes.put("INSERT INTO complaint_words (reference, number, words) SELECT j.value->>'r', CAST(j.value->>'n' AS BIGINT), j.value->>'w' FROM {rows} WHERE true ON CONFLICT (reference) DO UPDATE SET words = excluded.words WHERE complaint_words.words <> excluded.words", &words);
}
