//! Linear layers without bias, in three precisions.

use std::sync::Once;

use tch::{Kind, Scalar, Tensor};

use crate::backend::quiet::quietly;

/// Keeps the division of an all-zero row by its largest value defined.
const TINY: f64 = 1e-20;

/// How the weights of linear layers are held and multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    /// Reference.
    F32,
    /// Weights and inputs rounded to bfloat16, sums in f32.
    Bf16,
    /// Weights in int8 with a scale per output, inputs in uint8 with a scale per row.
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
    /// Takes `weight` [outputs, inputs], f32.
    pub fn new(weight: &Tensor, arithmetic: Arithmetic) -> Self {
        match arithmetic {
            Arithmetic::F32 => Linear::F32(weight.contiguous()),
            Arithmetic::Bf16 => Linear::Bf16(weight.to_kind(Kind::BFloat16).contiguous()),
            Arithmetic::Int8 => Linear::Int8(Int8::new(weight)),
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
/// FBGEMM quantizes a whole matrix of inputs over its range. Here each row is first divided by its largest magnitude,
/// and one more row fixes the range; so a row's result never depends on the rows beside it.
#[derive(Debug)]
pub(crate) struct Int8 {
    packed: Tensor,
    /// Only its shape is looked at: one value, expanded to [outputs, inputs].
    shape: Tensor,
    /// Sum of the int8 weights of each output.
    offsets: Tensor,
    /// Size of a step of the int8 weights of each output.
    steps: Tensor,
    /// The row that fixes the range of the inputs.
    range: Tensor,
    bias: Tensor,
}

impl Int8 {
    fn new(weight: &Tensor) -> Self {
        static REMARKS: Once = Once::new();
        REMARKS.call_once(|| {
            let tiny = Tensor::ones([8, 8], (Kind::Float, weight.device()));
            quietly(|| drop(Int8::pack(&tiny).forward(&tiny)));
        });
        Int8::pack(weight)
    }

    fn pack(weight: &Tensor) -> Self {
        let steps = weight.abs().amax([1i64], true).clamp_min(TINY) / 127.;
        let quantized = (weight / &steps).round().to_kind(Kind::Int8).contiguous();
        let [outputs, inputs] = [0, 1].map(|dimension| weight.size().get(dimension).copied().unwrap_or(0));
        let range = Tensor::zeros([1, inputs], (Kind::Float, weight.device()));
        let _ = range.narrow(1, 0, 1).fill_(-1.);
        let _ = range.narrow(1, 1, 1).fill_(top());
        Int8 {
            packed: quantized.fbgemm_pack_quantized_matrix(),
            shape: Tensor::zeros([1, 1], (Kind::Int8, weight.device())).expand([outputs, inputs], false),
            offsets: quantized.sum_dim_intlist([1i64].as_slice(), false, Kind::Int64).to_kind(Kind::Int),
            steps: steps.view([-1]),
            range,
            bias: Tensor::zeros([outputs], (Kind::Float, weight.device())),
        }
    }

    fn forward(&self, x: &Tensor) -> Tensor {
        let rows = x.size().first().copied().unwrap_or(0);
        let largest = x.abs().amax([1i64], true).clamp_min(TINY);
        let scaled = Tensor::cat(&[&(x / &largest), &self.range], 0);
        let product = scaled.fbgemm_linear_int8_weight_fp32_activation(
            &self.shape,
            &self.packed,
            &self.offsets,
            Scalar::from(1f64),
            Scalar::from(0i64),
            &self.bias,
        );
        // In place: the output layer's product is large.
        product.narrow(0, 0, rows).g_mul_(&largest).g_mul_(&self.steps)
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
