//! Cuts kept text into sentences and sub-headings.

mod boundary;
mod layout;
mod rules;
mod stop;

pub use rules::RuleSplitter;

use crate::document::{Sentence, Span};
use crate::error::Result;

/// A text and the parts of it that cleaning kept (ordered, disjoint).
#[derive(Debug, Clone, Copy)]
pub struct KeptText<'a> {
    /// The article's text.
    pub text: &'a str,
    /// What cleaning kept of it.
    pub kept: &'a [Span],
}

/// Finds sentences. Contract: ordered, disjoint, never blank, never across a removed part; every character
/// of the kept parts that is not white space lies in a sentence.
pub trait SentenceSplitter {
    /// One list of sentences per text, in order. Empty texts give empty lists.
    ///
    /// # Errors
    /// Only where an implementation can fail; rules cannot.
    fn split(&self, texts: &[KeptText<'_>]) -> Result<Vec<Vec<Sentence>>>;
}
