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
    danger::{SURE_OF_DANGER, Surer, danger},
    felt,
    model::likeliest,
    packs,
    red_flags::Spoken,
};
use crate::domain::{
    Category, Intent, Interpretation, RedFlag, Relation,
    interpretation::{Clause, Cue, FoundProblem, Lead},
};

/// How likely danger must be in words that end a talk or refuse an answer.
const SURELY_DANGER: f32 = 0.7;
/// From how likely on a category is sure enough for a severity to be proposed.
const SURE_OF_CATEGORY: f32 = 0.6;
/// From how likely on it is praise.
const MAY_PRAISE: f32 = 0.25;
/// From how likely on it is praise where no rule finds any, and below how likely a complaint: else it is asked.
const SURELY_PRAISES: [(f32, f32); 3] = [(0.5, 0.08), (0.6, 0.3), (0.75, 1.0)];
/// From how likely on a complaint may be meant in what looks like praise, where the rules find none.
const MAY_COMPLAIN_IN_PRAISE: f32 = 0.24;
/// The same where the rules find one.
const MAY_COMPLAIN_BY_RULES: f32 = 0.25;
/// From how likely on what befell somebody may be complained of where nothing else is meant.
const BEFELL: f32 = 0.19;
/// The same of what befell somebody else, beside a wish.
const BEFELL_ANOTHER: f32 = 0.19;
/// The same where somebody says what should come of it.
const WANTED: f32 = 0.15;
/// The same of anything told beside a wish or a question.
const BESIDE_A_WISH: f32 = 0.4;
/// What a message may be where the models cannot tell.
const WHICH: [Intent; 3] = [Intent::Complaint, Intent::Compliment, Intent::Information];
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
/// From how likely on praise stands against what else is surely a complaint: of strangers' words that were so read, two
/// of three praised.
const PRAISE_BESIDE: f32 = 0.3;
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
    let surer = Surer::of(
        complains,
        purposes[Intent::Compliment as usize] >= MAY_PRAISE,
        said.has(Cue::Bereaved),
        packs::trust(&said.language).danger,
    );
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
        let complains = purposes[Intent::Complaint as usize];
        // "Do not ring me": no wish to be rung.
        let unreached = [Cue::RetractsPhone, Cue::RetractsContact];
        if said.intent == Intent::Callback && unreached.iter().any(|cue| said.has(*cue)) {
            said.intent = Intent::Other;
        }
        // "Will I lose my place if I complain?": asked, and nothing is told.
        let tells = |c: &Clause| c.past && !c.asks && !c.question;
        if said.has(Cue::AsksIfComplains) && !said.clauses.iter().any(tells) {
            said.intent = Intent::Information;
            said.unsure.clear();
        } else if said.unsure.is_empty() && may_be_meant(complains, &sentences, &said) {
            said.unsure = WHICH.to_vec();
        }
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
    let says_so = match &said.clauses[..] {
        [one] => says_who(one, text),
        // "I am a resident, room 9, and the night staff ignore the bell".
        [first, ..] => {
            // "Soy la paciente, Marta Ruiz": "soy la" may lead to a name as well, and this is none.
            let led = first.lead == Some(Lead::OwnRole)
                || first.lead == Some(Lead::OwnName) && !first.name_like;
            led && first.words(text).split_whitespace().count() <= 5
        }
        [] => false,
    };
    said.relation = relation(&who, said.relation, of_another, says_so);
    // "I'm not a customer": whoever says so is taken at their word, and is none of the staff by that.
    let ours = matches!(said.relation, Relation::Patient | Relation::Employee);
    if ours && said.has(Cue::AsksStanding) {
        said.relation = Relation::Unknown;
    }
    felt::feel(&feelings, &mut said);
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

