//! From what matched to one answer a question.

use super::rules::Hits;
use crate::domain::{
    Emotion, Entities, Intent, RedFlag, Relation,
    interpretation::{Category, Cue, Intensity},
};
use std::collections::BTreeSet;

/// The order in which categories win where they weigh the same: harm before hurt before trouble.
const CATEGORY_ORDER: [Category; 7] = [
    Category::Safety,
    Category::Quality,
    Category::RespectAndPatientRights,
    Category::Listening,
    Category::Communication,
    Category::Environment,
    Category::InstitutionalProcesses,
];

/// The category with most weight.
pub(super) fn category(hits: &Hits) -> Option<Category> {
    let mut best: Option<(Category, u32)> = None;
    for category in CATEGORY_ORDER {
        let weight = hits.categories.get(&category).copied().unwrap_or(0);
        if weight >= 3 && best.is_none_or(|(_, w)| weight > w) {
            best = Some((category, weight));
        }
    }
    best.map(|(category, _)| category)
}

/// Where something is plainly wrong, but no rule says what.
pub(super) fn fallback_category(emotion: Emotion, plain: &str) -> Option<Category> {
    let about_people = [
        "nurse",
        "carer",
        "doctor",
        "staff",
        "receptionist",
        "she ",
        "he ",
        "they ",
    ]
    .iter()
    .any(|w| plain.contains(w));
    (about_people && plain.split(' ').count() >= 6 && emotion == Emotion::Upset)
        .then_some(Category::RespectAndPatientRights)
}

/// What the message is for.
pub(super) fn intent(
    hits: &Hits,
    plain: &str,
    wrong: bool,
    danger: bool,
    cues: &BTreeSet<Cue>,
    entities: &Entities,
) -> Intent {
    let weight = |i: Intent| hits.intents.get(&i).copied().unwrap_or(0);
    let words = plain.split(' ').count();
    let upset = hits.emotions.get(&Emotion::Upset).copied().unwrap_or(0)
        + hits.emotions.get(&Emotion::Sad).copied().unwrap_or(0);
    let question = cues.contains(&Cue::Question) || words <= 14 && asks_first(plain);
    let enquires = upset == 0
        && [
            "question about",
            "query about",
            "ask about",
            "enquire about",
            "info on",
            "information about",
        ]
        .iter()
        .any(|w| plain.contains(w));

    if !entities.references.is_empty()
        || !entities.broken_references.is_empty()
        || weight(Intent::Status) >= 4 && !wrong
    {
        return Intent::Status;
    }
    if weight(Intent::SpeakToHuman) >= 5 && words <= 25 && !(wrong && words > 12) {
        return Intent::SpeakToHuman;
    }
    if weight(Intent::Callback) >= 5 && !wrong && weight(Intent::Complaint) < 4 {
        return Intent::Callback;
    }
    if weight(Intent::Complaint) >= 4 && !(question && weight(Intent::Status) > 0) {
        return Intent::Complaint;
    }
    let praise = weight(Intent::Compliment);
    if praise >= 4 && (!wrong || praise >= 8) && upset < 4 {
        return Intent::Compliment;
    }
    // Something went wrong, and it was not only asked about.
    let wrong = wrong && !enquires;
    let asks_a_fact = question
        && upset == 0
        && words <= 14
        && (asks_first(plain) || entities.topic.is_some() && weight(Intent::Information) >= 4);
    if wrong && !asks_a_fact {
        return Intent::Complaint;
    }
    if danger {
        return Intent::Other;
    }
    let service = [
        Intent::Results,
        Intent::Prescription,
        Intent::Billing,
        Intent::Records,
        Intent::Appointment,
    ]
    .into_iter()
    .max_by_key(|i| weight(*i))
    .filter(|i| weight(*i) >= 2);
    let information = weight(Intent::Information);
    if let Some(service) = service
        && weight(service) >= information
    {
        return service;
    }
    if information >= 4 || question && entities.topic.is_some() && words <= 14 {
        return Intent::Information;
    }
    if words >= 5
        && !question
        && !danger
        && praise < 4
        && tells_of_us(plain)
        && !hits.emotions.contains_key(&Emotion::Positive)
    {
        return Intent::Complaint;
    }
    if weight(Intent::Complaint) >= 2 && (upset > 0 || words >= 5) {
        return Intent::Complaint;
    }
    if upset >= 4
        && words >= 5
        && !question
        && hits.emotions.get(&Emotion::Upset).is_some_and(|w| *w >= 4)
    {
        return Intent::Complaint;
    }
    for small in [Intent::Goodbye, Intent::Thanks, Intent::Greeting] {
        if weight(small) > 0 && words <= 8 {
            return small;
        }
    }
    Intent::Other
}

