//! Settings: from a file, then the environment. Read in this one place, checked whole, all mistakes told at once.

mod channels;
mod desk;
mod email;
mod guard;
mod keys;
mod oidc;
mod patients;
mod secrets;
mod webhook;
mod widget;
mod writer;

pub use channels::{DiscordSettings, TelegramSettings};
pub use desk::Assignment;
pub use email::{EmailSettings, MailServer, MailTls};
pub use guard::{GuardSettings, ScanSettings};
pub use keys::EncryptionKey;
pub use oidc::{OidcClaim, OidcSettings};
pub use patients::PatientSettings;
pub use secrets::Secret;
pub use webhook::WebhookSettings;
pub use widget::WidgetSettings;
pub use writer::WriterSettings;

use crate::handoff::Targets;
use config::{Config, Environment, File, FileFormat, Value};
use std::{
    collections::HashMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the pages and the API are served.
    pub listen: SocketAddr,
    /// Where everything is kept. Secret, since the address of a Postgres may hold a password.
    pub database: Secret,
    /// The address that people use, where it is not that of `listen`; with `https://` the session cookie is `Secure`.
    pub public_url: Option<String>,
    /// Opens the inbox `http` for programs.
    pub http_token: Option<Secret>,
    /// Messages a second that one sender may send through the inbox `http`; 0 is no limit.
    pub http_rate: u32,
    /// Messages a minute that one visitor of the web chat may send.
    pub web_rate: u32,
    /// ISO 3166 code.
    pub country: String,
    /// A folder of flows to use instead of the built-in ones.
    pub flows: Option<PathBuf>,
    /// The complaint profile; the country's where it is not set.
    pub profile: Option<String>,
    /// How many events may wait for the database before callers are told to come back.
    pub queue: usize,
    /// Largest attachment, in bytes.
    pub attachment_bytes: usize,
    /// How soon people should be taken over.
    pub targets: Targets,
    /// Who gives out the work.
    pub assignment: Assignment,
    /// Whether complaints are acknowledged at once, without anybody's look.
    pub acknowledge_at_once: bool,
    /// From which hour on, where the organisation is, the day's digest of complaints is told.
    pub digest_hour: u8,
    /// Whether the encoder reads beside the linear model; without it reading is faster and less sure of strangers'
    /// words.
    pub encoder: bool,
    /// Whether a proxy in front may be believed about a caller's address (`X-Forwarded-For`).
    pub behind_proxy: bool,
    /// How the log is written.
    pub log_format: LogFormat,
    /// Opens the inbox `telegram`.
    pub telegram: Option<TelegramSettings>,
    /// Opens the inbox `discord`.
    pub discord: Option<DiscordSettings>,
    /// Opens the inbox `email`.
    pub email: Option<EmailSettings>,
    /// The breath between two messages that follow each other, on channels that we send to.
    pub pace: Duration,
    /// Hours after which a message that cannot be sent is given up.
    pub give_up_hours: u32,
    /// For how long a file that a channel does not give is asked for again.
    pub file_wait: Duration,
    /// What keeps others out, and the program on its feet.
    pub guard: GuardSettings,
    /// How the chat looks on other people's pages, and where it may stand.
    pub widget: WidgetSettings,
    /// An outside language model that writes further suggestions for agents.
    pub writer: Option<WriterSettings>,
    /// A server of FHIR that knows patients.
    pub patients: Option<PatientSettings>,
    /// Who is told of complaints.
    pub webhook: Option<WebhookSettings>,
    /// Where people at the desk may sign in besides.
    pub oidc: Option<OidcSettings>,
    /// By these what people said is encrypted; without any it is not.
    pub encryption_keys: Vec<EncryptionKey>,
    /// What is not wrong, but should be seen to.
    pub notes: Vec<String>,
}

/// All that is wrong with the settings.
#[derive(Debug, thiserror::Error)]
#[error("the settings have {} mistake(s):\n{}", .0.len(), .0.iter().map(|m| format!("  - {m}")).collect::<Vec<_>>().join("\n"))]
pub struct SettingsError(pub Vec<String>);

