//! `nohold check`: settings and flows, all mistakes at once.

use super::{Failure, Watched, said::say};
use crate::{
    assist::{Coach, Suggester},
    clock::Clock,
    config::Settings,
    dialogue::Policy,
    drill::Drills,
    service::letters_of,
};
use std::{path::Path, process::ExitCode};

pub(super) fn run(config: Option<&Path>) -> Result<ExitCode, Failure> {
    let settings = Settings::load(config)?;
    for note in &settings.notes {
        say!("note: {note}");
    }
    let mut mistakes: Vec<String> = Vec::new();
    mistakes.extend(Watched::by(&settings).err().map(|e| e.to_string()));
    match super::texts(&settings) {
        Err(error) => mistakes.push(error.to_string()),
        Ok(texts) => {
            match Policy::load(&texts, &settings.country, settings.profile.as_deref()) {
                Err(errors) => mistakes.extend(errors.iter().map(ToString::to_string)),
                Ok(rules) => {
                    say!(
                        "settings: right\nflows: {} ({})",
                        rules.flows.flows.len(),
                        rules
                            .flows
                            .flows
                            .iter()
                            .map(|f| f.name.as_str())
                            .collect::<Vec<_>>()
                            .join(", ")
                    );
                    say!("complaint profile: {}", rules.profile.name);
                    say!("contingencies: {}", rules.flows.ladder.rungs.len());
                    let year = Clock::system().now().in_zone(&rules.profile.zone).year();
                    if rules.profile.known_until().is_some_and(|y| y <= year) {
                        say!(
                            "note: the holidays of the profile {} end with {year}: add the next year's in profiles/",
                            rules.profile.name
                        );
                    }
                }
            }
            match Drills::load(&texts) {
                Ok(drills) => say!("drills: {}", drills.all().count()),
                Err(errors) => mistakes.extend(errors.iter().map(ToString::to_string)),
            }
            mistakes.extend(Coach::load(&texts).err().map(|e| e.to_string()));
            mistakes.extend(Suggester::load(&texts).err().map(|e| e.to_string()));
            mistakes.extend(letters_of(&texts).err().map(|e| e.to_string()));
        }
    }
    for mistake in &mistakes {
        eprintln!("{mistake}");
    }
    Ok(if mistakes.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
