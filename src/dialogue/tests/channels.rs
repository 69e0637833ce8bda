//! Given a channel with commands, shared numbers, files too large and people who block us, when this arrives, then
//! that.

use super::*;
use crate::domain::{
    Alert, Borrowed, BorrowedHow, RedFlag,
    event::{Command, FailReason, Unkept},
};

fn wish(talk: &mut Talk, command: Command, text: &str) -> String {
    let mut inbound = talk.inbound(text, None);
    inbound.command = Some(command);
    talk.send(inbound)
}

#[test]
fn commands_are_wishes_stated_plainly() {
    let mut talk = Talk::new();
    assert!(wish(&mut talk, Command::Start, "").contains("welcome"));
    assert!(wish(&mut talk, Command::Help, "").contains("/agent"));
    let said = wish(
        &mut talk,
        Command::Complain,
        "the nurse shouted at my neighbour",
    );
    let complaint = talk.snapshot.complaint.clone().expect("on record");
    assert!(said.contains(complaint.reference.as_str()));
    assert_eq!(
        complaint.incident.narrative,
        "the nurse shouted at my neighbour"
    );
    assert!(wish(&mut talk, Command::Status, "").contains("is on record"));
    wish(&mut talk, Command::Agent, "");
    assert_eq!(talk.snapshot.conversation.status, Status::Queued);
}

#[test]
fn a_command_in_the_middle_of_a_question_leaves_the_question_open() {
    let mut talk = Talk::new();
    talk.says("your nurse shouted at me");
    let awaiting = talk.snapshot.conversation.awaiting();
    assert!(awaiting.is_some());
    let help = wish(&mut talk, Command::Help, "");
    assert!(
        help.trim_end().ends_with('.') || help.ends_with('?'),
        "{help}"
    );
    assert_eq!(talk.snapshot.conversation.awaiting(), awaiting);
}

#[test]
fn whoever_wants_to_be_forgotten_is_forgotten_where_nobody_relies_on_it_yet() {
    let mut talk = Talk::new();
    talk.says("hello, I'm Ann Smith");
    talk.says("when does visiting start?");
    let said = wish(&mut talk, Command::Forget, "");
    assert!(said.contains("removed"), "{said}");
    let state = &talk.snapshot.conversation;
    assert!(state.slots.is_empty() && state.name.is_none() && state.timers.is_empty());

    let mut talk = Talk::new();
    talk.says("your nurse shouted at my neighbour yesterday");
    let said = wish(&mut talk, Command::Forget, "");
    assert!(said.contains("a person"), "{said}");
    assert!(talk.snapshot.complaint.is_some(), "the complaint stays");
    assert_eq!(talk.snapshot.conversation.status, Status::Queued);
}

#[test]
fn a_shared_number_is_how_to_reach_them() {
    let mut talk = Talk::new();
    let mut inbound = talk.inbound("+447700900111", None);
    inbound.own_number = true;
    assert!(talk.send(inbound).contains("noted that number"));
    let told = talk.snapshot.conversation.value_text(Slot::ContactMethod);
    assert_eq!(told, "+44 7700 900111");
}

#[test]
fn a_file_that_cannot_be_kept_is_spoken_of_and_the_question_stands() {
    let mut talk = Talk::new();
    talk.says("your nurse shouted at me");
    let awaiting = talk.snapshot.conversation.awaiting();
    let mut inbound = talk.inbound("", None);
    inbound.unkept.push(Unkept::TooLarge);
    assert!(talk.send(inbound).contains("too large"));
    assert_eq!(talk.snapshot.conversation.awaiting(), awaiting);
    let shown = talk.messages.iter().rfind(|m| m.from == Author::Contact);
    assert_eq!(shown.expect("written").text, "[a file that was too large]");
}

#[test]
fn whoever_blocks_us_is_a_note_for_the_agent_once() {
    let mut talk = Talk::new();
    talk.says("I want a person");
    let message = talk.messages.last().expect("an answer").id;
    let fails = |talk: &mut Talk| {
        let kind = EventKind::DeliveryFailed {
            message,
            reason: FailReason::Blocked,
        };
        talk.happen(kind).expect("taken")
    };
    let notes = fails(&mut talk);
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0].from, Author::Note);
    assert!(notes[0].text.contains("did not arrive"));
    assert!(fails(&mut talk).is_empty(), "one note, not one each");
    talk.says("I'm here again");
    assert_eq!(fails(&mut talk).len(), 1);
}

#[test]
fn an_album_is_answered_once_and_kept_whole() {
    let mut talk = Talk::new();
    talk.says("your nurse shouted at me");
    let picture = |talk: &Talk, n: u128| {
        let mut inbound = talk.inbound("", None);
        inbound.album = Some("a".into());
        inbound.attachments.push(crate::domain::AttachmentRef {
            id: crate::domain::AttachmentId(uuid::Uuid::from_u128(n)),
            name: format!("{n}.jpg"),
            media_type: "image/jpeg".into(),
            size: 3,
        });
        inbound
    };
    let answers: Vec<bool> = (0..3)
        .map(|n| {
            let inbound = picture(&talk, n);
            talk.send(inbound).is_empty()
        })
        .collect();
    assert_eq!(answers, [false, true, true]);
    let complaint = talk.snapshot.complaint.as_ref().expect("on record");
    assert_eq!(complaint.attachments.len(), 3);
}

