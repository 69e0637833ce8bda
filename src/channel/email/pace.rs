//! How much the bot says by mail: nothing goes round in circles, and nobody can have us send mail to somebody else by
//! writing in their name. It is kept with the line's marks, so that a restart forgets nothing.

use crate::{
    domain::Timestamp,
    service::Service,
    store::{Store, StoreError},
};
use sha2::{Digest, Sha256};
use std::{collections::HashMap, fmt::Write, time::Duration};
use tokio::sync::Mutex;

/// Marks of limits: after this, which one, and to whom; the value is the time at which all that was sent is worked off.
const MARK: &str = "email:pace:";
/// Microseconds.
const HOUR: i64 = 3_600_000_000;

/// So many mails at once, then so many an hour.
#[derive(Clone, Copy, Debug)]
struct Limit {
    name: &'static str,
    at_once: i64,
    an_hour: i64,
}

const fn limit(name: &'static str, at_once: i64, an_hour: i64) -> Limit {
    Limit {
        name,
        at_once,
        an_hour,
    }
}

/// To one address.
const TO_ONE: Limit = limit("one", 20, 20);
/// To one address that nobody vouches for.
const TO_ONE_UNPROVEN: Limit = limit("one_unproven", 3, 2);
/// To all together.
const TO_ALL: Limit = limit("all", 500, 2_000);
/// To all that nobody vouches for; apart from these where somebody may be in danger.
const TO_ALL_UNPROVEN: Limit = limit("all_unproven", 60, 60);
const TO_ALL_IN_DANGER: Limit = limit("all_in_danger", 60, 60);

impl Limit {
    /// One mail more: when all is worked off then; else after how long it may be tried again.
    fn next(self, worked_off: i64, now: i64) -> Result<i64, Duration> {
        let each = HOUR / self.an_hour;
        let most = now + self.at_once * each;
        // A clock that was set back holds nothing up for longer than the limit itself.
        let next = worked_off.clamp(now, most) + each;
        if next <= most {
            Ok(next)
        } else {
            Err(Duration::from_micros((next - most).unsigned_abs()))
        }
    }
}

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

impl Letter<'_> {
    /// The limits that it counts for, each with its mark's name.
    fn limits(self) -> [(Limit, String); 2] {
        let one = if self.proven { TO_ONE } else { TO_ONE_UNPROVEN };
        let all = match (self.proven, self.danger) {
            (true, _) => TO_ALL,
            (false, false) => TO_ALL_UNPROVEN,
            (false, true) => TO_ALL_IN_DANGER,
        };
        let digest = Sha256::digest(mailbox(self.to).as_bytes());
        let to = digest.iter().take(12).fold(String::new(), |mut text, b| {
            let _ = write!(text, "{b:02x}");
            text
        });
        [
            (one, format!("{MARK}{}:{to}", one.name)),
            (all, format!("{MARK}{}", all.name)),
        ]
    }

    /// Whether it may go out now, and what is to be noted then; else after how long it may be tried again.
    fn weigh(self, now: i64, noted: &HashMap<String, i64>) -> Result<Vec<(String, i64)>, Duration> {
        let count = |(limit, name): (Limit, String)| {
            let worked_off = noted.get(&name).copied().unwrap_or_default();
            limit.next(worked_off, now).map(|next| (name, next))
        };
        self.limits().into_iter().map(count).collect()
    }
}

/// An address without what stands behind the plus: whoever has one has them all.
fn mailbox(address: &str) -> String {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return address.to_lowercase();
    };
    let local = local.split('+').next().unwrap_or(local);
    format!("{local}@{domain}").to_lowercase()
}

/// Counts what is sent, one mail after the other.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// When marks that say nothing any more were last cleared away.
    cleared: Mutex<Option<Timestamp>>,
}

