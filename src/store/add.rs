//! Adds, replaces and removes the user's models. A model becomes visible by one renaming, with all that belongs to it.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::added::{self, ENTRY};
use super::published::Published;
use super::{file_sha256, Model, ModelFile, Store, Task};
use crate::error::{Error, Result};

/// Folders of unfinished work in the models folder; who holds the lock may sweep them away.
const UNFINISHED: &str = ".unfinished-";

/// What [`Store::add`] is told about a model beyond its files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adding {
    /// What it does; by default what `config.json` and the README tell.
    pub task: Option<Task>,
    /// Its licence; by default the one in the front matter of its README, else `unknown`.
    pub license: Option<String>,
    /// Where it comes from; by default the folder that it was added from.
    pub origin: Option<String>,
    /// Which revision of its origin.
    pub revision: Option<String>,
    /// Take the place of a model of the same name.
    pub replace: bool,
    /// Make hard links where the file system can, instead of copies. The files are then the same as those in the
    /// folder: who changes one in place changes both.
    pub link: bool,
}

impl Store {
    /// Adds the model in `source`, a folder as published, under `name`: its files are copied into
    /// [`home`](Self::home) together with an entry that names their size and sha256. Other processes see all of it or
    /// nothing; who adds at the same time waits.
    ///
    /// # Errors
    /// [`Error::Config`] where the name is taken or cannot be one, or the task is not known;
    /// [`Error::ModelMissing`] or [`Error::ModelInvalid`] where the folder is no model that can be read;
    /// [`Error::Io`] where copying fails.
    pub fn add(&self, name: &str, source: &Path, adding: &Adding) -> Result<Model> {
        self.check_free(name, adding.replace)?;
        let published = Published::read(source)?;
        let source = source.canonicalize().map_err(|error| Error::io(source, error))?;
        let workplace = Workplace::open(self.home()?)?;
        let staged = workplace.folder()?;
        let folder = staged.path().join(name);
        fs::create_dir(&folder).map_err(|error| Error::io(&folder, error))?;
        for file in &published.files {
            copy(&source.join(file), &folder.join(file), adding.link)?;
        }
        let model = self.entry(name, &folder, &published, adding, &source.display().to_string())?;
        self.install(&workplace, &folder, &model, adding.replace)?;
        Ok(model)
    }

    /// Removes the model `name` that was added; unfinished work of others is not touched.
    ///
    /// # Errors
    /// [`Error::Config`] where no such model was added, [`Error::Io`] where it cannot be removed.
    pub fn remove(&self, name: &str) -> Result<()> {
        if self.built_in(name).is_some() {
            return Err(Error::config(format!("`{name}` is built in"), "name a model that was added"));
        }
        let home = self.home()?;
        // A damaged entry is no reason to keep the model.
        if added::check_name(name).is_err() || !home.join(name).join(ENTRY).is_file() {
            let fix = match self.added_names() {
                names if names.is_empty() => "none was added, so there is nothing to remove".to_owned(),
                names => format!("choose one of: {}", names.join(", ")),
            };
            return Err(Error::config(format!("no model was added as `{name}`"), fix));
        }
        let workplace = Workplace::open(home)?;
        let away = workplace.folder()?;
        let folder = home.join(name);
        fs::rename(&folder, away.path().join(name)).map_err(|error| Error::io(&folder, error))?;
        away.close().map_err(|error| Error::io(folder, error))
    }

    /// Says whether a model may be added under `name`.
    pub(super) fn check_free(&self, name: &str, replace: bool) -> Result<()> {
        added::check_name(name)?;
        if name == "rules" {
            return Err(Error::config(
                "`rules` stands for the rules, which need no model",
                "choose another name",
            ));
        }
        let own = |model: &Model| model.id == name || model.folder == Path::new(name);
        if self.models().iter().any(own) {
            return Err(Error::config(
                format!("`{name}` is the name of a built-in model"),
                "choose another name",
            ));
        }
        let folder = self.home()?.join(name);
        if folder.symlink_metadata().is_err() {
            return Ok(());
        }
        if !folder.join(ENTRY).is_file() {
            return Err(Error::config(
                format!("{} is there and was not added by intisari", folder.display()),
                "choose another name, or move it away",
            ));
        }
        if replace {
            return Ok(());
        }
        Err(Error::config(
            format!("there is a model `{name}` already"),
            "choose another name, or add it with --replace to take its place",
        ))
    }

