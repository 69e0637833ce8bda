//! Files that came to an earlier message: the channel gave them late, or the person changed the message.

use super::{danger, message::borrowed, record, turn::Turn};
use crate::{
    domain::{AttachmentRef, Borrowed, Effect, MessageId, Status, event::Unkept, gravest},
    flow::Vars,
};

pub(super) fn attached(
    turn: &mut Turn<'_>,
    target: MessageId,
    files: &[AttachmentRef],
    unkept: &[Unkept],
    words: &[Borrowed],
) {
    let trace = |turn: &mut Turn<'_>, why: Unkept| {
        turn.phrase(&format!("unkept.{}", why.name()), Vars::new())
    };
    let stood = trace(turn, Unkept::Awaited);
    let stands = match unkept.first() {
        Some(why) if files.is_empty() => trace(turn, *why),
        _ => String::new(),
    };
    turn.effect(Effect::Attach {
        target,
        files: files.to_vec(),
        borrowed: borrowed(turn, words),
        trace: [stood, stands],
    });
    if !turn.state.closed_by_agent {
        record::attach(turn, files);
        record::write(turn, None);
    }
    if let Some((flag, anothers)) = gravest(words) {
        danger::in_file(turn, flag, anothers);
    }
    let Some(why) = unkept.first() else { return };
    // Whoever has the conversation tells them, and is told here.
    turn.note(&format!("note.unkept.{}", why.name()));
    if turn.state.status != Status::Assigned && !turn.state.unproven {
        turn.say(&format!("attachment.{}", why.name()));
    }
}
