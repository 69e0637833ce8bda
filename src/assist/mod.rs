//! Help for the agent who takes over: a summary, replies to start from, a coach under the draft. Without any outside
//! model.
//!
//! Everything said here is worded in `flows/<language>/`; this room only chooses.

mod canned;
mod coach;
mod coach_rules;
mod draft_text;
mod empathy;
mod proofread;
mod reading;
mod rubric;
mod suggest;
mod summary;

pub use canned::Canned;
pub use coach::{Coach, Finding, Page, Review};
pub use empathy::{Empathy, LEVELS, MECHANISMS, features as reply_features};
pub use proofread::proofread;
pub use rubric::{Cues, Feedback, Item, Material, ORDERS, Rubric, Scored, Situation, Span, Stems};
pub use suggest::{Suggester, Suggestion, Talk, rank, uptake};
pub use summary::{Line, missing, summary};

#[cfg(test)]
mod tests;
