//! What somebody feels, by the rules and the models.

use super::model::likeliest;
use crate::domain::{Emotion, Interpretation, interpretation::Intensity};

/// The feeling, and how strong: as strong as the rules found it where they agree, else as strong as the models are
/// sure of it; of anger, fear and grief together, since they are often all there.
pub(super) fn feel(answers: &[f32], said: &mut Interpretation) {
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
