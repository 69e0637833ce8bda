//! The ways by which people write to us from outside: adapters behind [`crate::service::Channel`]. Only this room knows
//! a vendor's types.
//!
//! ARCHITECTURE.md has a page on how to add one.

pub mod discord;
pub mod email;
mod split;
pub mod telegram;

use crate::{config::Settings, service::Channel};
use std::sync::Arc;

/// Why a channel could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The HTTP client could not be made.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    /// The settings of e-mail cannot be used; why, in words.
    #[error("{0}")]
    Email(String),
}

/// The channels that the settings open.
///
/// # Errors
/// See [`OpenError`].
pub fn open(settings: &Settings) -> Result<Vec<Arc<dyn Channel>>, OpenError> {
    let mut channels: Vec<Arc<dyn Channel>> = Vec::new();
    if let Some(telegram) = &settings.telegram {
        channels.push(Arc::new(telegram::Telegram::new(
            telegram,
            settings.attachment_bytes,
        )?));
    }
    if let Some(discord) = &settings.discord {
        channels.push(Arc::new(discord::Discord::new(
            discord,
            settings.attachment_bytes,
        )?));
    }
    if let Some(email) = &settings.email {
        let email = email::Email::new(email).map_err(OpenError::Email)?;
        channels.push(Arc::new(email));
    }
    Ok(channels)
}

/// Reads an answer's body, at most so many bytes; none where it is larger.
async fn bounded(
    mut response: reqwest::Response,
    most: usize,
) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut content = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if content.len() + chunk.len() > most {
            return Ok(None);
        }
        content.extend_from_slice(&chunk);
    }
    Ok(Some(content))
}
