//! One file: fetched in as many pieces as it takes, checked, and only then given its name.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

use sha1::Sha1;
use sha2::{Digest, Sha256};
use ureq::http::{header, HeaderMap, StatusCode};

use super::hub::{Failure, RemoteFile, Tries};
use super::{Address, Hub};
use crate::error::{Error, Result};
use crate::part::Part;
use crate::store::digest;

/// Fetches `file` into `folder`, going on from what is there, and gives its size.
pub(super) fn fetch(
    hub: &Hub,
    address: &Address,
    commit: &str,
    file: &RemoteFile,
    folder: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<u64> {
    let url = hub.url(address, commit, &file.name);
    let (whole, part) = (folder.join(&file.name), folder.join(format!("{}.part", file.name)));
    if whole.is_file() && differs(file, &whole)?.is_none() {
        let bytes = length(&whole);
        progress(bytes);
        return Ok(bytes);
    }
    let mut tries = Tries::new(hub.retries());
    let mut best = length(&part);
    while let Err(failure) = piece(hub, &url, file, &part, progress) {
        if length(&part) > best {
            best = length(&part);
            tries.reset();
        }
        tries.after(failure)?;
    }
    if let Some(message) = differs(file, &part)? {
        fs::remove_file(&part).map_err(|error| Error::io(&part, error))?;
        let fix = "nothing of it was kept; run the same command again, and if that does not help, look for a proxy that \
                   alters what it passes on";
        return Err(Error::Remote { url, message, fix: fix.to_owned() });
    }
    fs::rename(&part, &whole).map_err(|error| Error::io(&whole, error))?;
    Ok(length(&whole))
}

/// Fetches what is missing in `part`, or as much of it as comes.
fn piece(
    hub: &Hub,
    url: &str,
    file: &RemoteFile,
    part: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<(), Failure> {
    let io = |error| Failure::Lasting(Error::io(part, error));
    let mut start = length(part);
    if file.bytes.is_some_and(|bytes| start > bytes) {
        fs::remove_file(part).map_err(io)?;
        start = 0;
    }
    if start > 0 && file.bytes == Some(start) {
        progress(start);
        return Ok(());
    }
    let response = hub.get(url, start)?;
    if response.status() == StatusCode::RANGE_NOT_SATISFIABLE {
        // The hub has no more, and no size is known: the part is whole, or it is not of this file.
        fs::remove_file(part).map_err(io)?;
        return Err(Failure::passing(url, "the hub does not have the rest of the file".to_owned()));
    }
    let goes_on =
        response.status() == StatusCode::PARTIAL_CONTENT && first_byte(response.headers()) == Some(start);
    if !goes_on && response.status() == StatusCode::PARTIAL_CONTENT {
        fs::remove_file(part).map_err(io)?;
        return Err(Failure::passing(url, "the hub sent another range than was asked for".to_owned()));
    }
    let mut options = OpenOptions::new();
    // A server that does not know ranges starts again.
    let options = if goes_on { options.append(true) } else { options.write(true).truncate(true) };
    let mut out = options.create(true).open(part).map_err(io)?;
    let mut bytes = if goes_on { start } else { 0 };
    let mut body = response.into_body().into_reader();
    let mut buffer = vec![0; 1 << 17];
    loop {
        progress(bytes);
        let read = body.read(&mut buffer).map_err(|error| Failure::passing(url, error.to_string()))?;
        if read == 0 {
            break;
        }
        out.write_all(buffer.part(..read)).map_err(io)?;
        bytes += read as u64;
    }
    out.sync_all().map_err(io)?;
    match file.bytes {
        Some(expected) if bytes < expected => {
            Err(Failure::passing(url, format!("the connection ended after {bytes} of {expected} bytes")))
        }
        _ => Ok(()),
    }
}

/// The first byte that an answer to a range holds: `Content-Range: bytes 5-9/10`.
fn first_byte(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get(header::CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split('-').next()?.parse().ok()
}

/// In what the bytes of `path` are not what the hub lists; `None` where they are.
fn differs(file: &RemoteFile, path: &Path) -> Result<Option<String>> {
    let bytes = length(path);
    if let Some(expected) = file.bytes.filter(|&expected| expected != bytes) {
        return Ok(Some(format!("what came has {bytes} bytes, the hub lists {expected}")));
    }
    let (kind, found, expected) = if let Some(expected) = &file.sha256 {
        ("sha256", digest(Sha256::new(), path)?, expected)
    } else if let Some(expected) = &file.blob {
        ("git checksum", digest(Sha1::new_with_prefix(format!("blob {bytes}\0")), path)?, expected)
    } else {
        return Ok(None);
    };
    Ok((found != *expected).then(|| format!("what came has {kind} {found}, the hub lists {expected}")))
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}
