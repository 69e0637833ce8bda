//! The throwaway copy: the program's own service and server, on a database in a temporary folder, at a port of
//! 127.0.0.1, at a moment of our choice. Nothing of the owner's but flows, country, complaint profile and `encoder` is
//! taken along.

use super::{
    super::{Failure, knowledge},
    report::{Line, Report},
};
use crate::{
    channel,
    clock::{Clock, Stopwatch},
    config::Settings,
    domain::{AgentId, AgentRef, EventKind, Role, Timestamp},
    flow::Texts,
    service::{DeskPush, Running, Runtime, Service},
    store::{Opener, Store, Which},
    web::{self, Server},
};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio::{
    net::TcpListener,
    sync::broadcast::Receiver,
    task::{JoinHandle, JoinSet},
};

/// The longest that anything is waited for.
pub(super) const PATIENCE: Duration = Duration::from_secs(40);
/// A first reply that takes longer is none that was given at once, in milliseconds. A program that was built without
/// optimisation reads much slower.
pub(super) const AT_ONCE: u64 = if cfg!(debug_assertions) { 8_000 } else { 1_000 };

/// Where the database of a throwaway copy is.
pub(super) fn address(folder: &TempDir) -> String {
    format!("sqlite://{}/rehearsal.db", folder.path().display())
}

/// Settings of a throwaway copy: the owner's flows, country and profile, and these.
pub(super) fn throwaway(
    own: &Settings,
    folder: &TempDir,
    more: &[(&str, &str)],
) -> Result<Settings, Failure> {
    let database = address(folder);
    let mut pairs = vec![
        ("database", database.as_str()),
        ("listen", "127.0.0.1:0"),
        ("country", own.country.as_str()),
        ("encoder", if own.encoder { "true" } else { "false" }),
    ];
    let flows = own.flows.as_ref().map(|f| f.display().to_string());
    pairs.extend(flows.iter().map(|f| ("flows", f.as_str())));
    pairs.extend(own.profile.iter().map(|p| ("profile", p.as_str())));
    pairs.extend(more);
    Ok(Settings::from_pairs(pairs)?)
}

/// What made-up people write.
pub(super) fn lines(texts: &Texts) -> Result<BTreeMap<String, String>, Failure> {
    let text = texts
        .get("demo/rehearsals.yaml")
        .map_err(|e| e.to_string())?;
    Ok(serde_saphyr::from_str(text).map_err(|e| format!("demo/rehearsals.yaml: {e}"))?)
}

/// The throwaway copy, while it runs.
pub(super) struct Stage {
    pub(super) service: Arc<Service>,
    pub(super) clock: Clock,
    pub(super) report: Report,
    lines: BTreeMap<String, String>,
    pub(super) url: String,
    token: String,
    pub(super) client: Client,
    sent: Vec<String>,
    pub(super) pushes: Receiver<DeskPush>,
    running: Option<Running>,
    server: JoinHandle<()>,
    /// Those who are at the desk, as long as the clock moves.
    pub(super) present: Vec<AgentId>,
    folder: TempDir,
}

