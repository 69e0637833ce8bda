//! Getting in: what somebody tries who has no business here.

use crate::house::{Base, House, TOKEN, free_port};
use crate::on_both;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, header::HeaderMap};
use serde_json::{Value, json};

const PASSWORD: &str = "a long password";

/// The link's secret that the program printed last.
fn invitation(house: &House) -> Option<String> {
    let log = house.log();
    let (_, after) = log.rsplit_once("#setup=")?;
    Some(after.chars().take_while(char::is_ascii_hexdigit).collect())
}

async fn set_up(house: &House, token: &str, name: &str) -> (StatusCode, Value) {
    let body = json!({"token": token, "name": name, "password": PASSWORD});
    house.post("", "setup", body).await
}

/// A browser that keeps its cookies.
struct Browser {
    client: Client,
    url: String,
    csrf: String,
}

impl Browser {
    fn new(house: &House) -> Self {
        Self {
            client: Client::builder()
                .cookie_store(true)
                .user_agent("Firefox of the ward")
                .build()
                .expect("a client"),
            url: format!("{}/api/v1", house.url),
            csrf: String::new(),
        }
    }

    async fn sign_in(&mut self, name: &str, password: &str) -> StatusCode {
        let body = json!({"name": name, "password": password});
        let answer = self.ask(Method::POST, "session").json(&body).send().await;
        self.enter(answer.expect("an answer")).await
    }

    async fn enter(&mut self, answer: Response) -> StatusCode {
        let status = answer.status();
        if status == StatusCode::OK {
            let body: Value = answer.json().await.expect("JSON");
            self.csrf = body["csrf"].as_str().expect("a token").to_owned();
        }
        status
    }

    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}/{path}", self.url))
            .header("x-csrf-token", &self.csrf)
    }

    async fn status(&self, method: Method, path: &str) -> StatusCode {
        self.ask(method, path)
            .send()
            .await
            .expect("an answer")
            .status()
    }

    async fn json(&self, path: &str) -> Value {
        let answer = self.ask(Method::GET, path).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.expect("JSON")
    }
}

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
    async fn the_link_of_the_first_administrator_is_dead_once_there_is_one(base: Base) {
        let mut house = House::open(base).await;
        let link = invitation(&house).expect("a link");
        house.agent("Ada Obi", "admin");
        assert_eq!(set_up(&house, &link, "Eve Hart").await.0, StatusCode::FORBIDDEN);
        house.stop();
        house.start().await;
        assert_eq!(house.log().matches("#setup=").count(), 1, "no new one is printed");
        assert_eq!(set_up(&house, &link, "Eve Hart").await.0, StatusCode::FORBIDDEN);
        assert_eq!(house.rows("SELECT name FROM agents").await, ["Ada Obi"]);
    }

    async fn the_link_works_once_and_for_nobody_without_it(base: Base) {
        let house = House::open(base).await;
        house.agent("Priya Shah", "agent");
        let link = invitation(&house).expect("a link");
        let known = set_up(&house, "guessed", "Priya Shah").await;
        assert_eq!(known, set_up(&house, "guessed", "Nobody Here").await, "names are not told");
        assert_eq!(known.0, StatusCode::FORBIDDEN);
        assert_eq!(set_up(&house, &link, "Priya Shah").await.0, StatusCode::CONFLICT, "and the link stands");
        assert_eq!(set_up(&house, &link, "Ada Obi").await.0, StatusCode::OK);
        assert_eq!(set_up(&house, &link, "Eve Hart").await.0, StatusCode::FORBIDDEN);
    }

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

