//! Whatever turns us away (Discord, or the edge in front of it), we wait as long as it says and ask for nothing
//! meanwhile.

use crate::discord::open;
use crate::fakes::discord::{Discord, Edge};
use crate::house::{Base, House};
use serde_json::Value;

/// Every message that waits was tried at least once.
async fn all_tried(house: &House, count: usize) {
    let tried = async {
        loop {
            let rows = house
                .rows("SELECT message FROM outbox WHERE attempts > 0")
                .await;
            if rows.len() >= count {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), tried)
        .await
        .expect("every message was tried");
}

fn state(lines: &Value) -> &str {
    lines["inboxes"][0]["state"].as_str().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_from_the_edge_stops_everything_and_is_told_once() {
    let discord = Discord::open().await;
    let house = open(Base::Sqlite, &discord).await;
    let token = house.agent("Priya Shah", "agent");
    discord.api.change(|api| api.edge = Some(Edge::Page(None)));
    discord.says(40, "hello");
    let lines = house.until(&token, "inboxes", |v| state(v) == "down").await;
    let words = lines["inboxes"][0]["words"].as_str().expect("words");
    assert!(words.contains("429"), "{words}");
    let turned_away = discord.api.look().turned_away;
    for user in 41..51 {
        discord.says(user, "your nurse shouted at me");
    }
    all_tried(&house, 11).await;
    assert_eq!(
        discord.api.look().turned_away,
        turned_away,
        "nothing is asked while we have to wait"
    );
    assert_eq!(house.log().matches("is down").count(), 1, "one line");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_time_is_over_everything_goes_on_by_itself() {
    for edge in [Edge::Page(Some(1)), Edge::Json(1.0), Edge::Global(1.0)] {
        let discord = Discord::open().await;
        let house = open(Base::Sqlite, &discord).await;
        let token = house.agent("Priya Shah", "agent");
        discord.api.change(|api| api.edge = Some(edge));
        discord.says(52, "hello");
        discord.says(53, "hello");
        house.until(&token, "inboxes", |v| state(v) == "down").await;
        all_tried(&house, 2).await;
        discord.api.change(|api| api.edge = None);
        for user in [52, 53] {
            let place = discord.direct(user);
            discord.sent(place, 1).await;
        }
        house.until(&token, "inboxes", |v| state(v) == "up").await;
        assert_eq!(house.log().matches("is down").count(), 1, "{edge:?}");
        let refused = discord.api.look().turned_away;
        assert!(refused <= 12, "{edge:?}: {refused} calls were turned away");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_edge_at_the_start_is_waited_out_too() {
    let discord = Discord::open().await;
    discord
        .api
        .change(|api| api.edge = Some(Edge::Page(Some(1))));
    let house = House::open_with(Base::Sqlite, &discord.settings()).await;
    let token = house.agent("Priya Shah", "agent");
    house.until(&token, "inboxes", |v| state(v) == "down").await;
    discord.api.change(|api| api.edge = None);
    house.until(&token, "inboxes", |v| state(v) == "up").await;
    let place = discord.direct(54);
    discord.says(54, "hello");
    discord.sent(place, 1).await;
}
