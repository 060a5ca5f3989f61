//! Kept parts as one string that remembers where each came from.

use crate::document::Span;

/// The kept parts of a text in one string.
pub(super) struct Joined {
    /// The parts, trimmed, with a line break or a blank between them.
    pub text: String,
    /// Start in `text`, and the span of the original it stands for; ascending.
    pieces: Vec<(usize, Span)>,
}

impl Joined {
    pub fn new(original: &str, kept: &[Span]) -> Self {
        let mut joined = Joined { text: String::new(), pieces: Vec::with_capacity(kept.len()) };
        let mut end = 0;
        for span in kept.iter().map(|span| span.trimmed(original)) {
            if !joined.text.is_empty() {
                // The caller may have put them in any order.
                let gap = original.get(end..span.start()).unwrap_or_default();
                joined.text.push(if breaks(gap) { '\n' } else { ' ' });
            }
            joined.pieces.push((joined.text.len(), span));
            joined.text.push_str(span.of(original));
            end = span.end();
        }
        joined
    }

    /// Bytes `start..end` of the joined text as byte ranges of the original, in order.
    pub fn origins(&self, start: usize, end: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let first = self.pieces.partition_point(|&(at, span)| at + span.len() <= start);
        self.pieces.iter().skip(first).take_while(move |&&(at, _)| at < end).map(move |&(at, span)| {
            let from = span.start() + start.saturating_sub(at);
            let to = span.start() + (end - at).min(span.len());
            (from, to)
        })
    }
}

/// Whether a line ends in what stands between two parts, be it by a tag.
fn breaks(gap: &str) -> bool {
    gap.contains('\n') || (gap.contains(['<', '&']) && crate::reading::read(gap).contains('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_origin_of_a_part_that_crosses_a_gap() {
        let text = "abc XX def\nYY ghi";
        let kept = [(0, 3), (7, 10), (14, 17)].map(|(start, end)| Span::new(text, start, end).unwrap());
        let joined = Joined::new(text, &kept);
        assert_eq!(joined.text, "abc def\nghi");
        assert_eq!(joined.origins(1, 9).collect::<Vec<_>>(), [(1, 3), (7, 10), (14, 15)]);
        assert_eq!(joined.origins(4, 7).collect::<Vec<_>>(), [(7, 10)]);
    }
}
