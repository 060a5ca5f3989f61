//! From text to the ids of a model and back, with whatever files its folder has for that.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tokenizers::decoders::byte_level::ByteLevel;
use tokenizers::decoders::wordpiece::WordPiece as WordPieceDecoder;
use tokenizers::models::bpe::BPE;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::Tokenizer;

use super::family::Family;
use super::pieces::{join, SentencePieces};
use super::settings::{invalid, json, missing};
use crate::error::{Error, Result};
use crate::text::one_line;
use crate::tokenizer;

/// A model's vocabulary.
pub(crate) struct Vocabulary {
    kind: Kind,
    /// The file that errors name.
    path: PathBuf,
    before: Vec<u32>,
    after: Vec<u32>,
    /// Ids that are no text.
    special: BTreeSet<u32>,
    /// Whether blanks before marks are taken out of what the model wrote.
    cleans_up: bool,
}

enum Kind {
    /// `tokenizer.json`, or what is the same in older files.
    Whole(Box<Tokenizer>),
    /// A sentencepiece model with ids of its own or from `vocab.json`.
    Pieces {
        source: Box<SentencePieces>,
        ids: HashMap<String, u32>,
        names: BTreeMap<u32, String>,
        unknown: u32,
    },
}

/// Codes of Indonesian and English in families that name languages.
const LANGUAGES: [(&str, &str); 3] = [("ind_Latn", "eng_Latn"), ("id_ID", "en_XX"), ("__id__", "__en__")];

/// Places of Indonesian and English among the 100 languages of M2M100, and how many ids follow the last of `vocab.json`.
const M2M100: (u32, u32) = (37, 18);
/// The same among the 52 of mBART-50.
const MBART50: (u32, u32) = (31, 3);
/// Pegasus keeps so many ids before the pieces of its file, whose first ones are padding, end and unknown.
const PEGASUS_OFFSET: u32 = 103;

/// Pieces that are no text, as published models name them.
const SPECIAL: [&str; 12] = [
    "<s>", "</s>", "<pad>", "<unk>", "<mask>", "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[X_SEP]", "[MASK]",
    "<mask_1>",
];

impl Vocabulary {
    /// Reads the files of `folder`; `config` is its `config.json`.
    ///
    /// # Errors
    /// Naming the file that is missing or does not fit.
    pub(crate) fn read(folder: &Path, family: Family, config: &Value) -> Result<Self> {
        let id = |field: &str| {
            let id = config.get(field).and_then(Value::as_u64).and_then(|id| u32::try_from(id).ok());
            id.ok_or_else(|| invalid(folder.join("config.json"), format!("{field} is missing or no id")))
        };
        let (end, padding) = (id("eos_token_id")?, id("pad_token_id")?);
        let (path, kind) = Self::kind(folder, family)?;
        let mut vocabulary = Vocabulary {
            kind,
            path,
            before: Vec::new(),
            after: vec![end],
            special: BTreeSet::from([end, padding]),
            cleans_up: cleans_up(folder, family),
        };
        if family == Family::Bart {
            vocabulary.before = vec![id("bos_token_id")?];
        }
        vocabulary.special.extend(id("bos_token_id").ok());
        let named: Vec<u32> = SPECIAL.iter().filter_map(|name| vocabulary.id(name)).collect();
        vocabulary.special.extend(named);
        if let Kind::Pieces { unknown, .. } = vocabulary.kind {
            vocabulary.special.insert(unknown);
        }
        Ok(vocabulary)
    }

