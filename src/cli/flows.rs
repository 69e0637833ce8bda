//! `nohold flows`: draw them, play them, check them.

use super::{Failure, said::say};
use crate::{
    assist::proofread,
    config::Settings,
    dialogue,
    drill::{Drills, Scenario},
    flow::{self, FlowError},
};
use clap::{Subcommand, ValueEnum};
use std::{fmt::Write, path::PathBuf, process::ExitCode};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Draw the flows, one scenario for practice, or the ladder of contingencies.
    Graph {
        /// Only this one: the name of a flow or of a drill, or `contingency`.
        flow: Option<String>,
        /// The language of the drawing.
        #[arg(long, value_enum, default_value_t = Drawing::Mermaid)]
        format: Drawing,
    },
    /// Play conversations kept as files, and say where they go otherwise than written.
    Test {
        /// The folder of the conversations.
        #[arg(default_value = "tests/conversations")]
        folder: PathBuf,
        /// Say which flows, questions, steps and phrases no conversation came by.
        #[arg(long)]
        coverage: bool,
        /// Print the complaint's record that each conversation ends with, one JSON line each.
        #[arg(long)]
        records: bool,
        /// Only conversations whose name or file has this in it.
        #[arg(long)]
        only: Option<String>,
    },
    /// Look for what is allowed and still a mistake.
    Lint,
    /// The rules by which the program decides what follows from a message, in their order.
    Rules,
    /// The JSON Schema of a flow file, for editors.
    Schema,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Drawing {
    /// Text for Mermaid.
    Mermaid,
    /// A picture.
    Svg,
}

pub(super) fn run(command: &Command, settings: &Settings) -> Result<ExitCode, Failure> {
    if matches!(command, Command::Schema) {
        say!("{}", serde_json::to_string_pretty(&flow::schema())?);
        return Ok(ExitCode::SUCCESS);
    }
    if matches!(command, Command::Rules) {
        say!("{}", rules_text().trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let (texts, rules) = super::knowledge(settings)?;
    match command {
        Command::Graph { flow, format } => {
            let flows = &rules.flows;
            let drills = Drills::load(&texts).map_err(|errors| super::mistakes(&errors))?;
            let mut drawn = flows.drawn(flow.as_deref());
            if let Some(name) = flow
                && drawn.is_empty()
            {
                drawn.extend(drills.by_id(name).map(Scenario::drawn));
                if name == "contingency" {
                    drawn = flows.drawn_ladder();
                }
            }
            if let (Some(name), true) = (flow, drawn.is_empty()) {
                let known = flows.flows.iter().map(|f| f.name.as_str());
                let known: Vec<&str> = known.chain(drills.all().map(|s| s.id.as_str())).collect();
                let known = known.join(", ");
                return Err(
                    format!("there is no flow or drill '{name}': there are {known}").into(),
                );
            }
            match format {
                Drawing::Mermaid => say!("{}", flow::mermaid(&drawn).trim_end()),
                Drawing::Svg => say!("{}", flow::svg(&drawn).trim_end()),
            }
        }
        Command::Test {
            folder,
            coverage,
            records,
            only,
        } => {
            let wanted = super::stories::Wanted {
                coverage: *coverage,
                records: *records,
                only: only.as_deref(),
            };
            return super::stories::run(folder, &rules, wanted);
        }
        Command::Lint => {
            let mut found: Vec<FlowError> = rules.flows.lint();
            found.extend(proofread(&texts, &rules.flows).map_err(|e| e.to_string())?);
            for mistake in &found {
                say!("{}", mistake.clone().with_line(&texts));
            }
            say!(
                "{} flows, {}",
                rules.flows.flows.len(),
                match found.len() {
                    0 => "nothing to mend".to_owned(),
                    n => format!("{n} to mend"),
                }
            );
            return Ok(ExitCode::from(u8::from(!found.is_empty())));
        }
        Command::Rules | Command::Schema => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// The lists of rules, each rule with its number, its name and what it is for.
fn rules_text() -> String {
    let mut out = String::new();
    for (situation, rules) in dialogue::rules() {
        let _ = writeln!(out, "{situation}");
        for (n, (name, about)) in rules.iter().enumerate() {
            let _ = writeln!(out, "{:>4}. {name:<22} {about}", n + 1);
        }
    }
    out
}
