use super::*;
use crate::domain::{
    ActionName, Complaint, ComplaintAction, ComplaintPatch, ComplaintStatus, Conversation,
    ConversationId, Timestamp,
    complaint::{Reference, ReferenceError},
};
use proptest::prelude::*;

fn england() -> Profile {
    shipped("england-nhs")
}

const PROFILES: [&str; 7] = [
    "england-nhs",
    "scotland-nhs",
    "us-hospital",
    "us-home-health",
    "us-medicare-plan",
    "eu-whistleblowing",
    "default",
];

fn shipped(name: &str) -> Profile {
    let texts = crate::flow::Texts::built_in();
    let text = texts
        .get(&format!("profiles/{name}.yaml"))
        .expect("shipped");
    let calendar = |name: &str| {
        let text = texts.get(&format!("profiles/holidays/{name}.yaml"));
        text.map(str::to_owned).map_err(|e| e.to_string())
    };
    Profile::parse(text, calendar).expect("shipped profile")
}

fn somebody() -> crate::domain::AgentRef {
    crate::domain::AgentRef {
        id: crate::domain::AgentId(uuid::Uuid::nil()),
        name: "Priya Shah".to_owned(),
        role: crate::domain::Role::Agent,
    }
}

fn at(text: &str) -> Timestamp {
    text.parse::<jiff::Timestamp>().expect("a time").into()
}

#[test]
fn three_working_days_leave_out_christmas_and_the_weekend() {
    // Wednesday 23 December 2026: 24th is the first; 25th holiday, 26th and 27th weekend, 28th holiday; 29th second,
    // 30th third.
    let deadlines = england().deadlines(at("2026-12-23T10:00:00Z"));
    assert_eq!(deadlines[0].due_at.rfc3339(), "2026-12-30T23:59:59Z");
    assert_eq!(
        deadlines[1].due_at.rfc3339(),
        "2027-06-23T22:59:59Z",
        "six months on, in summer time"
    );
}

#[test]
fn good_friday_and_easter_monday_are_no_working_days() {
    let deadlines = england().deadlines(at("2026-04-02T10:00:00Z"));
    assert_eq!(deadlines[0].due_at.rfc3339(), "2026-04-09T22:59:59Z");
}

#[test]
fn a_complaint_late_in_the_evening_counts_from_the_local_day() {
    // 23:30 UTC on 9 July is already the 10th in London.
    let deadlines = england().deadlines(at("2026-07-09T23:30:00Z"));
    assert_eq!(deadlines[0].due_at.rfc3339(), "2026-07-15T22:59:59Z");
}

#[test]
fn a_period_that_cannot_be_read_says_how_to_write_it() {
    let error = "three days".parse::<Period>().expect_err("not a period");
    assert!(error.contains("3 working days"), "{error}");
}

proptest! {
    #[test]
    fn any_reference_is_read_back_however_it_is_typed(bits in 0_u64..(1 << 40)) {
        let reference = Reference::from_bits(bits);
        prop_assert_eq!(reference.as_str().parse::<Reference>().expect("it was written well"), reference.clone());
        let sloppy = reference.as_str().to_lowercase().replace('-', " ").replace('0', "o");
        prop_assert_eq!(sloppy.parse::<Reference>().expect("it was written well"), reference);
    }

    #[test]
    fn every_single_mistyped_character_is_noticed(bits in 0_u64..(1 << 40), place in 0_usize..9, other in 0_usize..32) {
        let reference = Reference::from_bits(bits).to_string();
        let alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".as_bytes();
        let mut typed: Vec<u8> = reference.bytes().collect();
        let index = [3, 4, 5, 6, 8, 9, 10, 11, 13][place];
        prop_assume!(typed[index] != alphabet[other]);
        typed[index] = alphabet[other];
        prop_assert_eq!(String::from_utf8(typed).expect("it was written well").parse::<Reference>(), Err(ReferenceError::Check));
    }
}

