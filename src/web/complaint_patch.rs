//! What a person puts right in a record, as it is sent.

use super::complaint_nested::{ClassificationIn, ComplainantIn, IncidentIn, Parts};
use super::days::day;
use super::error::ApiError;
use crate::domain::{
    ActionName, AffectedPatch, Category, Complaint, ComplaintPatch, ComplaintStatus, Conclusion,
    DaysPatch, ProblemPatch, Relation, Timestamp,
    complaint::{Consent, Contact, Reference, ReferenceError, Stage, Subject},
    conversation::Priority,
};
use serde::Deserialize;

/// Longest name, address and the like, and longest text, in characters.
const LONGEST_NAME: usize = 200;
/// The longest time, in seconds, for which a complaint that comes on record may have lain about: ten years.
const LONGEST_AGO: i64 = 10 * 366 * 86_400;
pub(super) const LONGEST_TEXT: usize = 2_000;
/// Longest text that is read out to the complainant, in characters.
const LONGEST_TOLD: usize = 1_000;
/// Most ways to reach somebody, and most people whom it is about.
const MOST: usize = 20;
const WAYS: [&str; 5] = ["email", "phone", "post", "conversation", "other"];

/// A change that a person makes to the record; what is absent stays as it is, and an empty text takes a value away.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ComplaintPatch)]
pub(super) struct PatchIn {
    /// How far it has come.
    pub(super) status: Option<ComplaintStatus>,
    /// How pressing it is.
    pub(super) priority: Option<Priority>,
    /// The category; the domain follows from it.
    pub(super) category: Option<Category>,
    /// 0 to 3.
    pub(super) severity: Option<u8>,
    /// HCAT's harm, 0 to 5.
    pub(super) harm: Option<u8>,
    /// The things that went wrong: all of them, in the place of those that stand there. What a machine had proposed for
    /// the same words stays beside.
    pub(super) problems: Option<Vec<ProblemIn>>,
    /// The complainant's name; empty: they stay anonymous.
    pub(super) complainant_name: Option<String>,
    /// What they are to us.
    pub(super) relation: Option<Relation>,
    /// Whether the affected person agrees.
    pub(super) consent: Option<Consent>,
    /// By what right they act for someone.
    pub(super) authority: Option<String>,
    /// How to reach them: all ways, in the place of those that stand there.
    pub(super) contact: Option<Vec<ContactIn>>,
    /// They may need more help to be heard.
    pub(super) vulnerable: Option<bool>,
    /// Whom it happened to; with two empty texts, the complainant themselves.
    pub(super) affected_person: Option<AffectedIn>,
    /// Whom it is about: all of them, in the place of those that stand there.
    pub(super) subjects: Option<Vec<SubjectIn>>,
    /// When it happened, in words.
    pub(super) when_text: Option<String>,
    /// The first day, ISO 8601. A change of days settles on one reading.
    pub(super) from: Option<String>,
    /// The last day; left out, the first.
    pub(super) to: Option<String>,
    /// Where it happened.
    #[serde(rename = "where")]
    pub(super) place: Option<String>,
    /// What should come of it.
    pub(super) desired_outcome: Option<String>,
    /// Somebody may need protection.
    pub(super) safeguarding: Option<bool>,
    /// When it was received, RFC 3339: its clocks start then.
    pub(super) received_at: Option<String>,
    /// They chose not to tell their name.
    pub(super) anonymous: Option<bool>,
    /// Whether they receive our care themselves.
    pub(super) is_customer: Option<bool>,
    /// Everything that must be known is.
    pub(super) complete: Option<bool>,
    /// What the investigation came to.
    pub(super) conclusion: Option<Conclusion>,
    /// It is seen by certain roles only, and never by anybody whom it is about.
    pub(super) protected: Option<bool>,
    /// Complaints that belong to it: all references, in the place of those that stand there.
    pub(super) linked: Option<Vec<String>>,
    /// Why it must not be erased, also when its time is over; empty lifts that.
    pub(super) legal_hold: Option<String>,
    /// What was changed because of it: told to whoever made it, so without names. At most 1,000 characters.
    pub(super) learning: Option<String>,
    /// What you would like to know of the complainant: put to them when they come back, also where they left no
    /// name. At most 1,000 characters; empty takes it back.
    pub(super) question: Option<String>,
    /// Who complains, nested as the record has it.
    pub(super) complainant: Option<ComplainantIn>,
    /// What happened, nested as the record has it.
    pub(super) incident: Option<IncidentIn>,
    /// What kind it is, nested as the record has it.
    pub(super) classification: Option<ClassificationIn>,
    /// Why it is changed: stands in the history.
    pub(super) why: Option<String>,
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

/// One of the things that went wrong.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProblemPatch)]
pub(super) struct ProblemIn {
    /// The complainant's words for it, or else your own.
    words: String,
    /// Its category (HCAT).
    category: Category,
    /// 1 to 3.
    severity: Option<u8>,
    /// At which stage of care.
    stage: Option<Stage>,
}

fn problem(at: usize, one: &ProblemIn) -> Result<ProblemPatch, ApiError> {
    let field = |name: &str| format!("problems[{at}].{name}");
    let words = text(&field("words"), LONGEST_TEXT, one.words.trim())?;
    if words.is_empty() {
        return Err(ApiError::field(&field("words"), "words are missing"));
    }
    if one.severity.is_some_and(|s| !(1..=3).contains(&s)) {
        return Err(ApiError::field(
            &field("severity"),
            "'severity' is 1, 2 or 3",
        ));
    }
    Ok(ProblemPatch {
        words,
        category: one.category,
        severity: one.severity,
        stage: one.stage,
    })
}

fn link(at: usize, text: &str, itself: &Reference) -> Result<Reference, ApiError> {
    let field = format!("linked[{at}]");
    let other: Reference = text
        .parse()
        .map_err(|e: ReferenceError| ApiError::field(&field, e.to_string()))?;
    if other == *itself {
        return Err(ApiError::field(
            &field,
            "a complaint belongs to another one",
        ));
    }
    Ok(other)
}

/// A text that is not too long, without the character that no database keeps.
pub(super) fn text(field: &str, most: usize, text: &str) -> Result<String, ApiError> {
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

/// A moment as in 2026-11-24T10:00:00Z.
fn moment(text: &str) -> Result<Timestamp, ApiError> {
    let wrong = |_| {
        ApiError::field(
            "received_at",
            "'received_at' is a moment as in 2026-11-24T10:00:00Z",
        )
    };
    let moment: jiff::Timestamp = text.trim().parse().map_err(wrong)?;
    Ok(moment.into())
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
    pub(super) fn checked(
        mut self,
        complaint: &Complaint,
        now: Timestamp,
    ) -> Result<ComplaintPatch, ApiError> {
        let parts = Parts {
            complainant: self.complainant.take(),
            incident: self.incident.take(),
            classification: self.classification.take(),
        };
        parts.into_flat(&mut self);
        let moved = self.status.filter(|s| *s != complaint.status);
        if moved == Some(ComplaintStatus::Open) {
            let message = "only a correction leads back to open: POST …/correct, with a reason";
            return Err(ApiError::conflict("status", message).at("status"));
        }
        let received = self.received_at.as_deref().map(moment).transpose()?;
        if received.is_some_and(|r| r > now) {
            let message = "'received_at' has not come yet";
            return Err(ApiError::field("received_at", message));
        }
        if received.is_some_and(|r| now.seconds_since(r) > LONGEST_AGO) {
            let message = "'received_at' is more than ten years ago";
            return Err(ApiError::field("received_at", message));
        }
        let long = |field: &str, value: Option<String>| {
            value.map(|v| text(field, LONGEST_TEXT, &v)).transpose()
        };
        let told = |field: &str, value: Option<String>| {
            value.map(|v| text(field, LONGEST_TOLD, &v)).transpose()
        };
        let contact = self.contact.map(|all| {
            let all = few("contact", all)?.into_iter().enumerate();
            all.map(|(at, way)| contact(at, way)).collect()
        });
        let subjects = self.subjects.map(|all| {
            let all = few("subjects", all)?.into_iter().enumerate();
            all.map(|(at, one)| subject(at, one)).collect()
        });
        let linked = self.linked.map(|all| {
            let all = few("linked", all)?.into_iter().enumerate();
            all.map(|(at, one)| link(at, &one, &complaint.reference))
                .collect()
        });
        let problems = self.problems.map(|all| {
            let all = few("problems", all)?.into_iter().enumerate();
            all.map(|(at, one)| problem(at, &one)).collect()
        });
        let affected = self.affected_person.map(|a| {
            Ok::<_, ApiError>(AffectedPatch {
                name: filled("affected_person.name", a.name)?,
                relation: filled("affected_person.relation", a.relation)?,
            })
        });
        let name = self.complainant_name;
        Ok(ComplaintPatch {
            status: None,
            action: moved.map(|s| ActionName::towards(s).into()),
            clock: None,
            tell: None,
            received_at: received,
            anonymous: self.anonymous,
            is_customer: self.is_customer,
            complete: self.complete,
            conclusion: self.conclusion,
            protected: self.protected,
            linked: linked.transpose()?,
            legal_hold: long("legal_hold", self.legal_hold)?,
            learning: told("learning", self.learning)?,
            question: told("question", self.question)?,
            priority: self.priority,
            category: self.category,
            severity: self.severity,
            harm: self.harm,
            problems: problems.transpose()?,
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