    fn kind(folder: &Path, family: Family) -> Result<(PathBuf, Kind)> {
        let has = |name: &str| folder.join(name).exists();
        if has("tokenizer.json") {
            let path = folder.join("tokenizer.json");
            let tokenizer = tokenizer::read(&path)?;
            return Ok((path, whole(tokenizer)));
        }
        match family {
            Family::Marian => {
                let path = folder.join("source.spm");
                let source = SentencePieces::read(&path)?;
                let ids = words(&folder.join("vocab.json"))?;
                let unknown = *ids
                    .get("<unk>")
                    .ok_or_else(|| invalid(folder.join("vocab.json"), "<unk> is missing"))?;
                Ok((path, Kind::pieces(source, ids, unknown)))
            }
            Family::M2m100 if has("vocab.json") => {
                let path = folder.join("sentencepiece.bpe.model");
                let source = SentencePieces::read(&path)?;
                let mut ids = words(&folder.join("vocab.json"))?;
                let unknown = *ids
                    .get("<unk>")
                    .ok_or_else(|| invalid(folder.join("vocab.json"), "<unk> is missing"))?;
                let end = ids.values().max().map_or(0, |last| last.saturating_add(1));
                for (code, place) in [("__id__", M2M100.0), ("__en__", M2M100.1)] {
                    ids.insert(code.to_owned(), end.saturating_add(place));
                }
                Ok((path, Kind::pieces(source, ids, unknown)))
            }
            Family::Mbart | Family::M2m100 => {
                let path = folder.join("sentencepiece.bpe.model");
                if family == Family::M2m100 {
                    return Err(missing(&folder.join("tokenizer.json")));
                }
                let source = SentencePieces::read(&path)?;
                // fairseq's own first ids: <s>, <pad>, </s>, <unk>; the file's are <unk>, <s>, </s>.
                let names: Vec<String> = source.names().map(str::to_owned).collect();
                let mut ids: HashMap<String, u32> =
                    (1u32..).zip(names.iter().cloned()).map(|(id, name)| (name, id)).collect();
                ids.extend(
                    [("<s>", 0), ("<pad>", 1), ("</s>", 2), ("<unk>", 3)]
                        .map(|(name, id)| (name.to_owned(), id)),
                );
                let end = u32::try_from(names.len()).unwrap_or(u32::MAX - 200) + 1;
                for (code, place) in [("id_ID", MBART50.0), ("en_XX", MBART50.1)] {
                    ids.insert(code.to_owned(), end + place);
                }
                Ok((path, Kind::pieces(source, ids, 3)))
            }
            Family::T5 | Family::Mt5 | Family::LongT5 | Family::Pegasus => {
                let path = folder.join("spiece.model");
                let source = SentencePieces::read(&path)?;
                let offset = if family == Family::Pegasus { PEGASUS_OFFSET } else { 0 };
                let ids: HashMap<String, u32> =
                    (offset..).zip(source.names()).map(|(id, name)| (name.to_owned(), id)).collect();
                let unknown = ids.get("<unk>").copied().unwrap_or(offset + 2);
                Ok((path, Kind::pieces(source, ids, unknown)))
            }
            Family::Bart => {
                let path = folder.join("vocab.json");
                let merges = folder.join("merges.txt");
                for path in [&path, &merges] {
                    if !path.exists() {
                        return Err(missing(path));
                    }
                }
                let broken = |source| Error::Tokenizer { path: path.clone(), source };
                let model = BPE::from_file(&path.to_string_lossy(), &merges.to_string_lossy())
                    .build()
                    .map_err(broken)?;
                let bytes = ByteLevel::new(false, true, true);
                let mut tokenizer = Tokenizer::new(model);
                tokenizer.with_pre_tokenizer(Some(bytes)).with_decoder(Some(bytes));
                Ok((path, whole(tokenizer)))
            }
            Family::ProphetNet => {
                let names = ["prophetnet.tokenizer", "vocab.txt"];
                let path = names.iter().map(|name| folder.join(name)).find(|path| path.exists());
                let path = path.ok_or_else(|| missing(&folder.join("prophetnet.tokenizer")))?;
                let broken = |source| Error::Tokenizer { path: path.clone(), source };
                let model =
                    WordPiece::from_file(&path.to_string_lossy()).unk_token("[UNK]".to_owned()).build();
                let mut tokenizer = Tokenizer::new(model.map_err(broken)?);
                let lower = json(&folder.join("tokenizer_config.json"))
                    .ok()
                    .and_then(|config| config.get("do_lower_case")?.as_bool());
                tokenizer
                    .with_normalizer(Some(BertNormalizer::new(true, true, None, lower.unwrap_or(true))))
                    .with_pre_tokenizer(Some(BertPreTokenizer))
                    // It would clean up piece by piece, and so leave `country ' s`.
                    .with_decoder(Some(WordPieceDecoder::new("##".to_owned(), false)));
                Ok((path, whole(tokenizer)))
            }
        }
    }

