//! The files that hold the weights of a published model.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::{Error, Result};

/// What a folder may hold its weights in; the first that is there is read.
const SAFETENSORS: &str = "model.safetensors";
pub(crate) const INDEX: &str = "model.safetensors.index.json";
const MODULE: &str = "rust_model.ot";
/// Python objects, which can run code when they are read; never opened.
const PICKLES: [&str; 2] = ["pytorch_model.bin", "pytorch_model.bin.index.json"];

/// The files that hold a folder's weights, the one that errors name first.
///
/// # Errors
/// [`Error::ModelMissing`] where there are none; [`Error::ModelInvalid`] where they are Python objects, with the
/// command that converts them, or where an index cannot be used.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let present = |name: &str| Some(folder.join(name)).filter(|path| path.is_file());
    if let Some(file) = present(SAFETENSORS) {
        return Ok(vec![file]);
    }
    if let Some(index) = present(INDEX) {
        let parts: BTreeSet<String> = shards(&index)?.into_values().collect();
        let parts: Vec<PathBuf> = parts.into_iter().map(|part| folder.join(part)).collect();
        return Ok([vec![index], parts].concat());
    }
    if let Some(file) = present(MODULE) {
        return Ok(vec![file]);
    }
    if let Some(pickle) = PICKLES.into_iter().find_map(present) {
        return Err(pickled(pickle));
    }
    Err(Error::ModelMissing {
        model: folder.display().to_string(),
        path: folder.join(SAFETENSORS),
        fix: format!(
            "a model folder holds its weights in {SAFETENSORS}, {INDEX} with its parts, or {MODULE}"
        ),
    })
}

fn pickled(path: PathBuf) -> Error {
    let message = "it holds Python objects, which can run any code when they are read".to_owned();
    let fix = if path.extension().is_some_and(|extension| extension == "bin") {
        "convert it, in the folder: python -c \"import torch; from safetensors.torch import save_file; \
         save_file({name: tensor.clone().contiguous() for name, tensor in \
         torch.load('pytorch_model.bin', map_location='cpu', weights_only=True).items()}, 'model.safetensors')\""
    } else {
        "convert it: python -c \"from transformers import AutoModel; \
         AutoModel.from_pretrained(FOLDER).save_pretrained(FOLDER, safe_serialization=True)\", with the Auto class \
         of its task"
    };
    Error::ModelInvalid { path, message, fix: fix.to_owned() }
}

#[derive(Deserialize)]
struct Index {
    weight_map: BTreeMap<String, String>,
}

/// Which file of the folder holds which tensor.
pub(crate) fn shards(index: &Path) -> Result<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(index).map_err(|source| Error::io(index, source))?;
    let Index { weight_map } =
        serde_json::from_str(&text).map_err(|error| invalid(index, error.to_string()))?;
    if weight_map.is_empty() {
        return Err(invalid(index, "weight_map is empty".to_owned()));
    }
    for (name, shard) in &weight_map {
        // A published index must not reach out of its folder.
        let plain = Path::new(shard).file_name().is_some_and(|file| file == shard.as_str());
        if !plain || !shard.ends_with(".safetensors") {
            return Err(invalid(index, format!("weight_map: {name} is said to lie in `{shard}`")));
        }
        let path = index.with_file_name(shard);
        if !path.is_file() {
            let fix = format!("{} names it; fetch it too", index.display());
            return Err(Error::ModelMissing { model: shard.clone(), path, fix });
        }
    }
    Ok(weight_map)
}

fn invalid(path: &Path, message: String) -> Error {
    let fix = "fetch or export the file again".to_owned();
    Error::ModelInvalid { path: path.to_owned(), message, fix }
}
