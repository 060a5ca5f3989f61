//! Sets of texts: sources, references and what systems made of them.

use std::path::{Path, PathBuf};

use intisari::eval::evaluation::{ScoredModel, TextItem};
use intisari::eval::formats::{read_parallel, read_tsv, OnBad, Set};
use intisari::{Error, Result};

use super::common::{file_name, has_extension, paired, records, Job, Row, Shared};

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
    /// The model that made them, where one was run.
    pub model: Option<ScoredModel>,
    pub against: Option<String>,
}

/// Reads each set: all plain files together are one.
pub fn load(shared: &Shared, names: &Names<'_>) -> Result<Vec<Loaded>> {
    if !shared.data.iter().all(|path| is_structured(path)) {
        return Ok(vec![plain(shared, names)?]);
    }
    let load = |job: &Job<'_>| {
        let set = rows(job.data, &[names.source, names.reference], shared.on_bad())?;
        loaded(set, job.predictions, job.against, names)
    };
    shared.jobs()?.iter().map(load).collect()
}

fn is_structured(path: &Path) -> bool {
    has_extension(path, "jsonl") || has_extension(path, "tsv")
}

/// One set of plain files: source and references, line by line.
fn plain(shared: &Shared, names: &Names<'_>) -> Result<Loaded> {
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
    let set = lines(&shared.data, shared.on_bad())?;
    let [system, against] =
        [&shared.predictions, &shared.against].map(|files| files.first().map(PathBuf::as_path));
    loaded(set, system, against, names)
}

/// Lines of plain files that belong together.
fn lines<P: AsRef<Path>>(paths: &[P], on_bad: OnBad) -> Result<Set<Row<Vec<String>>>> {
    read_parallel(paths, on_bad)?
        .try_map(on_bad, |row| Ok(Row { id: None, line: row.line, place: row.line, value: row.cells }))
}

/// The texts of the fields asked for, of any of the structured forms.
fn rows(path: &Path, fields: &[&str], on_bad: OnBad) -> Result<Set<Row<Vec<String>>>> {
    if has_extension(path, "tsv") {
        // The first line holds names.
        let row = |line: usize, value| Row { id: None, line, place: line.saturating_sub(1), value };
        return read_tsv(path, fields, on_bad)?.try_map(on_bad, |cells| Ok(row(cells.line, cells.cells)));
    }
    records(path, fields, on_bad, |record| {
        let text = |name: &&str| record.text(name).ok_or_else(|| format!("field `{name}` is no text"));
        fields.iter().map(text).collect()
    })
}

/// A set with the outputs of both systems, as far as there are files of them.
fn loaded(
    set: Set<Row<Vec<String>>>,
    predictions: Option<&Path>,
    against: Option<&Path>,
    names: &Names<'_>,
) -> Result<Loaded> {
    let outputs = |path: &Path| -> Result<Vec<String>> {
        let predicted = if is_structured(path) {
            rows(path, &[names.output], OnBad::Fail)?
        } else {
            lines(&[path], OnBad::Fail)?
        };
        Ok(paired(&set, predicted)?.into_iter().filter_map(|row| row.value.into_iter().next()).collect())
    };
    let mut system = predictions.map(outputs).transpose()?.unwrap_or_default().into_iter();
    let mut other = against.map(outputs).transpose()?.map(Vec::into_iter);
    let set = set.try_map(OnBad::Fail, |row| {
        let id = row.name();
        let mut texts = row.value.into_iter();
        Ok(TextItem {
            id,
            source: texts.next(),
            references: texts.collect(),
            output: system.next().unwrap_or_default(),
            against: other.as_mut().and_then(Iterator::next),
        })
    })?;
    Ok(Loaded { set, system: predictions.map(file_name), model: None, against: against.map(file_name) })
}
