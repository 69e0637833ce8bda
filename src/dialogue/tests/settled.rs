//! Whether a complaint is settled for whoever made it, and what they are told of it.

use super::*;
use crate::domain::{ActionName, ComplaintPatch, ComplaintStatus, Settled};

fn complaint() -> Talk {
    let mut talk = play(
        "The nurse Denise Hartley shouted at my mother on ward 3 yesterday, my number is 07700 900123",
        &[(Slot::AnythingElse, "no")],
    );
    // A person has dealt with the talk.
    talk.snapshot.conversation.status = Status::Bot;
    talk.snapshot.conversation.queue = None;
    talk
}

fn staff() -> AgentRef {
    AgentRef {
        id: AgentId(uuid::Uuid::from_u128(9)),
        name: "Maya Okafor".to_owned(),
        role: Role::Supervisor,
    }
}

fn amends(talk: &mut Talk, patch: ComplaintPatch) -> Vec<Message> {
    let reference = talk.record().reference.clone();
    talk.happen(EventKind::ComplaintAmended {
        agent: staff(),
        reference,
        patch: Box::new(patch),
        older: None,
    })
    .expect("it may follow")
}

fn acts(talk: &mut Talk, name: ActionName) -> Vec<Message> {
    let patch = ComplaintPatch {
        action: Some(name.into()),
        why: Some("it is done".to_owned()),
        ..ComplaintPatch::default()
    };
    amends(talk, patch)
}

fn values(message: &Message) -> Vec<&str> {
    message.choices.iter().map(|c| c.value.as_str()).collect()
}

fn taps(talk: &mut Talk, value: &str) -> String {
    let inbound = talk.inbound("", Some(value));
    talk.send(inbound)
}

#[test]
fn once_it_is_answered_they_are_asked_and_yes_is_kept() {
    let mut talk = complaint();
    let asked = acts(&mut talk, ActionName::Respond);
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!(values(&asked[0]), ["settled_yes", "settled_no"]);
    let said = taps(&mut talk, "settled_yes");
    assert!(said.contains("Thank you for telling us"), "{said}");
    let at = talk.at;
    assert_eq!(talk.record().case.settled, Some(Settled { yes: true, at }));
    assert_eq!(talk.record().status, ComplaintStatus::Responded);
    assert_eq!(talk.status(), Status::Bot);
    // Closed after that, nobody is asked again.
    assert_eq!(acts(&mut talk, ActionName::Close), []);
}

#[test]
fn one_tap_takes_it_up_again_and_the_next_answer_is_asked_of_anew() {
    let mut talk = complaint();
    acts(&mut talk, ActionName::Respond);
    let said = talk.says("No, take it up again");
    assert!(said.contains("is open again"), "{said}");
    let record = talk.record().clone();
    assert_eq!(record.status, ComplaintStatus::Investigating);
    assert_eq!(record.case.settled.map(|s| s.yes), Some(false));
    let clock = record.deadlines.iter().find(|d| d.name == "respond");
    let clock = clock.expect("the answer has a clock");
    assert!(clock.met_at.is_none() && clock.due_at > talk.at);
    assert_eq!(talk.status(), Status::Queued, "a person looks at it");
    let by: Vec<String> = (talk.effects.iter())
        .filter_map(|e| match e {
            Effect::Changed(change) => Some(change.by.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(by, ["complainant"]);
    talk.says("Nobody has told us who pays for the glasses");
    assert!(talk.record().incident.narrative.contains("glasses"));
    talk.snapshot.conversation.status = Status::Bot;
    talk.snapshot.conversation.queue = None;
    let again = acts(&mut talk, ActionName::Respond);
    assert_eq!(again.len(), 1, "{again:?}");
    taps(&mut talk, "settled_yes");
    assert_eq!(talk.record().case.settled.map(|s| s.yes), Some(true));
}

#[test]
fn while_a_person_has_the_talk_they_are_asked_when_it_is_done() {
    let mut talk = complaint();
    let agent = staff();
    talk.happen(EventKind::Claimed {
        agent: agent.clone(),
    })
    .expect("free");
    assert_eq!(
        acts(&mut talk, ActionName::Respond),
        [],
        "the bot is silent"
    );
    let done = talk.happen(EventKind::Resolved { agent }).expect("theirs");
    let asked: Vec<&Message> = done.iter().filter(|m| !m.choices.is_empty()).collect();
    assert_eq!(asked.len(), 1, "{done:?}");
    let said = taps(&mut talk, "settled_no");
    assert!(said.contains("is open again"), "{said}");
    assert_eq!(talk.record().status, ComplaintStatus::Investigating);
}

#[test]
fn what_was_changed_because_of_it_is_told_to_whoever_made_it() {
    let mut talk = complaint();
    let patch = ComplaintPatch {
        learning: Some("Nurses on ward 3 now have a second person at meals".to_owned()),
        ..ComplaintPatch::default()
    };
    let told = amends(&mut talk, patch.clone());
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].text.contains("a second person at meals"),
        "{told:?}"
    );
    assert_eq!(
        amends(&mut talk, patch),
        [],
        "the same again is nothing new"
    );
}

#[test]
fn words_of_the_desk_go_out_with_the_action_that_they_are_for() {
    let mut talk = complaint();
    let patch = ComplaintPatch {
        action: Some(ActionName::Acknowledge.into()),
        tell: Some("Dear Ann, we have it.".to_owned()),
        ..ComplaintPatch::default()
    };
    let told = amends(&mut talk, patch.clone());
    assert_eq!((told.len(), told[0].from), (1, Author::Agent));
    let sent = talk.record().case.acknowledgement.clone().expect("kept");
    assert_eq!((sent.message, sent.at), (told[0].id, talk.at));
    let clock = talk
        .record()
        .deadlines
        .iter()
        .find(|d| d.name == "acknowledge");
    assert_eq!(clock.and_then(|d| d.met_at), Some(talk.at));
    // A second one may not follow, and says nothing.
    let reference = talk.record().reference.clone();
    let again = talk.happen(EventKind::ComplaintAmended {
        agent: staff(),
        reference,
        patch: Box::new(patch),
        older: None,
    });
    assert!(
        matches!(
            again,
            Err(Refusal::Record {
                field: "status",
                ..
            })
        ),
        "{again:?}"
    );
}

#[test]
fn nobody_is_written_to_who_cannot_be_told_from_another() {
    let mut talk = complaint();
    talk.snapshot.conversation.unproven = true;
    assert_eq!(acts(&mut talk, ActionName::Respond), []);
    let reference = talk.record().reference.clone();
    let patch = ComplaintPatch {
        tell: Some("Dear Ann".to_owned()),
        ..ComplaintPatch::default()
    };
    let refused = talk.happen(EventKind::ComplaintAmended {
        agent: staff(),
        reference,
        patch: Box::new(patch),
        older: None,
    });
    assert!(
        matches!(refused, Err(Refusal::Record { field: "text", .. })),
        "{refused:?}"
    );
}
