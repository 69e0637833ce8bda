//! Reports, as programs meet them.

use crate::house::{Base, House};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn worked_on(house: &House, token: &str, person: &str) {
    let answer = house
        .says(
            person,
            &format!("{person}-1"),
            "I want to speak to a person",
        )
        .await;
    let id = answer["conversation"].as_str().expect("an id");
    house.post(token, &format!("conversations/{id}/messages"), json!({"id": format!("r-{person}"), "text": "Hello, I am here and will look into it today."})).await;
    house
        .post(token, &format!("conversations/{id}/resolve"), json!({}))
        .await;
}

on_both! {
    async fn waits_are_reported_by_channel_and_team_to_supervisors_alone(base: Base) {
        let house = House::open(base).await;
        let (priya, mo) = (house.agent("Priya Shah", "agent"), house.agent("Mo Bell", "supervisor"));
        for person in ["ann", "ben"] {
            worked_on(&house, &priya, person).await;
        }
        // As if it had taken a while.
        house.change("UPDATE measures SET seconds = 90 WHERE what = 'resolution'").await;
        let report = house.get(&mo, "reports").await;
        let rows = report["rows"].as_array().expect("rows").clone();
        let of = |measure: &str, by: &str| -> Value {
            let mut all = rows.iter();
            all.find(|r| r["measure"] == measure && r["by"] == by).expect("a row").clone()
        };
        for measure in ["first_reply", "pick_up", "first_human_reply", "resolution"] {
            assert_eq!(of(measure, "all")["count"], 2, "{measure}");
            assert_eq!(of(measure, "channel")["name"], "http", "{measure}");
        }
        assert_eq!(of("pick_up", "team")["name"], "front desk");
        assert_eq!(of("pick_up", "feeling")["name"], "upset");
        assert_eq!(of("resolution", "hour")["count"], 2);
        let took = of("resolution", "all");
        assert_eq!([&took["median"], &took["p90"], &took["longest"]], [&json!(90), &json!(90), &json!(90)]);
        let refused = house.call(&priya, Method::GET, "reports", None).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        let csv = house.call(&mo, Method::GET, "reports.csv", None).await;
        assert!(csv.headers()["content-type"].to_str().is_ok_and(|v| v.starts_with("text/csv")));
        let text = csv.text().await.expect("text");
        assert!(text.contains("resolution,team,\"front desk\",2,90,90,90\r\n"), "{text}");
        for plot in ["waits", "volume", "hours", "satisfaction"] {
            let answer = house.call(&mo, Method::GET, &format!("reports.svg?plot={plot}&theme=dark"), None).await;
            assert_eq!(answer.headers()["content-type"], "image/svg+xml");
            let picture = answer.text().await.expect("text");
            assert!(picture.starts_with("<svg"), "{plot}: {picture}");
        }
        let refused = house.call(&priya, Method::GET, "reports.svg?plot=waits", None).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    }

    async fn other_days_have_none_and_wrong_days_are_said(base: Base) {
        let house = House::open(base).await;
        let mo = house.agent("Mo Bell", "supervisor");
        worked_on(&house, &mo, "ann").await;
        let past = house.get(&mo, "reports?from=2020-01-01&to=2020-01-31").await;
        let counts: Vec<&Value> = past["rows"].as_array().expect("rows").iter().map(|r| &r["count"]).collect();
        assert_eq!(counts, [&json!(0); 6]);
        for (query, field) in [("from=yesterday", "from"), ("from=2026-02-30", "from"), ("to=2026-01-01T10:00", "to"), ("from=2026-01-02&to=2026-01-01", "to"), ("from=2020-01-01&to=2026-01-01", "from"), ("from=-9999-01-01", "from")] {
            for path in ["reports", "reports.csv"] {
                let answer = house.call(&mo, Method::GET, &format!("{path}?{query}"), None).await;
                assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{query}");
                let body: Value = answer.json().await.expect("JSON");
                assert_eq!(body["error"]["field"], field, "{query}");
            }
        }
    }
}
