//! How the log is written.

use crate::config::{LogFormat, Settings};
use tracing_subscriber::EnvFilter;

/// What is logged where `RUST_LOG` says nothing else. The database's driver says nothing: what matters of it we say ourselves.
const USUAL: &str = "warn,nohold=info,sqlx=off";

/// Begins to log, on standard error.
pub(super) fn begin(settings: &Settings) {
    let requests = if settings.guard.request_log {
        "info"
    } else {
        "warn"
    };
    let usual = || EnvFilter::new(format!("{USUAL},nohold::requests={requests}"));
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| usual());
    let log = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(filter);
    match settings.log_format {
        LogFormat::Text => log.with_target(false).init(),
        LogFormat::Json => log.json().init(),
    }
}
