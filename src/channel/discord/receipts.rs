//! What follows in Discord once a message is on disk: what stands in public goes, and so do buttons that were answered.

use super::{
    Discord, INBOX, arrivals,
    events::{Heard, Said, hear},
    places::{self, Way},
};
use crate::{
    domain::{Conversation, Status},
    service::Service,
    store::{Arrival, Outcome},
};
use reqwest::Method;
use serde_json::json;
use std::sync::Arc;

/// What was told in public while the bot is silent is taken out of sight once the person is in their thread; all else
/// goes with the answer. Buttons that were answered in words are taken away. (Those that were pressed are gone
/// already.)
pub(super) async fn receipts(
    discord: &Discord,
    service: &Arc<Service>,
    arrival: &Arrival,
    outcome: &Outcome,
) {
    let Some((kind, content)) = arrivals::parts(arrival) else {
        return;
    };
    let Heard::Said(said) = hear(&kind, &content) else {
        return;
    };
    if discord.is_public(said.channel) {
        if !said.files.is_empty() {
            // They would go with it: those that are still to come are waited for.
            let late = arrival.late().id;
            if let Ok(false) = service.store.has_arrival(INBOX, &late).await {
                can_go(discord, service, &said).await;
            }
        }
        if outcome.replies.is_empty() {
            let to = service.store.conversation(outcome.conversation).await;
            if let Ok(Some(to)) = to {
                out_of_sight(discord, service, &to, said.author).await;
            }
        }
    }
    let offer = service
        .store
        .last_offer(outcome.conversation, outcome.position)
        .await;
    let Some(offer) = offer.ok().flatten() else {
        return;
    };
    // Earlier programs noted the message alone.
    let (channel, message) = match offer.split_once(':') {
        Some((channel, message)) => (channel.to_owned(), message),
        None => (said.channel.to_string(), offer.as_str()),
    };
    let path = format!("channels/{channel}/messages/{message}");
    let body = json!({"components": []});
    let _ = discord.api.tell(Method::PATCH, &path, Some(&body)).await;
}

/// Nothing is said to what they wrote in public, since a person has the conversation: it is brought to their thread all
/// the same.
async fn out_of_sight(discord: &Discord, service: &Arc<Service>, to: &Conversation, user: u64) {
    let theirs = discord.threads.of(user).map(Way::Thread);
    for way in theirs.into_iter().chain([Way::NewThread]) {
        // Where neither works, the message stays until something is answered.
        if let Ok(Some(_)) = way.open(discord, service, to, user).await {
            return places::take_away(discord, service, user).await;
        }
    }
}

/// Nothing is lost with that message in public any more. Where this cannot be written, it stays.
async fn can_go(discord: &Discord, service: &Arc<Service>, said: &Said) {
    let (user, channel, message) = (said.author, said.channel, said.message);
    let waits = discord.known.add_public(service, user, channel, message);
    let _ = waits.await;
}

/// The files of a message are here, or will not come any more. What stands in public goes at once where the person has
/// been answered in their thread, else after the next answer.
pub(super) async fn settled(discord: &Discord, service: &Arc<Service>, arrival: &Arrival) {
    let said = arrivals::parts(arrival).map(|(kind, content)| hear(&kind, &content));
    let Some(Heard::Said(said)) = said else {
        return;
    };
    if !discord.is_public(said.channel) {
        return;
    }
    can_go(discord, service, &said).await;
    let user = said.author;
    let key = format!("{INBOX}\u{1f}{}", said.message);
    let Ok(Some((conversation, message))) = service.store.message_of(&key).await else {
        return;
    };
    let Ok(Some(to)) = service.store.conversation(conversation).await else {
        return;
    };
    let lasting = discord.threads.of(user).is_some() || discord.known.direct_of(user).is_some();
    let answered = service.store.is_answered(conversation, message).await;
    if lasting && answered.is_ok_and(|answered| answered) {
        places::take_away(discord, service, user).await;
    } else if to.status == Status::Assigned {
        out_of_sight(discord, service, &to, user).await;
    }
}
