//! Coming in by a link that an administrator made.

use crate::browser::{Browser, PASSWORD};
use crate::house::{Base, House};
use crate::on_both;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

fn secret(link: &Value) -> String {
    let link = link.as_str().expect("a link");
    link.rsplit_once("/desk#join=")
        .expect("of the desk")
        .1
        .to_owned()
}

async fn joins(house: &House, token: &str, password: &str) -> (StatusCode, Value) {
    house
        .post("", "join", json!({"token": token, "password": password}))
        .await
}

on_both! {
    async fn a_colleague_is_invited_chooses_a_password_and_signs_in_once(base: Base) {
        let house = House::open(base).await;
        let ada = house.agent("Ada Obi", "admin");
        let (status, added) = house.post(&ada, "agents", json!({"name": "Tom Reed", "role": "agent"})).await;
        assert_eq!(status, StatusCode::OK, "{added}");
        let token = secret(&added["invitation"]);
        let (status, refused) = joins(&house, &token, "Tom Reed").await;
        assert_eq!((status, refused["error"]["field"].as_str()), (StatusCode::BAD_REQUEST, Some("password")), "and the link still works");
        let (status, session) = joins(&house, &token, PASSWORD).await;
        assert_eq!((status, session["agent"]["name"].as_str()), (StatusCode::OK, Some("Tom Reed")));
        assert_eq!(joins(&house, &token, PASSWORD).await.0, StatusCode::FORBIDDEN, "it works once");
        assert_eq!(joins(&house, "guessed", PASSWORD).await.0, StatusCode::FORBIDDEN);
        let mut tom = Browser::new(&house);
        assert_eq!(tom.sign_in("Tom Reed", PASSWORD).await, StatusCode::OK);
    }

    async fn whoever_forgot_their_password_gets_a_link_that_ends_their_sessions(base: Base) {
        let house = House::open(base).await;
        let ada = house.agent("Ada Obi", "admin");
        house.agent("Tom Reed", "agent");
        let mut tom = Browser::new(&house);
        tom.sign_in("Tom Reed", PASSWORD).await;
        let all = house.get(&ada, "agents").await["agents"].clone();
        let id = all.as_array().expect("a list").iter().find(|a| a["name"] == "Tom Reed").expect("him")["id"].as_str().expect("an id").to_owned();
        let path = format!("agents/{id}/invitation");
        let first = secret(&house.post(&ada, &path, json!({})).await.1["link"]);
        let second = secret(&house.post(&ada, &path, json!({})).await.1["link"]);
        assert_eq!(tom.status(Method::GET, "queue").await, StatusCode::OK, "until it is used nothing ends");
        assert_eq!(joins(&house, &first, "another long password").await.0, StatusCode::FORBIDDEN, "only the newest link works");
        assert_eq!(joins(&house, &second, "another long password").await.0, StatusCode::OK);
        assert_eq!(tom.status(Method::GET, "queue").await, StatusCode::UNAUTHORIZED);
        assert_eq!(tom.sign_in("Tom Reed", PASSWORD).await, StatusCode::UNAUTHORIZED);
        let third = secret(&house.post(&ada, &path, json!({})).await.1["link"]);
        house.call(&ada, Method::PATCH, &format!("agents/{id}"), Some(json!({"disabled": true}))).await;
        assert_eq!(joins(&house, &third, PASSWORD).await.0, StatusCode::FORBIDDEN, "nobody who is disabled comes in");
        assert_eq!(house.post(&ada, &path, json!({})).await.0, StatusCode::CONFLICT);
    }

    async fn only_administrators_invite_and_links_end_after_three_days(base: Base) {
        let house = House::open(base).await;
        let (ada, mo) = (house.agent("Ada Obi", "admin"), house.agent("Mo Bell", "supervisor"));
        let tom = json!({"name": "Tom Reed", "role": "admin"});
        assert_eq!(house.post(&mo, "agents", tom.clone()).await.0, StatusCode::FORBIDDEN);
        let token = secret(&house.post(&ada, "agents", tom).await.1["invitation"]);
        house.change("UPDATE account_invitations SET created = created - 3 * 86400000000").await;
        assert_eq!(joins(&house, &token, PASSWORD).await.0, StatusCode::FORBIDDEN);
        let kept = house.rows("SELECT hash FROM account_invitations").await;
        assert_ne!(kept, [token], "the secret itself is kept nowhere");
    }
}
