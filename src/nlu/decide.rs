//! Who decides what, where the rules and the models both have something to say.
//!
//! - A reference in the message means that somebody asks how a complaint stands: rules alone.
//! - Entities, cues and the wish: rules alone. A model cannot point.
//! - Intent, relation, category, feeling: the models; the linear one was shown what the rules found.
//! - Danger: phrases or the models, which read the whole and every sentence, so that chest pain after three lines
//!   about parking is seen. A phrase stands unless the models are all but sure that it only looks like danger; a few
//!   stand whatever they think. Nothing written later takes danger back: that is `dialogue`'s part, and a person's.
//!
//! The figures were chosen on hands that neither rules nor models were made on; see `docs/understanding.md`.

use super::{
    belief::{Belief, COMPLAINS, MAY_COMPLAIN, Sentence},
    model::likeliest,
    packs,
    red_flags::Spoken,
};
use crate::domain::{
    Category, Emotion, Intent, Interpretation, RedFlag, Relation,
    interpretation::{Cue, FoundProblem, Intensity, Lead},
};

/// From how likely on the models speak of danger of a kind by themselves.
const fn enough(flag: RedFlag) -> f32 {
    match flag {
        RedFlag::MedicalEmergency => 0.36,
        RedFlag::Abuse => 0.34,
        RedFlag::SelfHarm | RedFlag::Violence => 0.25,
    }
}
/// From how likely on the models are sure of danger.
const SURE_OF_DANGER: f32 = 0.5;
/// How much surer it must be of an emergency where something is surely complained of: what was dreadful last
/// week is told in the same words.
const IN_COMPLAINT: f32 = 1.6;
/// How much surer it must be of a sentence of a longer message, read without the others: they might have explained it.
const IN_SENTENCE: f32 = 3.0;
/// The same where both models read it.
const IN_SENTENCE_TWICE: f32 = 1.5;
/// The same where a phrase of danger is covered by an exception ("this bill will be the death of me").
const AS_IF: f32 = 2.0;
/// How likely danger must be in words that end a talk or refuse an answer.
const SURELY_DANGER: f32 = 0.7;
/// From how likely on a category is sure enough for a severity to be proposed.
const SURE_OF_CATEGORY: f32 = 0.6;
/// How much surer both must be that somebody who tells of a death is in danger themselves, or that anybody still is.
const IN_GRIEF: f32 = 1.6;
/// A phrase of danger stands where the models find danger at least this likely.
const PHRASE: f32 = 0.09;
/// The same in a complaint, which tells of what is over.
const PHRASE_IN_COMPLAINT: f32 = 0.13;
/// The same in praise, which thanks for a rescue.
const PHRASE_IN_PRAISE: f32 = 0.2;
/// From how likely on it is praise.
const MAY_PRAISE: f32 = 0.25;
/// From how likely on a complaint may be meant in what looks like praise, where the rules find none.
const MAY_COMPLAIN_IN_PRAISE: f32 = 0.24;
/// The same where the rules find one.
const MAY_COMPLAIN_BY_RULES: f32 = 0.25;
/// From how likely on what looks like small talk or a wish is a complaint, where the rules find one or nothing
/// speaks for praise.
const COMPLAINS_BY_RULES: f32 = 0.37;
/// From how likely on a sentence of a message that is for something else complains.
const SENTENCE_COMPLAINS: f32 = 0.75;
/// The same where both models read it.
const SENTENCE_COMPLAINS_TWICE: f32 = 0.7;
/// The same in praise: one person was kind, and another was not.
const SENTENCE_COMPLAINS_IN_PRAISE: f32 = 0.6;
/// The same in praise, where the rules find too that something went wrong.
const SENTENCE_COMPLAINS_RULED: f32 = 0.5;
/// How likely the whole must complain for a sentence of it to be believed.
const WHOLE_COMPLAINS: f32 = 0.03;
/// The same where the rules find too that something went wrong.
const WHOLE_COMPLAINS_BY_RULES: f32 = 0.03;
/// From how likely on something is wished for that hardly is anything else.
const MENU: f32 = 0.3;
/// Up to how likely "anything else" gives way to a wish.
const SURELY_OTHER: f32 = 0.6;
/// From how likely on praise or a question stands against it.
const RIVAL: f32 = 0.2;
/// From how likely on somebody is taken for a patient without saying so. Better asked than assumed.
const SURELY_PATIENT: f32 = 0.4;
/// The same where they speak of somebody else.
const SURELY_PATIENT_BESIDE: f32 = 0.6;
/// How much likelier what a rule found becomes.
const RULED: f32 = 1.5;
/// From how likely on somebody complains who says so.
const SAYS_COMPLAINT: f32 = 0.1;
/// From how likely on a sentence of a complaint praises whom it names.
const PRAISES: f32 = 0.55;
/// From how likely on it complains for all that.
const PRAISES_NOT: f32 = 0.25;
/// From how likely on the models are believed of words most of which are none of every day.
const SURE_OF_THE_UNREAD: f32 = 0.6;
/// From how likely on a complaint is taken to say nothing yet of what it is about.
const NO_CATEGORY: f32 = 0.7;

