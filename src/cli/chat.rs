//! `nohold chat`: talk to the bot in the terminal. Nothing is kept.

use super::Failure;
use crate::{
    clock::Clock,
    config::Settings,
    conversation::Play,
    domain::{Author, Choice},
};
use std::{
    io::{BufRead, Write},
    process::ExitCode,
};

pub(super) fn run(settings: &Settings) -> Result<ExitCode, Failure> {
    let (_, rules) = super::rulebook(settings)?;
    let clock = Clock::system();
    let mut play = Play::new(&rules, clock.event_id(), "web", clock.now());
    let mut out = std::io::stdout();
    println!(
        "Talking to {}. An empty line ends it; a number takes an offered answer.",
        rules.flows.facts.organisation
    );
    let mut choices: Vec<Choice> = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            break;
        }
        let number = line
            .trim()
            .parse::<usize>()
            .ok()
            .and_then(|n| n.checked_sub(1));
        let choice = number.and_then(|n| choices.get(n)).map(|c| c.value.clone());
        let text = if choice.is_some() { "" } else { line.as_str() };
        let written = play.says(text, choice, clock.event_id(), clock.now())?;
        choices.clear();
        for message in written.into_iter().filter(|m| m.from == Author::Bot) {
            writeln!(out, "\n{}", message.text)?;
            for (n, choice) in message.choices.iter().enumerate() {
                writeln!(out, "  {}. {}", n + 1, choice.title)?;
            }
            choices = message.choices;
        }
        writeln!(out)?;
        out.flush()?;
    }
    if let Some(complaint) = &play.snapshot.complaint {
        println!("{}", serde_json::to_string_pretty(complaint)?);
    }
    Ok(ExitCode::SUCCESS)
}
