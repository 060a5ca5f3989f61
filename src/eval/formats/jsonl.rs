//! JSON Lines: one object a line. XL-Sum, IndoSum, and whatever else has named fields.

use std::path::Path;

use serde_json::{Map, Value};

use super::source::{OnBad, Set, Source};
use crate::error::Result;

/// An object of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Number of its line, from 1.
    pub line: usize,
    /// Its place among the lines that are not blank, from 1, bad ones included.
    pub place: usize,
    fields: Map<String, Value>,
}

impl Record {
    /// The value at `path`: names of fields with points between, outermost first.
    pub fn value(&self, path: &str) -> Option<&Value> {
        if let Some(value) = self.fields.get(path) {
            return Some(value);
        }
        let (first, rest) = path.split_once('.')?;
        rest.split('.').try_fold(self.fields.get(first)?, |value, name| value.get(name))
    }

    /// The text at `path`, see [`text_of`].
    pub fn text(&self, path: &str) -> Option<String> {
        self.value(path).and_then(text_of)
    }
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

/// Reads the objects of a file, each of which must have the fields `required`; blank lines are left out.
///
/// # Errors
/// [`crate::Error::Io`], and [`crate::Error::Malformed`] unless bad lines are to be skipped.
pub fn read_json_lines(path: &Path, required: &[&str], on_bad: OnBad) -> Result<Set<Record>> {
    let mut source = Source::open(path, on_bad)?;
    let mut records = Vec::new();
    let mut place = 0;
    for (number, line) in source.lines() {
        if line.as_ref().is_some_and(|line| line.trim().is_empty()) {
            continue;
        }
        place += 1;
        let Some(line) = line else {
            source.not_utf8(number)?;
            continue;
        };
        match serde_json::from_str(&line) {
            Ok(fields) => {
                let record = Record { line: number, place, fields };
                match required.iter().find(|name| record.value(name).is_none()) {
                    None => records.push(record),
                    Some(name) => source.bad(number, format!("no field `{name}`"))?,
                }
            }
            Err(error) => {
                // A line of its own: only the column tells anything.
                let error = error.to_string().replace(" at line 1 column ", " at column ");
                source.bad(number, format!("no JSON object: {error}"))?;
            }
        }
    }
    Ok(source.finish(records))
}
