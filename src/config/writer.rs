//! How an outside language model is reached, where the owner has one.

use super::{Reader, Secret, channels::address};
use reqwest::Url;
use std::time::Duration;

/// An endpoint that speaks `OpenAI`'s chat completions.
#[derive(Clone, Debug)]
pub struct WriterSettings {
    /// Its base address, up to and with `/v1`.
    pub url: Url,
    /// Which model.
    pub model: String,
    /// Its key, where it wants one.
    pub key: Option<Secret>,
    /// How long it may take, from asking to the last word.
    pub patience: Duration,
    /// How many tokens it may use from midnight to midnight, UTC. What is counted is lost when the program stops.
    pub daily_tokens: u64,
}

pub(super) fn writer(r: &mut Reader) -> Option<WriterSettings> {
    let url = address(r, "llm_url");
    let model = r.text("llm_model");
    let key = r.text("llm_key").map(Secret::new);
    let seconds = r.parse("llm_seconds", 10_u64, "a number of seconds");
    let daily_tokens = r.parse("llm_daily_tokens", 200_000_u64, "a number of tokens");
    if !(1..=120).contains(&seconds) {
        r.mistakes
            .push("llm_seconds: must be between 1 and 120".to_owned());
    }
    if url.is_some() && model.is_none() {
        r.mistakes
            .push("llm_model: must be set with llm_url".to_owned());
    }
    Some(WriterSettings {
        url: url?,
        model: model?,
        key,
        patience: Duration::from_secs(seconds),
        daily_tokens,
    })
}
