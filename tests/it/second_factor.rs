//! The second factor: whoever knows the password alone does not get in, and who has lost their phone does.

use crate::browser::{Browser, PASSWORD};
use crate::house::{Base, House};
use crate::on_both;
use nohold::clock::Clock;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

/// The code that an app shows now, or so many steps later.
fn code(secret: &str, later: i64) -> String {
    let secret = Secret::try_from_base32(secret).expect("base32");
    let app = Builder::new().with_secret(secret).build().expect("an app");
    let now = Clock::system().now().0 / 1_000_000 + 30 * later;
    app.generate(now as u64).to_string()
}

async fn asked(desk: &Browser, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    let answer = desk.ask(method, path).json(&body).send().await;
    let answer = answer.expect("an answer");
    let status = answer.status();
    (status, answer.json().await.unwrap_or(Value::Null))
}

/// Somebody at the desk who has set a second factor up; the secret and the recovery codes.
pub(crate) async fn set_up(house: &House, name: &str) -> (Browser, String, Vec<String>) {
    let mut desk = Browser::new(house);
    assert_eq!(desk.sign_in(name, PASSWORD).await, StatusCode::OK);
    let path = "session/second-factor";
    let (status, offered) = asked(&desk, Method::POST, path, json!({"password": PASSWORD})).await;
    assert_eq!(status, StatusCode::OK, "{offered}");
    let secret = offered["secret"].as_str().expect("a secret").to_owned();
    let (status, wrong) = asked(&desk, Method::PUT, path, json!({"code": code(&secret, 40)})).await;
    assert_eq!(
        (status, wrong["error"]["field"].as_str()),
        (StatusCode::BAD_REQUEST, Some("code"))
    );
    let (status, on) = asked(&desk, Method::PUT, path, json!({"code": code(&secret, 0)})).await;
    assert_eq!(status, StatusCode::OK, "{on}");
    let codes = on["recovery_codes"].as_array().expect("a list").iter();
    let codes = codes
        .map(|c| c.as_str().expect("a code").to_owned())
        .collect();
    (desk, secret, codes)
}

