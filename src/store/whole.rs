//! Whether a file of a model is there in full: downloads that stopped, and files that git left as pointers.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use serde::de::IgnoredAny;
use serde::Deserialize;
use std::collections::BTreeMap;

use crate::error::{Error, Result};

/// Longest header that a safetensors file may have, as its reference implementation has it.
const LONGEST_HEADER: u64 = 100_000_000;

/// Checks that `path` is no pointer, not empty where it is needed, and, where its format tells, not cut.
///
/// # Errors
/// [`Error::ModelInvalid`] or [`Error::Io`], naming the file.
pub(super) fn check(path: &Path) -> Result<()> {
    let io = |source| Error::io(path, source);
    let mut file = File::open(path).map_err(io)?;
    let bytes = file.metadata().map_err(io)?.len();
    let mut start = Vec::new();
    file.by_ref().take(64).read_to_end(&mut start).map_err(io)?;
    if start.is_empty() && is_read(path) {
        return Err(invalid(path, "it is empty", "fetch it again"));
    }
    if start.starts_with(b"version https://git-lfs.github.com/spec/") {
        let fix = "run `git lfs install` and `git lfs pull` in the folder it was cloned to";
        return Err(invalid(path, "it is a pointer of Git LFS, not the file itself", fix));
    }
    if path.extension().is_some_and(|extension| extension == "safetensors") {
        file.seek(SeekFrom::Start(0)).map_err(io)?;
        let expected = safetensors_bytes(&mut file, bytes).map_err(|message| {
            invalid(path, &message, "fetch it again; it is damaged or no safetensors file")
        })?;
        if bytes != expected {
            let message = format!("it has {bytes} bytes, its header tells of {expected}");
            return Err(invalid(path, &message, "fetch it again; it is cut or damaged"));
        }
    }
    Ok(())
}

/// Whether a model cannot do without what is in the file: all but papers and notes.
fn is_read(path: &Path) -> bool {
    let note = path.extension().is_none_or(|extension| extension == "md" || extension == "txt");
    !note || path.file_name().is_some_and(|name| name == "vocab.txt" || name == "merges.txt")
}

#[derive(Deserialize)]
struct Tensor {
    data_offsets: (u64, u64),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Tensor(Tensor),
    Other(IgnoredAny),
}

/// Size that a safetensors file must have by its header.
fn safetensors_bytes(file: &mut impl Read, bytes: u64) -> Result<u64, String> {
    let mut length = [0; 8];
    file.read_exact(&mut length).map_err(|_| "it is shorter than its header".to_owned())?;
    let length = u64::from_le_bytes(length);
    if length > LONGEST_HEADER || length > bytes.saturating_sub(8) {
        return Err(format!("its header would have {length} bytes, the file has {bytes}"));
    }
    let mut header = Vec::new();
    file.take(length).read_to_end(&mut header).map_err(|error| error.to_string())?;
    let entries: BTreeMap<String, Entry> =
        serde_json::from_slice(&header).map_err(|error| format!("its header is no JSON object: {error}"))?;
    let ends = entries.values().filter_map(|entry| match entry {
        Entry::Tensor(tensor) => Some(tensor.data_offsets.1),
        Entry::Other(_) => None,
    });
    Ok(ends.max().unwrap_or(0).saturating_add(8).saturating_add(length))
}

fn invalid(path: &Path, message: &str, fix: &str) -> Error {
    Error::ModelInvalid { path: path.to_owned(), message: message.to_owned(), fix: fix.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A safetensors file with one tensor of `floats` floats.
    fn safetensors(floats: usize) -> Vec<u8> {
        let header = format!(
            r#"{{"__metadata__":{{"format":"pt"}},"a":{{"dtype":"F32","shape":[{floats}],"data_offsets":[0,{}]}}}}"#,
            4 * floats
        );
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.bytes());
        bytes.extend(vec![0; 4 * floats]);
        bytes
    }

    fn checked(name: &str, bytes: &[u8]) -> Result<()> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        check(&path)
    }

    #[test]
    fn accepts_whole_files() {
        for floats in [0, 1, 1000] {
            checked("model.safetensors", &safetensors(floats)).unwrap();
        }
        checked("vocab.txt", b"a").unwrap();
        for note in ["README.md", "LICENSE", "requirements.txt"] {
            checked(note, b"").unwrap();
        }
        for needed in ["vocab.txt", "config.json", "source.spm"] {
            assert!(checked(needed, b"").unwrap_err().to_string().contains("is empty"), "{needed}");
        }
    }

    #[test]
    fn refuses_what_a_stopped_download_leaves() {
        let whole = safetensors(10);
        for cut in [0, 3, 8, 20, whole.len() - 1] {
            let error = checked("model.safetensors", &whole[..cut]).unwrap_err().to_string();
            assert!(error.contains("model.safetensors") && error.contains("again"), "{error}");
        }
        let longer = [whole.clone(), vec![0]].concat();
        assert!(checked("model.safetensors", &longer).is_err());
        let huge = [u64::MAX.to_le_bytes().to_vec(), whole].concat();
        assert!(checked("model.safetensors", &huge).is_err());
    }

    #[test]
    fn refuses_a_pointer_and_tells_the_command() {
        let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12345\n";
        for name in ["model.safetensors", "source.spm"] {
            let error = checked(name, pointer).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("git lfs pull"), "{error}");
        }
    }
}
