//! What the complainant is told at the end and at the beginning: the acknowledgement, whether it is settled, and how
//! often it is.

use crate::answers::tells_and_no_more;
use crate::fakes::telegram::Telegram;
use crate::house::{Base, House};
use crate::{on_both, telegram};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn amends(house: &House, token: &str, reference: &str, patch: Value) {
    let path = format!("complaints/{reference}");
    let done = house.call(token, Method::PATCH, &path, Some(patch)).await;
    assert_eq!(done.status(), StatusCode::OK);
}

/// Somebody tells everything; their complaint's reference.
async fn complains(house: &House, person: &str) -> String {
    let told =
        "Your porter shouted at my mother on Maple ward yesterday. My number is 07700 900123";
    tells_and_no_more(house, person, told).await.0
}

on_both! {
    async fn the_acknowledgement_is_looked_at_sent_by_their_channel_and_its_proof_kept(base: Base) {
        let fake = Telegram::open().await;
        let house = telegram::open(base, &fake).await;
        let priya = house.agent("Priya Shah", "agent");
        fake.says(7, "El portero gritó a mi madre ayer en la planta Maple");
        let first = fake.last(7, 1).await.text;
        let at = first.find("NH-").expect("a reference");
        let reference = first[at..at + "NH-0000-0000-0".len()].to_owned();
        let path = format!("complaints/{reference}/acknowledgement");
        let draft = house.get(&priya, &path).await;
        assert_eq!((&draft["language"], &draft["inbox"]), (&json!("es"), &json!("telegram")));
        let text = draft["text"].as_str().expect("text");
        assert!(text.contains(&reference) && text.contains("Priya Shah"), "{text}");
        for (words, field) in [(" ", "text"), ("Hola [nombre]", "text")] {
            let (status, answer) = house.post(&priya, &path, json!({"text": words})).await;
            assert_eq!((status, &answer["error"]["field"]), (StatusCode::BAD_REQUEST, &json!(field)), "{answer}");
        }
        let words = format!("{text}\n\nLlámeme cuando quiera.");
        let (status, record) = house.post(&priya, &path, json!({"text": words})).await;
        assert_eq!((status, &record["status"]), (StatusCode::OK, &json!("acknowledged")), "{record}");
        let sent = fake.last(7, 2).await.text;
        assert!(sent.contains("Llámeme cuando quiera"), "{sent}");
        let proof = &record["acknowledgement"];
        assert_eq!((&proof["by"], &proof["inbox"]), (&json!("Priya Shah"), &json!("telegram")));
        let clock = record["deadlines"].as_array().expect("clocks").iter().find(|d| d["name"] == "acknowledge").expect("a clock");
        assert_eq!(clock["met_at"], proof["at"], "{record}");
        let last = record["history"].as_array().expect("a history").last().expect("a change");
        let fields: Vec<&str> = last["fields"].as_array().expect("fields").iter().filter_map(|f| f["field"].as_str()).collect();
        assert!(fields.contains(&"acknowledgement.message") && last["by"] == "Priya Shah", "{last}");
        let letters = house.get(&priya, &format!("complaints/{reference}/letters")).await;
        assert_eq!((&letters["letters"][0]["kind"], &letters["letters"][0]["text"]), (&json!("acknowledgement"), &json!(words)));
        let (status, again) = house.post(&priya, &path, json!({"text": words})).await;
        assert_eq!(status, StatusCode::CONFLICT, "{again}");
        assert_eq!(house.get(&priya, &format!("complaints/{reference}/letters")).await["letters"].as_array().map(Vec::len), Some(1));
    }

    async fn where_the_owner_wants_it_so_the_acknowledgement_goes_out_at_once(base: Base) {
        let house = House::open_with(base, &[("NOHOLD_ACKNOWLEDGE_AT_ONCE", "true")]).await;
        let priya = house.agent("Priya Shah", "complaints_manager");
        let reference = complains(&house, "a").await;
        let record = house.until(&priya, &format!("complaints/{reference}"), |r| r["status"] == "acknowledged").await;
        assert_eq!(record["acknowledgement"]["by"], "Willowbrook Care");
        let told = house.get(crate::house::TOKEN, "inboxes/http/conversations/a/messages").await;
        assert!(told.to_string().contains("We received your complaint on"), "{told}");
        // Whoever speaks up is acknowledged by a person.
        let spoken = house.says("s", "1", "I work here as a nurse, and my manager takes morphine from the cabinet").await;
        let protected = spoken["complaint"].as_str().expect("on record").to_owned();
        complains(&house, "b").await;
        house.until_rows("SELECT reference FROM register WHERE status = 'acknowledged'", |rows| rows.len() == 2).await;
        assert_eq!(house.get(&priya, &format!("complaints/{protected}")).await["status"], "open");
    }

    async fn whether_it_is_settled_is_asked_counted_and_reopened_by_one_tap(base: Base) {
        let house = House::open(base).await;
        let mo = house.agent("Mo Bell", "supervisor");
        let mut all = Vec::new();
        for person in ["a", "b", "c"] {
            let reference = complains(&house, person).await;
            let record = house.get(&mo, &format!("complaints/{reference}")).await;
            let talk = record["conversation"].as_str().expect("an id").to_owned();
            house.post(&mo, &format!("conversations/{talk}/claim"), json!({})).await;
            house.post(&mo, &format!("conversations/{talk}/resolve"), json!({})).await;
            all.push(reference);
        }
        for reference in &all {
            amends(&house, &mo, reference, json!({"status": "responded", "why": "by letter", "learning": "Porters are now two at night"})).await;
        }
        let heard = house.get(crate::house::TOKEN, "inboxes/http/conversations/a/messages").await;
        let asked = heard["messages"].as_array().expect("a list").iter().find(|m| m["choices"][0]["value"] == "settled_yes");
        let asked = asked.unwrap_or_else(|| panic!("asked: {heard}"));
        assert!(asked["text"].as_str().is_some_and(|t| t.contains("Porters are now two at night")), "{asked}");
        let tap = |id: &str, person: &str, value: &str| json!({"id": id, "sender": {"id": person}, "choice": value});
        for (person, value) in [("a", "settled_yes"), ("b", "settled_no")] {
            let (status, _) = house.post(crate::house::TOKEN, "inboxes/http/messages", tap("tap", person, value)).await;
            assert_eq!(status, StatusCode::OK);
        }
        let record = |at: usize| format!("complaints/{}", all[at]);
        let yes = house.get(&mo, &record(0)).await;
        assert_eq!((&yes["status"], &yes["settled"]["yes"]), (&json!("responded"), &json!(true)));
        let no = house.get(&mo, &record(1)).await;
        assert_eq!((&no["status"], &no["settled"]["yes"]), (&json!("investigating"), &json!(false)));
        assert_eq!(no["history"].as_array().expect("a history").last().expect("a change")["by"], "complainant");
        assert_eq!(house.get(&mo, &record(2)).await.get("settled"), None);
        let report = house.get(&mo, "complaint-reports").await;
        let row = report["rows"].as_array().expect("rows").iter().find(|r| r["by"] == "channel").expect("a row");
        assert_eq!((&row["count"], &row["settled"], &row["not_settled"]), (&json!(3), &json!(1), &json!(1)), "{row}");
        let csv = house.call(&mo, Method::GET, "complaint-reports.csv", None).await.text().await.expect("text");
        assert!(csv.starts_with("by,name,count,open,overdue,days_to_acknowledge,days_to_respond,settled,not_settled\r\n"), "{csv}");
    }
}
