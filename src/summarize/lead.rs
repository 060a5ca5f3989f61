//! The first sentences: the baseline that news is hard to beat with.

use super::pick::{eligible, pick, Budget};
use super::{Draft, Summarizer, SummaryInput};
use crate::error::Result;
use crate::progress::Progress;
use crate::text::as_json;

/// Takes the first sentences that fit the budget.
#[derive(Debug, Clone, Default)]
pub struct Lead {
    /// How long the summary may become.
    pub budget: Budget,
}

impl Lead {
    pub(super) fn choose(&self, input: &SummaryInput<'_>) -> Vec<usize> {
        let scored =
            eligible(input, &self.budget).into_iter().map(|index| (index, -(index as f32))).collect();
        pick(input, scored, &self.budget)
    }
}

impl Summarizer for Lead {
    fn summarize(&self, inputs: &[SummaryInput<'_>], progress: Progress<'_>) -> Result<Vec<Draft>> {
        super::each(inputs, progress, |input| self.choose(input))
    }

    fn options(&self) -> serde_json::Value {
        as_json(&self.budget)
    }
}
