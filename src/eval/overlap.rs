//! Entity spans that overlap: the four ways of matching of SemEval-2013 task 9.1, equal to nervaluate 1.2.1.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::prf::Prf;
use super::span_f1::LabeledSpan;
use super::VERSION;

/// When a predicted span counts as right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Matching {
    /// Same range and same label.
    Strict,
    /// Same range, any label.
    Exact,
    /// Same range; half for an overlap; any label.
    Partial,
    /// Same label and an overlap.
    Type,
}

impl Matching {
    /// All four, strictest first.
    pub const ALL: [Matching; 4] = [Matching::Strict, Matching::Exact, Matching::Partial, Matching::Type];

    /// `strict`, `exact`, `partial` or `type`.
    pub fn name(self) -> &'static str {
        match self {
            Matching::Strict => "strict",
            Matching::Exact => "exact",
            Matching::Partial => "partial",
            Matching::Type => "type",
        }
    }
}

/// What became of the spans of one item; sums over a set give the figures of the set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcomes {
    /// Predicted and right.
    pub correct: u64,
    /// Predicted with an overlap, and wrong.
    pub incorrect: u64,
    /// Predicted with an overlap that counts half.
    pub partial: u64,
    /// Gold without a prediction.
    pub missed: u64,
    /// Predicted where gold has nothing.
    pub spurious: u64,
}

impl AddAssign<&Outcomes> for Outcomes {
    fn add_assign(&mut self, other: &Outcomes) {
        self.correct += other.correct;
        self.incorrect += other.incorrect;
        self.partial += other.partial;
        self.missed += other.missed;
        self.spurious += other.spurious;
    }
}

impl Outcomes {
    /// The outcomes of one item; predicted spans take their gold spans in the order given.
    pub fn new(gold: &[LabeledSpan], predicted: &[LabeledSpan], matching: Matching) -> Self {
        let mut outcomes = Outcomes::default();
        let mut left: Vec<&LabeledSpan> = gold.iter().collect();
        for span in predicted {
            // The closest right one, the first of equally close ones; else the first that overlaps.
            let right = (0..)
                .zip(&left)
                .filter(|(_, gold)| is_right(span, gold, matching))
                .min_by_key(|(_, gold)| gold.start.abs_diff(span.start) + gold.end.abs_diff(span.end));
            let near = (0..).zip(&left).find(|(_, gold)| overlaps(span, gold));
            match (right, near) {
                (Some((at, _)), _) => {
                    outcomes.correct += 1;
                    left.remove(at);
                }
                (None, Some((at, _))) => {
                    match matching {
                        Matching::Partial => outcomes.partial += 1,
                        Matching::Strict | Matching::Exact | Matching::Type => outcomes.incorrect += 1,
                    }
                    left.remove(at);
                }
                (None, None) => outcomes.spurious += 1,
            }
        }
        outcomes.missed = left.len() as u64;
        outcomes
    }

    /// Precision, recall and F1, from 0 to 1; partial matches count half.
    pub fn prf(&self) -> Prf {
        let right = self.correct as f64 + 0.5 * self.partial as f64;
        let shared = self.correct + self.incorrect + self.partial;
        let part = |rest: u64| match shared + rest {
            0 => 0.0,
            whole => right / whole as f64,
        };
        Prf::new(part(self.spurious), part(self.missed))
    }
}

fn is_right(span: &LabeledSpan, gold: &LabeledSpan, matching: Matching) -> bool {
    let same_range = (span.start, span.end) == (gold.start, gold.end);
    match matching {
        Matching::Strict => same_range && span.label == gold.label,
        Matching::Exact | Matching::Partial => same_range,
        Matching::Type => span.label == gold.label && overlaps(span, gold),
    }
}

/// Whether `span` covers at least a hundredth of `gold`.
fn overlaps(span: &LabeledSpan, gold: &LabeledSpan) -> bool {
    let common = span.end.min(gold.end).saturating_sub(span.start.max(gold.start));
    let whole = gold.end.saturating_sub(gold.start);
    common > 0 && common as f64 / whole as f64 * 100.0 >= 1.0
}

/// The settings of [`Outcomes`] as a signature.
pub fn overlap_signature(matching: Matching) -> String {
    format!("match:{}|overlap:1%|zero:0|{VERSION}", matching.name())
}
