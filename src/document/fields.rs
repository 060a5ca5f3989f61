//! From a record with named fields to an article: which field is the text, which the date.

use std::collections::HashMap;

use jiff::civil::Date;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{publication_date, Article, DateError, Flag, FlagKind, PublisherZone, Unique};
use crate::error::Error;
use crate::text::shortened;

/// Which fields of a record hold an article; where no name is given, those with a usual name do.
///
/// A name may be a path: `_source.content` is the field `content` of the object in `_source`. A field that has the whole
/// path for its name goes first. Usual names are `text`, `content`, `body`, `isi`, `berita` and others, in any case and with
/// any joints (`Isi Berita`, `body_text`), also within `_source`, as search engines export.
///
/// ```
/// use intisari::document::Fields;
///
/// let fields = Fields { text: Some("_source.isi".to_owned()), ..Fields::default() };
/// let json = r#"{"_id": 7, "_source": {"isi": ["Hujan turun.", "Jalan tergenang."], "tanggal": "5 Maret 2025"}}"#;
/// let read = fields.read(json, "berita.jsonl:1")?;
/// assert_eq!(read.article.id, "7");
/// assert_eq!(read.article.text, "Hujan turun.\n\nJalan tergenang.");
/// assert_eq!(read.article.date.unwrap().to_string(), "2025-03-05");
/// # Ok::<(), intisari::Error>(())
/// ```
///
/// A field that cannot be used has a flag. The pipeline never sees it, so put it to the flags of the document:
///
/// ```
/// use intisari::{document::Fields, sentence::RuleSplitter, Pipeline};
///
/// let pipeline = Pipeline::builder().splitter(RuleSplitter::default()).build()?;
/// let read = Fields::default().read(r#"{"id": "a1", "text": "Hujan turun.", "date": "soon"}"#, "berita.jsonl:1")?;
/// let mut document = pipeline.run(&read.article)?;
/// document.flags.extend(read.flags);
/// assert_eq!(document.flags.last().unwrap().kind.as_str(), "unreadable_date");
/// # Ok::<(), intisari::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// The id.
    pub id: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// The day of publication, see [`publication_date`].
    pub date: Option<String>,
    /// Publisher or address.
    pub source: Option<String>,
    /// The text: a string, or a list of paragraphs, which may be lists of sentences.
    pub text: Option<String>,
    /// By whose clock articles are dated.
    pub zone: PublisherZone,
}

/// An article as a record gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FromRecord {
    /// The article.
    pub article: Article,
    /// What was there and could not be used: a date, an id. For [`Document::flags`](super::Document::flags).
    pub flags: Vec<Flag>,
    /// The field that the text was taken from.
    pub text_field: String,
}

/// Why a record is no article.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FieldError {
    /// It is no JSON.
    #[error("no JSON: {message}")]
    Json {
        /// What is wrong, and at which byte.
        message: String,
    },
    /// It is JSON, but no object.
    #[error("expected a JSON object, e.g. {{\"id\": \"1\", \"text\": \"…\"}}; found {found}")]
    NoObject {
        /// What it is.
        found: &'static str,
    },
    /// No field holds a text.
    #[error("{message} (fields: {fields})")]
    NoText {
        /// The id of the record, or its place.
        id: String,
        /// Which field was looked for, and what was found.
        message: String,
        /// The fields that the record has.
        fields: String,
    },
}

/// Characters that a message shows of a name from outside, which may be anything.
const SHOWN: usize = 40;

impl From<FieldError> for Error {
    /// Returns an [`Error::Input`]: of [`FieldError::NoText`] within an [`Error::Article`] with the record's id or place; else alone, and
    /// [`of_article`](Error::of_article) names its place.
    fn from(error: FieldError) -> Self {
        let message = error.to_string();
        match error {
            FieldError::NoText { id, .. } => Error::unusable(id, message),
            FieldError::Json { .. } | FieldError::NoObject { .. } => Error::Input { message },
        }
    }
}

