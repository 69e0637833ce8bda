//! HTML as plain text: paragraphs as lines, quotes marked as in plain mail, links that hide behind words kept.
//!
//! Only what a reader would see is wanted, so this is no parser of HTML: whatever it does not know is left out, and
//! nothing makes it fail or take long.

use mail_parser::decoders::html::add_html_token;

/// More than this is cut, in bytes; no person writes so much.
const LONGEST: usize = 512 << 10;
/// The longest tag in which quotes are heeded, in bytes.
const LONGEST_TAG: usize = 2048;
/// The longest character reference, in bytes.
const LONGEST_REFERENCE: usize = 32;
/// The longest address that is shown beside its words.
const LONGEST_LINK: usize = 500;
/// Deeper quotes are shown as this deep.
const DEEPEST: usize = 5;
/// What lies in these is never shown.
const UNSEEN: [&str; 7] = [
    "script", "style", "title", "template", "svg", "object", "textarea",
];

/// The words of a page of HTML.
pub(super) fn to_text(html: &str) -> String {
    let mut page = Page::default();
    let mut rest = beginning(html, LONGEST);
    while let Some(at) = rest.find('<') {
        page.words(&rest[..at]);
        rest = page.tag(&rest[at..]);
    }
    page.words(rest);
    page.end_line();
    page.text.trim().to_owned()
}

/// As much of a text as has at most so many bytes.
pub(super) fn beginning(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

#[derive(Default)]
struct Page {
    text: String,
    line: String,
    /// A space stands between what comes and what is there.
    space: bool,
    /// How deep in quotes.
    quoted: usize,
    /// How deep the last line was.
    last: usize,
    /// In text whose spaces and lines count.
    laid_out: usize,
    /// The open link: its address, and where its words begin in the line.
    link: Option<(String, usize)>,
    /// Elements whose end was looked for in vain, so that it is not looked for again.
    endless: Vec<&'static str>,
}

impl Page {
    /// Words between two tags.
    fn words(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find('&') {
            self.put(&rest[..at]);
            let end = beginning(&rest[at..], LONGEST_REFERENCE).find(';');
            let Some(end) = end.filter(|e| *e > 1) else {
                self.put("&");
                rest = &rest[at + 1..];
                continue;
            };
            let mut character = String::new();
            add_html_token(&mut character, &rest.as_bytes()[at..=at + end], false);
            self.put(&character);
            rest = &rest[at + end + 1..];
        }
        self.put(rest);
    }

    fn put(&mut self, text: &str) {
        for c in text.chars() {
            if self.laid_out > 0 && c == '\n' {
                self.end_line();
            } else if c.is_whitespace() {
                self.space = true;
            } else if !c.is_control() {
                if self.space && !self.line.is_empty() {
                    self.line.push(' ');
                }
                self.space = false;
                self.line.push(c);
            }
        }
    }

    /// One tag, or what only looks like one. Returns what comes after it.
    fn tag<'a>(&mut self, from: &'a str) -> &'a str {
        if let Some(comment) = from.strip_prefix("<!--") {
            return match comment.find("-->") {
                Some(end) => &comment[end + 3..],
                None => after(comment, '>'),
            };
        }
        let inner = &from[1..];
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            self.put("<");
            return inner;
        }
        let Some(end) = end_of_tag(inner) else {
            self.words(inner);
            return "";
        };
        let (tag, rest) = (&inner[..end], &inner[end + 1..]);
        let closes = tag.starts_with('/');
        let name = tag.trim_start_matches('/');
        let name = name
            .split(|c: char| c.is_whitespace() || c == '/')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        if let Some(unseen) = UNSEEN.iter().find(|u| **u == name) {
            return if closes || tag.ends_with('/') {
                rest
            } else {
                self.skip(unseen, rest)
            };
        }
        self.element(&name, tag, closes);
        rest
    }

    /// What comes after the end of an element that is not shown.
    fn skip<'a>(&mut self, name: &'static str, rest: &'a str) -> &'a str {
        if self.endless.contains(&name) {
            return rest;
        }
        let closing = format!("</{name}");
        let found = rest.match_indices("</").find(|(at, _)| {
            rest.get(*at..*at + closing.len())
                .is_some_and(|s| s.eq_ignore_ascii_case(&closing))
        });
        if let Some((at, _)) = found {
            return after(&rest[at..], '>');
        }
        self.endless.push(name);
        rest
    }

    fn element(&mut self, name: &str, tag: &str, closes: bool) {
        match name {
            "br" => self.end_line(),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "ul" | "ol" => {
                self.end_block();
                self.gap();
            }
            "div" | "tr" | "section" | "article" | "header" | "footer" | "address" | "dt"
            | "dd" | "center" => self.end_block(),
            "li" => {
                self.end_block();
                if !closes {
                    self.line.push_str("- ");
                }
            }
            "td" | "th" => self.space = true,
            "hr" => {
                self.end_block();
                self.line.push_str(super::marks::RULE);
                self.end_line();
            }
            "pre" => {
                self.end_block();
                self.laid_out = if closes {
                    self.laid_out.saturating_sub(1)
                } else {
                    self.laid_out + 1
                };
            }
            "blockquote" => {
                self.end_block();
                self.quoted = if closes {
                    self.quoted.saturating_sub(1)
                } else {
                    self.quoted + 1
                };
            }
            "img" => {
                // Emoji are pictures in some programs, and all that somebody feels.
                let emoji = attribute(tag, "alt").filter(|a| {
                    a.chars().count() <= 8
                        && a.chars().all(|c| !c.is_ascii() && !c.is_alphanumeric())
                });
                self.put(emoji.unwrap_or_default());
            }
            "a" if closes => self.end_link(),
            "a" => {
                self.end_link();
                let address = attribute(tag, "href").map(decoded).unwrap_or_default();
                self.link = Some((address, self.line.len()));
            }
            _ => {}
        }
    }

    /// The address of a link stands behind its words, where these do not tell it.
    fn end_link(&mut self) {
        let Some((address, from)) = self.link.take() else {
            return;
        };
        let shown = self.line.get(from..).unwrap_or_default();
        let bare = |t: &str| {
            let t = t.trim().to_lowercase();
            let t = ["mailto:", "tel:", "https://", "http://"]
                .iter()
                .fold(t.as_str(), |t, s| t.strip_prefix(s).unwrap_or(t))
                .to_owned();
            t.trim_start_matches("www.")
                .trim_end_matches('/')
                .to_owned()
        };
        let leads = ["http://", "https://", "mailto:", "tel:"]
            .iter()
            .any(|s| address.to_lowercase().starts_with(s));
        if !leads || shown.trim().is_empty() || bare(shown) == bare(&address) {
            return;
        }
        let address = beginning(&address, LONGEST_LINK).to_owned();
        self.space = true;
        self.put(&format!("({address})"));
    }

    /// The line ends, where anything stands in it.
    fn end_block(&mut self) {
        if !self.line.is_empty() {
            self.end_line();
        }
        self.space = false;
    }

    fn end_line(&mut self) {
        if let Some((_, from)) = &mut self.link {
            *from = 0;
        }
        self.space = false;
        let line = std::mem::take(&mut self.line);
        for _ in 0..self.quoted.min(DEEPEST) {
            self.text.push_str("> ");
        }
        self.text.push_str(&line);
        self.text.push('\n');
        self.last = self.quoted;
    }

    /// An empty line, where there is none yet.
    fn gap(&mut self) {
        let blank = |l: &str| l.chars().all(|c| c == '>' || c.is_whitespace());
        if self.last == self.quoted
            && !self.text.is_empty()
            && !self.text.lines().next_back().is_none_or(blank)
        {
            self.end_line();
        }
    }
}

