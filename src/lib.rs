//! nohold
pub mod assist;
pub mod cli;
pub mod clock;
pub mod complaint;
pub mod config;
pub mod conversation;
pub mod domain;
pub mod flow;
pub mod handoff;
pub mod service;
pub mod store;
pub mod understand;
pub mod web;
