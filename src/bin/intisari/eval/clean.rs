//! `intisari eval clean`.

use std::collections::HashMap;
use std::path::Path;

use clap::{Args, ValueEnum};
use intisari::clean::{Cleaner, RuleCleaner};
use intisari::document::{OffsetTable, Unit};
use intisari::eval::evaluation::{evaluate_cleaning, CleaningItem, Evaluation};
use intisari::eval::formats::{read_json_lines, Record, Set};
use intisari::{Error, Result, Span};
use serde_json::Value;

use super::common::{file_name, Job, Shared};

const FORMS: &str = "\
Sets and predictions are JSON Lines: `{\"id\": …, \"text\": …, \"removed\": [[START, END], …]}`, or objects with `start` and `end`, perhaps
within `span`, as this program writes them. Predictions need no text; they are found by `id`, or by line without ids. Without
--predictions the built-in cleaner is scored.";

#[derive(Debug, Args)]
#[command(after_help = FORMS)]
pub struct CleanArgs {
    #[command(flatten)]
    pub shared: Shared,
    /// Field with the text.
    #[arg(long, value_name = "NAME", default_value = "text")]
    text_field: String,
    /// Field with the removed parts.
    #[arg(long, value_name = "NAME", default_value = "removed")]
    removed_field: String,
    /// What offsets count.
    #[arg(long, value_enum, default_value_t = UnitArg::Bytes)]
    offsets: UnitArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum UnitArg {
    /// Bytes of UTF-8.
    Bytes,
    /// Characters, as Python counts.
    Chars,
    /// UTF-16 units, as JavaScript and Java count.
    Utf16,
}

impl From<UnitArg> for Unit {
    fn from(unit: UnitArg) -> Self {
        match unit {
            UnitArg::Bytes => Unit::Bytes,
            UnitArg::Chars => Unit::Chars,
            UnitArg::Utf16 => Unit::Utf16,
        }
    }
}

/// Scores each set.
pub fn run(args: &CleanArgs) -> Result<Vec<Evaluation>> {
    args.shared.jobs()?.iter().map(|job| one(args, job)).collect()
}

fn one(args: &CleanArgs, job: &Job<'_>) -> Result<Evaluation> {
    let fields = [args.text_field.as_str(), args.removed_field.as_str()];
    let set = read_json_lines(job.data, &fields, args.shared.on_bad())?;
    let system = job.predictions.map(|path| Predictions::read(args, path)).transpose()?;
    let against = job.against.map(|path| Predictions::read(args, path)).transpose()?;
    let mut items = Vec::with_capacity(set.items.len());
    for record in &set.items {
        let text = record.text(&args.text_field).unwrap_or_default();
        items.push(CleaningItem {
            id: key(record),
            gold: spans(args, record, &text, job.data)?,
            removed: match &system {
                Some(predictions) => predictions.of(args, record, &text)?,
                None => built_in(&text)?,
            },
            against: against.as_ref().map(|other| other.of(args, record, &text)).transpose()?,
            text,
        });
    }
    let set = Set { path: set.path, sha256: set.sha256, items, skipped: set.skipped };
    let setup = args.shared.setup(
        &set,
        job.predictions.map_or_else(|| "built-in rules".to_owned(), file_name),
        job.against_name(),
    );
    Ok(evaluate_cleaning(&set.items, &setup))
}

/// What the built-in cleaner removes.
fn built_in(text: &str) -> Result<Vec<Span>> {
    let cleaned = RuleCleaner::default().clean(&[text])?;
    Ok(cleaned.into_iter().flat_map(|cleaned| cleaned.removed).map(|removed| removed.span).collect())
}

/// The records of a file of predictions by id or line.
struct Predictions<'a> {
    path: &'a Path,
    records: HashMap<String, Record>,
}

impl<'a> Predictions<'a> {
    fn read(args: &CleanArgs, path: &'a Path) -> Result<Self> {
        let set = read_json_lines(path, &[&args.removed_field], args.shared.on_bad())?;
        Ok(Predictions {
            path,
            records: set.items.into_iter().map(|record| (key(&record), record)).collect(),
        })
    }

    fn of(&self, args: &CleanArgs, gold: &Record, text: &str) -> Result<Vec<Span>> {
        let name = key(gold);
        match self.records.get(&name) {
            Some(record) => spans(args, record, text, self.path),
            None => Err(Error::config(
                format!("{} has nothing for {name}", self.path.display()),
                "give predictions for every item of the set",
            )),
        }
    }
}

fn key(record: &Record) -> String {
    let id = record.value("id").map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
    id.unwrap_or_else(|| format!("line {}", record.line))
}

/// The removed parts that `record` names, as spans of `text`.
fn spans(args: &CleanArgs, record: &Record, text: &str, path: &Path) -> Result<Vec<Span>> {
    let malformed = |message: String| Error::Malformed { path: path.to_owned(), line: record.line, message };
    let table = OffsetTable::new(text, args.offsets.into());
    // Byte offsets of all characters by their offsets in the unit of the file.
    let bytes: HashMap<usize, usize> =
        text.char_indices().map(|(at, _)| at).chain([text.len()]).map(|at| (table.convert(at), at)).collect();
    let parts = record.value(&args.removed_field).and_then(Value::as_array);
    let parts = parts.ok_or_else(|| malformed(format!("field `{}` is no array", args.removed_field)))?;
    parts
        .iter()
        .map(|part| {
            let (start, end) =
                offsets(part).ok_or_else(|| malformed(format!("`{part}` is no pair of offsets")))?;
            let byte = |offset: usize| {
                let byte = bytes.get(&offset).copied();
                byte.ok_or_else(|| {
                    malformed(format!("offset {offset} is no place between characters of the text"))
                })
            };
            Span::new(text, byte(start)?, byte(end)?).map_err(|error| malformed(error.to_string()))
        })
        .collect()
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
