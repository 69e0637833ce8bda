//! Signing in by an identity provider. Only in a program that was built for it: `cargo test --features oidc`.

use crate::browser::{Browser, PASSWORD};
use crate::house::{Base, House, free_port};
use axum::{
    Json, Router,
    extract::{Query, State},
    response::Redirect,
    routing::{get, post},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use nohold::clock::Clock;
use reqwest::{Client, Method, StatusCode, redirect::Policy};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

type Fields = HashMap<String, String>;

/// A provider with one person, who has signed in there already.
#[derive(Clone)]
struct Provider {
    url: String,
    key: Arc<EcdsaKeyPair>,
    /// What it says of that person, and what goes wrong.
    claims: Arc<Mutex<Value>>,
    /// The nonce and the PKCE challenge of each code.
    codes: Arc<Mutex<HashMap<String, (String, String)>>>,
}

fn base64(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

#[expect(
    clippy::unused_async,
    reason = "what answers a call is async, whether it waits or not"
)]
impl Provider {
    async fn open() -> Self {
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random);
        let made = made.expect("a key");
        let key =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, made.as_ref(), &random);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a free port");
        let provider = Self {
            url: format!("http://{}", listener.local_addr().expect("bound")),
            key: Arc::new(key.expect("a key")),
            claims: Arc::new(Mutex::new(
                json!({"sub": "4711", "preferred_username": "Priya Shah"}),
            )),
            codes: Arc::default(),
        };
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(Self::about))
            .route("/keys", get(Self::keys))
            .route("/authorize", get(Self::authorize))
            .route("/token", post(Self::token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.expect("it serves") });
        provider
    }

    /// What it says from now on.
    fn says(&self, claims: Value) {
        *self.claims.lock().expect("no panic") = claims;
    }

    async fn about(State(p): State<Self>) -> Json<Value> {
        Json(json!({
            "issuer": p.url, "authorization_endpoint": format!("{}/authorize", p.url), "token_endpoint": format!("{}/token", p.url),
            "jwks_uri": format!("{}/keys", p.url), "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"]
        }))
    }

    async fn keys(State(p): State<Self>) -> Json<Value> {
        let point = p.key.public_key().as_ref();
        Json(
            json!({"keys": [{"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "1", "x": base64(&point[1..33]), "y": base64(&point[33..])}]}),
        )
    }

    async fn authorize(State(p): State<Self>, Query(asked): Query<Fields>) -> Redirect {
        assert_eq!(
            (
                asked["client_id"].as_str(),
                asked["code_challenge_method"].as_str()
            ),
            ("nohold", "S256")
        );
        let mut codes = p.codes.lock().expect("no panic");
        let code = format!("code-{}", codes.len());
        codes.insert(
            code.clone(),
            (asked["nonce"].clone(), asked["code_challenge"].clone()),
        );
        Redirect::to(&format!(
            "{}?code={code}&state={}",
            asked["redirect_uri"], asked["state"]
        ))
    }

    async fn token(State(p): State<Self>, body: String) -> (StatusCode, Json<Value>) {
        use sha2::{Digest, Sha256};
        let asked = reqwest::Url::parse(&format!("http://x/?{body}")).expect("a form");
        let asked: Fields = asked.query_pairs().into_owned().collect();
        let code = p.codes.lock().expect("no panic").remove(&asked["code"]);
        let fits = code
            .filter(|(_, challenge)| *challenge == base64(Sha256::digest(&asked["code_verifier"])));
        let Some((nonce, _)) = fits else {
            return (
                StatusCode::BAD_REQUEST,
                Json(json!({"error": "invalid_grant"})),
            );
        };
        let now = Clock::system().now().0 / 1_000_000;
        let mut claims =
            json!({"iss": p.url, "aud": "nohold", "iat": now, "exp": now + 60, "nonce": nonce});
        let said = p.claims.lock().expect("no panic").clone();
        claims
            .as_object_mut()
            .expect("claims")
            .extend(said.as_object().expect("claims").clone());
        let head = base64(json!({"alg": "ES256", "kid": "1"}).to_string());
        let text = format!("{head}.{}", base64(claims.to_string()));
        let signature = p
            .key
            .sign(&SystemRandom::new(), text.as_bytes())
            .expect("signed");
        let id_token = format!("{text}.{}", base64(signature));
        (
            StatusCode::OK,
            Json(
                json!({"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": id_token}),
            ),
        )
    }
}

async fn open(provider: &Provider) -> House {
    let port = free_port();
    let url = format!("http://127.0.0.1:{port}");
    let listen = format!("127.0.0.1:{port}");
    let settings = [
        ("NOHOLD_LISTEN", listen.as_str()),
        ("NOHOLD_PUBLIC_URL", &url),
        ("NOHOLD_OIDC_ISSUER", &provider.url),
        ("NOHOLD_OIDC_CLIENT_ID", "nohold"),
        ("NOHOLD_OIDC_CLIENT_SECRET", "s3cret"),
        ("NOHOLD_SECURITY_LOG", "security.jsonl"),
    ];
    let mut house = House::prepare(Base::Sqlite, &settings).await;
    house.url = url;
    house.start().await;
    house
}

fn browser() -> Client {
    let client = Client::builder()
        .cookie_store(true)
        .redirect(Policy::none());
    client.build().expect("a client")
}

/// Follows a link, as a browser does; where it leads.
async fn follow(client: &Client, house: &House, url: &str) -> String {
    let url = if url.starts_with('/') {
        format!("{}{url}", house.url)
    } else {
        url.to_owned()
    };
    let answer = client.get(&url).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{url}");
    answer.headers()["location"]
        .to_str()
        .expect("text")
        .to_owned()
}

/// Signs in by the provider; where that ends, and who is signed in then.
async fn enters(client: &Client, house: &House) -> (String, Value) {
    let there = follow(client, house, "/api/v1/oidc").await;
    let back = follow(client, house, &there).await;
    let end = follow(client, house, &back).await;
    let answer = client
        .get(format!("{}/api/v1/session", house.url))
        .send()
        .await;
    let who: Value = answer.expect("an answer").json().await.expect("JSON");
    (end, who["agent"]["name"].clone())
}

const REFUSED: &str = "/desk#refused";

#[tokio::test(flavor = "multi_thread")]
async fn whoever_the_provider_knows_comes_in_where_an_administrator_has_made_an_account() {
    let provider = Provider::open().await;
    let house = open(&provider).await;
    assert_eq!(
        enters(&browser(), &house).await,
        (REFUSED.to_owned(), Value::Null),
        "nobody has made one"
    );
    house.agent("Priya Shah", "agent");
    house.agent("Ada Obi", "admin");
    assert_eq!(
        enters(&browser(), &house).await,
        ("/desk".to_owned(), json!("Priya Shah"))
    );
    // From now on it is the subject that counts: neither a new name there nor somebody else with hers
    // changes anything.
    provider.says(json!({"sub": "4711", "preferred_username": "Ada Obi"}));
    assert_eq!(enters(&browser(), &house).await.1, json!("Priya Shah"));
    provider.says(json!({"sub": "4712", "preferred_username": "Priya Shah"}));
    assert_eq!(
        enters(&browser(), &house).await,
        (REFUSED.to_owned(), Value::Null)
    );
    let mut ada = Browser::new(&house);
    ada.sign_in("Ada Obi", PASSWORD).await;
    let all = ada.json("agents").await;
    let priya = all["agents"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|a| a["name"] == "Priya Shah")
        .expect("there");
    let path = format!("agents/{}", priya["id"].as_str().expect("an id"));
    let request = ada
        .ask(Method::PATCH, &path)
        .json(&json!({"disabled": true}));
    assert_eq!(
        request.send().await.expect("an answer").status(),
        StatusCode::OK
    );
    provider.says(json!({"sub": "4711"}));
    assert_eq!(
        enters(&browser(), &house).await,
        (REFUSED.to_owned(), Value::Null),
        "disabled"
    );
    let log = std::fs::read_to_string(house.folder.path().join("security.jsonl")).expect("a log");
    assert!(
        log.contains("\"with\":\"oidc\"") && log.contains("\"reason\":\"oidc\""),
        "{log}"
    );
    assert!(!log.contains("s3cret") && !house.log().contains("s3cret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_for_another_time_another_program_or_another_browser_opens_nothing() {
    let provider = Provider::open().await;
    let house = open(&provider).await;
    house.agent("Priya Shah", "agent");
    for wrong in [
        json!({"aud": "another"}),
        json!({"exp": 1}),
        json!({"nonce": "another"}),
        json!({"iss": "http://127.0.0.1:9"}),
    ] {
        let mut claims = json!({"sub": "4711", "preferred_username": "Priya Shah"});
        claims
            .as_object_mut()
            .expect("claims")
            .extend(wrong.as_object().expect("claims").clone());
        provider.says(claims);
        assert_eq!(
            enters(&browser(), &house).await,
            (REFUSED.to_owned(), Value::Null),
            "{wrong}"
        );
    }
    provider.says(json!({"sub": "4711", "preferred_username": "Priya Shah"}));
    // A link that somebody else's browser was sent back with.
    let (eve, victim) = (browser(), browser());
    let there = follow(&eve, &house, "/api/v1/oidc").await;
    let link = follow(&eve, &house, &there).await;
    assert_eq!(follow(&victim, &house, &link).await, REFUSED);
    follow(&victim, &house, "/api/v1/oidc").await;
    assert_eq!(
        follow(&victim, &house, &link).await,
        REFUSED,
        "nor with a sign-in of their own under way"
    );
    // And a code works once.
    let ann = browser();
    let there = follow(&ann, &house, "/api/v1/oidc").await;
    let link = follow(&ann, &house, &there).await;
    assert_eq!(follow(&ann, &house, &link).await, "/desk");
    assert_eq!(follow(&ann, &house, &link).await, REFUSED);
}
