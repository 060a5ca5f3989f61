//! The values of a JSON file, whether it has one a line, all in one array, or is one object.

use serde_json::{Deserializer, Map, Value};

use super::source::Source;
use crate::document::Unique;
use crate::error::Result;
use crate::part::Part;

/// A value with the line on which it begins; in its place what is wrong with it.
pub(super) type Numbered = (usize, Result<Value, String>);

/// The values of a file: those of its lines, of the one array in it, or the one object of all its lines. Blank lines are left
/// out.
pub(super) fn values(source: &Source) -> Vec<Numbered> {
    let lines = source.lines();
    let mut filled =
        lines.iter().filter(|(_, line)| !line.as_ref().is_some_and(|line| line.trim().is_empty()));
    let Some((number, Some(first))) = filled.next() else { return by_line(lines) };
    let read = serde_json::from_str(first).map(|Unique(value)| value);
    let alone = filled.next().is_none();
    let Ok(text) = source.text() else { return by_line(lines) };
    match read {
        // An array of two, as spaCy writes them a line, holds a text and its entities.
        Ok(Value::Array(items)) if alone && items.iter().all(|item| item.is_object() || item.is_array()) => {
            items.into_iter().map(|item| (*number, Ok(item))).collect()
        }
        Err(_) if first.trim_start().starts_with('[') => elements(text),
        Err(error) if error.is_eof() && first.trim_start().starts_with('{') => {
            match serde_json::from_str(text) {
                Ok(Unique(object @ Value::Object(_))) => vec![(*number, Ok(object))],
                Err(error) if error.is_data() => vec![(*number, Err(format!("no JSON object: {error}")))],
                _ => by_line(lines),
            }
        }
        _ => by_line(lines),
    }
}

fn by_line(lines: Vec<(usize, Option<String>)>) -> Vec<Numbered> {
    let value = |(number, line): (usize, Option<String>)| {
        let value = match line {
            Some(line) if line.trim().is_empty() => return None,
            Some(line) => {
                serde_json::from_str(&line).map(|Unique(value)| value).map_err(|error| message(&error))
            }
            None => Err("not UTF-8".to_owned()),
        };
        Some((number, value))
    };
    lines.into_iter().filter_map(value).collect()
}

/// The elements of the one array of `text`; what follows one that is broken cannot be read.
fn elements(text: &str) -> Vec<Numbered> {
    let mut found = Vec::new();
    let (mut at, mut line, mut counted) = (0, 1, 0);
    let mut line_at = |at: usize| {
        line += text.part(counted..at).matches('\n').count();
        counted = at;
        line
    };
    let mut opening = true;
    loop {
        let rest = text.part(at..);
        let mark = rest.trim_start();
        let here = at + rest.len() - mark.len();
        let expected = if opening { "[" } else { "," };
        if !opening && mark.starts_with(']') {
            let behind = mark.part(1..);
            if !behind.trim().is_empty() {
                let start = here + 1 + behind.len() - behind.trim_start().len();
                found.push((line_at(start), Err("text behind the end of the array".to_owned())));
            }
            return found;
        }
        if !mark.starts_with(expected) {
            found.push((line_at(here), Err(format!("`{expected}` or the end of the array is missing"))));
            return found;
        }
        let inner = mark.part(1..);
        let start = here + 1 + inner.len() - inner.trim_start().len();
        if opening && inner.trim_start().starts_with(']') {
            (opening, at) = (false, start);
            continue;
        }
        let mut stream = Deserializer::from_str(text.part(start..)).into_iter::<Unique>();
        match stream.next() {
            Some(Ok(Unique(value))) => found.push((line_at(start), Ok(value))),
            Some(Err(error)) => {
                let within = error.line().saturating_sub(1);
                let what = error.to_string();
                let what = what.split(" at line ").next().unwrap_or_default();
                found.push((line_at(start) + within, Err(format!("no JSON: {what}"))));
                return found;
            }
            None => {
                found.push((line_at(start), Err("the array has no end".to_owned())));
                return found;
            }
        }
        (opening, at) = (false, start + stream.byte_offset());
    }
}

/// What is wrong with the JSON of one line, of which only the column tells anything.
fn message(error: &serde_json::Error) -> String {
    format!("no JSON object: {}", error.to_string().replace(" at line 1 column ", " at column "))
}

/// The fields of an object.
pub(super) fn object(value: Value) -> Result<Map<String, Value>, String> {
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Err("no JSON object".to_owned()),
    }
}
