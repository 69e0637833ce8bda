//! The register in short rows: filtered, ordered, page by page.

use super::{
    Shared,
    auth::Caller,
    body::Params,
    days::{day, midnight},
    error::{ApiError, ErrorBody},
    looks::noted,
    sight::viewer,
};
use crate::{
    domain::{
        AuditDetail, Category, ComplaintStatus, Deed, Relation, Timestamp, complaint::Reference,
        conversation::Priority, time::as_rfc3339,
    },
    store::{Place, Selection, ShortRow, Sort, Words},
};
use axum::{Json, extract::State};
use jiff::{ToSpan, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// How many complaints are given where nobody says how many, and at most.
const USUAL: i64 = 50;
const MOST: i64 = 500;
/// Longest search, in characters.
const LONGEST_SEARCH: usize = 200;
/// The orders that a list may have; with a dash in front, the highest first.
const SORTS: [(&str, Sort); 3] = [
    ("received_at", Sort::Received),
    ("due_at", Sort::Due),
    ("priority", Sort::Priority),
];

/// Which part of the register: complaints that fit everything that is named.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    /// Words, at most 200 characters, that all stand in the record: names, the story, the place, the reference, how to
    /// reach them. A word of three letters or more may be the beginning of one; accents and case make no difference.
    q: Option<String>,
    /// `open`, `acknowledged`, `investigating`, `responded`, `closed` or `withdrawn`.
    status: Option<String>,
    /// Received on this day or later, ISO 8601, where the organisation is.
    from: Option<String>,
    /// Received on this day or before.
    to: Option<String>,
    /// `true`: a clock has run out; `false`: none has.
    overdue: Option<String>,
    /// What the complainant is to us, as in `neighbour`.
    relation: Option<String>,
    /// HCAT's category, as in `communication`.
    category: Option<String>,
    /// Words of the place.
    place: Option<String>,
    /// `received_at`, `due_at` or `priority`, the highest first with `-` before it; else `-received_at`.
    sort: Option<String>,
    /// From where to go on: `next` of the answer before.
    cursor: Option<String>,
    /// At most so many: 1 to 500, else 50.
    limit: Option<String>,
}

/// One complaint of a list, without its story.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ComplaintBrief {
    /// Its reference.
    #[schema(value_type = String)]
    reference: Reference,
    /// When it was received.
    #[serde(with = "as_rfc3339")]
    #[schema(value_type = String)]
    received_at: Timestamp,
    /// How far it is.
    status: ComplaintStatus,
    /// How pressing it is.
    priority: Priority,
    /// What the complainant is to us.
    relation: Relation,
    /// What kind it is.
    category: Option<Category>,
    /// The next clock that runs out.
    #[serde(with = "as_rfc3339::option")]
    #[schema(value_type = Option<String>)]
    due_at: Option<Timestamp>,
    /// It has run out.
    overdue: bool,
    /// The complainant's name, where it was told.
    complainant: Option<String>,
    /// Whom it happened to, where that is somebody else.
    affected: Option<String>,
    /// Where it happened.
    place: Option<String>,
    /// By which inbox it came.
    channel: String,
}

impl ComplaintBrief {
    fn of(row: ShortRow, now: Timestamp) -> Self {
        Self {
            overdue: row.is_overdue(now),
            reference: row.reference,
            received_at: row.received_at,
            status: row.status,
            priority: row.priority,
            relation: row.relation,
            category: row.category,
            due_at: row.due_at,
            complainant: row.complainant,
            affected: row.affected,
            place: row.place,
            channel: row.channel,
        }
    }
}

/// Complaints in short rows.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ComplaintsOut {
    complaints: Vec<ComplaintBrief>,
    /// Where the list goes on, as `cursor`; `null` where this is the end.
    next: Option<String>,
}

