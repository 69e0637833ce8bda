//! The ladder of contingencies, followed: facts are gathered, the flows say which rungs hold, and each change is kept,
//! counted and shown. What a rung does to a conversation is decided there, by `dialogue`: here it is only told that it
//! holds.

use super::{DeskPush, LineState, Service, leases};
use crate::{
    domain::{AgentRef, ConversationId, EventKind, QueueFacts, conversation::Waiting},
    flow::{Climb, Ladder, Rung, RungStep, Standing},
    store::{Job, Notice, RungTurn, StoreError, Target},
    writer::Writer,
};
use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// How often it looks.
const EVERY: Duration = Duration::from_secs(2);

pub(super) async fn run(service: Arc<Service>, mut stopped: watch::Receiver<bool>) {
    let mut standing = None;
    let mut leads = false;
    loop {
        if standing.is_none() {
            standing = service.ladder_again().await.ok();
        }
        if let Some(standing) = &mut standing {
            // Where the database is away the transactor says so, and the ladder stays as it is.
            leads = if service.leases.has(leases::WATCH) {
                service.look_at_ladder(standing, !leads).await.is_ok()
            } else {
                let _ = service.follow_ladder(standing).await;
                false
            };
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stopped.wait_for(|s| *s) => return,
        }
    }
}

impl Service {
    /// How the desk is doing, as it was last looked at.
    pub fn queue_facts(&self) -> QueueFacts {
        let facts = self.facts.read().unwrap_or_else(PoisonError::into_inner);
        facts.clone()
    }

    /// The ladder as it stood when the program stopped.
    async fn ladder_again(&self) -> Result<Standing, StoreError> {
        let known = self.store.contingencies().await?.into_iter();
        let open = known.filter(|c| c.ended.is_none());
        Ok(Standing::again(open.map(|c| (c.rung, c.began))))
    }

    async fn gather(&self) -> Result<(QueueFacts, Vec<ConversationId>), StoreError> {
        let now = self.clock.now();
        let queue = self.store.queue(now).await?;
        let (mut waited, mut staying) = (0, Vec::new());
        for row in &queue {
            let state = &row.conversation;
            let Some(entry) = &state.queue else { continue };
            if entry.waiting == Waiting::Stay && !state.is_by_letter() {
                waited = waited.max(now.seconds_since(entry.entered.unwrap_or(entry.since)));
                staying.push(state.id);
            }
        }
        let accounts = self.store.agents().await?;
        let active = accounts.iter().filter(|row| !row.disabled).count() as i64;
        let desk = self.desk();
        let online = i64::from(desk.online);
        let book = self.runtime();
        let today = now.in_zone(&book.rules.flows.facts.zone).date();
        let lines = self.lines_anywhere().await.into_iter();
        let down = lines.filter(|(_, line)| line.state == LineState::Down);
        let facts = QueueFacts {
            waited,
            waiting: queue.len() as i64,
            online,
            absent: (active - online).max(0),
            open: desk.open,
            holiday: book.rules.profile.is_holiday(today),
            down: down.map(|(inbox, _)| inbox.to_owned()).collect(),
            model_down: self.writer.as_ref().is_some_and(Writer::is_down),
        };
        Ok((facts, staying))
    }

    /// The `first` look is this program's first since it follows the ladder, or since a look failed: what was not
    /// carried out before, since whoever led died in the middle of it, is done now.
    async fn look_at_ladder(&self, standing: &mut Standing, first: bool) -> Result<(), StoreError> {
        let (facts, staying) = self.gather().await?;
        let book = self.runtime();
        let ladder = &book.rules.flows.ladder;
        // What cannot be written down has not happened: it is decided anew at the next look.
        let mut next = standing.clone();
        let climbs = ladder.climb(&mut next, &facts, self.clock.now());
        for climb in &climbs {
            self.note_climb(ladder, climb, &facts).await?;
        }
        *standing = next;
        self.stands(ladder, standing, facts);
        if !climbs.is_empty() {
            self.hub.tell_desk(DeskPush::Contingency);
        }
        if first || climbs.iter().any(|c| c.begins) {
            for name in self.store.rungs_to_carry_out().await? {
                if let Some(rung) = ladder.rung(&name) {
                    self.begin(rung, &staying).await;
                }
                self.store.rung_carried_out(&name).await?;
            }
        }
        Ok(())
    }

