//! Going on where a run was stopped: the records that are in its output are not made again, but for those of failures.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use intisari::document::{Document, Unit};
use intisari::Article;
use serde::de::IgnoredAny;
use serde::Deserialize;
use serde_json::Value;

/// The output of a run that was stopped, or a new one.
pub struct Earlier {
    /// Locked, and at the place where the next record goes.
    pub file: File,
    pub records: Records,
    pub made: Option<Made>,
}

/// The records that are there, by their ids.
#[derive(Debug, Default)]
pub struct Records(HashMap<String, Same>);

/// The records of one id.
#[derive(Debug, Default)]
struct Same {
    /// Of each document what tells its article from others.
    documents: Vec<u64>,
    failures: usize,
}

/// What is there of an item of the input.
#[derive(Debug, PartialEq, Eq)]
pub enum There {
    Nothing,
    Document,
    /// It failed; the record stays whatever becomes of it now.
    Failure,
    /// A document of an article that is another, though its id is the same.
    Other,
}

impl Records {
    /// How many documents and failures are there.
    fn count(&self) -> (usize, usize) {
        let all = self.0.values();
        (all.clone().map(|same| same.documents.len()).sum(), all.map(|same| same.failures).sum())
    }

    /// What is said of them; nothing where there are none.
    pub fn told(&self) -> Option<String> {
        let (documents, failures) = self.count();
        let all = documents + failures;
        let failed = match failures {
            _ if all == 0 => return None,
            0 => String::new(),
            _ => format!(", {failures} of them of failures, which are tried again"),
        };
        let records = if all == 1 { "record is" } else { "records are" };
        Some(format!("{all} {records} there{failed}; going on after them"))
    }

    /// Takes the record of `article` out, and says what it is.
    pub fn take(&mut self, article: &Article) -> There {
        let Some(same) = self.0.get_mut(&article.id) else { return There::Nothing };
        let seen = fingerprint(article);
        if let Some(at) = same.documents.iter().position(|&document| document == seen) {
            same.documents.swap_remove(at);
            return There::Document;
        }
        match (same.failures, same.documents.is_empty()) {
            (0, true) => There::Nothing,
            (0, false) => There::Other,
            (failures, _) => {
                same.failures = failures - 1;
                There::Failure
            }
        }
    }

    /// The same for what could not be read, and is called `id`.
    pub fn take_unread(&mut self, id: &str) -> There {
        let Some(same) = self.0.get_mut(id) else { return There::Nothing };
        if same.failures > 0 {
            same.failures -= 1;
            There::Failure
        } else if same.documents.pop().is_some() {
            There::Document
        } else {
            There::Nothing
        }
    }

    fn add(&mut self, record: Told) {
        match record {
            Told::Document(article) => {
                let seen = fingerprint(&article);
                self.0.entry(article.id).or_default().documents.push(seen);
            }
            Told::Failure(id) => self.0.entry(id).or_default().failures += 1,
        }
    }
}

/// A number that articles share where id, text, title, date and source are the same.
fn fingerprint(article: &Article) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&article.id, &article.text, &article.title, &article.date, &article.source).hash(&mut hasher);
    hasher.finish()
}

/// How the documents were made that are there; others must not be mixed with them.
#[derive(Debug, PartialEq)]
pub struct Made {
    offset_unit: Value,
    provenance: Value,
}

impl Made {
    /// Whether `document` was made in the same way.
    pub fn fits(&self, document: &Document, unit: Unit) -> bool {
        let provenance = serde_json::to_value(&document.provenance).unwrap_or_default();
        let offset_unit = serde_json::to_value(unit).unwrap_or_default();
        *self == Made::new(offset_unit, provenance)
    }

    /// Sizes of batches and limits change no result.
    fn new(offset_unit: Value, mut provenance: Value) -> Self {
        let free = [
            "batch_articles",
            "max_article_bytes",
            "max_article_seconds",
            "batch_segments",
            "max_cache_bytes",
        ];
        let free = |options: &mut Value| {
            let fields = options.as_object_mut();
            fields.into_iter().for_each(|fields| fields.retain(|name, _| !free.contains(&name.as_str())));
        };
        provenance.get_mut("options").into_iter().for_each(free);
        let stages = provenance.get_mut("stages").and_then(Value::as_array_mut);
        stages.into_iter().flatten().filter_map(|stage| stage.get_mut("options")).for_each(free);
        Made { offset_unit, provenance }
    }
}

