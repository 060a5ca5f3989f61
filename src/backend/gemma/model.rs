//! The Gemma 3 decoder.

use std::path::Path;

use sha2::{Digest, Sha256};
use tch::{Kind, Tensor};

use super::adapter::{self, Adapter};
use super::cache::Cache;
use super::config::{Attention, Config};
use super::gguf::Gguf;
use super::linear::{Arithmetic, Linear};
use super::prepared;
use super::step::{Group, Step};
use super::weights::{on_all_cores, Weights};
use crate::backend::guarded;
use crate::error::{Error, Result};
use crate::progress::Stage;
use crate::store::known_sha256;

/// The decoder over a chosen vocabulary.
#[derive(Debug)]
pub(crate) struct Model {
    pub config: Config,
    embedding: Tensor,
    blocks: Vec<Block>,
    norm: Tensor,
    output: Linear,
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
            include_str!("gguf.rs"),
            include_str!("linear.rs"),
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
    /// Where a file of `source` is missing, damaged, or does not fit the others. What happens in `cache` is no error: it
    /// only saves time.
    pub fn open(source: Source<'_>, arithmetic: Arithmetic, cache: Option<&Path>) -> Result<Self> {
        // In full precision the file would be half a gigabyte, for what serves as a reference.
        let Some(folder) = cache.filter(|_| arithmetic != Arithmetic::F32) else {
            let (config, weights) = source.make(arithmetic)?;
            return Model::new(config, &weights, arithmetic);
        };
        let key = source.key(arithmetic)?;
        let path = folder.join(prepared::name(arithmetic, &key));
        if let Some((config, weights)) = prepared::read(&path, &key) {
            return Model::new(config, &weights, arithmetic);
        }
        let (config, weights) = source.make(arithmetic)?;
        if prepared::write(&path, &key, &config, &weights).is_ok() {
            prepared::keep_newest(folder);
        }
        Model::new(config, &weights, arithmetic)
    }

    /// Takes the weights, which were made ready for `arithmetic`, and packs them where it asks for that.
    pub fn new(config: Config, weights: &Weights, arithmetic: Arithmetic) -> Result<Self> {
        // The output layer is the largest matrix: it goes first.
        let mut parts = on_all_cores(
            config.layers + 1,
            || weights.handles(),
            |weights, index| match index.checked_sub(1) {
                None => Ok((Some(Linear::new(weights, "output", arithmetic)?), None)),
                Some(index) => Ok((None, Some(Block::new(weights, &config, index, arithmetic)?))),
            },
        )?
        .into_iter();
        let missing = || Error::Backend { stage: Stage::Translate, message: "no output layer".to_owned() };
        let output = parts.next().and_then(|(output, _)| output).ok_or_else(missing)?;
        let blocks = parts.filter_map(|(_, block)| block).collect();
        let embedding = match &output {
            Linear::F32(weight) | Linear::Bf16(weight) => weight.shallow_clone(),
            Linear::Int8(_) => weights.tensor("embedding")?,
        };
        Ok(Model { embedding, blocks, norm: weights.tensor("norm")?, output, config })
    }

    /// Another handle on the same weights: tensors may change their thread but not be shared.
    pub fn handle(&self) -> Self {
        Model {
            config: self.config.clone(),
            embedding: self.embedding.shallow_clone(),
            blocks: self.blocks.iter().map(Block::handle).collect(),
            norm: self.norm.shallow_clone(),
            output: self.output.handle(),
        }
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
    fn new(weights: &Weights, config: &Config, index: usize, arithmetic: Arithmetic) -> Result<Self> {
        let norm = |name: &str| weights.tensor(&format!("{index}.{name}"));
        let matrix = |name: &str| Linear::new(weights, &format!("{index}.{name}"), arithmetic);
        let query = norm("attn_q_norm")?.expand([config.heads as i64, -1], false);
        let key = norm("attn_k_norm")?.expand([config.kv_heads as i64, -1], false);
        Ok(Block {
            attention: config.attention(index),
            before_attention: norm("attn_norm")?,
            after_attention: norm("post_attention_norm")?,
            before_mlp: norm("ffn_norm")?,
            after_mlp: norm("post_ffw_norm")?,
            heads: Tensor::cat(&[query, key], 0),
            qkv: matrix("qkv")?,
            attended: matrix("attended")?,
            gate_up: matrix("gate_up")?,
            down: matrix("down")?,
        })
    }

    fn handle(&self) -> Self {
        Block {
            attention: self.attention,
            before_attention: self.before_attention.shallow_clone(),
            after_attention: self.after_attention.shallow_clone(),
            before_mlp: self.before_mlp.shallow_clone(),
            after_mlp: self.after_mlp.shallow_clone(),
            heads: self.heads.shallow_clone(),
            qkv: self.qkv.handle(),
            attended: self.attended.handle(),
            gate_up: self.gate_up.handle(),
            down: self.down.handle(),
        }
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
            let seen = group.attend(&query, &keys, &values, mask);
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
