//! Sentences of tokens with tags.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;

use super::ner::{check_score, put_into, Found, NerReader, NerSet};
use super::{file_name, Outputs};
use crate::error::{Error, Result};
use crate::eval::evaluation::NerItem;
use crate::eval::formats::{
    holds_tagged_sentences, read_conll, read_json_lines, read_tagged_json, Columns, Form, OnBad, Record, Row,
    Set, TaggedSentence,
};
use crate::eval::{LabeledSpan, TagScheme};

/// How tagged sentences are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagReader {
    /// Where token and tag stand.
    pub columns: Columns,
    /// Where they stand in files of outputs, which may be the sets themselves; as in sets where this is not set.
    pub output_columns: Option<Columns>,
    /// How tags are read; what the tags of each file look like where this is not set.
    pub scheme: Option<TagScheme>,
}

/// Sentences and how their tags are read.
#[derive(Debug, Clone, PartialEq)]
pub struct TaggedSet {
    /// The sentences, all of whose tags the scheme knows.
    pub set: Set<TaggedSentence>,
    /// How their tags are read.
    pub scheme: TagScheme,
}

impl TagReader {
    /// Reads a file of tagged sentences, columns or JSON, and tells the scheme of its tags.
    ///
    /// # Errors
    /// As [`read_conll`], [`read_tagged_json`] and [`TagScheme::detect`].
    pub fn read(&self, path: &Path, on_bad: OnBad) -> Result<TaggedSet> {
        self.read_columns(path, &self.columns, on_bad)
    }

    fn read_columns(&self, path: &Path, columns: &Columns, on_bad: OnBad) -> Result<TaggedSet> {
        let set = match Form::of(path)? {
            Form::Json => read_tagged_json(path, on_bad)?,
            _ => read_conll(path, columns, on_bad)?,
        };
        if let Some(scheme) = self.scheme {
            return Ok(TaggedSet { set: set.in_scheme(scheme, on_bad)?, scheme });
        }
        let detected = TagScheme::detect(&set.items, |sentence| &sentence.tags);
        let detected = detected.map_err(|error| match error {
            Error::Config { message, fix } => Error::config(format!("{}: {message}", path.display()), fix),
            error => error,
        })?;
        let mut set = set.in_scheme(detected.scheme, on_bad)?;
        set.notes.extend(detected.notes);
        Ok(TaggedSet { set, scheme: detected.scheme })
    }
}

/// A set of sentences and what systems found in it.
pub(super) fn read(reader: &NerReader, path: &Path, outputs: &Outputs) -> Result<NerSet> {
    let TaggedSet { mut set, scheme } = reader.tags.read(path, reader.on_bad)?;
    let mut items: Vec<NerItem> =
        set.items.iter().map(|sentence| NerItem::from_tags(sentence, scheme)).collect::<Result<_>>()?;
    let found = outputs.each(|path| read_output(reader, path, &mut set, &items))?;
    put_into(&mut items, found);
    let Set { path, sha256, skipped, notes, .. } = set;
    Ok(NerSet { set: Set { path, sha256, items, skipped, notes }, scheme: Some(scheme) })
}

/// What a file of outputs has for the items of a set, which notes how it was read.
fn read_output(
    reader: &NerReader,
    path: &Path,
    gold: &mut Set<TaggedSentence>,
    items: &[NerItem],
) -> Result<Vec<Found>> {
    match Form::of(path)? {
        Form::Json if !holds_tagged_sentences(path)? => return from_json(path, gold, items),
        Form::Brat => {
            let message =
                format!("{} is a folder, or a file of brat, beside tagged sentences", path.display());
            return Err(Error::config(message, "give a file of sentences with the same tokens"));
        }
        _ => {}
    }
    let columns = reader.tags.output_columns.as_ref().unwrap_or(&reader.tags.columns);
    let TaggedSet { mut set, scheme } = reader.tags.read_columns(path, columns, reader.on_bad)?;
    let notes = std::mem::take(&mut set.notes).into_iter();
    gold.notes.extend(notes.map(|note| format!("{}: {note}", file_name(path))));
    let sentences = paired(path, set, gold)?;
    let found = items.iter().zip(&sentences).map(|(item, sentence)| {
        Ok(item.spans_of_tags(&sentence.tags, scheme)?.into_iter().map(|span| (span, None)).collect())
    });
    found.collect()
}

