//! The security log: what happens to access, as JSON lines in a file of its own, for whoever watches over
//! the house.
//!
//! It has ids and network addresses, and never a name, a word or a secret. The file is opened for each line,
//! so that it may be moved away at any time (`logrotate` without `copytruncate`), and so that commands write
//! to the same one.

use crate::{
    config::Settings,
    domain::{AgentId, Role, Scope, Timestamp},
};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use serde::Serialize;
use std::{
    fs::OpenOptions,
    io::{self, Write},
    net::IpAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
};

/// Lines a second, and at once, for what strangers can bring about as often as they like: nobody fills the
/// disk by failing.
const FAILURES: NonZeroU32 = NonZeroU32::new(5).expect("five");
const FAILURES_AT_ONCE: NonZeroU32 = NonZeroU32::new(200).expect("two hundred");

/// What happened.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum SecurityEvent {
    /// Somebody signed in.
    SignIn {
        /// The session's public id.
        session: String,
        /// In a browser in which they had signed in before.
        known_browser: bool,
        /// By what: `password`, `totp`, `recovery_code`, `invitation`, `setup`, `oidc`.
        with: &'static str,
    },
    /// Somebody did not get in.
    SignInFailed {
        /// The account, where there is one of that name.
        agent: Option<AgentId>,
        /// Why: `password`, `disabled`, `unknown`, `second_factor`, `oidc`.
        reason: &'static str,
    },
    /// Somebody tried too often, and is kept waiting.
    LockedOut {
        /// The account, where there is one of that name.
        agent: Option<AgentId>,
        /// At what: `sign_in`, `browser`, `second_factor`, `token`, `setup`, `join`.
        at: &'static str,
    },
    /// A token that is none, or not any more.
    TokenRefused,
    /// Somebody signed out.
    SignOut,
    /// The first administrator came in by the link that was printed.
    FirstAdmin {
        /// The account.
        agent: AgentId,
    },
    /// An account was added.
    AccountAdded {
        /// The account.
        agent: AgentId,
        /// Its role.
        role: Role,
    },
    /// An account has another role.
    RoleChanged {
        /// The account.
        agent: AgentId,
        /// The role of before.
        before: Role,
        /// The role of now.
        role: Role,
    },
    /// An account may sign in no more.
    AccountDisabled {
        /// The account.
        agent: AgentId,
    },
    /// An account may sign in again.
    AccountEnabled {
        /// The account.
        agent: AgentId,
    },
    /// A password was set.
    PasswordSet {
        /// The account.
        agent: AgentId,
    },
    /// A link was made by which a password is set.
    InvitationMade {
        /// The account.
        agent: AgentId,
    },
    /// A session was ended, or all of an account.
    SessionsEnded {
        /// The account.
        agent: AgentId,
        /// The public id of the one that was ended; none where all were, but the caller's own.
        session: Option<String>,
    },
    /// A token was made.
    TokenMade {
        /// For whom it acts.
        agent: AgentId,
        /// Its public id.
        token: String,
        /// What it opens.
        scopes: Vec<Scope>,
        /// Days after which it ends.
        days: Option<u32>,
    },
    /// A token was revoked.
    TokenRevoked {
        /// Its public id.
        token: String,
    },
    /// An account asks for a second factor from now on.
    SecondFactorOn {
        /// The account.
        agent: AgentId,
    },
    /// An account asks for no second factor any more.
    SecondFactorOff {
        /// The account.
        agent: AgentId,
    },
    /// An account opens more records than its work explains. Once an hour at most.
    MassRead {
        /// Records within the hour.
        records: usize,
    },
    /// Everything was encrypted anew, or decrypted.
    KeysRotated {
        /// By which key; none where everything was decrypted.
        key: Option<String>,
    },
    /// Records left the program in bulk.
    Export {
        /// What: `complaints`, `person`, `backup`, or the table of a report.
        what: &'static str,
        /// The format.
        format: &'static str,
        /// How many.
        rows: usize,
    },
}

impl SecurityEvent {
    /// Whether strangers bring it about.
    const fn is_failure(&self) -> bool {
        matches!(
            self,
            Self::SignInFailed { .. } | Self::LockedOut { .. } | Self::TokenRefused
        )
    }
}

