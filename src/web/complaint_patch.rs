//! What a person puts right in a record, as it is sent.

use super::days::day;
use super::error::ApiError;
use crate::domain::{
    AffectedPatch, Category, ComplaintPatch, ComplaintStatus, DaysPatch, Relation,
    complaint::{Consent, Contact, Subject},
    conversation::Priority,
};
use serde::Deserialize;

/// Longest name, address and the like, and longest text, in characters.
const LONGEST_NAME: usize = 200;
const LONGEST_TEXT: usize = 2_000;
/// Most ways to reach somebody, and most people whom it is about.
const MOST: usize = 20;
const WAYS: [&str; 5] = ["email", "phone", "post", "conversation", "other"];

/// A change that a person makes to the record; what is absent stays as it is, and an empty text takes a value away.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ComplaintPatch)]
pub(super) struct PatchIn {
    /// How far it has come.
    status: Option<ComplaintStatus>,
    /// How pressing it is.
    priority: Option<Priority>,
    /// The category; the domain follows from it.
    category: Option<Category>,
    /// 0 to 3.
    severity: Option<u8>,
    /// The complainant's name; empty: they stay anonymous.
    complainant_name: Option<String>,
    /// What they are to us.
    relation: Option<Relation>,
    /// Whether the affected person agrees.
    consent: Option<Consent>,
    /// By what right they act for someone.
    authority: Option<String>,
    /// How to reach them: all ways, in the place of those that stand there.
    contact: Option<Vec<ContactIn>>,
    /// They may need more help to be heard.
    vulnerable: Option<bool>,
    /// Whom it happened to; with two empty texts, the complainant themselves.
    affected_person: Option<AffectedIn>,
    /// Whom it is about: all of them, in the place of those that stand there.
    subjects: Option<Vec<SubjectIn>>,
    /// When it happened, in words.
    when_text: Option<String>,
    /// The first day, ISO 8601. A change of days settles on one reading.
    from: Option<String>,
    /// The last day; left out, the first.
    to: Option<String>,
    /// Where it happened.
    #[serde(rename = "where")]
    place: Option<String>,
    /// What should come of it.
    desired_outcome: Option<String>,
    /// Somebody may need protection.
    safeguarding: Option<bool>,
    /// Why it is changed: stands in the history.
    why: Option<String>,
}

/// One way to reach somebody.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactIn {
    /// `email`, `phone`, `post`, `other`; or `conversation`, as it stands there.
    kind: String,
    /// The address or number.
    value: String,
    /// How and when.
    #[serde(default)]
    note: Option<String>,
}

/// Whom it happened to.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AffectedIn {
    /// The name.
    name: Option<String>,
    /// What they are to the complainant.
    relation: Option<String>,
}

/// A member of staff whom it is about.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubjectIn {
    /// The name.
    name: Option<String>,
    /// What they do, or how they were described.
    role: Option<String>,
}

/// A text that is not too long, without the character that no database keeps.
fn text(field: &str, most: usize, text: &str) -> Result<String, ApiError> {
    if text.chars().count() > most {
        let message = format!("'{field}' has more than {most} characters");
        return Err(ApiError::field(field, message));
    }
    Ok(text.replace('\0', "\u{fffd}"))
}

fn filled(field: &str, value: Option<String>) -> Result<Option<String>, ApiError> {
    let value = value
        .map(|v| text(field, LONGEST_NAME, v.trim()))
        .transpose()?;
    Ok(value.filter(|v| !v.is_empty()))
}

fn few<T>(field: &str, all: Vec<T>) -> Result<Vec<T>, ApiError> {
    if all.len() > MOST {
        let message = format!("'{field}' has more than {MOST} entries");
        return Err(ApiError::field(field, message));
    }
    Ok(all)
}

fn days(from: Option<String>, to: Option<String>) -> Result<Option<DaysPatch>, ApiError> {
    let given = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    if from.is_none() && to.is_none() {
        return Ok(None);
    }
    let (from, to) = (given(from), given(to));
    let Some(from) = from else {
        return match to {
            Some(_) => Err(ApiError::field("from", "'to' needs a first day, too")),
            None => Ok(Some(DaysPatch::default())),
        };
    };
    let first = day("from", &from)?;
    let to = to.unwrap_or_else(|| from.clone());
    if day("to", &to)? < first {
        return Err(ApiError::field("to", "the last day is before the first"));
    }
    Ok(Some(DaysPatch {
        from: Some(from),
        to: Some(to),
    }))
}

fn contact(at: usize, way: ContactIn) -> Result<Contact, ApiError> {
    let field = |name: &str| format!("contact[{at}].{name}");
    if !WAYS.contains(&way.kind.as_str()) {
        let message = format!("'kind' is one of {}", WAYS.join(", "));
        return Err(ApiError::field(&field("kind"), message));
    }
    let value = filled(&field("value"), Some(way.value))?;
    let missing = || ApiError::field(&field("value"), "an address or number is missing");
    Ok(Contact {
        kind: way.kind,
        value: value.ok_or_else(missing)?,
        note: filled(&field("note"), way.note)?,
    })
}

fn subject(at: usize, subject: SubjectIn) -> Result<Subject, ApiError> {
    let subject = Subject {
        name: filled(&format!("subjects[{at}].name"), subject.name)?,
        role: filled(&format!("subjects[{at}].role"), subject.role)?,
    };
    if subject.name.is_none() && subject.role.is_none() {
        let field = format!("subjects[{at}].name");
        return Err(ApiError::field(&field, "a name or what they do is missing"));
    }
    Ok(subject)
}

impl PatchIn {
    /// The change, with every value looked at.
    pub(super) fn checked(self) -> Result<ComplaintPatch, ApiError> {
        let long = |field: &str, value: Option<String>| {
            value.map(|v| text(field, LONGEST_TEXT, &v)).transpose()
        };
        let contact = self.contact.map(|all| {
            let all = few("contact", all)?.into_iter().enumerate();
            all.map(|(at, way)| contact(at, way)).collect()
        });
        let subjects = self.subjects.map(|all| {
            let all = few("subjects", all)?.into_iter().enumerate();
            all.map(|(at, one)| subject(at, one)).collect()
        });
        let affected = self.affected_person.map(|a| {
            Ok::<_, ApiError>(AffectedPatch {
                name: filled("affected_person.name", a.name)?,
                relation: filled("affected_person.relation", a.relation)?,
            })
        });
        let name = self.complainant_name;
        Ok(ComplaintPatch {
            status: self.status,
            priority: self.priority,
            category: self.category,
            severity: self.severity,
            complainant_name: name
                .map(|n| text("complainant_name", LONGEST_NAME, &n))
                .transpose()?,
            relation: self.relation,
            consent: self.consent,
            desired_outcome: long("desired_outcome", self.desired_outcome)?,
            safeguarding: self.safeguarding,
            contact: contact.transpose()?,
            authority: long("authority", self.authority)?,
            vulnerable: self.vulnerable,
            affected_person: affected.transpose()?,
            subjects: subjects.transpose()?,
            when_text: long("when_text", self.when_text)?,
            days: days(self.from, self.to)?,
            place: long("where", self.place)?,
            why: long("why", self.why)?.filter(|w| !w.trim().is_empty()),
        })
    }
}
