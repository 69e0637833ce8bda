//! Words in files: a long text that a program sends as one, the name that somebody gave it, what they wrote about a
//! picture. Nothing in them counts as told, since nobody knows whose they are; danger in them is heard.

use super::Service;
use crate::{
    domain::{
        Borrowed, BorrowedHow,
        interpretation::{Cue, RedFlag},
    },
    nlu::pieces,
};
use encoding_rs::{Encoding, WINDOWS_1252};
use std::borrow::Cow;

/// Fewer words are a name and say nothing.
const FEWEST: usize = 2;
/// How much is read of all files of a message together, in bytes: reading takes time.
pub const READ_OF_FILES: usize = 512 << 10;
/// How much is read of one of them. Of a longer one it is the beginning and, for a quarter of this, the end: what
/// weighs most is often said last.
const READ_OF_FILE: usize = 128 << 10;
/// So many bytes cost no more than any message.
const AT_ONCE: usize = 4 << 10;

/// A file, as far as words stand in it.
#[derive(Clone, Copy, Debug)]
pub struct Wordy<'a> {
    /// Its name.
    pub name: &'a str,
    /// What was written about it, where the channel has a place for that.
    pub about: Option<&'a str>,
    /// Its bytes, where they are here.
    pub content: Option<&'a [u8]>,
}

impl Service {
    /// Words of a file in which danger is read: those that stand in it, else those about it, else its name. `left` is
    /// how much may still be read of the files of its message. It is read in turn with what others have sent: `whose`
    /// is whoever has this one read.
    pub async fn heard_in(
        &self,
        whose: &str,
        file: Wordy<'_>,
        left: &mut usize,
    ) -> Option<Borrowed> {
        let text = file.content.and_then(text_of).unwrap_or_default();
        let (beginning, end) = read_of(&text, READ_OF_FILE.min(*left));
        *left -= beginning.len() + end.len();
        let mut heard = self.danger_in(whose, beginning).await;
        let later = self.danger_in(whose, end).await;
        heard = heard.into_iter().chain(later).min_by_key(|(flag, _)| *flag);
        if let (None, Some(about)) = (&heard, file.about) {
            heard = self.danger_in(whose, about).await;
        }
        if heard.is_none() {
            // "Suicide prevention.pdf": a name is too short for what is only supposed.
            let name = spaced(file.name);
            let said = self.runtime().rules.read(&name, self.clock.now());
            let sure = name.split(' ').count() >= FEWEST && !said.has(Cue::DangerUnsure);
            heard = said.red_flag.filter(|_| sure).map(|flag| (flag, name));
        }
        let (danger, words) = heard?;
        let mut borrowed = Borrowed::new(BorrowedHow::File, Some(file.name.to_owned()), words);
        borrowed.danger = Some(danger);
        borrowed.bound();
        Some(borrowed)
    }

    /// The gravest danger in a text that may be long, and the stretch of it in which it stands. Each stretch is read in
    /// turn with those of others; a short text waits for nobody.
    pub async fn danger_in(&self, whose: &str, text: &str) -> Option<(RedFlag, String)> {
        if text.len() <= AT_ONCE {
            let found = self.runtime().rules.danger(text, self.clock.now());
            return found.map(|(flag, piece)| (flag, piece.to_owned()));
        }
        let mut gravest: Option<(RedFlag, String)> = None;
        for (n, piece) in pieces(text).enumerate() {
            let (book, now, piece) = (self.runtime(), self.clock.now(), piece.to_owned());
            let read = move || Some((book.rules.danger_of(&piece, n == 0, now)?, piece));
            let found = self.turns.step(whose, read).await;
            gravest = gravest
                .into_iter()
                .chain(found)
                .min_by_key(|(flag, _)| *flag);
        }
        gravest
    }

    /// Does what a stranger's bytes make slow, in turn with others.
    pub async fn in_turn<T: Send + 'static>(
        &self,
        whose: &str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> T {
        self.turns.step(whose, work).await
    }
}

/// What is read of a text, where it may be so many bytes: all of it, or its beginning and its end.
fn read_of(text: &str, most: usize) -> (&str, &str) {
    if text.len() <= most {
        return (text, "");
    }
    let last = most / 4;
    let beginning = text.floor_char_boundary(most - last);
    let end = text.ceil_char_boundary(text.len() - last);
    (&text[..beginning], &text[end..])
}

/// A name as words, without its ending.
fn spaced(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let words = stem.split(|c: char| c.is_whitespace() || matches!(c, '_' | '-' | '.' | '+'));
    let words: Vec<&str> = words.filter(|w| !w.is_empty()).collect();
    words.join(" ")
}

/// The text that bytes are, where they are one: UTF-8, UTF-16 with its mark, else Windows-1252, in which nothing may
/// stand that no text has.
pub(super) fn text_of(content: &[u8]) -> Option<Cow<'_, str>> {
    if let Some((encoding, _)) = Encoding::for_bom(content) {
        let (text, _, broken) = encoding.decode(content);
        return Some(text).filter(|t| !broken && is_plain(t));
    }
    if let Ok(text) = std::str::from_utf8(content) {
        return Some(Cow::Borrowed(text)).filter(|t| !t.contains('\0'));
    }
    let (text, _, broken) = WINDOWS_1252.decode(content);
    Some(text).filter(|t| !broken && is_plain(t))
}

/// Whether it has no signs that only programs write.
fn is_plain(text: &str) -> bool {
    let odd =
        |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{1b}');
    !text.chars().any(odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str) -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn texts_are_read_in_the_letters_in_which_they_were_written() {
        let said = "me quiero morir, mañana";
        let latin: Vec<u8> = said.chars().map(|c| c as u8).collect();
        let marked = [b"\xef\xbb\xbf".as_slice(), said.as_bytes()].concat();
        for bytes in [said.as_bytes().to_vec(), latin, utf16(said), marked] {
            assert_eq!(text_of(&bytes).as_deref(), Some(said), "{bytes:?}");
        }
    }

    #[test]
    fn what_is_no_text_is_not_read_as_one() {
        for bytes in [
            b"MZ\x90\0\x03".as_slice(),
            b"%PDF-1.4\n\x00",
            b"\xff\xfe\x00\xd8",
            b"\x89PNG\r\n\x1a\n",
        ] {
            assert_eq!(text_of(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn of_a_long_text_the_beginning_and_the_end_are_read() {
        assert_eq!(read_of("short", 5), ("short", ""));
        assert_eq!(read_of("abcdefghijkl", 8), ("abcdef", "kl"));
        let (beginning, end) = read_of("ñññññññññ", 8);
        assert_eq!((beginning, end), ("ñññ", "ñ"));
        assert_eq!(read_of("anything", 0), ("", ""));
    }

    #[test]
    fn a_name_is_read_as_words() {
        assert_eq!(spaced("I_want to-die.final.txt"), "I want to die final");
        assert_eq!(spaced(".txt"), "");
    }
}
