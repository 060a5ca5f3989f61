//! Tries the archive where there is nothing but the archive: no system, no Rust, no source tree, no network.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use anyhow::{bail, ensure, Context, Result};
use serde_json::Value;

use crate::commands::root;
use crate::dist::run;

/// Where the archive lies within the bare root.
const PLACE: &str = "opt";

/// Unpacks the archive into an empty root folder and digests an article in it. Where this system cannot give such a root to
/// this user, says so and is done.
pub fn check(archive: &Path, name: &str) -> Result<()> {
    let folder = root().join("target").join("dist").join(format!("bare-{}", std::process::id()));
    let result = within(&folder, archive, name);
    fs::remove_dir_all(&folder).with_context(|| format!("clearing {}", folder.display()))?;
    result
}

fn within(folder: &Path, archive: &Path, name: &str) -> Result<()> {
    let place = folder.join(PLACE);
    fs::create_dir_all(&place).with_context(|| format!("making {}", place.display()))?;
    run(Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(&place))?;
    fs::copy(root().join("examples/articles/jembatan.txt"), folder.join("jembatan.txt"))?;
    let program = format!("/{PLACE}/{name}/intisari");
    let intisari = |arguments: &[&str]| in_bare_root(folder, &program, arguments);

    let Some(version) = intisari(&["--version"])? else {
        eprintln!("not tried in a bare root: `unshare` is missing here, or this user may not use it (be root, or allow user namespaces)");
        return Ok(());
    };
    ensure!(version.status.success(), "the binary does not start in a bare root: {}", told(&version));
    let digest = digested(&intisari(&["digest", "--quiet", "--format", "jsonl", "/jembatan.txt"])?)?;
    let english = digest.pointer("/summary/language").and_then(Value::as_str);
    ensure!(english == Some("en"), "the digest has no English summary: {digest}");
    let names = digest.pointer("/clusters").and_then(Value::as_array).map_or(0, Vec::len);
    ensure!(names > 0, "the digest has no names: {digest}");
    let verified = intisari(&["models", "verify"])?.context("`unshare` is gone")?;
    ensure!(verified.status.success(), "a model of the archive is not intact: {}", told(&verified));
    println!("tried in a bare root without network: a digest with {names} names and an English summary");
    Ok(())
}

/// Runs the program with `folder` as its root and without a network; `None` where that cannot be had.
fn in_bare_root(folder: &Path, program: &str, arguments: &[&str]) -> Result<Option<Output>> {
    for rights in [[].as_slice(), &["--map-root-user"]] {
        let mut unshare = Command::new("unshare");
        unshare.args(rights).arg("--net").arg("--root").arg(folder).arg(program).args(arguments);
        // Nothing of this system's may help.
        let path = std::env::var_os("PATH").unwrap_or_default();
        let output = match unshare.env_clear().env("PATH", path).output() {
            Ok(output) => output,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => bail!("starting unshare: {error}"),
        };
        // It is `unshare` that fails so, before the program is there.
        if !String::from_utf8_lossy(&output.stderr).starts_with("unshare: ") {
            return Ok(Some(output));
        }
        if output.status.code() == Some(127) || output.status.code() == Some(126) {
            bail!("the binary needs something that a bare root has not: {}", told(&output));
        }
    }
    Ok(None)
}

fn digested(output: &Option<Output>) -> Result<Value> {
    let output = output.as_ref().context("`unshare` is gone")?;
    ensure!(output.status.success(), "the digest failed in a bare root: {}", told(output));
    serde_json::from_slice(&output.stdout).with_context(|| format!("no digest: {}", told(output)))
}

fn told(output: &Output) -> String {
    format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim())
}
