//! Chooses the sentences of a summary, or writes one.

use crate::document::{ModelRef, Segment, Sentence};
use crate::error::Result;
use crate::progress::Progress;

/// What a summarizer may look at.
#[derive(Debug, Clone, Copy)]
pub struct SummaryInput<'a> {
    /// The article's text.
    pub text: &'a str,
    /// The headline, where known.
    pub title: Option<&'a str>,
    /// Its sentences.
    pub sentences: &'a [Sentence],
    /// One score per sentence, where the recognizer gave them.
    pub salience: Option<&'a [f32]>,
    /// The English, where it was made already ([`Summarizer::needs_translation`]).
    pub translation: &'a [Segment],
}

/// A summary before it is put into English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Draft {
    /// Indices of the chosen sentences, ascending.
    Extract(Vec<usize>),
    /// English written by a model.
    Abstract {
        /// The summary.
        text: String,
        /// Indices of the sentences that it was written from, ascending.
        sentences: Vec<usize>,
    },
}

/// Makes summaries.
pub trait Summarizer {
    /// Whether [`SummaryInput::translation`] must be there.
    fn needs_translation(&self) -> bool {
        false
    }

    /// One [`Draft`] per input, in order.
    ///
    /// # Errors
    /// Where the engine fails or the progress callback asks to stop.
    fn summarize(&self, inputs: &[SummaryInput<'_>], progress: Progress<'_>) -> Result<Vec<Draft>>;

    /// The model that does the work, where there is one.
    fn model(&self) -> Option<ModelRef> {
        None
    }
}
