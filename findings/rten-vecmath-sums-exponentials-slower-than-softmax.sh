#!/usr/bin/env bash
# One would guess: of two vectorized functions of one crate over the same numbers, the sum of exponentials (the denominator of a softmax
# alone) takes at most as long as the softmax, which computes that sum, keeps every exponential and divides all by it.
# What happens: in a release build with default settings `SumExpSub` of rten-vecmath takes about thirty times as long as `Softmax`. Its inner
# closure is not inlined into the function that is compiled for the processor's instructions, so that each single instruction is
# a call (a profile shows `_mm512_fmadd_ps` and `_mm512_sub_ps` as functions of their own). Numbers are right, only time is lost.
# Why it matters: it is the natural call for log-probabilities over a vocabulary, once a step of every search for text. With 67,000 pieces and
# four beams it took a fifth of the whole translation, where nobody looks for it: the slow function is the one that does less.
#
# Seen with rten-vecmath 0.27.0, Rust 1.95, x86-64 with AVX-512. Needs such a processor; fails if that changes.
set -euo pipefail
grep -qw avx512f /proc/cpuinfo 2>/dev/null || { echo "this processor has no AVX-512: not tried"; exit 0; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src"
cat > "$work/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
rten-simd = "=0.27.0"
rten-vecmath = "=0.27.0"
TOML
cat > "$work/src/main.rs" <<'RUST'
use rten_simd::SimdOp;
use rten_vecmath::{Softmax, SumExpSub};
use std::time::Instant;

/// The shortest of many runs, in microseconds.
fn best(mut run: impl FnMut()) -> f64 {
    (0..300).map(|_| { let start = Instant::now(); run(); start.elapsed().as_secs_f64() * 1e6 }).fold(f64::MAX, f64::min)
}

fn main() {
    let scores: Vec<f32> = (0..65_536).map(|n| (n * 37 % 1009) as f32 / -50.0).collect();
    let mut shares = vec![0f32; scores.len()];
    let mut sum = 0f32;
    let alone = best(|| sum = SumExpSub::new(&scores, 0.0).dispatch());
    let whole = best(|| { shares.copy_from_slice(&scores); Softmax::new_mut(&mut shares).dispatch(); });
    let exact: f64 = scores.iter().map(|&x| f64::from(x).exp()).sum();
    assert!((f64::from(sum) / exact - 1.0).abs() < 1e-4);
    println!("sum alone {alone:.0} us, softmax and a copy {whole:.0} us, ratio {:.1}", alone / whole);
    std::process::exit(if alone > 5.0 * whole { 0 } else { 1 });
}
RUST
(cd "$work" && cargo build --quiet --release --target-dir target)
rc=0
"$work/target/release/finding" || rc=$?
[ "$rc" -le 1 ] || { echo "the program failed with $rc; nothing was compared" >&2; exit 1; }
[ "$rc" = 0 ] || { echo "the sum is no longer slower than the softmax; read the script again" >&2; exit 1; }
