//! Sets with entities: tagged sentences, and articles with spans.

use std::path::Path;

use super::tagged::TagReader;
use super::{articles, tagged, Outputs};
use crate::error::{Error, Result};
use crate::eval::evaluation::NerItem;
use crate::eval::formats::{holds_tagged_sentences, ArticleFields, Form, OnBad, Separator, Set};
use crate::eval::{LabeledSpan, TagScheme};

/// How sets with entities are read. The default reads each as what it is: tagged sentences (columns, or JSON with `tokens`) and articles (our own
/// JSON, doccano, Label Studio, Prodigy, spaCy, brat), see `docs/evaluation.md`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NerReader {
    /// How tagged sentences are read.
    pub tags: TagReader,
    /// Where articles have what.
    pub articles: ArticleFields,
    /// What happens to bad lines of the set. Outputs must be whole.
    pub on_bad: OnBad,
}

/// Texts with their entities and what systems found.
#[derive(Debug, Clone, PartialEq)]
pub struct NerSet {
    /// The sentences or articles.
    pub set: Set<NerItem>,
    /// How the tags of sentences are read; `None` for articles.
    pub scheme: Option<TagScheme>,
}

impl NerReader {
    /// Reads a set and what systems found in it. Types have the names that the files give them; see [`NerItem::rename`] with
    /// [`usual_label`](crate::eval::usual_label), and [`NerItem::retain_labels`]. Outputs have the form of the set; for sentences they may be JSON Lines with a line for each,
    /// `{"entities": [{"start": 0, "end": 2, "label": "PER", "score": 0.98}]}`, counting tokens; for articles they are what
    /// `intisari ner --format jsonl` writes or any other form of articles.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Config`] where a file is none of these or has not what belongs to the set; [`Error::Malformed`] for a line that
    /// cannot be used, in the set unless bad ones are to be skipped.
    pub fn read(&self, set: impl AsRef<Path>, outputs: Outputs) -> Result<NerSet> {
        let set = set.as_ref();
        if self.holds_sentences(set)? {
            return tagged::read(self, set, &outputs);
        }
        Ok(NerSet { set: articles::read(self, set, &outputs)?, scheme: None })
    }

    /// Whether a file holds tagged sentences rather than articles.
    fn holds_sentences(&self, path: &Path) -> Result<bool> {
        let refused =
            |form: &str, fix: &str| Err(Error::config(format!("{} is {form}", path.display()), fix));
        match Form::of(path)? {
            Form::Brat => Ok(false),
            Form::Json => holds_tagged_sentences(path),
            Form::Table if self.tags.columns.separator == Separator::Auto && is_csv(path)? => refused(
                "a CSV table",
                "write a token and its tag a line with a tab between, and a blank line after each sentence; \
                 of doccano and Label Studio choose the export as JSON; without quoted cells name the --separator",
            ),
            Form::Wmt | Form::Sgm | Form::Tmx => {
                refused("a set for translation", "score it with `eval translation`")
            }
            _ => Ok(true),
        }
    }
}

/// Whether a table is CSV by its name, and no tab stands in it: one with tabs is none, whatever its name says.
fn is_csv(path: &Path) -> Result<bool> {
    let named = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"));
    Ok(named && !std::fs::read(path).map_err(|error| Error::io(path, error))?.contains(&b'\t'))
}

/// What a system found in an item, with how sure it is of each where it says so.
pub(super) type Found = Vec<(LabeledSpan, Option<f64>)>;

/// Puts what systems found into the items.
pub(super) fn put_into(items: &mut [NerItem], (system, against): (Option<Vec<Found>>, Option<Vec<Found>>)) {
    for (item, found) in items.iter_mut().zip(system.into_iter().flatten()) {
        let scores = found.iter().map(|(_, score)| *score).collect::<Option<Vec<f64>>>();
        item.confidence = scores.unwrap_or_default();
        item.predicted = found.into_iter().map(|(span, _)| span).collect();
    }
    for (item, found) in items.iter_mut().zip(against.into_iter().flatten()) {
        item.against = Some(found.into_iter().map(|(span, _)| span).collect());
    }
}

/// Says whether `score` is a probability.
pub(super) fn check_score(score: Option<f64>) -> Result<(), String> {
    match score.filter(|score| !(0.0..=1.0).contains(score)) {
        Some(score) => Err(format!("the score {score} is no probability from 0 to 1")),
        None => Ok(()),
    }
}
