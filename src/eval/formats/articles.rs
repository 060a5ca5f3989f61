//! Articles with entities as spans, in JSON: our own form, and the exports of doccano, Label Studio, Prodigy and spaCy.

use std::collections::HashSet;
use std::path::Path;

use serde_json::{Map, Value};

use super::json_values::values;
use super::jsonl::{id, offset_unit, text_of};
use super::looks::{expect_json, JSON};
use super::offsets::{byte_of, name};
use super::source::{OnBad, Set, Source};
use crate::document::fields::at;
use crate::document::{OffsetTable, Span, Unit};
use crate::error::{Error, Result};
use crate::eval::LabeledSpan;
use crate::text::shortened;

/// Where an article has what, and what its offsets count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArticleFields {
    /// Field with the text, such as `data.text`; one of the usual ones where none is named.
    pub text: Option<String>,
    /// Field with the entities, likewise.
    pub entities: Option<String>,
    /// What offsets count. Where this is not set they count what the article's field `offset_unit` says, as this program writes
    /// it; bytes in a [`Document`](crate::Document) that has lost that field; else characters, as the tools do.
    pub unit: Option<Unit>,
}

/// An entity as a file has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Where it begins, in the unit of the file.
    pub start: usize,
    /// Just after its end.
    pub end: usize,
    /// Its type.
    pub label: String,
    /// The text there, where the file repeats it.
    pub surface: Option<String>,
    /// Who bears the name: the number or name of its group, where the file has one.
    pub cluster: Option<String>,
    /// How sure a system is of it, where it says so.
    pub score: Option<f64>,
}

/// An article as a file has it.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkedArticle {
    /// What it calls itself.
    pub id: Option<String>,
    /// Number of its line, from 1.
    pub line: usize,
    /// Its place in the file, from 1, bad ones included.
    pub place: usize,
    /// Its text; predictions may come without.
    pub text: Option<String>,
    /// Its entities in the order of the file.
    pub marks: Vec<Mark>,
    /// What their offsets count.
    pub unit: Unit,
    /// The names of its fields where none is usual for the text, for messages.
    pub fields: Vec<String>,
}

/// Fields that hold entities, in the order in which they are looked for.
const ENTITY_FIELDS: [&str; 5] = ["entities", "spans", "label", "labels", "annotations"];
/// Fields that hold the text.
const TEXT_FIELDS: [&str; 3] = ["text", "data", "content"];

/// Reads articles: JSON Lines or an array of objects `{"id", "text", "entities": [[START, END, "PER"], …]}`, entities also as objects with
/// `start`, `end` and `label`. The exports of doccano (`label`, `labels`, `start_offset`), Label Studio (JSON and JSON-MIN), Prodigy
/// (`spans`) and spaCy (`["text", {"entities": …}]`) are known. Records that an annotator rejected or did not get to are left out,
/// which a note tells.
///
/// # Errors
/// [`Error::Io`], [`Error::Config`] where the file has another form, and [`Error::Malformed`] unless bad lines are to be skipped.
pub fn read_articles(path: &Path, fields: &ArticleFields, on_bad: OnBad) -> Result<Set<MarkedArticle>> {
    let mut source = Source::open(path, on_bad)?;
    let values = values(&source);
    expect_json(&source, &JSON, "JSON with articles", values.iter().map(|(_, value)| value.is_ok()))?;
    let mut articles = Vec::new();
    let mut seen = HashSet::new();
    let mut left_out = [(0, "rejected or ignored"), (0, "not annotated")];
    for (place, (line, value)) in (1..).zip(values) {
        let fields_there = |value: &Value| match value {
            Value::Object(record)
                if !TEXT_FIELDS.iter().any(|name| record.get(*name).is_some_and(Value::is_string)) =>
            {
                record.keys().cloned().collect()
            }
            _ => Vec::new(),
        };
        let there = value.as_ref().map(fields_there).unwrap_or_default();
        let read = value.and_then(|value| record(value, fields)).and_then(|read| match read {
            Read::Article { id: Some(id), .. } if !seen.insert(id.clone()) => {
                Err(format!("the id `{id}` has been there before"))
            }
            read => Ok(read),
        });
        match read {
            Ok(Read::Article { id, text, marks, unit }) => {
                articles.push(MarkedArticle { id, line, place, text, marks, unit, fields: there });
            }
            Ok(Read::Rejected) => left_out[0].0 += 1,
            Ok(Read::Untouched) => left_out[1].0 += 1,
            Err(message) => source.bad(line, message)?,
        }
    }
    let mut set = source.finish(articles)?;
    for (number, why) in left_out.into_iter().filter(|(number, _)| *number > 0) {
        set.notes.push(format!("{number} records were left out: {why}"));
    }
    Ok(set)
}

