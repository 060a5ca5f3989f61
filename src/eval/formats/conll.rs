//! Tokens with tags, one a line, a blank line after each sentence: CoNLL-2003, IOB2, the files of IndoNLU.

use std::path::Path;

use super::source::{OnBad, Set, Source};
use crate::error::Result;

/// A column of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Counted from 0.
    Nth(usize),
    /// The last one.
    Last,
}

/// What stands between columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Separator {
    /// One tab.
    #[default]
    Tab,
    /// Any number of blanks and tabs.
    WhiteSpace,
    /// This text.
    Text(String),
}

impl Separator {
    fn split<'a>(&self, line: &'a str) -> Vec<&'a str> {
        match self {
            Separator::Tab => line.split('\t').collect(),
            Separator::WhiteSpace => line.split_whitespace().collect(),
            Separator::Text(text) => line.split(text.as_str()).collect(),
        }
    }
}

/// Where token and tag stand; the default is `token<TAB>…<TAB>tag`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// What stands between columns.
    pub separator: Separator,
    /// The column of the token.
    pub token: Column,
    /// The column of the tag.
    pub tag: Column,
}

impl Default for Columns {
    fn default() -> Self {
        Columns { separator: Separator::Tab, token: Column::Nth(0), tag: Column::Last }
    }
}

/// A sentence of a tagged file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaggedSentence {
    /// Number of its first line, from 1.
    pub line: usize,
    /// Its place among the sentences of the file, from 1, bad ones included.
    pub place: usize,
    /// Its tokens.
    pub tokens: Vec<String>,
    /// A tag for each token.
    pub tags: Vec<String>,
}

/// Reads a tagged file. Lines that begin with `-DOCSTART-` are left out. A line without token or tag, or with a tag that is
/// neither `O` nor begins with one of `BIESLU` and a hyphen, spoils its sentence.
///
/// # Errors
/// [`crate::Error::Io`], and [`crate::Error::Malformed`] unless bad lines are to be skipped.
pub fn read_conll(path: &Path, columns: &Columns, on_bad: OnBad) -> Result<Set<TaggedSentence>> {
    let mut source = Source::open(path, on_bad)?;
    let mut sentences = Vec::new();
    let mut current = TaggedSentence::default();
    let mut spoilt = false;
    let mut places = 1..;
    let mut close = |current: &mut TaggedSentence, spoilt: &mut bool| {
        let (mut sentence, spoilt) = (std::mem::take(current), std::mem::take(spoilt));
        if spoilt || !sentence.tokens.is_empty() {
            sentence.place = places.next().unwrap_or_default();
            sentences.extend((!spoilt).then_some(sentence));
        }
    };
    for (number, line) in source.lines() {
        match line {
            None => {
                source.not_utf8(number)?;
                spoilt = true;
            }
            Some(line) if line.trim().is_empty() => close(&mut current, &mut spoilt),
            Some(line) if line.starts_with("-DOCSTART-") => {}
            Some(line) => match cells(&line, columns) {
                Ok((token, tag)) => {
                    if current.tokens.is_empty() {
                        current.line = number;
                    }
                    current.tokens.push(token.to_owned());
                    current.tags.push(tag.to_owned());
                }
                Err(message) => {
                    source.bad(number, message)?;
                    spoilt = true;
                }
            },
        }
    }
    close(&mut current, &mut spoilt);
    Ok(source.finish(sentences))
}

fn cells<'a>(line: &'a str, columns: &Columns) -> Result<(&'a str, &'a str), String> {
    let cells = columns.separator.split(line);
    let cell = |column: Column, what: &str| {
        let cell = match column {
            Column::Nth(at) => cells.get(at),
            Column::Last => cells.last(),
        };
        let cell = cell.copied().map(str::trim).filter(|cell| !cell.is_empty());
        cell.ok_or_else(|| format!("no {what} among {} columns", cells.len()))
    };
    let (token, tag) = (cell(columns.token, "token")?, cell(columns.tag, "tag")?);
    if cells.len() < 2 {
        return Err("only one column; name the separator".to_owned());
    }
    if !is_tag(tag) {
        return Err(format!("`{tag}` is no tag"));
    }
    Ok((token, tag))
}

fn is_tag(tag: &str) -> bool {
    tag == "O"
        || tag.split_once('-').is_some_and(|(prefix, label)| {
            "BIESLU".contains(prefix) && prefix.len() == 1 && !label.is_empty()
        })
}
