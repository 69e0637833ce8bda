//! Text in, [`Interpretation`] out: language, intent, relation, emotion, danger, complaint category, entities.
//!
//! Offline, and the same for the same words: rules (patterns of the languages in `packs.rs`), a linear model
//! ([`model`]) that is shown what the rules found, and a small network ([`encoder`]) for what that is not sure of;
//! `decide.rs` says who decides what, `settle.rs` who is who. The rest of the program sees only [`Interpretation`].

mod belief;
mod besides;
mod clause_names;
mod clause_rules;
mod clauses;
mod combine;
mod compile;
mod danger;
mod decide;
mod en;
pub mod encoder;
mod entities;
mod es;
mod felt;
mod finders;
mod fold;
mod given_names;
mod grammar;
mod language;
mod letters;
mod misspelt;
pub mod model;
mod nameless;
mod normalise;
mod ordinary;
mod pack;
mod packs;
mod patterns;
mod pieces;
mod problems;
mod reach;
mod red_flags;
mod roles;
mod ruled;
mod rules;
mod settle;
mod why;

use crate::domain::{DateOrder, fingerprint};
use crate::domain::{
    Intent, Interpretation, RedFlag,
    interpretation::{Category, Cue, Emotion, Intensity},
};
use belief::{Belief, Shown};
use encoder::{Answers, Encoder};
use jiff::civil::Date;
use model::{Features, Head, Lexicon, Model};
use pack::Language;
use packs::PACKS;
use pieces::clip;
use ruled::Ruled;
use std::{collections::BTreeSet, sync::LazyLock};

pub use compile::RuleError;
pub(crate) use entities::PARTICLES;
pub use entities::{
    contact_in, described, described_beside, follows_as_kin, is_calendar, is_courtesy, is_mine,
    is_own_thing, may_be_of, names_in, names_persons, same_number, says_kin, says_role, says_where,
    title_fits,
};
pub(crate) use fold::fold;
pub use given_names::{is_given_name, names_somebody};
pub(crate) use ordinary::is_ordinary;
pub use pieces::pieces;
pub use why::Weighed;

