//! Words that turn the meaning of a sentence if they get lost: `crucial.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::english::{split, English, Word};
use super::lexicon::{self, Senses};
use super::source::{Source, SourceWord};
use crate::lang::english_words::{is_light, stem};
use crate::lang::id::{dictionary, entries};
use crate::translate::glossary::forms;

/// English that may stand for a word.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Accepted {
    /// Stems beside each other, mostly one.
    Words(Vec<String>),
    /// `un*`: a word that begins so, and whose rest is a word.
    Prefix(String),
    /// `-less`: a word that ends so.
    Suffix(String),
    /// `=beaten`: this form alone.
    Form(String),
    /// `brother~younger`: a word of the first stem where the second is nowhere.
    Unless(String, String),
}

impl Accepted {
    fn read(written: &str) -> Self {
        if let Some(suffix) = written.strip_prefix('-') {
            return Accepted::Suffix(suffix.to_owned());
        }
        if let Some(form) = written.strip_prefix('=') {
            return Accepted::Form(form.to_owned());
        }
        if let Some((word, other)) = written.split_once('~') {
            return Accepted::Unless(stem(word), stem(other));
        }
        match written.strip_suffix('*') {
            Some(prefix) if !prefix.ends_with('-') => Accepted::Prefix(prefix.to_owned()),
            _ => {
                let parts = written.trim_end_matches(['*', '-']);
                Accepted::Words(split(&parts.replace('_', " ")).map(|(_, word)| stem(word)).collect())
            }
        }
    }

    fn is_in(&self, english: &English<'_>) -> bool {
        match self {
            Accepted::Words(stems) => english.has_phrase(stems),
            Accepted::Unless(stem, other) => english.has(stem) && !english.has(other),
            _ => english.words.iter().any(|word| self.is_word(word)),
        }
    }

    /// Whether a word alone stands for it.
    fn is_word(&self, word: &Word<'_>) -> bool {
        match self {
            Accepted::Words(stems) => matches!(stems.as_slice(), [stem] if *stem == word.stem),
            Accepted::Prefix(prefix) => {
                !NO_PREFIX.iter().any(|whole| word.lower.starts_with(whole))
                    && word
                        .lower
                        .strip_prefix(prefix)
                        .is_some_and(|rest| rest.len() > 2 && lexicon::is_english(rest))
            }
            Accepted::Suffix(suffix) => word.lower.strip_suffix(suffix).is_some_and(|rest| rest.len() > 2),
            Accepted::Form(form) => word.lower == *form,
            Accepted::Unless(..) => false,
        }
    }
}

/// Beginnings of words that begin like `dis…`, `pre…`, `un…` by chance.
const NO_PREFIX: [&str; 26] = [
    "disast",
    "discharg",
    "discipl",
    "discount",
    "discours",
    "discov",
    "discuss",
    "diseas",
    "disk",
    "dispatch",
    "display",
    "distan",
    "distinct",
    "distribut",
    "district",
    "preach",
    "prefer",
    "prepar",
    "present",
    "press",
    "prevail",
    "prevent",
    "under",
    "unit",
    "unic",
    "universi",
];

type Entry = Vec<Accepted>;

/// By form, words between single blanks.
static CRUCIAL: LazyLock<HashMap<&'static str, &'static Entry>> = LazyLock::new(|| {
    let mut entries_by_form = HashMap::new();
    for (forms, english) in lines() {
        let entry: &'static Entry =
            Box::leak(Box::new(english.split_whitespace().map(Accepted::read).collect()));
        entries_by_form.extend(forms.split(',').map(|form| (form, entry)));
    }
    entries_by_form
});

fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    entries(include_str!("../../lang/id/crucial.txt")).filter_map(|line| line.split_once('\t'))
}

/// Words of a phrase at most.
const LONGEST: usize = 3;

/// Whether a word in lower case stands in the list as it is.
pub(super) fn is_entry(word: &str) -> bool {
    CRUCIAL.contains_key(word)
}

