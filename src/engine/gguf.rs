//! Reads GGUF files: metadata, and tensors dequantized to f32.

mod bounds;

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use candle_core::quantized::gguf_file::{Content, TensorInfo, Value};
use candle_core::quantized::{ggml_file::qtensor_from_ggml, QTensor};
use candle_core::Device;

use crate::error::{Error, Result};

const FIX: &str = "fetch the file of the model again";

/// An open GGUF file; tensors are read when asked for, from several threads at once if need be.
#[derive(Debug)]
pub(crate) struct Gguf {
    path: PathBuf,
    /// Bytes of the file: no tensor has more.
    length: u64,
    content: Content,
}

impl Gguf {
    /// Reads the header; `architecture` is what `general.architecture` must say.
    pub fn open(path: &Path, architecture: &str) -> Result<Self> {
        let mut file = BufReader::with_capacity(1 << 20, reader(path)?);
        let io = |error| Error::io(path, error);
        let length = file.get_ref().metadata().map_err(io)?.len();
        let damaged = |message: String| invalid(path, format!("no GGUF header: {message}"));
        bounds::check(&mut file, length).map_err(damaged)?;
        file.rewind().map_err(io)?;
        let content = Content::read(&mut file).map_err(|error| damaged(error.to_string()))?;
        let gguf = Gguf { path: path.to_owned(), length, content };
        match gguf.content.metadata.get("general.architecture") {
            Some(Value::String(found)) if found == architecture => Ok(gguf),
            found => {
                Err(gguf.invalid(format!("general.architecture is {found:?}, expected `{architecture}`")))
            }
        }
    }

    /// An error about this file.
    pub fn invalid(&self, message: String) -> Error {
        invalid(&self.path, message)
    }

    /// A metadata field that counts something and is at least 1.
    pub fn size(&self, key: &str) -> Result<usize> {
        let value = self.value(key)?.to_u64().ok().and_then(|value| usize::try_from(value).ok());
        value.filter(|&size| size > 0).ok_or_else(|| self.invalid(format!("{key} is no positive number")))
    }

    /// A metadata field that holds a float.
    pub fn float(&self, key: &str) -> Result<f64> {
        self.value(key)?.to_f32().map(f64::from).map_err(|error| self.invalid(format!("{key}: {error}")))
    }

    fn value(&self, key: &str) -> Result<&Value> {
        self.content.metadata.get(key).ok_or_else(|| self.invalid(format!("the field {key} is missing")))
    }

    /// Rows of a matrix whose rows are `columns` wide.
    pub fn row_count(&self, name: &str, columns: usize) -> Result<usize> {
        match self.info(name)?.shape.dims() {
            &[rows, found] if found == columns => Ok(rows),
            found => Err(self.invalid(format!("{name} has shape {found:?}, expected [rows, {columns}]"))),
        }
    }

    /// A whole tensor of the shape `expected`.
    pub fn tensor(&self, name: &str, expected: &[usize]) -> Result<Vec<f32>> {
        let info = self.info(name)?;
        if info.shape.dims() != expected {
            let message = format!("{name} has shape {:?}, expected {expected:?}", info.shape.dims());
            return Err(self.invalid(message));
        }
        let elements = expected.iter().try_fold(1_usize, |all, &axis| all.checked_mul(axis));
        let elements = elements.ok_or_else(|| self.invalid(format!("{name} has shape {expected:?}")))?;
        let kind = info.ggml_dtype;
        self.check_size(name, elements.div_ceil(kind.block_size()), kind.type_size())?;
        let mut file = reader(&self.path)?;
        let quantized = info
            .read(&mut file, self.content.tensor_data_offset, &Device::Cpu)
            .map_err(|error| self.invalid(format!("{name}: {error}")))?;
        self.dequantized(name, &quantized)
    }

    /// The rows `ids` of a matrix, in that order, without dequantizing the others.
    pub fn rows(&self, name: &str, columns: usize, ids: &[u32]) -> Result<Vec<f32>> {
        let rows = self.row_count(name, columns)?;
        if let Some(id) = ids.iter().find(|&&id| id as usize >= rows) {
            return Err(self.invalid(format!("{name} has {rows} rows and no row {id}")));
        }
        let info = self.info(name)?;
        let kind = info.ggml_dtype;
        if !columns.is_multiple_of(kind.block_size()) {
            return Err(self.invalid(format!("{name}: rows of {columns} values hold parts of blocks")));
        }
        let bytes = columns / kind.block_size() * kind.type_size();
        self.check_size(name, ids.len(), bytes)?;
        let mut raw = vec![0; bytes * ids.len()];
        self.read_rows(info, bytes, ids, &mut raw).map_err(|error| Error::io(&self.path, error))?;
        let quantized = qtensor_from_ggml(kind, &raw, vec![ids.len(), columns], &Device::Cpu)
            .map_err(|error| self.invalid(format!("{name}: {error}")))?;
        self.dequantized(name, &quantized)
    }

    /// Refuses to make room for `count` parts of so many bytes where the file has fewer.
    fn check_size(&self, name: &str, count: usize, bytes: usize) -> Result<()> {
        let whole = count.checked_mul(bytes).and_then(|whole| u64::try_from(whole).ok());
        match whole.filter(|&whole| whole <= self.length) {
            Some(_) => Ok(()),
            None => Err(self.invalid(format!("{name} is larger than the file"))),
        }
    }

    fn read_rows(&self, info: &TensorInfo, bytes: usize, ids: &[u32], raw: &mut [u8]) -> std::io::Result<()> {
        let beyond = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        let start =
            self.content.tensor_data_offset.checked_add(info.offset).filter(|&start| start <= self.length);
        let start = start.ok_or_else(beyond)?;
        let mut file = BufReader::with_capacity(1 << 20, File::open(&self.path)?);
        let mut position = file.seek(SeekFrom::Start(start))?;
        for (row, &id) in raw.chunks_exact_mut(bytes).zip(ids) {
            let wanted = start + u64::from(id) * bytes as u64;
            // Files are far below 2^63 bytes; relative seeks keep the buffer.
            file.seek_relative(wanted as i64 - position as i64)?;
            file.read_exact(row)?;
            position = wanted + bytes as u64;
        }
        Ok(())
    }

    fn info(&self, name: &str) -> Result<&TensorInfo> {
        let found = self.content.tensor_infos.get(name);
        found.ok_or_else(|| self.invalid(format!("the tensor {name} is missing")))
    }

    fn dequantized(&self, name: &str, tensor: &QTensor) -> Result<Vec<f32>> {
        tensor
            .dequantize(&Device::Cpu)
            .and_then(|values| values.flatten_all()?.to_vec1())
            .map_err(|error| self.invalid(format!("{name}: {error}")))
    }
}

fn reader(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| Error::io(path, error))
}

fn invalid(path: &Path, message: String) -> Error {
    Error::ModelInvalid { path: path.to_owned(), message, fix: FIX.to_owned() }
}
