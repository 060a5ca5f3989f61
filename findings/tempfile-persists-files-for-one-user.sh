#!/usr/bin/env bash
# One would guess: a file that is written under a temporary name and then put in its place with `persist`, the usual way to write a
# file whole or not at all, has the rights of any other new file: what the user's mask leaves of 666.
# What happens: it keeps those of a temporary file, 600, which suit the place for secrets that /tmp may be. Nothing in the call
# shows it, and tests that run as the same user, or as root, never see it.
# Why it matters: a cache or a models folder that several users share works for the one who filled it first; for all others every
# start finds a file that it cannot open, and makes it anew in silence. `Builder::permissions` says what is wanted.
#
# Seen with tempfile 3.27.0 on Linux. Fails if that changes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src"
cat > "$work/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
tempfile = "=3.27.0"
TOML
cat > "$work/src/main.rs" <<'RUST'
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn main() {
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = tempfile::tempdir().unwrap();
    let [usual, kept, asked] = ["usual", "kept", "asked"].map(|name| folder.path().join(name));
    fs::write(&usual, "").unwrap();
    tempfile::NamedTempFile::new_in(folder.path()).unwrap().persist(&kept).unwrap();
    let mut builder = tempfile::Builder::new();
    builder.permissions(Permissions::from_mode(0o666));
    builder.tempfile_in(folder.path()).unwrap().persist(&asked).unwrap();
    println!("fs::write {:o}", mode(&usual));
    println!("persist {:o}", mode(&kept));
    println!("persist, 666 asked for {:o}", mode(&asked));
}
RUST
umask 022
found=$(cd "$work" && cargo run --quiet)
printf '%s\n' "$found"
expected='fs::write 644
persist 600
persist, 666 asked for 644'
[ "$found" = "$expected" ] || { echo "tempfile gives other rights now; read the script again" >&2; exit 1; }
