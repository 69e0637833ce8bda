//! nohold
pub mod domain;
pub mod understand;
pub mod flow;
pub mod complaint;
pub mod handoff;
pub mod conversation;
pub mod store;
pub mod assist;
