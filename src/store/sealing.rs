//! Encryption at rest: what people said leaves the program for the database within an envelope.
//!
//! An envelope is `\u{2}nh2.<key>.<base64 of nonce, ciphertext and tag>`: XChaCha20-Poly1305 with a random
//! nonce of 24 bytes, and the kind of what is within and its row as associated data, so that nothing can be put in
//! the place of something else. Those of before (`nh1`) are bound to the kind alone; `nohold keys rotate` renews
//! them. Without keys texts are written as they are. One program has one set of keys, so they are kept here and
//! every reader opens what it reads.

use super::StoreError;
use crate::{clock::random, config::EncryptionKey, domain::hexadecimal};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use sha2::{Digest, Sha256};
use std::{borrow::Cow, sync::OnceLock};

/// What begins like an envelope; within the first an encrypted text, within the second a text that only
/// looks like one.
const SEALED: &str = "\u{2}nh2.";
const UNBOUND: &str = "\u{2}nh1.";
const ESCAPED: &str = "\u{2}nh0.";
const MARK: &str = "\u{2}nh";
const NONCE: usize = 24;
/// What the secret is made of by which names are marked, and how long a mark is.
const MARKS: &str = "marks of names";
const MARK_BYTES: usize = 12;

static KEYS: OnceLock<Keyring> = OnceLock::new();

/// The keys; the first one encrypts.
#[derive(Default)]
pub(super) struct Keyring(Vec<(String, XChaCha20Poly1305)>);

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(id, _)| id))
            .finish()
    }
}

/// Encrypts what is written from now on, and opens what was written before. Called once, before a database
/// is opened.
pub fn use_keys(keys: &[EncryptionKey]) {
    let _ = KEYS.set(Keyring::of(keys));
}

fn keys() -> &'static Keyring {
    static NONE: Keyring = Keyring(Vec::new());
    KEYS.get().unwrap_or(&NONE)
}

/// Whether what is written is encrypted.
pub fn is_on() -> bool {
    !keys().0.is_empty()
}

/// A text as it is kept, in that row.
pub(super) fn close<'a>(kind: &str, row: &str, text: impl Into<Cow<'a, str>>) -> String {
    keys().close(kind, row, &text.into())
}

/// A text as it was before it was kept.
pub(super) fn open<'a>(kind: &str, row: &str, kept: &'a str) -> Result<Cow<'a, str>, StoreError> {
    keys().open(kind, row, kept)
}

/// The bytes of a file as they are kept.
pub(super) fn close_bytes(kind: &str, row: &str, bytes: &[u8]) -> Option<String> {
    keys().close_bytes(kind, row, bytes)
}

/// The bytes of a file from its envelope; none where it is in none.
pub(super) fn open_bytes(kind: &str, row: &str, kept: &str) -> Result<Option<Vec<u8>>, StoreError> {
    keys().open_bytes(kind, row, kept)
}

/// The name of a row that it takes two things to tell.
pub(super) fn row(first: impl std::fmt::Display, second: impl std::fmt::Display) -> String {
    format!("{first}/{second}")
}

/// What an envelope is bound to.
fn bound(kind: &str, row: &str) -> String {
    format!("{kind}\0{row}")
}

/// By what a name is told again where it must not stand in clear: a mark of each key, that of the first one first. Who
/// has no key can neither read a mark nor try names against it. None without keys.
pub(super) fn marks(name: &str) -> Vec<String> {
    keys().marks(name)
}

/// How every text begins that is kept by the first key; `off`: that is within any envelope, of either kind.
pub(super) fn prefixes(off: bool) -> Vec<String> {
    match keys().0.first() {
        Some((id, _)) if !off => vec![format!("{SEALED}{id}.")],
        _ => vec![SEALED.to_owned(), UNBOUND.to_owned()],
    }
}

/// As it is kept from now on: by the first key, or, where `off`, as it is.
pub(super) fn anew(
    kind: &str,
    row: &str,
    kept: &str,
    off: bool,
) -> Result<Option<String>, StoreError> {
    keys().anew(kind, row, kept, off)
}

impl Keyring {
    fn of(keys: &[EncryptionKey]) -> Self {
        let with = |key: &EncryptionKey| {
            let cipher = XChaCha20Poly1305::new(&key.bytes.into());
            (key.id.clone(), cipher)
        };
        Self(keys.iter().map(with).collect())
    }

