//! Keys and values of what was read so far.

use std::sync::Arc;

use super::config::Config;
use crate::part::{Part, PartMut};

/// Tokens whose keys lie number by number, so that a query is multiplied with many of them at a time.
pub(super) const TILE: usize = 32;

/// Keys and values of some tokens, layer by layer.
#[derive(Debug, Clone)]
pub(super) struct Block {
    layers: Vec<Layer>,
    /// Numbers of a token's key in a layer.
    width: usize,
    tokens: usize,
}

#[derive(Debug, Clone, Default)]
struct Layer {
    /// [tiles, kv_heads, head, TILE]; those of tokens that are not there are 0.
    keys: Vec<f32>,
    /// [tokens, kv_heads, head]
    values: Vec<f32>,
}

impl Block {
    pub fn new(config: &Config) -> Self {
        Block { layers: vec![Layer::default(); config.layers], width: config.key(), tokens: 0 }
    }

    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// Adds the key and value of a token to a layer. The token counts once [`Block::grow`] says so.
    pub fn push(&mut self, layer: usize, key: &[f32], value: &[f32]) {
        let Some(Layer { keys, values }) = self.layers.get_mut(layer) else { return };
        let token = values.len() / self.width.max(1);
        extend(values, value, self.width);
        let tile = self.width * TILE;
        if token.is_multiple_of(TILE) {
            keys.reserve_exact(tile);
            keys.resize(keys.len() + tile, 0.);
        }
        let column = keys.part_mut(token / TILE * tile..).iter_mut().skip(token % TILE).step_by(TILE);
        column.zip(key).for_each(|(slot, &number)| *slot = number);
    }

    /// Says that all layers have so many more tokens.
    pub fn grow(&mut self, tokens: usize) {
        self.tokens += tokens;
    }

    /// Keys, [tiles, kv_heads, head, TILE], and values, [tokens, kv_heads, head], of a layer.
    pub fn layer(&self, layer: usize) -> [&[f32]; 2] {
        self.layers.get(layer).map_or([&[], &[]], |layer| [&layer.keys, &layer.values])
    }

    /// Becomes the same as `other`; all but the last `differing` tokens of `other` are here already.
    fn copy(&mut self, other: &Block, differing: Option<usize>) {
        let same = differing.map_or(0, |differing| other.tokens.saturating_sub(differing)).min(self.tokens);
        for (to, from) in self.layers.iter_mut().zip(&other.layers) {
            let kept = same * self.width;
            to.values.truncate(kept);
            extend(&mut to.values, from.values.part(kept..), self.width);
            let tiles = same / TILE * TILE * self.width;
            to.keys.truncate(tiles);
            to.keys.extend_from_slice(from.keys.part(tiles..));
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