    /// The entry of the files that lie in `folder`; it is written there as well.
    pub(super) fn entry(
        &self,
        name: &str,
        folder: &Path,
        published: &Published,
        adding: &Adding,
        origin: &str,
    ) -> Result<Model> {
        let task = adding.task.or(published.task).ok_or_else(|| {
            Error::config(
                format!(
                    "neither config.json (`{}`) nor the README tells what `{name}` does",
                    published.architecture
                ),
                "say it with --task entities, translation or summary",
            )
        })?;
        let file = |file: &String| {
            let path = folder.join(file);
            let bytes = fs::metadata(&path).map_err(|error| Error::io(&path, error))?.len();
            Ok(ModelFile { name: file.clone(), bytes, sha256: file_sha256(&path)? })
        };
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let license = given(&adding.license).or_else(|| published.license.clone());
        let model = Model {
            id: name.to_owned(),
            task,
            about: published.architecture.clone(),
            folder: PathBuf::new(),
            license: license.unwrap_or_else(|| super::license::UNKNOWN.to_owned()),
            origin: given(&adding.origin).unwrap_or_else(|| origin.to_owned()),
            revision: given(&adding.revision),
            files: published.files.iter().map(file).collect::<Result<_>>()?,
            wheels: Vec::new(),
        };
        let path = folder.join(ENTRY);
        let io = |error| Error::io(&path, error);
        let mut out = File::create(&path).map_err(io)?;
        serde_json::to_writer_pretty(&mut out, &model).map_err(|error| io(error.into()))?;
        out.write_all(b"\n").and_then(|()| out.sync_all()).map_err(io)?;
        Ok(model)
    }

    /// Puts a finished folder in its place.
    pub(super) fn install(
        &self,
        workplace: &Workplace,
        folder: &Path,
        model: &Model,
        replace: bool,
    ) -> Result<()> {
        // Another process may have added the name since it was asked for.
        self.check_free(&model.id, replace)?;
        let target = workplace.home.join(&model.id);
        let io = |error| Error::io(&target, error);
        if target.symlink_metadata().is_err() {
            return fs::rename(folder, &target).map_err(io);
        }
        let away = workplace.folder()?;
        let old = away.path().join(&model.id);
        fs::rename(&target, &old).map_err(io)?;
        fs::rename(folder, &target).map_err(|error| {
            // The old model comes back; if even that fails, the first error is the one to tell.
            let _restored = fs::rename(&old, &target);
            io(error)
        })
    }
}

/// The models folder, locked against others that change it.
pub(super) struct Workplace {
    home: PathBuf,
    _lock: File,
}

impl Workplace {
    /// Waits for its turn, and sweeps away what interrupted work has left.
    pub(super) fn open(home: &Path) -> Result<Self> {
        fs::create_dir_all(home).map_err(|error| Error::io(home, error))?;
        let path = home.join(".lock");
        let io = |error| Error::io(&path, error);
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(io)?;
        match lock.lock() {
            Ok(()) => sweep(home),
            // Some network file systems have no locks; renaming alone then keeps models whole.
            Err(error) if error.kind() == ErrorKind::Unsupported => (),
            Err(error) => return Err(io(error)),
        }
        Ok(Workplace { home: home.to_owned(), _lock: lock })
    }

    /// A folder for unfinished work, which goes away when it is dropped.
    fn folder(&self) -> Result<TempDir> {
        tempfile::Builder::new()
            .prefix(UNFINISHED)
            .tempdir_in(&self.home)
            .map_err(|error| Error::io(&self.home, error))
    }
}

/// What cannot be removed now stays for the next time.
fn sweep(home: &Path) {
    for entry in fs::read_dir(home).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            let _left = fs::remove_dir_all(entry.path());
        }
    }
}

/// Copies a file and sees it written; links in hub caches are followed.
fn copy(from: &Path, to: &Path, link: bool) -> Result<()> {
    if link {
        let real = from.canonicalize().map_err(|error| Error::io(from, error))?;
        // Another file system, or one without links: copy.
        if fs::hard_link(real, to).is_ok() {
            return Ok(());
        }
    }
    let mut source = File::open(from).map_err(|error| Error::io(from, error))?;
    let io = |error| Error::io(to, error);
    let mut target = File::create_new(to).map_err(io)?;
    std::io::copy(&mut source, &mut target).and_then(|_| target.sync_all()).map_err(io)
}