/// What all together say. `said` is what the rules said, and `ruled_so` whether they find that something went wrong.
pub(super) fn decide(
    text: &str,
    belief: Belief,
    readable: bool,
    spoken: Spoken,
    ruled_so: bool,
    mut said: Interpretation,
) -> Interpretation {
    let Belief {
        whole, sentences, ..
    } = belief;
    let [purposes, who, dangers, about, feelings] = whole;
    let complains = purposes[Intent::Complaint as usize] >= COMPLAINS;
    let sure = 1.0 - dangers[0] >= SURELY_DANGER;
    let surer = Surer {
        complaint: complains,
        phrase: match purposes[Intent::Compliment as usize] {
            praise if praise >= MAY_PRAISE => PHRASE_IN_PRAISE,
            _ if complains => PHRASE_IN_COMPLAINT,
            _ => PHRASE,
        },
        grief: said.has(Cue::Bereaved),
        language: packs::trust(&said.language).danger,
    };
    let (danger, likely) = danger(&dangers, &sentences, readable, spoken, surer);
    said.red_flag = danger;
    if danger.is_some() && likely < SURE_OF_DANGER {
        said.cues.insert(Cue::DangerUnsure);
    }
    // "I don't want to continue", "I don't want to give my name": words for us. Where no phrase of danger
    // stands in them, the model must be sure.
    let for_us = [Cue::Stops, Cue::Anonymous, Cue::Skip, Cue::NothingMore]
        .iter()
        .any(|cue| said.has(*cue));
    if for_us && spoken == Spoken::Nothing && sentences.is_empty() && !sure {
        said.red_flag = None;
        said.cues.remove(&Cue::DangerUnsure);
    }
    // "Please cancel this, I don't want to make a complaint": taken back, and nobody despairs.
    if said.has(Cue::Withdraws) && spoken == Spoken::Nothing && !sure {
        said.red_flag = None;
        said.cues.remove(&Cue::DangerUnsure);
    }
    let found = &said.entities;
    // "José Ángel Ruiz": of words that are none of every day the models know nothing, unless they are sure.
    let knows = readable || purposes[likeliest(&purposes)] >= SURE_OF_THE_UNREAD;
    if found.references.is_empty() && found.broken_references.is_empty() && !said.bare && knows {
        (said.intent, said.unsure) = purpose(&purposes, ruled_so, &said);
        // One word from a menu ("billing"): the model knows sentences.
        if said.intent == Intent::Other && purposes[Intent::Other as usize] < SURELY_OTHER {
            let likely = |i: &Intent| purposes[*i as usize];
            let wish = (Intent::ALL.iter().copied()).filter(|i| i.is_wish() && likely(i) >= MENU);
            said.intent = wish
                .max_by(|a, b| likely(a).total_cmp(&likely(b)))
                .unwrap_or(said.intent);
        }
        let whole_complains = if ruled_so {
            WHOLE_COMPLAINS_BY_RULES
        } else {
            WHOLE_COMPLAINS
        };
        if said.intent != Intent::Complaint
            && purposes[Intent::Complaint as usize] >= whole_complains
            && complains_in_a_sentence(&sentences, ruled_so, &said)
        {
            said.also
                .extend(said.intent.is_wish().then_some(said.intent));
            said.intent = Intent::Complaint;
            said.unsure.clear();
        }
    }
    // "The cleaner threw away my late wife's photograph": of whom they speak is somebody else.
    let of_another = (said.entities.affected.as_ref())
        .is_some_and(|a| a.relation.as_deref().is_some_and(|r| r != "self"));
    // "I'm a patient", and nothing else.
    let says_so = matches!(&said.clauses[..], [one] if matches!(one.lead, Some(Lead::OwnRole | Lead::OwnName)));
    said.relation = relation(&who, said.relation, of_another, says_so);
    // "I'm not a customer": whoever says so is taken at their word.
    if said.relation == Relation::Patient && said.has(Cue::AsksStanding) {
        said.relation = Relation::Unknown;
    }
    feel(&feelings, &mut said);
    let may_complain = said.intent == Intent::Complaint || !said.unsure.is_empty();
    said.category = may_complain.then(|| category(&about)).flatten();
    said.problems.clear();
    if let Some(category) = said.category {
        said.problems.push(FoundProblem {
            words: text.trim().to_owned(),
            category,
            sure: sure_of(&about, category),
        });
    }
    if said.intent != Intent::Complaint {
        said.cues.remove(&Cue::TellsStory);
    }
    said
}

