//! Who is asked how the talk was, when, and how often.

use super::*;
use crate::domain::{Asking, Rating};

fn resolve(talk: &mut Talk) {
    talk.happen(EventKind::Resolved { agent: priya() })
        .expect("it is hers");
}

fn asking(talk: &Talk) -> Option<Asking> {
    let satisfaction = talk.snapshot.conversation.satisfaction.as_ref();
    satisfaction.map(|s| s.asking)
}

fn rate(talk: &mut Talk, rating: Option<u8>, words: Option<&str>) -> Result<Vec<String>, Refusal> {
    let words = words.map(str::to_owned);
    let written = talk.happen(EventKind::Rated { rating, words })?;
    Ok(written.into_iter().map(|m| m.text).collect())
}

/// A talk that was resolved after these words.
fn resolved_after(words: &str) -> Talk {
    let mut talk = Talk::new();
    talk.says(words);
    resolve(&mut talk);
    talk
}

#[test]
fn whoever_is_asked_answers_once_and_the_desk_reads_it() {
    let mut talk = resolved_after("I want to speak to a person");
    assert_eq!(asking(&talk), Some(Asking::Open));
    let note = rate(&mut talk, Some(4), Some("Priya was kind")).expect("they were asked");
    assert_eq!(
        note,
        ["They were asked how this talk was for them: 4 of 5. \"Priya was kind\""]
    );
    let rated = Rating {
        rating: 4,
        team: Some("front desk".to_owned()),
    };
    assert_eq!(talk.effects.first(), Some(&Effect::Rated(rated)));
    assert_eq!(rate(&mut talk, Some(1), None), Err(Refusal::NotAsked));
}

#[test]
fn an_answer_counts_at_once_and_words_can_be_added_to_it_once() {
    let mut talk = resolved_after("I want to speak to a person");
    let note = rate(&mut talk, Some(2), None).expect("they were asked");
    assert_eq!(
        note,
        ["They were asked how this talk was for them: 2 of 5."]
    );
    assert!(matches!(talk.effects.first(), Some(Effect::Rated(r)) if r.rating == 2));
    assert_eq!(rate(&mut talk, Some(5), None), Err(Refusal::NotAsked));
    let note = rate(&mut talk, None, Some("Nobody rang me")).expect("they may add words");
    assert_eq!(note, ["They add to that: \"Nobody rang me\""]);
    assert!(!talk.effects.iter().any(|e| matches!(e, Effect::Rated(_))));
    assert_eq!(
        rate(&mut talk, None, Some("and more")),
        Err(Refusal::NotAsked)
    );
}

#[test]
fn whoever_declines_is_not_counted_and_not_asked_again() {
    let mut talk = resolved_after("I want to speak to a person");
    assert_eq!(rate(&mut talk, None, None), Ok(Vec::new()));
    assert_eq!(
        (talk.effects.len(), asking(&talk)),
        (0, Some(Asking::Closed))
    );
    talk.says("I want to speak to a person again");
    resolve(&mut talk);
    assert_eq!(asking(&talk), Some(Asking::Closed), "not within a month");
    talk.at = talk.at.plus_seconds(31 * 86_400);
    talk.says("I want to speak to a person again");
    resolve(&mut talk);
    assert_eq!(asking(&talk), Some(Asking::Open));
}

#[test]
fn whoever_writes_on_is_not_asked_any_more() {
    let mut talk = resolved_after("I want to speak to a person");
    talk.says("one more thing");
    assert_eq!(rate(&mut talk, Some(3), None), Err(Refusal::NotAsked));
    let mut talk = resolved_after("I want to speak to a person");
    talk.happen(EventKind::Reopened { agent: priya() })
        .expect("it is resolved");
    assert_eq!(rate(&mut talk, Some(3), None), Err(Refusal::NotAsked));
}

#[test]
fn nobody_is_asked_after_danger_or_a_death_also_later() {
    for words in [
        "I can't go on, I want to end it all",
        "my mother died on Maple ward last night and nobody told us",
        "I am 14 and I want to speak to a person",
    ] {
        let mut talk = resolved_after(words);
        assert_eq!(asking(&talk), Some(Asking::Never), "{words}");
        talk.says("when does visiting start?");
        resolve(&mut talk);
        assert_eq!(asking(&talk), Some(Asking::Never), "{words}");
        assert_eq!(rate(&mut talk, Some(5), None), Err(Refusal::NotAsked));
    }
}

#[test]
fn there_is_no_other_rating_than_one_to_five() {
    for rating in [0, 6] {
        let mut talk = resolved_after("I want to speak to a person");
        let refused = rate(&mut talk, Some(rating), None);
        assert!(matches!(refused, Err(Refusal::Invalid(_))), "{refused:?}");
        assert_eq!(asking(&talk), Some(Asking::Open));
    }
}