/// Usual names without joints, in lower case, the most usual first.
const ID: &[&str] = &["id", "docid", "articleid", "newsid", "idberita", "idartikel", "guid", "uuid"];
const TITLE: &[&str] = &["title", "judul", "headline", "judulberita", "judulartikel", "articletitle"];
const DATE: &[&str] = &[
    "date",
    "tanggal",
    "published",
    "publishedat",
    "publishdate",
    "publisheddate",
    "publishedtime",
    "publishtime",
    "datepublished",
    "datepublish",
    "publicationdate",
    "pubdate",
    "tanggalterbit",
    "tanggalpublish",
    "tanggalpublikasi",
    "tanggalberita",
    "tglterbit",
    "waktupublish",
    "waktuterbit",
    "waktu",
];
const SOURCE: &[&str] = &["source", "url", "link", "sumber", "media", "publisher"];
const TEXT: &[&str] = &[
    "text",
    "content",
    "body",
    "article",
    "isi",
    "berita",
    "artikel",
    "teks",
    "konten",
    "bodytext",
    "articletext",
    "articlebody",
    "articlecontent",
    "fulltext",
    "contenttext",
    "isiberita",
    "isiartikel",
    "kontenberita",
    "teksberita",
    "newscontent",
    "newstext",
    "news",
    "paragraphs",
    "paragraf",
];

impl Fields {
    /// Reads an article from a JSON object; `place` is its id where it has none that can be used.
    ///
    /// # Errors
    /// [`FieldError`], where `json` is no object, has a field twice, or has no text.
    pub fn read(&self, json: &str, place: &str) -> Result<FromRecord, FieldError> {
        let record = match serde_json::from_str(json) {
            Ok(Unique(Value::Object(record))) => record,
            Ok(Unique(other)) => return Err(FieldError::NoObject { found: kind(&other) }),
            Err(error) => return Err(FieldError::Json { message: in_own_words(&error) }),
        };
        self.put_together(&record, Some(json), place)
    }

    /// Reads an article from fields, such as the cells of a table.
    ///
    /// # Errors
    /// [`FieldError::NoText`].
    pub fn article(&self, record: &Map<String, Value>, place: &str) -> Result<FromRecord, FieldError> {
        self.put_together(record, None, place)
    }

