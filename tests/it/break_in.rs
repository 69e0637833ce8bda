//! Getting in: what somebody tries who has no business here.

use crate::browser::{Browser, PASSWORD};
use crate::house::{Base, House, TOKEN, free_port};
use crate::on_both;
use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::{Value, json};

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
