//! Which fact a question is after: the one about which the most alike questions were asked before.
//!
//! Learned when the flows are loaded, from `<language>/questions.yaml` and the short ways of asking in `facts.yaml`.
//! What stands under `none`, and what is asked about topics that have no answer, speaks against all topics. The figures
//! below were chosen on one half of 600 messages of a writer who had not seen the questions, and measured on the other:
//! see `docs/understanding.md`.

use super::{error::FlowError, facts::Facts, learned::learned, source::Texts};
use crate::domain::{
    Intent, Interpretation,
    interpretation::{Clause, Cue},
};
use nohold_topics::Topics;
use std::{collections::BTreeMap, sync::Arc};

/// The file in a language's folder.
pub(super) const FILE: &str = "questions.yaml";
/// Under this key stands what no topic answers.
const NONE: &str = "none";
/// From how likely on a question is about a topic.
const SURE: f32 = 0.4;
/// The same where nothing else says that something is asked.
const UNASKED: f32 = 0.5;
/// How likely two topics must be together, where the person is asked which.
const MAYBE: f32 = 0.3;
/// Shorter messages ask nothing, in words, unless they are read as a question.
const FEWEST: usize = 3;
/// Among so many of the likeliest topics must be what a word speaks for.
const NEAREST: usize = 3;
/// Longer messages tell more than they ask, in characters.
const LONGEST: usize = 320;

/// The questions that people have asked, and what was learned from them.
#[derive(Debug, Default)]
pub(super) struct Questions {
    /// The topics that somebody has asked about, by their numbers; after them comes what none answers.
    topics: Vec<String>,
    model: Arc<Topics>,
    /// Questions about what has no answer.
    unanswered: Vec<FlowError>,
}

/// What a question may be about, the likeliest first.
#[derive(Clone, Debug, PartialEq)]
struct Likely<'a>(Vec<(&'a str, f32)>);

impl Likely<'_> {
    fn sure(&self) -> bool {
        self.0[0].1 >= SURE
    }

    fn maybe(&self) -> bool {
        self.0.iter().take(2).map(|(_, likely)| likely).sum::<f32>() >= MAYBE
    }
}