/// Whether a sentence by itself is surely praise.
pub(super) fn praises(answers: &[f32]) -> bool {
    answers[Intent::Compliment as usize] >= PRAISES
        && answers[Intent::Complaint as usize] < PRAISES_NOT
}

/// What a complaint is about, unless it very likely only says that there is one.
pub(super) fn category(answers: &[f32]) -> Option<Category> {
    (answers[0] < NO_CATEGORY).then(|| Category::ALL[likeliest(&answers[1..])])
}

/// Whether the models are sure of what a complaint is about.
pub(super) fn sure_of(answers: &[f32], category: Category) -> bool {
    answers[category as usize + 1] >= SURE_OF_CATEGORY
}

/// Whether a sentence of a complaint, by itself, tells of something that went wrong.
pub(super) fn goes_wrong(answers: &[f32]) -> bool {
    answers[Intent::Complaint as usize] >= COMPLAINS
}

/// Where the model cannot tell complaint from praise from question: what it may be. A story that might also be
/// no matter of ours is taken for a complaint:
/// one that is taken for small talk is worse than small talk that is taken seriously.
fn purpose(answers: &[f32], ruled_so: bool, said: &Interpretation) -> (Intent, Vec<Intent>) {
    let likeliest = Intent::ALL[likeliest(answers)];
    let likely = |intent: Intent| answers[intent as usize];
    let complains = likely(Intent::Complaint);
    let rival = likely(Intent::Compliment).max(likely(Intent::Information));
    // Told and asked in one breath ("…, can I complain at all?"), or a story that the rules find fault in.
    let ruled = ruled_so && !said.has(Cue::NotMeant) && !said.has(Cue::NoComplaint);
    let denied = [
        Cue::NotMeant,
        Cue::NoComplaint,
        Cue::Withdraws,
        Cue::AsksStanding,
    ];
    let says_so = said.has(Cue::SaysComplaint) && !denied.iter().any(|cue| said.has(*cue));
    if says_so && complains >= SAYS_COMPLAINT {
        return (Intent::Complaint, Vec::new());
    }
    let enough = match likeliest {
        _ if said.has(Cue::AsksStanding) => MAY_COMPLAIN_BY_RULES,
        Intent::Other => COMPLAINS_BY_RULES,
        wish if wish.is_wish() => COMPLAINS_BY_RULES,
        _ => f32::INFINITY,
    };
    if ruled && complains >= enough {
        return (Intent::Complaint, Vec::new());
    }
    let torn = match likeliest {
        // "I'm not complaining": asked, rather than not believed, or believed too soon.
        Intent::Complaint => {
            complains < COMPLAINS && rival >= RIVAL
                || said.has(Cue::NotMeant) && said.red_flag.is_none()
        }
        Intent::Other if complains >= COMPLAINS_BY_RULES && rival < RIVAL => {
            return (Intent::Complaint, Vec::new());
        }
        // "Your driver was vile to my husband": a nurse or a driver stands in most praise. Where no rule finds
        // any, a little doubt is enough.
        Intent::Compliment if said.intent != Intent::Compliment => {
            complains >= MAY_COMPLAIN_IN_PRAISE
        }
        Intent::Compliment | Intent::Information | Intent::Other => complains >= MAY_COMPLAIN,
        _ => false,
    };
    // "Thank you for killing my husband": whatever it sounds like, nobody is thanked for it.
    let torn = torn
        || said.has(Cue::Grave)
            && !said.has(Cue::Bereaved)
            && matches!(likeliest, Intent::Compliment | Intent::Thanks);
    if !torn || said.has(Cue::AsksStanding) || said.has(Cue::NoComplaint) {
        return (likeliest, Vec::new());
    }
    // Where the rules find too that something went wrong, nobody is asked.
    let agree = likeliest == Intent::Complaint && ruled_so;
    if agree && !said.has(Cue::NotMeant) {
        return (Intent::Complaint, Vec::new());
    }
    let all = vec![Intent::Complaint, Intent::Compliment, Intent::Information];
    (likeliest, all)
}

