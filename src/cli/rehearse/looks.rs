//! What is looked at and waited for in a rehearsal. The clock of the throwaway copy stands still between looks, and is
//! moved on by hand, so that hours pass in seconds.

use super::{
    super::Failure,
    stage::{PATIENCE, Stage},
};
use crate::{
    domain::{AgentId, Author, EventKind, Scope, Timestamp},
    service::{DeskPush, LineState},
    store::{NewToken, Waits, Which},
};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// How often is looked.
const LOOK: Duration = Duration::from_millis(50);

impl Stage {
    /// Moves the clock on. Whoever is at the desk stays there.
    pub(super) async fn later(&self, seconds: i64) -> Result<(), Failure> {
        self.clock.advance(seconds);
        for agent in &self.present {
            self.service.store.seen(*agent, self.clock.now()).await?;
        }
        self.service.look_at_agents().await;
        self.service.look_again();
        Ok(())
    }

    /// An agent comes to the desk, and stays.
    pub(super) async fn comes(&mut self, agent: AgentId) -> Result<(), Failure> {
        self.present.push(agent);
        self.later(0).await
    }

    /// Notes what the desk was told.
    pub(super) fn hear(&mut self) {
        while let Ok(push) = self.pushes.try_recv() {
            let told = match push {
                DeskPush::Alert(_, alert) => {
                    let alert = serde_json::to_value(alert).unwrap_or_default();
                    let name = alert["alert"].as_str().unwrap_or_default().to_owned();
                    match alert["red_flag"].as_str() {
                        Some(flag) => format!("everybody: {name} ({flag})"),
                        None => format!("supervisors: {name}"),
                    }
                }
                DeskPush::CalledIn { role, rung } => {
                    format!("{} and above: called in ({rung})", role.name())
                }
                _ => continue,
            };
            if self.report.alerted.last() != Some(&told) {
                self.report.alerted.push(told);
            }
        }
        // A line may be down before anybody listens.
        for (inbox, line) in self.service.lines() {
            let told = format!("the desk: {inbox} is down");
            if line.state == LineState::Down && !self.report.alerted.contains(&told) {
                self.report.alerted.push(told);
            }
        }
        for rung in self.service.desk().rungs {
            if !self.report.rungs.contains(&rung) {
                self.report.rungs.push(rung);
            }
        }
    }

    /// Waits until that was told to somebody at the desk.
    pub(super) async fn alerted(&mut self, what: &str) -> bool {
        let waiting = async {
            loop {
                self.hear();
                if self.report.alerted.iter().any(|a| a.contains(what)) {
                    return;
                }
                sleep(LOOK).await;
            }
        };
        let came = timeout(PATIENCE, waiting).await.is_ok();
        self.report.expect(came, format!("nobody was told: {what}"));
        came
    }

    /// Waits until a rung holds, or does not any more, while the clock moves by a second with each look.
    pub(super) async fn rung(&mut self, rung: &str, holds: bool) -> bool {
        let waiting = async {
            loop {
                self.hear();
                if self.service.desk().rungs.iter().any(|r| r == rung) == holds {
                    return;
                }
                sleep(LOOK * 4).await;
                if self.later(10).await.is_err() {
                    return;
                }
            }
        };
        let came = timeout(PATIENCE, waiting).await.is_ok();
        let how = if holds {
            "did not begin"
        } else {
            "did not end"
        };
        self.report.expect(came, format!("the rung '{rung}' {how}"));
        came
    }

    /// Waits until that is so.
    pub(super) async fn until(
        &mut self,
        otherwise: &str,
        mut fits: impl FnMut(&Self) -> bool,
    ) -> bool {
        let waiting = async {
            while !fits(self) {
                sleep(LOOK).await;
            }
        };
        let came = timeout(PATIENCE, waiting).await.is_ok();
        self.report.expect(came, otherwise);
        came
    }

    /// The same, while the clock moves.
    pub(super) async fn until_later(&mut self, otherwise: &str, fits: impl Fn(&Self) -> bool) {
        let waiting = async {
            while !fits(self) {
                sleep(LOOK * 4).await;
                if self.later(5).await.is_err() {
                    return;
                }
            }
        };
        let came = timeout(PATIENCE, waiting).await.is_ok();
        self.report.expect(came, otherwise);
    }

    /// Everybody who waits, with their clocks.
    pub(super) async fn waiting(&self) -> Result<Vec<Waits>, Failure> {
        Ok(self.service.store.waiting().await?)
    }

