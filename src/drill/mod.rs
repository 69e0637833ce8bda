//! Practice: a made-up person in a conversation, moved by rules, without a language model.
//!
//! A scenario is a file in `flows/drills/`. [`step`](Drill::step) is the only thing that moves a run: it judges the
//! reply by the rubric, applies the scenario's rules to what the person feels, and chooses what they say. It is pure:
//! the same replies give the same run. A drill touches no conversation, no record and no figure.

mod agreement;
mod book;
mod conditions;
mod drawing;
mod file;
mod help;
mod loading;
mod play;
mod result;
mod scenario;

pub use agreement::{Agreement, agreement};
pub use book::Drills;
pub use help::{Help, due_again};
pub use play::{Drill, Judged, Refused, Run, Turn};
pub use result::{Outcome, Verdict};
pub use scenario::{Feelings, Scenario};

#[cfg(test)]
mod harms;
#[cfg(test)]
mod salads;
#[cfg(test)]
mod tests;