    /// Has every text begin with the model's code for Indonesian; the code for English, with which the model's
    /// text begins, comes back.
    ///
    /// # Errors
    /// Where the model knows no such codes.
    pub(crate) fn set_languages(&mut self) -> Result<u32> {
        let pair = LANGUAGES.iter().find_map(|(from, to)| Some((self.id(from)?, self.id(to)?)));
        let (from, to) = pair.ok_or_else(|| {
            let codes = LANGUAGES.map(|(from, to)| format!("{from} and {to}")).join(", or ");
            invalid(&self.path, format!("it has no codes for Indonesian and English ({codes})"))
        })?;
        self.before = vec![from];
        self.special.extend([from, to]);
        Ok(to)
    }

    /// Has every text begin with the piece `code`, by which Marian models of many languages know what to write.
    ///
    /// # Errors
    /// Where there is no such piece.
    pub(crate) fn set_code(&mut self, code: &str) -> Result<()> {
        let id = self.id(code).ok_or_else(|| invalid(&self.path, format!("it has no piece {code}")))?;
        self.before = vec![id];
        Ok(())
    }

    fn id(&self, name: &str) -> Option<u32> {
        match &self.kind {
            Kind::Whole(tokenizer) => tokenizer.token_to_id(name),
            Kind::Pieces { ids, .. } => ids.get(name).copied(),
        }
    }

    /// The greatest id that a text can become. Special ones that nothing puts there do not count: BART's for CNN have
    /// `<mask>` behind the last piece that they know.
    pub(crate) fn last_id(&self) -> u32 {
        let usual = |id: &u32| !self.special.contains(id);
        let last = match &self.kind {
            Kind::Whole(tokenizer) => {
                // Of the added pieces only these are found in a text.
                let added = tokenizer.get_added_tokens_decoder().into_iter();
                let added = added.filter(|(_, piece)| !piece.special).map(|(id, _)| id);
                tokenizer.get_vocab(false).into_values().chain(added).filter(usual).max()
            }
            Kind::Pieces { ids, .. } => ids.values().copied().filter(usual).max(),
        };
        let around = self.before.iter().chain(&self.after).copied().max();
        last.max(around).unwrap_or(0)
    }

    /// The file that ids come from.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The ids of a text as the model reads it, with what the family puts around it.
    ///
    /// # Errors
    /// [`Error::Tokenizer`] naming the file.
    pub(crate) fn encode(&self, text: &str) -> Result<Vec<u32>> {
        let mut all = self.before.clone();
        match &self.kind {
            Kind::Whole(tokenizer) => {
                let encoding = tokenizer.encode_fast(text, false);
                let encoding =
                    encoding.map_err(|source| Error::Tokenizer { path: self.path.clone(), source })?;
                all.extend(encoding.get_ids());
            }
            Kind::Pieces { source, ids, unknown, .. } => {
                all.extend(source.cut(text)?.iter().map(|piece| ids.get(piece).copied().unwrap_or(*unknown)));
            }
        }
        all.extend(&self.after);
        Ok(all)
    }

    /// The text of ids that the model wrote; special ones are left out.
    ///
    /// # Errors
    /// [`Error::Tokenizer`] naming the file.
    pub(crate) fn decode(&self, ids: &[u32]) -> Result<String> {
        let kept: Vec<u32> = ids.iter().copied().filter(|id| !self.special.contains(id)).collect();
        let text = match &self.kind {
            Kind::Whole(tokenizer) => tokenizer
                .decode(&kept, true)
                .map_err(|source| Error::Tokenizer { path: self.path.clone(), source })?,
            Kind::Pieces { names, .. } => {
                join(kept.iter().filter_map(|id| names.get(id)).map(String::as_str))
            }
        };
        let text = if self.cleans_up { cleaned_up(&text) } else { text };
        Ok(one_line(&text))
    }
}

