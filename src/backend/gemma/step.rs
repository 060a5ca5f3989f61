//! What one pass through the decoder needs besides weights: ids, places, angles, masks.

use tch::{Kind, Tensor};

use super::cache::Cache;
use super::config::{Attention, Config};

/// Added to the scores of keys that must not be seen. Finite, since a block of nothing but infinities gives NaN.
const UNSEEN: f64 = -1e30;

/// New tokens for some neighboring rows of a [`Cache`], put one after another without padding.
#[derive(Debug)]
pub(crate) struct Step {
    /// Ids of the tokens, [tokens].
    pub ids: Tensor,
    /// Where in the cache they go, [tokens].
    pub places: Tensor,
    /// Index of the last token of each row, [rows].
    pub last: Tensor,
    /// First row of the cache that takes part.
    pub first: i64,
    /// Rows that take part.
    pub rows: i64,
    /// Places of the longest row that are filled after this step.
    pub width: i64,
    /// Tokens of the row with most new ones.
    longest: i64,
    /// For each token its index in a [rows, longest] table; `None` where each row has one.
    padded: Option<Tensor>,
    full: View,
    window: View,
}

/// What differs between layers with and without a window.
#[derive(Debug)]
struct View {
    rotary: Rotary,
    /// Added to the scores, [rows, 1, heads per key head * longest, width].
    mask: Tensor,
}

impl Step {
    /// Appends `chunks` to the rows from `first` on, which hold `lengths` tokens.
    pub fn new(config: &Config, cache: &Cache, first: usize, lengths: &[usize], chunks: &[&[u32]]) -> Self {
        let longest = chunks.iter().map(|chunk| chunk.len()).max().unwrap_or(0);
        let (mut ids, mut places, mut positions) = (Vec::new(), Vec::new(), Vec::new());
        let (mut last, mut padded, mut table) = (Vec::new(), Vec::new(), vec![0i64; chunks.len() * longest]);
        let mut width = 0;
        let rows = lengths.iter().zip(chunks).zip(table.chunks_mut(longest.max(1)));
        for (row, ((&length, chunk), table)) in rows.enumerate() {
            for ((offset, &id), cell) in chunk.iter().enumerate().zip(table) {
                ids.push(i64::from(id));
                places.push(cache.place(first + row, length + offset));
                positions.push((length + offset) as f32);
                padded.push((row * longest + offset) as i64);
                *cell = (length + offset) as i64;
            }
            last.push(ids.len() as i64 - 1);
            width = width.max(length + chunk.len());
        }
        let positions = Tensor::from_slice(&positions);
        let table = Tensor::from_slice(&table).view([chunks.len() as i64, longest as i64, 1]);
        let view = |attention| View {
            rotary: Rotary::new(&positions, config.base(attention), config.head),
            mask: mask(config, attention, &table, width),
        };
        Step {
            ids: Tensor::from_slice(&ids),
            places: Tensor::from_slice(&places),
            last: Tensor::from_slice(&last),
            first: first as i64,
            rows: chunks.len() as i64,
            width: width as i64,
            longest: longest as i64,
            padded: (longest > 1).then(|| Tensor::from_slice(&padded)),
            full: view(Attention::Full),
            window: view(Attention::Window),
        }
    }

    fn view(&self, attention: Attention) -> &View {
        match attention {
            Attention::Full => &self.full,
            Attention::Window => &self.window,
        }
    }

    /// Whether each row has one new token.
    pub fn is_single(&self) -> bool {
        self.padded.is_none()
    }

    /// The angles by which queries and keys are turned.
    pub fn rotary(&self, attention: Attention) -> &Rotary {
        &self.view(attention).rotary
    }

    /// What is added to the scores.
    pub fn mask(&self, attention: Attention) -> &Tensor {
        &self.view(attention).mask
    }

    /// Queries [tokens, heads, head] as [rows, kv_heads, heads / kv_heads * longest, head]: the heads that share a key
    /// head stand below one another, so that keys need not be repeated.
    pub fn spread(&self, query: &Tensor, config: &Config) -> Tensor {
        let [heads, kv_heads, head] = sizes(config);
        let table = match &self.padded {
            None => query.shallow_clone(),
            Some(cells) => {
                let empty =
                    query.new_zeros([self.rows * self.longest, heads, head], (query.kind(), query.device()));
                empty.index_copy(0, cells, query)
            }
        };
        table
            .view([self.rows, self.longest, kv_heads, heads / kv_heads, head])
            .permute([0, 2, 3, 1, 4])
            .reshape([self.rows, kv_heads, heads / kv_heads * self.longest, head])
    }

    /// The reverse of [`Step::spread`], as [tokens, heads * head].
    pub fn gather(&self, attended: &Tensor, config: &Config) -> Tensor {
        let [heads, kv_heads, head] = sizes(config);
        let table = attended
            .reshape([self.rows, kv_heads, heads / kv_heads, self.longest, head])
            .permute([0, 3, 1, 2, 4])
            .reshape([self.rows * self.longest, heads * head]);
        match &self.padded {
            None => table,
            Some(cells) => table.index_select(0, cells),
        }
    }
}

fn sizes(config: &Config) -> [i64; 3] {
    [config.heads as i64, config.kv_heads as i64, config.head as i64]
}

/// `table` [rows, longest, 1] holds the position of each query.
fn mask(config: &Config, attention: Attention, table: &Tensor, width: usize) -> Tensor {
    let keys = Tensor::arange(width as i64, (Kind::Int64, table.device()));
    let mut unseen = keys.gt_tensor(table);
    if attention == Attention::Window && width > config.window {
        unseen = unseen.logical_or(&keys.le_tensor(&(table - config.window as i64)));
    }
    let group = (config.heads / config.kv_heads) as i64;
    let mask = (unseen.to_kind(Kind::Float) * UNSEEN).unsqueeze(1).unsqueeze(1);
    mask.expand([-1, -1, group, -1, -1], false).flatten(2, 3)
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
