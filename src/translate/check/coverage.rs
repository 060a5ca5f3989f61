//! How much of a source has a counterpart in the English, and the other way round, as far as a dictionary can tell.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::added::Known;
use super::english::English;
use super::lexicon::{self, Covered};
use super::source::Source;
use crate::lang::english_words::is_light;
use crate::lang::id::entries;

/// Counts of words that say something.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::translate) struct Coverage {
    /// Words of the source whose English is known, names aside.
    pub known: usize,
    /// … of which none of the senses is there, nor a word near to one.
    pub lost: usize,
    /// … of which only a word near to a sense is there.
    pub near: usize,
    /// Lost words that training seldom met.
    pub rare_lost: usize,
    /// Words of the source that training seldom met.
    pub rare: usize,
    /// Words of the source, names aside, that the dictionary does not know.
    pub unknown: usize,
    /// Words of the English that say something, names aside.
    pub english: usize,
    /// … that no word of the source explains.
    pub unexplained: usize,
}

/// Words that training met less often than this are rare.
const RARE: u32 = 40;

/// Words that hold a sentence together: English has them in other places or not at all.
static HOLDING: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    entries(include_str!("../../lang/id/holding.txt")).flat_map(str::split_whitespace).collect()
});

pub(in crate::translate) fn coverage(source: &Source<'_>, english: &English<'_>) -> Coverage {
    let mut found = Coverage::default();
    for word in &source.words {
        let name = word.in_name || (word.is_capital() && !word.opens);
        if name || word.lower.chars().count() < 3 || HOLDING.contains(word.lower.as_str()) {
            continue;
        }
        let Some((senses, seen)) = lexicon::senses(&word.lower) else {
            let copied = english.words.iter().any(|other| other.lower == word.lower);
            found.unknown += usize::from(!copied && word.lower.chars().all(char::is_alphabetic));
            continue;
        };
        if senses.is_empty() {
            continue;
        }
        let rare = seen.is_some_and(|seen| seen < RARE);
        found.known += 1;
        found.rare += usize::from(rare);
        match lexicon::covered(&senses, english) {
            Covered::Direct => {}
            Covered::Near => found.near += 1,
            Covered::Not => {
                found.lost += 1;
                found.rare_lost += usize::from(rare);
            }
        }
    }
    let known = Known::of(source);
    for word in &english.words {
        let capital = word.written.chars().next().is_some_and(char::is_uppercase);
        let number = word.lower.starts_with(|c: char| c.is_ascii_digit());
        if number || (capital && !word.opens) || is_light(&word.lower) || word.lower.chars().count() < 3 {
            continue;
        }
        found.english += 1;
        found.unexplained += usize::from(!known.explains(&word.lower));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_is_lost_and_what_came_from_nowhere() {
        let source = Source::new("Nelayan memperbaiki jembatan desa.", &[]);
        let good = coverage(&source, &English::new("Fishermen repaired the village bridge."));
        assert_eq!((good.known, good.lost, good.unexplained), (4, 0, 0), "{good:?}");
        let bad = coverage(&source, &English::new("Fishermen repaired the elephant."));
        assert_eq!((bad.lost, bad.unexplained), (2, 1), "{bad:?}");
    }
}
