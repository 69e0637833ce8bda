//! The reference of a complaint.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The alphabet of references: Crockford's base 32, without letters that look like digits.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A complaint's reference, as in `NH-7K4M-92QX-C`: eight characters and a check character.
///
/// The check is the hybrid system of ISO/IEC 7064 (as MOD 11,10) for an alphabet of 32: every single mistyped character
/// is noticed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reference(String);

/// Why a text is no reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// Not of the form.
    #[error("a reference looks like NH-7K4M-92QX-C")]
    Form,
    /// Of the form, but mistyped.
    #[error("the check character does not fit: the reference is mistyped")]
    Check,
}

impl Reference {
    /// The reference of these forty bits.
    pub fn from_bits(bits: u64) -> Self {
        let digits: Vec<u8> = (0..8)
            .rev()
            .map(|i| ((bits >> (5 * i)) & 31) as u8)
            .collect();
        Self::from_digits(&digits, check_digit(&digits))
    }

    fn from_digits(digits: &[u8], check: u8) -> Self {
        let text: String = digits
            .iter()
            .map(|d| char::from(ALPHABET[usize::from(*d)]))
            .collect();
        Self(format!(
            "NH-{}-{}-{}",
            &text[..4],
            &text[4..],
            char::from(ALPHABET[usize::from(check)])
        ))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check_digit(digits: &[u8]) -> u8 {
    let p = digits.iter().fold(32_u16, |p, d| {
        let s = (p + u16::from(*d)) % 32;
        let s = if s == 0 { 32 } else { s };
        (2 * s) % 33
    });
    // (p + check) must leave 1 when divided by 32.
    ((33 - p % 32) % 32) as u8
}

impl FromStr for Reference {
    type Err = ReferenceError;

    /// Reads a reference as people type it: any case, with or without dashes and spaces, O for 0, I and L for 1.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let squeezed: String = s
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .flat_map(char::to_uppercase)
            .collect();
        let body = squeezed.strip_prefix("NH").ok_or(ReferenceError::Form)?;
        let digits = body
            .bytes()
            .map(|b| match b {
                b'O' => Some(0),
                b'I' | b'L' => Some(1),
                _ => ALPHABET.iter().position(|a| *a == b).map(|i| i as u8),
            })
            .collect::<Option<Vec<u8>>>()
            .ok_or(ReferenceError::Form)?;
        let [digits @ .., check] = digits.as_slice() else {
            return Err(ReferenceError::Form);
        };
        if digits.len() != 8 {
            return Err(ReferenceError::Form);
        }
        if check_digit(digits) == *check {
            Ok(Self::from_digits(digits, *check))
        } else {
            Err(ReferenceError::Check)
        }
    }
}

impl TryFrom<String> for Reference {
    type Error = ReferenceError;
    fn try_from(s: String) -> Result<Self, Self::Error> {
        s.parse()
    }
}

impl From<Reference> for String {
    fn from(r: Reference) -> Self {
        r.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
