//! From what a user writes, a model's name or a folder, to what a stage can load.

use std::path::{Component, Path, PathBuf};

use super::published::{is_adapter, Published};
use super::{added, known_sha256, license, manifest, Model, ModelFile, Store, Task};
use crate::document::ModelRef;
use crate::error::{Error, Result};

/// A model that was found, its files checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where its files are.
    pub folder: PathBuf,
    /// How results name it.
    pub reference: ModelRef,
    /// Its files, as the checksum of the reference counts them.
    pub files: Vec<ModelFile>,
}

impl Found {
    /// Whether it is an adapter as the built-in translator's, which is put on the built-in base weights.
    pub fn is_adapter(&self) -> bool {
        is_adapter(&self.files.iter().map(|file| file.name.clone()).collect::<Vec<_>>())
    }
}

impl Store {
    /// Finds a model for `task`: `model` is the name of a model, built in or added, or else a folder as published.
    /// With a separator in it (`./name`) it is always a folder. Files of named models are checked by sha256, those
    /// of a folder for being whole; a checksum counts as long as the file looks the same
    /// ([`verified`](Self::verified)).
    ///
    /// # Errors
    /// [`Error::Config`] where there is neither, or the model is for another task; as
    /// [`verified`](Self::verified) for a named model; [`Error::ModelMissing`] or [`Error::ModelInvalid`] for a
    /// folder that is no model.
    pub fn find(&self, model: &Path, task: Task) -> Result<Found> {
        match self.named(model)? {
            Some(named) if named.task == task => {
                let (folder, reference) = (self.verified(&named.id)?, named.reference());
                Ok(Found { folder, reference, files: named.files })
            }
            Some(named) => Err(Error::config(
                format!("model `{}` is for {}, not for {task}", named.id, named.task),
                format!("name another one{}, or add it again with --replace --task {task}", self.known(task)),
            )),
            None if model.is_dir() => folder(model, task),
            None => Err(Error::config(
                format!("there is no model and no folder `{}`", model.display()),
                format!("name a folder, or a model for {task}{}", self.known(task)),
            )),
        }
    }

    /// The model that goes by this name, if it is one.
    fn named(&self, model: &Path) -> Result<Option<Model>> {
        let mut parts = model.components();
        let (Some(Component::Normal(only)), None) = (parts.next(), parts.next()) else { return Ok(None) };
        match only.to_str() {
            // `name/` has one component as well.
            Some(name) if Path::new(name).as_os_str() == model.as_os_str() => self.lookup(name),
            _ => Ok(None),
        }
    }

    /// Models for `task`, for messages.
    fn known(&self, task: Task) -> String {
        let added = self.home().and_then(added::names).unwrap_or_default();
        let added = added.into_iter().filter_map(|name| self.lookup(&name).ok().flatten());
        let known = self.models().iter().cloned().chain(added).filter(|model| model.task == task);
        let known: Vec<String> = known.map(|model| model.id).collect();
        if known.is_empty() {
            String::new()
        } else {
            format!(" ({})", known.join(", "))
        }
    }
}

/// A folder that nobody has added.
fn folder(folder: &Path, task: Task) -> Result<Found> {
    let published = Published::read(folder)?;
    if let Some(other) = published.task.filter(|&other| (other == Task::Entities) != (task == Task::Entities))
    {
        return Err(Error::config(
            format!(
                "{} holds a model for {other} ({}), not for {task}",
                folder.display(),
                published.architecture
            ),
            "name another folder",
        ));
    }
    let file = |name: &String| {
        let path = folder.join(name);
        let bytes = path.metadata().map_err(|source| Error::io(&path, source))?.len();
        Ok(ModelFile { name: name.clone(), bytes, sha256: known_sha256(&path)? })
    };
    let files = published.files.iter().map(file).collect::<Result<Vec<_>>>()?;
    let name =
        folder.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    let reference = ModelRef {
        id: name.unwrap_or_else(|| folder.display().to_string()),
        license: license::named(published.license.as_deref().unwrap_or(license::UNKNOWN)),
        sha256: manifest::combined(&files),
    };
    Ok(Found { folder: folder.to_owned(), reference, files })
}