impl Pace {
    /// Whether it may go out now; else after how long it may be tried again, where that is known.
    pub(super) async fn check(
        &self,
        service: &Service,
        letter: Letter<'_>,
    ) -> Result<(), Option<Duration>> {
        let mut cleared = self.cleared.lock().await;
        let now = service.clock.now();
        if cleared.is_none_or(|at| now.0 - at.0 >= HOUR) {
            clear(&service.store, now).await.map_err(|_| None)?;
            *cleared = Some(now);
        }
        let noted = noted(&service.store, letter).await.map_err(|_| None)?;
        for (name, next) in letter.weigh(now.0, &noted).map_err(Some)? {
            let noted = service.store.set_mark(&name, &next.to_string()).await;
            noted.map_err(|_| None)?;
        }
        Ok(())
    }
}

async fn noted(store: &Store, letter: Letter<'_>) -> Result<HashMap<String, i64>, StoreError> {
    let mut noted = HashMap::new();
    for (_, name) in letter.limits() {
        let worked_off = store.mark(&name).await?.and_then(|at| at.parse().ok());
        noted.extend(worked_off.map(|at| (name, at)));
    }
    Ok(noted)
}

/// Takes away what is worked off.
async fn clear(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    for (name, at) in store.marks(MARK).await? {
        if at.parse().is_ok_and(|at: i64| at <= now.0) {
            store.drop_mark(&name).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was noted, and the time.
    #[derive(Default)]
    struct Book {
        noted: HashMap<String, i64>,
        now: i64,
    }

    impl Book {
        fn sends(&mut self, letter: Letter<'_>) -> Result<(), Duration> {
            let noted = letter.weigh(self.now, &self.noted)?;
            self.noted.extend(noted);
            Ok(())
        }

        fn sent(&mut self, letters: impl Iterator<Item = String>, proven: bool) -> usize {
            letters
                .filter(|to| self.sends(letter(to, proven)).is_ok())
                .count()
        }

        fn after(&mut self, time: Duration) {
            self.now += i64::try_from(time.as_micros()).expect("some hours");
        }
    }

    fn letter(to: &str, proven: bool) -> Letter<'_> {
        Letter {
            to,
            proven,
            danger: false,
        }
    }

    #[test]
    fn one_address_gets_so_many_mails_an_hour_however_it_is_written() {
        let mut book = Book::default();
        let written = |n: usize| format!("Ann+{n}@home.example");
        assert_eq!(book.sent((0..50).map(written), true), 20);
        book.after(Duration::from_hours(1));
        assert_eq!(book.sent((0..50).map(written), true), 20);
        assert_eq!(book.sends(letter("tom@home.example", true)), Ok(()));
    }

    #[test]
    fn an_address_that_nobody_vouches_for_gets_few() {
        let mut book = Book::default();
        let written = |n: usize| format!("ann+{n}@home.example");
        assert_eq!(book.sent((0..50).map(written), false), 3);
        book.after(Duration::from_hours(1));
        assert_eq!(book.sent((0..50).map(written), false), 2);
        assert_eq!(
            book.sent((0..50).map(written), true),
            20,
            "the person themself"
        );
    }

    #[test]
    fn a_flood_of_forged_addresses_is_no_flood_of_ours() {
        let mut book = Book::default();
        let forged = |n: usize| format!("victim{n}@home.example");
        assert_eq!(book.sent((0..500).map(forged), false), 60);
        let danger = Letter {
            danger: true,
            ..letter("tom@home.example", false)
        };
        assert_eq!(book.sends(danger), Ok(()), "danger does not wait behind it");
        assert_eq!(book.sends(letter("ann@home.example", true)), Ok(()));
    }

    #[test]
    fn whoever_must_wait_is_told_for_how_long() {
        let mut book = Book::default();
        let ann = letter("ann@home.example", false);
        let wait = (0..4).find_map(|_| book.sends(ann).err()).expect("a wait");
        assert!(wait <= Duration::from_mins(30), "{wait:?}");
        book.after(wait);
        assert_eq!(book.sends(ann), Ok(()));
    }

    #[test]
    fn a_clock_that_was_set_back_holds_nobody_up_for_long() {
        let mut book = Book::default();
        book.after(Duration::from_hours(10_000));
        let ann = letter("ann@home.example", false);
        assert_eq!(book.sent((0..9).map(|_| ann.to.to_owned()), false), 3);
        book.now = 0;
        let wait = book.sends(ann).expect_err("the limit is used up");
        assert!(wait <= Duration::from_mins(30), "{wait:?}");
    }
}
