//! What the desk gives out by itself, and takes back where nobody answers.

use super::*;
use crate::domain::{Alert, AssignedBy};

fn waiting(words: &str) -> Talk {
    let mut talk = Talk::new();
    talk.says(words);
    assert_eq!(talk.status(), Status::Queued, "{words}");
    talk
}

fn given(talk: &mut Talk, by: AssignedBy) -> Result<Vec<Message>, Refusal> {
    let agent = priya();
    talk.happen(EventKind::Assigned { agent, by })
}

fn time_is_over(talk: &mut Talk, seconds: i64) -> Vec<(Author, String)> {
    talk.at = talk.at.plus_seconds(seconds);
    let timer = TimerKind::Unanswered;
    let written = talk.happen(EventKind::Timer { timer });
    let written = written.expect("timers are never refused");
    written.into_iter().map(|m| (m.from, m.text)).collect()
}

fn replies(talk: &mut Talk) {
    talk.happen(here()).expect("it is hers");
}

#[test]
fn the_person_is_told_who_takes_over_and_the_desk_knows_by_which_rule() {
    let mut talk = waiting("I want to speak to a person");
    let said = given(&mut talk, AssignedBy::LeastLoaded).expect("it waits");
    assert!(
        said[0].text.starts_with("Priya takes this over now"),
        "{said:?}"
    );
    let state = &talk.snapshot.conversation;
    assert_eq!(state.assigned_by, Some(AssignedBy::LeastLoaded));
    assert_eq!(
        given(&mut talk, AssignedBy::Danger),
        Err(Refusal::NotWaiting)
    );
}

#[test]
fn what_is_not_answered_in_time_waits_for_another_near_the_front() {
    let mut talk = waiting("I want to speak to a person");
    let since = talk.snapshot.conversation.queue.as_ref().map(|q| q.since);
    talk.happen(EventKind::Claimed { agent: priya() })
        .expect("it is free");
    assert_eq!(time_is_over(&mut talk, 600), [], "there is time left");
    let said = time_is_over(&mut talk, 300);
    assert_eq!(said[0].0, Author::Bot);
    assert!(said[0].1.starts_with("Priya has not been able to answer"));
    assert_eq!(said[1].0, Author::Note);
    let state = &talk.snapshot.conversation;
    assert_eq!(state.queue.as_ref().map(|q| q.since), since);
    assert_eq!(
        state.passed_by,
        [priya().id],
        "it is not given to her again"
    );
}

#[test]
fn whoever_answers_or_puts_it_off_keeps_it() {
    let mut talk = waiting("I want to speak to a person");
    talk.happen(EventKind::Claimed { agent: priya() })
        .expect("it is free");
    replies(&mut talk);
    assert_eq!(time_is_over(&mut talk, 5000), []);
    assert_eq!(talk.snapshot.conversation.last_agent, Some(priya().id));
    let mut later = waiting("I want to speak to a person");
    later
        .happen(EventKind::Claimed { agent: priya() })
        .expect("it is free");
    let (agent, until) = (priya(), None);
    later
        .happen(EventKind::Snoozed { agent, until })
        .expect("it is hers");
    assert_eq!(time_is_over(&mut later, 5000), []);
}

#[test]
fn in_danger_it_is_five_minutes_and_everybody_hears_of_it_again() {
    let mut talk = waiting("I can't go on, I want to end it all");
    given(&mut talk, AssignedBy::Danger).expect("it waits");
    let said = time_is_over(&mut talk, 300);
    assert_eq!(talk.status(), Status::Queued, "{said:?}");
    let alarms = |e: &&Effect| matches!(e, Effect::Alert(Alert::Danger { .. }));
    assert_eq!(talk.effects.iter().filter(alarms).count(), 1);
}

#[test]
fn only_somebody_who_supervises_whispers() {
    let whispers = |role| {
        let mut talk = waiting("I want to speak to a person");
        let note = EventKind::Noted {
            agent: agent(3, "Mo Bell", role),
            external_id: "n".to_owned(),
            text: "Ask for the ward, @Priya".to_owned(),
            whisper: true,
            mentions: vec![priya()],
        };
        let written = talk.happen(note).expect("anybody may write a note");
        (written[0].whisper, written[0].mentions.clone())
    };
    let named = vec!["Priya Shah".to_owned()];
    assert_eq!(whispers(Role::Supervisor), (true, named.clone()));
    assert_eq!(whispers(Role::Agent), (false, named));
}
