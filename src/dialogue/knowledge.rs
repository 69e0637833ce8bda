//! Everything that the core decides by, loaded and owned in one place.

use super::Context;
use crate::{
    complaint::Profile,
    domain::{Interpretation, Origin, RedFlag, Timestamp},
    flow::{FlowError, Flows, Texts},
    handoff::{DEFAULT_TARGETS, Targets},
    nlu::{Interpreter, Setting, pieces},
};
use std::sync::Arc;

/// Flows, complaint rules, the reader, and the desk's targets.
#[derive(Debug)]
pub struct Policy {
    /// What to find out and what to say.
    pub flows: Flows,
    /// The complaint rules that apply.
    pub profile: Profile,
    /// The reader.
    pub interpreter: Arc<Interpreter>,
    /// How soon people should be taken over.
    pub targets: Targets,
    /// ISO 3166 code of the country.
    pub country: String,
    /// What decides, by its fingerprints.
    pub origin: Origin,
}

impl Policy {
    /// Loads and checks everything.
    ///
    /// # Errors
    /// All that is wrong, each with its file and place.
    pub fn load(
        texts: &Texts,
        country: &str,
        profile: Option<&str>,
    ) -> Result<Self, Vec<FlowError>> {
        let interpreter = Interpreter::built_in()
            .map_err(|e| vec![FlowError::whole("interpreter", e.to_string())])?;
        Self::load_with(texts, country, profile, Arc::new(interpreter))
    }

    /// The same country and reader, with other texts.
    ///
    /// # Errors
    /// All that is wrong, each with its file and place.
    pub fn reload(&self, texts: &Texts, profile: Option<&str>) -> Result<Self, Vec<FlowError>> {
        let reader = Arc::clone(&self.interpreter);
        let mut rules = Self::load_with(texts, &self.country, profile, reader)?;
        rules.targets = self.targets;
        Ok(rules)
    }

    fn load_with(
        texts: &Texts,
        country: &str,
        profile: Option<&str>,
        interpreter: Arc<Interpreter>,
    ) -> Result<Self, Vec<FlowError>> {
        let flows = Flows::load(texts, country)?;
        let name = profile.unwrap_or(&flows.country.complaint_profile);
        let file = format!("profiles/{name}.yaml");
        let profile = texts
            .get(&file)
            .and_then(|text| {
                let calendar = |name: &str| {
                    let text = texts.get(&format!("profiles/holidays/{name}.yaml"));
                    text.map(str::to_owned).map_err(|e| e.to_string())
                };
                let read = Profile::parse(text, calendar);
                read.map_err(|e| FlowError::whole(&file, e.to_string()))
            })
            .map_err(|e| vec![e])?;
        // A flow may promise only by a clock that runs.
        for flow in &flows.flows {
            if let Some((clock, _)) = &flow.timers.promise
                && !profile.has_clock(clock)
            {
                let text = format!(
                    "'{}' promises by '{clock}', and the profile {} has no such clock",
                    flow.name, profile.name
                );
                return Err(vec![
                    FlowError::at(&flow.place.file, flow.place.at, text).with_line(texts),
                ]);
            }
        }
        Ok(Self {
            flows,
            profile,
            targets: DEFAULT_TARGETS,
            origin: Origin {
                shape: Origin::SHAPE,
                flows: format!("{:016x}", texts.fingerprint()),
                reader: format!("{:016x}", interpreter.fingerprint()),
            },
            interpreter,
            country: country.to_owned(),
        })
    }

    /// The same with a reader that has no encoder.
    ///
    /// # Panics
    /// Where the reader is in use already.
    #[must_use]
    pub fn without_encoder(mut self) -> Self {
        let reader = Arc::into_inner(self.interpreter).expect("a policy that nobody uses yet");
        let reader = reader.with_encoder(None);
        self.origin.reader = format!("{:016x}", reader.fingerprint());
        self.interpreter = Arc::new(reader);
        self
    }

    /// As the core wants it.
    pub fn context(&self) -> Context<'_> {
        Context {
            flows: &self.flows,
            profile: &self.profile,
            interpreter: &self.interpreter,
            targets: self.targets,
            country: &self.country,
            origin: &self.origin,
        }
    }

    /// Reads a message as it is understood at that moment, where the organisation is.
    pub fn read(&self, text: &str, at: Timestamp) -> Interpretation {
        self.read_from(text, at, None)
    }

    /// The same, for a writer whose country is known.
    pub fn read_from(&self, text: &str, at: Timestamp, country: Option<&str>) -> Interpretation {
        let mut setting = self.setting(at);
        setting.country = country.unwrap_or(&self.country);
        let mut said = self.interpreter.read(text, setting);
        self.flows.find_fact(text, &mut said);
        // What is told is taken from the beginning; danger is heard wherever it stands.
        let further = self.further(text, at).map(|(flag, _)| flag);
        said.red_flag = said.red_flag.into_iter().chain(further).min();
        said
    }

    /// The gravest danger in words of any length, and the stretch of them in which it stands.
    pub fn danger<'t>(&self, text: &'t str, at: Timestamp) -> Option<(RedFlag, &'t str)> {
        let all = pieces(text).enumerate();
        let all = all.filter_map(|(n, piece)| Some((self.danger_of(piece, n == 0, at)?, piece)));
        all.min_by_key(|(flag, _)| *flag)
    }

    /// Danger in one stretch of a text: its first, or a further one.
    pub fn danger_of(&self, piece: &str, first: bool, at: Timestamp) -> Option<RedFlag> {
        let setting = self.setting(at);
        if first {
            self.interpreter.read(piece, setting).red_flag
        } else {
            // Without the encoder: it would take seconds for a text of a hundred pages.
            self.interpreter.reread(piece, setting).red_flag
        }
    }

    /// The same beyond the first stretch.
    fn further<'t>(&self, text: &'t str, at: Timestamp) -> Option<(RedFlag, &'t str)> {
        let flagged = |piece: &'t str| Some((self.danger_of(piece, false, at)?, piece));
        let further = pieces(text).skip(1).filter_map(flagged);
        further.min_by_key(|(flag, _)| *flag)
    }

    /// How dates and numbers are read at that moment, where the organisation is.
    pub fn setting(&self, at: Timestamp) -> Setting<'_> {
        Setting {
            today: at.in_zone(&self.flows.facts.zone).date(),
            country: &self.country,
            order: self.flows.country.dates,
        }
    }
}
