//! What English may stand for an Indonesian word: the dictionary, everyday words beside it, and words that are near in meaning
//! because one entry has both.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::english::{split, English};
use crate::lang::english_words::{is_light, stem};
use crate::lang::id::{dictionary, entries};
use crate::translate::glossary::forms;

/// Stems of English words that may stand for a word.
pub(in crate::translate) type Senses = HashSet<String>;

/// Everyday words, which the dictionary leaves out.
static EVERYDAY: LazyLock<HashMap<&'static str, Senses>> = LazyLock::new(|| {
    let lines = entries(include_str!("../../lang/id/everyday.txt"));
    lines.filter_map(|line| line.split_once('\t')).map(|(form, english)| (form, stems(english))).collect()
});

/// For each stem, those that stand beside it in an entry.
static NEAR: LazyLock<HashMap<String, Senses>> = LazyLock::new(|| {
    let mut near: HashMap<String, Senses> = HashMap::new();
    for entry in dictionary::all() {
        // Phrases have words that are near to nothing.
        let senses: Vec<String> =
            entry.senses().map(stems).filter(|words| words.len() == 1).flatten().collect();
        for one in &senses {
            near.entry(one.clone()).or_default().extend(senses.iter().filter(|other| *other != one).cloned());
        }
    }
    near
});

/// All stems that the dictionary uses.
static VOCABULARY: LazyLock<Senses> = LazyLock::new(|| {
    let used = dictionary::all().flat_map(|entry| entry.senses().flat_map(stems).collect::<Vec<_>>());
    used.chain(EVERYDAY.values().flatten().cloned()).collect()
});

/// Stems of the words of a sense that say something.
pub(in crate::translate) fn stems(english: &str) -> Senses {
    split(english)
        .map(|(_, word)| word.to_lowercase())
        .filter(|word| !is_light(word))
        .map(|word| stem(&word))
        .collect()
}

/// Whether `word` is English as far as this crate knows.
pub(super) fn is_english(word: &str) -> bool {
    is_light(word) || VOCABULARY.contains(&stem(word))
}

/// Whether a word in lower case is Indonesian as far as this crate knows.
pub(super) fn is_indonesian(word: &str) -> bool {
    EVERYDAY.contains_key(word) || dictionary::find(word).is_some() || super::crucial::is_entry(word)
}

/// The senses of an Indonesian word in lower case, none where they are light words, and how often training met it; `None` where
/// the word is not known.
pub(super) fn senses(word: &str) -> Option<(Senses, Option<u32>)> {
    let mut found: Senses = super::crucial::plain_senses(word);
    let mut seen = None;
    if let Some(entry) = dictionary::find(word) {
        found.extend(entry.senses().flat_map(stems));
        seen = Some(entry.seen);
    }
    for form in forms::of(word) {
        found.extend(EVERYDAY.get(form.base.as_str()).into_iter().flatten().cloned());
        if seen.is_none() {
            found.extend(
                dictionary::find(&form.base)
                    .into_iter()
                    .flat_map(|entry| entry.senses().flat_map(stems).collect::<Vec<_>>()),
            );
        }
    }
    let known = || forms::of(word).iter().any(|form| is_indonesian(&form.base));
    (!found.is_empty() || known()).then_some((found, seen))
}

/// The senses that the lists give a word in lower case as it stands; `None` where none has it, or none that says something.
pub(in crate::translate) fn listed(word: &str) -> Option<Senses> {
    let mut found = Senses::new();
    if super::crucial::is_entry(word) {
        found.extend(super::crucial::plain_senses(word));
    }
    found.extend(EVERYDAY.get(word).into_iter().flatten().cloned());
    found.extend(
        dictionary::listed(word)
            .into_iter()
            .flat_map(|entry| entry.senses().flat_map(stems).collect::<Vec<_>>()),
    );
    (!found.is_empty()).then_some(found)
}

/// How well the English covers a word: by one of its senses, by a word near to one, or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Covered {
    Direct,
    Near,
    Not,
}

pub(super) fn covered(senses: &Senses, english: &English<'_>) -> Covered {
    if senses.iter().any(|sense| english.has_like(sense)) {
        return Covered::Direct;
    }
    let near = senses.iter().filter_map(|sense| NEAR.get(sense)).flatten();
    if near.into_iter().any(|sense| english.has_like(sense)) {
        return Covered::Near;
    }
    Covered::Not
}

/// Stems that stand beside a stem in an entry.
pub(super) fn near(stem: &str) -> impl Iterator<Item = &'static String> {
    NEAR.get(stem).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_senses_through_affixes_and_neighbors() {
        let english = English::new("The people rejected the bridge.");
        for (word, expected) in [("rumahnya", Covered::Not), ("jembatan", Covered::Direct)] {
            let (senses, _) = senses(word).unwrap();
            assert_eq!(covered(&senses, &english), expected, "{word} {senses:?}");
        }
        assert!(senses("qqqq").is_none());
        assert!(is_english("governor") && !is_english("jembatan") && is_indonesian("jembatan"));
    }
}
