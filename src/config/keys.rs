//! The keys by which what people said is encrypted at rest.

use super::Reader;
use base64::{Engine, prelude::BASE64_STANDARD};
use std::fmt;

/// A key with the name by which what it encrypted is known.
#[derive(Clone)]
pub struct EncryptionKey {
    /// Its name: small letters, digits and hyphens.
    pub id: String,
    /// The key itself.
    pub bytes: [u8; 32],
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncryptionKey({}, …)", self.id)
    }
}

impl EncryptionKey {
    /// As it stands in the settings: `name:key`, the key in base64.
    pub fn written(&self) -> String {
        format!("{}:{}", self.id, BASE64_STANDARD.encode(self.bytes))
    }

    fn read(text: &str) -> Option<Self> {
        let (id, key) = text.trim().split_once(':')?;
        let named = (1..=32).contains(&id.len())
            && id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let bytes = BASE64_STANDARD.decode(key.trim()).ok()?;
        Some(Self {
            id: named.then(|| id.to_owned())?,
            bytes: bytes.try_into().ok()?,
        })
    }
}

/// The first encrypts; the others open what they encrypted before.
pub(super) fn keys(r: &mut Reader) -> Vec<EncryptionKey> {
    let Some(text) = r.text("encryption_keys") else {
        return Vec::new();
    };
    let mut keys: Vec<EncryptionKey> = Vec::new();
    let parts = text.split([',', '\n']).filter(|p| !p.trim().is_empty());
    for (n, part) in parts.enumerate() {
        match EncryptionKey::read(part) {
            Some(key) if keys.iter().any(|k| k.id == key.id) => r.mistakes.push(format!(
                "encryption_keys: there are two keys named {}",
                key.id
            )),
            Some(key) => keys.push(key),
            // Never the text itself: it may be most of a key.
            None => r.mistakes.push(format!(
                "encryption_keys: key {} is not name:key with 32 bytes in base64, as `nohold keys new` makes it",
                n + 1
            )),
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use crate::config::Settings;

    const ONE: &str = "one:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    #[test]
    fn keys_are_read_in_their_order_and_never_shown() {
        let both = format!("{ONE}\n two:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE= ,");
        let settings = Settings::from_pairs([("encryption_keys", both.as_str())]).expect("right");
        let ids: Vec<&str> = settings
            .encryption_keys
            .iter()
            .map(|k| k.id.as_str())
            .collect();
        assert_eq!(ids, ["one", "two"]);
        assert_eq!(settings.encryption_keys[0].written(), ONE);
        assert!(!format!("{settings:?}").contains("AAAA"));
    }

    #[test]
    fn what_is_no_key_is_told_by_its_number() {
        for wrong in [
            "one:AAAA",
            "AAAA",
            "One:AAAA",
            "one:",
            &format!("{ONE},{ONE}"),
        ] {
            let error = Settings::from_pairs([("encryption_keys", wrong)]).expect_err("wrong");
            assert!(error.to_string().contains("encryption_keys: "), "{error}");
            assert!(!error.to_string().contains("AAAA"), "{error}");
        }
    }
}
