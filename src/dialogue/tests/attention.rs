//! What calls for the whole desk, and what for whoever is handed a conversation.

use super::*;
use crate::domain::RedFlag;

fn unheard(talk: &Talk) -> Option<RedFlag> {
    talk.snapshot.conversation.unheard.map(|u| u.red_flag)
}

fn taken(words: &str) -> Talk {
    let mut talk = Talk::new();
    talk.says(words);
    talk.happen(EventKind::Claimed { agent: priya() })
        .expect("it is free");
    talk
}

fn writes_a_note(talk: &mut Talk, agent: AgentRef) {
    talk.happen(EventKind::Noted {
        agent,
        external_id: "n".to_owned(),
        text: "I have rung 911".to_owned(),
        whisper: false,
        mentions: Vec::new(),
    })
    .expect("anybody may write a note");
}

fn hands_over(talk: &mut Talk, by: AgentRef, to: AgentRef) -> Vec<String> {
    let event = EventKind::Transferred {
        agent: by,
        to: TransferTarget::Agent(to),
        reason: None,
    };
    let written = talk.happen(event).expect("it is hers, or she supervises");
    written.into_iter().map(|m| m.text).collect()
}

#[test]
fn danger_in_a_conversation_that_somebody_has_calls_for_everybody_until_they_do_something() {
    let mut talk = taken("I want to speak to a person");
    assert_eq!(unheard(&talk), None);
    talk.says("please answer me, she is not breathing");
    let since = talk.snapshot.conversation.unheard.map(|u| u.since);
    assert_eq!(unheard(&talk), Some(RedFlag::MedicalEmergency));
    talk.says("hello?");
    let now = talk.snapshot.conversation.unheard.map(|u| u.since);
    assert_eq!(now, since, "other words neither end it nor begin it anew");
    writes_a_note(&mut talk, tom());
    assert!(unheard(&talk).is_some(), "a colleague's note is no help");
    writes_a_note(&mut talk, priya());
    assert_eq!(unheard(&talk), None);
    talk.says("she is not breathing");
    assert!(
        unheard(&talk).is_some(),
        "told once more, it calls once more"
    );
}

#[test]
fn whoever_takes_somebody_in_danger_ends_the_call_and_whoever_is_given_them_does_not() {
    let talk = taken("I want to kill myself");
    assert_eq!(unheard(&talk), None);
    let mut given = Talk::new();
    given.says("I want to kill myself");
    let by = crate::domain::AssignedBy::Danger;
    let agent = priya();
    given
        .happen(EventKind::Assigned { agent, by })
        .expect("it waits");
    assert_eq!(unheard(&given), Some(RedFlag::SelfHarm));
    let chief = agent_supervises();
    hands_over(&mut given, chief.clone(), chief);
    assert_eq!(unheard(&given), None, "taken over");
}

fn agent_supervises() -> AgentRef {
    agent(3, "Mo Bell", Role::Supervisor)
}

#[test]
fn who_is_handed_a_conversation_has_not_read_it_and_is_told_by_whom_until_they_write() {
    let mut talk = taken("I want to speak to a person");
    let told = hands_over(&mut talk, priya(), tom());
    assert!(told[0].starts_with("Tom takes this over now"), "{told:?}");
    let handed = talk.snapshot.conversation.handed.clone();
    assert_eq!(handed.map(|h| h.by), Some(priya()));
    let chief = agent_supervises();
    let told = hands_over(&mut talk, chief.clone(), chief);
    assert!(told[0].starts_with("Mo is here now"), "{told:?}");
    assert_eq!(talk.snapshot.conversation.handed, None, "taken, not handed");
}
