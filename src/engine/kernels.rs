//! Loops over the numbers of one row, compiled for each instruction set.
//!
//! Sums run over a fixed number of lanes, so that they are the same on every processor. Nothing is fused but in [`add_weighted`], where AVX2,
//! AVX-512 and NEON do it alike.

use crate::part::PartMut;
use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, SimdOp};

/// Lanes of a sum: four vectors of AVX-512, eight of AVX2.
const LANES: usize = 64;
/// Numbers in a vector of AVX-512.
const WIDTH: usize = 16;

/// Added to a small number, its lowest bits become that number, rounded.
const ROUND: f32 = 12_582_912.;

/// A closure that is compiled for each instruction set; [`SimdOp::dispatch`] takes the best.
struct Compiled<F>(F);

impl<T, F: FnOnce() -> T> SimdOp for Compiled<F> {
    type Output = T;

    #[inline(always)]
    fn eval<I: Isa>(self, _: I) -> T {
        (self.0)()
    }
}

/// Runs `work` compiled for the best instruction set here. What it calls must be `#[inline(always)]`, as it must be.
fn vectorized<T>(work: impl FnOnce() -> T) -> T {
    Compiled(work).dispatch()
}

/// Sum of the products of two vectors of one length.
#[inline(always)]
fn dot(x: &[f32], y: &[f32]) -> f32 {
    let mut lanes = [0f32; LANES];
    let (xs, ys) = (x.chunks_exact(LANES), y.chunks_exact(LANES));
    let rest: f32 = xs.remainder().iter().zip(ys.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in xs.zip(ys) {
        for ((lane, x), y) in lanes.iter_mut().zip(x).zip(y) {
            *lane += x * y;
        }
    }
    folded::<Plus>(lanes) + rest
}

/// Puts two numbers together.
trait Join {
    fn join(x: f32, y: f32) -> f32;
}

struct Plus;

impl Join for Plus {
    #[inline(always)]
    fn join(x: f32, y: f32) -> f32 {
        x + y
    }
}

/// The first where the second is no number, which takes one instruction.
struct Larger;

impl Join for Larger {
    #[inline(always)]
    fn join(x: f32, y: f32) -> f32 {
        if y > x {
            y
        } else {
            x
        }
    }
}

/// Puts all numbers of a vector together, from `start` on, each as `map` makes it.
#[inline(always)]
fn over<J: Join>(x: &[f32], start: f32, map: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [start; LANES];
    let chunks = x.chunks_exact(LANES);
    let rest = chunks.remainder().iter().fold(start, |rest, &x| J::join(rest, map(x)));
    for chunk in chunks {
        for (lane, &x) in lanes.iter_mut().zip(chunk) {
            *lane = J::join(*lane, map(x));
        }
    }
    J::join(folded::<J>(lanes), rest)
}

/// All lanes in one, vector after vector, then in halves. Of arrays, since slices of them would go through memory.
#[inline(always)]
fn folded<J: Join>(lanes: [f32; LANES]) -> f32 {
    let [mut all, b, c, d]: [[f32; WIDTH]; LANES / WIDTH] = bytemuck::cast(lanes);
    for (((lane, b), c), d) in all.iter_mut().zip(b).zip(c).zip(d) {
        *lane = J::join(J::join(J::join(*lane, b), c), d);
    }
    let [one] = half::<J, 1>(&half::<J, 2>(&half::<J, 4>(&half::<J, 8>(&all))));
    one
}

/// Two halves of `N` numbers in one.
#[inline(always)]
fn half<J: Join, const N: usize>(x: &[f32]) -> [f32; N] {
    let (low, high) = x.split_at(N);
    let mut both = [0.; N];
    for ((both, low), high) in both.iter_mut().zip(low).zip(high) {
        *both = J::join(*low, *high);
    }
    both
}

/// RMSNorm of one row into `out`; `weight` holds 1 + w, as GGUF stores it. The mean square, which is no number where
/// one of the row's values is none.
pub(super) fn rms_norm(x: &[f32], weight: &[f32], epsilon: f32, out: &mut [f32]) -> f32 {
    vectorized(
        #[inline(always)]
        || {
            let mean = dot(x, x) / x.len() as f32;
            let inverse = 1. / (mean + epsilon).sqrt();
            for ((out, x), weight) in out.iter_mut().zip(x).zip(weight) {
                *out = x * inverse * weight;
            }
            mean
        },
    )
}

/// Adds the RMSNorm of `y` to `x`.
pub(super) fn add_rms_norm(x: &mut [f32], y: &[f32], weight: &[f32], epsilon: f32) {
    vectorized(
        #[inline(always)]
        || {
            let mean = dot(y, y) / y.len() as f32;
            let inverse = 1. / (mean + epsilon).sqrt();
            for ((x, y), weight) in x.iter_mut().zip(y).zip(weight) {
                *x += y * inverse * weight;
            }
        },
    );
}

/// Rounds the values of a group to whole steps, `most` of them to either side of `zero`; the size of a step.
pub(super) fn quantize(x: &[f32], most: u8, zero: u8, out: &mut [u8]) -> f32 {
    vectorized(
        #[inline(always)]
        || {
            let largest = over::<Larger>(x, f32::MIN_POSITIVE, f32::abs);
            let inverse = f32::from(most) / largest;
            for (out, x) in out.iter_mut().zip(x) {
                *out = ((x * inverse + ROUND).to_bits() as u8).wrapping_add(zero);
            }
            largest / f32::from(most)
        },
    )
}

/// `out += (x - offset) * scale`, or `out = …` where `first`.
pub(super) fn add_scaled(x: &[i32], offsets: &[i32], scale: f32, first: bool, out: &mut [f32]) {
    vectorized(
        #[inline(always)]
        || {
            let x = x.iter().zip(offsets).map(|(&x, offset)| (x - offset) as f32 * scale);
            if first {
                out.iter_mut().zip(x).for_each(|(out, x)| *out = x);
            } else {
                out.iter_mut().zip(x).for_each(|(out, x)| *out += x);
            }
        },
    );
}

/// `out = (x - offset) * scale * each`.
pub(super) fn scaled(x: &[i32], offsets: &[i32], scale: f32, each: &[f32], out: &mut [f32]) {
    vectorized(
        #[inline(always)]
        || {
            for (((out, &x), offset), each) in out.iter_mut().zip(x).zip(offsets).zip(each) {
                *out = (x - offset) as f32 * scale * each;
            }
        },
    );
}

/// `x *= y`.
pub(super) fn multiply(x: &mut [f32], y: &[f32]) {
    vectorized(
        #[inline(always)]
        || x.iter_mut().zip(y).for_each(|(x, y)| *x *= y),
    );
}

/// Turns the halves of a head against each other by the angles of a position (rotary position embedding).
pub(super) fn turn(head: &mut [f32], cosines: &[f32], sines: &[f32]) {
    vectorized(
        #[inline(always)]
        || {
            let (left, right) = head.split_at_mut(cosines.len());
            for (((left, right), cosine), sine) in left.iter_mut().zip(right).zip(cosines).zip(sines) {
                let (x, y) = (*left, *right);
                *left = x * cosine - y * sine;
                *right = y * cosine + x * sine;
            }
        },
    );
}

/// Weighted sums that are made together: a row is read once for all of them.
pub(super) const TOGETHER: usize = 4;

/// Adds to `out` [TOGETHER, columns] the first `columns` numbers of each row of `rows`, which are `stride` apart, each by its weights,
/// [rows, TOGETHER].
pub(super) fn add_weighted(weights: &[f32], rows: &[f32], stride: usize, columns: usize, out: &mut [f32]) {
    Weighted { weights, rows, stride, columns, out }.dispatch();
}

struct Weighted<'a> {
    weights: &'a [f32],
    rows: &'a [f32],
    stride: usize,
    columns: usize,
    out: &'a mut [f32],
}

