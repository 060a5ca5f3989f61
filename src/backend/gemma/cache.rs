//! Keys and values of what was read so far.

use std::ops::Range;

use tch::{Device, Kind, Tensor};

use super::config::Config;
use super::step::{Group, Step};

/// Keys and values per layer, for a number of rows of text. A row's tokens lie one after another from place 0.
#[derive(Debug)]
pub(crate) struct Cache {
    rows: i64,
    capacity: i64,
    kv_heads: i64,
    head: i64,
    /// Per layer keys and values, each [rows, capacity, kv_heads, head].
    layers: Vec<[Tensor; 2]>,
}

impl Cache {
    /// Room for `rows` texts of `capacity` tokens.
    pub fn new(config: &Config, rows: usize, capacity: usize) -> Self {
        let size = [rows as i64, capacity as i64, config.kv_heads as i64, config.head as i64];
        let [rows, capacity, kv_heads, head] = size;
        // Zeros, not raw memory: what lies beyond a row's end is multiplied by zero, and zero times NaN is NaN.
        let room = || Tensor::zeros(size, (Kind::Float, Device::Cpu));
        let layers = (0..config.layers).map(|_| [room(), room()]).collect();
        Cache { rows, capacity, kv_heads, head, layers }
    }

    /// Another handle on the same keys and values.
    pub fn handle(&self) -> Self {
        let layers = self.layers.iter().map(|both| both.each_ref().map(Tensor::shallow_clone)).collect();
        Cache { layers, ..*self }
    }

    /// Places of each row.
    pub fn capacity(&self) -> usize {
        self.capacity as usize
    }

    /// Copies the `tokens` of row `from` over those of row `to`.
    pub fn copy_row(&mut self, from: usize, to: usize, tokens: Range<usize>) {
        let (start, length) = (tokens.start as i64, tokens.len() as i64);
        for tensor in self.layers.iter().flatten() {
            let part = |row: usize| tensor.select(0, row as i64).narrow(0, start, length);
            part(to).copy_(&part(from));
        }
    }

    /// Takes the first `tokens` of every row of `other`, which has as many rows or only one.
    pub fn start_with(&mut self, other: &Cache, tokens: usize) {
        for (to, from) in self.layers.iter().flatten().zip(other.layers.iter().flatten()) {
            let mut to = to.narrow(1, 0, tokens as i64);
            let from = from.narrow(1, 0, tokens as i64).expand_as(&to);
            to.copy_(&from);
        }
    }

    /// Writes the keys and values [tokens, kv_heads, head] of a step at the step's places.
    pub fn extend(&mut self, layer: usize, step: &Step, new: [&Tensor; 2]) {
        for (all, new) in self.layers.get(layer).into_iter().flatten().zip(new) {
            let _ = all.view([-1, self.kv_heads, self.head]).index_copy_(0, &step.places, new);
        }
    }

    /// The keys and values that a group looks at, each [rows, kv_heads, width, head].
    pub fn seen(&self, layer: usize, group: &Group) -> [Tensor; 2] {
        // There are as many layers as blocks: both follow the same configuration.
        #[allow(clippy::indexing_slicing)]
        let both = &self.layers[layer];
        let (first, rows) = group.rows;
        both.each_ref().map(|all| all.narrow(0, first, rows).narrow(1, 0, group.width).transpose(1, 2))
    }

    /// Index, over the places of all rows, of a place of a row.
    pub fn place(&self, row: usize, position: usize) -> i64 {
        row as i64 * self.capacity + position as i64
    }

    /// Rows there is room for.
    pub fn rows(&self) -> usize {
        self.rows as usize
    }
}