/// What may be wished for beside the main thing.
pub(super) const fn stands_beside(intent: Intent) -> bool {
    intent.is_wish() || matches!(intent, Intent::Information | Intent::SpeakToHuman)
}

/// Whether a statement speaks of somebody or something of ours. Nobody writes to a care provider to tell how its staff went about their day unless
/// something is the matter; and a complaint that is taken for small talk is worse than small talk that is taken seriously.
fn tells_of_us(plain: &str) -> bool {
    const OURS: [&str; 56] = [
        "your ",
        "nurse",
        "carer",
        "doctor",
        "porter",
        "receptionist",
        "staff",
        "physio",
        "midwife",
        "surgeon",
        "consultant",
        "ambulance",
        "ward",
        "hospital",
        "clinic",
        "surgery",
        "a&e",
        "care home",
        "driver",
        "nobody",
        "no one",
        "they ",
        "was left",
        "was told",
        "was treated",
        "was made",
        "discharged",
        "paramedic",
        "the home",
        "waiting list",
        "dentures",
        "hearing aid",
        "trolley",
        "treated",
        "enfermer",
        "auxiliar",
        "medico",
        "médic",
        "doctor",
        "cuidador",
        "celador",
        "recepcion",
        "su personal",
        "sus conductor",
        "su conductor",
        "residencia",
        "clinica",
        "clínica",
        "urgencias",
        "planta",
        "nadie ",
        "dejaron",
        "ambulancia",
        "matrona",
        "cirujan",
        "habitación",
    ];
    OURS.iter().any(|w| plain.contains(w))
}

/// Whether the message sets out as a question about how things are, not about what somebody did.
fn asks_first(plain: &str) -> bool {
    [
        "how", "what", "when", "where", "which", "is ", "are ", "can ", "do ", "does ", "could ",
        "hi, ", "hello, ",
    ]
    .iter()
    .any(|w| plain.starts_with(w))
}

/// The strongest feeling, and how strong.
pub(super) fn emotion(
    hits: &Hits,
    text: &str,
    plain: &str,
    intent: Intent,
    danger: Option<RedFlag>,
) -> (Emotion, Intensity) {
    let mut weights = hits.emotions.clone();
    // Weak words of trouble say nothing by themselves: somebody who does this for a living reports them calmly.
    let calm = matches!(hits.relation, Relation::Professional | Relation::Employee);
    if (intent != Intent::Complaint || calm)
        && weights.get(&Emotion::Upset).is_some_and(|w| *w <= 2)
    {
        weights.remove(&Emotion::Upset);
    }
    if !matches!(
        intent,
        Intent::Complaint | Intent::Other | Intent::SpeakToHuman | Intent::Callback
    ) {
        // "is the late clinic open?": the words of trouble without the trouble.
        if let Some(w) = weights.get_mut(&Emotion::Upset) {
            *w = w.saturating_sub(2);
        }
    }
    if intent == Intent::Complaint {
        *weights.entry(Emotion::Upset).or_default() += if calm { 1 } else { 2 };
        weights.remove(&Emotion::Positive);
    }
    match danger {
        Some(RedFlag::SelfHarm) => *weights.entry(Emotion::Sad).or_default() += 4,
        Some(RedFlag::MedicalEmergency) => *weights.entry(Emotion::Anxious).or_default() += 4,
        _ => {}
    }
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    let shouts = letters >= 12 && capitals * 10 >= letters * 7;
    if shouts {
        *weights.entry(Emotion::Upset).or_default() += 4;
    }
    let order = [
        Emotion::Sad,
        Emotion::Anxious,
        Emotion::Upset,
        Emotion::Confused,
        Emotion::Positive,
    ];
    let mut best = (Emotion::Neutral, 1_u32);
    for emotion in order {
        let weight = weights.get(&emotion).copied().unwrap_or(0);
        if weight > best.1 {
            best = (emotion, weight);
        }
    }
    if best.0 == Emotion::Neutral {
        return (Emotion::Neutral, Intensity(0));
    }
    let strength =
        25 + best.1.min(12) * 5 + u32::from(plain.contains("!!")) * 10 + u32::from(shouts) * 10;
    (best.0, Intensity(strength.min(100) as u8))
}

/// Whether a complaint already tells what happened, so that nobody asks for it again.
pub(super) fn tells_story(plain: &str, category: Option<Category>) -> bool {
    let words = plain.split(' ').count();
    words >= 12 || words >= 5 && category.is_some()
}

/// Whether what went wrong went wrong with the writer's own care, rather than near them.
pub(super) fn about_own_care(plain: &str) -> bool {
    [
        "my care",
        "treated me",
        "my treatment",
        "my ward",
        "my bed",
        "operated on me",
        "gave me the wrong",
        "my discharge",
        "my dressing",
        "examined me",
    ]
    .iter()
    .any(|w| plain.contains(w))
}
