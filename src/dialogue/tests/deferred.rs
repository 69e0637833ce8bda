//! What agents ask for can be taken back for some seconds, and the person is told only then.

use super::*;
use crate::domain::DeferredAct;

/// Somebody whom Priya has taken over.
fn taken(words: &str) -> Talk {
    let mut talk = Talk::new();
    talk.says(words);
    talk.happen(EventKind::Claimed { agent: priya() })
        .expect("it is free");
    talk
}

fn ask(talk: &mut Talk, act: DeferredAct) -> Result<Vec<Message>, Refusal> {
    let agent = priya();
    talk.happen(EventKind::Deferred { agent, act })
}

fn to_tom() -> DeferredAct {
    DeferredAct::Transfer {
        to: TransferTarget::Agent(tom()),
        reason: Some("She knows Tom.".to_owned()),
    }
}

fn time_is_over(talk: &mut Talk) -> Vec<(Author, String)> {
    talk.at = talk.at.plus_seconds(8);
    let timer = TimerKind::UndoWindow;
    let written = talk.happen(EventKind::Timer { timer });
    let written = written.expect("timers are never refused");
    written.into_iter().map(|m| (m.from, m.text)).collect()
}

#[test]
fn nothing_is_said_before_the_time_is_over_and_then_it_is_as_if_it_had_been_asked_for_now() {
    let mut held = taken("I want to speak to a person");
    let mut at_once = taken("I want to speak to a person");
    let silent = ask(&mut held, DeferredAct::Resolve).expect("it is hers");
    assert_eq!((silent, held.status()), (Vec::new(), Status::Assigned));
    let later = time_is_over(&mut held);
    let now = at_once
        .happen(EventKind::Resolved { agent: priya() })
        .expect("it is hers");
    let now: Vec<_> = now.into_iter().map(|m| (m.from, m.text)).collect();
    assert_eq!(later, now);
    assert_eq!(held.status(), Status::Resolved);
    assert_eq!(held.snapshot.conversation.deferred, None);
}

#[test]
fn what_is_taken_back_never_happens() {
    let mut talk = taken("I can't go on, I want to end it all");
    let before = talk.snapshot.conversation.clone();
    ask(&mut talk, DeferredAct::Resolve).expect("it is hers");
    talk.happen(EventKind::Undone { agent: priya() })
        .expect("in time");
    let after = Conversation {
        changed: before.changed,
        ..talk.snapshot.conversation.clone()
    };
    assert_eq!(after, before, "the danger stands too");
    assert_eq!(time_is_over(&mut talk), []);
    let again = talk.happen(EventKind::Undone { agent: priya() });
    assert_eq!(again, Err(Refusal::NothingToUndo));
}

#[test]
fn a_reason_goes_along_as_a_note() {
    let mut talk = taken("I want to speak to a person");
    ask(&mut talk, to_tom()).expect("it is hers");
    let written = time_is_over(&mut talk);
    assert_eq!(written[0], (Author::Note, "She knows Tom.".to_owned()));
    assert!(
        written[1].1.starts_with("Tom takes this over now"),
        "{written:?}"
    );
    let holder = talk.snapshot.conversation.holder;
    assert_eq!(holder.map(|h| h.name).as_deref(), Some("Tom Reed"));
}

#[test]
fn whoever_writes_again_in_time_is_not_done() {
    let mut talk = taken("I want to speak to a person");
    ask(&mut talk, DeferredAct::Resolve).expect("it is hers");
    talk.says("One more thing, I want to kill myself");
    let last = talk.messages.iter().rfind(|m| m.from == Author::Note);
    assert!(
        last.is_some_and(|m| m.text.contains("stays with you")),
        "{last:?}"
    );
    assert_eq!(time_is_over(&mut talk), []);
    assert_eq!(talk.status(), Status::Assigned);
    assert!(talk.snapshot.conversation.red_flag.is_some());
}

#[test]
fn nobody_takes_back_or_asks_for_what_is_another_agents() {
    let mut talk = taken("I want to speak to a person");
    let held = Err(Refusal::Held {
        holder: "Priya Shah".to_owned(),
    });
    let act = DeferredAct::Release;
    let asked = EventKind::Deferred { agent: tom(), act };
    assert_eq!(talk.happen(asked), held);
    ask(&mut talk, DeferredAct::Release).expect("it is hers");
    assert_eq!(talk.happen(EventKind::Undone { agent: tom() }), held);
    let mo = agent(3, "Mo Bell", Role::Supervisor);
    talk.happen(EventKind::Undone { agent: mo })
        .expect("a supervisor may");
}

#[test]
fn what_happened_meanwhile_is_the_last_word() {
    let mut talk = taken("I want to speak to a person");
    ask(&mut talk, DeferredAct::Resolve).expect("it is hers");
    let mo = agent(3, "Mo Bell", Role::Supervisor);
    let to = TransferTarget::Agent(tom());
    let handed = EventKind::Transferred {
        agent: mo,
        to,
        reason: None,
    };
    talk.happen(handed).expect("a supervisor may");
    assert_eq!(time_is_over(&mut talk), []);
    let holder = talk.snapshot.conversation.holder;
    assert_eq!(holder.map(|h| h.name).as_deref(), Some("Tom Reed"));
}

#[test]
fn safety_words_are_marked_and_nothing_else_is() {
    let mut talk = Talk::new();
    talk.says("hello");
    talk.says("I can't go on, I want to end it all");
    let marked: Vec<bool> = talk.messages.iter().map(|m| m.emergency).collect();
    let safety: Vec<bool> = talk
        .messages
        .iter()
        .map(|m| m.from == Author::Bot && m.text.contains("999"))
        .collect();
    assert_eq!(marked, safety);
    assert!(marked.contains(&true));
}
