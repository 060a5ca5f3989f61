//! Byte pair encoding as sentencepiece does it: of all neighbors the pair with the best score is merged first, of equal
//! ones the leftmost.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

/// A pair that may be merged: `left` and `right` are the symbols' numbers, `size` the bytes of both.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pair {
    score: f32,
    left: usize,
    right: usize,
    size: usize,
}

impl Eq for Pair {}

impl Ord for Pair {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(other.left.cmp(&self.left))
    }
}

impl PartialOrd for Pair {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A stretch of the text, `size` 0 where it was merged into another.
#[derive(Debug, Clone, Copy)]
struct Symbol {
    start: usize,
    size: usize,
    before: Option<usize>,
    after: Option<usize>,
}

/// Cuts `text` into pieces with `scores`, and characters that are in none.
pub(super) fn cut<'t>(text: &'t str, scores: &HashMap<String, f32>) -> Vec<&'t str> {
    let count = text.chars().count();
    let mut symbols: Vec<Symbol> = text
        .char_indices()
        .enumerate()
        .map(|(index, (start, char))| Symbol {
            start,
            size: char.len_utf8(),
            before: index.checked_sub(1),
            after: (index + 1 < count).then_some(index + 1),
        })
        .collect();
    let mut queue = BinaryHeap::new();
    let pair = |symbols: &[Symbol], left: Option<usize>, right: Option<usize>| {
        let (left, right) = (left?, right?);
        let (first, second) = (symbols.get(left)?, symbols.get(right)?);
        let size = first.size + second.size;
        let score = *scores.get(text.get(first.start..first.start + size)?)?;
        Some(Pair { score, left, right, size })
    };
    for index in 1..symbols.len() {
        queue.extend(pair(&symbols, Some(index - 1), Some(index)));
    }
    while let Some(Pair { left, right, size, .. }) = queue.pop() {
        let (Some(&first), Some(&second)) = (symbols.get(left), symbols.get(right)) else { continue };
        // One of the two has been merged since.
        if first.size == 0 || second.size == 0 || first.size + second.size != size {
            continue;
        }
        if let Some(first) = symbols.get_mut(left) {
            first.size = size;
            first.after = second.after;
        }
        if let Some(second) = symbols.get_mut(right) {
            second.size = 0;
        }
        if let Some(next) = second.after.and_then(|after| symbols.get_mut(after)) {
            next.before = Some(left);
        }
        queue.extend(pair(&symbols, first.before, Some(left)));
        queue.extend(pair(&symbols, Some(left), second.after));
    }
    symbols
        .iter()
        .filter(|symbol| symbol.size > 0)
        .filter_map(|symbol| text.get(symbol.start..symbol.start + symbol.size))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merges_the_best_pair_first_and_the_leftmost_of_equals() {
        let scores = [("ab", -1.0), ("bc", 0.0), ("abc", -2.0), ("aa", -3.0)]
            .map(|(piece, score)| (piece.to_owned(), score));
        let scores = HashMap::from(scores);
        assert_eq!(cut("abc", &scores), ["abc"], "b and c first, then a and bc");
        assert_eq!(cut("aaa", &scores), ["aa", "a"]);
        assert_eq!(cut("aé😀bc", &scores), ["a", "é", "😀", "bc"]);
        assert!(cut("", &scores).is_empty());
    }

    #[test]
    fn a_long_text_takes_little_time() {
        let scores = HashMap::from([("xx".to_owned(), 0.0), ("xxxx".to_owned(), -1.0)]);
        assert_eq!(cut(&"x".repeat(200_000), &scores).len(), 50_000);
    }
}
