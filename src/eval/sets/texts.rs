//! Sets of texts: sources, references and what systems made of them.

use std::path::Path;

use serde_json::Value;

use super::{file_name, sgm, Outputs};
use crate::error::{Error, Result};
use crate::eval::evaluation::TextItem;
use crate::eval::formats::{
    read_json_lines, read_parallel, read_records, read_sgm, read_table, read_tmx, read_wmt, read_wmt_output,
    text_of, Form, OnBad, Pair, Record, Row, Set, Side, SideSegment,
};

/// What an array of texts in a field of JSON is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrayOf {
    /// Several references.
    References,
    /// The sentences of one text.
    Sentences,
}

/// How sets of texts are read: lines of several files, JSON, tables, WMT's XML, SGM, translation memories. See `docs/evaluation.md`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextReader {
    /// Names of the field or column with the source; the first that the table or the first record has is taken.
    pub source: Vec<String>,
    /// Names of that with the reference, likewise.
    pub reference: Vec<String>,
    /// Names of that with the output, in files of outputs.
    pub output: Vec<String>,
    /// What an array in the field of the reference is.
    pub array: ArrayOf,
    /// Whose outputs are read from a file of WMT's XML that has those of several systems.
    pub system: Option<String>,
    /// What happens to bad lines of the set. Outputs must be whole.
    pub on_bad: OnBad,
}

/// Codes of Indonesian and English in translation memories.
const INDONESIAN: [&str; 3] = ["id", "ind", "in"];
const ENGLISH: [&str; 2] = ["en", "eng"];

impl TextReader {
    /// Reads sets of translations, with the usual names: `source`, `reference`, `output`, also `indonesian`, `english`, `hypothesis` and their kin, of
    /// which a note tells.
    pub fn translations() -> Self {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        TextReader {
            source: names(&["source", "src", "indonesian", "ind", "bahasa indonesia"]),
            reference: names(&["reference", "ref", "target", "tgt", "english", "eng", "en"]),
            output: names(&["output", "hypothesis", "hyp", "prediction", "mt"]),
            array: ArrayOf::References,
            system: None,
            on_bad: OnBad::Fail,
        }
    }

    /// Reads sets of summaries: `text`, and `summary` for references and outputs, an array being the sentences of one.
    pub fn summaries() -> Self {
        TextReader {
            source: vec!["text".to_owned()],
            reference: vec!["summary".to_owned()],
            output: vec!["summary".to_owned()],
            array: ArrayOf::Sentences,
            ..TextReader::translations()
        }
    }

    /// Reads a set and what systems wrote for it. Sets of lines and of SGM are several files, the source first and then the references; any other is
    /// one. All items have as many references.
    ///
    /// ```
    /// use intisari::eval::evaluation::{evaluate_translations, SetInfo, Setup, TranslationOptions};
    /// use intisari::eval::sets::{Outputs, TextReader};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let [source, reference, output] = ["test.id", "test.en", "ours.en"].map(|name| folder.path().join(name));
    /// std::fs::write(&source, "Hujan turun.\nIa tidur.\n")?;
    /// std::fs::write(&reference, "It is raining.\nShe is asleep.\n")?;
    /// std::fs::write(&output, "It rains.\nShe is asleep.\n")?;
    /// let set = TextReader::translations().read(&[&source, &reference], Outputs::of(&output))?;
    /// let setup = Setup::new(SetInfo::new(&set), "our translator");
    /// println!("{}", evaluate_translations(&set.items, &TranslationOptions::default(), &setup)?);
    /// # assert_eq!(set.items[1].output, "She is asleep.");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Config`] where the files have a form that texts are not read from, do not go together, or an output has not what
    /// belongs to the set; [`Error::Malformed`] for a line that cannot be used, in the set unless bad ones are to be skipped.
    pub fn read<P: AsRef<Path>>(&self, files: &[P], outputs: Outputs) -> Result<Set<TextItem>> {
        let files: Vec<&Path> = files.iter().map(AsRef::as_ref).collect();
        let mut set = self.texts(&files)?;
        let mut notes = Vec::new();
        let (system, against) = outputs.each(|path| -> Result<Vec<String>> {
            let outputs = self.outputs(path)?;
            notes.extend(outputs.notes.iter().map(|note| format!("{}: {note}", file_name(path))));
            Ok(set.pair(outputs)?.into_iter().map(|row| row.value).collect())
        })?;
        for (row, output) in set.items.iter_mut().zip(system.into_iter().flatten()) {
            row.value.output = output;
        }
        for (row, output) in set.items.iter_mut().zip(against.into_iter().flatten()) {
            row.value.against = Some(output);
        }
        set.notes.extend(notes);
        set.try_map(OnBad::Fail, |row| Ok(TextItem { id: row.name(), ..row.value }))
    }

    /// Sources with references.
    fn texts(&self, files: &[&Path]) -> Result<Set<Row<TextItem>>> {
        let [first, references @ ..] = files else {
            return Err(Error::config("no file is given", "name the set"));
        };
        let form = Form::of(first)?;
        match (form, references) {
            (Form::Lines | Form::Sgm, []) => Err(Error::config(
                format!("{} is read as plain lines, and such a set needs a source and a reference", first.display()),
                "name both, the source first; or give a table (.csv, .tsv), JSON Lines, WMT's XML, SGM or TMX",
            )),
            (Form::Sgm, _) => sgm::read(first, references, self.on_bad),
            (Form::Lines, _) => self.of_lines(files),
            (_, [reference, ..]) => Err(Error::config(
                format!("{} stands beside a set that has its own references", reference.display()),
                "leave it out, or give the source as plain lines",
            )),
            (form, []) => self.of_file(first, form),
        }
    }

