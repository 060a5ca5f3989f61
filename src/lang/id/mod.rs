//! Indonesian: word lists, each with its source in its first lines.
//!
//! A list is a text file beside this one: one entry a line, `#` starts a comment line, columns stand apart by
//! blanks. Add a file, then a reader below.

pub(crate) mod dictionary;
pub(crate) mod names;
pub(crate) mod quantities;

use crate::part::Part;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// What the stop after an abbreviation says about the end of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bond {
    /// Never ends a sentence: `Jl.`, `Dr.`
    Strong,
    /// Ends a sentence where a word follows that opens sentences: `PT.`
    Soft,
    /// Binds a number that follows, else ends a sentence: `hlm. 5`
    Number,
    /// Ends a sentence where a capital follows: `dkk.`
    Weak,
    /// As `Weak` behind a name, else as `Soft`, since other names begin so: `S.H.`
    Degree,
}

/// How the abbreviation or title `word` (without its stop) is bound to what follows; `None` where it is neither.
pub(crate) fn bond(word: &str) -> Option<Bond> {
    BONDS.get(word).copied().or_else(|| {
        let mut characters = word.chars();
        let first = characters.next().filter(|first| first.is_uppercase())?;
        // Headlines: `LETJEN.`; two capitals, and those with stops (`A.S.`), are rather initials unless a number follows.
        if word.chars().all(char::is_uppercase) {
            let bond = BONDS.get(word.to_lowercase().as_str()).copied();
            return bond.filter(|bond| word.len() > 2 || *bond == Bond::Number);
        }
        let lower: String = first.to_lowercase().chain(characters).collect();
        BONDS.get(lower.as_str()).copied()
    })
}

/// Offices and roles that stand before a name (`gubernur`); lower case.
pub(crate) fn is_role(lower: &str) -> bool {
    ROLES.contains(lower)
}

/// Words that open sentences (`namun`); lower case.
pub(crate) fn is_starter(lower: &str) -> bool {
    STARTERS.contains(lower)
}

/// Nouns for those that news tell of, which no name begins with (`korban`); lower case.
pub(crate) fn is_subject(lower: &str) -> bool {
    SUBJECTS.contains(lower)
}

/// Words after which no sentence ends (`dari`); lower case.
pub(crate) fn is_connective(lower: &str) -> bool {
    CONNECTIVES.contains(lower)
}

/// Nouns that take a letter as their label (`vitamin`); lower case.
pub(crate) fn is_labelled(lower: &str) -> bool {
    LABELLED.contains(lower)
}

/// Whether `word` at the end of a line leaves its sentence open, since a number or a name must follow (`Rp`, `PT`, `No.`).
pub(crate) fn wants_more(word: &str) -> bool {
    matches!(word, "PT" | "CV" | "Rp" | "Rp." | "US$" | "IDR" | "USD" | "No." | "no.") || {
        let bare = word.strip_suffix('.').unwrap_or_default();
        matches!(bond(bare), Some(Bond::Strong)) && !is_short_unit(bare)
    }
}

/// Whether `first` and `second`, in lower case, are the halves of a doubled word: `anak-anak`, `tolong-menolong`,
/// `sayur-mayur`.
pub(crate) fn is_reduplication(first: &str, second: &str) -> bool {
    let letters = |word: &str| word.chars().count();
    let tail = first.char_indices().nth(1).and_then(|(at, _)| first.get(at..)).unwrap_or_default();
    let head = second.char_indices().nth(4).map_or(second, |(at, _)| second.part(..at));
    (letters(first) >= 3 && second.starts_with(first))
        || (letters(second) >= 3 && first.ends_with(second))
        || (letters(first) >= 4 && second.contains(tail))
        || (letters(head) >= 4 && first.ends_with(head))
        || REDUPLICATIONS.contains(&(first, second))
}

/// Ends of host and file names (`com`); lower case.
pub(crate) fn is_domain(lower: &str) -> bool {
    DOMAINS.contains(lower)
}

