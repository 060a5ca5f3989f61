//! Linear layers without bias.

use std::cell::RefCell;

use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix, QuantParams};
use rten_tensor::NdTensorView;

use super::kernels;

/// Inputs that share a scale in int8 where [`Rounding::group`] says so.
const GROUP: usize = 128;

/// How the weights of linear layers are held and multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    /// Reference.
    F32,
    /// Weights in int8 with a scale per output, inputs in uint8 with a scale per row and group of inputs.
    Int8,
}

/// `x Wᵀ` for rows of f32; the weights lie packed for the processor at hand.
pub(crate) enum Linear {
    F32(PackedBMatrix<f32>),
    Int8(Int8),
}

/// Room for what is computed on the way; grows to what is needed and is used again.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    rounded: Vec<u8>,
    steps: Vec<f32>,
    sums: Vec<i32>,
}

/// int8 weights as they are stored: [outputs, inputs], and the size of a step of each output.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rounded {
    pub(crate) values: Vec<i8>,
    pub(crate) steps: Vec<f32>,
}

impl Rounded {
    /// Rounds rows of `inputs` weights.
    pub(crate) fn new(weight: &[f32], inputs: usize) -> Self {
        let mut rounded = Rounded { values: Vec::with_capacity(weight.len()), steps: Vec::new() };
        for row in weight.chunks(inputs.max(1)) {
            let largest = row.iter().fold(f32::MIN_POSITIVE, |most, value| most.max(value.abs()));
            // What is no number must not become one.
            let step = if row.iter().all(|value| value.is_finite()) { largest / 127. } else { f32::NAN };
            rounded.values.extend(row.iter().map(|value| (value / step).round() as i8));
            rounded.steps.push(step);
        }
        rounded
    }
}

impl Linear {
    /// The layer with `weight` [outputs, inputs].
    pub(crate) fn f32(weight: &[f32], inputs: usize) -> Self {
        let outputs = weight.len() / inputs.max(1);
        let weight = NdTensorView::from_data([outputs, inputs], weight);
        Linear::F32(F32.with(|executor| executor.prepack_b(weight.transposed())))
    }

    /// The layer with `values` [outputs, inputs] in steps of `steps` [outputs].
    pub(crate) fn int8(values: &[i8], steps: Vec<f32>, inputs: usize) -> Self {
        Linear::Int8(Int8::new(values, steps, inputs, Rounding::here()))
    }

    /// How many numbers a row has afterwards.
    pub(crate) fn outputs(&self) -> usize {
        match self {
            Linear::F32(weight) => weight.cols(),
            Linear::Int8(int8) => int8.steps.len(),
        }
    }

    /// Multiplies `rows` rows of `x` and writes the products to `out`, row by row.
    pub(crate) fn forward(&self, x: &[f32], rows: usize, out: &mut Vec<f32>, scratch: &mut Scratch) {
        out.resize(rows * self.outputs(), 0.);
        if rows == 0 {
            return;
        }
        match self {
            Linear::F32(weight) => {
                let x = NdTensorView::from_data([rows, x.len() / rows], x);
                let (x, weight) = (GemmInputA::Unpacked(x), GemmInputB::Packed(weight));
                F32.with(|executor| executor.gemm(out, x, weight, GemmOptions::default()))
                    .unwrap_or_else(|error| mismatch(&error));
            }
            Linear::Int8(int8) => int8.forward(x, rows, out, scratch),
        }
    }
}

impl std::fmt::Debug for Linear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self {
            Linear::F32(_) => Arithmetic::F32,
            Linear::Int8(_) => Arithmetic::Int8,
        };
        f.debug_struct("Linear").field("arithmetic", &kind).field("outputs", &self.outputs()).finish()
    }
}

/// How inputs are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rounding {
    /// Steps to either side of zero.
    most: u8,
    /// Whether all layers have groups, or those with fewer outputs than inputs alone: there a few inputs are far larger
    /// than the others, and would leave these too few steps.
    all_grouped: bool,
}

impl Rounding {
    /// What suits this processor. Without VNNI instructions two products of an input and a weight are added in 16 bits,
    /// where inputs of 8 bits could overflow: they have 7, and more scales in return.
    fn here() -> Self {
        let narrow = INT8.with(GemmExecutor::may_saturate);
        Rounding { most: if narrow { 63 } else { 127 }, all_grouped: narrow }
    }

    fn zero(self) -> u8 {
        self.most + 1
    }

    fn group(self, inputs: usize, outputs: usize) -> usize {
        let grouped = inputs.is_multiple_of(GROUP) && (self.all_grouped || outputs < inputs);
        if grouped {
            GROUP
        } else {
            inputs.max(1)
        }
    }
}

/// Weights in int8, one matrix for each group of inputs.
pub(crate) struct Int8 {
    groups: Vec<PackedBMatrix<i8>>,
    steps: Vec<f32>,
    width: usize,
    rounding: Rounding,
}

