//! `nohold demo`: made-up people, for trying and measuring.

use super::{Failure, beside, knowledge, said::say};
use crate::{
    clock::Clock,
    complaint::{People, changes},
    config::Settings,
    domain::{
        AgentId, AgentRef, Author, Conversation, ConversationId, Message, Role, Status, Timestamp,
    },
    store::MadeUp,
};
use clap::Args;
use std::process::ExitCode;

/// How many are written at once.
const AT_ONCE: u64 = 250;

/// How many of each.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Options {
    /// How many conversations.
    #[arg(long, default_value_t = 100)]
    conversations: u64,
    /// How many complaints; where there are more than conversations, some have several.
    #[arg(long, default_value_t = 50)]
    complaints: u64,
}

fn said(id: crate::domain::MessageId, from: Author, text: String, at: Timestamp) -> Message {
    Message {
        id,
        from,
        agent: None,
        text,
        emergency: false,
        choices: Vec::new(),
        attachments: Vec::new(),
        borrowed: Vec::new(),
        mentions: Vec::new(),
        whisper: false,
        at,
    }
}

pub(super) async fn run(options: Options, settings: Settings) -> Result<ExitCode, Failure> {
    let (texts, policy) = knowledge(&settings)?;
    let people = People::parse(texts.get("demo/people.yaml").map_err(|e| e.to_string())?)?;
    let store = beside(&settings).await?;
    if !store.is_unused().await? {
        return Err(
            "the database is in use: made-up people go into an empty one only (NOHOLD_DATABASE)"
                .into(),
        );
    }
    let clock = Clock::system();
    let now = clock.now();
    let by = AgentRef {
        id: AgentId(uuid::Uuid::nil()),
        name: "demo".to_owned(),
        role: Role::Supervisor,
    };
    let mut number = 0;
    let conversations = options.conversations.max(u64::from(options.complaints > 0));
    let mut left = options.complaints;
    let mut made = Vec::new();
    for n in 0..conversations {
        let event = clock.event_id();
        let sender = format!("demo-{n}");
        let mut conversation = Conversation::new(ConversationId(event.0), "web", &sender, now);
        let share = left.div_ceil(conversations - n);
        left -= share;
        let mut all = MadeUp {
            messages: Vec::new(),
            complaints: Vec::new(),
            conversation: conversation.clone(),
        };
        if share == 0 {
            let (name, question) = people.asks(n);
            conversation.name = Some(name);
            all.messages
                .push(said(event.message(0), Author::Contact, question, now));
        }
        for _ in 0..share {
            number += 1;
            let id = clock.event_id().message(0);
            let profile = &policy.profile;
            let complaint = people.complains(number, &mut conversation, id, now, &by, profile);
            let story = complaint.incident.narrative.clone();
            let at = complaint.received_at;
            if all.messages.len() < 8 {
                all.messages.push(said(id, Author::Contact, story, at));
            }
            conversation.complaint = Some(complaint.reference.clone());
            conversation.changed = at;
            if let Some(change) = changes(None, &complaint, at, "complainant") {
                all.complaints.push((complaint, change));
            }
        }
        let last = all.messages.last().map_or(now, |m| m.at);
        let answer = people.answer.clone();
        all.messages
            .push(said(event.message(1), Author::Bot, answer, last));
        conversation.status = Status::Resolved;
        all.conversation = conversation;
        made.push(all);
        if made.len() as u64 >= AT_ONCE {
            store.make_up(&made).await?;
            made.clear();
        }
    }
    store.make_up(&made).await?;
    say!(
        "{conversations} conversations and {} complaints of people who do not exist",
        options.complaints
    );
    Ok(ExitCode::SUCCESS)
}
