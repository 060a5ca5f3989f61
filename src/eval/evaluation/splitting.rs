//! Evaluation of sentence splitting.

use std::ops::Range;

use super::figures::{compared, plain, word_count, Counted};
use super::{check_ranges, CaseText, Evaluation, Figure, Setup, Task};
use crate::error::{Error, Result};
use crate::eval::sentences::{boundary_hits, span_hits};
use crate::eval::{Hits, VERSION};
use crate::part::Part as _;
use crate::text::one_line;

/// A document cut into sentences, in byte ranges, ordered and disjoint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SplitItem {
    /// Which it is.
    pub id: String,
    /// Its text.
    pub text: String,
    /// Sentences as annotated.
    pub gold: Vec<Range<usize>>,
    /// Sentences as the system has them.
    pub found: Vec<Range<usize>>,
    /// Sentences as the other system has them.
    pub against: Option<Vec<Range<usize>>>,
}

/// Finds sentences in a text one after the other, white space aside.
#[derive(Debug, Clone, Copy)]
pub struct Locator<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Locator<'t> {
    /// Begins at the start of `text`.
    pub fn new(text: &'t str) -> Self {
        Locator { text, at: 0 }
    }

    /// What is still to come, without white space at its start; empty where all of the text was found.
    pub fn rest(&self) -> &'t str {
        self.text.part(self.at..).trim_start()
    }

    /// Where `sentence` lies; empty for a blank one, `None` where it is not what comes next.
    pub fn locate(&mut self, sentence: &str) -> Option<Range<usize>> {
        let start = self.text.len() - self.rest().len();
        let mut characters = self.rest().char_indices().filter(|(_, c)| !c.is_whitespace());
        let mut end = start;
        for wanted in sentence.chars().filter(|c| !c.is_whitespace()) {
            let (at, found) = characters.next()?;
            if found != wanted {
                return None;
            }
            end = start + at + found.len_utf8();
        }
        self.at = end;
        Some(start..end)
    }
}

/// Finds `sentences` in `text` one after the other, white space aside; blank ones are left out.
///
/// # Errors
/// [`Error::Config`] for the first sentence that does not come next in the text.
pub fn locate_sentences<S: AsRef<str>>(text: &str, sentences: &[S]) -> Result<Vec<Range<usize>>> {
    let mut locator = Locator::new(text);
    let mut ranges = Vec::with_capacity(sentences.len());
    for (number, sentence) in (1..).zip(sentences) {
        let range = locator.locate(sentence.as_ref()).ok_or_else(|| {
            Error::config(
                format!("sentence {number} is not what comes next in the text: `{}`", sentence.as_ref()),
                "give the sentences of the same text, in its order and unchanged",
            )
        })?;
        ranges.extend((!range.is_empty()).then_some(range));
    }
    Ok(ranges)
}

/// One gold sentence with the found ones that end in it: sums over these are the counts of the document.
struct Part<'a> {
    item: &'a SplitItem,
    number: usize,
    gold: &'a [Range<usize>],
    found: Vec<Range<usize>>,
    against: Option<Vec<Range<usize>>>,
}

impl<'a> Part<'a> {
    fn all(item: &'a SplitItem) -> Vec<Self> {
        let mut parts: Vec<Part<'_>> = (1..)
            .zip(item.gold.chunks(1))
            .map(|(number, gold)| Part {
                item,
                number,
                gold,
                found: Vec::new(),
                against: item.against.as_ref().map(|_| Vec::new()),
            })
            .collect();
        // What is found where gold has nothing is wrong all the same.
        let found = item.found.len() + item.against.as_ref().map_or(0, Vec::len);
        if parts.is_empty() && found > 0 {
            let against = item.against.as_ref().map(|_| Vec::new());
            parts.push(Part { item, number: 0, gold: &[], found: Vec::new(), against });
        }
        // The first sentence that does not end before `range` does; the last one takes what comes behind it.
        let place = |range: &Range<usize>| {
            let inner = item.text.get(range.clone()).unwrap_or_default();
            let end = range.start + inner.trim_end().len();
            item.gold.partition_point(|gold| gold.end < end).min(item.gold.len().saturating_sub(1))
        };
        for range in &item.found {
            if let Some(part) = parts.get_mut(place(range)) {
                part.found.push(range.clone());
            }
        }
        for range in item.against.iter().flatten() {
            if let Some(against) = parts.get_mut(place(range)).and_then(|part| part.against.as_mut()) {
                against.push(range.clone());
            }
        }
        parts
    }

