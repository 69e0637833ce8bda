//! The published values, and what must hold for any numbers.

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

fn asked(change: &Value) -> Value {
    let mut line = json!({"arrivals_per_hour": 200, "handling_seconds": 180, "target_seconds": 20, "target_share": 0.8,
        "patience_seconds": null, "shrinkage": 0.3, "concurrency": 1, "staff": null});
    for (field, value) in change.as_object().expect("an object") {
        line[field] = value.clone();
    }
    line
}

fn planned(change: &Value) -> Plan {
    plan(&Question::from_json(&asked(change)).expect("a question"))
}

fn near(got: f64, published: f64, digits: f64) {
    assert!(
        (got - published).abs() <= digits / 2.0 + 1e-9,
        "{got} is not {published}"
    );
}

#[test]
fn two_hundred_an_hour_need_fourteen_people_and_a_roster_of_twenty() {
    let plan = planned(&json!({}));
    assert_eq!(
        (plan.erlang_c.staff, plan.roster, plan.erlang_a),
        (14, 20, None)
    );
    near(plan.erlang_c.service_level, 0.88835, 1e-5);
    near(plan.erlang_c.occupancy, 0.71429, 1e-5);
    near(plan.erlang_c.wait_probability, 0.17413, 1e-5);
}

#[test]
fn a_thousand_an_hour_with_forty() {
    let plan = planned(&json!({"arrivals_per_hour": 1000, "handling_seconds": 120, "staff": 40}));
    near(plan.erlang_c.service_level, 0.9372, 1e-4);
    near(plan.erlang_c.wait_probability, 0.1907, 1e-4);
    near(plan.erlang_c.mean_wait_seconds.expect("a wait"), 3.43, 1e-2);
}

#[test]
fn a_small_hospital_by_both_bounds() {
    for (arrivals, staff, c, a, leave) in [
        (4, 1, 0.23, 0.51, 0.325),
        (4, 2, 0.81, 0.85, 0.079),
        (6, 2, 0.61, 0.73, 0.146),
        (6, 3, 0.90, 0.92, 0.040),
        (9, 3, 0.71, 0.80, 0.095),
        (12, 4, 0.78, 0.85, 0.067),
    ] {
        let plan = planned(
            &json!({"arrivals_per_hour": arrivals, "handling_seconds": 720, "target_seconds": 120,
            "patience_seconds": 600, "staff": staff}),
        );
        near(plan.erlang_c.service_level, c, 1e-2);
        let with = plan.erlang_a.expect("a patience was given");
        near(with.service_level, a, 1e-2);
        near(with.abandon, leave, 1e-3);
    }
}

#[test]
fn too_few_people_answer_nobody_by_c_and_some_by_a() {
    let plan = planned(
        &json!({"arrivals_per_hour": 100, "handling_seconds": 720, "patience_seconds": 600, "staff": 2}),
    );
    assert_eq!(
        serde_json::to_value(plan.erlang_c).expect("JSON"),
        json!({"staff": 2, "service_level": 0.0, "occupancy": 1.0, "wait_probability": 1.0, "mean_wait_seconds": null})
    );
    let with = plan.erlang_a.expect("a patience");
    near(with.abandon, 0.9, 1e-3);
    near(with.occupancy, 1.0, 1e-3);
}

#[test]
fn with_a_concurrency_of_two_a_person_is_worth_two_who_are_half_as_slow() {
    let two = planned(&json!({"concurrency": 2}));
    let fast = planned(&json!({"handling_seconds": 90}));
    assert_eq!(two, fast);
}

#[test]
fn nobody_who_arrives_waits_for_nobody() {
    let plan = planned(&json!({"arrivals_per_hour": 0, "patience_seconds": 60}));
    assert_eq!(plan.erlang_c.staff, 1);
    near(plan.erlang_c.service_level, 1.0, 1e-9);
    near(plan.erlang_a.expect("a patience").abandon, 0.0, 1e-9);
}

