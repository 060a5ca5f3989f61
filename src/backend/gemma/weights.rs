//! Weights in the form in which they are multiplied, by name.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tch::{Kind, Tensor};

use super::adapter::{Adapter, Projection};
use super::config::Config;
use super::gguf::Gguf;
use super::linear::{Arithmetic, Linear};
use crate::backend::guarded;
use crate::error::{Error, Result};
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

/// All weights of a model: adapter merged, vocabulary cut, rounded as its arithmetic asks.
#[derive(Debug, Default)]
pub(crate) struct Weights(BTreeMap<String, Tensor>);

impl Weights {
    /// Reads them from a GGUF file; rows `kept` of the embedding become the vocabulary, in that order.
    pub fn read(
        gguf: &Gguf,
        config: &Config,
        kept: &[u32],
        adapter: Option<&Adapter>,
        arithmetic: Arithmetic,
    ) -> Result<Self> {
        // Tensors may change their thread but not be shared, so each thread has handles of its own.
        let blocks = on_all_cores(
            config.layers,
            || adapter.map(Adapter::handles),
            |adapter, index| Weights::block(gguf, config, adapter.as_ref(), index, arithmetic),
        )?;
        let mut weights = Weights(blocks.into_iter().flat_map(|block| block.0).collect());
        weights.add("norm", vector(gguf, "output_norm.weight", config.hidden)?);
        let rows = gguf.rows("token_embd.weight", config.hidden, kept)?;
        let embedding = Tensor::from_slice(&rows).view([-1, config.hidden as i64]);
        drop(rows);
        weights.extend("output", Linear::parts(&embedding, arithmetic));
        match arithmetic {
            // The output layer is the embedding.
            Arithmetic::F32 | Arithmetic::Bf16 => {}
            Arithmetic::Int8 => weights.add("embedding", embedding.to_kind(Kind::BFloat16)),
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
            weights
                .add(&format!("{index}.{name}"), vector(gguf, &format!("blk.{index}.{name}.weight"), size)?);
        }
        for (name, projections) in MATRICES {
            let parts = projections.iter().map(|&projection| {
                let shape = projection.shape(config);
                let values = gguf.tensor(&format!("blk.{index}.{}.weight", projection.gguf()), &shape)?;
                let weight = Tensor::from_slice(&values).view(shape.map(|size| size as i64));
                Ok(match adapter {
                    Some(adapter) => adapter.merge(index, projection, weight),
                    None => weight,
                })
            });
            let parts = parts.collect::<Result<Vec<Tensor>>>()?;
            weights.extend(&format!("{index}.{name}"), Linear::parts(&Tensor::cat(&parts, 0), arithmetic));
        }
        Ok(weights)
    }

    pub fn add(&mut self, name: &str, tensor: Tensor) {
        self.0.insert(name.to_owned(), tensor);
    }

    fn extend(&mut self, name: &str, parts: Vec<(&str, Tensor)>) {
        for (part, tensor) in parts {
            self.add(&format!("{name}.{part}"), tensor);
        }
    }

    /// The tensor of a name.
    pub fn tensor(&self, name: &str) -> Result<Tensor> {
        self.0.get(name).map(Tensor::shallow_clone).ok_or_else(|| Error::Backend {
            stage: Stage::Translate,
            message: format!("the tensor {name} was not made ready"),
        })
    }

    /// All tensors by name.
    pub fn tensors(&self) -> impl Iterator<Item = (&str, &Tensor)> {
        self.0.iter().map(|(name, tensor)| (name.as_str(), tensor))
    }

    /// Another handle on the same tensors, for another thread.
    pub fn handles(&self) -> Self {
        Weights(self.0.iter().map(|(name, tensor)| (name.clone(), tensor.shallow_clone())).collect())
    }
}

fn vector(gguf: &Gguf, name: &str, size: usize) -> Result<Tensor> {
    Ok(Tensor::from_slice(&gguf.tensor(name, &[size])?))
}

/// Does `count` pieces of work on all cores; `state` is made once for each thread. Results come in order.
pub(super) fn on_all_cores<S: Send, T: Send>(
    count: usize,
    state: impl Fn() -> S,
    work: impl Fn(&S, usize) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(count);
    let (next, work) = (&AtomicUsize::new(0), &work);
    let mut done = thread::scope(|scope| {
        let threads: Vec<_> = (0..workers)
            .map(|_| {
                let state = state();
                scope.spawn(move || {
                    let mut done = Vec::new();
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        if index >= count {
                            return Ok(done);
                        }
                        let work = || tch::no_grad(|| work(&state, index));
                        done.push((index, guarded(Stage::Translate, work)?));
                    }
                })
            })
            .collect();
        let mut done = Vec::new();
        for thread in threads {
            let part = thread.join().map_err(|_| Error::Backend {
                stage: Stage::Translate,
                message: "a thread that loads weights ended early".to_owned(),
            })?;
            done.extend(part?);
        }
        Ok::<_, Error>(done)
    })?;
    done.sort_by_key(|&(index, _)| index);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}