impl MarkedArticle {
    /// What it is called in reports.
    pub fn name(&self) -> String {
        self.id.clone().unwrap_or_else(|| format!("line {}", self.line))
    }

    /// Its entities in bytes of `text`, in the order of [`marks`](Self::marks).
    ///
    /// # Errors
    /// Says which mark, counted from 1, does not fit the text, and why.
    pub fn spans(&self, text: &str) -> Result<Vec<LabeledSpan>, String> {
        let places = Places::new(text, self.unit);
        let span =
            |(number, mark)| places.span(mark).map_err(|message| format!("entity {number}: {message}"));
        (1..).zip(&self.marks).map(span).collect()
    }
}

impl Set<MarkedArticle> {
    /// The articles with their entities in bytes, in the order of [`marks`](MarkedArticle::marks).
    ///
    /// # Errors
    /// [`Error::Malformed`] for an article without text or with marks that do not fit it, unless bad lines are to be skipped;
    /// [`Error::Config`] where so many borders lie within words that the offsets must count something else.
    pub fn located(self, on_bad: OnBad) -> Result<Set<(MarkedArticle, Vec<LabeledSpan>)>> {
        let (mut within, mut all) = (0, 0);
        let mut set = self.try_map(on_bad, |article| {
            let Some(text) = &article.text else {
                let (wanted, there) = (TEXT_FIELDS.join("`, `"), article.fields.join(", "));
                return Err((article.line, format!("no text in a field `{wanted}` (there are: {there})")));
            };
            let entities = article.spans(text).map_err(|message| (article.line, message))?;
            within += entities.iter().filter(|span| cuts_word(text, span)).count();
            all += entities.len();
            Ok((article, entities))
        })?;
        if within >= 2 && 4 * within > all {
            return Err(Error::config(
                format!("{}: {within} of {all} entities begin or end within a word", set.path.display()),
                "say what offsets count: bytes, characters or UTF-16 units (--offsets, `ArticleFields::unit`)",
            ));
        }
        if within > 0 {
            set.notes.push(format!("{within} of {all} entities begin or end within a word"));
        }
        Ok(set)
    }
}

/// Whether a border of `span` lies between two letters or digits.
pub(crate) fn cuts_word(text: &str, span: &LabeledSpan) -> bool {
    [span.start, span.end].into_iter().any(|at| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at..).and_then(|after| after.chars().next());
        before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
    })
}

/// The bytes of a text by offsets in another unit.
struct Places<'t> {
    text: &'t str,
    table: OffsetTable,
}

impl<'t> Places<'t> {
    fn new(text: &'t str, unit: Unit) -> Self {
        Places { text, table: OffsetTable::new(text, unit) }
    }

    fn span(&self, mark: &Mark) -> Result<LabeledSpan, String> {
        let (unit, byte) = (name(self.table.unit()), |offset| byte_of(&self.table, self.text, offset));
        if mark.start > mark.end {
            return Err(format!("{} to {} ({}) ends before it starts", mark.start, mark.end, unit));
        }
        let span = Span::new(self.text, byte(mark.start)?, byte(mark.end)?);
        let span = span.map_err(|error| error.to_string())?;
        if span.is_empty() {
            return Err(format!("{} to {} ({}) is empty", mark.start, mark.end, unit));
        }
        let found = span.of(self.text);
        match &mark.surface {
            Some(surface) if !surface.split_whitespace().eq(found.split_whitespace()) => Err(format!(
                "the text has `{}` from {} to {} ({}), the record `{surface}`; say what offsets count",
                found.escape_debug(),
                mark.start,
                mark.end,
                unit
            )),
            _ => Ok(LabeledSpan { start: span.start(), end: span.end(), label: mark.label.clone() }),
        }
    }
}

