//! Recognizes text that runs in circles.

/// Longer phrases than this are not looked for.
pub(super) const LONGEST: usize = 24;

/// A phrase said over and over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Loop {
    /// Index of the first item of the first round.
    pub start: usize,
    /// Items in a round.
    pub length: usize,
}

/// The phrase over which `items` end, if it was said at least `rounds` times and makes up `least` items.
pub(super) fn trailing<T: PartialEq>(items: &[T], rounds: usize, least: usize) -> Option<Loop> {
    (1..=LONGEST.min(items.len() / rounds.max(1))).find_map(|length| {
        let repeats = items.iter().rev().zip(items.iter().rev().skip(length)).take_while(|(a, b)| a == b);
        let run = repeats.count() + length;
        let found = run / length;
        (found >= rounds && found * length >= least).then(|| Loop { start: items.len() - run, length })
    })
}
