//! The pages, embedded: plain modules and custom elements, no inline script, no inline style.

use super::App;
use axum::{
    Router,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use rust_embed::RustEmbed;
use std::sync::Arc;

#[derive(RustEmbed)]
#[folder = "src/web/pages/"]
struct Pages;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

pub(super) fn router() -> Router<Arc<App>> {
    let mut router = Router::new()
        .route("/", get(async || page("chat.html")))
        .route("/desk", get(async || page("desk.html")));
    router = router
        .route("/desk/c/{id}", get(async || page("desk.html")))
        .route("/desk/complaints", get(async || page("desk.html")))
        .route("/desk/complaints/report", get(async || page("desk.html")))
        .route(
            "/desk/complaints/{reference}",
            get(async || page("desk.html")),
        )
        .route("/desk/team", get(async || page("desk.html")))
        .route("/desk/mentions", get(async || page("desk.html")))
        .route("/desk/practice", get(async || page("desk.html")))
        .route("/desk/practice/{run}", get(async || page("desk.html")))
        .route("/desk/staffing", get(async || page("desk.html")))
        .route("/desk/reports", get(async || page("desk.html")))
        .route("/desk/settings", get(async || page("desk.html")))
        .route("/widget-texts.js", get(chat_texts))
        .route("/desk-texts.js", get(desk_texts));
    for name in Pages::iter().filter(|n| !n.ends_with(".html")) {
        let path = format!("/{name}");
        router = router.route(&path, get(async move || page(&name)));
    }
    router
}

/// The words of the web chat, as a module: they stand in the flows, and follow a reload.
async fn chat_texts(State(app): State<Arc<App>>) -> Response {
    let runtime = app.service.runtime();
    let words = serde_json::json!(runtime.rules.flows.page_words);
    let widget = &app.service.settings.widget;
    let looks = serde_json::json!({"accent": widget.accent, "accentDark": widget.accent_dark, "greeting": widget.greeting});
    let module = format!("export const TEXTS = {words};\nexport const LOOKS = {looks};\n");
    served("widget-texts.js", module)
}

/// The words of the desk, in the same way, and by whom one may sign in besides.
async fn desk_texts(State(app): State<Arc<App>>) -> Response {
    let runtime = app.service.runtime();
    let provider = app.service.settings.oidc.as_ref().map(|o| &o.title);
    let words = serde_json::json!(runtime.rules.flows.desk_words);
    let provider = serde_json::json!(provider);
    let text = format!("export const TEXTS = {words};\nexport const PROVIDER = {provider};\n");
    served("desk-texts.js", text)
}

fn page(name: &str) -> Response {
    let Some(file) = Pages::get(name) else {
        return super::ApiError::missing("page").into_response();
    };
    served(name, file.data)
}

/// A file with the headers that browsers need of it.
fn served(name: &str, content: impl IntoResponse) -> Response {
    let media_type = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let mut response = content.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // The widget and what it loads run on other people's pages.
    if name.starts_with("widget") {
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        );
    }
    response
}
