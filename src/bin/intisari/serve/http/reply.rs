//! Answers that say what is wrong: which field, which limit, what to do.

use axum::extract::Request;
use axum::http::header::{
    HeaderName, HeaderValue, CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// Why a request is refused, as the client reads it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Failure {
    #[serde(skip)]
    status: StatusCode,
    /// What is wrong, and what to do.
    error: String,
    /// The field or option that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// The limit that was passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<usize>,
    #[serde(skip)]
    retry: Option<u32>,
}

impl Failure {
    pub fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Failure { status, error: error.into(), field: None, limit: None, retry: None }
    }

    /// 422: the request can be read, and a field of it does not fit.
    pub fn field(field: impl Into<String>, error: impl Into<String>) -> Self {
        Failure { field: Some(field.into()), ..Failure::new(StatusCode::UNPROCESSABLE_ENTITY, error) }
    }

    pub fn limit(self, limit: usize) -> Self {
        Failure { limit: Some(limit), ..self }
    }

    /// Tells the client to come back after so many seconds.
    pub fn retry(self, seconds: u32) -> Self {
        Failure { retry: Some(seconds), ..self }
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub fn message(&self) -> &str {
        &self.error
    }

    /// The time for a request is over.
    pub fn late(timeout: std::time::Duration) -> Self {
        let seconds = timeout.as_secs_f64();
        let message = format!(
            "not done within {seconds} seconds; send less at a time, or try again when less is going on"
        );
        Failure::new(StatusCode::SERVICE_UNAVAILABLE, message).retry(5)
    }
}

impl From<intisari::Error> for Failure {
    fn from(error: intisari::Error) -> Self {
        use intisari::Error;
        match error {
            Error::Article { source, .. } => (*source).into(),
            Error::Input { message } => Failure::field("text", message),
            Error::Config { .. } => Failure::new(StatusCode::NOT_IMPLEMENTED, error.to_string()),
            Error::Cancelled { .. } => {
                Failure::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()).retry(1)
            }
            error => Failure::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = json(self.status, &self);
        if let Some(seconds) = self.retry {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            // Browsers ask for the token; any name will do.
            let ask = HeaderValue::from_static("Basic realm=\"intisari\", charset=\"UTF-8\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, ask);
        }
        response
    }
}

/// An answer in JSON.
pub fn json(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => (status, [("content-type", "application/json")], body).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// What every answer carries: no cache keeps an article, no frame shows the page, no browser guesses a type.
pub async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let policy = HeaderName::from_static("content-security-policy");
    headers.insert(policy, HeaderValue::from_static("frame-ancestors 'none'"));
    response
}
