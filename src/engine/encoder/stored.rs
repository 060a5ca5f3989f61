//! The weights of a published encoder, as they are stored.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use half::{bf16, f16};
use safetensors::{Dtype, SafeTensors};

use crate::engine::linear::{Arithmetic, Linear, Rounded};
use crate::error::{Error, Result};
use crate::label_model::files;
use crate::part::Part;

/// Suffix of the tensor that holds the row scales of an 8-bit matrix.
const SCALE: &str = ".scale";

/// A tensor, row by row.
#[derive(Debug)]
struct Tensor {
    shape: Vec<usize>,
    values: Values,
}

#[derive(Debug)]
enum Values {
    F32(Vec<f32>),
    /// With a scale for each row.
    I8(Vec<i8>, Vec<f32>),
}

/// Tensors by name, and the file that errors about them name.
#[derive(Debug)]
pub(super) struct Stored {
    tensors: BTreeMap<String, Tensor>,
    path: PathBuf,
}

impl Stored {
    /// Reads the weights in `folder`.
    ///
    /// # Errors
    /// Where files are missing or damaged; `rust_model.ot` needs libtorch.
    pub fn read(folder: &Path) -> Result<Self> {
        let files = files::files(folder)?;
        let path = files.first().cloned().unwrap_or_default();
        let parts = if files.len() > 1 { files.part(1..) } else { &files };
        let mut raw: BTreeMap<String, (Vec<usize>, Dtype, Vec<u8>)> = BTreeMap::new();
        for part in parts {
            let bytes = std::fs::read(part).map_err(|error| Error::io(part, error))?;
            let tensors = SafeTensors::deserialize(&bytes)
                .map_err(|error| invalid(part, format!("no tensors: {error}")))?;
            raw.extend(
                tensors
                    .tensors()
                    .into_iter()
                    .map(|(name, view)| (name, (view.shape().to_vec(), view.dtype(), view.data().to_vec()))),
            );
        }
        if files.len() > 1 {
            let named = files::shards(&path)?.into_iter().find(|(name, _)| !raw.contains_key(name));
            if let Some((name, shard)) = named {
                return Err(invalid(&path, format!("weight_map: {shard} holds no tensor {name}")));
            }
        }
        let mut stored = Stored { tensors: BTreeMap::new(), path };
        for (name, (shape, dtype, bytes)) in &raw {
            if name.strip_suffix(SCALE).is_some_and(|matrix| raw.contains_key(matrix)) {
                continue;
            }
            let values = match dtype {
                Dtype::I8 => {
                    let scales = raw.get(&format!("{name}{SCALE}"));
                    let scales = scales.and_then(|(_, dtype, bytes)| floats(bytes, *dtype));
                    let rows = shape.first().copied().unwrap_or(0);
                    let scales = scales.filter(|scales| scales.len() == rows && shape.len() == 2);
                    let Some(scales) = scales else {
                        let message =
                            format!("{name} is 8-bit and has no {name}{SCALE} with a scale for each row");
                        return Err(stored.invalid(message));
                    };
                    Values::I8(bytes.iter().map(|&byte| byte as i8).collect(), scales)
                }
                dtype => match floats(bytes, *dtype) {
                    Some(values) => Values::F32(values),
                    // Places of pieces and the like, which no layer asks for.
                    None => continue,
                },
            };
            stored.tensors.insert(name.clone(), Tensor { shape: shape.clone(), values });
        }
        Ok(stored)
    }

    pub fn invalid(&self, message: String) -> Error {
        invalid(&self.path, message)
    }

    /// The tensor of this name; in weights that were converted from TensorFlow, norms have `gamma` and `beta`.
    fn get(&self, name: &str) -> Option<&Tensor> {
        let old = || {
            let renamed = [(".weight", ".gamma"), (".bias", ".beta")]
                .into_iter()
                .find_map(|(new, old)| Some(format!("{}{old}", name.strip_suffix(new)?)));
            self.tensors.get(&renamed?)
        };
        self.tensors.get(name).or_else(old)
    }

    /// Size of an axis of a tensor, where it is there.
    pub fn size(&self, name: &str, axis: usize) -> Option<usize> {
        self.get(name)?.shape.get(axis).copied().filter(|&size| size > 0)
    }

    fn shaped(&self, name: &str, shape: &[usize]) -> Result<&Tensor> {
        let Some(tensor) = self.get(name) else {
            return Err(self.misfit(format!("tensor {name} is missing")));
        };
        if tensor.shape != shape {
            let found = &tensor.shape;
            return Err(self.misfit(format!("{name} has shape {found:?}; config.json asks for {shape:?}")));
        }
        Ok(tensor)
    }

