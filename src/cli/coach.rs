//! `nohold coach`: reviews drafts, or shows its rules.

use super::{Failure, lines};
use crate::{assist::Coach, config::Settings};
use std::process::ExitCode;

/// What to do instead of reviewing standard input.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Show every rule: what it catches, why, from where it comes, and a better way.
    #[arg(long)]
    rules: bool,
    /// The language of the rules that are shown.
    #[arg(long, default_value = "en", value_name = "CODE")]
    language: String,
}

pub(super) fn run(settings: &Settings, options: &Options) -> Result<ExitCode, Failure> {
    if !options.rules {
        return lines::coach(settings);
    }
    let coach = Coach::load(&super::texts(settings)?)?;
    for page in coach.pages(&options.language) {
        println!("## {}\n", page.rule);
        println!("- Catches: {}", page.catches);
        println!("- Why: {}", page.why);
        if page.serious {
            println!("- Holds a reply until its writer has seen this");
        }
        println!("- From: {}", page.source);
        println!("- Do instead: {}", page.advice);
        if !page.better.is_empty() {
            println!("- For example: {}", page.better);
        }
        println!();
    }
    Ok(ExitCode::SUCCESS)
}