    /// The column of a table that holds the text; `None` where there is none.
    pub fn text_column<'a>(&self, columns: &'a [String]) -> Option<&'a str> {
        let columns_of = |name: &str| columns.iter().find(|column| plain_name(column) == name);
        match &self.text {
            Some(name) => columns.iter().find(|column| *column == name),
            None => TEXT.iter().find_map(|name| columns_of(name)),
        }
        .map(String::as_str)
    }

    fn put_together(
        &self,
        record: &Map<String, Value>,
        json: Option<&str>,
        place: &str,
    ) -> Result<FromRecord, FieldError> {
        let named = Named::new(record);
        let mut flags = Vec::new();
        let id = self.id(&named, json, &mut flags).unwrap_or_else(|| place.to_owned());
        let Some((text_field, text)) = self.text(&named) else {
            let (message, fields) = (self.no_text(&named), field_names(record));
            return Err(FieldError::NoText { id, message, fields });
        };
        let mut article = Article::new(id, text);
        article.title =
            named.find(self.title.as_deref(), TITLE, |value| line(value).is_some()).and_then(line);
        article.source =
            named.find(self.source.as_deref(), SOURCE, |value| line(value).is_some()).and_then(line);
        let dated = |usable: &dyn Fn(&Value) -> bool| named.find(self.date.as_deref(), DATE, usable);
        let written = dated(&|value| self.day(value).is_ok()).or_else(|| dated(&|value| !is_blank(value)));
        match written.map(|written| self.day(written)) {
            Some(Ok(date)) => article.date = Some(date),
            Some(Err(error)) => flags.push(Flag::new(FlagKind::UnreadableDate, error.to_string())),
            None => {}
        }
        Ok(FromRecord { article, flags, text_field })
    }

    fn day(&self, written: &Value) -> Result<Date, DateError> {
        match written {
            Value::String(written) => publication_date(written, &self.zone),
            Value::Number(number) => publication_date(&number.to_string(), &self.zone),
            other => Err(DateError::Form(kind(other).to_owned())),
        }
    }

    /// An id that is a string or a number; others would not come back as they were. Of the usual names the first with one.
    fn id(&self, named: &Named<'_>, json: Option<&str>, flags: &mut Vec<Flag>) -> Option<String> {
        let found = |usable: fn(&Value) -> bool| named.find_with_path(self.id.as_deref(), ID, usable);
        let Some((path, value)) = found(|value| value.is_number() || !is_blank(value) && value.is_string())
            .or_else(|| found(|value| !value.is_null()))
        else {
            if let Some(name) = &self.id {
                flags.push(Flag::new(FlagKind::UnusableId, format!("there is no field `{name}`")));
            }
            return None;
        };
        let unusable = match value {
            Value::String(id) if id.trim().is_empty() => "it is blank".to_owned(),
            Value::String(id) => return Some(id.clone()),
            // Read from the text again: a number that is no small integer has lost digits.
            Value::Number(number) if number.is_f64() => {
                return Some(json.and_then(|json| raw(json, &path)).unwrap_or_else(|| number.to_string()));
            }
            Value::Number(number) => return Some(number.to_string()),
            other => format!("it is {}, no string or number", kind(other)),
        };
        let detail = format!("field `{}`: {unusable}", path.join("."));
        flags.push(Flag::new(FlagKind::UnusableId, detail));
        None
    }

    /// The field with the text; of those with a usual name the first that is not blank.
    fn text(&self, named: &Named<'_>) -> Option<(String, String)> {
        let found = |usable: fn(&Value) -> bool| named.find_with_path(self.text.as_deref(), TEXT, usable);
        let (path, value) = found(|value| paragraphs(value).is_some_and(|text| !text.trim().is_empty()))
            .or_else(|| found(|value| paragraphs(value).is_some()))?;
        Some((path.join("."), paragraphs(value)?))
    }

    fn no_text(&self, named: &Named<'_>) -> String {
        if let Some(name) = &self.text {
            return match at(named.record, name) {
                None => format!("no field `{name}`"),
                Some(value) => format!("field `{name}` is {}, no text", kind(unwrapped(value))),
            };
        }
        let is_list =
            |value: &Value| value.as_array().and_then(|list| list.first()).is_some_and(Value::is_object);
        if let Some((name, _)) = named.record.iter().find(|(_, value)| is_list(value)) {
            return format!(
                "no text; `{}` is a list of objects: give those as records",
                shortened(name, SHOWN)
            );
        }
        match named.find_with_path(None, TEXT, |_| true) {
            Some((path, value)) => {
                format!("field `{}` is {}, no text", shortened(&path.join("."), SHOWN), kind(value))
            }
            None => "no field `text`, nor another with a usual name for it".to_owned(),
        }
    }
}

/// The value at `path` in `record`: a field of that name, or names of fields with points between, outermost first.
pub(crate) fn at<'r>(record: &'r Map<String, Value>, path: &str) -> Option<&'r Value> {
    record.get(path).or_else(|| {
        let (first, rest) = path.split_once('.')?;
        rest.split('.').try_fold(record.get(first)?, |value, name| value.get(name))
    })
}

/// The text in a value: a string as it is, of a list the paragraphs with a blank line between them. A paragraph may be a
/// list of sentences, and a sentence a list of words. `None` for anything else.
fn paragraphs(value: &Value) -> Option<String> {
    let Value::Array(list) = unwrapped(value) else { return flat(value) };
    let paragraphs: Option<Vec<String>> = list.iter().filter(|value| !value.is_null()).map(flat).collect();
    Some(paragraphs?.join("\n\n"))
}

