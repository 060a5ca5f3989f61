//! Windows over the pieces of an article, each short enough for the model.

use std::ops::Range;

/// What a window may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowLimits {
    /// Most pieces in a window, special ones not counted; at least 2.
    pub pieces: usize,
    /// Most sentences in a window; at least 1.
    pub sentences: usize,
}

/// A run of pieces that the model sees at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The pieces that it holds.
    pub pieces: Range<usize>,
    /// Those of them whose labels are taken from this window; these ranges part the article without gaps.
    pub own: Range<usize>,
}

/// Windows over sentences of the given lengths (in pieces), in order.
///
/// Whole sentences share a window while they fit. A sentence that fits none is cut into windows that overlap by
/// half; each piece is owned by the window in which it lies furthest from an edge.
pub fn windows(sentences: &[usize], limits: WindowLimits) -> Vec<Window> {
    let most = limits.pieces.max(2);
    let mut windows = Vec::new();
    let (mut start, mut end, mut count) = (0, 0, 0);
    for &length in sentences {
        let full = end - start + length > most || count >= limits.sentences.max(1);
        if full && end > start {
            windows.push(Window { pieces: start..end, own: start..end });
            (start, count) = (end, 0);
        }
        end += length;
        count += 1;
        if length > most {
            cut(start..end, most, &mut windows);
            (start, count) = (end, 0);
        }
    }
    if end > start {
        windows.push(Window { pieces: start..end, own: start..end });
    }
    windows
}

/// Cuts a sentence longer than `most` pieces.
fn cut(sentence: Range<usize>, most: usize, windows: &mut Vec<Window>) {
    let step = most.div_ceil(2);
    let mut owned = sentence.start;
    let mut start = sentence.start;
    loop {
        // The last window is moved back to be as long as the others.
        let end = (start + most).min(sentence.end);
        let pieces = end - most.min(end - sentence.start)..end;
        let next = (start + step).min(sentence.end - most);
        let until = if end == sentence.end { end } else { next.midpoint(end) };
        windows.push(Window { pieces, own: owned..until });
        owned = until;
        if end == sentence.end {
            return;
        }
        start = next;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::single_range_in_vec_init)]

    use super::*;
    use proptest::prelude::*;

    fn limits(pieces: usize, sentences: usize) -> WindowLimits {
        WindowLimits { pieces, sentences }
    }

    fn pieces(sentences: &[usize], limits: WindowLimits) -> Vec<Range<usize>> {
        windows(sentences, limits).into_iter().map(|window| window.pieces).collect()
    }

    #[test]
    fn packs_whole_sentences() {
        assert_eq!(pieces(&[4, 4, 4], limits(8, 9)), [0..8, 8..12]);
        assert_eq!(pieces(&[4, 4, 1], limits(8, 9)), [0..8, 8..9]);
        assert_eq!(pieces(&[4, 4, 4], limits(99, 1)), [0..4, 4..8, 8..12]);
    }

    #[test]
    fn holds_a_sentence_of_exactly_the_limit() {
        assert_eq!(pieces(&[8], limits(8, 9)), [0..8]);
        assert_eq!(pieces(&[9], limits(8, 9)), [0..8, 1..9]);
    }

    #[test]
    fn takes_a_piece_from_where_it_lies_furthest_from_an_edge() {
        let cut = windows(&[12], limits(8, 9));
        assert_eq!(cut, [Window { pieces: 0..8, own: 0..6 }, Window { pieces: 4..12, own: 6..12 }]);
    }

    #[test]
    fn makes_nothing_of_nothing() {
        assert!(windows(&[], limits(8, 9)).is_empty());
        assert!(windows(&[0, 0], limits(8, 9)).is_empty());
    }

    proptest! {
        #[test]
        fn gives_each_piece_one_window(
            sentences in prop::collection::vec(0usize..70, 0..12), most in 2usize..30, count in 1usize..5,
        ) {
            let windows = windows(&sentences, limits(most, count));
            let mut owned = 0;
            for window in &windows {
                prop_assert!(window.pieces.len() <= most && !window.pieces.is_empty());
                prop_assert!(window.pieces.start <= window.own.start && window.own.end <= window.pieces.end);
                prop_assert_eq!(window.own.start, owned);
                owned = window.own.end;
            }
            prop_assert_eq!(owned, sentences.iter().sum::<usize>());
        }
    }
}
