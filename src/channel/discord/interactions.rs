//! Commands, buttons, menus and forms: acknowledged at once, whatever else is slow.

use super::{
    Discord,
    events::{Act, Acted, FORM},
    places::say,
    trouble::CallError,
};
use crate::{domain::event::Command, flow::Vars, service::Service};
use reqwest::Method;
use serde_json::json;
use serenity::all::{
    CommandOptionType, CreateActionRow, CreateCommand, CreateCommandOption, CreateInputText,
    CreateInteractionResponse, CreateInteractionResponseMessage, CreateModal, InputTextStyle,
    InstallationContext, InteractionContext,
};
use std::{sync::Arc, time::Duration};

/// Most characters of a form's field, and of a reference.
const LONGEST_FIELD: u16 = 4000;
const LONGEST_REFERENCE: u16 = 40;
/// Most characters of what is said of a command.
const LONGEST_DESCRIPTION: usize = 100;
/// Discord's names of the languages that it has, without English, in which everything is described first.
const LOCALES: [&str; 30] = [
    "id", "da", "de", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR",
    "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja",
    "zh-TW", "ko",
];
/// Discord gives three seconds; a limit that ends within this is waited for.
const SOON: Duration = Duration::from_secs(2);

/// Whether it is a wish to complain without a word yet: a form helps then.
pub(super) fn wants_form(acted: &Acted) -> bool {
    matches!(&acted.act, Act::Command(Command::Complain, words) if words.is_empty())
}

/// Whether a button that was pressed is shown to the one who pressed it: in a direct message, in their own thread, or
/// to them alone. All others belong to somebody else's conversation.
pub(super) fn is_theirs(discord: &Discord, acted: &Acted) -> bool {
    !matches!(acted.act, Act::Choice(_))
        || !acted.in_guild
        || acted.ephemeral
        || discord.threads.owner(acted.channel) == Some(acted.user)
}

/// What an interaction is answered with at once.
fn response(discord: &Discord, service: &Service, acted: &Acted) -> CreateInteractionResponse {
    let language = acted.language();
    let text = |key: &str| say(service, language, key, Vars::new());
    let whisper = |key: &str| {
        let message = CreateInteractionResponseMessage::new();
        CreateInteractionResponse::Message(message.content(text(key)).ephemeral(true))
    };
    if wants_form(acted) {
        let style = InputTextStyle::Paragraph;
        let field = CreateInputText::new(style, text("discord.form.label"), "words")
            .placeholder(text("discord.form.hint"))
            .required(true)
            .max_length(LONGEST_FIELD);
        let row = CreateActionRow::InputText(field);
        let form = CreateModal::new(FORM, text("discord.form.title")).components(vec![row]);
        return CreateInteractionResponse::Modal(form);
    }
    let here = !acted.in_guild || discord.threads.owner(acted.channel) == Some(acted.user);
    match &acted.act {
        Act::Choice(_) if !is_theirs(discord, acted) => whisper("discord.not_yours"),
        // Acknowledged, and the answered buttons gone, in one.
        Act::Choice(_) => {
            let message = CreateInteractionResponseMessage::new();
            CreateInteractionResponse::UpdateMessage(message.components(Vec::new()))
        }
        Act::Command(..) | Act::Form(_) if here => whisper("discord.ack_here"),
        Act::Command(..) | Act::Form(_) => whisper("discord.ack_private"),
    }
}

/// Acknowledges on a task of its own.
pub(super) fn acknowledge(discord: &Discord, service: &Arc<Service>, acted: &Acted) {
    let mut body = json!(response(discord, service, acted));
    // No file comes with it, so none is spoken of.
    if let Some(data) = body["data"].as_object_mut() {
        data.remove("attachments");
    }
    let path = format!("interactions/{}/{}/callback", acted.id, acted.token);
    let api = discord.api.clone();
    tokio::spawn(async move {
        let told = api.tell(Method::POST, &path, Some(&body)).await;
        if let Err(CallError::TooFast(time)) = told
            && time <= SOON
        {
            tokio::time::sleep(time).await;
            // Too late or known already: the answer itself comes as a message.
            let _ = api.tell(Method::POST, &path, Some(&body)).await;
        }
    });
}

/// Names the commands that Discord shows, on a task of its own: in servers and in direct messages with the bot, nowhere
/// else; described in every language that the flows and Discord have. Where they cannot be named, those of before stay,
/// and everything works by writing.
pub(super) fn name_commands(discord: &Discord, service: &Service, application: u64) {
    let commands: Vec<CreateCommand> = Command::ALL
        .iter()
        .filter(|c| **c != Command::Start)
        .map(|command| named(service, *command))
        .collect();
    let body = json!(commands);
    let api = discord.api.clone();
    tokio::spawn(async move {
        let path = format!("applications/{application}/commands");
        if api.tell(Method::PUT, &path, Some(&body)).await.is_err() {
            tracing::warn!("Discord's commands could not be named; everything works by writing");
        }
    });
}

fn named(service: &Service, command: Command) -> CreateCommand {
    let about = format!("command.{}", command.name());
    let named = CreateCommand::new(command.name())
        .description(described(service, "en", &about))
        .integration_types(vec![InstallationContext::Guild])
        .contexts(vec![InteractionContext::Guild, InteractionContext::BotDm]);
    let named = others(service, &about)
        .into_iter()
        .fold(named, |named, (locale, text)| {
            named.description_localized(locale, text)
        });
    if command != Command::Status {
        return named;
    }
    let hint = "discord.reference";
    let kind = CommandOptionType::String;
    let option = CreateCommandOption::new(kind, "reference", described(service, "en", hint))
        .required(false)
        .max_length(LONGEST_REFERENCE);
    let option = others(service, hint)
        .into_iter()
        .fold(option, |option, (locale, text)| {
            option.description_localized(locale, text)
        });
    named.add_option(option)
}

/// A description in every other language of the flows, by Discord's names of the languages.
fn others(service: &Service, key: &str) -> Vec<(&'static str, String)> {
    let runtime = service.runtime();
    let phrases = &runtime.rules.flows.phrases;
    let spoken = LOCALES.iter().filter(|l| phrases.speaks(language(l), key));
    spoken
        .map(|locale| (*locale, described(service, language(locale), key)))
        .collect()
}

fn language(locale: &str) -> &str {
    locale.split('-').next().unwrap_or_default()
}

/// At most as long as Discord takes: one that is longer would have all commands refused.
fn described(service: &Service, language: &str, key: &str) -> String {
    let text = say(service, language, key, Vars::new());
    text.chars().take(LONGEST_DESCRIPTION).collect()
}
