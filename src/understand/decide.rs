//! Who decides what, where the rules and the model both have something to say.
//!
//! - A reference in the message means that somebody asks how a complaint stands: rules alone.
//! - Entities, cues and the wish: rules alone. A model cannot point.
//! - Intent, relation, category, feeling: the model, which was shown what the rules found and how sure they were.
//! - Danger: whatever a rule sees stands; the model, which learned it from the words alone, may see danger where no rule saw anything, and cannot take any
//!   away. Where a rule saw an idiom, the past or a denial, the model, which knows nothing of those, is not asked.
//!   Nothing written later takes it back: that is `conversation`'s part, and a person's.

use super::{
    model::{Features, Head, Model, likeliest},
    red_flags::Spoken,
};
use crate::domain::{
    Category, Emotion, Intent, Interpretation, RedFlag, Relation,
    interpretation::{Cue, Intensity},
};

/// From how likely on the model speaks of danger in a message of few words, which is mostly an answer to a question of ours.
const DANGER_SEEN_IN_FEW: f32 = 0.65;
const FEW: usize = 9;
/// From how likely on the model speaks of danger by itself. Chosen on the training part, by folds; see `docs/understanding.md`.
const DANGER_SEEN: f32 = 0.35;
/// In fewer words than these the model sees no danger by itself: one word that happened to stand in a frightening message is not enough.
const WORDS_TO_JUDGE: usize = 5;
/// From how likely on the model's answer stands against a rule in a language that it has seen little of.
const SURE_OF_FOREIGN: f32 = 0.85;
/// From how likely on "not told" stands against a rule.
const NOT_TOLD: f32 = 0.85;
/// From how likely on somebody is taken for a patient without a rule that says so.
const SURELY_PATIENT: f32 = 0.6;
/// In fewer words than these nobody is taken for a patient who does not say so: "I want to report a nurse".
const WORDS_TO_GUESS: usize = 8;
/// In fewer words than these a feeling or a complaint that no rule found must be this likely.
const SHORT: usize = 5;
const SURE_OF_SHORT: f32 = 0.75;
/// From how likely on a complaint is taken to say nothing yet of what it is about.
const NO_CATEGORY: f32 = 0.7;

/// What both together say. `said` is what the rules said.
pub(super) fn decide(
    model: &Model,
    features: &Features,
    plain: &str,
    spoken: Spoken,
    mut said: Interpretation,
) -> Interpretation {
    let words = plain.split(' ').count();
    let found = &said.entities;
    if found.references.is_empty() && found.broken_references.is_empty() {
        let answers = model.ask(Head::Intent, features);
        let guessed = Intent::ALL[likeliest(&answers)];
        // "Monday night" is an answer, and no good night.
        let answers_something =
            !found.dates.is_empty() || !found.phones.is_empty() || !found.emails.is_empty();
        let unsure = guessed == Intent::Complaint && answers[guessed as usize] < SURE_OF_SHORT;
        let bare = said.intent == Intent::Other && words < SHORT && (answers_something || unsure);
        // Few messages in other languages were learned from: what a rule says in one of them stands, unless the model is certain.
        let learned = said.language == "en"
            || said.intent == Intent::Other
            || guessed != Intent::Other && answers[guessed as usize] >= SURE_OF_FOREIGN;
        if !bare && learned {
            said.intent = guessed;
            said.unsure = torn_between(&answers, guessed, words, &said);
            // "I'm not complaining": asked, rather than not believed, or believed too soon.
            if guessed == Intent::Complaint && said.has(Cue::NotMeant) && said.red_flag.is_none() {
                said.unsure = vec![Intent::Complaint, Intent::Compliment, Intent::Information];
            }
        }
    }
    said.relation = relation(&model.ask(Head::Relation, features), said.relation, words);
    // "I'm not a customer": whoever says so is taken at their word.
    if said.relation == Relation::Patient && said.has(Cue::AsksStanding) {
        said.relation = Relation::Unknown;
    }
    said.red_flag = danger(&model.ask(Head::RedFlag, features), spoken, words);
    // "I don't want to continue" ends a talk. Where no phrase of danger stands in so few words, the model's guess gives way.
    if said.has(Cue::Stops) && spoken == Spoken::Nothing && words < FEW {
        said.red_flag = None;
    }
    feel(&model.ask(Head::Emotion, features), words, &mut said);
    said.category = if said.intent == Intent::Complaint {
        let answers = model.ask(Head::Category, features);
        // A complaint is about something, unless it very likely only says that there is one.
        (answers[0] < NO_CATEGORY).then(|| Category::ALL[likeliest(&answers[1..])])
    } else {
        None
    };
    if said.intent != Intent::Complaint {
        said.cues.remove(&Cue::TellsStory);
    }
    said
}

