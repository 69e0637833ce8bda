//! Practice with made-up people: the scenarios, and the caller's own runs. Nobody else sees these.

use super::{
    App, Shared,
    auth::Caller,
    body::Body,
    error::{ApiError, ErrorBody},
};
use crate::{
    domain::{Role, Timestamp},
    drill::{Drill, Drills, Help, Judged, Outcome, Refused, Run, Scenario, Turn, due_again},
    store::DrillRow,
};
use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};

/// A team's figures are shown where at least so many people practised: of fewer, somebody could be picked out.
const FEWEST: i64 = 3;
/// Days over which a team's figures go.
const DAYS: i64 = 90;

/// A scenario, and how the caller stands with it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct DrillOut {
    /// Its name.
    id: String,
    /// What it is about.
    title: String,
    /// 1 or 2.
    level: u8,
    /// Who it is.
    persona: String,
    /// ISO 639-1 code.
    language: String,
    /// How many runs of it the caller ended.
    runs: usize,
    /// The best rule score of these, from 0 to 1.
    best: Option<f64>,
    /// Whether one of them was passed.
    passed: bool,
    /// When it is due again, RFC 3339.
    due_at: Option<String>,
    /// Whether it is due now.
    due: bool,
    /// A run that is not over, by its id.
    open_run: Option<String>,
}

/// What a team's practice came to.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TeamPractice {
    /// Over so many days.
    days: i64,
    /// How many people practised.
    people: i64,
    /// Runs that ended.
    runs: i64,
    /// The share of them that was passed.
    passed: f64,
    /// The mean rule score.
    score: Option<f64>,
}

/// Everything to practise with.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct DrillsOut {
    /// By level and name.
    drills: Vec<DrillOut>,
    /// What everybody's practice came to, without names; for supervisors, and only where three people or more
    /// practised.
    team: Option<TeamPractice>,
}

fn stand(scenario: &Scenario, runs: &[DrillRow], now: Timestamp) -> DrillOut {
    let own = || runs.iter().filter(|r| r.drill == scenario.id);
    let ended: Vec<&DrillRow> = own().filter(|r| r.ended_at.is_some()).collect();
    let due_at = ended.iter().max_by_key(|r| r.number).and_then(|last| {
        let ended_at = last.ended_at?;
        due_again(last.number, ended_at.0).map(Timestamp)
    });
    DrillOut {
        id: scenario.id.clone(),
        title: scenario.title.clone(),
        level: scenario.level,
        persona: scenario.persona.clone(),
        language: scenario.language.clone(),
        runs: ended.len(),
        best: ended.iter().filter_map(|r| r.score).reduce(f64::max),
        passed: ended.iter().any(|r| r.passed),
        due: due_at.is_some_and(|at| at <= now),
        due_at: due_at.map(Timestamp::rfc3339),
        open_run: own().find(|r| r.ended_at.is_none()).map(|r| r.id.clone()),
    }
}

/// The scenarios for practice, with how the caller stands. A drill touches no conversation, no record and no figure.
#[utoipa::path(get, path = "/api/v1/drills", tag = "desk", responses((status = 200, description = "Scenarios", body = DrillsOut)))]
pub(super) async fn list(State(app): Shared, caller: Caller) -> Result<Json<DrillsOut>, ApiError> {
    let (store, now) = (&app.service.store, app.service.clock.now());
    let runs = store.drill_runs(caller.agent.id).await?;
    let runtime = app.service.runtime();
    let drills = runtime.drills.all().map(|s| stand(s, &runs, now)).collect();
    let mut team = None;
    if caller.at_least(Role::Supervisor).is_ok() {
        let since = Timestamp(now.0 - DAYS * 24 * 60 * 60 * 1_000_000);
        let figures = store.drill_figures(since).await?;
        team = (figures.people >= FEWEST).then(|| TeamPractice {
            days: DAYS,
            people: figures.people,
            runs: figures.ended,
            passed: figures.passed as f64 / figures.ended.max(1) as f64,
            score: figures.score,
        });
    }
    Ok(Json(DrillsOut { drills, team }))
}