/// A string, or what a list holds with blanks between.
fn flat(value: &Value) -> Option<String> {
    match unwrapped(value) {
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => Some(list.iter().map(flat).collect::<Option<Vec<_>>>()?.join(" ")),
        _ => None,
    }
}

/// A short text such as a headline.
fn line(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        value => flat(value).filter(|text| !text.trim().is_empty()),
    }
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// What databases wrap their types in: `{"$oid": "…"}`, `{"$date": {"$numberLong": "…"}}`.
fn unwrapped(value: &Value) -> &Value {
    match value {
        Value::Object(fields) if fields.len() == 1 => match fields.iter().next() {
            Some((name, inner)) if name.starts_with('$') => unwrapped(inner),
            _ => value,
        },
        _ => value,
    }
}

/// The fields of a record under names without joints, and those within `_source` after them.
struct Named<'r> {
    record: &'r Map<String, Value>,
    fields: Vec<(String, Vec<&'r str>, &'r Value)>,
}

impl<'r> Named<'r> {
    fn new(record: &'r Map<String, Value>) -> Self {
        let outer = record.iter().map(|(name, value)| (plain_name(name), vec![name.as_str()], value));
        let inner =
            record.get_key_value("_source").and_then(|(name, value)| Some((name, value.as_object()?)));
        let inner = inner.into_iter().flat_map(|(source, fields)| {
            fields.iter().map(move |(name, value)| (plain_name(name), vec![source.as_str(), name], value))
        });
        Named { record, fields: outer.chain(inner).collect() }
    }

    fn find(&self, path: Option<&str>, usual: &[&str], usable: impl Fn(&Value) -> bool) -> Option<&'r Value> {
        self.find_with_path(path, usual, usable).map(|(_, value)| value)
    }

    /// The usable value at `path`, or under the first of the usual names.
    fn find_with_path(
        &self,
        path: Option<&str>,
        usual: &[&str],
        usable: impl Fn(&Value) -> bool,
    ) -> Option<(Vec<&'r str>, &'r Value)> {
        let found = match path {
            Some(path) => at(self.record, path).map(|value| (self.names(path), unwrapped(value))),
            None => usual.iter().find_map(|usual| {
                let mut fields = self.fields.iter().map(|(name, path, value)| (name, path, unwrapped(value)));
                fields
                    .find(|(name, _, value)| name == usual && usable(value))
                    .map(|(_, path, value)| (path.clone(), value))
            }),
        };
        found.filter(|(_, value)| usable(value))
    }

    /// The names on the way to `path`, as the record has them.
    fn names(&self, path: &str) -> Vec<&'r str> {
        if let Some((name, _)) = self.record.get_key_value(path) {
            return vec![name];
        }
        let (mut names, mut fields) = (Vec::new(), Some(self.record));
        for name in path.split('.') {
            let Some((name, value)) = fields.and_then(|fields| fields.get_key_value(name)) else { break };
            names.push(name.as_str());
            fields = value.as_object();
        }
        names
    }
}