/// From how likely on something is a complaint or not, whatever else speaks for the contrary.
const SURELY_COMPLAINS: f32 = 0.5;
/// From how likely on a complaint may be meant where something else is likelier.
const MAY_COMPLAIN: f32 = 0.4;

/// Where the model cannot tell complaint from praise from question, and no rule can: what it may be.
fn torn_between(
    answers: &[f32],
    guessed: Intent,
    words: usize,
    by_rules: &Interpretation,
) -> Vec<Intent> {
    let complains = answers[Intent::Complaint as usize];
    let torn = if guessed == Intent::Complaint {
        complains < SURELY_COMPLAINS
    } else {
        complains >= MAY_COMPLAIN
            && matches!(
                guessed,
                Intent::Compliment | Intent::Information | Intent::Other
            )
    };
    let ruled = by_rules.category.is_some()
        || by_rules.red_flag.is_some()
        || by_rules.has(Cue::AsksStanding)
        || by_rules.has(Cue::NoComplaint);
    if !torn || ruled || words < SHORT {
        return Vec::new();
    }
    vec![Intent::Complaint, Intent::Compliment, Intent::Information]
}

fn danger(answers: &[f32], spoken: Spoken, words: usize) -> Option<RedFlag> {
    let any = 1.0 - answers[0];
    let least = if words < FEW {
        DANGER_SEEN_IN_FEW
    } else {
        DANGER_SEEN
    };
    let seen = any >= least && words >= WORDS_TO_JUDGE && spoken == Spoken::Nothing;
    let kind = RedFlag::ALL[likeliest(&answers[1..])];
    spoken.flag().or_else(|| seen.then_some(kind))
}

/// Who writes. "Not told" by the model gives way to what a rule found: rules for this match what people say of themselves. That somebody is a patient or a passer-by
/// is seldom said and mostly guessed, so there the model may be certain against a rule.
fn relation(answers: &[f32], by_rule: Relation, words: usize) -> Relation {
    let index = likeliest(answers);
    let guessed = matches!(by_rule, Relation::Patient | Relation::Public);
    if Relation::ALL[index] == Relation::Patient
        && by_rule == Relation::Unknown
        && (answers[index] < SURELY_PATIENT || words < WORDS_TO_GUESS)
    {
        // Whoever is shouted at by a nurse need not be her patient. Better asked than assumed.
        return Relation::Unknown;
    }
    if Relation::ALL[index] == Relation::Unknown && (!guessed || answers[index] < NOT_TOLD) {
        by_rule
    } else {
        Relation::ALL[index]
    }
}

/// From how likely on somebody who complains for themselves or their own is taken to be upset, though calm words are likelier: hurt people often write calmly.
const UPSET: f32 = 0.3;

/// The feeling, and how strong: as strong as the rules found it where they agree, else as strong as the model is sure.
fn feel(answers: &[f32], words: usize, said: &mut Interpretation) {
    let mut index = likeliest(answers);
    let upset = Emotion::Upset as usize;
    let for_a_living = matches!(
        said.relation,
        Relation::Professional | Relation::Employee | Relation::LegalRepresentative
    );
    if Emotion::ALL[index] == Emotion::Neutral
        && said.intent == Intent::Complaint
        && !for_a_living
        && answers[upset] >= UPSET
    {
        index = upset;
    }
    if words < SHORT && said.emotion == Emotion::Neutral && answers[index] < SURE_OF_SHORT {
        return;
    }
    let emotion = Emotion::ALL[index];
    if emotion != said.emotion {
        said.emotion = emotion;
        said.intensity = if emotion == Emotion::Neutral {
            Intensity(0)
        } else {
            Intensity((20.0 + answers[index] * 40.0) as u8)
        };
    }
}
