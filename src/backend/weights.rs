//! Reads the weights of a model folder: floats as published, or 8-bit matrices with a scale per row.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use tch::{nn, Kind, Tensor};

use crate::error::{Error, Result};
use crate::label_model::files::{files, shards, INDEX};

/// Suffix of the tensor that holds the row scales of an 8-bit matrix.
const SCALE: &str = ".scale";

/// Tensors by name, and the file that errors about them name.
#[derive(Debug)]
pub(crate) struct Weights {
    /// f32, on the processor.
    pub(crate) tensors: HashMap<String, Tensor>,
    /// The file, or the index of several.
    pub(crate) path: PathBuf,
}

impl Weights {
    /// Reads what [`files`] finds.
    ///
    /// # Errors
    /// As [`files`]; [`Error::ModelInvalid`] naming the tensor at fault.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let files = files(folder)?;
        let (path, parts) = match files.split_first() {
            Some((index, parts)) if !parts.is_empty() => (index, parts),
            Some((file, _)) => (file, files.as_slice()),
            None => return Err(Error::config("a model without files", "report this")),
        };
        let mut stored = HashMap::new();
        for part in parts {
            stored.extend(stored_in(part)?);
        }
        if path.ends_with(INDEX) {
            if let Some((name, shard)) =
                shards(path)?.into_iter().find(|(name, _)| !stored.contains_key(name))
            {
                return Err(invalid(path, format!("weight_map: {shard} holds no tensor {name}")));
            }
        }
        Ok(Weights { tensors: floats(&stored, path)?, path: path.clone() })
    }

    /// Fills every variable of `variables` with the tensor of its name.
    ///
    /// A variable whose name `unused` accepts keeps its value where there is no such tensor: layers that the engine
    /// sets up and this crate does not run.
    ///
    /// # Errors
    /// [`Error::ModelInvalid`] naming the file and the tensor that is missing or has another shape.
    pub(crate) fn fill(&self, variables: &nn::VarStore, unused: impl Fn(&str) -> bool) -> Result<()> {
        let invalid = |message: String| Error::ModelInvalid {
            path: self.path.clone(),
            message,
            fix: "check that config.json and the weights belong together".to_owned(),
        };
        let variables: BTreeMap<String, Tensor> = variables.variables().into_iter().collect();
        for (name, mut variable) in variables {
            let Some(tensor) = self.get(&name) else {
                if unused(&name) {
                    continue;
                }
                return Err(invalid(format!("tensor {name} is missing")));
            };
            if tensor.size() != variable.size() {
                let (found, expected) = (tensor.size(), variable.size());
                return Err(invalid(format!(
                    "{name} has shape {found:?}; config.json asks for {expected:?}"
                )));
            }
            tch::no_grad(|| variable.f_copy_(tensor)).map_err(|error| invalid(format!("{name}: {error}")))?;
        }
        Ok(())
    }

    /// The tensor of this name; in weights that were converted from TensorFlow, norms have `gamma` and `beta`.
    pub(crate) fn get(&self, name: &str) -> Option<&Tensor> {
        let old = || {
            let renamed = [(".weight", ".gamma"), (".bias", ".beta")]
                .into_iter()
                .find_map(|(new, old)| Some(format!("{}{old}", name.strip_suffix(new)?)));
            self.tensors.get(&renamed?)
        };
        self.tensors.get(name).or_else(old)
    }
}

fn stored_in(path: &Path) -> Result<Vec<(String, Tensor)>> {
    let stored = if path.extension().is_some_and(|extension| extension == "ot") {
        Tensor::load_multi(path)
    } else {
        Tensor::read_safetensors(path)
    };
    // libtorch appends a C++ back trace.
    let first = |error: tch::TchError| error.to_string().lines().next().unwrap_or_default().to_owned();
    stored.map_err(|error| invalid(path, first(error)))
}

