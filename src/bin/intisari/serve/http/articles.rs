//! Articles as clients send them: the fields that the binary reads from JSON.

use axum::http::StatusCode;
use intisari::document::{json_value, Flag, FlagKind};
use intisari::Article;
use serde_json::{Map, Value};

use super::reply::Failure;

/// An article as it is sent; other fields are passed over.
#[derive(utoipa::ToSchema)]
#[schema(as = ArticleToDigest)]
#[allow(dead_code)] // only for its schema
pub struct Sent {
    /// Names it in the answer; its place among the articles where it is missing.
    id: Option<String>,
    /// The text as scraped.
    text: String,
    /// The headline, where it is known apart from the text.
    title: Option<String>,
    /// The day of publication, YYYY-MM-DD; relative dates count from it.
    date: Option<String>,
    /// Publisher or address.
    source: Option<String>,
}

/// An article, or a list of them.
#[derive(utoipa::ToSchema)]
#[serde(untagged)]
#[allow(dead_code)] // only for its schema
pub enum OneOrMany {
    One(Sent),
    Many(Vec<Sent>),
}

/// What was sent, each article with what reading it left doubtful, or why it cannot be read.
pub enum Batch {
    One(Read),
    Many(Vec<(String, Result<Read, Failure>)>),
}

pub struct Read {
    pub article: Article,
    pub flags: Vec<Flag>,
}

/// Reads a body of JSON.
///
/// # Errors
/// 400 where it is no JSON, 422 where it is neither an article nor a list of at most `most`.
pub fn batch(text: &str, most: usize, max_text_bytes: usize) -> Result<Batch, Failure> {
    match json_value(text).map_err(|error| not_json(&error))? {
        Value::Object(fields) => Ok(Batch::One(article(&fields, 1, max_text_bytes)?)),
        Value::Array(items) if items.len() > most => {
            let message = format!(
                "{} articles at a time are more than {most}; send fewer, or a stream of application/x-ndjson",
                items.len()
            );
            Err(Failure::field("articles", message).limit(most))
        }
        Value::Array(items) => {
            let read = |(number, item): (usize, Value)| {
                let Value::Object(fields) = item else {
                    return (number.to_string(), Err(no_article()));
                };
                (id(&fields, number), article(&fields, number, max_text_bytes))
            };
            Ok(Batch::Many((1..).zip(items).map(read).collect()))
        }
        _ => Err(no_article()),
    }
}

/// Reads a line of a stream; its id comes with an error as well.
pub fn line(text: &str, number: usize, max_text_bytes: usize) -> (String, Result<Read, Failure>) {
    match json_value(text) {
        Ok(Value::Object(fields)) => (id(&fields, number), article(&fields, number, max_text_bytes)),
        Ok(_) => (number.to_string(), Err(no_article())),
        Err(error) => (number.to_string(), Err(not_json(&error))),
    }
}

fn id(fields: &Map<String, Value>, number: usize) -> String {
    match fields.get("id") {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => number.to_string(),
    }
}

fn article(fields: &Map<String, Value>, number: usize, max_text_bytes: usize) -> Result<Read, Failure> {
    let string = |name: &str| match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Failure::field(name, format!("`{name}` is no string"))),
    };
    let Some(text) = string("text")? else {
        let known: Vec<&str> = fields.keys().map(String::as_str).take(20).collect();
        return Err(Failure::field("text", format!("`text` is missing (fields: {})", known.join(", "))));
    };
    checked(&text, max_text_bytes)?;
    let mut article = Article::new(id(fields, number), text);
    article.title = string("title")?;
    article.source = string("source")?.or(string("url")?);
    let mut flags = Vec::new();
    if let Some(written) = string("date")? {
        // `2024-05-01T10:00:00+07:00` counts as its day.
        match written.get(..10).unwrap_or(&written).parse() {
            Ok(date) => article.date = Some(date),
            Err(_) => {
                flags.push(Flag::new(FlagKind::UnreadableDate, format!("`{written}`; write YYYY-MM-DD")))
            }
        }
    }
    Ok(Read { article, flags })
}

/// Refuses a text that is too long to be worked on.
///
/// # Errors
/// 422 naming the limit.
pub fn checked(text: &str, most: usize) -> Result<(), Failure> {
    if text.len() > most {
        let message =
            format!("`text` has {} bytes, the limit is {most}; cut the article into parts", text.len());
        return Err(Failure::field("text", message).limit(most));
    }
    Ok(())
}

fn no_article() -> Failure {
    Failure::field("", "expected an article, {\"text\": \"…\"}, or a list of them")
}

fn not_json(error: &serde_json::Error) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, format!("no JSON: {error}"))
}