    fn misfit(&self, message: String) -> Error {
        let fix = "check that config.json and the weights belong together".to_owned();
        Error::ModelInvalid { path: self.path.clone(), message, fix }
    }

    /// A vector.
    pub fn vector(&self, name: &str, size: usize) -> Result<Vec<f32>> {
        Ok(self.shaped(name, &[size])?.floats())
    }

    /// A table, to be looked up row by row.
    pub fn table(&self, name: &str, rows: usize, width: usize) -> Result<Table> {
        let tensor = self.shaped(name, &[rows, width])?;
        let (values, steps) = match &tensor.values {
            Values::F32(values) => (Rows::F32(values.clone()), Vec::new()),
            Values::I8(values, steps) => (Rows::I8(values.clone()), steps.clone()),
        };
        Ok(Table { values, steps, width })
    }

    /// The layer with the outputs of `names` one below another, each of them [outputs, inputs], and its bias.
    pub fn layer(
        &self,
        names: &[String],
        outputs: usize,
        inputs: usize,
        arithmetic: Arithmetic,
    ) -> Result<Layer> {
        let mut bias = Vec::new();
        let mut rounded = Rounded { values: Vec::new(), steps: Vec::new() };
        let mut floats = Vec::new();
        for name in names {
            bias.extend(self.vector(&format!("{name}.bias"), outputs)?);
            let tensor = self.shaped(&format!("{name}.weight"), &[outputs, inputs])?;
            match (arithmetic, &tensor.values) {
                (Arithmetic::F32, _) => floats.extend(tensor.floats()),
                (Arithmetic::Int8, Values::I8(values, steps)) => {
                    rounded.values.extend(values);
                    rounded.steps.extend(steps);
                }
                (Arithmetic::Int8, Values::F32(values)) => {
                    let Rounded { values, steps } = Rounded::new(values, inputs);
                    rounded.values.extend(values);
                    rounded.steps.extend(steps);
                }
            }
        }
        let weight = match arithmetic {
            Arithmetic::F32 => Linear::f32(&floats, inputs, usize::MAX),
            Arithmetic::Int8 => Linear::int8(&rounded.values, &rounded.steps, inputs, usize::MAX),
        };
        Ok(Layer { weight, bias })
    }
}

impl Tensor {
    fn floats(&self) -> Vec<f32> {
        match &self.values {
            Values::F32(values) => values.clone(),
            Values::I8(values, steps) => {
                let width = (values.len() / steps.len().max(1)).max(1);
                let rows = values.chunks(width).zip(steps);
                rows.flat_map(|(row, step)| row.iter().map(move |&value| f32::from(value) * step)).collect()
            }
        }
    }
}

/// A linear layer with its bias.
#[derive(Debug)]
pub(super) struct Layer {
    pub weight: Linear,
    pub bias: Vec<f32>,
}

/// A table of vectors.
#[derive(Debug)]
pub(super) struct Table {
    values: Rows,
    steps: Vec<f32>,
    width: usize,
}

#[derive(Debug)]
enum Rows {
    F32(Vec<f32>),
    I8(Vec<i8>),
}

impl Table {
    /// Adds a row to `out`.
    pub fn add(&self, row: usize, out: &mut [f32]) {
        let range = row * self.width..(row + 1) * self.width;
        match &self.values {
            Rows::F32(values) => {
                let row = values.part(range);
                out.iter_mut().zip(row).for_each(|(out, value)| *out += value);
            }
            Rows::I8(values) => {
                let step = self.steps.get(row).copied().unwrap_or(0.);
                let row = values.part(range);
                out.iter_mut().zip(row).for_each(|(out, &value)| *out += f32::from(value) * step);
            }
        }
    }
}

/// Numbers of a type that floats are stored in.
pub(in crate::engine) fn floats(bytes: &[u8], dtype: Dtype) -> Option<Vec<f32>> {
    let halves = || bytes.chunks_exact(2).map(|pair| <[u8; 2]>::try_from(pair).unwrap_or_default());
    Some(match dtype {
        Dtype::F32 => {
            let each = bytes.chunks_exact(4).map(|four| <[u8; 4]>::try_from(four).unwrap_or_default());
            each.map(f32::from_le_bytes).collect()
        }
        Dtype::F16 => halves().map(|pair| f16::from_le_bytes(pair).to_f32()).collect(),
        Dtype::BF16 => halves().map(|pair| bf16::from_le_bytes(pair).to_f32()).collect(),
        _ => return None,
    })
}

fn invalid(path: &Path, message: String) -> Error {
    let fix = "fetch or export the file again".to_owned();
    Error::ModelInvalid { path: path.to_owned(), message, fix }
}