    /// Another program follows the ladder: here its rungs hold too, and this program's desks are told.
    async fn follow_ladder(&self, standing: &mut Standing) -> Result<(), StoreError> {
        let next = self.ladder_again().await?;
        let (facts, _) = self.gather().await?;
        let book = self.runtime();
        let ladder = &book.rules.flows.ladder;
        let before = ladder.holding(standing);
        *standing = next;
        self.stands(ladder, standing, facts);
        let holding = ladder.holding(standing);
        if holding == before {
            return Ok(());
        }
        self.hub.tell_desk(DeskPush::Contingency);
        let new = holding.iter().filter(|rung| !before.contains(rung));
        for rung in new.filter_map(|rung| ladder.rung(rung)) {
            self.call_in(rung);
        }
        Ok(())
    }

    /// From now on conversations are decided with the rungs that hold.
    fn stands(&self, ladder: &Ladder, standing: &Standing, facts: QueueFacts) {
        *self.facts.write().unwrap_or_else(PoisonError::into_inner) = facts;
        let holding = ladder.holding(standing);
        for rung in &ladder.rungs {
            self.metrics.rung(&rung.name, holding.contains(&rung.name));
        }
        let mut desk = self.desk.write().unwrap_or_else(PoisonError::into_inner);
        desk.rungs = holding;
    }

    /// The reserve is told at the desks of this program.
    fn call_in(&self, rung: &Rung) {
        for step in &rung.steps {
            if let RungStep::CallIn(role) = step {
                self.hub.tell_desk(DeskPush::CalledIn {
                    role: *role,
                    rung: rung.name.clone(),
                });
            }
        }
    }

    /// Writes down that a rung begins or ends, and what the webhook is told of it.
    async fn note_climb(
        &self,
        ladder: &Ladder,
        climb: &Climb,
        facts: &QueueFacts,
    ) -> Result<(), StoreError> {
        let rung = climb.rung.as_str();
        let steps = ladder.rung(rung).map_or(&[][..], |r| &r.steps);
        let has = |wanted: fn(&RungStep) -> bool| steps.iter().any(wanted);
        let turn = RungTurn {
            rung,
            at: self.clock.now(),
            facts,
            told: has(|s| matches!(s, RungStep::CallIn(_))) && self.settings.webhook.is_some(),
        };
        let changed = if climb.begins {
            let id = self.clock.event_id().to_string();
            let review = has(|s| matches!(s, RungStep::Review(_)));
            self.store.rung_began(&id, &turn, review).await?
        } else {
            self.store.rung_ended(&turn).await?
        };
        tracing::warn!(rung, begins = climb.begins, "a rung of the ladder");
        if changed && turn.told {
            self.webhooks.send_replace(());
        }
        Ok(())
    }

    /// What is done once, when a rung begins: the reserve is called in, and whoever waits already is told.
    async fn begin(&self, rung: &Rung, staying: &[ConversationId]) {
        self.call_in(rung);
        let offers = |step: &RungStep| matches!(step, RungStep::OfferCallBacks(_));
        if !rung.steps.iter().any(offers) {
            return;
        }
        for conversation in staying {
            let job = Job {
                target: Target::Conversation(*conversation),
                kind: EventKind::RungBegan {
                    rung: rung.name.clone(),
                },
                dedupe: None,
            };
            // Whoever cannot be told now is asked after by their own clock.
            let _ = self.submit(job).await;
        }
    }

    /// Somebody has looked at a contingency that is over. Whether there was one to look at.
    ///
    /// # Errors
    /// The database.
    pub async fn review_contingency(&self, id: &str, by: &AgentRef) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let done = self.store.contingency_reviewed(id, by.id, now).await?;
        if done {
            self.hub.tell_desk(DeskPush::Contingency);
            self.tell_others(Notice::Contingency);
        }
        Ok(done)
    }
}
