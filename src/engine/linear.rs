//! Linear layers without bias.

use std::ops::Range;

use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedAMatrix, PackedBMatrix};
use rten_tensor::NdTensorView;

use super::kernels;
use crate::part::{Part as _, PartMut};

/// Inputs that share a scale in int8 where [`Rounding::group`] says so.
const GROUP: usize = 128;
/// Steps to either side of zero that inputs have in 8 bits, and in 7.
const WIDE: u8 = 127;
const NARROW: u8 = 63;

/// How the weights of linear layers are held and multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    /// Reference.
    F32,
    /// Weights in int8 with a scale per output, inputs in uint8 with a scale per row and group of inputs.
    Int8,
}

/// `x Wᵀ` for rows of f32; the weights lie packed for the processor at hand, in parts that can be multiplied one by one.
pub(crate) struct Linear {
    inputs: usize,
    outputs: usize,
    /// How inputs are rounded, where weights are int8.
    rounding: Option<Rounding>,
    parts: Vec<Part>,
}

/// Some outputs of a layer, one beside the other.
pub(crate) struct Part {
    /// The first of them.
    pub first: usize,
    /// How many they are.
    pub outputs: usize,
    weights: Weights,
}

enum Weights {
    F32(PackedBMatrix<f32>),
    Int8 {
        /// One for each group of inputs.
        groups: Vec<Group>,
        steps: Vec<f32>,
    },
}

/// The weights of a group of inputs.
struct Group {
    weights: PackedBMatrix<i8>,
    /// What a row of inputs that are all zero has for products, since zero is a number of steps.
    offsets: Vec<i32>,
}

/// Rows of numbers as a layer reads them.
#[derive(Default)]
pub(crate) struct Inputs {
    pub rows: usize,
    /// [rows, inputs], where weights are f32.
    floats: Vec<f32>,
    /// [rows, inputs], where weights are int8.
    rounded: Vec<u8>,
    /// Sizes of steps, [rows, groups].
    steps: Vec<f32>,
    /// The rounded rows for the processor at hand, a matrix for each group.
    packed: Vec<PackedAMatrix<u8>>,
}

impl Inputs {
    pub fn clear(&mut self) {
        self.rows = 0;
        self.floats.clear();
        self.rounded.clear();
        self.steps.clear();
        self.packed.clear();
    }

    /// Adds the rows of `other`, made for the same layer.
    pub fn append(&mut self, other: &Inputs) {
        self.rows += other.rows;
        self.floats.extend_from_slice(&other.floats);
        self.rounded.extend_from_slice(&other.rounded);
        self.steps.extend_from_slice(&other.steps);
    }
}

impl std::fmt::Debug for Inputs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inputs").field("rows", &self.rows).finish_non_exhaustive()
    }
}

/// Room for what is computed on the way; grows to what is needed and is used again.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub inputs: Inputs,
    pub sums: Sums,
}

/// Products before they are scaled or put into their place, [rows, outputs of a part].
#[derive(Debug, Default)]
pub(crate) struct Sums {
    whole: Vec<i32>,
    floats: Vec<f32>,
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
    /// The layer with `weight` [outputs, inputs], in parts of at most `most` outputs.
    pub(crate) fn f32(weight: &[f32], inputs: usize, most: usize) -> Self {
        let outputs = weight.len() / inputs.max(1);
        let pack = |range: Range<usize>| {
            let weight = weight.part(range.start * inputs..range.end * inputs);
            let weight = NdTensorView::from_data([range.len(), inputs], weight);
            Weights::F32(F32.with(|executor| executor.prepack_b(weight.transposed())))
        };
        Linear { inputs, outputs, rounding: None, parts: Part::all(outputs, most, pack) }
    }

    /// The layer with `values` [outputs, inputs] in steps of `steps` [outputs], in parts of at most `most` outputs.
    pub(crate) fn int8(values: &[i8], steps: &[f32], inputs: usize, most: usize) -> Self {
        Linear::rounded(values, steps, inputs, most, Rounding::here(inputs, steps.len()))
    }

    fn rounded(values: &[i8], steps: &[f32], inputs: usize, most: usize, rounding: Rounding) -> Self {
        let outputs = steps.len();
        let pack = |range: Range<usize>| {
            let values = values.part(range.start * inputs..range.end * inputs);
            let whole = NdTensorView::from_data([range.len(), inputs], values);
            let groups = (0..inputs / rounding.group).map(|group| {
                let columns = group * rounding.group..(group + 1) * rounding.group;
                let part: NdTensorView<'_, i8, 2> = whole.slice((.., columns.clone()));
                let sum =
                    |row: &[i8]| row.part(columns.clone()).iter().map(|&value| i32::from(value)).sum::<i32>();
                let offsets =
                    values.chunks(inputs).map(|row| sum(row) * i32::from(rounding.zero())).collect();
                Group { weights: INT8.with(|executor| executor.prepack_b(part.transposed())), offsets }
            });
            let groups = groups.collect();
            Weights::Int8 { groups, steps: steps.part(range).to_vec() }
        };
        Linear { inputs, outputs, rounding: Some(rounding), parts: Part::all(outputs, most, pack) }
    }

