//! `nohold coach`: reviews drafts, or shows its rules.

use super::{Failure, lines, said::say};
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
        say!("## {}\n", page.rule);
        say!("- Catches: {}", page.catches);
        say!("- Why: {}", page.why);
        if page.serious {
            say!("- Holds a reply until its writer has seen this");
        }
        say!("- From: {}", page.source);
        say!("- Do instead: {}", page.advice);
        if !page.better.is_empty() {
            say!("- For example: {}", page.better);
        }
        say!();
    }
    Ok(ExitCode::SUCCESS)
}
