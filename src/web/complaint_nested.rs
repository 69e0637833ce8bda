//! A change of a record, nested as the record itself is: each part has the fields that it has there.

use super::complaint_patch::{ContactIn, PatchIn};
use crate::domain::{Category, Relation, complaint::Consent};
use serde::Deserialize;

/// Who complains.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ComplainantPatch)]
pub(super) struct ComplainantIn {
    /// The name; empty: they stay anonymous.
    name: Option<String>,
    /// They chose not to tell it.
    anonymous: Option<bool>,
    /// What they are to us.
    relation: Option<Relation>,
    /// Whether they receive our care themselves.
    is_customer: Option<bool>,
    /// How to reach them: all ways, in the place of those that stand there.
    contact: Option<Vec<ContactIn>>,
    /// By what right they act for someone.
    authority: Option<String>,
    /// Whether the affected person agrees.
    consent: Option<Consent>,
    /// They may need more help to be heard.
    vulnerable: Option<bool>,
}

/// What happened.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IncidentPatch)]
pub(super) struct IncidentIn {
    /// When, in words.
    when_text: Option<String>,
    /// The first day, ISO 8601.
    from: Option<String>,
    /// The last day.
    to: Option<String>,
    /// Where.
    #[serde(rename = "where")]
    place: Option<String>,
}

/// What kind it is.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClassificationPatch)]
pub(super) struct ClassificationIn {
    /// The category; the domain follows from it.
    category: Option<Category>,
    /// 0 to 3.
    severity: Option<u8>,
}

/// The parts of a record.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) complainant: Option<ComplainantIn>,
    pub(super) incident: Option<IncidentIn>,
    pub(super) classification: Option<ClassificationIn>,
}

impl Parts {
    /// The same, flat. What was given flat already stays.
    pub(super) fn into_flat(self, flat: &mut PatchIn) {
        if let Some(c) = self.complainant {
            or(&mut flat.complainant_name, c.name);
            or(&mut flat.anonymous, c.anonymous);
            or(&mut flat.relation, c.relation);
            or(&mut flat.is_customer, c.is_customer);
            or(&mut flat.contact, c.contact);
            or(&mut flat.authority, c.authority);
            or(&mut flat.consent, c.consent);
            or(&mut flat.vulnerable, c.vulnerable);
        }
        if let Some(i) = self.incident {
            or(&mut flat.when_text, i.when_text);
            or(&mut flat.from, i.from);
            or(&mut flat.to, i.to);
            or(&mut flat.place, i.place);
        }
        if let Some(c) = self.classification {
            or(&mut flat.category, c.category);
            or(&mut flat.severity, c.severity);
        }
    }
}

fn or<T>(flat: &mut Option<T>, nested: Option<T>) {
    if flat.is_none() {
        *flat = nested;
    }
}
