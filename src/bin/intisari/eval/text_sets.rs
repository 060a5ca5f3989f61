//! Sets of texts: sources, references and what systems made of them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use intisari::eval::evaluation::{ScoredModel, TextItem};
use intisari::eval::formats::{
    read_parallel, read_sgm, read_table, read_tmx, read_wmt, read_wmt_output, sha256, text_of, Form, OnBad,
    Pair, Record, Set, Side, SideSegment,
};
use intisari::{Error, Result};
use serde_json::Value;

use super::common::{file_name, paired, records, Job, Row, Shared};

/// Names of fields and columns; of several the first that a table has is taken.
pub struct Names<'a> {
    pub source: Vec<&'a str>,
    pub reference: Vec<&'a str>,
    pub output: Vec<&'a str>,
    /// What an array in the field of the reference is.
    pub array: Array,
    /// Whose outputs are read from a file that has those of several systems.
    pub system: Option<&'a str>,
}

/// What an array of texts is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Array {
    /// Several references.
    References,
    /// The sentences of one.
    Sentences,
}

/// A set, and what the files of its outputs are called. Without a file the outputs are blank.
pub struct Loaded {
    pub set: Set<TextItem>,
    pub system: Option<String>,
    /// The model that made them, where one was run.
    pub model: Option<ScoredModel>,
    pub against: Option<String>,
}

/// A source with its references.
struct Texts {
    source: String,
    references: Vec<String>,
}

/// Codes of Indonesian and English in translation memories.
const INDONESIAN: [&str; 3] = ["id", "ind", "in"];
const ENGLISH: [&str; 2] = ["en", "eng"];

/// Reads each set: all plain files together are one, with `references` behind.
pub fn load(shared: &Shared, references: &[PathBuf], names: &Names<'_>) -> Result<Vec<Loaded>> {
    let forms = shared.data.iter().map(|path| Form::of(path)).collect::<Result<Vec<_>>>()?;
    if forms.iter().any(|form| matches!(form, Form::Lines | Form::Sgm)) {
        let mixed = forms.iter().any(|form| Some(form) != forms.first());
        if mixed {
            return Err(Error::config(
                "files of lines and files of another form do not make one set",
                "give them apart, each in a run of its own",
            ));
        }
        let files: Vec<&Path> = shared.data.iter().chain(references).map(PathBuf::as_path).collect();
        return Ok(vec![of_files(shared, &files, forms.first() == Some(&Form::Sgm), names)?]);
    }
    if let Some(path) = references.first() {
        return Err(Error::config(
            format!("{} is a reference beside a set that has its own", path.display()),
            "leave --reference out, or give the source as plain lines",
        ));
    }
    let load = |(job, form): (&Job<'_>, Form)| {
        let set = texts(job.data, form, names, shared.on_bad())?;
        loaded(set, job.predictions, job.against, names)
    };
    shared.jobs()?.iter().zip(forms).map(load).collect()
}

/// One set of plain files or of SGM: source and references, line by line or segment by segment.
fn of_files(shared: &Shared, files: &[&Path], sgm: bool, names: &Names<'_>) -> Result<Loaded> {
    let ([] | [_], [] | [_]) = (shared.predictions.as_slice(), shared.against.as_slice()) else {
        return Err(Error::config(
            "plain files are one set: the source and its references",
            "give one file of predictions with it, and at most one to compare with",
        ));
    };
    if files.len() < 2 {
        let only = files.first().map(|path| path.display().to_string()).unwrap_or_default();
        return Err(Error::config(
            format!("{only} is read as plain lines, and such a set needs a source and a reference"),
            "name both, the source first; or give a table (.csv, .tsv), JSON Lines, WMT's XML, SGM or TMX",
        ));
    }
    let set = if sgm { of_sgm(files, shared.on_bad())? } else { of_lines(files, shared.on_bad())? };
    let [system, against] =
        [&shared.predictions, &shared.against].map(|files| files.first().map(PathBuf::as_path));
    loaded(set, system, against, names)
}

/// Lines of plain files that belong together.
fn lines<P: AsRef<Path>>(paths: &[P], on_bad: OnBad) -> Result<Set<Row<Vec<String>>>> {
    read_parallel(paths, on_bad)?
        .try_map(on_bad, |row| Ok(Row { id: None, line: row.line, place: row.place, value: row.cells }))
}

