//! What was begun in one conversation is carried on in another, by whoever proves that it is theirs.

use super::{
    two::{REACHED, Two},
    *,
};
use crate::domain::{ComplaintStatus, Linked, Relation, complaint::Contact};

#[test]
fn with_the_number_that_was_left_they_go_on() {
    let mut two = Two::after(REACHED);
    let before = two.old().record().clone();
    let asked = two.claims();
    assert!(
        asked.contains("which phone number or e-mail address"),
        "{asked}"
    );
    let found = two.says("it's 07700900123");
    assert!(
        found.contains(two.reference.as_str()) && found.contains("that matches"),
        "{found}"
    );
    let added = two.says("She shouted at her again this morning, in front of everybody");
    assert!(added.contains("added"), "{added}");

    let record = two.new.record().clone();
    let mut way = Contact::new(
        "conversation".to_owned(),
        two.new.snapshot.conversation.id.to_string(),
    );
    way.note = Some("telegram".to_owned());
    let mut complainant = before.complainant.clone();
    complainant.contact.push(way);
    complainant.vulnerable = record.complainant.vulnerable;
    assert_eq!(record.complainant, complainant);
    assert_eq!(
        record.incident.narrative,
        format!(
            "{}\n[2026-11-24, telegram]\nShe shouted at her again this morning, in front of everybody",
            before.incident.narrative
        )
    );
    let mut incident = record.incident.clone();
    incident.narrative.clone_from(&before.incident.narrative);
    assert_eq!(incident, before.incident);
    assert_eq!(record.subjects, before.subjects);
    assert_eq!(record.affected_person, before.affected_person);
    assert_eq!(record.conversation, before.conversation);
    assert_eq!(two.new.status(), Status::Queued);
}

#[test]
fn both_conversations_know_of_each_other_and_the_old_one_is_told() {
    let mut two = Two::after(REACHED);
    let waited = two.old().snapshot.conversation.queue.clone();
    two.claims();
    two.says("07700 900123");
    let (old, new) = (
        &two.old().snapshot.conversation,
        &two.new.snapshot.conversation,
    );
    let of = |linked: &[Linked]| -> Vec<_> {
        linked
            .iter()
            .map(|l| (l.conversation, l.inbox.clone(), l.reference.clone()))
            .collect()
    };
    assert_eq!(
        of(&old.linked),
        [(new.id, "telegram".to_owned(), two.reference.clone())]
    );
    assert_eq!(
        of(&new.linked),
        [(old.id, "web".to_owned(), two.reference.clone())]
    );
    assert!(
        new.last_wrote > old.last_wrote,
        "an agent's words go where they wrote last"
    );
    let told = two.told_there();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].0 == Author::Note && told[0].1.contains("by telegram"),
        "{told:?}"
    );
    assert!(
        told[1].0 == Author::Bot && told[1].1.contains("If it wasn't"),
        "{told:?}"
    );
    // Their place in the queue goes along, and is nowhere twice.
    assert_eq!(old.status, Status::Bot);
    let since = waited.map(|q| q.since);
    assert_eq!(new.queue.as_ref().map(|q| q.since), since);
}

#[test]
fn whoever_goes_back_adds_to_the_same_record_there() {
    let mut two = Two::after(REACHED);
    two.claims();
    two.says("07700 900123");
    two.says("My new number is 07700 900456");
    let mut old = two.old.take().expect("the earlier one");
    old.snapshot
        .complaint
        .clone_from(&two.new.snapshot.complaint);
    old.at = two.new.at.plus_seconds(60);
    old.says("I want to speak to a person");
    old.says("And the nurse laughed at her, too, when she cried");
    let reached: Vec<&str> = (old.record().complainant.contact.iter())
        .map(|c| c.value.as_str())
        .collect();
    let id = two.new.snapshot.conversation.id.to_string();
    assert!(
        reached.contains(&"+44 7700 900456") && reached.contains(&id.as_str()),
        "{reached:?}"
    );
    let narrative = &old.record().incident.narrative;
    assert!(
        narrative.ends_with("[2026-11-24, web]\nAnd the nurse laughed at her, too, when she cried"),
        "{narrative}"
    );
    assert!(old.snapshot.conversation.last_wrote > two.new.snapshot.conversation.last_wrote);
}

#[test]
fn what_was_told_with_the_claim_is_added_once_it_is_proven() {
    let mut two = Two::after(REACHED);
    let text = format!(
        "I wrote to you in the web chat about {}. The nurse came back today and pushed my mother",
        two.reference
    );
    two.says(&text);
    let before = two.old().record().incident.narrative.clone();
    let found = two.says("07700 900123");
    assert!(found.contains("has been added"), "{found}");
    let narrative = &two.new.record().incident.narrative;
    assert_eq!(
        *narrative,
        format!("{before}\n[2026-11-24, telegram]\nThe nurse came back today and pushed my mother")
    );
}