/// All names of settings, by where they are read.
const LISTS: [&[&str]; 8] = [
    NAMES,
    desk::NAMES,
    email::NAMES,
    guard::NAMES,
    oidc::NAMES,
    patients::NAMES,
    webhook::NAMES,
    widget::NAMES,
];

const NAMES: &[&str] = &[
    "listen",
    "database",
    "public_url",
    "http_token",
    "http_rate",
    "web_rate",
    "country",
    "flows",
    "profile",
    "queue",
    "attachment_bytes",
    "encoder",
    "behind_proxy",
    "log_format",
    "telegram_token",
    "telegram_api",
    "telegram_webhook",
    "telegram_webhook_secret",
    "discord_token",
    "discord_api",
    "discord_channel",
    "pace_ms",
    "give_up_hours",
    "file_wait_seconds",
    "llm_url",
    "llm_model",
    "llm_key",
    "llm_seconds",
    "llm_daily_tokens",
    "encryption_keys",
];

struct Reader {
    values: HashMap<String, Value>,
    mistakes: Vec<String>,
    notes: Vec<String>,
}

impl Reader {
    fn text(&mut self, name: &str) -> Option<String> {
        let value = self.values.get(name)?.clone();
        match value.into_string() {
            Ok(text) if text.trim().is_empty() => None,
            Ok(text) => Some(text.trim().to_owned()),
            Err(_) => {
                self.mistakes
                    .push(format!("{name}: must be a single value"));
                None
            }
        }
    }

    fn parse<T: FromStr>(&mut self, name: &str, default: T, what: &str) -> T {
        let Some(text) = self.text(name) else {
            return default;
        };
        text.parse().unwrap_or_else(|_| {
            self.mistakes
                .push(format!("{name}: '{text}' is not {what}"));
            default
        })
    }

    fn number(&mut self, name: &str, default: u64, least: u64, most: u64) -> u64 {
        let number = self.parse(name, default, "a whole number");
        if (least..=most).contains(&number) {
            return number;
        }
        self.mistakes
            .push(format!("{name}: {number} is not from {least} to {most}"));
        default
    }
}

impl Settings {
    /// Reads the file at `path` (or `nohold.toml`, where there is one), then the environment's `NOHOLD_*`.
    ///
    /// # Errors
    /// Every mistake, each with the setting's name.
    pub fn load(path: Option<&Path>) -> Result<Self, SettingsError> {
        let file = path.unwrap_or(Path::new("nohold.toml"));
        let source = File::from(file)
            .format(FileFormat::Toml)
            .required(path.is_some());
        let loaded = Config::builder()
            .add_source(source)
            .add_source(Environment::with_prefix("NOHOLD").try_parsing(false))
            .build();
        match loaded.and_then(Config::try_deserialize::<HashMap<String, Value>>) {
            Ok(values) => Self::from_values(values, secrets::credentials().as_deref()),
            Err(e) => Err(SettingsError(vec![e.to_string()])),
        }
    }

    /// From names and values; what the tests use.
    ///
    /// # Errors
    /// As with [`Settings::load`].
    pub fn from_pairs<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, SettingsError> {
        Self::from_values(
            pairs
                .into_iter()
                .map(|(k, v)| (k.to_owned(), Value::new(None, v)))
                .collect(),
            None,
        )
    }

