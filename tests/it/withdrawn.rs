//! Access that is withdrawn is gone: accounts, passwords, sessions, tokens.

use crate::browser::{Browser, PASSWORD};
use crate::house::{Base, House};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn id_of(house: &House, token: &str, name: &str) -> String {
    let all = house.get(token, "agents").await;
    let row = all["agents"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|a| a["name"] == name);
    row.expect("an account")["id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

on_both! {
    async fn an_account_that_is_disabled_opens_nothing(base: Base) {
        let house = House::open(base).await;
        let (ada, priya) = (house.agent("Ada Obi", "admin"), house.agent("Priya Shah", "agent"));
        let mut desk = Browser::new(&house);
        assert_eq!(desk.sign_in("Priya Shah", PASSWORD).await, StatusCode::OK);
        let path = format!("agents/{}", id_of(&house, &ada, "Priya Shah").await);
        let refused = house.call(&priya, Method::PATCH, &path, Some(json!({"role": "admin"}))).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        let changed = house.call(&ada, Method::PATCH, &path, Some(json!({"disabled": true}))).await;
        assert_eq!(changed.json::<Value>().await.expect("JSON")["disabled"], true);
        assert_eq!(desk.status(Method::GET, "queue").await, StatusCode::UNAUTHORIZED);
        assert_eq!(house.call(&priya, Method::GET, "queue", None).await.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(desk.sign_in("Priya Shah", PASSWORD).await, StatusCode::UNAUTHORIZED);
        let changed = house.call(&ada, Method::PATCH, &path, Some(json!({"disabled": false, "role": "supervisor"}))).await;
        assert_eq!(changed.json::<Value>().await.expect("JSON")["role"], "supervisor");
        assert_eq!(desk.sign_in("Priya Shah", PASSWORD).await, StatusCode::OK);
        assert_eq!(house.call(&priya, Method::GET, "queue", None).await.status(), StatusCode::UNAUTHORIZED, "the token is gone for good");
    }

    async fn the_last_administrator_stays(base: Base) {
        let house = House::open(base).await;
        let ada = house.agent("Ada Obi", "admin");
        let path = format!("agents/{}", id_of(&house, &ada, "Ada Obi").await);
        for change in [json!({"disabled": true}), json!({"role": "agent"})] {
            let refused = house.call(&ada, Method::PATCH, &path, Some(change)).await;
            assert_eq!(refused.status(), StatusCode::CONFLICT);
        }
        assert!(!house.run(&["agents", "disable", "Ada Obi"], "").status.success());
        house.agent("Ben Obi", "admin");
        let done = house.call(&ada, Method::PATCH, &path, Some(json!({"role": "agent"}))).await;
        assert_eq!(done.status(), StatusCode::OK);
    }

    async fn another_password_ends_every_session_of_the_old_one(base: Base) {
        let house = House::open(base).await;
        let ada = house.agent("Ada Obi", "admin");
        house.agent("Priya Shah", "agent");
        let (mut here, mut there) = (Browser::new(&house), Browser::new(&house));
        here.sign_in("Priya Shah", PASSWORD).await;
        there.sign_in("Priya Shah", PASSWORD).await;
        let change = |current: &str, new: &str| json!({"current": current, "password": new});
        let wrong = here.ask(Method::PUT, "session/password").json(&change("not it", "tulip anvil cobalt")).send().await.expect("an answer");
        assert_eq!(wrong.status(), StatusCode::FORBIDDEN);
        let weak = here.ask(Method::PUT, "session/password").json(&change(PASSWORD, "priyashah1")).send().await.expect("an answer");
        assert_eq!(weak.status(), StatusCode::BAD_REQUEST);
        let right = here.ask(Method::PUT, "session/password").json(&change(PASSWORD, "tulip anvil cobalt")).send().await.expect("an answer");
        assert_eq!(here.enter(right).await, StatusCode::OK);
        assert_eq!(here.status(Method::GET, "session").await, StatusCode::OK);
        assert_eq!(there.status(Method::GET, "session").await, StatusCode::UNAUTHORIZED);
        let path = format!("agents/{}/password", id_of(&house, &ada, "Priya Shah").await);
        let set = house.call(&ada, Method::PUT, &path, Some(json!({"password": "granite willow ferry"}))).await;
        assert_eq!(set.status(), StatusCode::NO_CONTENT);
        assert_eq!(here.status(Method::GET, "session").await, StatusCode::UNAUTHORIZED);
        assert_eq!(here.sign_in("Priya Shah", "tulip anvil cobalt").await, StatusCode::UNAUTHORIZED);
        assert_eq!(here.sign_in("Priya Shah", "granite willow ferry").await, StatusCode::OK);
    }

    async fn sessions_are_listed_ended_and_end_when_nobody_uses_them(base: Base) {
        let house = House::open_with(base, &[("NOHOLD_SESSION_IDLE_MINUTES", "5")]).await;
        house.agent("Priya Shah", "agent");
        let (mut here, mut there) = (Browser::new(&house), Browser::new(&house));
        here.sign_in("Priya Shah", PASSWORD).await;
        there.sign_in("Priya Shah", PASSWORD).await;
        let list = here.json("sessions").await["sessions"].as_array().expect("a list").clone();
        let current: Vec<bool> = list.iter().filter_map(|s| s["current"].as_bool()).collect();
        assert_eq!(current, [false, true], "the latest first");
        assert_eq!(list[0]["device"], "Firefox of the ward");
        let other = format!("sessions/{}", list[0]["id"].as_str().expect("an id"));
        assert_eq!(here.status(Method::DELETE, &other).await, StatusCode::NO_CONTENT);
        assert_eq!(here.status(Method::DELETE, &other).await, StatusCode::NOT_FOUND);
        assert_eq!(there.status(Method::GET, "session").await, StatusCode::UNAUTHORIZED);
        there.sign_in("Priya Shah", PASSWORD).await;
        assert_eq!(here.status(Method::DELETE, "sessions").await, StatusCode::NO_CONTENT);
        assert_eq!(there.status(Method::GET, "session").await, StatusCode::UNAUTHORIZED);
        house.change("UPDATE sessions SET used = used - 301000000").await;
        assert_eq!(here.status(Method::GET, "session").await, StatusCode::UNAUTHORIZED);
    }

    async fn a_token_opens_what_it_is_for_until_it_is_revoked(base: Base) {
        let house = House::open(base).await;
        house.agent("Ada Obi", "admin");
        let mut ada = Browser::new(&house);
        ada.sign_in("Ada Obi", PASSWORD).await;
        let new = json!({"name": "wall board", "scopes": ["read"], "days": 30});
        let endless = json!({"name": "x".repeat(100_000)});
        let refused = ada.ask(Method::POST, "tokens").json(&endless).send().await.expect("an answer");
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
        assert_eq!(refused.json::<Value>().await.expect("JSON")["error"]["field"], "name");
        let made: Value = ada.ask(Method::POST, "tokens").json(&new).send().await.expect("an answer").json().await.expect("JSON");
        let token = made["token"].as_str().expect("a token");
        let row = |list: &Value| list["tokens"].as_array().expect("a list").iter().find(|t| t["id"] == made["id"]).cloned();
        let before = row(&ada.json("tokens").await).expect("listed");
        assert_eq!((before["name"].as_str(), &before["scopes"], &before["used"]), (Some("wall board"), &json!(["read"]), &Value::Null));
        assert!(before["expires"].is_string() && !before.to_string().contains(token));
        house.get(token, "queue").await;
        assert!(row(&ada.json("tokens").await).expect("listed")["used"].is_string());
        for (method, path) in [(Method::POST, "agents"), (Method::POST, "conversations/x/claim"), (Method::GET, "tokens"), (Method::DELETE, "sessions")] {
            let refused = house.call(token, method, path, Some(json!({}))).await;
            assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{path}");
        }
        house.change("UPDATE tokens SET expires = 1 WHERE name = 'wall board'").await;
        assert_eq!(house.call(token, Method::GET, "queue", None).await.status(), StatusCode::UNAUTHORIZED);
        house.change("UPDATE tokens SET expires = 0 WHERE name = 'wall board'").await;
        house.get(token, "queue").await;
        let path = format!("tokens/{}", made["id"].as_str().expect("an id"));
        assert_eq!(ada.status(Method::DELETE, &path).await, StatusCode::NO_CONTENT);
        assert_eq!(house.call(token, Method::GET, "queue", None).await.status(), StatusCode::UNAUTHORIZED);
    }

    async fn access_is_withdrawn_by_commands(base: Base) {
        let house = House::open(base).await;
        house.agent("Ada Obi", "admin");
        let priya = house.agent("Priya Shah", "agent");
        let said = |args: &[&str], input: &str| {
            let out = house.run(args, input);
            let all = [out.stdout, out.stderr].concat();
            (out.status.success(), String::from_utf8(all).expect("text"))
        };
        house.get(&priya, "queue").await;
        let (_, list) = said(&["tokens", "list"], "");
        let line = list.lines().find(|l| l.contains("Priya Shah")).expect("hers");
        assert!(line.contains("read write accounts") && !line.contains("never used"), "{line}");
        let id = line.split_whitespace().next().expect("an id");
        assert!(said(&["tokens", "revoke", id], "").0);
        assert!(!said(&["tokens", "revoke", id], "").0, "it is gone");
        assert_eq!(house.call(&priya, Method::GET, "queue", None).await.status(), StatusCode::UNAUTHORIZED);
        let (done, words) = said(&["agents", "password", "priya shah"], "1234567890\n");
        assert!(!done && words.contains("guessed"), "{words}");
        assert!(said(&["agents", "password", "priya shah"], "tulip anvil cobalt\n").0);
        assert!(said(&["agents", "role", "Priya Shah", "supervisor"], "").0);
        let mut desk = Browser::new(&house);
        assert_eq!(desk.sign_in("Priya Shah", "tulip anvil cobalt").await, StatusCode::OK);
        assert_eq!(desk.json("session").await["agent"]["role"], "supervisor");
        assert!(said(&["agents", "disable", "Priya Shah"], "").0);
        assert_eq!(desk.status(Method::GET, "session").await, StatusCode::UNAUTHORIZED);
        assert!(said(&["agents", "enable", "Priya Shah"], "").0);
        assert_eq!(desk.sign_in("Priya Shah", "tulip anvil cobalt").await, StatusCode::OK);
        assert!(!said(&["agents", "disable", "Nobody Here"], "").0);
        let made = said(&["tokens", "create", "--agent", "Priya Shah", "--scope", "read", "--days", "7"], "").1;
        let token = made.split_whitespace().last().expect("a token");
        assert_eq!(house.post(token, "conversations/x/claim", json!({})).await.0, StatusCode::FORBIDDEN);
    }
}
