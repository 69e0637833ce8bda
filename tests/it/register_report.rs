//! The register in figures.

use crate::house::{Base, House};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn complains(house: &House, token: &str, person: &str, mut patch: Value) -> String {
    patch["why"] = json!("As their letter says");
    let made = house
        .says(
            person,
            "1",
            "Your porter shouted at my mother on Maple ward yesterday",
        )
        .await;
    let reference = made["complaint"].as_str().expect("on record").to_owned();
    let path = format!("complaints/{reference}");
    assert_eq!(
        house
            .call(token, Method::PATCH, &path, Some(patch))
            .await
            .status(),
        StatusCode::OK
    );
    reference
}

on_both! {
    async fn complaints_are_counted_by_month_kind_place_and_relation_for_supervisors(base: Base) {
        let house = House::open(base).await;
        let (priya, mo) = (house.agent("Priya Shah", "agent"), house.agent("Mo Bell", "supervisor"));
        let old = complains(&house, &mo, "a", json!({"received_at": "2024-01-10T10:00:00Z", "category": "communication", "where": "Maple ward", "relation": "relative"})).await;
        complains(&house, &mo, "b", json!({"received_at": "2024-01-20T10:00:00Z", "category": "listening", "where": "Maple ward", "relation": "patient"})).await;
        complains(&house, &mo, "c", json!({"received_at": "2024-02-20T10:00:00Z", "category": "safety", "where": "Oak ward", "relation": "patient"})).await;
        house.post(&priya, &format!("complaints/{old}/acknowledge"), json!({})).await;
        let report = house.get(&mo, "complaint-reports?from=2024-01-01&to=2024-02-29").await;
        let counted = |by: &str| -> Vec<(String, i64)> {
            let rows = report["rows"].as_array().expect("rows").iter().filter(|r| r["by"] == by);
            rows.map(|r| (r["name"].as_str().unwrap_or("-").to_owned(), r["count"].as_i64().expect("a count"))).collect()
        };
        let of = |all: &[(&str, i64)]| all.iter().map(|(n, c)| ((*n).to_owned(), *c)).collect::<Vec<_>>();
        assert_eq!(counted("month"), of(&[("2024-01", 2), ("2024-02", 1)]));
        assert_eq!(counted("domain"), of(&[("clinical", 1), ("relationships", 2)]));
        assert_eq!(counted("category"), of(&[("communication", 1), ("listening", 1), ("safety", 1)]));
        assert_eq!(counted("place"), of(&[("Maple ward", 2), ("Oak ward", 1)]));
        assert_eq!(counted("relation"), of(&[("patient", 2), ("relative", 1)]));
        assert_eq!(counted("customer"), of(&[("customer", 2), ("not_customer", 1)]));
        let maple = report["rows"].as_array().expect("rows").iter().find(|r| r["name"] == "Maple ward").expect("a row").clone();
        assert_eq!((&maple["open"], &maple["overdue"], &maple["days_to_respond"]), (&json!(2), &json!(2), &Value::Null));
        assert!(maple["days_to_acknowledge"].as_f64().is_some_and(|d| d > 300.0), "{maple}");
        let refused = house.call(&priya, Method::GET, "complaint-reports", None).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        let csv = house.call(&mo, Method::GET, "complaint-reports.csv?from=2024-01-01&to=2024-02-29", None).await.text().await.expect("text");
        assert!(csv.contains("place,\"Oak ward\",1,1,1,,,0,0\r\n"), "{csv}");
        for (query, field) in [("from=2020-01-01&to=2026-01-01", "from"), ("from=2026-01-02&to=2026-01-01", "to"), ("to=soon", "to")] {
            let answer = house.call(&mo, Method::GET, &format!("complaint-reports?{query}"), None).await;
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
            let body: Value = answer.json().await.expect("JSON");
            assert_eq!(body["error"]["field"], field, "{query}");
        }
    }

    async fn a_kind_that_rises_is_named(base: Base) {
        let house = House::open(base).await;
        let mo = house.agent("Mo Bell", "supervisor");
        for n in 0..5 {
            let day = format!("2024-03-{:02}T10:00:00Z", 10 + n);
            complains(&house, &mo, &format!("p{n}"), json!({"received_at": day, "category": "safety"})).await;
        }
        complains(&house, &mo, "old", json!({"received_at": "2024-02-10T10:00:00Z", "category": "safety"})).await;
        let report = house.get(&mo, "complaint-reports?from=2024-01-01&to=2024-03-31").await;
        assert_eq!(report["rising"], json!([{"category": "safety", "now": 5, "before": 1}]));
    }
}
