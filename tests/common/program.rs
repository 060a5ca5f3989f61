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

/// JSON Lines: a record a line, the last one with its end too.
pub fn records(output: &[u8]) -> Vec<Value> {
    if output.is_empty() {
        return Vec::new();
    }
    let lines = output.strip_suffix(b"\n").unwrap().split(|&byte| byte == b'\n');
    lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
}
