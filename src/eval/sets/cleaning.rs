//! Articles with their boilerplate marked.

use std::path::Path;

use serde_json::Value;

use super::{same_text, Outputs};
use crate::document::{OffsetTable, Span, Unit};
use crate::error::{Error, Result};
use crate::eval::evaluation::CleaningItem;
use crate::eval::formats::{byte_of, read_json_lines, read_records, OnBad, Record, Row, Set};

/// How sets of articles with removed parts are read: JSON `{"id": …, "text": …, "removed": [[START, END], …]}`, parts also as objects with `start` and
/// `end`, perhaps within `span`, as this program writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleaningReader {
    /// The field with the text.
    pub text: String,
    /// The field with the removed parts.
    pub removed: String,
    /// What offsets count; what a record's `offset_unit` says, else bytes, where this is not set.
    pub unit: Option<Unit>,
    /// What happens to bad lines of the set. Outputs must be whole.
    pub on_bad: OnBad,
}

impl Default for CleaningReader {
    /// Reads `text` and `removed`, in bytes unless a record says otherwise.
    fn default() -> Self {
        CleaningReader {
            text: "text".to_owned(),
            removed: "removed".to_owned(),
            unit: None,
            on_bad: OnBad::Fail,
        }
    }
}

impl CleaningReader {
    /// Reads a set and what systems removed. Outputs need no text; that of a [`Document`](crate::Document) must be the set's.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Config`] where a file is no JSON or an output has not what belongs to the set; [`Error::Malformed`] for a line that
    /// cannot be used, in the set unless bad ones are to be skipped.
    pub fn read(&self, set: impl AsRef<Path>, outputs: Outputs) -> Result<Set<CleaningItem>> {
        let mut set = read_records(set.as_ref(), &[&self.text, &self.removed], self.on_bad, |record| {
            let text = record.text(&self.text).ok_or_else(|| format!("field `{}` is no text", self.text))?;
            let gold = self.spans(record, &text)?;
            Ok(CleaningItem { text, gold, ..CleaningItem::default() })
        })?;
        let (system, against) = outputs.each(|path| -> Result<Vec<Vec<Span>>> {
            let outputs = read_json_lines(path, &[&self.removed], OnBad::Fail)?.rows();
            let rows = set.items.iter().zip(set.pair(outputs)?);
            let of = |(gold, row): (&Row<CleaningItem>, Row<Record>)| {
                let malformed = |message| Error::Malformed { path: path.to_owned(), line: row.line, message };
                let text = row.value.value("article.text").and_then(Value::as_str);
                same_text(text, &gold.value.text, &gold.name()).map_err(malformed)?;
                self.spans(&row.value, &gold.value.text).map_err(malformed)
            };
            rows.map(of).collect()
        })?;
        for (row, removed) in set.items.iter_mut().zip(system.into_iter().flatten()) {
            row.value.removed = removed;
        }
        for (row, removed) in set.items.iter_mut().zip(against.into_iter().flatten()) {
            row.value.against = Some(removed);
        }
        set.try_map(OnBad::Fail, |row| Ok(CleaningItem { id: row.name(), ..row.value }))
    }

    /// The removed parts that `record` names, as spans of `text`.
    fn spans(&self, record: &Record, text: &str) -> Result<Vec<Span>, String> {
        let unit = self.unit.or(record.offset_unit()?).unwrap_or(Unit::Bytes);
        let table = OffsetTable::new(text, unit);
        let byte = |offset| byte_of(&table, text, offset);
        let parts = record.value(&self.removed).and_then(Value::as_array);
        let parts = parts.ok_or_else(|| format!("field `{}` is no array", self.removed))?;
        parts
            .iter()
            .map(|part| {
                let (start, end) = offsets(part).ok_or_else(|| format!("`{part}` is no pair of offsets"))?;
                Span::new(text, byte(start)?, byte(end)?).map_err(|error| error.to_string())
            })
            .collect()
    }
}

/// `[start, end]`, `{"start": …, "end": …}` or `{"span": …}` around one of them.
fn offsets(part: &Value) -> Option<(usize, usize)> {
    let part = part.get("span").unwrap_or(part);
    let number = |value: Option<&Value>| value.and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    match part {
        Value::Array(pair) if pair.len() == 2 => Some((number(pair.first())?, number(pair.last())?)),
        _ => Some((number(part.get("start"))?, number(part.get("end"))?)),
    }
}
