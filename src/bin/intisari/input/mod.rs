//! Articles from files and standard input, one `Result` each, read as they are asked for.

mod encoding;
mod form;
mod json;
mod lines;
mod source;
mod table;

use std::io::Read;
use std::iter;
use std::path::{Path, PathBuf};

use intisari::document::{FieldError, Fields, Flag, FromRecord};
use intisari::Article;

use crate::args::{InputArgs, InputForm};
use form::Form;
use source::Source;

/// A longer record or file is refused rather than filling the memory.
pub const MAX_BYTES: u64 = 64 << 20;

/// An article and what reading it left doubtful.
pub struct Incoming {
    pub article: Article,
    pub flags: Vec<Flag>,
    /// The field that its text was in, where it was a record.
    pub text_field: Option<String>,
    /// Whether the output has a record of it already: that it failed.
    pub recorded: bool,
}

/// Something that could not be read or worked on: which, and why.
#[derive(Debug)]
pub struct Failure {
    pub id: String,
    pub message: String,
    /// Whether more than this one is lost: the rest of a file, or all of it.
    pub rest_lost: bool,
    /// Whether the output has a record of it already.
    pub recorded: bool,
}

impl Failure {
    /// One record failed; the others are not touched by that.
    pub fn one(id: impl Into<String>, message: impl Into<String>) -> Self {
        Failure { id: id.into(), message: message.into(), rest_lost: false, recorded: false }
    }

    /// A file could not be read, or not to its end.
    pub fn rest(id: impl Into<String>, message: impl Into<String>) -> Self {
        Failure { rest_lost: true, ..Failure::one(id, message) }
    }
}

impl From<intisari::Error> for Failure {
    fn from(error: intisari::Error) -> Self {
        match error {
            intisari::Error::Article { article, source } => Failure::one(article, with_options(&source)),
            error => Failure::one("", with_options(&error)),
        }
    }
}

/// The message with limits called as the command line calls them.
fn with_options(error: &intisari::Error) -> String {
    let message = error.to_string();
    message
        .replace("`max_article_bytes` = ", "--max-article-bytes ")
        .replace("`max_article_seconds`", "--max-article-seconds")
}

pub type Item = Result<Incoming, Failure>;

type Items = Box<dyn Iterator<Item = Item>>;

/// All articles of the command line, in order.
pub fn articles(args: InputArgs, quiet: bool) -> impl Iterator<Item = Item> {
    let files = if args.files.is_empty() { vec![PathBuf::from("-")] } else { args.files.clone() };
    files.into_iter().flat_map(move |path| open(&path, &args, quiet).unwrap_or_else(failed))
}

fn open(path: &Path, args: &InputArgs, quiet: bool) -> Result<Items, Failure> {
    let name = if path == Path::new("-") { "stdin".to_owned() } else { path.display().to_string() };
    let prefix = args.id_prefix.clone().unwrap_or_default();
    let refused = |message: String| Failure::rest(format!("{prefix}{name}"), message);
    let mut source = Source::open(path).map_err(refused)?;
    let Some(form) = form::of(&mut source, path, args).map_err(refused)? else {
        if path != Path::new("-") && !quiet {
            crate::run::warn(&format!("{name}: the file is empty"));
        }
        return Ok(Box::new(iter::empty()));
    };
    if let (Form::Text, InputForm::Auto, Some(field)) = (form, args.input_form, &args.text_field) {
        return Err(refused(format!(
            "looks like plain text, which has no field `{field}`; say what it is with --input-form, or leave --text-field out"
        )));
    }
    let records = Records { name, prefix, fields: args.fields() };
    let reader = source.into_reader();
    Ok(match form {
        Form::Text => Box::new(iter::once(whole(reader, &records))),
        Form::Jsonl => Box::new(lines::Lines::new(reader, records)),
        Form::Json => Box::new(json::Values::new(reader, records)),
        Form::Table(delimiter) => Box::new(table::Rows::new(reader, delimiter, records)?),
    })
}

fn failed(failure: Failure) -> Items {
    Box::new(iter::once(Err(failure)))
}

/// How the records of a file become articles.
struct Records {
    /// What the file is called in messages.
    name: String,
    /// What stands before ids that are places.
    prefix: String,
    fields: Fields,
}

