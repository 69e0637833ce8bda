//! Letters to complainants: drafted from templates, checked, kept, and given out as PDF.

use super::{
    App, Shared,
    auth::Caller,
    body::Body,
    complaint_patch::text,
    complaints::{known, reference},
    error::{ApiError, ErrorBody},
    looks::{note, noted},
};
use crate::{
    complaint::{LetterFinding, LetterKind, Writing, pdf},
    domain::{AuditDetail, Complaint, Deed},
    store::Letter,
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

/// Longest letter, in characters.
const LONGEST: usize = 20_000;

/// What letter is wanted.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LetterRequest)]
pub(super) struct LetterIn {
    /// Which letter.
    kind: LetterKind,
    /// In which language, ISO 639-1; left out, that of the conversation, as far as there are letters in it.
    language: Option<String>,
    /// Its words; left out, a draft from the template.
    text: Option<String>,
    /// Whether the words are kept with the complaint. A response that lacks something is kept only `anyway`.
    keep: Option<bool>,
    /// Keep it though something was found.
    anyway: Option<bool>,
}

/// A letter.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Letter)]
pub(super) struct LetterOut {
    /// Its id; `null` where it is not kept.
    id: Option<String>,
    /// Which letter.
    kind: String,
    /// In which language.
    language: String,
    /// Its words.
    text: String,
    /// Who wrote it.
    by: String,
    /// When, RFC 3339.
    at: String,
    /// What a response lacks, or has too much.
    findings: Vec<LetterFinding>,
}

/// The letters of a complaint.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Letters)]
pub(super) struct LettersOut {
    /// In order.
    letters: Vec<LetterOut>,
}

async fn language_of(app: &App, complaint: &Complaint) -> Result<String, ApiError> {
    let state = app
        .service
        .store
        .conversation(complaint.conversation)
        .await?;
    Ok(state.map_or_else(|| "en".to_owned(), |c| c.language))
}

/// Drafts a letter from its template, or checks the words that are given: an apology without a condition, every problem
/// answered, what changes and by when, where to go next. With `keep` it stays with the complaint.
#[utoipa::path(post, path = "/api/v1/complaints/{reference}/letters", tag = "complaints", params(("reference" = String, Path, description = "The reference")), request_body = LetterIn, responses(
    (status = 200, description = "The letter; kept where it has an id", body = LetterOut),
    (status = 400, description = "A value is wrong", body = ErrorBody),
    (status = 404, description = "There is no such complaint", body = ErrorBody)))]
pub(super) async fn write(
    State(app): Shared,
    caller: Caller,
    Path(text_of_reference): Path<String>,
    Body(asked): Body<LetterIn>,
) -> Result<Json<LetterOut>, ApiError> {
    let reference = reference(&text_of_reference)?;
    let complaint = known(&app, &reference).await?;
    let wanted = match asked.language {
        Some(language) => text("language", 10, &language)?,
        None => language_of(&app, &complaint).await?,
    };
    let runtime = app.service.runtime();
    let all = &runtime.letters;
    let found = all
        .get_key_value(&wanted)
        .or_else(|| all.get_key_value("en"));
    let (language, letters) = found.ok_or_else(|| ApiError::missing("letter"))?;
    let writing = Writing {
        agent: &caller.agent.name,
        organisation: &runtime.rules.flows.facts.organisation,
        zone: &runtime.rules.profile.zone,
    };
    let given = asked
        .text
        .map(|t| text("text", LONGEST, t.trim()))
        .transpose()?;
    let words = match given {
        Some(words) if words.is_empty() => {
            return Err(ApiError::field("text", "the letter is empty"));
        }
        Some(words) => words,
        None => letters
            .draft(asked.kind, &complaint, &writing)
            .map_err(|why| {
                tracing::error!(why, "a letter's template is wrong");
                ApiError::unavailable("the template of this letter is wrong; it has been logged")
            })?,
    };
    let findings = if asked.kind == LetterKind::Response {
        letters.check(&words, &complaint)
    } else {
        Vec::new()
    };
    let keeps = asked.keep == Some(true) && (findings.is_empty() || asked.anyway == Some(true));
    let now = app.service.clock.now();
    let letter = Letter {
        id: app.service.clock.attachment_id().to_string(),
        kind: asked.kind.name().to_owned(),
        language: language.clone(),
        text: words,
        by: caller.agent.name.clone(),
        at: now,
    };
    if keeps {
        let detail = AuditDetail {
            format: Some(letter.kind.clone()),
            ..AuditDetail::default()
        };
        let note = note(&app, &caller, Deed::Wrote, Some(&reference), detail);
        let store = &app.service.store;
        store.keep_letter(&reference, &letter, note).await?;
    }
    Ok(Json(shown(letter, keeps, findings)))
}

fn shown(letter: Letter, kept: bool, findings: Vec<LetterFinding>) -> LetterOut {
    LetterOut {
        id: kept.then_some(letter.id),
        kind: letter.kind,
        language: letter.language,
        text: letter.text,
        by: letter.by,
        at: letter.at.rfc3339(),
        findings,
    }
}

/// The letters that were kept with a complaint, in order.
#[utoipa::path(get, path = "/api/v1/complaints/{reference}/letters", tag = "complaints", params(("reference" = String, Path, description = "The reference")), responses(
    (status = 200, description = "The letters", body = LettersOut),
    (status = 404, description = "There is no such complaint", body = ErrorBody)))]
pub(super) async fn list(
    State(app): Shared,
    caller: Caller,
    Path(text): Path<String>,
) -> Result<Json<LettersOut>, ApiError> {
    let reference = reference(&text)?;
    known(&app, &reference).await?;
    let detail = AuditDetail::default();
    noted(&app, &caller, Deed::Looked, Some(&reference), detail).await?;
    let letters = app.service.store.letters(&reference).await?;
    let letters = letters.into_iter().map(|l| shown(l, true, Vec::new()));
    Ok(Json(LettersOut {
        letters: letters.collect(),
    }))
}

/// A letter as PDF.
#[utoipa::path(get, path = "/api/v1/complaints/{reference}/letters/{letter}/pdf", tag = "complaints", params(("reference" = String, Path, description = "The reference"), ("letter" = String, Path, description = "The letter's id")), responses(
    (status = 200, description = "The file", content_type = "application/pdf"),
    (status = 404, description = "There is no such letter", body = ErrorBody)))]
pub(super) async fn as_pdf(
    State(app): Shared,
    caller: Caller,
    Path((text, id)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let reference = reference(&text)?;
    known(&app, &reference).await?;
    let letters = app.service.store.letters(&reference).await?;
    let letter = letters.into_iter().find(|l| l.id == id);
    let letter = letter.ok_or_else(|| ApiError::missing("letter"))?;
    let detail = AuditDetail {
        format: Some("pdf".to_owned()),
        ..AuditDetail::default()
    };
    noted(&app, &caller, Deed::Exported, Some(&reference), detail).await?;
    let mut response = pdf::of(reference.as_str(), &letter.text).into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/pdf");
    headers.insert(header::CONTENT_TYPE, kind);
    let name = format!("attachment; filename=\"{reference}-{}.pdf\"", letter.kind);
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
