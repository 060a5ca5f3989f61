//! The network of BERT and RoBERTa: Devlin et al. 2019, <https://arxiv.org/abs/1810.04805>.

use std::ops::Range;

use rten_simd::{SimdOp, SimdUnaryOp};
use rten_vecmath::{ApproxGelu, Gelu, Softmax};

use super::stored::{Layer, Stored, Table};
use crate::engine::kernels::{self, TOGETHER};
use crate::engine::linear::{Arithmetic, Scratch};
use crate::error::Result;
use crate::label_model::{Activation, Config, Family};
use crate::part::{Part, PartMut};

/// From pieces to their last states.
#[derive(Debug)]
pub(super) struct Network {
    words: Table,
    positions: Table,
    types: Table,
    norm: Norm,
    blocks: Vec<Block>,
    hidden: usize,
    first_position: usize,
}

/// What is computed on the way; grows to what is needed and is used again.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    /// States of all pieces, [pieces, hidden].
    pub x: Vec<f32>,
    pub wide: Vec<f32>,
    pub mixed: Vec<f32>,
    pub out: Vec<f32>,
    pub attention: Attention,
    pub scratch: Scratch,
}

/// What attention computes on the way.
#[derive(Debug, Default)]
pub(super) struct Attention {
    /// Keys of a head, number by number.
    keys: Vec<f32>,
    weights: Vec<f32>,
    scores: Vec<f32>,
    sums: Vec<f32>,
}

/// Attention and two linear layers, each followed by addition and normalization.
#[derive(Debug)]
pub(super) struct Block {
    pub heads: usize,
    pub qkv: Layer,
    pub mix: Layer,
    pub mix_norm: Norm,
    pub inner: Layer,
    pub activation: Activation,
    pub outer: Layer,
    pub outer_norm: Norm,
}

/// Normalization of a row to mean 0 and variance 1, then scaled and shifted.
#[derive(Debug)]
pub(super) struct Norm {
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
    pub epsilon: f32,
}

impl Norm {
    pub fn read(stored: &Stored, name: &str, size: usize, epsilon: f64) -> Result<Self> {
        let vector = |part| stored.vector(&format!("{name}.{part}"), size);
        Ok(Norm { weight: vector("weight")?, bias: vector("bias")?, epsilon: epsilon as f32 })
    }

    fn rows(&self, x: &mut [f32]) {
        for row in x.chunks_mut(self.weight.len().max(1)) {
            kernels::layer_norm(row, &self.weight, &self.bias, self.epsilon);
        }
    }

    /// Adds `y` and the bias of the layer that it comes from to `x`, and normalizes the sum.
    fn add(&self, x: &mut [f32], y: &[f32], bias: &[f32]) {
        let width = self.weight.len().max(1);
        for (x, y) in x.chunks_mut(width).zip(y.chunks(width)) {
            kernels::add_biased(x, y, bias);
            kernels::layer_norm(x, &self.weight, &self.bias, self.epsilon);
        }
    }
}

impl Network {
    /// Whether this network is that of the model.
    pub fn fits(config: &Config) -> bool {
        matches!(config.family(), Family::Bert | Family::Roberta)
            && matches!(config.activation(), Activation::Gelu | Activation::GeluNew | Activation::Relu)
    }

    pub fn read(stored: &Stored, config: &Config, arithmetic: Arithmetic) -> Result<Self> {
        let prefix = if config.family() == Family::Roberta { "roberta" } else { "bert" };
        let size = |size: i64| usize::try_from(size).unwrap_or(0);
        let hidden = size(config.hidden_size);
        let table = |name: &str, rows: i64| {
            stored.table(&format!("{prefix}.embeddings.{name}.weight"), size(rows), hidden)
        };
        let blocks = (0..config.num_hidden_layers).map(|layer| {
            let at = format!("{prefix}.encoder.layer.{layer}");
            let inner = size(config.intermediate_size);
            let layer = |names: &[&str], outputs, inputs| {
                let names: Vec<String> = names.iter().map(|name| format!("{at}.{name}")).collect();
                stored.layer(&names, outputs, inputs, arithmetic)
            };
            let norm = |name: &str| Norm::read(stored, &format!("{at}.{name}"), hidden, config.epsilon());
            let qkv = ["attention.self.query", "attention.self.key", "attention.self.value"];
            Ok(Block {
                heads: size(config.num_attention_heads),
                qkv: layer(&qkv, hidden, hidden)?,
                mix: layer(&["attention.output.dense"], hidden, hidden)?,
                mix_norm: norm("attention.output.LayerNorm")?,
                inner: layer(&["intermediate.dense"], inner, hidden)?,
                activation: config.activation(),
                outer: layer(&["output.dense"], hidden, inner)?,
                outer_norm: norm("output.LayerNorm")?,
            })
        });
        Ok(Network {
            words: table("word_embeddings", config.vocab_size)?,
            positions: table("position_embeddings", config.max_position_embeddings)?,
            types: table("token_type_embeddings", config.types())?,
            norm: Norm::read(stored, &format!("{prefix}.embeddings.LayerNorm"), hidden, config.epsilon())?,
            blocks: blocks.collect::<Result<_>>()?,
            hidden,
            first_position: size(config.first_position()),
        })
    }

