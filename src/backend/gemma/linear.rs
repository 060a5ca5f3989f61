//! Linear layers without bias, in three precisions.

use std::sync::Once;

use tch::{Kind, Scalar, Tensor};

use super::weights::Weights;
use crate::backend::quiet::quietly;
use crate::error::Result;

const WEIGHT: &str = "weight";
const STEPS: &str = "steps";
/// Inputs that share a scale in int8 in layers with fewer outputs than inputs: there a few inputs are far larger than the
/// others, and would leave these too few of the 256 steps. Elsewhere groups cost more time than they are worth.
const GROUP: i64 = 128;
/// Keeps the division of an all-zero row by its largest value defined.
const TINY: f64 = 1e-20;

/// How the weights of linear layers are held and multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    /// Reference.
    F32,
    /// Weights and inputs rounded to bfloat16, sums in f32.
    Bf16,
    /// Weights in int8 with a scale per output, inputs in uint8 with a scale per row and group of inputs.
    Int8,
}

/// `x Wᵀ`; input and output are f32 matrices with one row per token.
#[derive(Debug)]
pub(crate) enum Linear {
    F32(Tensor),
    Bf16(Tensor),
    Int8(Int8),
}

impl Linear {
    /// What is kept of `weight` [outputs, inputs], f32: tensors to be named after the layer and what they are.
    pub fn parts(weight: &Tensor, arithmetic: Arithmetic) -> Vec<(&'static str, Tensor)> {
        match arithmetic {
            Arithmetic::F32 => vec![(WEIGHT, weight.contiguous())],
            Arithmetic::Bf16 => vec![(WEIGHT, weight.to_kind(Kind::BFloat16).contiguous())],
            Arithmetic::Int8 => {
                let steps = weight.abs().amax([1i64], true).clamp_min(TINY) / 127.;
                let rounded = (weight / &steps).round().to_kind(Kind::Int8).contiguous();
                vec![(WEIGHT, rounded), (STEPS, steps.view([-1]))]
            }
        }
    }

    /// The layer `name`, of which `weights` hold the parts.
    pub fn new(weights: &Weights, name: &str, arithmetic: Arithmetic) -> Result<Self> {
        let weight = weights.tensor(&format!("{name}.{WEIGHT}"))?;
        Ok(match arithmetic {
            Arithmetic::F32 => Linear::F32(weight),
            Arithmetic::Bf16 => Linear::Bf16(weight),
            Arithmetic::Int8 => Linear::Int8(Int8::new(&weight, weights.tensor(&format!("{name}.{STEPS}"))?)),
        })
    }

    /// Another handle on the same weights, for another thread.
    pub fn handle(&self) -> Self {
        match self {
            Linear::F32(weight) => Linear::F32(weight.shallow_clone()),
            Linear::Bf16(weight) => Linear::Bf16(weight.shallow_clone()),
            Linear::Int8(int8) => Linear::Int8(int8.handle()),
        }
    }

    /// Multiplies each row of `x` [rows, inputs].
    pub fn forward(&self, x: &Tensor) -> Tensor {
        match self {
            Linear::F32(weight) => x.linear(weight, None::<&Tensor>),
            Linear::Bf16(weight) => {
                x.to_kind(Kind::BFloat16).linear(weight, None::<&Tensor>).to_kind(Kind::Float)
            }
            Linear::Int8(int8) => int8.forward(x),
        }
    }
}

/// Int8 weights packed for FBGEMM.
///
/// FBGEMM quantizes a whole matrix of inputs over its range. Here each row is first divided by its largest magnitude
/// in a group of inputs, and one more row fixes the range; so a row's result never depends on the rows beside it.
#[derive(Debug)]
pub(crate) struct Int8 {
    /// A matrix for each group of inputs, one group after another.
    groups: Vec<Packed>,
    /// Only its shape is looked at: one value, expanded to [outputs, inputs of a group].
    shape: Tensor,
    /// Size of a step of the int8 weights of each output.
    steps: Tensor,
    /// The row that fixes the range of the inputs, [groups, 1, inputs of a group].
    range: Tensor,
    bias: Tensor,
}

#[derive(Debug)]
struct Packed {
    matrix: Tensor,
    /// Sum of the int8 weights of each output.
    sums: Tensor,
}

impl Int8 {
    fn new(weight: &Tensor, steps: Tensor) -> Self {
        static REMARKS: Once = Once::new();
        REMARKS.call_once(|| {
            let tiny = Tensor::ones([8, 8], (Kind::Int8, weight.device()));
            let steps = Tensor::ones([8], (Kind::Float, weight.device()));
            quietly(|| drop(Int8::pack(&tiny, steps).forward(&tiny.to_kind(Kind::Float))));
        });
        Int8::pack(weight, steps)
    }

