//! Reads the tokenizer of a model folder: `tokenizer.json`, or `vocab.txt` of a BERT.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::processors::bert::BertProcessing;
use tokenizers::{AddedToken, Model, Tokenizer};

use crate::error::{Error, Result};
use crate::label_model::Family;
use crate::tokenizer;

const JSON: &str = "tokenizer.json";
const WORD_PIECES: &str = "vocab.txt";
const SETTINGS: &str = "tokenizer_config.json";
/// What slower tokenizers are published as; they are read after conversion.
const OTHERS: [&str; 4] = ["sentencepiece.bpe.model", "spiece.model", "spm.model", "vocab.json"];

/// The files of a folder's tokenizer, the one that errors name first.
///
/// # Errors
/// [`Error::ModelMissing`], or [`Error::ModelInvalid`] with the command that converts what is there.
pub(super) fn files(folder: &Path, family: Family) -> Result<Vec<PathBuf>> {
    let present = |name: &str| Some(folder.join(name)).filter(|path| path.is_file());
    if let Some(path) = present(JSON) {
        return Ok(vec![path]);
    }
    let word_pieces = matches!(family, Family::Bert | Family::DistilBert | Family::Electra);
    if let Some(path) = present(WORD_PIECES).filter(|_| word_pieces) {
        return Ok([path].into_iter().chain(present(SETTINGS)).collect());
    }
    if let Some(path) = OTHERS.into_iter().find_map(present) {
        return Err(Error::ModelInvalid {
            path,
            message: format!("only {JSON} is read for models of this kind"),
            fix: "convert it: python -c \"from transformers import AutoTokenizer; \
                  AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)\", which needs the packages \
                  transformers and sentencepiece"
                .to_owned(),
        });
    }
    Err(Error::ModelMissing {
        model: folder.display().to_string(),
        path: folder.join(JSON),
        fix: format!("a model folder holds {JSON}, or {WORD_PIECES} for BERT, DistilBERT and ELECTRA"),
    })
}

/// The tokenizer in the file that [`files`] names first.
///
/// # Errors
/// [`Error::Tokenizer`] or [`Error::ModelInvalid`] naming the file.
pub(super) fn read(path: &Path) -> Result<Tokenizer> {
    if path.ends_with(WORD_PIECES) {
        word_pieces(path)
    } else {
        tokenizer::read(path)
    }
}

/// What `tokenizer_config.json` says about BERT's tokenizer, or what is so without it.
#[derive(Debug, Deserialize)]
#[serde(default)]
struct Settings {
    do_lower_case: bool,
    strip_accents: Option<bool>,
    tokenize_chinese_chars: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { do_lower_case: true, strip_accents: None, tokenize_chinese_chars: true }
    }
}

fn word_pieces(path: &Path) -> Result<Tokenizer> {
    let broken = |source| Error::Tokenizer { path: path.to_owned(), source };
    let settings_path = path.with_file_name(SETTINGS);
    let settings = if settings_path.is_file() {
        let text =
            std::fs::read_to_string(&settings_path).map_err(|error| Error::io(&settings_path, error))?;
        serde_json::from_str(&text).map_err(|error| Error::ModelInvalid {
            path: settings_path,
            message: error.to_string(),
            fix: "fetch or export the file again".to_owned(),
        })?
    } else {
        Settings::default()
    };
    let text = std::fs::read(path).map_err(|error| Error::io(path, error))?;
    let vocabulary = WordPiece::read_bytes(&text).map_err(broken)?;
    let model = WordPiece::builder().vocab(vocabulary).build().map_err(broken)?;
    let number = |piece: &str| {
        model.token_to_id(piece).map(|number| (piece.to_owned(), number)).ok_or_else(|| Error::ModelInvalid {
            path: path.to_owned(),
            message: format!("the piece {piece} is missing"),
            fix: "use the vocabulary that the model was trained with, or its tokenizer.json".to_owned(),
        })
    };
    let (start, end, unknown) = (number("[CLS]")?, number("[SEP]")?, number("[UNK]")?);
    let special: Vec<AddedToken> =
        [&start, &end, &unknown].map(|(piece, _)| AddedToken::from(piece.clone(), true)).into();
    let mut tokenizer = Tokenizer::new(model);
    tokenizer
        .with_normalizer(Some(BertNormalizer::new(
            true,
            settings.tokenize_chinese_chars,
            settings.strip_accents,
            settings.do_lower_case,
        )))
        .with_pre_tokenizer(Some(BertPreTokenizer))
        .with_post_processor(Some(BertProcessing::new(end, start)));
    tokenizer.add_special_tokens(&special);
    Ok(tokenizer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    const VOCABULARY: &str = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nkota\nKota\nbaru\n##baru\ne\n";

    fn pieces(files: &[(&str, &str)], text: &str) -> Vec<String> {
        let folder = folder(files);
        let path = super::files(folder.path(), Family::Bert).unwrap().remove(0);
        read(&path).unwrap().encode(text, true).unwrap().get_tokens().to_vec()
    }

    #[test]
    fn a_vocabulary_is_read_in_the_case_that_it_was_made_for() {
        let lower = [("vocab.txt", VOCABULARY)];
        assert_eq!(pieces(&lower, "Kota é"), ["[CLS]", "kota", "e", "[SEP]"]);
        let cased = [("vocab.txt", VOCABULARY), ("tokenizer_config.json", r#"{"do_lower_case": false}"#)];
        assert_eq!(pieces(&cased, "Kotabaru é"), ["[CLS]", "Kota", "##baru", "[UNK]", "[SEP]"]);
        let windows = VOCABULARY.replace('\n', "\r\n");
        assert_eq!(pieces(&[("vocab.txt", &windows)], "kota baru"), ["[CLS]", "kota", "baru", "[SEP]"]);
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = |files: &[(&str, &str)], family| {
            let folder = folder(files);
            let result = super::files(folder.path(), family).and_then(|files| read(&files[0]));
            result.unwrap_err().to_string()
        };
        assert!(error(&[], Family::Bert).contains("tokenizer.json is missing"));
        assert!(error(&[("vocab.txt", "")], Family::Albert).contains("tokenizer.json is missing"));
        assert!(error(&[("vocab.txt", "a\n[CLS]\n[UNK]")], Family::Bert).contains("[SEP] is missing"));
        let other = error(&[("sentencepiece.bpe.model", "")], Family::Roberta);
        assert!(other.contains("sentencepiece.bpe.model") && other.contains("AutoTokenizer"), "{other}");
        let broken = error(&[("vocab.txt", VOCABULARY), ("tokenizer_config.json", "{")], Family::Bert);
        assert!(broken.contains("tokenizer_config.json"), "{broken}");
    }
}
