//! Every contingency, rehearsed on a throwaway copy: what people see, what they are promised, who is told, and that
//! nothing is lost. The house's own database is never touched.

use crate::house::{Base, House};
use serde_json::Value;
use std::fs;

/// Rehearses it; whether all held, and the report.
async fn rehearse(name: &str, settings: &[(&str, &str)]) -> (bool, Value) {
    let house = House::prepare(Base::Sqlite, settings).await;
    let file = house.folder.path().join("report.json");
    let path = file.display().to_string();
    let done = house.run(&["rehearse", name, "--report", &path], "");
    let shown = String::from_utf8_lossy(&done.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&done.stderr).into_owned();
    let report = fs::read_to_string(&file).unwrap_or_else(|_| panic!("{name}: {shown}\n{wrong}"));
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["rehearsal"], name);
    assert_eq!(done.status.success(), report["held"] == true, "{shown}");
    assert!(shown.contains("First reply: "), "{shown}");
    let own = house.folder.path().join("nohold.db");
    assert!(!own.exists(), "the house's own database was touched");
    (done.status.success(), report)
}

/// All held; the report.
async fn holds(name: &str, settings: &[(&str, &str)]) -> Value {
    let (held, report) = rehearse(name, settings).await;
    assert!(held, "{report:#}");
    assert_eq!(report["messages"]["lost"], 0);
    assert_eq!(report["messages"]["sent"], report["messages"]["kept"]);
    assert_ne!(report["promised"].as_array().expect("a list").len(), 0);
    report
}

fn alerted(report: &Value, what: &str) -> bool {
    let mut all = report["alerted"].as_array().expect("a list").iter();
    all.any(|told| told.as_str().is_some_and(|told| told.contains(what)))
}

fn promised(report: &Value) -> String {
    report["promised"].to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn at_night_the_morning_is_promised_and_supervisors_hear_in_the_morning() {
    let report = holds("night", &[]).await;
    assert!(promised(&report).contains("08:00"), "{report:#}");
    assert!(alerted(&report, "danger (self_harm)") && alerted(&report, "pickup_missed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nobody_there_the_reserve_is_called_and_only_intake_is_promised() {
    let report = holds("no-agents", &[]).await;
    assert_eq!(report["rungs"], serde_json::json!(["nobody_there"]));
    assert!(alerted(&report, "called in (nobody_there)"), "{report:#}");
    assert!(promised(&report).contains("you don't have to stay here"));
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_surge_calls_are_offered_and_danger_and_grief_come_first() {
    let report = holds("surge", &[]).await;
    assert!(alerted(&report, "called in (surge)"), "{report:#}");
    assert_eq!(report["messages"]["sent"], 34);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_is_away_nothing_is_promised_and_nothing_is_lost() {
    let report = holds("database-away", &[]).await;
    let talk = report["talk"].to_string();
    assert!(talk.contains("503 Service Unavailable"), "{talk}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_model_agents_have_the_programs_own_suggestions() {
    holds("llm-away", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_telegram_is_down_the_rest_works_and_what_was_said_arrives_afterwards() {
    let report = holds("telegram-down", &[]).await;
    assert!(alerted(&report, "called in (line_down)"), "{report:#}");
    assert!(report["talk"].to_string().contains("I'm Mo"), "{report:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_discord_is_down_the_rest_works_and_the_desk_knows() {
    let report = holds("discord-down", &[]).await;
    assert!(alerted(&report, "discord is down"), "{report:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_holiday_people_are_told_so() {
    let report = holds("holiday", &[("NOHOLD_PROFILE", "england-nhs")]).await;
    assert!(
        promised(&report).contains("Today is a holiday"),
        "{report:#}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_in_the_middle_of_many_messages_loses_none() {
    let report = holds("power-cut", &[]).await;
    assert_eq!(report["messages"]["twice"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_ladder_a_rehearsal_says_what_does_not_hold() {
    let flows = tempfile::tempdir().expect("a folder");
    fs::write(flows.path().join("contingency.yaml"), "rungs: []\n").expect("written");
    let folder = flows.path().display().to_string();
    let settings = [
        ("NOHOLD_FLOWS", folder.as_str()),
        ("NOHOLD_PROFILE", "england-nhs"),
    ];
    let (held, report) = rehearse("holiday", &settings).await;
    assert!(!held);
    let failed = report["failed"].to_string();
    assert!(
        failed.contains("the rung 'holiday' did not begin"),
        "{failed}"
    );
    assert!(
        failed.contains("no notice stands in the greeting"),
        "{failed}"
    );
}
