//! Reads the command line and runs one command.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    nohold::cli::run(nohold::cli::Cli::parse())
}
