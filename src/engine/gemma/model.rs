//! The Gemma 3 decoder.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use rten_simd::{SimdOp, SimdUnaryOp};
use rten_vecmath::{ApproxGelu, Softmax};
use sha2::{Digest, Sha256};

use super::adapter::{self, Adapter};
use super::cache::{Row, TILE};
use super::config::{Attention, Config};
use super::prepared;
use super::rotary::Rotary;
use super::weights::{Tensor, Weights, PART};
use crate::engine::gguf::Gguf;
use crate::engine::guarded;
use crate::engine::kernels::{self, TOGETHER};
use crate::engine::linear::{Arithmetic, Linear, Scratch};
use crate::engine::team::{self, Hands};
use crate::engine::threads::{spread, threads};
use crate::error::{Error, Result};
use crate::part::{Part, PartMut};
use crate::progress::Stage;
use crate::store::known_sha256;

/// The decoder over a chosen vocabulary. Threads share it.
#[derive(Debug)]
pub(crate) struct Model {
    pub config: Config,
    embedding: Tensor,
    blocks: Vec<Block>,
    norm: Vec<f32>,
    /// The output layer, in parts of the vocabulary.
    output: Linear,
}

/// A token to read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    /// The row that it is appended to.
    pub row: usize,
    pub position: usize,
    pub id: u32,
}

/// What is computed on the way; grows to what is needed and is used again.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    /// States of the tokens, [tokens, hidden].
    pub x: Vec<f32>,
    normed: Vec<f32>,
    qkv: Vec<f32>,
    gates: Vec<f32>,
    inner: Vec<f32>,
    /// What a half of a block adds to the states.
    change: Vec<f32>,
    scored: Vec<f32>,
    heads: Vec<f32>,
    /// Tokens in the order in which they attend.
    order: Vec<usize>,
    seen: Seen,
    scratch: Scratch,
}

/// What attention computes on the way.
#[derive(Debug, Default)]
struct Seen {
    weights: Vec<f32>,
    scores: Vec<f32>,
    sums: Vec<f32>,
}

/// What a model is made from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    /// Base weights, a GGUF file.
    pub base: &'a Path,
    /// Rows of the base's embedding that become the vocabulary, in that order.
    pub kept: &'a [u32],
    /// Folder of the adapter, if there is one.
    pub adapter: Option<&'a Path>,
}

impl Source<'_> {
    /// Tells these weights from all others: what they are made from, and the code that makes them.
    fn key(&self, arithmetic: Arithmetic) -> Result<String> {
        let mut hasher = Sha256::new();
        for code in [
            include_str!("adapter.rs"),
            include_str!("config.rs"),
            include_str!("../gguf.rs"),
            include_str!("../linear.rs"),
            include_str!("prepared.rs"),
            include_str!("weights.rs"),
            env!("CARGO_PKG_VERSION"),
        ] {
            hasher.update(code);
        }
        hasher.update(format!("{arithmetic:?} {}", known_sha256(self.base)?));
        for id in self.kept {
            hasher.update(id.to_le_bytes());
        }
        for file in self.adapter.iter().flat_map(|folder| adapter::FILES.map(|name| folder.join(name))) {
            hasher.update(known_sha256(&file)?);
        }
        Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    fn make(&self, arithmetic: Arithmetic) -> Result<(Config, Weights)> {
        guarded(Stage::Translate, || {
            let gguf = Gguf::open(self.base, "gemma3")?;
            let config = Config::read(&gguf)?;
            let adapter = self.adapter.map(|folder| Adapter::read(folder, &config)).transpose()?;
            let weights = Weights::read(&gguf, &config, self.kept, adapter.as_ref(), arithmetic)?;
            Ok((config, weights))
        })
    }
}

impl Model {
    /// Makes the model's weights, or takes them from a file in the folder `cache`, which is written where it is missing,
    /// damaged or was made from something else.
    ///
    /// # Errors
    /// Where a file of `source` is missing, damaged, or does not fit the others. That `cache` cannot be written is none, since it
    /// only saves time: why comes with the model.
    pub fn open(
        source: Source<'_>,
        arithmetic: Arithmetic,
        cache: Option<&Path>,
    ) -> Result<(Self, Option<Error>)> {
        // In full precision the file would be half a gigabyte, for what serves as a reference.
        let Some(folder) = cache.filter(|_| arithmetic != Arithmetic::F32) else {
            let (config, weights) = source.make(arithmetic)?;
            return Ok((Model::new(config, &weights)?, None));
        };
        let key = source.key(arithmetic)?;
        let path = folder.join(prepared::name(arithmetic, &key));
        // One that is whole and has not what belongs in it is made anew as a damaged one is.
        let ready =
            prepared::read(&path, &key).and_then(|(config, weights)| Model::new(config, &weights).ok());
        if let Some(model) = ready {
            return Ok((model, None));
        }
        let (config, weights) = source.make(arithmetic)?;
        let unwritten = prepared::write(&path, &key, &config, &weights).err();
        if unwritten.is_none() {
            prepared::keep_newest(folder);
        }
        Ok((Model::new(config, &weights)?, unwritten))
    }

