//! The power fails: the program, a child process of its own, is killed in the middle of many messages and started
//! again. What people were answered is there, once; what they were not, they send again, and that is taken once too.

use super::{
    super::Failure,
    report::{Counted, Line, Report},
    stage::{PATIENCE, address, lines, throwaway},
};
use crate::{
    clock::Clock,
    config::Settings,
    domain::{EventKind, Timestamp},
    flow::Texts,
    store::{Opener, Store, Which},
};
use reqwest::{Client, StatusCode};
use serde_json::json;
use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;
use tokio::{
    net::TcpListener,
    task::JoinSet,
    time::{sleep, timeout},
};

/// How many write while it fails.
const PEOPLE: usize = 24;
/// How long the second half has been writing when the power fails.
const UNDER_WAY: Duration = Duration::from_millis(2);
/// After so many answers the power fails.
const ANSWERED: usize = 6;
const LOOK: Duration = Duration::from_millis(50);

/// The program, as a process of its own.
struct Process {
    child: Child,
    url: String,
}

impl Drop for Process {
    fn drop(&mut self) {
        self.cut();
    }
}

impl Process {
    /// The power fails: it has no time for a last word.
    fn cut(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    async fn start(own: &Settings, folder: &TempDir, token: &str) -> Result<Self, Failure> {
        // Only asked for, so that the child has a port of its own.
        let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
        let listen = format!("127.0.0.1:{port}");
        let flows = own.flows.as_ref().map(std::fs::canonicalize).transpose()?;
        let mut command = Command::new(std::env::current_exe()?);
        command
            .arg("serve")
            .current_dir(folder.path())
            .env_clear()
            .env("NOHOLD_LISTEN", &listen)
            .env("NOHOLD_DATABASE", address(folder))
            .env("NOHOLD_HTTP_TOKEN", token)
            .env("NOHOLD_COUNTRY", &own.country)
            .env("NOHOLD_ENCODER", if own.encoder { "true" } else { "false" })
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if let Some(flows) = flows {
            command.env("NOHOLD_FLOWS", flows);
        }
        if let Some(profile) = &own.profile {
            command.env("NOHOLD_PROFILE", profile);
        }
        let process = Self {
            child: command.spawn()?,
            url: format!("http://{listen}"),
        };
        let ready = async {
            let client = Client::new();
            loop {
                let asked = client.get(format!("{}/readyz", process.url)).send().await;
                if asked.is_ok_and(|answer| answer.status() == StatusCode::OK) {
                    return;
                }
                sleep(LOOK).await;
            }
        };
        timeout(PATIENCE, ready)
            .await
            .map_err(|_| "the program does not come up")?;
        Ok(process)
    }
}

/// Whoever writes, and whether they were answered.
struct Person {
    id: String,
    text: String,
}

impl Person {
    fn ask(&self, client: &Client, url: &str, token: &str) -> reqwest::RequestBuilder {
        let asked = client.post(format!("{url}/api/v1/inboxes/http/messages"));
        let message = json!({"id": self.id, "sender": {"id": self.id}, "text": self.text});
        asked.bearer_auth(token).json(&message)
    }
}

async fn answer(asked: reqwest::RequestBuilder) -> Option<String> {
    let answer = asked.send().await.ok()?;
    if answer.status() != StatusCode::OK {
        return None;
    }
    let body: serde_json::Value = answer.json().await.ok()?;
    let said = body["replies"].as_array()?.iter();
    let said: Vec<&str> = said.filter_map(|m| m["text"].as_str()).collect();
    Some(said.join("\n"))
}

/// What is there afterwards: the ids of people's messages, and who waits without a clock.
async fn kept(folder: &TempDir) -> Result<(Vec<String>, usize, usize), Failure> {
    let store = Store::open(&address(folder), Opener::Tool).await?;
    let mut ids = Vec::new();
    for conversation in store.list(&Which::default(), 1_000).await? {
        for event in store.log_of(conversation.id).await? {
            if let EventKind::Message(inbound) = event.kind {
                ids.push(inbound.external_id);
            }
        }
    }
    let waiting = store.waiting().await?;
    let clockless = waiting.iter().filter(|w| w.clock.is_none()).count();
    store.close().await;
    Ok((ids, waiting.len(), clockless))
}

pub(super) async fn run(own: &Settings, texts: &Texts, now: Timestamp) -> Result<Report, Failure> {
    let folder = tempfile::tempdir()?;
    // Read once here, so that what is wrong is told before a process is started.
    throwaway(own, &folder, &[])?;
    let lines = lines(texts)?;
    let line = |name: &str| lines.get(name).cloned().unwrap_or_default();
    let (clock, client) = (
        Clock::system(),
        Client::builder().timeout(PATIENCE).build()?,
    );
    let token = clock.secret();
    let mut report = Report {
        at: now.rfc3339(),
        ..Report::of("power-cut")
    };
    let mut process = Process::start(own, &folder, &token).await?;
    let people: Vec<Person> = (0..PEOPLE)
        .map(|n| Person {
            id: format!("person-{n}"),
            text: line(if n % 4 == 0 {
                "complains"
            } else {
                "wants_person"
            }),
        })
        .collect();
    let mut writing = JoinSet::new();
    let watch = clock.stopwatch();
    let write = |writing: &mut JoinSet<_>, from: usize, to: usize, url: &str| {
        for (n, person) in people.iter().enumerate().take(to).skip(from) {
            let asked = person.ask(&client, url, &token);
            writing.spawn(async move { (n, answer(asked).await) });
        }
    };
    write(&mut writing, 0, PEOPLE / 2, &process.url);
    let (mut answered, mut cut) = (vec![None; PEOPLE], false);
    while let Some(done) = writing.join_next().await {
        let (n, said) = done?;
        if said.is_some() && !cut {
            report.first_reply_ms = watch.elapsed().as_millis() as u64;
        }
        answered[n] = said;
        if !cut && answered.iter().flatten().count() >= ANSWERED {
            // The others write, and in the middle of that the power fails.
            write(&mut writing, PEOPLE / 2, PEOPLE, &process.url);
            sleep(UNDER_WAY).await;
            process.cut();
            cut = true;
        }
    }
    let before = answered.iter().flatten().count();
    report.expect(
        before < PEOPLE,
        "everybody had been answered when the power failed: nothing was tried",
    );
    let (there, _, _) = kept(&folder).await?;
    let promised: Vec<&Person> = (people.iter().zip(&answered))
        .filter_map(|(person, said)| said.as_ref().map(|_| person))
        .collect();
    let gone = promised.iter().filter(|p| !there.contains(&p.id)).count();
    report.expect(
        gone == 0,
        format!("{gone} messages that were answered are gone"),
    );
    let told = format!("the power failed when {before} of {PEOPLE} people had been answered");
    report.notes.push(told);
    drop(process);

    let process = Process::start(own, &folder, &token).await?;
    for person in &people {
        let said = answer(person.ask(&client, &process.url, &token)).await;
        report.expect(
            said.is_some(),
            format!("{} is not answered afterwards", person.id),
        );
        if person.id == "person-1" {
            let said = said.unwrap_or_default();
            let talk = [("person-1", person.text.clone()), ("bot", said.clone())];
            report.talk.extend(talk.map(|(from, text)| Line {
                from: from.to_owned(),
                text,
            }));
            report.promised.push(said);
        }
    }
    drop(process);
    let (there, waiting, clockless) = kept(&folder).await?;
    let times = |id: &str| there.iter().filter(|k| *k == id).count();
    let kept = people.iter().filter(|p| times(&p.id) > 0).count();
    report.messages = Counted {
        sent: PEOPLE,
        kept,
        lost: PEOPLE - kept,
        twice: people.iter().filter(|p| times(&p.id) > 1).count(),
    };
    let Counted { lost, twice, .. } = report.messages;
    report.expect(lost == 0, format!("{lost} messages are lost"));
    report.expect(twice == 0, format!("{twice} messages are there twice"));
    report.expect(
        clockless == 0,
        format!("for {clockless} who wait no clock runs"),
    );
    report.expect(waiting > 0, "nobody waits any more");
    report.held = report.failed.is_empty();
    Ok(report)
}
