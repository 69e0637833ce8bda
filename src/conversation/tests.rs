//! Conversations as stories, and random interleavings of everything that can happen.

use super::*;
use crate::domain::{
    AgentId, AgentRef, Author, Complaint, Conversation, ConversationId, DeskStatus, Effect,
    EventId, Message, MessageId, Role, Slot, Status, Timestamp,
    complaint::{Consent, PublicStatus},
    conversation::{Priority, Waiting},
    event::{Inbound, TimerKind, TransferTarget},
};
use crate::flow::Texts;
use proptest::prelude::*;
use std::sync::LazyLock;

static RULES: LazyLock<Rulebook> = LazyLock::new(|| {
    Rulebook::load(&Texts::built_in(), "GB", None).expect("the shipped flows are right")
});

/// Tuesday 24 November 2026, ten in the morning.
const START: Timestamp = Timestamp(1_795_514_400_000_000);

/// A conversation played against the core alone.
struct Talk {
    snapshot: Snapshot,
    at: Timestamp,
    turn: u64,
    desk: DeskStatus,
    messages: Vec<Message>,
    log: Vec<Event>,
    asked: Vec<Slot>,
    effects: Vec<Effect>,
}

impl Talk {
    fn new() -> Self {
        let conversation = Conversation::new(
            ConversationId(uuid::Uuid::from_u128(1)),
            "http",
            "someone",
            START,
        );
        let desk = DeskStatus {
            online: 1,
            open: true,
            opens: String::new(),
            usual_wait: None,
        };
        Self {
            snapshot: Snapshot {
                conversation,
                complaint: None,
            },
            at: START,
            turn: 0,
            desk,
            messages: Vec::new(),
            log: Vec::new(),
            asked: Vec::new(),
            effects: Vec::new(),
        }
    }

    fn event(&mut self, kind: EventKind) -> Event {
        self.turn += 1;
        self.at = self.at.plus_seconds(7);
        let id = EventId(uuid::Uuid::from_u128(
            0x0192_0000_0000_7000_8000_0000_0000_0000 + (u128::from(self.turn) << 8),
        ));
        Event {
            id,
            at: self.at,
            desk: self.desk.clone(),
            kind,
        }
    }

    fn happen(&mut self, kind: EventKind) -> Result<Vec<Message>, Refusal> {
        let event = self.event(kind);
        let decision = step(&self.snapshot, &event, &RULES.context())?;
        self.snapshot = decision.snapshot;
        self.log.push(event);
        self.effects.clone_from(&decision.effects);
        let written: Vec<Message> = decision
            .effects
            .into_iter()
            .filter_map(|e| {
                if let Effect::Write(m) = e {
                    Some(m)
                } else {
                    None
                }
            })
            .collect();
        self.messages.extend(written.iter().cloned());
        Ok(written)
    }

    fn inbound(&self, text: &str, choice: Option<&str>) -> Inbound {
        Inbound {
            external_id: format!("m{}", self.turn),
            sender_name: None,
            text: text.to_owned(),
            choice: choice.map(str::to_owned),
            attachments: Vec::new(),
            signals: RULES.read(text, self.at),
            known_references: Vec::new(),
        }
    }

    fn says(&mut self, text: &str) -> String {
        let inbound = self.inbound(text, None);
        self.send(inbound)
    }

    fn chooses(&mut self, value: &str) -> String {
        let inbound = self.inbound("", Some(value));
        self.send(inbound)
    }

