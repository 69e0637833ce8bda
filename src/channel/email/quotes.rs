//! What of a mail its writer wrote: quoted words, forwarded mails and signatures are told apart from their own.
//!
//! Mail programs mark these in their own ways, and in the reader's language. Where nobody can tell, words count as the
//! writer's own: better a quote too many than a word lost. What was said in the conversation before is known, and tells
//! a quote of it from words that nobody has heard.

use super::{
    known::Known,
    marks::{
        ATTRIBUTION, ATTRIBUTION_BEGINS, FORWARDED, FROM, NAMES_WRITER, ORIGINAL, OTHER_HEADER,
        SENT_FROM, TELLS_WHEN, is_by_program,
    },
};

/// A signature is no longer than this.
const LONGEST_SIGNATURE: usize = 12;
/// An attribution ("On … wrote:") is broken over at most so many lines.
const BROKEN: usize = 3;
/// Lines that are shorter were ended by their writer.
const BROKEN_AT: usize = 58;

/// What is known about a mail whose text is taken apart.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// It is an answer to another mail.
    pub answers: bool,
    /// Its subject says that it is sent on.
    pub sent_on: bool,
    /// What was said before.
    pub known: &'a Known,
}

/// A mail's text, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// The writer's own words.
    pub own: String,
    /// Words of an earlier mail, and signatures.
    pub quoted: String,
    /// What stands in the quotes and was never said before: anybody's words, the writer's own among them.
    pub unknown: String,
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

/// Above a signature stand more words than these; fewer are a greeting.
const GREETING: usize = 3;

/// Takes a mail's text apart.
pub fn cut(text: &str, about: About<'_>) -> Cut {
    let About {
        answers,
        sent_on,
        known,
    } = about;
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let (mut own, mut quoted, mut cited) = (Vec::new(), Vec::new(), Vec::new());
    let mut forwarded = None;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        // Some programs mark the line above a mail that is sent on like the mail itself.
        if FORWARDED.is_match(unquoted(line).unwrap_or(line)) {
            forwarded = Some(sent_on_mail(&lines[at + 1..]));
            break;
        }
        if let Some(said) = unquoted(line) {
            quoted.push(said);
            cited.push(said);
            at += 1;
            continue;
        }
        if let Some(skipped) = earlier_mail(&lines[at..])
            && !is_letter(&lines[at..], &own, about)
        {
            let rest = &lines[at + skipped..];
            if sent_on {
                forwarded = Some(sent_on_mail(rest));
            } else {
                quoted.extend(rest);
                cited.extend(rest);
            }
            break;
        }
        if let Some(length) = attribution(&lines[at..]) {
            let (head, rest) = lines[at..].split_at(length);
            let whole = head.join(" ");
            match introduces(&whole, rest, answers, known) {
                Introduces::Marked => {
                    if !is_by_program(&whole) {
                        quoted.extend(head);
                    }
                    at += length;
                    continue;
                }
                Introduces::Rest => {
                    quoted.extend(rest);
                    cited.extend(rest);
                    break;
                }
                Introduces::Nothing => {
                    own.extend(head);
                    at += length;
                    continue;
                }
            }
        }
        if NAMES_WRITER.is_match(line) && is_marked(&lines[at + 1..]) {
            quoted.push(*line);
            at += 1;
            continue;
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
    let unknown = unheard(&cited, known);
    let mut own = paragraphs(&own);
    // Whoever writes nothing above a quote has mostly written below it, or into it.
    let greets = own.is_empty() || own.ends_with(',') && own.split_whitespace().count() <= GREETING;
    let theirs = greets && forwarded.is_none() && (!answers || !known.is_empty());
    if theirs && !unknown.is_empty() {
        format!("{own}\n\n{unknown}").trim().clone_into(&mut own);
    }
    Cut {
        own,
        quoted: paragraphs(&quoted),
        unknown: if theirs { String::new() } else { unknown },
        forwarded,
    }
}

/// More of a quote is not compared with what was said, in bytes.
const COMPARED: usize = 128 << 10;

/// What of quoted lines nobody has heard yet, without what programs write above and below a mail.
fn unheard(cited: &[&str], known: &Known) -> String {
    let by_program = |line: &str| {
        FROM.is_match(line)
            || OTHER_HEADER.is_match(line)
            || ORIGINAL.is_match(line)
            || SENT_FROM.is_match(line)
            || ATTRIBUTION.is_match(line) && is_by_program(line)
    };
    let (mut lines, mut compared) = (Vec::new(), 0);
    for line in cited {
        compared += line.len();
        if compared > COMPARED {
            break;
        }
        let mut line = *line;
        while let Some(inner) = unquoted(line) {
            line = inner;
        }
        if !by_program(line) {
            lines.push(line);
        }
    }
    known.unknown(&paragraphs(&lines))
}

/// A fresh mail that is set out like a letter ("From: Ann Lee", "To: The manager") is the writer's own.
fn is_letter(lines: &[&str], own: &[&str], about: About<'_>) -> bool {
    let begins = own
        .iter()
        .all(|l| l.trim().is_empty() || OTHER_HEADER.is_match(l));
    let head = lines.iter().filter(|l| !l.trim().is_empty()).take(NEAR);
    let addressed = head.clone().any(|l| l.contains('@'));
    let drawn = lines.first().is_some_and(|l| ORIGINAL.is_match(l));
    !about.answers && !about.sent_on && !drawn && (begins || !addressed)
}

/// Whether marked lines come next.
fn is_marked(lines: &[&str]) -> bool {
    let first = lines.iter().find(|l| !l.trim().is_empty());
    first.is_some_and(|l| unquoted(l).is_some())
}

/// What a line that may introduce a quote introduces.
enum Introduces {
    /// Lines that are marked as a quote.
    Marked,
    /// Everything below it: some programs mark a quote by nothing but this line.
    Rest,
    /// Nothing: it is a line of a story.
    Nothing,
}

fn introduces(head: &str, rest: &[&str], answers: bool, known: &Known) -> Introduces {
    let first = rest.iter().find(|l| !l.trim().is_empty());
    let by_program = is_by_program(head);
    let Some(line) = first else {
        return if by_program && answers {
            Introduces::Marked
        } else {
            Introduces::Nothing
        };
    };
    let marked = unquoted(line).is_some();
    // It quotes what was said here.
    let ours = !known.is_empty() && known.has(line);
    let theirs = by_program && (head.contains('@') || answers && known.is_empty());
    if marked && (by_program || answers) {
        Introduces::Marked
    } else if !marked && (ours || theirs) {
        Introduces::Rest
    } else {
        Introduces::Nothing
    }
}

/// What stands behind the mark of a quote. A face is none.
fn unquoted(line: &str) -> Option<&str> {
    let said = line.trim_start().strip_prefix('>')?;
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
    let begins = FROM.is_match(head.first()?) || OTHER_HEADER.is_match(head.first()?);
    (begins && is_head(head)).then_some(skipped)
}

/// How many lines are looked at for the head of a mail.
const NEAR: usize = 6;

/// Whether a mail's head stands in the next lines: who wrote it, and two things more, whatever their order.
fn is_head(lines: &[&str]) -> bool {
    let near = lines.iter().filter(|l| !l.trim().is_empty()).take(NEAR);
    near.clone().any(|l| FROM.is_match(l)) && near.filter(|l| OTHER_HEADER.is_match(l)).count() >= 2
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
    let begins = lines.iter().position(|l| !l.trim().is_empty());
    let lines = &lines[begins.unwrap_or(lines.len())..];
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
