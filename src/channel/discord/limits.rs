//! What may be asked of Discord at this moment. Every limit that Discord tells is kept here, before a request leaves: a
//! bot that goes on asking is banned.
//!
//! A limit on one route holds that route. A limit on the bot, or one from the edge in front of Discord (a page, or JSON
//! without Discord's headers), holds everything; when its time is over one request goes first, and the others follow
//! when it was answered.

use super::trouble::CallError;
use crate::clock::{Clock, Stopwatch};
use reqwest::header::HeaderMap;
use serde::Deserialize;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// How long is waited where a 429 does not say.
const UNTOLD: Duration = Duration::from_mins(1);
/// The longest time that is believed.
const LONGEST: Duration = Duration::from_hours(24);
/// How soon others try again while one request finds out whether the limit is over.
const WHILE_ONE_TRIES: Duration = Duration::from_secs(1);
/// Discord bans an address after 10,000 invalid requests (401, 403, 429) in ten minutes. At half of that we stop by
/// ourselves.
const INVALID_WINDOW: Duration = Duration::from_mins(10);
const INVALID_MOST: u32 = 5_000;
/// So many routes are remembered before those whose time is over are cleared away.
const ROUTES: usize = 1_000;

/// The limits of one bot.
#[derive(Debug)]
pub(super) struct Limits {
    state: Mutex<State>,
    /// Whether everything is held.
    shut: watch::Sender<bool>,
    clock: Clock,
}

#[derive(Debug, Default)]
struct State {
    all: Option<Held>,
    routes: HashMap<String, Wait>,
    invalid: Option<(Stopwatch, u32)>,
}

/// Everything is held, until a request after that time is answered.
#[derive(Debug)]
struct Held {
    wait: Wait,
    /// A request is on its way to find out whether it is over.
    tried: bool,
}

#[derive(Clone, Copy, Debug)]
struct Wait {
    since: Stopwatch,
    time: Duration,
}

impl Wait {
    /// What is left of it; none where it is over.
    fn left(self) -> Option<Duration> {
        self.time
            .checked_sub(self.since.elapsed())
            .filter(|left| !left.is_zero())
    }
}

/// A request that may leave. Dropped without an answer, it lets the next one try.
#[derive(Debug)]
pub(super) struct Pass<'a> {
    limits: &'a Limits,
    route: String,
    /// It finds out whether a limit on everything is over.
    tries: bool,
}

/// What a 429 says, where it says it as Discord does.
#[derive(Deserialize)]
struct Told {
    retry_after: f64,
    #[serde(default)]
    global: bool,
}

impl Limits {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::default(),
            shut: watch::channel(false).0,
            clock: Clock::system(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whether everything is held, now and whenever that changes.
    pub(super) fn watch(&self) -> watch::Receiver<bool> {
        self.shut.subscribe()
    }

    /// How long everything is held from now on.
    pub(super) fn left(&self) -> Duration {
        let state = self.state();
        let left = state.all.as_ref().and_then(|held| held.wait.left());
        left.unwrap_or_default()
    }

    /// Lets a request leave, or says when it may.
    ///
    /// # Errors
    /// [`CallError::TooFast`]; nothing was sent.
    pub(super) fn admit(&self, route: String) -> Result<Pass<'_>, CallError> {
        let mut state = self.state();
        let mut tries = false;
        if let Some(held) = &mut state.all {
            if let Some(left) = held.wait.left() {
                return Err(CallError::TooFast(left));
            }
            if held.tried {
                return Err(CallError::TooFast(WHILE_ONE_TRIES));
            }
            held.tried = true;
            tries = true;
        }
        // Whoever finds out about everything is not stopped by what was told of one route before.
        let left = state.routes.get(&route).and_then(|wait| wait.left());
        if let Some(left) = left.filter(|_| !tries) {
            return Err(CallError::TooFast(left));
        }
        drop(state);
        Ok(Pass {
            limits: self,
            route,
            tries,
        })
    }

