//! A mail's subject: a heading, and no sentence of what is told. It is read by itself, so that "the nurse" above a text
//! makes nobody else of whom the text is about.

use super::place::neutral_subject;
use crate::{
    domain::{Borrowed, BorrowedHow, Intent, Interpretation, interpretation::Cue},
    service::Service,
};

/// Whether a subject is none of the writer's: there is none, or it is the neutral one that we gave.
pub(super) fn is_ours(service: &Service, subject: &str) -> bool {
    let book = service.runtime();
    let phrases = &book.rules.flows.phrases;
    subject.is_empty()
        || phrases
            .conversed()
            .any(|language| neutral_subject(&book, language).eq_ignore_ascii_case(subject))
}

/// Puts the subject where it belongs: beside the text; before it, where it alone tells what happened; in its place,
/// where there is no text.
pub(super) fn with_subject(
    service: &Service,
    subject: &str,
    text: &mut String,
) -> Option<Borrowed> {
    if text.trim().is_empty() {
        subject.clone_into(text);
        return None;
    }
    let (rules, now) = (&service.runtime().rules, service.clock.now());
    let tells = |words: &str| tells(&rules.read(words, now));
    if tells(subject) && !tells(text) {
        text.insert_str(0, &format!("{subject}\n\n"));
        return None;
    }
    Some(Borrowed::new(BorrowedHow::Subject, None, subject))
}

/// Whether words tell what happened.
fn tells(said: &Interpretation) -> bool {
    said.intent == Intent::Complaint || said.has(Cue::TellsStory) || said.red_flag.is_some()
}