/// What a record is.
enum Read {
    Article {
        id: Option<String>,
        text: Option<String>,
        marks: Vec<Mark>,
        unit: Unit,
    },
    /// An annotator did not accept it.
    Rejected,
    /// Nobody has annotated it yet.
    Untouched,
}

fn record(value: Value, fields: &ArticleFields) -> Result<Read, String> {
    let record = match value {
        Value::Object(record) => record,
        Value::Array(pair) => return spacy(&pair, fields),
        _ => return Err("no JSON object".to_owned()),
    };
    if record.contains_key("tokens") && ["ner_tags", "tags"].iter().any(|name| record.contains_key(*name)) {
        return Err("tokens with tags and no text: a file of sentences, not of articles".to_owned());
    }
    if record.get("data").is_some_and(Value::is_object) {
        if let Some(found) = label_studio(&record, fields)? {
            return Ok(found);
        }
    }
    if record.get("answer").and_then(Value::as_str).is_some_and(|answer| answer != "accept") {
        return Ok(Read::Rejected);
    }
    let text = text(&record, fields)?;
    let at = |path: &str| at(&record, path);
    let marks = match &fields.entities {
        Some(name) => Some((name.as_str(), at(name).ok_or_else(|| missing(name, &record))?)),
        None => ENTITY_FIELDS.iter().find_map(|name| Some((*name, record.get(*name)?))),
    };
    let marks = match marks {
        Some((name, Value::Array(marks))) => {
            marks.iter().map(|mark| self::mark(mark, name)).collect::<Result<_, _>>()?
        }
        Some((name, _)) => return Err(format!("field `{name}` is no array of spans")),
        // Prodigy leaves the field out where nothing is marked.
        None if record.contains_key("_input_hash") || record.contains_key("answer") => Vec::new(),
        None => return Err(missing("entities", &record)),
    };
    let own = offset_unit(&record)?;
    // A document of ours counts in bytes, whoever took the field away that says so.
    let is_document = ["schema_version", "kept"].iter().all(|name| record.contains_key(*name));
    let usual = if is_document { Unit::Bytes } else { Unit::Chars };
    Ok(Read::Article { id: id(&record), text, marks, unit: fields.unit.or(own).unwrap_or(usual) })
}

fn missing(name: &str, record: &Map<String, Value>) -> String {
    format!("{}; name the field with the spans", lacks(name, record))
}

fn lacks(name: &str, record: &Map<String, Value>) -> String {
    let there: Vec<&str> = record.keys().map(String::as_str).collect();
    format!("no field `{name}` (there are: {})", there.join(", "))
}

fn text(record: &Map<String, Value>, fields: &ArticleFields) -> Result<Option<String>, String> {
    if let Some(name) = &fields.text {
        let value = at(record, name).ok_or_else(|| lacks(name, record))?;
        return text_of(value).map(Some).ok_or_else(|| format!("field `{name}` is no text"));
    }
    // As this program writes it, the text is in the article.
    let own = record.get("article").and_then(|article| article.get("text"));
    let named = TEXT_FIELDS.iter().filter_map(|name| record.get(*name));
    Ok(own.into_iter().chain(named).find_map(Value::as_str).map(str::to_owned))
}

/// `["text", {"entities": [[0, 4, "PER"]]}]`
fn spacy(pair: &[Value], fields: &ArticleFields) -> Result<Read, String> {
    let [Value::String(text), Value::Object(rest)] = pair else {
        return Err("an array that is not spaCy's [\"text\", {\"entities\": …}]".to_owned());
    };
    let marks =
        rest.get("entities").and_then(Value::as_array).ok_or("no array `entities` behind the text")?;
    Ok(Read::Article {
        id: None,
        text: Some(text.clone()),
        marks: marks.iter().map(|mark| self::mark(mark, "entities")).collect::<Result<_, _>>()?,
        unit: fields.unit.unwrap_or(Unit::Chars),
    })
}

