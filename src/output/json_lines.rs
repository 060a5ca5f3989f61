//! Documents as JSON Lines, a record each, as the binary writes them.

use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::document::{Document, DocumentError, Unit};
use crate::error::{Error, Result};

/// Writes a line: a document as [`json`](super::json) makes it, or, of an article that failed, the record `{"id": …, "error": …}`. An error that
/// is of no article has an empty id.
///
/// Leave out [`is_cancelled`](Error::is_cancelled) errors: such an article did not fail, and as a record it would be taken for one that
/// did, and not be digested when you go on.
///
/// [`read_json_lines`] reads back what counts bytes.
///
/// ```
/// use intisari::{document::Unit, output, sentence::RuleSplitter, Article, Pipeline, Progress};
///
/// let pipeline = Pipeline::builder().splitter(RuleSplitter::default()).build()?;
/// let articles = [Article::new("a1", "Satu. Dua."), Article::new("a2", "Tiga.")];
/// let mut written = Vec::new();
/// for result in pipeline.run_iter_with(articles, Progress::none()) {
///     if result.as_ref().is_err_and(|error| error.is_cancelled()) {
///         continue;
///     }
///     output::write_json_line(&mut written, &result, Unit::Bytes)?;
/// }
/// let read = output::read_json_lines(written.as_slice(), "digests.jsonl").collect::<Result<Vec<_>, _>>()?;
/// assert_eq!(read[0].sentences.len(), 2);
/// assert_eq!(read[1].article.id, "a2");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Going on after a stop
///
/// The binary does that with `--resume`; the library has nothing for it. In your own program, read the lines that are there with
/// [`read_json_lines`], take the ids of documents (`article.id`) and of failures ([`Error::article`]), leave out as many articles with each
/// id as are there, and append. A last line that was torn is an [`Error::Malformed`]: cut the file behind the line before it first.
///
/// # Errors
/// What `out` says.
pub fn write_json_line(
    out: &mut (impl Write + ?Sized),
    result: &Result<Document>,
    unit: Unit,
) -> io::Result<()> {
    let record = match result {
        Ok(document) => super::json(document, unit),
        Err(error) => {
            json!({ "id": error.article().unwrap_or_default(), "error": error.cause().to_string() })
        }
    };
    // In one piece, so that no line is torn where several write.
    out.write_all(format!("{record}\n").as_bytes())
}

/// Reads the documents of `lines`, one at a time and each checked as [`Document::from_json`] does. Blank lines are passed over. `name` stands in
/// errors for the file.
///
/// A line that cannot be read takes its place among the documents, and reading goes on behind it: [`Error::Malformed`] names the
/// line, and an [`Error::Article`] is the failure that a record tells of. After an [`Error::Io`] nothing more comes.
///
/// ```
/// use intisari::output;
///
/// let lines = "{\"id\": \"b7\", \"error\": \"the article has no text\"}\n[]\n";
/// let errors: Vec<_> = output::read_json_lines(lines.as_bytes(), "digests.jsonl").map(Result::unwrap_err).collect();
/// assert_eq!(errors[0].article(), Some("b7"));
/// assert_eq!(
///     errors[0].to_string(),
///     "article `b7`: the article has no text (a failure that digests.jsonl:1 tells of)"
/// );
/// assert!(errors[1].to_string().starts_with("digests.jsonl:2: a document is a JSON object"));
/// ```
pub fn read_json_lines(
    lines: impl BufRead,
    name: impl Into<PathBuf>,
) -> impl Iterator<Item = Result<Document>> {
    let (mut lines, name) = (lines, name.into());
    let (mut line, mut ended) = (0, false);
    std::iter::from_fn(move || {
        let mut bytes = Vec::new();
        while !ended {
            bytes.clear();
            match lines.read_until(b'\n', &mut bytes) {
                Ok(0) => ended = true,
                Ok(_) => {
                    line += 1;
                    // Files that were put together have their marks within.
                    let record = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes).trim_ascii();
                    if !record.is_empty() {
                        return Some(document(record, &name, line));
                    }
                }
                Err(error) => {
                    // Reading on would fail for ever.
                    ended = true;
                    return Some(Err(Error::io(&name, error)));
                }
            }
        }
        None
    })
}

