//! Readers that are private, for `fuzz/`; no part of the interface.

use std::path::Path;

use crate::error::Result;
use crate::seq2seq::pieces::SentencePieces;

/// The licence that a model's README states.
pub fn license_of_card(readme: &str) -> Option<String> {
    crate::store::license_of_card(readme)
}

/// The pieces that a sentencepiece model cuts a text into.
///
/// # Errors
/// Where the file is no such model, or cannot cut the text.
pub fn sentence_pieces(path: &Path, text: &str) -> Result<Vec<String>> {
    SentencePieces::read(path)?.cut(text)
}