    fn hold(&self, state: &mut State, time: Duration) {
        // The longer of the two counts.
        let left = state.all.as_ref().and_then(|held| held.wait.left());
        let time = left.map_or(time, |left| left.max(time));
        state.all = Some(Held {
            wait: self.wait(time),
            tried: false,
        });
        self.shut.send_replace(true);
    }

    fn wait(&self, time: Duration) -> Wait {
        Wait {
            since: self.clock.stopwatch(),
            time,
        }
    }

    fn hold_route(&self, state: &mut State, route: &str, time: Duration) {
        if state.routes.len() >= ROUTES {
            state.routes.retain(|_, wait| wait.left().is_some());
        }
        state.routes.insert(route.to_owned(), self.wait(time));
    }

    fn count_invalid(&self, state: &mut State) {
        let fresh = |since: &Stopwatch| since.elapsed() < INVALID_WINDOW;
        let (since, count) = match state.invalid.take().filter(|(since, _)| fresh(since)) {
            Some((since, count)) => (since, count + 1),
            None => (self.clock.stopwatch(), 1),
        };
        state.invalid = Some((since, count));
        if count >= INVALID_MOST {
            let left = INVALID_WINDOW.saturating_sub(since.elapsed());
            self.hold(state, left.max(UNTOLD));
        }
    }
}

impl Pass<'_> {
    /// It was answered, with no limit. What the headers tell of the next request is kept.
    pub(super) fn answered(mut self, status: u16, headers: &HeaderMap) {
        let limits = self.limits;
        let mut state = limits.state();
        if std::mem::take(&mut self.tries) {
            state.all = None;
            limits.shut.send_replace(false);
        }
        let number = |name: &str| headers.get(name)?.to_str().ok()?.parse::<f64>().ok();
        let none_left = number("x-ratelimit-remaining").is_some_and(|left| left < 1.0);
        if let Some(after) = number("x-ratelimit-reset-after").filter(|_| none_left) {
            limits.hold_route(&mut state, &self.route, seconds(after));
        }
        if matches!(status, 401 | 403) {
            limits.count_invalid(&mut state);
        }
    }

    /// It was answered with a 429. How long is to be waited.
    pub(super) fn limited(mut self, headers: &HeaderMap, body: &[u8]) -> Duration {
        let limits = self.limits;
        let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
        let told = serde_json::from_slice::<Told>(body).ok();
        let by_header = header("retry-after").and_then(|v| v.parse::<f64>().ok());
        let by_body = told.as_ref().map(|t| t.retry_after);
        let time = match (by_header, by_body) {
            (Some(a), Some(b)) => seconds(a.max(b)),
            (Some(a), None) | (None, Some(a)) => seconds(a),
            (None, None) => UNTOLD,
        };
        // Discord itself names the scope or the bucket; the edge in front of it knows neither.
        let named = header("x-ratelimit-scope").is_some_and(|s| s != "global")
            || header("x-ratelimit-bucket").is_some();
        let global = header("x-ratelimit-global").is_some_and(|g| g == "true")
            || told.as_ref().is_none_or(|t| t.global);
        let mut state = limits.state();
        let tried = std::mem::take(&mut self.tries);
        if global || !named {
            limits.hold(&mut state, time);
        } else {
            // A limit of the route says that the bot itself is let in again, where it was asked after that.
            if tried {
                state.all = None;
                limits.shut.send_replace(false);
            }
            limits.hold_route(&mut state, &self.route, time);
        }
        if header("x-ratelimit-scope") != Some("shared") {
            limits.count_invalid(&mut state);
        }
        time
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.tries
            && let Some(held) = &mut self.limits.state().all
        {
            held.tried = false;
        }
    }
}

