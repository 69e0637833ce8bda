//! Text in, [`Signals`] out: language, intent, relation, emotion, danger, complaint category, entities.
//!
//! Pure and offline. Everything that is known of English stands in `data/`; the rest of the program sees only [`Signals`],
//! so that a trained model can move in behind this border without anyone noticing but the users.

mod entities;
mod evaluate;
mod language;
mod normalise;
mod red_flags;
mod rules;
mod weigh;

use crate::domain::{
    Intent, Relation, Signals,
    signals::{Category, Cue, Emotion, Intensity},
};
use jiff::civil::Date;
use std::collections::BTreeSet;

pub use entities::{contact_in, described};
pub use evaluate::{Score, Tally};
pub use rules::RuleError;

/// What the reader must know beside the text.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The day on which the message was written, where the organisation is: what "last Tuesday" is counted from.
    pub today: Date,
    /// ISO 3166 code of the country: how telephone numbers and dates are written.
    pub country: &'a str,
}

/// The reader. Building it compiles the rules; reading is pure.
#[derive(Debug)]
pub struct Understanding {
    rules: rules::Rules,
    flags: red_flags::RedFlags,
    entities: entities::Reader,
}

/// Longest stretch of a message that the rules read, in bytes; what lies beyond is kept and shown, but not read.
const READ_AT_MOST: usize = 16_384;

impl Understanding {
    /// Compiles the rules that are built in.
    ///
    /// # Errors
    /// A pattern that does not compile; it is named.
    pub fn built_in() -> Result<Self, RuleError> {
        let rules = rules::Rules::english()?;
        let flags = red_flags::RedFlags::english()?;
        Ok(Self {
            rules,
            flags,
            entities: entities::Reader::new(),
        })
    }

    /// Reads one message.
    pub fn read(&self, text: &str, setting: Setting<'_>) -> Signals {
        let text = clip(text);
        let plain = normalise::normalise(text);
        if plain.is_empty() {
            return Signals::default();
        }
        let hits = self.rules.hits(&plain);
        let mut cues: BTreeSet<Cue> = hits.cues.iter().copied().collect();
        if plain.contains('?') {
            cues.insert(Cue::Question);
        }
        let red_flag = self.flags.read(&plain);
        let mut entities = self.entities.read(text, setting);
        entities.desired_outcome = self.rules.desired(text);
        entities.topic.clone_from(&hits.topic);

        let category = weigh::category(&hits);
        let intent = weigh::intent(
            &hits,
            &plain,
            category.is_some(),
            red_flag.is_some(),
            &cues,
            &entities,
        );
        let mut relation = hits.relation;
        if relation == Relation::Unknown
            && entities
                .affected
                .as_ref()
                .is_some_and(|a| a.relation.as_deref() == Some("self"))
            && intent == Intent::Complaint
            && weigh::about_own_care(&plain)
        {
            relation = Relation::Patient;
        }
        let (emotion, intensity) = weigh::emotion(&hits, text, &plain, intent, red_flag);
        let category = if intent == Intent::Complaint {
            category.or_else(|| weigh::fallback_category(emotion, &plain))
        } else {
            None
        };
        // "May I complain though I'm no patient?" asks before it tells.
        let only_asks = cues.contains(&Cue::AsksStanding)
            && cues.contains(&Cue::Question)
            && category.is_none();
        if intent == Intent::Complaint && !only_asks && weigh::tells_story(&plain, category) {
            cues.insert(Cue::TellsStory);
        }
        Signals {
            language: language::detect(text, &plain),
            intent,
            relation,
            emotion,
            intensity,
            red_flag,
            category,
            entities,
            cues,
        }
    }

    /// The category of a whole narrative, where it can be told.
    pub fn categorise(&self, narrative: &str) -> Option<Category> {
        let plain = normalise::normalise(clip(narrative));
        weigh::category(&self.rules.hits(&plain))
    }

    /// Emotion and strength of a text alone; what the coach and the suggestions need of a context.
    pub fn feeling(&self, text: &str) -> (Emotion, Intensity) {
        let plain = normalise::normalise(clip(text));
        weigh::emotion(
            &self.rules.hits(&plain),
            text,
            &plain,
            Intent::Other,
            self.flags.read(&plain),
        )
    }
}

fn clip(text: &str) -> &str {
    &text[..text.floor_char_boundary(READ_AT_MOST)]
}

#[cfg(test)]
mod tests;