    /// How many numbers a row has afterwards.
    pub(crate) fn outputs(&self) -> usize {
        self.outputs
    }

    /// The parts in order, which together have all outputs.
    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Puts `rows` rows of `x` into the form in which the parts read them.
    pub(crate) fn prepare(&self, x: &[f32], rows: usize, into: &mut Inputs) {
        into.clear();
        into.rows = rows;
        let Some(Rounding { most, group, .. }) = self.rounding else {
            into.floats.extend_from_slice(x);
            return;
        };
        into.rounded.resize(x.len(), 0);
        for (x, rounded) in x.chunks(group).zip(into.rounded.chunks_mut(group)) {
            into.steps.push(kernels::quantize(x, most, most + 1, rounded));
        }
    }

    /// Packs what [`prepare`](Self::prepare) made, once for all parts that are multiplied on this thread.
    pub(crate) fn pack(&self, inputs: &mut Inputs) {
        let Some(Rounding { group, .. }) = self.rounding.filter(|_| inputs.rows > 0) else { return };
        let x = NdTensorView::from_data([inputs.rows, self.inputs], inputs.rounded.as_slice());
        let groups =
            (0..self.inputs / group).map(|number| x.slice((.., number * group..(number + 1) * group)));
        inputs.packed.extend(
            groups.map(|part: NdTensorView<'_, u8, 2>| INT8.with(|executor| executor.prepack_a(part))),
        );
    }

    /// Multiplies `rows` rows of `x` and writes the products to `out`, row by row.
    pub(crate) fn forward(&self, x: &[f32], rows: usize, out: &mut Vec<f32>, scratch: &mut Scratch) {
        let Scratch { inputs, sums } = scratch;
        self.prepare(x, rows, inputs);
        self.pack(inputs);
        out.resize(rows * self.outputs, 0.);
        for part in &self.parts {
            part.forward(inputs, sums, out.get_mut(part.first..).unwrap_or_default(), self.outputs);
        }
    }
}

impl Part {
    fn all(outputs: usize, most: usize, pack: impl Fn(Range<usize>) -> Weights) -> Vec<Part> {
        let part = |first: usize| {
            let range = first..outputs.min(first.saturating_add(most));
            Part { first, outputs: range.len(), weights: pack(range) }
        };
        (0..outputs).step_by(most.max(1)).map(part).collect()
    }

    /// Multiplies the rows of `inputs`; the products of each go to the beginning of a row of `out`, which are `stride` numbers apart.
    pub(crate) fn forward(&self, inputs: &Inputs, sums: &mut Sums, out: &mut [f32], stride: usize) {
        if inputs.rows == 0 {
            return;
        }
        match &self.weights {
            Weights::F32(weight) => {
                let x = NdTensorView::from_data(
                    [inputs.rows, inputs.floats.len() / inputs.rows],
                    &*inputs.floats,
                );
                let multiply = |products: &mut [f32]| {
                    let (x, weight) = (GemmInputA::Unpacked(x), GemmInputB::Packed(weight));
                    F32.with(|executor| executor.gemm(products, x, weight, GemmOptions::default()))
                        .unwrap_or_else(|error| mismatch(&error));
                };
                if stride == self.outputs {
                    return multiply(out);
                }
                let products = &mut sums.floats;
                products.resize(inputs.rows * self.outputs, 0.);
                multiply(products);
                for (out, products) in out.chunks_mut(stride).zip(products.chunks(self.outputs)) {
                    out.part_mut(..self.outputs).copy_from_slice(products);
                }
            }
            Weights::Int8 { groups, steps } => {
                self.forward_int8(inputs, groups, steps, &mut sums.whole, out, stride);
            }
        }
    }

