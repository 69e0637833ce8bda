//! The answer: both bounds, and how many people stand on the roster.

use super::{
    erlang_a::erlang_a,
    erlang_c::{erlang_c, fewest},
    question::{Question, STAFF},
};
use serde::Serialize;

/// What is to be expected where everybody waits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Without {
    /// How many people.
    pub staff: u32,
    /// Share of people who are answered within the target.
    pub service_level: f64,
    /// Share of the time in which they are busy.
    pub occupancy: f64,
    /// Share of people who wait at all.
    pub wait_probability: f64,
    /// Mean wait of everybody; null where the queue would grow without end.
    pub mean_wait_seconds: Option<f64>,
}

/// What is to be expected where some leave.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct WithAbandonment {
    /// How many people.
    pub staff: u32,
    /// Share of all who arrive that is answered, and within the target.
    pub service_level: f64,
    /// Share of the time in which they are busy.
    pub occupancy: f64,
    /// Share of people who wait at all.
    pub wait_probability: f64,
    /// Mean time in the queue, of those who are answered and those who leave.
    pub mean_wait_seconds: f64,
    /// Share of people who leave before they are answered.
    pub abandon: f64,
}

/// How many people, and what follows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Plan {
    /// The pessimistic bound.
    pub erlang_c: Without,
    /// The optimistic bound; none where no patience is given.
    pub erlang_a: Option<WithAbandonment>,
    /// People to be employed for it, whole.
    pub roster: u32,
}

/// Works out a plan: for the people that are given, or for the fewest who reach the target by Erlang C.
pub fn plan(question: &Question) -> Plan {
    let load = &question.load;
    let staff = question
        .staff
        .or_else(|| fewest(load, question.target_share, STAFF))
        .unwrap_or(STAFF);
    let c = erlang_c(load, staff);
    let with_abandonment = question.patience.map(|patience| {
        let a = erlang_a(load, staff, patience);
        WithAbandonment {
            staff,
            service_level: a.service_level,
            occupancy: a.occupancy,
            wait_probability: a.wait_probability,
            mean_wait_seconds: a.mean_wait,
            abandon: a.abandon,
        }
    });
    Plan {
        erlang_c: Without {
            staff,
            service_level: c.service_level,
            occupancy: c.occupancy,
            wait_probability: c.wait_probability,
            mean_wait_seconds: c.mean_wait,
        },
        erlang_a: with_abandonment,
        roster: roster(staff, question.shrinkage),
    }
}

/// Whole people of whom so many are at the desk at a time.
fn roster(staff: u32, shrinkage: f64) -> u32 {
    let people = f64::from(staff) / (1.0 - shrinkage);
    // 14 / 0.7 is a little more than 20 in binary, and does not need a 21st person.
    (people - 1e-9).ceil() as u32
}
