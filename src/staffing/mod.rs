//! How many people a desk needs: Erlang C, where everybody waits, and Erlang A, where people leave. Pure arithmetic.
//!
//! C is the pessimistic bound and A the optimistic one, so both are shown. With a concurrency of c a person finishes c
//! conversations in one handling time. Both formulas therefore use the handling time divided by c, in the load as in
//! the waits: otherwise the waits would contradict Little's law.

mod erlang_a;
mod erlang_c;
mod forecast;
mod plan;
mod question;

#[cfg(test)]
mod tests;

pub use erlang_a::erlang_a;
pub use erlang_c::erlang_c;
pub use forecast::{
    Arrivals, BUSY, Band, Cell, Desk, FEW_PEOPLE, case_people, forecast, patience, will_miss,
};
pub use plan::{Plan, WithAbandonment, Without, plan};
pub use question::{Question, QuestionError};

/// Conversations that one person holds at a time, where nothing else is said. Somebody who writes waits for the other
/// side most of the time; a third conversation makes all three slower than it saves.
pub const USUAL_CONCURRENCY: f64 = 2.0;

/// What arrives, and how long it takes. All times in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// Arrivals a second.
    pub arrivals: f64,
    /// Seconds after which one person has finished one more conversation: handling time over concurrency.
    pub service: f64,
    /// Seconds within which somebody should be answered.
    pub target: f64,
}

impl Load {
    /// The work that arrives, in people who are busy all the time (Erlang).
    pub fn offered(&self) -> f64 {
        self.arrivals * self.service
    }
}