thread_local! {
    static F32: GemmExecutor<f32, f32, f32> = GemmExecutor::new();
    static INT8: GemmExecutor<u8, i8, i32> = GemmExecutor::new();
    static ZEROS: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Int8 {
    fn new(values: &[i8], steps: Vec<f32>, inputs: usize, rounding: Rounding) -> Self {
        let width = rounding.group(inputs, steps.len());
        let whole = NdTensorView::from_data([steps.len(), inputs], values);
        let groups = (0..inputs.div_ceil(width))
            .map(|group| whole.slice((.., group * width..(group + 1) * width)))
            .map(|part: NdTensorView<'_, i8, 2>| INT8.with(|executor| executor.prepack_b(part.transposed())))
            .collect();
        Int8 { groups, steps, width, rounding }
    }

    fn forward(&self, x: &[f32], rows: usize, out: &mut [f32], scratch: &mut Scratch) {
        let (outputs, width) = (self.steps.len(), self.width);
        let Scratch { rounded, steps, sums } = scratch;
        rounded.resize(rows * width, 0);
        sums.resize(rows * outputs, 0);
        steps.resize(rows, 0.);
        let inputs = x.len() / rows;
        let only = self.groups.len() == 1;
        for (group, weight) in self.groups.iter().enumerate() {
            for ((row, rounded), step) in x.chunks(inputs).zip(rounded.chunks_mut(width)).zip(&mut *steps) {
                let part = row.get(group * width..(group + 1) * width).unwrap_or(row);
                *step = kernels::quantize(part, self.rounding.most, self.rounding.zero(), rounded);
            }
            self.multiply(weight, rounded, rows, sums);
            for ((out, sums), &step) in out.chunks_mut(outputs).zip(sums.chunks(outputs)).zip(steps.iter()) {
                match only {
                    true => kernels::scaled(sums, step, &self.steps, out),
                    false => kernels::add_scaled(sums, step, group == 0, out),
                }
            }
        }
        if !only {
            out.chunks_mut(outputs).for_each(|row| kernels::multiply(row, &self.steps));
        }
    }

    fn multiply(&self, weight: &PackedBMatrix<i8>, rounded: &[u8], rows: usize, sums: &mut [i32]) {
        ZEROS.with_borrow_mut(|zeros| {
            zeros.clear();
            zeros.resize(rows, self.rounding.zero());
            let a_quant = Some(QuantParams { zero_point: zeros });
            let x = NdTensorView::from_data([rows, self.width], rounded);
            let (x, weight) = (GemmInputA::Unpacked(x), GemmInputB::Packed(weight));
            INT8.with(|executor| {
                executor.gemm(sums, x, weight, GemmOptions { a_quant, ..Default::default() })
            })
            .unwrap_or_else(|error| mismatch(&error));
        });
    }
}

/// Sizes are checked where weights are read; [`guarded`](super::guarded) turns this into an error.
#[expect(clippy::panic, reason = "sizes that do not fit are a fault of this crate")]
fn mismatch(error: &rten_gemm::GemmError) {
    panic!("{error}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|n| (((n + seed) * 7919 % 2003) as f32 - 1001.) / 600.).collect()
    }

    fn forward(layer: &Linear, x: &[f32], rows: usize) -> Vec<f32> {
        let mut out = Vec::new();
        layer.forward(x, rows, &mut out, &mut Scratch::default());
        out
    }

    #[test]
    fn int8_stays_near_f32_beside_large_inputs_and_rows_do_not_touch_each_other() {
        // With the bits of a processor with VNNI instructions, where this is one, and without.
        for most in [127, 63] {
            if most > Rounding::here().most {
                continue;
            }
            for (outputs, inputs, bound) in
                [(48, 640, 0.025), (640, 128, 0.04), (40, 96, 0.04), (640, 2048, 0.025)]
            {
                let (weight, mut x) = (values(outputs * inputs, 1), values(7 * inputs, 5));
                // As in the model: one input that is far larger than the others.
                x.chunks_mut(inputs).for_each(|row| row[3] = 20.);
                let Rounded { values, steps } = Rounded::new(&weight, inputs);
                let rounding = Rounding { most, all_grouped: most == 63 };
                let layer = Linear::Int8(Int8::new(&values, steps, inputs, rounding));
                let exact = forward(&Linear::f32(&weight, inputs), &x, 7);
                let found = forward(&layer, &x, 7);
                let error: f32 = found.iter().zip(&exact).map(|(a, b)| (a - b).powi(2)).sum();
                let size: f32 = exact.iter().map(|value| value.powi(2)).sum();
                let steps = if most == 63 { 2. } else { 1. };
                assert!(
                    (error / size).sqrt() < steps * bound,
                    "{outputs} x {inputs}: {}",
                    (error / size).sqrt()
                );
                for row in 0..7 {
                    let alone = forward(&layer, &x[row * inputs..][..inputs], 1);
                    assert_eq!(alone, found[row * outputs..][..outputs], "row {row}");
                }
                assert!(forward(&layer, &vec![0.; inputs], 1).iter().all(|&value| value == 0.));
            }
        }
    }

    #[test]
    fn rows_of_f32_do_not_touch_each_other() {
        let (weight, x) = (values(50 * 70, 1), values(33 * 70, 2));
        let layer = Linear::f32(&weight, 70);
        let together = forward(&layer, &x, 33);
        for row in 0..33 {
            assert_eq!(forward(&layer, &x[row * 70..][..70], 1), together[row * 50..][..50], "row {row}");
        }
        assert!(forward(&layer, &[], 0).is_empty());
    }
}
