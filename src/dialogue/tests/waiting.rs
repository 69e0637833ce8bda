//! Nobody who waits is ever without a team that can see them and a clock that runs.

use super::{
    interleavings::{Act, act, kind},
    *,
};
use crate::domain::{Alert, Intent, LostSight};
use proptest::prelude::*;

/// Whether somebody waits here without a team or a clock.
fn is_lost(state: &Conversation) -> Option<&'static str> {
    let runs = |timer| state.timers.contains_key(&timer);
    match (&state.status, &state.queue) {
        (Status::Queued, None) => Some("no place in the queue"),
        (Status::Queued, Some(entry)) if !RULES.flows.teams().contains(&entry.team.as_str()) => {
            Some("a team that is none")
        }
        (Status::Queued, _) if !runs(TimerKind::PickupTarget) => Some("no clock in the queue"),
        (Status::Assigned, _) if state.owed.is_some() && !runs(TimerKind::Unanswered) => {
            Some("no clock for the answer that is owed")
        }
        _ => None,
    }
}

/// How the desk stands while it happens: open, somebody there, the holder away, rungs of the ladder that hold.
fn desk() -> impl Strategy<Value = (bool, bool, bool, Vec<String>)> {
    let names: Vec<String> = RULES
        .flows
        .ladder
        .rungs
        .iter()
        .map(|r| r.name.clone())
        .collect();
    let rungs = prop::sample::subsequence(names.clone(), 0..=names.len());
    (any::<bool>(), any::<bool>(), any::<bool>(), rungs)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_who_waits_is_without_a_team_and_a_clock(acts in prop::collection::vec((act(), desk()), 1..40)) {
        let mut talk = Talk::new();
        for (act, (open, online, away, rungs)) in &acts {
            talk.desk = DeskStatus {
                online: u32::from(*online),
                open: *open,
                holder_away: *away,
                rungs: rungs.clone(),
                ..DeskStatus::default()
            };
            let kind = kind(&mut talk, act);
            let asks = match &kind {
                EventKind::Message(m) => !matches!(m.signals.intent, Intent::Thanks | Intent::Goodbye),
                _ => false,
            };
            if talk.happen(kind).is_err() {
                continue;
            }
            let state = &talk.snapshot.conversation;
            prop_assert_eq!(is_lost(state), None, "{:?}", act);
            prop_assert!(state.owed.is_none() || state.status == Status::Assigned);
            if asks && state.status == Status::Assigned {
                prop_assert!(state.owed.is_some(), "{:?} is owed an answer", act);
            }
        }
    }

    /// However long nobody comes: whatever clock runs out, another runs.
    #[test]
    fn a_clock_that_runs_out_runs_again(acts in prop::collection::vec(act(), 1..12), rounds in 1_usize..12) {
        let mut talk = Talk::new();
        for act in &acts {
            let kind = kind(&mut talk, act);
            let _ = talk.happen(kind);
        }
        for _ in 0..rounds {
            let next = talk.snapshot.conversation.timers.iter().min_by_key(|(_, due)| **due);
            let Some((timer, due)) = next.map(|(t, d)| (*t, *d)) else { break };
            talk.at = talk.at.max(due);
            talk.happen(EventKind::Timer { timer }).expect("timers are never refused");
            prop_assert_eq!(is_lost(&talk.snapshot.conversation), None, "{:?}", timer);
        }
    }
}

pub(super) fn recovered(elsewhere: bool) -> EventKind {
    EventKind::Recovered {
        why: LostSight::NoMember,
        team: elsewhere.then(|| "complaints team".to_owned()),
    }
}

fn due(talk: &Talk, timer: TimerKind) -> Option<Timestamp> {
    talk.snapshot.conversation.timers.get(&timer).copied()
}

fn fires(talk: &mut Talk, timer: TimerKind) -> Vec<Alert> {
    talk.at = due(talk, timer).expect("it runs");
    talk.happen(EventKind::Timer { timer })
        .expect("timers are never refused");
    alerts(talk)
}

