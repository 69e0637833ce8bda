//! What the readers of mails share: lines, headers, patterns, files and bounces.

use mail_parser::Message;
use regex::Regex;

/// Longest name, subject or Message-ID that is kept, in characters.
const LONGEST_LINE: usize = 250;

/// A mail that did not reach somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// Where the mail in question is named: its Message-ID is somewhere in it.
    pub about: String,
    /// The address is not there, or takes nothing from us; else it is this mail that is not taken.
    pub address: bool,
}

/// A file that came with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, as told.
    pub name: String,
    /// Its type, as told.
    pub media_type: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("written here, and tried by the tests")
}

/// A line of text, bounded, and nothing in it that is not seen.
pub(super) fn line(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words
        .chars()
        .filter(|c| {
            !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .take(LONGEST_LINE)
        .collect()
}

/// The value of a header as it stands.
pub(super) fn header(mail: &Message<'_>, name: &str) -> Option<String> {
    let (_, value) = mail
        .headers_raw()
        .find(|(n, _)| n.eq_ignore_ascii_case(name))?;
    Some(value.trim().to_owned())
}
