#!/usr/bin/env bash
# One would guess: packing the left matrix of an int8 product beforehand saves time and changes nothing else. `gemm` takes the zero points of its
# rows (`a_quant`) in the same call, checks that there are as many as rows, and reports other misfits of packed matrices as errors.
# What happens: with packed rows the zero points are accepted and passed over: the product is that of rows whose zero is 0. The same call with the
# same rows unpacked takes them off.
# Why it matters: inputs in uint8 have their zero at 128, so every product is off by 128 times the sum of a column, and no error, no panic and no
# NaN says so: a network goes on with other numbers. Packing once pays wherever several matrices are multiplied with the same rows (queries,
# keys and values; the parts of a vocabulary). Taking 128 times the column sums off by oneself is right in both cases.
#
# Seen with rten-gemm 0.27.0 and rten-tensor 0.27.0, Rust 1.95, x86-64 (AVX-512 with VNNI). Fails if that changes.
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
rten-gemm = "=0.27.0"
rten-tensor = "=0.27.0"
TOML
cat > "$work/src/main.rs" <<'RUST'
use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions, QuantParams};
use rten_tensor::NdTensorView;

fn main() {
    let executor: GemmExecutor<u8, i8, i32> = GemmExecutor::new();
    // Two rows of three inputs around 64, small enough for every processor, and a matrix of three inputs and two outputs.
    let (rows, weights) = ([65u8, 66, 67, 64, 63, 62], [1i8, 2, 3, 4, 5, 6]);
    let rows = NdTensorView::from_data([2, 3], &rows[..]);
    let weights = executor.prepack_b(NdTensorView::from_data([3, 2], &weights[..]));
    let packed = executor.prepack_a(rows);
    let zeros = [64u8; 2];
    let product = |rows, zeros| {
        let mut sums = [0i32; 4];
        let a_quant = zeros;
        let options = GemmOptions { a_quant, ..Default::default() };
        executor.gemm(&mut sums, rows, GemmInputB::Packed(&weights), options).expect("fitting sizes");
        sums
    };
    let given = || Some(QuantParams { zero_point: &zeros[..] });
    let unpacked = product(GemmInputA::Unpacked(rows), given());
    let at_once = product(GemmInputA::Packed(&packed), given());
    let without = product(GemmInputA::Packed(&packed), None);
    println!("unpacked rows, zero points of 64:  {unpacked:?}");
    println!("packed rows, zero points of 64:    {at_once:?}");
    println!("packed rows, no zero points:       {without:?}");
    // (1 2 3; 0 -1 -2) times (1 2; 3 4; 5 6).
    assert_eq!(unpacked, [22, 28, -13, -16]);
    assert_eq!(at_once, without, "zero points of packed rows count now: read the script again");
    assert_ne!(at_once, unpacked);
    let sums_of_columns = [64 * 9, 64 * 12];
    let taken_off: Vec<i32> = without.iter().zip(sums_of_columns.iter().cycle()).map(|(sum, off)| sum - off).collect();
    assert_eq!(taken_off, unpacked);
}
RUST
(cd "$work" && cargo run --quiet)
