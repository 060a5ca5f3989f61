//! What a client sends, up to a limit.

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;

use super::reply::Failure;

/// A client that hears of the limit only after it has sent everything must be let send some more.
const READ_ON: usize = 16;

/// The whole body.
///
/// # Errors
/// 413 where it is longer than `limit`, 400 where the connection breaks.
pub async fn whole(mut body: Body, limit: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let mut seen = 0_usize;
    while let Some(data) = next(&mut body).await? {
        seen = seen.saturating_add(data.len());
        if seen <= limit {
            bytes.extend_from_slice(&data);
        } else if seen > limit.saturating_mul(READ_ON) {
            break;
        }
    }
    if seen > limit {
        return Err(too_large(
            "the body",
            limit,
            "send less at a time; /v1 takes streams of application/x-ndjson",
        ));
    }
    Ok(bytes)
}

/// The next bytes of a body.
///
/// # Errors
/// 400 where the connection breaks.
pub async fn next(body: &mut Body) -> Result<Option<Bytes>, Failure> {
    while let Some(frame) = body.frame().await {
        let frame = frame
            .map_err(|error| Failure::new(StatusCode::BAD_REQUEST, format!("the body broke off: {error}")))?;
        if let Ok(data) = frame.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

pub fn too_large(what: &str, limit: usize, fix: &str) -> Failure {
    let message = format!("{what} has more than {limit} bytes; {fix}");
    Failure::new(StatusCode::PAYLOAD_TOO_LARGE, message).limit(limit)
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Json,
    Ndjson,
    Text,
    Fields,
}

/// The form that the headers name; JSON where they name none.
///
/// # Errors
/// 415 naming the forms that can be read, and where the body is packed.
pub fn form(headers: &HeaderMap) -> Result<Form, Failure> {
    let codings = headers.get_all(CONTENT_ENCODING).iter();
    let mut codings = codings.flat_map(|value| value.to_str().unwrap_or("?").split(',')).map(str::trim);
    if let Some(coding) = codings.find(|name| !name.is_empty() && !name.eq_ignore_ascii_case("identity")) {
        let message = format!("a body in `{coding}` is not unpacked here; send it without Content-Encoding");
        return Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    let Some(header) = headers.get(CONTENT_TYPE) else { return Ok(Form::Json) };
    let kind = header.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    match kind.to_ascii_lowercase().as_str() {
        "application/json" => Ok(Form::Json),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/x-jsonlines" => {
            Ok(Form::Ndjson)
        }
        "text/plain" => Ok(Form::Text),
        "application/x-www-form-urlencoded" => Ok(Form::Fields),
        _ => Err(unsupported(kind)),
    }
}

pub fn unsupported(kind: &str) -> Failure {
    let message = format!(
        "`{kind}` cannot be read here; send application/json, application/x-ndjson (an article a line) or text/plain"
    );
    Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
}

/// UTF-8, as all that is sent must be; a byte order mark before it is none of the text.
///
/// # Errors
/// 400 naming the first byte that is not.
pub fn utf8(bytes: &[u8]) -> Result<&str, Failure> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let message = format!("no UTF-8 at byte {} of what was sent; convert it first", error.valid_up_to());
        Failure::new(StatusCode::BAD_REQUEST, message)
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}