/// Whether the family's texts are cleaned up: as `tokenizer_config.json` says, else as the family's class in transformers
/// does by default. Only ProphetNet's does, whose pieces are words and marks with blanks between.
fn cleans_up(folder: &Path, family: Family) -> bool {
    let settings = json(&folder.join("tokenizer_config.json")).ok();
    let stored = settings.and_then(|settings| settings.get("clean_up_tokenization_spaces")?.as_bool());
    stored.unwrap_or(family == Family::ProphetNet)
}

/// What is replaced by what, in this order: `clean_up_tokenization` of transformers 4.53.3. It works on the joined text,
/// since most of these span several pieces.
const CLEAN_UP: [(&str, &str); 10] = [
    (" .", "."),
    (" ?", "?"),
    (" !", "!"),
    (" ,", ","),
    (" ' ", "'"),
    (" n't", "n't"),
    (" 'm", "'m"),
    (" 's", "'s"),
    (" 've", "'ve"),
    (" 're", "'re"),
];

fn cleaned_up(text: &str) -> String {
    CLEAN_UP.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

impl Kind {
    fn pieces(source: SentencePieces, ids: HashMap<String, u32>, unknown: u32) -> Self {
        let names = ids.iter().map(|(name, &id)| (id, name.clone())).collect();
        Kind::Pieces { source: Box::new(source), ids, names, unknown }
    }
}

fn whole(mut tokenizer: Tokenizer) -> Kind {
    // Nothing is cut off silently, and `</s>` in an article means these four characters.
    let _ = tokenizer.with_truncation(None);
    tokenizer.with_padding(None);
    tokenizer.set_encode_special_tokens(true);
    Kind::Whole(Box::new(tokenizer))
}

/// `vocab.json`: ids by piece.
fn words(path: &Path) -> Result<HashMap<String, u32>> {
    serde_json::from_value(json(path)?).map_err(|error| invalid(path, error.to_string()))
}

impl fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vocabulary").field("path", &self.path).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `tests/reference/seq2seq_decoding.py` had transformers write.
    #[derive(serde::Deserialize)]
    struct Reference {
        cleans_by_default: bool,
        ids: Vec<Vec<u32>>,
        decoded: Vec<String>,
        cleaned: Vec<String>,
    }

    #[test]
    fn writes_apostrophes_and_stops_as_transformers_does() {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/families/decoding");
        let mut families = 0;
        for folder in std::fs::read_dir(root).unwrap() {
            let folder = folder.unwrap().path();
            let reference: Reference =
                serde_json::from_value(json(&folder.join("reference.json")).unwrap()).unwrap();
            let config = json(&folder.join("config.json")).unwrap();
            let family = Family::of(&config, &folder).unwrap();
            let mut vocabulary = Vocabulary::read(&folder, family, &config).unwrap();
            if family.names_languages() {
                vocabulary.set_languages().unwrap();
            }
            assert_eq!(vocabulary.cleans_up, reference.cleans_by_default, "{}", folder.display());
            for (ids, decoded) in reference.ids.iter().zip(&reference.decoded) {
                assert_eq!(vocabulary.decode(ids).unwrap(), one_line(decoded), "{}", folder.display());
            }
            vocabulary.cleans_up = true;
            for (ids, cleaned) in reference.ids.iter().zip(&reference.cleaned) {
                assert_eq!(vocabulary.decode(ids).unwrap(), one_line(cleaned), "{}", folder.display());
            }
            families += 1;
        }
        assert_eq!(families, 10);
    }

    #[test]
    fn the_settings_say_whether_texts_are_cleaned_up() {
        let folder = tempfile::tempdir().unwrap();
        let set = |text: &str| std::fs::write(folder.path().join("tokenizer_config.json"), text).unwrap();
        assert!(cleans_up(folder.path(), Family::ProphetNet) && !cleans_up(folder.path(), Family::Bart));
        set(r#"{"clean_up_tokenization_spaces": false}"#);
        assert!(!cleans_up(folder.path(), Family::ProphetNet));
        set(r#"{"clean_up_tokenization_spaces": true}"#);
        assert!(cleans_up(folder.path(), Family::Bart));
    }
}