/// A name without joints, in lower case.
fn plain_name(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The number at `path` as it is written in `json`, out of what databases wrap it in.
fn raw(json: &str, path: &[&str]) -> Option<String> {
    let json = json.trim();
    if path.is_empty() && !json.starts_with('{') {
        return Some(json.to_owned());
    }
    let fields: HashMap<String, &RawValue> = serde_json::from_str(json).ok()?;
    let (inner, rest) = match path.split_first() {
        Some((first, rest)) => (fields.get(*first)?, rest),
        // A wrapper has one field.
        None => (fields.values().next()?, path),
    };
    raw(inner.get(), rest)
}

/// Names of fields for a message.
fn field_names(record: &Map<String, Value>) -> String {
    const MOST: usize = 20;
    let mut names: Vec<String> = record.keys().take(MOST).map(|name| shortened(name, SHOWN)).collect();
    if record.len() > MOST {
        names.push("…".to_owned());
    }
    names.join(", ")
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// serde_json's words, and ours for the one that puzzles: half a UTF-16 pair is no character.
fn in_own_words(error: &serde_json::Error) -> String {
    // A record is on a line of its own, most often: only the column tells anything.
    let message = error.to_string().replace(" at line 1 column ", " at column ");
    if message.contains("hex escape") {
        format!("lone surrogate in a \\u escape: {message}; write the text as UTF-8")
    } else {
        message
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_stands_there_twice_is_refused() {
        let json = r#"{"id": "1", "text": "Hujan turun.", "text": "Angin reda."}"#;
        let error = Fields::default().read(json, "1").unwrap_err().to_string();
        assert!(error.contains("the field `text` stands there twice"), "{error}");
    }

    #[test]
    fn the_guide_lists_every_usual_name() {
        let guide = include_str!("../../docs/input.md");
        for names in [TEXT, TITLE, DATE, ID, SOURCE] {
            let row = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            assert!(guide.contains(&format!("| {row} |")), "{row}");
        }
    }

    fn read(json: &str) -> FromRecord {
        Fields::default().read(json, "x.jsonl:3").unwrap()
    }

    fn kinds(read: &FromRecord) -> Vec<FlagKind> {
        read.flags.iter().map(|flag| flag.kind).collect()
    }

    #[test]
    fn an_unusable_record_is_an_error_of_the_crate() {
        let error = |json: &str| Error::from(Fields::default().read(json, "x.jsonl:3").unwrap_err());
        assert_eq!(error(r#"{"id": "b2", "views": 4}"#).article(), Some("b2"));
        for json in ["[]", "{"] {
            assert!(matches!(error(json), Error::Input { .. }), "{json}");
        }
    }

    #[test]
    fn what_a_field_holds_instead_of_a_text_is_told() {
        for (json, message) in [
            (r#"{"text": 7}"#, "field `text` is a number, no text (fields: text)"),
            (r#"{"Isi": null, "views": 4}"#, "field `Isi` is null, no text (fields: Isi, views)"),
            (
                r#"{"_source": {"content": {}}}"#,
                "field `_source.content` is an object, no text (fields: _source)",
            ),
            (r#"{"views": 4}"#, "no field `text`, nor another with a usual name for it (fields: views)"),
            (
                r#"{"text": [{"isi": "Hujan."}]}"#,
                "no text; `text` is a list of objects: give those as records (fields: text)",
            ),
        ] {
            assert_eq!(Fields::default().read(json, "x.jsonl:3").unwrap_err().to_string(), message, "{json}");
        }
    }

    #[test]
    fn fields_with_usual_names_are_found() {
        let cases = [
            (r#"{"text": "Hujan."}"#, "text"),
            (r#"{"Isi Berita": "Hujan.", "kategori": "cuaca"}"#, "Isi Berita"),
            (r#"{"body_text": "Hujan.", "summary": "Basah."}"#, "body_text"),
            (r#"{"articleBody": "Hujan."}"#, "articleBody"),
            (r#"{"content": "Hujan.", "text": null}"#, "content"),
            (r#"{"content": "Hujan.", "text": "  "}"#, "content"),
            (r#"{"_id": "a", "_source": {"content": "Hujan."}}"#, "_source.content"),
            (r#"{"konten": ["Hujan."]}"#, "konten"),
        ];
        for (json, field) in cases {
            let read = read(json);
            assert_eq!((read.article.text.as_str(), read.text_field.as_str()), ("Hujan.", field), "{json}");
        }
        let all =
            read(r#"{"Judul": "Banjir", "Tanggal": "12 Mei 2025", "Link": "contoh.id/1", "Isi": "Hujan."}"#);
        assert_eq!(all.article.title.as_deref(), Some("Banjir"));
        assert_eq!(all.article.date, Some(jiff::civil::date(2025, 5, 12)));
        assert_eq!(all.article.source.as_deref(), Some("contoh.id/1"));
        assert_eq!((all.article.id.as_str(), all.flags.len()), ("x.jsonl:3", 0));
    }

    #[test]
    fn named_fields_go_by_path_and_nothing_else() {
        let fields = Fields {
            id: Some("meta.kode".to_owned()),
            title: Some("meta.t".to_owned()),
            date: Some("meta.d".to_owned()),
            source: Some("meta.s".to_owned()),
            text: Some("a.b".to_owned()),
            zone: "WIT".parse().unwrap(),
        };
        let json = r#"{"text": "x", "a": {"b": "Hujan."}, "meta": {"kode": 18446744073709551617, "t": "T", "s": "S",
                       "d": "2025-05-12T15:30:00Z"}}"#;
        let read = fields.read(json, "p").unwrap();
        let expected = Article::new("18446744073709551617", "Hujan.")
            .with_title("T")
            .with_source("S")
            .with_date(jiff::civil::date(2025, 5, 13));
        assert_eq!((read.article, read.flags), (expected, Vec::new()));
        // A name that is a path is a name first.
        assert_eq!(fields.read(r#"{"a.b": "Ya.", "a": {"b": "Bukan."}}"#, "p").unwrap().article.text, "Ya.");
        let error = fields.read(r#"{"text": "x"}"#, "p").unwrap_err();
        assert_eq!(error.to_string(), "no field `a.b` (fields: text)");
        let error = fields.read(r#"{"a": {"b": 5}}"#, "p").unwrap_err();
        assert_eq!(error.to_string(), "field `a.b` is a number, no text (fields: a)");
    }

    #[test]
    fn lists_are_paragraphs() {
        for (value, text) in [
            (r#"["Satu.", "Dua."]"#, "Satu.\n\nDua."),
            (r#"[["Satu.", "Dua."], ["Tiga."]]"#, "Satu. Dua.\n\nTiga."),
            (
                r#"[[["Hujan", "turun", "."], ["Air", "naik", "."]], [["Selesai", "."]]]"#,
                "Hujan turun . Air naik .\n\nSelesai .",
            ),
            (r#"["Satu.", null, "Dua."]"#, "Satu.\n\nDua."),
            ("[]", ""),
        ] {
            assert_eq!(read(&format!(r#"{{"text": {value}}}"#)).article.text, text, "{value}");
        }
        for value in ["5", "true", "{}", r#"["Satu.", 2]"#, r#"[{"p": "Satu."}]"#] {
            let error = Fields::default().read(&format!(r#"{{"id": 1, "text": {value}}}"#), "p").unwrap_err();
            assert!(matches!(&error, FieldError::NoText { id, .. } if id == "1"), "{value}: {error}");
        }
    }

    #[test]
    fn ids_keep_every_digit_and_odd_ones_are_flagged() {
        for (id, expected) in [
            (r#""a/1""#, "a/1"),
            ("7", "7"),
            ("-7", "-7"),
            ("9007199254740993", "9007199254740993"),
            ("18446744073709551615", "18446744073709551615"),
            ("18446744073709551616", "18446744073709551616"),
            ("-9223372036854775809", "-9223372036854775809"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("1.10", "1.10"),
            ("1e3", "1e3"),
            (r#"{"$oid": "65f0"}"#, "65f0"),
            (r#"{"$numberLong": "9007199254740993"}"#, "9007199254740993"),
            (r#"{"$numberDouble": 1.50}"#, "1.50"),
            (r#"{ "$numberLong" : {"$numberDecimal": 18446744073709551616} }"#, "18446744073709551616"),
        ] {
            let read = read(&format!(r#"{{"id": {id}, "text": "x"}}"#));
            assert_eq!((read.article.id.as_str(), read.flags.len()), (expected, 0), "{id}");
        }
        for id in ["true", "[1]", r#"{"a": 1}"#, r#""""#, r#"" ""#] {
            let read = read(&format!(r#"{{"id": {id}, "text": "x"}}"#));
            assert_eq!(read.article.id, "x.jsonl:3", "{id}");
            assert_eq!(kinds(&read), [FlagKind::UnusableId], "{id}");
        }
        assert_eq!(kinds(&read(r#"{"id": null, "text": "x"}"#)), []);
        let named = Fields { id: Some("kode".to_owned()), ..Fields::default() };
        assert_eq!(kinds(&named.read(r#"{"id": 1, "text": "x"}"#, "p").unwrap()), [FlagKind::UnusableId]);
    }

    #[test]
    fn dates_of_any_type_are_read_or_flagged() {
        for date in [
            "1747043460",
            "1747043460000",
            "1747043460.5",
            "20250512",
            r#"{"$date": "2025-05-12T01:00:00Z"}"#,
            r#"{"$date": {"$numberLong": "1747043460000"}}"#,
            r#""12/05/2025""#,
        ] {
            let read = read(&format!(r#"{{"date": {date}, "text": "x"}}"#));
            assert_eq!(read.article.date, Some(jiff::civil::date(2025, 5, 12)), "{date}");
            assert_eq!(read.flags, [], "{date}");
        }
        for date in ["null", r#""""#] {
            let read = read(&format!(r#"{{"date": {date}, "text": "x"}}"#));
            assert_eq!((read.article.date, read.flags.len()), (None, 0), "{date}");
        }
        for date in [
            "true",
            "0",
            "[2025, 5, 12]",
            "202513121751",
            r#"{"y": 2025}"#,
            r#""kemarin""#,
            r#""2025-13-01""#,
        ] {
            let read = read(&format!(r#"{{"date": {date}, "text": "x"}}"#));
            assert_eq!((read.article.date, kinds(&read)), (None, vec![FlagKind::UnreadableDate]), "{date}");
        }
    }

    #[test]
    fn of_the_usual_names_the_first_that_can_be_used_counts() {
        for record in [
            r#""published": true, "published_at": "2025-05-12""#,
            r#""date": {"day": 12}, "tanggal": "12 Mei 2025""#,
            r#""date": "kemarin", "pub_date": "12/05/2025""#,
            r#""date": "", "waktu": 202505121751"#,
            r#""date": "2025-05-12", "tanggal": "2024-01-01""#,
            r#""_source": {"date": "2025-05-12"}, "date": false"#,
        ] {
            let read = read(&format!(r#"{{{record}, "text": "x"}}"#));
            assert_eq!(
                (read.article.date, read.flags),
                (Some(jiff::civil::date(2025, 5, 12)), vec![]),
                "{record}"
            );
        }
        let read_id = read(r#"{"id": "", "uuid": true, "guid": "g7", "text": "x"}"#);
        assert_eq!((read_id.article.id.as_str(), read_id.flags.len()), ("g7", 0));
        // Where none can be, the first is told.
        let none = read(r#"{"published": true, "tanggal": "kemarin", "text": "x"}"#);
        assert_eq!(
            none.flags,
            [Flag::new(FlagKind::UnreadableDate, DateError::Form("kemarin".to_owned()).to_string())]
        );
        // A field that was named is the only one.
        let named = Fields { date: Some("d".to_owned()), ..Fields::default() };
        let read = named.read(r#"{"d": true, "date": "2025-05-12", "text": "x"}"#, "p").unwrap();
        assert_eq!((read.article.date, kinds(&read)), (None, vec![FlagKind::UnreadableDate]));
    }

    #[test]
    fn what_is_no_article_says_what_it_is() {
        for (json, message) in [
            ("[1]", "found a list"),
            ("null", "found null"),
            ("{", "no JSON: EOF while parsing an object at column 1"),
            (r#"{"text": "\ud800"}"#, "lone surrogate"),
            (r#"{"status": "ok", "articles": [{"text": "x"}]}"#, "`articles` is a list of objects"),
            (r#"{"judul": "Banjir"}"#, "(fields: judul)"),
        ] {
            let error = Fields::default().read(json, "p").unwrap_err().to_string();
            assert!(error.contains(message), "{json}: {error}");
        }
    }
}
