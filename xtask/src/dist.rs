//! The archive: a binary that needs nothing else, its models beside it, pages of the manual, completions, licences.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{bail, ensure, Context, Result};
use intisari::store::Manifest;

use crate::commands::{cargo_program, root};
use crate::fetch::sha256;
use crate::{bare, licences, weights};

/// What is asked for.
pub struct Wanted {
    /// The system to build for; by default this one.
    pub target: Option<String>,
    /// The profile to build with.
    pub profile: String,
    /// Whether the archive is tried in a bare root folder.
    pub check: bool,
}

/// What goes into the archive as it lies in the checkout.
const TEXTS: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE", "docs"];

/// Shells, and what their completions are called.
const SHELLS: [(&str, &str); 3] =
    [("bash", "intisari.bash"), ("zsh", "_intisari"), ("fish", "intisari.fish")];

pub fn make(wanted: &Wanted) -> Result<()> {
    let host = host()?;
    let target = wanted.target.clone().unwrap_or_else(|| host.clone());
    let binary = build(&target, &wanted.profile)?;
    let name = format!("intisari-{}-{target}", env!("CARGO_PKG_VERSION"));
    let dist = root().join("target").join("dist");
    let folder = dist.join(&name);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("clearing {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;

    let program = folder.join(binary.file_name().context("the binary has no name")?);
    fs::copy(&binary, &program).with_context(|| format!("copying {}", binary.display()))?;
    weights::put_into(&folder.join("models"))?;
    for text in TEXTS {
        copy(&root().join(text), &folder.join(text))?;
    }
    fs::write(folder.join("NOTICE.txt"), notice(&target)?)?;
    fs::write(folder.join("THIRD-PARTY.txt"), licences::third_party(&target)?)?;
    // Only this system's binary can tell its own command line here.
    if target == host {
        for_shells(&program, &folder)?;
    } else {
        eprintln!("{target} is another system: the archive has no manual and no completions");
    }

    let archive = dist.join(format!("{name}.tar.gz"));
    let mut tar = Command::new("tar");
    tar.arg("-czf").arg(&archive).arg("-C").arg(&dist).arg(&name);
    run(&mut tar)?;
    let bytes = fs::metadata(&archive)?.len();
    println!("{}  {} bytes  sha256 {}", archive.display(), bytes, sha256(&archive, &name)?);
    if wanted.check {
        bare::check(&archive, &name)?;
    }
    Ok(())
}

/// Builds the binary; on Linux without any library of the system, so that it runs on each.
fn build(target: &str, profile: &str) -> Result<PathBuf> {
    let mut cargo = Command::new(cargo_program());
    cargo.current_dir(root()).args([
        "build",
        "--package",
        "intisari",
        "--bin",
        "intisari",
        "--features",
        "server",
    ]);
    cargo.args(["--target", target, "--profile", profile]);
    if target.contains("-linux-") {
        // Within a static glibc binary `getrandom` does not find the function of its name, and would read /dev/urandom, which a bare
        // root folder has not: it asks the kernel.
        let flags = "'-C', 'target-feature=+crt-static', '--cfg', 'getrandom_backend=\"linux_getrandom\"'";
        cargo.args(["--config", &format!("target.{target}.rustflags=[{flags}]")]);
    }
    run(&mut cargo)?;
    let folder = if profile == "dev" { "debug" } else { profile };
    let suffix = if target.contains("windows") { ".exe" } else { "" };
    let binary = root().join("target").join(target).join(folder).join(format!("intisari{suffix}"));
    ensure!(binary.is_file(), "cargo left no {}", binary.display());
    Ok(binary)
}

/// The system that Rust runs on here.
fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("rustc was not found")?;
    let output = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = output.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not tell its host")?.to_owned())
}

fn for_shells(program: &Path, folder: &Path) -> Result<()> {
    run(Command::new(program).arg("man").arg(folder.join("man")))?;
    let completions = folder.join("completions");
    fs::create_dir_all(&completions)?;
    for (shell, file) in SHELLS {
        let script = File::create(completions.join(file))?;
        run(Command::new(program).args(["completions", shell]).stdout(script))?;
    }
    Ok(())
}

/// What must be told to whoever gets the archive.
fn notice(target: &str) -> Result<String> {
    let manifest = Manifest::built_in().context("reading the manifest")?;
    let mut text = "intisari is under the MIT licence (LICENSE). THIRD-PARTY.txt has the licences of all packages that are compiled into \
                    it.\n\nThe folder models/ holds:\n\n"
        .to_owned();
    for model in &manifest.models {
        text += &format!(
            "- {} ({})\n  licence: {}\n  origin: {}\n",
            model.id,
            model.folder.display(),
            model.license,
            model.origin
        );
    }
    text += "\nGemma is provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms. The translator is a \
             modification of Gemma.\nmodels/README.md lists the data that the weights were trained on.\n";
    if target.ends_with("-linux-gnu") {
        text += "\nThe binary is linked with the GNU C Library, which is under the GNU Lesser General Public License 2.1 or later \
                 (https://www.gnu.org/software/libc/). From the source code of intisari it can be linked with another version of it.\n";
    }
    Ok(text)
}

/// Copies a file, or a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() {
        fs::create_dir_all(to).with_context(|| format!("making {}", to.display()))?;
        for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(());
    }
    fs::copy(from, to).with_context(|| format!("copying {} to {}", from.display(), to.display()))?;
    Ok(())
}

/// Runs a program to its end; what it says goes to the terminal.
pub fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("starting {name}"))?;
    if !status.success() {
        bail!("{name} failed: {status}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_has_every_model_and_what_gemma_asks_for() {
        let text = notice("x86_64-unknown-linux-gnu").unwrap();
        for model in Manifest::built_in().unwrap().models {
            assert!(text.contains(&model.id) && text.contains(&model.license), "{}", model.id);
        }
        assert!(text.contains("Gemma is provided under and subject to the Gemma Terms of Use"));
        assert!(
            text.contains("GNU C Library")
                && !notice("aarch64-apple-darwin").unwrap().contains("GNU C Library")
        );
    }

    #[test]
    fn every_text_of_the_archive_is_in_the_checkout() {
        for text in TEXTS {
            assert!(root().join(text).exists(), "{text}");
        }
    }
}
