//! JSON objects, one a line or in one array. XL-Sum, IndoSum, and whatever else has named fields.

use std::path::Path;

use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::json_values::{object, values};
use super::looks::{expect_json, JSON};
use super::source::{OnBad, Set, Source};
use crate::document::fields::at;
use crate::document::Unit;
use crate::error::Result;
use crate::text::excerpt;

/// An object of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Number of its line, from 1.
    pub line: usize,
    /// Its place among the lines that are not blank, from 1, bad ones included.
    pub place: usize,
    pub(super) fields: Map<String, Value>,
}

impl Record {
    /// The value at `path`: names of fields with points between, outermost first.
    pub fn value(&self, path: &str) -> Option<&Value> {
        at(&self.fields, path)
    }

    /// The names of its fields.
    pub fn names(&self) -> String {
        excerpt(&self.fields.keys().map(String::as_str).collect::<Vec<_>>().join(", "))
    }

    /// What the record calls itself: its field `id`, a text or a number; of a [`Document`](crate::Document) that of its article.
    pub fn id(&self) -> Option<String> {
        id(&self.fields)
    }

    /// What its offsets count, where its field `offset_unit` says so.
    pub(crate) fn offset_unit(&self) -> Result<Option<Unit>, String> {
        offset_unit(&self.fields)
    }

    /// The text of the record's article, where it is a [`Document`](crate::Document), or else its field `text`.
    pub(crate) fn article_text(&self) -> Option<&str> {
        self.value("article.text").or_else(|| self.value("text")).and_then(Value::as_str)
    }

    /// The text at `path`, see [`text_of`].
    pub fn text(&self, path: &str) -> Option<String> {
        self.value(path).and_then(text_of)
    }
}

/// What an object calls itself, see [`Record::id`].
pub(super) fn id(fields: &Map<String, Value>) -> Option<String> {
    match fields.get("id").or_else(|| at(fields, "article.id"))? {
        Value::String(id) => Some(id.clone()),
        Value::Null => None,
        id => Some(id.to_string()),
    }
}

/// What the offsets of an object count, where it says so.
pub(super) fn offset_unit(fields: &Map<String, Value>) -> Result<Option<Unit>, String> {
    let unit = fields.get("offset_unit").map(Unit::deserialize);
    unit.transpose().map_err(|_| "field `offset_unit` is not bytes, chars or utf16".to_owned())
}

/// The text in a value: a string as it is, an array of sentences with each on a line. Arrays may be nested,
/// as paragraphs of sentences; where no string of the whole value has white space in it and arrays are nested, the
/// innermost ones are tokens and are joined by blanks, as in IndoSum. `None` for anything else.
pub fn text_of(value: &Value) -> Option<String> {
    let (nested, spaced) = shape(value, 0)?;
    let mut lines = Vec::new();
    collect(value, nested && !spaced, &mut lines);
    Some(lines.join("\n"))
}

/// Whether arrays lie in arrays, and whether a string has white space; `None` where there is anything but strings.
fn shape(value: &Value, depth: usize) -> Option<(bool, bool)> {
    match value {
        Value::String(text) => Some((depth > 1, text.contains(char::is_whitespace))),
        Value::Array(values) => values.iter().try_fold((false, false), |(nested, spaced), value| {
            let (n, s) = shape(value, depth + 1)?;
            Some((nested || n, spaced || s))
        }),
        _ => None,
    }
}

fn collect(value: &Value, tokens: bool, lines: &mut Vec<String>) {
    match value {
        Value::String(text) => lines.push(text.clone()),
        Value::Array(values) if tokens && values.iter().all(Value::is_string) => {
            let words: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            lines.push(words.join(" "));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, tokens, lines)),
        _ => {}
    }
}

/// Reads the objects of a file, each of which must have the fields `required`: one a line, as JSON Lines have them, all in
/// one array, or a single one. Blank lines are left out. Of an array whose elements stand on one line that line is named.
///
/// # Errors
/// [`crate::Error::Io`], [`crate::Error::Config`] where the file has another form, and [`crate::Error::Malformed`] unless bad lines are to
/// be skipped.
pub fn read_json_lines(path: &Path, required: &[&str], on_bad: OnBad) -> Result<Set<Record>> {
    let mut source = Source::open(path, on_bad)?;
    let values = values(&source);
    expect_json(&source, &JSON, "JSON", values.iter().map(|(_, value)| value.is_ok()))?;
    let mut records = Vec::new();
    for (place, (line, value)) in (1..).zip(values) {
        let record = value.and_then(object).and_then(|fields| {
            let record = Record { line, place, fields };
            match required.iter().find(|name| record.value(name).is_none()) {
                None => Ok(record),
                Some(name) => Err(format!("no field `{name}` (there are: {})", record.names())),
            }
        });
        match record {
            Ok(record) => records.push(record),
            Err(message) => source.bad(line, message)?,
        }
    }
    source.finish(records)
}
