//! What is learned, and that the same data make the same model.

use crate::{
    drafts::{self, Reviewed},
    learn::{Example, Plan, train},
    sources::SETTING,
};
use nohold::{
    assist::Coach,
    domain::{Emotion, Intent},
    flow::Texts,
    nlu::{
        Interpreter,
        model::{Head, Model, ModelError, likeliest},
    },
};
use std::{path::Path, sync::LazyLock};

static READER: LazyLock<Interpreter> =
    LazyLock::new(|| Interpreter::by_rules().expect("rules compile"));

fn example(text: &str, intent: Intent, emotion: Emotion) -> Example {
    let answers = [
        vec![intent as u8],
        vec![],
        vec![],
        vec![],
        vec![emotion as u8],
    ];
    Example {
        features: READER.features(text, SETTING, false).expect("words"),
        answers,
        weight: 1.0,
    }
}

fn some() -> Vec<Example> {
    let rows = [
        (
            "please book me in for a jab",
            Intent::Appointment,
            Emotion::Neutral,
        ),
        (
            "book my daughter in please",
            Intent::Appointment,
            Emotion::Neutral,
        ),
        ("book a visit for me", Intent::Appointment, Emotion::Neutral),
        (
            "the porter was rude to me",
            Intent::Complaint,
            Emotion::Upset,
        ),
        ("how rude the porter was", Intent::Complaint, Emotion::Upset),
        ("a rude man at the desk", Intent::Complaint, Emotion::Upset),
    ];
    rows.map(|(text, intent, emotion)| example(text, intent, emotion))
        .to_vec()
}

/// A plan whose tables are small enough for a test.
const SMALL: Plan = Plan {
    bits: 10,
    emotion_bits: 10,
    ..Plan::STANDARD
};

#[test]
fn what_was_learned_holds_for_what_was_not_seen() {
    let model = train(&some(), false, SMALL);
    let unseen = example("your nurse was so rude", Intent::Other, Emotion::Neutral);
    let answers = model.ask(Head::Intent, &unseen.features);
    assert_eq!(Intent::ALL[likeliest(&answers)], Intent::Complaint);
    assert!((answers.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    let feelings = model.ask(Head::Emotion, &unseen.features);
    assert_eq!(Emotion::ALL[likeliest(&feelings)], Emotion::Upset);
}

#[test]
fn the_same_examples_make_the_same_bytes() {
    let bytes = train(&some(), false, SMALL).to_bytes();
    assert_eq!(bytes, train(&some(), false, SMALL).to_bytes());
    let fewer = &some()[..5];
    assert_ne!(bytes, train(fewer, false, SMALL).to_bytes());
}

#[test]
fn a_model_is_read_as_it_was_written() {
    let model = train(&some(), true, SMALL);
    assert_eq!(Model::from_bytes(&model.to_bytes()), Ok(model));
}

#[test]
fn what_is_no_model_is_refused() {
    let bytes = train(&some(), false, SMALL).to_bytes();
    assert_eq!(Model::from_bytes(b"zip"), Err(ModelError::Magic));
    assert_eq!(
        Model::from_bytes(&bytes[..bytes.len() - 1]),
        Err(ModelError::Length)
    );
    let longer = [bytes.as_slice(), b"x"].concat();
    assert_eq!(Model::from_bytes(&longer), Err(ModelError::Length));
    let mut other = bytes;
    other[5] = 60;
    assert_eq!(Model::from_bytes(&other), Err(ModelError::Length));
}

#[test]
fn a_question_that_nobody_labelled_is_answered_without_a_preference() {
    let model = train(&some(), false, SMALL);
    let answers = model.ask(Head::Relation, &some()[0].features);
    assert!(answers.iter().all(|a| (a - answers[0]).abs() < 1e-6));
}

fn kept_aside() -> Vec<crate::sources::Labelled> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../src/nlu/en/messages.jsonl");
    let all = crate::sources::own(file.as_ref()).expect("our own lines");
    let aside = |m: &crate::sources::Labelled| m.hand == "own, kept aside";
    all.into_iter().filter(aside).collect()
}

#[test]
fn on_our_lines_kept_aside_the_reader_is_as_good_as_the_documents_say() {
    let reader = Interpreter::built_in().expect("a model");
    let report = crate::judge::Report::of(&reader, kept_aside().iter());
    // The bounds are those that the reader of one author's lines had, but for feelings: that reader had 0.73.
    for (question, least) in [
        ("intent", 0.85),
        ("relation", 0.85),
        ("emotion", 0.68),
        ("red_flag", 0.88),
    ] {
        let table = &report.tables[question];
        let found = table.macro_f1().expect("some");
        assert!(
            found >= least,
            "{}",
            crate::judge::confusion(question, table)
        );
    }
    for (question, least) in [("domain", 0.80), ("category", 0.65)] {
        let found = report.tables[question].accuracy().expect("some");
        assert!(found >= least, "{question}: {found}");
    }
    let rules = crate::judge::Report::of(&READER, kept_aside().iter());
    for question in ["intent", "relation", "emotion"] {
        let f1 = |r: &crate::judge::Report| r.tables[question].macro_f1().expect("some");
        assert!(
            f1(&report) > f1(&rules),
            "the model adds to the rules: {question}"
        );
    }
}

#[test]
fn a_small_part_of_the_messages_makes_the_same_model_on_every_machine() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../training/hands/09-es.tsv");
    let folder = tempfile::tempdir().expect("a folder");
    let text = std::fs::read_to_string(file).expect("a hand");
    let part: Vec<&str> = text.lines().take(41).collect();
    std::fs::write(folder.path().join("01-part.tsv"), part.join("\n")).expect("written");
    let hand = crate::sources::hands(folder.path()).expect("40 lines");
    let examples: Vec<Example> = (hand.iter())
        .filter_map(|m| m.example(&READER, true))
        .collect();
    let bytes = train(&examples, true, SMALL).to_bytes();
    assert_eq!(
        nohold::domain::fingerprint([bytes.as_slice()]),
        15_248_995_866_442_667_693
    );
}