#[test]
fn a_wrong_field_is_named() {
    for (change, error) in [
        (
            json!({"arrivals_per_hour": null}),
            "arrivals_per_hour: is missing",
        ),
        (
            json!({"arrivals_per_hour": -1}),
            "arrivals_per_hour: must be from 0 to 1000000",
        ),
        (
            json!({"arrivals_per_hour": 1e300}),
            "arrivals_per_hour: must be from 0 to 1000000",
        ),
        (
            json!({"arrivals_per_hour": 1_000_000, "handling_seconds": 604_800}),
            "arrivals_per_hour: with this handling time and concurrency more than 10000 people would be busy at once",
        ),
        (
            json!({"handling_seconds": "long"}),
            "handling_seconds: must be a number",
        ),
        (
            json!({"handling_seconds": 0}),
            "handling_seconds: must be from 1 to 604800",
        ),
        (
            json!({"target_share": 1}),
            "target_share: must be from 0.01 to 0.9999",
        ),
        (json!({"shrinkage": 1}), "shrinkage: must be from 0 to 0.95"),
        (
            json!({"patience_seconds": 0}),
            "patience_seconds: must be from 1 to 604800",
        ),
        (
            json!({"staff": 2.5}),
            "staff: must be a whole number from 1 to 20000",
        ),
        (
            json!({"staff": 0}),
            "staff: must be a whole number from 1 to 20000",
        ),
        (
            json!({"stuff": 3}),
            "stuff: is no field: there are arrivals_per_hour, handling_seconds, target_seconds, target_share, patience_seconds, shrinkage, concurrency, staff",
        ),
    ] {
        let got = Question::from_json(&asked(&change)).expect_err("a wrong field");
        assert_eq!(got.to_string(), error);
    }
    let got = Question::from_json(&json!([1])).expect_err("no object");
    assert_eq!(got.to_string(), "the line: must be a JSON object");
}

#[test]
fn the_largest_question_has_an_answer() {
    let plan = planned(
        &json!({"arrivals_per_hour": 1_000_000, "handling_seconds": 36, "target_share": 0.9999,
        "target_seconds": 0, "patience_seconds": 604_800}),
    );
    assert!(plan.erlang_c.staff > 10_000 && plan.erlang_c.service_level >= 0.9999);
    let few = planned(
        &json!({"arrivals_per_hour": 1_000_000, "handling_seconds": 36, "staff": 1, "patience_seconds": 600}),
    );
    let with = few.erlang_a.expect("a patience");
    assert!(
        with.abandon > 0.999 && with.service_level < 0.001,
        "{with:?}"
    );
}

proptest! {
    #[test]
    fn one_person_more_never_makes_it_worse_and_all_figures_are_shares(
        arrivals in 0.1..400.0_f64, handling in 10.0..2000.0_f64, target in 0.0..600.0_f64,
        patience in 5.0..5000.0_f64, staff in 1_u32..120,
    ) {
        let at = |staff: u32| planned(&json!({"arrivals_per_hour": arrivals, "handling_seconds": handling,
            "target_seconds": target, "patience_seconds": patience, "staff": staff}));
        let (fewer, more) = (at(staff), at(staff + 1));
        let (a, b) = (fewer.erlang_a.expect("a patience"), more.erlang_a.expect("a patience"));
        prop_assert!(more.erlang_c.service_level >= fewer.erlang_c.service_level - 1e-9);
        prop_assert!(b.service_level >= a.service_level - 1e-9, "{:?} {:?}", a, b);
        prop_assert!(b.abandon <= a.abandon + 1e-9);
        for share in [a.service_level, a.occupancy, a.wait_probability, a.abandon, fewer.erlang_c.service_level,
            fewer.erlang_c.occupancy, fewer.erlang_c.wait_probability] {
            prop_assert!((0.0..=1.0).contains(&share), "{}", share);
        }
        prop_assert!(a.service_level <= 1.0 - a.abandon + 1e-9);
        // Whoever is patient for a thousandth of the load's time leaves at once; whoever never leaves is C.
        let never = planned(&json!({"arrivals_per_hour": arrivals, "handling_seconds": handling,
            "target_seconds": target, "patience_seconds": 604_800, "staff": staff}));
        if fewer.erlang_c.occupancy < 0.9 {
            let with = never.erlang_a.expect("a patience");
            prop_assert!((with.service_level - fewer.erlang_c.service_level).abs() < 0.02);
        }
    }
}
