//! Groups rows of similar length, so that little is spent on padding.

use std::ops::Range;

/// How large a batch may get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchLimits {
    /// Most rows.
    pub rows: usize,
    /// Most pieces, padding included: rows times the longest row. A row longer than this has a batch of its own.
    pub pieces: usize,
}

impl Default for BatchLimits {
    /// So many pieces that what a layer makes of them stays in a processor's caches; four times as many took half as
    /// long again. An accelerator likes more.
    fn default() -> Self {
        BatchLimits { rows: 64, pieces: 1024 }
    }
}

/// Sorts `rows` by length, longest first, and cuts them into batches: ranges of the sorted list, in order.
///
/// The longest come first so that what does not fit into memory fails at once.
pub fn batches<T>(rows: &mut [T], length: impl Fn(&T) -> usize, limits: BatchLimits) -> Vec<Range<usize>> {
    rows.sort_by_key(|row| std::cmp::Reverse(length(row)));
    let mut batches = Vec::new();
    let (mut start, mut longest) = (0, 0);
    for (index, row) in rows.iter().enumerate() {
        let count = index - start;
        if count > 0 && (count >= limits.rows || (count + 1) * longest > limits.pieces) {
            batches.push(start..index);
            start = index;
        }
        if index == start {
            longest = length(row);
        }
    }
    if start < rows.len() {
        batches.push(start..rows.len());
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keeps_both_limits() {
        let mut rows = vec![3, 9, 4, 4, 1, 1];
        let cut = batches(&mut rows, |&length| length, BatchLimits { rows: 3, pieces: 8 });
        assert_eq!(rows, [9, 4, 4, 3, 1, 1]);
        assert_eq!(cut, [0..1, 1..3, 3..5, 5..6]);
    }

    #[test]
    fn fills_a_batch_of_exactly_the_size() {
        for (count, expected) in [(0, 0), (4, 1), (5, 2)] {
            let mut rows = vec![2; count];
            assert_eq!(
                batches(&mut rows, |&length| length, BatchLimits { rows: 4, pieces: 99 }).len(),
                expected
            );
        }
    }

    proptest! {
        #[test]
        fn puts_each_row_into_one_batch(
            mut rows in prop::collection::vec(0usize..50, 0..40), most in 1usize..9, pieces in 1usize..99,
        ) {
            let limits = BatchLimits { rows: most, pieces };
            let mut end = 0;
            for batch in batches(&mut rows, |&length| length, limits) {
                prop_assert_eq!(batch.start, end);
                let longest = rows[batch.clone()].iter().max().copied().unwrap_or(0);
                prop_assert!(batch.len() == 1 || (batch.len() <= most && batch.len() * longest <= pieces));
                end = batch.end;
            }
            prop_assert_eq!(end, rows.len());
        }
    }
}
