//! The sentences that the encoder's salience head finds worth telling.

use super::pick::{eligible, pick, Budget};
use super::{Draft, Lead, Summarizer, SummaryInput};
use crate::document::FlagKind;
use crate::error::Result;
use crate::progress::Progress;
use crate::text::as_json;

/// Takes the sentences that the recognizer's salience head scores highest; without scores, what
/// [`Lead`] takes, which on IndoSum is better than [`super::Centrality`]. Of sentences that are nearly as salient, one whose
/// English is [doubtful](crate::document::FlagKind::Doubtful) stands back.
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
                let mut scored: Vec<(usize, f32)> =
                    eligible(input, &self.budget).into_iter().map(|index| (index, score(index))).collect();
                stand_back(input, &mut scored);
                pick(input, scored, &self.budget)
            }
            None => fallback.choose(input),
        })
    }

    fn weighs_translation(&self) -> bool {
        true
    }

    fn options(&self) -> serde_json::Value {
        as_json(&self.budget)
    }
}

/// Scores that differ by less than this share of all that the article's scores differ by are nearly equal.
const NEAR: f32 = 0.1;

/// Puts sentences whose English is doubtful behind those that are nearly as salient.
fn stand_back(input: &SummaryInput<'_>, scored: &mut [(usize, f32)]) {
    let finite = || scored.iter().map(|&(_, score)| score).filter(|score| score.is_finite());
    let spread = finite().fold(f32::NEG_INFINITY, f32::max) - finite().fold(f32::INFINITY, f32::min);
    let doubtful = |sentence: usize| {
        // Segments stand in the order of their sentences.
        let at = input.translation.binary_search_by_key(&sentence, |segment| segment.sentence);
        let segment = at.ok().and_then(|at| input.translation.get(at));
        segment.is_some_and(|segment| segment.flags.iter().any(|flag| flag.kind == FlagKind::Doubtful))
    };
    for (sentence, score) in scored.iter_mut() {
        if spread.is_finite() && doubtful(*sentence) {
            *score -= NEAR * spread;
        }
    }
}
