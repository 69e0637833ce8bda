//! Mails that were kept, read with all that must be known besides: who stands behind the sender, what was offered to
//! them, and what a bounce is about.

use super::{
    Email, INBOX,
    hear::{Heard, LONGEST, Said, hear},
    ids::Ids,
    imap::Kept,
    known::Known,
    parts::{Bounce, File},
    place::{Place, UNPROVEN},
    send::words,
    subject::{is_ours, with_subject},
    trust::Standing,
};
use crate::{
    domain::{
        Author, Borrowed, BorrowedHow, Choice, ConversationId, EventKind, Timestamp,
        event::{FailReason, Inbound, Unkept},
    },
    service::{Act, IncomingFile, Reading, Service, SubmitError, owner_of},
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

/// Whether it is surely from whom it says: the receiving server has seen it, or it answers a mail that only they were
/// sent.
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
    let before = before(service, ids, &said, &sender).await?;
    said.take_apart(&before.known);
    let choice = chosen(&mut said.text, &before.offered);
    let mut text = std::mem::take(&mut said.text);
    let mut beside = borrowed(service, &sender, &said).await;
    // Not that of an answer, nor one that the text tells itself.
    let answered = (before.place).is_some_and(|b| b.subject.eq_ignore_ascii_case(&said.subject));
    let told = text.to_lowercase().contains(&said.subject.to_lowercase());
    let plain = choice.is_none() && !text.starts_with('/');
    if !answered && !told && plain && !is_ours(service, &said.subject) {
        beside.splice(0..0, with_subject(service, &said.subject, &mut text));
    }
    let mut files: Vec<IncomingFile> = Vec::new();
    let mut unkept = Vec::new();
    if whole {
        files.extend(said.files.drain(..).map(incoming));
    } else {
        unkept.push(Unkept::TooLarge);
    }
    if said.more {
        unkept.push(Unkept::Kind);
    }
    if let Some(content) = said.whole_text.take() {
        let whole = incoming(File {
            name: WHOLE_TEXT.to_owned(),
            media_type: "text/plain".to_owned(),
            content: content.into_bytes(),
        });
        files.push(IncomingFile {
            told: true,
            ..whole
        });
    }
    let place = Place {
        to: said.sender.clone(),
        name: said.name.clone(),
        id: said.id.clone(),
        thread: said.thread.clone(),
        subject: said.subject.clone(),
    };
    let dedupe = said.key();
    let inbound = Inbound {
        external_id: dedupe.clone(),
        place: serde_json::to_string(&place).ok(),
        sender_name: said.name.clone(),
        text,
        choice,
        unkept,
        borrowed: beside,
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
        about: None,
        told: false,
        content: Ok(file.content),
    }
}

/// What came beside the writer's own words: what is graver first, since there is a limit.
async fn borrowed(service: &Service, sender: &str, said: &Said) -> Vec<Borrowed> {
    let mut borrowed = Vec::new();
    let whose = owner_of(INBOX, sender);
    if service.danger_in(&whose, &said.unknown).await.is_some() {
        let unknown = said.unknown.as_str();
        borrowed.push(Borrowed::new(BorrowedHow::Elsewhere, None, unknown));
    }
    if let Some(whole) = &said.whole_text {
        // The file has all of it; danger at its end is not to wait for whoever opens that.
        let rest: String = whole.chars().skip(LONGEST).collect();
        borrowed.push(Borrowed::new(BorrowedHow::Rest, None, rest));
    }
    let forwarded = said.forwarded.iter();
    borrowed.extend(
        forwarded.map(|f| Borrowed::new(BorrowedHow::Forwarded, f.from.clone(), f.text.as_str())),
    );
    if !said.quoted.is_empty() {
        let quoted = said.quoted.as_str();
        borrowed.push(Borrowed::new(BorrowedHow::Quoted, None, quoted));
    }
    borrowed
}

/// What was said to somebody, and by them, before this mail.
#[derive(Default)]
struct Before {
    /// The answers that were offered with the last thing that was said to them.
    offered: Vec<Choice>,
    /// The mail that it answered.
    place: Option<Place>,
    /// All words.
    known: Known,
}

async fn before(
    service: &Service,
    ids: &Ids,
    said: &Said,
    sender: &str,
) -> Result<Before, StoreError> {
    let mut before = Before::default();
    let own = service.store.conversation_of(INBOX, sender).await?;
    let place = own.as_ref().and_then(|c| c.place.as_deref());
    before.place = place.and_then(|p| serde_json::from_str(p).ok());
    let own = own.map(|c| c.id);
    let mut all: Vec<ConversationId> = own.into_iter().collect();
    // What was said while nobody vouched for them is in a conversation of its own, and so is what they answer.
    let unproven = format!("{UNPROVEN}{}", said.sender);
    for other in [said.sender.as_str(), unproven.as_str()] {
        let known = service.store.conversation_of(INBOX, other).await?;
        all.extend(known.map(|c| c.id).filter(|id| !all.contains(id)));
    }
    for ours in ids.found_in(&said.thread.join(" ")) {
        let answered = service.store.conversation(ours.conversation).await?;
        let theirs = answered.filter(|c| c.inbox == INBOX && !all.contains(&c.id));
        all.extend(
            theirs
                .filter(|c| c.sender.ends_with(&said.sender))
                .map(|c| c.id),
        );
    }
    let book = service.runtime();
    for id in all {
        let language = service.store.conversation(id).await?.map(|c| c.language);
        let language = language.unwrap_or_default();
        for entry in service.store.entries_after(id, 0).await? {
            let message = entry.message;
            if message.from == Author::Note {
                continue;
            }
            let told = words(&book, &message.text, &message.choices, &language);
            before.known.add(&told);
            message.borrowed.iter().for_each(|b| before.known.add(b));
            if own == Some(id) && message.from != Author::Contact {
                before.offered = message.choices;
            }
        }
    }
    Ok(before)
}

/// The choice whose number was written. Where more was written with it, the number becomes the words of that choice,
/// and the rest stays.
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