/// As a time, within reason.
fn seconds(seconds: f64) -> Duration {
    let most = LONGEST.as_secs_f64();
    if seconds.is_finite() {
        Duration::from_secs_f64(seconds.clamp(0.0, most))
    } else {
        UNTOLD
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderName, HeaderValue};

    fn headers(all: &[(&'static str, &'static str)]) -> HeaderMap {
        all.iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    fn pass(limits: &Limits, route: &str) -> Result<(), CallError> {
        limits.admit(route.to_owned()).map(drop)
    }

    #[test]
    fn a_page_from_the_edge_holds_everything_for_a_minute() {
        let limits = Limits::new();
        let first = limits.admit("GET a".to_owned()).expect("open");
        assert_eq!(first.limited(&HeaderMap::new(), b"<html>"), UNTOLD);
        assert!(matches!(pass(&limits, "GET b"), Err(CallError::TooFast(_))));
        assert!(*limits.watch().borrow());
        assert!(limits.left() > Duration::from_secs(50));
    }

    #[test]
    fn what_was_asked_before_everything_was_held_lets_nobody_in_again() {
        let limits = Limits::new();
        let (first, second, third) = (
            limits.admit("GET a".to_owned()).expect("open"),
            limits.admit("GET b".to_owned()).expect("open"),
            limits.admit("GET c".to_owned()).expect("open"),
        );
        let long = br#"{"message": "blocked", "retry_after": 600}"#;
        first.limited(&HeaderMap::new(), long);
        let route = headers(&[("x-ratelimit-bucket", "b"), ("retry-after", "1")]);
        second.limited(&route, br#"{"retry_after": 1}"#);
        third.limited(&HeaderMap::new(), br#"{"retry_after": 1}"#);
        assert!(limits.left() > Duration::from_secs(500));
        assert!(pass(&limits, "GET d").is_err());
    }

    #[test]
    fn json_without_discords_headers_and_global_ones_hold_everything() {
        let plain = br#"{"message": "blocked", "retry_after": 7.5}"#.as_slice();
        let global = br#"{"retry_after": 2, "global": true}"#.as_slice();
        let named = headers(&[("x-ratelimit-bucket", "b"), ("retry-after", "2")]);
        for (body, headers) in [(plain, &HeaderMap::new()), (global, &named)] {
            let limits = Limits::new();
            let first = limits.admit("GET a".to_owned()).expect("open");
            let time = first.limited(headers, body);
            assert!(time >= Duration::from_secs(2), "{time:?}");
            assert!(pass(&limits, "GET b").is_err());
        }
    }

    #[test]
    fn a_limit_of_one_route_holds_that_route() {
        let limits = Limits::new();
        let first = limits.admit("POST a".to_owned()).expect("open");
        let named = headers(&[("x-ratelimit-scope", "user"), ("retry-after", "9")]);
        first.limited(&named, br#"{"retry_after": 8.2, "global": false}"#);
        assert!(pass(&limits, "POST a").is_err());
        assert!(pass(&limits, "POST b").is_ok());
        let next = limits.admit("POST b".to_owned()).expect("open");
        let last = headers(&[
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset-after", "3.5"),
        ]);
        next.answered(200, &last);
        assert!(pass(&limits, "POST b").is_err(), "none is left there");
    }

    #[test]
    fn when_the_time_is_over_one_request_goes_first() {
        let limits = Limits::new();
        let first = limits.admit("GET a".to_owned()).expect("open");
        first.limited(&headers(&[("retry-after", "0")]), b"<html>");
        let tries = limits.admit("GET b".to_owned()).expect("its time is over");
        assert!(pass(&limits, "GET c").is_err(), "the others wait for it");
        drop(tries);
        let tries = limits
            .admit("GET b".to_owned())
            .expect("the last got no answer");
        tries.answered(200, &HeaderMap::new());
        assert!(pass(&limits, "GET c").is_ok());
        assert!(!*limits.watch().borrow());
    }

    #[test]
    fn before_so_many_invalid_requests_that_we_are_banned_we_stop() {
        let limits = Limits::new();
        for _ in 0..INVALID_MOST {
            let pass = limits.admit("GET a".to_owned()).expect("open");
            pass.answered(403, &HeaderMap::new());
        }
        assert!(pass(&limits, "GET a").is_err());
    }
}