/// A sign-in with or without a code: the status, and the error's code.
async fn enters(house: &House, name: &str, code: Option<&str>) -> (StatusCode, String) {
    let body = match code {
        Some(code) => json!({"name": name, "password": PASSWORD, "code": code}),
        None => json!({"name": name, "password": PASSWORD}),
    };
    let (status, body) = asked(&Browser::new(house), Method::POST, "session", body).await;
    (
        status,
        body["error"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
    )
}

fn refused() -> (StatusCode, String) {
    (StatusCode::UNAUTHORIZED, "second_factor".to_owned())
}

fn inside() -> (StatusCode, String) {
    (StatusCode::OK, String::new())
}

/// As if the last code had been taken long ago: the tests wait for no clock.
const LONG_AGO: &str = "UPDATE second_factors SET step = 1";

on_both! {
    async fn the_password_alone_opens_nothing_and_no_code_opens_twice(base: Base) {
        let house = House::open(base).await;
        house.agent("Priya Shah", "agent");
        let (desk, secret, codes) = set_up(&house, "Priya Shah").await;
        assert_eq!(codes.len(), 10);
        assert_eq!(desk.json("session/second-factor").await, json!({"on": true, "recovery_codes_left": 10}));
        assert_eq!(enters(&house, "Priya Shah", None).await, refused());
        assert_eq!(enters(&house, "Priya Shah", Some("")).await, refused());
        assert_eq!(enters(&house, "Priya Shah", Some(&code(&secret, 40))).await, refused(), "another moment's");
        assert_eq!(enters(&house, "Priya Shah", Some(&code(&secret, -1))).await, refused(), "older than the one that turned it on");
        house.change(LONG_AGO).await;
        let shown = code(&secret, 0);
        // Somebody looks over the shoulder and is as quick.
        let both = tokio::join!(enters(&house, "Priya Shah", Some(&shown)), enters(&house, "Priya Shah", Some(&shown)));
        let ins = [&both.0, &both.1].into_iter().filter(|e| **e == inside()).count();
        assert_eq!(ins, 1, "{both:?}");
        assert_eq!(enters(&house, "Priya Shah", Some(&shown)).await, refused());
        // A wrong password tells nothing of the second factor.
        let (status, wrong) = asked(&Browser::new(&house), Method::POST, "session", json!({"name": "Priya Shah", "password": "not hers", "code": codes[0]})).await;
        assert_eq!((status, wrong["error"]["code"].as_str()), (StatusCode::UNAUTHORIZED, Some("unauthorized")));
    }

    async fn a_recovery_code_opens_once_and_a_colleague_may_turn_it_off(base: Base) {
        let house = House::open(base).await;
        house.agent("Priya Shah", "agent");
        house.agent("Ada Obi", "admin");
        let (desk, _, codes) = set_up(&house, "Priya Shah").await;
        let typed = codes[0].replace('-', " ").to_uppercase();
        assert_eq!(enters(&house, "Priya Shah", Some(&typed)).await, inside());
        assert_eq!(enters(&house, "Priya Shah", Some(&codes[0])).await, refused());
        assert_eq!(desk.json("session/second-factor").await["recovery_codes_left"], 9);
        let mut ada = Browser::new(&house);
        ada.sign_in("Ada Obi", PASSWORD).await;
        let listed = ada.json("agents").await;
        let priya = listed["agents"].as_array().expect("a list").iter().find(|a| a["name"] == "Priya Shah").expect("there");
        assert_eq!(priya["second_factor"], true);
        assert!(desk.json("agents").await["agents"][0].get("second_factor").is_none(), "colleagues are not told");
        let path = format!("agents/{}/second-factor", priya["id"].as_str().expect("an id"));
        assert_eq!(desk.status(Method::DELETE, &path).await, StatusCode::FORBIDDEN);
        assert_eq!(ada.status(Method::DELETE, &path).await, StatusCode::NO_CONTENT);
        assert_eq!(ada.status(Method::DELETE, &path).await, StatusCode::NOT_FOUND);
        assert_eq!(enters(&house, "Priya Shah", None).await, inside());
        assert!(house.rows("SELECT hash FROM recovery_codes").await.is_empty());
    }

    async fn a_link_for_a_new_password_does_not_pass_the_second_factor(base: Base) {
        let house = House::open(base).await;
        house.agent("Priya Shah", "agent");
        house.agent("Ada Obi", "admin");
        let (_, secret, _) = set_up(&house, "Priya Shah").await;
        let mut ada = Browser::new(&house);
        ada.sign_in("Ada Obi", PASSWORD).await;
        let listed = ada.json("agents").await;
        let priya = listed["agents"].as_array().expect("a list").iter().find(|a| a["name"] == "Priya Shah").expect("there");
        let path = format!("agents/{}/invitation", priya["id"].as_str().expect("an id"));
        let (_, made) = asked(&ada, Method::POST, &path, json!({})).await;
        let token = made["link"].as_str().expect("a link").split_once("#join=").expect("a token").1.to_owned();
        house.change(LONG_AGO).await;
        let mut body = json!({"token": token, "password": "quite another password"});
        let (status, said) = asked(&Browser::new(&house), Method::POST, "join", body.clone()).await;
        assert_eq!((status, said["error"]["code"].as_str()), (StatusCode::UNAUTHORIZED, Some("second_factor")));
        body["code"] = json!(code(&secret, 0));
        let (status, said) = asked(&Browser::new(&house), Method::POST, "join", body).await;
        assert_eq!(status, StatusCode::OK, "the link still works: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_not_guessed_without_end_and_every_try_is_written_down() {
    let house = House::open_with(
        Base::Sqlite,
        &[
            ("NOHOLD_BEHIND_PROXY", "true"),
            ("NOHOLD_SECURITY_LOG", "security.jsonl"),
        ],
    )
    .await;
    house.agent("Priya Shah", "agent");
    let (_, _, codes) = set_up(&house, "Priya Shah").await;
    let url = format!("{}/api/v1/session", house.url);
    let mut looked_at = 0;
    // From many addresses, since whoever has stolen a password has those too.
    for n in 0..40 {
        let body = json!({"name": "Priya Shah", "password": PASSWORD, "code": format!("{n:06}")});
        let request = house
            .client
            .post(&url)
            .header("x-forwarded-for", format!("198.51.100.{n}"));
        let answer = request.json(&body).send().await.expect("an answer");
        looked_at += usize::from(answer.status() == StatusCode::UNAUTHORIZED);
    }
    assert!((5..=10).contains(&looked_at), "{looked_at}");
    let log = std::fs::read_to_string(house.folder.path().join("security.jsonl")).expect("a log");
    assert_eq!(
        log.matches("\"reason\":\"second_factor\"").count(),
        looked_at,
        "{log}"
    );
    assert!(log.contains("\"event\":\"second_factor_on\""), "{log}");
    assert!(!log.contains(&codes[0]), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sits_down_at_an_open_desk_neither_turns_it_on_nor_off() {
    let house = House::open(Base::Sqlite).await;
    let token = house.agent("Priya Shah", "agent");
    let (desk, secret, codes) = set_up(&house, "Priya Shah").await;
    let path = "session/second-factor";
    let guessed = json!({"password": "a guess of many"});
    assert_eq!(
        asked(&desk, Method::POST, path, guessed).await.0,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        asked(&desk, Method::POST, path, json!({"password": PASSWORD}))
            .await
            .0,
        StatusCode::CONFLICT,
        "nor anew"
    );
    let off = |password: &str, code: &str| json!({"password": password, "code": code});
    let take_off = "session/second-factor/off";
    assert_eq!(
        asked(
            &desk,
            Method::POST,
            take_off,
            off("a guess of many", &codes[1])
        )
        .await
        .0,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        asked(
            &desk,
            Method::POST,
            take_off,
            off(PASSWORD, &code(&secret, 40))
        )
        .await
        .0,
        StatusCode::BAD_REQUEST
    );
    let by_token = house.post(&token, take_off, off(PASSWORD, &codes[1])).await;
    assert_eq!(by_token.0, StatusCode::FORBIDDEN, "by no program");
    assert_eq!(
        asked(&desk, Method::POST, take_off, off(PASSWORD, &codes[1]))
            .await
            .0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(enters(&house, "Priya Shah", None).await, inside());
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_taken_off_by_a_command_where_everything_is_lost() {
    let house = House::open(Base::Sqlite).await;
    house.agent("Priya Shah", "agent");
    set_up(&house, "Priya Shah").await;
    let args = ["agents", "second-factor-off", "Priya Shah"];
    assert!(house.run(&args, "").status.success());
    assert_eq!(
        house.run(&args, "").status.code(),
        Some(1),
        "there is none any more"
    );
    assert_eq!(enters(&house, "Priya Shah", None).await, inside());
}
