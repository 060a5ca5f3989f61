//! Raw sentences of CoNLL-U files (Universal Dependencies): the comments `# text` and `# newdoc`.

use std::path::Path;

use super::looks::{expect, Looks};
use super::source::{OnBad, Set, Source};
use crate::error::Result;

/// The sentences of a document, as they stand in its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawDocument {
    /// What follows `# newdoc id =`; nothing where the file has no such line.
    pub id: Option<String>,
    /// Sentences in order.
    pub sentences: Vec<String>,
}

impl RawDocument {
    /// The sentences joined by one blank, as the raw text of the CoNLL shared tasks without line breaks.
    pub fn running_text(&self) -> String {
        self.sentences.join(" ")
    }
}

/// Reads the documents of a CoNLL-U file; without `# newdoc` all sentences are one document. A sentence without `# text`,
/// or with two or a line that is not UTF-8, is bad.
///
/// # Errors
/// [`crate::Error::Io`], [`crate::Error::Config`] where the file has another form, and [`crate::Error::Malformed`] unless bad lines are to
/// be skipped.
pub fn read_conllu(path: &Path, on_bad: OnBad) -> Result<Set<RawDocument>> {
    let mut source = Source::open(path, on_bad)?;
    // Tagged files may have the comments that are read here.
    let comments = source.lossy().lines().any(|line| line.starts_with('#'));
    let takes = if comments { &[Looks::Conllu, Looks::Tagged][..] } else { &[Looks::Conllu] };
    expect(&source, takes, "CoNLL-U")?;
    let mut documents: Vec<RawDocument> = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    // The line on which the current sentence begins.
    let mut first: Option<usize> = None;
    let mut spoilt = false;
    let end = (usize::MAX, Some(String::new()));
    for (number, line) in source.lines().into_iter().chain([end]) {
        let Some(line) = line else {
            source.not_utf8(number)?;
            first.get_or_insert(number);
            spoilt = true;
            continue;
        };
        if line.trim().is_empty() {
            let Some(first) = first.take() else { continue };
            match std::mem::take(&mut texts).as_slice() {
                // It is listed by its line.
                _ if std::mem::take(&mut spoilt) => {}
                [text] if !text.is_empty() => match documents.last_mut() {
                    Some(document) => document.sentences.push(text.clone()),
                    None => documents.push(RawDocument { id: None, sentences: vec![text.clone()] }),
                },
                [] | [_] => source.bad(first, "this sentence has no `# text`")?,
                _ => source.bad(first, "this sentence has several `# text`")?,
            }
            continue;
        }
        first.get_or_insert(number);
        let Some(comment) = line.strip_prefix('#').map(str::trim_start) else { continue };
        if let Some(rest) = comment.strip_prefix("newdoc") {
            let id = rest.trim_start().strip_prefix("id").and_then(|rest| rest.split_once('='));
            let id = id.map(|(_, id)| id.trim().to_owned());
            documents.push(RawDocument { id, sentences: Vec::new() });
        } else if let Some(text) = comment.strip_prefix("text").map(str::trim_start) {
            texts.extend(text.strip_prefix('=').map(|text| text.trim().to_owned()));
        }
    }
    let mut set = source.unchecked(documents);
    if !set.skipped.is_empty() {
        // A document all of whose sentences are bad is bad.
        set.items.retain(|document| !document.sentences.is_empty());
    }
    set.usable()
}
