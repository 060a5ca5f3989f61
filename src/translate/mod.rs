//! Turns Indonesian segments into English ones.

use crate::document::ModelRef;
use crate::error::Result;
use crate::progress::Progress;

/// Why generation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The model said that it is done.
    End,
    /// The limit of tokens was reached; the text may be cut.
    Limit,
}

/// The English of one segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translated {
    /// English, on one line, trimmed.
    pub text: String,
    /// Why generation ended.
    pub stop: Stop,
}

/// Translates segments; they are batched as the implementation likes, also across articles.
pub trait Translator {
    /// One [`Translated`] per segment, in order; a blank segment gives a blank text.
    ///
    /// # Errors
    /// Where the engine fails or the progress callback asks to stop.
    fn translate(&self, segments: &[&str], progress: Progress<'_>) -> Result<Vec<Translated>>;

    /// The model that does the work, where there is one.
    fn model(&self) -> Option<ModelRef> {
        None
    }
}