#[test]
fn a_line_that_is_none_is_named_by_its_file_and_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).expect("written");
        file
    };
    let head = "text\tintent\trelation\temotion\tred_flag\tcategory\n";
    let good = "hello\tgreeting\tunknown\tneutral\tnone\tnone\n";
    write("01-a.tsv", &format!("{head}{good}{good}"));
    assert_eq!(crate::sources::hands(folder.path()).expect("good").len(), 2);
    write(
        "02-b.tsv",
        &format!("{head}{good}hello\tgreeting\tunknown\n"),
    );
    let error = crate::sources::hands(folder.path()).expect_err("three columns");
    assert!(
        error
            .to_string()
            .ends_with("02-b.tsv: line 3: 3 columns, not 6"),
        "{error}"
    );
    write(
        "02-b.tsv",
        &format!("{head}hello\tgreeting\tunknown\tneutral\tfire\tnone\n"),
    );
    let error = crate::sources::hands(folder.path()).expect_err("no such danger");
    assert!(
        error
            .to_string()
            .ends_with("line 2: red_flag: 'fire' is no label"),
        "{error}"
    );
    let own = write(
        "own.jsonl",
        "{\"text\":\"hello\",\"intent\":\"greeting\"}\n\n{\"text\":\"a\",\"intent\":\"of no kind\"}\n",
    );
    let error = crate::sources::own(&own).expect_err("no such intent");
    assert!(error.to_string().contains("own.jsonl: line 3: "), "{error}");
}

#[test]
fn the_coach_is_as_good_as_the_documents_say_and_nags_nobody() {
    let coach = Coach::load(&Texts::built_in()).expect("shipped rules");
    let reader = Interpreter::built_in().expect("rules and model are built in");
    for file in ["drafts.jsonl", "drafts.es.jsonl"] {
        let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests");
        let drafts = drafts::drafts(&Path::new(tests).join(file)).expect("drafts");
        let reviewed = Reviewed::of(&coach, &reader, &drafts);
        let table = reviewed.table();
        assert!(
            reviewed.verdicts.score("bad").f1() >= 0.95,
            "{file}: {table}"
        );
        assert!(reviewed.named.accuracy() >= Some(0.95), "{file}: {table}");
        assert!(reviewed.false_alarms() <= Some(0.05), "{file}: {table}");
    }
}
