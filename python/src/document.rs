//! What of a document only the crate can tell.

use intisari::document::{self, Unit};
use intisari::Document;
use pyo3::prelude::*;
use serde_json::Value;

use crate::errors::no_article;

/// Reads a document whose offsets count bytes, and checks it.
fn read(json: &str) -> PyResult<Document> {
    serde_json::from_str(json).map_err(|error| {
        let id = serde_json::from_str::<Value>(json)
            .ok()
            .and_then(|value| Some(value.get("article")?.get("id")?.as_str()?.to_owned()));
        no_article(&id.unwrap_or_default(), format!("no document of intisari: {error}"))
    })
}

/// Checks a document in JSON with offsets in bytes: spans, order, references. Returns it with every field written.
#[pyfunction]
pub fn check_document(json: &str) -> PyResult<String> {
    Ok(intisari::output::json(&read(json)?, Unit::Bytes).to_string())
}

/// The kept text of a document in JSON with offsets in bytes.
#[pyfunction]
pub fn cleaned_text(json: &str) -> PyResult<String> {
    Ok(read(json)?.cleaned_text())
}

/// The value of a date or quantity, given in JSON, as the binary prints it.
#[pyfunction]
pub fn value_text(json: &str) -> PyResult<String> {
    let value: document::Value = serde_json::from_str(json)
        .map_err(|error| no_article("", format!("no value of intisari: {error}")))?;
    Ok(value.to_string())
}
