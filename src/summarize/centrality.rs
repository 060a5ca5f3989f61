//! Sentences that share the most with the rest of the article, early ones first.

use std::collections::BTreeMap;

use ndarray::{Array1, Array2, Axis};

use super::pick::{eligible, pick, words, Budget};
use super::{Draft, Summarizer, SummaryInput};
use crate::error::Result;
use crate::progress::Progress;
use crate::text::as_json;

/// Steps of the power iteration; scores of news articles stand still well before.
const STEPS: usize = 30;
/// Share of the walk that follows similarity rather than the prior (Brin and Page 1998).
const DAMPING: f32 = 0.85;
/// Longer articles are cut here for scoring: the matrix grows with the square, and news is told early.
const MAX_SENTENCES: usize = 400;

/// LexRank (Erkan and Radev 2004): a random walk over sentences by cosine of tf-idf, here with a prior that
/// falls with the sentence's position, since news tells the most important first. A baseline: on IndoSum the first
/// sentences alone ([`super::Lead`]) do better.
#[derive(Debug, Clone, Default)]
pub struct Centrality {
    /// How long the summary may become.
    pub budget: Budget,
}

impl Centrality {
    fn choose(&self, input: &SummaryInput<'_>) -> Vec<usize> {
        let mut candidates = eligible(input, &self.budget);
        candidates.truncate(MAX_SENTENCES);
        let texts: Vec<&str> = candidates
            .iter()
            .filter_map(|&index| Some(input.sentences.get(index)?.span.of(input.text)))
            .collect();
        let scores = walk(&similarity(&texts));
        pick(input, candidates.into_iter().zip(scores).collect(), &self.budget)
    }
}

impl Summarizer for Centrality {
    fn summarize(&self, inputs: &[SummaryInput<'_>], progress: Progress<'_>) -> Result<Vec<Draft>> {
        super::each(inputs, progress, |input| self.choose(input))
    }

    fn options(&self) -> serde_json::Value {
        as_json(&self.budget)
    }
}

/// Cosine of tf-idf between all pairs: [sentences, sentences].
fn similarity(texts: &[&str]) -> Array2<f32> {
    let mut vocabulary = BTreeMap::new();
    let counted: Vec<BTreeMap<usize, f32>> = texts
        .iter()
        .map(|text| {
            let mut counts = BTreeMap::new();
            for word in words(text) {
                let next = vocabulary.len();
                *counts.entry(*vocabulary.entry(word).or_insert(next)).or_insert(0.0) += 1.0;
            }
            counts
        })
        .collect();
    let mut matrix = Array2::<f32>::zeros((texts.len(), vocabulary.len()));
    for (mut row, counts) in matrix.axis_iter_mut(Axis(0)).zip(&counted) {
        for (&word, &count) in counts {
            if let Some(cell) = row.get_mut(word) {
                *cell = count;
            }
        }
    }
    let sentences = texts.len() as f32;
    let idf = matrix.map_axis(Axis(0), |column| {
        let with_word = column.iter().filter(|&&count| count > 0.0).count() as f32;
        (sentences / with_word.max(1.0)).ln()
    });
    matrix *= &idf;
    for mut row in matrix.axis_iter_mut(Axis(0)) {
        let norm = row.dot(&row).sqrt();
        if norm > 0.0 {
            row /= norm;
        }
    }
    matrix.dot(&matrix.t())
}

/// Where the walk stays: one score per sentence, summing to 1.
fn walk(similarity: &Array2<f32>) -> Vec<f32> {
    let sentences = similarity.nrows();
    let mut prior = Array1::from_iter((0..sentences).map(|position| 1.0 / (1.0 + position as f32)));
    prior /= prior.sum().max(f32::MIN_POSITIVE);
    let mut transition = similarity.clone();
    transition.diag_mut().fill(0.0);
    for mut row in transition.axis_iter_mut(Axis(0)) {
        let sum = row.sum();
        if sum > 0.0 {
            row /= sum;
        } else {
            row.assign(&prior);
        }
    }
    let steps = transition.t().to_owned();
    let mut scores = prior.clone();
    for _ in 0..STEPS {
        scores = steps.dot(&scores) * DAMPING + &prior * (1.0 - DAMPING);
    }
    scores.to_vec()
}
