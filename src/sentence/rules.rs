//! The rule-based splitter.

use std::ops::Range;

use super::{boundary, layout, KeptText, SentenceSplitter};
use crate::document::{Sentence, Span};
use crate::error::Result;
use crate::part::Part;
use crate::progress::{Progress, Stage};
use crate::text::floor;

/// Longest sentence, in bytes: what is longer has no end that these rules know, and is cut. So all that is done with a sentence
/// takes a bounded time.
pub(crate) const LONGEST: usize = 4_096;

/// Splits by rules: lines are put together to blocks, blocks are cut behind final marks.
///
/// Knows Indonesian abbreviations, titles, initials, numbers and times, quotations, stops that scraping has glued to
/// the next word, sentences broken over lines, and sub-headings. Sentences within a quotation are split. What has no end within
/// 4,096 bytes is cut at a blank. Linear in the length of the text; any string is accepted.
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
        self.split_with(texts, Progress::none())
    }

    fn split_with(&self, texts: &[KeptText<'_>], progress: Progress<'_>) -> Result<Vec<Vec<Sentence>>> {
        let one = |(done, &input): (usize, &KeptText<'_>)| {
            let sentences = self.split_one(input);
            progress.report(Stage::Sentences, done + 1, texts.len())?;
            Ok(sentences)
        };
        texts.iter().enumerate().map(one).collect()
    }
}

/// Cuts a block behind its sentences, and sentences without an end at a blank.
fn cut(text: &str, block: Range<usize>, mut push: impl FnMut(Span)) {
    let ends = boundary::ends(text.part(block.clone()));
    let mut start = block.start;
    for end in ends.into_iter().map(|end| block.start + end).chain([block.end]) {
        let mut rest = Span::new(text, start, end).ok();
        while let Some(span) = rest {
            let (sentence, left) = part(text, span.trimmed(text));
            if !sentence.is_empty() {
                push(sentence);
            }
            rest = left;
        }
        start = end;
    }
}

/// A span that is short enough, or the longest start of it that ends at a blank, or, where its second half has none, at a
/// character; and what is left.
fn part(text: &str, span: Span) -> (Span, Option<Span>) {
    if span.len() <= LONGEST {
        return (span, None);
    }
    let inner = span.of(text);
    let most = floor(inner, LONGEST);
    let (head, _) = inner.split_at(most);
    let blank = head.rfind(char::is_whitespace).filter(|&at| at > LONGEST / 2);
    let at = blank.unwrap_or(most);
    match (span.inner(text, 0, at), span.inner(text, at, span.len())) {
        (Ok(head), Ok(tail)) => (head.trimmed(text), Some(tail)),
        _ => (span, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentence::KeptText;

    #[test]
    fn what_has_no_end_is_cut_at_a_blank() {
        for (unit, most) in [("angin reda ", 2), ("雨", 2), ("x", 2), ("é", 2), ("x\u{a0}", 2)] {
            let text = unit.repeat(2 * LONGEST / unit.len() - 3);
            let kept = [Span::whole(&text)];
            let sentences = RuleSplitter::new().split_one(KeptText { text: &text, kept: &kept });
            assert_eq!(sentences.len(), most, "{unit}");
            assert!(sentences.iter().all(|sentence| sentence.span.len() <= LONGEST));
            let read: String = sentences.iter().map(|sentence| sentence.span.of(&text)).collect();
            let letters = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(letters(&read), letters(&text));
            assert!(!unit.starts_with("angin") || sentences[0].span.of(&text).ends_with(['g', 'a', 'n']));
        }
    }
}
