//! What the description of the API says of every call, so that each need not say it for itself.

use super::error::ErrorBody;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ContentBuilder, OpenApi, Ref, RefOr, ResponseBuilder,
        path::{Operation, PathItem},
        security::{
            ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
        },
    },
};

/// Calls by which somebody comes in: they need neither a session nor a token.
const DOORS: [&str; 3] = ["/api/v1/session", "/api/v1/setup", "/api/v1/join"];

/// Adds to each call what it may be answered besides, and how it is opened.
pub(super) fn complete(api: &mut OpenApi) {
    let components = api.components.get_or_insert_default();
    components
        .schemas
        .entry(ErrorBody::name().into_owned())
        .or_insert_with(ErrorBody::schema);
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    let cookie = ApiKey::Cookie(ApiKeyValue::new(super::auth::SESSION));
    components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    for (path, item) in &mut api.paths.paths {
        let is_door = |is_post: bool| is_post && DOORS.contains(&path.as_str());
        for (operation, is_post) in operations(item) {
            answers(operation, path, is_door(is_post));
            if !is_door(is_post) {
                operation.security = Some(opened_by(path));
            }
        }
    }
}

/// The calls of a path, and which of them is its POST.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (&mut Operation, bool)> {
    let PathItem {
        get,
        put,
        post,
        delete,
        patch,
        ..
    } = item;
    let others = [get, put, delete, patch].into_iter().flatten();
    let others = others.map(|o| (o, false));
    others.chain(post.iter_mut().map(|o| (o, true)))
}

fn opened_by(path: &str) -> Vec<SecurityRequirement> {
    let by = |name: &str| SecurityRequirement::new::<_, [&str; 0], &str>(name, []);
    if path.starts_with("/api/v1/inboxes/") {
        vec![by("token")]
    } else {
        vec![by("token"), by("session")]
    }
}

fn answers(operation: &mut Operation, path: &str, door: bool) {
    let has_parameters = operation.parameters.as_ref().is_some_and(|p| !p.is_empty());
    let has_body = operation.request_body.is_some();
    let mut all = vec![
        ("429", "Too much at once; see Retry-After"),
        (
            "503",
            "Nothing can be read or written right now; see Retry-After",
        ),
    ];
    if !door {
        all.push(("401", "Nobody is signed in, and no valid token was sent"));
    }
    if !path.starts_with("/api/v1/inboxes/") {
        let text = "The role, the token's scopes or the page's own token do not open this";
        all.push(("403", text));
    }
    if path.contains('{') {
        all.push(("404", "There is none of that id"));
    }
    if has_parameters || has_body {
        all.push((
            "400",
            "Something is wrong with what was sent; `field` says with what",
        ));
    }
    if has_body {
        all.push(("408", "The body came too slowly"));
        all.push(("413", "The body is larger than we take"));
    }
    for (status, text) in all {
        let answer = || RefOr::T(error(text));
        operation
            .responses
            .responses
            .entry(status.to_owned())
            .or_insert_with(answer);
    }
}

fn error(text: &str) -> utoipa::openapi::Response {
    let body = Ref::from_schema_name(ErrorBody::name());
    let content = ContentBuilder::new().schema(Some(body)).build();
    ResponseBuilder::new()
        .description(text)
        .content("application/json", content)
        .build()
}
