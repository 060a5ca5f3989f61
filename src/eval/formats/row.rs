//! What a line of a file holds, and the line of another file that belongs to it.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::jsonl::{read_json_lines, Record};
use super::source::{BadLine, OnBad, Set};
use crate::error::{Error, Result};

/// What a line, a row, a record or a segment of a file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row<T> {
    /// What it calls itself, where it does.
    pub id: Option<String>,
    /// Number of its first line, from 1.
    pub line: usize,
    /// Its place among all that the file holds, from 1, bad ones included.
    pub place: usize,
    /// What it holds.
    pub value: T,
}

impl<T> Row<T> {
    /// What it is called in reports and messages: its id, else its line.
    pub fn name(&self) -> String {
        self.id.clone().unwrap_or_else(|| format!("line {}", self.line))
    }

    /// The row with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Row<U> {
        let Row { id, line, place, value } = self;
        Row { id, line, place, value: change(value) }
    }
}

/// Reads the objects of a JSON file with their field `id`, as `value` takes them; each must have the fields `required`. An id that stands there
/// twice makes a bad line, since [`Set::pair`] goes by ids.
///
/// # Errors
/// As [`read_json_lines`]; what `value` says about a record makes its line a bad one.
pub fn read_records<T>(
    path: &Path,
    required: &[&str],
    on_bad: OnBad,
    mut value: impl FnMut(&Record) -> Result<T, String>,
) -> Result<Set<Row<T>>> {
    let mut seen = HashSet::new();
    read_json_lines(path, required, on_bad)?.try_map(on_bad, |record| {
        let id = record.id();
        if let Some(again) = id.as_ref().filter(|id| !seen.insert((*id).clone())) {
            return Err((record.line, format!("the id `{again}` has been there before")));
        }
        let value = value(&record).map_err(|message| (record.line, message))?;
        Ok(Row { id, line: record.line, place: record.place, value })
    })
}

impl<T> Set<Row<T>> {
    /// For each row of the set the one of `other` that belongs to it, in the order of the set: by id where all rows of both have one and
    /// those of the set are all different, else by place. Rows that were left out of this set may stand in the other or not. Outputs are paired so with what they are outputs for.
    ///
    /// # Errors
    /// [`Error::Config`] naming the row that `other` has nothing for, an id that stands there twice or where rows meet in order that have
    /// different ones, or how many there are of each.
    ///
    /// ```
    /// use intisari::eval::formats::{read_records, OnBad};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let [gold, output] = ["gold.jsonl", "output.jsonl"].map(|name| folder.path().join(name));
    /// std::fs::write(&gold, "{\"id\": 1, \"text\": \"Hujan turun.\"}\n{\"id\": 2, \"text\": \"Ia tidur.\"}\n")?;
    /// std::fs::write(&output, "{\"id\": 2, \"english\": \"He sleeps.\"}\n{\"id\": 1, \"english\": \"It rains.\"}\n")?;
    /// let texts = read_records(&gold, &["text"], OnBad::Fail, |record| Ok(record.text("text")))?;
    /// let outputs = read_records(&output, &["english"], OnBad::Fail, |record| Ok(record.text("english")))?;
    /// let paired = texts.pair(outputs)?;
    /// assert_eq!(paired[0].value.as_deref(), Some("It rains."));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn pair<U>(&self, other: Set<Row<U>>) -> Result<Vec<Row<U>>> {
        let Set { path, items: found, .. } = other;
        let mut seen = HashSet::new();
        let names_all = self.items.iter().all(|row| row.id.is_some() && seen.insert(&row.id));
        if !names_all || found.iter().any(|row| row.id.is_none()) {
            return self.in_order(found, &path);
        }
        let mut by_id: HashMap<Option<String>, Row<U>> = HashMap::with_capacity(found.len());
        for row in found {
            let (line, name) = (row.line, row.name());
            if by_id.insert(row.id.clone(), row).is_some() {
                let message = format!("{}:{line}: the id `{name}` has been there before", path.display());
                return Err(Error::config(message, "give each item an id of its own"));
            }
        }
        let of = |row: &Row<T>| {
            by_id.remove(&row.id).ok_or_else(|| {
                Error::config(
                    format!("{} has nothing for {}", path.display(), row.name()),
                    "give predictions for every item of the set",
                )
            })
        };
        self.items.iter().map(of).collect()
    }

    /// Of a file with a row for each of the set, or also for those that were left out of it.
    fn in_order<U>(&self, mut found: Vec<Row<U>>, path: &Path) -> Result<Vec<Row<U>>> {
        let (items, lines) = (self.items.len(), found.len());
        let last = self.items.last().map_or(0, |row| row.place);
        if lines != items && (lines < last || lines > items + self.skipped.len()) {
            return Err(Error::config(
                format!("{} has {lines} lines for {items} items", path.display()),
                "give a line for each item of the set, in its order",
            ));
        }
        if lines > items {
            let mut wanted = self.items.iter().map(|row| row.place).peekable();
            let mut places = 1..;
            found.retain(|_| places.next().is_some_and(|place| wanted.next_if_eq(&place).is_some()));
        }
        let apart =
            |(row, other): &(&Row<T>, &Row<U>)| row.id.is_some() && other.id.is_some() && row.id != other.id;
        if let Some((row, other)) = self.items.iter().zip(&found).find(apart) {
            let (path, line) = (path.display(), other.line);
            return Err(Error::config(
                format!(
                    "{path}:{line} is for `{}` where the set has `{}`, and not all have ids to go by",
                    other.name(),
                    row.name()
                ),
                "give every item of the set and of the file its id, or none",
            ));
        }
        Ok(found)
    }
}

impl Set<Record> {
    /// The records as rows with their ids.
    pub(crate) fn rows(self) -> Set<Row<Record>> {
        let row =
            |record: Record| Row { id: record.id(), line: record.line, place: record.place, value: record };
        let Set { path, sha256, items, skipped, notes } = self;
        Set { path, sha256, items: items.into_iter().map(row).collect(), skipped, notes }
    }
}

impl<T> Set<T> {
    /// A set of items that were put together from what was read before.
    pub(crate) fn of_items(path: &Path, items: Vec<T>, skipped: Vec<BadLine>) -> Self {
        Set { path: path.to_owned(), sha256: String::new(), items, skipped, notes: Vec::new() }
    }
}