    fn forward_int8(
        &self,
        inputs: &Inputs,
        groups: &[Group],
        steps: &[f32],
        sums: &mut Vec<i32>,
        out: &mut [f32],
        stride: usize,
    ) {
        let (rows, outputs) = (inputs.rows, self.outputs);
        sums.resize(rows * outputs, 0);
        let only = groups.len() == 1;
        for (number, (x, Group { weights, offsets })) in inputs.packed.iter().zip(groups).enumerate() {
            let (x, weights) = (GemmInputA::Packed(x), GemmInputB::Packed(weights));
            // Zero points go by the offsets: `rten-gemm` 0.27 passes over those of rows that were packed before.
            INT8.with(|executor| executor.gemm(sums, x, weights, GemmOptions::default()))
                .unwrap_or_else(|error| mismatch(&error));
            let of_rows = inputs.steps.iter().skip(number).step_by(groups.len());
            for ((out, sums), &step) in out.chunks_mut(stride).zip(sums.chunks(outputs)).zip(of_rows) {
                let out = out.part_mut(..outputs);
                match only {
                    true => kernels::scaled(sums, offsets, step, steps, out),
                    false => kernels::add_scaled(sums, offsets, step, number == 0, out),
                }
            }
        }
        if !only {
            out.chunks_mut(stride)
                .take(rows)
                .for_each(|row| kernels::multiply(row.part_mut(..outputs), steps));
        }
    }
}

impl std::fmt::Debug for Linear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = if self.rounding.is_some() { Arithmetic::Int8 } else { Arithmetic::F32 };
        f.debug_struct("Linear")
            .field("arithmetic", &kind)
            .field("inputs", &self.inputs)
            .field("outputs", &self.outputs)
            .field("parts", &self.parts.len())
            .finish()
    }
}

/// How inputs are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rounding {
    /// Steps to either side of zero.
    most: u8,
    /// Inputs that share a scale.
    group: usize,
}

impl Rounding {
    /// What suits this processor. Without VNNI instructions two products of an input and a weight are added in 16 bits,
    /// where inputs of 8 bits could overflow: they have 7, and more scales in return.
    fn here(inputs: usize, outputs: usize) -> Self {
        let narrow = INT8.with(GemmExecutor::may_saturate);
        Rounding::new(if narrow { NARROW } else { WIDE }, inputs, outputs)
    }

    /// With few steps all layers have groups; else those with fewer outputs than inputs alone: there a few inputs are far larger
    /// than the others, and would leave these too few steps.
    fn new(most: u8, inputs: usize, outputs: usize) -> Self {
        let grouped = inputs.is_multiple_of(GROUP) && (most == NARROW || outputs < inputs);
        Rounding { most, group: if grouped { GROUP } else { inputs.max(1) } }
    }

    fn zero(self) -> u8 {
        self.most + 1
    }
}

thread_local! {
    static F32: GemmExecutor<f32, f32, f32> = GemmExecutor::new();
    static INT8: GemmExecutor<u8, i8, i32> = GemmExecutor::new();
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
        for most in [WIDE, NARROW] {
            if most > Rounding::here(640, 640).most {
                continue;
            }
            for (outputs, inputs, bound) in
                [(48, 640, 0.025), (640, 128, 0.04), (40, 96, 0.04), (640, 2048, 0.025)]
            {
                let (weight, mut x) = (values(outputs * inputs, 1), values(7 * inputs, 5));
                // As in the model: one input that is far larger than the others.
                x.chunks_mut(inputs).for_each(|row| row[3] = 20.);
                let Rounded { values, steps } = Rounded::new(&weight, inputs);
                let rounding = Rounding::new(most, inputs, outputs);
                let layer = Linear::rounded(&values, &steps, inputs, usize::MAX, rounding);
                let exact = forward(&Linear::f32(&weight, inputs, usize::MAX), &x, 7);
                let found = forward(&layer, &x, 7);
                let error: f32 = found.iter().zip(&exact).map(|(a, b)| (a - b).powi(2)).sum();
                let size: f32 = exact.iter().map(|value| value.powi(2)).sum();
                let allowed = if most == NARROW { 2. } else { 1. };
                assert!(
                    (error / size).sqrt() < allowed * bound,
                    "{outputs} x {inputs}: {}",
                    (error / size).sqrt()
                );
                for row in 0..7 {
                    let alone = forward(&layer, &x[row * inputs..][..inputs], 1);
                    assert_eq!(alone, found[row * outputs..][..outputs], "row {row}");
                }
                for most in [1, 16, 39, 64] {
                    let parts = Linear::rounded(&values, &steps, inputs, most, rounding);
                    assert_eq!(parts.parts().len(), outputs.div_ceil(most));
                    assert_eq!(forward(&parts, &x, 7), found, "in parts of {most}");
                }
                assert!(forward(&layer, &vec![0.; inputs], 1).iter().all(|&value| value == 0.));
            }
        }
    }

    #[test]
    fn rows_and_parts_of_f32_do_not_touch_each_other() {
        let (weight, x) = (values(50 * 70, 1), values(33 * 70, 2));
        let layer = Linear::f32(&weight, 70, usize::MAX);
        let together = forward(&layer, &x, 33);
        for row in 0..33 {
            assert_eq!(forward(&layer, &x[row * 70..][..70], 1), together[row * 50..][..50], "row {row}");
        }
        assert_eq!(forward(&Linear::f32(&weight, 70, 16), &x, 33), together);
        assert!(forward(&layer, &[], 0).is_empty());
    }
}
