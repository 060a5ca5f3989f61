//! The words of an Indonesian segment, and which of them are names.

use std::cell::OnceCell;
use std::ops::Range;

use crate::document::Label;
use crate::part::Part;
use crate::translate::known;

/// A word of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SourceWord<'s> {
    pub written: &'s str,
    pub lower: String,
    pub start: usize,
    /// Whether it is the first of a sentence or quotation.
    pub opens: bool,
    /// Whether it is part of a person's name.
    pub in_person: bool,
    /// Whether it is part of any name.
    pub in_name: bool,
}

impl SourceWord<'_> {
    pub fn is_capital(&self) -> bool {
        self.written.chars().next().is_some_and(char::is_uppercase)
    }
}

/// A segment with its words.
#[derive(Debug, Clone)]
pub(in crate::translate) struct Source<'s> {
    pub(super) text: &'s str,
    pub(super) words: Vec<SourceWord<'s>>,
    listed: OnceCell<Vec<(Range<usize>, Vec<&'static str>)>>,
}

impl<'s> Source<'s> {
    pub(in crate::translate) fn new(text: &'s str, names: &[(&str, Label)]) -> Self {
        let named: Vec<(Range<usize>, Label)> = names
            .iter()
            .filter(|(name, label)| {
                !name.is_empty() && matches!(label, Label::Per | Label::Loc | Label::Org | Label::Evt)
            })
            .flat_map(|&(name, label)| {
                text.match_indices(name).map(move |(at, _)| (at..at + name.len(), label))
            })
            .collect();
        let mut words: Vec<SourceWord<'s>> = Vec::new();
        let mut end = 0;
        for (start, written) in crate::translate::glossary::words(text) {
            let gap = text.part(end..start);
            end = start + written.len();
            let opens = words.is_empty() || gap.contains(['.', '!', '?', ':', '"', '“', '”', '(', '–', '—']);
            let inside = |wanted: fn(Label) -> bool| {
                named.iter().any(|(range, label)| range.contains(&start) && wanted(*label))
            };
            words.push(SourceWord {
                written,
                lower: written.to_lowercase(),
                start,
                opens,
                in_person: inside(|label| label == Label::Per),
                in_name: inside(|_| true),
            });
        }
        Source { text, words, listed: OnceCell::new() }
    }

    /// Names and expressions that the lists of the crate put into English as a whole: where they stand, and what they may be. They are
    /// looked up when they are first asked for: not everybody does.
    pub(super) fn listed(&self) -> &[(Range<usize>, Vec<&'static str>)] {
        self.listed.get_or_init(|| known::english(self.text))
    }

    /// How many words a scraper glued together, as far as a capital inside shows it: `diRusia`.
    pub(in crate::translate) fn glued(&self) -> usize {
        let glued = |word: &&SourceWord<'_>| {
            let characters: Vec<char> = word.written.chars().collect();
            characters.windows(3).any(|three| matches!(three, [a, b, c] if a.is_lowercase() && b.is_lowercase() && c.is_uppercase()))
        };
        self.words.iter().filter(glued).count()
    }

    pub(in crate::translate) fn word_count(&self) -> usize {
        self.words.len()
    }

    /// What is written from the first of some neighboring words to the last, if only blanks part them.
    pub(super) fn between(&self, words: &[SourceWord<'s>]) -> Option<&'s str> {
        let (first, last) = words.first().zip(words.last())?;
        let written = self.text.get(first.start..last.start + last.written.len())?;
        written.chars().all(|c| c == ' ' || c.is_alphanumeric() || c == '-').then_some(written)
    }
}
