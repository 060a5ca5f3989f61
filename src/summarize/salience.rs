//! The sentences that the encoder's salience head finds worth telling.

use super::pick::{eligible, pick, Budget};
use super::{Draft, Lead, Summarizer, SummaryInput};
use crate::error::Result;
use crate::progress::Progress;
use crate::text::as_json;

/// Takes the sentences that the recognizer's salience head scores highest; without scores, what
/// [`Lead`] takes, which on IndoSum is better than [`super::Centrality`].
#[derive(Debug, Clone, Default)]
pub struct Salience {
    /// How long the summary may become.
    pub budget: Budget,
}

impl Summarizer for Salience {
    fn summarize(&self, inputs: &[SummaryInput<'_>], progress: Progress<'_>) -> Result<Vec<Draft>> {
        let fallback = Lead { budget: self.budget };
        super::each(inputs, progress, |input| match input.salience {
            Some(salience) => {
                let score = |index: usize| salience.get(index).copied().unwrap_or(f32::NEG_INFINITY);
                let scored =
                    eligible(input, &self.budget).into_iter().map(|index| (index, score(index))).collect();
                pick(input, scored, &self.budget)
            }
            None => fallback.choose(input),
        })
    }

    fn options(&self) -> serde_json::Value {
        as_json(&self.budget)
    }
}
