//! Documents cut into sentences.

use std::ops::Range;
use std::path::Path;

use super::Outputs;
use crate::error::{Error, Result};
use crate::eval::evaluation::{locate_sentences, Locator, SplitItem};
use crate::eval::formats::{read_conllu, read_parallel, Form, OnBad, RawDocument, Set};

/// So many characters of a text are shown in messages.
const SHOWN: usize = 40;

/// How sets of sentences are read: CoNLL-U (`.conllu`, by its comments `# text` and `# newdoc`) or plain files with one sentence a line. What is
/// to be split is the text with one blank between sentences.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SentencesReader {
    /// What happens to bad lines of the set. Outputs must be whole.
    pub on_bad: OnBad,
}

impl SentencesReader {
    /// Reads a set and the sentences of systems: plain files with one sentence a line, of all documents one after the other.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Config`] where a file has another form or an output ends before the set does; [`Error::Malformed`] for a line that
    /// cannot be used, in the set unless bad ones are to be skipped, and for a sentence that is not what comes next in the text.
    pub fn read(&self, set: impl AsRef<Path>, outputs: Outputs) -> Result<Set<SplitItem>> {
        let Set { path, sha256, items, skipped, notes } = self.documents(set.as_ref())?;
        let item = |document: RawDocument| -> Result<SplitItem> {
            let text = document.running_text();
            let gold = locate_sentences(&text, &document.sentences)?;
            let id = document.id.unwrap_or_else(|| "document".to_owned());
            Ok(SplitItem { id, text, gold, ..SplitItem::default() })
        };
        let mut items = items.into_iter().map(item).collect::<Result<Vec<_>>>()?;
        let (system, against) = outputs.each(|path| located(path, &items))?;
        for (item, found) in items.iter_mut().zip(system.into_iter().flatten()) {
            item.found = found;
        }
        for (item, found) in items.iter_mut().zip(against.into_iter().flatten()) {
            item.against = Some(found);
        }
        Ok(Set { path, sha256, items, skipped, notes })
    }

    fn documents(&self, path: &Path) -> Result<Set<RawDocument>> {
        if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("conllu")) {
            return read_conllu(path, self.on_bad);
        }
        check_form(path)?;
        let set = read_parallel(&[path], self.on_bad)?;
        let lines = set.items.into_iter().flat_map(|row| row.value);
        let sentences = lines.filter(|line| !line.trim().is_empty()).collect();
        let items = vec![RawDocument { id: None, sentences }];
        Ok(Set { path: set.path, sha256: set.sha256, items, skipped: set.skipped, notes: set.notes })
    }
}

/// Refuses what has lines and is not one sentence a line.
fn check_form(path: &Path) -> Result<()> {
    match Form::of(path)? {
        Form::Lines => Ok(()),
        form => Err(Error::config(
            format!("{} is not one sentence a line but {form}", path.display()),
            "give a plain file, or CoNLL-U (.conllu) with `# text`",
        )),
    }
}

/// Where the sentences of a file, one a line, lie in the texts; blank lines do not count.
fn located(path: &Path, items: &[SplitItem]) -> Result<Vec<Vec<Range<usize>>>> {
    let malformed = |line, message| Error::Malformed { path: path.to_owned(), line, message };
    check_form(path)?;
    let rows = read_parallel(&[path], OnBad::Fail)?.items.into_iter();
    let mut lines =
        rows.map(|row| (row.line, row.value.concat())).filter(|(_, text)| !text.trim().is_empty());
    let mut all = Vec::with_capacity(items.len());
    for item in items {
        let mut locator = Locator::new(&item.text);
        let mut ranges = Vec::new();
        while !locator.rest().is_empty() {
            let (line, sentence) = lines.next().ok_or_else(|| {
                let rest: String = locator.rest().chars().take(SHOWN).collect();
                Error::config(
                    format!("{} ends before the text does, at `{rest}`", path.display()),
                    "give all sentences of the text",
                )
            })?;
            let range = locator.locate(&sentence);
            ranges.push(
                range.ok_or_else(|| {
                    malformed(line, format!("not what comes next in the text: `{sentence}`"))
                })?,
            );
        }
        all.push(ranges);
    }
    match lines.next() {
        None => Ok(all),
        Some((line, sentence)) => {
            Err(malformed(line, format!("stands behind the end of the text: `{sentence}`")))
        }
    }
}
