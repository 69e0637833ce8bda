//! Complaints of staff who speak up: seen by certain roles, and never by anybody whom they are about.

use crate::house::{Base, House};
use crate::on_both;
use crate::socket::{Socket, next, open_feed};
use futures_util::SinkExt;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

/// A member of staff speaks up about a colleague; the reference and the conversation.
async fn speaks_up(house: &House, boss: &str) -> (String, String) {
    let told = house.says("nurse", "1", "I work for you and I don't want to give my name. A carer on nights sleeps on shift and call bells are ignored").await;
    let (reference, id) = (
        told["complaint"].as_str().expect("on record").to_owned(),
        told["conversation"].as_str().expect("an id").to_owned(),
    );
    let patch = json!({"subjects": [{"name": "Tom Reed", "role": "carer"}]});
    let answer = house
        .call(
            boss,
            Method::PATCH,
            &format!("complaints/{reference}"),
            Some(patch),
        )
        .await;
    assert_eq!(answer.status(), StatusCode::OK);
    (reference, id)
}

/// What a line tells until it has told of that conversation.
async fn until_told_of(line: &mut Socket, conversation: &Value) -> Vec<Value> {
    let mut heard = Vec::new();
    loop {
        let frame = next(line).await;
        if frame["conversation"] == *conversation && frame["type"] == "message" {
            return heard;
        }
        heard.push(frame);
    }
}

/// What a line tells again before it is ready.
async fn until_ready(line: &mut Socket) -> Vec<Value> {
    let mut heard = Vec::new();
    loop {
        let frame = next(line).await;
        if frame["type"] == "ready" {
            return heard;
        }
        heard.push(frame);
    }
}

async fn status(house: &House, token: &str, path: &str) -> StatusCode {
    house.call(token, Method::GET, path, None).await.status()
}

