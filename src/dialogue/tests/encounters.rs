//! Given a conversation, when this arrives, then that: danger, questions, waiting, people taking over.

use super::*;

#[test]
fn danger_is_answered_first_and_nobody_is_interviewed() {
    let mut talk = Talk::new();
    let answer = talk.says("I can't go on, I want to end it all");
    assert!(
        answer.contains("999") && answer.contains("116 123"),
        "{answer}"
    );
    assert_eq!(talk.status(), Status::Queued);
    assert_eq!(talk.awaiting(), None);
    let entry = talk.snapshot.conversation.queue.as_ref().expect("queued");
    assert_eq!(entry.priority, Priority::Emergency);
    assert!(
        talk.effects
            .iter()
            .any(|e| matches!(e, Effect::Alert(crate::domain::Alert::Danger { .. })))
    );
    let answer = talk.says("I'm fine, I was just joking");
    assert!(!answer.is_empty());
    assert!(
        talk.snapshot.conversation.red_flag.is_some(),
        "a denial lowers nothing until a person has looked"
    );
}

#[test]
fn danger_in_the_middle_of_a_persons_talk_still_gets_its_safety_message() {
    let mut talk = Talk::new();
    talk.says("I want to speak to a person");
    talk.happen(EventKind::Claimed {
        agent: agent(1, "Priya Shah", Role::Agent),
    })
    .expect("free");
    assert_eq!(talk.says("thank you"), "");
    let answer = talk.says("my chest pain is getting worse, I can't breathe");
    assert!(answer.contains("999"), "{answer}");
    assert_eq!(talk.status(), Status::Assigned);
}

#[test]
fn nobody_learns_from_us_whether_somebody_is_a_patient() {
    let mut talk = Talk::new();
    for question in [
        "Is Mr Albert Finch a patient of yours?",
        "can you tell me if my neighbour is in your care",
        "why does my neighbour have a nurse coming to the house?",
    ] {
        let answer = talk.says(question).to_lowercase();
        assert!(
            answer.contains("can't say whether anyone is"),
            "{question}: {answer}"
        );
    }
}

#[test]
fn the_second_time_that_we_do_not_understand_a_person_comes() {
    let mut talk = Talk::new();
    let first = talk.says("blue elephants walk tuesday sideways");
    assert!(first.contains("not sure I've understood"), "{first}");
    let second = talk.says("purple");
    assert!(second.contains("bringing in a person"), "{second}");
    assert_eq!(talk.status(), Status::Queued);
}

#[test]
fn the_bot_answers_questions_from_the_facts() {
    let mut talk = Talk::new();
    assert!(
        talk.says("when does visiting start?")
            .contains("10 am to 8 pm")
    );
    assert!(talk.says("is there parking?").contains("Brook Lane"));
    assert_eq!(talk.status(), Status::Bot);
}

#[test]
fn odd_messages_get_a_sensible_answer() {
    let long = "help ".repeat(3_276);
    for text in [
        "",
        "   ",
        "\u{7}\u{8}",
        "🙂",
        "?",
        "مرحبا كيف حالك اليوم يا صديقي",
        &long,
        "....",
        "<script>alert(1)</script>",
    ] {
        let mut talk = Talk::new();
        let answer = talk.says(text);
        assert!(answer.len() > 20, "{text:?}: {answer}");
        assert!(!answer.contains("alert(1)"));
    }
    let mut talk = Talk::new();
    let mut photo = talk.inbound("", None);
    photo.attachments.push(crate::domain::AttachmentRef {
        id: crate::domain::AttachmentId(uuid::Uuid::nil()),
        name: "leg.jpg".into(),
        media_type: "image/jpeg".into(),
        size: 9,
    });
    assert!(
        talk.send(photo)
            .contains("What would you like us to know about it?")
    );
}

