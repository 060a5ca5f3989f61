//! The Gemma 3 decoder.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tch::{Kind, Tensor};

use super::adapter::{Adapter, Projection};
use super::cache::Cache;
use super::config::{Attention, Config};
use super::gguf::Gguf;
use super::linear::{Arithmetic, Linear};
use super::step::{Group, Step};
use crate::backend::guarded;
use crate::error::{Error, Result};
use crate::progress::Stage;

/// The decoder over a chosen vocabulary.
#[derive(Debug)]
pub(crate) struct Model {
    pub config: Config,
    embedding: Tensor,
    blocks: Vec<Block>,
    norm: Tensor,
    output: Linear,
}

impl Model {
    /// Reads the weights; rows `kept` of the embedding become the vocabulary, in that order.
    pub fn load(
        gguf: &Gguf,
        kept: &[u32],
        adapter: impl FnOnce(&Config) -> Result<Option<Adapter>>,
        arithmetic: Arithmetic,
    ) -> Result<Self> {
        let config = Config::read(gguf)?;
        let adapter = adapter(&config)?;
        let blocks = blocks(gguf, &config, adapter, arithmetic)?;
        let rows = gguf.rows("token_embd.weight", config.hidden, kept)?;
        let embedding = Tensor::from_slice(&rows).view([-1, config.hidden as i64]);
        drop(rows);
        Ok(Model {
            blocks,
            norm: vector(gguf, "output_norm.weight", config.hidden)?,
            output: Linear::new(&embedding, arithmetic),
            embedding: match arithmetic {
                Arithmetic::F32 => embedding,
                Arithmetic::Bf16 | Arithmetic::Int8 => embedding.to_kind(Kind::BFloat16),
            },
            config,
        })
    }

    /// Hidden states [tokens, hidden] of the tokens of `step`; their keys and values go to `cache`.
    pub fn hidden(&self, step: &Step, cache: &mut Cache) -> Tensor {
        let scale = (self.config.hidden as f64).sqrt();
        let mut x = self.embedding.index_select(0, &step.ids).to_kind(Kind::Float) * scale;
        for (index, block) in self.blocks.iter().enumerate() {
            x = block.forward(&x, step, cache, index, &self.config);
        }
        x
    }

    /// Scores [tokens, vocabulary] of the next piece after hidden states [tokens, hidden].
    pub fn logits(&self, hidden: &Tensor) -> Tensor {
        self.output.forward(&normalized(hidden, &self.norm, self.config.epsilon))
    }
}

#[derive(Debug)]
struct Block {
    attention: Attention,
    before_attention: Tensor,
    after_attention: Tensor,
    before_mlp: Tensor,
    after_mlp: Tensor,
    /// Norms of the query and key heads, [heads + kv_heads, head].
    heads: Tensor,
    qkv: Linear,
    attended: Linear,
    gate_up: Linear,
    down: Linear,
}

impl Block {
    fn load(
        gguf: &Gguf,
        config: &Config,
        adapter: Option<&Adapter>,
        index: usize,
        arithmetic: Arithmetic,
    ) -> Result<Self> {
        let norm = |name: &str, size| vector(gguf, &format!("blk.{index}.{name}.weight"), size);
        let matrix = |projection: Projection| -> Result<Tensor> {
            let shape = projection.shape(config);
            let values = gguf.tensor(&format!("blk.{index}.{}.weight", projection.gguf()), &shape)?;
            let weight = Tensor::from_slice(&values).view(shape.map(|size| size as i64));
            Ok(match adapter {
                Some(adapter) => adapter.merge(index, projection, weight),
                None => weight,
            })
        };
        let joined = |projections: &[Projection]| -> Result<Linear> {
            let parts = projections.iter().map(|&part| matrix(part)).collect::<Result<Vec<_>>>()?;
            Ok(Linear::new(&Tensor::cat(&parts, 0), arithmetic))
        };
        let query = norm("attn_q_norm", config.head)?.expand([config.heads as i64, -1], false);
        let key = norm("attn_k_norm", config.head)?.expand([config.kv_heads as i64, -1], false);
        Ok(Block {
            attention: config.attention(index),
            before_attention: norm("attn_norm", config.hidden)?,
            after_attention: norm("post_attention_norm", config.hidden)?,
            before_mlp: norm("ffn_norm", config.hidden)?,
            after_mlp: norm("post_ffw_norm", config.hidden)?,
            heads: Tensor::cat(&[query, key], 0),
            qkv: joined(&[Projection::Query, Projection::Key, Projection::Value])?,
            attended: joined(&[Projection::Output])?,
            gate_up: joined(&[Projection::Gate, Projection::Up])?,
            down: joined(&[Projection::Down])?,
        })
    }