#[test]
fn what_was_told_with_a_claim_that_is_let_go_is_on_record_by_itself() {
    let mut two = Two::unknown();
    let text = format!(
        "I wrote to you in the web chat about {}. The nurse came back today and pushed my mother",
        two.reference
    );
    two.says(&text);
    let left = two.says("I don't know any more");
    assert!(left.contains("isn't lost"), "{left}");
    assert_eq!(
        two.new.record().incident.narrative,
        "The nurse came back today and pushed my mother"
    );
    assert_ne!(two.new.record().reference, two.reference);
    assert_eq!((two.new.status(), two.tries), (Status::Queued, 0));
}

#[test]
fn nothing_is_said_where_it_was_made_if_that_is_not_safe() {
    let quiet: [fn(&mut Complaint); 3] = [
        |k| k.safeguarding = true,
        |k| k.complainant.relation = Relation::Employee,
        |k| k.complainant.anonymous = true,
    ];
    for change in quiet {
        let mut two = Two::after(REACHED).with(change);
        two.claims();
        two.says("07700 900123");
        let told = two.told_there();
        assert!(
            two.is_proven() && told.len() == 1 && told[0].0 == Author::Note,
            "{told:?}"
        );
    }
    let unwanted: [fn(&mut Conversation); 2] = [
        |c| c.unreachable = true,
        |c| {
            let words = "please don't contact me".to_owned();
            let filled = crate::domain::Filled {
                value: crate::domain::SlotValue::Declined(words),
                message: None,
                partial: false,
            };
            c.slots.insert(Slot::ContactMethod, filled);
        },
    ];
    for change in unwanted {
        let mut two = Two::after(REACHED);
        change(&mut two.old.as_mut().expect("made").snapshot.conversation);
        two.claims();
        two.says("07700 900123");
        let told = two.told_there();
        assert!(
            two.is_proven() && told.len() == 1 && told[0].0 == Author::Note,
            "{told:?}"
        );
    }
}

#[test]
fn whatever_else_is_said_is_heard() {
    let asked = |text: &str| {
        let mut two = Two::after(REACHED);
        two.claims();
        let answer = two.says(text);
        assert_eq!(two.tries, 0, "'{text}' is no try");
        (answer, two.new)
    };
    let (why, talk) = asked("why do you need that?");
    assert!(
        why.contains("Somebody else might find") && talk.snapshot.conversation.claim.is_some(),
        "{why}"
    );
    let (again, talk) = asked("hello");
    assert!(again.contains("Which phone number") && talk.snapshot.conversation.claim.is_some());
    let (left, talk) = asked("I don't remember");
    assert!(left.contains("Thank you for saying so") && talk.snapshot.conversation.claim.is_none());
    let (_, talk) = asked("I want to speak to a person");
    assert_eq!(talk.status(), Status::Queued);
    let (danger, talk) = asked("I want to kill myself");
    assert!(
        danger.contains("999") && talk.snapshot.conversation.red_flag.is_some(),
        "{danger}"
    );
    let (complaint, talk) = asked("the porter dropped my father on the stairs and walked away");
    assert!(
        talk.record().incident.narrative.contains("porter"),
        "{complaint}"
    );
}

#[test]
fn whoever_looks_up_how_it_stands_may_go_on_with_it_by_a_button() {
    let mut two = Two::after(REACHED);
    let mut inbound = two
        .new
        .inbound(&format!("any news on {}?", two.reference), None);
    inbound
        .known_references
        .push(crate::complaint::public_status(two.old().record()));
    let found = two.sends(inbound);
    assert!(found.contains("on record"), "{found}");
    let offered = &two.new.messages.last().expect("an answer").choices;
    assert_eq!(
        offered.iter().map(|c| c.value.as_str()).collect::<Vec<_>>(),
        ["carry_on"]
    );
    let pressed = two.new.inbound("", Some("carry_on"));
    let asked = two.sends(pressed);
    assert!(asked.contains("which phone number"), "{asked}");
    two.says("07700 900123");
    assert!(two.is_proven());
}

#[test]
fn in_spanish_too() {
    let mut two = Two::after(REACHED);
    let asked = two.says(&format!("les escribí por el chat sobre {}", two.reference));
    assert!(
        asked.contains("¿qué teléfono o correo nos dejó?"),
        "{asked}"
    );
    let found = two.says("el 07700 900123");
    assert!(found.contains("Gracias, coincide"), "{found}");
}

#[test]
fn a_person_at_work_is_left_in_peace_but_for_the_word_that_it_goes_on_elsewhere() {
    let mut two = Two::after(REACHED);
    let old = two.old.as_mut().expect("made");
    let priya = agent(1, "Priya Shah", Role::Agent);
    old.happen(EventKind::Claimed { agent: priya })
        .expect("free");
    two.claims();
    two.says("07700 900123");
    assert_eq!(
        two.old().status(),
        Status::Assigned,
        "whoever has it keeps it"
    );
    assert!(
        two.told_there()
            .iter()
            .any(|(by, text)| *by == Author::Bot && text.contains("If it wasn't"))
    );
    assert_eq!(two.new.status(), Status::Queued);
}

#[test]
fn a_complaint_that_was_told_elsewhere_is_not_taken_back_by_a_slip() {
    let mut two = Two::after(REACHED);
    two.claims();
    two.says("07700 900123");
    two.says("that was not meant as a complaint");
    assert_eq!(two.new.record().status, ComplaintStatus::Open);
}