/// A run as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    run: Run,
    /// As it stood before the last reply, for writing that one again.
    before: Option<Run>,
    turns: Vec<Turn>,
}

/// What was said.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct DrillLineOut {
    /// `person` or `agent`.
    from: &'static str,
    /// The words.
    text: String,
}

/// A run.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct DrillRunOut {
    /// Its id.
    id: String,
    /// The scenario's name.
    drill: String,
    /// What it is about.
    title: String,
    /// Who it is.
    persona: String,
    /// ISO 639-1 code.
    language: String,
    /// The how-manieth of the caller with this scenario.
    number: i64,
    /// How much is said after each reply: less from run to run.
    help: Help,
    /// What was said, in order.
    lines: Vec<DrillLineOut>,
    /// What followed from each reply. Scores and feedback are as much as the help allows, and all once it is over.
    turns: Vec<Turn>,
    /// What it came to, once it is over.
    result: Option<Outcome>,
}

fn drill<'d>(drills: &'d Drills, id: &str) -> Result<Drill<'d>, ApiError> {
    drills.drill(id).ok_or_else(|| ApiError::missing("drill"))
}

fn shown(drills: &Drills, row: &DrillRow, kept: &Kept) -> Result<DrillRunOut, ApiError> {
    let drill = drill(drills, &row.drill)?;
    let scenario = drills
        .by_id(&row.drill)
        .ok_or_else(|| ApiError::missing("drill"))?;
    let help = Help::of(row.number);
    let mut lines = Vec::new();
    for (n, text) in kept.run.said.iter().enumerate() {
        let line = |from, text: &String| DrillLineOut {
            from,
            text: text.clone(),
        };
        lines.push(line("person", text));
        lines.extend(kept.run.replies.get(n).map(|reply| line("agent", reply)));
    }
    let hidden = help == Help::AtTheEnd && !kept.run.done;
    let turn = |turn: &Turn| {
        let mut turn = turn.clone();
        turn.feedback = help.shown(turn.feedback, kept.run.done);
        if hidden {
            turn.score.clear();
            turn.spans.clear();
            turn.rules.clear();
        }
        turn
    };
    Ok(DrillRunOut {
        id: row.id.clone(),
        drill: row.drill.clone(),
        title: scenario.title.clone(),
        persona: scenario.persona.clone(),
        language: scenario.language.clone(),
        number: row.number,
        help,
        lines,
        turns: kept.turns.iter().map(turn).collect(),
        result: kept.run.done.then(|| drill.outcome(&kept.run)),
    })
}

fn kept_as(kept: &Kept) -> Result<String, ApiError> {
    serde_json::to_string(kept).map_err(|_| ApiError::unavailable("the run cannot be kept"))
}

async fn own(app: &App, caller: &Caller, id: &str) -> Result<(DrillRow, Kept), ApiError> {
    let found = app.service.store.drill_run(caller.agent.id, id).await?;
    let (row, body) = found.ok_or_else(|| ApiError::missing("run"))?;
    let kept = serde_json::from_str(&body);
    let kept = kept.map_err(|_| ApiError::unavailable("the run cannot be read any more"))?;
    Ok((row, kept))
}

/// Begins a run: the person says their first words. Each has other wordings than the one before, and less help.
#[utoipa::path(post, path = "/api/v1/drills/{id}/runs", tag = "desk", params(("id" = String, Path, description = "The scenario")), responses(
    (status = 200, description = "The run", body = DrillRunOut),
    (status = 404, description = "There is no such scenario", body = ErrorBody)))]
pub(super) async fn begin(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<DrillRunOut>, ApiError> {
    let runtime = app.service.runtime();
    let drill = drill(&runtime.drills, &id)?;
    let store = &app.service.store;
    let runs = store.drill_runs(caller.agent.id).await?;
    let ended = runs
        .iter()
        .filter(|r| r.drill == id && r.ended_at.is_some());
    let number = ended.count() as i64 + 1;
    let kept = Kept {
        run: drill.begin(number as u32 - 1),
        before: None,
        turns: Vec::new(),
    };
    let row = DrillRow {
        id: app.service.clock.secret(),
        agent: caller.agent.id,
        drill: id,
        number,
        begun_at: app.service.clock.now(),
        ended_at: None,
        turns: 0,
        passed: false,
        score: None,
    };
    store.begin_drill(&row, &kept_as(&kept)?).await?;
    shown(&runtime.drills, &row, &kept).map(Json)
}

/// One of the caller's own runs.
#[utoipa::path(get, path = "/api/v1/drill-runs/{id}", tag = "desk", params(("id" = String, Path, description = "The run")), responses(
    (status = 200, description = "The run", body = DrillRunOut),
    (status = 404, description = "The caller has no such run", body = ErrorBody)))]
