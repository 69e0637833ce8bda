//! Two versions at once, for the time of an upgrade: an older program goes on while a newer one has added to the
//! schema.

use crate::{
    house::{Base, House},
    on_both,
    socket::open_feed,
};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::{fs, path::Path};

/// The first migration that the rule holds for: with those before nothing was released.
const FROM: &str = "0070";
/// What takes something away from whoever still uses it.
const CONTRACTS: [&str; 8] = [
    "DROP ",
    "RENAME ",
    "ALTER COLUMN",
    "DELETE FROM",
    "TRUNCATE",
    "SET NOT NULL",
    "ADD CONSTRAINT",
    "CREATE UNIQUE INDEX",
];
/// The words by which a migration says that it needs all programs to stop.
const SAYS_SO: &str = "stop all programs first";

/// What of a migration an older program would stumble over.
fn contracts(text: &str) -> Vec<String> {
    let said = text.to_lowercase().contains(SAYS_SO);
    let sql: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"))
        .collect::<Vec<_>>()
        .join(" ")
        .to_uppercase();
    let statements = sql.split(';').map(str::trim).filter(|s| !s.is_empty());
    let breaks = |statement: &&str| {
        let filled = statement.contains("ADD COLUMN")
            && statement.contains("NOT NULL")
            && !statement.contains("DEFAULT");
        !said && (filled || CONTRACTS.iter().any(|word| statement.contains(word)))
    };
    statements.filter(breaks).map(str::to_owned).collect()
}

#[test]
fn migrations_only_add_or_say_that_all_programs_must_stop() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut looked_at = 0;
    for entry in fs::read_dir(folder).expect("the migrations") {
        let path = entry.expect("a file").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if *name >= *FROM {
            let text = fs::read_to_string(&path).expect("text");
            assert_eq!(contracts(&text), [] as [&str; 0], "{name}");
            looked_at += 1;
        }
    }
    assert!(looked_at > 0);
    let taken_away = "-- Not used any more.\nALTER TABLE messages DROP COLUMN text;";
    assert_eq!(
        contracts(taken_away),
        ["ALTER TABLE MESSAGES DROP COLUMN TEXT"]
    );
    let must_be_filled = "ALTER TABLE messages ADD COLUMN later TEXT NOT NULL;";
    assert_eq!(contracts(must_be_filled).len(), 1);
    let may_be_empty = "ALTER TABLE messages ADD COLUMN later TEXT; ALTER TABLE messages ADD COLUMN kind TEXT NOT NULL DEFAULT ''";
    assert_eq!(contracts(may_be_empty), [] as [&str; 0]);
    let announced = format!("-- Since 0.3; {SAYS_SO}.\nDROP TABLE old;");
    assert_eq!(contracts(&announced), [] as [&str; 0]);
}

/// One conversation through all of it: a complaint, a person who takes it, answers, notes, labels and resolves.
async fn a_day(houses: [&House; 2], agent: &str, name: &str) {
    let [one, other] = houses;
    one.says(
        name,
        "1",
        "Your home nurse shouted at my neighbour last Tuesday",
    )
    .await;
    let told = other.says(name, "2", "I want to speak to a person").await;
    let id = told["conversation"].as_str().expect("an id").to_owned();
    assert!(told["complaint"].is_string(), "{told}");
    let act = async |house: &House, what: &str, body: Value| {
        let (status, body) = house
            .post(agent, &format!("conversations/{id}/{what}"), body)
            .await;
        assert_eq!(status, StatusCode::OK, "{what}: {body}");
    };
    act(one, "claim", json!({})).await;
    act(
        other,
        "messages",
        json!({"id": "r", "text": "I am so sorry. I will ring the team today."}),
    )
    .await;
    act(one, "notes", json!({"id": "n", "text": "Rang the team."})).await;
    act(other, "labels", json!({"add": ["phone"]})).await;
    act(one, "resolve", json!({})).await;
    let shown = other.get(agent, &format!("conversations/{id}")).await;
    let said: Vec<&str> = shown["messages"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|m| m["from"] != "bot")
        .filter_map(|m| m["text"].as_str())
        .collect();
    assert_eq!(
        said,
        [
            "Your home nurse shouted at my neighbour last Tuesday",
            "I want to speak to a person",
            "I am so sorry. I will ring the team today.",
            "Rang the team.",
        ]
    );
    for path in [
        "queue",
        "conversations?status=resolved",
        "complaints",
        "mentions",
        "reports",
        "labels",
    ] {
        one.get(agent, path).await;
    }
}

/// What a newer program's migrations may do to a schema: a column more in every table, and tables of its own.
async fn expand(house: &House) {
    let sql = if house.database.starts_with("sqlite") {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'message_words%' \
         AND name NOT LIKE 'complaint_index%' AND name <> '_sqlx_migrations'"
    } else {
        "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = current_schema() \
         AND table_type = 'BASE TABLE' AND table_name <> '_sqlx_migrations'"
    };
    let tables = house.rows(sql).await;
    assert!(tables.len() > 20, "{tables:?}");
    for table in tables {
        house
            .change(&format!("ALTER TABLE {table} ADD COLUMN of_later TEXT"))
            .await;
        house
            .change(&format!(
                "ALTER TABLE {table} ADD COLUMN counted_later BIGINT NOT NULL DEFAULT 0"
            ))
            .await;
    }
    house
        .change("CREATE TABLE of_later (id TEXT PRIMARY KEY)")
        .await;
}

on_both! {
    async fn a_program_goes_on_while_the_schema_grows_under_it(base: Base) {
        let house = House::open(base).await;
        let agent = house.agent("Priya Shah", "supervisor");
        a_day([&house, &house], &agent, "ann").await;
        expand(&house).await;
        a_day([&house, &house], &agent, "ben").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Postgres: run ./scripts/test"]
async fn an_older_and_a_newer_program_tell_each_other_what_both_know() {
    let older = House::open(Base::Postgres).await;
    let agent = older.agent("Priya Shah", "supervisor");
    let mut feed = open_feed(&older, &agent, "").await;
    crate::several::until(&mut feed, |f| f["type"] == "ready").await;
    expand(&older).await;
    let newer = older.beside(&[]).await;
    // A newer program tells more than an older one knows, in notices and beside events.
    older
        .rows(r#"SELECT CAST(pg_notify('nohold', '{"from":"newer","kind":"of_later","what":[1,{"x":2}]}') AS TEXT)"#)
        .await;
    older
        .rows("SELECT CAST(pg_notify('nohold', 'no JSON') AS TEXT)")
        .await;
    a_day([&older, &newer], &agent, "cy").await;
    crate::several::until(&mut feed, |f| f["type"] == "resolved").await;
    older
        .until_ready("heard", |r| r.contains("hears others: yes"))
        .await;
}