/// "I'm a patient", "service user": nothing but who writes.
fn says_who(clause: &Clause, text: &str) -> bool {
    let led = matches!(clause.lead, Some(Lead::OwnRole | Lead::OwnName));
    led || !clause.finite && text.split_whitespace().count() <= 4
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
        Cue::AsksIfComplains,
    ];
    let is_one = said.has(Cue::IsComplaint) && !said.has(Cue::IsNoComplaint);
    let says_so =
        (said.has(Cue::SaysComplaint) || is_one) && !denied.iter().any(|cue| said.has(*cue));
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
    let praise = answers[Intent::Compliment as usize];
    let sure = SURELY_PRAISES
        .iter()
        .any(|(from, wrong)| praise >= *from && complains < *wrong);
    let doubtful = likeliest == Intent::Compliment && said.intent != Intent::Compliment && !sure;
    let torn = match likeliest {
        // "I'm not complaining": asked, rather than not believed, or believed too soon.
        Intent::Complaint => {
            complains < COMPLAINS && rival >= RIVAL
                || praise >= PRAISE_BESIDE
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
    // "They gave my dad another man's tablet, he's better now, thank God": whoever tells what befell another thanks for
    // nothing.
    let befell = (said.entities.affected.as_ref())
        .is_some_and(|a| a.relation.as_deref().is_some_and(|r| r != "self"));
    let told = |c: &&Clause| c.finite && !c.asks && !c.filler;
    let several = said.clauses.iter().filter(told).count() >= 2;
    let torn = torn || likeliest == Intent::Thanks && befell && several;
    let torn = torn || doubtful && said.clauses.iter().any(|c| c.finite);
    if !torn || said.has(Cue::AsksStanding) || said.has(Cue::NoComplaint) {
        return (likeliest, Vec::new());
    }
    // Where the rules find too that something went wrong, nobody is asked.
    let surely = complains >= COMPLAINS || praise < PRAISE_BESIDE;
    let agree = likeliest == Intent::Complaint && ruled_so && surely;
    if agree && !said.has(Cue::NotMeant) {
        return (Intent::Complaint, Vec::new());
    }
    (likeliest, WHICH.to_vec())
}

/// "Can I get a refund for parking, and also my dad fell out of bed last night"; "the guard took my stick and put me
/// out in the rain": where it is told what befell somebody, or what should come of it, a complaint may be meant however
/// little of one it sounds. It is asked.
fn may_be_meant(complains: f32, sentences: &[Sentence], said: &Interpretation) -> bool {
    let calm = [Cue::NotMeant, Cue::NoComplaint, Cue::Withdraws];
    // A death is met with sympathy, unless a bill for the dead or the like is told.
    let wants = said.entities.desired_outcome.is_some();
    let grieves = said.has(Cue::Bereaved) && !said.intent.is_wish() && !wants;
    let aside = said.intent.is_wish() || matches!(said.intent, Intent::Information | Intent::Other);
    // Danger is answered first, and may be what is told; where the models only wonder whether somebody is violent, it
    // is asked.
    let wonders = said.red_flag == Some(RedFlag::Violence) && said.has(Cue::DangerUnsure);
    let danger = said.red_flag.is_some() && !wonders;
    if !aside || danger || grieves || calm.iter().any(|cue| said.has(*cue)) {
        return false;
    }
    let entities = &said.entities;
    let told = |c: &Clause| (c.past || c.finite) && !c.asks && !c.question;
    if wonders {
        return said.clauses.iter().any(told);
    }
    let of_whom = entities.affected.as_ref();
    let of_another = of_whom.and_then(|a| a.start).is_some_and(|at| {
        let within = |c: &&Clause| c.start <= at && at < c.end;
        said.clauses.iter().find(within).is_some_and(told)
    });
    let of_anybody = of_whom.is_some() && said.clauses.iter().any(told);
    let in_a_sentence = sentences
        .iter()
        .map(Sentence::complains)
        .fold(0.0, f32::max);
    let speaks_up = said.relation == Relation::Employee && said.clauses.iter().any(told);
    if said.intent == Intent::Other {
        let wanted = entities.desired_outcome.is_some();
        // "The nurse was late".
        let of_staff = !entities.staff.is_empty() && said.clauses.iter().any(told);
        return (of_anybody || speaks_up || of_staff) && complains.max(in_a_sentence) >= BEFELL
            || speaks_up && entities.staff.iter().any(|s| s.name.is_some())
            || wanted && complains >= WANTED;
    }
    complains >= BESIDE_A_WISH
        || said.has(Cue::Bereaved) && complains >= BEFELL
        || of_another && in_a_sentence >= BEFELL_ANOTHER
        || of_anybody && in_a_sentence >= BESIDE_A_WISH
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