/// The sentences of a file of outputs that belong to those of `gold`, whose tokens show whether they do.
fn paired(
    path: &Path,
    outputs: Set<TaggedSentence>,
    gold: &Set<TaggedSentence>,
) -> Result<Vec<TaggedSentence>> {
    let Set { items: found, skipped, .. } = outputs;
    let same = |(gold, found): (&TaggedSentence, &TaggedSentence)| gold.tokens == found.tokens;
    if found.len() == gold.items.len() && gold.items.iter().zip(&found).all(same) {
        return Ok(found);
    }
    let mut by_place: HashMap<usize, TaggedSentence> =
        found.into_iter().map(|sentence| (sentence.place, sentence)).collect();
    let whole = || match skipped.first() {
        None => "give predictions for every sentence of the set".to_owned(),
        Some(bad) => format!("correct its bad lines, such as {bad}"),
    };
    let of = |gold: &TaggedSentence| {
        let found = by_place.remove(&gold.place).ok_or_else(|| {
            let message = format!("{} has nothing for the sentence in line {}", path.display(), gold.line);
            Error::config(message, whole())
        })?;
        if found.tokens == gold.tokens {
            return Ok(found);
        }
        let (path, line) = (path.display(), found.line);
        Err(Error::config(
            format!("{path} line {line} has other tokens than the set in line {}", gold.line),
            "give predictions for the same tokens",
        ))
    };
    let sentences = gold.items.iter().map(of).collect::<Result<_>>()?;
    match by_place.values().find(|sentence| sentence.place > gold.items.len() + gold.skipped.len()) {
        None => Ok(sentences),
        Some(more) => Err(Error::config(
            format!("{} line {} begins a sentence that the set does not have", path.display(), more.line),
            "give predictions for the sentences of the set only",
        )),
    }
}

/// An entity of a line of JSON, in tokens.
#[derive(Deserialize)]
struct Entity {
    start: usize,
    end: usize,
    label: String,
    score: Option<f64>,
}

/// Outputs in JSON Lines, a line for each sentence.
fn from_json(path: &Path, gold: &Set<TaggedSentence>, items: &[NerItem]) -> Result<Vec<Found>> {
    let lines = read_json_lines(path, &["entities"], OnBad::Fail)?.rows();
    let row = |sentence: &TaggedSentence| {
        let TaggedSentence { id, line, place, .. } = sentence;
        Row { id: id.clone(), line: *line, place: *place, value: () }
    };
    let rows = Set::of_items(&gold.path, gold.items.iter().map(row).collect(), gold.skipped.clone());
    let read = |(Row { line, value: record, .. }, item): (Row<Record>, &NerItem)| {
        let malformed = |message| Error::Malformed { path: path.to_owned(), line, message };
        let entities = record.value("entities").cloned().unwrap_or_default();
        let entities: Vec<Entity> =
            serde_json::from_value(entities).map_err(|error| malformed(error.to_string()))?;
        let span = |Entity { start, end, label, score }| {
            if start >= end || end > item.tokens.len() {
                let tokens = item.tokens.len();
                return Err(malformed(format!(
                    "tokens {start} to {end} do not lie in a sentence of {tokens} tokens"
                )));
            }
            check_score(score).map_err(malformed)?;
            Ok((LabeledSpan { start, end, label }, score))
        };
        entities.into_iter().map(span).collect()
    };
    rows.pair(lines)?.into_iter().zip(items).map(read).collect()
}
