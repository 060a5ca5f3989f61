//! What one pass through the decoder needs besides weights: ids, places, angles, masks.

use tch::{Kind, Tensor};

use super::cache::Cache;
use super::config::{Attention, Config};

/// Added to the scores of keys that must not be seen. Finite, since a block of nothing but infinities gives NaN.
const UNSEEN: f64 = -1e30;

/// Widths of steps are multiples of this. Sums over the keys then fall into the processor's vectors in the same way
/// however long the other rows of a batch are, and come out the same to the last bit.
const WIDTH: usize = 64;

/// Values of so many keys are summed at a time. In which order longer sums are taken depends on how long they are.
const KEYS: i64 = 128;

/// New tokens for some neighboring rows of a [`Cache`], put one after another without padding.
#[derive(Debug)]
pub(crate) struct Step {
    /// Ids of the tokens, [tokens].
    pub ids: Tensor,
    /// Where in the cache they go, [tokens].
    pub places: Tensor,
    /// Index of the last token of each row, [rows].
    pub last: Tensor,
    /// Rows that attend together.
    pub groups: Vec<Group>,
    full: View,
    window: View,
}

/// Rows of which each has as many new tokens.
#[derive(Debug)]
pub(crate) struct Group {
    /// First row of the cache, and how many.
    pub rows: (i64, i64),
    /// First token of the step, and how many for each row.
    pub tokens: (i64, i64),
    /// Places of the cache that are looked at.
    pub width: i64,
}

/// What differs between layers with and without a window.
#[derive(Debug)]
struct View {
    rotary: Rotary,
    /// Added to the scores of each group, [rows, 1, heads per key head * tokens, width].
    masks: Vec<Tensor>,
}

impl Step {
    /// Appends `chunks` to the rows from `first` on, which hold `lengths` tokens.
    ///
    /// Rows with one new token each attend together. Longer chunks attend row by row: nothing is padded, and a prompt is
    /// read in the same way whatever is read with it.
    pub fn new(config: &Config, cache: &Cache, first: usize, lengths: &[usize], chunks: &[&[u32]]) -> Self {
        let (mut ids, mut places, mut positions, mut last) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut groups: Vec<Group> = Vec::new();
        for (row, (&length, chunk)) in lengths.iter().zip(chunks).enumerate() {
            let width = ((length + chunk.len()).next_multiple_of(WIDTH)) as i64;
            match groups.last_mut() {
                Some(group) if group.tokens.1 == 1 && chunk.len() == 1 => {
                    group.rows.1 += 1;
                    group.width = group.width.max(width);
                }
                _ => groups.push(Group {
                    rows: ((first + row) as i64, 1),
                    tokens: (ids.len() as i64, chunk.len() as i64),
                    width,
                }),
            }
            for (position, &id) in (length..).zip(*chunk) {
                ids.push(i64::from(id));
                places.push(cache.place(first + row, position));
                positions.push(position as f32);
            }
            last.push(ids.len() as i64 - 1);
        }
        let positions = Tensor::from_slice(&positions);
        let view = |attention| View {
            rotary: Rotary::new(&positions, config.base(attention), config.head),
            masks: groups.iter().map(|group| group.mask(config, attention, &positions)).collect(),
        };
        Step {
            ids: Tensor::from_slice(&ids),
            places: Tensor::from_slice(&places),
            last: Tensor::from_slice(&last),
            full: view(Attention::Full),
            window: view(Attention::Window),
            groups,
        }
    }

    /// The width to make room for when a row is to hold `tokens`.
    pub fn width(tokens: usize) -> usize {
        tokens.next_multiple_of(WIDTH)
    }

    fn view(&self, attention: Attention) -> &View {
        match attention {
            Attention::Full => &self.full,
            Attention::Window => &self.window,
        }
    }

    /// The angles by which queries and keys are turned.
    pub fn rotary(&self, attention: Attention) -> &Rotary {
        &self.view(attention).rotary
    }

    /// What is added to the scores of each group.
    pub fn masks(&self, attention: Attention) -> &[Tensor] {
        &self.view(attention).masks
    }
}

