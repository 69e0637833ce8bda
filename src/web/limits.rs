//! How fast anyone may call. Whoever calls is counted by a hash of what they are known by, so that a long name costs no
//! more than a short one.

use super::error::ApiError;
use crate::config::Settings;
use axum::{
    extract::{ConnectInfo, Request},
    http::{Extensions, HeaderMap},
};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use std::{
    collections::HashSet,
    hash::{BuildHasher, Hash, RandomState},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// Requests a second from one address, and how many at once.
const ADDRESS_RATE: u32 = 50;
const ADDRESS_BURST: u32 = 300;
/// The same for the desk's API, which needs a sign-in or a token for everything.
const DESK_RATE: u32 = 500;
const DESK_BURST: u32 = 5000;
/// Sign-in attempts a minute from one address, for one name, and in one browser that is known.
const SIGN_IN_RATE: u32 = 10;
/// Where a name has been tried too often: attempts that each address has left for it, and how soon there is another.
const SPARE_ATTEMPTS: u32 = 3;
const SPARE_EVERY: Duration = Duration::from_mins(5);
/// Codes of a second factor for one account at once, and how soon there is another: of a million codes three are
/// good at a time.
const CODES: u32 = 10;
const CODE_EVERY: Duration = Duration::from_mins(5);
/// Tokens a minute from one address that were not seen to be good before.
const TOKEN_RATE: u32 = 60;
/// Keys after which those that have been quiet are forgotten, and after how many more calls that is looked at again.
const REMEMBER: usize = 50_000;
const LOOK_EVERY: u64 = 4096;
/// Good tokens that are remembered.
const GOOD_TOKENS: usize = 10_000;
/// How much of an IPv6 address is one house, and how much is one owner of many.
const HOUSE: u32 = 64;
const OWNER: u32 = 48;

/// Where a call comes from: an address, of which IPv6 counts by the network of a house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Origin(IpAddr);

impl Origin {
    pub(super) fn of(address: IpAddr) -> Self {
        Self(network(address, HOUSE))
    }
}

fn network(address: IpAddr, bits: u32) -> IpAddr {
    match address.to_canonical() {
        v4 @ IpAddr::V4(_) => v4,
        IpAddr::V6(v6) => {
            let kept = u128::from(v6) & (u128::MAX << (128 - bits));
            IpAddr::V6(Ipv6Addr::from(kept))
        }
    }
}

/// A limit for each of many.
#[derive(Debug)]
struct Keyed {
    limiter: DefaultKeyedRateLimiter<u64>,
    hashes: RandomState,
    calls: AtomicU64,
}

impl Keyed {
    fn new(quota: Quota) -> Self {
        Self {
            limiter: RateLimiter::keyed(quota),
            hashes: RandomState::new(),
            calls: AtomicU64::new(0),
        }
    }

    fn check(&self, key: impl Hash) -> Result<(), ApiError> {
        self.check_many(key, NonZeroU32::MIN)
    }

    fn check_many(&self, key: impl Hash, n: NonZeroU32) -> Result<(), ApiError> {
        let calls = self.calls.fetch_add(1, Ordering::Relaxed);
        if calls.is_multiple_of(LOOK_EVERY) && self.limiter.len() > REMEMBER {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        match self.limiter.check_key_n(&self.hashes.hash_one(key), n) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(not_until)) => {
                let wait = not_until.wait_time_from(DefaultClock::default().now());
                Err(ApiError::too_fast(wait.as_secs() + 1))
            }
            // More than there is room for at any time.
            Err(_) => Err(ApiError::too_fast(3600)),
        }
    }
}

/// All limits.
#[derive(Debug)]
pub(super) struct Limits {
    address: Keyed,
    desk: Keyed,
    sender: Option<Keyed>,
    visitor: Keyed,
    sign_in: Keyed,
    name: Keyed,
    spare: Keyed,
    code: Keyed,
    token: Keyed,
    upload: Keyed,
    good_tokens: Mutex<HashSet<u64>>,
    hashes: RandomState,
    behind_proxy: bool,
}

fn positive(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN)
}

