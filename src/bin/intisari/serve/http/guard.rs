//! Who may ask: those who know the token, and no page of another site.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use sha2::{Digest, Sha256};

use super::reply::Failure;
use super::Service;

/// The token came with the request's header, or none is needed.
#[derive(Debug, Clone, Copy)]
pub struct Proven(pub bool);

/// Paths that are open to all: they tell nothing of anybody.
const OPEN: [&str; 2] = ["/healthz", "/languages"];
/// Clients of LibreTranslate send the token as `api_key`, in the body, which the handler reads before it takes a place of the queue.
const IN_BODY: &str = "/translate";

pub async fn check(State(service): State<Arc<Service>>, mut request: Request, next: Next) -> Response {
    // A page of another site could otherwise have its readers' browsers send work here.
    let site = request.headers().get("sec-fetch-site").and_then(|site| site.to_str().ok());
    if request.method() == Method::POST && matches!(site, Some("cross-site" | "same-site")) {
        return Failure::new(StatusCode::FORBIDDEN, "a page of another site sent this").into_response();
    }
    let proven = match &service.settings.token {
        Some(token) => presented(request.headers()).is_some_and(|found| same(&found, token)),
        None => true,
    };
    let path = request.uri().path();
    if !proven && !OPEN.contains(&path) && path != IN_BODY {
        return refusal().into_response();
    }
    request.extensions_mut().insert(Proven(proven));
    next.run(request).await
}

pub fn refusal() -> Failure {
    Failure::new(StatusCode::UNAUTHORIZED, "this service wants its token: Authorization: Bearer TOKEN")
}

/// Compares checksums, so that the time it takes tells nothing of the token.
pub fn same(found: &str, token: &str) -> bool {
    Sha256::digest(found) == Sha256::digest(token)
}

/// The token of `Bearer TOKEN`, or the password of `Basic`, which is what browsers send.
fn presented(headers: &HeaderMap) -> Option<String> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, value) = header.split_once(' ')?;
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" => Some(value.trim().to_owned()),
        "basic" => {
            let pair = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
            pair.split_once(':').map(|(_, password)| password.to_owned())
        }
        _ => None,
    }
}
