//! Mails that a program wrote: automatic answers, lists, and reports of what did not arrive.

use super::{
    html,
    parts::{Bounce, header, pattern},
};
use mail_parser::{Message, MimeHeaders};
use regex::Regex;
use std::sync::LazyLock;

static AWAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:automatic reply|auto(?:matic)? ?response|auto-?reply|out of (?:the )?office|respuesta autom[aá]tica|fuera de (?:la )?oficina)\s*(?::|[-–]|$)",
    )
});

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
        || says("Return-Path").is_some_and(|v| v == "<>" || v.is_empty())
        || matches!(local, "mailer-daemon" | "postmaster")
        || mail.subject().is_some_and(|s| AWAY.is_match(s))
        || report
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
    let daemon = sender.starts_with("mailer-daemon@") || sender.starts_with("postmaster@");
    if !reports && !daemon && header(mail, "X-Failed-Recipients").is_none() {
        return None;
    }
    let mut about = String::new();
    for name in ["In-Reply-To", "References"] {
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
