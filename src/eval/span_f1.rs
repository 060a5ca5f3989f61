//! F1 over labeled spans; from tags equal to seqeval 1.2.2.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::prf::{Hits, Prf};
use super::tags::TagScheme;
use super::VERSION;
use crate::document::{Entity, Label, Span};
use crate::error::{Error, Result};
use crate::ner::Mention;

/// A labeled half-open range: of tokens, bytes or whatever else both sides count in. Entities of a document and mentions turn into it.
///
/// ```
/// use intisari::document::{Entity, Label, Span};
/// use intisari::eval::LabeledSpan;
///
/// let entity = Entity::new(Span::new("Rini tiba.", 0, 4)?, Label::Per, 0.9, 0);
/// assert_eq!(LabeledSpan::from(&entity), LabeledSpan { start: 0, end: 4, label: "PER".to_owned() });
/// # Ok::<(), intisari::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LabeledSpan {
    /// Where it begins.
    pub start: usize,
    /// Just after its end.
    pub end: usize,
    /// The type of the entity.
    pub label: String,
}

impl From<&Entity> for LabeledSpan {
    /// In bytes of the text.
    fn from(entity: &Entity) -> Self {
        LabeledSpan::of(entity.span, entity.label)
    }
}

impl From<&Mention> for LabeledSpan {
    /// In bytes of the text.
    fn from(mention: &Mention) -> Self {
        LabeledSpan::of(mention.span, mention.label)
    }
}

impl LabeledSpan {
    fn of(span: Span, label: Label) -> Self {
        LabeledSpan { start: span.start(), end: span.end(), label: label.to_string() }
    }
}

/// Hits by label; sums over a set give the figures of the set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpanCounts(BTreeMap<String, Hits>);

/// How [`SpanCounts::average`] brings labels together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Average {
    /// All spans count alike.
    Micro,
    /// All labels count alike.
    Macro,
    /// Labels count by the number of their gold spans.
    Weighted,
}

impl SpanCounts {
    /// The hits of one item: a predicted span is right where gold has the same range and label. Spans that occur twice
    /// count once.
    pub fn new<'a>(
        gold: impl IntoIterator<Item = &'a LabeledSpan>,
        predicted: impl IntoIterator<Item = &'a LabeledSpan>,
    ) -> Self {
        let gold: BTreeSet<&LabeledSpan> = gold.into_iter().collect();
        let predicted: BTreeSet<&LabeledSpan> = predicted.into_iter().collect();
        let mut counts = SpanCounts::default();
        for span in &gold {
            counts.of(&span.label).gold += 1;
        }
        for span in &predicted {
            counts.of(&span.label).predicted += 1;
        }
        for span in gold.intersection(&predicted) {
            counts.of(&span.label).correct += 1;
        }
        counts
    }

    /// The hits of one sentence from its tags.
    ///
    /// # Errors
    /// [`Error::Config`] for a tag that the scheme does not know, or where the two differ in length.
    pub fn from_tags<G: AsRef<str>, P: AsRef<str>>(
        gold: &[G],
        predicted: &[P],
        scheme: TagScheme,
    ) -> Result<Self> {
        if gold.len() != predicted.len() {
            return Err(Error::config(
                format!("a sentence has {} gold tags and {} predicted ones", gold.len(), predicted.len()),
                "give both the same tokens",
            ));
        }
        Ok(SpanCounts::new(&scheme.spans(gold)?, &scheme.spans(predicted)?))
    }

    fn of(&mut self, label: &str) -> &mut Hits {
        self.0.entry(label.to_owned()).or_default()
    }

    /// The hits of each label that occurs in gold or predictions, in the order of their names.
    pub fn labels(&self) -> impl Iterator<Item = (&str, &Hits)> {
        self.0.iter().map(|(label, hits)| (label.as_str(), hits))
    }

    /// The hits of all labels together.
    pub fn total(&self) -> Hits {
        let mut total = Hits::default();
        for hits in self.0.values() {
            total += hits;
        }
        total
    }

    /// Precision, recall and F1 over all labels, from 0 to 1; zero where there are none.
    pub fn average(&self, average: Average) -> Prf {
        let weight = |hits: &Hits| match average {
            Average::Weighted => hits.gold as f64,
            Average::Micro | Average::Macro => 1.0,
        };
        if average == Average::Micro {
            return self.total().prf();
        }
        let mut sum = Prf::default();
        let mut weights = 0.0;
        for hits in self.0.values() {
            let (figures, weight) = (hits.prf(), weight(hits));
            sum.precision += figures.precision * weight;
            sum.recall += figures.recall * weight;
            sum.f1 += figures.f1 * weight;
            weights += weight;
        }
        if weights == 0.0 {
            return Prf::default();
        }
        Prf { precision: sum.precision / weights, recall: sum.recall / weights, f1: sum.f1 / weights }
    }
}

impl AddAssign<&SpanCounts> for SpanCounts {
    fn add_assign(&mut self, other: &SpanCounts) {
        for (label, hits) in &other.0 {
            *self.of(label) += hits;
        }
    }
}

/// The settings of [`SpanCounts`] as a signature; without a scheme the spans come from no tags.
pub fn span_signature(scheme: Option<TagScheme>) -> String {
    let scheme = scheme.map_or_else(|| "none".to_owned(), |scheme| scheme.to_string());
    format!("match:strict|scheme:{scheme}|zero:0|{VERSION}")
}
