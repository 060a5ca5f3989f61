//! Finds model files and checks that they are those of the manifest. Only `Store::fetch`, with the feature `remote`, opens a
//! connection.
//!
//! Built-in models are named by the manifest that the crate was built with. Users add models of their own, one folder
//! each with its entry, under [`Store::home`].
//!
//! ```
//! use intisari::store::{Adding, Store};
//!
//! let home = tempfile::tempdir()?;
//! let store = Store::in_folders([home.path().to_owned()])?;
//! let refused = store.add("mine", home.path(), &Adding::default());
//! assert!(refused.unwrap_err().to_string().contains("config.json is missing"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod add;
mod added;
#[cfg(feature = "native")]
mod built_in;
mod card;
mod checksums;
mod files;
mod find;
mod license;
#[cfg(feature = "native")]
mod load;
mod manifest;
mod published;
#[cfg(feature = "remote")]
mod remote;
mod whole;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use add::Adding;
use checksums::Checksums;
pub use find::Found;
pub use license::{is_non_commercial, UNKNOWN as UNKNOWN_LICENSE};
#[cfg(feature = "native")]
pub use load::Placement;
pub use manifest::{Manifest, Model, ModelFile, Task, WheelPart};
#[cfg(feature = "remote")]
pub use remote::{Address, FetchProgress, Hub};

use crate::error::{Error, Result};
use crate::part::Part;

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

/// The folder of the program that is running, symbolic links followed.
fn program_folder() -> Option<PathBuf> {
    // Without /proc, as in a bare root folder, Linux tells only how the program was called.
    let called = || PathBuf::from(std::env::args_os().next().unwrap_or_default());
    let program = std::env::current_exe().unwrap_or_else(|_| called()).canonicalize().ok()?;
    program.parent().map(Path::to_owned)
}

/// Finds models by name, and keeps those that the user adds.
#[derive(Debug, Clone)]
pub struct Store {
    home: Option<PathBuf>,
    folders: Vec<PathBuf>,
    manifest: Manifest,
}

