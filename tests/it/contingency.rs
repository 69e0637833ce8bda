//! The ladder of contingencies, followed by the program: begun, shown, told, undone, looked at afterwards.

use crate::{
    fakes::{Fault, telegram::Telegram},
    house::{Base, House, TOKEN},
    on_both,
    several::until,
    socket::open_feed,
};
use nohold::{
    domain::{QueueFacts, Timestamp},
    store::{Opener, RungTurn, Store},
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::{fs, path::PathBuf, time::Duration};

/// A ladder whose only rung holds as long as two people or more wait.
const LADDER: &str = "rungs:
  - rung: surge
    about: {en: Many write at once, es: Escriben muchas personas}
    when: waiting >= 2
    until: waiting == 0
    steps:
      - notice: contingency.busy
      - offer_call_backs: contingency.call_back
      - call_in: supervisor
      - review: What brought them
";

/// A house whose flows lie in a folder, with this ladder.
async fn house_with(base: Base, ladder: &str) -> (House, PathBuf) {
    let mut house = House::prepare(base, &[]).await;
    let flows = house.folder.path().join("flows");
    fs::create_dir(&flows).expect("a folder");
    let file = flows.join("contingency.yaml");
    fs::write(&file, ladder).expect("written");
    house.set("NOHOLD_FLOWS", &flows.display().to_string());
    house.start().await;
    (house, file)
}

fn held(ladder: &Value) -> Vec<&str> {
    let names = ladder["holding"].as_array().expect("a list").iter();
    names.filter_map(Value::as_str).collect()
}

async fn claims_all(house: &House, token: &str) {
    let queue = house.get(token, "queue").await;
    for row in queue["conversations"].as_array().expect("a list") {
        let path = format!("conversations/{}/claim", row["id"].as_str().expect("an id"));
        assert_eq!(house.post(token, &path, json!({})).await.0, StatusCode::OK);
    }
}

on_both! {
    async fn it_is_followed_shown_undone_and_looked_at_afterwards(base: Base) {
        let (mut house, _) = house_with(base, LADDER).await;
        let mo = house.agent("Mo Bell", "supervisor");
        house.says("a", "1", "I want to speak to a person").await;
        let looked = house.until(&mo, "contingency", |l| l["facts"]["waiting"] == 1).await;
        assert_eq!(held(&looked), Vec::<&str>::new());
        house.says("b", "1", "I want to speak to a person").await;
        let ladder = house.until(&mo, "contingency", |l| held(l) == ["surge"]).await;
        let one = &ladder["contingencies"][0];
        assert_eq!(one["about"], "Many write at once");
        assert_eq!((&one["why"]["waiting"], &one["ended"]), (&json!(2), &Value::Null));
        let steps: Vec<&str> = (ladder["ladder"][0]["steps"].as_array().expect("a list").iter())
            .filter_map(|s| s["step"].as_str())
            .collect();
        assert_eq!(steps, ["notice", "offer_call_backs", "call_in", "review"]);

        // Whoever waits already is offered a call, whoever comes is told so in the greeting.
        let offered = "SELECT kind FROM events WHERE kind = 'rung_began'";
        house.until_rows(offered, |rows| rows.len() == 2).await;
        let said = house.says("c", "1", "hello").await.to_string();
        assert!(said.contains("Many people are writing to us today"), "{said}");
        let metrics = house.client.get(format!("{}/metrics", house.url)).bearer_auth(TOKEN);
        let metrics = metrics.send().await.expect("an answer").text().await.expect("text");
        assert!(metrics.contains("nohold_contingency{rung=\"surge\"} 1"), "{metrics}");

        // It holds over a restart, as it stood.
        let began = one["began"].clone();
        house.kill();
        house.start().await;
        let ladder = house.until(&mo, "contingency", |l| held(l) == ["surge"]).await;
        assert_eq!(ladder["contingencies"][0]["began"], began);

        // Undone by itself, and to be looked at.
        claims_all(&house, &mo).await;
        let ladder = house.until(&mo, "contingency", |l| held(l).is_empty()).await;
        let over = &ladder["contingencies"][0];
        assert_eq!(over["review"], json!(["What brought them"]));
        let said = house.says("d", "1", "hello").await.to_string();
        assert!(!said.contains("Many people"), "{said}");
        let path = format!("contingency/{}/reviewed", over["id"].as_str().expect("an id"));
        let priya = house.agent("Priya Shah", "agent");
        assert_eq!(house.call(&priya, Method::POST, &path, None).await.status(), StatusCode::FORBIDDEN);
        assert_eq!(house.call(&mo, Method::POST, &path, None).await.status(), StatusCode::NO_CONTENT);
        assert_eq!(house.call(&mo, Method::POST, &path, None).await.status(), StatusCode::NOT_FOUND);
        let ladder = house.get(&mo, "contingency").await;
        assert_eq!(ladder["contingencies"][0]["reviewed_by"], "Mo Bell");
        let kept = house.rows("SELECT reviewed_by FROM contingencies").await;
        assert_eq!(kept, house.rows("SELECT id FROM agents WHERE name = 'Mo Bell'").await);
        assert_eq!(ladder["contingencies"][0]["review"], json!([]));
    }

    async fn what_a_program_that_died_had_not_carried_out_is_carried_out_by_the_next(base: Base) {
        let (mut house, _) = house_with(base, &LADDER.replace(">= 2", ">= 3")).await;
        let mo = house.agent("Mo Bell", "supervisor");
        for person in ["a", "b"] {
            house.says(person, "1", "I want to speak to a person").await;
        }
        house.kill();
        house.change("INSERT INTO contingencies (id, rung, began, why, review) VALUES ('it-died', 'surge', 1, '{}', 0)").await;
        house.start().await;
        let offered = "SELECT c.sender FROM events e JOIN conversations c ON c.id = e.conversation WHERE e.kind = 'rung_began' ORDER BY c.sender";
        house.until_rows(offered, |rows| rows == ["a", "b"]).await;
        let done = "SELECT rung FROM contingencies WHERE carried_out = 1";
        house.until_rows(done, |rows| rows == ["surge"]).await;
        // Once: the next start finds it done.
        house.kill();
        house.start().await;
        house.says("c", "1", "I want to speak to a person").await;
        house.until(&mo, "contingency", |l| l["facts"]["waiting"] == 3).await;
        assert_eq!(house.rows(offered).await, ["a", "b"]);
    }

    async fn a_rung_begins_once_and_with_it_stands_what_the_webhook_is_told(base: Base) {
        // The house is only needed for its fresh database.
        let house = House::prepare(base, &[]).await;
        let store = Store::open(&house.database, Opener::Tool).await.expect("opens");
        let facts = QueueFacts::default();
        let turn = RungTurn { rung: "surge", at: Timestamp(1), facts: &facts, told: true };
        house.change("ALTER TABLE webhooks RENAME TO not_there").await;
        store.rung_began("1", &turn, false).await.expect_err("half of it is nothing");
        assert_eq!(store.contingencies().await.expect("reads"), []);
        house.change("ALTER TABLE not_there RENAME TO webhooks").await;
        assert!(store.rung_began("2", &turn, false).await.expect("written"));
        assert!(!store.rung_began("3", &turn, false).await.expect("it holds already"));
        assert!(store.rung_ended(&turn).await.expect("written"));
        assert!(!store.rung_ended(&turn).await.expect("it is over already"));
        let turn = RungTurn { at: Timestamp(2), ..turn };
        assert!(store.rung_began("4", &turn, false).await.expect("it may hold again"));
        let rungs = store.contingencies().await.expect("reads").into_iter();
        let rungs: Vec<_> = rungs.map(|c| (c.id, c.ended)).collect();
        assert_eq!(rungs, [("4".to_owned(), None), ("2".to_owned(), Some(Timestamp(1)))]);
        store.close().await;
    }

    async fn a_broken_ladder_is_refused_and_what_ran_goes_on(base: Base) {
        let (house, file) = house_with(base, LADDER).await;
        let mo = house.agent("Mo Bell", "supervisor");
        fs::write(&file, LADDER.replace("waiting >= 2", "patience >= 2")).expect("written");
        let refused = "contingency.yaml:4:11: the condition mentions 'patience'";
        let looking = async {
            while !house.log().contains(refused) {
                tokio::task::yield_now().await;
            }
        };
        let found = tokio::time::timeout(Duration::from_secs(30), looking).await;
        assert!(found.is_ok(), "{}", house.log());
        house.says("a", "1", "I want to speak to a person").await;
        house.says("b", "1", "I want to speak to a person").await;
        house.until(&mo, "contingency", |l| held(l) == ["surge"]).await;
        let checked = house.run(&["check"], "");
        assert!(!checked.status.success());
        let said = String::from_utf8_lossy(&checked.stderr).into_owned();
        assert!(said.contains(refused), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Postgres: run ./scripts/test"]
async fn of_two_programs_one_follows_the_ladder_and_both_go_by_it() {
    let (one, _) = house_with(Base::Postgres, LADDER).await;
    let flows = one.folder.path().join("flows").display().to_string();
    let other = one.beside(&[("NOHOLD_FLOWS", &flows)]).await;
    let mo = one.agent("Mo Bell", "supervisor");
    one.says("a", "1", "I want to speak to a person").await;
    other.says("b", "1", "I want to speak to a person").await;
    one.until(&mo, "contingency", |l| held(l) == ["surge"])
        .await;
    let ladder = other
        .until(&mo, "contingency", |l| held(l) == ["surge"])
        .await;
    // Whoever follows it wrote it down once.
    assert_eq!(ladder["contingencies"].as_array().map(Vec::len), Some(1));
    let said = other.says("c", "1", "hello").await.to_string();
    assert!(
        said.contains("Many people are writing to us today"),
        "{said}"
    );

    // It is looked at at one desk, and seen at the other.
    claims_all(&one, &mo).await;
    let over = other
        .until(&mo, "contingency", |l| held(l).is_empty())
        .await;
    let mut desk = open_feed(&other, &mo, "").await;
    until(&mut desk, |frame| frame["type"] == "ready").await;
    let id = over["contingencies"][0]["id"].as_str().expect("an id");
    let path = format!("contingency/{id}/reviewed");
    let looked = one.call(&mo, Method::POST, &path, None).await;
    assert_eq!(looked.status(), StatusCode::NO_CONTENT);
    until(&mut desk, |frame| frame["type"] == "contingency").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Postgres: run ./scripts/test"]
async fn a_line_that_is_down_is_a_fact_at_both_programs() {
    let telegram = Telegram::open().await;
    telegram
        .api
        .change(|api| api.faults.add("getupdates", Fault::Broken, 1_000));
    let one = House::open_with(Base::Postgres, &telegram.settings()).await;
    let other = one.beside(&telegram.settings()).await;
    let mo = one.agent("Mo Bell", "supervisor");
    for house in [&one, &other] {
        house
            .until(&mo, "contingency", |l| {
                l["facts"]["down"] == json!(["telegram"])
            })
            .await;
    }
}
