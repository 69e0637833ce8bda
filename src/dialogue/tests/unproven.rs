//! Given somebody who may not be who they say, or who writes letters, when this arrives, then that.

use super::*;
use crate::domain::{Alert, RedFlag, event::TimerKind};

fn unproven(talk: &mut Talk, text: &str) -> String {
    let mut inbound = talk.inbound(text, None);
    inbound.unproven = true;
    talk.send(inbound)
}

#[test]
fn whoever_cannot_be_checked_is_thanked_and_told_nothing() {
    let mut talk = Talk::new();
    let said = unproven(&mut talk, "your nurse shouted at my neighbour yesterday");
    assert!(said.contains("could not check"), "{said}");
    assert!(!said.contains("NH-"), "{said}");
    assert_eq!(talk.status(), Status::Queued);
    assert!(
        talk.record().incident.narrative.contains("shouted"),
        "on record all the same"
    );
    let queue = talk.snapshot.conversation.queue.clone().expect("waits");
    assert_eq!(queue.reason, "unproven");
    let noted = |m: &&Message| m.from == Author::Note;
    assert_eq!(talk.messages.iter().filter(noted).count(), 1);
    let reference = talk.record().reference.to_string();
    for text in [
        format!("how does {reference} stand?"),
        "/forget".to_owned(),
        "what did I write?".to_owned(),
    ] {
        assert_eq!(unproven(&mut talk, &text), "", "{text}");
    }
    assert!(!talk.record().incident.narrative.is_empty(), "kept");
}

#[test]
fn danger_is_answered_whoever_it_may_be_and_the_reference_stays_unsaid() {
    let mut talk = Talk::new();
    let said = unproven(
        &mut talk,
        "your nurse hit my mother and I want to kill myself",
    );
    assert!(said.contains("116 123"), "{said}");
    assert!(!said.contains("NH-"), "{said}");
    let noted = |m: &&Message| m.from == Author::Note;
    assert_eq!(talk.messages.iter().filter(noted).count(), 1);
}

#[test]
fn nobody_who_writes_letters_is_asked_after() {
    let mut talk = Talk::new();
    talk.snapshot.conversation.inbox = "email".to_owned();
    talk.says("I want to talk to a person");
    for timer in [TimerKind::CheckIn, TimerKind::Silence] {
        let due = talk.at;
        talk.snapshot.conversation.timers.insert(timer, due);
        let said = talk.happen(EventKind::Timer { timer });
        assert_eq!(said.expect("never refused"), []);
    }
}

#[test]
fn safety_words_are_said_once_a_day_and_again_where_the_danger_is_another() {
    let mut talk = Talk::new();
    let danger = |talk: &Talk| {
        let alert = Alert::Danger {
            red_flag: RedFlag::SelfHarm,
        };
        talk.effects.contains(&Effect::Alert(alert))
    };
    assert!(unproven(&mut talk, "I want to kill myself").contains("116 123"));
    for text in ["I want to kill myself", "I am going to end my life tonight"] {
        assert_eq!(unproven(&mut talk, text), "", "{text}");
        assert!(danger(&talk), "people are told each time");
    }
    let other = unproven(&mut talk, "my husband is unconscious and not breathing");
    assert!(other.contains("999"), "{other}");
    talk.at = talk.at.plus_seconds(86_400);
    assert!(unproven(&mut talk, "I want to kill myself").contains("116 123"));
    // Whoever is known to be themself is told each time.
    for _ in 0..2 {
        assert!(talk.says("I want to kill myself").contains("116 123"));
    }
}
