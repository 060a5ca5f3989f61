//! Reads safetensors files: floats as published, or 8-bit matrices with a scale per row.

use std::collections::HashMap;
use std::path::Path;

use tch::{nn, Kind, Tensor};

use crate::error::{Error, Result};

/// Suffix of the tensor that holds the row scales of an 8-bit matrix.
const SCALE: &str = ".scale";

/// The tensors of a file by name, in f32.
///
/// A matrix stored as I8 [rows, columns] beside `NAME.scale` [rows] is multiplied out: each row by its scale.
///
/// # Errors
/// [`Error::ModelInvalid`] naming the tensor at fault.
pub(crate) fn read(path: &Path) -> Result<HashMap<String, Tensor>> {
    let invalid = |message: String| Error::ModelInvalid {
        path: path.to_owned(),
        message,
        fix: "fetch or export the file again".to_owned(),
    };
    let stored = Tensor::read_safetensors(path).map_err(|error| invalid(error.to_string()))?;
    let stored: HashMap<String, Tensor> = stored.into_iter().collect();
    let mut tensors = HashMap::with_capacity(stored.len());
    for (name, tensor) in &stored {
        let scaled = name.strip_suffix(SCALE);
        if scaled.is_some_and(|matrix| stored.contains_key(matrix)) {
            continue;
        }
        let values = match (tensor.kind(), stored.get(&format!("{name}{SCALE}"))) {
            (Kind::Int8, Some(scale))
                if tensor.dim() == 2 && scale.size().first() == tensor.size().first() && scale.dim() == 1 =>
            {
                tensor.to_kind(Kind::Float) * scale.to_kind(Kind::Float).unsqueeze(1)
            }
            (Kind::Int8, Some(scale)) => {
                let (matrix, scale) = (tensor.size(), scale.size());
                return Err(invalid(format!("{name} has shape {matrix:?} and its scales {scale:?}")));
            }
            (Kind::Int8, None) => return Err(invalid(format!("{name} is 8-bit and has no {name}{SCALE}"))),
            _ => tensor.to_kind(Kind::Float),
        };
        tensors.insert(name.clone(), values);
    }
    Ok(tensors)
}

/// Fills every variable of `variables` with the tensor of its name.
///
/// # Errors
/// [`Error::ModelInvalid`] naming `path` and the tensor that is missing or has another shape.
pub(crate) fn fill(variables: &nn::VarStore, tensors: &HashMap<String, Tensor>, path: &Path) -> Result<()> {
    let invalid = |message: String| Error::ModelInvalid {
        path: path.to_owned(),
        message,
        fix: "check that config.json and the weights belong together".to_owned(),
    };
    for (name, mut variable) in variables.variables() {
        let tensor = tensors.get(&name).ok_or_else(|| invalid(format!("tensor {name} is missing")))?;
        if tensor.size() != variable.size() {
            let (found, expected) = (tensor.size(), variable.size());
            return Err(invalid(format!("{name} has shape {found:?}; config.json asks for {expected:?}")));
        }
        tch::no_grad(|| variable.f_copy_(tensor)).map_err(|error| invalid(format!("{name}: {error}")))?;
    }
    Ok(())
}
