//! Letters to complainants, complaints that belong together, and what is kept no longer.

use crate::house::{Base, House, lines};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn complains(house: &House, token: &str, person: &str, patch: Value) -> String {
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
    async fn a_response_is_checked_point_by_point_and_kept_as_text_and_pdf(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let reference = complains(&house, &priya, "a", json!({"complainant_name": "Ann Oduya", "problems": [{"words": "Your porter shouted at my mother", "category": "respect_and_patient_rights"}, {"words": "Nobody rang the family", "category": "communication"}]})).await;
        let path = format!("complaints/{reference}/letters");
        let (status, draft) = house.post(&priya, &path, json!({"kind": "acknowledgement"})).await;
        assert_eq!((status, &draft["id"], &draft["findings"]), (StatusCode::OK, &Value::Null, &json!([])), "{draft}");
        let text = draft["text"].as_str().expect("text");
        assert!(text.starts_with("Dear Ann Oduya,") && text.contains(&reference) && text.contains("Priya Shah"), "{text}");
        let (_, spanish) = house.post(&priya, &path, json!({"kind": "acknowledgement", "language": "es"})).await;
        assert!(spanish["text"].as_str().is_some_and(|t| t.starts_with("Hola, Ann Oduya:")), "{spanish}");
        let bad = "Dear Ann, I am sorry you feel that way. The porter shouted at your mother.";
        let (_, held) = house.post(&priya, &path, json!({"kind": "response", "text": bad, "keep": true})).await;
        let rules: Vec<&str> = held["findings"].as_array().expect("findings").iter().filter_map(|f| f["rule"].as_str()).collect();
        assert_eq!((&held["id"], rules), (&Value::Null, vec!["apology", "no_if", "change", "by_when", "where_next", "unanswered"]), "{held}");
        assert_eq!(held["findings"][5]["words"], "Nobody rang the family");
        let good = "Dear Ann, I am sorry for what happened. The porter shouted at your mother, and he has said that it was wrong. Nobody rang the family, though somebody should have. We have changed the list of calls since Monday. If you are not content, the ombudsman is independent of us.";
        let (_, kept) = house.post(&priya, &path, json!({"kind": "response", "text": good, "keep": true})).await;
        let id = kept["id"].as_str().unwrap_or_else(|| panic!("kept: {kept}")).to_owned();
        let listed = house.get(&priya, &path).await;
        assert_eq!(listed["letters"][0]["text"], good);
        let pdf = house.call(&priya, Method::GET, &format!("{path}/{id}/pdf"), None).await;
        assert_eq!(pdf.headers()["content-type"], "application/pdf");
        assert!(pdf.bytes().await.expect("bytes").starts_with(b"%PDF-"));
        for (body, field) in [(json!({"kind": "rant"}), "kind"), (json!({"kind": "response", "text": " "}), "text"), (json!({}), "kind")] {
            let (status, answer) = house.post(&priya, &path, body).await;
            assert_eq!((status, &answer["error"]["field"]), (StatusCode::BAD_REQUEST, &json!(field)), "{answer}");
        }
        assert_eq!(house.call(&priya, Method::GET, &format!("{path}/none/pdf"), None).await.status(), StatusCode::NOT_FOUND);
    }

    async fn complaints_that_may_belong_together_are_suggested_and_a_person_decides(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let first = complains(&house, &priya, "a", json!({"subjects": [{"name": "Denise Hartley"}], "where": "Maple ward", "category": "safety"})).await;
        let subject = complains(&house, &priya, "b", json!({"subjects": [{"name": "denise hartley"}], "where": "Oak ward"})).await;
        let incident = complains(&house, &priya, "c", json!({"subjects": [], "where": "maple ward", "category": "safety"})).await;
        complains(&house, &priya, "d", json!({"subjects": [], "where": "Elm ward"})).await;
        let path = format!("complaints/{first}");
        let seen = |related: &Value| -> Vec<(String, String, bool)> {
            let all = related["related"].as_array().expect("a list").iter();
            let all = all.map(|r| (r["reference"].as_str().expect("one").to_owned(), r["likeness"].as_str().expect("why").to_owned(), r["linked"] == true));
            // Those that were received in one moment stand in any order.
            let mut all: Vec<_> = all.collect();
            all.sort_by(|a, b| a.1.cmp(&b.1));
            all
        };
        let related = house.get(&priya, &format!("{path}/related")).await;
        assert_eq!(seen(&related), [(incident.clone(), "same_incident".to_owned(), false), (subject.clone(), "same_subject".to_owned(), false)]);
        let linked = house.call(&priya, Method::PATCH, &path, Some(json!({"linked": [incident], "why": "the same evening"}))).await;
        assert_eq!(linked.status(), StatusCode::OK);
        let related = house.get(&priya, &format!("{path}/related")).await;
        assert_eq!(seen(&related)[0], (incident.clone(), "same_incident".to_owned(), true));
        for (link, what) in [(json!([first]), "itself"), (json!(["NH-1"]), "no reference"), (json!([nohold::domain::complaint::Reference::from_bits(7)]), "unknown")] {
            let refused = house.call(&priya, Method::PATCH, &path, Some(json!({"linked": link}))).await;
            assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{what}");
        }
    }

    async fn what_was_closed_long_ago_is_shown_before_it_is_erased(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let old = complains(&house, &priya, "a", json!({})).await;
        let held = complains(&house, &priya, "b", json!({"legal_hold": "an inquest"})).await;
        let young = complains(&house, &priya, "c", json!({})).await;
        for reference in [&old, &held, &young] {
            let (status, _) = house.post(&priya, &format!("complaints/{reference}/close"), json!({"why": "put right at once"})).await;
            assert_eq!(status, StatusCode::OK);
        }
        // As if two of them had been closed eleven years ago.
        let past = format!("UPDATE complaints SET body = replace(body, '\"closed_at\":\"20', '\"closed_at\":\"19') WHERE reference <> '{young}'");
        house.change(&past).await;
        let shown = lines(&house.run(&["retention"], ""));
        assert_eq!(shown.len(), 3, "{shown:?}");
        let of = |lines: &[String], reference: &str| lines.iter().find(|l| l.starts_with(reference)).cloned().unwrap_or_default();
        assert!(of(&shown, &old).ends_with("would be erased") && of(&shown, &held).ends_with("legal hold"), "{shown:?}");
        assert_eq!(shown[2], "2 over; nothing was changed: --apply erases");
        assert_ne!(house.get(&priya, &format!("complaints/{old}")).await["incident"]["narrative"], "");
        let done = lines(&house.run(&["retention", "--apply"], ""));
        assert_eq!(done[2], "2 over, 1 erased", "{done:?}");
        assert_eq!(house.get(&priya, &format!("complaints/{old}")).await["incident"]["narrative"], "");
        assert_ne!(house.get(&priya, &format!("complaints/{young}")).await["incident"]["narrative"], "");
        assert_eq!(lines(&house.run(&["retention"], ""))[1], "1 over; nothing was changed: --apply erases");
    }
}