impl Limits {
    pub(super) fn new(settings: &Settings) -> Self {
        let a_second = |rate, burst| {
            Keyed::new(Quota::per_second(positive(rate)).allow_burst(positive(burst)))
        };
        let a_minute = |rate| Keyed::new(Quota::per_minute(positive(rate)));
        let kilobytes = settings.guard.upload_mb_per_hour.saturating_mul(1024);
        let spare = Quota::with_period(SPARE_EVERY)
            .unwrap_or(Quota::per_minute(NonZeroU32::MIN))
            .allow_burst(positive(SPARE_ATTEMPTS));
        let codes = Quota::with_period(CODE_EVERY)
            .unwrap_or(Quota::per_minute(NonZeroU32::MIN))
            .allow_burst(positive(CODES));
        let visitor = Quota::per_minute(positive(settings.web_rate))
            .allow_burst(positive(settings.web_rate / 3));
        Self {
            address: a_second(ADDRESS_RATE, ADDRESS_BURST),
            desk: a_second(DESK_RATE, DESK_BURST),
            sender: (settings.http_rate > 0)
                .then(|| Keyed::new(Quota::per_second(positive(settings.http_rate)))),
            visitor: Keyed::new(visitor),
            sign_in: a_minute(SIGN_IN_RATE),
            name: a_minute(SIGN_IN_RATE),
            spare: Keyed::new(spare),
            code: Keyed::new(codes),
            token: a_minute(TOKEN_RATE),
            upload: Keyed::new(
                Quota::per_hour(positive(kilobytes))
                    .allow_burst(positive(kilobytes.saturating_mul(4))),
            ),
            good_tokens: Mutex::default(),
            hashes: RandomState::new(),
            behind_proxy: settings.behind_proxy,
        }
    }

    /// Where a call comes from.
    pub(super) fn origin(&self, headers: &HeaderMap, extensions: &Extensions) -> Origin {
        Origin::of(self.caller(headers, extensions))
    }

    /// The address of whoever calls, as well as it can be known.
    pub(super) fn caller(&self, headers: &HeaderMap, extensions: &Extensions) -> IpAddr {
        let connection = extensions.get::<ConnectInfo<SocketAddr>>();
        let direct = connection.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |c| c.0.ip());
        if !self.behind_proxy {
            return direct;
        }
        // The last entry of the last line is the one that our own proxy added; all before it is what the caller says.
        let line = headers.get_all("x-forwarded-for").iter().next_back();
        let entry = line
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.rsplit(',').next());
        entry.and_then(|e| address(e.trim())).unwrap_or(direct)
    }

    /// Anybody, by where they call from: the public part is narrow, the desk's wide.
    pub(super) fn address(&self, request: &Request) -> Result<(), ApiError> {
        let path = request.uri().path();
        let public = !path.starts_with("/api/v1/") || path.starts_with("/api/v1/inboxes/web/");
        let limit = if public { &self.address } else { &self.desk };
        limit.check(self.origin(request.headers(), request.extensions()))
    }

    pub(super) fn sender(&self, id: &str) -> Result<(), ApiError> {
        self.sender.as_ref().map_or(Ok(()), |limit| limit.check(id))
    }

    pub(super) fn visitor(&self, id: &str) -> Result<(), ApiError> {
        self.visitor.check(id)
    }

    /// Whose disk space a call uses: an address, of which IPv6 counts by the network of an owner, since a fresh one of
    /// a house costs nothing.
    pub(super) fn place(&self, headers: &HeaderMap, extensions: &Extensions) -> Origin {
        Origin(network(self.caller(headers, extensions), OWNER))
    }

    /// What the web chat keeps from one place, in bytes.
    pub(super) fn upload(&self, place: Origin, bytes: usize) -> Result<(), ApiError> {
        let kilobytes = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX);
        self.upload.check_many(place, positive(kilobytes))
    }

    /// Sign-in where nobody is known, from this address and for this name. A name is limited whoever tries it, but
    /// strangers cannot use up what its owner has: each address has a few attempts of its own left, and a browser that
    /// is known has its own limit.
    pub(super) fn sign_in(&self, origin: Origin, name: &str) -> Result<(), ApiError> {
        self.sign_in.check(origin)?;
        self.name
            .check(name)
            .or_else(|_| self.spare.check((name, origin)))
    }

    /// Sign-in in a browser in which this account has signed in before.
    pub(super) fn known_device(&self, device: &str) -> Result<(), ApiError> {
        self.sign_in.check(("device", device))
    }

    /// A code of a second factor, for an account whose password was right.
    pub(super) fn second_factor(&self, account: &str) -> Result<(), ApiError> {
        self.code.check(account)
    }

    /// A token that somebody shows, before it is looked at: those that were not seen to be good are limited by address.
    pub(super) fn token(
        &self,
        headers: &HeaderMap,
        extensions: &Extensions,
        token: &str,
    ) -> Result<(), ApiError> {
        let good = self
            .good_tokens
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&self.hashes.hash_one(token));
        if good {
            return Ok(());
        }
        self.token.check(self.origin(headers, extensions))
    }

    /// A token was good.
    pub(super) fn good_token(&self, token: &str) {
        let mut good = self
            .good_tokens
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if good.len() >= GOOD_TOKENS {
            good.clear();
        }
        good.insert(self.hashes.hash_one(token));
    }
}

