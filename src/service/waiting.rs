//! Nobody who waits is ever without a team that can see them and a clock that runs. The core sees to that in every
//! event; what no event tells is looked at here: accounts that were shut, teams that were dropped from the flows or
//! left by their last member, a database that was put back.

use super::Service;
use crate::{
    domain::{AgentId, Conversation, ConversationId, EventKind, LostSight, Timestamp},
    flow::Occasion,
    store::{Job, Sight, StoreError, Target, Viewer, Waits},
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};
use tokio::sync::watch;

/// How often it looks.
const EVERY: Duration = Duration::from_secs(5);
/// A clock that ran out so many seconds ago and rang for nobody does not run.
const STOPPED: i64 = 300;
/// So many seconds without a look are a break.
const BREAK: i64 = 60;
/// What cannot be put right is told again after so many seconds.
const AGAIN: i64 = 3600;

/// What is known from one look to the next.
#[derive(Debug, Default)]
struct Watch {
    /// When it was last told of somebody that they were lost sight of.
    told: HashMap<(ConversationId, LostSight), Timestamp>,
    /// The first look of those that followed each other without a break, and the latest.
    looks: Option<(Timestamp, Timestamp)>,
}

impl Watch {
    /// A look at this moment. Since when it has watched without a break: what fell due while nobody could fire it, the
    /// program stopped or the database away, is being fired only now.
    fn looks(&mut self, now: Timestamp) -> Timestamp {
        let known = (self.looks).filter(|(_, last)| now.seconds_since(*last) < BREAK);
        let begun = known.map_or(now, |(begun, _)| begun);
        self.looks = Some((begun, now));
        begun
    }
}

/// Whether a clock runs: it is due yet, or has not been for long.
fn runs(clock: Option<Timestamp>, begun: Timestamp, now: Timestamp) -> bool {
    clock.is_some_and(|due| now.seconds_since(due.max(begun)) < STOPPED)
}

pub(super) async fn run(service: Arc<Service>, mut stopped: watch::Receiver<bool>) {
    let mut watch = Watch::default();
    loop {
        if service.look_at_waiting(&mut watch).await.is_err() {
            // The database is away, and no clock can ring meanwhile. Who was told of stays known.
            watch.looks = None;
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stopped.wait_for(|s| *s) => return,
        }
    }
}

/// Somebody who may sign in, and the teams for which they work; none: for all.
struct Member {
    id: AgentId,
    teams: Vec<String>,
    viewer: Viewer,
}

impl Member {
    fn works_for(&self, team: &str) -> bool {
        self.teams.is_empty() || self.teams.iter().any(|t| t == team)
    }
}

/// Who may sign in, and what each of them may not see of what waits.
struct Desk {
    members: Vec<Member>,
    hidden: HashMap<AgentId, HashSet<ConversationId>>,
}

impl Desk {
    /// Whether somebody who works for that team may see the conversation.
    fn sees(&self, id: ConversationId, team: &str) -> bool {
        let mut members = self.members.iter().filter(|m| m.works_for(team));
        members.any(|m| !self.hidden.get(&m.id).is_some_and(|h| h.contains(&id)))
    }

    fn works_for(&self, team: &str) -> bool {
        self.members.iter().any(|m| m.works_for(team))
    }
}

impl Service {
    async fn look_at_waiting(&self, watch: &mut Watch) -> Result<(), StoreError> {
        let now = self.clock.now();
        let waiting = self.store.waiting().await?;
        let desk = self.who_sees(&waiting).await?;
        let begun = watch.looks(now);
        let told = &mut watch.told;
        let mut unseen = 0;
        let mut known = HashSet::new();
        for row in &waiting {
            let Some((why, team)) = self.lost(&desk, row, (begun, now)) else {
                continue;
            };
            unseen += 1;
            let key = (row.conversation.id, why);
            known.insert(key);
            let since = told.get(&key);
            let quiet = since.is_some_and(|at| now.seconds_since(*at) < AGAIN);
            // Where nobody has an account yet there is nobody to tell.
            if desk.members.is_empty() || (quiet && team.is_none() && why != LostSight::NoClock) {
                continue;
            }
            told.insert(key, now);
            tracing::error!(
                conversation = %row.conversation.id,
                why = why.name(),
                "somebody who waits was lost sight of"
            );
            let job = Job {
                target: Target::Conversation(row.conversation.id),
                kind: EventKind::Recovered { why, team },
                dedupe: None,
            };
            // What cannot be written now is found again at the next look.
            let _ = self.submit(job).await;
        }
        told.retain(|key, _| known.contains(key));
        self.metrics.unseen(unseen);
        Ok(())
    }