impl Weighted<'_> {
    /// Adds `N` vectors of columns, and as many as `width` numbers of them, from `start` on; sums stay in registers.
    #[inline(always)]
    fn add<I: Isa, const N: usize>(&mut self, isa: I, start: usize, width: usize) {
        let ops = isa.f32();
        let mut sums = [[ops.zero(); N]; TOGETHER];
        let range = start..start + width;
        for (row, weights) in self.rows.chunks(self.stride).zip(self.weights.chunks_exact(TOGETHER)) {
            let Some(row) = row.get(range.clone()) else { continue };
            let mut vectors = [ops.zero(); N];
            for (vector, numbers) in vectors.iter_mut().zip(row.chunks(ops.len())) {
                *vector =
                    if numbers.len() == ops.len() { ops.load(numbers) } else { ops.load_pad(numbers).0 };
            }
            for (sums, &weight) in sums.iter_mut().zip(weights) {
                let weight = ops.splat(weight);
                for (sum, &vector) in sums.iter_mut().zip(&vectors) {
                    *sum = ops.mul_add(weight, vector, *sum);
                }
            }
        }
        for (out, sums) in self.out.chunks_mut(self.columns).zip(sums) {
            for (out, sum) in out.part_mut(range.clone()).chunks_mut(ops.len()).zip(sums) {
                let mut numbers = [0.; WIDTH];
                ops.store(sum, &mut numbers);
                out.iter_mut().zip(numbers).for_each(|(out, number)| *out += number);
            }
        }
    }
}

