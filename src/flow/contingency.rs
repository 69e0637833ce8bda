//! The ladder of contingencies, from `flows/contingency.yaml`: what the program does by itself when people wait too
//! long, when too few are at the desk, when a line is down; and when it stops doing so.
//!
//! Pure: [`Ladder::climb`] decides from facts and from how it stood; who gathers the facts is the service.

mod reading;

use super::{Text, conditions::Conditions};
use crate::domain::{QueueFacts, Role, Timestamp};
use std::collections::BTreeMap;

/// What is done as long as a rung holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RungStep {
    /// A phrase that stands in the greeting.
    Notice(String),
    /// Whoever is handed over, or waits in the chat, is offered to be called back, with this phrase.
    OfferCallBacks(String),
    /// What people want is taken down and nobody is asked to stay; this phrase says so.
    IntakeOnly(String),
    /// Whoever is in danger or bereaved is first in line and is told this, and none of the rest.
    Apart(String),
    /// The reserve: everybody of this role, or above, is alerted, and the webhook told.
    CallIn(Role),
    /// What to look at afterwards.
    Review(Text),
}

impl RungStep {
    /// The public name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Notice(_) => "notice",
            Self::OfferCallBacks(_) => "offer_call_backs",
            Self::IntakeOnly(_) => "intake_only",
            Self::Apart(_) => "apart",
            Self::CallIn(_) => "call_in",
            Self::Review(_) => "review",
        }
    }
}

/// One rung.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// Its name.
    pub name: String,
    /// What it is for, for the desk.
    pub about: Text,
    /// When it holds.
    pub when: String,
    /// When it is over; none: when it does not hold any more.
    pub until: Option<String>,
    /// For how many seconds it must hold before anything is done.
    pub after: i64,
    /// For how many seconds it must be over before that is undone.
    pub rest: i64,
    /// What is done.
    pub steps: Vec<RungStep>,
}

/// The ladder, from the mildest rung to the gravest.
#[derive(Debug)]
pub struct Ladder {
    /// Its rungs.
    pub rungs: Vec<Rung>,
    conditions: Conditions,
}

/// How one rung stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Held {
    /// Since when it holds; none: it does not.
    since: Option<Timestamp>,
    /// Since when the facts speak for the contrary.
    turning: Option<Timestamp>,
}

/// How the ladder stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing(BTreeMap<String, Held>);

/// A rung begins or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Climb {
    /// Which.
    pub rung: String,
    /// It begins.
    pub begins: bool,
}

/// What is in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InForce<'l> {
    /// Phrases for the greeting.
    pub notices: Vec<&'l str>,
    /// The phrase that offers a call.
    pub call_backs: Option<&'l str>,
    /// The phrase that says that only what people want is taken down.
    pub intake: Option<&'l str>,
    /// The phrase for whoever is kept apart.
    pub apart: Option<&'l str>,
}

impl Standing {
    /// As it was when the program stopped.
    pub fn again(open: impl IntoIterator<Item = (String, Timestamp)>) -> Self {
        let held = |since| Held {
            since: Some(since),
            turning: None,
        };
        Self(
            open.into_iter()
                .map(|(n, since)| (n, held(since)))
                .collect(),
        )
    }

    /// Since when a rung holds; none: it does not.
    pub fn since(&self, rung: &str) -> Option<Timestamp> {
        self.0.get(rung).and_then(|held| held.since)
    }
}

impl Ladder {
    /// What follows from the facts of a moment: which rungs begin and end. A rung begins when its condition has held
    /// for its time without a break, and ends when it has been over for its own, so that it does not flap.
    pub fn climb(&self, standing: &mut Standing, facts: &QueueFacts, now: Timestamp) -> Vec<Climb> {
        let known = known(facts);
        let mut climbs = Vec::new();
        // A rung that was taken out of the file is over.
        let gone: Vec<String> = (standing.0.iter())
            .filter(|(name, _)| !self.rungs.iter().any(|r| r.name == **name))
            .map(|(name, _)| name.clone())
            .collect();
        for rung in gone {
            if standing.0.remove(&rung).is_some_and(|h| h.since.is_some()) {
                climbs.push(Climb {
                    rung,
                    begins: false,
                });
            }
        }
        for rung in &self.rungs {
            let held = standing.0.entry(rung.name.clone()).or_insert(Held {
                since: None,
                turning: None,
            });
            let holds = self.conditions.test(&rung.when, &known);
            let over = match &rung.until {
                Some(until) => !holds && self.conditions.test(until, &known),
                None => !holds,
            };
            let on = held.since.is_some();
            let (turns, takes) = if on {
                (over, rung.rest)
            } else {
                (holds, rung.after)
            };
            if !turns {
                held.turning = None;
                continue;
            }
            let since = *held.turning.get_or_insert(now);
            if now.seconds_since(since) >= takes {
                held.turning = None;
                held.since = (!on).then_some(now);
                climbs.push(Climb {
                    rung: rung.name.clone(),
                    begins: !on,
                });
            }
        }
        climbs
    }

    /// The names of the rungs that hold, from the mildest to the gravest.
    pub fn holding(&self, standing: &Standing) -> Vec<String> {
        let names = self.rungs.iter().map(|r| &r.name);
        let holds = names.filter(|name| standing.since(name).is_some());
        holds.cloned().collect()
    }

    /// The rung of that name.
    pub fn rung(&self, name: &str) -> Option<&Rung> {
        self.rungs.iter().find(|r| r.name == name)
    }

    /// What the rungs of these names do together; of two that say the same, the graver one's words.
    pub fn in_force(&self, holding: &[String]) -> InForce<'_> {
        let mut force = InForce::default();
        let steps = (self.rungs.iter())
            .filter(|r| holding.contains(&r.name))
            .flat_map(|r| &r.steps);
        for step in steps {
            match step {
                RungStep::Notice(key) => force.notices.push(key),
                RungStep::OfferCallBacks(key) => force.call_backs = Some(key),
                RungStep::IntakeOnly(key) => force.intake = Some(key),
                RungStep::Apart(key) => force.apart = Some(key),
                RungStep::CallIn(_) | RungStep::Review(_) => {}
            }
        }
        force
    }
}

fn known(facts: &QueueFacts) -> minijinja::Value {
    minijinja::context! {
        // Whole minutes: seconds nobody promises by.
        waited => facts.waited / 60,
        waiting => facts.waiting,
        online => facts.online,
        absent => facts.absent,
        open => facts.open,
        holiday => facts.holiday,
        down => facts.down.clone(),
        model_down => facts.model_down,
    }
}

#[cfg(test)]
mod tests;
