//! Which sentences somebody says: those within a quotation that begins and ends in others, and those that tell of themselves.

use super::SummaryInput;
use crate::lang::quotations::quotations;
use crate::part::Part;

/// For each sentence, whether it lies within a quotation that other sentences open and close, so that neither marks nor speaker
/// stand in it.
///
/// Marks are paired within a paragraph, so that one that is lost or stands for inches turns no more than that. A quotation that is left
/// open goes on in the next paragraphs where the first mark there closes it.
pub(super) fn quoted(input: &SummaryInput<'_>) -> Vec<bool> {
    let mut quoted = vec![false; input.sentences.len()];
    let mut first = 0;
    // The first sentence behind a paragraph that left a quotation open.
    let mut open: Option<usize> = None;
    for paragraph in input.sentences.chunk_by(|one, other| one.paragraph == other.paragraph) {
        let (from, to) = (first, first + paragraph.len());
        first = to;
        let ends = paragraph.first().zip(paragraph.last());
        let Some((start, end)) = ends.map(|(first, last)| (first.span.start(), last.span.end())) else {
            continue;
        };
        let text = input.text.part(start..end);
        let found = quotations(text);
        let closes = found.first().filter(|first| first.range.start == 0 && !first.whole);
        let closes = closes.filter(|first| first.range.end < text.len());
        let within = |sentence: &crate::document::Sentence, range: &std::ops::Range<usize>| {
            start + range.start <= sentence.span.start() && sentence.span.end() <= start + range.end
        };
        for (slot, sentence) in quoted.iter_mut().skip(from).zip(paragraph) {
            let orphan = |range| closes.is_some_and(|first| &first.range == range);
            // They are ordered and apart, so that the first that ends no earlier is the only one that may hold it.
            let ended = found.partition_point(|found| start + found.range.end < sentence.span.end());
            *slot = found.get(ended).is_some_and(|found| {
                within(sentence, &found.range) && (!orphan(&found.range) || open.is_some())
            });
        }
        if closes.is_some() {
            quoted.iter_mut().take(from).skip(open.unwrap_or(from)).for_each(|slot| *slot = true);
        }
        if !found.is_empty() {
            open = found.last().filter(|last| !last.whole && last.range.end == text.len()).map(|_| to);
        }
    }
    quoted
}

/// Words by which people speak of themselves.
const SPEAKER: [&str; 4] = ["kami", "kita", "saya", "aku"];

/// Whether a sentence tells of itself outside of quotation marks: somebody says it, and it does not tell who.
pub(super) fn speaks(sentence: &str) -> bool {
    let quotations = quotations(sentence);
    super::pick::places(sentence).any(|(at, word)| {
        SPEAKER.contains(&word.as_str()) && !quotations.iter().any(|found| found.range.contains(&at))
    })
}
