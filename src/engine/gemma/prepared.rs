//! The file in which weights are kept once they are ready, so that a later start need not make them again.
//!
//! The length of the header (8 bytes, little endian), the header's CRC-32 (4 bytes), the header in JSON, and the
//! tensors, each from a multiple of [`ALIGNMENT`] on. Tensors are mapped, not read.

use std::fs::{self, File};
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crc32fast::Hasher;
use memmap2::{Mmap, MmapOptions};
use serde::{Deserialize, Serialize};
use tempfile::Builder;

use super::config::Config;
use super::weights::{Bytes, Form, Tensor, Weights};
use crate::engine::linear::Arithmetic;
use crate::error::{Error, Result};
use crate::part::Part;

/// Tensors start at multiples of this many bytes.
const ALIGNMENT: u64 = 64;
/// Bytes before the header.
const LEAD: u64 = 12;
/// Headers are far shorter; what asks for more is damaged.
const LONGEST_HEADER: u64 = 1 << 20;
/// Letters of the key that a file is named by.
const KEY_LETTERS: usize = 16;
/// So many files are kept, each of hundreds of megabytes.
const MOST_FILES: usize = 4;
/// How names of files end that are still written; writing takes seconds …
const UNFINISHED: &str = ".part";
/// … and after this long nobody does any more.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);

#[derive(Debug, Serialize, Deserialize)]
struct Header {
    /// What the weights were made from, and how.
    key: String,
    config: Config,
    tensors: Vec<Entry>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    name: String,
    form: Form,
    /// Counted from the start of the first tensor.
    start: u64,
    /// Bytes.
    length: u64,
    crc32: u32,
}

/// The weights in `path`, if the file is there, whole, and was made for `key`.
pub(super) fn read(path: &Path, key: &str) -> Option<(Config, Weights)> {
    Checked::new(path, key)?.mapped(path)
}

/// A file whose checksums are right.
struct Checked {
    /// The bytes of length, checksum and header; they tell the file from all others.
    head: Vec<u8>,
    header: Header,
    /// Bytes of the whole file.
    length: u64,
}

impl Checked {
    fn new(path: &Path, key: &str) -> Option<Self> {
        let mut file = File::open(path).ok()?;
        let length = file.metadata().ok()?.len();
        let mut head = vec![0; LEAD as usize];
        file.read_exact(&mut head).ok()?;
        let (size, crc32) = head.split_first_chunk::<8>()?;
        let (size, crc32) = (u64::from_le_bytes(*size), crc32.to_vec());
        if size > LONGEST_HEADER.min(length) {
            return None;
        }
        head.resize((LEAD + size) as usize, 0);
        let json = head.get_mut(LEAD as usize..)?;
        file.read_exact(json).ok()?;
        if crc32fast::hash(json).to_le_bytes().as_slice() != crc32 {
            return None;
        }
        let header: Header = serde_json::from_slice(json).ok()?;
        let checked = Checked { head, header, length };
        let ends = checked.header.tensors.iter().map(|entry| entry.start.checked_add(entry.length));
        let ends = ends.collect::<Option<Vec<u64>>>()?;
        let end = checked.start().checked_add(ends.into_iter().max()?)?;
        (checked.header.key == key && end == length && checked.tensors_are_whole(&mut file))
            .then_some(checked)
    }

    /// Where the tensors start.
    fn start(&self) -> u64 {
        (self.head.len() as u64).next_multiple_of(ALIGNMENT)
    }

    fn tensors_are_whole(&self, file: &mut File) -> bool {
        let mut buffer = vec![0; 1 << 18];
        let mut whole = |entry: &Entry| -> Option<bool> {
            file.seek(SeekFrom::Start(self.start() + entry.start)).ok()?;
            let mut left = entry.length;
            let mut hasher = Hasher::new();
            while left > 0 {
                let part = buffer.get_mut(..left.min(1 << 18) as usize)?;
                file.read_exact(part).ok()?;
                hasher.update(part);
                left -= part.len() as u64;
            }
            Some(hasher.finalize() == entry.crc32)
        };
        self.header.tensors.iter().all(|entry| whole(entry) == Some(true))
    }

    /// The weights, unless another file has taken the place of this one: it is opened once more. Each tensor is mapped by itself, so
    /// that the memory of those that are packed is given back once nobody needs them as they lie here.
    fn mapped(self, path: &Path) -> Option<(Config, Weights)> {
        let mut file = File::open(path).ok()?;
        let mut head = vec![0; self.head.len()];
        file.read_exact(&mut head).ok()?;
        // A map beyond the end of its file ends the process where it is read.
        if head != self.head || file.metadata().ok()?.len() != self.length {
            return None;
        }
        let mut weights = Weights::default();
        for entry in &self.header.tensors {
            let start = self.start().checked_add(entry.start)?;
            let map = Arc::new(map(&file, start, usize::try_from(entry.length).ok()?)?);
            weights.add(&entry.name, Tensor { form: entry.form, bytes: Bytes::Mapped(map) });
        }
        Some((self.header.config, weights))
    }
}

