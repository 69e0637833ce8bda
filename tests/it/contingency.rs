//! The ladder of contingencies, followed by the program: begun, shown, told, undone, looked at afterwards.

use crate::house::{Base, House, TOKEN};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::{fs, path::PathBuf};

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
        assert_eq!(held(&house.get(&mo, "contingency").await), Vec::<&str>::new());
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
        assert_eq!(ladder["contingencies"][0]["review"], json!([]));
    }

    async fn a_broken_ladder_is_refused_and_what_ran_goes_on(base: Base) {
        let (house, file) = house_with(base, LADDER).await;
        let mo = house.agent("Mo Bell", "supervisor");
        fs::write(&file, LADDER.replace("waiting >= 2", "patience >= 2")).expect("written");
        let refused = "contingency.yaml:4:11: the condition mentions 'patience'";
        for _ in 0..1_000 {
            if house.log().contains(refused) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert!(house.log().contains(refused), "{}", house.log());
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
}
