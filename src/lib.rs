//! nohold
pub mod domain;
pub mod understand;
pub mod flow;
pub mod complaint;
pub mod handoff;
pub mod conversation;
pub mod store;
pub mod assist;
pub mod clock;
pub mod config;
pub mod service;
pub mod web;
pub mod cli;
