//! What people do on Discord, as the gateway tells it.

use super::{Api, BOT, Discord, GUILD, moment, person};
use serde_json::{Value, json};

impl Discord {
    fn id(&self) -> u64 {
        self.api.change(Api::next_id)
    }

    /// An event of the gateway.
    pub(crate) fn event(&self, kind: &str, content: Value) {
        self.api.change(|api| api.dispatch(kind, content));
    }

    /// The direct message with somebody.
    pub(crate) fn direct(&self, user: u64) -> u64 {
        self.api.change(|api| api.direct_with(user))
    }

    /// Somebody writes in a channel, with that much more; the message's id.
    pub(crate) fn writes(&self, user: u64, channel: u64, text: &str, more: Value) -> u64 {
        let id = self.id();
        let mut message = json!({"id": id.to_string(), "channel_id": channel.to_string(), "author": person(user), "content": text, "timestamp": moment(0), "edited_timestamp": null,
            "tts": false, "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [], "pinned": false, "type": 0});
        if let Some(more) = more.as_object() {
            message
                .as_object_mut()
                .expect("an object")
                .extend(more.clone());
        }
        self.api.change(|api| {
            api.history
                .entry(channel)
                .or_default()
                .push(message.clone());
            if api.channels.get(&channel) != Some(&1) {
                message["guild_id"] = json!(GUILD.to_string());
            }
            api.dispatch("MESSAGE_CREATE", message);
        });
        id
    }

    /// Somebody writes to the bot directly.
    pub(crate) fn says(&self, user: u64, text: &str) -> u64 {
        let channel = self.direct(user);
        self.writes(user, channel, text, Value::Null)
    }

    /// A button that is shown to that person alone is pressed; what it is answered by.
    pub(crate) fn presses_own(&self, user: u64, channel: u64, value: &str) -> String {
        let data = json!({"custom_id": value, "component_type": 2});
        self.interaction(
            user,
            channel,
            3,
            data,
            json!({"message": {"id": "1", "flags": 64}}),
        )
    }

    /// A command, button, menu or form; what it is answered by.
    pub(crate) fn acts(&self, user: u64, channel: u64, kind: u64, data: Value) -> String {
        self.interaction(user, channel, kind, data, Value::Null)
    }

    fn interaction(&self, user: u64, channel: u64, kind: u64, data: Value, more: Value) -> String {
        let id = self.id();
        let token = format!("token{id}");
        self.api.change(|api| {
            api.interactions.insert(token.clone(), crate::fakes::instant());
            let mut content = json!({"id": id.to_string(), "application_id": BOT.to_string(), "type": kind, "token": token, "version": 1, "channel_id": channel.to_string(), "locale": "en-GB", "data": data});
            if api.channels.get(&channel) == Some(&1) {
                content["user"] = person(user);
            } else {
                content["guild_id"] = json!(GUILD.to_string());
                content["member"] = json!({"user": person(user), "roles": [], "permissions": "0"});
            }
            if let Some(more) = more.as_object() {
                content.as_object_mut().expect("an object").extend(more.clone());
            }
            api.dispatch("INTERACTION_CREATE", content);
        });
        token
    }

    /// Somebody opens a thread of their own under the support channel; the gateway does not tell of it.
    pub(crate) fn opens_thread(&self, user: u64) -> u64 {
        self.api.change(|api| {
            let thread = api.next_id();
            api.channels.insert(thread, 11);
            api.owners.insert(thread, user);
            thread
        })
    }

    /// The gateway tells how a thread stands.
    pub(crate) fn tells_of(&self, kind: &str, thread: u64) {
        let content = self.api.look().thread(thread);
        self.event(kind, content);
    }

    /// Somebody puts a sign on a message, or takes it away.
    pub(crate) fn reacts(&self, user: u64, channel: u64, message: u64, emoji: Value, puts: bool) {
        let mut content = json!({"user_id": user.to_string(), "channel_id": channel.to_string(), "message_id": message.to_string(), "emoji": emoji, "burst": false, "type": 0});
        if self.api.look().channels.get(&channel) != Some(&1) {
            content["guild_id"] = json!(GUILD.to_string());
        }
        let kind = if puts {
            "MESSAGE_REACTION_ADD"
        } else {
            "MESSAGE_REACTION_REMOVE"
        };
        self.event(kind, content);
    }

    /// A file that somebody attaches.
    pub(crate) fn attachment(&self, name: &str, media_type: &str, content: &[u8]) -> Value {
        let id = self.id();
        self.api.change(|api| {
            api.files.insert(id.to_string(), content.to_vec());
            json!({"id": id.to_string(), "filename": name, "content_type": media_type, "size": content.len(), "url": format!("{}/files/{id}/{name}", api.url), "proxy_url": ""})
        })
    }
}