/// Who did it.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Actor {
    /// Nobody who is known.
    Stranger {
        /// From where.
        address: IpAddr,
    },
    /// An account.
    Account {
        /// Which.
        account: AgentId,
        /// By a program's token, not by a session.
        by_token: bool,
        /// From where.
        address: IpAddr,
    },
    /// Somebody at the program's own command line.
    Command {
        /// The system's number of that user; none where the system has none.
        uid: Option<u32>,
    },
}

impl Actor {
    /// Whoever was a stranger there and is that account now.
    pub const fn signed_in(account: AgentId, from: Self) -> Self {
        match from {
            Self::Stranger { address } => Self::Account {
                account,
                by_token: false,
                address,
            },
            known => known,
        }
    }

    /// Whoever runs this very command.
    pub fn command() -> Self {
        #[cfg(unix)]
        let uid = Some(rustix::process::getuid().as_raw());
        #[cfg(not(unix))]
        let uid = None;
        Self::Command { uid }
    }
}

#[derive(Serialize)]
struct Line<'a> {
    at: String,
    #[serde(flatten)]
    event: &'a SecurityEvent,
    #[serde(flatten)]
    actor: Actor,
    /// Failures before this one that were too many to be written.
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<u64>,
}

/// Where events go.
#[derive(Debug)]
pub struct SecurityLog {
    file: Option<PathBuf>,
    failures: DefaultDirectRateLimiter,
    left_out: AtomicU64,
    failing: AtomicBool,
}

impl SecurityLog {
    /// By the settings; nowhere where none is set.
    pub fn new(settings: &Settings) -> Self {
        let quota = Quota::per_second(FAILURES).allow_burst(FAILURES_AT_ONCE);
        Self {
            file: settings.guard.security_log.clone(),
            failures: RateLimiter::direct(quota),
            left_out: AtomicU64::new(0),
            failing: AtomicBool::new(false),
        }
    }

    /// Whether the file can be written; it is made where there is none.
    ///
    /// # Errors
    /// It cannot.
    pub fn check(&self) -> io::Result<()> {
        self.file
            .as_deref()
            .map_or(Ok(()), |file| append(file, b""))
    }

    /// Writes an event down. Where that fails the program goes on, and says so once.
    ///
    /// # Panics
    /// Never: such an event is JSON.
    pub fn record(&self, now: Timestamp, actor: Actor, event: &SecurityEvent) {
        let Some(file) = &self.file else { return };
        if event.is_failure() && self.failures.check().is_err() {
            self.left_out.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let left_out = self.left_out.swap(0, Ordering::Relaxed);
        let line = Line {
            at: now.rfc3339(),
            event,
            actor,
            left_out: (left_out > 0).then_some(left_out),
        };
        let mut line = serde_json::to_vec(&line).expect("ids and names of kinds are JSON");
        line.push(b'\n');
        let written = append(file, &line);
        let failed = written.is_err();
        let before = self.failing.swap(failed, Ordering::Relaxed);
        if let Err(error) = written
            && !before
        {
            tracing::error!(%error, "the security log cannot be written (NOHOLD_SECURITY_LOG)");
        }
    }
}

/// One line, whole: also where several programs write to one file.
fn append(file: &Path, line: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_do_not_fill_the_disk_and_those_that_are_left_out_are_counted() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("security.jsonl");
        let path = file.to_string_lossy().into_owned();
        let settings = Settings::from_pairs([("security_log", path.as_str())]).expect("right");
        let log = SecurityLog::new(&settings);
        let stranger = Actor::Stranger {
            address: IpAddr::from([198, 51, 100, 7]),
        };
        for _ in 0..5000 {
            log.record(Timestamp(0), stranger, &SecurityEvent::TokenRefused);
        }
        log.record(
            Timestamp(0),
            Actor::Command { uid: Some(7) },
            &SecurityEvent::SignOut,
        );
        let text = std::fs::read_to_string(&file).expect("written");
        assert!(
            (200..300).contains(&text.lines().count()),
            "{}",
            text.lines().count()
        );
        assert_eq!(
            text.lines().next(),
            Some(
                r#"{"at":"1970-01-01T00:00:00Z","event":"token_refused","by":"stranger","address":"198.51.100.7"}"#
            )
        );
        let last: serde_json::Value =
            serde_json::from_str(text.lines().last().expect("a line")).expect("JSON");
        assert_eq!(last["by"], "command");
        let counted = text.lines().count() as u64 - 1 + last["left_out"].as_u64().unwrap_or(0);
        assert!(counted <= 5000 && counted > 4000, "{counted}");
    }
}