#[test]
fn a_status_that_was_a_slip_leaves_no_deadline_met() {
    use ComplaintStatus::{Acknowledged, Closed, Investigating, Open};
    let noon = at("2026-11-24T12:00:00Z");
    let talk = Conversation::new(ConversationId(uuid::Uuid::nil()), "web", "x", noon);
    let mut complaint = open(Reference::from_bits(1), &talk, noon, &england());
    let mut met = |status: ComplaintStatus, day: &str| {
        let patch = ComplaintPatch {
            status: Some(status),
            ..ComplaintPatch::default()
        };
        let with = Amending {
            at: at(day),
            by: &somebody(),
            profile: &england(),
        };
        amend(&mut complaint, &patch, &with).expect("a status");
        let all = complaint.deadlines.iter();
        all.map(|d| d.met_at.map(Timestamp::rfc3339))
            .collect::<Vec<_>>()
    };
    let day = |text: &str| Some(text.to_owned());
    assert_eq!(
        met(Closed, "2026-11-25T09:00:00Z"),
        [day("2026-11-25T09:00:00Z"), day("2026-11-25T09:00:00Z")]
    );
    assert_eq!(
        met(Acknowledged, "2026-11-26T09:00:00Z"),
        [day("2026-11-25T09:00:00Z"), None],
        "what was done stays done"
    );
    assert_eq!(met(Open, "2026-11-27T09:00:00Z"), [None, None]);
    assert_eq!(
        met(Investigating, "2026-11-28T09:00:00Z"),
        [day("2026-11-28T09:00:00Z"), None]
    );
}

fn received(day: &str, profile: &Profile) -> Complaint {
    let at = at(day);
    let talk = Conversation::new(ConversationId(uuid::Uuid::nil()), "web", "x", at);
    open(Reference::from_bits(1), &talk, at, profile)
}

fn acted(
    c: &mut Complaint,
    profile: &Profile,
    day: &str,
    patch: &ComplaintPatch,
) -> Result<(), AmendError> {
    let with = Amending {
        at: at(day),
        by: &somebody(),
        profile,
    };
    amend(c, patch, &with)
}

fn due(c: &Complaint, clock: &str) -> String {
    let found = c.deadlines.iter().find(|d| d.name == clock);
    found.expect("a clock").due_at.rfc3339()
}

#[test]
fn the_worked_examples_of_every_profile_are_right_and_stand_in_the_documents() {
    let page = include_str!("../../docs/clocks.md");
    for name in PROFILES {
        let profile = shipped(name);
        assert_eq!(profile.name, name);
        assert!(!profile.examples.is_empty(), "{name} has examples");
        for e in &profile.examples {
            let mut c = received(&e.received, &profile);
            if let Some(day) = &e.acknowledged {
                let patch = ComplaintPatch {
                    action: Some(ActionName::Acknowledge.into()),
                    ..ComplaintPatch::default()
                };
                acted(&mut c, &profile, day, &patch).expect("acknowledged");
            }
            c.deadlines
                .extend(profile.started(&e.clock, at(&e.received)));
            assert_eq!(
                due(&c, &e.clock),
                e.due,
                "{name}: {} of {}: {}",
                e.clock,
                e.received,
                e.because
            );
            let acknowledged = e.acknowledged.as_deref().unwrap_or("");
            let row = format!(
                "| {name} | {} | {} | {acknowledged} | {} | {} |",
                e.received, e.clock, e.due, e.because
            );
            assert!(page.contains(&row), "docs/clocks.md lacks\n{row}");
        }
    }
}

#[test]
fn holidays_are_known_from_2024_to_2035() {
    for name in ["england-nhs", "scotland-nhs", "us-hospital"] {
        let profile = shipped(name);
        assert_eq!(profile.known_until(), Some(2035));
        for year in 2024..=2035 {
            let closed =
                (1..=12).flat_map(|m| (1..=28).map(move |d| jiff::civil::date(year, m, d)));
            let closed = closed
                .filter(|d| !profile.is_working_day(*d) && d.weekday().to_monday_zero_offset() < 5);
            assert!(closed.count() >= 4, "{name}: {year}");
        }
    }
}