    /// Packs the weights for the processor at hand.
    pub fn new(config: Config, weights: &Weights) -> Result<Self> {
        // The output layer is the largest matrix: it goes first.
        // As many as may compute together.
        let shares = threads().clamp(1, team::MOST);
        let parts = spread(
            Stage::Translate,
            threads(),
            config.layers + 1,
            || (),
            |(), index| {
                Ok(match index.checked_sub(1) {
                    None => (Some(weights.layer("output", config.hidden, PART)?), None),
                    Some(index) => (None, Some(Block::new(weights, &config, index, shares)?)),
                })
            },
        )?;
        let (output, blocks): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        let output = output.into_iter().flatten().next().ok_or_else(|| Error::Backend {
            stage: Stage::Translate,
            message: "the output layer was not packed".to_owned(),
        })?;
        let blocks = blocks.into_iter().flatten().collect();
        let embedding = weights.tensor("embedding").or_else(|_| weights.tensor("output.weight"))?.clone();
        let norm = weights.tensor("norm")?.floats();
        Ok(Model { embedding, blocks, norm, output, config })
    }

    /// Reads the new tokens of each row, whose keys and values go to what is written of it; the last states of the
    /// tokens lie in `buffers.x` then, [tokens, hidden].
    ///
    /// # Errors
    /// [`Error::Cancelled`] where a member of the team left.
    pub(super) fn read<T>(
        &self,
        rows: &mut [Row],
        tokens: &[Token],
        rotary: &mut Rotary,
        buffers: &mut Buffers,
        hands: &mut Hands<'_, T>,
    ) -> Result<()> {
        rotary.reach(tokens.iter().map(|token| token.position + 1).max().unwrap_or(0));
        let hidden = self.config.hidden;
        let scale = (hidden as f32).sqrt();
        buffers.x.clear();
        for token in tokens {
            buffers
                .x
                .extend(self.embedding.part(token.id as usize * hidden, hidden).map(|value| value * scale));
        }
        // Hypotheses that share what was read attend one after another, while that lies in a processor's caches.
        buffers.order.clear();
        buffers.order.extend(0..tokens.len());
        buffers.order.sort_by_key(|&place| {
            let row = tokens.get(place).and_then(|token| rows.get(token.row));
            row.map(|row| row.read.each_ref().map(Arc::as_ptr))
        });
        for (index, block) in self.blocks.iter().enumerate() {
            block.forward(index, &self.config, rows, tokens, rotary, buffers, hands)?;
        }
        let mut new = vec![0; rows.len()];
        tokens.iter().for_each(|token| new.get_mut(token.row).into_iter().for_each(|count| *count += 1));
        rows.iter_mut().zip(new).for_each(|(row, count)| row.written.grow(count));
        Ok(())
    }

    /// Scores the vocabulary after the states of `buffers.x` at the places `last`, for all members of a team together: `each` is
    /// given, for each part that is scored here, the number of its first piece, the places of all, and the scores, [places of all, pieces of the part].
    /// The place of the first of `last` among those of all.
    ///
    /// # Errors
    /// [`Error::Backend`] where a state is no number, which damaged weights lead to; [`Error::Cancelled`] where a member of the team left.
    pub(super) fn scores<T>(
        &self,
        last: &[usize],
        buffers: &mut Buffers,
        hands: &mut Hands<'_, T>,
        mut each: impl FnMut(usize, usize, &[f32]),
    ) -> Result<usize> {
        let Buffers { x, normed, scored, scratch, .. } = buffers;
        let hidden = self.config.hidden;
        normed.resize(last.len() * hidden, 0.);
        for (&place, normed) in last.iter().zip(normed.chunks_mut(hidden)) {
            let state = x.part(place * hidden..(place + 1) * hidden);
            let mean = kernels::rms_norm(state, &self.norm, self.config.epsilon as f32, normed);
            if !mean.is_finite() {
                let message = "the model's scores are no numbers; check its files".to_owned();
                return Err(Error::Backend { stage: Stage::Translate, message });
            }
        }
        let Scratch { inputs, sums } = scratch;
        let first = hands.gather(&self.output, normed, last.len(), inputs)?;
        let here = self.output.parts().iter().enumerate().filter(|&(number, _)| hands.takes(number));
        for (_, part) in here {
            scored.resize(inputs.rows * part.outputs, 0.);
            part.forward(inputs, sums, scored, part.outputs);
            each(part.first, inputs.rows, scored);
        }
        Ok(first)
    }
}

