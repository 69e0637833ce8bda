//! Whatever happens in whatever order: the invariants hold.

use super::*;
use crate::domain::{
    AssignedBy, Borrowed, BorrowedHow, DeferredAct, Linked, Remark,
    event::{Command, FailReason, Unkept},
};
use proptest::prelude::*;

#[derive(Clone, Debug)]
pub(super) enum Act {
    Says(&'static str),
    Chooses(&'static str),
    Photo,
    Wishes(Command, &'static str),
    SharesNumber,
    TooLarge,
    Retries(u8),
    Edits(u8, &'static str),
    Deletes(u8),
    Attaches(u8, bool),
    Forwards(&'static str, &'static str),
    Remarks(Remark),
    GoesOnElsewhere(bool),
    Presence(bool),
    Claims(u8),
    Given(u8),
    Replies(u8),
    Notes(u8),
    ToAgent(u8, u8),
    ToTeam(u8),
    Releases(u8),
    Resolves(u8),
    Reopens(u8),
    Defers(u8, u8),
    Undoes(u8),
    Labels(u8, bool),
    Snoozes(u8, Option<u16>),
    Wakes(u8),
    Rates(Option<u8>),
    Fires(TimerKind, u16),
    Delivers(u8),
    Fails(u8),
    Amends(u8),
    Recovers(bool),
    Climbs(&'static str),
}

pub(super) fn act() -> impl Strategy<Value = Act> {
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
        "I wrote to you on Telegram about NH-0000-002D-R",
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
        2 => (prop::sample::select(Command::ALL), prop::sample::select(vec!["", "the nurse shouted at my neighbour", "NH-0000-0000-0"])).prop_map(|(c, t)| Act::Wishes(c, t)),
        1 => Just(Act::SharesNumber),
        1 => Just(Act::TooLarge),
        1 => any::<u8>().prop_map(Act::Retries),
        1 => (any::<u8>(), texts.clone()).prop_map(|(n, t)| Act::Edits(n, t)),
        1 => any::<u8>().prop_map(Act::Deletes),
        1 => (any::<u8>(), any::<bool>()).prop_map(|(n, came)| Act::Attaches(n, came)),
        2 => (prop::sample::select(vec!["", "what should I do?"]), texts.clone()).prop_map(|(own, t)| Act::Forwards(own, t)),
        1 => prop::sample::select(Remark::ALL).prop_map(Act::Remarks),
        1 => any::<bool>().prop_map(Act::GoesOnElsewhere),
        1 => any::<bool>().prop_map(Act::Presence),
        3 => who.clone().prop_map(Act::Claims),
        2 => who.clone().prop_map(Act::Given),
        3 => who.clone().prop_map(Act::Replies),
        1 => who.clone().prop_map(Act::Notes),
        1 => (who.clone(), 0_u8..3).prop_map(|(a, b)| Act::ToAgent(a, b)),
        1 => who.clone().prop_map(Act::ToTeam),
        1 => who.clone().prop_map(Act::Releases),
        2 => who.clone().prop_map(Act::Resolves),
        1 => who.clone().prop_map(Act::Reopens),
        3 => (who.clone(), 0_u8..4).prop_map(|(n, what)| Act::Defers(n, what)),
        1 => who.clone().prop_map(Act::Undoes),
        1 => (who.clone(), any::<bool>()).prop_map(|(n, on)| Act::Labels(n, on)),
        2 => (who.clone(), prop::option::of(0_u16..1000)).prop_map(|(n, s)| Act::Snoozes(n, s)),
        1 => who.clone().prop_map(Act::Wakes),
        1 => prop::option::of(0_u8..7).prop_map(Act::Rates),
        3 => (prop::sample::select(TimerKind::ALL.to_vec()), 0_u16..1000).prop_map(|(t, s)| Act::Fires(t, s)),
        1 => any::<u8>().prop_map(Act::Delivers),
        1 => any::<u8>().prop_map(Act::Fails),
        1 => who.prop_map(Act::Amends),
        1 => any::<bool>().prop_map(Act::Recovers),
        1 => prop::sample::select(vec!["long_wait", "surge", "of_yesterday"]).prop_map(Act::Climbs),
    ]
}

pub(super) fn kind(talk: &mut Talk, act: &Act) -> EventKind {
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
        Act::Wishes(command, text) => {
            let mut inbound = talk.inbound(text, None);
            inbound.command = Some(*command);
            inbound.place = Some("somewhere".into());
            EventKind::Message(Box::new(inbound))
        }
        Act::SharesNumber => EventKind::Message(Box::new(Inbound {
            own_number: true,
            ..talk.inbound("+447700900111", None)
        })),
        Act::TooLarge => EventKind::Message(Box::new(Inbound {
            unkept: vec![Unkept::TooLarge],
            ..talk.inbound("", None)
        })),
        Act::Retries(n) => EventKind::DeliveryRetried {
            agent: who(&2),
            message: some_message(talk, *n),
        },
        Act::Edits(n, text) => EventKind::Edited {
            target: some_message(talk, *n),
            text: (*text).to_owned(),
            signals: Box::new(RULES.read(text, talk.at)),
        },
        Act::Deletes(n) => EventKind::Deleted {
            target: some_message(talk, *n),
            by_writer: n % 2 == 0,
        },
        Act::Attaches(n, came) => EventKind::Attached {
            target: some_message(talk, *n),
            attachments: Vec::new(),
            unkept: if *came {
                Vec::new()
            } else {
                vec![Unkept::Unavailable]
            },
            borrowed: if n % 3 == 0 {
                let mut words = Borrowed::new(BorrowedHow::File, None, "I want to die");
                words.danger = Some(crate::domain::RedFlag::SelfHarm);
                vec![words]
            } else {
                Vec::new()
            },
        },
        Act::Forwards(own, passed_on) => {
            let mut inbound = talk.inbound(own, None);
            let mut borrowed = Borrowed::new(BorrowedHow::Forwarded, None, *passed_on);
            borrowed.danger = RULES.read(passed_on, talk.at).red_flag;
            inbound.borrowed.push(borrowed);
            EventKind::Message(Box::new(inbound))
        }
        Act::Remarks(remark) => EventKind::Remarked {
            remark: *remark,
            detail: Some("\u{2764}".to_owned()),
        },
        Act::GoesOnElsewhere(quiet) => {
            let mine = talk.snapshot.conversation.complaint.clone();
            let other = || crate::domain::complaint::Reference::from_bits(1);
            let to = Linked {
                conversation: ConversationId(uuid::Uuid::from_u128(2)),
                inbox: "telegram".to_owned(),
                reference: mine.unwrap_or_else(other),
                at: talk.at,
            };
            EventKind::CarriedOn { to, quiet: *quiet }
        }
        Act::Presence(online) => EventKind::Presence { online: *online },
        Act::Claims(n) => EventKind::Claimed { agent: who(n) },
        Act::Replies(n) => EventKind::Replied {
            agent: who(n),
            external_id: format!("r{}", talk.turn),
            text: "I'm here".into(),
            suggestion: None,
            offered: Vec::new(),
            attachments: Vec::new(),
            anyway: Vec::new(),
        },
        Act::Notes(n) => EventKind::Noted {
            agent: who(n),
            external_id: format!("n{}", talk.turn),
            text: "knows the ward".into(),
            whisper: n % 2 == 0,
            mentions: vec![who(&0)],
        },
        Act::Given(n) => EventKind::Assigned {
            agent: who(n),
            by: AssignedBy::LeastLoaded,
        },
        Act::ToAgent(a, b) => EventKind::Transferred {
            agent: who(a),
            to: TransferTarget::Agent(who(b)),
            reason: None,
        },
        Act::ToTeam(n) => EventKind::Transferred {
            agent: who(n),
            to: TransferTarget::Team("complaints team".into()),
            reason: Some("knows the ward".into()),
        },
        Act::Releases(n) => EventKind::Released { agent: who(n) },
        Act::Resolves(n) => EventKind::Resolved { agent: who(n) },
        Act::Reopens(n) => EventKind::Reopened { agent: who(n) },
        Act::Defers(n, what) => EventKind::Deferred {
            agent: who(n),
            act: match what {
                0 => DeferredAct::Resolve,
                1 => DeferredAct::Release,
                2 => DeferredAct::Transfer {
                    to: TransferTarget::Agent(who(&((n + 1) % 3))),
                    reason: None,
                },
                _ => DeferredAct::Transfer {
                    to: TransferTarget::Team("complaints team".into()),
                    reason: Some("knows the ward".into()),
                },
            },
        },
        Act::Undoes(n) => EventKind::Undone { agent: who(n) },
        Act::Labels(n, on) => {
            let (label, none) = (vec!["parking".to_owned()], Vec::new());
            let (add, remove) = if *on { (label, none) } else { (none, label) };
            EventKind::Labelled {
                agent: who(n),
                add,
                remove,
            }
        }
        Act::Snoozes(n, seconds) => EventKind::Snoozed {
            agent: who(n),
            until: seconds.map(|s| talk.at.plus_seconds(i64::from(s))),
        },
        Act::Wakes(n) => EventKind::Woken { agent: who(n) },
        Act::Rates(rating) => EventKind::Rated {
            rating: *rating,
            words: None,
        },
        Act::Fires(timer, seconds) => {
            talk.at = talk.at.plus_seconds(i64::from(*seconds));
            EventKind::Timer { timer: *timer }
        }
        Act::Delivers(n) => EventKind::Delivered {
            upto: some_message(talk, *n),
            external: Vec::new(),
        },
        Act::Fails(n) => EventKind::DeliveryFailed {
            message: some_message(talk, *n),
            reason: FailReason::Blocked,
        },
        Act::Recovers(elsewhere) => super::waiting::recovered(*elsewhere),
        Act::Climbs(rung) => super::contingency::began(rung),
        Act::Amends(n) => {
            let patch = crate::domain::ComplaintPatch {
                severity: Some(2),
                status: Some(crate::domain::ComplaintStatus::Acknowledged),
                ..Default::default()
            };
            let mine = talk.snapshot.conversation.complaint.clone();
            let other = || crate::domain::complaint::Reference::from_bits(1);
            let reference = mine.unwrap_or_else(other);
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
                EventKind::Message(m) => {
                    m.signals.red_flag.is_some() || m.borrowed_danger().is_some()
                }
                EventKind::Edited { signals, .. } => signals.red_flag.is_some(),
                _ => false,
            };
            if let EventKind::Message(m) = &kind {
                heard.push(m.external_id.clone());
            }
            // What an agent asked for is said when its time has come, and that nobody answered.
            let said = [TimerKind::UndoWindow, TimerKind::Unanswered];
            let timer = matches!(kind, EventKind::Timer { timer } if !said.contains(&timer));
            let kind_of = kind.name();
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
            if matches!(kind_of, "message") && before.status != Status::Assigned {
                prop_assert!(bot >= 1, "{:?} was left without an answer", act);
            }
            if danger {
                prop_assert!(bot >= 1, "danger without a safety message");
            }
            // What is to happen can be taken back as long as its timer runs, and no longer.
            prop_assert_eq!(state.deferred.as_ref().map(|d| d.due), state.timers.get(&TimerKind::UndoWindow).copied());
            // What is put off is somebody's, comes back at its time, and never stays away once the person has written.
            prop_assert!(state.snoozed.is_none() || state.status == Status::Assigned);
            prop_assert!(state.snoozed.is_none() || !by_person);
            prop_assert_eq!(state.snoozed.as_ref().and_then(|s| s.until), state.timers.get(&TimerKind::Snooze).copied());
            // Whoever is waited for has it.
            prop_assert!(!state.timers.contains_key(&TimerKind::Unanswered) || state.status == Status::Assigned);
            prop_assert!(state.assigned_by.is_none() || state.status == Status::Assigned);
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
