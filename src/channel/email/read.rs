//! Mails that were kept, read with all that must be known besides: who stands behind the sender, what was offered to them, and what a bounce is about.

use super::{
    Email, INBOX,
    hear::{Heard, Said, hear},
    ids::Ids,
    imap::Kept,
    parts::{Bounce, File},
    place::{Place, UNPROVEN, neutral_subject},
    trust::Standing,
};
use crate::{
    domain::{
        Author, Borrowed, BorrowedHow, Choice, EventKind, Timestamp,
        event::{FailReason, Inbound, Unkept},
    },
    service::{Act, IncomingFile, Reading, Service, SubmitError},
    store::{Arrival, Job, JobError, StoreError, Target},
};
use std::sync::Arc;

/// A file is not sent back to a person under this name by anybody else.
const WHOLE_TEXT: &str = "mail.txt";
/// The most words that may stand around the number of an answer.
const AROUND: usize = 12;

/// Reads an arrival.
pub(super) async fn read(email: &Email, service: &Arc<Service>, arrival: &Arrival) -> Reading {
    let kept = serde_json::from_str::<Kept>(&arrival.body).ok();
    let Some((raw, whole)) = kept.and_then(|k| Some((k.raw()?, k.whole))) else {
        return Reading::Unreadable;
    };
    let Some(ids) = email.ids(service).await else {
        return Reading::NotNow;
    };
    match hear(&raw, &email.mailbox) {
        Heard::Nothing => Reading::Nothing,
        Heard::Unreadable => Reading::Unreadable,
        Heard::Bounced(bounce) => bounced(service, ids, arrival, &bounce).await,
        Heard::Said(said) => {
            let read = read_said(email, service, ids, *said, whole).await;
            // Where the database is away, it is read again.
            read.unwrap_or(Reading::NotNow)
        }
    }
}

/// One of our mails did not arrive: the message counts as not delivered, once.
async fn bounced(service: &Arc<Service>, ids: &Ids, arrival: &Arrival, bounce: &Bounce) -> Reading {
    let Some(ours) = ids.found_in(&bounce.about).into_iter().next() else {
        return Reading::Nothing;
    };
    let reason = if bounce.address {
        FailReason::Blocked
    } else {
        FailReason::Refused
    };
    let failed = service.submit(Job {
        target: Target::Conversation(ours.conversation),
        kind: EventKind::DeliveryFailed {
            message: ours.message,
            reason,
        },
        dedupe: Some(format!("{INBOX}\u{1f}bounce:{}", arrival.id)),
    });
    match failed.await {
        Ok(_) | Err(SubmitError::Job(JobError::Refused(_) | JobError::NotFound)) => {
            Reading::Nothing
        }
        Err(SubmitError::Job(JobError::Poisonous(_))) => Reading::Unreadable,
        Err(_) => Reading::NotNow,
    }
}