    fn pack(weight: &Tensor, steps: Tensor) -> Self {
        let [outputs, inputs] = [0, 1].map(|dimension| weight.size().get(dimension).copied().unwrap_or(0));
        let width = if inputs % GROUP == 0 && outputs < inputs { GROUP } else { inputs };
        let groups: Vec<Packed> = weight
            .split(width.max(1), 1)
            .into_iter()
            .map(|part| Packed {
                matrix: part.contiguous().fbgemm_pack_quantized_matrix(),
                sums: part.sum_dim_intlist([1i64].as_slice(), false, Kind::Int64).to_kind(Kind::Int),
            })
            .collect();
        let range = Tensor::zeros([groups.len() as i64, 1, width], (Kind::Float, weight.device()));
        let _ = range.narrow(2, 0, 1).fill_(-1.);
        let _ = range.narrow(2, 1, 1).fill_(top());
        Int8 {
            groups,
            shape: Tensor::zeros([1, 1], (Kind::Int8, weight.device())).expand([outputs, width], false),
            steps,
            range,
            bias: Tensor::zeros([outputs], (Kind::Float, weight.device())),
        }
    }

    fn handle(&self) -> Self {
        let packed =
            |one: &Packed| Packed { matrix: one.matrix.shallow_clone(), sums: one.sums.shallow_clone() };
        Int8 {
            groups: self.groups.iter().map(packed).collect(),
            shape: self.shape.shallow_clone(),
            steps: self.steps.shallow_clone(),
            range: self.range.shallow_clone(),
            bias: self.bias.shallow_clone(),
        }
    }

    fn forward(&self, x: &Tensor) -> Tensor {
        let rows = x.size().first().copied().unwrap_or(0);
        let x = x.reshape([rows, self.groups.len() as i64, -1]).transpose(0, 1);
        let largest = x.abs().amax([2i64], true).clamp_min(TINY);
        let scaled = Tensor::cat(&[&(x / &largest), &self.range], 1);
        let mut groups = (0i64..).zip(&self.groups).map(|(group, packed)| {
            let product = scaled.select(0, group).fbgemm_linear_int8_weight_fp32_activation(
                &self.shape,
                &packed.matrix,
                &packed.sums,
                Scalar::from(1f64),
                Scalar::from(0i64),
                &self.bias,
            );
            (product.narrow(0, 0, rows), largest.select(0, group))
        });
        // In place: the output layer's product is large.
        let mut sum =
            groups.next().map_or_else(Tensor::new, |(mut product, largest)| product.g_mul_(&largest));
        for (product, largest) in groups {
            sum = sum.addcmul_(&product, &largest);
        }
        sum.g_mul_(&self.steps)
    }
}

/// Upper end of the range of inputs; the lower end is -1.
///
/// Without VNNI instructions FBGEMM adds two products of an input and a weight in 16 bits. Inputs of 7 bits cannot
/// overflow there: with a range up to 3, inputs in -1..=1 take the lower half of 0..=255.
fn top() -> f64 {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx512vnni") {
        return 1.;
    }
    3.
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int8(weight: &Tensor) -> Linear {
        let mut weights = Weights::default();
        for (part, tensor) in Linear::parts(weight, Arithmetic::Int8) {
            weights.add(&format!("layer.{part}"), tensor);
        }
        Linear::new(&weights, "layer", Arithmetic::Int8).unwrap()
    }

    #[test]
    fn int8_stays_near_f32_beside_large_inputs_and_rows_do_not_touch_each_other() {
        tch::manual_seed(1);
        // Inputs of 7 bits, without VNNI, have steps of twice the size.
        let steps = if top() > 1. { 2. } else { 1. };
        for (outputs, inputs, most) in [(48, 640, 0.025), (640, 128, 0.04), (40, 96, 0.04)] {
            let weight = Tensor::randn([outputs, inputs], (Kind::Float, tch::Device::Cpu));
            let x = Tensor::randn([7, inputs], (Kind::Float, tch::Device::Cpu));
            // As in the model: one input that is far larger than the others.
            let _ = x.narrow(1, 3, 1).fill_(20.);
            let layer = int8(&weight);
            let (exact, found) = (x.linear(&weight, None::<&Tensor>), layer.forward(&x));
            let error =
                ((&found - &exact).square().mean(Kind::Float) / exact.square().mean(Kind::Float)).sqrt();
            let error = error.double_value(&[]);
            assert!(error < steps * most, "{outputs} x {inputs}: {error}");
            for row in 0..7 {
                assert_eq!(layer.forward(&x.narrow(0, row, 1)), found.narrow(0, row, 1), "row {row}");
            }
            let nothing = layer.forward(&x.zeros_like());
            assert_eq!(nothing.abs().max().double_value(&[]), 0.);
        }
    }
}