impl SimdOp for Weighted<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(mut self, isa: I) {
        let width = isa.f32().len();
        let mut start = 0;
        while start + 2 * width <= self.columns {
            self.add::<I, 2>(isa, start, 2 * width);
            start += 2 * width;
        }
        while start < self.columns {
            let some = width.min(self.columns - start);
            self.add::<I, 1>(isa, start, some);
            start += some;
        }
    }
}

/// Puts the numbers of up to [`TOGETHER`] lists side by side, [numbers, TOGETHER]; those of lists that are missing are 0.
pub(super) fn interleave<'a>(lists: impl Iterator<Item = &'a [f32]>, into: &mut Vec<f32>) {
    into.clear();
    for (place, list) in lists.take(TOGETHER).enumerate() {
        into.resize(into.len().max(list.len() * TOGETHER), 0.);
        for (group, &number) in into.chunks_exact_mut(TOGETHER).zip(list) {
            if let Some(slot) = group.get_mut(place) {
                *slot = number;
            }
        }
    }
}

/// `x += y`.
pub(super) fn add(x: &mut [f32], y: &[f32]) {
    vectorized(
        #[inline(always)]
        || x.iter_mut().zip(y).for_each(|(x, y)| *x += y),
    );
}

/// `x += y + bias`.
pub(super) fn add_biased(x: &mut [f32], y: &[f32], bias: &[f32]) {
    vectorized(
        #[inline(always)]
        || {
            for ((x, y), bias) in x.iter_mut().zip(y).zip(bias) {
                *x += y + bias;
            }
        },
    );
}

/// `x *= scale`.
pub(super) fn scale(x: &mut [f32], scale: f32) {
    vectorized(
        #[inline(always)]
        || x.iter_mut().for_each(|x| *x *= scale),
    );
}

/// Normalizes a row to mean 0 and variance 1, scales and shifts it.
pub(super) fn layer_norm(x: &mut [f32], weight: &[f32], bias: &[f32], epsilon: f32) {
    vectorized(
        #[inline(always)]
        || {
            let count = x.len() as f32;
            let mean = sum(x) / count;
            x.iter_mut().for_each(|x| *x -= mean);
            let inverse = 1. / (dot(x, x) / count + epsilon).sqrt();
            for ((x, weight), bias) in x.iter_mut().zip(weight).zip(bias) {
                *x = *x * inverse * weight + bias;
            }
        },
    );
}

/// Sum of the numbers of a vector.
#[inline(always)]
fn sum(x: &[f32]) -> f32 {
    over::<Plus>(x, 0., |x| x)
}

/// The largest of a row; negative infinity for an empty one.
pub(super) fn largest(x: &[f32]) -> f32 {
    vectorized(
        #[inline(always)]
        || over::<Larger>(x, f32::NEG_INFINITY, |x| x),
    )
}

/// Sum of the exponentials of the numbers of a vector less `largest`, which none of them exceeds.
pub(super) fn sum_exp(x: &[f32], largest: f32) -> f32 {
    vectorized(
        #[inline(always)]
        || {
            over::<Plus>(
                x,
                0.,
                #[inline(always)]
                |x| exp(x - largest),
            )
        },
    )
}

