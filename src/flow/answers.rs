//! What an answer in somebody's own words means: what the most alike answers meant that were given before.
//!
//! Learned when the flows are loaded, from `<language>/answers.yaml`: for each question that is answered by yes or no,
//! answers under `yes`, `no`, `unknown` (they cannot say) and `none` (no answer to it). The figure below was chosen on
//! one half of the answers of a writer who had not seen these: see `docs/understanding.md`.

use super::{error::FlowError, language::Flow, learned::learned, source::Texts};
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

    /// Answers to what no flow asks: allowed, and perhaps a slip.
    pub(super) fn unasked(&self, flows: &[Flow]) -> Vec<FlowError> {
        let asked = |slot: &Slot| {
            flows
                .iter()
                .flat_map(|f| &f.collect)
                .any(|a| a.slot == *slot)
        };
        let one = |slot: &Slot| FlowError::whole(FILE, format!("no flow asks '{}'", slot.name()));
        self.0.keys().filter(|slot| !asked(slot)).map(one).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn load(answers: &str) -> Result<Answers, Vec<FlowError>> {
        let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let phrases = file("en/phrases.yaml", "p: [\"words\"]\n");
        Answers::load(&Texts::of([file("en/answers.yaml", answers), phrases]))
    }

    #[test]
    fn an_answer_means_what_like_answers_meant() {
        let answers = load(
            "consent:\n  \"yes\": [\"she gave me the nod\", \"he gave us the nod\"]\n  \"no\": [\"she is against it\", \"he is against it\"]\n",
        )
        .expect("good answers");
        let meant = |text| answers.meant(&Slot::Consent, text).map(|(m, _)| m);
        assert_eq!(meant("mum gave me the nod"), Some(Meant::Yes));
        assert_eq!(meant("dad is against it"), Some(Meant::No));
        let other = answers.meant(&Slot::Relation, "she gave me the nod");
        assert_eq!(other, None, "nobody has answered that");
    }

    #[test]
    fn what_does_not_exist_is_named() {
        let wrong = load("consent: {maybe: [\"who knows\"]}\n").expect_err("no such meaning");
        assert!(wrong[0].to_string().contains("'maybe'"), "{}", wrong[0]);
        let slip = load("consnet: {\"yes\": [\"aye\"]}\n").expect("allowed");
        let unasked: Vec<String> = slip.unasked(&[]).iter().map(ToString::to_string).collect();
        assert!(unasked[0].contains("'consnet'"), "{unasked:?}");
    }
}