/// The document of a line.
fn document(record: &[u8], name: &Path, line: usize) -> Result<Document> {
    let malformed = |message: String| Error::Malformed { path: name.to_owned(), line, message };
    let record =
        std::str::from_utf8(record).map_err(|error| malformed(format!("it is no text in UTF-8: {error}")))?;
    Document::from_json(record).map_err(|error| match error {
        DocumentError::Failure { article, error } => {
            let place = format!("{}:{line}", name.display());
            Error::stage(format!("{error} (a failure that {place} tells of)")).of_article(article)
        }
        // The line of the file is told already.
        error => malformed(error.to_string().replace(" at line 1 column ", " at column ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Article;

    fn written(results: &[Result<Document>], unit: Unit) -> String {
        let mut out = Vec::new();
        results.iter().for_each(|result| write_json_line(&mut out, result, unit).unwrap());
        String::from_utf8(out).unwrap()
    }

    fn read(lines: &[u8]) -> Vec<Result<Document>> {
        read_json_lines(lines, "out.jsonl").collect()
    }

    #[test]
    fn what_is_written_is_read_back() {
        let document = Document::new(Article::new("a", "Kafé\nbuka."));
        let failed = Error::unusable("b", "it is too long; cut it");
        let lines = written(&[Ok(document.clone()), Err(failed)], Unit::Bytes);
        assert_eq!(lines.lines().count(), 2);
        assert!(lines.ends_with("\n{\"error\":\"it is too long; cut it\",\"id\":\"b\"}\n"), "{lines}");
        let read = read(format!("\u{feff}{lines}\r\n \n\u{feff}{lines}").as_bytes());
        assert_eq!(read.len(), 4);
        assert_eq!((read[0].as_ref().unwrap(), read[2].as_ref().unwrap()), (&document, &document));
        let error = read[3].as_ref().unwrap_err();
        assert_eq!(
            (error.article(), error.cause().to_string().as_str()),
            (Some("b"), "it is too long; cut it (a failure that out.jsonl:6 tells of)")
        );
        assert_eq!(written(&[Err(Error::stage("x"))], Unit::Bytes), "{\"error\":\"x\",\"id\":\"\"}\n");
    }

    #[test]
    fn a_line_that_is_no_document_is_named_and_the_next_one_read() {
        let document = Document::new(Article::new("a", "Kafé."));
        let good = written(&[Ok(document.clone())], Unit::Bytes);
        let chars = written(&[Ok(document.clone())], Unit::Chars);
        let mut broken = document;
        broken.confidence = Some(7.0);
        let broken = written(&[Ok(broken)], Unit::Bytes);
        for (line, says) in [
            (chars.as_bytes(), "offsets count chars"),
            (broken.as_bytes(), "confidence[0] has the score 7"),
            (b"{\"article\":\n", "EOF while parsing a value at column "),
            (b"\"\xff\"\n", "it is no text in UTF-8"),
        ] {
            let lines = [b"\n", line, good.as_bytes()].concat();
            let read = read(&lines);
            match read[0].as_ref().unwrap_err() {
                Error::Malformed { line: 2, message, .. } => assert!(message.starts_with(says), "{message}"),
                other => panic!("{other}"),
            }
            assert!(read.len() == 2 && read[1].is_ok(), "{says}");
        }
    }

    #[test]
    fn after_a_reading_error_nothing_comes() {
        /// Gives an empty line, and then fails whenever it is asked.
        struct Torn(bool);

        impl io::Read for Torn {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                match std::mem::replace(&mut self.0, true) {
                    true => Err(io::Error::other("disk on fire")),
                    false => {
                        buffer[0] = b'\n';
                        Ok(1)
                    }
                }
            }
        }

        let read: Vec<_> = read_json_lines(io::BufReader::new(Torn(false)), "out.jsonl").collect();
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].as_ref().unwrap_err().to_string(), "out.jsonl: disk on fire");
    }
}
