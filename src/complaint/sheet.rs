//! The register as a table for spreadsheets, safe to open where columns are told by commas and where by semicolons.

use crate::domain::{Category, Complaint, Conclusion, Domain, Timestamp};

/// Columns of the table, in their order.
pub const COLUMNS: [&str; 28] = [
    "reference",
    "received_at",
    "channel",
    "status",
    "priority",
    "complainant_name",
    "anonymous",
    "relation",
    "is_customer",
    "contact",
    "consent",
    "affected_person",
    "subjects",
    "narrative",
    "when_text",
    "from",
    "to",
    "where",
    "domain",
    "category",
    "severity",
    "desired_outcome",
    "complete",
    "acknowledged_at",
    "responded_at",
    "closed_at",
    "conclusion",
    "safeguarding",
];

/// A complaint as a row of it, safe to be opened.
pub fn row(c: &Complaint) -> [String; 28] {
    let joined = |parts: [&Option<String>; 2]| {
        parts
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>()
            .join(", ")
    };
    let affected = c.affected_person.as_ref();
    let affected = affected.map(|a| joined([&a.name, &a.relation]));
    let subjects: Vec<String> = (c.subjects.iter())
        .map(|s| joined([&s.role, &s.name]))
        .collect();
    let contact = c.complainant.contact.iter().map(ToString::to_string);
    let moment = |at: Option<Timestamp>| at.map(Timestamp::rfc3339).unwrap_or_default();
    let class = &c.classification;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        c.reference.to_string(),
        c.received_at.rfc3339(),
        c.channel.clone(),
        c.status.name().to_owned(),
        c.priority.name().to_owned(),
        text(&c.complainant.name),
        c.complainant.anonymous.to_string(),
        c.complainant.relation.name().to_owned(),
        c.complainant.is_customer.to_string(),
        contact.collect::<Vec<_>>().join(" | "),
        c.complainant.consent.name().to_owned(),
        affected.unwrap_or_default(),
        subjects.join(" | "),
        c.incident.narrative.clone(),
        text(&c.incident.when_text),
        text(&c.incident.from),
        text(&c.incident.to),
        text(&c.incident.place),
        class.domain.map_or("", Domain::name).to_owned(),
        class.category.map_or("", Category::name).to_owned(),
        class.severity.to_string(),
        text(&c.desired_outcome),
        c.complete.to_string(),
        moment(c.case.acknowledged_at),
        moment(c.case.responded_at),
        moment(c.case.closed_at),
        c.case.conclusion.map_or("", Conclusion::name).to_owned(),
        c.safeguarding.to_string(),
    ]
    .map(|cell| safe(&cell))
}

/// A cell that no spreadsheet runs. What begins like a formula gets an apostrophe, which makes it text. Where columns
/// are told by semicolons, a program that splits a row of ours splits a cell at its semicolons, and a cell at line ends
/// where its quotes are lost: what follows those and looks like a formula gets one too.
pub fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut begins = true;
    for c in text.chars() {
        if begins
            && matches!(
                c,
                '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠'
            )
        {
            out.push('\'');
            begins = false;
        }
        let splits = matches!(c, ';' | ',' | '\t' | '\n' | '\r' | '|');
        begins = splits || (begins && matches!(c, ' ' | '"' | '\u{a0}'));
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_somebody_wrote_becomes_a_formula() {
        for (told, cell) in [
            ("=1+1", "'=1+1"),
            ("hello;=HYPERLINK(\"x\")", "hello;'=HYPERLINK(\"x\")"),
            ("a, b;\" +cmd", "a, b;\" '+cmd"),
            ("first\n@SUM(A1)", "first\n'@SUM(A1)"),
            ("\t=1", "'\t'=1"),
            ("5 - 3 = 2, a-b", "5 - 3 = 2, a-b"),
            ("well-being", "well-being"),
        ] {
            assert_eq!(safe(told), cell, "{told:?}");
        }
    }
}
