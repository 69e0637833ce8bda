//! Labels: what people at the desk mark a conversation as, whoever has it.

use super::{Refusal, turn::Turn};

/// The most labels on one conversation.
const MOST: usize = 20;

pub(super) fn labelled(
    turn: &mut Turn<'_>,
    add: &[String],
    remove: &[String],
) -> Result<(), Refusal> {
    let labels = &mut turn.state.labels;
    labels.retain(|label| !remove.contains(label));
    labels.extend(add.iter().cloned());
    if labels.len() > MOST {
        let text = format!("a conversation has at most {MOST} labels");
        return Err(Refusal::Invalid(text));
    }
    Ok(())
}