#[test]
fn a_button_of_a_question_that_is_gone_is_shown_by_its_title_and_answers_nothing() {
    let mut talk = Talk::new();
    talk.says("your nurse shouted at me yesterday");
    let asked = talk.awaiting();
    let mut inbound = talk.inbound("", Some("morning"));
    inbound.choice_title = Some("In the morning".into());
    let before = talk.snapshot.conversation.slots.clone();
    let said = talk.send(inbound);
    assert!(said.contains("no longer does anything"), "{said}");
    assert_eq!(talk.awaiting(), asked, "the question stays");
    assert_eq!(talk.snapshot.conversation.slots, before);
    let shown = talk.messages.iter().rfind(|m| m.from == Author::Contact);
    assert_eq!(shown.expect("written").text, "In the morning");
    // With nothing asked and nobody awaited, the same.
    let mut talk = Talk::new();
    talk.says("hello");
    assert!(
        talk.chooses("neighbour")
            .contains("no longer does anything")
    );
    // What is offered beside questions leads somewhere for as long as it is there.
    let asked = talk.chooses("information");
    assert!(!asked.contains("no longer does anything"), "{asked}");
}

fn file(n: u128) -> crate::domain::AttachmentRef {
    crate::domain::AttachmentRef {
        id: crate::domain::AttachmentId(uuid::Uuid::from_u128(n)),
        name: format!("{n}.jpg"),
        media_type: "image/jpeg".into(),
        size: 3,
    }
}

#[test]
fn a_file_that_comes_late_is_put_beside_its_message_and_on_record() {
    let mut talk = Talk::new();
    talk.says("your nurse shouted at me");
    let awaiting = talk.awaiting();
    let mut inbound = talk.inbound("", None);
    inbound.unkept.push(Unkept::Awaited);
    let said = talk.send(inbound);
    assert!(said.contains("taking a while"), "{said}");
    assert_eq!(talk.awaiting(), awaiting);
    let written = talk.messages.iter().rfind(|m| m.from == Author::Contact);
    let target = written.expect("written").id;
    let kind = EventKind::Attached {
        target,
        attachments: vec![file(1)],
        unkept: Vec::new(),
        borrowed: Vec::new(),
    };
    assert_eq!(talk.happen(kind).expect("taken"), [], "nothing more to say");
    assert_eq!(talk.record().attachments, [file(1)]);
    let attached = Effect::Attach {
        target,
        files: vec![file(1)],
        borrowed: Vec::new(),
        trace: ["[a file that is still on its way]".into(), String::new()],
    };
    assert!(talk.effects.contains(&attached), "{:?}", talk.effects);
}

#[test]
fn danger_in_a_file_that_comes_late_is_answered_and_shown_and_said_once() {
    let mut talk = Talk::new();
    talk.says("your nurse shouted at me");
    let target = talk.messages[0].id;
    let narrative = talk.record().incident.narrative.clone();
    let mut words = Borrowed::new(BorrowedHow::File, Some("note.txt".into()), "I want to die");
    words.danger = Some(RedFlag::SelfHarm);
    let kind = || EventKind::Attached {
        target,
        attachments: vec![file(1)],
        unkept: Vec::new(),
        borrowed: vec![words.clone()],
    };
    let said = talk.happen(kind()).expect("taken");
    assert!(said.iter().any(|m| m.emergency), "{said:?}");
    let shown = |e: &Effect| matches!(e, Effect::Attach { borrowed, .. } if *borrowed == ["In the file note.txt: I want to die"]);
    assert!(talk.effects.iter().any(shown), "{:?}", talk.effects);
    let queue = talk.snapshot.conversation.queue.as_ref();
    assert_eq!(queue.map(|e| e.priority), Some(Priority::Emergency));
    assert_eq!(
        talk.record().incident.narrative,
        narrative,
        "nothing was told"
    );
    let again = talk.happen(kind()).expect("taken");
    assert_eq!(
        again,
        [],
        "people are alerted again, and nobody is told twice"
    );
    let alert = Effect::Alert(Alert::Danger {
        red_flag: RedFlag::SelfHarm,
    });
    assert!(talk.effects.contains(&alert), "{:?}", talk.effects);
}

#[test]
fn a_file_that_never_comes_is_told_to_the_person_and_to_the_desk() {
    let mut talk = Talk::new();
    talk.says("your nurse shouted at me");
    let target = talk.messages[0].id;
    let kind = || EventKind::Attached {
        target,
        attachments: Vec::new(),
        unkept: vec![Unkept::Unavailable],
        borrowed: Vec::new(),
    };
    let written = talk.happen(kind()).expect("taken");
    let authors: Vec<Author> = written.iter().map(|m| m.from).collect();
    assert_eq!(authors, [Author::Note, Author::Bot]);
    assert!(written[0].text.contains("could not be fetched"));
    assert!(written[1].text.contains("send it once more"));
    let mo = agent(3, "Mo Bell", Role::Supervisor);
    talk.happen(EventKind::Claimed { agent: mo })
        .expect("taken");
    let written = talk.happen(kind()).expect("taken");
    let authors: Vec<Author> = written.iter().map(|m| m.from).collect();
    assert_eq!(authors, [Author::Note], "a person has the conversation");
}

#[test]
fn a_file_that_is_awaited_beside_words_is_not_spoken_of() {
    let mut talk = Talk::new();
    let mut inbound = talk.inbound("your nurse shouted at me", None);
    inbound.unkept.push(Unkept::Awaited);
    let said = talk.send(inbound);
    assert!(!said.contains("taking a while"), "{said}");
    assert!(said.contains("NH-"), "{said}");
}
