//! `nohold person`: what is held on somebody, given out and erased.

use super::{Failure, Watched, beside, left_over, noted, page, plain::plain, said::say};
use crate::{
    clock::Clock,
    complaint::PublishedComplaint,
    config::Settings,
    domain::{AuditDetail, Deed},
    service::SecurityEvent,
    store::{Held, PersonKey, Store},
};
use base64::Engine;
use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};
use std::{io::Write, process::ExitCode};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write all that is held on a person to standard output.
    Export {
        /// A complaint's reference, or a conversation's id.
        key: String,
        /// The form.
        #[arg(long, value_enum, default_value = "json")]
        format: Form,
    },
    /// Take everything that was said by or about a person out of the database. What statistics count stays.
    Erase {
        /// A complaint's reference, or a conversation's id.
        key: String,
    },
}

/// In which form.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Form {
    /// For programs.
    Json,
    /// A page for people.
    Html,
}

/// A reference, or the id of a conversation.
fn key_of(text: &str) -> Result<PersonKey, Failure> {
    if let Ok(id) = text.parse() {
        return Ok(PersonKey::Conversation(id));
    }
    let wrong = |e| format!("'{text}' is neither a reference nor a conversation's id: {e}");
    Ok(text.parse().map(PersonKey::Complaint).map_err(wrong)?)
}

pub(super) async fn run(command: Command, settings: Settings) -> Result<ExitCode, Failure> {
    let watched = Watched::by(&settings)?;
    let store = beside(&settings).await?;
    let nobody = "there is no such complaint or conversation";
    match command {
        Command::Export { key, format } => {
            let held = store.held_on(&key_of(&key)?).await?.ok_or(nobody)?;
            let all = written(&store, &held).await?;
            for complaint in &held.complaints {
                let about = complaint.reference.as_str();
                noted(&store, Deed::GaveOut, about, AuditDetail::default()).await?;
            }
            let mut out = std::io::BufWriter::new(std::io::stdout().lock());
            match format {
                Form::Json => writeln!(out, "{}", plain(&serde_json::to_string_pretty(&all)?))?,
                Form::Html => out.write_all(page::of(&all).as_bytes())?,
            }
            out.flush()?;
            watched.record(&SecurityEvent::Export {
                what: "person",
                format: match format {
                    Form::Json => "json",
                    Form::Html => "html",
                },
                rows: held.conversations.len() + held.complaints.len(),
            });
        }
        Command::Erase { key } => {
            let key = key_of(&key)?;
            let held = store.held_on(&key).await?.ok_or(nobody)?;
            let kept = held.complaints.iter().find(|c| c.case.legal_hold.is_some());
            if let Some(complaint) = kept {
                let message = format!(
                    "{} must be kept (legal_hold in its record): nothing was erased",
                    complaint.reference
                );
                return Err(message.into());
            }
            let now = Clock::system().now();
            let count = store
                .erase(&key, now, "command line")
                .await?
                .ok_or(nobody)?;
            say!(
                "erased the words of {} conversation(s) and {} complaint(s), and {} file(s); backups from before still have them",
                count.conversations,
                count.complaints,
                count.files
            );
            store.forget_what_was_erased().await.map_err(left_over)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// All of it, as one document.
async fn written(store: &Store, held: &Held) -> Result<Value, Failure> {
    let mut conversations = Vec::new();
    let mut files = Vec::new();
    for conversation in &held.conversations {
        let entries = store.entries_after(conversation.id, 0).await?;
        let messages: Vec<Value> = entries
            .iter()
            .map(|e| {
                let m = &e.message;
                let names: Vec<&str> = m.attachments.iter().map(|a| a.name.as_str()).collect();
                json!({"from": m.from.name(), "agent": m.agent, "text": m.text, "at": m.at.rfc3339(), "files": names})
            })
            .collect();
        for file in entries.iter().flat_map(|e| &e.message.attachments) {
            if let Some(kept) = store.file(file.id).await? {
                let content = base64::engine::general_purpose::STANDARD.encode(&kept.content);
                files.push(json!({"name": kept.about.name, "media_type": kept.about.media_type, "content": content}));
            }
        }
        conversations.push(json!({
            "id": conversation.id,
            "inbox": conversation.inbox,
            "sender": conversation.sender,
            "name": conversation.name,
            "language": conversation.language,
            "understood": conversation,
            "messages": messages,
        }));
    }
    let mut complaints = Vec::new();
    for complaint in &held.complaints {
        let history = store.history(&complaint.reference).await?;
        let looks: Vec<Value> = (store.audit_of(&complaint.reference).await?.iter())
            .map(|e| json!({"at": e.at.rfc3339(), "who": e.who, "what": e.what}))
            .collect();
        let letters: Vec<Value> = (store.letters(&complaint.reference).await?.iter())
            .map(|l| json!({"kind": l.kind, "text": l.text, "by": l.by, "at": l.at.rfc3339()}))
            .collect();
        let record = PublishedComplaint::from(complaint.clone());
        complaints.push(json!({"record": record, "letters": letters, "history": history, "changes_and_looks": looks}));
    }
    Ok(json!({"conversations": conversations, "complaints": complaints, "files": files}))
}