impl Store {
    /// Keeps the user's models in `$INTISARI_MODELS`, else in `intisari/models` of the user's data folder. Looks for
    /// built-in ones there as well, then in `models` beside the program that is running, in `models` of [`cache_folder`], and
    /// in `models` of the source tree that the crate was built from.
    ///
    /// # Errors
    /// [`Error::ModelInvalid`] where the built-in manifest cannot be read.
    pub fn open() -> Result<Self> {
        let own = std::env::var_os("INTISARI_MODELS").filter(|folder| !folder.is_empty()).map(PathBuf::from);
        let home = own.or_else(|| Some(dirs::data_dir()?.join("intisari").join("models")));
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).to_owned();
        let others = [program_folder(), cache_folder(), Some(source)].into_iter().flatten();
        let folders = home.iter().cloned().chain(others.map(|folder| folder.join("models")));
        Ok(Store { home: home.clone(), ..Store::in_folders(folders)? })
    }

    /// Looks in `folders`, in this order; the user's models are kept in the first.
    ///
    /// # Errors
    /// [`Error::ModelInvalid`] where the built-in manifest cannot be read.
    pub fn in_folders(folders: impl IntoIterator<Item = PathBuf>) -> Result<Self> {
        let manifest = Manifest::built_in().map_err(|error| Error::ModelInvalid {
            path: "models/manifest.json".into(),
            message: error.to_string(),
            fix: "restore the file and build again".to_owned(),
        })?;
        let folders: Vec<PathBuf> = folders.into_iter().collect();
        Ok(Store { home: folders.first().cloned(), folders, manifest })
    }

    /// The built-in models.
    pub fn models(&self) -> &[Model] {
        &self.manifest.models
    }

    /// The models that were added, by name; in place of one whose entry cannot be read stands the error.
    ///
    /// # Errors
    /// [`Error::Io`] where the models folder cannot be read.
    pub fn added(&self) -> Result<Vec<Result<Model>>> {
        let Some(home) = &self.home else { return Ok(Vec::new()) };
        let names = added::names(home)?;
        Ok(names.iter().map(|name| added::read(home, name)?.ok_or_else(|| self.unknown(name))).collect())
    }

    /// The folder that the user's models are kept in; it need not exist yet.
    ///
    /// # Errors
    /// [`Error::Config`] where the system has no folder for a user's data and `INTISARI_MODELS` is not set.
    pub fn home(&self) -> Result<&Path> {
        self.home.as_deref().ok_or_else(|| {
            Error::config(
                "there is no folder for a user's data",
                "set INTISARI_MODELS to a folder for models",
            )
        })
    }

    /// The folders that built-in models are looked for in, in order.
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// The model called `id`, built in or added.
    ///
    /// # Errors
    /// [`Error::Config`] where there is none of that name, [`Error::ModelInvalid`] where its entry cannot be used.
    pub fn model(&self, id: &str) -> Result<Model> {
        self.lookup(id)?.ok_or_else(|| self.unknown(id))
    }

    fn lookup(&self, id: &str) -> Result<Option<Model>> {
        match (self.built_in(id), &self.home) {
            (Some(model), _) => Ok(Some(model.clone())),
            (None, Some(home)) => added::read(home, id),
            (None, None) => Ok(None),
        }
    }

    fn built_in(&self, id: &str) -> Option<&Model> {
        self.models().iter().find(|model| model.id == id)
    }

    fn unknown(&self, id: &str) -> Error {
        let added = self.added_names();
        let known: Vec<String> = self.models().iter().map(|model| model.id.clone()).chain(added).collect();
        Error::config(format!("there is no model `{id}`"), format!("choose one of: {}", known.join(", ")))
    }

    /// Names of the models that were added; none where there is no place for them.
    fn added_names(&self) -> Vec<String> {
        self.home().and_then(added::names).unwrap_or_default()
    }

    /// The first folder that holds all files of `model`, unchecked.
    ///
    /// # Errors
    /// [`Error::ModelMissing`] where no folder does.
    pub fn locate(&self, model: &Model) -> Result<PathBuf> {
        if self.built_in(&model.id).is_none() {
            return self.locate_added(model);
        }
        let missing = |folder: &Path| model.files.iter().find(|file| !folder.join(&file.name).is_file());
        let candidates = || self.folders.iter().map(|folder| folder.join(&model.folder));
        if let Some(whole) = candidates().find(|folder| missing(folder).is_none()) {
            return Ok(whole);
        }
        // Of a folder that has some of the files it helps to know which are not there.
        let begun = candidates().find(|folder| folder.is_dir());
        let file = begun.as_deref().map_or(model.files.first(), missing);
        let searched: Vec<String> = self.folders.iter().map(|f| f.display().to_string()).collect();
        Err(Error::ModelMissing {
            model: model.id.clone(),
            path: model.folder.join(file.map_or("", |file| file.name.as_str())),
            fix: format!("{} (searched {})", self.how_to_get(model), searched.join(", ")),
        })
    }

    /// The one command that gets a built-in model.
    fn how_to_get(&self, model: &Model) -> String {
        let checkout = "in a checkout of intisari's repository";
        match &self.home {
            _ if !model.wheels.is_empty() => format!("run `cargo xtask setup` {checkout}, which fetches it"),
            Some(home) => {
                format!("run `cargo xtask setup --into {}` {checkout}, which puts it there", home.display())
            }
            None => {
                format!("run `cargo xtask setup --into FOLDER` {checkout} and set INTISARI_MODELS to FOLDER")
            }
        }
    }

    fn locate_added(&self, model: &Model) -> Result<PathBuf> {
        let folder = self.home()?.join(&model.folder);
        match model.files.iter().map(|file| folder.join(&file.name)).find(|path| !path.is_file()) {
            None => Ok(folder),
            Some(path) => Err(Error::ModelMissing {
                model: model.id.clone(),
                path,
                fix: "add the model again with --replace, or remove it".to_owned(),
            }),
        }
    }

    /// The folder of the model `id`, each of its files checked by sha256. A checksum that was computed before counts
    /// as long as the file looks the same: size, times of change, and its number on the disk.
    ///
    /// # Errors
    /// [`Error::Config`], [`Error::ModelMissing`], [`Error::ModelAltered`] or [`Error::Io`].
    pub fn verified(&self, id: &str) -> Result<PathBuf> {
        self.check(id, known_sha256)
    }

    /// As [`Store::verified`], but every file is read in full.
    ///
    /// # Errors
    /// The same.
    pub fn verify(&self, id: &str) -> Result<PathBuf> {
        self.check(id, file_sha256)
    }

    fn check(&self, id: &str, sha256: impl Fn(&Path) -> Result<String>) -> Result<PathBuf> {
        let model = self.model(id)?;
        let folder = self.locate(&model)?;
        for file in &model.files {
            let path = folder.join(&file.name);
            let found = sha256(&path)?;
            if found != file.sha256 {
                return Err(Error::ModelAltered { path, expected: file.sha256.clone(), found });
            }
        }
        Ok(folder)
    }
}

