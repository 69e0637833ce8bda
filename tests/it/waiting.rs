//! Nobody who waits is ever without a team that can see them and a clock that runs: what no event of a conversation
//! tells is put right by the program, and supervisors hear of it.

use crate::house::{Base, House, TOKEN};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// The account works for these teams alone.
async fn works_for(house: &House, token: &str, name: &str, teams: &[&str]) {
    let accounts = house.get(token, "agents").await;
    let mut accounts = accounts["agents"].as_array().expect("a list").iter();
    let account = accounts.find(|a| a["name"] == name).expect("an account");
    let path = format!("agents/{}/work", account["id"].as_str().expect("an id"));
    let set = house.call(token, Method::PUT, &path, Some(json!({"teams": teams})));
    assert_eq!(set.await.status(), StatusCode::OK, "{name}");
}

/// One figure of the metrics.
async fn metric(house: &House, name: &str) -> String {
    let asked = house.client.get(format!("{}/metrics", house.url));
    let text = asked.bearer_auth(TOKEN).send().await.expect("an answer");
    let text = text.text().await.expect("text");
    let line = text.lines().find(|l| l.starts_with(&format!("{name} ")));
    let value = line.and_then(|l| l.split_once(' ')).expect("a figure");
    value.1.to_owned()
}

async fn until_metric(house: &House, name: &str, wanted: &str) {
    let asking = async {
        while metric(house, name).await != wanted {
            tokio::task::yield_now().await;
        }
    };
    let done = tokio::time::timeout(std::time::Duration::from_secs(30), asking).await;
    done.unwrap_or_else(|_| panic!("{name} never became {wanted}"));
}

fn row(queue: &Value) -> &Value {
    &queue["conversations"][0]
}

on_both! {
    async fn a_team_that_its_last_member_left_hands_on_whom_it_kept_waiting(base: Base) {
        let house = House::open(base).await;
        let mo = house.agent("Mo Bell", "supervisor");
        house.says("w", "1", "I want to speak to a person").await;
        let queue = house.get(&mo, "queue").await;
        assert_eq!(row(&queue)["team"], "front desk");
        assert_eq!(metric(&house, "nohold_waiting_unseen").await, "0");
        works_for(&house, &mo, "Mo Bell", &["complaints team"]).await;
        let queue = house.until(&mo, "queue", |q| row(q)["team"] == "complaints team").await;
        let path = format!("conversations/{}", row(&queue)["id"].as_str().expect("an id"));
        let talk = house.get(&mo, &path).await.to_string();
        assert!(talk.contains("nobody would have seen this"), "{talk}");
        until_metric(&house, "nohold_waiting_unseen", "0").await;
    }

    async fn a_clock_that_was_lost_runs_again_also_over_a_restart(base: Base) {
        let mut house = House::open(base).await;
        house.agent("Mo Bell", "supervisor");
        house.says("w", "1", "I want to speak to a person").await;
        let clocks = "SELECT kind FROM timers WHERE kind = 'pickup_target'";
        assert_eq!(house.rows(clocks).await, ["pickup_target"]);
        house.kill();
        house.change("DELETE FROM timers").await;
        house.start().await;
        house.until_rows(clocks, |rows| rows == ["pickup_target"]).await;
        let kinds = "SELECT kind FROM events WHERE kind = 'recovered'";
        assert_eq!(house.rows(kinds).await, ["recovered"]);
    }

    async fn after_a_long_stop_nobody_who_is_well_is_taken_for_lost(base: Base) {
        let mut house = House::open(base).await;
        house.agent("Mo Bell", "supervisor");
        for person in ["well", "lost"] {
            house.says(person, "1", "I want to speak to a person").await;
        }
        house.kill();
        // What fell due hours ago is fired only now. The clock that is gone shows that it was looked.
        house.change("UPDATE timers SET due = due - 36000000000").await;
        house.change("DELETE FROM timers WHERE conversation = (SELECT id FROM conversations WHERE sender = 'lost')").await;
        house.start().await;
        let lost = "SELECT c.sender FROM events e JOIN conversations c ON c.id = e.conversation WHERE e.kind = 'recovered'";
        house.until_rows(lost, |rows| !rows.is_empty()).await;
        // The next look counts nobody any more.
        until_metric(&house, "nohold_waiting_unseen", "0").await;
        assert_eq!(house.rows(lost).await, ["lost"]);
    }

    async fn whoever_is_with_an_account_that_is_gone_waits_again(base: Base) {
        let house = House::open(base).await;
        let mo = house.agent("Mo Bell", "supervisor");
        let priya = house.agent("Priya Shah", "agent");
        house.says("w", "1", "I want to speak to a person").await;
        let queue = house.get(&priya, "queue").await;
        let path = format!("conversations/{}/claim", row(&queue)["id"].as_str().expect("an id"));
        let (status, _) = house.post(&priya, &path, json!({})).await;
        assert_eq!(status, StatusCode::OK);
        house.change("DELETE FROM agents WHERE name = 'Priya Shah'").await;
        house.until(&mo, "queue", |q| row(q)["team"] == "front desk").await;
    }

    async fn where_nobody_has_an_account_it_is_counted_and_nothing_else(base: Base) {
        let house = House::open(base).await;
        house.says("w", "1", "I want to speak to a person").await;
        until_metric(&house, "nohold_waiting_unseen", "1").await;
        let kinds = "SELECT kind FROM events WHERE kind = 'recovered'";
        assert_eq!(house.rows(kinds).await, Vec::<String>::new());
    }
}