    /// When the clock of a person runs out.
    pub(super) async fn clock_of(&self, person: &str) -> Result<Option<Timestamp>, Failure> {
        let mut waiting = self.waiting().await?.into_iter();
        let theirs = waiting.find(|w| w.conversation.sender == person);
        Ok(theirs.and_then(|w| w.clock))
    }

    /// Waits until it was told of a person that nobody took over in time, and their clock runs again.
    pub(super) async fn is_late(&mut self, person: &str) -> Result<(), Failure> {
        let looking = async {
            loop {
                let mut waiting = self.waiting().await?.into_iter();
                let theirs = waiting.find(|w| w.conversation.sender == person);
                let late = theirs.is_some_and(|w| {
                    w.clock.is_some() && w.conversation.queue.is_some_and(|entry| entry.overdue)
                });
                if late {
                    return Ok::<(), Failure>(());
                }
                sleep(LOOK).await;
            }
        };
        let late = match timeout(PATIENCE, looking).await {
            Ok(looked) => looked.map(|()| true)?,
            Err(_) => false,
        };
        let otherwise = format!("nobody is told of {person}, who waited, or their clock stopped");
        self.report.expect(late, otherwise);
        Ok(())
    }

    /// To how many a phrase of the flows was said, up to its first fact.
    pub(super) async fn told(&self, key: &str) -> Result<usize, Failure> {
        let book = self.service.runtime();
        let written = book
            .rules
            .flows
            .phrases
            .written("en")
            .find(|w| w.key == key);
        let words = written.map(|w| {
            w.text
                .split('{')
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned()
        });
        let Some(words) = words.filter(|w| !w.is_empty()) else {
            return Ok(0);
        };
        let mut told = 0;
        for conversation in self.service.store.list(&Which::default(), 1_000).await? {
            let detail = self.service.store.detail(conversation.id).await?;
            let entries = detail.map(|d| d.entries).unwrap_or_default();
            let mut said = entries.iter().filter(|e| e.message.from == Author::Bot);
            told += usize::from(said.any(|e| e.message.text.contains(&words)));
        }
        Ok(told)
    }

    /// Waits until so many messages of people are there by that inbox.
    pub(super) async fn messages_of(&mut self, inbox: &str, number: usize) -> Result<(), Failure> {
        let looking = async {
            loop {
                let mut there = 0;
                for conversation in self.service.store.list(&Which::default(), 1_000).await? {
                    if conversation.inbox == inbox {
                        let log = self.service.store.log_of(conversation.id).await?;
                        let messages = log
                            .iter()
                            .filter(|e| matches!(e.kind, EventKind::Message(_)));
                        there += messages.count();
                    }
                }
                if there >= number {
                    return Ok::<usize, Failure>(there);
                }
                sleep(LOOK * 4).await;
                self.later(5).await?;
            }
        };
        let there = match timeout(PATIENCE, looking).await {
            Ok(there) => there?,
            Err(_) => 0,
        };
        let told = format!("by {inbox} {number} messages were written, and {there} are there");
        self.report.notes.push(told);
        let otherwise = format!("of {number} messages by {inbox} not all are there, or some twice");
        self.report.expect(there == number, otherwise);
        Ok(())
    }

    /// How many suggestions of the program's own an agent has for an answer, and what became of the model's.
    pub(super) async fn suggestions(
        &self,
        person: &str,
        agent: AgentId,
    ) -> Result<(usize, String), Failure> {
        let secret = self.clock.secret();
        let token = NewToken {
            secret: &secret,
            agent,
            name: "rehearsal",
            scopes: &Scope::ALL,
            expires: None,
        };
        let store = &self.service.store;
        store.add_token(token, self.clock.now()).await?;
        let theirs = store.conversation_of("http", person).await?;
        let theirs = theirs.ok_or("the person has no conversation")?.id;
        let address = format!("{}/api/v1/conversations/{theirs}/suggestions", self.url);
        let own = self.client.get(&address).bearer_auth(&secret).send();
        let own: Value = own.await?.json().await?;
        let own = own["suggestions"].as_array().map_or(0, Vec::len);
        let further = self.client.post(format!("{address}/further"));
        let further = further.bearer_auth(&secret).json(&json!({})).send();
        let further: Value = further.await?.json().await?;
        let state = further["state"].as_str().unwrap_or_default();
        Ok((own, state.to_owned()))
    }
}
