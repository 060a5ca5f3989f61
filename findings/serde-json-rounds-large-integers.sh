#!/usr/bin/env bash
# One would guess: an integer in JSON that fits no integer type of the language is refused, as `serde_json` does where a struct asks
# for a `u64`; or it is kept, as Python does.
# What happens: read into a `Value`, 18446744073709551616 and everything above it becomes a float without a word. The last
# digits are lost, two different ids become one, and written again they are `1.8446744073709552e+19`.
# Why it matters: ids of articles are such numbers (hashes, UUIDs as decimals). A filter in the middle of a pipeline that reads
# records as `Value` to pass them on changes ids that it never looked at. `RawValue` keeps the text of a number.
#
# Seen with serde_json 1.0.151 and Python 3. Fails if that changes.
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
serde_json = { version = "=1.0.151", features = ["raw_value"] }
TOML
cat > "$work/src/main.rs" <<'RUST'
use serde_json::value::RawValue;
use serde_json::Value;

fn main() {
    let [one, other] = ["18446744073709551617", "18446744073709551618"];
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    println!("u64: {}", serde_json::from_str::<u64>(one).is_ok());
    println!("Value: {}, two ids equal: {}", value(one), value(one) == value(other));
    println!("RawValue: {}", serde_json::from_str::<Box<RawValue>>(one).unwrap());
}
RUST
found=$(cd "$work" && cargo run --quiet)
found+=$'\n'$(python3 -c 'import json; print("Python:", json.loads("18446744073709551617"))')
printf '%s\n' "$found"
expected='u64: false
Value: 1.8446744073709552e+19, two ids equal: true
RawValue: 18446744073709551617
Python: 18446744073709551617'
[ "$found" = "$expected" ] || { echo "large integers are read in another way now; read the script again" >&2; exit 1; }
