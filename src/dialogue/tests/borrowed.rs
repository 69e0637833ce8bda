//! Given words of somebody else, a time at which a message was written, and what happens around a conversation, then
//! that.

use super::*;
use crate::domain::{Alert, Borrowed, BorrowedHow, RedFlag, Remark, conversation::QueueEntry};

/// A message that comes with words of somebody else, read as the service reads them.
fn with_words_of(talk: &Talk, how: BorrowedHow, theirs: &str, own: &str) -> Inbound {
    let mut inbound = talk.inbound(own, None);
    let mut borrowed = Borrowed::new(how, Some("Jo".into()), theirs);
    if how.is_read_for_danger() {
        borrowed.danger = RULES.read(theirs, talk.at).red_flag;
    }
    inbound.borrowed.push(borrowed);
    inbound
}

fn forwarded(talk: &Talk, theirs: &str, own: &str) -> Inbound {
    with_words_of(talk, BorrowedHow::Forwarded, theirs, own)
}

#[test]
fn nothing_that_was_passed_on_is_taken_for_the_writers_own() {
    let mut talk = Talk::new();
    talk.says("your nurse shouted at me");
    let theirs = "I'm Jo Miller, ring me on 07700 900111, it was Denise on Friday";
    let inbound = forwarded(&talk, theirs, "");
    let (awaiting, before) = (talk.awaiting(), talk.snapshot.conversation.slots.clone());
    let said = talk.send(inbound);
    assert!(said.contains("kept what you passed on"), "{said}");
    assert_eq!(talk.awaiting(), awaiting, "the question stays open");
    assert_eq!(talk.snapshot.conversation.slots, before, "nothing was told");
    assert_eq!(talk.record().incident.narrative, "your nurse shouted at me");
    let shown = talk
        .messages
        .iter()
        .rfind(|m| m.from == Author::Contact)
        .expect("written");
    assert_eq!(shown.text, "");
    assert_eq!(shown.borrowed, [format!("Forwarded from Jo: {theirs}")]);
}

#[test]
fn whoever_only_passes_something_on_is_asked_what_should_be_done_with_it() {
    let mut talk = Talk::new();
    let inbound = forwarded(&talk, "visiting is cancelled today", "");
    let said = talk.send(inbound);
    assert!(
        said.contains("What would you like us to do with it?"),
        "{said}"
    );
    assert!(talk.snapshot.complaint.is_none());
}

#[test]
fn a_brothers_last_words_bring_a_person_and_words_for_the_sister() {
    let mut talk = Talk::new();
    let inbound = forwarded(&talk, "I can't go on. I want to end it all tonight.", "");
    let said = talk.send(inbound);
    assert!(
        said.contains("If they might act on it now") && said.contains("999"),
        "{said}"
    );
    assert_eq!(talk.snapshot.conversation.red_flag, Some(RedFlag::SelfHarm));
    let entry = talk.snapshot.conversation.queue.as_ref();
    assert_eq!(
        entry.map(|e: &QueueEntry| e.priority),
        Some(Priority::Emergency)
    );
}

#[test]
fn danger_in_words_that_are_only_quoted_changes_nothing() {
    let mut talk = Talk::new();
    let quoted = with_words_of(
        &talk,
        BorrowedHow::Quoted,
        "If you want to kill yourself, call 999",
        "when does visiting start?",
    );
    let said = talk.send(quoted);
    assert!(said.contains("10 am to 8 pm"), "{said}");
    assert_eq!(talk.snapshot.conversation.red_flag, None);
    let shown = talk
        .messages
        .iter()
        .rfind(|m| m.from == Author::Contact)
        .expect("written");
    assert!(
        shown.borrowed[0].starts_with("In answer to Jo: "),
        "{shown:?}"
    );
}

#[test]
fn yesterday_is_counted_from_the_day_on_which_it_was_written() {
    let mut talk = Talk::new();
    let text = "your nurse shouted at me yesterday";
    let written = talk.at.plus_seconds(-2 * 86_400);
    let mut inbound = talk.inbound(text, None);
    inbound.signals = RULES.read(text, written);
    inbound.written = Some(written);
    talk.send(inbound);
    let day = talk.record().incident.from.clone();
    assert_eq!(day.as_deref(), Some("2026-11-21"));
}

#[test]
fn what_a_moderator_takes_away_stays_for_staff_and_on_record() {
    let mut talk = Talk::new();
    talk.says("your nurse shouted at me yesterday");
    let target = talk.messages[0].id;
    let before = talk.snapshot.complaint.clone();
    let by_writer = false;
    talk.happen(EventKind::Deleted { target, by_writer })
        .expect("taken");
    assert_eq!(talk.effects, [Effect::Removed { target }]);
    assert_eq!(
        talk.snapshot.complaint, before,
        "the record does not change"
    );
}