/// A task of Label Studio; `None` where it has no annotations at all, as records of others.
fn label_studio(task: &Map<String, Value>, fields: &ArticleFields) -> Result<Option<Read>, String> {
    let annotations = ["annotations", "completions"].iter().find_map(|name| task.get(*name)?.as_array());
    let Some(annotations) = annotations else { return Ok(None) };
    let cancelled = |one: &Value| one.get("was_cancelled").and_then(Value::as_bool).unwrap_or(false);
    let valid: Vec<&Value> = annotations.iter().filter(|one| !cancelled(one)).collect();
    let annotation = match valid.as_slice() {
        [] if annotations.is_empty() => return Ok(Some(Read::Untouched)),
        [] => return Ok(Some(Read::Rejected)),
        [one] => *one,
        more => return Err(format!("{} annotations of one task; export the one that counts", more.len())),
    };
    let text = match &fields.text {
        Some(name) => at(task, name).and_then(text_of),
        None => {
            let data = task.get("data").and_then(Value::as_object);
            let texts = data.into_iter().flatten().filter_map(|(name, value)| Some((name, value.as_str()?)));
            let texts: Vec<_> = texts.collect();
            let called = texts.iter().find(|(name, _)| *name == "text");
            called
                .or(match texts.as_slice() {
                    [only] => Some(only),
                    _ => None,
                })
                .map(|(_, text)| (*text).to_owned())
        }
    };
    let text = text.ok_or("which field of `data` holds the text? Name it, such as data.body")?;
    let results =
        annotation.get("result").and_then(Value::as_array).ok_or("an annotation without `result`")?;
    let mut marks = Vec::new();
    for value in results.iter().filter_map(|result| result.get("value")) {
        if value.get("hypertextlabels").is_some() || value.get("startOffset").is_some() {
            return Err("labels on HTML, whose offsets count no text; annotate the plain text".to_owned());
        }
        // Choices, ratings and relations are no spans.
        if value.get("labels").is_some() {
            marks.push(mark(value, "result")?);
        }
    }
    let unit = fields.unit.unwrap_or(Unit::Chars);
    Ok(Some(Read::Article { id: id(task), text: Some(text), marks, unit }))
}

/// `[START, END, LABEL]`, perhaps with a group behind, or an object with as much.
fn mark(value: &Value, field: &str) -> Result<Mark, String> {
    let number = |value: Option<&Value>| value.and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    let group = |value: Option<&Value>| match value? {
        Value::String(group) => Some(group.clone()),
        Value::Null => None,
        group => Some(group.to_string()),
    };
    let shown = || {
        let text = shortened(&value.to_string(), 80);
        format!("`{text}` in `{field}` is no span with start, end and label")
    };
    if let Value::Array(parts) = value {
        let (start, end) = number(parts.first()).zip(number(parts.get(1))).ok_or_else(shown)?;
        let label = parts.get(2).and_then(Value::as_str).ok_or_else(shown)?;
        let cluster = group(parts.get(3));
        return Ok(Mark { start, end, label: label.to_owned(), surface: None, cluster, score: None });
    }
    let span = value.get("span").filter(|span| span.is_object()).unwrap_or(value);
    let first = |names: &[&str]| names.iter().find_map(|name| number(span.get(*name)));
    let start = first(&["start", "start_offset", "start_char", "begin"]);
    let (start, end) = start.zip(first(&["end", "end_offset", "end_char"])).ok_or_else(shown)?;
    let label = ["label", "labels", "type", "tag"].iter().find_map(|name| value.get(*name));
    let label = match label {
        Some(Value::String(label)) => label,
        Some(Value::Array(labels)) => match labels.as_slice() {
            [Value::String(label)] => label,
            labels => return Err(format!("{} labels on one span, from {start} to {end}", labels.len())),
        },
        Some(Value::Number(_)) => {
            return Err("labels are numbers: choose an export that writes their names".to_owned())
        }
        _ => return Err(shown()),
    };
    Ok(Mark {
        start,
        end,
        label: label.clone(),
        surface: value.get("text").and_then(Value::as_str).map(str::to_owned),
        cluster: group(value.get("cluster")),
        score: value.get("score").and_then(Value::as_f64),
    })
}