/// What is built in does not go together: a fault of the program.
#[derive(Debug, thiserror::Error)]
pub enum BuiltInError {
    /// The rules.
    #[error(transparent)]
    Rules(#[from] RuleError),
    /// The linear model.
    #[error("the reading model cannot be read: {0}")]
    Model(#[from] model::ModelError),
    /// The encoder.
    #[error(transparent)]
    Encoder(#[from] encoder::EncoderError),
}

/// What the reader must know beside the text.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The day on which the message was written, where the organisation is: what "last Tuesday" is counted from.
    pub today: Date,
    /// ISO 3166 code of the country: how telephone numbers and dates are written.
    pub country: &'a str,
    /// How days are written in figures there.
    pub order: DateOrder,
}

/// The reader. Building it compiles the rules; reading is pure.
#[derive(Debug)]
pub struct Interpreter {
    rules: rules::Rules,
    flags: red_flags::RedFlags,
    entities: entities::Reader,
    languages: language::Languages,
    lexicon: Lexicon,
    model: Option<Model>,
    encoder: Option<Encoder>,
}

/// The encoder's network.
const NETWORK: &[u8] = include_bytes!("data/encoder.onnx");

/// Rules and model as they are built in. A reader with another model is made for training and measuring only.
static FINGERPRINT: LazyLock<u64> = LazyLock::new(|| {
    let fixed = [
        include_bytes!("data/model.bin").as_slice(),
        NETWORK,
        include_bytes!("data/encoder.vocabulary.txt"),
        include_bytes!("data/languages.yaml"),
        env!("CARGO_PKG_VERSION").as_bytes(),
    ];
    let texts = |pack: &&dyn Language| [pack.rules(), pack.red_flags(), pack.lexicon()];
    let packs = PACKS.iter().flat_map(texts).map(str::as_bytes);
    fingerprint(fixed.into_iter().chain(packs))
});

impl Interpreter {
    /// Rules and model as they are built in.
    ///
    /// # Errors
    /// A pattern that does not compile; it is named. A model of another version.
    pub fn built_in() -> Result<Self, BuiltInError> {
        let model = Model::from_bytes(include_bytes!("data/model.bin"))?;
        let encoder = Encoder::new(NETWORK, include_str!("data/encoder.vocabulary.txt"))?;
        Ok(Self::by_rules()?
            .with_model(Some(model))
            .with_encoder(Some(encoder)))
    }

    /// Rules only: what training starts from.
    ///
    /// # Errors
    /// A pattern that does not compile; it is named.
    pub fn by_rules() -> Result<Self, RuleError> {
        Ok(Self {
            rules: rules::Rules::load()?,
            flags: red_flags::RedFlags::load()?,
            entities: entities::Reader::new(),
            languages: language::Languages::load()?,
            lexicon: Lexicon::load()?,
            model: None,
            encoder: None,
        })
    }

    /// The same rules beside another model, or none.
    #[must_use]
    pub fn with_model(self, model: Option<Model>) -> Self {
        Self { model, ..self }
    }

    /// The same beside an encoder, or none.
    #[must_use]
    pub fn with_encoder(self, encoder: Option<Encoder>) -> Self {
        Self { encoder, ..self }
    }

    /// A mark of all that decides how a message is read: another one without the encoder.
    pub fn fingerprint(&self) -> u64 {
        *FINGERPRINT ^ u64::from(self.encoder.is_none())
    }

    /// Reads one message, with the encoder where it is worth the time.
    pub fn read(&self, text: &str, setting: Setting<'_>) -> Interpretation {
        self.read_by(text, setting, true)
    }

    /// Reads words once more, or several messages as one: without the encoder, for within a transaction.
    pub fn reread(&self, text: &str, setting: Setting<'_>) -> Interpretation {
        self.read_by(text, setting, false)
    }

    /// What the models make of a message.
    fn believe(&self, model: &Model, shown: &Shown, second_look: bool) -> Belief {
        let encoder = self.encoder.as_ref().filter(|_| second_look);
        let second = encoder.map(|e| |words: &str| e.ask(words));
        Belief::of(model, shown, second)
    }

    fn read_by(&self, text: &str, setting: Setting<'_>, second_look: bool) -> Interpretation {
        let Some(mut ruled) = self.rule(text, setting) else {
            return Interpretation::default();
        };
        let Some(model) = &self.model else {
            return ruled.said;
        };
        let shown = ruled.shown(&self.rules, &self.lexicon, model);
        let mut belief = self.believe(model, &shown, second_look);
        if let Some(roles) = belief.roles.take() {
            let roles = ruled.in_text(roles);
            let said = &mut ruled.said;
            settle::settle(&roles, clip(text), &said.excluded, &mut said.entities);
        }
        let complains = belief.whole[Head::Intent.index()][Intent::Complaint as usize];
        let said = std::mem::take(&mut ruled.said);
        let ruled_so = combine::complains(&ruled.hits);
        let mut interpretation = decide::decide(
            clip(text),
            belief,
            shown.readable,
            ruled.spoken,
            ruled_so,
            said,
        );
        // A death is told, and nothing that went wrong: no complaint.
        if interpretation.has(Cue::Bereaved)
            && (interpretation.intent == Intent::Complaint
                || !interpretation.unsure.is_empty() && !interpretation.intent.is_wish())
            && !ruled.hits.intents.contains_key(&Intent::Complaint)
            // "A doctor told us that it was high time", "they gave me another man's clothes": more is told than the
            // death.
            && (complains < belief::MAY_COMPLAIN
                || complains < belief::COMPLAINS && interpretation.entities.staff.is_empty()
                || interpretation.entities.staff.is_empty() && !besides::more_than_a_death(&interpretation))
            && (ruled.hits.categories.is_empty() || interpretation.has(Cue::AsksWhatNext))
        {
            interpretation.intent = Intent::Other;
            interpretation.category = None;
            interpretation.problems.clear();
            interpretation.unsure.clear();
        }
        // "May I complain though I'm no patient?" asks before it tells.
        let only_asks = interpretation.has(Cue::AsksStanding)
            && interpretation.has(Cue::Question)
            && interpretation.category.is_none();
        if interpretation.intent == Intent::Complaint
            && !only_asks
            && combine::tells_story(&ruled.plain, interpretation.category)
        {
            interpretation.cues.insert(Cue::TellsStory);
        }
        let features =
            |sentence: &str| Features::of(&normalise::normalise(sentence), &self.lexicon, None);
        let praises =
            |sentence: &str| decide::praises(&model.ask(Head::Intent, &features(sentence)));
        besides::vouched(&self.rules, clip(text), praises, &mut interpretation);
        problems::told(clip(text), model, features, &mut interpretation);
        let purposes = |words: &str| model.ask(Head::Intent, &features(words));
        besides::wishes(
            &self.rules,
            text,
            &ruled.matches,
            purposes,
            &mut interpretation,
        );
        let praised = interpretation.intent == Intent::Compliment;
        if interpretation.has(Cue::NoComplaint)
            && (interpretation.intent == Intent::Complaint || praised)
        {
            besides::no_complaint(&mut interpretation, &ruled.hits);
        }
        for also in besides::also(&self.rules, &ruled, &interpretation, self.model.is_none()) {
            if !interpretation.also.contains(&also) {
                interpretation.also.push(also);
            }
        }
        interpretation
    }

    /// What the model sees of a message; none of a message without a word or sign.
    pub fn features(&self, text: &str, setting: Setting<'_>, with_rules: bool) -> Option<Features> {
        Some(
            self.rule(text, setting)?
                .features(&self.lexicon, with_rules),
        )
    }

    /// How likely the models find each answer to each of [`Head::ALL`]; nothing without a model, or of a
    /// message without a word or sign.
    pub fn probabilities(&self, text: &str, setting: Setting<'_>) -> Option<Answers> {
        let model = self.model.as_ref()?;
        let shown = self
            .rule(text, setting)?
            .shown(&self.rules, &self.lexicon, model);
        Some(self.believe(model, &shown, true).whole)
    }

    /// What the rules say; none of a message without a word or sign.
    fn rule(&self, text: &str, setting: Setting<'_>) -> Option<Ruled> {
        let text = clip(text);
        let plain = normalise::normalise(text);
        if plain.is_empty() {
            return None;
        }
        let folded = fold::fold(&plain);
        let matches = self.rules.matches(&folded);
        let hits = self.rules.hits(&matches.numbers);
        let mut cues: BTreeSet<Cue> = hits.cues.iter().copied().collect();
        if plain.contains('?') {
            cues.insert(Cue::Question);
        }
        let spoken = self.flags.read(&folded);
        let red_flag = spoken.flag();
        let mut excluded = self.rules.clauses.excluded(text);
        let mut entities = self.entities.read(text, setting, &excluded);
        // "No fue el sábado": the article belongs to the day.
        let within = |at: usize| {
            let mut days = entities.dates.iter();
            days.find(|d| d.start < at && at < d.end).map(|d| d.start)
        };
        for (start, _) in &mut excluded {
            *start = within(*start).unwrap_or(*start);
        }
        entities.desired_outcome = self.rules.desired(text);
        if cues.contains(&Cue::Corrects) {
            entities.meant = self.rules.meant(text);
        }
        entities.topic.clone_from(&hits.topic);

        let intent = combine::intent(&hits, &entities);
        let (emotion, intensity) = combine::emotion(&hits, text, &plain, red_flag);
        let category = combine::category(&hits);
        let (language, sure) = self.languages.detect(text, &plain);
        if sure {
            cues.insert(Cue::SureOfLanguage);
        }
        let bare = self.rules.bare(text, &entities);
        let known = sure.then_some(language.as_str());
        let clauses = self.rules.clauses(text, &entities.fixed(), known, &matches);
        let said = Interpretation {
            language,
            intent,
            relation: hits.relation,
            emotion,
            intensity,
            red_flag,
            category,
            problems: Vec::new(),
            unsure: Vec::new(),
            clauses,
            excluded,
            also: Vec::new(),
            bare,
            entities,
            cues,
        };
        Some(Ruled::new(text, plain, matches, hits, spoken, said))
    }

    /// The language of a text, as its ISO 639-1 code.
    pub fn language(&self, text: &str) -> String {
        self.languages
            .detect(text, &normalise::normalise(clip(text)))
            .0
    }

    /// Danger by its phrases alone: for words that no stranger wrote, which the model knows nothing of.
    pub fn danger_phrase(&self, text: &str) -> Option<RedFlag> {
        let plain = normalise::normalise(clip(text));
        self.flags.read(&fold::fold(&plain)).flag()
    }

    /// The category of a whole narrative, where it can be told.
    pub fn categorise(&self, narrative: &str, setting: Setting<'_>) -> Option<Category> {
        let ruled = self.rule(narrative, setting)?;
        match &self.model {
            None => combine::category(&ruled.hits),
            Some(model) => {
                let features = ruled.features(&self.lexicon, model.with_rules());
                decide::category(&model.ask(Head::Category, &features))
            }
        }
    }

    /// Emotion and strength of a text alone; what the coach and the suggestions need of a context.
    pub fn feeling(&self, text: &str) -> (Emotion, Intensity) {
        let plain = normalise::normalise(clip(text));
        let folded = fold::fold(&plain);
        combine::emotion(
            &self.rules.hits(&self.rules.matches(&folded).numbers),
            text,
            &plain,
            self.flags.read(&folded).flag(),
        )
    }
}

/// Whether a labelled message is kept aside: one in five, by its own text, so that it stays aside whatever is added.
/// (FNV-1a, 32 bits.)
pub fn held_out(text: &str) -> bool {
    let hash = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    (hash >> 8).is_multiple_of(5)
}

#[cfg(test)]
mod danger_tests;
#[cfg(test)]
mod tests;