fn remarked(talk: &mut Talk, remark: Remark, detail: Option<&str>) -> Vec<Message> {
    let detail = detail.map(str::to_owned);
    talk.happen(EventKind::Remarked { remark, detail })
        .expect("taken")
}

#[test]
fn a_block_is_noted_once_and_taken_away_again() {
    let mut talk = Talk::new();
    talk.says("I want a person");
    let notes = remarked(&mut talk, Remark::Blocked, None);
    assert!(notes[0].from == Author::Note && notes[0].text.contains("blocked this chat"));
    assert!(talk.snapshot.conversation.unreachable);
    assert!(
        remarked(&mut talk, Remark::Blocked, None).is_empty(),
        "one note, not one each"
    );
    let notes = remarked(&mut talk, Remark::Unblocked, None);
    assert!(notes[0].text.contains("again"), "{notes:?}");
    assert!(!talk.snapshot.conversation.unreachable);
    let notes = remarked(&mut talk, Remark::Reacted, Some("\u{2764}\u{fe0f}"));
    assert!(notes[0].text.ends_with("\u{2764}\u{fe0f}"), "{notes:?}");
}

#[test]
fn whoever_cannot_be_answered_in_private_is_brought_to_a_person() {
    let mut talk = Talk::new();
    talk.says("hello");
    let notes = remarked(&mut talk, Remark::PrivateRefused, None);
    assert!(notes[0].text.contains("cannot be answered"), "{notes:?}");
    assert_eq!(talk.status(), Status::Queued);
    let remark = Remark::PrivateRefused;
    assert!(
        talk.effects
            .contains(&Effect::Alert(Alert::Remarked { remark }))
    );
    let more = remarked(&mut talk, Remark::PrivateRefused, None);
    assert!(more.is_empty(), "said once: {more:?}");
}

#[test]
fn words_that_were_passed_on_are_shown_whole() {
    let mut talk = Talk::new();
    let theirs = "They were late again.\nNobody rang us. ".repeat(20);
    let inbound = forwarded(&talk, theirs.trim(), "");
    talk.send(inbound);
    let mut messages = talk.messages.iter();
    let shown = messages.rfind(|m| m.from == Author::Contact);
    let shown = &shown.expect("written").borrowed[0];
    assert_eq!(*shown, format!("Forwarded from Jo: {}", theirs.trim()));
}

#[test]
fn danger_that_nobody_has_heard_is_heard_wherever_it_stands() {
    for how in [
        BorrowedHow::Own,
        BorrowedHow::Elsewhere,
        BorrowedHow::Card,
        BorrowedHow::Subject,
        BorrowedHow::Rest,
        BorrowedHow::File,
    ] {
        let mut talk = Talk::new();
        let inbound = with_words_of(&talk, how, "I want to kill myself", "when is visiting?");
        let said = talk.send(inbound);
        assert!(said.contains("116 123"), "{how:?}: {said}");
        assert!(!said.contains("If they might act on it"), "{how:?}: {said}");
        let queue = talk.snapshot.conversation.queue.as_ref();
        let priority = queue.map(|e: &QueueEntry| e.priority);
        assert_eq!(priority, Some(Priority::Emergency), "{how:?}");
    }
}

#[test]
fn a_subject_is_shown_and_tells_nothing() {
    let mut talk = Talk::new();
    let inbound = with_words_of(
        &talk,
        BorrowedHow::Subject,
        "my neighbour Tom Reed, 07700 900222",
        "your nurse shouted at me",
    );
    talk.send(inbound);
    assert_eq!(talk.record().incident.narrative, "your nurse shouted at me");
    assert_eq!(
        talk.snapshot.conversation.value_text(Slot::ContactMethod),
        ""
    );
    let shown = talk.messages.iter().find(|m| m.from == Author::Contact);
    assert_eq!(
        shown.expect("written").borrowed,
        ["Subject: my neighbour Tom Reed, 07700 900222"]
    );
}

#[test]
fn somebody_elses_card_is_kept_and_is_not_how_to_reach_the_writer() {
    let mut talk = Talk::new();
    talk.says("your nurse shouted at me");
    let inbound = with_words_of(&talk, BorrowedHow::Card, "Bo Reed, +447700900222", "");
    let (awaiting, before) = (talk.awaiting(), talk.snapshot.conversation.slots.clone());
    let said = talk.send(inbound);
    assert!(said.contains("kept what you passed on"), "{said}");
    assert_eq!(talk.awaiting(), awaiting);
    assert_eq!(talk.snapshot.conversation.slots, before);
    let shown = talk.messages.iter().rfind(|m| m.from == Author::Contact);
    assert_eq!(
        shown.expect("written").borrowed,
        ["Contact card, somebody else's: Bo Reed, +447700900222"]
    );
}