    fn marks(&self, name: &str) -> Vec<String> {
        let mark = |(_, cipher): &(String, XChaCha20Poly1305)| {
            // A secret of each key for this one use. The nonce is never random, and seals nothing else.
            let nonce = XNonce::from([0; NONCE]);
            let secret = cipher
                .encrypt(&nonce, MARKS.as_bytes())
                .expect("a short text can be encrypted");
            let mut hasher = Sha256::new();
            hasher.update(&secret);
            hasher.update(name);
            hexadecimal(&hasher.finalize()[..MARK_BYTES])
        };
        self.0.iter().map(mark).collect()
    }

    fn close(&self, kind: &str, row: &str, text: &str) -> String {
        if text.is_empty() {
            // A text that was taken back, mostly. That there is nothing may be seen.
            return String::new();
        }
        match self.close_bytes(kind, row, text.as_bytes()) {
            Some(sealed) => sealed,
            // Whatever somebody writes, nothing is mistaken for an envelope.
            None if text.starts_with(MARK) => format!("{ESCAPED}{text}"),
            None => text.to_owned(),
        }
    }

    fn close_bytes(&self, kind: &str, row: &str, bytes: &[u8]) -> Option<String> {
        let (id, cipher) = self.0.first()?;
        let (nonce, bound) = (random::<NONCE>(), bound(kind, row));
        let mut sealed = nonce.to_vec();
        let nonce = XNonce::from(nonce);
        let payload = Payload {
            msg: bytes,
            aad: bound.as_bytes(),
        };
        let text = cipher
            .encrypt(&nonce, payload)
            .expect("nothing that we keep is as long as the cipher's limit of 256 GB");
        sealed.extend(text);
        Some(format!(
            "{SEALED}{id}.{}",
            BASE64_STANDARD_NO_PAD.encode(sealed)
        ))
    }

    fn open<'a>(&self, kind: &str, row: &str, kept: &'a str) -> Result<Cow<'a, str>, StoreError> {
        if let Some(text) = kept.strip_prefix(ESCAPED) {
            return Ok(Cow::Borrowed(text));
        }
        match self.open_bytes(kind, row, kept)? {
            None => Ok(Cow::Borrowed(kept)),
            Some(bytes) => String::from_utf8(bytes)
                .map(Cow::Owned)
                .map_err(|_| damaged()),
        }
    }

    fn open_bytes(&self, kind: &str, row: &str, kept: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let (sealed, bound) = match (kept.strip_prefix(SEALED), kept.strip_prefix(UNBOUND)) {
            (Some(sealed), _) => (sealed, bound(kind, row)),
            (None, Some(sealed)) => (sealed, kind.to_owned()),
            (None, None) => return Ok(None),
        };
        let (id, text) = sealed.split_once('.').ok_or_else(damaged)?;
        let known = self.0.iter().find(|(known, _)| known == id);
        let (_, cipher) = known.ok_or_else(|| StoreError::KeyMissing(id.to_owned()))?;
        let all = BASE64_STANDARD_NO_PAD.decode(text).map_err(|_| damaged())?;
        let (nonce, text) = all.split_at_checked(NONCE).ok_or_else(damaged)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| damaged())?;
        let payload = Payload {
            msg: text,
            aad: bound.as_bytes(),
        };
        cipher
            .decrypt(&nonce, payload)
            .map(Some)
            .map_err(|_| damaged())
    }

    fn anew(
        &self,
        kind: &str,
        row: &str,
        kept: &str,
        off: bool,
    ) -> Result<Option<String>, StoreError> {
        let first = self.0.first().map(|(id, _)| format!("{SEALED}{id}."));
        let now = first.filter(|_| !off);
        let stands = match &now {
            Some(now) => kept.is_empty() || kept.starts_with(now.as_str()),
            None => !kept.starts_with(SEALED) && !kept.starts_with(UNBOUND),
        };
        if stands {
            return Ok(None);
        }
        let text = self.open(kind, row, kept)?;
        let plain = Self::default();
        let by = if now.is_some() { self } else { &plain };
        Ok(Some(by.close(kind, row, &text)))
    }
}

