//! What spans cover of a text.

use super::Span;

/// The first byte of `spans` that is no white space and lies in none of `others`; both are ordered and disjoint.
pub(crate) fn outside(text: &str, spans: impl IntoIterator<Item = Span>, others: &[Span]) -> Option<usize> {
    let mut others = others.iter().copied().peekable();
    for span in spans {
        let mut at = span.start();
        while at < span.end() {
            while others.next_if(|other| other.end() <= at).is_some() {}
            let next = others.peek().map_or(span.end(), |other| other.start());
            if next <= at {
                at = others.peek().map_or(span.end(), |other| other.end());
                continue;
            }
            let until = next.min(span.end());
            let part = Span::new(text, at, until).map_or("", |part| part.of(text));
            if let Some(found) = part.find(|c: char| !c.is_whitespace()) {
                return Some(at + found);
            }
            at = until;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spans(text: &str, ranges: &[(usize, usize)]) -> Vec<Span> {
        ranges.iter().map(|&(start, end)| Span::new(text, start, end).unwrap()).collect()
    }

    #[test]
    fn finds_what_lies_outside() {
        let text = "ab cd ef";
        for (ranges, others, expected) in [
            (&[(0, 8)][..], &[(0, 2), (3, 5), (6, 8)][..], None),
            (&[(0, 8)], &[(0, 2), (3, 5)], Some(6)),
            (&[(0, 8)], &[(1, 8)], Some(0)),
            (&[(0, 8)], &[], Some(0)),
            (&[], &[(0, 8)], None),
            (&[(0, 2), (3, 5)], &[(0, 8)], None),
            (&[(0, 2), (3, 5)], &[(0, 3), (3, 4)], Some(4)),
            (&[(2, 3), (5, 6)], &[], None),
        ] {
            let found = outside(text, spans(text, ranges), &spans(text, others));
            assert_eq!(found, expected, "{ranges:?} {others:?}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_looking_at_each_byte(
            text in "[ab ]{12}",
            one in prop::collection::btree_set(0_usize..=12, 0..8),
            two in prop::collection::btree_set(0_usize..=12, 0..8),
        ) {
            let pairs = |ends: std::collections::BTreeSet<usize>| -> Vec<Span> {
                let ends: Vec<usize> = ends.into_iter().collect();
                ends.chunks_exact(2).map(|pair| Span::new(&text, pair[0], pair[1]).unwrap()).collect()
            };
            let (one, two) = (pairs(one), pairs(two));
            let inside = |spans: &[Span], at: usize| spans.iter().any(|span| span.range().contains(&at));
            let expected = (0..text.len())
                .find(|&at| !text[at..].starts_with(' ') && inside(&one, at) && !inside(&two, at));
            prop_assert_eq!(outside(&text, one, &two), expected);
        }
    }
}
