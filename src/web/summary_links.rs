//! From the lines of a summary to the person's own words.

use crate::{
    assist::Line,
    domain::{Author, Conversation, Slot},
    store::Entry,
};
use serde::Serialize;

/// A line of the summary, and the message whose words it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct LinkOut {
    /// Which line, from 0.
    line: usize,
    /// The message's id.
    message: String,
}

/// Finds the messages in which was told what the lines say.
pub(super) fn links(
    lines: &[Line],
    conversation: &Conversation,
    entries: &[Entry],
) -> Vec<LinkOut> {
    let told = |slot: Slot| {
        let text = conversation.value_text(slot).to_lowercase();
        (!text.is_empty()).then_some(text)
    };
    // A slot knows the message that filled it.
    let source = |slot: Slot| {
        let message = conversation.slots.get(&slot)?.message?;
        entries.iter().find(|e| e.message.id == message)
    };
    let theirs = || {
        entries
            .iter()
            .filter(|e| e.message.from == Author::Contact && !e.message.text.is_empty())
    };
    let holds = |words: &str| {
        theirs().find(|e| {
            let text = e.message.text.to_lowercase();
            !words.is_empty() && (text.contains(words) || words.contains(&text))
        })
    };
    lines
        .iter()
        .enumerate()
        .filter_map(|(line, l)| {
            let about = l.about?;
            let entry = source(about).or_else(|| holds(&told(about)?))?;
            Some(LinkOut {
                line,
                message: entry.message.id.to_string(),
            })
        })
        .collect()
}