/// What the last event alerted to.
fn alerts(talk: &Talk) -> Vec<Alert> {
    let alert = |e: &Effect| match e {
        Effect::Alert(alert) => Some(alert.clone()),
        _ => None,
    };
    talk.effects.iter().filter_map(alert).collect()
}

#[test]
fn at_night_the_clock_runs_from_the_next_opening_on() {
    let mut talk = Talk::new();
    // Tuesday, eleven in the evening: the desk opens at eight.
    talk.at = START.plus_seconds(13 * 3600);
    talk.desk.open = false;
    talk.desk.online = 0;
    talk.says("I want to speak to a person");
    let opens = START.plus_seconds(22 * 3600);
    assert_eq!(
        due(&talk, TimerKind::PickupTarget),
        Some(opens.plus_seconds(120))
    );
    talk.desk.open = true;
    let alerts = fires(&mut talk, TimerKind::PickupTarget);
    assert!(
        matches!(alerts[..], [Alert::PickupMissed { .. }]),
        "{alerts:?}"
    );
    let again = due(&talk, TimerKind::PickupTarget).expect("it runs again");
    assert!(again <= talk.at.plus_seconds(3600), "within the hour");
}

#[test]
fn danger_waits_for_no_opening_and_is_not_put_off_by_telling_it_again() {
    let mut talk = Talk::new();
    talk.at = START.plus_seconds(13 * 3600);
    talk.desk.open = false;
    talk.says("I can't go on, I want to end it all");
    let first = due(&talk, TimerKind::PickupTarget);
    assert_eq!(first, Some(talk.at.plus_seconds(30)));
    talk.says("I want to kill myself");
    assert_eq!(due(&talk, TimerKind::PickupTarget), first);
}

#[test]
fn whoever_waits_for_a_call_has_a_longer_clock_not_none() {
    let mut talk = Talk::new();
    talk.says("I want to speak to a person");
    talk.chooses("later");
    let clock = due(&talk, TimerKind::PickupTarget);
    assert_eq!(clock, Some(talk.at.plus_seconds(14_400)));
}

#[test]
fn whoever_writes_again_to_an_agent_who_is_silent_is_not_forgotten() {
    let mut talk = Talk::new();
    talk.says("I want to speak to a person");
    talk.happen(here()).expect("it is free");
    assert_eq!(due(&talk, TimerKind::Unanswered), None);
    talk.says("thank you");
    assert_eq!(due(&talk, TimerKind::Unanswered), None, "thanks want none");
    talk.says("when can I see the report?");
    let alerts = fires(&mut talk, TimerKind::Unanswered);
    // Each event of these stories comes seven seconds after the one before.
    assert_eq!(alerts, [Alert::Unanswered { waited: 907 }]);
    assert_eq!(
        talk.status(),
        Status::Assigned,
        "who is in the middle of a talk keeps it"
    );
    talk.desk.holder_away = true;
    fires(&mut talk, TimerKind::Unanswered);
    assert_eq!(talk.status(), Status::Queued, "who went away does not");
}

#[test]
fn what_is_put_off_while_they_wait_comes_back_by_itself() {
    let mut talk = Talk::new();
    talk.says("I want to speak to a person");
    talk.happen(EventKind::Claimed { agent: priya() })
        .expect("it is free");
    let (agent, until) = (priya(), None);
    talk.happen(EventKind::Snoozed { agent, until })
        .expect("it is hers");
    let clock = due(&talk, TimerKind::Unanswered).expect("it runs");
    assert_eq!(clock, talk.at.plus_seconds(86_400 + 900));
}

