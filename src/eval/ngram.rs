//! Multisets of n-grams, packed into integers so that counting them is sorting.

use std::collections::HashMap;
use std::ops::RangeInclusive;

/// Numbers for the words of one item, so that an n-gram of words is a few integers.
#[derive(Default)]
pub(super) struct Vocabulary<'a>(HashMap<&'a str, u32>);

impl<'a> Vocabulary<'a> {
    /// The numbers of `words`; equal words get equal numbers.
    pub(super) fn numbers(&mut self, words: impl IntoIterator<Item = &'a str>) -> Vec<u32> {
        words
            .into_iter()
            .map(|word| {
                // A text with more than u32::MAX distinct words does not fit into memory.
                let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
                *self.0.entry(word).or_insert(next)
            })
            .collect()
    }
}

/// A multiset of n-grams of one order: distinct n-grams in order, each with its count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bag(Vec<(u128, u64)>);

impl Bag {
    /// The n-grams of `order` units, each unit at most `bits` bits wide; `order * bits` is at most 128.
    pub(super) fn new(units: &[u32], order: usize, bits: u32) -> Self {
        let mut packed: Vec<u128> = units
            .windows(order)
            .map(|gram| gram.iter().fold(0, |key, unit| (key << bits) | u128::from(*unit)))
            .collect();
        packed.sort_unstable();
        let mut counts: Vec<(u128, u64)> = Vec::with_capacity(packed.len());
        for key in packed {
            match counts.last_mut() {
                Some((last, count)) if *last == key => *count += 1,
                _ => counts.push((key, 1)),
            }
        }
        Bag(counts)
    }

    /// Bags of every order of `orders`.
    pub(super) fn orders(units: &[u32], orders: RangeInclusive<usize>, bits: u32) -> Vec<Self> {
        orders.map(|order| Bag::new(units, order, bits)).collect()
    }

    /// How many n-grams, repetitions counted.
    pub(super) fn len(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }

    /// How many n-grams both have, repetitions counted as often as both have them.
    pub(super) fn common(&self, other: &Bag) -> u64 {
        self.joined(other).map(|(_, a, b)| a.min(b)).sum()
    }

    /// Each n-gram as often as it occurs in that of both where it occurs more often.
    pub(super) fn union(&self, other: &Bag) -> Bag {
        Bag(self.joined(other).map(|(key, a, b)| (key, a.max(b))).collect())
    }

    /// Every n-gram of either, with its count in `self` and in `other`.
    fn joined<'a>(&'a self, other: &'a Bag) -> impl Iterator<Item = (u128, u64, u64)> + 'a {
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        std::iter::from_fn(move || {
            let first = match (left.peek(), right.peek()) {
                (Some((a, _)), Some((b, _))) => *a.min(b),
                (Some((key, _)), None) | (None, Some((key, _))) => *key,
                (None, None) => return None,
            };
            let count = |side: &mut std::iter::Peekable<std::slice::Iter<'a, (u128, u64)>>| {
                side.next_if(|(key, _)| *key == first).map_or(0, |(_, count)| *count)
            };
            Some((first, count(&mut left), count(&mut right)))
        })
    }
}