/// What is needed of a record; the rest is read over.
#[derive(Deserialize)]
struct Record {
    article: Option<Article>,
    id: Option<String>,
    error: Option<IgnoredAny>,
    #[serde(default)]
    offset_unit: Value,
    #[serde(default)]
    provenance: Value,
}

/// What a record tells.
enum Told {
    Document(Article),
    Failure(String),
}

/// Opens the output at `path`, which need not exist, and takes away a last line without an end, if it can be the beginning of a
/// record. The message says what to do.
pub fn open(path: &Path) -> Result<Earlier, String> {
    let told = |what: String| format!("{}: {what}", path.display());
    let failed = |error: std::io::Error| told(error.to_string());
    let mut file =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(told("another process writes to it; wait for it, or name another file".to_owned()))
        }
        // Some network file systems have no locks; one process alone still works there.
        Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => {}
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    let (mut records, mut made, mut whole) = (Records::default(), None, 0);
    let mut reader = BufReader::with_capacity(1 << 16, &mut file);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = reader.by_ref().read_until(b'\n', &mut line).map_err(failed)?;
        let foreign =
            || told(format!("line {number} is no record of this program; name another file, or mend it"));
        if line.last() != Some(&b'\n') {
            // What was named by mistake keeps its line.
            if !line.is_empty() && !is_torn(&line) {
                return Err(foreign());
            }
            break;
        }
        whole += read as u64;
        records.add(read_record(&line, &mut made).ok_or_else(foreign)?);
    }
    file.set_len(whole).map_err(failed)?;
    file.seek(SeekFrom::Start(whole)).map_err(failed)?;
    Ok(Earlier { file, records, made })
}

/// A record, which may be that of a failure.
fn read_record(line: &[u8], made: &mut Option<Made>) -> Option<Told> {
    let record: Record = serde_json::from_slice(line).ok()?;
    match record {
        Record { article: Some(article), offset_unit, provenance, .. } => {
            *made = Some(Made::new(offset_unit, provenance));
            Some(Told::Document(article))
        }
        Record { id: Some(id), error: Some(_), .. } => Some(Told::Failure(id)),
        _ => None,
    }
}

/// How a document and a failure begin; `…` is any string.
const BEGINNINGS: [&str; 3] =
    ["{ \"article\" : {", "{ \"error\" : … , \"id\" : … }", "{ \"id\" : … , \"error\" : … }"];

/// Whether a line without an end can be the beginning of a record, or is one whole.
fn is_torn(line: &[u8]) -> bool {
    match serde_json::from_slice::<IgnoredAny>(line) {
        Ok(_) => read_record(line, &mut None).is_some(),
        Err(error) => error.is_eof() && BEGINNINGS.iter().any(|beginning| follows(line, beginning)),
    }
}

/// Whether `line` goes as `beginning` does, as far as both of them go.
fn follows(line: &[u8], beginning: &str) -> bool {
    let mut rest = line;
    for token in beginning.split(' ') {
        rest = rest.trim_ascii_start();
        let after = match token {
            "…" => match string_end(rest) {
                Some(end) => rest.get(end..),
                None => return false,
            },
            token if token.as_bytes().starts_with(rest) => Some(&[][..]),
            token => rest.strip_prefix(token.as_bytes()),
        };
        match after {
            None => return false,
            Some([]) => return true,
            Some(after) => rest = after,
        }
    }
    true
}

