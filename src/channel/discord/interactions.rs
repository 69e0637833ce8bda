//! Commands, buttons, menus and forms: acknowledged at once, whatever else is slow.

use super::{
    Discord,
    events::{Act, Acted, FORM},
    places::say,
};
use crate::{domain::event::Command, flow::Vars, service::Service};
use serde_json::{Value, json};
use std::sync::Arc;
use twilight_http::routing::Route;

/// Kinds of answers to an interaction.
const MESSAGE: u64 = 4;
const UPDATE: u64 = 7;
const MODAL: u64 = 9;
/// Only the person sees it.
const EPHEMERAL: u64 = 64;
/// Most characters of a form's field.
const LONGEST_FIELD: u64 = 4000;

/// Whether it is a wish to complain without a word yet: a form helps then.
pub(super) fn wants_form(acted: &Acted) -> bool {
    matches!(&acted.act, Act::Command(Command::Complain, words) if words.is_empty())
}

/// Acknowledges on a task of its own.
pub(super) fn acknowledge(discord: &Discord, service: &Arc<Service>, acted: Acted) {
    let text = |key: &str| say(service, key, Vars::new());
    let body = if wants_form(&acted) {
        json!({"type": MODAL, "data": {"custom_id": FORM, "title": text("discord.form.title"), "components": [
            {"type": 1, "components": [{"type": 4, "custom_id": "words", "style": 2, "required": true, "max_length": LONGEST_FIELD, "label": text("discord.form.label"), "placeholder": text("discord.form.hint")}]}
        ]}})
    } else {
        match &acted.act {
            // Acknowledged, and the answered buttons gone, in one.
            Act::Choice(_) => json!({"type": UPDATE, "data": {"components": []}}),
            Act::Command(..) | Act::Form(_) => {
                let private = acted.in_guild && !discord.is_thread(acted.channel);
                let key = if private {
                    "discord.ack_private"
                } else {
                    "discord.ack_here"
                };
                json!({"type": MESSAGE, "data": {"content": text(key), "flags": EPHEMERAL}})
            }
        }
    };
    let api = discord.api.clone();
    tokio::spawn(async move {
        let route = Route::InteractionCallback {
            interaction_id: acted.id,
            interaction_token: &acted.token,
            with_response: false,
        };
        // Too late or known already: the answer itself comes as a message.
        let _ = api.tell(&route, Some(&body)).await;
    });
}

/// Names the commands that Discord shows, on a task of its own. Where they cannot be named, those of before stay, and everything works by writing.
pub(super) fn name_commands(discord: &Discord, service: &Service, application_id: u64) {
    let commands: Vec<Value> = Command::ALL
        .iter()
        .filter(|c| **c != Command::Start)
        .map(|command| {
            let about = say(service, &format!("command.{}", command.name()), Vars::new());
            let mut named = json!({"name": command.name(), "description": about, "type": 1});
            if *command == Command::Status {
                let hint = say(service, "discord.reference", Vars::new());
                named["options"] = json!([{"type": 3, "name": "reference", "description": hint, "required": false, "max_length": 40}]);
            }
            named
        })
        .collect();
    let api = discord.api.clone();
    tokio::spawn(async move {
        let route = Route::SetGlobalCommands { application_id };
        if api.tell(&route, Some(&json!(commands))).await.is_err() {
            tracing::warn!("Discord's commands could not be named; everything works by writing");
        }
    });
}
