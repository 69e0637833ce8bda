//! What people wrote, for a terminal: it obeys codes that nobody sees.

use crate::domain::is_unseen;
use std::fmt::Write;

/// The text with every character that a terminal would obey, or that turns the line about, written as JSON writes it.
/// Line breaks and tabs stay. What is JSON already stays the same JSON.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut units = [0; 2];
    for c in text.chars() {
        if is_unseen(c) && !matches!(c, '\n' | '\t') {
            for unit in c.encode_utf16(&mut units) {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_obeys_nothing_that_somebody_wrote() {
        let text = "red \u{1b}[31m, \u{9b}2J, \u{7f}, \u{202e}, two\nlines";
        let shown = plain(text);
        assert_eq!(
            shown,
            "red \\u001b[31m, \\u009b2J, \\u007f, \\u202e, two\nlines"
        );
        let json = serde_json::to_string(text).expect("JSON");
        let read: String = serde_json::from_str(&plain(&json)).expect("JSON still");
        assert_eq!(read, text);
    }
}