#[test]
fn whoever_was_lost_sight_of_has_another_team_and_supervisors_know() {
    let mut talk = Talk::new();
    talk.says("I want to speak to a person");
    let written = talk.happen(recovered(true)).expect("never refused");
    assert_eq!(written[0].from, Author::Note);
    let entry = talk.snapshot.conversation.queue.clone().expect("it waits");
    assert_eq!(
        (entry.team.as_str(), entry.priority),
        ("complaints team", Priority::Soon)
    );
    let why = LostSight::NoMember;
    assert!(
        talk.effects
            .contains(&Effect::Alert(Alert::LostSight { why }))
    );
}

#[test]
fn what_has_come_right_since_it_was_looked_at_stays_as_it_is() {
    let why = LostSight::NoClock;
    let no_clock = || EventKind::Recovered { why, team: None };
    let mut talk = Talk::new();
    talk.says("I want to speak to a person");
    let priority = |talk: &Talk| talk.snapshot.conversation.queue.clone().map(|q| q.priority);
    let (clock, before) = (due(&talk, TimerKind::PickupTarget), priority(&talk));
    talk.happen(no_clock()).expect("never refused");
    assert_eq!(
        (due(&talk, TimerKind::PickupTarget), priority(&talk)),
        (clock, before)
    );
    let timer = TimerKind::PickupTarget;
    let again = Effect::SetTimer {
        timer,
        due: clock.expect("it runs"),
    };
    assert_eq!(talk.effects, [again], "what was lost of it is there again");

    // Somebody has taken them over meanwhile.
    talk.happen(EventKind::Claimed { agent: priya() })
        .expect("it is free");
    let clock = due(&talk, TimerKind::Unanswered);
    for kind in [no_clock(), recovered(true), recovered(false)] {
        talk.happen(kind).expect("never refused");
        assert_eq!(alerts(&talk), []);
        assert_eq!(due(&talk, TimerKind::Unanswered), clock);
    }

    // Its time is over and nothing rang.
    talk.at = clock.expect("it runs").plus_seconds(400);
    talk.happen(no_clock()).expect("never refused");
    assert_eq!(alerts(&talk), [Alert::LostSight { why }]);
    assert!(due(&talk, TimerKind::Unanswered) > clock);
}

#[test]
fn whoever_went_away_does_not_keep_who_waits_for_a_call_or_a_letter() {
    for letter in [false, true] {
        let mut talk = Talk::new();
        if letter {
            talk.snapshot.conversation.inbox = "email".to_owned();
        }
        talk.says("I want to speak to a person");
        if !letter {
            talk.chooses("later");
        }
        talk.happen(EventKind::Claimed { agent: priya() })
            .expect("it is free");
        fires(&mut talk, TimerKind::Unanswered);
        assert_eq!(
            talk.status(),
            Status::Assigned,
            "whoever is there keeps them"
        );
        talk.desk.holder_away = true;
        talk.desk.open = false;
        fires(&mut talk, TimerKind::Unanswered);
        assert_eq!(
            talk.status(),
            Status::Assigned,
            "at night everybody is away"
        );
        talk.desk.open = true;
        let owed = talk.snapshot.conversation.owed.expect("an answer is owed");
        fires(&mut talk, TimerKind::Unanswered);
        let entry = talk.snapshot.conversation.queue.clone().expect("it waits");
        assert_eq!(entry.waiting, owed.waiting, "as they have said");
    }
}

#[test]
fn in_danger_who_waits_for_a_letter_is_not_left_to_whoever_does_not_write() {
    let mut talk = Talk::new();
    talk.snapshot.conversation.inbox = "email".to_owned();
    talk.says("I can't go on, I want to end it all");
    talk.happen(EventKind::Claimed { agent: priya() })
        .expect("it is free");
    fires(&mut talk, TimerKind::Unanswered);
    assert_eq!(talk.status(), Status::Queued);
}

#[test]
fn where_nobody_waits_there_is_nothing_to_put_right() {
    let mut talk = Talk::new();
    let act = Act::Recovers(true);
    let kind = kind(&mut talk, &act);
    talk.happen(kind).expect("never refused");
    assert_eq!(talk.status(), Status::Bot, "nobody waits there");
}
