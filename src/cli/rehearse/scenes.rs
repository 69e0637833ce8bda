//! Rehearsals in which the desk itself cannot keep up: night, nobody there, a surge, a holiday.

use super::{super::Failure, stage::Stage};
use crate::{
    config::Settings,
    dialogue::Policy,
    domain::{AgentRef, EventKind, Role, Timestamp},
    store::{Job, Target},
};

const HOUR: i64 = 3_600;
const DAYS: i64 = 400;
/// How many write at once in a surge.
const CROWD: usize = 30;

/// The next moment, in whole half hours from `from` on, that fits.
fn next(from: Timestamp, fits: impl Fn(Timestamp) -> bool) -> Option<Timestamp> {
    let half = HOUR / 2;
    let start = Timestamp((from.0 / (half * 1_000_000) + 1) * half * 1_000_000);
    let mut moments = (0..DAYS * 48).map(|n| start.plus_seconds(n * half));
    moments.find(|at| fits(*at))
}

fn is_holiday(rules: &Policy, at: Timestamp) -> bool {
    let day = at.in_zone(&rules.flows.facts.zone).date();
    rules.profile.is_holiday(day)
}

/// The next moment at which the desk has been open for half an hour and stays open for four, on no holiday.
pub(super) fn open_hours(rules: &Policy, from: Timestamp) -> Result<Timestamp, Failure> {
    let open = |at: Timestamp| rules.flows.facts.open_at(at).open;
    let fits = |at: Timestamp| {
        open(at.plus_seconds(-HOUR / 2))
            && open(at.plus_seconds(4 * HOUR))
            && !is_holiday(rules, at)
    };
    Ok(next(from, fits).ok_or("the desk is never open for so long (desk_hours in facts.yaml)")?)
}

/// Somebody in danger is heard at once, whatever else is.
pub(super) async fn danger(stage: &mut Stage) -> Result<(), Failure> {
    let (status, said) = stage.says("Sam", "danger").await?;
    let emergency = {
        let book = stage.service.runtime();
        let country = &book.rules.flows.country;
        let told = [&country.emergency, &country.crisis];
        told.map(|text| text.in_language("en").to_owned())
    };
    let told = emergency
        .iter()
        .any(|number| said.contains(number.as_str()));
    stage.report.expect(
        status.is_success() && told,
        "whoever is in danger was not told whom to call at once",
    );
    stage.alerted("danger").await;
    let first = stage.service.store.queue(stage.clock.now()).await?;
    let first = first.first().and_then(|row| row.conversation.red_flag);
    let otherwise = "whoever is in danger is not first in line";
    stage.report.expect(first.is_some(), otherwise);
    Ok(())
}

/// A person asks for a person; what they read is what they are promised.
async fn asks(stage: &mut Stage, person: &str) -> Result<String, Failure> {
    let (_, said) = stage.says(person, "wants_person").await?;
    stage.report.expect(
        !said.is_empty(),
        format!("{person} asked for a person and was not answered"),
    );
    stage.promised(&said);
    Ok(said)
}

/// Whether a phrase of the flows, up to its first fact, is in what was said.
fn has_phrase(stage: &Stage, said: &str, key: &str) -> bool {
    let book = stage.service.runtime();
    let written = book.rules.flows.phrases.written("en");
    let mut wordings = written.filter(|w| w.key == key);
    wordings.any(|w| {
        let plain = w.text.split("{{").next().and_then(|t| t.split("{%").next());
        plain.is_some_and(|t| !t.trim().is_empty() && said.contains(t.trim()))
    })
}

pub(super) async fn night(
    own: &Settings,
    rules: &Policy,
    now: Timestamp,
) -> Result<Stage, Failure> {
    let facts = &rules.flows.facts;
    let closed = |at: Timestamp| {
        let opens = facts.next_opening(None, at);
        opens.is_some_and(|opens| opens.seconds_since(at) >= 4 * HOUR)
    };
    let at = next(now, closed).ok_or("the desk never closes for the night (desk_hours)")?;
    let mut stage = Stage::open("night", own, at, &[]).await?;
    stage.agent("Mo Bell", Role::Supervisor).await?;
    stage.says("Ana", "hello").await?;
    asks(&mut stage, "Ana").await?;
    let opens = facts.next_opening(None, at).unwrap_or(at);
    let waiting = stage.waiting().await?;
    let clock = waiting.first().and_then(|w| w.clock);
    stage.report.expect(
        clock.is_some_and(|due| due >= opens),
        "the clock of whoever waits does not run from the opening on",
    );
    danger(&mut stage).await?;
    let missed = stage.clock_of("Ana").await?.unwrap_or(opens);
    let ahead = missed.seconds_since(stage.clock.now()) + 1;
    stage.later(ahead).await?;
    let told = format!(
        "the desk opens at {}, and nobody takes over",
        opens.rfc3339()
    );
    stage.report.notes.push(told);
    stage.alerted("pickup_missed").await;
    stage.is_late("Ana").await?;
    Ok(stage)
}