#[expect(unsafe_code, reason = "a mapped file spares a copy of the embedding at every start")]
fn map(file: &File, start: u64, length: usize) -> Option<Mmap> {
    // SAFETY: nothing writes to such a file once it has its name: a new one takes its place by renaming. Whoever cuts it
    // off by hand while it is used ends the process; no memory but the file's can be read.
    unsafe { MmapOptions::new().offset(start).len(length).map(file) }.ok()
}

/// Writes the file, whole or not at all: under another name at first, which nothing else uses.
pub(super) fn write(path: &Path, key: &str, config: &Config, weights: &Weights) -> Result<()> {
    let io = |error| Error::io(path, error);
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(io)?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    // Also those that were for another key.
    sweep(folder, stem.rsplit_once('-').map_or(&stem, |(before, _)| before));
    let name = format!("{stem}.");
    let mut unfinished = Builder::new();
    unfinished.prefix(&name).suffix(UNFINISHED);
    // A file for all whom the user's mask lets read: temporary ones are for their owner alone, and such a folder may be shared.
    #[cfg(unix)]
    unfinished.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let unfinished = unfinished.tempfile_in(folder).map_err(io)?;
    write_whole(unfinished.as_file(), path, key, config, weights)?;
    unfinished.persist(path).map_err(|error| io(error.error))?;
    Ok(())
}

