//! Reads the command line and runs one command.

use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    nohold::cli::run(nohold::cli::Cli::parse())
}