/// Verbs by which news tell who said something (`melaporkan`).
pub(crate) fn reporting_verbs() -> impl Iterator<Item = &'static str> {
    REPORTING.iter().copied()
}

/// Whether `lower` is one of [`reporting_verbs`].
pub(crate) fn is_reporting_verb(lower: &str) -> bool {
    REPORTING.contains(&lower)
}

/// Words that scrapers glue to the name before them, and that end no name (`karena`); lower case.
pub(crate) fn is_glued(lower: &str) -> bool {
    GLUED.contains(lower)
}

/// The words that `lower`, a short form of an office or region in lower case, stands for; `whole` says that it is a name
/// of its own.
pub(crate) fn spelled_out(lower: &str, whole: bool) -> Option<&'static str> {
    SHORT_FORMS.get(lower).filter(|(_, only_whole)| whole || !only_whole).map(|(long, _)| *long)
}

/// Units that look like an initial, a title or an abbreviation (`V`, `ms`, `km`).
pub(crate) fn is_short_unit(word: &str) -> bool {
    UNITS.contains(word)
}

/// The month (1 to 12) that `lower`, in lower case and without a stop, names or abbreviates.
pub(crate) fn month(lower: &str) -> Option<i8> {
    MONTHS.get(lower).copied()
}

/// Whether `name` is that of a nation or a part of the world, written as newspapers do (`Rusia`, `AS`).
pub(crate) fn is_nation(name: &str) -> bool {
    NATIONS.get(name) == Some(&true)
}

/// Whether `name` is that of a nation in a spelling that English does not share (`Jepang`, not `Indonesia`).
pub(crate) fn is_nation_in_indonesian_only(name: &str) -> bool {
    is_nation(name) && FOREIGN_SPELLINGS.contains(name)
}

/// Whether `name` is that of a nation, a part of the world or a city abroad.
pub(crate) fn is_known_place(name: &str) -> bool {
    NATIONS.contains_key(name)
}

/// What each short form stands for, and whether only where it is a whole name.
static SHORT_FORMS: LazyLock<HashMap<&'static str, (&'static str, bool)>> = LazyLock::new(|| {
    let forms = entries(include_str!("short_forms.txt")).filter_map(|entry| entry.split_once(' '));
    forms
        .map(|(short, long)| match short.strip_suffix('!') {
            Some(short) => (short, (long, true)),
            None => (short, (long, false)),
        })
        .collect()
});

type Words = HashSet<&'static str>;

static BONDS: LazyLock<HashMap<&'static str, Bond>> = LazyLock::new(|| {
    let titles = entries(include_str!("titles.txt")).map(|title| (title, Bond::Strong));
    let abbreviations = entries(include_str!("abbreviations.txt")).filter_map(|entry| {
        let mut columns = entry.split_whitespace();
        let word = columns.next()?;
        let bond = match columns.next() {
            Some("end") => Bond::Weak,
            Some("soft") => Bond::Soft,
            Some("number") => Bond::Number,
            Some("degree") => Bond::Degree,
            _ => Bond::Strong,
        };
        Some((word, bond))
    });
    abbreviations.chain(titles).collect()
});

/// Month numbers by every spelling; lower case.
pub(crate) static MONTHS: LazyLock<HashMap<&'static str, i8>> = LazyLock::new(|| {
    let months = entries(include_str!("months.txt")).filter_map(|entry| {
        let (number, names) = entry.split_once(' ')?;
        Some((number.parse().ok()?, names))
    });
    months.flat_map(|(number, names)| names.split_whitespace().map(move |name| (name, number))).collect()
});

/// Known places, and whether each is a nation or a part of the world.
static NATIONS: LazyLock<HashMap<&'static str, bool>> = LazyLock::new(|| {
    let places = entries(include_str!("nations.txt"));
    places.map(|place| place.strip_prefix('*').map_or((place, true), |city| (city, false))).collect()
});

