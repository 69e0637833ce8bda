//! Rehearsals in which something outside fails: the database, the language model, a line to people.

use super::{
    super::Failure,
    endpoints::Endpoint,
    scenes::{danger, open_hours},
    stage::Stage,
};
use crate::{
    config::Settings,
    dialogue::Policy,
    domain::{EventKind, Role, Timestamp, conversation::Status},
    store::{Job, Target, lock_out},
};

/// Three failures in a row are an outage of the model.
const ASKED: usize = 3;

pub(super) async fn database_away(
    own: &Settings,
    rules: &Policy,
    now: Timestamp,
) -> Result<Stage, Failure> {
    let at = open_hours(rules, now)?;
    let mut stage = Stage::open("database-away", own, at, &[]).await?;
    let mo = stage.agent("Mo Bell", Role::Supervisor).await?;
    stage.comes(mo.id).await?;
    stage.says("Ana", "hello").await?;
    let held = lock_out(&stage.database()).await?;
    let (status, _) = stage.says("Ana", "wants_person").await?;
    let (id, text) = (stage.last_sent(), stage.line("wants_person")?);
    stage.report.expect(
        status == 503,
        format!(
            "while the database is away the answer is {status}, not 503 with a time to come back"
        ),
    );
    let told =
        "while the database is away callers are told to come back (503), and nothing is promised";
    stage.report.notes.push(told.to_owned());
    held.release().await?;
    let (status, said) = stage.sends("Ana", &id, &text).await?;
    stage.report.expect(
        status == 200 && !said.is_empty(),
        "when the database is back the same message is not taken",
    );
    stage.promised(&said);
    stage.sends("Ana", &id, &text).await?;
    danger(&mut stage).await?;
    Ok(stage)
}

pub(super) async fn llm_away(
    own: &Settings,
    rules: &Policy,
    now: Timestamp,
) -> Result<Stage, Failure> {
    let at = open_hours(rules, now)?;
    let model = Endpoint::that_hangs().await?;
    let url = format!("{}/v1", model.url());
    let more = [
        ("llm_url", url.as_str()),
        ("llm_model", "none"),
        ("llm_seconds", "1"),
    ];
    let mut stage = Stage::open("llm-away", own, at, &more).await?;
    let mo = stage.agent("Mo Bell", Role::Supervisor).await?;
    stage.comes(mo.id).await?;
    stage.says("Ana", "complains").await?;
    let (_, said) = stage.says("Ana", "wants_person").await?;
    stage.promised(&said);
    for _ in 0..ASKED {
        let (own, further) = stage.suggestions("Ana", mo.id).await?;
        let otherwise = "an agent has no suggestions of the program's own";
        stage.report.expect(own > 0, otherwise);
        let otherwise = format!("a model that hangs is told as '{further}', not as late");
        stage.report.expect(further == "late", otherwise);
    }
    let known = |stage: &Stage| stage.service.queue_facts().model_down;
    let otherwise = "the ladder does not know that the model is away";
    stage.until(otherwise, known).await;
    let told = "agents have the program's own suggestions; the model's come late and are left out";
    stage.report.notes.push(told.to_owned());
    danger(&mut stage).await?;
    Ok(stage)
}

pub(super) async fn telegram_down(
    own: &Settings,
    rules: &Policy,
    now: Timestamp,
) -> Result<Stage, Failure> {
    let at = open_hours(rules, now)?;
    let line = Endpoint::open(false).await?;
    let url = line.url();
    let more = [
        ("telegram_token", "42:rehearsal"),
        ("telegram_api", url.as_str()),
        ("pace_ms", "0"),
    ];
    let mut stage = Stage::open("telegram-down", own, at, &more).await?;
    let mo = stage.agent("Mo Bell", Role::Supervisor).await?;
    stage.comes(mo.id).await?;
    let seconds = at.0 / 1_000_000;
    stage.telegram(&line, "wants_person", seconds)?;
    let otherwise = "whoever writes by Telegram is not answered while the line stands";
    stage
        .until(otherwise, |_| !line.delivered().is_empty())
        .await;
    for said in line.delivered() {
        stage.heard("bot", &said);
        stage.promised(&said);
    }
    line.is_broken(true);
    let before = line.delivered().len();
    stage.alerted("telegram is down").await;
    // What is said and written meanwhile is kept on both sides.
    let reply = "I'm Mo, and I read all you wrote.";
    stage.replies("telegram", &mo, reply).await?;
    stage.telegram(&line, "again", seconds + 60)?;
    let (status, said) = stage.says("Ana", "wants_person").await?;
    let otherwise = "the other ways to write to us do not work";
    stage
        .report
        .expect(status == 200 && !said.is_empty(), otherwise);
    stage.rung("line_down", true).await;
    stage.alerted("called in").await;
    let otherwise = "something was delivered on a line that is down";
    stage
        .report
        .expect(line.delivered().len() == before, otherwise);
    danger(&mut stage).await?;
    line.is_broken(false);
    stage.rung("line_down", false).await;
    let otherwise = "what was said while the line was down never arrived";
    let arrived = |_: &Stage| line.delivered().iter().any(|said| said == reply);
    stage.until_later(otherwise, arrived).await;
    for said in line.delivered().split_off(before) {
        stage.heard("bot", &said);
    }
    stage.messages_of("telegram", 2).await?;
    Ok(stage)
}

pub(super) async fn discord_down(
    own: &Settings,
    rules: &Policy,
    now: Timestamp,
) -> Result<Stage, Failure> {
    let at = open_hours(rules, now)?;
    let line = Endpoint::open(true).await?;
    let url = line.url();
    let more = [
        ("discord_token", "rehearsal"),
        ("discord_api", url.as_str()),
    ];
    let mut stage = Stage::open("discord-down", own, at, &more).await?;
    let mo = stage.agent("Mo Bell", Role::Supervisor).await?;
    stage.comes(mo.id).await?;
    stage.alerted("discord is down").await;
    let (status, said) = stage.says("Ana", "wants_person").await?;
    let otherwise = "the other ways to write to us do not work";
    stage
        .report
        .expect(status == 200 && !said.is_empty(), otherwise);
    stage.promised(&said);
    stage.rung("line_down", true).await;
    stage.alerted("called in").await;
    danger(&mut stage).await?;
    Ok(stage)
}

impl Stage {
    /// Somebody writes by Telegram.
    fn telegram(&mut self, line: &Endpoint, name: &str, seconds: i64) -> Result<(), Failure> {
        let text = self.line(name)?;
        line.writes(&text, seconds);
        self.heard("Tess", &text);
        Ok(())
    }

    /// An agent answers whoever wrote by that inbox.
    async fn replies(
        &mut self,
        inbox: &str,
        agent: &crate::domain::AgentRef,
        text: &str,
    ) -> Result<(), Failure> {
        let waiting = self.service.store.waiting().await?;
        let theirs = waiting.into_iter().find(|w| w.conversation.inbox == inbox);
        let theirs = theirs.filter(|w| w.conversation.status == Status::Queued);
        let theirs = theirs.ok_or("nobody waits there")?.conversation;
        let job = Job {
            target: Target::Conversation(theirs.id),
            kind: EventKind::Replied {
                agent: agent.clone(),
                external_id: "reply".to_owned(),
                text: text.to_owned(),
                suggestion: None,
                offered: Vec::new(),
                attachments: Vec::new(),
                anyway: Vec::new(),
            },
            dedupe: None,
        };
        self.service.submit(job).await?;
        Ok(())
    }
}
