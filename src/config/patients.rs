//! A server of FHIR that knows patients, where the owner has one.

use super::{Reader, Secret, channels::address};
use reqwest::Url;
use std::time::Duration;

pub(super) const NAMES: &[&str] = &["fhir_url", "fhir_token", "fhir_seconds"];

/// Where patients are asked for.
#[derive(Clone, Debug)]
pub struct PatientSettings {
    /// The base address of the server (FHIR R4).
    pub url: Url,
    /// What it wants as a bearer token.
    pub token: Option<Secret>,
    /// How long it may take.
    pub patience: Duration,
}

pub(super) fn patients(r: &mut Reader) -> Option<PatientSettings> {
    let url = address(r, "fhir_url");
    let token = r.text("fhir_token").map(Secret::new);
    let seconds = r.number("fhir_seconds", 5, 1, 60);
    if let Some(url) = &url {
        let here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if url.scheme() != "https" && !here {
            let mistake = "fhir_url: must begin with https://, but on this machine";
            r.mistakes.push(mistake.to_owned());
        }
    }
    Some(PatientSettings {
        url: url?,
        token,
        patience: Duration::from_secs(seconds),
    })
}
