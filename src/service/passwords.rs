//! Passwords: whether they are good enough, and their hashes. Hashing is slow and needs much memory on purpose, so it
//! has two threads of its own, each with memory that it uses again and again.

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use subtle::ConstantTimeEq;
use tokio::sync::oneshot;

/// The shortest password taken, in characters.
pub const MIN_PASSWORD: usize = 10;
/// The longest.
const MAX_PASSWORD: usize = 200;

/// Shorter words of a name stand in too many others.
const SHORTEST_KNOWN: usize = 3;

/// How many wait for their turn on each thread; who comes later is told to come back.
const WAITING: usize = 16;

/// Memory of a hash, in KiB: with two passes and one lane it is what OWASP recommends for argon2id.
const MEMORY: u32 = 19 * 1024;

/// Too many hashes are waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many sign-ins at once; please try again in a moment")]
pub struct HashingBusy;

enum Work {
    Hash(String, oneshot::Sender<String>),
    /// Where there is no account, a hash is made all the same, so that the time tells nothing.
    Verify(Option<String>, String, oneshot::Sender<bool>),
}

/// The threads that hash: one for people who are known, and one for everybody else, so that strangers who try many
/// passwords keep nobody waiting but each other.
#[derive(Debug)]
pub struct Passwords {
    known: SyncSender<Work>,
    strangers: SyncSender<Work>,
}

impl Default for Passwords {
    /// Starts the threads. They end when this is dropped.
    fn default() -> Self {
        Self {
            known: thread(),
            strangers: thread(),
        }
    }
}

fn thread() -> SyncSender<Work> {
    let (work, waiting) = sync_channel(WAITING);
    std::thread::spawn(move || run(&waiting));
    work
}

fn run(waiting: &Receiver<Work>) {
    let mut memory = Memory::default();
    while let Ok(work) = waiting.recv() {
        // Whoever asked may have gone; then nothing is done for them.
        match work {
            Work::Hash(password, answer) if !answer.is_closed() => {
                let _ = answer.send(memory.hash(&password));
            }
            Work::Verify(hash, password, answer) if !answer.is_closed() => {
                let _ = answer.send(memory.verify(hash.as_deref(), &password));
            }
            Work::Hash(..) | Work::Verify(..) => {}
        }
    }
}

impl Passwords {
    /// The argon2id hash of a password, for somebody who is known.
    ///
    /// # Errors
    /// Too many are waited for.
    pub async fn hash(&self, password: String) -> Result<String, HashingBusy> {
        let (answer, done) = oneshot::channel();
        put(&self.known, Work::Hash(password, answer))?;
        done.await.map_err(|_| HashingBusy)
    }

    /// Whether a password fits a hash. `known` is whether whoever asks has signed in from there before.
    ///
    /// # Errors
    /// Too many are waited for.
    pub async fn verify(
        &self,
        hash: Option<String>,
        password: String,
        known: bool,
    ) -> Result<bool, HashingBusy> {
        let (answer, done) = oneshot::channel();
        let thread = if known { &self.known } else { &self.strangers };
        put(thread, Work::Verify(hash, password, answer))?;
        done.await.map_err(|_| HashingBusy)
    }
}

fn put(thread: &SyncSender<Work>, work: Work) -> Result<(), HashingBusy> {
    thread
        .try_send(work)
        .map_err(|_full: TrySendError<Work>| HashingBusy)
}

/// Letters and digits alone, small.
fn bare(text: &str) -> String {
    let small = text.chars().flat_map(char::to_lowercase);
    small.filter(|c| c.is_alphanumeric()).collect()
}

/// What is left of a password without the words that everybody knows who knows the account; none where there are none
/// in it.
fn without_known(password: &str, known: &[&str]) -> Option<String> {
    let whole = bare(password);
    let mut words: Vec<String> = known.iter().map(|word| bare(word)).collect();
    words.retain(|word| word.chars().count() >= SHORTEST_KNOWN);
    // The longest first: a name goes whole.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let left = words
        .iter()
        .fold(whole.clone(), |left, word| left.replace(word.as_str(), " "));
    (left != whole).then_some(left)
}

