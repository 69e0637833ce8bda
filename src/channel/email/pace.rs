//! How much the bot says by mail: nothing goes round in circles, and nobody can have us send mail to somebody else by writing in their name.

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed, keyed::DefaultKeyedStateStore},
};
use std::{num::NonZeroU32, time::Duration};

const fn number(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).expect("more than none")
}

/// To one address: so many mails at once, then so many an hour.
const TO_ONE: [NonZeroU32; 2] = [number(20), number(20)];
/// To one address that nobody vouches for.
const TO_ONE_UNPROVEN: [NonZeroU32; 2] = [number(3), number(2)];
/// To all together.
const TO_ALL: [NonZeroU32; 2] = [number(500), number(2_000)];
/// To all that nobody vouches for; apart from these where somebody may be in danger.
const TO_ALL_UNPROVEN: [NonZeroU32; 2] = [number(60), number(60)];

/// Addresses after which those that have been quiet are forgotten.
const REMEMBER: usize = 10_000;

type Keyed<C> =
    RateLimiter<String, DefaultKeyedStateStore<String>, C, NoOpMiddleware<<C as Clock>::Instant>>;
type Direct<C> = RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// A mail of the bot's, as far as its pace goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letter<'a> {
    /// The address that it goes to.
    pub(super) to: &'a str,
    /// The server has vouched for the address.
    pub(super) proven: bool,
    /// Somebody may be in danger.
    pub(super) danger: bool,
}

/// What may be sent at this moment.
#[derive(Debug)]
pub(super) struct Pace<C: Clock = DefaultClock> {
    clock: C,
    one: Keyed<C>,
    one_unproven: Keyed<C>,
    all: Direct<C>,
    all_unproven: Direct<C>,
    all_in_danger: Direct<C>,
}

fn quota([at_once, an_hour]: [NonZeroU32; 2]) -> Quota {
    Quota::per_hour(an_hour).allow_burst(at_once)
}

/// An address without what stands behind the plus: whoever has one has them all.
fn mailbox(address: &str) -> String {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return address.to_lowercase();
    };
    let local = local.split('+').next().unwrap_or(local);
    format!("{local}@{domain}").to_lowercase()
}

impl Pace {
    pub(super) fn new() -> Self {
        Self::with(DefaultClock::default())
    }
}

impl<C: Clock + Clone> Pace<C> {
    fn with(clock: C) -> Self {
        let keyed = |most| {
            RateLimiter::new(
                quota(most),
                DefaultKeyedStateStore::default(),
                clock.clone(),
            )
        };
        let direct = |most| RateLimiter::direct_with_clock(quota(most), clock.clone());
        Self {
            one: keyed(TO_ONE),
            one_unproven: keyed(TO_ONE_UNPROVEN),
            all: direct(TO_ALL),
            all_unproven: direct(TO_ALL_UNPROVEN),
            all_in_danger: direct(TO_ALL_UNPROVEN),
            clock,
        }
    }

    /// Whether it may go out now; else after how long it may be tried again.
    pub(super) fn check(&self, letter: Letter<'_>) -> Result<(), Duration> {
        let one = if letter.proven {
            &self.one
        } else {
            &self.one_unproven
        };
        let all = match (letter.proven, letter.danger) {
            (true, _) => &self.all,
            (false, false) => &self.all_unproven,
            (false, true) => &self.all_in_danger,
        };
        if one.len() > REMEMBER {
            one.retain_recent();
        }
        let now = self.clock.now();
        one.check_key(&mailbox(letter.to))
            .map_err(|full| full.wait_time_from(now))?;
        all.check().map_err(|full| full.wait_time_from(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;

    fn pace() -> (Pace<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Pace::with(clock.clone()), clock)
    }

    fn letter(to: &str, proven: bool) -> Letter<'_> {
        Letter {
            to,
            proven,
            danger: false,
        }
    }

    fn sent(
        pace: &Pace<FakeRelativeClock>,
        letters: impl Iterator<Item = String>,
        proven: bool,
    ) -> usize {
        letters
            .filter(|to| pace.check(letter(to, proven)).is_ok())
            .count()
    }

    #[test]
    fn one_address_gets_so_many_mails_an_hour_however_it_is_written() {
        let (pace, clock) = pace();
        let written = |n: usize| format!("Ann+{n}@home.example");
        assert_eq!(sent(&pace, (0..50).map(written), true), 20);
        clock.advance(Duration::from_hours(1));
        assert_eq!(sent(&pace, (0..50).map(written), true), 20);
        assert_eq!(pace.check(letter("tom@home.example", true)), Ok(()));
    }

    #[test]
    fn an_address_that_nobody_vouches_for_gets_few() {
        let (pace, clock) = pace();
        let written = |n: usize| format!("ann+{n}@home.example");
        assert_eq!(sent(&pace, (0..50).map(written), false), 3);
        clock.advance(Duration::from_hours(1));
        assert_eq!(sent(&pace, (0..50).map(written), false), 2);
        assert_eq!(
            sent(&pace, (0..50).map(written), true),
            20,
            "the person themself"
        );
    }

    #[test]
    fn a_flood_of_forged_addresses_is_no_flood_of_ours() {
        let (pace, _) = pace();
        let forged = |n: usize| format!("victim{n}@home.example");
        assert_eq!(sent(&pace, (0..500).map(forged), false), 60);
        let danger = Letter {
            danger: true,
            ..letter("tom@home.example", false)
        };
        assert_eq!(pace.check(danger), Ok(()), "danger does not wait behind it");
        assert_eq!(pace.check(letter("ann@home.example", true)), Ok(()));
    }

    #[test]
    fn whoever_must_wait_is_told_for_how_long() {
        let (pace, clock) = pace();
        let ann = letter("ann@home.example", false);
        let wait = (0..4).find_map(|_| pace.check(ann).err()).expect("a wait");
        assert!(wait <= Duration::from_mins(30), "{wait:?}");
        clock.advance(wait);
        assert_eq!(pace.check(ann), Ok(()));
    }
}
