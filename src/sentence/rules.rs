//! The rule-based splitter.

use std::ops::Range;

use super::{boundary, layout, KeptText, SentenceSplitter};
use crate::document::{Sentence, Span};
use crate::error::Result;

/// Splits by rules: lines are put together to blocks, blocks are cut behind final marks.
///
/// Knows Indonesian abbreviations, titles, initials, numbers and times, quotations, stops that scraping has glued to
/// the next word, sentences broken over lines, and sub-headings. Sentences within a quotation are split. Linear in the
/// length of the text; any string is accepted.
///
/// ```
/// use intisari::sentence::{KeptText, RuleSplitter, SentenceSplitter};
/// use intisari::Span;
///
/// let text = "Hujan turun sejak pukul 18.35 WIB. \"Kami siaga,\" kata dr. Sari.";
/// let kept = [Span::whole(text)];
/// let sentences = RuleSplitter::new().split(&[KeptText::new(text, &kept)])?;
/// let texts: Vec<&str> = sentences[0].iter().map(|sentence| sentence.span.of(text)).collect();
/// assert_eq!(texts, ["Hujan turun sejak pukul 18.35 WIB.", "\"Kami siaga,\" kata dr. Sari."]);
/// # Ok::<(), intisari::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct RuleSplitter {}

impl RuleSplitter {
    /// A splitter for Indonesian.
    pub fn new() -> Self {
        RuleSplitter {}
    }

    /// The sentences of one text; see [`SentenceSplitter`] for what they guarantee.
    pub fn split_one(&self, input: KeptText<'_>) -> Vec<Sentence> {
        let KeptText { text, kept } = input;
        let mut sentences: Vec<Sentence> = Vec::new();
        let mut paragraph = 0;
        for block in layout::blocks(text, kept) {
            if block.starts_line && !sentences.is_empty() {
                paragraph += 1;
            }
            cut(text, block.range, |span| sentences.push(Sentence { span, paragraph, kind: block.kind }));
        }
        sentences
    }
}

impl SentenceSplitter for RuleSplitter {
    fn split(&self, texts: &[KeptText<'_>]) -> Result<Vec<Vec<Sentence>>> {
        Ok(texts.iter().map(|&input| self.split_one(input)).collect())
    }
}

/// Cuts a block behind its sentences.
fn cut(text: &str, block: Range<usize>, mut push: impl FnMut(Span)) {
    let ends = boundary::ends(text.get(block.clone()).unwrap_or_default());
    let mut start = block.start;
    for end in ends.into_iter().map(|end| block.start + end).chain([block.end]) {
        if let Ok(span) = Span::new(text, start, end) {
            let span = span.trimmed(text);
            if !span.is_empty() {
                push(span);
            }
        }
        start = end;
    }
}