impl Stage {
    /// Opens it at that moment, with these settings besides.
    pub(super) async fn open(
        rehearsal: &'static str,
        own: &Settings,
        at: Timestamp,
        more: &[(&str, &str)],
    ) -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let clock = Clock::standing_at(at);
        let token = clock.secret();
        let mut pairs = vec![("http_token", token.as_str())];
        pairs.extend(more);
        let settings = throwaway(own, &folder, &pairs)?;
        let (texts, rules) = knowledge(&settings)?;
        let lines = lines(&texts)?;
        let shown = |errors: Vec<crate::flow::FlowError>| super::super::mistakes(&errors);
        let runtime = Runtime::with(rules, &texts).map_err(shown)?;
        let store = Store::open(settings.database.reveal(), Opener::Server).await?;
        let listener = TcpListener::bind(settings.listen).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let channels = channel::open(&settings)?;
        let running = Running::start(settings, store, runtime, texts, clock.clone(), channels);
        let running = running.map_err(shown)?;
        let service = Arc::clone(&running.service);
        // Whoever writes to a house has not just opened its door: what is read for the first time takes longer.
        service.runtime().rules.read("hello", at);
        let pushes = service.hub.watch_desk();
        let app = web::App::new(Arc::clone(&service));
        let server = Server::new(web::router(app), Arc::clone(&service), 256);
        let ends = Arc::clone(&service);
        let server = tokio::spawn(async move {
            server
                .run(listener, async move { ends.stopped().await })
                .await;
        });
        Ok(Self {
            report: Report {
                at: at.rfc3339(),
                ..Report::of(rehearsal)
            },
            client: Client::builder().timeout(PATIENCE).build()?,
            service,
            clock,
            lines,
            url,
            token,
            sent: Vec::new(),
            pushes,
            running: Some(running),
            server,
            present: Vec::new(),
            folder,
        })
    }

    /// An account.
    pub(super) async fn agent(&self, name: &str, role: Role) -> Result<AgentRef, Failure> {
        let agent = AgentRef {
            id: self.clock.agent_id(),
            name: name.to_owned(),
            role,
        };
        let now = self.clock.now();
        self.service.store.add_agent(&agent, None, now).await?;
        Ok(agent)
    }

    /// One of the lines of `demo/rehearsals.yaml`.
    pub(super) fn line(&self, name: &str) -> Result<String, Failure> {
        let line = self.lines.get(name).cloned();
        Ok(line.ok_or_else(|| format!("demo/rehearsals.yaml has no line '{name}'"))?)
    }

    /// A person writes that line, by the inbox for programs; what they read, and how it was answered.
    pub(super) async fn says(
        &mut self,
        person: &str,
        line: &str,
    ) -> Result<(StatusCode, String), Failure> {
        let text = self.line(line)?;
        let id = format!("{person}-{}", self.sent.len());
        self.sent.push(id.clone());
        self.heard(person, &text);
        self.sends(person, &id, &text).await
    }

    /// Sends a message, for the first time or again.
    pub(super) async fn sends(
        &mut self,
        person: &str,
        id: &str,
        text: &str,
    ) -> Result<(StatusCode, String), Failure> {
        let watch = self.clock.stopwatch();
        let answer = self.request(person, id, text).send().await?;
        let status = answer.status();
        let body: Value = answer.json().await.unwrap_or(Value::Null);
        let said: Vec<&str> = (body["replies"].as_array().into_iter().flatten())
            .filter_map(|m| m["text"].as_str())
            .collect();
        let said = said.join("\n");
        self.took(watch, status, &said);
        Ok((status, said))
    }

    /// Notes what came back, and after how long.
    pub(super) fn took(&mut self, watch: Stopwatch, status: StatusCode, said: &str) {
        let ms = watch.elapsed().as_millis() as u64;
        if status == StatusCode::OK {
            self.report.first_reply_ms = self.report.first_reply_ms.max(ms);
        }
        let shown = if said.is_empty() {
            format!("({status})")
        } else {
            said.to_owned()
        };
        self.heard("bot", &shown);
    }

    /// Somebody said something.
    pub(super) fn heard(&mut self, from: &str, text: &str) {
        self.report.talk.push(Line {
            from: from.to_owned(),
            text: text.to_owned(),
        });
    }

    /// Where its database is.
    pub(super) fn database(&self) -> String {
        address(&self.folder)
    }

    /// The last message that was sent: its id.
    pub(super) fn last_sent(&self) -> String {
        self.sent.last().cloned().unwrap_or_default()
    }

    /// Many write the same at once, each for themselves.
    pub(super) async fn crowd(&mut self, line: &str, people: usize) -> Result<(), Failure> {
        let text = self.line(line)?;
        let mut writing = JoinSet::new();
        for n in 0..people {
            let id = format!("crowd-{n}");
            self.sent.push(id.clone());
            let asked = self.request(&format!("Crowd {n}"), &id, &text);
            let watch = self.clock.stopwatch();
            writing.spawn(async move { (asked.send().await, watch.elapsed()) });
        }
        let mut slowest = 0;
        while let Some(done) = writing.join_next().await {
            let (answer, took) = done?;
            let status = answer?.status();
            let otherwise = format!("one of many was answered {status}");
            self.report.expect(status == StatusCode::OK, otherwise);
            slowest = slowest.max(took.as_millis() as u64);
        }
        let told =
            format!("{people} wrote at once; the last of them was answered after {slowest} ms");
        self.report.notes.push(told);
        Ok(())
    }

    fn request(&self, person: &str, id: &str, text: &str) -> reqwest::RequestBuilder {
        let address = format!("{}/api/v1/inboxes/http/messages", self.url);
        let asked = self.client.post(address).bearer_auth(&self.token);
        asked.json(&json!({"id": id, "sender": {"id": person}, "text": text}))
    }

    /// What was said is a promise.
    pub(super) fn promised(&mut self, said: &str) {
        self.report.promised.push(said.to_owned());
    }

    /// Counts, judges, and lets go of it all.
    pub(super) async fn close(mut self) -> Result<Report, Failure> {
        self.hear();
        let mut kept: Vec<String> = Vec::new();
        for conversation in self.service.store.list(&Which::default(), 1_000).await? {
            for event in self.service.store.log_of(conversation.id).await? {
                if let EventKind::Message(inbound) = event.kind {
                    kept.push(inbound.external_id);
                }
            }
        }
        let times = |id: &String| kept.iter().filter(|k| *k == id).count();
        let counted = &mut self.report.messages;
        counted.sent = self.sent.len();
        counted.kept = self.sent.iter().filter(|id| times(id) > 0).count();
        counted.lost = counted.sent - counted.kept;
        counted.twice = self.sent.iter().filter(|id| times(id) > 1).count();
        let (lost, twice) = (counted.lost, counted.twice);
        self.report
            .expect(lost == 0, format!("{lost} messages are lost"));
        self.report
            .expect(twice == 0, format!("{twice} messages are there twice"));
        let clockless = self
            .waiting()
            .await?
            .iter()
            .filter(|w| w.clock.is_none())
            .count();
        let otherwise = format!("for {clockless} who wait no clock runs");
        self.report.expect(clockless == 0, otherwise);
        let slow = self.report.first_reply_ms;
        self.report
            .expect(slow <= AT_ONCE, format!("a first reply took {slow} ms"));
        self.report.held = self.report.failed.is_empty();
        if let Some(running) = self.running.take() {
            self.service.begin_stop();
            let _ = self.server.await;
            running.stop().await;
        }
        Ok(self.report)
    }
}
