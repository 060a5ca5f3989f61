//! brat stand-off: a text in `NAME.txt`, its entities in `NAME.ann`.

use std::path::{Path, PathBuf};

use super::looks::{expect, Looks};
use super::source::{sha256, OnBad, Set, Source};
use crate::document::Span;
use crate::error::{Error, Result};
use crate::eval::LabeledSpan;

/// A text with its entities.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnnotatedText {
    /// The `NAME` of its files.
    pub name: String,
    /// Its place among the texts of the folder, from 1, bad ones included.
    pub place: usize,
    /// The text of `NAME.txt`, as it is.
    pub text: String,
    /// Its entities, ordered, in bytes.
    pub entities: Vec<LabeledSpan>,
}

/// Reads `NAME.txt` and the entities (lines `T…`) of `NAME.ann`, given the path of either or that of a folder with such
/// files, which are read by name; relations, events, attributes and notes are left out. Offsets in the file count characters.
/// Fragments that only a line break parts are one entity: brat splits what is marked across lines. A line is bad where its
/// offsets do not fit the text, its surface form differs from the text there, or words lie between its fragments. A text with a
/// bad line is left out as a whole: without one of its entities a system would be blamed for finding it.
///
/// # Errors
/// [`Error::Io`], [`Error::Config`] where one of the two files or the text of both is missing, has another form or is not UTF-8, and
/// [`Error::Malformed`] unless bad lines are to be skipped.
pub fn read_brat(path: &Path, on_bad: OnBad) -> Result<Set<AnnotatedText>> {
    let files = if path.is_dir() { annotations(path)? } else { vec![of_file(path)?] };
    let mut whole = Set {
        path: path.to_owned(),
        sha256: String::new(),
        items: Vec::new(),
        skipped: Vec::new(),
        notes: Vec::new(),
    };
    let mut sums = Vec::with_capacity(files.len());
    for (place, file) in (1..).zip(files) {
        let set = read_text(&file, place, on_bad)?;
        whole.items.extend(set.items);
        whole.skipped.extend(set.skipped);
        sums.push(set.sha256);
    }
    whole.sha256 = sha256(sums.join("\n").as_bytes());
    whole.usable()
}

/// The annotations of `path`, which are this file or lie beside it.
fn of_file(path: &Path) -> Result<PathBuf> {
    let ann = path.with_extension("ann");
    if path.is_file() && !ann.is_file() {
        // What is no text at all is told by its form first.
        expect(&Source::open(path, OnBad::Fail)?, &[], "a text of brat or its annotations")?;
        return Err(Error::config(
            format!("{} has no {} beside it", path.display(), file_name(&ann)),
            "name a text of brat, its annotations, or a folder with such files",
        ));
    }
    Ok(ann)
}

/// The text of the annotations in `path`, which must lie beside them.
fn text_of(path: &Path) -> Result<PathBuf> {
    let text = path.with_extension("txt");
    if path.is_file() && !text.is_file() {
        let message = format!("{} has no {} beside it", path.display(), file_name(&text));
        return Err(Error::config(message, "put the text there that the annotations are of"));
    }
    Ok(text)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The files `NAME.ann` of a folder, in order.
fn annotations(folder: &Path) -> Result<Vec<PathBuf>> {
    let io = |source| Error::io(folder, source);
    let entries = std::fs::read_dir(folder).map_err(io)?;
    let paths: Vec<PathBuf> = entries.map(|entry| Ok(entry.map_err(io)?.path())).collect::<Result<_>>()?;
    let mut files: Vec<PathBuf> =
        paths.into_iter().filter(|path| path.extension().is_some_and(|end| end == "ann")).collect();
    files.sort();
    if files.is_empty() {
        let message = format!("{} has no file NAME.ann in it", folder.display());
        return Err(Error::config(message, "name a folder of brat, or a file"));
    }
    Ok(files)
}

/// The text of one `NAME.ann`.
fn read_text(path: &Path, place: usize, on_bad: OnBad) -> Result<Set<AnnotatedText>> {
    let text_path = text_of(path)?;
    let bytes = std::fs::read(&text_path).map_err(|source| Error::io(&text_path, source))?;
    let text_sum = sha256(&bytes);
    let text = String::from_utf8(bytes).map_err(|_| {
        Error::config(format!("{} is not UTF-8", text_path.display()), "convert the file to UTF-8")
    })?;
    // The byte at which each character starts, and the end.
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();

    let mut source = Source::open(path, on_bad)?;
    expect(&source, &[Looks::Brat], "brat's annotations")?;
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
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut set = source.unchecked(vec![AnnotatedText { name, place, text, entities }]);
    if !set.skipped.is_empty() {
        set.items.clear();
    }
    set.sha256 = format!("{text_sum}\n{}", set.sha256);
    Ok(set)
}

/// `T1<TAB>PER 0 12<TAB>surface form`
fn entity(line: &str, text: &str, starts: &[usize]) -> Result<LabeledSpan, String> {
    let mut cells = line.split('\t').skip(1);
    let place = cells.next().ok_or("no label and offsets after the first tab")?;
    let (label, ranges) = place.split_once(' ').ok_or("no `LABEL START END`")?;
    let byte = |offset: &str| -> Result<usize, String> {
        let number: usize = offset.parse().map_err(|_| format!("`{offset}` is no number"))?;
        starts.get(number).copied().ok_or_else(|| {
            let end = starts.len().saturating_sub(1);
            format!("offset {number} (characters) lies behind the end of the text at {end}")
        })
    };
    let mut fragments = Vec::new();
    for range in ranges.split(';') {
        let (start, end) = range.split_once(' ').ok_or("no `LABEL START END`")?;
        fragments.push(Span::new(text, byte(start)?, byte(end)?).map_err(|error| error.to_string())?);
    }
    let span = joined(text, &fragments)?;
    let found = span.of(text);
    match cells.next() {
        // brat writes line breaks within an entity as blanks.
        Some(surface) if !surface.split_whitespace().eq(found.split_whitespace()) => {
            Err(format!("the text has `{}` there, the line `{surface}`", found.escape_debug()))
        }
        _ => Ok(LabeledSpan { start: span.start(), end: span.end(), label: label.to_owned() }),
    }
}

/// The entity of fragments between which there is nothing but a line break and blanks.
fn joined(text: &str, fragments: &[Span]) -> Result<Span, String> {
    for (one, next) in fragments.iter().zip(fragments.iter().skip(1)) {
        let between = text.get(one.end()..next.start());
        let between = between.ok_or("its fragments are out of order")?;
        if !(between.trim().is_empty() && between.contains(['\n', '\r'])) {
            return Err(format!(
                "several fragments with `{}` between: an entity is one stretch of the text here",
                between.escape_debug()
            ));
        }
    }
    let (first, last) = fragments.first().zip(fragments.last()).ok_or("no offsets")?;
    Span::new(text, first.start(), last.end()).map_err(|error| error.to_string())
}