/// Removes what processes left in `folder` that were ended while they wrote.
fn sweep(folder: &Path, stem: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| name.starts_with(stem) && name.ends_with(UNFINISHED));
        let changed = entry.metadata().and_then(|metadata| metadata.modified()).ok();
        let age = changed.and_then(|changed| changed.elapsed().ok()).unwrap_or_default();
        if ours && age > ABANDONED {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// What the file for `key` is called.
pub(super) fn name(arithmetic: Arithmetic, key: &str) -> String {
    let key: String = key.chars().take(KEY_LETTERS).collect();
    format!("translator-{arithmetic:?}-{key}.bin").to_lowercase()
}

/// Whether a file is called so, or as older versions called it: without a key.
fn is_named_so(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let middle = name.strip_prefix("translator-").and_then(|name| name.strip_suffix(".bin"));
    let (arithmetic, key) = middle.map_or(("", ""), |middle| middle.split_once('-').unwrap_or((middle, "")));
    ["int8", "bf16"].contains(&arithmetic)
        && [0, KEY_LETTERS].contains(&key.len())
        && key.bytes().all(|letter| letter.is_ascii_hexdigit())
}

/// Removes all but the newest of these files in `folder`; what cannot be removed stays.
pub(super) fn keep_newest(folder: &Path) {
    let paths = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let written = |path: PathBuf| Some((fs::metadata(&path).ok()?.modified().ok()?, path));
    let mut files: Vec<_> = paths.filter(|path| is_named_so(path)).filter_map(written).collect();
    files.sort_unstable();
    let old = files.len().saturating_sub(MOST_FILES);
    for (_, path) in files.into_iter().take(old) {
        let _ = fs::remove_file(path);
    }
}

fn write_whole(file: &File, path: &Path, key: &str, config: &Config, weights: &Weights) -> Result<()> {
    let io = |error| Error::io(path, error);
    let mut header = Header { key: key.to_owned(), config: config.clone(), tensors: Vec::new() };
    let mut end = 0;
    for (name, tensor) in &weights.0 {
        let bytes = tensor.bytes.as_slice();
        let start = u64::next_multiple_of(end, ALIGNMENT);
        let length = bytes.len() as u64;
        let crc32 = crc32fast::hash(bytes);
        header.tensors.push(Entry { name: name.clone(), form: tensor.form, start, length, crc32 });
        end = start + length;
    }
    let json = serde_json::to_vec(&header).map_err(|error| io(error.into()))?;
    let start = (LEAD + json.len() as u64).next_multiple_of(ALIGNMENT);
    let mut file = BufWriter::new(file);
    let mut put = |bytes: &[u8]| file.write_all(bytes).map_err(io);
    put(&(json.len() as u64).to_le_bytes())?;
    put(&crc32fast::hash(&json).to_le_bytes())?;
    put(&json)?;
    let mut position = LEAD + json.len() as u64;
    for (tensor, entry) in weights.0.values().zip(&header.tensors) {
        let gap = start + entry.start - position;
        put([0; ALIGNMENT as usize].part(..gap as usize))?;
        let bytes = tensor.bytes.as_slice();
        put(bytes)?;
        position += gap + bytes.len() as u64;
    }
    file.flush().map_err(io)
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::SystemTime;

    use super::*;

    fn config() -> Config {
        Config {
            layers: 1,
            hidden: 1,
            inner: 1,
            heads: 1,
            kv_heads: 1,
            head: 2,
            epsilon: 0.,
            rope_base: 1.,
            window: 1,
        }
    }

    fn weights(value: f32) -> Weights {
        let mut weights = Weights::default();
        weights.add(
            "a",
            Tensor { form: Form::F32, bytes: Bytes::Owned([value.to_le_bytes(); 20_000].concat().into()) },
        );
        weights
    }

    fn value(found: Option<(Config, Weights)>) -> Option<f32> {
        found.and_then(|(_, weights)| weights.tensor("a").unwrap().part(19_999, 1).next())
    }

    #[test]
    fn those_who_write_at_once_do_not_disturb_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = &folder.path().join("weights.bin");
        thread::scope(|scope| {
            for number in [1u8, 2, 3] {
                scope.spawn(move || {
                    for _ in 0..20 {
                        let key = number.to_string();
                        write(path, &key, &config(), &weights(number.into())).unwrap();
                        // Whoever wrote last is read, as a whole.
                        assert!(value(read(path, &key)).is_none_or(|found| found == f32::from(number)));
                    }
                });
            }
        });
        let found: Vec<f32> = ["1", "2", "3"].iter().filter_map(|key| value(read(path, key))).collect();
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn a_file_that_takes_the_place_of_a_checked_one_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weights.bin");
        write(&path, "1", &config(), &weights(1.)).unwrap();
        let checked = Checked::new(&path, "1").unwrap();
        write(&path, "2", &config(), &weights(2.)).unwrap();
        assert_eq!(value(checked.mapped(&path)), None);
        assert_eq!(value(Checked::new(&path, "2").unwrap().mapped(&path)), Some(2.));
    }

    /// What lies beyond the end of a file can be mapped, and ends the process where it is read.
    #[test]
    fn a_file_that_was_cut_off_since_it_was_checked_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weights.bin");
        write(&path, "1", &config(), &weights(1.)).unwrap();
        let checked = Checked::new(&path, "1").unwrap();
        File::options().write(true).open(&path).unwrap().set_len(20_000).unwrap();
        assert!(checked.mapped(&path).is_none());
    }

    #[test]
    #[cfg(unix)]
    fn the_file_has_the_rights_of_any_other_that_the_user_makes() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let [made, usual] = ["weights.bin", "usual"].map(|name| folder.path().join(name));
        write(&made, "1", &config(), &weights(1.)).unwrap();
        fs::write(&usual, "").unwrap();
        let [made, usual] = [made, usual].map(|path| fs::metadata(path).unwrap().permissions().mode());
        assert_eq!(made, usual);
    }

    /// Checksums find chance, not intent: a header that was made to mislead has the right ones.
    #[test]
    fn a_header_that_points_out_of_the_file_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weights.bin");
        write(&path, "1", &config(), &weights(1.)).unwrap();
        let whole = fs::read(&path).unwrap();
        let size = u64::from_le_bytes(*whole.first_chunk().unwrap()) as usize;
        let (lead, rest) = whole.split_at(LEAD as usize);
        let (json, tensors) = rest.split_at(size);
        for (place, value) in [("start", u64::MAX), ("length", u64::MAX), ("start", 1), ("length", 0)] {
            let mut header: serde_json::Value = serde_json::from_slice(json).unwrap();
            let entry = header["tensors"][0].clone();
            header["tensors"].as_array_mut().unwrap().push(entry);
            header["tensors"][1][place] = value.into();
            let json = serde_json::to_vec(&header).unwrap();
            let start = (LEAD as usize + json.len()).next_multiple_of(ALIGNMENT as usize);
            let mut bytes = (json.len() as u64).to_le_bytes().to_vec();
            bytes.extend(crc32fast::hash(&json).to_le_bytes());
            bytes.extend(&json);
            bytes.resize(start, 0);
            let first = (lead.len() + size).next_multiple_of(ALIGNMENT as usize) - lead.len() - size;
            bytes.extend(&tensors[first..]);
            fs::write(&path, bytes).unwrap();
            assert!(read(&path, "1").is_none(), "{place} {value}");
        }
    }

    #[test]
    fn what_a_process_left_that_was_ended_is_swept_away() {
        let folder = tempfile::tempdir().unwrap();
        let [left, fresh, other] =
            ["weights-a.1.part", "weights-b.2.part", "other-b.1.part"].map(|name| folder.path().join(name));
        for path in [&left, &fresh, &other] {
            fs::write(path, b"half").unwrap();
        }
        let long_ago = SystemTime::now() - Duration::from_secs(3 * 24 * 3600);
        for path in [&left, &other] {
            File::options().write(true).open(path).unwrap().set_modified(long_ago).unwrap();
        }
        write(&folder.path().join("weights-b.bin"), "1", &config(), &weights(1.)).unwrap();
        assert_eq!([&left, &fresh, &other].map(|path| path.exists()), [false, true, true]);
    }
}
