//! `nohold chat`: talk to the bot in the terminal. Nothing is kept.

use super::Failure;
use crate::{
    clock::Clock,
    config::Settings,
    conversation::step,
    domain::{
        Author, Conversation, ConversationId, DeskStatus, Effect, Event, EventKind, Snapshot,
        event::Inbound,
    },
};
use std::{
    io::{BufRead, Write},
    process::ExitCode,
};

pub(super) fn run(settings: &Settings) -> Result<ExitCode, Failure> {
    let (_, rules) = super::rulebook(settings)?;
    let clock = Clock::system();
    let conversation = Conversation::new(
        ConversationId(clock.event_id().0),
        "terminal",
        "you",
        clock.now(),
    );
    let mut snapshot = Snapshot {
        conversation,
        complaint: None,
    };
    let mut out = std::io::stdout();
    println!(
        "Talking to {}. An empty line ends it; a number takes an offered answer.",
        rules.flows.facts.organisation
    );
    let mut choices: Vec<crate::domain::Choice> = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            break;
        }
        let choice = line
            .trim()
            .parse::<usize>()
            .ok()
            .and_then(|n| choices.get(n.checked_sub(1)?))
            .map(|c| c.value.clone());
        let text = if choice.is_some() {
            String::new()
        } else {
            line
        };
        let now = clock.now();
        let inbound = Inbound {
            external_id: String::new(),
            sender_name: None,
            signals: rules.read(&text, now),
            text,
            choice,
            attachments: Vec::new(),
            known_references: Vec::new(),
        };
        let open = rules.flows.facts.open_at(now);
        let desk = DeskStatus {
            online: 0,
            open: open.open,
            opens: open.opens,
            usual_wait: None,
        };
        let event = Event {
            id: clock.event_id(),
            at: now,
            desk,
            kind: EventKind::Message(Box::new(inbound)),
        };
        let decision = step(&snapshot, &event, &rules.context())?;
        snapshot = decision.snapshot;
        choices.clear();
        for effect in decision.effects {
            if let Effect::Write(message) = effect
                && message.from == Author::Bot
            {
                writeln!(out, "\n{}", message.text)?;
                for (n, choice) in message.choices.iter().enumerate() {
                    writeln!(out, "  {}. {}", n + 1, choice.title)?;
                }
                choices = message.choices;
            }
        }
        writeln!(out)?;
        out.flush()?;
    }
    if let Some(complaint) = &snapshot.complaint {
        println!("{}", serde_json::to_string_pretty(complaint)?);
    }
    Ok(ExitCode::SUCCESS)
}
