//! What of a mail its writer wrote: quoted words, forwarded mails and signatures are told apart from their own.
//!
//! Mail programs mark these in their own ways, and in the reader's language. Where nobody can tell, words count as the writer's own: better a quote too
//! many than a word lost.

use regex::Regex;
use std::sync::LazyLock;

/// The line that Outlook draws above an earlier mail.
pub(super) const RULE: &str = "________________________________";
/// A signature is no longer than this.
const LONGEST_SIGNATURE: usize = 12;
/// An attribution ("On … wrote:") is broken over at most so many lines.
const BROKEN: usize = 3;
/// Lines that are shorter were ended by their writer.
const BROKEN_AT: usize = 58;

/// A mail's text, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// The writer's own words.
    pub own: String,
    /// Words of an earlier mail.
    pub quoted: String,
    /// A mail that was sent on.
    pub forwarded: Option<Forwarded>,
}

/// A mail that was sent on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forwarded {
    /// Whose it was, as it is told.
    pub from: Option<String>,
    /// Its words.
    pub text: String,
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("written here, and tried by the tests")
}

/// "On Monday, 1 June 2026 at 10:00, Ann <ann@x> wrote:", "El lun, 1 jun 2026 a las 10:00, Ana (<ana@x>) escribió:", and the like.
static ATTRIBUTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:(?:on|el|le|am|em|il)\b.{6,300}\b(?:wrote|escribi[oó]|a [ée]crit|schrieb.{0,80}|escreveu|ha scritto)\s?:|\d{4}-\d\d-\d\d \d\d:\d\d.{0,40} .{0,100}<[^<>@\s]+@[^<>\s]+>:)\s*$",
    )
});
/// An attribution has a year or a time of day in it, or an address.
static TELLS_WHEN: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d{4}|\d{1,2}[:.]\d{2}|@"));
/// Where such a line may begin.
static ATTRIBUTION_BEGINS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*(?:on|el|le|am|em|il)\s.*\d"));

static FORWARDED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:-{2,}\s*(?:forwarded (?:message|by .*)|mensaje reenviado)\s*-{0,}|begin forwarded message:|inicio del mensaje reenviado:|-{2,}\s*reenviado por .*)\s*$",
    )
});
static ORIGINAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*-{2,}\s*(?:original message|mensaje original|original appointment)\s*-{2,}\s*$",
    )
});
static FROM: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*\*?(?:from|de)\s*:\*?\s*(\S.{0,300})$"));
static OTHER_HEADER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*\*?(?:sent|date|to|cc|subject|reply-to|importance|enviado(?: el)?|fecha|para|asunto|responder a|importancia)\s*:\*?(?:\s|$)",
    )
});
static SENT_FROM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:sent from (?:my \S.{0,40}|outlook.{0,40}|yahoo mail.{0,40}|mail for windows.{0,20}|proton ?mail.{0,40}|the all-new aol app.{0,40})|get outlook for .{0,60}|enviado desde (?:mi \S.{0,40}|outlook.{0,40}|yahoo mail.{0,40}|correo para windows.{0,20}|mail para windows.{0,20})|obt[eé]n outlook para .{0,60}|obtener outlook para .{0,60})\s*$",
    )
});

/// Above a signature stand more words than these; fewer are a greeting.
const GREETING: usize = 3;

/// Takes a mail's text apart. `answers` is whether the mail is an answer to another one; `sent_on` whether its subject says that it is sent on.
pub fn cut(text: &str, answers: bool, sent_on: bool) -> Cut {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let (mut own, mut quoted) = (Vec::new(), Vec::new());
    let mut forwarded = None;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        if let Some(said) = unquoted(line) {
            quoted.push(said);
            at += 1;
            continue;
        }
        if FORWARDED.is_match(line) {
            forwarded = Some(sent_on_mail(&lines[at + 1..]));
            break;
        }
        // A fresh mail that is set out like a letter ("From: Ann Lee", "To: The manager") is the writer's own.
        let begins = own
            .iter()
            .all(|l: &&str| l.trim().is_empty() || OTHER_HEADER.is_match(l));
        let letter = !answers && !sent_on && begins && !ORIGINAL.is_match(line);
        if let Some(skipped) = earlier_mail(&lines[at..]).filter(|_| !letter) {
            let rest = &lines[at + skipped..];
            if sent_on {
                forwarded = Some(sent_on_mail(rest));
            } else {
                quoted.extend(rest);
            }
            break;
        }
        if let Some(length) = attribution(&lines[at..]) {
            let rest = &lines[at + length..];
            let marked = rest.iter().find(|l| !l.trim().is_empty());
            if marked.is_none_or(|l| unquoted(l).is_some()) {
                at += length;
                continue;
            }
            // Some programs mark the quote by nothing but this line.
            if answers || lines[at..at + length].iter().any(|l| l.contains('@')) {
                quoted.extend(rest);
                break;
            }
        }
        if let Some(length) = signature(&lines[at..], answers, sent_on) {
            let below = &lines[at + 1..at + length];
            // A line of dashes above the words, or words below the name ("PS …"), are no signature.
            let words = own
                .iter()
                .map(|l| l.split_whitespace().count())
                .sum::<usize>();
            let goes_on = below
                .iter()
                .skip_while(|l| l.trim().is_empty())
                .skip_while(|l| !l.trim().is_empty())
                .any(|l| !l.trim().is_empty());
            if words <= GREETING || goes_on {
                own.extend(below);
            } else {
                // Shown to the desk: better a signature too many than a word lost.
                quoted.push("");
                quoted.extend(below);
                quoted.push("");
            }
            at += length;
            continue;
        }
        if !SENT_FROM.is_match(line) {
            own.push(*line);
        }
        at += 1;
    }
    Cut {
        own: paragraphs(&own),
        quoted: paragraphs(&quoted),
        forwarded,
    }
}

