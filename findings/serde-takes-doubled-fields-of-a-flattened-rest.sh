#!/usr/bin/env bash
# One would guess: a struct that serde derives refuses a field that stands there twice ("duplicate field `id`"), so one with a
# flattened rest (`#[serde(flatten)] rest: Map<String, Value>`) refuses it too, whichever field it is: it is one object of one line.
# What happens: only the named fields are refused. A doubled field that goes to the rest is taken, and the last one wins without a word; so
# does every doubled field of a `serde_json::Value`. Whether a line is refused thus turns on which fields the reader happens to name: the
# more a program leaves to the rest, the more it lets pass. A flattened struct, in contrast, refuses.
# Why it matters: records of annotation tools and articles carry known fields and a rest. Two programs that read one line disagree on what
# it says (others keep the first), a check by one says nothing about the other, and no attribute asks for refusal in a rest.
#
# Seen with serde 1.0.228, serde_json 1.0.145, Rust 1.95. Fails if that changes.
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
serde = { version = "=1.0.228", features = ["derive"] }
serde_json = "=1.0.145"
TOML
cat > "$work/src/main.rs" <<'RUST'
use serde::Deserialize;
use serde_json::{from_str, Map, Value};

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct Plain { id: u32, label: String }

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct WithRest { id: u32, #[serde(flatten)] rest: Map<String, Value> }

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct Inner { label: String }

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct Nested { id: u32, #[serde(flatten)] inner: Inner }

#[derive(Debug, Deserialize)]
#[serde(untagged)]
#[allow(dead_code)]
enum Either { One(Plain), Text(String) }

fn told<T: std::fmt::Debug>(result: serde_json::Result<T>) -> String {
    match result { Ok(value) => format!("taken: {value:?}"), Err(error) => format!("refused: {error}") }
}

fn main() {
    let id = r#"{"id": 1, "label": "a", "id": 2}"#;
    let label = r#"{"id": 1, "label": "a", "label": "b"}"#;
    let seen = [
        ("plain, doubled id", told(from_str::<Plain>(id))),
        ("plain, doubled label", told(from_str::<Plain>(label))),
        ("rest, doubled id", told(from_str::<WithRest>(id))),
        ("rest, doubled label", told(from_str::<WithRest>(label))),
        ("nested, doubled id", told(from_str::<Nested>(id))),
        ("nested, doubled label", told(from_str::<Nested>(label))),
        ("untagged, doubled id", told(from_str::<Either>(id))),
        ("value, doubled id", told(from_str::<Value>(id))),
    ];
    for (what, told) in &seen {
        println!("{what}: {told}");
    }
    let taken: Vec<&str> = seen.iter().filter(|(_, told)| told.starts_with("taken")).map(|(what, _)| *what).collect();
    std::process::exit(i32::from(taken != ["rest, doubled label", "value, doubled id"]));
}
RUST
(cd "$work" && cargo build --quiet --target-dir target)
rc=0
"$work/target/debug/finding" || rc=$?
[ "$rc" -le 1 ] || { echo "the program failed with $rc; nothing was compared" >&2; exit 1; }
[ "$rc" = 0 ] || { echo "other fields are taken now; read the script again" >&2; exit 1; }
