//! Checksums of large files, remembered from one start to the next.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A file that changed less than this long ago may change again without its time showing it.
const SETTLED: Duration = Duration::from_secs(2);

/// How a file looked when its checksum was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Look {
    bytes: u64,
    /// Nanoseconds since 1970 of the last change of the contents …
    modified: u64,
    /// … and, on Unix, of anything about the file, which programs cannot set back.
    changed: i64,
    /// Number of the file on its disk; 0 where there is none.
    inode: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Record {
    #[serde(flatten)]
    look: Look,
    sha256: String,
}

/// Checksums by path, kept in one small file.
#[derive(Debug, Clone)]
pub(super) struct Checksums {
    file: Option<PathBuf>,
}

impl Checksums {
    /// Keeps them in `folder`; in none, they are computed each time.
    pub fn new(folder: Option<PathBuf>) -> Self {
        Checksums { file: folder.map(|folder| folder.join("checksums.json")) }
    }

    /// sha256 of the file, hexadecimal: as remembered where the file looks the same as then, else computed.
    pub fn sha256(&self, path: &Path) -> Result<String> {
        let Some(file) = &self.file else { return super::file_sha256(path) };
        let io = |error| Error::io(path, error);
        let whole = fs::canonicalize(path).map_err(io)?;
        let before = look(&fs::metadata(&whole).map_err(io)?);
        let known = records(file).remove(&whole);
        if let Some(known) = known.filter(|known| before.as_ref() == Some(&known.look)) {
            return Ok(known.sha256);
        }
        let sha256 = super::file_sha256(&whole)?;
        if let Some(look) = before.filter(Look::is_settled) {
            remember(file, whole, Record { look, sha256: sha256.clone() });
        }
        Ok(sha256)
    }
}

impl Look {
    fn is_settled(&self) -> bool {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        u128::from(self.modified) + SETTLED.as_nanos() < now.as_nanos()
    }
}

fn look(metadata: &Metadata) -> Option<Look> {
    let modified = metadata.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let modified = u64::try_from(modified.as_nanos()).ok()?;
    #[cfg(unix)]
    let (changed, inode) = {
        use std::os::unix::fs::MetadataExt;
        (nanoseconds(metadata.ctime(), metadata.ctime_nsec()), metadata.ino())
    };
    #[cfg(not(unix))]
    let (changed, inode) = (0, 0);
    Some(Look { bytes: metadata.len(), modified, changed, inode })
}

/// File systems can hold times that nanoseconds in 64 bits do not reach.
#[cfg(unix)]
fn nanoseconds(seconds: i64, rest: i64) -> i64 {
    seconds.saturating_mul(1_000_000_000).saturating_add(rest)
}

/// What is remembered; nothing where the file is missing or damaged.
fn records(file: &Path) -> BTreeMap<PathBuf, Record> {
    fs::read(file).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

/// Adds a record and drops those of files that are gone. Where that fails, the checksum is computed again next time.
fn remember(file: &Path, path: PathBuf, record: Record) {
    let mut records = records(file);
    records.retain(|path, _| path.exists());
    records.insert(path, record);
    let Ok(text) = serde_json::to_vec_pretty(&records) else { return };
    let Some(folder) = file.parent() else { return };
    let unfinished = file.with_extension(format!("{}.part", std::process::id()));
    let written = fs::create_dir_all(folder)
        .and_then(|()| fs::write(&unfinished, text))
        .and_then(|()| fs::rename(&unfinished, file));
    if written.is_err() {
        let _ = fs::remove_file(unfinished);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn old(path: &Path, text: &str) {
        fs::write(path, text).unwrap();
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(60)).unwrap();
    }

    #[test]
    fn remembers_until_the_file_changes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.bin");
        let checksums = Checksums::new(Some(folder.path().join("cache")));
        old(&path, "abc");
        let first = checksums.sha256(&path).unwrap();
        assert_eq!(first, super::super::file_sha256(&path).unwrap());
        let file = folder.path().join("cache/checksums.json");
        let text = fs::read_to_string(&file).unwrap();
        // A false record shows that it is read, and no longer once the file has changed.
        fs::write(&file, text.replace(&first, "remembered")).unwrap();
        assert_eq!(checksums.sha256(&path).unwrap(), "remembered");
        old(&path, "abd");
        assert_eq!(checksums.sha256(&path).unwrap(), super::super::file_sha256(&path).unwrap());
    }

    #[test]
    fn computes_where_nothing_can_be_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.bin");
        old(&path, "abc");
        let expected = super::super::file_sha256(&path).unwrap();
        // A file stands where the folder should be.
        let checksums = Checksums::new(Some(path.clone()));
        assert_eq!(checksums.sha256(&path).unwrap(), expected);
        let cache = folder.path().join("cache");
        fs::create_dir(&cache).unwrap();
        fs::write(cache.join("checksums.json"), "{\"a\": 3}").unwrap();
        assert_eq!(Checksums::new(Some(cache)).sha256(&path).unwrap(), expected);
        assert_eq!(Checksums::new(None).sha256(&path).unwrap(), expected);
        assert!(Checksums::new(None).sha256(&folder.path().join("none")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn times_beyond_all_bounds_are_times() {
        assert_eq!(nanoseconds(3, 5), 3_000_000_005);
        assert_eq!(nanoseconds(i64::MAX / 2, 5), i64::MAX);
        assert_eq!(nanoseconds(i64::MIN, 999_999_999), i64::MIN + 999_999_999);
    }

    #[test]
    fn does_not_trust_a_file_that_has_just_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.bin");
        fs::write(&path, "abc").unwrap();
        let cache = folder.path().join("cache");
        Checksums::new(Some(cache.clone())).sha256(&path).unwrap();
        assert!(!cache.join("checksums.json").exists());
    }
}