/// Whether it is surely from whom it says: the receiving server has seen it, or it answers a mail that only they were sent.
async fn is_proven(
    email: &Email,
    service: &Service,
    ids: &Ids,
    said: &Said,
) -> Result<bool, StoreError> {
    if !email.settings.require_authentication {
        return Ok(true);
    }
    match said.standing {
        Standing::Proven => return Ok(true),
        Standing::Forged => return Ok(false),
        Standing::Unproven => {}
    }
    if said.tokens.iter().any(|t| ids.is_token_of(&said.sender, t)) {
        return Ok(true);
    }
    for ours in ids.found_in(&said.thread.join(" ")) {
        let conversation = service.store.conversation(ours.conversation).await?;
        let theirs = |c: &str| c.strip_prefix(UNPROVEN).unwrap_or(c) == said.sender;
        if conversation.is_some_and(|c| c.inbox == INBOX && theirs(&c.sender)) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn read_said(
    email: &Email,
    service: &Arc<Service>,
    ids: &Ids,
    mut said: Said,
    whole: bool,
) -> Result<Reading, StoreError> {
    let proven = is_proven(email, service, ids, &said).await?;
    let sender = if proven {
        said.sender.clone()
    } else {
        format!("{UNPROVEN}{}", said.sender)
    };
    let (offered, before) = offered(service, &sender).await?;
    let choice = chosen(&mut said.text, &offered);
    let mut text = std::mem::take(&mut said.text);
    // What stands in the subject alone counts too, where they wrote it: not that of an answer.
    let answered = before.is_some_and(|b| b.subject.eq_ignore_ascii_case(&said.subject));
    let told = text.to_lowercase().contains(&said.subject.to_lowercase());
    let plain = choice.is_none() && !text.starts_with('/');
    if !answered && !told && plain && !is_ours(service, &said.subject) {
        let whole = format!("{}\n\n{text}", said.subject);
        whole.trim().clone_into(&mut text);
    }
    let mut files: Vec<IncomingFile> = Vec::new();
    let mut unkept = Vec::new();
    if whole {
        files.extend(said.files.drain(..).map(incoming));
    } else {
        unkept.push(Unkept::TooLarge);
    }
    if let Some(content) = said.whole_text.take() {
        files.push(incoming(File {
            name: WHOLE_TEXT.to_owned(),
            media_type: "text/plain".to_owned(),
            content: content.into_bytes(),
        }));
    }
    let place = Place {
        to: said.sender.clone(),
        name: said.name.clone(),
        id: said.id.clone(),
        thread: said.thread.clone(),
        subject: said.subject.clone(),
    };
    let dedupe = format!("{}:{}", said.sender, said.id);
    let inbound = Inbound {
        external_id: dedupe.clone(),
        place: serde_json::to_string(&place).ok(),
        sender_name: said.name.clone(),
        text,
        choice,
        unkept,
        borrowed: borrowed(&said),
        written: said.written.map(|s| Timestamp(s.saturating_mul(1_000_000))),
        unproven: !proven,
        ..Inbound::default()
    };
    Ok(Reading::Act {
        sender,
        dedupe,
        locale: said.language,
        act: Box::new(Act::Message { inbound, files }),
    })
}

fn incoming(file: File) -> IncomingFile {
    IncomingFile {
        name: file.name,
        media_type: file.media_type,
        content: Ok(file.content),
    }
}

fn borrowed(said: &Said) -> Vec<Borrowed> {
    let mut borrowed: Vec<Borrowed> = said
        .forwarded
        .iter()
        .map(|f| Borrowed::new(BorrowedHow::Forwarded, f.from.clone(), f.text.as_str()))
        .collect();
    if !said.quoted.is_empty() {
        let quoted = said.quoted.as_str();
        borrowed.push(Borrowed::new(BorrowedHow::Quoted, None, quoted));
    }
    borrowed
}

/// Whether a subject is the neutral one that we gave.
fn is_ours(service: &Service, subject: &str) -> bool {
    let book = service.runtime();
    let phrases = &book.rules.flows.phrases;
    subject.is_empty()
        || phrases
            .conversed()
            .any(|language| neutral_subject(&book, language).eq_ignore_ascii_case(subject))
}

/// The answers that were offered with the last thing that was said to them, and the mail that it answered.
async fn offered(
    service: &Service,
    sender: &str,
) -> Result<(Vec<Choice>, Option<Place>), StoreError> {
    let Some(known) = service.store.conversation_of(INBOX, sender).await? else {
        return Ok((Vec::new(), None));
    };
    let place = known.place.as_deref();
    let place = place.and_then(|p| serde_json::from_str(p).ok());
    let said = service.store.entries_after(known.id, 0).await?;
    let mut last = said.into_iter().rev().map(|e| e.message);
    let last = last.find(|m| matches!(m.from, Author::Bot | Author::Agent));
    Ok((last.map(|m| m.choices).unwrap_or_default(), place))
}

/// The choice whose number was written. Where more was written with it, the number becomes the words of that choice, and the rest stays.
fn chosen(text: &mut String, offered: &[Choice]) -> Option<String> {
    if offered.is_empty() || text.split_whitespace().count() > AROUND {
        return None;
    }
    let number = |line: &str| {
        let bare = line
            .trim()
            .trim_matches(['.', ')', '(', '#', ':', '"', '*']);
        let n: usize = bare.parse().ok()?;
        offered.get(n.checked_sub(1)?)
    };
    let lines: Vec<&str> = text.lines().collect();
    let found: Vec<(usize, &Choice)> = lines
        .iter()
        .enumerate()
        .filter_map(|(at, line)| Some((at, number(line)?)))
        .collect();
    let [(at, choice)] = found[..] else {
        return None;
    };
    let alone = lines.iter().filter(|l| !l.trim().is_empty()).count() == 1;
    if alone {
        text.clear();
        return Some(choice.value.clone());
    }
    let title = choice.title.as_str();
    let words = lines.iter().enumerate();
    let words: Vec<&str> = words
        .map(|(n, l)| if n == at { title } else { l })
        .collect();
    *text = words.join("\n");
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered() -> Vec<Choice> {
        ["patient", "neighbour"]
            .map(|v| Choice {
                title: format!("I'm a {v}"),
                value: v.to_owned(),
            })
            .to_vec()
    }

    #[test]
    fn a_number_is_heard_as_the_choice_that_it_stands_for() {
        for (written, value) in [
            ("2", Some("neighbour")),
            ("1.", Some("patient")),
            ("(2)\n", Some("neighbour")),
            ("3", None),
            ("0", None),
            ("two", None),
            ("2026", None),
        ] {
            let mut text = written.to_owned();
            let choice = chosen(&mut text, &offered());
            assert_eq!(choice.as_deref(), value, "{written}");
            assert_eq!(text.is_empty(), value.is_some(), "{written}");
        }
    }

    #[test]
    fn words_beside_a_number_are_kept() {
        let mut text = "2\n\nThanks,\nAnn".to_owned();
        assert_eq!(chosen(&mut text, &offered()), None);
        assert_eq!(text, "I'm a neighbour\n\nThanks,\nAnn");
        let mut two = "1\n2".to_owned();
        assert_eq!(chosen(&mut two, &offered()), None, "which one?");
        assert_eq!(two, "1\n2");
        let mut nothing = "2".to_owned();
        assert_eq!(chosen(&mut nothing, &[]), None, "nothing was offered");
    }
}
