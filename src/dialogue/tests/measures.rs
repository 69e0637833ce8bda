//! Which waits are measured, from when to when.

use super::*;
use crate::domain::measure::{Measure, Milestone};

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
            ..
        }) => Some((*what, *seconds, team.clone())),
        _ => None,
    };
    talk.effects.iter().filter_map(measured).collect()
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
        ends(&mut talk, 40, here()),
        [(Milestone::FirstHumanReply, 100, team.clone())]
    );
    assert_eq!(ends(&mut talk, 5, here()), []);
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
        ends(&mut talk, 5, here()),
        [(Milestone::FirstHumanReply, 45, team)]
    );
}

fn presence(online: bool) -> EventKind {
    EventKind::Presence { online }
}

const GIVEN_UP: EventKind = EventKind::Timer {
    timer: TimerKind::Abandoned,
};

#[test]
fn whoever_closes_the_page_while_they_wait_and_stays_away_has_given_up() {
    let mut talk = Talk::new();
    talk.happen(presence(true)).expect("they may come");
    talk.says("I want to speak to a person");
    ends(&mut talk, 100, presence(false));
    let team = Some("front desk".to_owned());
    assert_eq!(
        ends(&mut talk, 300, GIVEN_UP),
        [(Milestone::Abandoned, 100, team)]
    );
    assert_eq!(ends(&mut talk, 300, GIVEN_UP), [], "once");
}

#[test]
fn whoever_comes_back_or_waits_for_a_word_later_has_not() {
    let mut back = Talk::new();
    back.says("I want to speak to a person");
    ends(&mut back, 100, presence(false));
    ends(&mut back, 60, presence(true));
    assert_eq!(ends(&mut back, 300, GIVEN_UP), []);
    let mut later = Talk::new();
    later.says("I want to speak to a person");
    later.chooses("later");
    ends(&mut later, 100, presence(false));
    assert_eq!(ends(&mut later, 300, GIVEN_UP), []);
    let mut taken = Talk::new();
    taken.says("I want to speak to a person");
    ends(&mut taken, 100, presence(false));
    ends(&mut taken, 60, EventKind::Claimed { agent: priya() });
    assert_eq!(ends(&mut taken, 300, GIVEN_UP), []);
}

#[test]
fn whoever_writes_again_within_a_week_had_need_of_it_and_thanks_are_none() {
    let resolved = || {
        let mut talk = Talk::new();
        talk.says("I want to speak to a person");
        ends(&mut talk, 60, EventKind::Resolved { agent: priya() });
        talk
    };
    let again = |talk: &mut Talk, seconds, text| {
        let kind = says(talk, text);
        let ended = ends(talk, seconds, kind);
        let mut ended = ended.into_iter();
        ended.find(|(what, ..)| *what == Milestone::Recontact)
    };
    let mut talk = resolved();
    assert_eq!(again(&mut talk, 600, "thank you so much"), None);
    let question = "when does visiting start?";
    assert_eq!(
        again(&mut talk, 400, question),
        Some((Milestone::Recontact, 1000, None))
    );
    assert_eq!(again(&mut talk, 400, question), None, "once");
    assert_eq!(again(&mut resolved(), 8 * 86_400, question), None);
}