impl Records {
    /// The id of a record that has none: its place.
    fn id(&self, place: &str) -> String {
        format!("{}{place}", self.prefix)
    }

    /// An article from a JSON object.
    fn json(&self, bytes: &[u8], place: &str) -> Item {
        let id = self.id(place);
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let message = format!("invalid UTF-8 at byte {} of the record", error.valid_up_to());
            Failure::one(&id, format!("{message}; convert the file to UTF-8 first, e.g. with iconv"))
        })?;
        self.article(self.fields.read(text, &id), &id, place)
    }

    fn article(&self, read: Result<FromRecord, FieldError>, id: &str, place: &str) -> Item {
        match read {
            Ok(FromRecord { article, flags, text_field, .. }) => {
                Ok(Incoming { article, flags, text_field: Some(text_field), recorded: false })
            }
            Err(FieldError::NoText { id: own, message, fields }) => {
                // An id of its own does not tell where it stands.
                let place = if own == id { String::new() } else { format!("{place}: ") };
                Err(Failure::one(own, format!("{place}{message} (fields: {fields}); see --text-field")))
            }
            Err(error) => Err(Failure::one(id, error.to_string())),
        }
    }
}

/// A file that is one article.
fn whole(reader: impl Read, records: &Records) -> Item {
    let id = records.id(&records.name);
    let mut bytes = Vec::new();
    let read = reader
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::rest(&id, source::told(&error)))?;
    if read as u64 > MAX_BYTES {
        let message = format!("longer than {MAX_BYTES} bytes; cut it, or give it as JSON Lines");
        return Err(Failure::rest(&id, message));
    }
    let article =
        Article::from_utf8(id.clone(), &bytes).map_err(|error| Failure::one(&id, error.to_string()))?;
    Ok(Incoming { article, flags: Vec::new(), text_field: None, recorded: false })
}

#[cfg(test)]
mod tests {
    use std::io::{self, BufReader};

    use super::*;

    /// A disk that fails, each time it is asked.
    struct Failing;

    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is broken"))
        }
    }

    /// A bracket or comma where none belongs came back for ever.
    #[test]
    fn rubbish_between_values_ends() {
        for text in ["]", ",", "] {\"text\": \"x\"}", "{\"text\": \"x\"},,", "[1]]]", "{}]\n,"] {
            let records = Records { name: "x".to_owned(), prefix: String::new(), fields: Fields::default() };
            let items = json::Values::new(BufReader::new(text.as_bytes()), records).take(100).count();
            assert!(items <= text.len(), "{text}: {items}");
        }
    }

    #[test]
    fn a_reading_error_is_one_failure_and_the_end() {
        let object = "{\"id\": \"a\", \"text\": \"x\"}";
        let forms: [(Form, String, usize); 6] = [
            (Form::Jsonl, format!("{object}\n{object}\n"), 2),
            (Form::Jsonl, format!("{object}\n{object}"), 1),
            (Form::Json, format!("[{object},{object},"), 2),
            (Form::Json, format!("[{object},\n{{\"id\""), 1),
            (Form::Table(b','), "id,text\na,x\nb,y\nc,".to_owned(), 2),
            (Form::Text, "Angin reda.".to_owned(), 0),
        ];
        for (form, text, good) in forms {
            let records = Records { name: "x".to_owned(), prefix: String::new(), fields: Fields::default() };
            let reader = BufReader::new(io::Cursor::new(text.clone()).chain(Failing));
            let items: Items = match form {
                Form::Jsonl => Box::new(lines::Lines::new(reader, records)),
                Form::Json => Box::new(json::Values::new(reader, records)),
                Form::Table(delimiter) => Box::new(table::Rows::new(reader, delimiter, records).unwrap()),
                Form::Text => Box::new(iter::once(whole(reader, &records))),
            };
            let items: Vec<Item> = items.take(100).collect();
            assert_eq!(items.len(), good + 1, "{text}");
            assert!(items.iter().take(good).all(Result::is_ok), "{text}");
            let last = items.last().and_then(|item| item.as_ref().err()).unwrap();
            assert!(last.rest_lost && last.message.contains("the disk is broken"), "{text}: {last:?}");
        }
    }
}