/// The value of that name, or an error with all names.
fn one_of<T: Copy>(
    field: &str,
    text: Option<&str>,
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<Option<T>, ApiError> {
    let Some(text) = text else { return Ok(None) };
    let found = all.iter().copied().find(|one| name(*one) == text);
    let names = || all.iter().map(|one| name(*one)).collect::<Vec<_>>();
    let wrong = || ApiError::field(field, format!("'{field}' is one of {}", names().join(", ")));
    found.map(Some).ok_or_else(wrong)
}

/// What is looked for; the second is true where signs alone were typed, which stand nowhere.
fn words(field: &str, text: Option<&str>) -> Result<(Option<Words>, bool), ApiError> {
    let text = text.map(str::trim).unwrap_or_default();
    if text.chars().count() > LONGEST_SEARCH {
        let text = format!("'{field}' has more than {LONGEST_SEARCH} characters");
        return Err(ApiError::field(field, text));
    }
    let words = Words::of(text);
    let nowhere = words.is_none() && !text.is_empty();
    Ok((words, nowhere))
}

impl Part {
    /// By what the list is narrowed, without what was looked for.
    fn named(&self) -> Vec<String> {
        let all = [
            ("q", &self.q),
            ("status", &self.status),
            ("from", &self.from),
            ("to", &self.to),
            ("overdue", &self.overdue),
            ("relation", &self.relation),
            ("category", &self.category),
            ("place", &self.place),
        ];
        let given = all.into_iter().filter(|(_, value)| value.is_some());
        given.map(|(name, _)| name.to_owned()).collect()
    }

    /// Which complaints, and how many; none where nothing can fit.
    fn checked(
        &self,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<(Option<Selection>, i64), ApiError> {
        let limit = match self.limit.as_deref().map(str::parse) {
            None => USUAL,
            Some(Ok(limit)) if (1..=MOST).contains(&limit) => limit,
            Some(_) => {
                let text = format!("'limit' is a number from 1 to {MOST}");
                return Err(ApiError::field("limit", text));
            }
        };
        let from = self.from.as_deref().map(|t| day("from", t)).transpose()?;
        let to = self.to.as_deref().map(|t| day("to", t)).transpose()?;
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            return Err(ApiError::field("to", "the last day is before the first"));
        }
        let until = to.map(|d| midnight("to", d.saturating_add(1.day()), zone));
        let overdue = match self.overdue.as_deref() {
            None => None,
            Some("true") => Some((true, now)),
            Some("false") => Some((false, now)),
            Some(_) => return Err(ApiError::field("overdue", "'overdue' is true or false")),
        };
        let sort = self.sort.as_deref().unwrap_or("-received_at");
        let (name, descending) = match sort.strip_prefix('-') {
            Some(name) => (name, true),
            None => (sort, false),
        };
        let known = SORTS.iter().find(|(known, _)| *known == name);
        let wrong = || {
            let names: Vec<&str> = SORTS.iter().map(|(name, _)| *name).collect();
            let text = format!(
                "'sort' is one of {}, with a dash before it for the highest first",
                names.join(", ")
            );
            ApiError::field("sort", text)
        };
        let cursor = |text: &str| {
            let wrong =
                |()| ApiError::field("cursor", "'cursor' is 'next' of an answer, or left out");
            text.parse::<Place>().map_err(wrong)
        };
        let (place, no_place) = words("place", self.place.as_deref())?;
        let (words, no_words) = words("q", self.q.as_deref())?;
        let selection = Selection {
            status: one_of(
                "status",
                self.status.as_deref(),
                ComplaintStatus::ALL,
                ComplaintStatus::name,
            )?,
            from: from.map(|d| midnight("from", d, zone)).transpose()?,
            until: until.transpose()?,
            overdue,
            relation: one_of(
                "relation",
                self.relation.as_deref(),
                Relation::ALL,
                Relation::name,
            )?,
            category: one_of(
                "category",
                self.category.as_deref(),
                Category::ALL,
                Category::name,
            )?,
            place,
            words,
            viewer: None,
            sort: known.ok_or_else(wrong)?.1,
            descending,
            after: self.cursor.as_deref().map(cursor).transpose()?,
        };
        Ok(((!no_place && !no_words).then_some(selection), limit))
    }
}

/// The register in short rows, the latest first; what is named narrows it down.
#[utoipa::path(get, path = "/api/v1/complaints", tag = "complaints", params(Part), responses((status = 200, description = "Complaints", body = ComplaintsOut), (status = 400, description = "A filter is wrong", body = ErrorBody)))]
pub(super) async fn list(
    State(app): Shared,
    caller: Caller,
    Params(part): Params<Part>,
) -> Result<Json<ComplaintsOut>, ApiError> {
    let zone = app.service.runtime().rules.flows.facts.zone.clone();
    let now = app.service.clock.now();
    let (selection, limit) = part.checked(&zone, now)?;
    let Some(mut selection) = selection else {
        return Ok(Json(ComplaintsOut {
            complaints: Vec::new(),
            next: None,
        }));
    };
    selection.viewer = Some(viewer(&app, &caller.agent));
    let mut found = app.service.store.register(&selection, limit + 1).await?;
    let more = found.len() as i64 > limit;
    found.truncate(usize::try_from(limit).unwrap_or_default());
    let detail = AuditDetail {
        fields: part.named(),
        count: Some(found.len() as u64),
        ..AuditDetail::default()
    };
    noted(&app, &caller, Deed::Listed, None, detail).await?;
    let last = found.last().filter(|_| more);
    let next = last.map(|row| row.place_in(selection.sort).to_string());
    let complaints = found
        .into_iter()
        .map(|r| ComplaintBrief::of(r, now))
        .collect();
    Ok(Json(ComplaintsOut { complaints, next }))
}
