//! What proves that a complaint is somebody's, and that nothing else does.

use super::{
    two::{NAMED, REACHED, Two},
    *,
};
use crate::domain::Relation;
use proptest::prelude::*;

/// Whether somebody who gives this detail for such a complaint may go on with it.
fn proves(answers: &[(Slot, &str)], detail: &str, change: impl FnOnce(&mut Complaint)) -> bool {
    let mut two = Two::after(answers).with(change);
    two.claims();
    two.says(detail);
    assert_eq!(two.is_proven(), two.tries == 0, "'{detail}' was weighed");
    two.is_proven()
}

fn as_it_is(_: &mut Complaint) {}

#[test]
fn a_detail_may_be_written_in_any_form() {
    for detail in [
        "07700900123",
        "07700 900 123",
        "+44 7700 900123",
        "0044 7700 900123",
        "(07700) 900-123",
        "it was 07700 900123 I think",
        "my number is 07700 900123",
    ] {
        assert!(proves(REACHED, detail, as_it_is), "{detail}");
    }
    for detail in [
        "Anna Kovács",
        "anna kovacs",
        "ANNA KOVACS",
        "my name is Anna Kovács",
        "Kovács, Anna",
        "Anna  Kovacs.",
        "Mrs Anna Kovács",
    ] {
        assert!(proves(NAMED, detail, as_it_is), "{detail}");
    }
    let unnamed: &[(Slot, &str)] = &[(Slot::AnythingElse, "no")];
    for detail in [
        "yesterday",
        "23 November",
        "23/11/2026",
        "on Monday the 23rd",
        "Nov 23",
    ] {
        assert!(proves(unnamed, detail, as_it_is), "{detail}");
    }
    let mailed: &[(Slot, &str)] = &[
        (Slot::ComplainantName, "Anna Kovács"),
        (Slot::ContactMethod, "anna@example.org"),
        (Slot::AnythingElse, "no"),
    ];
    assert!(proves(mailed, "Anna@Example.org", as_it_is));
}

#[test]
fn nothing_that_is_merely_like_it_proves_anything() {
    for detail in [
        "07700 900124",
        "7700 900",
        "+34 7700 900123",
        "Anna Kovács",
        "yesterday",
        "anna@example.org",
    ] {
        assert!(!proves(REACHED, detail, as_it_is), "{detail}");
    }
    for detail in [
        "Anna",
        "Kovács",
        "Anna Kovač",
        "Ana Kovács",
        "Anna Kovács Smith",
        "yesterday",
    ] {
        assert!(!proves(NAMED, detail, as_it_is), "{detail}");
    }
    let unnamed: &[(Slot, &str)] = &[(Slot::AnythingElse, "no")];
    for detail in [
        "22 November",
        "in November",
        "last week",
        "from 1 to 30 November",
    ] {
        assert!(!proves(unnamed, detail, as_it_is), "{detail}");
    }
}

#[test]
fn a_list_of_guesses_is_one_guess() {
    let numbers = "07700 900121, 07700 900122, 07700 900123";
    assert!(!proves(REACHED, numbers, as_it_is));
    let unnamed: &[(Slot, &str)] = &[(Slot::AnythingElse, "no")];
    assert!(!proves(
        unnamed,
        "21 November, 22 November, 23 November",
        as_it_is
    ));
}

#[test]
fn whom_it_is_about_does_not_get_in() {
    let guarded: [fn(&mut Complaint); 2] = [
        |k| k.safeguarding = true,
        |k| k.complainant.relation = Relation::Employee,
    ];
    for guard in guarded {
        for detail in ["Anna Kovács", "Denise Hartley", "yesterday"] {
            assert!(!proves(NAMED, detail, guard), "{detail}");
        }
        assert!(
            proves(REACHED, "07700 900123", guard),
            "a way to be reached does"
        );
    }
    // Whatever was taken for the complainant's name: one that the record names beside it opens nothing.
    let muddled = |k: &mut Complaint| k.complainant.name = Some("denise hartley".to_owned());
    assert!(!proves(NAMED, "Denise Hartley", muddled));
    let mother = |k: &mut Complaint| {
        k.affected_person = Some(crate::domain::complaint::AffectedPerson {
            name: Some("Anna Kovacs".to_owned()),
            relation: Some("mother".to_owned()),
        });
    };
    assert!(!proves(NAMED, "Anna Kovács", mother));
    let unnamed = |k: &mut Complaint| {
        k.complainant.name = None;
        k.complainant.anonymous = true;
    };
    assert!(
        !proves(NAMED, "yesterday", unnamed),
        "who is to stay unknown is not found by a day"
    );
}

#[test]
fn after_three_wrong_details_it_is_refused_for_the_day_whoever_comes() {
    let mut two = Two::after(REACHED);
    two.claims();
    let first = two.says("07700 900111");
    assert_eq!(first, two.says("07700 900112"));
    let refused = two.says("07700 900113");
    assert!(refused.contains("Tomorrow you can try again"), "{refused}");
    assert_eq!(two.tries, TRIES);
    assert_eq!(refused, two.claims(), "the right one is not even asked for");
    two.new = Two::unknown().new;
    assert!(two.claims().ends_with(&refused), "nor of anybody else");
    two.tries = 0;
    two.claims();
    two.says("07700 900123");
    assert!(two.is_proven(), "on the next day it may be tried again");
}

/// Details as people give them; none of them is right for any of the complaints below.
fn wrong() -> impl Strategy<Value = String> {
    prop_oneof![
        "07700 9[0-9]{5}",
        "[a-z]{3,8}@example\\.org",
        "(Bea|Cleo|Dora) (Smith|Jones|Brown)",
        (1_u8..20).prop_map(|d| format!("{d} October")),
        Just("I don't know".to_owned()),
        Just("why?".to_owned()),
        Just("hello".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Nobody can tell an unknown reference from a wrong detail, nor what the record holds.
    #[test]
    fn what_is_wrong_is_answered_alike_whatever_there_is(details in prop::collection::vec(wrong(), 1..7)) {
        let anonymous: &[(Slot, &str)] = &[(Slot::ComplainantName, "I'd rather not say"), (Slot::AnythingElse, "no")];
        // Each is large: not on the stack.
        let all = vec![
            Two::unknown(),
            Two::after(REACHED),
            Two::after(NAMED),
            Two::after(anonymous),
            Two::after(NAMED).with(|k| k.safeguarding = true),
        ];
        let answers: Vec<Vec<String>> = all
            .into_iter()
            .map(|mut two| {
                let mut heard = vec![two.claims()];
                heard.extend(details.iter().map(|d| two.says(d)));
                heard.iter().map(|h| h.replace(two.reference.as_str(), "NH-…")).collect()
            })
            .collect();
        for other in &answers[1..] {
            prop_assert_eq!(&answers[0], other);
        }
    }
}