/// Where the string ends that `text` begins with: where `text` does, if it is torn within; `None` where it begins with none.
fn string_end(text: &[u8]) -> Option<usize> {
    let mut strings = serde_json::Deserializer::from_slice(text).into_iter::<String>();
    match strings.next() {
        Some(Ok(_)) => Some(strings.byte_offset()),
        None => Some(text.len()),
        Some(Err(error)) => error.is_eof().then_some(text.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_line_goes_and_what_is_no_record_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.jsonl");
        let whole = "{\"article\": {\"id\": \"a\", \"text\": \"\"}}\n{\"id\": \"b\", \"error\": \"x\"}\n{\"article\": {\"id\": \"a\", \"text\": \"Ya.\"}}\n";
        std::fs::write(&path, format!("{whole}{{\"article\": {{\"id\"")).unwrap();
        let earlier = open(&path).unwrap();
        assert_eq!(earlier.records.count(), (2, 1));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), whole);
        assert!(open(&path).err().unwrap().contains("another process"));
        drop(earlier);
        assert_eq!(open(&path).unwrap().records.count(), (2, 1));
        for bad in ["null\n", "{\"id\": \"b\"}\n", "\n", "Hujan turun.\n"] {
            std::fs::write(&path, format!("{whole}{bad}")).unwrap();
            assert!(open(&path).err().unwrap().contains("line 4 is no record"), "{bad}");
            // Nothing of a file that is not ours is taken away.
            assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("{whole}{bad}"));
        }
    }

    #[test]
    fn a_record_is_that_of_its_article_and_failures_are_tried_again() {
        let mut records = Records::default();
        let article = |id: &str, text: &str| Article::new(id, text);
        for told in [
            Told::Document(article("a", "Angin.")),
            Told::Failure("b".to_owned()),
            Told::Failure("c".to_owned()),
            Told::Document(article("c", "Air.")),
            Told::Document(article("d", "Satu.")),
            Told::Document(article("d", "Dua.")),
        ] {
            records.add(told);
        }
        assert_eq!(records.count(), (4, 2));
        assert_eq!(records.take(&article("a", "Angin.").with_title("Cuaca")), There::Other);
        for (id, text, there) in [
            ("a", "Angin.", There::Document),
            ("a", "Angin.", There::Nothing),
            ("b", "Bumi.", There::Failure),
            // The document that came after the failure.
            ("c", "Air.", There::Document),
            ("d", "Dua.", There::Document),
            ("d", "Tiga.", There::Other),
            ("d", "Satu.", There::Document),
            ("e", "Api.", There::Nothing),
        ] {
            assert_eq!(records.take(&article(id, text)), there, "{id} {text}");
        }
        records.add(Told::Failure("f".to_owned()));
        records.add(Told::Document(article("f", "x")));
        let unread = [(); 3].map(|()| records.take_unread("f"));
        assert_eq!(unread, [There::Failure, There::Document, There::Nothing]);
        assert_eq!(records.take_unread("g"), There::Nothing);
    }

    #[test]
    fn what_changes_no_result_does_not_keep_from_going_on() {
        let made = |batch: u32, cache: u32, beams: u32| {
            let translator = serde_json::json!({ "max_cache_bytes": cache, "beams": beams });
            let stages = serde_json::json!([{ "options": translator }, { "options": null }]);
            let provenance = serde_json::json!({ "options": { "batch_articles": batch }, "stages": stages });
            Made::new("bytes".into(), provenance)
        };
        assert!(made(8, 1, 4) == made(1, 2, 4));
        assert!(made(8, 1, 4) != made(8, 1, 1));
    }

    #[test]
    fn a_last_line_goes_only_where_it_can_be_the_beginning_of_a_record() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.jsonl");
        let records = [
            "{\"article\":{\"date\":null,\"id\":\"a\",\"text\":\"Hujan \\\"reda\\\".\"},\"kept\":[{\"start\":0}]}",
            "{\"error\":\"no JSON: \\u2026 é\",\"id\":\"in.jsonl:3\"}",
            "{\"id\": \"a\", \"error\": \"x\"}",
        ];
        for record in records {
            for end in 0..=record.len() {
                std::fs::write(&path, &record.as_bytes()[..end]).unwrap();
                assert!(
                    open(&path).is_ok_and(|earlier| earlier.records.count() == (0, 0)),
                    "{end} bytes of {record}"
                );
                assert_eq!(std::fs::read(&path).unwrap(), b"");
            }
        }
        for other in [
            "Hujan turun di Ende.",
            "null",
            "7",
            "[{\"article\": {\"id\": \"a\"}}",
            "{\"te",
            "{\"id\": \"a\", \"text\": \"Hujan turun.\"}",
            "{\"id\": \"a\", \"te",
            "{\"id\": 7",
            "{\"article\": \"Hujan",
            "{\"article\": {}} Hujan",
        ] {
            std::fs::write(&path, other).unwrap();
            let message = open(&path).err().unwrap_or_default();
            assert!(message.contains("out.jsonl: line 1 is no record"), "{other}: {message}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), other);
        }
    }
}
