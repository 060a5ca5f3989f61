//! The vectors of distances between pieces, and which of them stands between any two pieces.

use tch::nn::{self, Module};
use tch::{Device, Kind, Tensor};

use crate::label_model::Config;

/// A vector for every distance from `-span` to `span - 1`.
pub(super) struct Distances {
    table: nn::Embedding,
    norm: Option<nn::LayerNorm>,
    span: i64,
    buckets: i64,
    most: i64,
    from_content: bool,
    from_distance: bool,
}

/// The distances in an input of some length.
pub(super) struct Places {
    /// The vectors, [2 · span, hidden].
    pub(super) table: Tensor,
    /// For two pieces the row of the distance from the second to the first, [pieces, pieces].
    rows: Tensor,
    /// The same with the distance turned round.
    turned: Tensor,
    /// Whether content looks at distances (`c2p`), and distances at content (`p2c`).
    pub(super) from_content: bool,
    pub(super) from_distance: bool,
}

impl Distances {
    pub(super) fn new(path: &nn::Path<'_>, config: &Config) -> Self {
        let most = config.distances();
        let span = if config.buckets() > 0 { config.buckets() } else { most };
        let hidden = config.hidden_size;
        let options = nn::LayerNormConfig { eps: config.epsilon(), ..Default::default() };
        Distances {
            table: nn::embedding(path / "rel_embeddings", 2 * span, hidden, nn::EmbeddingConfig::default()),
            norm: config.norms_distances().then(|| nn::layer_norm(path / "LayerNorm", vec![hidden], options)),
            span,
            buckets: config.buckets(),
            most,
            from_content: config.attends("c2p"),
            from_distance: config.attends("p2c"),
        }
    }

    /// Those among the pieces of `x`, [inputs, pieces, hidden].
    pub(super) fn places(&self, x: &Tensor) -> Places {
        let pieces = x.size().get(1).copied().unwrap_or_default();
        let places = Tensor::arange(pieces, (Kind::Int64, Device::Cpu));
        let mut distance = places.unsqueeze(1) - places.unsqueeze(0);
        if self.buckets > 0 {
            distance = bucketed(&distance, self.buckets, self.most);
        }
        let row =
            |distance: &Tensor| (distance + self.span).clamp(0, 2 * self.span - 1).to_device(x.device());
        let table = &self.table.ws;
        Places {
            table: self.norm.as_ref().map_or_else(|| table.shallow_clone(), |norm| norm.forward(table)),
            rows: row(&distance),
            turned: row(&-&distance),
            from_content: self.from_content,
            from_distance: self.from_distance,
        }
    }
}

/// Distances with those beyond half of the buckets put together, ever more of them to a bucket.
fn bucketed(distance: &Tensor, buckets: i64, most: i64) -> Tensor {
    let middle = buckets / 2;
    let length = distance.abs().clamp_min(middle);
    // In f32 and in this order, as in training: rounding decides at the borders.
    let reach = Tensor::from(((most - 1) as f64 / middle as f64) as f32).log();
    let step = ((length / middle).to_kind(Kind::Float).log() / reach * (middle - 1)).ceil() + middle;
    let far = (step * distance.sign()).to_kind(Kind::Int64);
    distance.where_self(&distance.abs().le(middle), &far)
}

impl Places {
    /// From scores against every vector, [inputs, heads, pieces, 2 · span], those of each piece's distances to all
    /// pieces, [inputs, heads, pieces, pieces].
    pub(super) fn to_distance(&self, scores: &Tensor) -> Tensor {
        gather(scores, &self.rows)
    }

    /// The same from the keys' side.
    pub(super) fn of_distance(&self, scores: &Tensor) -> Tensor {
        gather(scores, &self.turned).transpose(2, 3)
    }
}

fn gather(scores: &Tensor, rows: &Tensor) -> Tensor {
    let mut size = scores.size();
    size.truncate(2);
    size.extend(rows.size());
    scores.gather(-1, &rows.expand(size, false), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_distances_stand_alone_and_far_ones_together() {
        let distances = [-600i64, -511, -65, -5, -4, 0, 4, 5, 6, 7, 8, 30, 511];
        let found: Vec<i64> = Vec::try_from(bucketed(&Tensor::from_slice(&distances), 8, 64)).unwrap();
        // ceil(ln(d / 4) / ln(63 / 4) · 3) + 4 for d above 4: 5 to 10 are one step away, 11 to 25 two, 26 to 63 three.
        assert_eq!(found, [-10, -10, -8, -5, -4, 0, 4, 5, 5, 5, 5, 7, 10]);
    }
}