/// Outputs of a part of a matrix, at least: what the kernels of all processors take at once.
const LEAST: usize = 64;

#[derive(Debug)]
struct Block {
    attention: Attention,
    before_attention: Vec<f32>,
    after_attention: Vec<f32>,
    before_mlp: Vec<f32>,
    after_mlp: Vec<f32>,
    query_norm: Vec<f32>,
    key_norm: Vec<f32>,
    qkv: Linear,
    attended: Linear,
    gate_up: Linear,
    down: Linear,
}

impl Block {
    /// Packs a block; its matrices are cut into at most `shares` parts.
    fn new(weights: &Weights, config: &Config, index: usize, shares: usize) -> Result<Self> {
        let norm = |name: &str| -> Result<_> { Ok(weights.tensor(&format!("{index}.{name}"))?.floats()) };
        let matrix = |name: &str, inputs, outputs: usize| {
            let most = outputs.div_ceil(shares).next_multiple_of(LEAST);
            weights.layer(&format!("{index}.{name}"), inputs, most)
        };
        Ok(Block {
            attention: config.attention(index),
            before_attention: norm("attn_norm")?,
            after_attention: norm("post_attention_norm")?,
            before_mlp: norm("ffn_norm")?,
            after_mlp: norm("post_ffw_norm")?,
            query_norm: norm("attn_q_norm")?,
            key_norm: norm("attn_k_norm")?,
            qkv: matrix("qkv", config.hidden, config.query() + 2 * config.key())?,
            attended: matrix("attended", config.query(), config.hidden)?,
            gate_up: matrix("gate_up", config.hidden, 2 * config.inner)?,
            down: matrix("down", config.inner, config.hidden)?,
        })
    }

    #[expect(clippy::too_many_arguments, reason = "buffers are handed down")]
    fn forward<T>(
        &self,
        index: usize,
        config: &Config,
        rows: &mut [Row],
        tokens: &[Token],
        rotary: &Rotary,
        buffers: &mut Buffers,
        hands: &mut Hands<'_, T>,
    ) -> Result<()> {
        let Buffers { x, normed, qkv, gates, inner, change, heads, order, seen, scratch, .. } = buffers;
        let (count, hidden, epsilon) = (tokens.len(), config.hidden, config.epsilon as f32);
        let normalize = |x: &[f32], weight: &[f32], normed: &mut Vec<f32>| {
            normed.resize(count * hidden, 0.);
            for (x, normed) in x.chunks(hidden).zip(normed.chunks_mut(hidden)) {
                kernels::rms_norm(x, weight, epsilon, normed);
            }
        };
        let add = |x: &mut [f32], y: &[f32], weight: &[f32]| {
            for (x, y) in x.chunks_mut(hidden).zip(y.chunks(hidden)) {
                kernels::add_rms_norm(x, y, weight, epsilon);
            }
        };

        let stride = config.query() + 2 * config.key();
        normalize(x, &self.before_attention, normed);
        hands.forward(&self.qkv, normed, count, qkv, scratch)?;
        self.turn(config, tokens, rotary, qkv, heads);
        for (token, qkv) in tokens.iter().zip(qkv.chunks(stride)) {
            let (key, value) = qkv.part(config.query()..).split_at(config.key());
            if let Some(row) = rows.get_mut(token.row) {
                row.written.push(index, key, value);
            }
        }
        inner.clear();
        inner.resize(count * config.query(), 0.);
        for &place in order.iter() {
            let Some(token) = tokens.get(place) else { continue };
            let qkv = qkv.part(place * stride..(place + 1) * stride);
            let out = inner.part_mut(place * config.query()..(place + 1) * config.query());
            if let Some(row) = rows.get(token.row) {
                self.attend(index, config, row, token.position, qkv, seen, out);
            }
        }
        hands.forward(&self.attended, inner, count, change, scratch)?;
        add(x, change, &self.after_attention);

        normalize(x, &self.before_mlp, normed);
        hands.forward(&self.gate_up, normed, count, gates, scratch)?;
        inner.clear();
        for both in gates.chunks_mut(2 * config.inner) {
            let (gate, up) = both.split_at_mut(config.inner);
            ApproxGelu {}.map_mut(gate);
            kernels::multiply(gate, up);
            inner.extend_from_slice(gate);
        }
        hands.forward(&self.down, inner, count, change, scratch)?;
        add(x, change, &self.after_mlp);
        Ok(())
    }