/// The single English words that stand for a word in the list, for those who ask about meaning alone.
pub(super) fn plain_senses(word: &str) -> Senses {
    let entries = CRUCIAL.get(word).copied().map_or_else(|| of_roots(word), |entry| vec![entry]);
    let words = entries.into_iter().flatten().filter_map(|accepted| match accepted {
        Accepted::Words(stems) => stems.first().filter(|_| stems.len() == 1).cloned(),
        Accepted::Form(form) => Some(stem(form)),
        Accepted::Unless(stem, _) => Some(stem.clone()),
        _ => None,
    });
    words.collect()
}

/// English that may stand for `tidak` without denying anything where it stands for something else.
const FAINT: [&str; 14] = [
    "other",
    "only",
    "bad",
    "both",
    "even",
    "although",
    "though",
    "minor",
    "low",
    "far",
    "out",
    "immediately",
    "besides",
    "must",
];

/// Whether an English word denies something, as far as it may stand for `tidak`.
pub(super) fn denies(word: &Word<'_>) -> bool {
    let entry = CRUCIAL.get("tidak").filter(|_| !FAINT.contains(&word.lower.as_str()));
    entry.is_some_and(|entry| entry.iter().any(|accepted| accepted.is_word(word)))
}

fn of_roots(word: &str) -> Vec<&'static Entry> {
    let bare = |derived: bool| forms::of(word).into_iter().filter(move |form| form.derived == derived);
    let found = |derived| {
        bare(derived).filter_map(|form| CRUCIAL.get(form.base.as_str()).copied()).collect::<Vec<_>>()
    };
    // A word without a clitic is surer than a root.
    Some(found(false)).filter(|found| !found.is_empty()).unwrap_or_else(|| found(true))
}

/// The words of the source, as written there, whose English is not in `english`; each once.
pub(super) fn missing<'s>(source: &Source<'s>, english: &English<'_>) -> Vec<&'s str> {
    let words = &source.words;
    let titles = super::titles(source.text, english.text);
    let mut missing: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(first) = words.get(at) {
        let phrase = (2..=LONGEST).rev().find_map(|length| {
            let phrase = words.get(at..at + length)?;
            let joined = phrase.iter().map(|word| word.lower.as_str()).collect::<Vec<_>>().join(" ");
            Some((length, source.between(phrase)?, CRUCIAL.get(joined.as_str()).copied()?))
        });
        let (length, written, entries) = match phrase {
            Some((length, written, entry)) => (length, written, vec![entry]),
            None => (1, first.written, alone(first)),
        };
        at += length;
        if entries.is_empty() || first.in_person || entries.iter().any(|entry| entry.is_empty()) {
            continue;
        }
        // The title of a work may stay as it is.
        if titles.iter().any(|title| title.contains(&first.start)) {
            continue;
        }
        let copied = first.is_capital() && english.words.iter().any(|word| word.written == first.written);
        let meant = || entries.iter().any(|entry| entry.iter().any(|accepted| accepted.is_in(english)));
        let senses = || {
            // The dictionary does not know which brother is the younger one.
            let exact = |accepted: &Accepted| matches!(accepted, Accepted::Unless(..));
            let exact = entries.iter().any(|entry| entry.iter().any(exact));
            let entry = dictionary::find(&first.lower).filter(|_| length == 1 && !exact);
            entry
                .is_some_and(|entry| entry.senses().flat_map(lexicon::stems).any(|sense| english.has(&sense)))
        };
        // Part of what the lists put into English as a whole: `Hidup` in `Kementerian Lingkungan Hidup`.
        let whole = || {
            source.listed().iter().filter(|(range, _)| range.contains(&first.start)).any(|(_, whole)| {
                whole.iter().any(|one| {
                    let mut heavy = split(one)
                        .map(|(_, word)| word.to_lowercase())
                        .filter(|word| !is_light(word))
                        .peekable();
                    heavy.peek().is_some() && heavy.all(|word| english.has(&stem(&word)))
                })
            })
        };
        if !copied && !meant() && !senses() && !whole() && !missing.contains(&written) {
            missing.push(written);
        }
    }
    missing
}

