//! Groups of words that the English says twice and the source does not.

use std::collections::HashMap;

use super::english::English;
use super::source::Source;
use crate::lang::english_words::is_light;

/// A group has at least this many words.
const GROUP: usize = 3;
/// … of which so many say something.
const HEAVY: usize = 2;

/// The first group of words that stands in the English twice, or a word that stands twice in a row, as written there; none where
/// the source repeats itself too.
pub(super) fn group<'e>(source: &Source<'_>, english: &English<'e>) -> Option<&'e str> {
    let words: Vec<&str> = source.words.iter().map(|word| word.lower.as_str()).collect();
    let mut pairs: HashMap<&[&str], usize> = HashMap::new();
    for pair in words.windows(2) {
        *pairs.entry(pair).or_default() += 1;
    }
    if pairs.values().any(|&count| count > 1) {
        return None;
    }
    let lower: Vec<&str> = english.words.iter().map(|word| word.lower.as_str()).collect();
    let twice = |at: &usize| {
        let group = lower.get(*at..at + GROUP)?;
        let heavy = group
            .iter()
            .filter(|word| !is_light(word) && !word.starts_with(|c: char| c.is_ascii_digit()))
            .count();
        let behind = lower.get(at + GROUP..)?;
        (heavy >= HEAVY && behind.windows(GROUP).any(|other| other == group)).then_some((*at, GROUP))
    };
    let stuttered = |at: &usize| {
        let (one, two) = (lower.get(*at)?, lower.get(at + 1)?);
        if one != two {
            return None;
        }
        let reduplicated = source.text.to_lowercase().matches(one).count() > 1;
        let word = one.chars().count() > 1 && one.chars().all(char::is_alphabetic);
        let (first, second) = (english.words.get(*at)?, english.words.get(at + 1)?);
        let beside = english.text.get(first.start + first.written.len()..second.start)? == " ";
        (beside && word && !reduplicated && !["had", "that"].contains(one)).then_some((*at, 2))
    };
    let (at, length) = (0..lower.len()).find_map(|at| twice(&at).or_else(|| stuttered(&at)))?;
    let (first, last) = (english.words.get(at)?, english.words.get(at + length - 1)?);
    english.text.get(first.start..last.start + last.written.len())
}

/// How often the commonest word that says something stands in the English, beyond what the source repeats of a word.
pub(in crate::translate) fn excess(source: &Source<'_>, english: &English<'_>) -> usize {
    let most = |words: &mut dyn Iterator<Item = &str>| {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        words.for_each(|word| *counts.entry(word).or_default() += 1);
        counts.into_values().max().unwrap_or(0)
    };
    let long = |word: &&str| word.chars().count() > 3;
    let theirs = most(&mut source.words.iter().map(|word| word.lower.as_str()).filter(long));
    let ours = most(
        &mut english
            .words
            .iter()
            .filter(|word| !is_light(&word.lower))
            .map(|word| word.stem.as_str())
            .filter(long),
    );
    ours.saturating_sub(theirs.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_said_twice() {
        for (source, english, expected) in [
            (
                "Warga memperbaiki jembatan dan jalan desa.",
                "Villagers repaired the bridge and repaired the bridge of the village.",
                Some("repaired the bridge"),
            ),
            (
                "Warga memperbaiki jembatan.",
                "Villagers repaired repaired the bridge.",
                Some("repaired repaired"),
            ),
            ("Warga memperbaiki jembatan.", "Villagers repaired the bridge.", None),
            (
                "Harga beras naik, harga beras mahal.",
                "The price of rice rose, the price of rice is high.",
                None,
            ),
        ] {
            assert_eq!(group(&Source::new(source, &[]), &English::new(english)), expected, "{english}");
        }
    }
}
