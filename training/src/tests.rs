//! What is learned, and that the same data make the same model.

use crate::{
    learn::{Example, Plan, train},
    sources::SETTING,
};
use nohold::{
    domain::{Emotion, Intent},
    understand::{
        Understanding,
        model::{Head, Model, ModelError, likeliest},
    },
};
use std::sync::LazyLock;

static READER: LazyLock<Understanding> =
    LazyLock::new(|| Understanding::by_rules().expect("rules compile"));

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
