//! The text of a mail.

use super::{html, repair::words};
use mail_parser::{Message, PartType};

/// A plain text of fewer words than one in so many of the page beside it only says that there is a page.
const STUB: usize = 3;

/// The text of a mail: the plain one, or what the HTML says.
pub(super) fn text(mail: &Message<'_>) -> String {
    both(mail).0
}

/// The text of a mail, and what stands beside it in its other form; that is empty where there is one alone.
pub(super) fn both(mail: &Message<'_>) -> (String, String) {
    let of = |ids: &[u32]| {
        let bodies = ids.iter().filter_map(|id| mail.part(*id));
        let said = bodies.filter_map(|part| match &part.body {
            PartType::Text(_) => Some(plain(&words(mail, part)?)),
            PartType::Html(_) => Some(html::to_text(&words(mail, part)?)),
            _ => None,
        });
        said.collect::<Vec<_>>().join("\n")
    };
    let plain = of(&mail.text_body);
    if mail.text_body == mail.html_body {
        return (plain, String::new());
    }
    let page = of(&mail.html_body);
    let count = |text: &str| text.split_whitespace().count();
    if count(&plain) * STUB < count(&page) {
        (page, plain)
    } else {
        (plain, page)
    }
}

/// Plain text; some programs send a page as such.
fn plain(text: &str) -> String {
    let begins = html::beginning(text.trim_start(), 16).to_ascii_lowercase();
    if begins.starts_with("<html") || begins.starts_with("<!doctype html") {
        return html::to_text(text);
    }
    text.replace('\r', "")
}