#[test]
fn a_correction_changes_what_was_told_and_the_question_stands() {
    let mut talk = Talk::new();
    talk.says("The nurse shouted at my mother last Tuesday in the day room");
    assert_eq!(talk.record().incident.from.as_deref(), Some("2026-11-17"));
    let question = talk.awaiting();
    let answer = talk.says("sorry, I meant Wednesday");
    assert!(answer.contains("changed that"), "{answer}");
    assert_eq!(talk.record().incident.from.as_deref(), Some("2026-11-18"));
    assert_eq!(talk.awaiting(), question);
}

#[test]
fn while_they_wait_they_choose_how_and_are_asked_after_twice_at_most() {
    let mut talk = Talk::new();
    let answer = talk.says("can I speak to a person please");
    assert!(!answer.to_lowercase().contains("hold"), "{answer}");
    let choices: Vec<_> = talk
        .messages
        .last()
        .expect("an answer")
        .choices
        .iter()
        .map(|c| c.value.as_str())
        .collect();
    assert_eq!(choices, ["stay", "later", "callback"]);
    for round in 0..4 {
        talk.at = talk.at.plus_seconds(900);
        let said = talk
            .happen(EventKind::Timer {
                timer: TimerKind::CheckIn,
            })
            .expect("timers are never refused");
        assert_eq!(said.len(), usize::from(round < 2), "round {round}");
    }
    talk.happen(EventKind::Timer {
        timer: TimerKind::PickupTarget,
    })
    .expect("never refused");
    assert!(
        talk.snapshot
            .conversation
            .queue
            .as_ref()
            .is_some_and(|q| q.overdue)
    );
    assert!(talk.chooses("callback").contains("Which number"));
    assert!(talk.says("07700 900123").contains("When suits"));
    talk.says("tomorrow afternoon");
    assert_eq!(
        talk.snapshot.conversation.queue.as_ref().map(|q| q.waiting),
        Some(Waiting::Callback)
    );
    assert_eq!(talk.status(), Status::Queued);
}

#[test]
fn out_of_hours_it_is_said_plainly_with_when() {
    let mut talk = Talk::new();
    talk.at = START.plus_seconds(12 * 3600);
    talk.desk = DeskStatus {
        online: 0,
        open: false,
        usual_wait: None,
        ..DeskStatus::default()
    };
    let answer = talk.says("I need to talk to a human");
    assert!(answer.contains("tomorrow at 08:00"), "{answer}");
}

#[test]
fn whoever_has_the_reference_learns_how_it_stands_and_nothing_else() {
    let other = play(
        "Your driver shouted at me yesterday on the High Street, he nearly ran me over",
        &[(Slot::AnythingElse, "no")],
    );
    let status: PublicStatus = crate::complaint::public_status(other.record());
    let mut talk = Talk::new();
    let mut inbound = talk.inbound(&format!("any news on {}?", status.reference), None);
    inbound.known_references.push(status.clone());
    let answer = talk.send(inbound);
    assert!(
        answer.contains(status.reference.as_str())
            && answer.contains("on record")
            && !answer.contains("driver"),
        "{answer}"
    );
    let unknown = crate::domain::complaint::Reference::from_bits(77);
    assert!(
        talk.says(&format!("and {unknown}?"))
            .contains("no complaint with the reference")
    );
}

#[test]
fn a_message_to_a_resolved_conversation_takes_it_up_again() {
    let mut talk = Talk::new();
    talk.says("a person please");
    let priya = agent(1, "Priya Shah", Role::Agent);
    talk.happen(EventKind::Claimed {
        agent: priya.clone(),
    })
    .expect("free");
    talk.happen(EventKind::Resolved { agent: priya })
        .expect("hers");
    assert_eq!(talk.status(), Status::Resolved);
    assert!(talk.says("when does visiting start?").contains("10 am"));
    assert_eq!(talk.status(), Status::Bot);
}

