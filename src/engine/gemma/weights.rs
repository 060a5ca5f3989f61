//! Weights in the form in which they are kept and read: adapter merged, vocabulary cut, rounded.

use std::collections::BTreeMap;
use std::sync::Arc;

use half::bf16;
use memmap2::Mmap;
use serde::{Deserialize, Serialize};

use super::adapter::{Adapter, Projection};
use super::config::Config;
use crate::engine::gguf::Gguf;
use crate::engine::linear::{Arithmetic, Linear, Rounded};
use crate::engine::threads::{spread, threads};
use crate::error::{Error, Result};
use crate::part::Part;
use crate::progress::Stage;

/// The four matrices of a block, and the projections whose outputs stand one below another in each.
pub(super) const MATRICES: [(&str, &[Projection]); 4] = [
    ("qkv", &[Projection::Query, Projection::Key, Projection::Value]),
    ("attended", &[Projection::Output]),
    ("gate_up", &[Projection::Gate, Projection::Up]),
    ("down", &[Projection::Down]),
];
/// The vectors of a block, as GGUF names them.
const NORMS: [&str; 6] =
    ["attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm", "attn_q_norm", "attn_k_norm"];
/// The vocabulary is scored in parts of so many pieces, so that what is scored stays in a processor's caches.
pub(super) const PART: usize = 8192;
const WEIGHT: &str = "weight";
const STEPS: &str = "steps";

/// How a tensor's numbers are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Form {
    F32,
    Bf16,
    I8,
}

impl Form {
    /// Bytes of a number.
    pub fn size(self) -> usize {
        match self {
            Form::F32 => 4,
            Form::Bf16 => 2,
            Form::I8 => 1,
        }
    }
}

/// Numbers, in memory or in a mapped file, little endian.
#[derive(Debug, Clone)]
pub(super) enum Bytes {
    Owned(Arc<[u8]>),
    Mapped(Arc<Mmap>),
}

impl Bytes {
    pub fn as_slice(&self) -> &[u8] {
        match self {
            Bytes::Owned(bytes) => bytes,
            Bytes::Mapped(map) => map,
        }
    }
}

/// Numbers of one form; matrices lie row by row.
#[derive(Debug, Clone)]
pub(super) struct Tensor {
    pub form: Form,
    pub bytes: Bytes,
}

impl Tensor {
    fn f32(values: &[f32]) -> Self {
        Tensor { form: Form::F32, bytes: owned(values.iter().flat_map(|value| value.to_le_bytes())) }
    }

    fn bf16(values: &[f32]) -> Self {
        let rounded = values.iter().map(|&value| bf16::from_f32(value));
        Tensor { form: Form::Bf16, bytes: owned(rounded.flat_map(bf16::to_le_bytes)) }
    }

    fn i8(values: &[i8]) -> Self {
        Tensor { form: Form::I8, bytes: Bytes::Owned(bytemuck::cast_slice(values).into()) }
    }

    /// The numbers as f32.
    pub fn floats(&self) -> Vec<f32> {
        self.part(0, self.bytes.as_slice().len() / self.form.size()).collect()
    }

    /// `count` numbers from the number `first` on.
    pub fn part(&self, first: usize, count: usize) -> impl Iterator<Item = f32> + '_ {
        let size = self.form.size();
        let bytes = self.bytes.as_slice().part(first * size..(first + count) * size);
        let form = self.form;
        bytes.chunks_exact(size).map(move |bytes| match (form, bytes) {
            (Form::F32, &[a, b, c, d]) => f32::from_le_bytes([a, b, c, d]),
            (Form::Bf16, &[a, b]) => bf16::from_le_bytes([a, b]).to_f32(),
            (Form::I8, &[a]) => f32::from(a as i8),
            _ => 0.,
        })
    }
}

fn owned(bytes: impl Iterator<Item = u8>) -> Bytes {
    Bytes::Owned(bytes.collect())
}

