//! What clients of LibreTranslate ask for: `POST /translate` and `GET /languages`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::Extension;
use intisari::document::{json_value, FlagKind};
use intisari::{Article, Document};
use serde::Serialize;
use serde_json::{json, Map, Value};

use super::articles::checked;
use super::body::{self, Form};
use super::guard::{refusal, same, Proven};
use super::reply::{self, Failure};
use super::v1::received;
use super::worker::{Recipe, Task};
use super::Service;

/// A text, or a list of texts.
#[derive(utoipa::ToSchema, Serialize)]
#[serde(untagged)]
enum Texts {
    One(String),
    Many(Vec<String>),
}

/// As LibreTranslate takes it, in JSON or as a form.
#[derive(utoipa::ToSchema)]
#[allow(dead_code)] // only for its schema
struct ToTranslate {
    /// What to translate.
    q: Texts,
    /// `id` or `auto`.
    source: String,
    /// `en`.
    target: String,
    /// `text`.
    format: Option<String>,
    /// The service's token, where it has one.
    api_key: Option<String>,
}

/// As LibreTranslate gives it.
#[derive(utoipa::ToSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct Translation {
    /// The English; a list where a list was sent.
    translated_text: Texts,
    /// Where the source was `auto`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    detected_language: Option<Value>,
}

/// The languages that there are.
#[utoipa::path(get, path = "/languages", responses((status = 200, description = "Indonesian, into English", body = Value)))]
pub async fn languages() -> Response {
    let languages = json!([
        {"code": "id", "name": "Indonesian", "targets": ["en"]},
        {"code": "en", "name": "English", "targets": []},
    ]);
    reply::json(StatusCode::OK, &languages)
}

/// Translates texts as they are; nothing is taken for boilerplate.
///
/// What stands between sentences (line breaks, tags) comes back as it was sent. The English of a sentence is words alone: tags within it go,
/// with the addresses in them, and so does what holds no language (data addresses, files that were written as letters).
#[utoipa::path(
    post,
    path = "/translate",
    request_body(content((ToTranslate = "application/json"), (ToTranslate = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "The English", body = Translation),
        (status = 400, description = "A field is missing, or a language is not supported", body = Failure),
        (status = 401, description = "`api_key` is missing or another", body = Failure),
        (status = 413, description = "The body is too long", body = Failure),
        (status = 415, description = "The body has a form that is not read", body = Failure),
        (status = 422, description = "A text is too long", body = Failure),
        (status = 429, description = "This client has enough requests going; see Retry-After", body = Failure),
        (status = 503, description = "The queue is full, or the time is over; see Retry-After", body = Failure),
    ),
)]
pub async fn translate(
    State(service): State<Arc<Service>>,
    Extension(proven): Extension<Proven>,
    request: Request,
) -> Result<Response, Failure> {
    let form = body::form(request.headers())?;
    let (parts, body) = request.into_parts();
    let body =
        async { fields(form, body::utf8(&body::whole(body, service.settings.max_body_bytes).await?)?) };
    let translation = if proven.0 {
        let _pass = service.admit(&parts.extensions)?;
        service.in_time(async { service.translated(asked(&body.await?)?).await }).await?
    } else {
        let fields = service.unproven(&parts.extensions, body).await?;
        let key = fields.get("api_key").and_then(Value::as_str).unwrap_or_default();
        if !service.settings.token.as_ref().is_some_and(|token| same(key, token)) {
            return Err(refusal());
        }
        let _pass = service.admit(&parts.extensions)?;
        service.in_time(async { service.translated(asked(&fields)?).await }).await?
    };
    Ok(reply::json(StatusCode::OK, &translation))
}

struct Asked {
    texts: Texts,
    detect: bool,
}

/// Clients of LibreTranslate know 400 for all that is wrong with a request.
fn wrong(message: impl Into<String>) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, message)
}

fn fields(form: Form, text: &str) -> Result<Map<String, Value>, Failure> {
    match form {
        Form::Json => match json_value(text).map_err(|error| wrong(format!("no JSON object: {error}")))? {
            Value::Object(fields) => Ok(fields),
            _ => Err(wrong("no JSON object")),
        },
        Form::Fields => Ok(form_urlencoded::parse(text.as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into_owned().into()))
            .collect()),
        Form::Ndjson | Form::Text => Err(body::unsupported("this form")),
    }
}

fn asked(fields: &Map<String, Value>) -> Result<Asked, Failure> {
    let string = |name: &str| fields.get(name).and_then(Value::as_str).filter(|value| !value.is_empty());
    let texts = match fields.get("q") {
        Some(Value::String(text)) => Texts::One(text.clone()),
        Some(Value::Array(items)) => {
            let text = |item: &Value| item.as_str().map(str::to_owned);
            Texts::Many(
                items
                    .iter()
                    .map(text)
                    .collect::<Option<_>>()
                    .ok_or_else(|| wrong("`q` holds something that is no string"))?,
            )
        }
        _ => return Err(wrong("Invalid request: missing q parameter")),
    };
    let source = string("source").ok_or_else(|| wrong("Invalid request: missing source parameter"))?;
    let target = string("target").ok_or_else(|| wrong("Invalid request: missing target parameter"))?;
    if !matches!(source, "id" | "auto") {
        return Err(wrong(format!("{source} is not supported; the source is id, or auto")));
    }
    if target != "en" {
        return Err(wrong(format!(
            "{target} is not available as a target language from id; the target is en"
        )));
    }
    if let Some(format) = string("format").filter(|&format| format != "text") {
        return Err(wrong(format!("format {format} is not supported; send text")));
    }
    Ok(Asked { texts, detect: source == "auto" })
}

impl Service {
    async fn translated(&self, Asked { texts, detect }: Asked) -> Result<Translation, Failure> {
        let (list, single) = match texts {
            Texts::One(text) => (vec![text], true),
            Texts::Many(texts) => (texts, false),
        };
        if list.len() > self.settings.max_articles {
            let most = self.settings.max_articles;
            return Err(wrong(format!("{} texts are more than {most} at a time", list.len())).limit(most));
        }
        let mut pending = Vec::new();
        for (number, text) in (1..).zip(list) {
            checked(&text, self.settings.max_text_bytes)?;
            let article = Article::new(number.to_string(), text);
            pending.push(self.worker.submit(Recipe::of(Task::TranslateAll), None, article).await);
        }
        let mut english = Vec::new();
        let mut detected = Vec::new();
        for receiver in pending {
            let document = received(receiver).await?;
            // Whether a text is Indonesian is known, not how surely.
            let foreign =
                document.flags.iter().any(|flag| flag.kind == FlagKind::NotIndonesian && flag.span.is_none());
            detected.push(json!({"language": "id", "confidence": if foreign { 0 } else { 100 }}));
            english.push(laid_out(&document));
        }
        let (translated_text, detected) = match single {
            true => (Texts::One(english.pop().unwrap_or_default()), detected.pop().unwrap_or_default()),
            false => (Texts::Many(english), detected.into()),
        };
        Ok(Translation { translated_text, detected_language: detect.then_some(detected) })
    }
}

/// The English, with what stands between the sentences as it is.
fn laid_out(document: &Document) -> String {
    let text = &document.article.text;
    let (mut out, mut end) = (String::new(), 0);
    for segment in &document.translation {
        let Some(sentence) = document.sentences.get(segment.sentence) else { continue };
        out += text.get(end..sentence.span.start()).unwrap_or_default();
        out += &segment.text;
        end = sentence.span.end();
    }
    out + text.get(end..).unwrap_or_default()
}
