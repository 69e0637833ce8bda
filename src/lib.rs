//! nohold
pub mod domain;
pub mod understand;
