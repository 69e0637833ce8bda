//! What an answer in somebody's own words means: what the most alike answers meant that were given before.
//!
//! Learned when the flows are loaded, from `<language>/answers.yaml`: for each question that is answered by yes or no,
//! answers under `yes`, `no`, `unknown` (they cannot say) and `none` (no answer to it). The figure below was chosen on
//! one half of the answers of a writer who had not seen these: see `docs/understanding.md`.

use super::{error::FlowError, learned::learned, source::Texts};
use crate::domain::Slot;
use nohold_topics::Topics;
use std::{collections::BTreeMap, sync::Arc};

/// The file in a language's folder.
pub(super) const FILE: &str = "answers.yaml";
/// From how likely on an answer means something.
const SURE: f32 = 0.5;

/// What an answer to a question of yes or no means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meant {
    /// It is so.
    Yes,
    /// It is not.
    No,
    /// They cannot say.
    Unknown,
    /// Something else is told.
    None,
}

impl Meant {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Yes, "yes"),
        (Self::No, "no"),
        (Self::Unknown, "unknown"),
        (Self::None, "none"),
    ];
}

/// The answers that people have given, question by question, and what was learned from them.
#[derive(Debug, Default)]
pub struct Answers(BTreeMap<Slot, Arc<Topics>>);

impl Answers {
    /// Reads the answers of every language.
    ///
    /// # Errors
    /// A file of another shape, a question or a meaning that does not exist: each with its file.
    pub(super) fn load(texts: &Texts) -> Result<Self, Vec<FlowError>> {
        let mut all: BTreeMap<Slot, Vec<(usize, String)>> = BTreeMap::new();
        let mut errors = Vec::new();
        for language in texts.languages() {
            let file = format!("{language}/{FILE}");
            if texts.get(&file).is_err() {
                continue;
            }
            let read = texts.yaml::<BTreeMap<String, BTreeMap<String, Vec<String>>>>(&file);
            let asked = match read {
                Ok(asked) => asked,
                Err(e) => {
                    errors.push(e);
                    continue;
                }
            };
            for (question, meanings) in asked {
                let Some(slot) = Slot::from_name(&question) else {
                    let text = format!("'{question}' is no name of a thing to find out");
                    errors.push(FlowError::whole(&file, text));
                    continue;
                };
                let known = all.entry(slot).or_default();
                for (meaning, answers) in meanings {
                    let at = Meant::ALL.iter().position(|(_, name)| *name == meaning);
                    let Some(at) = at else {
                        let text = format!(
                            "'{meaning}' under '{question}' is none of yes, no, unknown, none"
                        );
                        errors.push(FlowError::whole(&file, text));
                        continue;
                    };
                    known.extend(answers.into_iter().map(|a| (at, a)));
                }
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let learn = |answers: Vec<(usize, String)>| {
            let of: Vec<(usize, &str)> = answers.iter().map(|(n, a)| (*n, a.as_str())).collect();
            learned(&of, Meant::ALL.len())
        };
        let models = all
            .into_iter()
            .map(|(slot, answers)| (slot, learn(answers)));
        Ok(Self(models.collect()))
    }

    /// What an answer to a question means, and how likely that is; none where nobody has answered it before, or
    /// where no meaning is likely enough.
    pub fn meant(&self, slot: &Slot, text: &str) -> Option<(Meant, f32)> {
        let likely = self.0.get(slot)?.ask(text);
        let all = Meant::ALL.iter().map(|(meant, _)| *meant).zip(likely);
        all.max_by(|(_, a), (_, b)| a.total_cmp(b))
            .filter(|(_, likely)| *likely >= SURE)
    }
}
