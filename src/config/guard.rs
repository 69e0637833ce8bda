//! Settings of what keeps others out, and the program on its feet.

use super::{Reader, Secret};
use crate::domain::Role;
use std::{net::SocketAddr, path::PathBuf, time::Duration};

pub(super) const NAMES: &[&str] = &[
    "session_idle_minutes",
    "metrics_token",
    "metrics_listen",
    "request_seconds",
    "connections",
    "connections_per_address",
    "upload_mb_per_hour",
    "attachments_mb",
    "security_log",
    "mass_read_records",
    "request_log",
    "scan_command",
    "otlp_url",
    "scan_seconds",
    "protected_role",
];

/// Limits, and who may see what the program counts.
#[derive(Clone, Debug)]
pub struct GuardSettings {
    /// Seconds without a call after which a session at the desk ends.
    pub session_idle: i64,
    /// Who shows this may read `/metrics`.
    pub metrics_token: Option<Secret>,
    /// Where `/metrics` is served to everybody who reaches that address.
    pub metrics_listen: Option<SocketAddr>,
    /// How long the head of a request may take, and the beginning of its body.
    pub patience: Duration,
    /// Most connections at once.
    pub connections: usize,
    /// Most connections at once from one address; not counted behind a proxy, which counts better.
    pub connections_per_address: usize,
    /// Megabytes an hour that the web chat keeps from one address; four times as much at once.
    pub upload_mb_per_hour: u32,
    /// Bytes of attachments that are kept in all.
    pub attachments: u64,
    /// From which role on protected complaints are seen.
    pub protected_role: Role,
    /// The file to which what happens to access is written, a JSON object a line.
    pub security_log: Option<PathBuf>,
    /// Records that one account may open within an hour before that is written there.
    pub mass_read_records: usize,
    /// Whether each request is logged, by its route and never by its path.
    pub request_log: bool,
    /// Where spans are sent by OTLP over HTTP.
    pub otlp_url: Option<String>,
    /// A malware scanner.
    pub scan: Option<ScanSettings>,
}

/// A malware scanner: a command that gets each file on its standard input.
#[derive(Clone, Debug)]
pub struct ScanSettings {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// How long it may take for a file.
    pub patience: Duration,
}

fn otlp_url(r: &mut Reader) -> Option<String> {
    let url = super::channels::address(r, "otlp_url")?;
    if !cfg!(feature = "otlp") {
        r.mistakes.push(
            "otlp_url: this program was built without OTLP: build it with --features otlp"
                .to_owned(),
        );
    }
    Some(url.into())
}

/// No shell reads the command: its parts are what stands between blanks.
fn scan(r: &mut Reader) -> Option<ScanSettings> {
    let seconds = r.number("scan_seconds", 20, 1, 300);
    let command = r.text("scan_command")?;
    let command: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
    let program = PathBuf::from(&command[0]);
    if program.components().count() > 1 && !program.is_file() {
        r.mistakes.push(format!(
            "scan_command: there is no program {}",
            program.display()
        ));
    }
    Some(ScanSettings {
        command,
        patience: Duration::from_secs(seconds),
    })
}

pub(super) fn guard(r: &mut Reader) -> GuardSettings {
    let metrics_listen = r.text("metrics_listen").and_then(|text| {
        text.parse()
            .inspect_err(|_| {
                r.mistakes.push(format!(
                    "metrics_listen: '{text}' is not an address like 127.0.0.1:9100"
                ));
            })
            .ok()
    });
    GuardSettings {
        session_idle: r.number("session_idle_minutes", 60, 1, 720) as i64 * 60,
        metrics_token: r.text("metrics_token").map(Secret::new),
        metrics_listen,
        patience: Duration::from_secs(r.number("request_seconds", 15, 1, 300)),
        connections: r.number("connections", 4096, 16, 1_000_000) as usize,
        connections_per_address: r.number("connections_per_address", 512, 4, 1_000_000) as usize,
        upload_mb_per_hour: r.number("upload_mb_per_hour", 64, 1, 1_000_000) as u32,
        protected_role: r.parse(
            "protected_role",
            Role::Supervisor,
            "a role: agent, supervisor, complaints_manager or admin",
        ),
        attachments: r.number("attachments_mb", 20_480, 1, 1 << 30) << 20,
        security_log: r.text("security_log").map(PathBuf::from),
        mass_read_records: r.number("mass_read_records", 100, 1, 100_000) as usize,
        otlp_url: otlp_url(r),
        scan: scan(r),
        request_log: r.parse("request_log", false, "true or false"),
    }
}
