//! A complaint's record, as people at the desk put it right.

use crate::house::{Base, House};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn amended(house: &House, token: &str, reference: &str, patch: Value) -> (StatusCode, Value) {
    let path = format!("complaints/{reference}");
    let answer = house.call(token, Method::PATCH, &path, Some(patch)).await;
    let status = answer.status();
    (status, answer.json().await.expect("JSON"))
}

/// Somebody complains; gives back the reference.
async fn complains(house: &House) -> String {
    let made = house
        .says(
            "w",
            "1",
            "Your porter shouted at my mother on Maple ward yesterday",
        )
        .await;
    made["complaint"].as_str().expect("on record").to_owned()
}

on_both! {
    async fn every_field_is_put_right_with_who_and_why(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let reference = complains(&house).await;
        let narrative = house.get(&priya, &format!("complaints/{reference}")).await["incident"]["narrative"].clone();
        let (status, record) = amended(&house, &priya, &reference, json!({
            "where": "Oak ward", "when_text": "Monday evening", "from": "2026-11-23", "to": "2026-11-24",
            "complainant_name": "Ann Oduya", "relation": "relative", "authority": "power of attorney", "consent": "given", "vulnerable": true,
            "contact": [{"kind": "phone", "value": "07700 900123", "note": "evenings"}],
            "affected_person": {"name": "Grace Oduya", "relation": "mother"},
            "subjects": [{"name": "Denise Hartley", "role": "porter"}, {"role": "ward manager"}],
            "desired_outcome": "an apology", "priority": "soon", "category": "communication", "severity": 1, "safeguarding": true,
            "why": "She rang and told it anew.",
        })).await;
        assert_eq!(status, StatusCode::OK, "{record}");
        assert_eq!(record["incident"], json!({"narrative": narrative, "when_text": "Monday evening", "from": "2026-11-23", "to": "2026-11-24", "where": "Oak ward"}));
        let complainant = &record["complainant"];
        assert_eq!(complainant["contact"], json!([{"kind": "phone", "value": "07700 900123", "note": "evenings"}]));
        let told = [&complainant["name"], &complainant["relation"], &complainant["authority"], &complainant["consent"], &complainant["vulnerable"]];
        assert_eq!(told, [&json!("Ann Oduya"), &json!("relative"), &json!("power of attorney"), &json!("given"), &json!(true)]);
        assert_eq!(record["affected_person"], json!({"name": "Grace Oduya", "relation": "mother"}));
        assert_eq!(record["subjects"], json!([{"name": "Denise Hartley", "role": "porter"}, {"name": null, "role": "ward manager"}]));
        assert_eq!((&record["safeguarding"], &record["classification"]["by"]), (&json!(true), &json!("person")));
        let history = house.get(&priya, &format!("complaints/{reference}/history")).await["history"].clone();
        let last = history.as_array().expect("a list").last().expect("a change").clone();
        assert_eq!((last["by"].as_str(), last["why"].as_str()), (Some("Priya Shah"), Some("She rang and told it anew.")));
        let place = last["fields"].as_array().expect("fields").iter().find(|f| f["field"] == "incident.where").expect("the place").clone();
        assert_eq!(place["to"], "Oak ward");
    }

    async fn what_was_put_right_stays_when_the_person_writes_again(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let reference = complains(&house).await;
        amended(&house, &priya, &reference, json!({"where": "Oak ward", "consent": "refused", "relation": "friend"})).await;
        house.says("w", "2", "He also threw the keys at her").await;
        let record = house.get(&priya, &format!("complaints/{reference}")).await;
        let stands = [&record["incident"]["where"], &record["complainant"]["consent"], &record["complainant"]["relation"]];
        assert_eq!(stands, [&json!("Oak ward"), &json!("refused"), &json!("friend")]);
        assert!(record["incident"]["narrative"].as_str().is_some_and(|n| n.contains("threw the keys")));
    }

    async fn an_empty_text_takes_a_value_away(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let reference = complains(&house).await;
        let full = json!({"complainant_name": "Ann", "where": "Oak ward", "when_text": "Monday", "from": "2026-11-23", "affected_person": {"name": "Grace"}, "desired_outcome": "an apology"});
        let (_, record) = amended(&house, &priya, &reference, full).await;
        assert_eq!(record["incident"]["to"], "2026-11-23", "one day is its own last");
        let bare = json!({"complainant_name": " ", "where": "", "when_text": "", "from": "", "affected_person": {}, "desired_outcome": "", "contact": [], "subjects": []});
        let (_, record) = amended(&house, &priya, &reference, bare).await;
        for gone in ["/complainant/name", "/incident/where", "/incident/when_text", "/incident/from", "/incident/to", "/affected_person", "/desired_outcome"] {
            assert_eq!(record.pointer(gone), Some(&Value::Null), "{gone}");
        }
        assert_eq!(record["complainant"]["anonymous"], true);
    }

    async fn a_wrong_value_is_said_with_its_field_and_changes_nothing(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let reference = complains(&house).await;
        let before = house.get(&priya, &format!("complaints/{reference}")).await;
        for (patch, field) in [
            (json!({"from": "24/11/2026"}), "from"),
            (json!({"from": "2026-11-24T10:00"}), "from"),
            (json!({"to": "2026-11-24"}), "from"),
            (json!({"from": "2026-11-24", "to": "2026-11-23"}), "to"),
            (json!({"where": "x".repeat(2001)}), "where"),
            (json!({"complainant_name": "x".repeat(201)}), "complainant_name"),
            (json!({"contact": [{"kind": "pigeon", "value": "coo"}]}), "contact[0].kind"),
            (json!({"contact": [{"kind": "email", "value": " "}]}), "contact[0].value"),
            (json!({"subjects": [{"name": "a"}, {}]}), "subjects[1].name"),
            (json!({"subjects": vec![json!({"name": "a"}); 21]}), "subjects"),
        ] {
            let (status, body) = amended(&house, &priya, &reference, patch).await;
            assert_eq!((status, body["error"]["field"].as_str()), (StatusCode::BAD_REQUEST, Some(field)), "{body}");
        }
        assert_eq!(house.get(&priya, &format!("complaints/{reference}")).await, before);
    }
}
