//! What we say, in Discord's terms: text whose signs mean nothing, sent with a number by which Discord knows a repeat.

use super::{
    Discord,
    api::CallError,
    events::{Heard, Snowflake, hear},
    places, read,
};
use crate::{
    channel::split::split,
    domain::{Choice, MessageId, event::FailReason},
    service::{Progress, Service, Undelivered},
    store::{Arrival, Outcome, Outgoing, StoredFile},
};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{fmt::Write, sync::Arc, time::Duration};
use twilight_http::{request::Form, routing::Route};

/// Discord's limits: a message's characters, buttons in a row, answers in a menu, characters of a button and of a value.
const LONGEST: usize = 2000;
const BUTTONS: usize = 5;
const ANSWERS: usize = 25;
const LONGEST_BUTTON: usize = 80;
const LONGEST_VALUE: usize = 100;
/// Links are shown as links, without a preview of what is behind them.
const NO_PREVIEW: u64 = 4;
/// "Cannot send messages to this user", "Unknown Channel", "Missing Access".
const UNREACHABLE: [u64; 3] = [50_007, 10_003, 50_001];

#[derive(Deserialize)]
struct Sent {
    id: Snowflake,
}

/// Sends a message: its text in parts, then its files in one. The answers to choose from come with the last part of the text.
pub(super) async fn deliver(
    discord: &Discord,
    message: &Outgoing,
    files: &[StoredFile],
    progress: &dyn Progress,
) -> Result<Vec<String>, Undelivered> {
    let never = || Undelivered::Never(FailReason::Refused);
    let place = message.conversation.place.as_ref().ok_or_else(never)?;
    let channel_id = place.parse().map_err(|_| never())?;
    let route = Route::CreateMessage { channel_id };
    let texts = split(&message.message.text, LONGEST, |t| {
        escaped(t).chars().count()
    });
    let all = texts.len() + usize::from(!files.is_empty());
    let mut ids = Vec::new();
    for part in message.parts..all {
        if part > 0 {
            progress.breathe().await;
        }
        let mut body = json!({"nonce": nonce(message.message.id, part), "enforce_nonce": true, "allowed_mentions": {"parse": []}, "flags": NO_PREVIEW});
        let sent: Result<Sent, CallError> = if let Some(text) = texts.get(part) {
            body["content"] = json!(escaped(text));
            if part + 1 == texts.len() && !message.message.choices.is_empty() {
                body["components"] = components(&message.message.choices);
            }
            discord.api.send(&route, &body).await
        } else {
            let mut form = Form::new().json_part(b"payload_json", body.to_string().as_bytes());
            for (n, file) in files.iter().enumerate() {
                let name = format!("files[{n}]");
                form = form.file_part(name.as_bytes(), file.about.name.as_bytes(), &file.content);
            }
            discord.api.upload(&route, form).await
        };
        ids.push(sent.map_err(undelivered)?.id.0.to_string());
        if part + 1 < all {
            progress.sent(part + 1).await;
        }
    }
    Ok(ids)
}

