//! Fetches models from a hub, by explicit request only: the one part of the crate that opens connections.

mod download;
mod hub;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::str::FromStr;

pub use hub::Hub;

use self::hub::Listing;
use super::add::Workplace;
use super::published::{self, Published};
use super::{added, files, Adding, Model, Store};
use crate::error::{Error, Result};

/// Where parts of models lie until they are whole, in the models folder.
const FETCHING: &str = ".fetching";

/// A model on a hub, written `ID@REVISION`, e.g. `Helsinki-NLP/opus-mt-id-en@main`. The revision is a branch, a tag or a
/// commit; without one it is `main`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// `owner/name`.
    pub id: String,
    /// Branch, tag or commit.
    pub revision: String,
}

impl Address {
    /// The last part of the id, which is what the model is called by default.
    pub fn name(&self) -> &str {
        self.id.rsplit('/').next().unwrap_or(&self.id)
    }
}

impl FromStr for Address {
    type Err = Error;

    /// # Errors
    /// [`Error::Config`] where the text is no address.
    fn from_str(text: &str) -> Result<Self> {
        let (id, revision) = text.split_once('@').unwrap_or((text, "main"));
        let parts: Vec<&str> = id.split('/').collect();
        let good = parts.len() <= 2
            && parts.iter().all(|part| added::check_name(part).is_ok())
            && revision.split('/').all(|part| added::check_name(part).is_ok());
        if good {
            Ok(Address { id: id.to_owned(), revision: revision.to_owned() })
        } else {
            Err(Error::config(
                format!("`{text}` is no address of a model on a hub"),
                "write OWNER/NAME@REVISION, e.g. Helsinki-NLP/opus-mt-id-en@main",
            ))
        }
    }
}

/// How far fetching has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchProgress<'a> {
    /// The file that is being fetched.
    pub file: &'a str,
    /// Bytes that are there, of all files.
    pub bytes: u64,
    /// Bytes of all files, as far as the hub tells.
    pub total: u64,
}

impl Store {
    /// Fetches a model and adds it under `name`. What an interrupted call has fetched is used by the next one; files
    /// are checked against the checksums that the hub lists. Its address and commit are written down as origin and
    /// revision, whatever `adding` says.
    ///
    /// # Errors
    /// As [`add`](Self::add); [`Error::Remote`] where the hub cannot be reached or does not have the model, or what
    /// came is not what it lists.
    pub fn fetch(
        &self,
        hub: &Hub,
        address: &Address,
        name: &str,
        adding: &Adding,
        progress: &mut dyn FnMut(FetchProgress<'_>),
    ) -> Result<Model> {
        self.check_free(name, adding.replace)?;
        let listing = hub.listing(address)?;
        let origin = format!("{}/{}", hub.endpoint(), address.id);
        let names: Vec<String> = listing.files.iter().map(|file| file.name.clone()).collect();
        published::complete(Path::new(&origin), &names)?;

        let home = self.home()?;
        let parts = Parts::open(home, address, &listing)?;
        let chosen = files::chosen(&names);
        let chosen: Vec<_> = listing.files.iter().filter(|file| chosen.contains(&file.name)).collect();
        // Sizes are what the hub says: any number.
        let total = chosen.iter().filter_map(|file| file.bytes).fold(0, u64::saturating_add);
        let mut before = 0_u64;
        for file in chosen {
            let mut report = |bytes| {
                progress(FetchProgress { file: &file.name, bytes: before.saturating_add(bytes), total });
            };
            let bytes = download::fetch(hub, address, &listing.commit, file, &parts.folder, &mut report)?;
            before = before.saturating_add(bytes);
        }

        let published = Published::read(&parts.folder)?;
        let revision = Some(listing.commit.clone());
        let adding = Adding { origin: Some(origin.clone()), revision, ..adding.clone() };
        let model = self.entry(name, &parts.folder, &published, &adding, &origin)?;
        let workplace = Workplace::open(home)?;
        self.install(&workplace, &parts.folder, &model, adding.replace)?;
        parts.close();
        Ok(model)
    }
}

/// The folder in which the parts of one revision gather, locked against others that fetch the same.
struct Parts {
    folder: PathBuf,
    lock_path: PathBuf,
    _lock: File,
}

impl Parts {
    fn open(home: &Path, address: &Address, listing: &Listing) -> Result<Self> {
        let name = format!("{}@{}", address.id.replace('/', "--"), listing.commit);
        let folder = home.join(FETCHING).join(&name);
        fs::create_dir_all(&folder).map_err(|error| Error::io(&folder, error))?;
        let lock_path = home.join(FETCHING).join(format!("{name}.lock"));
        let io = |error| Error::io(&lock_path, error);
        let lock = File::options().create(true).truncate(false).write(true).open(&lock_path).map_err(io)?;
        match lock.try_lock() {
            Ok(()) => (),
            Err(TryLockError::WouldBlock) => {
                let message = format!("another process is fetching {}", address.id);
                return Err(Error::config(message, "wait for it to finish"));
            }
            Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => (),
            Err(TryLockError::Error(error)) => return Err(io(error)),
        }
        Ok(Parts { folder, lock_path, _lock: lock })
    }

    /// Leaves nothing behind once the folder has moved to its place.
    fn close(self) {
        let _left = fs::remove_file(&self.lock_path);
        if let Some(folder) = self.lock_path.parent() {
            // Not empty where other models are on their way.
            let _others = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_owner_model_and_revision() {
        let address: Address = "Helsinki-NLP/opus-mt-id-en@abc".parse().unwrap();
        assert_eq!((address.id.as_str(), address.revision.as_str()), ("Helsinki-NLP/opus-mt-id-en", "abc"));
        assert_eq!(address.name(), "opus-mt-id-en");
        assert_eq!("t5-small".parse::<Address>().unwrap().revision, "main");
        assert_eq!("a/b@refs/pr/1".parse::<Address>().unwrap().revision, "refs/pr/1");
        for text in ["", "@main", "a/b/c@main", "a/b@", "../b@main", "a/..@main", "a/b@../..", "https://a/b"]
        {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }
}
