//! How fast anyone may call.

use super::error::ApiError;
use crate::config::Settings;
use axum::{
    extract::{ConnectInfo, Request},
    http::HeaderMap,
};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    num::NonZeroU32,
};

/// Requests a second from one address, and how many at once.
const ADDRESS_RATE: u32 = 50;
const ADDRESS_BURST: u32 = 300;
/// The same for the desk's API, which needs a sign-in or a token for everything.
const DESK_RATE: u32 = 500;
const DESK_BURST: u32 = 5000;
/// Sign-in attempts a minute from one address, and for one name.
const SIGN_IN_RATE: u32 = 10;
/// Keys after which those that have been quiet are forgotten.
const REMEMBER: usize = 50_000;

/// All limits.
#[derive(Debug)]
pub(super) struct Limits {
    address: DefaultKeyedRateLimiter<IpAddr>,
    desk: DefaultKeyedRateLimiter<IpAddr>,
    sender: Option<DefaultKeyedRateLimiter<String>>,
    visitor: DefaultKeyedRateLimiter<String>,
    sign_in: DefaultKeyedRateLimiter<String>,
    behind_proxy: bool,
}

fn positive(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN)
}

impl Limits {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            address: RateLimiter::keyed(
                Quota::per_second(positive(ADDRESS_RATE)).allow_burst(positive(ADDRESS_BURST)),
            ),
            desk: RateLimiter::keyed(
                Quota::per_second(positive(DESK_RATE)).allow_burst(positive(DESK_BURST)),
            ),
            sender: (settings.http_rate > 0)
                .then(|| RateLimiter::keyed(Quota::per_second(positive(settings.http_rate)))),
            visitor: RateLimiter::keyed(
                Quota::per_minute(positive(settings.web_rate))
                    .allow_burst(positive((settings.web_rate / 3).max(1))),
            ),
            sign_in: RateLimiter::keyed(Quota::per_minute(positive(SIGN_IN_RATE))),
            behind_proxy: settings.behind_proxy,
        }
    }

    /// Where a request comes from.
    pub(super) fn origin(&self, headers: &HeaderMap, connection: Option<SocketAddr>) -> IpAddr {
        let forwarded = headers.get("x-forwarded-for").and_then(|v| v.to_str().ok());
        // The last entry is the one that our own proxy added.
        let told = forwarded
            .and_then(|v| v.rsplit(',').next())
            .and_then(|v| v.trim().parse().ok());
        let direct = connection.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |c| c.ip());
        if self.behind_proxy {
            told.unwrap_or(direct)
        } else {
            direct
        }
    }

    /// Anybody, by where they call from: the public part is narrow, the desk's wide.
    pub(super) fn address(&self, request: &Request) -> Result<(), ApiError> {
        let connection = request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()
            .map(|c| c.0);
        let path = request.uri().path();
        let public = !path.starts_with("/api/v1/") || path.starts_with("/api/v1/inboxes/web/");
        let limit = if public { &self.address } else { &self.desk };
        check(limit, &self.origin(request.headers(), connection))
    }

    pub(super) fn sender(&self, id: &str) -> Result<(), ApiError> {
        self.sender
            .as_ref()
            .map_or(Ok(()), |limit| check(limit, &id.to_owned()))
    }

    pub(super) fn visitor(&self, id: &str) -> Result<(), ApiError> {
        check(&self.visitor, &id.to_owned())
    }

    /// Sign-in, from this address and for this name: a name is limited whoever tries it.
    pub(super) fn sign_in(&self, address: IpAddr, name: &str) -> Result<(), ApiError> {
        check(&self.sign_in, &format!("from {address}"))?;
        check(&self.sign_in, &format!("for {}", name.to_lowercase()))
    }
}

fn check<K: std::hash::Hash + Eq + Clone>(
    limit: &DefaultKeyedRateLimiter<K>,
    key: &K,
) -> Result<(), ApiError> {
    if limit.len() > REMEMBER {
        limit.retain_recent();
        limit.shrink_to_fit();
    }
    limit.check_key(key).map_err(|not_until| {
        ApiError::too_fast(
            not_until
                .wait_time_from(DefaultClock::default().now())
                .as_secs()
                + 1,
        )
    })
}
