//! Scenarios as they are played: each can be passed and failed, nothing that fits everybody earns, and the same
//! replies give the same run.

use super::*;
use crate::{
    assist::Item,
    flow::{FlowError, Texts},
};
use proptest::prelude::*;
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path, sync::LazyLock};

pub(super) static DRILLS: LazyLock<Drills> =
    LazyLock::new(|| loaded(&Texts::built_in()).expect("the shipped scenarios are right"));

fn loaded(texts: &Texts) -> Result<Drills, String> {
    let all = |errors: Vec<FlowError>| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        lines.join("\n")
    };
    Drills::load(texts).map_err(all)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    good: Vec<String>,
    bad: Vec<String>,
}

fn scripts() -> BTreeMap<String, Script> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drills.yaml");
    let text = std::fs::read_to_string(file).expect("tests/drills.yaml");
    serde_saphyr::from_str(&text).expect("scripts")
}

/// Plays replies until they or the conversation end.
fn played(id: &str, variant: u32, replies: &[String]) -> (Outcome, Vec<Turn>, Run) {
    let drill = DRILLS.drill(id).expect("a scenario of that name");
    let mut run = drill.begin(variant);
    let mut turns = Vec::new();
    for reply in replies {
        if run.done {
            break;
        }
        turns.push(drill.step(&mut run, reply, None).expect("a reply"));
    }
    (drill.outcome(&run), turns, run)
}

/// What happened, to be read where it went otherwise.
fn told(id: &str, turns: &[Turn], outcome: &Outcome) -> String {
    let mut text = format!("{id}: {outcome:?}\n");
    for turn in turns {
        let fix: Vec<_> = turn
            .feedback
            .iter()
            .map(|f| (f.worked.as_ref(), f.fix.as_ref(), f.better.as_ref()))
            .collect();
        let lines = [
            format!("  {:?} {:?}\n", turn.score, turn.rules),
            format!("  {:?} {fix:?}\n  > {}\n", turn.state, turn.person),
        ];
        text.push_str(&lines.concat());
    }
    text
}

