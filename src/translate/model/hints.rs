//! What stands beside a segment in the prompt: senses of its rare words, and the English of its names.
//!
//! A small model cannot know every word, a dictionary can. The model was trained with hints present, absent, and now and then
//! wrong, and chooses by the sentence. The choice of words is that of `training/translator/hints.py`.

use regex::Match;

use crate::lang::id::dictionary;
use crate::part::Part;
use crate::translate::known::{self, WORD};
use crate::translate::Term;

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

impl Hint {
    /// Whether it is of a fixed expression rather than of a word.
    pub fn is_expression(&self) -> bool {
        self.form.contains(' ')
    }
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
        let before = segment.part(..first.start());
        if first.as_str().starts_with(char::is_uppercase) && !before.trim_matches(OPENING).is_empty() {
            rest = behind;
            continue;
        }
        let (form, entry) = match known::expression(segment, rest) {
            Some((words, form, entry)) => {
                rest = rest.part(words..);
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

/// The names of a segment that occur less than `rarer_than` times in the training text, with their English; of several with one
/// English the first alone, though it be a frequent one, as in `Mahkamah Agung (MA)`.
pub(super) fn names(segment: &str, rarer_than: u32) -> Vec<Term> {
    let mut found: Vec<Term> = Vec::new();
    let mut met: Vec<&str> = Vec::new();
    for (range, name) in known::names(segment) {
        let is_new = !met.contains(&name.english);
        met.push(name.english);
        if name.seen < rarer_than && is_new {
            let source = segment.part(range).to_owned();
            found.push(Term { source, target: name.english.to_owned() });
        }
    }
    found
}

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
        let cases = include_str!("../../../tests/data/translate/hints.jsonl").lines();
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
