//! What the patterns find, combined: one answer a question, as evidence for the models.

use super::rules::Hits;
use crate::domain::{
    Emotion, Entities, Intent, RedFlag,
    interpretation::{Category, Intensity},
};

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

/// What the patterns alone find a message to be for: the weightiest, harm before wishes where they weigh the same.
/// Evidence for the models, and the answer where there are none.
pub(super) fn intent(hits: &Hits, entities: &Entities) -> Intent {
    if !entities.references.is_empty() || !entities.broken_references.is_empty() {
        return Intent::Status;
    }
    if complains(hits) {
        return Intent::Complaint;
    }
    let mut best = (Intent::Other, 1);
    for (intent, weight) in &hits.intents {
        if *weight > best.1 {
            best = (*intent, *weight);
        }
    }
    best.0
}

/// Whether the patterns find that somebody complains, or that something went wrong.
pub(super) fn complains(hits: &Hits) -> bool {
    let weight = hits.intents.get(&Intent::Complaint).copied().unwrap_or(0);
    let upset = hits.emotions.get(&Emotion::Upset).copied().unwrap_or(0);
    weight >= 2 || upset >= 4 || category(hits).is_some()
}

/// What may be wished for beside the main thing.
pub(super) const fn stands_beside(intent: Intent) -> bool {
    intent.is_wish() || matches!(intent, Intent::Information | Intent::SpeakToHuman)
}

/// The strongest feeling that the patterns find, and how strong.
pub(super) fn emotion(
    hits: &Hits,
    text: &str,
    plain: &str,
    danger: Option<RedFlag>,
) -> (Emotion, Intensity) {
    let mut weights = hits.emotions.clone();
    if complains(hits) {
        *weights.entry(Emotion::Upset).or_default() += 2;
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