impl Group {
    fn mask(&self, config: &Config, attention: Attention, positions: &Tensor) -> Tensor {
        let (first, tokens) = self.tokens;
        let rows = self.rows.1;
        let queries = positions.narrow(0, first, rows * tokens).view([rows, tokens, 1]);
        let keys = Tensor::arange(self.width, (Kind::Float, positions.device()));
        let mut unseen = keys.gt_tensor(&queries);
        if attention == Attention::Window && self.width > config.window as i64 {
            unseen = unseen.logical_or(&keys.le_tensor(&(queries - config.window as f64)));
        }
        let shared = (config.heads / config.kv_heads) as i64;
        let mask = (unseen.to_kind(Kind::Float) * UNSEEN).unsqueeze(1).unsqueeze(1);
        mask.expand([-1, -1, shared, -1, -1], false).flatten(2, 3)
    }

    /// This group's part of queries [tokens, heads, head] as [rows, kv_heads, heads / kv_heads * tokens, head]: the heads
    /// that share a key head stand below one another, so that keys need not be repeated.
    pub fn spread(&self, query: &Tensor, config: &Config) -> Tensor {
        let [heads, kv_heads, head] = sizes(config);
        let ((first, tokens), rows) = (self.tokens, self.rows.1);
        query
            .narrow(0, first, rows * tokens)
            .view([rows, tokens, kv_heads, heads / kv_heads, head])
            .permute([0, 2, 3, 1, 4])
            .reshape([rows, kv_heads, heads / kv_heads * tokens, head])
    }

    /// What queries, spread by [`Group::spread`], take from `values` [rows, kv_heads, width, head].
    pub fn attend(&self, query: &Tensor, keys: &Tensor, values: &Tensor, mask: &Tensor) -> Tensor {
        let scale = (query.size().last().copied().unwrap_or(1) as f64).powf(-0.5);
        if self.tokens.1 > 1 {
            // This row attends alone.
            return Tensor::scaled_dot_product_attention(query, keys, values, Some(mask), 0., false, scale);
        }
        let flat = |tensor: &Tensor| tensor.flatten(0, 1);
        let mask = flat(&mask.expand([-1, keys.size().get(1).copied().unwrap_or(1), -1, -1], false));
        let scores = mask.baddbmm(&flat(query), &flat(keys).transpose(1, 2), 1., scale);
        let (shares, values) = (scores.softmax(-1, None), flat(values));
        let mut taken = Tensor::zeros_like(&flat(query));
        for start in (0..self.width).step_by(KEYS as usize) {
            let length = KEYS.min(self.width - start);
            let part = |tensor: &Tensor, dimension| tensor.narrow(dimension, start, length);
            taken = taken.baddbmm_(&part(&shares, 2), &part(&values, 1));
        }
        taken.view_as(query)
    }

    /// The reverse of [`Group::spread`], as [tokens, heads * head].
    pub fn gather(&self, attended: &Tensor, config: &Config) -> Tensor {
        let [heads, kv_heads, head] = sizes(config);
        let (tokens, rows) = (self.tokens.1, self.rows.1);
        attended
            .reshape([rows, kv_heads, heads / kv_heads, tokens, head])
            .permute([0, 3, 1, 2, 4])
            .reshape([rows * tokens, heads * head])
    }
}

fn sizes(config: &Config) -> [i64; 3] {
    [config.heads as i64, config.kv_heads as i64, config.head as i64]
}

/// Rotary position embedding: halves of a head are the two coordinates that are turned.
#[derive(Debug)]
pub(crate) struct Rotary {
    /// [tokens, 1, head]
    cosine: Tensor,
    /// [tokens, 1, head], negative in the first half.
    sine: Tensor,
}

impl Rotary {
    fn new(positions: &Tensor, base: f64, head: usize) -> Self {
        let speeds: Vec<f32> =
            (0..head / 2).map(|i| base.powf(-2. * i as f64 / head as f64) as f32).collect();
        let angles = positions.unsqueeze(1) * Tensor::from_slice(&speeds);
        let (cosine, sine) = (angles.cos(), angles.sin());
        Rotary {
            cosine: Tensor::cat(&[&cosine, &cosine], 1).unsqueeze(1),
            sine: Tensor::cat(&[&sine.neg(), &sine], 1).unsqueeze(1),
        }
    }

    /// Turns [tokens, heads, head].
    pub fn turn(&self, x: &Tensor) -> Tensor {
        let half = self.cosine.size().last().map_or(0, |head| head / 2);
        x * &self.cosine + x.roll([half], [2]) * &self.sine
    }
}