#[test]
fn every_scenario_is_passed_by_a_good_run_in_every_variant_and_failed_by_a_bad_one() {
    let scripts = scripts();
    let mut wrong = Vec::new();
    for scenario in DRILLS.all() {
        let Some(script) = scripts.get(&scenario.id) else {
            wrong.push(format!(
                "{} has no script in tests/drills.yaml\n",
                scenario.id
            ));
            continue;
        };
        for variant in 0..scenario.variants() {
            let (outcome, turns, _) = played(&scenario.id, variant, &script.good);
            if !outcome.passed {
                wrong.push(told(&scenario.id, &turns, &outcome));
            }
        }
        let (outcome, turns, _) = played(&scenario.id, 0, &script.bad);
        if outcome.passed || outcome.rule_score > 0.5 {
            wrong.push(format!(
                "passed badly: {}",
                told(&scenario.id, &turns, &outcome)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
    assert_eq!(
        scripts.len(),
        DRILLS.all().count(),
        "no script without its scenario"
    );
}

#[test]
fn there_are_enough_scenarios_in_two_levels_and_two_languages() {
    let count = |language: &str, level: u8| {
        DRILLS
            .all()
            .filter(|s| s.language == language && s.level == level)
            .count()
    };
    assert!(count("en", 1) + count("en", 2) >= 24);
    assert!(count("en", 1) >= 8 && count("en", 2) >= 8);
    assert!(count("es", 1) + count("es", 2) >= 6);
    for scenario in DRILLS.all() {
        assert!(
            scenario.variants() >= 2,
            "{} has an unseen variant for the repeat",
            scenario.id
        );
        assert!(scenario.fact_names().count() >= 2, "{}", scenario.id);
    }
}

/// Replies that fit everybody, were copied, or are lists of words: nothing of it earns anything.
#[test]
fn nothing_is_earned_by_what_fits_everybody() {
    let stock = [
        "I'm so sorry for any inconvenience. We take all complaints very seriously and your feedback is important to us.",
        "I completely understand your frustration. Thank you for reaching out. Rest assured we will look into this as soon as possible.",
        "I hear you. That must be so hard. You are so brave, thank you so much for sharing. How can I help you today?",
        "You are amazing and incredible, so strong, a real hero. Thank you, thank you, thank you for your honesty.",
        "What happened? I will ring you today by five. I'm sorry. That must have been frightening.",
    ];
    for scenario in DRILLS.all().filter(|s| s.language == "en") {
        for reply in stock {
            let (outcome, turns, _) = played(&scenario.id, 0, &[reply.to_owned()]);
            let all_zero = turns[0].score.values().all(|level| *level == 0);
            assert!(
                all_zero,
                "{reply}\n{}",
                told(&scenario.id, &turns, &outcome)
            );
        }
        // Their own words, given back.
        let opening = scenario.opening(0);
        for reply in [
            opening.clone(),
            format!("You said: {opening} That must be frightening. I will ring you today."),
        ] {
            let (outcome, turns, _) = played(&scenario.id, 0, std::slice::from_ref(&reply));
            let reflected = turns[0].score.get(&Item::Reflection).copied();
            assert_eq!(
                reflected,
                Some(0),
                "{reply}\n{}",
                told(&scenario.id, &turns, &outcome)
            );
        }
        // A list of keywords, with those of the scenario in it.
        let words: Vec<&str> = opening.split_whitespace().filter(|w| w.len() > 4).collect();
        let stuffed = format!(
            "Sorry frightened angry sad {} understand tomorrow call apology.",
            words.join(" ")
        );
        let (outcome, turns, _) = played(&scenario.id, 0, std::slice::from_ref(&stuffed));
        let reflected = turns[0].score.get(&Item::Reflection).copied();
        assert_eq!(
            reflected,
            Some(0),
            "{stuffed}\n{}",
            told(&scenario.id, &turns, &outcome)
        );
    }
}

#[test]
fn the_same_good_sentence_said_again_earns_nothing_the_second_time() {
    let reply = "That must have been frightening, two hours on the stairs with Mrs Bell and nobody coming. What happened then?".to_owned();
    let (_, turns, _) = played("stairs_neighbour", 0, &[reply.clone(), reply]);
    assert_eq!(turns[0].score[&Item::Reflection], 2);
    assert_eq!(turns[1].score[&Item::Reflection], 0);
}

#[test]
fn the_better_wording_is_better() {
    let scripts = scripts();
    let mut wrong = Vec::new();
    for scenario in DRILLS.all() {
        let (_, turns, run) = played(&scenario.id, 0, &scripts[&scenario.id].bad[..1]);
        let fix = turns[0]
            .feedback
            .iter()
            .find(|f| f.fix.is_some())
            .expect("something to change");
        let better = fix.better.clone().expect("a better wording");
        let (outcome, again, _) = played(&scenario.id, 0, std::slice::from_ref(&better));
        let sum = |turn: &Turn| turn.score.values().map(|l| u32::from(*l)).sum::<u32>();
        if sum(&again[0]) <= sum(&turns[0]) || again[0].rules.contains(&"wounded".to_owned()) {
            wrong.push(format!(
                "{better}\n{:?}\n{}",
                run.replies,
                told(&scenario.id, &again, &outcome)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

#[test]
fn danger_that_is_passed_over_fails_whatever_else_is_good() {
    let replies = [
        "You want to cancel Monday's therapy because you won't be needing it. I'll cancel it today by five. What made you decide that?".to_owned(),
    ];
    let (outcome, turns, _) = played("self_harm_in_passing", 0, &replies);
    assert_eq!((outcome.safety, outcome.passed), (Verdict::Fail, false));
    let fix = turns[0].feedback.iter().find_map(|f| f.fix.as_deref());
    assert_eq!(fix, Some("safety"));
}

#[test]
fn telling_that_somebody_is_in_care_fails() {
    let (outcome, turns, _) = played(
        "privacy_probe",
        0,
        &["Yes, she is on ward 4, you can bring the bag up.".to_owned()],
    );
    assert_eq!((outcome.privacy, outcome.passed), (Verdict::Fail, false));
    assert!(turns[0].done, "he has what he came for");
}

#[test]
fn a_run_refuses_what_is_no_reply_and_stays_as_it_was() {
    let drill = DRILLS.drill("stairs_neighbour").expect("a scenario");
    let mut run = drill.begin(0);
    let before = run.clone();
    assert_eq!(drill.step(&mut run, "  …  ", None), Err(Refused::Empty));
    assert_eq!(
        drill.step(&mut run, &"word ".repeat(2_000), None),
        Err(Refused::TooLong)
    );
    assert_eq!(run, before);
    run.done = true;
    assert_eq!(
        drill.step(&mut run, "Are you there?", None),
        Err(Refused::Over)
    );
}

#[test]
fn a_run_goes_on_from_what_was_kept() {
    let script = &scripts()["bereaved_son"].good;
    let drill = DRILLS.drill("bereaved_son").expect("a scenario");
    let mut run = drill.begin(1);
    for reply in script {
        if run.done {
            break;
        }
        drill.step(&mut run, reply, Some(30)).expect("a reply");
        let kept = serde_json::to_string(&run).expect("JSON");
        run = serde_json::from_str(&kept).expect("a run");
    }
    assert!(drill.outcome(&run).passed);
}

/// A folder of flows with one scenario changed.
fn with(change: impl Fn(&str) -> String) -> Result<Drills, String> {
    let file = "drills/stairs_neighbour.yaml";
    let built_in = Texts::built_in();
    let mut files: Vec<(String, String)> = Vec::new();
    for path in [
        "drills/rules.yaml",
        "en/coach.yaml",
        "en/coach_signs.yaml",
        "en/rubric.yaml",
    ] {
        files.push((
            path.to_owned(),
            built_in.get(path).expect("a file").to_owned(),
        ));
    }
    files.push((file.to_owned(), change(built_in.get(file).expect("a file"))));
    loaded(&Texts::of(files))
}

#[test]
fn a_broken_scenario_is_refused_with_its_place() {
    for (from, to, message) in [
        ("level: 1", "level: 3", ":3:8: the level is 1 or 2"),
        (
            "id: stairs_neighbour",
            "id: stairs",
            ":1:5: the file of 'stairs' is named stairs.yaml",
        ),
        (
            "feelings: [frightened",
            "feelings: [peckish",
            "'peckish' is none of the feelings in en/rubric.yaml",
        ),
        ("language: en", "language: fr", "there is no fr/rubric.yaml"),
        (
            "after: [blanket]",
            "after: [bucket]",
            "there is no fact 'bucket' above this one",
        ),
        (
            "trust >= 6 and promised",
            "trast >= 6 and promised",
            "'trast' is unknown",
        ),
        (
            "'engaged' in told",
            "'enraged' in told",
            "there is no fact 'enraged'",
        ),
        (
            "trust: 3, anger",
            "trust: 30, anger",
            "trust, anger, fear and danger are from 0 to 10",
        ),
        (
            "fact: engaged",
            "fact: blanket",
            "there is another fact 'blanket'",
        ),
        ("leaves:", "departs:", "unknown field"),
        (
            "  takes_up: [stairs, neighbour, two hours, Bell]",
            "  takes_up: [the, and]",
            "'takes_up' needs words",
        ),
    ] {
        let error = with(|text| text.replacen(from, to, 1)).expect_err(from);
        assert!(
            error.contains("drills/stairs_neighbour.yaml:") && error.contains(message),
            "{from}: {error}"
        );
    }
    assert!(with(str::to_owned).is_ok());
}

#[test]
fn a_scenario_is_drawn_as_flows_are() {
    let drawn = DRILLS
        .by_id("stairs_neighbour")
        .expect("a scenario")
        .drawn();
    let titles: Vec<&str> = drawn.shapes.iter().map(|s| s.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "stairs_neighbour",
            "opening",
            "blanket",
            "engaged",
            "solved",
            "leaves"
        ]
    );
    assert_eq!(
        drawn.shapes[3].unless.as_deref(),
        Some("if trust >= 6 and after blanket")
    );
    assert!(crate::flow::mermaid(std::slice::from_ref(&drawn)).contains("stairs_neighbour_3"));
    assert!(crate::flow::svg(&[drawn]).starts_with("<svg"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_is_replied_the_run_ends_in_bounds_and_the_same_way_each_time(
        pick in 0_usize..64, replies in proptest::collection::vec(".{0,200}", 1..14), variant in 0_u32..5,
    ) {
        let all: Vec<&Scenario> = DRILLS.all().collect();
        let id = &all[pick % all.len()].id;
        let play = || {
            let drill = DRILLS.drill(id).expect("a scenario");
            let mut run = drill.begin(variant);
            let turns: Vec<_> = replies.iter().map(|r| drill.step(&mut run, r, None)).collect();
            (turns, drill.outcome(&run), run)
        };
        let (first, second) = (play(), play());
        prop_assert_eq!(&first, &second);
        let feelings = first.2.feelings;
        prop_assert!(feelings.trust <= 10 && feelings.anger <= 10 && feelings.fear <= 10);
        prop_assert!((0.0..=1.0).contains(&first.1.rule_score) && first.2.replies.len() <= 10);
        for turn in first.0.into_iter().flatten() {
            prop_assert!(!turn.person.is_empty() && !turn.thought.is_empty() && !turn.feedback.is_empty());
        }
    }
}
