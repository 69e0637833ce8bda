//! What a person reads as long as a rung of the ladder holds.

use super::*;

pub(super) fn began(rung: &str) -> EventKind {
    EventKind::RungBegan {
        rung: rung.to_owned(),
    }
}

fn with(rungs: &[&str]) -> Talk {
    let mut talk = Talk::new();
    talk.desk.rungs = rungs.iter().map(|r| (*r).to_owned()).collect();
    talk
}

fn queued(talk: &Talk) -> (Priority, Waiting) {
    let entry = talk.snapshot.conversation.queue.as_ref().expect("it waits");
    (entry.priority, entry.waiting)
}

#[test]
fn a_notice_stands_in_the_greeting_once() {
    let mut talk = with(&["surge"]);
    let said = talk.says("hello");
    assert!(
        said.contains("Many people are writing to us today"),
        "{said}"
    );
    let said = talk.says("when does visiting start?");
    assert!(!said.contains("Many people"), "{said}");
    talk.desk.rungs.clear();
    talk.says("thanks");
    talk.desk.rungs = vec!["surge".to_owned()];
    let said = talk.says("what are the visiting hours?");
    assert!(said.contains("Many people"), "another day: {said}");
}

#[test]
fn whoever_is_handed_over_is_offered_a_call() {
    let mut talk = with(&["long_wait"]);
    let said = talk.says("I want to speak to a person");
    assert!(said.contains("You don't have to stay"), "{said}");
    assert_eq!(queued(&talk), (Priority::Routine, Waiting::Stay));
}

#[test]
fn where_nobody_is_there_it_is_taken_down_and_nobody_is_asked_to_stay() {
    let mut talk = with(&["nobody_there"]);
    talk.desk.online = 0;
    let said = talk.says("I want to speak to a person");
    assert!(said.contains("I've written down what you need"), "{said}");
    assert!(
        said.contains("Nobody from our team is at the desk"),
        "{said}"
    );
    assert_eq!(queued(&talk).1, Waiting::Later);
    let timers = &talk.snapshot.conversation.timers;
    assert!(
        timers.contains_key(&TimerKind::PickupTarget),
        "a clock runs"
    );
    assert!(!timers.contains_key(&TimerKind::CheckIn));
}

#[test]
fn danger_and_bereavement_are_kept_apart() {
    let rungs = ["nobody_there", "surge", "long_wait"];
    let mut grieving = with(&rungs);
    let said = grieving.says("my mother died last night, what do I have to do now?");
    assert!(said.contains("You come first here"), "{said}");
    assert!(!said.contains("written down what you need"), "{said}");
    assert_eq!(queued(&grieving).0, Priority::Urgent);
    assert_eq!(queued(&grieving).1, Waiting::Stay);
    let mut endangered = with(&rungs);
    let said = endangered.says("I can't go on, I want to end it all");
    for hold in ["Many people", "don't have to stay", "written down"] {
        assert!(!said.contains(hold), "{said}");
    }
    assert_eq!(queued(&endangered), (Priority::Emergency, Waiting::Stay));
}

#[test]
fn whoever_waits_already_is_offered_a_call_once() {
    let mut talk = with(&[]);
    talk.says("I want to speak to a person");
    let began = || began("long_wait");
    let said = talk.happen(began()).expect("never refused");
    assert!(said[0].text.contains("we can call you back"), "{said:?}");
    assert_eq!(said[0].choices.len(), 3);
    assert_eq!(talk.happen(began()).expect("never refused"), []);
    let mut later = with(&[]);
    later.says("I want to speak to a person");
    later.chooses("later");
    assert_eq!(later.happen(began()).expect("never refused"), []);
}

#[test]
fn undone_it_is_as_before() {
    let mut talk = with(&["nobody_there"]);
    talk.desk.rungs.clear();
    let said = talk.says("I want to speak to a person");
    assert!(said.contains("I'm bringing in a person now"), "{said}");
}
