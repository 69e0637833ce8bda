//! Who in the directory of customers somebody of a complaint may be: for staff.

use super::{
    Shared,
    auth::Caller,
    body::Params,
    complaint_patch::text,
    complaints::{known, reference},
    days::day,
    error::{ApiError, ErrorBody},
    looks::noted,
};
use crate::{
    complaint::sought,
    domain::{AuditDetail, Deed, Sought},
    service::{FoundIn, Match},
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};

/// Longest value, in characters.
const LONGEST: usize = 200;

/// Whom to look for; what is left out is taken from the record.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// A name.
    name: Option<String>,
    /// A day of birth, ISO 8601.
    born: Option<String>,
    /// A telephone number.
    phone: Option<String>,
    /// A postcode.
    postcode: Option<String>,
}

/// Somebody who may be it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = PossibleCustomer)]
struct CustomerOut {
    /// Their number in the directory.
    id: String,
    /// The name.
    name: String,
    /// The day of birth.
    born: Option<String>,
    /// The postcode.
    postcode: Option<String>,
    /// How well they fit, 40 to 100.
    score: u8,
    /// What fits, or does not: `name`, `name_like`, `born`, `born_swapped`, `born_otherwise`, `phone`, `email`,
    /// `postcode`.
    why: Vec<&'static str>,
    /// `directory` (imported), or `fhir`.
    found_in: &'static str,
}

/// Who somebody may be.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = PossibleCustomers)]
pub(super) struct CustomersOut {
    /// The best first, at most 20.
    customers: Vec<CustomerOut>,
    /// The name that was looked for.
    name: Option<String>,
    /// Why the server of patients told nothing; `null` where it did, or there is none.
    unanswered: Option<String>,
}

impl CustomerOut {
    fn of(found: Match) -> Self {
        Self {
            id: found.customer.id,
            name: found.customer.name,
            born: found.customer.born,
            postcode: found.customer.postcode,
            score: found.fit.score,
            why: found.fit.why,
            found_in: match found.found_in {
                FoundIn::Directory => "directory",
                FoundIn::Fhir => "fhir",
            },
        }
    }
}

fn given(field: &str, value: Option<String>) -> Result<Option<String>, ApiError> {
    let value = value.map(|v| text(field, LONGEST, v.trim())).transpose()?;
    Ok(value.filter(|v| !v.is_empty()))
}

/// Whom it happened to, or else who complains, in the directory of customers: who that may be, with a score. Nothing is
/// linked by it, and the person in the chat learns nothing. Each look is noted.
#[utoipa::path(get, path = "/api/v1/complaints/{reference}/customers", tag = "complaints", params(("reference" = String, Path, description = "The reference"), Asked), responses(
    (status = 200, description = "Who it may be", body = CustomersOut),
    (status = 400, description = "A value is wrong", body = ErrorBody),
    (status = 404, description = "There is no such complaint", body = ErrorBody)))]
pub(super) async fn list(
    State(app): Shared,
    caller: Caller,
    Path(text): Path<String>,
    Params(asked): Params<Asked>,
) -> Result<Json<CustomersOut>, ApiError> {
    let reference = reference(&text)?;
    let complaint = known(&app, &reference).await?;
    let born = given("born", asked.born)?;
    if let Some(born) = &born {
        day("born", born)?;
    }
    let record = sought(&complaint);
    let phone = given("phone", asked.phone)?;
    let sought = Sought {
        name: given("name", asked.name)?.or(record.name),
        born: born.or(record.born),
        phones: phone.map_or(record.phones, |p| vec![p]),
        postcode: given("postcode", asked.postcode)?.or(record.postcode),
        emails: record.emails,
    };
    let found = app.service.customers_like(&sought).await?;
    let detail = AuditDetail {
        count: Some(found.all.len() as u64),
        ..AuditDetail::default()
    };
    noted(&app, &caller, Deed::Looked, Some(&reference), detail).await?;
    Ok(Json(CustomersOut {
        name: sought.name,
        customers: found.all.into_iter().map(CustomerOut::of).collect(),
        unanswered: found.unanswered,
    }))
}
