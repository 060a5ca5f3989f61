//! The binary, and what it writes.

use assert_cmd::Command;
use serde_json::Value;

/// The binary, for `assert()`.
pub fn intisari() -> Command {
    Command::from_std(process())
}

/// The binary, for tests that hold its streams themselves.
pub fn process() -> std::process::Command {
    std::process::Command::new(assert_cmd::cargo::cargo_bin("intisari"))
}

/// JSON Lines; blank lines are none.
pub fn records(output: &[u8]) -> Vec<Value> {
    let lines = output.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
}
