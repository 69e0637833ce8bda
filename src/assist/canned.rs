//! Replies that stand ready: phrases of the house whose keys begin with `canned.`, and what the facts answer.

use super::{Suggester, suggest::Talk};
use crate::flow::Flows;
use serde::Serialize;

/// A reply that stands ready, filled in for one conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Canned {
    /// By what it is found after "/".
    pub name: String,
    /// What it is for.
    pub title: String,
    /// Its words.
    pub text: String,
}

impl Suggester {
    /// All replies that stand ready, in the person's language: those of the house in the order of the files, then the
    /// facts by name.
    pub fn canned(&self, talk: &Talk<'_>, flows: &Flows) -> Vec<Canned> {
        let phrases = &flows.phrases;
        let written = phrases.named("canned.").into_iter().map(|name| {
            let vars = || {
                let mut vars = self.facts(talk, flows);
                vars.insert("organisation", flows.facts.organisation.clone().into());
                vars
            };
            let title = format!("canned_title.{name}");
            Canned {
                title: if phrases.has(&title) {
                    phrases.say(&talk.audience(), &title, 0, Default::default)
                } else {
                    name.replace('_', " ")
                },
                text: phrases.say(&talk.audience(), &format!("canned.{name}"), 0, vars),
                name: name.to_owned(),
            }
        });
        let answered = |(_, topic): &(&String, &crate::flow::Topic)| {
            !topic.answer.in_language(talk.language).trim().is_empty()
        };
        let topics = flows.facts.topics.iter().filter(answered);
        let facts = topics.map(|(name, topic)| {
            let title = topic.title.as_ref();
            Canned {
                name: name.clone(),
                title: title.map_or_else(
                    || name.replace('_', " "),
                    |t| t.in_language(talk.language).to_owned(),
                ),
                text: topic.answer.in_language(talk.language).to_owned(),
            }
        });
        written.chain(facts).collect()
    }
}
