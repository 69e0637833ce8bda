use super::*;
use crate::domain::{
    Timestamp,
    complaint::{Reference, ReferenceError},
};
use proptest::prelude::*;

fn england() -> Profile {
    Profile::parse(include_str!("../../flows/profiles/england-nhs.yaml")).expect("shipped profile")
}

fn at(text: &str) -> Timestamp {
    text.parse::<jiff::Timestamp>().expect("a time").into()
}

#[test]
fn three_working_days_leave_out_christmas_and_the_weekend() {
    // Wednesday 23 December 2026: 24th is the first; 25th holiday, 26th and 27th weekend, 28th holiday; 29th second, 30th third.
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
    use crate::domain::{
        ComplaintPatch,
        ComplaintStatus::{self, Acknowledged, Closed, Investigating, Open},
        Conversation, ConversationId,
    };
    let noon = at("2026-11-24T12:00:00Z");
    let talk = Conversation::new(ConversationId(uuid::Uuid::nil()), "web", "x", noon);
    let mut complaint = open(Reference::from_bits(1), &talk, noon, &england());
    let mut met = |status: ComplaintStatus, day: &str| {
        let patch = ComplaintPatch {
            status: Some(status),
            ..ComplaintPatch::default()
        };
        amend(&mut complaint, &patch, at(day)).expect("a status");
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
