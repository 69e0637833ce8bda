//! Business accounts that the bot is connected to: what each lets it do, kept beside the line's marks.

use super::{
    INBOX, Telegram,
    api::CallError,
    hear::{Connection, connection},
};
use crate::{
    service::{LineState, Service},
    store::StoreError,
};
use serde_json::Value;
use teloxide::{payloads::GetBusinessConnection, types::BusinessConnectionId};

/// What stands before a connection's id in the name of its mark.
const MARK: &str = "telegram.business.";

const MAY_NOT_REPLY: &str = "a business account has connected this bot and does not let it answer: whoever writes there is not heard. In Telegram, under Settings, Telegram Business, Chatbots, allow it to reply to messages";

/// Telegram or the database cannot say right now.
pub(super) struct NotNow;

/// What that connection lets the bot do; none where Telegram knows of no such connection.
pub(super) async fn of(
    telegram: &Telegram,
    service: &Service,
    id: &str,
) -> Result<Option<Connection>, NotNow> {
    let known = service.store.mark(&format!("{MARK}{id}")).await;
    let known = known.map_err(|_| NotNow)?;
    let known: Option<Connection> = known.and_then(|text| serde_json::from_str(&text).ok());
    // A right that is missing may have been given since, while nobody listened or in an update that is handled at this
    // moment: then Telegram is asked, since what was written must not be dropped for an old answer.
    if let Some(known) = known.filter(|c| c.enabled && c.can_reply) {
        return Ok(Some(known));
    }
    let payload = GetBusinessConnection::new(BusinessConnectionId(id.to_owned()));
    let told: Value = match telegram.api.call(&payload).await {
        Ok(told) => told,
        Err(CallError::Refused { code: 400, .. }) => return Ok(None),
        Err(_) => return Err(NotNow),
    };
    let Some(told) = connection(&told) else {
        return Ok(None);
    };
    keep(service, &told).await.map_err(|_| NotNow)?;
    Ok(Some(told))
}

/// Remembers what a connection lets the bot do.
pub(super) async fn keep(service: &Service, told: &Connection) -> Result<(), StoreError> {
    let text = serde_json::json!(told).to_string();
    service
        .store
        .set_mark(&format!("{MARK}{}", told.id), &text)
        .await?;
    let lines = service.lines();
    if let Some(line) = lines.get(INBOX).filter(|l| l.state == LineState::Up) {
        let others = line.warnings.iter().filter(|w| *w != MAY_NOT_REPLY);
        let warnings = others.cloned().chain(warning(service).await).collect();
        service.line_up(INBOX, warnings);
    }
    Ok(())
}

/// What to say where an account does not let the bot answer.
pub(super) async fn warning(service: &Service) -> Option<String> {
    let known = service.store.marks(MARK).await.unwrap_or_default();
    known
        .iter()
        .filter_map(|(_, text)| serde_json::from_str::<Connection>(text).ok())
        .any(|c| c.enabled && !c.can_reply)
        .then(|| MAY_NOT_REPLY.to_owned())
}
