//! Given a conversation, when this arrives, then that: complaints.

use super::*;

#[test]
fn the_neighbour_of_the_seed_story_is_heard_recorded_and_handed_over() {
    let talk = play(
        "Hello, my neighbour's home nurse shouted at me in front of the whole street this morning. I've never been so humiliated.",
        &[
            (Slot::StaffInvolved, "Her badge said Denise Hartley"),
            (Slot::IncidentWhere, "outside my front door, 14 Elm Way"),
            (Slot::ComplainantName, "Martin Brooks"),
            (Slot::ContactMethod, "martin.brooks@example.org"),
            (Slot::DesiredOutcome, "an apology"),
            (Slot::AnythingElse, "no that's all"),
        ],
    );
    let record = talk.record();
    assert_eq!(record.complainant.relation.name(), "neighbour");
    assert!(!record.complainant.is_customer);
    assert_eq!(record.complainant.name.as_deref(), Some("Martin Brooks"));
    assert_eq!(
        record.complainant.contact[0].value,
        "martin.brooks@example.org"
    );
    assert_eq!(record.subjects.len(), 1, "{:?}", record.subjects);
    assert!(
        record.subjects[0]
            .name
            .as_deref()
            .is_some_and(|n| n.contains("Hartley"))
    );
    assert_eq!(record.incident.from.as_deref(), Some("2026-11-24"));
    assert!(
        record
            .incident
            .narrative
            .starts_with("my neighbour's home nurse shouted at me")
    );
    assert_eq!(
        record
            .classification
            .domain
            .map(crate::domain::Domain::name),
        Some("relationships")
    );
    assert_eq!(record.desired_outcome.as_deref(), Some("an apology"));
    assert_eq!(record.affected_person, None, "it happened to him");
    assert_eq!(record.complainant.consent, Consent::NotAsked);
    assert!(record.complete);
    assert_eq!(talk.status(), Status::Queued);
    assert!(
        !talk.asked.contains(&Slot::IncidentWhen)
            && !talk.asked.contains(&Slot::Relation)
            && !talk.asked.contains(&Slot::WhatHappened),
        "{:?}",
        talk.asked
    );
}

#[test]
fn a_visitor_who_slipped_asks_in_between_whether_we_are_real() {
    let mut talk = Talk::new();
    talk.says("I slipped in your car park visiting my sister, nobody came to help");
    assert_eq!(talk.snapshot.conversation.relation.name(), "visitor");
    let facts = [
        (
            Slot::WhatHappened,
            "Slipped on ice by the ticket machine, lay there ten minutes, two of your staff walked past.",
        ),
        (Slot::IncidentWhen, "Saturday about 6pm"),
        (Slot::IncidentWhere, "main car park, level 2"),
        (Slot::StaffInvolved, "two people in green tunics"),
        (Slot::AffectedPerson, "me"),
        (Slot::ComplainantName, "Hanna Weiss"),
        (Slot::ContactMethod, "hanna.weiss@example.org"),
        (Slot::DesiredOutcome, "grit the car park"),
        (Slot::Consent, "yes"),
        (Slot::AnythingElse, "no"),
    ];
    while let Some(slot) = talk.awaiting() {
        let (_, fact) = facts
            .iter()
            .find(|(s, _)| *s == slot)
            .expect("a fact for every slot");
        talk.says(fact);
        if slot == Slot::IncidentWhen {
            let before = talk.awaiting();
            let answer = talk.says("hang on, are you a real person?");
            assert!(answer.contains("not a person"), "{answer}");
            assert_eq!(talk.awaiting(), before, "the question stands");
        }
    }
    let record = talk.record();
    assert_eq!(record.complainant.name.as_deref(), Some("Hanna Weiss"));
    assert_eq!(
        record
            .classification
            .domain
            .map(crate::domain::Domain::name),
        Some("management")
    );
    assert_eq!(record.incident.from.as_deref(), Some("2026-11-21"));
    assert_eq!(talk.status(), Status::Queued);
    assert!(!talk.asked.contains(&Slot::Relation));
}

#[test]
fn one_who_tells_everything_at_once_is_asked_next_to_nothing() {
    let talk = play(
        "Sam Oyelaran here, 07700 900111. Your night carer Joe left my uncle's back door unlocked on Sunday 15 November at 12 Elm Way. I want it not to happen again.",
        &[
            (Slot::Relation, "he is my uncle"),
            (Slot::Consent, "he asked me to write"),
            (Slot::AnythingElse, "no"),
        ],
    );
    assert_eq!(talk.asked, [Slot::Consent]);
    let record = talk.record();
    assert_eq!(record.subjects.len(), 1);
    assert_eq!(record.subjects[0].name.as_deref(), Some("Joe"));
    assert_eq!(record.complainant.consent, Consent::Given);
    assert_eq!(
        record
            .affected_person
            .as_ref()
            .and_then(|a| a.relation.as_deref()),
        Some("uncle")
    );
    assert_eq!(record.incident.from.as_deref(), Some("2026-11-15"));
    assert_eq!(
        record
            .classification
            .domain
            .map(crate::domain::Domain::name),
        Some("clinical")
    );
    assert_eq!(
        talk.snapshot.conversation.value_text(Slot::ComplainantName),
        "Sam Oyelaran"
    );
}

#[test]
fn the_record_exists_from_the_first_sentence_and_stays_when_they_give_up() {
    let mut talk = Talk::new();
    let answer = talk.says("your receptionist was so rude to my mother today");
    let reference = talk.record().reference.to_string();
    assert!(answer.contains(&reference), "{answer}");
    assert!(!talk.record().complete);
    let answer = talk.says("forget it, never mind");
    assert!(answer.contains(&reference));
    assert_eq!(talk.awaiting(), None);
    assert!(!talk.record().complete, "incomplete, and marked so");
    assert!(
        talk.record()
            .incident
            .narrative
            .contains("so rude to my mother")
    );
}

#[test]
fn whoever_stays_anonymous_is_not_asked_how_to_reach_them() {
    let mut talk = Talk::new();
    talk.says("I want to stay anonymous. One of your carers is always shouting at the old lady she looks after, on my street, every morning.");
    let mut turns = 0;
    while let Some(slot) = talk.awaiting() {
        assert!(
            !matches!(slot, Slot::ComplainantName | Slot::ContactMethod),
            "{slot:?} was asked for"
        );
        talk.says("I don't know");
        turns += 1;
        assert!(turns < 12);
    }
    assert!(talk.record().complainant.anonymous);
    assert!(talk.record().complete);
}
