//! The file in which weights are kept once they are ready, so that a later start need not make them again.
//!
//! The length of the header (8 bytes, little endian), the header's CRC-32 (4 bytes), the header in JSON, and the
//! tensors, each from a multiple of [`ALIGNMENT`] on. Tensors are mapped, not read.

use std::fs::{self, File};
use std::io::{BufWriter, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crc32fast::Hasher;
use serde::{Deserialize, Serialize};
use tch::{Device, Kind, Tensor};

use super::config::Config;
use super::weights::Weights;
use crate::backend::guarded;
use crate::error::{Error, Result};
use crate::progress::Stage;

/// Tensors start at multiples of this many bytes.
const ALIGNMENT: u64 = 64;
/// Bytes before the header.
const LEAD: u64 = 12;
/// Headers are far shorter; what asks for more is damaged.
const LONGEST_HEADER: u64 = 1 << 20;

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
    kind: Form,
    shape: Vec<i64>,
    /// Counted from the start of the first tensor.
    start: u64,
    crc32: u32,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Form {
    F32,
    Bf16,
    I8,
}

impl Form {
    fn kind(self) -> Kind {
        match self {
            Form::F32 => Kind::Float,
            Form::Bf16 => Kind::BFloat16,
            Form::I8 => Kind::Int8,
        }
    }

    fn of(tensor: &Tensor) -> Option<Self> {
        [Form::F32, Form::Bf16, Form::I8].into_iter().find(|form| form.kind() == tensor.kind())
    }
}

impl Entry {
    fn bytes(&self) -> Option<u64> {
        let count =
            self.shape.iter().try_fold(1u64, |all, &size| all.checked_mul(u64::try_from(size).ok()?))?;
        count.checked_mul(self.kind.kind().elt_size_in_bytes() as u64)
    }
}

/// The weights in `path`, if the file is there, whole, and was made for `key`.
pub(super) fn read(path: &Path, key: &str) -> Option<(Config, Weights)> {
    let (header, start, length) = sound(path, key)?;
    let name = path.to_str()?;
    let mapped = guarded(Stage::Translate, || {
        let file = Tensor::f_from_file(name, false, length, (Kind::Uint8, Device::Cpu)).map_err(engine)?;
        let mut weights = Weights::default();
        for entry in &header.tensors {
            let bytes = entry.bytes().unwrap_or(0) as i64;
            let part = file.f_narrow(0, (start + entry.start) as i64, bytes);
            let tensor = part.and_then(|part| part.f_view_dtype(entry.kind.kind()));
            let tensor = tensor.and_then(|tensor| tensor.f_view(entry.shape.as_slice()));
            weights.add(&entry.name, tensor.map_err(engine)?);
        }
        Ok(weights)
    });
    Some((header.config, mapped.ok()?))
}

/// The header, where the tensors start, and the file's length, if all checksums are right.
fn sound(path: &Path, key: &str) -> Option<(Header, u64, i64)> {
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    let mut lead = [0; LEAD as usize];
    file.read_exact(&mut lead).ok()?;
    let (size, crc32) = lead.split_first_chunk::<8>()?;
    let size = u64::from_le_bytes(*size);
    if size > LONGEST_HEADER.min(length) {
        return None;
    }
    let mut json = vec![0; size as usize];
    file.read_exact(&mut json).ok()?;
    if crc32fast::hash(&json).to_le_bytes() != crc32 {
        return None;
    }
    let header: Header = serde_json::from_slice(&json).ok()?;
    let start = (LEAD + size).next_multiple_of(ALIGNMENT);
    let last = header.tensors.last()?;
    if header.key != key || start + last.start + last.bytes()? != length {
        return None;
    }
    let mut buffer = vec![0; 1 << 18];
    for entry in &header.tensors {
        file.seek(SeekFrom::Start(start + entry.start)).ok()?;
        let mut left = entry.bytes()?;
        let mut hasher = Hasher::new();
        while left > 0 {
            let part = buffer.get_mut(..left.min(1 << 18) as usize)?;
            file.read_exact(part).ok()?;
            hasher.update(part);
            left -= part.len() as u64;
        }
        if hasher.finalize() != entry.crc32 {
            return None;
        }
    }
    Some((header, start, i64::try_from(length).ok()?))
}

/// Writes the file, whole or not at all: under another name at first, which nothing else uses.
pub(super) fn write(path: &Path, key: &str, config: &Config, weights: &Weights) -> Result<()> {
    let io = |error| Error::io(path, error);
    fs::create_dir_all(path.parent().unwrap_or(path)).map_err(io)?;
    let unfinished = path.with_extension(format!("{}.part", std::process::id()));
    let written = write_whole(&unfinished, key, config, weights)
        .and_then(|()| fs::rename(&unfinished, path).map_err(io));
    if written.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    written
}

fn write_whole(path: &Path, key: &str, config: &Config, weights: &Weights) -> Result<()> {
    let io = |error| Error::io(path, error);
    let mut header = Header { key: key.to_owned(), config: config.clone(), tensors: Vec::new() };
    let mut end = 0;
    for (name, tensor) in weights.tensors() {
        let kind = Form::of(tensor).ok_or_else(|| {
            io(std::io::Error::new(ErrorKind::InvalidData, format!("{name} is {:?}", tensor.kind())))
        })?;
        let crc32 = crc32fast::hash(&bytes(tensor)?);
        let start = u64::next_multiple_of(end, ALIGNMENT);
        let entry = Entry { name: name.to_owned(), kind, shape: tensor.size(), start, crc32 };
        end = start + entry.bytes().unwrap_or(0);
        header.tensors.push(entry);
    }
    let json = serde_json::to_vec(&header).map_err(|error| io(error.into()))?;
    let start = (LEAD + json.len() as u64).next_multiple_of(ALIGNMENT);
    let mut file = BufWriter::new(File::create(path).map_err(io)?);
    let mut put = |bytes: &[u8]| file.write_all(bytes).map_err(io);
    put(&(json.len() as u64).to_le_bytes())?;
    put(&crc32fast::hash(&json).to_le_bytes())?;
    put(&json)?;
    let mut position = LEAD + json.len() as u64;
    for ((_, tensor), entry) in weights.tensors().zip(&header.tensors) {
        let gap = start + entry.start - position;
        put([0; ALIGNMENT as usize].get(..gap as usize).unwrap_or_default())?;
        let bytes = bytes(tensor)?;
        put(&bytes)?;
        position += gap + bytes.len() as u64;
    }
    file.flush().map_err(io)
}

fn bytes(tensor: &Tensor) -> Result<Vec<u8>> {
    let mut bytes = vec![0; tensor.numel() * tensor.kind().elt_size_in_bytes()];
    tensor.f_copy_data_u8(&mut bytes, tensor.numel()).map_err(engine)?;
    Ok(bytes)
}

fn engine(error: tch::TchError) -> Error {
    Error::Backend { stage: Stage::Translate, message: error.to_string() }
}