#[test]
fn of_two_who_claim_one_gets_it_and_the_other_is_told_who() {
    let mut talk = Talk::new();
    talk.says("a person please");
    talk.happen(EventKind::Claimed {
        agent: agent(1, "Priya Shah", Role::Agent),
    })
    .expect("first");
    let refused = talk.happen(EventKind::Claimed {
        agent: agent(2, "Tom Reed", Role::Supervisor),
    });
    assert_eq!(
        refused.expect_err("second"),
        Refusal::Held {
            holder: "Priya Shah".into()
        }
    );
}

#[test]
fn a_question_while_waiting_gets_an_honest_word_about_the_wait() {
    let mut talk = Talk::new();
    talk.says("I want a person");
    assert!(
        talk.says("how long will that take?")
            .contains("won't guess one")
    );
    talk.desk.usual_wait = Some(150);
    let answer = talk.says("are they coming?");
    assert!(answer.contains("within 3 minutes"), "{answer}");
}

#[test]
fn a_compliment_is_passed_on_and_nobody_is_told_to_wait() {
    let mut talk = Talk::new();
    let answer = talk.says("please thank the porter who stayed with my dad");
    assert!(answer.contains("it will make their day"), "{answer}");
    let state = &talk.snapshot.conversation;
    assert_eq!(
        state.queue.as_ref().map(|q| q.waiting),
        Some(Waiting::Later)
    );
    let clocks: Vec<(TimerKind, Timestamp)> = state.timers.clone().into_iter().collect();
    let due = talk.at.plus_seconds(14_400);
    assert_eq!(
        clocks,
        [(TimerKind::PickupTarget, due)],
        "nobody waits in the chat, and nothing that is passed on is forgotten"
    );
}

#[test]
fn whoever_asks_to_be_rung_waits_for_the_call_and_is_not_asked_after() {
    let mut talk = Talk::new();
    talk.says("please call me back on 07700 900123");
    talk.says("any time");
    let state = &talk.snapshot.conversation;
    assert_eq!(
        state.queue.as_ref().map(|q| q.waiting),
        Some(Waiting::Callback)
    );
    assert!(!state.timers.contains_key(&TimerKind::CheckIn));
}

#[test]
fn whoever_asks_for_a_person_again_is_told_that_one_is_coming() {
    let mut talk = Talk::new();
    talk.says("I want a person");
    let since = talk.snapshot.conversation.queue.as_ref().map(|q| q.since);
    assert!(
        talk.says("I want a person!")
            .contains("in line for a person")
    );
    let place = talk.snapshot.conversation.queue.as_ref().map(|q| q.since);
    assert_eq!(place, since, "asking again costs nobody their place");
}

#[test]
fn a_timer_that_nobody_set_is_let_go_and_not_fired_for_ever() {
    let mut talk = Talk::new();
    talk.says("hello");
    let timer = TimerKind::CheckIn;
    talk.happen(EventKind::Timer { timer })
        .expect("timers are never refused");
    assert_eq!(talk.effects, [Effect::CancelTimer { timer }]);
}

#[test]
fn whoever_writes_in_another_language_gets_a_word_in_it_and_a_person() {
    let mut talk = Talk::new();
    let answer = talk.says("Bonjour, ma mère est tombée et personne ne répond au téléphone");
    assert!(answer.contains("une personne de notre équipe"), "{answer}");
    assert!(answer.contains("999"), "the number stands in it: {answer}");
    assert_eq!(talk.status(), Status::Queued);
}

#[test]
fn a_complaint_in_spanish_is_on_record_and_danger_is_answered_in_spanish() {
    let mut talk = Talk::new();
    let answer = talk.says("La enfermera de mi vecino me gritó ayer en la escalera");
    assert!(answer.contains("su referencia es NH-"), "{answer}");
    assert!(answer.contains('¿'), "and it goes on in Spanish: {answer}");
    assert_eq!(talk.status(), Status::Bot);
    let record = talk.record();
    assert!(record.incident.narrative.contains("me gritó"));
    let mut talk = Talk::new();
    let answer = talk.says("quiero morirme");
    assert!(
        answer.contains("Me alegro mucho de que me lo haya dicho"),
        "{answer}"
    );
    assert!(answer.contains("999"), "{answer}");
}