on_both! {
    async fn who_speaks_up_is_there_for_certain_roles_and_for_nobody_it_names(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let mo = house.agent("Mo Bell", "supervisor");
        let cara = house.agent("Cara Diaz", "complaints_manager");
        let tom = house.agent("Tom Reed", "admin");
        let (reference, id) = speaks_up(&house, &cara).await;
        let path = format!("complaints/{reference}");
        assert_eq!(house.get(&cara, &path).await["protected"], json!(true));
        for (who, sees) in [(&priya, false), (&mo, true), (&cara, true), (&tom, false)] {
            let expected = if sees { StatusCode::OK } else { StatusCode::NOT_FOUND };
            for path in [path.clone(), format!("{path}/history"), format!("conversations/{id}"), format!("conversations/{id}/suggestions")] {
                assert_eq!(status(&house, who, &path).await, expected, "{path}");
            }
            let listed = |list: &Value, field: &str| list[field].as_array().expect("a list").len();
            let count = usize::from(sees);
            for (path, field) in [("complaints", "complaints"), ("complaints?q=bells", "complaints"), ("conversations", "conversations"), ("conversations?q=bells", "conversations")] {
                assert_eq!(listed(&house.get(who, path).await, field), count, "{path}");
            }
            let patched = house.call(who, Method::PATCH, &path, Some(json!({"where": "Oak ward"}))).await;
            assert_eq!(patched.status(), expected);
        }
        let refused: Value = house.call(&priya, Method::GET, &path, None).await.json().await.expect("JSON");
        assert_eq!(refused["error"]["message"], "there is no such complaint");
        let other = nohold::domain::complaint::Reference::from_bits(5);
        let unknown: Value = house.call(&priya, Method::GET, &format!("complaints/{other}"), None).await.json().await.expect("JSON");
        assert_eq!(unknown, refused, "as of one that is not there");
    }

    async fn a_reason_opens_it_for_an_hour_and_stands_in_the_log(base: Base) {
        let house = House::open_with(base, &[("NOHOLD_PROTECTED_ROLE", "complaints_manager")]).await;
        let (priya, mo) = (house.agent("Priya Shah", "agent"), house.agent("Mo Bell", "supervisor"));
        let cara = house.agent("Cara Diaz", "complaints_manager");
        let tom = house.agent("Tom Reed", "supervisor");
        let (reference, id) = speaks_up(&house, &cara).await;
        let path = format!("complaints/{reference}");
        assert_eq!(status(&house, &mo, &path).await, StatusCode::NOT_FOUND);
        let glass = format!("{path}/break-glass");
        let (short, body) = house.post(&mo, &glass, json!({"why": "curious"})).await;
        assert_eq!((short, &body["error"]["field"]), (StatusCode::BAD_REQUEST, &json!("why")));
        let why = json!({"why": "Nobody who may see it can be reached tonight"});
        for nobody in [&priya, &tom] {
            assert_eq!(house.post(nobody, &glass, why.clone()).await.0, StatusCode::NOT_FOUND);
        }
        assert_eq!(house.post(&mo, &glass, why).await.0, StatusCode::OK);
        assert_eq!(status(&house, &mo, &path).await, StatusCode::OK);
        assert_eq!(status(&house, &mo, &format!("conversations/{id}")).await, StatusCode::OK);
        let log = house.run(&["audit", "show", &reference], "");
        let log = String::from_utf8(log.stdout).expect("text");
        assert!(log.contains("Mo Bell  broke_glass") && log.contains("can be reached tonight"), "{log}");
    }

    async fn it_is_closed_by_nobody_below_a_supervisor(base: Base) {
        let house = House::open_with(base, &[("NOHOLD_PROTECTED_ROLE", "agent")]).await;
        let (priya, mo) = (house.agent("Priya Shah", "agent"), house.agent("Mo Bell", "supervisor"));
        let (reference, _) = speaks_up(&house, &mo).await;
        let close = |who: &'static str, token: String| {
            let (house, path) = (&house, format!("complaints/{reference}/close"));
            async move { (who, house.post(&token, &path, json!({"why": "put right at once"})).await.0) }
        };
        assert_eq!(close("agent", priya.clone()).await.1, StatusCode::CONFLICT);
        assert_eq!(close("supervisor", mo.clone()).await.1, StatusCode::OK);
    }

    async fn nothing_tells_of_it_unasked_to_those_for_whom_it_is_not_there(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let tom = house.agent("Tom Reed", "supervisor");
        let cara = house.agent("Cara Diaz", "complaints_manager");
        let other = house.says("ann", "1", "Your porter shouted at my mother on Oak ward yesterday").await;
        let other = other["complaint"].as_str().expect("on record").to_owned();
        let (reference, id) = speaks_up(&house, &cara).await;
        let path = format!("complaints/{reference}");
        let place = json!({"where": "the quiet room"});
        assert_eq!(house.call(&cara, Method::PATCH, &path, Some(place)).await.status(), StatusCode::OK);
        let mut lines = Vec::new();
        for who in [&priya, &tom, &cara] {
            let mut line = open_feed(&house, who, "").await;
            assert_eq!(next(&mut line).await["type"], "ready");
            lines.push(line);
        }
        // What would tell of it: a note that names them, a label, a link from a complaint that they may see, somebody
        // who looks.
        let note = json!({"id": "n1", "text": "@Priya Shah @Tom Reed the zebra charts"});
        assert_eq!(house.post(&cara, &format!("conversations/{id}/notes"), note).await.0, StatusCode::OK);
        let label = json!({"add": ["zebra"]});
        assert_eq!(house.post(&cara, &format!("conversations/{id}/labels"), label).await.0, StatusCode::OK);
        let linked = json!({"linked": [reference]});
        assert_eq!(house.call(&cara, Method::PATCH, &format!("complaints/{other}"), Some(linked)).await.status(), StatusCode::OK);
        let looks = json!({"type": "looking", "conversation": id, "writing": true}).to_string();
        for line in &mut lines {
            line.send(Message::Text(looks.clone().into())).await.expect("sent");
        }
        house.says("nurse", "2", "The charts were changed on Tuesday too").await;
        house.says("zoe", "1", "hello").await;
        let zoe = house.get(&cara, "conversations").await["conversations"][0]["id"].clone();
        for (line, sees) in lines.iter_mut().zip([false, false, true]) {
            let heard = until_told_of(line, &zoe).await;
            let about: Vec<&str> = heard.iter().filter(|f| f.to_string().contains(&id)).filter_map(|f| f["type"].as_str()).collect();
            let expected: &[&str] = if sees { &["noted", "labelled", "message"] } else { &[] };
            let events: Vec<&str> = about.iter().copied().filter(|kind| *kind != "looking" && *kind != "alert").collect();
            assert_eq!(events, expected, "{heard:?}");
            let named = heard.iter().filter(|f| f["type"] == "looking" && f["conversation"] == json!(id));
            assert_eq!(named.count(), usize::from(sees), "nobody looks who may not: {heard:?}");
        }
        for who in [&priya, &tom] {
            let mut line = open_feed(&house, who, "?after=0").await;
            let heard = until_ready(&mut line).await;
            assert!(!heard.is_empty() && !json!(heard).to_string().contains(&id), "told again: {heard:?}");
            let all = ["mentions", "labels", "queue", "conversations", "complaints"].map(str::to_owned);
            let own = ["", "/history", "/related"].map(|part| format!("complaints/{other}{part}"));
            for path in all.into_iter().chain(own) {
                let text = house.get(who, &path).await.to_string();
                for word in [&id, &reference, "zebra"] {
                    assert!(!text.contains(word), "{path} tells of it: {text}");
                }
            }
        }
        let report = house.get(&tom, "complaint-reports").await.to_string();
        assert!(report.contains("Oak ward") && !report.contains("quiet room") && !report.contains("employee"), "{report}");
        let table = house.call(&tom, Method::GET, "complaint-reports.csv", None).await.text().await.expect("text");
        assert!(!table.contains("quiet room"), "{table}");
        let report = house.get(&cara, "complaint-reports").await.to_string();
        assert!(report.contains("quiet room"), "{report}");
        // Whoever does not see that it belongs there takes no link away.
        assert_eq!(house.call(&priya, Method::PATCH, &format!("complaints/{other}"), Some(json!({"linked": []}))).await.status(), StatusCode::OK);
        assert_eq!(house.get(&cara, &format!("complaints/{other}")).await["linked"], json!([reference]));
    }

    async fn no_other_way_to_write_its_name_opens_it(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let cara = house.agent("Cara Diaz", "complaints_manager");
        let (reference, id) = speaks_up(&house, &cara).await;
        let escaped = |name: &str| name.replace('-', "%2D");
        let small = reference.to_lowercase();
        let paths = [
            format!("complaints/{}", escaped(&reference)),
            format!("complaints/{}/history", escaped(&reference)),
            format!("complaints/{small}"),
            format!("complaints/{}", escaped(&small)),
            format!("conversations/{}", escaped(&id)),
            format!("conversations/{}", id.to_uppercase()),
            format!("conversations/{}", id.replace('-', "")),
        ];
        for path in paths {
            assert_eq!(status(&house, &priya, &path).await, StatusCode::NOT_FOUND, "{path}");
        }
    }

    async fn danger_in_it_is_told_to_everybody_but_those_whom_it_is_about(base: Base) {
        let house = House::open(base).await;
        let priya = house.agent("Priya Shah", "agent");
        let tom = house.agent("Tom Reed", "supervisor");
        let cara = house.agent("Cara Diaz", "complaints_manager");
        let (_, id) = speaks_up(&house, &cara).await;
        house.says("nurse", "2", "I want to kill myself because of this").await;
        house.says("zoe", "1", "hello").await;
        for (who, sees) in [(&priya, true), (&tom, false), (&cara, true)] {
            let queue = house.get(who, "queue").await.to_string();
            assert_eq!(queue.contains(&id), sees, "{queue}");
            let mut line = open_feed(&house, who, "?after=0").await;
            let heard = json!(until_ready(&mut line).await).to_string();
            assert_eq!(heard.contains(&id), sees, "{heard}");
        }
    }

    async fn nobody_sees_an_ordinary_complaint_that_names_them_in_full(base: Base) {
        let house = House::open(base).await;
        let (priya, tom) = (house.agent("Priya Shah", "agent"), house.agent("Tom Reed", "agent"));
        let told = house.says("a", "1", "Your porter shouted at my mother on Maple ward yesterday").await;
        let path = format!("complaints/{}", told["complaint"].as_str().expect("on record"));
        for (name, tom_sees) in [("Tom", StatusCode::OK), ("Tom Reed", StatusCode::NOT_FOUND), ("Thomas Reedman", StatusCode::OK)] {
            house.call(&priya, Method::PATCH, &path, Some(json!({"subjects": [{"name": name}]}))).await;
            assert_eq!(status(&house, &tom, &path).await, tom_sees, "{name}");
        }
    }
}
