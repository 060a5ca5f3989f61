//! An English text, made ready for many questions about its words.

use std::collections::HashSet;

use crate::lang::english_words::stem;
use crate::part::Part;

/// A word of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word<'t> {
    pub written: &'t str,
    pub lower: String,
    pub stem: String,
    /// Where it starts, in bytes.
    pub start: usize,
    /// Whether a sentence or a quotation opens with it, so that a capital says nothing.
    pub opens: bool,
}

/// The words of an English text, with those that short forms stand for: `not` in `didn't`.
#[derive(Debug, Clone)]
pub(in crate::translate) struct English<'t> {
    pub(super) text: &'t str,
    pub(super) words: Vec<Word<'t>>,
    stems: HashSet<String>,
    /// The beginnings of long stems.
    starts: HashSet<String>,
}

/// Directions that are written as one word or as two.
const DIRECTIONS: [(&str, &str); 4] =
    [("north", "east"), ("north", "west"), ("south", "east"), ("south", "west")];

impl<'t> English<'t> {
    pub(in crate::translate) fn new(text: &'t str) -> Self {
        let mut words: Vec<Word<'t>> = Vec::new();
        let mut end = 0;
        for (start, written) in split(text) {
            let gap = text.part(end..start);
            end = start + written.len();
            // After `A.` and `Mr.` no sentence begins.
            let short = words.last().is_some_and(|last| last.written.chars().count() < 3);
            let opens = words.is_empty()
                || (gap.contains(['.', '!', '?']) && !short)
                || gap.contains([':', '"', '“', '”', '(', '–', '—', '…']);
            let lower = written.to_lowercase().replace('’', "'");
            let bare = lower.strip_suffix("'s").unwrap_or(&lower).trim_end_matches('\'');
            words.push(Word { written, lower: bare.to_owned(), stem: stem(bare), start, opens });
        }
        let mut stems: HashSet<String> = words.iter().map(|word| word.stem.clone()).collect();
        for word in &words {
            if word.lower.ends_with("n't") || word.lower == "cannot" {
                stems.insert("not".to_owned());
            }
        }
        for pair in words.windows(2) {
            if let [one, two] = pair {
                let meets = |&&(a, b): &&(&str, &str)| {
                    one.lower == a && two.lower.strip_suffix("ern").unwrap_or(&two.lower) == b
                };
                if let Some((a, b)) = DIRECTIONS.iter().find(meets) {
                    stems.insert(stem(&format!("{a}{b}")));
                }
            }
        }
        let starts = stems.iter().filter_map(|stem| start(stem)).collect();
        English { text, words, stems, starts }
    }

    /// The stems of the words that say something, in order.
    #[cfg(feature = "native")]
    pub(in crate::translate) fn heavy_stems(&self) -> Vec<String> {
        self.words
            .iter()
            .filter(|word| !crate::lang::english_words::is_light(&word.lower))
            .map(|word| word.stem.clone())
            .collect()
    }

    /// Whether a word with this stem is there.
    pub(super) fn has(&self, stem: &str) -> bool {
        self.stems.contains(stem)
    }

    /// Whether a word with this stem is there, or one that begins alike: `access` in `accessible`.
    pub(super) fn has_like(&self, stem: &str) -> bool {
        self.has(stem) || start(stem).is_some_and(|start| self.starts.contains(&start))
    }

    /// Whether all words of a phrase that say something are there, in any form and order.
    #[cfg(feature = "native")]
    pub(in crate::translate) fn has_words_of(&self, phrase: &str) -> bool {
        super::lexicon::stems(phrase).iter().all(|stem| self.has_like(stem))
    }

    /// Whether these stems are there, one behind the other.
    pub(super) fn has_phrase(&self, stems: &[String]) -> bool {
        match stems {
            [] => true,
            [one] => self.has(one),
            _ => self
                .words
                .windows(stems.len())
                .any(|window| window.iter().zip(stems).all(|(word, stem)| word.stem == *stem)),
        }
    }
}

/// Letters that two words of one origin have in common.
const START: usize = 5;

/// The beginning of a stem that is long enough to have one.
pub(super) fn start(stem: &str) -> Option<String> {
    let start: String = stem.chars().take(START).collect();
    (start.chars().count() == START).then_some(start)
}

/// Words with where they start; apostrophes within belong to them, hyphens do not.
pub(super) fn split(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let apart = |c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’'));
    text.split(apart).filter_map(move |word| {
        let word = word.trim_matches(['\'', '’']);
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        (!word.is_empty()).then_some((start, word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_words_in_all_their_forms() {
        let english = English::new("He didn't fall in the north-east. Women's rights rose!");
        for word in ["not", "fell", "northeast", "woman", "right", "rise"] {
            assert!(english.has(&stem(word)), "{word}");
        }
        assert!(!english.has("stand"));
        let phrase: Vec<String> = ["woman", "right"].map(stem).into();
        assert!(english.has_phrase(&phrase));
        let opens: Vec<&str> =
            english.words.iter().filter(|word| word.opens).map(|word| word.written).collect();
        assert_eq!(opens, ["He", "Women's"]);
    }
}