/// Where a tag ends: at the first `>` outside quotes, or at the first at all where the quotes do not end soon.
fn end_of_tag(inner: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in inner.bytes().enumerate().take(LONGEST_TAG) {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    inner.find('>')
}

fn after(text: &str, c: char) -> &str {
    text.find(c).map_or("", |at| &text[at + c.len_utf8()..])
}

/// The value of an attribute, as it stands in a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    while let Some(at) = rest.find('=') {
        let before = rest[..at].trim_end();
        let found = before
            .get(before.len().saturating_sub(name.len())..)
            .is_some_and(|n| n.eq_ignore_ascii_case(name))
            && before[..before.len() - name.len()].ends_with(char::is_whitespace);
        let value = rest[at + 1..].trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, next) = if let Some(quote) = quote {
            let inner = &value[1..];
            let end = inner.find(quote).unwrap_or(inner.len());
            (&inner[..end], inner.get(end + 1..).unwrap_or_default())
        } else {
            let end = value.find(char::is_whitespace).unwrap_or(value.len());
            value.split_at(end)
        };
        if found {
            return Some(value);
        }
        rest = next;
    }
    None
}

/// A text with its character references in their places.
fn decoded(text: &str) -> String {
    let mut page = Page::default();
    page.words(text);
    page.line
}

#[cfg(test)]
mod tests {
    use super::to_text;

    #[test]
    fn paragraphs_lists_and_lines_are_laid_out_as_a_reader_sees_them() {
        let html = "<html><head><style>p {color: red}</style><title>x</title></head><body>\
            <p>Dear team,</p><p>the nurse   shouted<br>at&nbsp;me &amp; my son.</p>\
            <ul><li>on Monday</li><li>on Tuesday</li></ul><!-- seen by nobody --></body></html>";
        assert_eq!(
            to_text(html),
            "Dear team,\n\nthe nurse shouted\nat me & my son.\n\n- on Monday\n- on Tuesday"
        );
    }

    #[test]
    fn a_link_that_hides_behind_words_is_kept() {
        assert_eq!(
            to_text(r#"see <a href="https://photos.example/a?b=1&amp;c=2">my bruises</a>."#),
            "see my bruises (https://photos.example/a?b=1&c=2)."
        );
        assert_eq!(
            to_text(r#"<a href="https://www.care.example/">care.example</a>"#),
            "care.example"
        );
        assert_eq!(
            to_text(
                "<a href='mailto:ann@x.example'>ann@x.example</a> <a href='javascript:x()'>me</a>"
            ),
            "ann@x.example me"
        );
    }

    #[test]
    fn what_was_quoted_is_marked_as_in_plain_mail() {
        let html = "<div>Yes, please.</div><br><div class=\"gmail_quote\"><div>On Mon, 1 Jun 2026 at 10:00, Care &lt;a@b.example&gt; wrote:<br></div>\
            <blockquote><p>Shall we ring?</p><blockquote>no</blockquote></blockquote></div>";
        assert_eq!(
            to_text(html),
            "Yes, please.\n\nOn Mon, 1 Jun 2026 at 10:00, Care <a@b.example> wrote:\n> Shall we ring?\n> \n> > no"
        );
    }

    #[test]
    fn what_only_looks_like_a_tag_is_words() {
        assert_eq!(to_text("1 < 2 and I <3 you"), "1 < 2 and I <3 you");
        assert_eq!(to_text("never closed <b"), "never closed b");
        assert_eq!(to_text("a &unknown; b & c"), "a &unknown; b & c");
    }

    #[test]
    fn a_feeling_that_is_a_picture_is_kept() {
        assert_eq!(
            to_text("thank you <img alt='😢' src='cid:x'><img alt='our logo'>"),
            "thank you 😢"
        );
    }
}
