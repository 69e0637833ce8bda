//! Danger: phrases and models, and how sure they must be of which kind, where.

use super::{belief::Sentence, model::likeliest, red_flags::Spoken};
use crate::domain::RedFlag;

/// From how likely on the models speak of danger of a kind by themselves.
const fn enough(flag: RedFlag) -> f32 {
    match flag {
        RedFlag::MedicalEmergency => 0.36,
        RedFlag::Abuse => 0.34,
        RedFlag::SelfHarm | RedFlag::Violence => 0.25,
    }
}
/// From how likely on the models are sure of danger.
pub(super) const SURE_OF_DANGER: f32 = 0.5;
/// How much surer it must be of an emergency where something is surely complained of: what was dreadful last
/// week is told in the same words.
const IN_COMPLAINT: f32 = 1.6;
/// How much surer it must be of a sentence of a longer message, read without the others: they might have explained it.
const IN_SENTENCE: f32 = 3.0;
/// The same where both models read it.
const IN_SENTENCE_TWICE: f32 = 1.5;
/// The same where a phrase of danger is covered by an exception ("this bill will be the death of me").
const AS_IF: f32 = 2.0;
/// How much surer both must be that somebody who tells of a death is in danger themselves, or that anybody still is.
const IN_GRIEF: f32 = 1.6;
/// A phrase of danger stands where the models find danger at least this likely.
const PHRASE: f32 = 0.09;
/// The same in a complaint, which tells of what is over.
const PHRASE_IN_COMPLAINT: f32 = 0.13;
/// The same in praise, which thanks for a rescue.
const PHRASE_IN_PRAISE: f32 = 0.2;
/// What is told in words of danger, and is over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surer {
    complaint: bool,
    /// From how likely on a phrase of danger stands.
    phrase: f32,
    grief: bool,
    /// How much surer the models must be in its language.
    language: f32,
}

impl Surer {
    /// In a message that complains or praises, tells of a death, in a language in which the models are believed so far.
    pub(super) fn of(complaint: bool, praise: bool, grief: bool, language: f32) -> Self {
        let phrase = match (praise, complaint) {
            (true, _) => PHRASE_IN_PRAISE,
            (false, true) => PHRASE_IN_COMPLAINT,
            (false, false) => PHRASE,
        };
        Self {
            complaint,
            phrase,
            grief,
            language,
        }
    }

    /// By how much the bar is higher.
    fn times(self, kind: RedFlag) -> f32 {
        let of = |yes: bool, times: f32| if yes { times } else { 1.0 };
        let own = matches!(kind, RedFlag::MedicalEmergency | RedFlag::SelfHarm);
        of(own && self.complaint, IN_COMPLAINT) * of(own && self.grief, IN_GRIEF) * self.language
    }
}

/// Danger in the whole or in a sentence of it, and how likely; of which kind, by the place where it is likeliest.
pub(super) fn danger(
    of_whole: &[f32],
    sentences: &[Sentence],
    readable: bool,
    spoken: Spoken,
    surer: Surer,
) -> (Option<RedFlag>, f32) {
    let mut seen: Option<(f32, RedFlag)> = None;
    let mut most: f32 = 0.0;
    let as_if = if spoken == Spoken::AsIf { AS_IF } else { 1.0 };
    let sentences = sentences.iter().map(|s| {
        let part = if s.twice {
            IN_SENTENCE_TWICE
        } else {
            IN_SENTENCE
        };
        (s.dangers.as_slice(), part)
    });
    for (answers, part) in std::iter::once((of_whole, 1.0)).chain(sentences) {
        let kind = RedFlag::ALL[likeliest(&answers[1..])];
        // A little of every kind is noise; one kind is a sign.
        let likely = f32::midpoint(1.0 - answers[0], answers[kind as usize + 1]) / part;
        most = most.max(likely);
        let stands = readable && likely >= enough(kind) * as_if * surer.times(kind);
        if stands && seen.is_none_or(|(before, _)| likely > before) {
            seen = Some((likely, kind));
        }
    }
    match (spoken, seen) {
        (Spoken::Certain(flag), _) => (Some(flag), 1.0),
        (Spoken::Of(flag), _) if most >= surer.phrase => (Some(flag), 1.0),
        (_, seen) => (seen.map(|(_, kind)| kind), most),
    }
}
