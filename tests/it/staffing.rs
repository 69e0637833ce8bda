//! How many people, from what really came.

use crate::house::{Base, House};
use crate::on_both;
use jiff::{Timestamp, ToSpan};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// Six people an hour at ten o'clock on each of so many days before today, each taken over after half a minute and done
/// after twelve and a half; one of them gave up after a minute.
async fn days(house: &House, days: i64) {
    let now = house
        .rows("SELECT CAST(CAST(strftime('%s', 'now') AS BIGINT) AS TEXT)")
        .await;
    let now = Timestamp::from_second(now[0].parse().expect("seconds")).expect("a moment");
    let today = now
        .in_tz("Europe/London")
        .expect("the organisation's zone")
        .date();
    let mut position = 1_000_000;
    for day in 1..=days {
        let ten = today.saturating_sub(day.days()).at(10, 0, 0, 0);
        let ten = ten
            .in_tz("Europe/London")
            .expect("a moment")
            .timestamp()
            .as_microsecond();
        for person in 0..6 {
            let began = ten + person * 5 * 60 * 1_000_000;
            let waits: &[(&str, i64)] = if person == 5 {
                &[("abandoned", 60)]
            } else {
                &[("pick_up", 30), ("resolution", 750)]
            };
            for (what, seconds) in waits {
                position += 1;
                let at = began + seconds * 1_000_000;
                house.change(&format!("INSERT INTO measures (position, what, at, seconds, inbox) VALUES ({position}, '{what}', {at}, {seconds}, 'http')")).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forecast_is_made_of_four_weeks_and_of_no_less() {
    let house = House::open_with(Base::Sqlite, &[]).await;
    let (priya, mo) = (
        house.agent("Priya Shah", "agent"),
        house.agent("Mo Bell", "supervisor"),
    );
    let refused = house.call(&priya, Method::GET, "staffing", None).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let empty = house.get(&mo, "staffing").await;
    assert_eq!(
        [
            &empty["cells"],
            &empty["handling_measured"],
            &empty["casework"]["open"]
        ],
        [&Value::Null, &json!(false), &json!(0)]
    );
    days(&house, 35).await;
    let found = house
        .get(&mo, "staffing?people=3&concurrency=1&target_seconds=120")
        .await;
    assert_eq!(found["weeks"], 5.0, "{found}");
    assert_eq!(
        [&found["handling_seconds"], &found["handling_measured"]],
        [&json!(720.0), &json!(true)]
    );
    // Five answered after 30 s and one who left after 60: 210 s of waiting for each who left.
    assert_eq!(found["patience_seconds"], 210.0);
    let cells = found["cells"].as_array().expect("cells");
    assert_eq!(cells.len(), 7, "one hour of each weekday");
    assert!(
        cells
            .iter()
            .all(|c| c["arrivals"] == 6.0 && c["needed"] == 3),
        "{cells:?}"
    );
    let low = found["busiest"]["now"]["low"].as_f64().expect("a share");
    let fewer = found["busiest"]["fewer"]["low"].as_f64().expect("a share");
    assert!(
        (low - 0.8954).abs() < 1e-3 && (fewer - 0.6062).abs() < 1e-3,
        "{low} {fewer}"
    );
    assert_eq!(found["roster"], 5);
    for (asked, field) in [
        ("people=0", "people"),
        ("people=x", "people"),
        ("handling_seconds=-1", "handling_seconds"),
        ("shrinkage=1", "shrinkage"),
    ] {
        let wrong = house
            .call(&mo, Method::GET, &format!("staffing?{asked}"), None)
            .await;
        assert_eq!(wrong.status(), StatusCode::BAD_REQUEST);
        let body: Value = wrong.json().await.expect("JSON");
        assert_eq!(body["error"]["field"], field);
    }
}

on_both! {
    async fn casework_names_what_is_open(base: Base) {
        let house = House::open(base).await;
        let mo = house.agent("Mo Bell", "supervisor");
        let answer = house.says("ann", "1", "your nurse swore at my mother on Tuesday, I want to complain").await;
        assert!(answer["complaint"].is_string());
        let found = house.get(&mo, "staffing").await;
        let cases = &found["casework"];
        assert_eq!([&cases["open"], &cases["overdue"], &cases["will_miss_count"]], [&json!(1), &json!(0), &json!(1)], "nothing was ever answered: {cases}");
        assert_eq!(cases["will_miss"], json!([answer["complaint"]]));
    }
}
