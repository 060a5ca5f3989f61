//! Keys and values of what was read so far.

use std::sync::Arc;

use super::config::Config;
use crate::part::Part;

/// Keys and values of some tokens one after another, layer by layer.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// Per layer keys and values, each [tokens, kv_heads, head].
    layers: Vec<[Vec<f32>; 2]>,
    /// Numbers of a token's key in a layer.
    width: usize,
    tokens: usize,
}

impl Block {
    pub fn new(config: &Config) -> Self {
        Block { layers: vec![[Vec::new(), Vec::new()]; config.layers], width: config.key(), tokens: 0 }
    }

    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// Adds the key and value of a token to a layer. The token counts once [`Block::grow`] says so.
    pub fn push(&mut self, layer: usize, key: &[f32], value: &[f32]) {
        if let Some([keys, values]) = self.layers.get_mut(layer) {
            extend(keys, key, self.width);
            extend(values, value, self.width);
        }
    }

    /// Says that all layers have so many more tokens.
    pub fn grow(&mut self, tokens: usize) {
        self.tokens += tokens;
    }

    /// Keys and values of a layer.
    pub fn layer(&self, layer: usize) -> [&[f32]; 2] {
        self.layers.get(layer).map_or([&[], &[]], |[keys, values]| [keys, values])
    }

    /// Becomes the same as `other`; all but the last `differing` tokens of `other` are here already.
    fn copy(&mut self, other: &Block, differing: Option<usize>) {
        let same = differing.map_or(0, |differing| other.tokens.saturating_sub(differing));
        let kept = same.min(self.tokens) * self.width;
        for (to, from) in self.layers.iter_mut().flatten().zip(other.layers.iter().flatten()) {
            to.truncate(kept);
            extend(to, from.part(kept..), self.width);
        }
        self.tokens = other.tokens;
    }
}

/// Appends tokens of a width to a list that grows by some at a time: doubling would take twice the memory that is counted for it.
fn extend(list: &mut Vec<f32>, tokens: &[f32], width: usize) {
    if list.capacity() - list.len() < tokens.len() {
        list.reserve_exact(tokens.len() + GROWTH * width);
    }
    list.extend_from_slice(tokens);
}

/// Tokens that room is made for at once.
const GROWTH: usize = 32;

/// A text: what it shares with others, and what follows.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// The start of all texts, and what was read of this one; its hypotheses share both.
    pub read: [Arc<Block>; 2],
    /// What was written since.
    pub written: Block,
}

impl Row {
    /// Tokens of the text.
    pub fn tokens(&self) -> usize {
        self.read.iter().map(|block| block.tokens()).sum::<usize>() + self.written.tokens()
    }

    /// All blocks in order.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.read.iter().map(AsRef::as_ref).chain([&self.written])
    }

    /// Becomes the same as `other`, of which all but the last `differing` tokens are here already.
    pub fn copy(&mut self, other: &Row, differing: Option<usize>) {
        self.read.clone_from(&other.read);
        self.written.copy(&other.written, differing);
    }
}