/// Whether a password may be set for the account of that name, in that organisation.
///
/// # Errors
/// What is wrong with it, in words.
pub fn check_password(password: &str, name: &str, organisation: &str) -> Result<(), String> {
    let length = password.chars().count();
    if !(MIN_PASSWORD..=MAX_PASSWORD).contains(&length) {
        return Err(format!(
            "a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters"
        ));
    }
    let mut known: Vec<&str> = name.split_whitespace().collect();
    known.extend(organisation.split_whitespace());
    known.extend([name, organisation, "nohold"]);
    // The third of five grades: more than a hundred million guesses. Whoever knows whose it is guesses their names
    // first.
    let weak = |text: &str| zxcvbn::zxcvbn(text, &known).score() < zxcvbn::Score::Three;
    let left = without_known(password, &known);
    if weak(password) || left.is_some_and(|left| weak(left.trim())) {
        return Err(
            "this password would soon be guessed: take several words that do not belong together, or have one made"
                .to_owned(),
        );
    }
    Ok(())
}

/// The argon2id hash of a password, made here and now; for commands.
pub fn hash_password(password: &str) -> String {
    Memory::default().hash(password)
}

/// The memory of one thread.
#[derive(Default)]
struct Memory(Vec<Block>);

impl Memory {
    fn hash(&mut self, password: &str) -> String {
        let params = Params::new(MEMORY, 2, 1, None).expect("these are within argon2's bounds");
        let salt = Salt::generate();
        let out = self
            .fill(&params, Version::V0x13, password, &salt)
            .expect("a salt of 16 bytes and a short password are within argon2's bounds");
        PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&params).expect("these are within argon2's bounds"),
            salt: Some(salt),
            hash: Some(Output::new(&out).expect("32 bytes are a hash")),
        }
        .to_string()
    }

    fn verify(&mut self, hash: Option<&str>, password: &str) -> bool {
        let fits = hash.and_then(|hash| self.fits(hash, password));
        if fits.is_none() {
            let params = Params::new(MEMORY, 2, 1, None).expect("these are within argon2's bounds");
            let _ = self.fill(&params, Version::V0x13, password, &[0; 16]);
        }
        fits.unwrap_or(false)
    }

    /// None where the hash is not one of ours.
    fn fits(&mut self, hash: &str, password: &str) -> Option<bool> {
        let hash = PasswordHash::new(hash).ok()?;
        let params = Params::try_from(&hash).ok()?;
        let ours = hash.algorithm == Algorithm::Argon2id.ident() && params.m_cost() <= MEMORY;
        let version = Version::try_from(hash.version?).ok()?;
        let (salt, wanted) = (hash.salt?, hash.hash?);
        if !ours || wanted.len() != 32 {
            return None;
        }
        let out = self.fill(&params, version, password, &salt)?;
        Some(out.as_slice().ct_eq(wanted.as_bytes()).into())
    }

    fn fill(
        &mut self,
        params: &Params,
        version: Version,
        password: &str,
        salt: &[u8],
    ) -> Option<[u8; 32]> {
        // Made at the first use and kept: memory that is given back and taken again piles up in the allocator.
        if self.0.len() < params.block_count() {
            self.0.resize(params.block_count(), Block::new());
        }
        let mut out = [0; 32];
        Argon2::new(Algorithm::Argon2id, version, params.clone())
            .hash_password_into_with_memory(password.as_bytes(), salt, &mut out, &mut self.0)
            .ok()
            .map(|()| out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_fits_its_password_alone_also_in_memory_that_was_used() {
        let mut memory = Memory::default();
        let hash = memory.hash("a long password");
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert!(!memory.verify(Some(&hash), "another password"));
        assert!(memory.verify(Some(&hash), "a long password"));
        assert!(!memory.verify(None, "a long password"));
        assert!(!memory.verify(Some("$argon2id$broken"), "a long password"));
        let blocks = memory.0.len();
        memory.hash("a long password");
        assert_eq!(memory.0.len(), blocks);
    }

    #[test]
    fn passwords_of_before_still_fit() {
        let hash = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assert_eq!(Memory::default().fits(hash, "x"), Some(false));
    }

    #[test]
    fn what_is_soon_guessed_is_no_password() {
        let checked = |password: &str| check_password(password, "Priya Shah", "Willowbrook Care");
        for weak in [
            "          ",
            "aaaaaaaaaaaaaaa",
            "password1234",
            "qwertyuiop",
            "Priya Shah 1",
            "1234567890123",
            "Willowbrook Care 7",
            "WillowbrookCare2026!",
            "willow-brook-care-1",
            "PriyaShahPriyaShah",
            "priya.shah.priya.shah",
            "Priya@Willowbrook1",
        ] {
            assert!(checked(weak).is_err(), "{weak:?}");
        }
        for good in [
            "a long password",
            "correct horse battery staple",
            "xK9#mQ2$vL",
            "Priya keeps seven green herons",
        ] {
            assert_eq!(checked(good), Ok(()), "{good:?}");
        }
        assert!(checked(&"long ".repeat(1000)).is_err());
    }
}
