//! Time-based codes (RFC 6238), as every authenticator app makes them: six digits, every 30 seconds, SHA-1.

use crate::{clock::Clock, domain::Timestamp};
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;
use totp_rs::{Builder, Secret, Totp};

/// Bytes of a secret, as the RFC recommends.
const SECRET_BYTES: usize = 20;
/// How many recovery codes an account gets.
const RECOVERY_CODES: usize = 10;
/// Letters and digits of a recovery code, in groups of four. None of them is mistaken for another.
const RECOVERY_LENGTH: usize = 16;
const RECOVERY_LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// What an authenticator app is told.
#[derive(Debug)]
pub struct Enrolment {
    /// The secret in base32, to be typed where no picture can be taken.
    pub secret: String,
    /// The address that apps read, `otpauth://…`.
    pub uri: String,
    /// That address as a QR code.
    pub qr: QrPath,
}

/// A QR code to be drawn: its dark modules as the path of a picture.
#[derive(Debug)]
pub struct QrPath {
    /// Modules along a side, with the quiet zone around them.
    pub size: i32,
    /// The path, in the form of SVG's `d`.
    pub path: String,
}

impl Enrolment {
    /// A new secret, for the account of that name in that organisation.
    ///
    /// # Panics
    /// Never: such a secret and such names make an address.
    pub fn new(clock: &Clock, organisation: &str, account: &str) -> Self {
        let secret = Secret::from(clock.random::<SECRET_BYTES>().to_vec()).to_base32();
        // A colon separates the two in the address.
        let without_colon = |name: &str| name.replace(':', " ");
        let totp = totp(&secret).and_then(|known| {
            Builder::new()
                .with_secret(known.secret().as_ref().to_vec())
                .with_issuer(Some(without_colon(organisation)))
                .with_account_name(without_colon(account))
                .build()
                .ok()
        });
        let uri = totp
            .and_then(|totp| totp.to_url().ok())
            .expect("a secret of 20 bytes and names without colons make an address");
        let qr = qr_path(&uri);
        Self { secret, uri, qr }
    }
}

/// None where the secret is not one of ours.
fn totp(secret: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    Builder::new().with_secret(secret).build().ok()
}

/// The time step of a code that the app shows now, or has shown within half a minute, or will. None where it
/// is none of these.
pub fn check_code(secret: &str, code: &str, now: Timestamp) -> Option<i64> {
    let seconds = u64::try_from(now.0 / 1_000_000).ok()?;
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let step = totp(secret)?.check(&digits, seconds)?;
    i64::try_from(step).ok()
}

/// New recovery codes.
pub fn recovery_codes(clock: &Clock) -> Vec<String> {
    let one = || {
        let random = clock.random::<RECOVERY_LENGTH>();
        let mut code = String::with_capacity(RECOVERY_LENGTH + RECOVERY_LENGTH / 4);
        for (n, byte) in random.iter().enumerate() {
            if n > 0 && n % 4 == 0 {
                code.push('-');
            }
            code.push(char::from(RECOVERY_LETTERS[usize::from(byte % 32)]));
        }
        code
    };
    (0..RECOVERY_CODES).map(|_| one()).collect()
}

/// A recovery code however it was typed, where it has the form of one.
pub fn recovery_code(text: &str) -> Option<String> {
    let letters: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let fits =
        letters.len() == RECOVERY_LENGTH && letters.bytes().all(|b| RECOVERY_LETTERS.contains(&b));
    let groups: Vec<&str> = fits
        .then(|| (0..RECOVERY_LENGTH).step_by(4).map(|n| &letters[n..n + 4]))?
        .collect();
    Some(groups.join("-"))
}

fn qr_path(text: &str) -> QrPath {
    /// Modules that stay light around it.
    const QUIET: i32 = 4;
    let code = QrCode::encode_text(text, QrCodeEcc::Medium)
        .expect("an address of some hundred characters fits into a QR code");
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    QrPath {
        size: code.size() + 2 * QUIET,
        path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The RFC's own secret and times (appendix B), of which the last six digits are shown.
    #[test]
    fn codes_are_those_of_the_rfc_and_their_neighbours_count() {
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        let at = |seconds: i64| Timestamp(seconds * 1_000_000);
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(
                check_code(secret, code, at(seconds)),
                Some(seconds / 30),
                "{seconds}"
            );
            assert_eq!(
                check_code(secret, code, at(seconds + 30)),
                Some(seconds / 30),
                "a slow hand"
            );
            assert_eq!(check_code(secret, code, at(seconds + 90)), None, "too late");
        }
        assert_eq!(
            check_code(secret, " 287 082 ", at(59)),
            Some(1),
            "as apps show it"
        );
        for wrong in ["", "28708", "2870822", "abcdef", "２８７０８２"] {
            assert_eq!(check_code(secret, wrong, at(59)), None, "{wrong}");
        }
    }

    #[test]
    fn an_app_reads_the_address_whatever_the_names() {
        let made = Enrolment::new(&Clock::system(), "Care: North & South", "Ana María");
        assert!(
            made.uri
                .starts_with("otpauth://totp/Care%20%20North%20%26%20South:Ana%20Mar"),
            "{}",
            made.uri
        );
        assert!(
            made.uri.contains(&made.secret) && made.secret.len() == 32,
            "{}",
            made.uri
        );
        assert!(made.qr.size > 30 && made.qr.path.starts_with("M4 4h1v1h-1z"));
    }

    #[test]
    fn recovery_codes_are_read_however_they_are_typed() {
        let codes = recovery_codes(&Clock::system());
        assert_eq!(codes.len(), RECOVERY_CODES);
        let code = &codes[0];
        assert_eq!(recovery_code(code).as_ref(), Some(code));
        let typed = format!(" {} ", code.replace('-', " ").to_uppercase());
        assert_eq!(recovery_code(&typed).as_ref(), Some(code));
        for wrong in ["", "287082", "llll-llll-llll-llll", "ññññ-ññññ"] {
            assert_eq!(recovery_code(wrong), None, "{wrong}");
        }
    }
}