    /// Normalizes and turns the queries and keys in `qkv`, [tokens, query + key + value].
    fn turn(
        &self,
        config: &Config,
        tokens: &[Token],
        rotary: &Rotary,
        qkv: &mut [f32],
        normed: &mut Vec<f32>,
    ) {
        normed.resize(config.head, 0.);
        for (token, qkv) in tokens.iter().zip(qkv.chunks_mut(config.query() + 2 * config.key())) {
            let (cosines, sines) = rotary.angles(self.attention, token.position);
            let (queries, rest) = qkv.split_at_mut(config.query());
            let keys = rest.part_mut(..config.key());
            for (part, weight) in [(queries, &self.query_norm), (keys, &self.key_norm)] {
                for head in part.chunks_mut(config.head) {
                    kernels::rms_norm(head, weight, config.epsilon as f32, normed);
                    kernels::turn(normed, cosines, sines);
                    head.copy_from_slice(normed);
                }
            }
        }
    }

    /// What the token at `position` takes from those that it sees, into `out`, [heads, head], which is 0.
    #[expect(clippy::too_many_arguments, reason = "buffers are handed down")]
    fn attend(
        &self,
        index: usize,
        config: &Config,
        row: &Row,
        position: usize,
        qkv: &[f32],
        buffers: &mut Seen,
        out: &mut [f32],
    ) {
        let Seen { weights, scores, sums } = buffers;
        let first = match self.attention {
            Attention::Full => 0,
            Attention::Window => (position + 1).saturating_sub(config.window),
        };
        let (head, width) = (config.head, config.key());
        let scale = (head as f32).powf(-0.5);
        let count = position + 1 - first;
        // Where in a block of the cache those are that are seen, and where their scores.
        let seen = |start: &mut usize, tokens: usize| {
            let block = *start..*start + tokens;
            *start = block.end;
            let within = |place: usize| place.clamp(block.start, block.end) - block.start;
            let range = within(first)..within(position + 1);
            let scored = (block.start + range.start).saturating_sub(first);
            (range, scored)
        };
        // Queries that share a key.
        let shared = config.heads / config.kv_heads;
        let queries = qkv.part(..config.query()).chunks(shared * head);
        for ((number, queries), out) in queries.enumerate().zip(out.chunks_mut(shared * head)) {
            let column = number * head;
            for (queries, out) in queries.chunks(TOGETHER * head).zip(out.chunks_mut(TOGETHER * head)) {
                kernels::interleave(queries.chunks(head), weights);
                scores.clear();
                scores.resize(TOGETHER * count, 0.);
                let mut start = 0;
                for block in row.blocks() {
                    let [keys, values] = block.layer(index);
                    let (range, scored) = seen(&mut start, values.len() / width);
                    let of_head = column * TILE..(column + head) * TILE;
                    let places = scored..scored + range.len();
                    let tiles = keys.chunks(width * TILE).map(|tile| tile.part(of_head.clone()));
                    let scores = scores.chunks_mut(count).map(|row| row.part_mut(places.clone()));
                    write_scores(tiles, range, weights, scale, scores);
                }
                for row in scores.chunks_mut(count) {
                    Softmax::new_mut(row).dispatch();
                }
                kernels::interleave(scores.chunks(count), weights);
                sums.clear();
                sums.resize(TOGETHER * head, 0.);
                let mut start = 0;
                for block in row.blocks() {
                    let [_, values] = block.layer(index);
                    let (range, scored) = seen(&mut start, values.len() / width);
                    let values = values.part(range.start * width..range.end * width);
                    let weights = weights.part(scored * TOGETHER..(scored + range.len()) * TOGETHER);
                    let values = values.get(column..).unwrap_or_default();
                    kernels::add_weighted(weights, values, width, head, sums);
                }
                out.copy_from_slice(sums.part(..out.len()));
            }
        }
    }
}

/// Writes the scaled products of queries, [head, TOGETHER], with the keys of the tokens of `range` to `scores`, a list for each query; `tiles`
/// are all of a head, each [head, TILE].
fn write_scores<'a>(
    tiles: impl Iterator<Item = &'a [f32]>,
    range: Range<usize>,
    queries: &[f32],
    scale: f32,
    scores: impl Iterator<Item = &'a mut [f32]>,
) {
    let mut scores: Vec<_> = scores.map(<[f32]>::iter_mut).collect();
    for (number, keys) in tiles.enumerate().take(range.end.div_ceil(TILE)).skip(range.start / TILE) {
        let mut products = [0.; TOGETHER * TILE];
        kernels::add_weighted(queries, keys, TILE, TILE, &mut products);
        let first = number * TILE;
        let seen = range.start.max(first) - first..range.end.min(first + TILE) - first;
        for (scores, products) in scores.iter_mut().zip(products.chunks(TILE)) {
            // The products first: who runs out of them has taken no score too many.
            for (product, score) in products.part(seen.clone()).iter().zip(scores) {
                *score = product * scale;
            }
        }
    }
}
