//! Trains and judges the reader of nohold. No part of the shipped program.

pub mod answers;
pub mod drafts;
pub mod empathy;
pub mod entities;
pub mod facts;
pub mod judge;
pub mod learn;
pub mod order;
pub mod sources;
pub mod tally;

#[cfg(test)]
mod tests;