    fn text(&self) -> &str {
        self.gold.first().and_then(|range| self.item.text.get(range.clone())).unwrap_or_default()
    }

    fn case(&self) -> (String, Vec<CaseText>) {
        let lines = |ranges: &[Range<usize>]| -> String {
            let lines = ranges.iter().filter_map(|range| self.item.text.get(range.clone()));
            lines.map(one_line).collect::<Vec<_>>().join("\n")
        };
        let mut texts = vec![plain("reference", &lines(self.gold)), plain("output", &lines(&self.found))];
        texts.extend(self.against.as_ref().map(|ranges| plain("against", &lines(ranges))));
        (format!("{} sentence {}", self.item.id, self.number), texts)
    }
}

type Count = fn(&str, &[Range<usize>], &[Range<usize>]) -> Hits;

/// Scores sentence splitting: F1, precision and recall of whole sentences (as CoNLL 2018) and of boundaries (as wtpsplit).
/// Items drawn for intervals are sentences. Figures: `sentence F1`, `sentence precision`, `sentence recall`, `boundary F1`, `boundary precision`,
/// `boundary recall`.
///
/// # Errors
/// [`Error::Config`](crate::Error::Config) where there are no sentences, some are no parts of their text, out of order or overlap, only some have something of the other system, or `setup` does not name it or names one that has none.
pub fn evaluate_splitting(items: &[SplitItem], setup: &Setup) -> Result<Evaluation> {
    for item in items {
        let against = item.against.iter().map(|ranges| ("against", ranges));
        for (name, ranges) in [("gold", &item.gold), ("found", &item.found)].into_iter().chain(against) {
            check_ranges(&item.id, name, &item.text, ranges)?;
        }
    }
    let parts: Vec<Part<'_>> = items.iter().flat_map(Part::all).collect();
    setup.scores(parts.len())?;
    compared(items, |item| item.against.is_some())?;
    setup.names_other(items.iter().any(|item| item.against.is_some()))?;
    let counted = |count: Count| {
        Counted::new(
            &parts,
            |part| count(&part.item.text, &part.found, part.gold),
            |part| part.against.as_ref().map(|ranges| count(&part.item.text, ranges, part.gold)),
        )
    };
    let (spans, boundaries) = (counted(span_hits), counted(boundary_hits));
    let f1 = |hits: &Hits| 100.0 * hits.prf().f1;
    let figures = |counts: &Counted<Hits>, what: &str| -> [Figure; 3] {
        let signature = format!("unit:{what}|space:no|{VERSION}");
        let drawn = counts.drawn(setup.resampling, setup.test);
        let figure = |name: &str, score: &dyn Fn(&Hits) -> f64| {
            drawn.figure(&format!("{what} {name}"), signature.clone(), score)
        };
        [
            figure("F1", &f1),
            figure("precision", &|hits| 100.0 * hits.prf().precision),
            figure("recall", &|hits| 100.0 * hits.prf().recall),
        ]
    };
    let all = figures(&spans, "sentence").into_iter().chain(figures(&boundaries, "boundary")).collect();
    let words: Vec<usize> = parts.iter().map(|part| word_count(part.text())).collect();
    let mut evaluation = Evaluation::new(Task::Sentences, setup, all, "sentence F1");
    evaluation.set.items = parts.len();
    Ok(Evaluation {
        lengths: spans.lengths(&words, f1),
        worst: spans.worst(&parts, setup.worst, f1, Part::case),
        ..evaluation.noting(items.iter().all(|item| item.found.is_empty()))
    })
}
