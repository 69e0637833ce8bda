//! A server of FHIR R4 that knows patients, made from the specification's `Patient` search, and misbehaves on command.

use super::Watched;
use axum::{
    Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};
use std::sync::Arc;

/// What it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    Answers,
    Hangs,
    Broken,
}

#[derive(Debug)]
pub(crate) struct Asked {
    pub manner: Manner,
    /// The parameters of each search.
    pub searches: Vec<Vec<(String, String)>>,
}

/// The fake.
#[derive(Clone, Debug)]
pub(crate) struct Fhir {
    pub url: String,
    pub asked: Arc<Watched<Asked>>,
}

impl Fhir {
    pub(crate) async fn open() -> Self {
        let asked = Arc::new(Watched::new(Asked {
            manner: Manner::Answers,
            searches: Vec::new(),
        }));
        let app = Router::new()
            .route("/r4/Patient", get(search))
            .with_state(Arc::clone(&asked));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let url = format!("http://{}/r4", listener.local_addr().expect("bound"));
        tokio::spawn(async move { axum::serve(listener, app).await.expect("it serves") });
        Self { url, asked }
    }
}

fn patients() -> [Value; 2] {
    [
        json!({"resourceType": "Patient", "id": "p1", "name": [{"use": "official", "family": "Oduya", "given": ["Ann", "Mary"]}], "birthDate": "1950-02-03", "telecom": [{"system": "phone", "value": "07700 900123"}]}),
        json!({"resourceType": "Patient", "id": "p2", "name": [{"family": "Nagy", "given": ["Peter"]}]}),
    ]
}

/// `name` is a string parameter: it fits where a part of the name begins with it, whatever its case. Several are all to
/// fit.
fn fits(patient: &Value, name: &str, value: &str) -> bool {
    match name {
        "name" => {
            let text = patient["name"].to_string().to_lowercase();
            text.split(|c: char| !c.is_alphanumeric())
                .any(|w| w.starts_with(&value.to_lowercase()))
        }
        "birthdate" => patient["birthDate"] == value,
        "phone" => patient["telecom"][0]["value"] == value,
        _ => true,
    }
}

async fn search(
    State(asked): State<Arc<Watched<Asked>>>,
    headers: HeaderMap,
    Query(parameters): Query<Vec<(String, String)>>,
) -> Response {
    assert_eq!(headers[header::AUTHORIZATION], "Bearer s3cret");
    assert_eq!(headers[header::ACCEPT], "application/fhir+json");
    let manner = asked.change(|a| {
        a.searches.push(parameters.clone());
        a.manner
    });
    match manner {
        Manner::Hangs => std::future::pending().await,
        Manner::Broken => (StatusCode::OK, "<html>gateway</html>").into_response(),
        Manner::Answers => {
            let all = patients().into_iter();
            let found: Vec<Value> = all
                .filter(|p| parameters.iter().all(|(name, value)| fits(p, name, value)))
                .map(|p| json!({"resource": p, "search": {"mode": "match"}}))
                .collect();
            Json(json!({"resourceType": "Bundle", "type": "searchset", "total": found.len(), "entry": found})).into_response()
        }
    }
}
