//! From sentences to the pieces of a model's tokenizer, and back to bytes.

use std::ops::Range;
use std::path::{Path, PathBuf};

use tokenizers::Tokenizer;

use super::tokenizer;
use crate::error::{Error, Result};
use crate::label_model::Config;
use crate::part::Part;
use crate::text::floor;

/// Longest text that the tokenizer is given at once, in bytes; its time and memory grow with it.
const LONGEST: usize = 1 << 14;

/// A tokenizer as published, with its truncation and padding taken off.
#[derive(Debug)]
pub(super) struct Pieces {
    tokenizer: Tokenizer,
    path: PathBuf,
    /// Ids before and after every input: `<s>` and `</s>`, `[CLS]` and `[SEP]`.
    before: Vec<u32>,
    after: Vec<u32>,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// Its number in the vocabulary.
    pub(super) id: u32,
    /// Its bytes in the text.
    pub(super) bytes: Range<usize>,
}

impl Pieces {
    /// Reads the file and checks that its numbers and its special pieces are those of the model.
    ///
    /// # Errors
    /// [`Error::Tokenizer`] or [`Error::ModelInvalid`].
    pub(super) fn load(path: &Path, config: &Config) -> Result<Self> {
        let broken = |source| Error::Tokenizer { path: path.to_owned(), source };
        let invalid = |message: String| Error::ModelInvalid {
            path: path.to_owned(),
            message,
            fix: "check that config.json and the tokenizer belong together".to_owned(),
        };
        let mut tokenizer = tokenizer::read(path)?;
        tokenizer.with_truncation(None).map_err(broken)?.with_padding(None);
        // `</s>` in an article is text.
        tokenizer.set_encode_special_tokens(true);
        let highest = tokenizer.get_vocab(true).into_values().max().unwrap_or_default();
        let vocabulary = config.vocabulary();
        if highest as usize >= vocabulary {
            return Err(invalid(format!(
                "holds piece {highest}, and vocab_size in config.json is {vocabulary}"
            )));
        }
        // RoBERTa counts positions from its padding: a wrong number would shift them all.
        let padding = ["<pad>", "[PAD]"].into_iter().find_map(|pad| Some((pad, tokenizer.token_to_id(pad)?)));
        if let Some((pad, number)) = padding.filter(|&(_, number)| i64::from(number) != config.padding()) {
            let expected = config.padding();
            return Err(invalid(format!(
                "{pad} is piece {number}, and pad_token_id in config.json is {expected}"
            )));
        }
        let probe = tokenizer.encode("a", true).map_err(broken)?;
        let special: Vec<bool> = probe.get_special_tokens_mask().iter().map(|&mask| mask == 1).collect();
        let first = special.iter().position(|&special| !special).unwrap_or(special.len());
        let last = special.iter().rposition(|&special| !special).map_or(special.len(), |last| last + 1);
        let ids = |range: Range<usize>| probe.get_ids().part(range).to_vec();
        let (before, after) = (ids(0..first), ids(last..special.len()));
        if before.is_empty() || after.is_empty() {
            return Err(invalid(
                "puts no special pieces around a text, as models of this kind expect (post_processor)"
                    .to_owned(),
            ));
        }
        Ok(Pieces { tokenizer, path: path.to_owned(), before, after })
    }

    /// How many special pieces stand around every input.
    pub(super) fn specials(&self) -> usize {
        self.before.len() + self.after.len()
    }

    /// How many stand before it.
    pub(super) fn leading(&self) -> usize {
        self.before.len()
    }

    /// An input for the model.
    pub(super) fn input(&self, pieces: &[Piece]) -> Vec<i64> {
        let ids = pieces.iter().map(|piece| piece.id);
        self.before.iter().copied().chain(ids).chain(self.after.iter().copied()).map(i64::from).collect()
    }

    /// The pieces of each text, in order, without special ones; bytes count from the text's start.
    ///
    /// # Errors
    /// [`Error::Tokenizer`].
    pub(super) fn encode(&self, texts: &[&str]) -> Result<Vec<Vec<Piece>>> {
        let parts: Vec<(usize, usize, &str)> = texts
            .iter()
            .enumerate()
            .flat_map(|(index, text)| parts(text).into_iter().map(move |(start, part)| (index, start, part)))
            .collect();
        let inputs: Vec<&str> = parts.iter().map(|&(.., part)| part).collect();
        let encodings = self
            .tokenizer
            .encode_batch(inputs, false)
            .map_err(|source| Error::Tokenizer { path: self.path.clone(), source })?;
        let mut result = vec![Vec::new(); texts.len()];
        for (encoding, (index, start, _)) in encodings.iter().zip(parts) {
            let Some(pieces) = result.get_mut(index) else { continue };
            let found = encoding.get_ids().iter().zip(encoding.get_offsets());
            pieces.extend(found.map(|(&id, &(from, to))| Piece { id, bytes: start + from..start + to }));
        }
        Ok(result)
    }
}

/// Cuts a text that is too long for the tokenizer, after a blank where there is one; with the start of each part.
fn parts(text: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut rest = text;
    while rest.len() > LONGEST {
        let (head, _) = rest.split_at(floor(rest, LONGEST));
        let cut = head.rfind(char::is_whitespace).filter(|&cut| cut > 0).unwrap_or(head.len());
        let (part, after) = rest.split_at(cut);
        parts.push((start, part));
        start += cut;
        rest = after;
    }
    parts.push((start, rest));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_long_texts_without_losing_a_byte() {
        for text in ["é".repeat(LONGEST), "kata ".repeat(LONGEST), String::new(), "a".repeat(LONGEST)] {
            let parts = parts(&text);
            assert!(parts.iter().all(|(_, part)| part.len() <= LONGEST));
            assert_eq!(parts.iter().map(|&(_, part)| part).collect::<String>(), text);
            assert!(parts.iter().all(|&(start, part)| text[start..].starts_with(part)));
        }
    }
}