fn of_lines(files: &[&Path], on_bad: OnBad) -> Result<Set<Row<Texts>>> {
    lines(files, on_bad)?.try_map(on_bad, |row| {
        let mut cells = row.value.into_iter();
        let source = cells.next().unwrap_or_default();
        Ok(Row {
            id: None,
            line: row.line,
            place: row.place,
            value: Texts { source, references: cells.collect() },
        })
    })
}

/// A set of SGM; every file and every translator in it must have the segments of the source. Where bad ones are left out, the set is
/// what all sides have.
fn of_sgm(files: &[&Path], on_bad: OnBad) -> Result<Set<Row<Texts>>> {
    let [source, references @ ..] = files else {
        return Err(Error::config("no file is given", "name the source"));
    };
    let mut set = read_sgm(source, Side::Source, on_bad)?;
    if let several @ 2.. = set.items.chunk_by(|one, next| one.system == next.system).count() {
        let message = format!("{} has {several} sources", source.display());
        return Err(Error::config(message, "give a file with one"));
    }
    let mut sums = vec![set.sha256.clone()];
    let mut all: Vec<(&Path, HashMap<String, String>)> = Vec::new();
    for path in references {
        let side = read_sgm(path, Side::Reference, on_bad)?;
        sums.push(side.sha256);
        set.skipped.extend(side.skipped);
        for translator in by_system(side.items) {
            if on_bad == OnBad::Fail {
                same_segments(path, &translator, &set.items)?;
            }
            all.push((path, translator.into_iter().map(|segment| (segment.id, segment.text)).collect()));
        }
    }
    let row = |segment: SideSegment| {
        let mut references = Vec::with_capacity(all.len());
        for (path, side) in &all {
            let lacks = || (segment.line, format!("{} lacks segment {}", path.display(), segment.id));
            references.push(side.get(&segment.id).cloned().ok_or_else(lacks)?);
        }
        Ok(Row {
            id: Some(segment.id),
            line: segment.line,
            place: segment.place,
            value: Texts { source: segment.text, references },
        })
    };
    set.sha256 = sha256(sums.join("\n").as_bytes());
    set.try_map(on_bad, row)
}

/// The segments of each system, which a file has one after the other.
fn by_system(segments: Vec<SideSegment>) -> Vec<Vec<SideSegment>> {
    let mut systems: Vec<Vec<SideSegment>> = Vec::new();
    for segment in segments {
        match systems.last_mut() {
            Some(own) if own.last().is_some_and(|last| last.system == segment.system) => own.push(segment),
            _ => systems.push(vec![segment]),
        }
    }
    systems
}

/// Says where a side has not the segments of the source, in their order.
fn same_segments(path: &Path, side: &[SideSegment], source: &[SideSegment]) -> Result<()> {
    let apart = source.iter().zip(side).find(|(wanted, found)| wanted.id != found.id);
    let message = match apart {
        Some((wanted, found)) => format!("has segment {} where the source has {}", found.id, wanted.id),
        None if side.len() != source.len() => {
            format!("has {} segments, the source {}", side.len(), source.len())
        }
        None => return Ok(()),
    };
    Err(Error::config(format!("{} {message}", path.display()), "give the same segments in the same order"))
}

/// The items of a file that has sources and references.
fn texts(path: &Path, form: Form, names: &Names<'_>, on_bad: OnBad) -> Result<Set<Row<Texts>>> {
    let of_pair = |pair: Pair| Row {
        id: Some(pair.id),
        line: pair.line,
        place: pair.place,
        value: Texts { source: pair.source, references: pair.references },
    };
    match form {
        Form::Wmt => read_wmt(path, on_bad)?.try_map(on_bad, |pair| Ok(of_pair(pair))),
        Form::Tmx => {
            // Units of a memory need no ids, and may have the same.
            read_tmx(path, &INDONESIAN, &ENGLISH, on_bad)?
                .try_map(on_bad, |pair| Ok(Row { id: None, ..of_pair(pair) }))
        }
        Form::Table => read_table(path, &[&names.source, &names.reference], on_bad)?.try_map(on_bad, |row| {
            let mut cells = row.cells.into_iter();
            let source = cells.next().unwrap_or_default();
            let value = Texts { source, references: cells.collect() };
            Ok(Row { id: None, line: row.line, place: row.place, value })
        }),
        Form::Json => of_json(path, names, on_bad),
        Form::Brat => Err(Error::config(
            format!("{} is a folder, or a file of brat", path.display()),
            "name a file with texts",
        )),
        _ => Err(Error::config(format!("{} is no set of texts", path.display()), "see the forms in --help")),
    }
}