/// sha256 of a file, hexadecimal; remembered in [`cache_folder`] where there is one.
pub(crate) fn known_sha256(path: &Path) -> Result<String> {
    Checksums::new(cache_folder()).sha256(path)
}

/// sha256 of a file, hexadecimal.
///
/// # Errors
/// [`Error::Io`] where it cannot be read.
pub fn file_sha256(path: &Path) -> Result<String> {
    digest(Sha256::new(), path)
}

/// What `hasher` makes of a file after what it was given before, hexadecimal.
fn digest(mut hasher: impl Digest, path: &Path) -> Result<String> {
    let io = |error| Error::io(path, error);
    let mut file = File::open(path).map_err(io)?;
    let mut buffer = vec![0; 1 << 18];
    loop {
        match file.read(&mut buffer).map_err(io)? {
            0 => return Ok(manifest::hex(&hasher.finalize())),
            read => hasher.update(buffer.part(..read)),
        }
    }
}

/// The licence that a README states.
#[cfg(feature = "fuzz")]
pub(crate) fn license_of_card(readme: &str) -> Option<String> {
    card::Card::parse(readme).license
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
            task: Task::Entities,
            about: String::new(),
            folder: "tiny".into(),
            license: "MIT".to_owned(),
            origin: "made here".to_owned(),
            revision: None,
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
    fn says_in_a_line_how_to_get_a_missing_model_and_where_it_looked() {
        let (folder, mut store) = store_with(None);
        let searched = format!("(searched {})", folder.path().display());
        let told = |store: &Store| store.verified("tiny").unwrap_err().to_string();
        let error = told(&store);
        assert!(error.contains("tiny/a.bin is missing; run `cargo xtask setup --into "), "{error}");
        assert!(error.contains(&searched) && !error.contains('\n'), "{error}");
        store.home = None;
        assert!(told(&store).contains("set INTISARI_MODELS to FOLDER"));
        store.manifest.models[0].wheels = vec![WheelPart {
            package: "parts".to_owned(),
            version: "1".to_owned(),
            sha256: String::new(),
            member: "a.bin".to_owned(),
        }];
        assert!(told(&store).contains("run `cargo xtask setup` in a checkout"));
    }

    #[test]
    fn names_the_file_that_a_folder_lacks() {
        let (_folder, mut store) = store_with(Some("abc"));
        let file = ModelFile { name: "b.bin".to_owned(), ..store.manifest.models[0].files[0].clone() };
        store.manifest.models[0].files.push(file);
        let error = store.verified("tiny").unwrap_err();
        assert!(
            matches!(&error, Error::ModelMissing { path, .. } if path.ends_with("tiny/b.bin")),
            "{error}"
        );
    }

    #[test]
    fn looks_beside_the_program() {
        let beside = std::env::current_exe().unwrap().canonicalize().unwrap().with_file_name("models");
        assert!(Store::open().unwrap().folders().contains(&beside));
    }

    #[test]
    fn names_the_known_models_for_an_unknown_id() {
        let (_folder, store) = store_with(None);
        let error = store.verified("huge").unwrap_err().to_string();
        assert!(error.contains("choose one of: tiny"), "{error}");
    }
}
