//! Loops over the numbers of one row, compiled for each instruction set.
//!
//! Sums run over a fixed number of lanes and nothing is fused, so that they are the same on every processor.

use crate::part::PartMut;
use rten_simd::SimdOp;

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
    fn eval<I: rten_simd::Isa>(self, _: I) -> T {
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

/// `out += x * scale`, or `out = x * scale` where `first`.
pub(super) fn add_scaled(x: &[i32], scale: f32, first: bool, out: &mut [f32]) {
    vectorized(
        #[inline(always)]
        || {
            if first {
                out.iter_mut().zip(x).for_each(|(out, &x)| *out = x as f32 * scale);
            } else {
                out.iter_mut().zip(x).for_each(|(out, &x)| *out += x as f32 * scale);
            }
        },
    );
}

/// `out = x * scale * each`.
pub(super) fn scaled(x: &[i32], scale: f32, each: &[f32], out: &mut [f32]) {
    vectorized(
        #[inline(always)]
        || {
            for ((out, &x), each) in out.iter_mut().zip(x).zip(each) {
                *out = x as f32 * scale * each;
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

/// Writes the scaled products of each of `queries` [queries, head] with each row of `keys`, which are `stride` apart, to `scores`,
/// a list for each query. A key is read once for all queries, from a cache that holds few of them.
pub(super) fn attention_scores<'a>(
    queries: &[f32],
    head: usize,
    keys: &[f32],
    stride: usize,
    scale: f32,
    scores: impl Iterator<Item = &'a mut [f32]>,
) {
    let mut rows: Vec<_> = queries.chunks(head).zip(scores.map(<[f32]>::iter_mut)).collect();
    vectorized(
        #[inline(always)]
        || {
            for key in keys.chunks(stride) {
                for (query, scores) in &mut rows {
                    if let Some(score) = scores.next() {
                        *score = dot(query, key.get(..query.len()).unwrap_or(key)) * scale;
                    }
                }
            }
        },
    );
}

/// Adds to `out` [queries, head] the rows of `values`, which are `stride` apart, each by its share; `shares` has a list for each query.
pub(super) fn add_shares<'a>(
    shares: impl Iterator<Item = &'a [f32]> + Clone,
    values: &[f32],
    stride: usize,
    head: usize,
    out: &mut [f32],
) {
    vectorized(
        #[inline(always)]
        || {
            let mut done = add_columns::<64>(shares.clone(), values, stride, head, 0, out);
            done = add_columns::<32>(shares.clone(), values, stride, head, done, out);
            done = add_columns::<16>(shares.clone(), values, stride, head, done, out);
            add_columns::<1>(shares, values, stride, head, done, out);
        },
    );
}

/// Adds as many groups of `N` columns as there are from the column `first` on, whose sums stay in registers; the first column
/// that is left. Columns are read for all queries before the next ones.
#[inline(always)]
fn add_columns<'a, const N: usize>(
    shares: impl Iterator<Item = &'a [f32]> + Clone,
    values: &[f32],
    stride: usize,
    head: usize,
    first: usize,
    out: &mut [f32],
) -> usize {
    let mut start = first;
    while start + N <= head {
        for (shares, out) in shares.clone().zip(out.chunks_mut(head)) {
            let mut sums = [0f32; N];
            for (share, row) in shares.iter().zip(values.chunks(stride)) {
                let Some(row) = row.get(start..).and_then(|row| row.first_chunk::<N>()) else { continue };
                for (sum, value) in sums.iter_mut().zip(row) {
                    *sum += share * value;
                }
            }
            for (out, sum) in out.part_mut(start..start + N).iter_mut().zip(sums) {
                *out += sum;
            }
        }
        start += N;
    }
    start
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
    fn attention_takes_the_share_of_each_row() {
        for head in [8, 64, 100, 256] {
            let (queries, keys) = (values(3 * head), values(5 * 300));
            let mut scores = [[0.; 5]; 3];
            let rows = scores.iter_mut().map(<[f32; 5]>::as_mut_slice);
            attention_scores(&queries, head, &keys, 300, 0.5, rows);
            let mut out = vec![1.; 3 * head];
            add_shares(scores.iter().map(<[f32; 5]>::as_slice), &keys, 300, head, &mut out);
            for (place, out) in out.iter().enumerate() {
                let (number, column) = (place / head, place % head);
                let mut exact = 1f64;
                for row in 0..5 {
                    let (query, key) = (&queries[number * head..][..head], &keys[row * 300..][..head]);
                    let score: f64 = query.iter().zip(key).map(|(x, y)| f64::from(x * y)).sum::<f64>() * 0.5;
                    assert!((score - f64::from(scores[number][row])).abs() < 1e-2);
                    exact += score * f64::from(key[column]);
                }
                assert!((exact - f64::from(*out)).abs() < 1e-2 * exact.abs().max(1.), "{exact} {out}");
            }
        }
    }
}
