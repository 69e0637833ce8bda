//! What is known of the places where people can be talked with in private, and of what waits in public to be taken out
//! of sight.

use crate::{
    clock::{Clock, Stopwatch},
    service::Service,
    store::StoreError,
};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Marks of direct messages that we opened: after this, the person's id; the value is the channel's.
const DIRECT: &str = "discord.direct.";
/// Marks of messages in public that wait for the first private answer: after this the person's, the channel's and the
/// message's id.
const PUBLIC: &str = "discord.public.";
/// For how long an interaction may be answered further; Discord's quarter of an hour, less a little.
const TOKEN_LIVES: Duration = Duration::from_secs(14 * 60 + 30);

/// What an interaction can be answered further by.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) application: u64,
    pub(super) secret: String,
    since: Stopwatch,
    /// The person was asked to open their direct messages.
    asked: bool,
}

impl fmt::Debug for Token {
    /// Without what it is worth: whoever has it speaks in our name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").finish_non_exhaustive()
    }
}

/// Shared by everything that reads and sends.
#[derive(Debug)]
pub(super) struct Known {
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The direct message with each person.
    direct: HashMap<u64, u64>,
    tokens: HashMap<u64, Token>,
    /// Messages in public, by the person: channel and message.
    public: HashMap<u64, BTreeSet<(u64, u64)>>,
    /// Messages that we ourselves are taking away.
    ours: HashSet<u64>,
}

impl Known {
    pub(super) fn new() -> Self {
        Self {
            clock: Clock::system(),
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what was noted before the program started.
    pub(super) async fn read(&self, service: &Service) -> Result<(), StoreError> {
        let number = |text: &str| text.parse::<u64>().ok();
        let direct = service.store.marks(DIRECT).await?;
        let public = service.store.marks(PUBLIC).await?;
        let mut state = self.state();
        let pair = |prefix: &str, (name, value): &(String, String)| {
            Some((number(name.strip_prefix(prefix)?)?, number(value)?))
        };
        (state.direct).extend(direct.iter().filter_map(|m| pair(DIRECT, m)));
        for (name, _) in public {
            let ids = name.strip_prefix(PUBLIC).unwrap_or_default().split('.');
            if let [Some(user), Some(channel), Some(message)] =
                ids.map(number).collect::<Vec<_>>()[..]
            {
                state
                    .public
                    .entry(user)
                    .or_default()
                    .insert((channel, message));
            }
        }
        Ok(())
    }

    /// The direct message with somebody, where it is open.
    pub(super) fn direct_of(&self, user: u64) -> Option<u64> {
        self.state().direct.get(&user).copied()
    }

    /// Whether it is a direct message.
    pub(super) fn is_direct(&self, channel: u64) -> bool {
        self.state().direct.values().any(|c| *c == channel)
    }

    /// It is the direct message with that person: they wrote there.
    pub(super) fn see_direct(&self, user: u64, channel: u64) {
        self.state().direct.insert(user, channel);
    }

    /// The same, kept for after a restart: we opened it, and they may answer while no session is open.
    pub(super) async fn add_direct(&self, service: &Service, user: u64, channel: u64) {
        let name = format!("{DIRECT}{user}");
        // Where this cannot be written, it is opened again.
        let _ = service.store.set_mark(&name, &channel.to_string()).await;
        self.see_direct(user, channel);
    }

    /// An interaction of theirs can be answered further for a while.
    pub(super) fn add_token(&self, user: u64, application: u64, token: &str) {
        let mut state = self.state();
        (state.tokens).retain(|_, token| token.since.elapsed() < TOKEN_LIVES);
        if state.tokens.get(&user).is_some_and(|t| t.secret == token) {
            return;
        }
        let token = Token {
            application,
            secret: token.to_owned(),
            since: self.clock.stopwatch(),
            asked: false,
        };
        state.tokens.insert(user, token);
    }

    /// What they can be answered by, seen by nobody else.
    pub(super) fn token_of(&self, user: u64) -> Option<Token> {
        let state = self.state();
        let token = state.tokens.get(&user)?;
        (token.since.elapsed() < TOKEN_LIVES).then(|| token.clone())
    }

    /// It is not taken any more.
    pub(super) fn drop_token(&self, user: u64) {
        self.state().tokens.remove(&user);
    }

    /// Whether they are to be asked by this interaction to open their direct messages: once.
    pub(super) fn asks(&self, user: u64) -> bool {
        let mut state = self.state();
        let token = state.tokens.get_mut(&user);
        token.is_some_and(|token| !std::mem::replace(&mut token.asked, true))
    }

    /// A message of theirs stands in public until they were answered in private.
    pub(super) async fn add_public(
        &self,
        service: &Service,
        user: u64,
        channel: u64,
        message: u64,
    ) -> Result<(), StoreError> {
        let name = format!("{PUBLIC}{user}.{channel}.{message}");
        service.store.set_mark(&name, "").await?;
        let mut state = self.state();
        state
            .public
            .entry(user)
            .or_default()
            .insert((channel, message));
        Ok(())
    }

    /// Their messages in public, to be taken away now.
    pub(super) fn take_public(&self, user: u64) -> Vec<(u64, u64)> {
        let mut state = self.state();
        let theirs = state.public.remove(&user).unwrap_or_default();
        state
            .ours
            .extend(theirs.iter().map(|(_, message)| *message));
        theirs.into_iter().collect()
    }

    /// It could not be taken away now; it is tried again after the next answer.
    pub(super) fn put_back(&self, user: u64, channel: u64, message: u64) {
        let mut state = self.state();
        state.ours.remove(&message);
        state
            .public
            .entry(user)
            .or_default()
            .insert((channel, message));
    }

    /// It is gone, or can never be taken away.
    pub(super) async fn drop_public(
        &self,
        service: &Service,
        user: u64,
        channel: u64,
        message: u64,
    ) {
        let name = format!("{PUBLIC}{user}.{channel}.{message}");
        // Where the mark stays, it is tried once more after a restart.
        let _ = service.store.drop_mark(&name).await;
    }

    /// Whether we took that message away ourselves.
    pub(super) fn took_away(&self, message: u64) -> bool {
        self.state().ours.remove(&message)
    }
}
