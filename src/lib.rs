//! nohold: chat support for healthcare that never keeps anyone on hold.
//!
//! Whatever happens, from a person's message to an agent's click or a timer, is an [`domain::Event`]. One pure
//! function,
//! [`dialogue::step`], decides what follows. Everything else brings events to it and carries its decisions out.
//!
//! # The map
//!
//! Imports go downwards only:
//!
//! | room | what it is for |
//! |---|---|
//! | [`cli`] | one file a subcommand |
//! | [`web`] | the JSON API with its `OpenAPI` description, sign-in, the chat widget, the desk |
//! | [`channel`] | Telegram, Discord, e-mail: adapters behind one trait; the only room that knows a vendor's types |
//! | [`service`] | the running program: takes events in, fires timers, tells who looks on; the only room that spawns tasks |
//! | [`writer`] | an outside language model, where the owner has one: masked, bounded, judged |
//! | [`store`] | the database, and the transactor: everything that waits, in one transaction; the only room that knows SQL |
//! | [`dialogue`] | the core: `step`, and one file a kind of event |
//! | [`drill`] | practice with made-up people: scenarios, and the one step that moves a run |
//! | [`assist`] | help for the agent: summary, suggestions, the coach |
//! | [`flow`] | the flow language and the phrase book: what `flows/` says |
//! | [`complaint`] | the record, its clocks, its history |
//! | [`handoff`] | who is taken over first, and how long it usually takes |
//! | [`staffing`] | how many people a desk needs |
//! | [`nlu`] | text in, signals out |
//! | [`domain`] | the nouns; imports nothing of ours |
//!
//! Beside them: [`config`], the only reader of settings, and [`clock`], the only one that knows the time or makes what
//! is random.
//!
//! ARCHITECTURE.md tells why it is built so and walks one message through it.

#![deny(clippy::print_stdout)] // it panics where nobody reads on: see cli/said.rs

pub mod assist;
pub mod channel;
pub mod cli;
pub mod clock;
pub mod complaint;
pub mod config;
pub mod dialogue;
pub mod domain;
pub mod drill;
pub mod flow;
pub mod handoff;
pub mod nlu;

pub mod service;
pub mod staffing;
pub mod store;
pub mod web;
pub mod writer;
