//! Models that the user has added: one folder each, with its entry beside its files.

use std::fs;
use std::path::{Path, PathBuf};

use super::Model;
use crate::error::{Error, Result};

/// The file of a model's entry, in the model's folder.
pub(super) const ENTRY: &str = "intisari.json";

/// Names of the models in `home`, in order. A folder without an entry is none.
pub(super) fn names(home: &Path) -> Result<Vec<String>> {
    let listing = match fs::read_dir(home) {
        Ok(listing) => listing,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io(home, error)),
    };
    let mut names = Vec::new();
    for entry in listing {
        let entry = entry.map_err(|source| Error::io(home, source))?;
        match entry.file_name().into_string() {
            Ok(name) if !name.starts_with('.') && has_entry(&entry.path()) => names.push(name),
            _ => (),
        }
    }
    names.sort();
    Ok(names)
}

/// Whether a model's entry lies in `folder`. One that cannot be looked at counts: reading it says why.
fn has_entry(folder: &Path) -> bool {
    match fs::metadata(folder.join(ENTRY)) {
        Ok(entry) => entry.is_file(),
        Err(error) => {
            !matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
        }
    }
}

/// The entry of the model `name` in `home`; `None` where there is no such model.
///
/// # Errors
/// [`Error::ModelInvalid`] where the entry cannot be used.
pub(super) fn read(home: &Path, name: &str) -> Result<Option<Model>> {
    if check_name(name).is_err() {
        return Ok(None);
    }
    let path = home.join(name).join(ENTRY);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error)
            if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) =>
        {
            return Ok(None)
        }
        Err(error) => return Err(Error::io(path, error)),
    };
    let invalid = |message: String| Error::ModelInvalid {
        path: path.clone(),
        message,
        fix: format!("run `intisari models remove {name}` and add the model again"),
    };
    let mut model: Model = serde_json::from_slice(&bytes).map_err(|error| invalid(error.to_string()))?;
    if model.id != name {
        return Err(invalid(format!("it is the entry of `{}`", model.id)));
    }
    if let Some(file) =
        model.files.iter().find(|file| Path::new(&file.name).file_name() != Some(file.name.as_ref()))
    {
        return Err(invalid(format!("`{}` is no name of a file", file.name)));
    }
    model.folder = PathBuf::from(name);
    Ok(Some(model))
}

/// Names are also names of folders, on all systems.
///
/// # Errors
/// [`Error::Config`] saying what a name may be.
pub(super) fn check_name(name: &str) -> Result<()> {
    let usual = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    let good = name.chars().all(usual)
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && !name.ends_with('.')
        && name.len() <= 100;
    if good {
        return Ok(());
    }
    Err(Error::config(
        format!("a model cannot be called `{name}`"),
        "use letters of English, digits, `.`, `_` and `-`, a letter or digit first, 100 at most",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_leave_the_folder_or_hide_are_refused() {
        for name in ["opus-mt-id-en", "m2m100_418M", "a", "7.b"] {
            check_name(name).unwrap();
        }
        let long = "a".repeat(101);
        for name in ["", ".", "..", ".a", "-a", "a/b", "a\\b", "a b", "a.", "é", "a:b", "a\0", long.as_str()]
        {
            assert!(check_name(name).is_err(), "{name:?}");
        }
    }
}
