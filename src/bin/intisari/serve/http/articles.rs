//! Articles as clients send them, read as the binary reads its records.

use axum::http::StatusCode;
use intisari::document::{FieldError, Fields, FromRecord};
use serde_json::value::RawValue;

use super::reply::Failure;

/// An article as it is sent. Its fields may have other usual names, in any case (`content`, `isi`, `judul`, `tanggal`, `url` …), as in the
/// records that the binary reads; other fields are passed over.
#[derive(utoipa::ToSchema)]
#[schema(as = ArticleToDigest)]
#[allow(dead_code)] // only for its schema
pub struct Sent {
    /// Names it in the answer; its place among the articles where it is missing. A number keeps its digits.
    id: Option<StringOrNumber>,
    /// The text as scraped, or its paragraphs.
    text: TextOrParagraphs,
    /// The headline, where it is known apart from the text.
    title: Option<String>,
    /// The day of publication, in any usual form; relative dates count from it. A moment with a zone is the day that clocks in Jakarta showed.
    date: Option<StringOrNumber>,
    /// Publisher or address.
    source: Option<String>,
}

#[derive(utoipa::ToSchema)]
#[serde(untagged)]
#[allow(dead_code)] // only for its schema
pub enum StringOrNumber {
    String(String),
    Number(f64),
}

#[derive(utoipa::ToSchema)]
#[serde(untagged)]
#[allow(dead_code)] // only for its schema
pub enum TextOrParagraphs {
    Text(String),
    Paragraphs(Vec<String>),
}

/// An article, or a list of them.
#[derive(utoipa::ToSchema)]
#[serde(untagged)]
#[allow(dead_code)] // only for its schema
pub enum OneOrMany {
    One(Sent),
    Many(Vec<Sent>),
}

/// What was sent; of a list each article with its id, or why it cannot be read.
pub enum Batch {
    One(FromRecord),
    Many(Vec<(String, Result<FromRecord, Failure>)>),
}

/// Reads a body of JSON.
///
/// # Errors
/// 400 where it is no JSON, 422 where it is neither an article nor a list of at most `most`.
pub fn batch(text: &str, most: usize, max_text_bytes: usize) -> Result<Batch, Failure> {
    if !text.trim_start().starts_with('[') {
        return Ok(Batch::One(record(text, 1, max_text_bytes).1?));
    }
    // As they are written: a value that was read has lost the digits of a long id.
    let items: Vec<&RawValue> = serde_json::from_str(text)
        .map_err(|error| Failure::new(StatusCode::BAD_REQUEST, format!("no JSON: {error}")))?;
    if items.len() > most {
        let message = format!(
            "{} articles at a time are more than {most}; send fewer, or a stream of application/x-ndjson",
            items.len()
        );
        return Err(Failure::field("articles", message).limit(most));
    }
    let read = |(number, item): (usize, &RawValue)| record(item.get(), number, max_text_bytes);
    Ok(Batch::Many((1..).zip(items).map(read).collect()))
}

/// Reads an article that is called `number` where it has no id; its id comes with an error as well.
pub fn record(json: &str, number: usize, max_text_bytes: usize) -> (String, Result<FromRecord, Failure>) {
    let place = number.to_string();
    match Fields::default().read(json, &place) {
        Ok(read) => {
            let fits = checked(&read.article.text, max_text_bytes);
            (read.article.id.clone(), fits.map(|()| read))
        }
        Err(FieldError::NoText { id, message, fields }) => {
            (id, Err(Failure::field("text", format!("{message} (fields: {fields})"))))
        }
        Err(error @ FieldError::NoObject { .. }) => (place, Err(Failure::field("", error.to_string()))),
        Err(error) => (place, Err(Failure::new(StatusCode::BAD_REQUEST, error.to_string()))),
    }
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
