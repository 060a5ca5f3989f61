//! Evaluation of cleaning.

use super::figures::{compared, word_count, Counted};
use super::{check_ranges, CaseText, Evaluation, Setup, Task};
use crate::document::Span;
use crate::error::Result;
use crate::eval::{removal_hits, removal_signature, Hits, LabeledSpan};

/// An article with its boilerplate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CleaningItem {
    /// Which it is.
    pub id: String,
    /// The text before cleaning.
    pub text: String,
    /// What should be removed.
    pub gold: Vec<Span>,
    /// What the system removed.
    pub removed: Vec<Span>,
    /// What the other system removed.
    pub against: Option<Vec<Span>>,
}

impl CleaningItem {
    fn case(&self) -> (String, Vec<CaseText>) {
        let text = |role: &str, spans: &[Span]| {
            let labeled = |span: &Span| LabeledSpan {
                start: span.start(),
                end: span.end(),
                label: "removed".to_owned(),
            };
            CaseText {
                role: role.to_owned(),
                text: self.text.clone(),
                spans: spans.iter().map(labeled).collect(),
            }
        };
        let mut texts = vec![text("reference", &self.gold), text("output", &self.removed)];
        texts.extend(self.against.as_ref().map(|spans| text("against", spans)));
        (self.id.clone(), texts)
    }
}

/// Scores cleaning: F1, precision and recall of the removed characters, figures `F1`, `precision` and `recall`.
///
/// # Errors
/// [`Error::Config`](crate::Error::Config) where there are no items, spans are no parts of their text, only some have something of the other system, or `setup` does not name it or names one that has none.
pub fn evaluate_cleaning(items: &[CleaningItem], setup: &Setup) -> Result<Evaluation> {
    setup.scores(items.len())?;
    for item in items {
        let against = item.against.iter().map(|spans| ("against", spans));
        for (name, spans) in [("gold", &item.gold), ("removed", &item.removed)].into_iter().chain(against) {
            // Each by itself: what several cover counts once, in whatever order they stand.
            spans.iter().try_for_each(|span| check_ranges(&item.id, name, &item.text, [&span.range()]))?;
        }
    }
    compared(items, |item| item.against.is_some())?;
    setup.names_other(items.iter().any(|item| item.against.is_some()))?;
    let hits = Counted::new(
        items,
        |item| removal_hits(&item.text, &item.gold, &item.removed),
        |item| item.against.as_ref().map(|spans| removal_hits(&item.text, &item.gold, spans)),
    );
    let f1 = |hits: &Hits| 100.0 * hits.prf().f1;
    let drawn = hits.drawn(setup.resampling, setup.test);
    let figures = vec![
        drawn.figure("F1", removal_signature(), f1),
        drawn.figure("precision", removal_signature(), |hits| 100.0 * hits.prf().precision),
        drawn.figure("recall", removal_signature(), |hits| 100.0 * hits.prf().recall),
    ];
    let words: Vec<usize> = items.iter().map(|item| word_count(&item.text)).collect();
    // Where there is nothing to remove and nothing was, nothing is wrong.
    let item_f1 = |hits: &Hits| if hits.gold + hits.predicted == 0 { 100.0 } else { f1(hits) };
    // Where nothing is to be removed, nothing is a fine output.
    let silent =
        items.iter().all(|item| item.removed.is_empty()) && items.iter().any(|item| !item.gold.is_empty());
    let evaluation = Evaluation::new(Task::Clean, setup, figures, "F1");
    Ok(Evaluation {
        lengths: hits.lengths(&words, f1),
        worst: hits.worst(items, setup.worst, item_f1, CleaningItem::case),
        ..evaluation.noting(silent)
    })
}
