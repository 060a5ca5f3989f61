//! Sentencepiece models, read and used as sentencepiece does.

mod byte_pairs;
mod proto;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use tokenizers::models::unigram::Unigram;
use tokenizers::normalizers::Precompiled;

use self::proto::{Kind, Proto};
use super::settings::{invalid, missing};
use crate::error::{Error, Result};
use crate::tokenizer::check_character_map;

/// Stands for a blank in pieces.
pub(crate) const BLANK: char = '▁';

/// Found by no text, so that a text cannot write the unknown piece.
const UNKNOWN: &str = "\0unknown";

/// A sentencepiece model.
pub(crate) struct SentencePieces {
    path: PathBuf,
    proto: Proto,
    characters: Option<Precompiled>,
    algorithm: Algorithm,
    /// Pieces that a text may become.
    known: HashSet<String>,
}

enum Algorithm {
    Unigram(Box<Unigram>),
    BytePairs(HashMap<String, f32>),
}

impl SentencePieces {
    /// Reads the file.
    ///
    /// # Errors
    /// [`Error::ModelMissing`], or [`Error::ModelInvalid`] saying what is wrong with it.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => missing(path),
            _ => Error::io(path, error),
        })?;
        let proto = proto::read(&bytes).map_err(|message| invalid(path, message))?;
        if proto.space_as_suffix {
            return Err(invalid(path, "treat_whitespace_as_suffix is set, which is not supported"));
        }
        let characters = (!proto.character_map.is_empty())
            .then(|| {
                check_character_map(&proto.character_map)?;
                Precompiled::from(&proto.character_map)
                    .map_err(|error| format!("precompiled_charsmap: {error}"))
            })
            .transpose()
            .map_err(|message| invalid(path, message))?;
        let usable = |kind| matches!(kind, Kind::Normal | Kind::UserDefined);
        let pieces = || proto.pieces.iter().filter(|piece| usable(piece.kind));
        let most = pieces().map(|piece| piece.score).fold(f32::MIN, f32::max);
        // A symbol that the user defined is always taken.
        let scored = pieces().map(|piece| match piece.kind {
            Kind::UserDefined => (piece.text.clone(), piece.text.chars().count() as f32 * most - 0.1),
            _ => (piece.text.clone(), piece.score),
        });
        let algorithm = match proto.algorithm {
            1 => {
                let unknown = std::iter::once((UNKNOWN.to_owned(), 0.0));
                let scored = unknown.chain(scored.map(|(piece, score)| (piece, f64::from(score)))).collect();
                let unigram = Unigram::from(scored, Some(0), false)
                    .map_err(|error| invalid(path, error.to_string()))?;
                Algorithm::Unigram(Box::new(unigram))
            }
            2 => Algorithm::BytePairs(scored.collect()),
            other => {
                return Err(invalid(path, format!("model_type is {other}, neither unigram (1) nor BPE (2)")))
            }
        };
        let known = pieces().map(|piece| piece.text.clone()).collect();
        Ok(SentencePieces { path: path.to_owned(), proto, characters, algorithm, known })
    }

    /// The pieces in the order of their ids.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.proto.pieces.iter().map(|piece| piece.text.as_str())
    }

    /// Cuts a text into pieces. Neighboring characters that are in no piece stand together as they are, or as pieces
    /// for their bytes where the model has those.
    ///
    /// # Errors
    /// [`Error::Tokenizer`] or [`Error::ModelInvalid`] naming the file.
    pub(crate) fn cut(&self, text: &str) -> Result<Vec<String>> {
        let text = self.normalize(text)?;
        let cut = match &self.algorithm {
            Algorithm::Unigram(unigram) => unigram
                .encode(&text)
                .map_err(|source| Error::Tokenizer { path: self.path.clone(), source })?,
            Algorithm::BytePairs(scores) => {
                byte_pairs::cut(&text, scores).into_iter().map(str::to_owned).collect()
            }
        };
        let mut pieces: Vec<String> = Vec::with_capacity(cut.len());
        let mut after_unknown = false;
        for piece in cut {
            let unknown = !self.known.contains(&piece);
            match pieces.last_mut().filter(|_| unknown && after_unknown) {
                Some(last) => last.push_str(&piece),
                None => pieces.push(piece),
            }
            after_unknown = unknown;
        }
        if self.proto.byte_fallback {
            let spelled = |piece: String| -> Vec<String> {
                if self.known.contains(&piece) {
                    return vec![piece];
                }
                piece.bytes().map(|byte| format!("<0x{byte:02X}>")).collect()
            };
            pieces = pieces.into_iter().flat_map(spelled).collect();
        }
        Ok(pieces)
    }

    fn normalize(&self, text: &str) -> Result<String> {
        // The map is followed without looking whether it leads anywhere.
        let mapped = |map: &Precompiled| catch_unwind(AssertUnwindSafe(|| map.normalize_string(text)));
        let text = self.characters.as_ref().map_or_else(|| Ok(text.to_owned()), mapped);
        let text = text.map_err(|_| invalid(&self.path, "precompiled_charsmap is damaged"))?;
        let mut normal = String::with_capacity(text.len() + BLANK.len_utf8());
        let blank = if self.proto.marked_spaces { BLANK } else { ' ' };
        let text = if self.proto.single_spaces { text.trim_matches(' ') } else { text.as_str() };
        if self.proto.space_in_front && !text.is_empty() {
            normal.push(blank);
        }
        let mut after_blank = false;
        for char in text.chars() {
            let space = char == ' ';
            if !(space && after_blank && self.proto.single_spaces) {
                normal.push(if space { blank } else { char });
            }
            after_blank = space;
        }
        Ok(normal)
    }
}

impl fmt::Debug for SentencePieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SentencePieces").field("path", &self.path).finish_non_exhaustive()
    }
}

/// The text of pieces.
pub(crate) fn join<'a>(pieces: impl Iterator<Item = &'a str>) -> String {
    let mut bytes = Vec::new();
    for piece in pieces {
        let byte = piece.strip_prefix("<0x").and_then(|rest| rest.strip_suffix('>'));
        match byte.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(piece.as_bytes()),
        }
    }
    String::from_utf8_lossy(&bytes).replace(BLANK, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field of a protocol buffer that holds bytes.
    fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, bytes.len() as u8], bytes].concat()
    }

    #[test]
    fn a_damaged_map_of_characters_is_an_error() {
        let piece = field(1, &field(1, "a".as_bytes()));
        // No node at all, and one that leads nowhere.
        for trie in [&[0u8, 0, 0, 0][..], &[4, 0, 0, 0, 0, 0, 0, 0]] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("spiece.model");
            std::fs::write(&path, [piece.clone(), field(3, &field(2, trie))].concat()).unwrap();
            let error = SentencePieces::read(&path).unwrap().cut("aa").unwrap_err().to_string();
            assert!(error.contains("spiece.model") && error.contains("precompiled_charsmap"), "{error}");
        }
    }
}