/// The same part of the same message has the same number, so that one that was sent while its receipt was lost is not shown twice. At most 25 characters.
fn nonce(message: MessageId, part: usize) -> String {
    let digest = Sha256::digest(format!("{message}/{part}").as_bytes());
    digest
        .iter()
        .take(12)
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// The text with every sign that Discord would read as markup made plain. Addresses stay as they are: within them the signs belong there.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(char::is_whitespace) {
        if piece.starts_with("https://") || piece.starts_with("http://") {
            out.push_str(piece);
            continue;
        }
        for (n, c) in piece.char_indices() {
            let line_start = n == 0 && (out.is_empty() || out.ends_with('\n'));
            let marks = matches!(c, '\\' | '*' | '_' | '~' | '`' | '|' | '<' | '[' | ']')
                || line_start && matches!(c, '>' | '#' | '-' | '+')
                || c == ':' && piece.ends_with(':');
            if marks {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out
}

/// A few answers are buttons; many are a menu.
fn components(choices: &[Choice]) -> Value {
    let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    let fit: Vec<&Choice> = choices
        .iter()
        .filter(|c| !c.value.is_empty() && c.value.chars().count() <= LONGEST_VALUE)
        .take(ANSWERS)
        .collect();
    if fit.len() <= BUTTONS {
        let buttons: Vec<Value> = fit
            .iter()
            .map(|c| json!({"type": 2, "style": 2, "label": cut(&c.title, LONGEST_BUTTON), "custom_id": c.value}))
            .collect();
        json!([{"type": 1, "components": buttons}])
    } else {
        let options: Vec<Value> = fit
            .iter()
            .map(|c| json!({"label": cut(&c.title, LONGEST_VALUE), "value": c.value}))
            .collect();
        json!([{"type": 1, "components": [{"type": 3, "custom_id": "choose", "options": options}]}])
    }
}

/// What to do about a call that did not work.
fn undelivered(error: CallError) -> Undelivered {
    match error {
        // A token that is not accepted is the line's trouble, not the message's.
        CallError::Network | CallError::NotTheApi | CallError::Refused { status: 401, .. } => {
            Undelivered::Later(None)
        }
        CallError::TooFast(seconds) => {
            Undelivered::Later(Some(Duration::from_secs_f64(seconds.clamp(0.0, 86_400.0))))
        }
        CallError::Refused { status, code } if status == 403 || UNREACHABLE.contains(&code) => {
            Undelivered::Never(FailReason::Blocked)
        }
        CallError::Refused { .. } => Undelivered::Never(FailReason::Refused),
    }
}

pub(super) async fn typing(discord: &Discord, place: &str) {
    if let Ok(channel_id) = place.parse() {
        // A sign that does not come through is missed by nobody.
        let _ = discord
            .api
            .tell(&Route::CreateTypingTrigger { channel_id }, None)
            .await;
    }
}

/// What was told in public is taken out of sight; buttons that were answered in words are taken away. (Those that were pressed are gone already.)
pub(super) async fn receipts(
    discord: &Discord,
    service: &Arc<Service>,
    arrival: &Arrival,
    outcome: &Outcome,
) {
    let Some((kind, content)) = read::parts(arrival) else {
        return;
    };
    let Heard::Said(said) = hear(&kind, &content) else {
        return;
    };
    if discord.support == Some(said.channel) {
        places::take_away(discord, &said).await;
    }
    let offer = service
        .store
        .last_offer(outcome.conversation, outcome.position)
        .await;
    if let Some(message_id) = offer.ok().flatten().and_then(|m| m.parse().ok()) {
        let route = Route::UpdateMessage {
            channel_id: said.channel,
            message_id,
        };
        let body = json!({"components": []});
        let _ = discord.api.tell(&route, Some(&body)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_stays_what_they_typed() {
        assert_eq!(escaped("*not* _this_"), "\\*not\\* \\_this\\_");
        assert_eq!(
            escaped("# no heading\n> no quote"),
            "\\# no heading\n\\> no quote"
        );
        assert_eq!(
            escaped("see https://a.org/b_c_d now"),
            "see https://a.org/b_c_d now"
        );
        assert_eq!(escaped("<@123>"), "\\<@123>");
        assert_eq!(escaped("NH-1234-5678-9"), "NH-1234-5678-9");
    }

    #[test]
    fn a_repeat_has_the_same_number_and_another_part_another() {
        let id = MessageId(uuid::Uuid::from_u128(7));
        assert_eq!(nonce(id, 0), nonce(id, 0));
        assert_ne!(nonce(id, 0), nonce(id, 1));
        assert!(nonce(id, 0).len() <= 25);
    }

    #[test]
    fn a_few_answers_are_buttons_and_many_are_a_menu() {
        let choice = |n: usize| Choice {
            title: format!("Answer {n}"),
            value: n.to_string(),
        };
        let few: Vec<Choice> = (0..3).map(choice).collect();
        assert_eq!(components(&few)[0]["components"][2]["custom_id"], "2");
        let many: Vec<Choice> = (0..9).map(choice).collect();
        assert_eq!(
            components(&many)[0]["components"][0]["options"][8]["value"],
            "8"
        );
    }
}
