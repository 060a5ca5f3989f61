//! The metrics against their reference implementations, and the readers and statistics around them.
//!
//! The values were computed by the scripts in `tests/reference/eval`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr
)]

mod bleu;
mod chrf;
mod clusters;
mod data;
mod evaluation;
mod formats;
mod forms;
mod page;
mod properties;
mod rouge;
mod sentences;
mod sets;
mod span_f1;
mod spans;
mod ter;

use serde::de::DeserializeOwned;

/// The stored cases of `name`.
fn stored<T: DeserializeOwned>(name: &str) -> T {
    let path = format!("{}/tests/data/eval/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Floats agree as far as anyone prints them; mathematical functions differ in the last bit between systems.
#[track_caller]
fn assert_close(ours: f64, theirs: f64, what: &str) {
    assert!((ours - theirs).abs() <= 1e-10 * theirs.abs().max(1.0), "{what}: {ours} instead of {theirs}");
}

/// A signature without the version at its end.
fn settings(signature: &str) -> &str {
    signature.rsplit_once("|version:").unwrap().0
}
