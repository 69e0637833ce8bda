//! What a message is for besides what it is for: wishes and questions in parts of their own.

use super::{
    combine,
    normalise::normalise,
    patterns::Matches,
    ruled::Ruled,
    rules::{Hits, Rules},
};
use crate::domain::{
    Intent, Interpretation,
    interpretation::{Clause, Cue, Emotion, Lead},
};
use std::ops::Range;

/// From how likely on a clause by itself wants something.
const WANTS: f32 = 0.4;
/// How many words it needs for that.
const ENOUGH: usize = 5;
/// Up to how likely it may complain for that.
const NO_COMPLAINT: f32 = 0.2;

/// A stretch of fewer words, "Dr Whitlock", says nothing of anybody.
const WORDS_OF_PRAISE: usize = 4;

/// Clauses of a longer message that want something of their own; `purposes` says what words by themselves are for.
pub(super) fn wishes(
    rules: &Rules,
    text: &str,
    whole: &Matches,
    purposes: impl Fn(&str) -> Vec<f32>,
    said: &mut Interpretation,
) {
    if said.clauses.len() < 2 {
        return;
    }
    for clause in &mut said.clauses {
        let part = normalise(clause.words(text));
        // "The nurse called me madam" wants no call.
        if clause.past || part.split(' ').count() < 3 || !rules.wishes(&part) {
            continue;
        }
        let hits = rules.hits_in(&part, whole);
        let wrong = hits
            .intents
            .get(&Intent::Complaint)
            .is_some_and(|w| *w >= 2);
        let own = (hits.intents.iter())
            .filter(|(i, w)| **w >= 4 && (i.is_wish() || **i == Intent::SpeakToHuman))
            .max_by_key(|(_, w)| **w);
        let likely = || {
            let purposes = purposes(&part);
            let of = |i: &Intent| purposes.get(*i as usize).copied().unwrap_or_default();
            let wish = Intent::ALL
                .iter()
                .copied()
                .find(|i| i.is_wish() && of(i) >= WANTS);
            wish.filter(|_| of(&Intent::Complaint) < NO_COMPLAINT)
        };
        // "Make that £310": of fewer words the model knows little.
        let enough = part.split(' ').count() >= ENOUGH;
        let likely = || enough.then(likely).flatten();
        clause.wants = own.map(|(i, _)| *i).or_else(likely).filter(|_| !wrong);
    }
}

/// "I lost my baby with you and a nurse told me that there would be another": whether more is told than a death.
pub(super) fn more_than_a_death(said: &Interpretation) -> bool {
    let more = |c: &Clause| c.finite && !c.asks && !c.has(Cue::Bereaved);
    said.clauses.iter().any(more)
}

/// "No complaints at all, just …": what it is instead.
pub(super) fn no_complaint(said: &mut Interpretation, hits: &Hits) {
    let praises = hits.intents.contains_key(&Intent::Compliment)
        || said.emotion == Emotion::Positive
        || hits.emotions.contains_key(&Emotion::Positive);
    said.intent = if said.entities.topic.is_some() {
        Intent::Information
    } else if praises {
        Intent::Compliment
    } else {
        Intent::Other
    };
    said.category = None;
    said.cues.remove(&Cue::TellsStory);
}

/// What a message is for besides: wishes and questions in parts of their own.
pub(super) fn also(
    rules: &Rules,
    ruled: &Ruled,
    said: &Interpretation,
    by_rules_alone: bool,
) -> Vec<Intent> {
    let Ruled {
        plain,
        hits,
        matches: whole,
        ..
    } = ruled;
    let candidate = |(intent, weight): (&Intent, &u32)| {
        (*weight >= 4 && *intent != said.intent && combine::stands_beside(*intent))
            .then_some(*intent)
    };
    let candidates: Vec<Intent> = hits.intents.iter().filter_map(candidate).collect();
    // With a model a sentence that complains was seen already.
    let complains = by_rules_alone && said.intent != Intent::Complaint && tells_wrong(hits);
    if candidates.is_empty() && !complains {
        return Vec::new();
    }
    let parts = rules.parts(plain);
    if parts.len() < 2 {
        return Vec::new();
    }
    let mut also = Vec::new();
    for part in parts {
        if complains
            && !also.contains(&Intent::Complaint)
            && !part.contains('?')
            && !rules.wishes(part)
            && tells_wrong(&rules.hits_in(part, whole))
        {
            also.push(Intent::Complaint);
            continue;
        }
        if !part.contains('?') && !rules.wishes(part) {
            continue;
        }
        let found = rules.hits_in(part, whole);
        let strongest = (candidates.iter())
            .filter(|i| found.intents.get(i).is_some_and(|w| *w >= 4))
            .max_by_key(|i| found.intents[i]);
        let wrong = (found.intents.get(&Intent::Complaint)).is_some_and(|w| *w >= 2);
        if let Some(intent) = strongest
            && !wrong
            && !also.contains(intent)
        {
            also.push(*intent);
        }
    }
    also
}

/// Whether rules find that something went wrong.
fn tells_wrong(hits: &Hits) -> bool {
    hits.intents
        .get(&Intent::Complaint)
        .is_some_and(|w| *w >= 2)
        || combine::category(hits).is_some()
}

/// "The physio, Declan, is the best thing that happened to my back, but the hoist has been broken …": whoever is named
/// in a stretch of praise is not complained of.
pub(super) fn vouched(
    rules: &Rules,
    text: &str,
    praises: impl Fn(&str) -> bool,
    said: &mut Interpretation,
) {
    let whole = |clauses: &[Clause]| {
        let start = clauses.first()?.start;
        let sentence = text.get(start..clauses.last()?.end)?;
        let stretches = rules.stretches(sentence).into_iter();
        Some(
            stretches
                .map(move |at| start + at.start..start + at.end)
                .collect::<Vec<_>>(),
        )
    };
    let sentences = said.clauses.chunk_by(|a, b| a.sentence == b.sentence);
    let stretches: Vec<Range<usize>> = sentences.filter_map(whole).flatten().collect();
    if stretches.len() < 2 {
        return;
    }
    let staff: Vec<usize> = (said.entities.staff.iter())
        .filter(|s| s.name.is_some())
        .map(|s| s.start)
        // "…, se llama Julián, …".
        .chain(
            said.clauses
                .iter()
                .filter(|c| c.lead == Some(Lead::OtherName))
                .map(|c| c.start),
        )
        .collect();
    let named = |at: &Range<usize>| staff.iter().any(|start| at.contains(start));
    for at in stretches.into_iter().filter(named) {
        let enough = |words: &&str| words.split_whitespace().count() >= WORDS_OF_PRAISE;
        if text.get(at.clone()).filter(enough).is_some_and(&praises) {
            for clause in said.clauses.iter_mut().filter(|c| at.contains(&c.start)) {
                clause.cues.insert(Cue::Praises);
            }
        }
    }
}
