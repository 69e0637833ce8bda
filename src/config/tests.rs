//! Settings as pairs of names and values.

use super::*;

#[test]
fn all_mistakes_are_told_at_once() {
    let error = Settings::from_pairs([
        ("listen", "nowhere"),
        ("country", "Britain"),
        ("http_rate", "fast"),
        ("queue", "0"),
        ("database", "mysql://x"),
        ("colour", "red"),
    ])
    .expect_err("wrong");
    for name in [
        "listen",
        "country",
        "http_rate",
        "queue",
        "database",
        "colour",
    ] {
        assert!(
            error.0.iter().any(|m| m.starts_with(name)),
            "{name}: {error}"
        );
    }
}

#[test]
fn a_token_is_never_shown() {
    let settings = Settings::from_pairs([("http_token", "s3cret")]).expect("right");
    assert!(!format!("{settings:?}").contains("s3cret"));
}
