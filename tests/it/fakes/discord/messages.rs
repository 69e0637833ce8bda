//! Messages of the bot's, and its further answers to interactions.

use super::{
    Api, BOT, GUILD, Sent, Whisper,
    http::{done, limited, refusal},
};
use axum::response::Response;
use serde_json::{Value, json};
use std::time::Duration;

/// A message of the bot's, as strictly looked at as Discord does.
pub(super) fn send(
    api: &mut Api,
    channel: u64,
    arguments: &Value,
    file: Option<(String, Vec<u8>)>,
) -> Response {
    let Some(kind) = api.channels.get(&channel).copied() else {
        return refusal(404, 10003, "Unknown Channel");
    };
    let user = api
        .direct
        .iter()
        .find(|(_, c)| **c == channel)
        .map(|(u, _)| *u);
    if kind == 1 && user.is_some_and(|u| api.closed_to_us.contains(&u)) {
        return refusal(403, 50007, "Cannot send messages to this user");
    }
    if api.locked.contains(&channel) {
        return refusal(400, 160_005, "Thread is locked");
    }
    let content = match content(arguments, file.is_some()) {
        Ok(content) => content,
        Err(refused) => return *refused,
    };
    if api.moderated.contains(&channel) {
        return refusal(400, 200_000, "Message was blocked by automatic moderation");
    }
    api.put_away.remove(&channel);
    let nonce = arguments["nonce"].as_str().unwrap_or_default().to_owned();
    if nonce.len() > 25 {
        return refusal(400, 50035, "Invalid Form Body");
    }
    if arguments["enforce_nonce"] == true
        && let Some(id) = api.nonces.get(&(channel, nonce.clone()))
    {
        return done(json!({"id": id.to_string(), "channel_id": channel.to_string()}));
    }
    let now = crate::fakes::instant();
    let recent = api.recent.entry(channel).or_default();
    while recent
        .front()
        .is_some_and(|t| now - *t > Duration::from_secs(1))
    {
        recent.pop_front();
    }
    recent.push_back(now);
    if recent.len() > 10 {
        return limited(0.5);
    }
    let id = api.next_id();
    let readers = api.members.get(&channel).into_iter().flatten();
    let readers = readers.copied().collect();
    api.nonces.insert((channel, nonce), id);
    api.sent.push(Sent {
        id,
        channel,
        text: content.text.clone(),
        choices: content.choices,
        menu: content.menu,
        file,
        readers,
    });
    // The bot hears its own words, as bots do.
    let mut own = json!({"id": id.to_string(), "channel_id": channel.to_string(), "author": {"id": BOT.to_string(), "username": "willowbrook", "bot": true}, "content": content.text, "type": 0, "attachments": []});
    if kind != 1 {
        own["guild_id"] = json!(GUILD.to_string());
    }
    api.dispatch("MESSAGE_CREATE", own);
    done(json!({"id": id.to_string(), "channel_id": channel.to_string()}))
}

/// What a message says: its text and the answers to choose from.
struct Content {
    text: String,
    choices: Vec<(String, String)>,
    menu: bool,
}

fn content(arguments: &Value, has_file: bool) -> Result<Content, Box<Response>> {
    if has_file && arguments["attachments"][0]["id"] != 0 {
        return Err(Box::new(refusal(400, 50035, "Invalid Form Body")));
    }
    let text = arguments["content"].as_str().unwrap_or_default().to_owned();
    if text.trim().is_empty() && !has_file {
        return Err(Box::new(refusal(
            400,
            50006,
            "Cannot send an empty message",
        )));
    }
    if text.chars().count() > 2000 {
        return Err(Box::new(refusal(400, 50035, "Invalid Form Body")));
    }
    let (mut choices, mut menu) = (Vec::new(), false);
    let rows = arguments["components"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    for row in &rows {
        let parts = row["components"].as_array().cloned().unwrap_or_default();
        if rows.len() > 5 || parts.is_empty() || parts.len() > 5 || row["type"] != 1 {
            return Err(Box::new(refusal(400, 50035, "Invalid Form Body")));
        }
        for part in &parts {
            let options = part["options"].as_array().cloned().unwrap_or_else(|| {
                vec![json!({"label": part["label"], "value": part["custom_id"]})]
            });
            menu |= part["type"] == 3;
            if options.len() > 25 {
                return Err(Box::new(refusal(400, 50035, "Invalid Form Body")));
            }
            for option in options {
                let (label, value) = (
                    option["label"].as_str().unwrap_or_default(),
                    option["value"].as_str().unwrap_or_default(),
                );
                let longest = if menu { 100 } else { 80 };
                if !(1..=longest).contains(&label.chars().count())
                    || !(1..=100).contains(&value.chars().count())
                {
                    return Err(Box::new(refusal(400, 50035, "Invalid Form Body")));
                }
                choices.push((label.to_owned(), value.to_owned()));
            }
        }
    }
    Ok(Content {
        text,
        choices,
        menu,
    })
}

impl Api {
    /// The files of a message go with it.
    pub(super) fn drop_files(&mut self, channel: u64, message: &str) {
        let told = self.history.get(&channel).into_iter().flatten();
        let of = told.filter(|m| m["id"] == message);
        let files = of.filter_map(|m| m["attachments"].as_array()).flatten();
        let ids: Vec<String> = files
            .filter_map(|f| f["id"].as_str().map(str::to_owned))
            .collect();
        for id in ids {
            self.files.remove(&id);
        }
    }
}

/// A further answer to an interaction. The bot's answers are for one person's eyes: anything else fails the test that
/// looks for it.
pub(super) fn whisper(api: &mut Api, token: &str, arguments: &Value, has_file: bool) -> Response {
    if !api.answered.contains_key(token) {
        return refusal(404, 10_015, "Unknown Webhook");
    }
    if arguments["flags"].as_u64().unwrap_or(0) & 64 == 0 {
        return refusal(400, 50035, "Invalid Form Body");
    }
    let content = match content(arguments, has_file) {
        Ok(content) => content,
        Err(refused) => return *refused,
    };
    let id = api.next_id();
    api.whispers.push(Whisper {
        token: token.to_owned(),
        text: content.text,
        choices: content.choices,
    });
    done(json!({"id": id.to_string()}))
}
