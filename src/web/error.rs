//! Errors in one shape: `{"error": {"code", "message", "field"}}`.

use crate::{
    assist::Finding,
    dialogue::Refusal,
    service::{HashingBusy, SubmitError},
    store::{JobError, StoreError},
};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::json;

/// What went wrong, as a caller is told.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
    field: Option<String>,
    retry_after: Option<u64>,
    /// Boxed, since few errors have it.
    conflict: Option<Box<Conflict>>,
}

/// What stands against it.
#[derive(Debug, Default)]
struct Conflict {
    /// Who has the conversation.
    holder: Option<String>,
    /// What the coach found.
    findings: Vec<Finding>,
}

/// The shape of every error.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ErrorBody {
    /// What went wrong.
    pub(super) error: ErrorDetail,
}

/// What went wrong.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ErrorDetail {
    /// For programs.
    pub(super) code: String,
    /// For people.
    pub(super) message: String,
    /// The field at fault, where one is.
    pub(super) field: Option<String>,
    /// Who has the conversation, where that is why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) holder: Option<String>,
    /// What the coach found, where that is why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) findings: Vec<Finding>,
}

impl ApiError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            field: None,
            retry_after: None,
            conflict: None,
        }
    }

    /// 400, and the field at fault.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..Self::new(StatusCode::BAD_REQUEST, "invalid", message)
        }
    }

    /// 400, where no one field is at fault.
    pub fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid", message)
    }

    /// 401.
    pub fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "sign in, or send a valid token",
        )
    }

    /// 401: the password was right, and a code is asked for.
    pub fn second_factor(message: &str) -> Self {
        Self {
            field: Some("code".to_owned()),
            ..Self::new(StatusCode::UNAUTHORIZED, "second_factor", message)
        }
    }

    /// 403.
    pub fn forbidden(message: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", message)
    }

    /// 404.
    pub fn missing(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("there is no such {what}"),
        )
    }

    /// 409.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    /// The same, with the field at fault.
    pub(super) fn at(self, field: &str) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..self
        }
    }

    /// 409: the coach found something serious in a reply, and nothing was sent.
    pub fn coached(message: impl Into<String>, findings: Vec<Finding>) -> Self {
        let conflict = Conflict {
            findings,
            ..Conflict::default()
        };
        Self {
            field: Some("text".to_owned()),
            conflict: Some(Box::new(conflict)),
            ..Self::conflict("coach", message)
        }
    }

    /// 409: two accounts of one name.
    pub fn name_taken() -> Self {
        Self::conflict("name_taken", "there is an account of that name")
    }

    /// 413.
    pub fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "the request is larger than we take",
        )
    }

    /// 408: the body did not come on.
    pub fn too_slow() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "too_slow",
            "the request came too slowly",
        )
    }

    /// 415: only JSON.
    pub fn not_json() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not_json",
            "send JSON, with the header Content-Type: application/json",
        )
    }

    /// 507: there is no more room.
    pub fn full(field: &str, message: &str) -> Self {
        Self {
            field: Some(field.to_owned()),
            retry_after: Some(3600),
            ..Self::new(StatusCode::INSUFFICIENT_STORAGE, "full", message)
        }
    }

    /// 429, and when to come back.
    pub fn too_fast(seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds.max(1)),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too_fast",
                "too many at once; please try again in a moment",
            )
        }
    }

    /// 503, and when to come back.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self {
            retry_after: Some(2),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", message)
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut body =
            json!({"error": {"code": self.code, "message": self.message, "field": self.field}});
        let conflict = self.conflict.unwrap_or_default();
        if let Some(holder) = &conflict.holder {
            body["error"]["holder"] = json!(holder);
            body["holder"] = json!(holder);
        }
        if !conflict.findings.is_empty() {
            body["error"]["findings"] = json!(conflict.findings);
            body["findings"] = json!(conflict.findings);
        }
        let mut response = (self.status, axum::Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<HashingBusy> for ApiError {
    fn from(error: HashingBusy) -> Self {
        Self::unavailable(error.to_string())
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::unavailable(
                "nothing can be read or written right now; please try again in a moment",
            ),
            other => {
                tracing::error!(error = %other, "the store refused");
                Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal",
                    "something went wrong on our side; it has been logged",
                )
            }
        }
    }
}

impl From<SubmitError> for ApiError {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Busy | SubmitError::Stopping => Self::unavailable(error.to_string()),
            SubmitError::Job(JobError::Unavailable(_)) => Self::unavailable(
                "nothing can be written right now, so nothing was taken; please send it again in a moment",
            ),
            SubmitError::Job(JobError::NotFound) => Self::missing("conversation"),
            SubmitError::Job(JobError::Refused(Refusal::Held { holder })) => {
                let message = format!("{holder} has this conversation");
                let conflict = Conflict {
                    holder: Some(holder),
                    ..Conflict::default()
                };
                Self {
                    conflict: Some(Box::new(conflict)),
                    ..Self::conflict("held", message)
                }
            }
            SubmitError::Job(JobError::Refused(refusal @ Refusal::Invalid(_))) => {
                Self::bad(refusal.to_string())
            }
            SubmitError::Job(JobError::Refused(Refusal::Record { field, why })) => {
                Self::conflict("record", why).at(field)
            }
            SubmitError::Job(JobError::Refused(refusal)) => {
                Self::conflict("refused", refusal.to_string())
            }
            SubmitError::Job(JobError::Poisonous(_)) => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "this message could not be handled; nothing of it was taken, and it has been logged",
            ),
        }
    }
}

pub(super) async fn not_found() -> ApiError {
    ApiError::missing("page or call")
}

pub(super) async fn not_allowed() -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method",
        "this address does not take that method",
    )
}
