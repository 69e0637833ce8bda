//! JSON bodies and query parameters, with errors that name the field.

use super::error::ApiError;
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Query, Request},
    http::{StatusCode, request::Parts},
    response::IntoResponse,
};
use serde::de::DeserializeOwned;

/// A JSON body of this shape.
#[derive(Debug)]
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| {
                if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
                    ApiError::too_large()
                } else {
                    ApiError::bad("the request's body could not be read")
                }
            })?;
        parse(&bytes).map(Self)
    }
}

/// Reads JSON; the error names the field.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|e| {
        let path = e.path().to_string();
        let inner = e.into_inner();
        // The reader's message may quote what was sent; only the kind of fault is told on.
        let text = inner.to_string();
        let named = text
            .strip_prefix("missing field `")
            .or_else(|| text.strip_prefix("unknown field `"))
            .and_then(|t| t.split('`').next());
        match (inner.classify(), named) {
            (serde_json::error::Category::Data, Some(name)) => {
                let field = if path == "." {
                    name.to_owned()
                } else {
                    format!("{path}.{name}").replace(&format!("{name}.{name}"), name)
                };
                let what = if text.starts_with("missing") {
                    "is missing"
                } else {
                    "is not known"
                };
                ApiError::field(&field, format!("the field '{field}' {what}"))
            }
            (serde_json::error::Category::Data, None) => ApiError::field(
                &path,
                format!("the field '{path}' has the wrong type or value"),
            ),
            _ => ApiError::bad(format!(
                "this is not JSON: line {}, column {}",
                inner.line(),
                inner.column()
            )),
        }
    })?;
    reader.end().map_err(|e| {
        ApiError::bad(format!(
            "this is not JSON: line {}, column {}",
            e.line(),
            e.column()
        ))
    })?;
    Ok(value)
}

/// Query parameters of this shape.
#[derive(Debug)]
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Query::try_from_uri(&parts.uri)
            .map(|Query(params)| Self(params))
            .map_err(|e| {
                ApiError::bad(format!(
                    "the address's parameters cannot be read: {}",
                    e.body_text()
                ))
            })
    }
}
