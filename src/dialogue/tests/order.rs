//! How people at the desk keep order: labels, and what is put off.

use super::*;

fn taken(words: &str) -> Talk {
    let mut talk = Talk::new();
    talk.says(words);
    talk.happen(EventKind::Claimed { agent: priya() })
        .expect("it is free");
    talk
}

fn put_off(talk: &mut Talk, agent: AgentRef, seconds: Option<i64>) -> Result<(), Refusal> {
    let until = seconds.map(|s| talk.at.plus_seconds(s));
    talk.happen(EventKind::Snoozed { agent, until }).map(drop)
}

fn snoozed(talk: &Talk) -> bool {
    talk.snapshot.conversation.snoozed.is_some()
}

#[test]
fn what_is_put_off_comes_back_at_its_time_and_the_person_hears_nothing_of_it() {
    let mut talk = taken("I want to speak to a person");
    put_off(&mut talk, priya(), Some(600)).expect("it is hers");
    assert!(snoozed(&talk));
    talk.at = talk.at.plus_seconds(600);
    let timer = TimerKind::Snooze;
    let written = talk.happen(EventKind::Timer { timer });
    assert_eq!(written, Ok(Vec::new()));
    assert!(!snoozed(&talk));
    assert_eq!(talk.status(), Status::Assigned);
}

#[test]
fn whoever_writes_is_back_at_once_whatever_the_time() {
    for seconds in [Some(86_400), None] {
        let mut talk = taken("I want to speak to a person");
        put_off(&mut talk, priya(), seconds).expect("it is hers");
        talk.says("I have the letter now");
        assert!(!snoozed(&talk));
        assert_eq!(
            talk.snapshot.conversation.timers.get(&TimerKind::Snooze),
            None
        );
    }
}

#[test]
fn an_answer_an_end_or_being_handed_on_takes_it_up_again() {
    for kind in [
        EventKind::Woken { agent: priya() },
        EventKind::Resolved { agent: priya() },
        EventKind::Released { agent: priya() },
        EventKind::Transferred {
            agent: priya(),
            to: TransferTarget::Agent(tom()),
            reason: None,
        },
    ] {
        let mut talk = taken("I want to speak to a person");
        put_off(&mut talk, priya(), None).expect("it is hers");
        talk.happen(kind).expect("it is hers");
        assert!(!snoozed(&talk));
    }
}

#[test]
fn nobody_in_danger_is_put_off_nor_whom_nobody_has_nor_anothers_nor_into_the_past() {
    let mut danger = taken("I want to kill myself");
    assert!(matches!(
        put_off(&mut danger, priya(), None),
        Err(Refusal::Invalid(_))
    ));
    let mut waits = Talk::new();
    waits.says("I want to speak to a person");
    assert!(matches!(
        put_off(&mut waits, priya(), None),
        Err(Refusal::Invalid(_))
    ));
    let mut hers = taken("I want to speak to a person");
    let holder = "Priya Shah".to_owned();
    assert_eq!(
        put_off(&mut hers, tom(), None),
        Err(Refusal::Held { holder })
    );
    for seconds in [-1, 0, 400 * 86_400] {
        let refused = put_off(&mut hers, priya(), Some(seconds));
        assert!(matches!(refused, Err(Refusal::Invalid(_))), "{seconds}");
    }
    assert!(!snoozed(&hers));
}

#[test]
fn anybody_puts_labels_on_and_takes_them_off_and_there_are_never_too_many() {
    let mut talk = taken("I want to speak to a person");
    let label = |add: &[&str], remove: &[&str]| {
        let all = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect();
        EventKind::Labelled {
            agent: tom(),
            add: all(add),
            remove: all(remove),
        }
    };
    let labels = |talk: &Talk| -> Vec<String> {
        talk.snapshot.conversation.labels.iter().cloned().collect()
    };
    talk.happen(label(&["parking", "billing"], &[]))
        .expect("anybody may");
    talk.happen(label(&["parking"], &["billing", "noise"]))
        .expect("anybody may");
    assert_eq!(labels(&talk), ["parking"]);
    let many: Vec<String> = (0..20).map(|n| format!("label {n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let refused = talk.happen(label(&many, &[]));
    assert!(matches!(refused, Err(Refusal::Invalid(_))));
    assert_eq!(labels(&talk), ["parking"], "a refusal changes nothing");
}