/// "Sister Nwosu was an angel. But the pharmacist gave my mum somebody else's tablets": whether one sentence by
/// itself surely complains.
fn complains_in_a_sentence(sentences: &[Sentence], ruled_so: bool, said: &Interpretation) -> bool {
    let praises = said.intent == Intent::Compliment;
    let surely = |s: &Sentence| {
        let enough = match (praises, ruled_so) {
            (true, true) => SENTENCE_COMPLAINS_RULED,
            (true, false) => SENTENCE_COMPLAINS_IN_PRAISE,
            (false, _) if s.twice => SENTENCE_COMPLAINS_TWICE,
            (false, _) => SENTENCE_COMPLAINS,
        };
        s.complains() >= enough
    };
    !said.has(Cue::NotMeant) && !said.has(Cue::NoComplaint) && sentences.iter().any(surely)
}

/// What is told in words of danger, and is over.
#[derive(Clone, Copy, Debug)]
struct Surer {
    complaint: bool,
    /// From how likely on a phrase of danger stands.
    phrase: f32,
    grief: bool,
    /// How much surer the models must be in its language.
    language: f32,
}

impl Surer {
    /// By how much the bar is higher.
    fn times(self, kind: RedFlag) -> f32 {
        let of = |yes: bool, times: f32| if yes { times } else { 1.0 };
        let own = matches!(kind, RedFlag::MedicalEmergency | RedFlag::SelfHarm);
        of(own && self.complaint, IN_COMPLAINT) * of(own && self.grief, IN_GRIEF) * self.language
    }
}

/// Danger in the whole or in a sentence of it, and how likely; of which kind, by the place where it is likeliest.
fn danger(
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

/// Who writes: the likeliest, with a little weight on what a rule found.
fn relation(answers: &[f32], by_rule: Relation, of_another: bool, says_so: bool) -> Relation {
    if says_so && by_rule != Relation::Unknown {
        return by_rule;
    }
    let mut answers = answers.to_vec();
    if by_rule != Relation::Unknown {
        answers[by_rule as usize] *= RULED;
    }
    let best = likeliest(&answers);
    // Whoever is shouted at by a nurse need not be her patient.
    let enough = if of_another {
        SURELY_PATIENT_BESIDE
    } else {
        SURELY_PATIENT
    };
    match Relation::ALL[best] {
        Relation::Patient if answers[best] < enough => Relation::Unknown,
        found => found,
    }
}

/// The feeling, and how strong: as strong as the rules found it where they agree, else as strong as the models are
/// sure of it; of anger, fear and grief together, since they are often all there.
fn feel(answers: &[f32], said: &mut Interpretation) {
    const HURT: [Emotion; 3] = [Emotion::Upset, Emotion::Anxious, Emotion::Sad];
    let index = likeliest(answers);
    let emotion = Emotion::ALL[index];
    if emotion == said.emotion {
        return;
    }
    let likely = if HURT.contains(&emotion) {
        HURT.iter().map(|e| answers[*e as usize]).sum()
    } else {
        answers[index]
    };
    let before = said.intensity;
    let both = HURT.contains(&emotion) && HURT.contains(&said.emotion);
    said.emotion = emotion;
    said.intensity = match emotion {
        Emotion::Neutral => Intensity(0),
        _ => Intensity((20.0 + likely * 40.0) as u8),
    };
    if both {
        said.intensity = said.intensity.max(before);
    }
}
