//! JSON bodies and query parameters, with errors that name the field.

use super::{App, error::ApiError, limits::Origin};
use axum::{
    RequestExt,
    extract::{FromRequest, FromRequestParts, Query, Request},
    http::request::Parts,
};
use http_body_util::{BodyExt, LengthLimitError};
use serde::de::DeserializeOwned;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bodies up to this size find room also while large ones fill theirs: words get through where files do not.
const SMALL: usize = 64 << 10;
/// Bytes of bodies that are in memory at once: of the small ones, and of what the large ones have beyond.
const SMALL_ROOM: usize = 16 << 20;
const LARGE_ROOM: usize = 128 << 20;
/// What one address may take of all of it: the largest body, and room for words beside. Bodies that are half sent by
/// one keep nobody else from sending.
const SHARE: usize = 32 << 20;
/// What it may take of the room for small bodies.
const SMALL_SHARE: usize = 2 << 20;
/// A body comes at this many bytes a second at least, after the first seconds, and within the longest time.
const SLOWEST: u64 = 16 << 10;
const LONGEST: Duration = Duration::from_mins(3);

/// Room for bodies.
#[derive(Debug)]
pub(super) struct Room {
    small: Arc<Semaphore>,
    large: Arc<Semaphore>,
    shares: Shares,
}

/// What each address takes: of the room for small bodies, and beyond.
type Shares = Arc<Mutex<HashMap<Origin, [usize; 2]>>>;

impl Default for Room {
    fn default() -> Self {
        Self {
            small: Arc::new(Semaphore::new(SMALL_ROOM)),
            large: Arc::new(Semaphore::new(LARGE_ROOM)),
            shares: Arc::default(),
        }
    }
}

/// Room that a body takes, until this is dropped.
#[derive(Debug)]
pub(super) struct Taken {
    permits: [Option<OwnedSemaphorePermit>; 2],
    by: Origin,
    shares: Shares,
}

impl Taken {
    fn new(room: &Room, by: Origin) -> Self {
        Self {
            permits: [None, None],
            by,
            shares: Arc::clone(&room.shares),
        }
    }

    /// How many bytes it takes of the room for small bodies, and beyond.
    fn parts(&self) -> [usize; 2] {
        let size = |p: &Option<OwnedSemaphorePermit>| {
            p.as_ref().map_or(0, OwnedSemaphorePermit::num_permits)
        };
        [size(&self.permits[0]), size(&self.permits[1])]
    }

    /// How many bytes the body had.
    pub(super) fn bytes(&self) -> usize {
        self.parts().iter().sum()
    }

    /// Counts so many more bytes for the address, where its share has room for them.
    fn count(&self, part: usize, more: usize) -> bool {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        let here = shares.entry(self.by).or_default();
        let fits = here[part] + more <= [SMALL_SHARE, SHARE][part];
        if fits {
            here[part] += more;
        } else if *here == [0, 0] {
            shares.remove(&self.by);
        }
        fits
    }

    fn uncount(&self, parts: [usize; 2]) {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(here) = shares.get_mut(&self.by) {
            here[0] = here[0].saturating_sub(parts[0]);
            here[1] = here[1].saturating_sub(parts[1]);
            if *here == [0, 0] {
                shares.remove(&self.by);
            }
        }
    }

    fn grow(&mut self, room: &Room, total: usize, more: usize) -> Result<(), ApiError> {
        // Where the room for words is full, they may have some of that for files.
        let parts = if total + more <= SMALL { 0..2 } else { 1..2 };
        for part in parts {
            let pool = [&room.small, &room.large][part];
            if !self.count(part, more) {
                continue;
            }
            let permit = u32::try_from(more)
                .ok()
                .and_then(|n| Arc::clone(pool).try_acquire_many_owned(n).ok());
            match (permit, &mut self.permits[part]) {
                (Some(permit), Some(taken)) => taken.merge(permit),
                (Some(permit), none) => *none = Some(permit),
                (None, _) => {
                    let mut back = [0, 0];
                    back[part] = more;
                    self.uncount(back);
                    continue;
                }
            }
            return Ok(());
        }
        Err(ApiError::unavailable(
            "too much is being sent at once; please try again in a moment",
        ))
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.uncount(self.parts());
    }
}

/// Reads a body as it comes: bounded in size by its route, in time, and by the room that there is for all of them.
///
/// Call it after everything that can be known without the body has been checked.
pub(super) async fn read(app: &App, request: Request) -> Result<(Vec<u8>, Taken), ApiError> {
    let watch = app.service.clock.stopwatch();
    let first = app.service.settings.guard.patience;
    let by = app.limits.place(request.headers(), request.extensions());
    let mut body = request.into_limited_body();
    let mut bytes = Vec::new();
    let mut taken = Taken::new(&app.room, by);
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
            taken
                .grow(&app.room, bytes.len(), data.len())
                .inspect_err(|_| app.service.metrics.refused("body_room"))?;
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
    use std::net::IpAddr;

    fn at(n: u8) -> Origin {
        Origin::of(IpAddr::from([10, 0, 0, n]))
    }

    #[test]
    fn words_find_room_where_files_have_taken_theirs() {
        let room = Room::default();
        let mut large: Vec<Taken> = Vec::new();
        for n in 0..=u8::MAX {
            let mut taken = Taken::new(&room, at(n));
            if taken.grow(&room, 0, 8 << 20).is_err() {
                break;
            }
            large.push(taken);
        }
        assert_eq!(large.len(), LARGE_ROOM / (8 << 20));
        let mut words = Taken::new(&room, at(1));
        assert!(words.grow(&room, 0, 2000).is_ok());
        assert!(words.grow(&room, 2000, 3000).is_ok());
        assert_eq!(words.bytes(), 5000);
        large.pop();
        let mut again = Taken::new(&room, at(1));
        assert!(again.grow(&room, 0, 8 << 20).is_ok(), "room comes back");
    }

    #[test]
    fn one_address_takes_its_share_and_no_more() {
        let room = Room::default();
        let mut small: Vec<Taken> = Vec::new();
        loop {
            let mut taken = Taken::new(&room, at(1));
            if taken.grow(&room, 0, 60_000).is_err() {
                break;
            }
            small.push(taken);
        }
        let held: usize = small.iter().map(Taken::bytes).sum();
        assert!(held <= SHARE + SMALL_SHARE, "{held}");
        let mut other = Taken::new(&room, at(2));
        assert!(other.grow(&room, 0, 60_000).is_ok(), "words of others");
        assert!(other.grow(&room, 60_000, 28 << 20).is_ok(), "and files");
        drop(small);
        drop(other);
        assert!(room.shares.lock().expect("a map").is_empty());
    }
}
