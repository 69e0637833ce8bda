//! The one place that knows what time it is and makes what is random. Everything else is told.

use crate::domain::{AgentId, AttachmentId, EventId, Timestamp};
use rand::Rng;
use std::{
    fmt::Write,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};
use uuid::{ContextV7, Uuid};

/// Time and ids. Cheap to clone; clones share the sequence of ids.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Set by tests; the system's time otherwise.
    fixed: Option<Arc<AtomicI64>>,
    sequence: Arc<Mutex<ContextV7>>,
}

/// Measures how long something takes.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Time since it was started.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// Random bytes, for secrets.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0_u8; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self {
            fixed: None,
            sequence: Arc::new(Mutex::new(ContextV7::new())),
        }
    }

    /// A clock that stands still until it is moved; for tests.
    pub fn standing_at(at: Timestamp) -> Self {
        Self {
            fixed: Some(Arc::new(AtomicI64::new(at.0))),
            ..Self::system()
        }
    }

    /// Moves a standing clock on. The system's clock moves by itself.
    pub fn advance(&self, seconds: i64) {
        if let Some(fixed) = &self.fixed {
            fixed.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
        }
    }

    /// Now.
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn now(&self) -> Timestamp {
        match &self.fixed {
            Some(fixed) => Timestamp(fixed.load(Ordering::SeqCst)),
            None => jiff::Timestamp::now().into(),
        }
    }

    /// Starts measuring.
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn stopwatch(&self) -> Stopwatch {
        Stopwatch(Instant::now())
    }

    fn uuid(&self) -> Uuid {
        let now = self.now().0;
        let (seconds, nanos) = (
            now.div_euclid(1_000_000) as u64,
            (now.rem_euclid(1_000_000) * 1000) as u32,
        );
        let context = self
            .sequence
            .lock()
            .expect("nothing panics while it makes an id");
        Uuid::new_v7(uuid::Timestamp::from_unix(&*context, seconds, nanos))
    }

    /// A new event's id; rising. Its last byte is zero, to leave room for the ids of the messages that it causes.
    pub fn event_id(&self) -> EventId {
        EventId(Uuid::from_u128(self.uuid().as_u128() & !0xff))
    }

    /// A new agent's id.
    pub fn agent_id(&self) -> AgentId {
        AgentId(self.uuid())
    }

    /// A new file's id.
    pub fn attachment_id(&self) -> AttachmentId {
        AttachmentId(self.uuid())
    }

    /// That time, or up to half as much again: so that many who wait do not all come back at once.
    pub fn jitter(&self, time: Duration) -> Duration {
        time + time.mul_f64(rand::random::<f64>() / 2.0)
    }

    /// Random bytes, for secrets.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        random()
    }

    /// A secret of 256 random bits, as 64 hexadecimal digits.
    pub fn secret(&self) -> String {
        self.random::<32>()
            .iter()
            .fold(String::with_capacity(64), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            })
    }
}
