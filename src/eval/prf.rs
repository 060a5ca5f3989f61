//! Precision, recall and F1.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// Precision, recall and their harmonic mean, each from 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Prf {
    /// Part of what was given that is right, 0 to 1.
    pub precision: f64,
    /// Part of what was wanted that was given, 0 to 1.
    pub recall: f64,
    /// Harmonic mean of both, 0 to 1; zero where both are.
    pub f1: f64,
}

impl Prf {
    /// The figures with their harmonic mean.
    pub fn new(precision: f64, recall: f64) -> Self {
        let sum = precision + recall;
        Prf { precision, recall, f1: if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 } }
    }
}

/// How much was wanted, given and right; sums over a set give the figures of the set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hits {
    /// Given and wanted.
    pub correct: u64,
    /// Given.
    pub predicted: u64,
    /// Wanted.
    pub gold: u64,
}

impl Hits {
    /// Precision, recall and F1, from 0 to 1; a division by zero counts as zero, as in seqeval.
    pub fn prf(&self) -> Prf {
        let part = |whole: u64| if whole == 0 { 0.0 } else { self.correct as f64 / whole as f64 };
        Prf::new(part(self.predicted), part(self.gold))
    }
}

impl AddAssign<&Hits> for Hits {
    fn add_assign(&mut self, other: &Hits) {
        self.correct += other.correct;
        self.predicted += other.predicted;
        self.gold += other.gold;
    }
}