#[test]
fn a_clock_is_put_off_with_a_reason_stands_still_and_runs_on() {
    use crate::domain::{ClockAct, ClockChange};
    let profile = england();
    let mut c = received("2026-11-24T12:00:00Z", &profile);
    let mut turn = |day: &str, clock: &str, act, until: Option<&str>, why: Option<&str>| {
        let patch = ComplaintPatch {
            clock: Some(ClockChange {
                clock: clock.to_owned(),
                act,
                until: until.map(at),
            }),
            why: why.map(str::to_owned),
            ..ComplaintPatch::default()
        };
        acted(&mut c, &profile, day, &patch).map(|()| due(&c, clock))
    };
    let noon = "2026-11-25T12:00:00Z";
    assert!(
        turn(
            noon,
            "respond",
            ClockAct::Extend,
            Some("2027-08-01T22:59:59Z"),
            None
        )
        .is_err(),
        "no reason"
    );
    assert!(
        turn(
            noon,
            "respond",
            ClockAct::Extend,
            Some("2026-12-01T22:59:59Z"),
            Some("x")
        )
        .is_err(),
        "that is sooner"
    );
    assert!(
        turn(noon, "tea", ClockAct::Pause, None, Some("x")).is_err(),
        "no such clock"
    );
    assert!(
        turn(noon, "respond", ClockAct::Resume, None, Some("x")).is_err(),
        "it runs"
    );
    let later = turn(
        noon,
        "respond",
        ClockAct::Extend,
        Some("2027-08-01T22:59:59Z"),
        Some("an expert is asked"),
    );
    assert_eq!(later.expect("extended"), "2027-08-01T22:59:59Z");
    turn(
        "2026-12-01T00:00:00Z",
        "respond",
        ClockAct::Pause,
        None,
        Some("she is away"),
    )
    .expect("paused");
    let resumed = turn(
        "2026-12-11T00:00:00Z",
        "respond",
        ClockAct::Resume,
        None,
        Some("she is back"),
    );
    assert_eq!(
        resumed.expect("resumed"),
        "2027-08-11T22:59:59Z",
        "ten days later"
    );
    let put_off: Vec<(String, String)> = c.deadlines[1]
        .extensions
        .iter()
        .map(|e| (e.why.clone(), e.by.clone()))
        .collect();
    let by = || "Priya Shah".to_owned();
    assert_eq!(
        put_off,
        [
            ("an expert is asked".to_owned(), by()),
            ("she is back".to_owned(), by())
        ]
    );
}

#[test]
fn a_correction_takes_back_the_mark_of_a_clock_and_a_clock_that_follows_it() {
    let profile = shipped("eu-whistleblowing");
    let mut c = received("2026-05-04T09:00:00Z", &profile);
    let patch = |name, to, why: Option<&str>| ComplaintPatch {
        action: Some(ComplaintAction { name, to }),
        why: why.map(str::to_owned),
        ..ComplaintPatch::default()
    };
    acted(
        &mut c,
        &profile,
        "2026-05-05T09:00:00Z",
        &patch(ActionName::Acknowledge, None, None),
    )
    .expect("acknowledged");
    assert_eq!(due(&c, "feedback"), "2026-08-05T21:59:59Z");
    let open = Some(ComplaintStatus::Open);
    acted(
        &mut c,
        &profile,
        "2026-05-06T09:00:00Z",
        &patch(ActionName::Correct, open, Some("a slip")),
    )
    .expect("corrected");
    assert_eq!(
        (c.deadlines[0].met_at, due(&c, "feedback")),
        (None, "2026-08-11T21:59:59Z".to_owned())
    );
}
