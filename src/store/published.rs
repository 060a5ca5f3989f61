//! A model's folder as it is published: which files count, whether they are whole, and what the model does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::card::Card;
use super::{files, whole, Task};
use crate::error::{Error, Result};

/// A command that turns `pytorch_model.bin` into `model.safetensors` and runs no code of the file.
const CONVERSION: &str =
    "python3 -c \"import torch; from safetensors.torch import save_file; save_file({name: tensor.clone().contiguous() \
     for name, tensor in torch.load('pytorch_model.bin', map_location='cpu', weights_only=True).items()}, \
     'model.safetensors')\"";
/// Says that a folder holds an adapter.
const ADAPTER_CONFIG: &str = "adapter_config.json";

const KIND: &str =
    "name a folder as published on a model hub: config.json, weights (model.safetensors) and a tokenizer";

/// A folder that was found to be a model.
#[derive(Debug)]
pub(super) struct Published {
    /// Names of the files that count, in order.
    pub(super) files: Vec<String>,
    /// What it does, where its files tell.
    pub(super) task: Option<Task>,
    /// Its architecture, or `an adapter`.
    pub(super) architecture: String,
    pub(super) license: Option<String>,
}

#[derive(Deserialize)]
struct Config {
    model_type: Option<String>,
    #[serde(default)]
    architectures: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Index {
    weight_map: BTreeMap<String, String>,
}

impl Published {
    /// Reads and checks `folder`.
    ///
    /// # Errors
    /// [`Error::ModelMissing`] or [`Error::ModelInvalid`] naming the file, and what to do.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let names = names(folder)?;
        let config = if names.iter().any(|name| name == "config.json") {
            let path = folder.join("config.json");
            whole::check(&path)?;
            Some(read_config(&path)?)
        } else {
            None
        };
        let architecture = config.as_ref().map(Config::architecture);
        complete(folder, &names)?;
        let files = files::chosen(&names);
        for file in &files {
            whole::check(&folder.join(file))?;
        }
        if files.iter().any(|file| file == files::INDEX) {
            check_shards(folder, &files)?;
        }
        let card = Card::read(folder);
        let task = match config {
            Some(config) if !is_adapter(&names) => config.task(&card),
            _ => Some(Task::Translation),
        };
        Ok(Published {
            files,
            task,
            architecture: architecture.unwrap_or_else(|| "an adapter".to_owned()),
            license: card.license,
        })
    }
}

impl Config {
    fn architecture(&self) -> String {
        let first = self.architectures.iter().flatten().next();
        first.or(self.model_type.as_ref()).cloned().unwrap_or_default()
    }

    /// Which task it is: the architecture decides where it serves one task only, else the README, else what
    /// the architecture is mostly used for.
    fn task(&self, card: &Card) -> Option<Task> {
        let architecture = self.architecture();
        if architecture.ends_with("ForTokenClassification") {
            return Some(Task::Entities);
        }
        card.task.or(match architecture.as_str() {
            "MarianMTModel" | "M2M100ForConditionalGeneration" | "MBartForConditionalGeneration" => {
                Some(Task::Translation)
            }
            "BartForConditionalGeneration"
            | "PegasusForConditionalGeneration"
            | "ProphetNetForConditionalGeneration"
            | "LongT5ForConditionalGeneration" => Some(Task::Summary),
            _ => None,
        })
    }
}

/// Says by the names alone whether all that a model needs is there; `place` stands for the folder in messages.
///
/// # Errors
/// [`Error::ModelMissing`] or [`Error::ModelInvalid`].
pub(super) fn complete(place: &Path, names: &[String]) -> Result<()> {
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    let missing = |name: &str, fix: String| {
        Err(Error::ModelMissing { model: place.display().to_string(), path: place.join(name), fix })
    };
    if is_adapter(names) {
        return match files::ADAPTER.into_iter().find(|name| !has(name)) {
            None => Ok(()),
            Some(absent) => missing(
                absent,
                format!(
                    "the folder holds an adapter; one for the built-in translator has {}, any other must be merged \
                     into its base first",
                    files::ADAPTER.join(", ")
                ),
            ),
        };
    }
    if !has("config.json") {
        return missing("config.json", KIND.to_owned());
    }
    if files::weights(names).is_empty() {
        if let Some(pickle) = files::PICKLES.into_iter().find(|name| has(name)) {
            return Err(Error::ModelInvalid {
                path: place.join(pickle),
                message: "it holds Python objects, which can run any code when they are read".to_owned(),
                fix: format!(
                    "look for a revision with model.safetensors, or convert it, in its folder: {CONVERSION}"
                ),
            });
        }
        return missing("model.safetensors", KIND.to_owned());
    }
    if !files::has_tokenizer(names) {
        let fix = "take tokenizer.json (or vocab.txt, sentencepiece.bpe.model, spiece.model, or source.spm, \
                   target.spm and vocab.json) from where the model was published";
        return missing("tokenizer.json", fix.to_owned());
    }
    Ok(())
}

/// An adapter and no weights of its own.
pub(super) fn is_adapter(names: &[String]) -> bool {
    names.iter().any(|name| name == ADAPTER_CONFIG)
        && files::weights(names).iter().all(|name| *name == "adapter_model.safetensors")
}

/// The files at the top of a folder; links count as what they point to.
fn names(folder: &Path) -> Result<Vec<String>> {
    let listing = std::fs::read_dir(folder).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
            Error::config(format!("there is no folder {}", folder.display()), KIND)
        }
        _ => Error::io(folder, source),
    })?;
    let mut names = Vec::new();
    for entry in listing {
        let entry = entry.map_err(|source| Error::io(folder, source))?;
        if let (Ok(name), true) = (entry.file_name().into_string(), entry.path().is_file()) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn read_config(path: &Path) -> Result<Config> {
    let config: Config = read_json(path)?;
    if config.model_type.is_none() && config.architectures.is_none() {
        return Err(invalid(path, "it has neither `model_type` nor `architectures`".to_owned()));
    }
    Ok(config)
}

/// Every shard that the index names must be there.
fn check_shards(folder: &Path, files: &[String]) -> Result<()> {
    let path = folder.join(files::INDEX);
    let index: Index = read_json(&path)?;
    match index.weight_map.values().find(|shard| !files.contains(shard)) {
        None => Ok(()),
        Some(shard) => Err(Error::ModelMissing {
            model: folder.display().to_string(),
            path: folder.join(PathBuf::from(shard).file_name().unwrap_or_default()),
            fix: format!("{} names it; fetch it from where the model was published", files::INDEX),
        }),
    }
}

fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T> {
    let bytes = std::fs::read(path).map_err(|source| Error::io(path, source))?;
    serde_json::from_slice(&bytes).map_err(|error| invalid(path, error.to_string()))
}

fn invalid(path: &Path, message: String) -> Error {
    let fix = "take the file from where the model was published".to_owned();
    Error::ModelInvalid { path: path.to_owned(), message, fix }
}