/// Names of one word whose English forms are all written otherwise.
static FOREIGN_SPELLINGS: LazyLock<Words> = LazyLock::new(|| {
    let names = entries(include_str!("exonyms.txt")).filter_map(|entry| entry.split_once('\t'));
    names.filter(|(name, forms)| !forms.split('|').any(|form| form == *name)).map(|(name, _)| name).collect()
});

static REPORTING: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| entries(include_str!("reporting.txt")).collect());
static ROLES: LazyLock<Words> = LazyLock::new(|| entries(include_str!("roles.txt")).collect());
static STARTERS: LazyLock<Words> = LazyLock::new(|| entries(include_str!("starters.txt")).collect());
static SUBJECTS: LazyLock<Words> = LazyLock::new(|| entries(include_str!("subjects.txt")).collect());
/// Everyday words that are no names; lower case.
pub(crate) static COMMON: LazyLock<Words> =
    LazyLock::new(|| entries(include_str!("common_words.txt")).flat_map(str::split_whitespace).collect());
static GLUED: LazyLock<Words> = LazyLock::new(|| entries(include_str!("glued.txt")).collect());
static CONNECTIVES: LazyLock<Words> = LazyLock::new(|| entries(include_str!("connectives.txt")).collect());
static LABELLED: LazyLock<Words> = LazyLock::new(|| entries(include_str!("labelled.txt")).collect());
static DOMAINS: LazyLock<Words> = LazyLock::new(|| entries(include_str!("domains.txt")).collect());
static REDUPLICATIONS: LazyLock<HashSet<(&'static str, &'static str)>> = LazyLock::new(|| {
    entries(include_str!("reduplications.txt")).filter_map(|entry| entry.split_once(' ')).collect()
});
static UNITS: LazyLock<Words> = LazyLock::new(|| entries(include_str!("units.txt")).collect());

/// The entries of a list, without comments and blank lines.
pub(crate) fn entries(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_names_its_source_and_has_entries() {
        let lists = [
            include_str!("abbreviations.txt"),
            include_str!("common_words.txt"),
            include_str!("connectives.txt"),
            include_str!("crucial.txt"),
            include_str!("dictionary.tsv"),
            include_str!("domains.txt"),
            include_str!("everyday.txt"),
            include_str!("glued.txt"),
            include_str!("holding.txt"),
            include_str!("labelled.txt"),
            include_str!("months.txt"),
            include_str!("names.txt"),
            include_str!("nations.txt"),
            include_str!("reporting.txt"),
            include_str!("reduplications.txt"),
            include_str!("roles.txt"),
            include_str!("short_forms.txt"),
            include_str!("spoken_languages.txt"),
            include_str!("starters.txt"),
            include_str!("subjects.txt"),
            include_str!("titles.txt"),
            include_str!("units.txt"),
        ];
        for list in lists {
            assert!(list.lines().take(2).all(|line| line.starts_with('#')), "{list}");
            assert!(entries(list).count() > 10, "{list}");
        }
    }

    #[test]
    fn lower_case_entries_also_match_capitalized() {
        assert_eq!(bond("Letjen"), Some(Bond::Strong));
        assert_eq!(bond("Dkk"), Some(Bond::Weak));
        assert_eq!(bond("GEN"), None);
        assert_eq!(bond("LETJEN"), Some(Bond::Strong));
        assert_eq!(bond("DKK"), Some(Bond::Weak));
        assert_eq!(bond("MR"), None);
        assert_eq!(bond("TH"), Some(Bond::Number));
        assert_eq!(bond("A.S"), None);
    }

    #[test]
    fn spells_short_forms_out() {
        assert_eq!(spelled_out("jateng", false), Some("jawa tengah"));
        assert_eq!(spelled_out("dki", true), Some("dki jakarta"));
        assert_eq!(spelled_out("dki", false), None);
    }

    #[test]
    fn knows_months_by_name_and_abbreviation() {
        assert_eq!(month("agustus"), Some(8));
        assert_eq!(month("sept"), Some(9));
        assert_eq!(month("senin"), None);
    }
}
