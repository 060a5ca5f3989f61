//! Readers that are private, for `fuzz/`; no part of the interface.

use std::path::Path;

use crate::error::Result;
use crate::seq2seq::pieces::SentencePieces;

/// The licence that a model's README states.
pub fn license_of_card(readme: &str) -> Option<String> {
    crate::store::license_of_card(readme)
}

/// The English of a text whose model answers each part with what `answer` makes of it.
pub fn english_of(text: &str, answer: impl Fn(&str) -> String) -> String {
    use crate::translate::{Passage, Stop, Translated};

    let cut = |part: &str| Ok(vec![part.to_owned()]);
    let write = |jobs: &[crate::translate::model::reading::Job<'_>]| {
        Ok(jobs.iter().map(|job| vec![Translated::new(answer(job.text), Stop::End)]).collect())
    };
    let english = crate::translate::model::reading::translate(&[Passage::new(text)], cut, write);
    #[expect(clippy::expect_used, reason = "neither of the two fails, so a failure is a fault to be found")]
    let english = english.expect("nothing here can fail");
    english.into_iter().map(|one| one.text).collect()
}

/// What of a text must stand in its English to the letter.
pub fn kept_to_the_letter(text: &str) -> Vec<String> {
    crate::translate::verbatim(text)
}

/// The pieces that a sentencepiece model cuts a text into.
///
/// # Errors
/// Where the file is no such model, or cannot cut the text.
pub fn sentence_pieces(path: &Path, text: &str) -> Result<Vec<String>> {
    SentencePieces::read(path)?.cut(text)
}
