//! Mails that a program wrote: automatic answers, lists, and reports of what did not arrive.

use super::{
    html,
    parts::{Bounce, header, pattern},
};
use mail_parser::{Message, MimeHeaders};
use regex::Regex;
use std::sync::LazyLock;

static AUTOMATIC: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:automatic reply|auto(?:matic)? ?response|auto-?reply|respuesta autom[aá]tica)\s*(?::|[-–]|$)",
    )
});
/// So somebody may also call what they complain of.
static AWAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^\s*(?:out of (?:the )?office|fuera de (?:la )?oficina)\s*(?::|[-–]|$)")
});

/// Whether the subject says that a program answers.
fn says_automatic(mail: &Message<'_>) -> bool {
    let answers = ["In-Reply-To", "References", "X-Auto-Response-Suppress"]
        .iter()
        .any(|name| header(mail, name).is_some());
    mail.subject()
        .is_some_and(|s| AUTOMATIC.is_match(s) || answers && AWAY.is_match(s))
}

/// Whether a program wrote it, so that nobody is to answer.
pub(super) fn is_automatic(mail: &Message<'_>, sender: &str) -> bool {
    let says = |name: &str| header(mail, name).map(|v| v.to_lowercase());
    let local = sender.split('@').next().unwrap_or_default();
    let first_word = |v: &str| {
        v.split(|c: char| c == ';' || c == '(' || c.is_whitespace())
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let report = mail
        .content_type()
        .is_some_and(|t| t.ctype() == "multipart" && t.subtype() == Some("report"));
    says("Auto-Submitted").is_some_and(|v| first_word(&v) != "no")
        || says("Precedence").is_some_and(|v| {
            matches!(
                first_word(&v).as_str(),
                "bulk" | "junk" | "list" | "auto_reply"
            )
        })
        || [
            "List-Id",
            "List-Post",
            "X-Autoreply",
            "X-Autorespond",
            "X-Auto-Reply-From",
        ]
        .iter()
        .any(|name| says(name).is_some_and(|v| v != "no"))
        || has_no_sender(mail)
        // Whoever looks after a mail server is a person; the name of its program is believed where nothing tells more.
        || local == "mailer-daemon" && header(mail, "Return-Path").is_none()
        || says_automatic(mail)
        || report
}

/// Whether nobody is to be told that it did not arrive: only reports and automatic answers have no way back.
fn has_no_sender(mail: &Message<'_>) -> bool {
    header(mail, "Return-Path").is_some_and(|v| v == "<>" || v.is_empty())
}

static STATUS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?im)^status:\s*([245])\.(\d{1,3})\."));
static NOT_FAILED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?im)^action:\s*(?:delayed|delivered|relayed|expanded)"));
static IN_WORDS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b([45])\.(\d{1,3})\.\d{1,3}\b"));

/// Whether it tells that a mail did not arrive, for good.
pub(super) fn bounce(mail: &Message<'_>, sender: &str) -> Option<Bounce> {
    let reports = mail.content_type().is_some_and(|t| {
        t.attribute("report-type")
            .is_some_and(|r| r.eq_ignore_ascii_case("delivery-status"))
    });
    let daemon = ["mailer-daemon@", "postmaster@"]
        .iter()
        .any(|d| sender.starts_with(d))
        && (has_no_sender(mail) || header(mail, "Return-Path").is_none());
    if !reports && !daemon && header(mail, "X-Failed-Recipients").is_none() {
        return None;
    }
    let mut about = String::new();
    // Whoever is away answers our mail too, from the same address: in plain words, only what was sent back tells which
    // mail it was.
    for name in ["In-Reply-To", "References"].iter().filter(|_| reports) {
        about.push_str(&header(mail, name).unwrap_or_default());
        about.push('\n');
    }
    let mut report = String::new();
    for part in &mail.parts {
        let content = String::from_utf8_lossy(part.contents()).into_owned();
        let content = html::beginning(&content, 1 << 16);
        if part.is_content_type("message", "delivery-status") {
            report.push_str(content);
        }
        about.push_str(content);
        about.push('\n');
    }
    if NOT_FAILED.is_match(&report) {
        return None;
    }
    let status = STATUS
        .captures(&report)
        .or_else(|| IN_WORDS.captures(&about));
    if status.as_ref().is_some_and(|s| &s[1] != "5") {
        return None;
    }
    Some(Bounce {
        address: status.is_none_or(|s| matches!(&s[2], "1" | "2")),
        about,
    })
}