/// What stands behind the mark of a quote. A face is none.
fn unquoted(line: &str) -> Option<&str> {
    let said = line.strip_prefix('>')?;
    let face = said.starts_with([':', ';', '.', '_', '=', '<']);
    (!face).then(|| said.strip_prefix(' ').unwrap_or(said))
}

/// Whether an earlier mail begins here as Outlook marks it; how many lines stand above its head.
fn earlier_mail(lines: &[&str]) -> Option<usize> {
    let first = lines.first()?;
    if ORIGINAL.is_match(first) {
        return Some(1);
    }
    let drawn = first.len() >= 20 && first.trim().chars().all(|c| c == '_');
    let skipped = if drawn {
        1 + lines[1..]
            .iter()
            .take_while(|l| l.trim().is_empty())
            .count()
    } else {
        0
    };
    let head = lines.get(skipped..)?;
    (FROM.is_match(head.first()?) && heads(&head[1..]) >= 2).then_some(skipped)
}

/// How many of the next lines are a mail's head.
fn heads(lines: &[&str]) -> usize {
    let near = lines.iter().filter(|l| !l.trim().is_empty()).take(5);
    near.filter(|l| OTHER_HEADER.is_match(l)).count()
}

/// Whether a line that introduces a quote begins here; over how many lines it goes.
fn attribution(lines: &[&str]) -> Option<usize> {
    let first = lines.first()?;
    if !ATTRIBUTION_BEGINS.is_match(first) && !ATTRIBUTION.is_match(first) {
        return None;
    }
    let mut whole = String::new();
    for (n, line) in lines.iter().take(BROKEN).enumerate() {
        if line.trim().is_empty() {
            return None;
        }
        whole.push_str(line.trim());
        if ATTRIBUTION.is_match(&whole) && TELLS_WHEN.is_match(&whole) {
            return Some(n + 1);
        }
        whole.push(' ');
    }
    None
}

/// Whether a signature begins here; how many lines it has, up to an earlier mail or the end.
fn signature(lines: &[&str], answers: bool, sent_on: bool) -> Option<usize> {
    if lines.first()?.trim() != "--" {
        return None;
    }
    let ends = |n: &usize| {
        let rest = &lines[*n..];
        let quote = unquoted(rest[0]).is_some();
        let earlier = FORWARDED.is_match(rest[0]) || earlier_mail(rest).is_some();
        quote || earlier || (answers || sent_on) && attribution(rest).is_some()
    };
    let length = (1..lines.len()).find(ends).unwrap_or(lines.len());
    let filled = lines[1..length].iter().filter(|l| !l.trim().is_empty());
    (filled.count() <= LONGEST_SIGNATURE).then_some(length)
}

/// A mail that was sent on: its head, and its words.
fn sent_on_mail(lines: &[&str]) -> Forwarded {
    let begins = lines.iter().position(|l| !l.trim().is_empty());
    let lines = &lines[begins.unwrap_or(lines.len())..];
    // Some programs mark every line of it.
    let lines: Vec<&str> = match lines.first().map(|l| unquoted(l)) {
        Some(Some(_)) => lines.iter().map(|l| unquoted(l).unwrap_or(l)).collect(),
        _ => lines.to_vec(),
    };
    let head = lines
        .iter()
        .take_while(|l| FROM.is_match(l) || OTHER_HEADER.is_match(l) || l.starts_with([' ', '\t']))
        .count();
    let from = lines[..head]
        .iter()
        .find_map(|l| FROM.captures(l))
        .map(|c| c[1].trim().trim_matches('*').trim().to_owned());
    Forwarded {
        from,
        text: paragraphs(&lines[head..]),
    }
}

/// Lines as paragraphs: those that a mail program broke are one again.
fn paragraphs(lines: &[&str]) -> String {
    let mut text = String::new();
    let mut open = false;
    let mut blank = 0;
    for line in lines {
        let line = line.trim_end();
        if line.trim().is_empty() {
            open = false;
            blank += 1;
            continue;
        }
        let listed = line.starts_with(['-', '*', '•', ' ', '\t'])
            || line.starts_with(|c: char| c.is_ascii_digit());
        if open && !listed {
            text.push(' ');
        } else if !text.is_empty() {
            text.push('\n');
            if blank > 0 {
                text.push('\n');
            }
        }
        text.push_str(line);
        open = line.chars().count() >= BROKEN_AT;
        blank = 0;
    }
    text
}

#[cfg(test)]
mod tests;
