//! Everything that the core decides by, loaded and owned in one place.

use super::Context;
use crate::{
    complaint::Profile,
    domain::{Signals, Timestamp},
    flow::{FlowError, Flows, Texts},
    handoff::{DEFAULT_TARGETS, Targets},
    understand::{Setting, Understanding},
};

/// Flows, complaint rules, the reader, and the desk's targets.
#[derive(Debug)]
pub struct Rulebook {
    /// What to find out and what to say.
    pub flows: Flows,
    /// The complaint rules that apply.
    pub profile: Profile,
    /// The reader.
    pub understanding: Understanding,
    /// How soon people should be taken over.
    pub targets: Targets,
    /// ISO 3166 code of the country.
    pub country: String,
}

impl Rulebook {
    /// Loads and checks everything.
    ///
    /// # Errors
    /// All that is wrong, each with its file and place.
    pub fn load(
        texts: &Texts,
        country: &str,
        profile: Option<&str>,
    ) -> Result<Self, Vec<FlowError>> {
        let flows = Flows::load(texts, country)?;
        let name = profile.unwrap_or(&flows.country.complaint_profile);
        let file = format!("profiles/{name}.yaml");
        let profile = texts
            .get(&file)
            .and_then(|text| {
                Profile::parse(text).map_err(|e| FlowError::whole(&file, e.to_string()))
            })
            .map_err(|e| vec![e])?;
        let understanding = Understanding::built_in()
            .map_err(|e| vec![FlowError::whole("understanding", e.to_string())])?;
        Ok(Self {
            flows,
            profile,
            understanding,
            targets: DEFAULT_TARGETS,
            country: country.to_owned(),
        })
    }

    /// As the core wants it.
    pub const fn context(&self) -> Context<'_> {
        Context {
            flows: &self.flows,
            profile: &self.profile,
            understanding: &self.understanding,
            targets: self.targets,
        }
    }

    /// Reads a message as it is understood at that moment, where the organisation is.
    pub fn read(&self, text: &str, at: Timestamp) -> Signals {
        self.read_from(text, at, None)
    }

    /// The same, for a writer whose country is known.
    pub fn read_from(&self, text: &str, at: Timestamp, country: Option<&str>) -> Signals {
        let mut setting = self.setting(at);
        setting.country = country.unwrap_or(&self.country);
        self.understanding.read(text, setting)
    }

    /// How dates and numbers are read at that moment, where the organisation is.
    pub fn setting(&self, at: Timestamp) -> Setting<'_> {
        Setting {
            today: at.in_zone(&self.flows.facts.zone).date(),
            country: &self.country,
        }
    }
}
