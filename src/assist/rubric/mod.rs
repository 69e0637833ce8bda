//! The rubric: what a reply does well and what it lacks, item by item, with the exact words.
//!
//! Items are read from explicit features, so the result is a rule score and no measure of empathy. Nothing is earned
//! by words that fit everybody: a feeling, a reflection or an apology counts where its sentence takes up what this
//! person said. What hurts is found by the coach's own rules.

mod better;
mod frames;
mod hurting;
mod item;
mod lexicon;
mod order;
mod scoring;
mod sentences;
mod situation;
mod uptake;

pub use better::{Feedback, Material};
pub use item::Item;
pub use lexicon::Rubric;
pub use order::ORDERS;
pub use scoring::{Cues, Scored, Span};
pub use situation::Situation;
pub use uptake::Stems;
