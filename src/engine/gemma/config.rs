//! The shape of a Gemma 3 model, read from the metadata of its GGUF file.

use serde::{Deserialize, Serialize};

use crate::engine::gguf::Gguf;
use crate::error::Result;

/// Every sixth layer attends to everything before it, the others to a window.
const FULL_EVERY: usize = 6;
/// No size of a decoder is larger.
const LARGEST: usize = 1 << 20;
/// Rotary base of the layers with a window; GGUF holds the other one only.
const WINDOW_ROPE_BASE: f64 = 10_000.0;

/// Sizes and constants of the decoder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Config {
    /// Decoder blocks.
    pub layers: usize,
    /// Width of the residual stream.
    pub hidden: usize,
    /// Width inside the gated MLP.
    pub inner: usize,
    /// Query heads.
    pub heads: usize,
    /// Key and value heads; each serves `heads / kv_heads` query heads.
    pub kv_heads: usize,
    /// Width of a head.
    pub head: usize,
    /// Added to the mean square in RMSNorm.
    pub epsilon: f64,
    /// Rotary base of the layers without a window.
    pub rope_base: f64,
    /// Tokens that a layer with a window sees, its own included.
    pub window: usize,
}

/// How a layer attends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attention {
    /// To everything before.
    Full,
    /// To the last `window` tokens.
    Window,
}

impl Config {
    /// Memory for the keys and values of a token in all layers.
    pub fn bytes_per_token(&self) -> usize {
        2 * self.layers * self.key() * size_of::<f32>()
    }

    /// Reads the `gemma3.*` fields.
    pub fn read(gguf: &Gguf) -> Result<Self> {
        let size = |key: &str| {
            let key = format!("gemma3.{key}");
            let found = gguf.size(&key)?;
            // Products of such sizes fit their type.
            match found <= LARGEST {
                true => Ok(found),
                false => Err(gguf.invalid(format!("{key} is {found}, which no model has"))),
            }
        };
        let config = Config {
            layers: size("block_count")?,
            hidden: size("embedding_length")?,
            inner: size("feed_forward_length")?,
            heads: size("attention.head_count")?,
            kv_heads: size("attention.head_count_kv")?,
            head: size("attention.key_length")?,
            epsilon: gguf.float("gemma3.attention.layer_norm_rms_epsilon")?,
            rope_base: gguf.float("gemma3.rope.freq_base")?,
            window: size("attention.sliding_window")?,
        };
        if !config.heads.is_multiple_of(config.kv_heads) {
            let message = format!(
                "gemma3.attention.head_count is {}, no multiple of gemma3.attention.head_count_kv, {}",
                config.heads, config.kv_heads
            );
            return Err(gguf.invalid(message));
        }
        Ok(config)
    }

    /// How the layer `index`, counted from 0, attends.
    pub fn attention(&self, index: usize) -> Attention {
        if (index + 1).is_multiple_of(FULL_EVERY) {
            Attention::Full
        } else {
            Attention::Window
        }
    }

    /// The rotary base for a kind of attention.
    pub fn base(&self, attention: Attention) -> f64 {
        match attention {
            Attention::Full => self.rope_base,
            Attention::Window => WINDOW_ROPE_BASE,
        }
    }

    /// Width of the queries of all heads.
    pub fn query(&self) -> usize {
        self.heads * self.head
    }

    /// Width of the keys (and of the values) of all heads.
    pub fn key(&self) -> usize {
        self.kv_heads * self.head
    }
}