/// An address as proxies write them: with or without a port, IPv6 with or without brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|s| s.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(pairs: &[(&str, &str)]) -> Limits {
        Limits::new(&Settings::from_pairs(pairs.iter().copied()).expect("settings"))
    }

    fn origin(limits: &Limits, lines: &[&str]) -> Origin {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().expect("a header"));
        }
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 80))));
        limits.origin(&headers, &extensions)
    }

    fn at(text: &str) -> Origin {
        Origin::of(text.parse().expect("an address"))
    }

    #[test]
    fn what_our_proxy_added_counts_and_nothing_that_the_caller_wrote() {
        let behind = limits(&[("behind_proxy", "true")]);
        for (lines, told) in [
            (&["1.1.1.1, 2.2.2.2"][..], "2.2.2.2"),
            (&["1.1.1.1", "2.2.2.2"], "2.2.2.2"),
            (&["2.2.2.2:4711"], "2.2.2.2"),
            (&["[2001:db8::1]:4711"], "2001:db8::1"),
            (&["1.1.1.1", "nonsense"], "10.0.0.1"),
            (&[], "10.0.0.1"),
        ] {
            assert_eq!(origin(&behind, lines), at(told), "{lines:?}");
        }
        let open = limits(&[]);
        assert_eq!(origin(&open, &["1.1.1.1"]), at("10.0.0.1"));
    }

    #[test]
    fn a_house_is_one_address() {
        assert_eq!(at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff::9"));
        assert_ne!(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
        assert_eq!(at("::ffff:2.2.2.2"), at("2.2.2.2"));
    }

    #[test]
    fn strangers_who_guess_do_not_keep_the_owner_out() {
        let limits = limits(&[]);
        for n in 0..200_u32 {
            let _ = limits.sign_in(Origin::of(IpAddr::V4(Ipv4Addr::from(n))), "priya shah");
        }
        let home = at("192.0.2.7");
        let tries: Vec<bool> = (0..5)
            .map(|_| limits.sign_in(home, "priya shah").is_ok())
            .collect();
        assert_eq!(tries, [true, true, true, false, false]);
        assert!(limits.known_device("the browser at work").is_ok());
    }

    #[test]
    fn tokens_are_not_tried_without_end_and_a_good_one_passes() {
        let limits = limits(&[]);
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 80))));
        let headers = HeaderMap::new();
        limits.good_token("good");
        let refused = (0..200)
            .filter(|n| limits.token(&headers, &extensions, &n.to_string()).is_err())
            .count();
        assert!(refused >= 130, "{refused}");
        assert!(limits.token(&headers, &extensions, "good").is_ok());
    }

    #[test]
    fn those_who_were_quiet_are_forgotten() {
        // A thousand a millisecond: everybody has been quiet for long at once.
        let keyed = Keyed::new(Quota::per_second(positive(1_000_000)));
        for n in 0..120_000_u32 {
            let _ = keyed.check(n);
        }
        let kept = keyed.limiter.len();
        assert!(kept <= REMEMBER + LOOK_EVERY as usize, "{kept}");
    }
}