/// In f32. A matrix stored as I8 [rows, columns] beside `NAME.scale` [rows] is multiplied out: each row by its scale.
fn floats(stored: &HashMap<String, Tensor>, path: &Path) -> Result<HashMap<String, Tensor>> {
    let mut tensors = HashMap::with_capacity(stored.len());
    for (name, tensor) in stored {
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
                return Err(invalid(path, format!("{name} has shape {matrix:?} and its scales {scale:?}")));
            }
            (Kind::Int8, None) => {
                return Err(invalid(path, format!("{name} is 8-bit and has no {name}{SCALE}")))
            }
            _ => tensor.to_kind(Kind::Float),
        };
        tensors.insert(name.clone(), values);
    }
    Ok(tensors)
}

fn invalid(path: &Path, message: String) -> Error {
    let fix = "fetch or export the file again".to_owned();
    Error::ModelInvalid { path: path.to_owned(), message, fix }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn tensors() -> [(&'static str, Tensor); 2] {
        [("a.weight", Tensor::from_slice(&[1f32, 2.])), ("b.gamma", Tensor::from_slice(&[3f32]))]
    }

    fn values(weights: &Weights, name: &str) -> Vec<f32> {
        Vec::try_from(weights.get(name).unwrap()).unwrap()
    }

    fn error(folder: &Path) -> String {
        Weights::read(folder).unwrap_err().to_string()
    }

    #[test]
    fn all_formats_give_the_same_tensors() {
        let [whole, parts, module] = [(); 3].map(|()| tempfile::tempdir().unwrap());
        Tensor::write_safetensors(&tensors(), whole.path().join("model.safetensors")).unwrap();
        Tensor::save_multi(&tensors(), module.path().join("rust_model.ot")).unwrap();
        for (number, tensor) in tensors().iter().enumerate() {
            let name = format!("model-{number}.safetensors");
            Tensor::write_safetensors(std::slice::from_ref(tensor), parts.path().join(name)).unwrap();
        }
        let map = r#"{"weight_map": {"a.weight": "model-0.safetensors", "b.gamma": "model-1.safetensors"}}"#;
        fs::write(parts.path().join(INDEX), map).unwrap();
        for folder in [&whole, &parts, &module] {
            let weights = Weights::read(folder.path()).unwrap();
            assert_eq!(values(&weights, "a.weight"), [1., 2.]);
            assert_eq!(values(&weights, "b.weight"), [3.], "named as TensorFlow names it");
            assert!(weights.get("c").is_none());
        }
        assert_eq!(files(parts.path()).unwrap().len(), 3);
    }

    #[test]
    fn an_index_that_cannot_be_used_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let index = |text: &str| fs::write(folder.path().join(INDEX), text).unwrap();
        index(r#"{"weight_map": {"a": "../model.safetensors"}}"#);
        assert!(error(folder.path()).contains("`../model.safetensors`"));
        index(r#"{"weight_map": {}}"#);
        assert!(error(folder.path()).contains("weight_map is empty"));
        index(r#"{"weight_map": {"a": "part.safetensors"}}"#);
        assert!(error(folder.path()).contains("part.safetensors is missing"));
        Tensor::write_safetensors(&tensors(), folder.path().join("part.safetensors")).unwrap();
        let error = error(folder.path());
        assert!(error.contains(INDEX) && error.contains("part.safetensors holds no tensor a;"), "{error}");
    }

    #[test]
    fn python_objects_are_refused_with_the_way_to_convert_them() {
        let folder = tempfile::tempdir().unwrap();
        assert!(error(folder.path()).contains("model.safetensors is missing"));
        fs::write(folder.path().join("pytorch_model.bin.index.json"), "{}").unwrap();
        assert!(error(folder.path()).contains("save_pretrained"));
        fs::write(folder.path().join("pytorch_model.bin"), "").unwrap();
        let message = error(folder.path());
        assert!(message.contains("pytorch_model.bin") && message.contains("save_file("), "{message}");
        // Beside weights that can be read they do no harm.
        Tensor::write_safetensors(&tensors(), folder.path().join("model.safetensors")).unwrap();
        assert!(Weights::read(folder.path()).is_ok());
    }

    #[test]
    fn a_damaged_file_is_named() {
        for name in ["model.safetensors", "rust_model.ot"] {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(name), "nothing").unwrap();
            let error = error(folder.path());
            assert!(error.contains(name) && !error.contains('\n'), "{error}");
        }
    }
}
