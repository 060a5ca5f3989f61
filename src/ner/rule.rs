//! Entities by rule alone, for use without a model.

use super::merge::merge;
use super::quantity::quantities;
use super::{EntityRecognizer, Recognition, SentencedText};
use crate::error::Result;
use crate::progress::{Progress, Stage};

/// Finds dates, times, money, percentages and quantities; no names.
///
/// ```
/// use intisari::document::{Sentence, Span};
/// use intisari::ner::{EntityRecognizer, RuleRecognizer, SentencedText};
/// use intisari::Progress;
///
/// let text = "Hujan turun sejak Senin (21/2/2022).";
/// let sentences = [Sentence::new(Span::whole(text), 0)];
/// let text = SentencedText::new(text, &sentences);
/// let found = RuleRecognizer.recognize(&[text], Progress::none())?;
/// assert_eq!(found[0].mentions[0].span.of(text.text), "Senin (21/2/2022)");
/// # Ok::<(), intisari::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RuleRecognizer;

impl EntityRecognizer for RuleRecognizer {
    fn recognize(&self, texts: &[SentencedText<'_>], progress: Progress<'_>) -> Result<Vec<Recognition>> {
        let recognize = |(index, text): (usize, &SentencedText<'_>)| {
            let mentions = text.sentences.iter().enumerate().flat_map(|(number, sentence)| {
                let found = quantities(sentence.span.of(text.text), text.date);
                merge(text.text, Vec::new(), found, sentence.span.start(), number)
            });
            let recognition = Recognition { mentions: mentions.collect(), salience: None };
            progress.report(Stage::Entities, index + 1, texts.len())?;
            Ok(recognition)
        };
        texts.iter().enumerate().map(recognize).collect()
    }
}
