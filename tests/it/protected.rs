//! Complaints of staff who speak up: seen by certain roles, and never by anybody whom they are about.

use crate::house::{Base, House};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

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