    fn from_values(
        values: HashMap<String, Value>,
        credentials: Option<&Path>,
    ) -> Result<Self, SettingsError> {
        let mut r = Reader {
            values,
            mistakes: Vec::new(),
            notes: Vec::new(),
        };
        secrets::read_files(&mut r, credentials);
        // Names in the file are checked; the environment may hold other programs' NOHOLD_* too, which name themselves
        // by no origin.
        let known =
            |n: &&str| LISTS.iter().any(|all| all.contains(n)) || secrets::is_file_of_a_secret(n);
        let mut unknown: Vec<String> = r
            .values
            .iter()
            .filter(|(n, v)| !known(&n.as_str()) && v.origin() != Some("the environment"))
            .map(|(n, _)| n.clone())
            .collect();
        unknown.sort();
        for name in unknown {
            r.mistakes.push(format!(
                "{name}: there is no such setting; there are {}",
                LISTS.concat().join(", ")
            ));
        }
        let country = r
            .text("country")
            .unwrap_or_else(|| "GB".to_owned())
            .to_uppercase();
        if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
            r.mistakes.push(format!(
                "country: '{country}' is not a code of two letters, like GB"
            ));
        }
        let flows = r.text("flows").map(PathBuf::from);
        if let Some(folder) = flows.as_ref().filter(|f| !f.is_dir()) {
            r.mistakes
                .push(format!("flows: there is no folder {}", folder.display()));
        }
        let database = r
            .text("database")
            .unwrap_or_else(|| "sqlite://data/nohold.db".to_owned());
        if !["sqlite:", "postgres:", "postgresql:"]
            .iter()
            .any(|s| database.starts_with(s))
        {
            r.mistakes
                .push("database: must begin with sqlite:// or postgres://".to_owned());
        }
        let public_url = r.text("public_url");
        if public_url
            .as_ref()
            .is_some_and(|u| !u.starts_with("http://") && !u.starts_with("https://"))
        {
            r.mistakes
                .push("public_url: must begin with http:// or https://".to_owned());
        }
        let http_token = r.text("http_token").map(Secret::new);
        let log_format = match r.text("log_format").as_deref() {
            None | Some("text") => LogFormat::Text,
            Some("json") => LogFormat::Json,
            Some(other) => {
                r.mistakes
                    .push(format!("log_format: '{other}' is neither text nor json"));
                LogFormat::Text
            }
        };
        let telegram = channels::telegram(&mut r);
        let discord = channels::discord(&mut r);
        let email = email::email(&mut r);
        let writer = writer::writer(&mut r);
        let guard = guard::guard(&mut r);
        let widget = widget::widget(&mut r);
        let webhook = webhook::webhook(&mut r);
        let patients = patients::patients(&mut r);
        let settings = Self {
            listen: r.parse(
                "listen",
                SocketAddr::from(([127, 0, 0, 1], 8080)),
                "an address like 127.0.0.1:8080",
            ),
            database: Secret::new(database),
            public_url,
            http_token,
            http_rate: r.number("http_rate", 0, 0, 100_000) as u32,
            web_rate: r.number("web_rate", 60, 1, 100_000) as u32,
            country,
            flows,
            profile: r.text("profile"),
            queue: r.number("queue", 4096, 1, 1_000_000) as usize,
            attachment_bytes: r.number("attachment_bytes", 5 << 20, 1024, 50 << 20) as usize,
            targets: desk::targets(&mut r),
            assignment: desk::assignment(&mut r),
            acknowledge_at_once: r.parse("acknowledge_at_once", false, "true or false"),
            digest_hour: desk::digest_hour(&mut r),
            encoder: r.parse("encoder", true, "true or false"),
            behind_proxy: r.parse("behind_proxy", false, "true or false"),
            log_format,
            telegram,
            discord,
            email,
            guard,
            widget,
            patients,
            webhook,
            writer,
            oidc: oidc::oidc(&mut r),
            encryption_keys: keys::keys(&mut r),
            notes: Vec::new(),
            pace: Duration::from_millis(r.number("pace_ms", 900, 0, 10_000)),
            give_up_hours: r.number("give_up_hours", 24, 1, 24 * 30) as u32,
            file_wait: Duration::from_secs(r.number("file_wait_seconds", 600, 1, 86_400)),
        };
        if r.mistakes.is_empty() {
            Ok(Self {
                notes: r.notes,
                ..settings
            })
        } else {
            Err(SettingsError(r.mistakes))
        }
    }

    /// The address that people use.
    pub fn address(&self) -> String {
        self.public_url
            .clone()
            .unwrap_or_else(|| format!("http://{}", self.listen))
            .trim_end_matches('/')
            .to_owned()
    }

    /// Whether people reach us by TLS.
    pub fn secure(&self) -> bool {
        self.address().starts_with("https://")
    }
}

#[cfg(test)]
mod tests;