fn of_json(path: &Path, names: &Names<'_>, on_bad: OnBad) -> Result<Set<Row<Texts>>> {
    let [source, reference] =
        [&names.source, &names.reference].map(|all| all.first().copied().unwrap_or_default());
    let mut wanted = None;
    records(path, &[source, reference], on_bad, |record| {
        let texts = Texts {
            source: record.text(source).ok_or_else(|| format!("field `{source}` is no text"))?,
            references: references(record, reference, names.array)?,
        };
        match *wanted.get_or_insert(texts.references.len()) {
            wanted if wanted == texts.references.len() => Ok(texts),
            wanted => Err(format!("{} references, the first item has {wanted}", texts.references.len())),
        }
    })
}

fn references(record: &Record, field: &str, array: Array) -> Result<Vec<String>, String> {
    match record.value(field) {
        Some(Value::Array(texts)) if array == Array::References => {
            let all = texts.iter().map(|text| text.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
            match all {
                Some(all) if !all.is_empty() => Ok(all),
                Some(_) => Err(format!("field `{field}` has no reference")),
                None => Err(format!("field `{field}` is neither a text nor an array of texts")),
            }
        }
        value => {
            let text = value.and_then(text_of).ok_or_else(|| format!("field `{field}` is no text"))?;
            Ok(vec![text])
        }
    }
}

/// What a system wrote.
fn outputs(path: &Path, names: &Names<'_>) -> Result<Set<Row<String>>> {
    let row = |segment: SideSegment| {
        Ok(Row { id: Some(segment.id), line: segment.line, place: segment.place, value: segment.text })
    };
    match Form::of(path)? {
        Form::Lines => lines(&[path], OnBad::Fail)?.try_map(OnBad::Fail, |row| {
            Ok(Row { id: None, line: row.line, place: row.place, value: row.value.concat() })
        }),
        Form::Table => read_table(path, &[&names.output], OnBad::Fail)?.try_map(OnBad::Fail, |row| {
            Ok(Row { id: None, line: row.line, place: row.place, value: row.cells.concat() })
        }),
        Form::Json => {
            let field = names.output.first().copied().unwrap_or_default();
            records(path, &[field], OnBad::Fail, |record| {
                record.text(field).ok_or_else(|| format!("field `{field}` is no text"))
            })
        }
        Form::Sgm => {
            let set = read_sgm(path, Side::Output, OnBad::Fail)?;
            match by_system(set.items.clone()).len() {
                0 | 1 => set.try_map(OnBad::Fail, row),
                more => Err(Error::config(
                    format!("{} has outputs of {more} systems", path.display()),
                    "give a file with those of one",
                )),
            }
        }
        Form::Wmt => read_wmt_output(path, names.system, OnBad::Fail)?.try_map(OnBad::Fail, row),
        _ => Err(Error::config(
            format!("{} has a form that outputs are not read from", path.display()),
            "give lines, a table, JSON Lines, WMT's XML or SGM",
        )),
    }
}

/// A set with the outputs of both systems, as far as there are files of them.
fn loaded(
    set: Set<Row<Texts>>,
    predictions: Option<&Path>,
    against: Option<&Path>,
    names: &Names<'_>,
) -> Result<Loaded> {
    let mut notes = Vec::new();
    let mut read = |path: &Path| -> Result<Vec<String>> {
        let predicted = outputs(path, names)?;
        notes.extend(predicted.notes.iter().map(|note| format!("{}: {note}", file_name(path))));
        Ok(paired(&set, predicted)?.into_iter().map(|row| row.value).collect())
    };
    let mut system = predictions.map(&mut read).transpose()?.unwrap_or_default().into_iter();
    let mut other = against.map(&mut read).transpose()?.map(Vec::into_iter);
    let mut set = set.try_map(OnBad::Fail, |row| {
        Ok(TextItem {
            id: row.name(),
            source: Some(row.value.source),
            references: row.value.references,
            output: system.next().unwrap_or_default(),
            against: other.as_mut().and_then(Iterator::next),
        })
    })?;
    set.notes.extend(notes);
    Ok(Loaded { set, system: predictions.map(file_name), model: None, against: against.map(file_name) })
}
