//! How the talk was for the person: asked once it is resolved, and not of people whom the question would hurt.

use super::{Refusal, turn::Turn};
use crate::{
    domain::{Asking, Effect, RATINGS, Rating, Satisfaction},
    flow::Vars,
};

/// Nobody is asked twice within this many seconds, however often they come back.
const AGAIN_AFTER: i64 = 30 * 86_400;

/// The talk is about to be resolved.
pub(super) fn resolved(turn: &mut Turn<'_>) {
    let now = turn.now();
    let state = &turn.state;
    let safeguarding = turn.complaint.as_ref().is_some_and(|c| c.safeguarding);
    let hurts = state.red_flag.is_some() || state.bereaved || state.minor || safeguarding;
    let team = state.matter.as_ref().and_then(|m| m.team.clone());
    let asking = match &state.satisfaction {
        Some(known) if known.asking == Asking::Never => return,
        _ if hurts => Asking::Never,
        Some(known) if now.seconds_since(known.at) < AGAIN_AFTER => return,
        _ => Asking::Open,
    };
    turn.state.satisfaction = Some(Satisfaction {
        asking,
        at: now,
        team,
    });
}

/// The talk goes on: it is too early to ask.
pub(super) fn goes_on(turn: &mut Turn<'_>) {
    if let Some(known) = &mut turn.state.satisfaction
        && matches!(known.asking, Asking::Open | Asking::Rated)
    {
        known.asking = Asking::Closed;
    }
}

pub(super) fn rated(
    turn: &mut Turn<'_>,
    rating: Option<u8>,
    words: Option<&str>,
) -> Result<(), Refusal> {
    let asked = turn.state.satisfaction.as_mut();
    let asked = asked.filter(|s| matches!(s.asking, Asking::Open | Asking::Rated));
    let Some(open) = asked else {
        return Err(Refusal::NotAsked);
    };
    if rating.is_some_and(|r| !RATINGS.contains(&r)) {
        return Err(Refusal::Invalid("'rating' is from 1 to 5".to_owned()));
    }
    let words = words.filter(|w| !w.trim().is_empty());
    if open.asking == Asking::Rated {
        // The answer counts as it was given first; what is added are the words alone.
        let Some(words) = words else {
            return Err(Refusal::NotAsked);
        };
        open.asking = Asking::Closed;
        let text = minijinja::Value::from_safe_string(words.to_owned());
        turn.note_with("note.rated_words", Vars::from([("words", text)]));
        return Ok(());
    }
    open.asking = match (rating, words) {
        (Some(_), None) => Asking::Rated,
        _ => Asking::Closed,
    };
    let team = open.team.clone();
    let Some(rating) = rating else {
        return Ok(());
    };
    turn.effect(Effect::Rated(Rating { rating, team }));
    let text = minijinja::Value::from_safe_string(words.unwrap_or_default().to_owned());
    let best = *RATINGS.end();
    let facts = Vars::from([
        ("rating", rating.into()),
        ("best", best.into()),
        ("words", text),
    ]);
    turn.note_with("note.rated", facts);
    Ok(())
}
