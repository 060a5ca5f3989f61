//! Articles from files and standard input, one `Result` each, read as they are asked for.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use intisari::document::{Flag, FlagKind};
use intisari::Article;
use serde_json::Value;

use crate::args::{InputArgs, InputForm};

/// A longer line or file is refused rather than filling the memory.
const MAX_BYTES: u64 = 64 << 20;

/// An article and what reading it left doubtful.
pub struct Read1 {
    pub article: Article,
    pub flags: Vec<Flag>,
}

/// Something that could not be read: which, and why.
#[derive(Debug)]
pub struct Failure {
    pub id: String,
    pub message: String,
}

impl From<intisari::Error> for Failure {
    fn from(error: intisari::Error) -> Self {
        match error {
            intisari::Error::Article { article, source } => {
                Failure { id: article, message: source.to_string() }
            }
            error => Failure { id: String::new(), message: error.to_string() },
        }
    }
}

type Item = Result<Read1, Failure>;

/// All articles of the command line, in order.
pub fn articles(args: &InputArgs) -> impl Iterator<Item = Item> + '_ {
    let standard_input = [PathBuf::from("-")];
    let files = if args.files.is_empty() { standard_input.to_vec() } else { args.files.clone() };
    files.into_iter().flat_map(move |path| open(&path, args))
}

fn open(path: &Path, args: &InputArgs) -> Box<dyn Iterator<Item = Item>> {
    let name = if path == Path::new("-") { "stdin".to_owned() } else { path.display().to_string() };
    let reader: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        match File::open(path) {
            Ok(file) => Box::new(file),
            Err(error) => return failed(name, error.to_string()),
        }
    };
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    match is_jsonl(path, &mut reader, args.input) {
        Ok(true) => Box::new(Lines { reader, name, line: 0, text_field: args.text_field.clone() }),
        Ok(false) => Box::new(std::iter::once(whole(reader, name))),
        Err(error) => failed(name, error.to_string()),
    }
}

fn failed(id: String, message: String) -> Box<dyn Iterator<Item = Item>> {
    Box::new(std::iter::once(Err(Failure { id, message })))
}

fn is_jsonl(path: &Path, reader: &mut impl BufRead, form: InputForm) -> io::Result<bool> {
    Ok(match form {
        InputForm::Text => false,
        InputForm::Jsonl => true,
        InputForm::Auto => match path.extension().and_then(|extension| extension.to_str()) {
            Some("jsonl" | "ndjson") => true,
            _ => reader.fill_buf()?.trim_ascii_start().first() == Some(&b'{'),
        },
    })
}

/// A file that is one article.
fn whole(reader: impl Read, name: String) -> Item {
    let fail = |message: String| Failure { id: name.clone(), message };
    let mut bytes = Vec::new();
    let read = reader.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| fail(error.to_string()))?;
    if read as u64 > MAX_BYTES {
        return Err(fail(format!("longer than {MAX_BYTES} bytes; cut it, or give it as JSON Lines")));
    }
    let article = Article::from_utf8(name.clone(), &bytes).map_err(|error| fail(error.to_string()))?;
    Ok(Read1 { article, flags: Vec::new() })
}

/// A file of JSON Lines: one item per line, whatever is on it, so that output lines up with input.
struct Lines<R> {
    reader: R,
    name: String,
    line: usize,
    text_field: String,
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let mut bytes = Vec::new();
        let place = format!("{}:{}", self.name, self.line + 1);
        match self.reader.by_ref().take(MAX_BYTES).read_until(b'\n', &mut bytes) {
            Ok(0) => return None,
            Ok(_) => self.line += 1,
            Err(error) => return Some(Err(Failure { id: place, message: error.to_string() })),
        }
        if bytes.len() as u64 == MAX_BYTES && bytes.last() != Some(&b'\n') {
            let skipped = self.reader.skip_until(b'\n');
            let message = match skipped {
                Ok(_) => format!("line longer than {MAX_BYTES} bytes; it was skipped"),
                Err(error) => error.to_string(),
            };
            return Some(Err(Failure { id: place, message }));
        }
        Some(article(&bytes, &place, &self.text_field))
    }
}

fn article(line: &[u8], place: &str, text_field: &str) -> Item {
    let fail = |message: String| Failure { id: place.to_owned(), message };
    let line = line.trim_ascii();
    if line.is_empty() {
        return Err(fail("blank line; expected a JSON object".to_owned()));
    }
    let text = std::str::from_utf8(line)
        .map_err(|error| fail(format!("invalid UTF-8 at byte {} of the line", error.valid_up_to())))?;
    let value: Value = serde_json::from_str(text).map_err(|error| fail(not_json(&error)))?;
    let Value::Object(fields) = &value else {
        return Err(fail("expected a JSON object, e.g. {\"id\": \"1\", \"text\": \"…\"}".to_owned()));
    };
    let string = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
    let id = match fields.get("id") {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => place.to_owned(),
    };
    let Some(text) = string(text_field) else {
        let known: Vec<&str> = fields.keys().map(String::as_str).collect();
        let message =
            format!("no string in field `{text_field}` (fields: {}); see --text-field", known.join(", "));
        return Err(Failure { id, message: format!("{place}: {message}") });
    };
    let mut article = Article::new(id, text);
    article.title = string("title");
    article.source = string("source").or_else(|| string("url"));
    let mut flags = Vec::new();
    if let Some(written) = string("date") {
        // `2024-05-01T10:00:00+07:00` counts as its day.
        match written.get(..10).unwrap_or(&written).parse() {
            Ok(date) => article.date = Some(date),
            Err(_) => {
                flags.push(Flag::new(FlagKind::UnreadableDate, format!("`{written}`; write YYYY-MM-DD")))
            }
        }
    }
    Ok(Read1 { article, flags })
}

/// serde_json's words, and ours for the one that puzzles: half a UTF-16 pair is no character.
fn not_json(error: &serde_json::Error) -> String {
    let message = error.to_string();
    if message.contains("hex escape") {
        format!("no JSON: lone surrogate in a \\u escape: {message}; write the text as UTF-8")
    } else {
        format!("no JSON: {message}")
    }
}
