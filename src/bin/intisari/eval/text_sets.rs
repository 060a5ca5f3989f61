//! Sets of texts with their outputs, for translations and summaries.

use std::path::{Path, PathBuf};

use intisari::eval::evaluation::TextItem;
use intisari::eval::formats::{read_json_lines, read_parallel, read_tsv, Record, Set};
use intisari::{Error, Result};

use super::common::{file_name, has_extension, matched, Job, Shared};

/// Names of fields.
pub struct Names<'a> {
    pub source: &'a str,
    pub reference: &'a str,
    pub output: &'a str,
}

/// A set, and what the files of its outputs are called. Without a file the outputs are blank.
pub struct Loaded {
    pub set: Set<TextItem>,
    pub system: Option<String>,
    pub against: Option<String>,
}

/// Reads each set: all plain files together are one.
pub fn load(shared: &Shared, names: &Names<'_>) -> Result<Vec<Loaded>> {
    if shared.data.iter().all(|path| is_structured(path)) {
        shared.jobs()?.iter().map(|job| structured(shared, names, job)).collect()
    } else {
        Ok(vec![plain(shared)?])
    }
}

fn is_structured(path: &Path) -> bool {
    has_extension(path, "jsonl") || has_extension(path, "tsv")
}

/// One set of plain files: source, references, outputs of both systems, line by line.
fn plain(shared: &Shared) -> Result<Loaded> {
    let ([] | [_], [] | [_]) = (shared.predictions.as_slice(), shared.against.as_slice()) else {
        return Err(Error::config(
            "plain files are one set: the source and its references",
            "give one file of predictions with it, and at most one to compare with",
        ));
    };
    if shared.data.len() < 2 {
        return Err(Error::config(
            "a set of plain files needs a source and a reference",
            "name both, the source first",
        ));
    }
    // All are read together, so that a bad line of one is left out of every other.
    let paths: Vec<&PathBuf> = shared.data.iter().chain(&shared.predictions).chain(&shared.against).collect();
    let lines = read_parallel(&paths, shared.on_bad())?;
    let described = read_parallel(&shared.data, shared.on_bad())?;
    let items = (1..)
        .zip(lines.items)
        .map(|(line, cells): (usize, Vec<String>)| {
            let mut cells = cells.into_iter();
            TextItem {
                id: format!("item {line}"),
                source: cells.next(),
                references: cells.by_ref().take(shared.data.len() - 1).collect(),
                output: cells.by_ref().take(shared.predictions.len()).next().unwrap_or_default(),
                against: cells.next(),
            }
        })
        .collect();
    let set = Set { path: described.path, sha256: described.sha256, items, skipped: lines.skipped };
    let name = |files: &[PathBuf]| files.first().map(|path| file_name(path));
    Ok(Loaded { set, system: name(&shared.predictions), against: name(&shared.against) })
}

/// A record of any of the structured forms.
struct Row {
    /// Id where the file has ids, else the number of the line.
    key: String,
    /// Texts of the fields asked for.
    texts: Vec<String>,
}

fn rows(path: &Path, fields: &[&str], shared: &Shared) -> Result<Set<Row>> {
    if has_extension(path, "tsv") {
        let set = read_tsv(path, fields, shared.on_bad())?;
        let numbered = (1..).zip(set.items);
        let items = numbered.map(|(n, texts): (usize, _)| Row { key: format!("item {n}"), texts }).collect();
        return Ok(Set { path: set.path, sha256: set.sha256, items, skipped: set.skipped });
    }
    let set = read_json_lines(path, fields, shared.on_bad())?;
    let items = set.items.iter().map(|record| row(record, fields, path)).collect::<Result<_>>()?;
    Ok(Set { path: set.path, sha256: set.sha256, items, skipped: set.skipped })
}

fn row(record: &Record, fields: &[&str], path: &Path) -> Result<Row> {
    let text = |name: &&str| {
        record.text(name).ok_or_else(|| Error::Malformed {
            path: path.to_owned(),
            line: record.line,
            message: format!("field `{name}` is no text"),
        })
    };
    let key = record.value("id").map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
    Ok(Row {
        key: key.unwrap_or_else(|| format!("line {}", record.line)),
        texts: fields.iter().map(text).collect::<Result<_>>()?,
    })
}

/// A set of JSON Lines or a table, and the outputs for it by id or line.
fn structured(shared: &Shared, names: &Names<'_>, job: &Job<'_>) -> Result<Loaded> {
    let set = rows(job.data, &[names.source, names.reference], shared)?;
    let outputs = |path: &Path| -> Result<Vec<String>> {
        let predicted: Vec<Row> = if is_structured(path) {
            rows(path, &[names.output], shared)?.items
        } else {
            let lines = read_parallel(&[path], shared.on_bad())?.items;
            set.items.iter().zip(lines).map(|(row, texts)| Row { key: row.key.clone(), texts }).collect()
        };
        let found = matched(
            &set.items,
            predicted,
            |row| row.key.clone(),
            |row| row.key.clone(),
            |row| row.key.clone(),
            path,
        )?;
        Ok(found.into_iter().filter_map(|row| row.texts.into_iter().next()).collect())
    };
    let mut predicted = job.predictions.map(outputs).transpose()?.unwrap_or_default().into_iter();
    let mut against = job.against.map(outputs).transpose()?.map(Vec::into_iter);
    let items = set
        .items
        .iter()
        .map(|row| TextItem {
            id: row.key.clone(),
            source: row.texts.first().cloned(),
            references: row.texts.get(1).cloned().into_iter().collect(),
            output: predicted.next().unwrap_or_default(),
            against: against.as_mut().and_then(Iterator::next),
        })
        .collect();
    let set = Set { path: set.path, sha256: set.sha256, items, skipped: set.skipped };
    Ok(Loaded { set, system: job.predictions.map(file_name), against: job.against_name() })
}
