//! `nohold flows`: draw them, play them, check them.

use super::Failure;
use crate::{
    config::Settings,
    flow::{Action, Flows},
};
use clap::Subcommand;
use std::{path::PathBuf, process::ExitCode};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Draw the flows as a graph in Graphviz' language.
    Graph,
    /// Play conversations kept as files, and say where they go otherwise than written.
    Test {
        /// The folder of the conversations.
        #[arg(default_value = "tests/conversations")]
        folder: PathBuf,
    },
    /// Check the flows' files.
    Lint,
}

pub(super) fn run(command: &Command, settings: &Settings) -> Result<ExitCode, Failure> {
    let (_, rules) = super::rulebook(settings)?;
    match command {
        Command::Graph => println!("{}", graph(&rules.flows)),
        Command::Test { folder } => return super::stories::run(folder, &rules),
        Command::Lint => println!("{} flows, no mistakes", rules.flows.flows.len()),
    }
    Ok(ExitCode::SUCCESS)
}

fn graph(flows: &Flows) -> String {
    let quote = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let mut lines = vec![
        "digraph flows {".to_owned(),
        "  rankdir=LR; node [shape=box];".to_owned(),
    ];
    for flow in &flows.flows {
        let mut before = quote(&flow.name);
        lines.push(format!(
            "  message -> {before} [label={}];",
            quote(&flow.when)
        ));
        for ask in &flow.collect {
            let node = quote(&format!("{}: {}", flow.name, ask.slot.name()));
            let label = ask
                .skip_if
                .as_deref()
                .map(|c| format!(" [label={}]", quote(&format!("unless {c}"))))
                .unwrap_or_default();
            lines.push(format!("  {before} -> {node}{label};"));
            before = node;
        }
        for action in &flow.then {
            let node = match action {
                Action::Say(key) => quote(&format!("say {key}")),
                Action::Handoff(team) => quote(&format!("to a person: {team}")),
                Action::PassOn(team) => quote(&format!("passed on: {team}")),
                Action::CallBack(team) => quote(&format!("to be rung by: {team}")),
                Action::AnswerFacts => quote("answer from facts.yaml"),
                Action::AnswerStatus => quote("tell how the complaint stands"),
            };
            lines.push(format!("  {before} -> {node};"));
            before = node;
        }
    }
    lines.push("}".to_owned());
    lines.join("\n")
}
