//! Reads `tokenizer.json`, and looks first at what its reader believes unseen.

use std::path::Path;

use base64::prelude::{Engine, BASE64_STANDARD};
use serde::Deserialize;
use serde_json::Value;
use tokenizers::Tokenizer;

use crate::error::{Error, Result};

/// The key of a map of characters, in base64, within a normalizer.
const CHARACTER_MAP: &str = "precompiled_charsmap";

/// The tokenizer in the file `path`.
///
/// # Errors
/// [`Error::Tokenizer`] naming the file.
pub(crate) fn read(path: &Path) -> Result<Tokenizer> {
    let failed = |source| Error::Tokenizer { path: path.to_owned(), source };
    let json = std::fs::read_to_string(path).map_err(|error| failed(error.into()))?;
    let Normalized { normalizer } = serde_json::from_str(&json).map_err(|error| failed(error.into()))?;
    check_character_maps(&normalizer).map_err(|message| failed(message.into()))?;
    Tokenizer::from_bytes(json).map_err(failed)
}

/// The part of the file that may have maps of characters; the others are passed over unread.
#[derive(Deserialize)]
struct Normalized {
    #[serde(default)]
    normalizer: Value,
}

/// Checks each map of characters, wherever it stands.
fn check_character_maps(value: &Value) -> Result<(), String> {
    match value {
        Value::Array(values) => values.iter().try_for_each(check_character_maps),
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| match value {
            Value::String(map) if name == CHARACTER_MAP => {
                let bytes =
                    BASE64_STANDARD.decode(map).map_err(|error| format!("{CHARACTER_MAP}: {error}"))?;
                check_character_map(&bytes)
            }
            value => check_character_maps(value),
        }),
        _ => Ok(()),
    }
}

/// Checks that the trie that a compiled map of characters begins with is as long as it says: four bytes with its length, little-endian,
/// then the trie, then the texts. Its reader takes memory for what is said.
pub(crate) fn check_character_map(map: &[u8]) -> Result<(), String> {
    let told = map.split_first_chunk().map(|(&length, rest)| (u32::from_le_bytes(length), rest.len()));
    match told {
        Some((length, left)) if usize::try_from(length).is_ok_and(|length| length <= left) => Ok(()),
        Some((length, left)) => {
            Err(format!("{CHARACTER_MAP}: a trie of {length} bytes, and {left} are there"))
        }
        None => Err(format!("{CHARACTER_MAP}: {} bytes, which is too short", map.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(length: u32, rest: usize) -> Vec<u8> {
        [length.to_le_bytes().as_slice(), &vec![0; rest]].concat()
    }

    #[test]
    fn a_character_map_is_as_long_as_it_says() {
        assert_eq!(check_character_map(&map(8, 8)), Ok(()));
        assert_eq!(check_character_map(&map(8, 20)), Ok(()));
        let error = check_character_map(&map(12, 8)).unwrap_err();
        assert_eq!(error, "precompiled_charsmap: a trie of 12 bytes, and 8 are there");
        assert!(check_character_map(b"abc").unwrap_err().contains("too short"));
    }

    #[test]
    fn a_tokenizer_with_a_short_map_is_refused_with_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokenizer.json");
        let map = BASE64_STANDARD.encode(map(12, 8));
        let normalizers = serde_json::json!([{"type": "Precompiled", "precompiled_charsmap": map}]);
        let normalizer = serde_json::json!({"type": "Sequence", "normalizers": normalizers});
        let json = serde_json::json!({"version": "1.0", "normalizer": normalizer, "model": {"type": "BPE", "vocab": {}, "merges": []}});
        std::fs::write(&path, json.to_string()).unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert!(error.contains("tokenizer.json: precompiled_charsmap: a trie of 12 bytes"), "{error}");
    }
}