pub(super) async fn no_agents(
    own: &Settings,
    rules: &Policy,
    now: Timestamp,
) -> Result<Stage, Failure> {
    let at = open_hours(rules, now)?;
    let mut stage = Stage::open("no-agents", own, at, &[]).await?;
    let mo = stage.agent("Mo Bell", Role::Supervisor).await?;
    stage.says("Ana", "hello").await?;
    asks(&mut stage, "Ana").await?;
    stage.rung("nobody_there", true).await;
    stage.alerted("called in").await;
    let (_, said) = stage.says("Ben", "hello").await?;
    let noticed = has_phrase(&stage, &said, "contingency.nobody");
    stage
        .report
        .expect(noticed, "no notice stands in the greeting");
    let said = asks(&mut stage, "Ben").await?;
    let taken = has_phrase(&stage, &said, "contingency.intake");
    stage.report.expect(taken, "people are still asked to stay");
    danger(&mut stage).await?;
    stage.alerted("pickup_missed").await;
    stage.comes(mo.id).await?;
    stage.rung("nobody_there", false).await;
    let said = asks(&mut stage, "Cleo").await?;
    let undone = !has_phrase(&stage, &said, "contingency.intake");
    stage.report.expect(undone, "it was not undone");
    Ok(stage)
}

pub(super) async fn holiday(
    own: &Settings,
    rules: &Policy,
    now: Timestamp,
) -> Result<Stage, Failure> {
    let noon = |at: Timestamp| at.in_zone(&rules.flows.facts.zone).hour() == 12;
    let at = next(now, |at| noon(at) && is_holiday(rules, at));
    let at = at.ok_or_else(|| {
        format!(
            "the complaint profile '{}' knows no holiday to come: name another (profile), or add its days",
            rules.profile.name
        )
    })?;
    let mut stage = Stage::open("holiday", own, at, &[]).await?;
    stage.agent("Mo Bell", Role::Supervisor).await?;
    stage.rung("holiday", true).await;
    let (_, said) = stage.says("Ana", "hello").await?;
    let noticed = has_phrase(&stage, &said, "contingency.holiday");
    stage
        .report
        .expect(noticed, "no notice stands in the greeting");
    let said = asks(&mut stage, "Ana").await?;
    let taken = has_phrase(&stage, &said, "contingency.intake_holiday");
    stage
        .report
        .expect(taken, "people are asked to stay on a holiday");
    stage.says("Ana", "complains").await?;
    danger(&mut stage).await?;
    Ok(stage)
}

pub(super) async fn surge(
    own: &Settings,
    rules: &Policy,
    now: Timestamp,
) -> Result<Stage, Failure> {
    let at = open_hours(rules, now)?;
    let mut stage = Stage::open("surge", own, at, &[]).await?;
    let mo = stage.agent("Mo Bell", Role::Supervisor).await?;
    stage.comes(mo.id).await?;
    stage.crowd("wants_person", CROWD).await?;
    stage.rung("surge", true).await;
    stage.alerted("called in").await;
    let (_, said) = stage.says("Ben", "hello").await?;
    let noticed = has_phrase(&stage, &said, "contingency.busy");
    stage
        .report
        .expect(noticed, "no notice stands in the greeting");
    let said = asks(&mut stage, "Ben").await?;
    let offered = has_phrase(&stage, &said, "contingency.call_back");
    stage.report.expect(offered, "no call is offered");
    let (_, said) = stage.says("Ida", "bereaved").await?;
    let apart = has_phrase(&stage, &said, "contingency.apart");
    stage
        .report
        .expect(apart, "the bereaved are not kept apart");
    danger(&mut stage).await?;
    let queue = stage.service.store.queue(stage.clock.now()).await?;
    let second = queue.get(1).map(|row| row.conversation.bereaved);
    let otherwise = "the bereaved are not next in line after danger";
    stage.report.expect(second == Some(true), otherwise);
    let told = stage.told("contingency.call_back").await?;
    let otherwise = format!("of {CROWD} who waited already {told} were offered a call");
    stage.report.expect(told >= CROWD, otherwise);
    everybody_is_taken(&mut stage, &mo).await?;
    stage.rung("surge", false).await;
    Ok(stage)
}

/// An agent takes over everybody who waits, in the order of the queue.
async fn everybody_is_taken(stage: &mut Stage, agent: &AgentRef) -> Result<(), Failure> {
    for row in stage.service.store.queue(stage.clock.now()).await? {
        let job = Job {
            target: Target::Conversation(row.conversation.id),
            kind: EventKind::Claimed {
                agent: agent.clone(),
            },
            dedupe: None,
        };
        stage.service.submit(job).await?;
    }
    Ok(())
}