/// The exponential of a number that is not positive, within 2 units in the last place. Below -87 it is that of -87, about 1e-38.
///
/// 2^n e^r with n whole and |r| at most half of ln 2; e^r by its Taylor series. Without branches and calls, so that it is compiled
/// for whole vectors: summing up with `rten_vecmath` 0.27 calls a function for each instruction, and took a fifth of a search.
#[inline(always)]
fn exp(x: f32) -> f32 {
    /// ln 2 in two parts, the first of so few bits that its whole multiples are exact.
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    let x = if x > -87. { x } else { -87. };
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let [high, low] = LN_2;
    let r = x - n * high - n * low;
    let series = [1. / 720., 1. / 120., 1. / 24., 1. / 6., 0.5, 1., 1.];
    let power = series.into_iter().fold(0., |sum, factor| sum * r + factor);
    power * f32::from_bits((shifted.to_bits() << 23).wrapping_add(127 << 23))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponentials_are_those_of_the_standard_library() {
        for n in 0..=8_700 {
            let x = -(n as f32) / 100.;
            let exact = f64::from(x).exp();
            assert!((f64::from(exp(x)) - exact).abs() <= 3e-7 * exact, "{x}: {} {exact}", exp(x));
        }
        for x in [-88., -1e30, f32::NEG_INFINITY] {
            assert!(exp(x) < 1e-37 && exp(x) >= 0.);
        }
        for count in [0, 1, 63, 64, 1000] {
            let x = values(count);
            let exact: f64 = x.iter().map(|&x| (f64::from(x) - 8.).exp()).sum();
            assert!((f64::from(sum_exp(&x, 8.)) - exact).abs() <= 1e-6 * exact, "{count}");
        }
    }

    fn values(count: usize) -> Vec<f32> {
        (0..count).map(|n| ((n * 37 % 101) as f32 - 50.) / 7.).collect()
    }

    #[test]
    fn sums_are_right_at_every_length() {
        for count in [0, 1, 15, 63, 64, 65, 200] {
            let (x, y) = (values(count), values(count + 3));
            let exact: f64 = x.iter().zip(&y).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum();
            assert!((f64::from(dot(&x, y.get(..count).unwrap())) - exact).abs() < 1e-2, "{count}");
            assert_eq!(largest(&x), x.iter().copied().fold(f32::NEG_INFINITY, f32::max));
        }
    }

    #[test]
    fn rounding_keeps_within_half_a_step() {
        for (most, zero) in [(127u8, 128u8), (63, 64)] {
            for count in [1, 64, 130] {
                let x = values(count);
                let mut rounded = vec![0; count];
                let step = quantize(&x, most, zero, &mut rounded);
                for (x, rounded) in x.iter().zip(rounded) {
                    let back = (f32::from(rounded) - f32::from(zero)) * step;
                    assert!((x - back).abs() <= step * 0.5001, "{x} {back}");
                    assert!(rounded.abs_diff(zero) <= most);
                }
            }
        }
        let mut rounded = [0; 3];
        quantize(&[0.; 3], 127, 128, &mut rounded);
        assert_eq!(rounded, [128; 3]);
    }

    #[test]
    fn rows_count_by_their_weights() {
        for columns in [1, 8, 32, 100, 256] {
            let rows = values(5 * 300);
            let lists = [values(5), values(7).split_off(2), values(9).split_off(4)];
            let mut weights = Vec::new();
            interleave(lists.iter().map(Vec::as_slice), &mut weights);
            assert_eq!(weights.len(), 5 * TOGETHER);
            let mut out = vec![1.; TOGETHER * columns];
            add_weighted(&weights, &rows, 300, columns, &mut out);
            for (place, out) in out.iter().enumerate() {
                let (list, column) = (lists.get(place / columns), place % columns);
                let exact: f32 = list
                    .iter()
                    .flat_map(|list| list.iter().zip(rows.chunks(300)))
                    .map(|(w, row)| w * row[column])
                    .sum();
                assert!((exact + 1. - out).abs() < 1e-4 * exact.abs().max(1.), "{columns}: {exact} {out}");
            }
        }
    }
}