pub(super) async fn show(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<DrillRunOut>, ApiError> {
    let (row, kept) = own(&app, &caller, &id).await?;
    shown(&app.service.runtime().drills, &row, &kept).map(Json)
}

/// What is replied.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DrillReply)]
pub(super) struct ReplyIn {
    /// The words, at most 4,000 characters.
    reply: String,
    /// How many seconds it took.
    #[serde(default)]
    seconds: Option<u32>,
}

fn refused(why: Refused) -> ApiError {
    match why {
        Refused::Over => ApiError::conflict("over", "this conversation is over: begin another"),
        Refused::Empty | Refused::TooLong => ApiError::field("reply", why.to_string()),
    }
}

/// Replies to the person, who answers at once.
#[utoipa::path(post, path = "/api/v1/drill-runs/{id}/replies", tag = "desk", params(("id" = String, Path, description = "The run")), request_body = ReplyIn, responses(
    (status = 200, description = "The run, with what followed", body = DrillRunOut),
    (status = 400, description = "There are no words in it, or too many", body = ErrorBody),
    (status = 404, description = "The caller has no such run", body = ErrorBody),
    (status = 409, description = "It is over, or another reply came first", body = ErrorBody)))]
pub(super) async fn reply(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<ReplyIn>,
) -> Result<Json<DrillRunOut>, ApiError> {
    let (mut row, mut kept) = own(&app, &caller, &id).await?;
    let runtime = app.service.runtime();
    let drill = drill(&runtime.drills, &row.drill)?;
    kept.before = Some(kept.run.clone());
    let turn = drill.step(&mut kept.run, &body.reply, body.seconds);
    kept.turns.push(turn.map_err(refused)?);
    row.turns += 1;
    if kept.run.done {
        let outcome = drill.outcome(&kept.run);
        row.ended_at = Some(app.service.clock.now());
        row.passed = outcome.passed;
        row.score = Some(outcome.rule_score);
    }
    let store = &app.service.store;
    if !store.go_on_with_drill(&row, &kept_as(&kept)?).await? {
        return Err(ApiError::conflict(
            "changed",
            "another reply came first: look again",
        ));
    }
    shown(&runtime.drills, &row, &kept).map(Json)
}

/// Judges the last reply, written again. The run stays as it is.
#[utoipa::path(post, path = "/api/v1/drill-runs/{id}/rewrites", tag = "desk", params(("id" = String, Path, description = "The run")), request_body = ReplyIn, responses(
    (status = 200, description = "How it would have been judged", body = Judged),
    (status = 400, description = "There are no words in it, or too many", body = ErrorBody),
    (status = 404, description = "The caller has no such run", body = ErrorBody),
    (status = 409, description = "Nothing was replied yet", body = ErrorBody)))]
pub(super) async fn rewrite(
    State(app): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Body(body): Body<ReplyIn>,
) -> Result<Json<Judged>, ApiError> {
    let (row, kept) = own(&app, &caller, &id).await?;
    let nothing = || {
        ApiError::conflict(
            "nothing",
            "nothing was replied yet that could be written again",
        )
    };
    let before = kept.before.ok_or_else(nothing)?;
    let runtime = app.service.runtime();
    let drill = drill(&runtime.drills, &row.drill)?;
    let mut judged = drill
        .judge(&before, &body.reply, body.seconds)
        .map_err(refused)?;
    let help = Help::of(row.number);
    judged.feedback = help.shown(judged.feedback, kept.run.done);
    if help == Help::AtTheEnd && !kept.run.done {
        judged.score.clear();
        judged.spans.clear();
    }
    Ok(Json(judged))
}