fn alone(word: &SourceWord<'_>) -> Vec<&'static Entry> {
    match CRUCIAL.get(word.lower.as_str()) {
        Some(entry) => vec![entry],
        None => of_roots(&word.lower),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_an_entry() {
        let list = include_str!("../../lang/id/crucial.txt");
        for line in entries(list) {
            let (forms, english) = line.split_once('\t').unwrap_or_else(|| panic!("no tab: {line}"));
            assert!(
                forms.split(',').all(|form| form.trim() == form && form == form.to_lowercase()),
                "{line}"
            );
            assert!(forms.split(',').all(|form| form.split(' ').count() <= LONGEST), "{line}");
            assert!(english.split_whitespace().count() > 0, "{line}");
        }
        assert!(lines().count() > 300);
    }

    #[test]
    fn finds_what_is_turned() {
        let no: [&str; 0] = [];
        for (source, english, expected) in [
            ("Warga tidak setuju.", "Residents agreed.", &["tidak setuju"][..]),
            ("Warga tidak setuju.", "Residents didn't agree.", &no),
            ("Warga tak mampu membayar.", "Residents were unable to pay.", &no),
            ("Tidak jelas siapa yang datang.", "It is unclear who came.", &no),
            ("Pedagang itu tidak jujur.", "The trader is dishonest.", &no),
            ("Paman tidak setuju.", "His uncle agreed.", &["tidak setuju"]),
            ("Penyakit itu tidak menular.", "The disease is contagious.", &["tidak"]),
            ("Kurang lebih 50 orang hadir.", "About 50 people attended.", &no),
            ("Tidak kurang dari 50 orang hadir.", "At least 50 people attended.", &no),
            ("Harga beras turun.", "The price of rice rose.", &["turun"]),
            ("Harga beras menurun.", "The price of rice has fallen.", &no),
            ("Kapal menuju timur laut.", "The ship headed east.", &["timur laut"]),
            ("Kapal menuju timur laut.", "The ship headed north-east.", &no),
            ("Ibu tirinya datang.", "His mother came.", &["tirinya"]),
            ("Ibu tirinya datang.", "His stepmother came.", &no),
            ("Mantan wakil gubernur hadir.", "The deputy governor came.", &["Mantan"]),
            ("Pemerintah melarang ekspor.", "The government supports exports.", &["melarang"]),
            ("Ekspor dilarang.", "Exports were banned.", &no),
            ("Persija kalah dari Persib.", "Persija beat Persib.", &["kalah"]),
            ("Persija kalah dari Persib.", "Persija were beaten by Persib.", &no),
            ("Persija kalah dari Persib.", "Persija lost to Persib.", &no),
            ("Persija mengalahkan Persib.", "Persija lost to Persib.", &["mengalahkan"]),
            ("Persija mengalahkan Persib.", "Persija beat Persib.", &no),
            ("Persija dikalahkan Persib.", "Persija lost to Persib.", &no),
            ("Warga lebih aman.", "Residents are less safe.", &["lebih"]),
            ("Warga lebih sedikit.", "There are fewer residents.", &no),
            ("Kakaknya pulang.", "His younger sister came home.", &["Kakaknya"]),
            ("Kakaknya pulang.", "His sister came home.", &no),
            ("Kakak dan adiknya pulang.", "His older and his younger sister came home.", &no),
            ("Adiknya pulang.", "His older brother came home.", &["Adiknya"]),
            ("Warga tidak setuju.", "Residents oppose it.", &no),
            ("Warga tidak setuju.", "Residents disapproved.", &no),
            ("Penyakit diabetes meluas.", "Diabetes is spreading.", &no),
            ("Penyakit itu meluas.", "The elephant is spreading.", &["Penyakit"]),
        ] {
            let found = missing(&Source::new(source, &[]), &English::new(english));
            assert_eq!(found, expected, "{source} / {english}");
        }
    }
}
