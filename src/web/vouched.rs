//! Visitors for whom the site vouches on which the chat stands: it knows who they are, and signs their id with a
//! secret that it shares with us. So they have their
//! conversation on every device.

use crate::{config::Secret, store::hash_secret};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How such a token begins: `signed.<the id in base64url>.<HMAC-SHA256 of the id in hexadecimal>`.
pub(super) const BEGINS: &str = "signed.";

/// Longest id, in bytes.
const LONGEST: usize = 200;

/// The visitor's id, from what follows the beginning; none where the signature is not the site's.
pub(super) fn visitor(secret: &Secret, vouched: &str) -> Option<String> {
    let (id, signature) = vouched.split_once('.')?;
    if id.len() > LONGEST * 2 || signature.len() != 64 {
        return None;
    }
    let id = BASE64_URL_SAFE_NO_PAD.decode(id).ok()?;
    if id.is_empty() || id.len() > LONGEST {
        return None;
    }
    let byte = |at: usize| u8::from_str_radix(signature.get(at..at + 2)?, 16).ok();
    let signature: Vec<u8> = (0..64).step_by(2).map(byte).collect::<Option<_>>()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes()).ok()?;
    mac.update(&id);
    // Compared in constant time.
    mac.verify_slice(&signature).ok()?;
    let id = String::from_utf8(id).ok()?;
    Some(format!(
        "u-{}",
        &hash_secret(&format!("vouched:{id}"))[..40]
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf 'patient-42' | openssl dgst -sha256 -hmac 'a secret of the site and of us, long'`
    const SIGNED: &str = "980158cca3ec73ae6b6119caf3f18a83c712628e90da75ecc6ec90c5bab027be";

    #[test]
    fn only_the_sites_own_word_counts() {
        let secret = Secret::new("a secret of the site and of us, long");
        let id = BASE64_URL_SAFE_NO_PAD.encode("patient-42");
        let known = visitor(&secret, &format!("{id}.{SIGNED}"));
        assert!(
            known.as_ref().is_some_and(|v| v.starts_with("u-")),
            "{known:?}"
        );
        let other = BASE64_URL_SAFE_NO_PAD.encode("patient-43");
        let forged = SIGNED.replace('a', "b");
        for wrong in [
            format!("{other}.{SIGNED}"),
            format!("{id}.{forged}"),
            format!("{id}."),
            format!(".{SIGNED}"),
            format!("{id}.{}", "é".repeat(32)),
            String::new(),
        ] {
            assert_eq!(visitor(&secret, &wrong), None, "{wrong}");
        }
        let another = Secret::new("another secret, as long as the first");
        assert_eq!(visitor(&another, &format!("{id}.{SIGNED}")), None);
    }
}
