//! Which form a file has: by its name where that says it, else by its first words.

use std::fmt;
use std::path::Path;

use serde_json::Value;

use super::json_values::values;
use super::looks::{json, markup, Looks, JSON};
use super::source::{OnBad, Source};
use crate::error::{Error, Result};

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// JSON: an object a line, an array of objects, or one object.
    Json,
    /// A table with names in its first row.
    Table,
    /// The XML of WMT, `<dataset>`.
    Wmt,
    /// SGM, `<srcset>`, `<refset>` or `<tstset>`.
    Sgm,
    /// A translation memory, `<tmx>`.
    Tmx,
    /// A file of brat, `NAME.ann`, or a folder of them.
    Brat,
    /// Anything else: lines.
    Lines,
}

impl Form {
    /// The form of `path`.
    ///
    /// # Errors
    /// [`Error::Io`], and [`Error::Config`] naming a form that is not read here, such as XLIFF.
    pub fn of(path: &Path) -> Result<Self> {
        let refused =
            |form: &str, fix: &str| Err(Error::config(format!("{} is {form}", path.display()), fix));
        let end = path.extension().map(|end| end.to_string_lossy().to_ascii_lowercase());
        match end.as_deref() {
            _ if path.is_dir() => return Ok(Form::Brat),
            Some("ann") => return Ok(Form::Brat),
            Some("jsonl" | "ndjson" | "json") => return Ok(Form::Json),
            Some("csv" | "tsv") => return Ok(Form::Table),
            Some("tmx") => return Ok(Form::Tmx),
            Some("sgm" | "sgml") => return Ok(Form::Sgm),
            Some("xlf" | "xliff") => return refused("an XLIFF file", "export it as TMX"),
            Some("po" | "pot") => {
                return refused("a gettext catalogue", "convert it with `po2tmx` or `po2csv`")
            }
            _ => {}
        }
        let source = Source::open(path, OnBad::Fail)?;
        // What is not UTF-8 is told with its line where it is read.
        let text = source.lossy();
        match markup(&text).or_else(|| json(&text)) {
            None => Ok(Form::Lines),
            Some(looks) if JSON.contains(&looks) => Ok(Form::Json),
            Some(Looks::Tmx) => Ok(Form::Tmx),
            Some(Looks::Wmt) => Ok(Form::Wmt),
            Some(Looks::Sgm) => Ok(Form::Sgm),
            Some(Looks::Xliff) => refused("an XLIFF file", "export it as TMX"),
            Some(Looks::Uima) => refused("a UIMA CAS file", "export it as CoNLL or WebAnno's JSON as spans"),
            Some(_) => {
                refused("XML of a form that is not known", "give WMT's XML, SGM, TMX, JSON, or a table")
            }
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Form::Json => "JSON",
            Form::Table => "a table",
            Form::Wmt => "WMT's XML",
            Form::Sgm => "SGM",
            Form::Tmx => "TMX",
            Form::Brat => "brat",
            Form::Lines => "lines",
        })
    }
}

/// Whether a JSON file has sentences of tokens with tags rather than texts with spans.
///
/// # Errors
/// [`Error::Io`], and [`Error::Config`] where it is no text.
pub fn holds_tagged_sentences(path: &Path) -> Result<bool> {
    let source = Source::open(path, OnBad::Fail)?;
    let first = values(&source).into_iter().find_map(|(_, value)| value.ok());
    let has = |value: &Value, name: &str| value.get(name).is_some_and(Value::is_array);
    Ok(first.is_some_and(|value| {
        let tagged = ["ner_tags", "tags", "labels"].iter().any(|name| has(&value, name));
        tagged && ["tokens", "words"].iter().any(|name| has(&value, name)) && value.get("text").is_none()
    }))
}