impl Questions {
    /// Reads the questions of every language.
    ///
    /// # Errors
    /// A file that is no list of questions by topic, with its place.
    pub(super) fn load(texts: &Texts, facts: &Facts) -> Result<Self, Vec<FlowError>> {
        let topics: Vec<String> = facts.topics.keys().cloned().collect();
        let mut all: Vec<(usize, String)> = Vec::new();
        for (at, topic) in facts.topics.values().enumerate() {
            all.extend(topic.asked.values().flatten().map(|q| (at, q.clone())));
        }
        let mut errors = Vec::new();
        let mut unanswered = Vec::new();
        for language in texts.languages() {
            let file = format!("{language}/{FILE}");
            if texts.get(&file).is_err() {
                continue;
            }
            match texts.yaml::<BTreeMap<String, Vec<String>>>(&file) {
                Ok(asked) => {
                    for (topic, questions) in asked {
                        // Of what has no answer, nothing is known.
                        let at = topics.iter().position(|t| *t == topic);
                        if at.is_none() && topic != NONE {
                            let text = format!("facts.yaml has no topic '{topic}'");
                            unanswered.push(FlowError::whole(&file, text));
                        }
                        let at = at.unwrap_or(topics.len());
                        all.extend(questions.into_iter().map(|q| (at, q)));
                    }
                }
                Err(e) => errors.push(e),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        if all.is_empty() {
            return Ok(Self::default());
        }
        let asked: Vec<(usize, &str)> = all.iter().map(|(at, q)| (*at, q.as_str())).collect();
        let model = learned(&asked, topics.len() + 1);
        let asked_about = |at: &usize| all.iter().any(|(a, _)| a == at);
        let named = |(at, topic): (usize, String)| asked_about(&at).then_some(topic);
        Ok(Self {
            topics: topics
                .into_iter()
                .enumerate()
                .map(|t| named(t).unwrap_or_default())
                .collect(),
            model,
            unanswered,
        })
    }

    /// Questions about topics that have no answer: allowed, and perhaps a slip.
    pub(super) fn unanswered(&self) -> impl Iterator<Item = FlowError> {
        self.unanswered.iter().cloned()
    }

    /// Whether anybody has asked about a topic.
    fn knows(&self, topic: &str) -> bool {
        self.topics.iter().any(|t| t == topic)
    }

    /// The topics that a question is likely about; none where hardly any is.
    fn likely(&self, text: &str) -> Option<Likely<'_>> {
        let likely = self.model.ask(text);
        let mut all: Vec<(&str, f32)> = (self.topics.iter().map(String::as_str))
            .zip(likely)
            .collect();
        all.retain(|(topic, _)| !topic.is_empty());
        all.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        (!all.is_empty()).then_some(Likely(all))
    }

    /// Which fact a message asks after, as far as that can be told: the topic, or the two between which the person
    /// is asked. What rules found stands where nobody has asked about it before.
    pub(super) fn place(&self, text: &str, said: &mut Interpretation) {
        // "Am I even allowed to complain?" has an answer of its own.
        if self.topics.is_empty() || said.has(Cue::AsksStanding) {
            return;
        }
        // "Yesterday", "Ann Lee": an answer asks nothing.
        let words = text.split_whitespace().count();
        if words < FEWEST && said.intent != Intent::Information {
            return;
        }
        let asks = said.intent == Intent::Information || said.also.contains(&Intent::Information);
        let serious = said.intent == Intent::Complaint || said.red_flag.is_some();
        let found = self.asked_after(text, said, serious);
        // A word of a topic is believed where nobody has asked about it, or where it is among the nearest.
        let by_rules = said.entities.topic.take();
        let among = |t: &String| {
            found
                .as_ref()
                .is_some_and(|f| f.0.iter().take(NEAREST).any(|(n, _)| n == t))
        };
        said.entities.topic = by_rules.filter(|t| !self.knows(t) || among(t));
        let Some(found) = found else { return };
        if found.sure() && (asks || found.0[0].1 >= UNASKED) {
            let idle = matches!(said.intent, Intent::Other | Intent::Greeting);
            let wish = said.intent.is_wish() && said.intent.name() != found.0[0].0;
            if !asks && idle && said.unsure.is_empty() && !serious {
                said.intent = Intent::Information;
            } else if !asks && wish {
                said.also.push(Intent::Information);
            }
            said.entities.topic = Some(found.0[0].0.to_owned());
        } else if found.maybe()
            && said.entities.topic.is_none()
            && said.intent == Intent::Information
            && !serious
        {
            let near = found.0.iter().take(2).map(|(t, _)| (*t).to_owned());
            said.entities.topics = near.collect();
        }
    }

    /// The nearest topic of the message, or of the parts of it that ask.
    fn asked_after(&self, text: &str, said: &Interpretation, serious: bool) -> Option<Likely<'_>> {
        let sentences = said.clauses.chunk_by(|a, b| a.sentence == b.sentence);
        let asking = |s: &&[Clause]| s.iter().any(|c| c.asks || c.question);
        let parts: Vec<&str> = (sentences.filter(asking))
            .filter_map(|s| text.get(s.first()?.start..s.last()?.end))
            .filter(|part| part.len() < text.trim().len())
            .collect();
        let near = |part: &str| self.likely(part).filter(|_| part.len() <= LONGEST);
        // "I have a question about my bill. Also, where can I park?": a part that is clear by itself.
        let clear = parts.iter().filter_map(|p| near(p)).find(Likely::sure);
        let whole = || {
            let told = serious || said.has(Cue::TellsStory);
            near(text).filter(|_| !told)
        };
        clear.or_else(whole)
    }
}
