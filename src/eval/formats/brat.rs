//! brat stand-off: a text in `NAME.txt`, its entities in `NAME.ann`.

use std::path::Path;

use super::source::{OnBad, Set, Source};
use crate::document::Span;
use crate::error::{Error, Result};
use crate::eval::LabeledSpan;

/// A text with its entities.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnnotatedText {
    /// The text of `NAME.txt`, as it is.
    pub text: String,
    /// Its entities, ordered, in bytes.
    pub entities: Vec<LabeledSpan>,
}

/// Reads `NAME.txt` and the entities (lines `T…`) of `NAME.ann`, given the path of either; relations, events, attributes
/// and notes are left out. Offsets in the file count characters. A line is bad where its offsets do not fit the
/// text, its surface form differs from the text there, or it has several fragments.
///
/// # Errors
/// [`Error::Io`], [`Error::Config`] where the text is not UTF-8, and [`Error::Malformed`] unless bad lines are to be skipped.
pub fn read_brat(path: &Path, on_bad: OnBad) -> Result<Set<AnnotatedText>> {
    let text_path = path.with_extension("txt");
    let bytes = std::fs::read(&text_path).map_err(|source| Error::io(&text_path, source))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Error::config(format!("{} is not UTF-8", text_path.display()), "convert the file to UTF-8")
    })?;
    // The byte at which each character starts, and the end.
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();

    let mut source = Source::open(&path.with_extension("ann"), on_bad)?;
    let mut entities = Vec::new();
    for (number, line) in source.lines() {
        match line {
            None => source.not_utf8(number)?,
            Some(line) if line.starts_with('T') => match entity(&line, &text, &starts) {
                Ok(span) => entities.push(span),
                Err(message) => source.bad(number, message)?,
            },
            Some(_) => {}
        }
    }
    entities.sort();
    Ok(source.finish(vec![AnnotatedText { text, entities }]))
}

/// `T1<TAB>PER 0 12<TAB>surface form`
fn entity(line: &str, text: &str, starts: &[usize]) -> Result<LabeledSpan, String> {
    let mut cells = line.split('\t').skip(1);
    let place = cells.next().ok_or("no label and offsets after the first tab")?;
    if place.contains(';') {
        return Err("several fragments".to_owned());
    }
    let [label, start, end] =
        place.split(' ').collect::<Vec<_>>().try_into().map_err(|_| "no `LABEL START END`")?;
    let byte = |offset: &str| -> Result<usize, String> {
        let number: usize = offset.parse().map_err(|_| format!("`{offset}` is no number"))?;
        starts.get(number).copied().ok_or_else(|| format!("offset {number} leaves the text"))
    };
    let span = Span::new(text, byte(start)?, byte(end)?).map_err(|error| error.to_string())?;
    let found = span.of(text);
    match cells.next() {
        // brat writes line breaks within an entity as blanks.
        Some(surface) if !surface.split_whitespace().eq(found.split_whitespace()) => {
            Err(format!("the text has `{}` there, the line `{surface}`", found.escape_debug()))
        }
        _ => Ok(LabeledSpan { start: span.start(), end: span.end(), label: label.to_owned() }),
    }
}