/// All tensors of a model by name.
#[derive(Debug, Default)]
pub(crate) struct Weights(pub(super) BTreeMap<String, Tensor>);

impl Weights {
    /// Reads them from a GGUF file; rows `kept` of the embedding become the vocabulary, in that order.
    pub fn read(
        gguf: &Gguf,
        config: &Config,
        kept: &[u32],
        adapter: Option<&Adapter>,
        arithmetic: Arithmetic,
    ) -> Result<Self> {
        let block = |(): &mut (), index| Weights::block(gguf, config, adapter, index, arithmetic);
        let blocks = spread(Stage::Translate, threads(), config.layers, || (), block)?;
        let mut weights = Weights(blocks.into_iter().flat_map(|block| block.0).collect());
        weights.add("norm", Tensor::f32(&gguf.tensor("output_norm.weight", &[config.hidden])?));
        // The output layer is the embedding.
        let embedding = gguf.rows("token_embd.weight", config.hidden, kept)?;
        weights.matrix("output", &embedding, config.hidden, arithmetic);
        if arithmetic == Arithmetic::Int8 {
            weights.add("embedding", Tensor::bf16(&embedding));
        }
        Ok(weights)
    }

    fn block(
        gguf: &Gguf,
        config: &Config,
        adapter: Option<&Adapter>,
        index: usize,
        arithmetic: Arithmetic,
    ) -> Result<Self> {
        let mut weights = Weights::default();
        for name in NORMS {
            let size = if name.starts_with("attn_q") || name.starts_with("attn_k") {
                config.head
            } else {
                config.hidden
            };
            let norm = gguf.tensor(&format!("blk.{index}.{name}.weight"), &[size])?;
            weights.add(&format!("{index}.{name}"), Tensor::f32(&norm));
        }
        for (name, projections) in MATRICES {
            let mut matrix = Vec::new();
            for &projection in projections {
                let shape = projection.shape(config);
                let mut weight = gguf.tensor(&format!("blk.{index}.{}.weight", projection.gguf()), &shape)?;
                if let Some(adapter) = adapter {
                    adapter.merge(index, projection, &mut weight);
                }
                matrix.extend(weight);
            }
            let inputs = projections.first().map_or(0, |projection| projection.shape(config)[1]);
            weights.matrix(&format!("{index}.{name}"), &matrix, inputs, arithmetic);
        }
        Ok(weights)
    }

    pub(super) fn add(&mut self, name: &str, tensor: Tensor) {
        self.0.insert(name.to_owned(), tensor);
    }

    /// Adds what is kept of `weight` [outputs, inputs].
    fn matrix(&mut self, name: &str, weight: &[f32], inputs: usize, arithmetic: Arithmetic) {
        match arithmetic {
            Arithmetic::F32 => self.add(&format!("{name}.{WEIGHT}"), Tensor::f32(weight)),
            Arithmetic::Int8 => {
                let Rounded { values, steps } = Rounded::new(weight, inputs);
                self.add(&format!("{name}.{WEIGHT}"), Tensor::i8(&values));
                self.add(&format!("{name}.{STEPS}"), Tensor::f32(&steps));
            }
        }
    }

    /// The tensor of a name.
    pub(super) fn tensor(&self, name: &str) -> Result<&Tensor> {
        self.0.get(name).ok_or_else(|| Error::Backend {
            stage: Stage::Translate,
            message: format!("the tensor {name} was not made ready"),
        })
    }

    /// The layer of a name, packed, in parts of at most `most` outputs.
    pub fn layer(&self, name: &str, inputs: usize, most: usize) -> Result<Linear> {
        let weight = self.tensor(&format!("{name}.{WEIGHT}"))?;
        Ok(match weight.form {
            Form::I8 => {
                let steps = self.tensor(&format!("{name}.{STEPS}"))?.floats();
                Linear::int8(bytemuck::cast_slice(weight.bytes.as_slice()), &steps, inputs, most)
            }
            Form::F32 | Form::Bf16 => Linear::f32(&weight.floats(), inputs, most),
        })
    }
}
