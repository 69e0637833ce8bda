//! Which waits are measured, from when to when.

use super::*;
use crate::domain::measure::{Measure, Milestone};

fn priya() -> AgentRef {
    agent(1, "Priya Shah", Role::Agent)
}

/// How long each event takes in these tests, in seconds.
const EACH: i64 = 7;

/// What an event ends, after so many seconds.
fn ends(talk: &mut Talk, seconds: i64, kind: EventKind) -> Vec<(Milestone, i64, Option<String>)> {
    talk.at = talk.at.plus_seconds(seconds - EACH);
    talk.happen(kind).expect("it can happen");
    let measured = |e: &Effect| match e {
        Effect::Measured(Measure {
            what,
            seconds,
            team,
        }) => Some((*what, *seconds, team.clone())),
        _ => None,
    };
    talk.effects.iter().filter_map(measured).collect()
}

fn reply() -> EventKind {
    EventKind::Replied {
        agent: priya(),
        external_id: "r".to_owned(),
        text: "I'm here".to_owned(),
        suggestion: None,
        offered: Vec::new(),
        attachments: Vec::new(),
        anyway: Vec::new(),
    }
}

fn says(talk: &mut Talk, text: &str) -> EventKind {
    EventKind::Message(Box::new(talk.inbound(text, None)))
}

#[test]
fn from_the_handover_to_the_end_each_wait_is_measured_once() {
    let mut talk = Talk::new();
    let team = Some("front desk".to_owned());
    let first = says(&mut talk, "I want to speak to a person");
    assert_eq!(
        ends(&mut talk, 0, first),
        [(Milestone::FirstReply, 0, None)]
    );
    let again = says(&mut talk, "are you there?");
    assert_eq!(
        ends(&mut talk, 30, again),
        [],
        "the first reply is the first one"
    );
    let taken = EventKind::Claimed { agent: priya() };
    assert_eq!(
        ends(&mut talk, 30, taken),
        [(Milestone::PickUp, 60, team.clone())]
    );
    assert_eq!(
        ends(&mut talk, 40, reply()),
        [(Milestone::FirstHumanReply, 100, team.clone())]
    );
    assert_eq!(ends(&mut talk, 5, reply()), []);
    let done = EventKind::Resolved { agent: priya() };
    assert_eq!(
        ends(&mut talk, 895, done),
        [(Milestone::Resolution, 1000, team)]
    );
}

#[test]
fn whoever_is_given_back_waits_on_from_the_first_handover_but_is_picked_up_anew() {
    let mut talk = Talk::new();
    talk.says("I want to speak to a person");
    ends(&mut talk, 10, EventKind::Claimed { agent: priya() });
    ends(&mut talk, 10, EventKind::Released { agent: priya() });
    let team = Some("front desk".to_owned());
    let taken = EventKind::Claimed { agent: priya() };
    assert_eq!(
        ends(&mut talk, 20, taken),
        [(Milestone::PickUp, 20, team.clone())]
    );
    assert_eq!(
        ends(&mut talk, 5, reply()),
        [(Milestone::FirstHumanReply, 45, team)]
    );
}
