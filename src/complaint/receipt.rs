//! A receipt proves that something was filed, and says nothing of what it is about.

use crate::domain::{ConversationId, complaint::Reference};
use jiff::civil::Date;
use sha2::{Digest, Sha256};

/// Letters and digits that nobody mistakes for each other (Crockford).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code, and of a group of it: 80 bits.
const LENGTH: usize = 16;
const GROUP: usize = 4;

/// The code on a receipt. It can only be made by whoever has the record, since the conversation's id is told to
/// nobody outside; and it is right for one reference and one day.
pub fn receipt_code(reference: &Reference, conversation: ConversationId, day: Date) -> String {
    let said = format!("receipt|{reference}|{conversation}|{day}");
    let digest = Sha256::digest(said.as_bytes());
    let letters = digest.iter().take(LENGTH);
    let letters: Vec<char> = letters
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect();
    let groups: Vec<String> = letters.chunks(GROUP).map(|c| c.iter().collect()).collect();
    groups.join("-")
}

/// Whether what somebody holds is that code, however it is typed.
pub fn is_receipt_code(code: &str, held: &str) -> bool {
    let plain = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|c| c.to_ascii_uppercase()).collect()
    };
    plain(code) == plain(held)
}
