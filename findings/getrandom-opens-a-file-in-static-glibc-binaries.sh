#!/usr/bin/env bash
# One would guess: a Rust program that is linked statically needs nothing of the system's files; for random numbers, such as the seed of a
# hash map, the crate getrandom asks the kernel by a system call, which is always there.
# What happens: on Linux with glibc getrandom looks for the function `getrandom` by its name at run time. In a static binary nothing is found
# by name, so that it takes the kernel for an old one and opens /dev/urandom instead. In a root folder without /dev that fails, and crates
# that draw a seed without a way to tell an error (ahash, and with it tokenizers) end the program.
# Why it matters: an archive with a static binary works wherever it is tried by hand, and dies in a bare chroot or a minimal image before it
# has read its first file. `--cfg getrandom_backend="linux_getrandom"` in RUSTFLAGS makes it ask the kernel.
#
# Seen with getrandom 0.3.4 (error 2 is that there is no such file), x86_64-unknown-linux-gnu. Needs root, or user namespaces, for chroot; fails if that changes.
set -euo pipefail
host=$(rustc -vV | sed -n 's/^host: //p')
case $host in *-linux-gnu) ;; *) echo "$host has no glibc: not tried"; exit 0 ;; esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src" "$work/root"
cat > "$work/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
getrandom = "=0.3.4"
TOML
cat > "$work/src/main.rs" <<'RUST'
fn main() {
    let mut seed = [0; 16];
    match getrandom::fill(&mut seed) {
        Ok(()) => println!("a seed"),
        Err(error) => println!("no seed: {error}"),
    }
}
RUST
in_bare_root() {
  (cd "$work" && RUSTFLAGS="-C target-feature=+crt-static $1" cargo build --quiet --target "$host")
  cp "$work/target/$host/debug/finding" "$work/root/finding"
  if [ "$(id -u)" = 0 ]; then chroot "$work/root" /finding; else unshare --user --map-root-user chroot "$work/root" /finding; fi
}
in_bare_root "" | tee "$work/file"
in_bare_root '--cfg getrandom_backend="linux_getrandom"' | tee "$work/call"
grep -q '^no seed: OS Error: 2$' "$work/file" || { echo "getrandom finds its function now; read the script again" >&2; exit 1; }
grep -q '^a seed$' "$work/call"
