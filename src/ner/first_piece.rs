//! Ties words to the pieces of a tokenizer.

use std::ops::Range;

/// For each word, the piece that speaks for it: the first of the pieces that belong to it.
///
/// A piece belongs to the first word with a letter or digit that it touches, else to the first word that it
/// touches: `(29` to the number, `).` to the bracket. A word that shares its only piece owns none.
/// `pieces` and `words` are ordered ranges of bytes of one text.
pub(super) fn first_pieces(
    text: &str,
    words: &[Range<usize>],
    pieces: &[Range<usize>],
) -> Vec<Option<usize>> {
    let mut first = vec![None; words.len()];
    let mut at = 0;
    for (index, piece) in pieces.iter().enumerate().filter(|(_, piece)| !piece.is_empty()) {
        while words.get(at + 1).is_some() && words.get(at).is_some_and(|word| word.end <= piece.start) {
            at += 1;
        }
        let touched = || {
            words
                .iter()
                .enumerate()
                .skip(at)
                .take_while(|(_, word)| word.start < piece.end)
                .filter(|(_, word)| word.end > piece.start)
        };
        let spoken = |word: &Range<usize>| {
            text.get(word.clone()).is_some_and(|word| word.chars().any(char::is_alphanumeric))
        };
        let owner = touched().find(|(_, word)| spoken(word)).or_else(|| touched().next());
        if let Some(slot) = owner.and_then(|(owner, _)| first.get_mut(owner)) {
            slot.get_or_insert(index);
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ner::words::words;

    #[test]
    fn gives_each_word_its_first_piece() {
        let text = "Ia (29).";
        let words = words(text);
        // `Ia`, `(29`, `).`: the opening bracket shares its piece with the number, the full stop with the bracket.
        let first = first_pieces(text, &words, &[0..2, 3..6, 6..8]);
        assert_eq!(first, [Some(0), None, Some(1), Some(2), None]);
    }
}
