//! B-cubed (Bagga and Baldwin 1998) for mentions grouped into entities.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::prf::Prf;
use super::VERSION;

/// Sums over mentions; sums over a set give the figures of the set, each mention counting alike.
///
/// Where gold and prediction group the same mentions, this is B-cubed as published. A mention that only one side has
/// counts as wholly wrong there: the mean runs over all of that side's mentions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct BCubedCounts {
    precision: f64,
    predicted: u64,
    recall: f64,
    gold: u64,
}

impl AddAssign<&BCubedCounts> for BCubedCounts {
    fn add_assign(&mut self, other: &BCubedCounts) {
        self.precision += other.precision;
        self.predicted += other.predicted;
        self.recall += other.recall;
        self.gold += other.gold;
    }
}

impl BCubedCounts {
    /// The sums of one article: clusters of mentions, each mention in one cluster of a side. A mention that
    /// a side gives to several clusters counts for the last of them.
    pub fn new<M: Eq + Hash>(gold: &[Vec<M>], predicted: &[Vec<M>]) -> Self {
        let (precision, predicted_mentions) = agreement(predicted, gold);
        let (recall, gold_mentions) = agreement(gold, predicted);
        BCubedCounts { precision, predicted: predicted_mentions, recall, gold: gold_mentions }
    }

    /// Precision, recall and F1, from 0 to 1; zero where a side has no mention.
    pub fn prf(&self) -> Prf {
        let mean = |sum: f64, n: u64| if n == 0 { 0.0 } else { sum / n as f64 };
        Prf::new(mean(self.precision, self.predicted), mean(self.recall, self.gold))
    }
}

/// For each mention of `clusters` the part of its cluster that `others` put together with it, summed; and the mentions.
fn agreement<M: Eq + Hash>(clusters: &[Vec<M>], others: &[Vec<M>]) -> (f64, u64) {
    let (own, other) = (places(clusters), places(others));
    let mut sizes: HashMap<usize, u64> = HashMap::new();
    let mut common: HashMap<(usize, usize), u64> = HashMap::new();
    for (mention, cluster) in &own {
        *sizes.entry(*cluster).or_default() += 1;
        if let Some(place) = other.get(mention) {
            *common.entry((*cluster, *place)).or_default() += 1;
        }
    }
    // Whole numbers until the end: the order of a hash map does not reach the result.
    let mut shares: Vec<(u64, u64)> =
        common.iter().filter_map(|((cluster, _), n)| sizes.get(cluster).map(|size| (n * n, *size))).collect();
    shares.sort_unstable();
    let sum = shares.iter().map(|(squares, size)| *squares as f64 / *size as f64).sum();
    (sum, own.len() as u64)
}

fn places<M: Eq + Hash>(clusters: &[Vec<M>]) -> HashMap<&M, usize> {
    let mentions = clusters.iter().enumerate();
    mentions.flat_map(|(at, cluster)| cluster.iter().map(move |mention| (mention, at))).collect()
}

/// The settings of [`BCubedCounts`] as a signature.
pub fn b_cubed_signature() -> String {
    format!("mean:mentions|unmatched:0|{VERSION}")
}
