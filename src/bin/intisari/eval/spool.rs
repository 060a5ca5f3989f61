//! Files that can be read only once: standard input, pipes, `<(…)` of a shell.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use intisari::{Error, Result};
use tempfile::TempDir;

/// Copies of such files, since a set is looked at before it is read; they go with it.
#[derive(Debug, Default)]
pub struct Spool {
    folders: Vec<TempDir>,
    /// The copy of each, since a file may be named twice: predictions may be the sets themselves.
    copies: HashMap<PathBuf, PathBuf>,
}

/// The folder of a copy, which is part of its name in reports: the same in every run.
const FOLDER: &str = "piped";

impl Spool {
    /// Puts a copy in the place of each path that stands for such a file; `-` is standard input.
    ///
    /// # Errors
    /// Where a file cannot be copied.
    pub fn take<'p>(&mut self, paths: impl IntoIterator<Item = &'p mut PathBuf>) -> Result<()> {
        for path in paths {
            let is_stdin = path.as_os_str() == "-" || (cfg!(unix) && path.as_os_str() == "/dev/stdin");
            // What is not there is told where it is read, folders are models.
            let once = || fs::metadata(&*path).is_ok_and(|found| !found.is_file() && !found.is_dir());
            if !is_stdin && !once() {
                continue;
            }
            let named = match is_stdin {
                true => PathBuf::from("stdin"),
                // That of `<(…)` leads nowhere, and is written in one way.
                false => fs::canonicalize(&*path).unwrap_or_else(|_| path.clone()),
            };
            let copied = match self.copies.get(&named) {
                Some(copied) => copied.clone(),
                None if is_stdin => self.copy(&named, || Ok(io::stdin().lock()))?,
                None => self.copy(path, || File::open(&*path))?,
            };
            self.copies.insert(named, copied.clone());
            *path = copied;
        }
        Ok(())
    }

    /// A file of the same name, by which messages and reports call it.
    fn copy<R: io::Read>(&mut self, named: &Path, from: impl FnOnce() -> io::Result<R>) -> Result<PathBuf> {
        let copied = || {
            let mut from = from()?;
            let folder = tempfile::tempdir()?;
            let inner = folder.path().join(FOLDER);
            fs::create_dir(&inner)?;
            let path = inner.join(named.file_name().unwrap_or("input".as_ref()));
            io::copy(&mut from, &mut File::create(&path)?)?;
            Ok((folder, path))
        };
        let (folder, path) = copied().map_err(|error| Error::io(named, error))?;
        self.folders.push(folder);
        Ok(path)
    }
}
