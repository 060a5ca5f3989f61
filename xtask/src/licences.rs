//! The licences of all packages that the binary is made of, each text once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{ensure, Context, Result};
use serde_json::Value;

use crate::commands::{cargo_program, root};

/// A package, and what it says of its licence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    version: String,
    licence: String,
    repository: String,
    folder: PathBuf,
}

impl Package {
    fn read(package: &Value) -> Result<Self> {
        let text = |field: &str| package.get(field).and_then(Value::as_str).map(str::to_owned);
        let manifest = PathBuf::from(text("manifest_path").context("a package without a manifest")?);
        Ok(Package {
            name: text("name").context("a package without a name")?,
            version: text("version").context("a package without a version")?,
            licence: text("license")
                .or_else(|| text("license_file"))
                .unwrap_or_else(|| "not stated".to_owned()),
            repository: text("repository").unwrap_or_default(),
            folder: manifest.parent().map(Path::to_owned).unwrap_or_default(),
        })
    }

    /// The texts of its licence and notices, by the names of their files.
    fn texts(&self) -> Result<Vec<String>> {
        let mut files: Vec<PathBuf> = fs::read_dir(&self.folder)
            .with_context(|| format!("reading {}", self.folder.display()))?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| {
                path.is_file() && path.file_name().is_some_and(|name| is_licence(&name.to_string_lossy()))
            })
            .collect();
        files.sort();
        let read = |path: &PathBuf| {
            let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
            Ok(String::from_utf8_lossy(&bytes).trim().replace("\r\n", "\n"))
        };
        files.iter().map(read).collect()
    }
}

fn is_licence(file: &str) -> bool {
    let name = file.to_lowercase();
    let starts = ["license", "licence", "copying", "copyright", "notice", "unlicense"];
    starts.iter().any(|start| name.starts_with(start)) && !name.ends_with(".rs")
}

/// The list of packages that the binary for `target` is made of, with their licences.
pub fn third_party(target: &str) -> Result<String> {
    let packages = packages(&metadata(target)?)?;
    let mut by_text: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut without = Vec::new();
    let mut list = String::new();
    for package in &packages {
        let called = format!("{} {}", package.name, package.version);
        list += &format!("{called}: {}\n    {}\n", package.licence, package.repository);
        let texts = package.texts()?;
        if texts.is_empty() {
            without.push(format!("{called} ({})", package.licence));
        }
        for text in texts {
            by_text.entry(text).or_default().insert(called.clone());
        }
    }
    let mut out = format!(
        "The binary is made of {} packages beside its own and the standard library of Rust (MIT or Apache-2.0, \
         https://github.com/rust-lang/rust). Where a package can be had under several licences, any of them may be chosen.\n\n{list}\n",
        packages.len()
    );
    if !without.is_empty() {
        out += &format!(
            "These have no file with their licence in them, only its name:\n{}\n\n",
            without.join("\n")
        );
    }
    for (text, packages) in by_text {
        let packages: Vec<String> = packages.into_iter().collect();
        out += &format!("{}\n{}\n\n{text}\n\n", "=".repeat(80), packages.join(", "));
    }
    Ok(out)
}

fn metadata(target: &str) -> Result<Value> {
    let mut cargo = Command::new(cargo_program());
    cargo.current_dir(root()).args(["metadata", "--format-version", "1", "--features", "server"]);
    cargo.args(["--filter-platform", target]);
    let output = cargo.output().context("starting cargo")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).context("reading what cargo metadata wrote")
}

/// The packages that intisari needs to run, in the order of their names; itself left out.
fn packages(metadata: &Value) -> Result<Vec<Package>> {
    let list =
        |value: &Value, field: &str| value.get(field).and_then(Value::as_array).cloned().unwrap_or_default();
    let id = |value: &Value| value.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let all: BTreeMap<String, Value> =
        list(metadata, "packages").into_iter().map(|package| (id(&package), package)).collect();
    let nodes: BTreeMap<String, Value> = metadata
        .get("resolve")
        .map(|resolve| list(resolve, "nodes"))
        .unwrap_or_default()
        .into_iter()
        .map(|node| (id(&node), node))
        .collect();
    let own = |(_, package): &(&String, &Value)| {
        package.get("name").and_then(Value::as_str) == Some("intisari")
            && package.get("source").is_some_and(Value::is_null)
    };
    let (start, _) = all.iter().find(own).context("cargo metadata does not name intisari")?;
    let (mut seen, mut waiting) = (BTreeSet::from([start.clone()]), vec![start.clone()]);
    while let Some(next) = waiting.pop() {
        for needed in nodes.get(&next).map(|node| list(node, "deps")).unwrap_or_default() {
            // `null` is the kind of what is compiled in; others build or test.
            let compiled_in =
                list(&needed, "dep_kinds").iter().any(|kind| kind.get("kind").is_some_and(Value::is_null));
            let Some(package) = needed.get("pkg").and_then(Value::as_str).filter(|_| compiled_in) else {
                continue;
            };
            if seen.insert(package.to_owned()) {
                waiting.push(package.to_owned());
            }
        }
    }
    seen.remove(start);
    let mut found =
        seen.iter().filter_map(|id| all.get(id)).map(Package::read).collect::<Result<Vec<Package>>>()?;
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compiled_in_is_listed_with_its_licence_and_nothing_else() {
        let text = third_party("x86_64-unknown-linux-gnu").unwrap();
        for package in ["serde ", "axum ", "clap ", "rten-gemm ", "memchr "] {
            assert!(text.lines().any(|line| line.starts_with(package)), "{package}");
        }
        // Tests and builds only, or another feature.
        for package in ["proptest ", "criterion ", "tch ", "pyo3 ", "intisari "] {
            assert!(!text.lines().any(|line| line.starts_with(package)), "{package}");
        }
        assert!(text.contains("Permission is hereby granted") && !text.contains("not stated"));
    }

    #[test]
    fn licences_are_told_from_other_files() {
        for name in ["LICENSE", "LICENSE-MIT", "license.txt", "COPYING", "UNLICENSE", "NOTICE", "Licence.md"]
        {
            assert!(is_licence(name), "{name}");
        }
        for name in ["README.md", "Cargo.toml", "license.rs", "src"] {
            assert!(!is_licence(name), "{name}");
        }
    }
}
