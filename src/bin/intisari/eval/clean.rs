//! `intisari eval clean`.

use std::path::Path;

use clap::Args;
use intisari::clean::{Cleaner, RuleCleaner};
use intisari::document::OffsetTable;
use intisari::eval::evaluation::{evaluate_cleaning, CleaningItem, Evaluation};
use intisari::eval::formats::{OnBad, Record};
use intisari::{Error, Result, Span};
use serde_json::Value;

use super::common::{file_name, paired, records, Job, Row, Shared};
use crate::args::OffsetUnit;

const FORMS: &str = "\
Sets and predictions are JSON Lines: `{\"id\": …, \"text\": …, \"removed\": [[START, END], …]}`, or objects with `start` and `end`, perhaps
within `span`, as this program writes them. Predictions need no text; they are found by `id`, or in the order of the set. Without
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
    #[arg(long, value_enum, default_value_t = OffsetUnit::Bytes)]
    offsets: OffsetUnit,
}

/// Scores each set.
pub fn run(args: &CleanArgs) -> Result<Vec<Evaluation>> {
    args.shared.jobs()?.iter().map(|job| one(args, job)).collect()
}

fn one(args: &CleanArgs, job: &Job<'_>) -> Result<Evaluation> {
    let fields = [args.text_field.as_str(), args.removed_field.as_str()];
    let set = records(job.data, &fields, args.shared.on_bad(), |record| {
        let text = record.text(&args.text_field);
        let text = text.ok_or_else(|| format!("field `{}` is no text", args.text_field))?;
        let gold = spans(args, record, &text)?;
        Ok((text, gold))
    })?;
    let predicted = |path: &Path| -> Result<Vec<Vec<Span>>> {
        let predicted = records(path, &[&args.removed_field], OnBad::Fail, |record| Ok(record.clone()))?;
        let items = set.items.iter().zip(paired(&set, predicted)?);
        let of = |(gold, row): (&Row<Article>, Row<Record>)| {
            spans(args, &row.value, &gold.value.0).map_err(|message| Error::Malformed {
                path: path.to_owned(),
                line: row.line,
                message,
            })
        };
        items.map(of).collect()
    };
    let system = match job.predictions {
        Some(path) => predicted(path)?,
        None => set.items.iter().map(|row| built_in(&row.value.0)).collect::<Result<_>>()?,
    };
    let against = job.against.map(predicted).transpose()?;
    let (mut system, mut against) = (system.into_iter(), against.map(Vec::into_iter));
    let set = set.try_map(OnBad::Fail, |row| {
        Ok(CleaningItem {
            id: row.name(),
            text: row.value.0,
            gold: row.value.1,
            removed: system.next().unwrap_or_default(),
            against: against.as_mut().and_then(Iterator::next),
        })
    })?;
    let setup = args.shared.setup(
        &set,
        job.predictions.map_or_else(|| "built-in rules".to_owned(), file_name),
        job.against_name(),
    );
    evaluate_cleaning(&set.items, &setup)
}

/// A text and what should be removed from it.
type Article = (String, Vec<Span>);

/// What the built-in cleaner removes.
fn built_in(text: &str) -> Result<Vec<Span>> {
    let cleaned = RuleCleaner::default().clean(&[text])?;
    Ok(cleaned.into_iter().flat_map(|cleaned| cleaned.removed).map(|removed| removed.span).collect())
}

/// The removed parts that `record` names, as spans of `text`.
fn spans(args: &CleanArgs, record: &Record, text: &str) -> Result<Vec<Span>, String> {
    let table = OffsetTable::new(text, args.offsets.into());
    let byte = |offset: usize| {
        table.bytes(offset).ok_or_else(|| {
            let (unit, end) = (table.unit(), table.convert(text.len()));
            match offset > end {
                true => format!("offset {offset} ({unit}) lies behind the end of the text at {end}"),
                false => format!("offset {offset} ({unit}) is no place between characters of the text"),
            }
        })
    };
    let parts = record.value(&args.removed_field).and_then(Value::as_array);
    let parts = parts.ok_or_else(|| format!("field `{}` is no array", args.removed_field))?;
    parts
        .iter()
        .map(|part| {
            let (start, end) = offsets(part).ok_or_else(|| format!("`{part}` is no pair of offsets"))?;
            Span::new(text, byte(start)?, byte(end)?).map_err(|error| error.to_string())
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
