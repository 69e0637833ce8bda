//! What an agent is offered to say.

use super::contact::ContactOut;
use crate::{
    assist::{Canned, Suggester, Suggestion, Talk, missing},
    domain::{Author, Complaint, Conversation},
    flow::Flows,
    service::Service,
    store::Entry,
};

/// The contact's words, joined; what suggestions and the coach read.
pub(super) fn contact_words(entries: &[Entry]) -> String {
    let words: Vec<&str> = entries
        .iter()
        .filter(|e| e.message.from == Author::Contact)
        .map(|e| e.message.text.as_str())
        .collect();
    words.join("\n")
}

/// The person's language where suggestions exist in it, else English.
fn spoken<'a>(flows: &Flows, language: &'a str) -> &'a str {
    if flows.phrases.speaks(language, "suggest.acknowledge") {
        language
    } else {
        "en"
    }
}

/// A conversation, as the agent of that name would go on with it.
#[derive(Clone, Copy)]
pub(super) struct Moment<'a> {
    pub(super) conversation: &'a Conversation,
    pub(super) entries: &'a [Entry],
    pub(super) complaint: Option<&'a Complaint>,
    pub(super) agent: &'a str,
    /// The language that they read.
    pub(super) reads: &'a str,
}

impl Moment<'_> {
    fn with<T>(
        self,
        service: &Service,
        make: impl FnOnce(&Suggester, &Talk<'_>, &Flows) -> T,
    ) -> T {
        let book = service.runtime();
        let flows = &book.rules.flows;
        let words = contact_words(self.entries);
        let contact = ContactOut::of(self.conversation);
        let reference = self.complaint.map(|c| c.reference.to_string());
        let missing = missing(self.conversation, self.complaint);
        let talk = Talk {
            words: &words,
            name: contact.name.as_deref(),
            relation: self.conversation.relation,
            emotion: self.conversation.emotion,
            red_flag: self.conversation.red_flag,
            complains: self.complaint.is_some(),
            reference: reference.as_deref(),
            missing: &missing,
            agent: self.agent,
            language: spoken(flows, &self.conversation.language),
            reads: self.reads,
            now: service.clock.now(),
        };
        make(&book.suggester, &talk, flows)
    }

    /// Three replies to start from.
    pub(super) fn suggestions(self, service: &Service) -> Vec<Suggestion> {
        self.with(service, |suggester, talk, flows| {
            suggester.suggest(talk, flows)
        })
    }

    /// The replies that stand ready, and their language.
    pub(super) fn canned(self, service: &Service) -> (Vec<Canned>, String) {
        self.with(service, |suggester, talk, flows| {
            (suggester.canned(talk, flows), talk.language.to_owned())
        })
    }
}
