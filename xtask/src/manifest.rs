//! Brings sizes and checksums of the committed models in `models/manifest.json` up to date.

use std::fs;

use anyhow::{Context, Result};
use intisari::store::Manifest;

use crate::commands::root;
use crate::fetch::sha256;

pub fn update() -> Result<()> {
    let models = root().join("models");
    let path = models.join("manifest.json");
    let mut manifest: Manifest =
        serde_json::from_str(&fs::read_to_string(&path)?).context("reading the manifest")?;
    for model in manifest.models.iter_mut().filter(|model| model.wheels.is_empty()) {
        for file in &mut model.files {
            let path = models.join(&model.folder).join(&file.name);
            file.bytes = fs::metadata(&path).with_context(|| format!("{}", path.display()))?.len();
            file.sha256 = sha256(&path, &file.name)?;
        }
    }
    fs::write(&path, serde_json::to_string_pretty(&manifest)? + "\n")?;
    Ok(())
}
