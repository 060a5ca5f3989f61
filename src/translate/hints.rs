//! What stands beside a segment in the prompt: senses of its rare words, and the English of its names.
//!
//! A small model cannot know every word, a dictionary can. The model was trained with hints present, absent, and now and then
//! wrong, and chooses by the sentence. The choice of words is that of `training/translator/hints.py`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Match, Regex};

use super::Term;
use crate::lang::id::dictionary::{self, LONGEST, LONGEST_NAME};
use crate::text::pattern;

/// Hints of a segment at most.
const MOST: usize = 8;
/// Senses of a word at most.
const SENSES: usize = 2;
/// After these alone a capital opens the sentence.
const OPENING: [char; 9] = [' ', '"', '\'', '“', '”', '‘', '’', '(', '-'];

/// A word in lower case and its senses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hint {
    pub form: String,
    pub senses: Vec<&'static str>,
}

/// Hints for the words and fixed expressions of a segment that occur less than `rarer_than` times in the training text: the rarest, in
/// the order of the segment. A capital inside a sentence is a name and gets none.
pub(super) fn words(segment: &str, rarer_than: u32) -> Vec<Hint> {
    if rarer_than == 0 {
        return Vec::new();
    }
    let mut found: Vec<(u32, usize, Hint)> = Vec::new();
    let all: Vec<Match<'_>> = WORD.find_iter(segment).collect();
    let mut rest = all.as_slice();
    while let [first, behind @ ..] = rest {
        let before = segment.get(..first.start()).unwrap_or_default();
        if first.as_str().starts_with(char::is_uppercase) && !before.trim_matches(OPENING).is_empty() {
            rest = behind;
            continue;
        }
        let (form, entry) = match expression(segment, rest) {
            Some((words, form, entry)) => {
                rest = rest.get(words..).unwrap_or_default();
                (form, Some(entry))
            }
            None => {
                rest = behind;
                let form = first.as_str().to_lowercase();
                let entry = dictionary::find(&form);
                (form, entry)
            }
        };
        let Some(entry) = entry.filter(|entry| entry.seen < rarer_than) else { continue };
        if !found.iter().any(|(_, _, hint)| hint.form == form) {
            found.push((
                entry.seen,
                first.start(),
                Hint { form, senses: entry.senses().take(SENSES).collect() },
            ));
        }
    }
    // Stable: of equally rare words the first ones stay.
    found.sort_by_key(|&(seen, ..)| seen);
    found.truncate(MOST);
    found.sort_by_key(|&(_, at, _)| at);
    found.into_iter().map(|(.., hint)| hint).collect()
}

/// The longest fixed expression that the words begin with: how many they are, the form, and its entry.
fn expression(segment: &str, words: &[Match<'_>]) -> Option<(usize, String, dictionary::Entry)> {
    let first = words.first().filter(|word| dictionary::opens_expression(&word.as_str().to_lowercase()))?;
    (2..=LONGEST.min(words.len())).rev().find_map(|count| {
        let form = phrase(segment, first, words.get(count - 1)?)?;
        let spaced = words.iter().take(count).map(|word| word.as_str()).collect::<Vec<_>>().join(" ");
        let form = (form == spaced).then(|| form.to_lowercase())?;
        let entry = dictionary::expression(&form)?;
        Some((count, form, entry))
    })
}

/// The text from one word to another.
fn phrase<'t>(segment: &'t str, first: &Match<'_>, last: &Match<'_>) -> Option<&'t str> {
    segment.get(first.start()..last.end())
}

/// The names of a segment that occur less than `rarer_than` times in the training text, with their English; of several with one
/// English the first alone, though it be a frequent one, as in `Mahkamah Agung (MA)`.
pub(super) fn names(segment: &str, rarer_than: u32) -> Vec<Term> {
    let mut found: Vec<Term> = Vec::new();
    let mut met: Vec<&str> = Vec::new();
    for (range, name) in all_names(segment) {
        let is_new = !met.contains(&name.english);
        met.push(name.english);
        if name.seen < rarer_than && is_new {
            let source = segment.get(range).unwrap_or_default().to_owned();
            found.push(Term { source, target: name.english.to_owned() });
        }
    }
    found
}

/// What the lists of the crate put into English as a whole: where it stands in a segment, and what it may be.
pub(super) fn known_english(segment: &str) -> Vec<(Range<usize>, Vec<&'static str>)> {
    let names = all_names(segment).into_iter().map(|(range, name)| (range, vec![name.english]));
    let words: Vec<Match<'_>> = WORD.find_iter(segment).collect();
    let expressions = (0..words.len()).filter_map(|at| {
        let rest = words.get(at..)?;
        let (count, _, entry) = expression(segment, rest)?;
        Some((rest.first()?.start()..rest.get(count - 1)?.end(), entry.senses().collect()))
    });
    names.chain(expressions).collect()
}

/// All names of a segment and where they stand: the longest of what overlaps.
fn all_names(segment: &str) -> Vec<(Range<usize>, dictionary::Name)> {
    let mut found = Vec::new();
    let all: Vec<Match<'_>> = NAME_WORD.find_iter(segment).collect();
    let mut rest = all.as_slice();
    while let [first, behind @ ..] = rest {
        let name = (1..=LONGEST_NAME.min(rest.len())).rev().find_map(|count| {
            let last = rest.get(count - 1)?;
            Some((count, first.start()..last.end(), dictionary::name(phrase(segment, first, last)?)?))
        });
        let Some((words, range, name)) = name else {
            rest = behind;
            continue;
        };
        rest = rest.get(words..).unwrap_or_default();
        found.push((range, name));
    }
    found
}

/// As Python's `[^\W_]+(?:[-'’][^\W_]+)*`.
static NAME_WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\p{L}\p{N}]+(?:[-'’][\p{L}\p{N}]+)*"));

/// As Python's `[^\W\d_]+(?:-[^\W\d_]+)*`: letters and numbers that are no digits, but no combining marks.
static WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\p{L}\p{Nl}\p{No}]+(?:-[\p{L}\p{Nl}\p{No}]+)*"));

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Case {
        source: String,
        rarer_than: u32,
        words: Vec<(String, Vec<String>)>,
        names: Vec<(String, String)>,
    }

    /// Made by `tests/reference/hints.py`.
    #[test]
    fn chooses_the_words_that_training_chose() {
        let cases = include_str!("../../tests/data/translate/hints.jsonl").lines();
        let (mut hinted, mut expressions, mut named) = (0, 0, 0);
        for case in cases.map(|line| serde_json::from_str::<Case>(line).unwrap()) {
            let found = words(&case.source, case.rarer_than);
            let found: Vec<(String, Vec<String>)> = found
                .into_iter()
                .map(|hint| (hint.form, hint.senses.into_iter().map(str::to_owned).collect()))
                .collect();
            hinted += usize::from(!found.is_empty());
            expressions += found.iter().filter(|(form, _)| form.contains(' ')).count();
            assert_eq!(found, case.words, "{} < {}", case.source, case.rarer_than);
            let found = names(&case.source, case.rarer_than);
            named += found.len();
            let found: Vec<_> = found.into_iter().map(|term| (term.source, term.target)).collect();
            assert_eq!(found, case.names, "{} < {}", case.source, case.rarer_than);
        }
        assert!(hinted > 300 && expressions > 50 && named > 100, "{hinted} {expressions} {named}");
    }

    #[test]
    fn none_where_none_are_asked_for() {
        assert_eq!(words("Abaikan ablasi.", 0), []);
        assert_ne!(words("Abaikan ablasi.", 60), []);
    }
}
