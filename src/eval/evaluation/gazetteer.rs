//! The baseline of entity recognition: names that were seen are names.

use std::collections::{BTreeMap, HashMap};

use crate::error::Result;
use crate::eval::formats::TaggedSentence;
use crate::eval::{LabeledSpan, TagScheme};

/// The names of a tagged set with their types: a baseline that finds them again among tokens, for a figure to compare with.
///
/// It reads lists of tokens, knows no text and has no scores, so it is no [`EntityRecognizer`](crate::ner::EntityRecognizer) and goes into
/// no pipeline. For names of your own in articles see `examples/own_stage.rs`, which makes a recognizer of a list.
#[derive(Debug, Clone, Default)]
pub struct Gazetteer {
    labels: HashMap<Vec<String>, String>,
    longest: usize,
}

impl Gazetteer {
    /// Takes the names of `sentences`; one with several types has the most frequent of them, of equally frequent ones the
    /// first by name.
    ///
    /// # Errors
    /// [`crate::Error::Config`] for a tag that `scheme` does not know.
    pub fn learn(sentences: &[TaggedSentence], scheme: TagScheme) -> Result<Self> {
        let mut seen: HashMap<Vec<String>, BTreeMap<String, usize>> = HashMap::new();
        for sentence in sentences {
            for span in scheme.spans(&sentence.tags)? {
                let name = sentence.tokens.get(span.start..span.end).unwrap_or_default().to_vec();
                *seen.entry(name).or_default().entry(span.label).or_default() += 1;
            }
        }
        let longest = seen.keys().map(Vec::len).max().unwrap_or(0);
        let most = |labels: BTreeMap<String, usize>| {
            labels.into_iter().rev().max_by_key(|(_, count)| *count).map(|(label, _)| label)
        };
        let labels = seen.into_iter().filter_map(|(name, labels)| Some((name, most(labels)?))).collect();
        Ok(Gazetteer { labels, longest })
    }

    /// The names among `tokens`, from left to right, always the longest.
    pub fn find(&self, tokens: &[String]) -> Vec<LabeledSpan> {
        let mut spans = Vec::new();
        let mut start = 0;
        while start < tokens.len() {
            let ends = (start + 1..=tokens.len().min(start + self.longest)).rev();
            let known = |end: usize| {
                let label = self.labels.get(tokens.get(start..end)?)?;
                Some(LabeledSpan { start, end, label: label.clone() })
            };
            match ends.into_iter().find_map(known) {
                Some(span) => {
                    start = span.end;
                    spans.push(span);
                }
                None => start += 1,
            }
        }
        spans
    }
}