    fn forward(&self, x: &Tensor, step: &Step, cache: &mut Cache, index: usize, config: &Config) -> Tensor {
        let epsilon = config.epsilon;
        let attended =
            self.attend(&normalized(x, &self.before_attention, epsilon), step, cache, index, config);
        let x = x + normalized(&attended, &self.after_attention, epsilon);
        let inner = self.gate_up.forward(&normalized(&x, &self.before_mlp, epsilon));
        let width = config.inner as i64;
        let inner = inner.narrow(1, 0, width).gelu("tanh") * inner.narrow(1, width, width);
        let mlp = self.down.forward(&inner);
        x + normalized(&mlp, &self.after_mlp, epsilon)
    }

    fn attend(&self, x: &Tensor, step: &Step, cache: &mut Cache, index: usize, config: &Config) -> Tensor {
        let (heads, kv_heads, head) = (config.heads as i64, config.kv_heads as i64, config.head as i64);
        let qkv = self.qkv.forward(x).view([-1, heads + 2 * kv_heads, head]);
        let turning = normalized(&qkv.narrow(1, 0, heads + kv_heads), &self.heads, config.epsilon);
        let turned = step.rotary(self.attention).turn(&turning);
        let (query, key) = (turned.narrow(1, 0, heads), turned.narrow(1, heads, kv_heads));
        let value = qkv.narrow(1, heads + kv_heads, kv_heads);
        cache.extend(index, step, [&key, &value]);
        let attend = |(group, mask): (&Group, &Tensor)| {
            let [keys, values] = cache.seen(index, group);
            let query = group.spread(&query, config);
            let scale = (head as f64).powf(-0.5);
            let seen =
                Tensor::scaled_dot_product_attention(&query, &keys, &values, Some(mask), 0., false, scale);
            group.gather(&seen, config)
        };
        let mut parts: Vec<Tensor> = step.groups.iter().zip(step.masks(self.attention)).map(attend).collect();
        let seen = if parts.len() == 1 { parts.remove(0) } else { Tensor::cat(&parts, 0) };
        self.attended.forward(&seen)
    }
}

/// RMSNorm over the last dimension; `weight` holds 1 + w, as GGUF stores it.
fn normalized(x: &Tensor, weight: &Tensor, epsilon: f64) -> Tensor {
    let inverse = (x.square().mean_dim([-1i64].as_slice(), true, Kind::Float) + epsilon).rsqrt();
    x * inverse * weight
}

fn vector(gguf: &Gguf, name: &str, size: usize) -> Result<Tensor> {
    Ok(Tensor::from_slice(&gguf.tensor(name, &[size])?))
}

/// Loads the blocks on all cores: dequantizing and packing are most of the time of loading.
fn blocks(
    gguf: &Gguf,
    config: &Config,
    adapter: Option<Adapter>,
    arithmetic: Arithmetic,
) -> Result<Vec<Block>> {
    // Tensors may change their thread but not be shared, so each thread has handles of its own.
    let workers = thread::available_parallelism().map_or(1, usize::from).min(config.layers);
    let next = AtomicUsize::new(0);
    let mut loaded = thread::scope(|scope| {
        let threads: Vec<_> = (0..workers)
            .map(|_| {
                let (next, adapter) = (&next, adapter.as_ref().map(Adapter::handles));
                scope.spawn(move || {
                    let mut blocks = Vec::new();
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        if index >= config.layers {
                            return Ok(blocks);
                        }
                        let block = guarded(Stage::Translate, || {
                            tch::no_grad(|| Block::load(gguf, config, adapter.as_ref(), index, arithmetic))
                        })?;
                        blocks.push((index, block));
                    }
                })
            })
            .collect();
        let mut loaded = Vec::new();
        for thread in threads {
            let blocks = thread.join().map_err(|_| Error::Backend {
                stage: Stage::Translate,
                message: "a thread that loads weights ended early".to_owned(),
            })?;
            loaded.extend(blocks?);
        }
        Ok::<_, Error>(loaded)
    })?;
    loaded.sort_by_key(|&(index, _)| index);
    Ok(loaded.into_iter().map(|(_, block)| block).collect())
}
