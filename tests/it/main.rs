//! Whole-program tests: the program as its users meet it, on `SQLite` and on Postgres.

mod agents;
mod answers;
mod book;
mod cli;
mod crash;
mod desk_feed;
mod discord;
mod fakes;
mod flows;
mod fuzz;
mod house;
mod inbox;
mod lines;
mod packaging;
mod people;
mod shapes;
mod socket;
mod steps;
mod store;
mod strangers;
mod telegram;
mod telegram_faults;
mod trouble;
mod understanding;
mod web_chat;
mod writer;
