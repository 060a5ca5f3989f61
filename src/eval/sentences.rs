//! Scores of sentence splitting.
//!
//! Two measures are in use and differ: one asks for each boundary, the other for whole sentences. Both compare
//! positions, so a system may not change the text.

use std::ops::Range;

use super::prf::Hits;
use crate::part::Part;

/// Boundary F1 as wtpsplit counts it (`evaluate_sentences` of wtpsplit 2): a boundary is the end of a sentence; the end of
/// the text is one too, which everybody gets right.
///
/// `found` and `gold` are byte ranges of `text`, ordered and disjoint; white space at their ends does not matter.
///
/// ```
/// use intisari::eval::sentences::boundary_hits;
///
/// let text = "Satu. Dua. Tiga.";
/// let hits = boundary_hits(text, &[0..5, 6..16], &[0..5, 6..10, 11..16]);
/// assert_eq!((hits.correct, hits.predicted, hits.gold), (2, 2, 3));
/// ```
pub fn boundary_hits(text: &str, found: &[Range<usize>], gold: &[Range<usize>]) -> Hits {
    let ends = |spans| -> Vec<usize> { trimmed(text, spans).into_iter().map(|span| span.end).collect() };
    hits(&ends(found), &ends(gold))
}

/// Sentence-span F1 as the CoNLL 2018 shared task counts it: a sentence is right where both its ends are, counted in
/// characters that are not white space.
///
/// `found` and `gold` as for [`boundary_hits`].
pub fn span_hits(text: &str, found: &[Range<usize>], gold: &[Range<usize>]) -> Hits {
    let spans = |spans| -> Vec<(usize, usize)> {
        trimmed(text, spans).into_iter().map(|span| (span.start, span.end)).collect()
    };
    hits(&spans(found), &spans(gold))
}

/// Splits behind `.`, `!`, `?` and `…` with what closes there, where white space and then a capital or a digit
/// follow, perhaps behind a quote or bracket: the baseline that knows no abbreviation.
pub fn naive_split(text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut start = 0;
    let mut position = 0;
    while let Some(offset) = text.get(position..).and_then(|rest| rest.find(is_final)) {
        let mark = position + offset;
        let rest = text.part(mark..);
        let behind = rest.trim_start_matches(is_final).trim_start_matches(is_closer);
        let end = text.len() - behind.len();
        let next = behind.trim_start();
        let mut characters = next.chars();
        let first = match characters.next() {
            Some('"' | '“' | '‘' | '\'' | '(' | '[' | '«') => characters.next(),
            first => first,
        };
        if next.len() < behind.len() && first.is_some_and(|c| c.is_uppercase() || c.is_ascii_digit()) {
            spans.push(start..end);
            start = text.len() - next.len();
        }
        position = end;
    }
    if !text.part(start..).trim().is_empty() {
        spans.push(start..text.len());
    }
    spans
}

fn is_final(character: char) -> bool {
    matches!(character, '.' | '!' | '?' | '…')
}

fn is_closer(character: char) -> bool {
    matches!(character, '"' | '”' | '’' | '\'' | ')' | ']' | '»')
}

/// The spans without white space at their ends; blank ones are dropped.
fn trimmed(text: &str, spans: &[Range<usize>]) -> Vec<Range<usize>> {
    let trim = |span: &Range<usize>| {
        let inner = text.get(span.clone())?;
        let start = span.start + (inner.len() - inner.trim_start().len());
        let inner = inner.trim();
        (!inner.is_empty()).then_some(start..start + inner.len())
    };
    spans.iter().filter_map(trim).collect()
}

/// Counts what two ascending lists have in common.
fn hits<T: Ord>(found: &[T], gold: &[T]) -> Hits {
    let correct = found.iter().filter(|item| gold.binary_search(item).is_ok()).count();
    Hits { correct: correct as u64, predicted: found.len() as u64, gold: gold.len() as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_boundary_costs_two_sentences_but_one_boundary() {
        let text = "Satu. Dua. Tiga.";
        let gold = [0..5, 6..10, 11..16];
        let found = [0..5, 6..16];
        let spans = span_hits(text, &found, &gold);
        assert_eq!((spans.correct, spans.predicted, spans.gold), (1, 2, 3));
        assert!((spans.prf().f1 - 0.4).abs() < 1e-9);
        assert!((boundary_hits(text, &found, &gold).prf().f1 - 0.8).abs() < 1e-9);
    }

    #[test]
    fn white_space_at_the_ends_does_not_matter() {
        let text = "Satu.  Dua.\n";
        assert_eq!(span_hits(text, &[0..7, 7..12], &[0..5, 7..11]).prf().f1, 1.0);
        assert_eq!(boundary_hits(text, &[0..7, 7..12], &[0..5, 7..11]).prf().f1, 1.0);
    }

    #[test]
    fn nothing_found_scores_zero() {
        assert_eq!(span_hits("", &[], &[]).prf().f1, 0.0);
        assert_eq!(boundary_hits("Satu. Dua.", &[], &[0..5, 6..10]).prf().f1, 0.0);
    }

    #[test]
    fn the_baseline_falls_for_abbreviations_and_initials() {
        let text = "Kami menemui Dr. Sari. \"Baik.\" 5 orang datang? ya.";
        let texts: Vec<&str> = naive_split(text).into_iter().map(|span| text[span].trim()).collect();
        assert_eq!(texts, ["Kami menemui Dr.", "Sari.", "\"Baik.\"", "5 orang datang? ya."]);
    }
}
