//! Files that can be read only once: standard input, pipes, `<(…)` of a shell.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use intisari::{Error, Result};
use tempfile::TempDir;

/// Copies of such files, since a set is looked at before it is read; they go with it.
#[derive(Debug, Default)]
pub struct Spool(Vec<TempDir>);

impl Spool {
    /// Puts a copy in the place of each path that stands for such a file; `-` is standard input.
    ///
    /// # Errors
    /// Where standard input is named twice, or a file cannot be copied.
    pub fn take<'p>(&mut self, paths: impl IntoIterator<Item = &'p mut PathBuf>) -> Result<()> {
        let mut piped = false;
        for path in paths {
            let is_stdin = path.as_os_str() == "-";
            if is_stdin && std::mem::replace(&mut piped, true) {
                return Err(Error::config(
                    "`-` is named twice",
                    "standard input is one file: name the other",
                ));
            }
            // What is not there is told where it is read, folders are models.
            let once = || fs::metadata(&*path).is_ok_and(|found| !found.is_file() && !found.is_dir());
            if is_stdin {
                *path = self.copy(Path::new("stdin"), &mut io::stdin().lock())?;
            } else if once() {
                let mut file = File::open(&*path).map_err(|error| Error::io(&*path, error))?;
                *path = self.copy(path, &mut file)?;
            }
        }
        Ok(())
    }

    /// A file of the same name, by which messages and reports call it.
    fn copy(&mut self, named: &Path, from: &mut impl io::Read) -> Result<PathBuf> {
        let mut copied = || {
            let folder = tempfile::tempdir()?;
            let path = folder.path().join(named.file_name().unwrap_or("input".as_ref()));
            io::copy(from, &mut File::create(&path)?)?;
            Ok((folder, path))
        };
        let (folder, path) = copied().map_err(|error| Error::io(named, error))?;
        self.0.push(folder);
        Ok(path)
    }
}
