//! A person at the desk, as far as a browser is needed for that: cookies, and the page's own token.

use crate::house::House;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

/// The password of every account that [`House::agent`] makes.
pub(crate) const PASSWORD: &str = "a long password";

/// A browser that keeps its cookies.
pub(crate) struct Browser {
    client: Client,
    url: String,
    csrf: String,
}

impl Browser {
    pub(crate) fn new(house: &House) -> Self {
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

    pub(crate) async fn sign_in(&mut self, name: &str, password: &str) -> StatusCode {
        let body = json!({"name": name, "password": password});
        let answer = self.ask(Method::POST, "session").json(&body).send().await;
        self.enter(answer.expect("an answer")).await
    }

    pub(crate) async fn enter(&mut self, answer: Response) -> StatusCode {
        let status = answer.status();
        if status == StatusCode::OK {
            let body: Value = answer.json().await.expect("JSON");
            body["csrf"]
                .as_str()
                .expect("a token")
                .clone_into(&mut self.csrf);
        }
        status
    }

    pub(crate) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}/{path}", self.url))
            .header("x-csrf-token", &self.csrf)
    }

    pub(crate) async fn status(&self, method: Method, path: &str) -> StatusCode {
        self.ask(method, path)
            .send()
            .await
            .expect("an answer")
            .status()
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        let answer = self.ask(Method::GET, path).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.expect("JSON")
    }
}