    /// The last states of the pieces of all texts, one text after another, in `buffers.x`.
    pub fn states(&self, texts: &[&[i64]], buffers: &mut Buffers) {
        let pieces: usize = texts.iter().map(|text| text.len()).sum();
        buffers.x.clear();
        buffers.x.resize(pieces * self.hidden, 0.);
        let mut rows = buffers.x.chunks_mut(self.hidden);
        let mut ranges = Vec::with_capacity(texts.len());
        let mut start = 0;
        for text in texts {
            for ((position, &id), row) in (self.first_position..).zip(*text).zip(&mut rows) {
                self.words.add(usize::try_from(id).unwrap_or(0), row);
                self.positions.add(position, row);
                self.types.add(0, row);
            }
            ranges.push(start..start + text.len());
            start += text.len();
        }
        self.norm.rows(&mut buffers.x);
        for block in &self.blocks {
            block.forward(&ranges, buffers);
        }
    }
}

impl Block {
    /// Runs the block over the rows of `buffers.x`; those of a range see each other.
    pub fn forward(&self, ranges: &[Range<usize>], buffers: &mut Buffers) {
        let Buffers { x, wide, mixed, out, attention, scratch } = buffers;
        let hidden = self.mix_norm.weight.len();
        let rows = x.len() / hidden.max(1);
        self.qkv.weight.forward(x, rows, wide, scratch);
        wide.chunks_mut(3 * hidden).for_each(|row| kernels::add(row, &self.qkv.bias));
        mixed.clear();
        mixed.resize(rows * hidden, 0.);
        for range in ranges {
            let wide = wide.part(range.start * 3 * hidden..range.end * 3 * hidden);
            let mixed = mixed.part_mut(range.start * hidden..range.end * hidden);
            self.attend(wide, mixed, attention);
        }
        self.mix.weight.forward(mixed, rows, out, scratch);
        self.mix_norm.add(x, out, &self.mix.bias);
        self.inner.weight.forward(x, rows, wide, scratch);
        for row in wide.chunks_mut(self.inner.bias.len()) {
            kernels::add(row, &self.inner.bias);
            match self.activation {
                Activation::GeluNew => ApproxGelu {}.map_mut(row),
                Activation::Relu => row.iter_mut().for_each(|value| *value = value.max(0.)),
                _ => Gelu {}.map_mut(row),
            }
        }
        self.outer.weight.forward(wide, rows, out, scratch);
        self.outer_norm.add(x, out, &self.outer.bias);
    }

    /// Attention among the rows of one text: `wide` holds queries, keys and values, [pieces, 3 * hidden].
    fn attend(&self, wide: &[f32], mixed: &mut [f32], buffers: &mut Attention) {
        let Attention { keys, weights, scores, sums } = buffers;
        let hidden = self.mix_norm.weight.len();
        let (size, pieces) = (hidden / self.heads, mixed.len() / hidden);
        let scale = (size as f32).powf(-0.5);
        for head in 0..self.heads {
            let column = head * size;
            // Keys lie number by number, so that a query is multiplied with many of them at a time.
            keys.clear();
            for number in 0..size {
                keys.extend(wide.iter().skip(hidden + column + number).step_by(3 * hidden));
            }
            let values = wide.part(2 * hidden + column..);
            for (rows, mixed) in wide.chunks(TOGETHER * 3 * hidden).zip(mixed.chunks_mut(TOGETHER * hidden)) {
                kernels::interleave(
                    rows.chunks(3 * hidden).map(|row| row.part(column..column + size)),
                    weights,
                );
                scores.clear();
                scores.resize(TOGETHER * pieces, 0.);
                kernels::add_weighted(weights, keys, pieces, pieces, scores);
                kernels::scale(scores, scale);
                for row in scores.chunks_mut(pieces) {
                    Softmax::new_mut(row).dispatch();
                }
                kernels::interleave(scores.chunks(pieces), weights);
                sums.clear();
                sums.resize(TOGETHER * size, 0.);
                kernels::add_weighted(weights, values, 3 * hidden, size, sums);
                for (mixed, sums) in mixed.chunks_mut(hidden).zip(sums.chunks(size)) {
                    mixed.part_mut(column..column + size).copy_from_slice(sums);
                }
            }
        }
    }
}
