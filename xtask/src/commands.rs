//! What each command does, once its needs are met.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{bail, Context, Result};

use crate::libtorch::{self, Libtorch};
use crate::weights;

/// Fetches what the built-in models need.
pub fn setup() -> Result<()> {
    weights::fetch_missing()
}

pub fn demo(files: &[PathBuf]) -> Result<()> {
    let mut args = vec!["digest".to_owned(), "--format".to_owned(), "text".to_owned()];
    if files.is_empty() {
        args.extend(example_articles()?);
    }
    for file in files {
        args.push(file.to_str().with_context(|| format!("{} is no UTF-8 path", file.display()))?.to_owned());
    }
    run(&args)
}

pub fn run(args: &[String]) -> Result<()> {
    setup()?;
    let mut command = binary_command();
    command.args(args);
    finish(command)
}

/// Builds the binary where it is not up to date and runs it with the arguments that are added.
pub fn binary_command() -> Command {
    let mut command = Command::new(cargo_program());
    // The digest itself is worth an optimized build; the first one takes some minutes.
    command.args(["run", "--release", "--package", "intisari", "--bin", "intisari", "--"]);
    command
}

pub fn test(args: &[String]) -> Result<()> {
    setup()?;
    let libtorch = libtorch::locate()?;
    // Apart, so that xtask is not built with models.
    for (package, features) in [("intisari", ["--features", "torch"].as_slice()), ("xtask", &[])] {
        let mut command = cargo_command(&libtorch);
        // All test programs, also after one that fails: the summary is of everything.
        command.args(["test", "--no-fail-fast", "--package", package]).args(features).args(args);
        finish(command)?;
    }
    Ok(())
}

pub fn cargo(args: &[String]) -> Result<()> {
    let mut command = cargo_command(&libtorch::locate()?);
    command.args(args);
    finish(command)
}

fn cargo_command(libtorch: &Libtorch) -> Command {
    let mut command = Command::new(cargo_program());
    libtorch.set_environment(&mut command);
    command
}

pub fn cargo_program() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn finish(mut command: Command) -> Result<()> {
    let status = command.status().with_context(|| format!("starting {:?}", command.get_program()))?;
    if !status.success() {
        // The command has said what is wrong; its exit code is ours.
        std::process::exit(status.code().unwrap_or(1));
    }
    Ok(())
}

fn example_articles() -> Result<Vec<String>> {
    let folder = root().join("examples").join("articles");
    let mut files: Vec<String> = std::fs::read_dir(&folder)
        .with_context(|| format!("reading {}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .filter_map(|path| Some(path.to_str()?.to_owned()))
        .collect();
    files.sort();
    if files.is_empty() {
        bail!("no article under {}; restore it with git", folder.display());
    }
    Ok(files)
}

/// The checkout.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}