/// An attempt to sign in that comes through the proxy from that address.
async fn from(house: &House, address: &str, name: &str, password: &str) -> StatusCode {
    let url = format!("{}/api/v1/session", house.url);
    let body = json!({"name": name, "password": password});
    let request = house.client.post(url).header("x-forwarded-for", address);
    request
        .json(&body)
        .send()
        .await
        .expect("an answer")
        .status()
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_down_however_the_name_is_written_and_its_owner_gets_in() {
    let house = House::open_with(Base::Sqlite, &[("NOHOLD_BEHIND_PROXY", "true")]).await;
    house.agent("Priya Shah", "agent");
    let mut desk = Browser::new(&house);
    assert_eq!(desk.sign_in("Priya Shah", PASSWORD).await, StatusCode::OK);
    let mut looked_at = 0;
    for n in 0..60 {
        let name = ["Priya Shah", " priya  shah ", "PRIYA SHAH\t"][n % 3];
        // One house: what the caller wrote itself, and the lower half of an IPv6 address, change nothing.
        let address = format!("10.9.9.{n}, 2001:db8:1:1::{n:x}");
        if from(&house, &address, name, "a guess of many").await != StatusCode::TOO_MANY_REQUESTS {
            looked_at += 1;
        }
    }
    assert!((9..=12).contains(&looked_at), "of one house: {looked_at}");
    for n in 0..40 {
        let address = format!("198.51.100.{n}");
        from(&house, &address, "Priya Shah", "a guess of many").await;
    }
    assert_eq!(
        from(&house, "192.0.2.1", "Priya Shah", PASSWORD).await,
        StatusCode::OK,
        "at home"
    );
    assert_eq!(
        desk.sign_in("Priya Shah", PASSWORD).await,
        StatusCode::OK,
        "in a browser that is known"
    );
    let long = "x".repeat(200_000);
    assert_eq!(
        from(&house, "192.0.2.2", &long, PASSWORD).await,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_not_guessed_without_end() {
    let house = House::open(Base::Sqlite).await;
    let priya = house.agent("Priya Shah", "agent");
    house.get(&priya, "queue").await;
    house.says("ann", "1", "hello").await;
    for path in ["queue", "inboxes/http/conversations/ann/messages"] {
        let mut statuses = Vec::new();
        for n in 0..80 {
            statuses.push(
                house
                    .call(&format!("guess {n}"), Method::GET, path, None)
                    .await
                    .status(),
            );
        }
        assert!(statuses.contains(&StatusCode::TOO_MANY_REQUESTS), "{path}");
    }
    house.get(&priya, "queue").await;
    house.says("ann", "2", "hello").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn weak_passwords_are_refused_wherever_they_are_set() {
    let house = House::open(Base::Sqlite).await;
    let ada = house.agent("Ada Obi", "admin");
    for weak in [
        "          ",
        "password1234",
        "Eve Hart 1",
        &"long ".repeat(100),
    ] {
        let new = json!({"name": "Eve Hart", "role": "agent", "password": weak});
        let (status, body) = house.post(&ada, "agents", new).await;
        assert_eq!(
            (status, body["error"]["field"].as_str()),
            (StatusCode::BAD_REQUEST, Some("password")),
            "{weak:?}"
        );
        let added = house.run(
            &["agents", "add", "Eve Hart", "--password-stdin"],
            &format!("{weak}\n"),
        );
        assert!(!added.status.success(), "{weak:?}");
    }
    let (status, body) = house
        .post(
            &ada,
            "agents",
            json!({"name": "Eve\u{202e}Hart", "role": "agent", "password": PASSWORD}),
        )
        .await;
    assert_eq!(
        (status, body["error"]["field"].as_str()),
        (StatusCode::BAD_REQUEST, Some("name"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sites_page_signs_nobody_in() {
    let house = House::open(Base::Sqlite).await;
    house.agent("Priya Shah", "agent");
    let body = json!({"name": "Priya Shah", "password": PASSWORD}).to_string();
    let url = format!("{}/api/v1/session", house.url);
    let send = |headers: &[(&'static str, &str)]| {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().expect("a header"));
        }
        let request = house.client.post(&url).headers(map).body(body.clone());
        async { request.send().await.expect("an answer").status() }
    };
    let json = ("content-type", "application/json");
    let text = ("content-type", "text/plain");
    assert_eq!(send(&[text]).await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(send(&[]).await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(
        send(&[json, ("origin", "https://evil.example")]).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        send(&[json, ("sec-fetch-site", "cross-site")]).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        send(&[json, ("origin", house.url.as_str())]).await,
        StatusCode::OK
    );
    assert_eq!(
        send(&[("content-type", "application/json; charset=utf-8")]).await,
        StatusCode::OK
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_tls_cookies_are_ours_alone_and_browsers_stay_with_it() {
    let house = House::open_with(
        Base::Sqlite,
        &[("NOHOLD_PUBLIC_URL", "https://care.example")],
    )
    .await;
    house.agent("Priya Shah", "agent");
    let request = house.client.post(format!("{}/api/v1/session", house.url));
    let request = request.header("origin", "https://care.example");
    let answer = request
        .json(&json!({"name": "Priya Shah", "password": PASSWORD}))
        .send()
        .await
        .expect("an answer");
    let header = |name: &str| -> Vec<String> {
        let all = answer.headers().get_all(name).iter();
        all.map(|v| v.to_str().expect("text").to_owned()).collect()
    };
    assert_eq!(header("strict-transport-security"), ["max-age=31536000"]);
    let cookies = header("set-cookie");
    assert_eq!(
        cookies.len(),
        2,
        "the session, and that the browser is known"
    );
    for cookie in cookies {
        assert!(cookie.starts_with("__Host-nohold_"), "{cookie}");
        assert!(
            cookie.contains("Secure") && cookie.contains("Path=/") && !cookie.contains("Domain"),
            "{cookie}"
        );
    }
    let page = house
        .client
        .get(&house.url)
        .send()
        .await
        .expect("an answer");
    assert!(page.headers().contains_key("strict-transport-security"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_program_counts_is_not_for_everybody() {
    let listen = format!("127.0.0.1:{}", free_port());
    let house = House::open_with(Base::Sqlite, &[("NOHOLD_METRICS_LISTEN", &listen)]).await;
    let get = async |url: String, token: &str| {
        let request = house.client.get(url).bearer_auth(token);
        request.send().await.expect("an answer").status()
    };
    let open = format!("{}/metrics", house.url);
    assert_eq!(get(open.clone(), "wrong").await, StatusCode::UNAUTHORIZED);
    assert_eq!(get(open.clone(), TOKEN).await, StatusCode::OK);
    assert_eq!(
        get(format!("http://{listen}/metrics"), "").await,
        StatusCode::OK
    );
    assert_eq!(
        get(format!("http://{listen}/desk"), "").await,
        StatusCode::NOT_FOUND
    );
    let closed = House::open_with(Base::Sqlite, &[("NOHOLD_METRICS_TOKEN", "")]).await;
    assert_eq!(
        get(format!("{}/metrics", closed.url), "").await,
        StatusCode::NOT_FOUND
    );
}