/// What was changed by somebody else, or is not what it should be.
fn damaged() -> StoreError {
    StoreError::Refused("an encrypted text is damaged, or was moved from elsewhere".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(ids: &[(&str, u8)]) -> Keyring {
        let key = |(id, byte): &(&str, u8)| EncryptionKey {
            id: (*id).to_owned(),
            bytes: [*byte; 32],
        };
        Keyring::of(&ids.iter().map(key).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_closed_shows_nothing_and_opens_by_its_key_alone() {
        let (one, two) = (ring(&[("one", 1)]), ring(&[("two", 2)]));
        let kept = one.close("message", "a/1", "Denise Hartley shouted");
        assert!(
            kept.starts_with("\u{2}nh2.one.") && !kept.contains("Denise"),
            "{kept}"
        );
        assert_ne!(
            kept,
            one.close("message", "a/1", "Denise Hartley shouted"),
            "nor that it is the same"
        );
        assert_eq!(
            one.open("message", "a/1", &kept).expect("ours"),
            "Denise Hartley shouted"
        );
        assert!(
            matches!(two.open("message", "a/1", &kept), Err(StoreError::KeyMissing(id)) if id == "one")
        );
        let other = ring(&[("one", 9)]);
        assert!(matches!(
            other.open("message", "a/1", &kept),
            Err(StoreError::Refused(_))
        ));
        assert!(
            one.open("record", "a/1", &kept).is_err(),
            "a message is no record"
        );
        let last = if kept.ends_with('A') { "B" } else { "A" };
        let changed = format!("{}{last}", &kept[..kept.len() - 1]);
        assert!(one.open("message", "a/1", &changed).is_err());
        assert!(
            one.open("message", "a/1", "\u{2}nh2.one.AAAA").is_err(),
            "cut off"
        );
    }

    #[test]
    fn what_stands_in_one_row_opens_in_no_other_but_where_it_is_of_before() {
        let one = ring(&[("one", 1)]);
        let kept = one.close("message", "a/1", "hello");
        assert!(one.open("message", "b/1", &kept).is_err());
        // As the program closed it before rows were bound.
        let (_, cipher) = &one.0[0];
        let nonce = [7; NONCE];
        let payload = Payload {
            msg: b"hello".as_slice(),
            aad: b"message".as_slice(),
        };
        let text = cipher.encrypt(&XNonce::from(nonce), payload);
        let sealed = [nonce.as_slice(), &text.expect("closed")].concat();
        let old = format!("{UNBOUND}one.{}", BASE64_STANDARD_NO_PAD.encode(sealed));
        assert_eq!(one.open("message", "a/1", &old).expect("ours"), "hello");
        let now = one.anew("message", "a/1", &old, false).expect("known");
        let now = now.expect("another");
        assert!(now.starts_with(SEALED) && one.open("message", "b/1", &now).is_err());
        let off = one.anew("message", "a/1", &old, true).expect("known");
        assert_eq!(off.as_deref(), Some("hello"));
    }

    #[test]
    fn a_name_is_told_again_by_its_key_alone() {
        let (one, both) = (ring(&[("one", 1)]), ring(&[("two", 2), ("one", 1)]));
        let mark = one.marks("denise hartley");
        assert_eq!(mark, one.marks("denise hartley"), "it is told again");
        assert_ne!(mark, one.marks("denise hartly"));
        assert!(!mark[0].contains("denise"));
        let later = both.marks("denise hartley");
        assert_eq!(later[1..], mark, "what an older key marked is found");
        assert_ne!(later[0], mark[0]);
        assert!(ring(&[]).marks("denise hartley").is_empty());
    }

    #[test]
    fn whatever_somebody_writes_is_read_back() {
        for keyring in [Keyring::default(), ring(&[("one", 1)])] {
            for text in [
                "",
                "hello",
                "\u{2}nh2.one.AAAA",
                "\u{2}nh0.x",
                "\u{2}nh",
                "\u{2}",
            ] {
                let kept = keyring.close("message", "a/1", text);
                assert_eq!(
                    keyring.open("message", "a/1", &kept).expect("ours"),
                    text,
                    "{text:?}"
                );
            }
        }
    }

    #[test]
    fn keys_follow_each_other_and_may_be_given_up() {
        let (old, both) = (ring(&[("one", 1)]), ring(&[("two", 2), ("one", 1)]));
        for before in [old.close("message", "a/1", "hello"), "hello".to_owned()] {
            let now = both
                .anew("message", "a/1", &before, false)
                .expect("known")
                .expect("another");
            assert!(now.starts_with("\u{2}nh2.two."), "{now}");
            assert_eq!(
                both.anew("message", "a/1", &now, false).expect("known"),
                None,
                "it stands"
            );
            let off = both.anew("message", "a/1", &now, true).expect("known");
            assert_eq!(off.as_deref(), Some("hello"));
        }
    }
}
