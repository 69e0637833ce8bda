//! JSON bodies and query parameters, with errors that name the field.

use super::{App, error::ApiError};
use axum::{
    RequestExt,
    extract::{FromRequest, FromRequestParts, Query, Request},
    http::request::Parts,
};
use http_body_util::{BodyExt, LengthLimitError};
use serde::de::DeserializeOwned;
use std::{sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bodies up to this size find room also while large ones fill theirs: words get through where files do not.
const SMALL: usize = 64 << 10;
/// Bytes of bodies that are in memory at once: of the small ones, and of what the large ones have beyond.
const SMALL_ROOM: usize = 16 << 20;
const LARGE_ROOM: usize = 128 << 20;
/// A body comes at this many bytes a second at least, after the first seconds, and within the longest time.
const SLOWEST: u64 = 16 << 10;
const LONGEST: Duration = Duration::from_mins(3);

/// Room for bodies.
#[derive(Debug)]
pub(super) struct Room {
    small: Arc<Semaphore>,
    large: Arc<Semaphore>,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            small: Arc::new(Semaphore::new(SMALL_ROOM)),
            large: Arc::new(Semaphore::new(LARGE_ROOM)),
        }
    }
}

/// Room that a body takes, until this is dropped.
#[derive(Debug, Default)]
pub(super) struct Taken([Option<OwnedSemaphorePermit>; 2]);

impl Taken {
    /// How many bytes the body had.
    pub(super) fn bytes(&self) -> usize {
        let permits = self.0.iter().flatten();
        permits.map(OwnedSemaphorePermit::num_permits).sum()
    }

    fn grow(&mut self, room: &Room, total: usize, more: usize) -> Result<(), ApiError> {
        let (pool, place) = if total + more <= SMALL {
            (&room.small, &mut self.0[0])
        } else {
            (&room.large, &mut self.0[1])
        };
        let permit = u32::try_from(more)
            .ok()
            .and_then(|n| Arc::clone(pool).try_acquire_many_owned(n).ok())
            .ok_or_else(|| {
                ApiError::unavailable(
                    "too much is being sent at once; please try again in a moment",
                )
            })?;
        match place {
            Some(taken) => taken.merge(permit),
            None => *place = Some(permit),
        }
        Ok(())
    }
}

/// Reads a body as it comes: bounded in size by its route, in time, and by the room that there is for all of them.
///
/// Call it after everything that can be known without the body has been checked.
pub(super) async fn read(app: &App, request: Request) -> Result<(Vec<u8>, Taken), ApiError> {
    let watch = app.service.clock.stopwatch();
    let first = app.service.settings.guard.patience;
    let mut body = request.into_limited_body();
    let (mut bytes, mut taken) = (Vec::new(), Taken::default());
    loop {
        let by = first + Duration::from_secs(bytes.len() as u64 / SLOWEST);
        let left = by.min(LONGEST).saturating_sub(watch.elapsed());
        let frame = match tokio::time::timeout(left, body.frame()).await {
            Err(_) => return Err(ApiError::too_slow()),
            Ok(None) => return Ok((bytes, taken)),
            Ok(Some(Err(e))) if too_long(&e) => return Err(ApiError::too_large()),
            Ok(Some(Err(_))) => {
                return Err(ApiError::bad("the request's body could not be read"));
            }
            Ok(Some(Ok(frame))) => frame,
        };
        if let Ok(data) = frame.into_data() {
            taken.grow(&app.room, bytes.len(), data.len())?;
            bytes.extend_from_slice(&data);
        }
    }
}

fn too_long(error: &axum::Error) -> bool {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(e) = next {
        if e.is::<LengthLimitError>() {
            return true;
        }
        next = e.source();
    }
    false
}

/// Reads a body of JSON; the room stays taken until the second value is dropped.
pub(super) async fn read_json<T: DeserializeOwned>(
    app: &App,
    request: Request,
) -> Result<(T, Taken), ApiError> {
    let (bytes, taken) = read(app, request).await?;
    Ok((parse(&bytes)?, taken))
}

/// A JSON body of this shape.
#[derive(Debug)]
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        Ok(Self(read_json(app, request).await?.0))
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
        // No writing system has the character NUL, and Postgres cannot compare it.
        if parts.uri.query().is_some_and(|q| q.contains("%00")) {
            return Err(ApiError::bad(
                "the address's parameters hold a NUL character",
            ));
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_find_room_where_files_have_taken_theirs() {
        let room = Room::default();
        let mut large: Vec<Taken> = Vec::new();
        loop {
            let mut taken = Taken::default();
            if taken.grow(&room, 0, 8 << 20).is_err() {
                break;
            }
            large.push(taken);
        }
        assert_eq!(large.len(), LARGE_ROOM / (8 << 20));
        let mut words = Taken::default();
        assert!(words.grow(&room, 0, 2000).is_ok());
        assert!(words.grow(&room, 2000, 3000).is_ok());
        assert_eq!(words.bytes(), 5000);
        large.pop();
        assert!(
            Taken::default().grow(&room, 0, 8 << 20).is_ok(),
            "room comes back"
        );
    }
}
