//! Mentions grouped into entities, scored as in the CoNLL-2012 task: MUC (Vilain et al. 1995), B-cubed, CEAF with phi4 (Luo
//! 2005), and the mean of their F1 (Pradhan et al. 2014). Equal to scorch 0.2.0.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::b_cubed::BCubedCounts;
use super::prf::Prf;
use super::VERSION;

/// What the measures count; sums over articles give the figures of a set, as the CoNLL scorer adds them up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct ClusterCounts {
    b_cubed: BCubedCounts,
    /// Links of gold that the prediction has too, and all of them; then the other way round.
    muc: [u64; 4],
    /// Similarity of the clusters that are aligned.
    aligned: f64,
    gold: u64,
    predicted: u64,
}

impl AddAssign<&ClusterCounts> for ClusterCounts {
    fn add_assign(&mut self, other: &ClusterCounts) {
        self.b_cubed += &other.b_cubed;
        for (sum, counts) in self.muc.iter_mut().zip(other.muc) {
            *sum += counts;
        }
        self.aligned += other.aligned;
        self.gold += other.gold;
        self.predicted += other.predicted;
    }
}

impl ClusterCounts {
    /// The counts of one article: clusters of mentions, none empty, each mention in one cluster of a side.
    pub fn new<M: Eq + Hash>(gold: &[Vec<M>], predicted: &[Vec<M>]) -> Self {
        let [found, wanted] = links(gold, predicted);
        let [right, given] = links(predicted, gold);
        ClusterCounts {
            b_cubed: BCubedCounts::new(gold, predicted),
            muc: [found, wanted, right, given],
            aligned: aligned(gold, predicted),
            gold: gold.len() as u64,
            predicted: predicted.len() as u64,
        }
    }

    /// B-cubed, from 0 to 1: mean over mentions of the part of their cluster that is right.
    pub fn b_cubed(&self) -> Prf {
        self.b_cubed.prf()
    }

    /// MUC, from 0 to 1: links that hold the clusters together; mentions that stand alone do not count.
    pub fn muc(&self) -> Prf {
        let [found, wanted, right, given] = self.muc;
        Prf::new(part(right as f64, given), part(found as f64, wanted))
    }

    /// CEAF, from 0 to 1: similarity of the best one-to-one alignment of clusters, two mentions in common by mentions in both.
    pub fn ceaf(&self) -> Prf {
        Prf::new(part(self.aligned, self.predicted), part(self.aligned, self.gold))
    }

    /// Mean F1 of the three, from 0 to 1, as CoNLL-2012 ranked systems.
    pub fn conll(&self) -> f64 {
        (self.muc().f1 + self.b_cubed().f1 + self.ceaf().f1) / 3.0
    }
}

/// The settings of [`ClusterCounts`] as a signature.
pub fn cluster_signature() -> String {
    format!("b3:mentions|ceaf:phi4|singletons:yes|{VERSION}")
}

fn part(sum: f64, of: u64) -> f64 {
    if of == 0 {
        0.0
    } else {
        sum / of as f64
    }
}

/// Links within `clusters` that `others` have too, and all of them: a cluster that falls into n parts lacks n - 1.
fn links<M: Eq + Hash>(clusters: &[Vec<M>], others: &[Vec<M>]) -> [u64; 2] {
    let place = places(others);
    let mut links = [0, 0];
    for cluster in clusters {
        let within: Vec<usize> = cluster.iter().filter_map(|mention| place.get(mention).copied()).collect();
        let alone = cluster.len() - within.len();
        let parts = within.into_iter().collect::<HashSet<usize>>().len() + alone;
        links[0] += (cluster.len() - parts) as u64;
        links[1] += cluster.len().saturating_sub(1) as u64;
    }
    links
}

fn places<M: Eq + Hash>(clusters: &[Vec<M>]) -> HashMap<&M, usize> {
    let mentions = clusters.iter().enumerate();
    mentions.flat_map(|(at, cluster)| cluster.iter().map(move |mention| (mention, at))).collect()
}

/// The sum of phi4 over the best alignment of the clusters of both sides.
fn aligned<M: Eq + Hash>(gold: &[Vec<M>], predicted: &[Vec<M>]) -> f64 {
    let (few, many) = if gold.len() <= predicted.len() { (gold, predicted) } else { (predicted, gold) };
    let place = places(many);
    let similarity: Vec<Vec<f64>> = few
        .iter()
        .map(|cluster| {
            let mut row = vec![0.0; many.len()];
            for &at in cluster.iter().filter_map(|mention| place.get(mention)) {
                if let (Some(cell), Some(other)) = (row.get_mut(at), many.get(at)) {
                    *cell += 2.0 / (cluster.len() + other.len()) as f64;
                }
            }
            row
        })
        .collect();
    best_assignment(&similarity)
}

/// The largest sum of cells of which each row gives one and each column at most one; there are at least as many
/// columns as rows. Kuhn and Munkres with potentials, row by row.
#[expect(
    clippy::indexing_slicing,
    reason = "rows and columns are counted from the matrix, 0 standing for none"
)]
fn best_assignment(matrix: &[Vec<f64>]) -> f64 {
    let (rows, columns) = (matrix.len(), matrix.first().map_or(0, Vec::len));
    let (mut of_row, mut of_column) = (vec![0.0; rows + 1], vec![0.0; columns + 1]);
    let mut row_of = vec![0; columns + 1];
    for row in 1..=rows {
        let mut from = vec![0; columns + 1];
        let mut least = vec![f64::INFINITY; columns + 1];
        let mut used = vec![false; columns + 1];
        let mut column = 0;
        row_of[0] = row;
        while row_of[column] != 0 {
            used[column] = true;
            let current = row_of[column];
            let (mut delta, mut next) = (f64::INFINITY, 0);
            for other in (1..=columns).filter(|&other| !used[other]) {
                let cost = -matrix[current - 1][other - 1] - of_row[current] - of_column[other];
                if cost < least[other] {
                    (least[other], from[other]) = (cost, column);
                }
                if least[other] < delta {
                    (delta, next) = (least[other], other);
                }
            }
            for other in 0..=columns {
                if used[other] {
                    of_row[row_of[other]] += delta;
                    of_column[other] -= delta;
                } else {
                    least[other] -= delta;
                }
            }
            column = next;
        }
        while column != 0 {
            row_of[column] = row_of[from[column]];
            column = from[column];
        }
    }
    let cells = (1..=columns).filter(|&column| row_of[column] > 0);
    cells.map(|column| matrix[row_of[column] - 1][column - 1]).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aligns_for_the_largest_sum_and_not_greedily() {
        assert_eq!(best_assignment(&[vec![0.9, 0.8], vec![0.8, 0.1]]), 1.6);
        assert_eq!(best_assignment(&[vec![0.2, 0.0, 0.5]]), 0.5);
        assert_eq!(best_assignment(&[]), 0.0);
    }

    #[test]
    fn empty_sides_score_nothing() {
        let counts = ClusterCounts::new::<u8>(&[], &[]);
        assert_eq!((counts.conll(), counts.muc(), counts.ceaf()), (0.0, Prf::default(), Prf::default()));
        assert_eq!(ClusterCounts::new(&[vec![1, 2]], &[]).conll(), 0.0);
    }
}