    fn of_lines(&self, files: &[&Path]) -> Result<Set<Row<TextItem>>> {
        read_parallel(files, self.on_bad)?.try_map(self.on_bad, |row| Ok(row.map(of_cells)))
    }

    /// The items of a file that has sources and references.
    fn of_file(&self, path: &Path, form: Form) -> Result<Set<Row<TextItem>>> {
        let on_bad = self.on_bad;
        let of_pair = |Pair { id, line, place, source, references, .. }: Pair| Row {
            id: Some(id),
            line,
            place,
            value: item(source, references),
        };
        match form {
            Form::Wmt => read_wmt(path, on_bad)?.try_map(on_bad, |pair| Ok(of_pair(pair))),
            Form::Tmx => {
                // Units of a memory need no ids, and may have the same.
                read_tmx(path, &INDONESIAN, &ENGLISH, on_bad)?
                    .try_map(on_bad, |pair| Ok(Row { id: None, ..of_pair(pair) }))
            }
            Form::Table => {
                let [source, reference] = [&self.source, &self.reference].map(|names| refs(names));
                read_table(path, &[&source, &reference], on_bad)?.try_map(on_bad, |row| Ok(row.map(of_cells)))
            }
            Form::Json => self.of_json(path),
            Form::Brat => Err(Error::config(
                format!("{} is a folder, or a file of brat", path.display()),
                "name a file with texts",
            )),
            form => Err(Error::config(
                format!("{} is {form}, no set of texts", path.display()),
                "give lines, a table, JSON, WMT's XML, SGM or TMX",
            )),
        }
    }

    fn of_json(&self, path: &Path) -> Result<Set<Row<TextItem>>> {
        let [(source, of_source), (reference, of_reference)] =
            fields(path, [&self.source, &self.reference], self.on_bad)?;
        let mut wanted = None;
        let mut set = read_records(path, &[source, reference], self.on_bad, |record| {
            let text = record.text(source).ok_or_else(|| format!("field `{source}` is no text"))?;
            let references = self.references(record, reference)?;
            match *wanted.get_or_insert(references.len()) {
                wanted if wanted == references.len() => Ok(item(text, references)),
                wanted => Err(format!("{} references, the first item has {wanted}", references.len())),
            }
        })?;
        set.notes.extend(of_source.into_iter().chain(of_reference));
        Ok(set)
    }

    fn references(&self, record: &Record, field: &str) -> Result<Vec<String>, String> {
        match record.value(field) {
            Some(Value::Array(texts)) if self.array == ArrayOf::References => {
                let all =
                    texts.iter().map(|text| text.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
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

    /// The outputs of a file.
    fn outputs(&self, path: &Path) -> Result<Set<Row<String>>> {
        let row = |SideSegment { id, line, place, text, .. }: SideSegment| {
            Ok(Row { id: Some(id), line, place, value: text })
        };
        let on_bad = OnBad::Fail;
        match Form::of(path)? {
            Form::Lines => {
                read_parallel(&[path], on_bad)?.try_map(on_bad, |row| Ok(row.map(|cells| cells.concat())))
            }
            Form::Table => read_table(path, &[&refs(&self.output)], on_bad)?
                .try_map(on_bad, |row| Ok(row.map(|cells| cells.concat()))),
            Form::Json => {
                let [(field, notes)] = fields(path, [&self.output], on_bad)?;
                let mut set = read_records(path, &[field], on_bad, |record| {
                    record.text(field).ok_or_else(|| format!("field `{field}` is no text"))
                })?;
                set.notes.extend(notes);
                Ok(set)
            }
            Form::Sgm => {
                let set = read_sgm(path, Side::Output, on_bad)?;
                match set.items.chunk_by(|one, next| one.system == next.system).count() {
                    0 | 1 => set.try_map(on_bad, row),
                    more => Err(Error::config(
                        format!("{} has outputs of {more} systems", path.display()),
                        "give a file with those of one",
                    )),
                }
            }
            Form::Wmt => read_wmt_output(path, self.system.as_deref(), on_bad)?.try_map(on_bad, row),
            _ => Err(Error::config(
                format!("{} has a form that outputs are not read from", path.display()),
                "give lines, a table, JSON Lines, WMT's XML or SGM",
            )),
        }
    }
}

/// An item, without an output as yet.
pub(super) fn item(source: String, references: Vec<String>) -> TextItem {
    TextItem { source: Some(source), references, ..TextItem::default() }
}

/// The item of a row with its source first.
fn of_cells(cells: Vec<String>) -> TextItem {
    let mut cells = cells.into_iter();
    item(cells.next().unwrap_or_default(), cells.collect())
}

/// Of each list of names the first that the first record of a JSON file has, with a note where that is not the first of the list; where it has none the
/// first, which is then told to be missing.
fn fields<'n, const N: usize>(
    path: &Path,
    lists: [&'n [String]; N],
    on_bad: OnBad,
) -> Result<[(&'n str, Option<String>); N]> {
    // Where there is nothing to choose, the file is read once.
    let choice = lists.iter().any(|names| names.len() > 1);
    let records = choice.then(|| read_json_lines(path, &[], on_bad)).transpose()?;
    let first = records.as_ref().and_then(|records| records.items.first());
    Ok(lists.map(|names| {
        let usual = names.first().map_or("", String::as_str);
        match names.iter().find(|name| first.is_some_and(|record| record.value(name).is_some())) {
            Some(name) if name != usual => {
                (name.as_str(), Some(format!("field `{name}` is read as the {usual}")))
            }
            _ => (usual, None),
        }
    }))
}

fn refs(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}
