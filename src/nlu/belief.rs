//! What the models make of a message: the linear one of all of it, the encoder where that is worth its time.

use super::{
    encoder::{Answers, Seen},
    model::{Features, Head, Model, likeliest},
    pack::Trust,
    roles::Roles,
};
use crate::domain::Intent;

/// From how likely on a complaint may be meant where something else is likelier, or where it is likeliest and
/// not likely enough: then it is asked.
pub(super) const MAY_COMPLAIN: f32 = 0.3;
/// From how likely on it is a complaint.
pub(super) const COMPLAINS: f32 = 0.5;
/// From how likely on the linear model is sure of an answer.
const SURE: f32 = 0.85;
/// How likely it must find danger for the encoder to be asked.
const SUSPECT: f32 = 0.02;
/// How likely one sentence among several must complain for it to be read by the encoder too.
const SUSPECT_COMPLAINT: f32 = 0.1;
/// How likely one of them must be of danger for that.
const SUSPECT_SENTENCE: f32 = 0.15;

/// What a message shows to the model: as a whole, and sentence by sentence where it has several.
#[derive(Debug)]
pub(super) struct Shown {
    /// Its words, without addresses.
    pub(super) words: String,
    /// The same without the names of people, where there are any.
    pub(super) unnamed: Option<String>,
    /// How far the models are believed in its language.
    pub(super) trust: Trust,
    /// Whether there are several people, places or days in it, of which one may be meant.
    pub(super) several: bool,
    pub(super) whole: Features,
    pub(super) sentences: Vec<(String, Features)>,
    /// Whether most of its words are words of every day, and it is more than an address, a name or a day: of
    /// others the model has learned nothing.
    pub(super) readable: bool,
}

/// What the models make of a message.
#[derive(Clone, Debug)]
pub(super) struct Belief {
    /// All answers, of the whole.
    pub(super) whole: Answers,
    /// Of each sentence by itself, where there are several.
    pub(super) sentences: Vec<Sentence>,
    /// Who and where is who and where, if the encoder was asked.
    pub(super) roles: Option<Roles>,
}

/// One sentence by itself.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    purposes: Vec<f32>,
    pub(super) dangers: Vec<f32>,
    /// Whether the encoder read it too.
    pub(super) twice: bool,
}

impl Sentence {
    pub(super) fn complains(&self) -> f32 {
        self.purposes[Intent::Complaint as usize]
    }

    fn danger(&self) -> f32 {
        1.0 - self.dangers[0]
    }
}

impl Belief {
    /// What the linear model makes of it, and the encoder where it is worth its time: of the whole, and of the
    /// sentences that might say what the whole does not.
    pub(super) fn of(
        model: &Model,
        shown: &Shown,
        second: Option<impl Fn(&str) -> Option<Seen>>,
    ) -> Self {
        let weight = shown.trust.encoder;
        let mut whole = Head::ALL.map(|head| model.ask(head, &shown.whole));
        let mut sentences: Vec<Sentence> = (shown.sentences.iter())
            .map(|(_, features)| Sentence {
                purposes: model.ask(Head::Intent, features),
                dangers: model.ask(Head::RedFlag, features),
                twice: false,
            })
            .collect();
        let complains = whole[Head::Intent.index()][Intent::Complaint as usize];
        let suspect = |s: &Sentence| complains < COMPLAINS && s.complains() >= SUSPECT_COMPLAINT;
        let worth = worth_a_second_look(&whole, shown)
            || sentences.iter().any(suspect)
            || sentences.iter().any(|s| s.danger() >= SUSPECT_SENTENCE);
        let Some(ask) = second.filter(|_| worth) else {
            return Self {
                whole,
                sentences,
                roles: None,
            };
        };
        let mut roles = None;
        if let Some(seen) = ask(&shown.words) {
            // Names tell who is who, and nothing of what a message is for.
            let unnamed = shown.unnamed.as_deref().and_then(&ask);
            let answers = unnamed.map_or(seen.answers, |unnamed| unnamed.answers);
            for (mine, others) in whole.iter_mut().zip(&answers) {
                blend(mine, others, weight);
            }
            roles = Some(seen.roles);
        }
        let most = |of: fn(&Sentence) -> f32, from: f32| {
            let likely = sentences.iter().enumerate().filter(|(_, s)| of(s) >= from);
            let found = likely.max_by(|(_, a), (_, b)| of(a).total_cmp(&of(b)));
            found.map(|(n, _)| n)
        };
        let complains = whole[Head::Intent.index()][Intent::Complaint as usize];
        let complaint = (complains < COMPLAINS)
            .then(|| most(Sentence::complains, SUSPECT_COMPLAINT))
            .flatten();
        let danger = most(Sentence::danger, SUSPECT_SENTENCE);
        let both: Vec<usize> = complaint.into_iter().chain(danger).collect();
        for n in both {
            if let Some(Seen { answers, .. }) = (!sentences[n].twice)
                .then(|| ask(&shown.sentences[n].0))
                .flatten()
            {
                blend(
                    &mut sentences[n].purposes,
                    &answers[Head::Intent.index()],
                    weight,
                );
                blend(
                    &mut sentences[n].dangers,
                    &answers[Head::RedFlag.index()],
                    weight,
                );
                sentences[n].twice = true;
            }
        }
        Self {
            whole,
            sentences,
            roles,
        }
    }
}

/// Whether a second, slower look is worth its time: not for an address or a name, nor where the linear model is
/// sure and sees no danger.
fn worth_a_second_look(answers: &Answers, shown: &Shown) -> bool {
    let sure = |head: Head| answers[head.index()][likeliest(&answers[head.index()])] >= SURE;
    let purpose = Intent::ALL[likeliest(&answers[Head::Intent.index()])];
    // A greeting, thanks, an answer: nobody says in them who they are.
    let small = matches!(
        purpose,
        Intent::Greeting | Intent::Thanks | Intent::Goodbye | Intent::Other
    );
    let safe = 1.0 - answers[Head::RedFlag.index()][0] < SUSPECT;
    let sure = safe
        && purpose != Intent::Complaint
        && sure(Head::Intent)
        && (small || sure(Head::Relation));
    shown.readable && (!sure || shown.several)
}

/// The weighted mean of what both models say.
fn blend(mine: &mut [f32], others: &[f32], weight: f32) {
    for (a, b) in mine.iter_mut().zip(others) {
        *a += (b - *a) * weight;
    }
}