    fn send(&mut self, inbound: Inbound) -> String {
        let before = self.snapshot.conversation.awaiting();
        let written = self
            .happen(EventKind::Message(Box::new(inbound)))
            .expect("people may always write");
        let awaiting = self.snapshot.conversation.awaiting();
        if let Some(slot) = awaiting.filter(|a| Some(*a) != before) {
            self.asked.push(slot);
        }
        written
            .iter()
            .filter(|m| m.from == Author::Bot)
            .map(|m| m.text.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn awaiting(&self) -> Option<Slot> {
        self.snapshot.conversation.awaiting()
    }

    fn status(&self) -> Status {
        self.snapshot.conversation.status
    }

    fn record(&self) -> &Complaint {
        self.snapshot
            .complaint
            .as_ref()
            .expect("a complaint is on record")
    }
}

fn agent(n: u128, name: &str, role: Role) -> AgentRef {
    AgentRef {
        id: AgentId(uuid::Uuid::from_u128(n)),
        name: name.to_owned(),
        role,
    }
}

/// Plays a person: opens, then answers the slot that is awaited from what they know.
fn play(opening: &str, facts: &[(Slot, &str)]) -> Talk {
    let mut talk = Talk::new();
    talk.says(opening);
    for _ in 0..20 {
        let Some(slot) = talk.awaiting() else { break };
        let fact = facts
            .iter()
            .find(|(s, _)| *s == slot)
            .map_or("I don't know", |(_, f)| *f);
        talk.says(fact);
    }
    talk
}

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
            .starts_with("Hello, my neighbour's home nurse shouted at me")
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
    assert_eq!(talk.asked, [Slot::Consent, Slot::AnythingElse]);
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
        talk.snapshot.conversation.told[&Slot::ComplainantName].text,
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
    talk.desk = DeskStatus {
        online: 0,
        open: false,
        opens: "tomorrow at 08:00".into(),
        usual_wait: None,
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

#[derive(Clone, Debug)]
enum Act {
    Says(&'static str),
    Chooses(&'static str),
    Photo,
    Edits(u8, &'static str),
    Deletes(u8),
    Presence(bool),
    Claims(u8),
    Replies(u8),
    Notes(u8),
    ToAgent(u8, u8),
    ToTeam(u8),
    Releases(u8),
    Resolves(u8),
    Reopens(u8),
    Fires(TimerKind, u16),
    Delivers(u8),
    Fails(u8),
    Amends(u8),
}

fn act() -> impl Strategy<Value = Act> {
    let texts = prop::sample::select(vec![
        "hello",
        "your nurse shouted at me yesterday",
        "I'm a neighbour",
        "yes",
        "no",
        "I don't know",
        "skip",
        "last Tuesday",
        "Ann Smith",
        "ann@example.org",
        "I want a person",
        "please call me back",
        "07700 900111",
        "I want to kill myself",
        "are you a bot?",
        "when does visiting start?",
        "thanks",
        "bye",
        "never mind",
        "qwerty zxcv",
        "why do you need that?",
        "actually it was Monday",
        "please thank the porter",
        "",
        "NH-0000-0000-0",
        "مرحبا كيف حالك",
    ]);
    let choices = prop::sample::select(vec![
        "complaint",
        "information",
        "speak_to_human",
        "stay",
        "later",
        "callback",
        "anonymous",
        "neighbour",
        "yes",
        "no",
        "nonsense",
    ]);
    let who = 0_u8..3;
    prop_oneof![
        12 => texts.clone().prop_map(Act::Says),
        4 => choices.prop_map(Act::Chooses),
        1 => Just(Act::Photo),
        1 => (any::<u8>(), texts).prop_map(|(n, t)| Act::Edits(n, t)),
        1 => any::<u8>().prop_map(Act::Deletes),
        1 => any::<bool>().prop_map(Act::Presence),
        3 => who.clone().prop_map(Act::Claims),
        3 => who.clone().prop_map(Act::Replies),
        1 => who.clone().prop_map(Act::Notes),
        1 => (who.clone(), 0_u8..3).prop_map(|(a, b)| Act::ToAgent(a, b)),
        1 => who.clone().prop_map(Act::ToTeam),
        1 => who.clone().prop_map(Act::Releases),
        2 => who.clone().prop_map(Act::Resolves),
        1 => who.clone().prop_map(Act::Reopens),
        3 => (prop::sample::select(vec![TimerKind::CheckIn, TimerKind::PickupTarget]), 0_u16..1000).prop_map(|(t, s)| Act::Fires(t, s)),
        1 => any::<u8>().prop_map(Act::Delivers),
        1 => any::<u8>().prop_map(Act::Fails),
        1 => who.prop_map(Act::Amends),
    ]
}

fn kind(talk: &mut Talk, act: &Act) -> EventKind {
    let team = [
        agent(1, "Priya Shah", Role::Agent),
        agent(2, "Tom Reed", Role::Agent),
        agent(3, "Mo Bell", Role::Supervisor),
    ];
    let who = |n: &u8| team[usize::from(*n)].clone();
    let some_message = |talk: &Talk, n: u8| {
        talk.messages
            .get(usize::from(n) % talk.messages.len().max(1))
            .map_or(MessageId(uuid::Uuid::nil()), |m| m.id)
    };
    match act {
        Act::Says(text) => EventKind::Message(Box::new(talk.inbound(text, None))),
        Act::Chooses(value) => EventKind::Message(Box::new(talk.inbound("", Some(value)))),
        Act::Photo => {
            let mut inbound = talk.inbound("", None);
            let id = crate::domain::AttachmentId(uuid::Uuid::from_u128(u128::from(talk.turn)));
            inbound.attachments.push(crate::domain::AttachmentRef {
                id,
                name: "a.jpg".into(),
                media_type: "image/jpeg".into(),
                size: 3,
            });
            EventKind::Message(Box::new(inbound))
        }
        Act::Edits(n, text) => EventKind::Edited {
            target: some_message(talk, *n),
            text: (*text).to_owned(),
            signals: Box::new(RULES.read(text, talk.at)),
        },
        Act::Deletes(n) => EventKind::Deleted {
            target: some_message(talk, *n),
        },
        Act::Presence(online) => EventKind::Presence { online: *online },
        Act::Claims(n) => EventKind::Claimed { agent: who(n) },
        Act::Replies(n) => EventKind::Replied {
            agent: who(n),
            external_id: format!("r{}", talk.turn),
            text: "I'm here".into(),
            suggestion: None,
        },
        Act::Notes(n) => EventKind::Noted {
            agent: who(n),
            external_id: format!("n{}", talk.turn),
            text: "knows the ward".into(),
        },
        Act::ToAgent(a, b) => EventKind::Transferred {
            agent: who(a),
            to: TransferTarget::Agent(who(b)),
        },
        Act::ToTeam(n) => EventKind::Transferred {
            agent: who(n),
            to: TransferTarget::Team("complaints team".into()),
        },
        Act::Releases(n) => EventKind::Released { agent: who(n) },
        Act::Resolves(n) => EventKind::Resolved { agent: who(n) },
        Act::Reopens(n) => EventKind::Reopened { agent: who(n) },
        Act::Fires(timer, seconds) => {
            talk.at = talk.at.plus_seconds(i64::from(*seconds));
            EventKind::Timer { timer: *timer }
        }
        Act::Delivers(n) => EventKind::Delivered {
            upto: some_message(talk, *n),
        },
        Act::Fails(n) => EventKind::DeliveryFailed {
            message: some_message(talk, *n),
            reason: "gone".into(),
        },
        Act::Amends(n) => {
            let patch = crate::domain::ComplaintPatch {
                severity: Some(2),
                status: Some(crate::domain::ComplaintStatus::Acknowledged),
                ..Default::default()
            };
            let reference = talk
                .snapshot
                .conversation
                .complaint
                .clone()
                .unwrap_or_else(|| crate::domain::complaint::Reference::from_bits(1));
            EventKind::ComplaintAmended {
                agent: who(n),
                reference,
                patch: Box::new(patch),
                older: None,
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_in_whatever_order_the_invariants_hold(acts in prop::collection::vec(act(), 1..40)) {
        let mut talk = Talk::new();
        let mut heard: Vec<String> = Vec::new();
        for act in &acts {
            let before = talk.snapshot.conversation.clone();
            let kind = kind(&mut talk, act);
            let by_person = matches!(kind, EventKind::Message(_) | EventKind::Edited { .. });
            let danger = match &kind {
                EventKind::Message(m) => m.signals.red_flag.is_some(),
                EventKind::Edited { signals, .. } => signals.red_flag.is_some(),
                _ => false,
            };
            if let EventKind::Message(m) = &kind {
                heard.push(m.external_id.clone());
            }
            let timer = matches!(kind, EventKind::Timer { .. });
            let Ok(written) = talk.happen(kind) else {
                prop_assert_eq!(&talk.snapshot.conversation, &before, "a refusal changes nothing");
                continue;
            };
            let state = &talk.snapshot.conversation;
            let bot = written.iter().filter(|m| m.from == Author::Bot).count();
            // Silence while a person has it.
            if before.status == Status::Assigned && (by_person || timer) && !danger {
                prop_assert_eq!(bot, 0, "the bot spoke while a person had the conversation");
            }
            // Never without an answer while the bot has it.
            if matches!(act, Act::Says(_) | Act::Chooses(_) | Act::Photo) && before.status != Status::Assigned {
                prop_assert!(bot >= 1, "{:?} was left without an answer", act);
            }
            if danger {
                prop_assert!(bot >= 1, "danger without a safety message");
            }
            // Exactly one state, and its parts fit.
            prop_assert_eq!(state.holder.is_some(), state.status == Status::Assigned);
            prop_assert_eq!(state.queue.is_some(), state.status == Status::Queued);
            prop_assert!(state.run.is_none() || matches!(state.status, Status::Bot | Status::Queued));
            prop_assert!(written.iter().all(|m| !m.text.to_lowercase().contains("please hold")));
            prop_assert!(written.iter().filter(|m| m.from == Author::Bot).all(|m| m.text.contains(' ') && !m.text.contains("{{")), "a phrase is missing: {:?}", written);
        }
        // Nothing lost, nothing out of order: the person's messages are there as they came, and ids rise.
        let theirs = talk.messages.iter().filter(|m| m.from == Author::Contact).count();
        prop_assert_eq!(theirs, heard.len());
        prop_assert!(talk.messages.windows(2).all(|w| w[0].id < w[1].id));
        // The log alone gives the same state, byte for byte, also after a trip through JSON.
        let mut replay = Talk::new();
        for event in &talk.log {
            let stored = serde_json::to_string(event).expect("it was written well");
            let event: Event = serde_json::from_str(&stored).expect("it was written well");
            let decision = step(&replay.snapshot, &event, &RULES.context()).expect("it was written well");
            replay.snapshot = decision.snapshot;
        }
        let bytes = |s: &Snapshot| (serde_json::to_string(&s.conversation).expect("it was written well"), serde_json::to_string(&s.complaint).expect("it was written well"));
        prop_assert_eq!(bytes(&replay.snapshot), bytes(&talk.snapshot));
    }
}
