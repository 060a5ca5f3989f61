//! A dictionary of word forms and fixed expressions: their English, and how common they are; and one of names.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::entries;

/// What the dictionary says of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    senses: &'static str,
    /// How often the form occurs in the text that the translator was trained on.
    pub seen: u32,
}

impl Entry {
    /// English senses, the likeliest first.
    pub fn senses(&self) -> impl Iterator<Item = &'static str> {
        self.senses.split(';').map(str::trim)
    }
}

/// By form, in lower case.
static DICTIONARY: LazyLock<HashMap<&'static str, Entry>> =
    LazyLock::new(|| table(include_str!("dictionary.tsv"), |senses, seen| Entry { senses, seen }));

/// A list of three columns, by the first; each is made from the other two.
fn table<T>(list: &'static str, made: impl Fn(&'static str, u32) -> T) -> HashMap<&'static str, T> {
    let row = |line: &'static str| {
        let mut columns = line.split('\t');
        let (key, english, seen) = (columns.next()?, columns.next()?, columns.next()?);
        Some((key, made(english, seen.parse().ok()?)))
    };
    entries(list).filter_map(row).collect()
}

/// First words of the expressions of several words.
static OPENINGS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| DICTIONARY.keys().filter_map(|form| Some(form.split_once(' ')?.0)).collect());

/// Words of an expression at most.
pub(crate) const LONGEST: usize = 5;

/// All entries, in no order.
pub(crate) fn all() -> impl Iterator<Item = Entry> {
    DICTIONARY.values().copied()
}

const CLITICS: [&str; 6] = ["nya", "lah", "kah", "pun", "ku", "mu"];

/// The entry of a word in lower case as it stands, else of the word without a clitic, of its single form, of its active.
///
/// The same choice in the same order as in `training/translator/hints.py`, or the translator would see other hints than
/// it was trained with.
pub(crate) fn find(word: &str) -> Option<Entry> {
    let single =
        || word.split_once('-').filter(|(left, right)| left == right).and_then(|(left, _)| entry(left));
    bare(word).or_else(single).or_else(|| entry(&active(word)?))
}

/// The entry of an expression of several words in lower case as it stands, else without a clitic.
pub(crate) fn expression(words: &str) -> Option<Entry> {
    bare(words)
}

/// Whether an expression of several words begins with this word, in lower case.
pub(crate) fn opens_expression(word: &str) -> bool {
    OPENINGS.contains(word)
}

/// The entry of a word in lower case as it stands.
pub(crate) fn listed(word: &str) -> Option<Entry> {
    entry(word)
}

fn entry(form: &str) -> Option<Entry> {
    DICTIONARY.get(form).copied()
}

fn bare(form: &str) -> Option<Entry> {
    let bare = || {
        let bare = CLITICS.iter().filter_map(|clitic| form.strip_suffix(clitic));
        bare.filter(|bare| bare.chars().count() >= 3).find_map(entry)
    };
    entry(form).or_else(bare)
}

/// A name of public life, as written, and its English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Name {
    pub english: &'static str,
    /// How often the name occurs in the text that the translator was trained on.
    pub seen: u32,
}

static NAMES: LazyLock<HashMap<&'static str, Name>> =
    LazyLock::new(|| table(include_str!("english_names.tsv"), |english, seen| Name { english, seen }));

/// Words of a name at most.
pub(crate) const LONGEST_NAME: usize = 9;

/// What a name is in English: an institution, office, unit, law, place or people whose name is another one there.
pub(crate) fn name(written: &str) -> Option<Name> {
    NAMES.get(written).copied()
}

/// The meN- form of a di- form: `dilucuti` to `melucuti`.
fn active(form: &str) -> Option<String> {
    let root = form.strip_prefix("di").filter(|root| root.chars().count() >= 4)?;
    let mut rest = root.chars();
    let (prefix, kept) = match rest.next()? {
        'p' => ("mem", rest.as_str()),
        'b' | 'f' => ("mem", root),
        't' => ("men", rest.as_str()),
        'd' | 'c' | 'j' => ("men", root),
        's' => ("meny", rest.as_str()),
        'k' => ("meng", rest.as_str()),
        'g' | 'h' | 'a' | 'e' | 'i' | 'o' | 'u' => ("meng", root),
        _ => ("me", root),
    };
    Some(format!("{prefix}{kept}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_an_entry() {
        let lines = entries(include_str!("dictionary.tsv")).count();
        assert_eq!(DICTIONARY.len(), lines, "a line without three columns, or a form twice");
        assert!(DICTIONARY.values().all(|entry| entry.senses().all(|sense| !sense.is_empty())));
    }

    #[test]
    fn every_name_is_an_entry() {
        let lines = entries(include_str!("english_names.tsv")).count();
        assert_eq!(NAMES.len(), lines, "a line without three columns, or a name twice");
        assert!(NAMES.iter().all(|(name, english)| *name != english.english && !english.english.is_empty()));
        assert!(NAMES.keys().all(|name| name.split(' ').count() <= LONGEST_NAME));
    }

    #[test]
    fn finds_a_word_by_what_it_is_a_form_of() {
        let senses = |word| find(word).map(|entry| entry.senses().collect::<Vec<_>>());
        let same = [("ablasinya", "ablasi"), ("abdi-abdi", "abdi"), ("abadilah", "abadi")];
        for (form, base) in same {
            assert!(senses(base).is_some());
            assert_eq!(senses(form), senses(base), "{form}");
        }
        assert_eq!(active("dilucuti").as_deref(), Some("melucuti"));
        assert_eq!(active("disapu").as_deref(), Some("menyapu"));
        assert_eq!(active("dipukul").as_deref(), Some("memukul"));
        assert_eq!(active("diam"), None);
        assert_eq!(senses("qqqq"), None);
    }
}
