//! Finds names, dates and quantities, and groups the mentions of one thing.

pub mod batch;
mod cluster;
pub mod decode;
#[cfg(feature = "native")]
mod encoder;
mod labels;
mod merge;
mod options;
#[cfg(feature = "native")]
mod pieces;
pub mod quantity;
mod repeat;
mod rule;
#[cfg(feature = "native")]
mod tokenizer;
mod vote;
pub mod window;
pub mod words;

use jiff::civil::Date;

pub use cluster::group;
#[cfg(feature = "native")]
pub use encoder::EncoderRecognizer;
pub use options::RecognizerOptions;
pub use repeat::with_repeats;
pub use rule::RuleRecognizer;

use crate::document::{Label, ModelRef, Sentence, Span, Value};
use crate::error::Result;
use crate::progress::Progress;

/// A text and its sentences.
#[derive(Debug, Clone, Copy)]
pub struct SentencedText<'a> {
    /// The article's text.
    pub text: &'a str,
    /// Its sentences.
    pub sentences: &'a [Sentence],
    /// The article's day of publication, where known; `19/2` and `kemarin` are resolved against it.
    pub date: Option<Date>,
}

/// A mention as a recognizer finds it, not yet grouped.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Where; inside its sentence.
    pub span: Span,
    /// What it is.
    pub label: Label,
    /// Confidence, 0 to 1.
    pub score: f32,
    /// Index of its sentence.
    pub sentence: usize,
    /// Normalized value, for dates and quantities.
    pub value: Option<Value>,
}

/// What one pass over a text gives.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Recognition {
    /// Ordered by start, disjoint.
    pub mentions: Vec<Mention>,
    /// One score per sentence, higher is more worth telling; where the model has a head for it.
    pub salience: Option<Vec<f32>>,
}

/// Finds entities in sentences.
pub trait EntityRecognizer {
    /// One [`Recognition`] per text, in order.
    ///
    /// # Errors
    /// Where the engine fails or the progress callback asks to stop.
    fn recognize(&self, texts: &[SentencedText<'_>], progress: Progress<'_>) -> Result<Vec<Recognition>>;

    /// The model that does the work, where there is one.
    fn model(&self) -> Option<ModelRef> {
        None
    }
}
