//! Words of somebody else in a message: forwarded by the writer, or answered by them.

use super::{
    Said,
    content::{Content, content},
};
use crate::domain::{Borrowed, BorrowedHow};
use serde_json::Value;

/// How much is shown of a message that is answered as a whole, in characters.
const LONGEST_ANSWERED: usize = 300;

/// Takes words of somebody else out of what the person said. What was forwarded is nobody's own: no words, no number,
/// no command.
pub(super) fn set_apart(message: &Value, said: &mut Said) {
    if let Some(answered) = answered(message) {
        said.borrowed.push(answered);
    }
    let Some(origin) = message.get("forward_origin").filter(|o| o.is_object()) else {
        return;
    };
    let mut words = std::mem::take(&mut said.text);
    if let Some(card) = said
        .borrowed
        .iter()
        .position(|b| b.how == BorrowedHow::Card)
    {
        words = said.borrowed.remove(card).text;
    }
    let (writer_id, sender) = (&origin["sender_user"]["id"], &message["from"]["id"]);
    let how = if writer_id.is_i64() && writer_id == sender {
        BorrowedHow::Own
    } else {
        BorrowedHow::Forwarded
    };
    said.borrowed
        .push(Borrowed::new(how, writer(origin), words));
}

/// What the message answers: the piece that was quoted, else the beginning of the whole.
fn answered(message: &Value) -> Option<Borrowed> {
    let earlier = &message["reply_to_message"];
    let (how, from) = if earlier.is_object() {
        let from = writer(&earlier["forward_origin"]).or_else(|| full_name(&earlier["from"]));
        (BorrowedHow::Quoted, from)
    } else {
        // From another chat, where nobody of us has heard it.
        let from = writer(&message["external_reply"]["origin"]);
        (BorrowedHow::Elsewhere, from)
    };
    let words = match message["quote"]["text"].as_str() {
        Some(quoted) => quoted.to_owned(),
        // Of what stands in another chat Telegram tells no text; a poll or a list is told whole.
        None => beginning(earlier).or_else(|| beginning(&message["external_reply"]))?,
    };
    (!words.trim().is_empty()).then(|| Borrowed::new(how, from, words))
}

fn beginning(earlier: &Value) -> Option<String> {
    let mut said = Said::default();
    if !earlier.is_object() || content(earlier, &mut said) != Content::Something {
        return None;
    }
    // A card has no words of its own.
    let card = said.borrowed.pop().map(|b| b.text);
    let whole = card.unwrap_or(said.text);
    let mut words: String = whole.chars().take(LONGEST_ANSWERED).collect();
    if words.len() < whole.len() {
        words.push('…');
    }
    Some(words)
}

/// Who wrote what was forwarded or answered: a person, one who hides, a group, a channel.
fn writer(origin: &Value) -> Option<String> {
    full_name(&origin["sender_user"]).or_else(|| {
        let names = [
            &origin["sender_user_name"],
            &origin["sender_chat"]["title"],
            &origin["chat"]["title"],
        ];
        names
            .into_iter()
            .find_map(|n| n.as_str().map(str::to_owned))
    })
}

/// A person's name as Telegram shows it.
pub(super) fn full_name(user: &Value) -> Option<String> {
    let first = user["first_name"].as_str()?;
    let last = user["last_name"].as_str().unwrap_or_default();
    Some(format!("{first} {last}").trim().to_owned())
}
