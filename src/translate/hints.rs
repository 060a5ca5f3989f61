//! What stands beside a segment in the prompt: senses of its rare words.
//!
//! A small model cannot know every word, a dictionary can. The model was trained with hints present, absent, and now and then
//! wrong, and chooses by the sentence. The choice of words is that of `training/translator/hints.py`.

use std::sync::LazyLock;

use regex::Regex;

use crate::lang::id::dictionary;
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

/// Hints for the words of a segment that occur less than `rarer_than` times in the training text: the rarest, in the order
/// of the segment. A capital inside a sentence is a name and gets none.
pub(super) fn words(segment: &str, rarer_than: u32) -> Vec<Hint> {
    if rarer_than == 0 {
        return Vec::new();
    }
    let mut found: Vec<(u32, usize, Hint)> = Vec::new();
    for (at, word) in WORD.find_iter(segment).map(|found| (found.start(), found.as_str())) {
        let before = segment.get(..at).unwrap_or_default();
        if word.starts_with(char::is_uppercase) && !before.trim_matches(OPENING).is_empty() {
            continue;
        }
        let form = word.to_lowercase();
        let Some(entry) = dictionary::find(&form).filter(|entry| entry.seen < rarer_than) else { continue };
        if !found.iter().any(|(_, _, hint)| hint.form == form) {
            found.push((entry.seen, at, Hint { form, senses: entry.senses().take(SENSES).collect() }));
        }
    }
    // Stable: of equally rare words the first ones stay.
    found.sort_by_key(|&(seen, ..)| seen);
    found.truncate(MOST);
    found.sort_by_key(|&(_, at, _)| at);
    found.into_iter().map(|(.., hint)| hint).collect()
}

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
    }

    /// Made by `tests/reference/hints.py`.
    #[test]
    fn chooses_the_words_that_training_chose() {
        let cases = include_str!("../../tests/data/translate/hints.jsonl").lines();
        let mut hinted = 0;
        for case in cases.map(|line| serde_json::from_str::<Case>(line).unwrap()) {
            let found = words(&case.source, case.rarer_than);
            let found: Vec<(String, Vec<String>)> = found
                .into_iter()
                .map(|hint| (hint.form, hint.senses.into_iter().map(str::to_owned).collect()))
                .collect();
            hinted += usize::from(!found.is_empty());
            assert_eq!(found, case.words, "{} < {}", case.source, case.rarer_than);
        }
        assert!(hinted > 300, "{hinted}");
    }

    #[test]
    fn none_where_none_are_asked_for() {
        assert_eq!(words("Abaikan ablasi.", 0), []);
        assert_ne!(words("Abaikan ablasi.", 60), []);
    }
}