    /// Who may sign in, and which of the conversations they may not see. Most see all, so that it is known after the
    /// first few; the others are not asked after.
    async fn who_sees(&self, waiting: &[Waits]) -> Result<Desk, StoreError> {
        let mut work = self.store.work().await?;
        let least = self.settings.guard.protected_role;
        let rows = self.store.agents().await?.into_iter();
        let members = rows.filter(|row| !row.disabled).map(|row| Member {
            id: row.agent.id,
            teams: work.remove(&row.agent.id).unwrap_or_default().teams,
            viewer: Viewer::of(&row.agent, least),
        });
        let mut desk = Desk {
            members: members.collect(),
            hidden: HashMap::new(),
        };
        // Where somebody is in danger the conversation is there for everybody but those whom it is about.
        let danger = |c: &Conversation| c.red_flag.is_some() || c.unheard.is_some();
        let endangered: HashSet<ConversationId> = (waiting.iter())
            .filter(|row| danger(&row.conversation))
            .map(|row| row.conversation.id)
            .collect();
        let ids: Vec<ConversationId> = waiting.iter().map(|row| row.conversation.id).collect();
        if ids.is_empty() {
            return Ok(desk);
        }
        for member in &desk.members {
            let hidden = self.store.hidden_from(&member.viewer, &ids).await?;
            let hidden = hidden.into_iter().filter(|(id, sight)| match sight {
                Sight::Open => false,
                Sight::Protected => !endangered.contains(id),
                Sight::AboutThem => true,
            });
            let hidden: HashSet<ConversationId> = hidden.map(|(id, _)| id).collect();
            let all = hidden.is_empty() && member.teams.is_empty();
            desk.hidden.insert(member.id, hidden);
            if all {
                break;
            }
        }
        Ok(desk)
    }

    /// How somebody was lost sight of, and which team has them from now on; none where all is well.
    fn lost(
        &self,
        desk: &Desk,
        row: &Waits,
        (begun, now): (Timestamp, Timestamp),
    ) -> Option<(LostSight, Option<String>)> {
        let id = row.conversation.id;
        if let Some(entry) = &row.conversation.queue
            && !desk.sees(id, &entry.team)
        {
            let why = if desk.works_for(&entry.team) {
                LostSight::NoSight
            } else {
                LostSight::NoMember
            };
            return Some((why, self.another_team(desk, id, &entry.team)));
        }
        (!runs(row.clock, begun, now)).then_some((LostSight::NoClock, None))
    }

    /// A team whose members see the conversation: the one that has what is given back, else the first.
    fn another_team(&self, desk: &Desk, id: ConversationId, team: &str) -> Option<String> {
        let book = self.runtime();
        let flows = &book.rules.flows;
        let usual = flows.desk.handoff(Occasion::HolderAway).team.team.clone();
        let others = flows.teams().into_iter().map(str::to_owned);
        std::iter::once(usual)
            .chain(others)
            .find(|other| other != team && desk.sees(id, other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many seconds after the first look.
    fn at(seconds: i64) -> Timestamp {
        Timestamp(0).plus_seconds(86_400 + seconds)
    }

    #[test]
    fn what_fell_due_while_nobody_watched_is_not_taken_for_a_stopped_clock() {
        let mut watch = Watch::default();
        let due = Some(at(-3600));
        let begun = watch.looks(at(0));
        assert!(runs(due, begun, at(0)), "it is fired only now");
        let begun = watch.looks(at(50));
        assert_eq!(begun, at(0));
        assert!(runs(due, begun, at(STOPPED - 1)));
        assert!(!runs(due, begun, at(STOPPED)), "it has had its time");
        assert!(!runs(None, begun, at(50)), "there is none");
        // The machine slept, or the database was away.
        let begun = watch.looks(at(50 + BREAK));
        assert!(runs(due, begun, at(50 + BREAK)));
    }
}
