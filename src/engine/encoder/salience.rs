//! The head that says how much each sentence of an article is worth telling.

use super::network::{Block, Buffers, Norm};
use super::stored::{Layer, Stored, Table};
use crate::engine::kernels;
use crate::engine::linear::Arithmetic;
use crate::error::Result;
use crate::label_model::{place, Activation};

/// Attention heads of a block; the weights do not tell.
const HEADS: usize = 4;
/// Sentences that are looked at together: each attends to all, and articles have far fewer.
const TOGETHER: usize = 1_024;
/// Epsilon of its norms, torch's default.
const EPSILON: f64 = 1e-5;

/// Two or so attention layers over the sentences of one article, above the encoder; see `training/encoder/salience.py`.
#[derive(Debug)]
pub(super) struct SalienceHead {
    project: Layer,
    feature: Layer,
    place: Table,
    places: usize,
    blocks: Vec<Block>,
    score: Layer,
    width: usize,
}

impl SalienceHead {
    /// The head among the tensors of a model; `None` where there is none.
    pub fn read(stored: &Stored) -> Result<Option<Self>> {
        let size = |name: &str, axis| stored.size(&format!("salience.{name}"), axis);
        let sizes = (
            size("project.weight", 1),
            size("project.weight", 0),
            size("place.weight", 0),
            size("block.0.inner.weight", 0),
        );
        let (Some(hidden), Some(width), Some(places), Some(inner)) = sizes else {
            return Ok(None);
        };
        if !width.is_multiple_of(HEADS) {
            let message = format!("salience.project.weight has {width} rows, no multiple of {HEADS}");
            return Err(stored.invalid(message));
        }
        let layer = |names: &[&str], outputs, inputs| {
            let names: Vec<String> = names.iter().map(|name| format!("salience.{name}")).collect();
            stored.layer(&names, outputs, inputs, Arithmetic::F32)
        };
        let layers = (0..).take_while(|layer| size(&format!("block.{layer}.inner.weight"), 0).is_some());
        let blocks = layers.map(|number| {
            let at = |name: &str| format!("block.{number}.{name}");
            let names = ["query", "key", "value"].map(at);
            let norm = |name| Norm::read(stored, &format!("salience.{}", at(name)), width, EPSILON);
            Ok(Block {
                heads: HEADS,
                qkv: layer(&names.each_ref().map(String::as_str), width, width)?,
                mix: layer(&[&at("mix")], width, width)?,
                mix_norm: norm("mix_norm")?,
                inner: layer(&[&at("inner")], inner, width)?,
                activation: Activation::Gelu,
                outer: layer(&[&at("outer")], width, inner)?,
                outer_norm: norm("inner_norm")?,
            })
        });
        Ok(Some(SalienceHead {
            project: layer(&["project"], width, hidden)?,
            feature: layer(&["feature"], width, 4)?,
            place: stored.table("salience.place.weight", places, width)?,
            places,
            blocks: blocks.collect::<Result<_>>()?,
            score: layer(&["score"], 1, width)?,
            width,
        }))
    }

    /// One score per sentence; see [`LabelModel::salience`](crate::label_model::LabelModel::salience).
    pub fn scores(&self, vectors: &[Vec<f32>], lengths: &[usize]) -> Vec<f32> {
        let count = vectors.len();
        let mut buffers = Buffers::default();
        let parts = vectors.chunks(TOGETHER).zip(lengths.chunks(TOGETHER)).enumerate();
        parts
            .flat_map(|(part, (vectors, lengths))| {
                self.scores_of(part * TOGETHER, vectors, lengths, count, &mut buffers)
            })
            .collect()
    }

    /// The scores of sentences of an article of `count`, the first of which is number `first`.
    fn scores_of(
        &self,
        first: usize,
        vectors: &[Vec<f32>],
        lengths: &[usize],
        count: usize,
        buffers: &mut Buffers,
    ) -> Vec<f32> {
        let rows = vectors.len();
        let features: Vec<f32> =
            (first..).zip(lengths).flat_map(|(index, &length)| place(index, count, length)).collect();
        let Buffers { x, wide, scratch, .. } = &mut *buffers;
        self.project.weight.forward(&vectors.concat(), rows, x, scratch);
        self.feature.weight.forward(&features, rows, wide, scratch);
        for (index, (x, feature)) in (first..).zip(x.chunks_mut(self.width).zip(wide.chunks(self.width))) {
            kernels::add(x, feature);
            kernels::add(x, &self.project.bias);
            kernels::add(x, &self.feature.bias);
            self.place.add(index.min(self.places - 1), x);
        }
        for block in &self.blocks {
            block.forward(std::slice::from_ref(&(0..rows)), buffers);
        }
        let Buffers { x, out, scratch, .. } = buffers;
        self.score.weight.forward(x, rows, out, scratch);
        let bias = self.score.bias.first().copied().unwrap_or(0.);
        out.iter().map(|score| score + bias).collect()
    }
}
