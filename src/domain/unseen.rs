//! Characters that nobody sees: they make one name look like another, or turn the words around it about.

/// Whether a character is a control, sets the direction of writing, or has no width.
///
/// The joiners U+200C and U+200D are none: names in Persian and in Indian scripts are written with them.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A name that somebody gave themselves, as it may be shown: without unseen characters, with single spaces, of at most
/// `most` characters.
pub fn seen_name(text: &str, most: usize) -> String {
    let seen: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !is_unseen(*c))
        .take(most)
        .collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_as_it_is_read() {
        assert_eq!(
            seen_name("Ann\u{202e}\u{200b} \t Lee\u{7}", 50),
            "Ann Lee",
            "nothing turns the line about"
        );
        assert_eq!(seen_name("می\u{200c}نا", 50), "می\u{200c}نا");
        assert_eq!(seen_name(&"x".repeat(300), 5), "xxxxx");
    }
}
