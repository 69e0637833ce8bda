//! The secret word of somebody who left no way to be reached: with it and the reference they come back on any
//! channel and hear what became of their complaint, without a name.
//!
//! A word is 64 random bits, said as four groups of five letters ("lusab-babad-gutih-tugad"), which people of
//! any language can read aloud and copy. It is shown once. What is kept is a keyed hash of it with a key of its
//! own: of 64 bits nobody finds the word by trying, and three wrong tries a day are all that a chat takes.

use super::audit::hexadecimal;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::fmt;

const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
const VOWELS: &[u8; 4] = b"aiou";
/// Letters of a group, and groups of a word.
const GROUP: usize = 5;
const GROUPS: usize = 4;

/// A secret word. Never written down, nor shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretWord(String);

impl fmt::Debug for SecretWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretWord(…)")
    }
}

/// What is kept of a secret word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptSecret {
    /// The key of the hash, hexadecimal.
    key: String,
    /// HMAC-SHA-256 of the word's letters, hexadecimal.
    hash: String,
}

impl SecretWord {
    /// What stands in its place wherever it is kept or shown again. It is as long as the word, so that places in
    /// a text stay what they are.
    pub const HIDDEN: &'static str = "*****-*****-*****-*****";

    /// Of random bytes.
    pub fn of(bytes: [u8; 2 * GROUPS]) -> Self {
        let group = |pair: &[u8]| {
            let bits = usize::from(pair[0]) << 8 | usize::from(pair[1]);
            let letters = [
                CONSONANTS[bits >> 12 & 15],
                VOWELS[bits >> 10 & 3],
                CONSONANTS[bits >> 6 & 15],
                VOWELS[bits >> 4 & 3],
                CONSONANTS[bits & 15],
            ];
            letters.map(char::from).iter().collect::<String>()
        };
        let groups: Vec<String> = bytes.chunks_exact(2).map(group).collect();
        Self(groups.join("-"))
    }

    /// One that a text says, and the text with it hidden. With blanks in place of hyphens it is the same word, and
    /// in capitals.
    pub fn said_in(text: &str) -> Option<(Self, String)> {
        let bytes = text.as_bytes();
        let fits = |at: &usize| Self::is_at(bytes, *at);
        let at = (0..bytes.len()).find(fits)?;
        let end = at + Self::HIDDEN.len();
        let letters = text[at..end].to_ascii_lowercase();
        let word = letters.replace([' ', '.'], "-");
        let hidden = format!("{}{}{}", &text[..at], Self::HIDDEN, &text[end..]);
        Some((Self(word), hidden))
    }

    /// Whether a text had a word that was hidden.
    pub fn was_in(text: &str) -> bool {
        text.contains(Self::HIDDEN)
    }

    fn is_at(bytes: &[u8], at: usize) -> bool {
        let part = bytes.get(at..at + Self::HIDDEN.len());
        let letter = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
        let apart = at == 0 || !letter(bytes.get(at - 1));
        let ends = !letter(bytes.get(at + Self::HIDDEN.len()));
        part.is_some_and(|part| {
            apart
                && ends
                && part.iter().enumerate().all(|(i, byte)| {
                    let byte = byte.to_ascii_lowercase();
                    match i % (GROUP + 1) {
                        GROUP => matches!(byte, b'-' | b' ' | b'.'),
                        1 | 3 => VOWELS.contains(&byte),
                        _ => CONSONANTS.contains(&byte),
                    }
                })
        })
    }

    /// The word itself: for the one message that shows it.
    pub fn shown(&self) -> &str {
        &self.0
    }

    /// What is kept of it, with random bytes as the key.
    pub fn kept(&self, key: [u8; 16]) -> KeptSecret {
        let key = hexadecimal(&key);
        let hash = hexadecimal(&self.mac(&key).finalize().into_bytes());
        KeptSecret { key, hash }
    }

    fn mac(&self, key: &str) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes a key of any length");
        mac.update(self.0.as_bytes());
        mac
    }
}

/// Texts that hold secret words until they have arrived.
impl From<String> for SecretWord {
    fn from(word: String) -> Self {
        Self(word)
    }
}

impl KeptSecret {
    /// Whether it is that word. Takes the same time whatever the word.
    pub fn is(&self, word: &SecretWord) -> bool {
        let Some(hash) = bytes(&self.hash) else {
            return false;
        };
        word.mac(&self.key).verify_slice(&hash).is_ok()
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let digit = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (0..text.len()).step_by(2).map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_known_again_however_it_is_typed() {
        let word = SecretWord::of([127, 0, 0, 1, 63, 84, 220, 193]);
        assert_eq!(word.shown(), "lusab-babad-gutih-tugad");
        let kept = word.kept([7; 16]);
        for text in [
            "lusab-babad-gutih-tugad",
            "it's LUSAB BABAD GUTIH TUGAD, I think",
            "Mañana: Lusab-Babad-Gutih-Tugad.",
        ] {
            let (said, hidden) = SecretWord::said_in(text).expect(text);
            assert!(kept.is(&said), "{text}");
            assert_eq!(hidden.len(), text.len());
            assert!(SecretWord::was_in(&hidden) && SecretWord::said_in(&hidden).is_none());
        }
    }

    #[test]
    fn of_all_that_a_message_says_nothing_is_left_and_the_first_is_weighed() {
        let text = "lusab-babad-gutih-tugad or babab babab babab babab";
        let mut inbound = crate::domain::event::Inbound {
            text: text.to_owned(),
            ..Default::default()
        };
        inbound.hide_secrets();
        let hidden = format!("{0} or {0}", SecretWord::HIDDEN);
        assert_eq!(inbound.text, hidden);
        let first = SecretWord::of([127, 0, 0, 1, 63, 84, 220, 193]);
        assert_eq!(inbound.secret, Some(first));
    }

    #[test]
    fn nothing_else_is_one() {
        let kept = SecretWord::of([1; 8]).kept([7; 16]);
        assert!(!kept.is(&SecretWord::of([2; 8])));
        for text in [
            "",
            "the nurse shouted at my mother",
            "lusab-babad-gutih",
            "xlusab-babad-gutih-tugad",
            "lusab-babad-gutih-tugadx",
            "ñññññññññññññññññññ",
        ] {
            assert_eq!(SecretWord::said_in(text), None, "{text}");
        }
        let shown = format!("{:?}", SecretWord::of([1; 8]));
        assert_eq!(shown, "SecretWord(…)");
    }
}
