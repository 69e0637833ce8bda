//! Names of files that people send: whoever opens one opens what was checked, and not what its name says.

use super::office::{DOCX, ODT, XLSX};
use crate::domain::is_unseen;

/// Longest name of a file, in characters.
const LONGEST_NAME: usize = 200;
/// Longest ending that is taken for one, in characters.
const LONGEST_ENDING: usize = 8;

/// The name without a path and without anything that is not seen, or that a system gives a meaning. None where nothing
/// is left, or too much.
pub(super) fn clean_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let clean: String = last
        .chars()
        .filter(|c| !is_unseen(*c) && *c != '"')
        .map(|c| {
            if matches!(c, ':' | '<' | '>' | '|' | '?' | '*') {
                '_'
            } else {
                c
            }
        })
        .collect();
    // Windows opens "a.hta. " as "a.hta".
    let clean = clean
        .trim_start_matches([' ', '.'])
        .trim_end_matches([' ', '.'])
        .to_owned();
    (!clean.is_empty() && clean.chars().count() <= LONGEST_NAME).then_some(clean)
}

/// Endings with which a type is opened as that type; the first is given to files that have another.
fn endings(media_type: &str) -> &'static [&'static str] {
    match media_type {
        "image/jpeg" => &["jpg", "jpeg", "jpe"],
        "image/png" => &["png"],
        "image/gif" => &["gif"],
        "image/webp" => &["webp"],
        "image/heic" | "image/heif" => &["heic", "heif"],
        "application/pdf" => &["pdf"],
        DOCX => &["docx"],
        XLSX => &["xlsx"],
        ODT => &["odt"],
        "text/plain" => &["txt", "text", "md", "log"],
        "audio/ogg" => &["ogg", "oga", "opus"],
        "audio/mpeg" => &["mp3", "mpga"],
        "audio/m4a" | "audio/mp4" => &["m4a", "mp4"],
        "audio/webm" => &["weba", "webm"],
        "video/mp4" => &["mp4", "m4v"],
        "video/webm" => &["webm"],
        "video/quicktime" => &["mov", "qt"],
        _ => &["bin"],
    }
}

/// The name with an ending of the type that the content has: the system by which it is opened goes by the ending alone.
pub(super) fn file_name(clean: &str, media_type: &str) -> String {
    let endings = endings(media_type);
    let fits = |name: &str| {
        name.rsplit_once('.')
            .is_some_and(|(_, e)| endings.contains(&e.to_ascii_lowercase().as_str()))
    };
    if fits(clean) {
        return clean.to_owned();
    }
    let bare = match clean.rsplit_once('.') {
        Some((before, ending)) if is_ending(ending) && !before.is_empty() => {
            before.trim_end_matches([' ', '.'])
        }
        _ => clean,
    };
    if fits(bare) {
        return bare.to_owned();
    }
    let kept: String = bare.chars().take(LONGEST_NAME - LONGEST_ENDING).collect();
    format!("{kept}.{}", endings[0])
}

/// Whether it looks like one: "letter of 3.11.2026" has none.
fn is_ending(text: &str) -> bool {
    (1..=LONGEST_ENDING).contains(&text.chars().count())
        && text.chars().all(|c| c.is_ascii_alphanumeric())
        && text.chars().any(|c| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_brings_no_path_and_no_tricks() {
        assert_eq!(clean_name("../../etc/passwd").as_deref(), Some("passwd"));
        assert_eq!(
            clean_name("a\u{202e}gpj.exe\n").as_deref(),
            Some("agpj.exe")
        );
        assert_eq!(clean_name("a.hta. .").as_deref(), Some("a.hta"));
        assert_eq!(clean_name("a.txt:b.exe").as_deref(), Some("a.txt_b.exe"));
        assert_eq!(clean_name("..."), None);
    }

    #[test]
    fn a_file_is_opened_as_what_it_is() {
        let pdf = "application/pdf";
        for (given, media_type, name) in [
            ("scan.pdf", pdf, "scan.pdf"),
            ("SCAN.PDF", pdf, "SCAN.PDF"),
            ("scan.pdf.hta", pdf, "scan.pdf"),
            ("invoice.exe", pdf, "invoice.pdf"),
            ("invoice", pdf, "invoice.pdf"),
            ("letter of 3.11.2026", pdf, "letter of 3.11.2026.pdf"),
            ("holiday.jpeg", "image/jpeg", "holiday.jpeg"),
            ("notes.js", "text/plain", "notes.txt"),
            ("letter.docm", DOCX, "letter.docx"),
            (".hta", pdf, ".hta.pdf"),
        ] {
            assert_eq!(file_name(given, media_type), name, "{given}");
        }
        let long = file_name(&"x".repeat(200), pdf);
        assert_eq!(long, format!("{}.pdf", "x".repeat(192)));
    }
}
