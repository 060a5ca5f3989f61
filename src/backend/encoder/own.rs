//! An encoder with norms of any epsilon and, for DeBERTa, with attention to distances.
//!
//! BERT: Devlin et al. 2019, <https://arxiv.org/abs/1810.04805>. Distances: He et al. 2021,
//! <https://arxiv.org/abs/2006.03654>, equations 2 to 4. Variables have the names of published weights, DeBERTa v1's
//! those of v2, see [`rename`].

use std::collections::HashMap;

use rust_bert::Activation;
use tch::nn::{self, Module};
use tch::{Device, Kind, Tensor};

use super::distance::{Distances, Places};
use crate::label_model::Config;

pub(super) struct OwnEncoder {
    words: nn::Embedding,
    positions: Option<nn::Embedding>,
    types: Option<nn::Embedding>,
    widen: Option<nn::Linear>,
    norm: nn::LayerNorm,
    distances: Option<Distances>,
    layers: Vec<Layer>,
    convolution: Option<Convolution>,
    first_position: i64,
    padding_position: i64,
}

/// Attention and two linear layers, each followed by addition and normalization.
struct Layer {
    heads: i64,
    /// How many scores are added up for two pieces: of their contents, and of distances.
    terms: i64,
    query: nn::Linear,
    key: nn::Linear,
    value: nn::Linear,
    /// Keys and queries of distances, where they have their own.
    distance_key: Option<nn::Linear>,
    distance_query: Option<nn::Linear>,
    mix: nn::Linear,
    mix_norm: nn::LayerNorm,
    inner: nn::Linear,
    activation: Activation,
    outer: nn::Linear,
    outer_norm: nn::LayerNorm,
}

/// What the large DeBERTa v2 has beside its first layer.
struct Convolution {
    convolution: nn::Conv1D,
    activation: Activation,
    norm: nn::LayerNorm,
}

impl OwnEncoder {
    pub(super) fn new(root: &nn::Path<'_>, config: &Config) -> Self {
        let (width, hidden) = (config.embedding_size(), config.hidden_size);
        let embeddings = root / "embeddings";
        let table = |name: &str, rows: i64| {
            nn::embedding(&embeddings / name, rows, width, nn::EmbeddingConfig::default())
        };
        let deberta = config.is_deberta();
        let positioned = !deberta || config.position_biased_input;
        let unbiased = nn::LinearConfig { bias: false, ..Default::default() };
        let encoder = root / "encoder";
        let layers = (0..config.num_hidden_layers)
            .map(|layer| Layer::new(&(&encoder / "layer" / layer), config))
            .collect();
        OwnEncoder {
            words: table("word_embeddings", config.vocab_size),
            positions: positioned.then(|| table("position_embeddings", config.max_position_embeddings)),
            types: (config.types() > 0).then(|| table("token_type_embeddings", config.types())),
            widen: (width != hidden).then(|| nn::linear(&embeddings / "embed_proj", width, hidden, unbiased)),
            norm: norm(&(&embeddings / "LayerNorm"), config),
            distances: (deberta && config.relative_attention).then(|| Distances::new(&encoder, config)),
            layers,
            convolution: (deberta && config.conv_kernel_size > 0)
                .then(|| Convolution::new(&(&encoder / "conv"), config)),
            first_position: config.first_position(),
            padding_position: (config.first_position() - 1).max(0),
        }
    }

    /// See [`Encoder::states`](super::family::Encoder::states).
    pub(super) fn states(&self, ids: &Tensor, mask: &Tensor) -> Tensor {
        let mut x = ids.apply(&self.words);
        if let Some(table) = &self.positions {
            let places = mask.cumsum(1, Kind::Int64) - 1 + self.first_position;
            // As in training, padding stands in a place of its own.
            let places = places.where_scalarother(&mask.to_kind(Kind::Bool), self.padding_position);
            x += places.apply(table);
        }
        if let Some(table) = &self.types {
            x += ids.zeros_like().apply(table);
        }
        if let Some(widen) = &self.widen {
            x = x.apply(widen);
        }
        let real = mask.unsqueeze(-1).to_kind(x.kind());
        x = self.norm.forward(&x) * &real;
        let hidden = mask.eq(0).unsqueeze(1).unsqueeze(1);
        let places = self.distances.as_ref().map(|distances| distances.places(&x));
        let start = x.shallow_clone();
        for (number, layer) in self.layers.iter().enumerate() {
            x = layer.forward(&x, &hidden, places.as_ref());
            if let Some(convolution) = self.convolution.as_ref().filter(|_| number == 0) {
                x = convolution.forward(&start, &x, &real);
            }
        }
        x
    }
}

fn norm(path: &nn::Path<'_>, config: &Config) -> nn::LayerNorm {
    let options = nn::LayerNormConfig { eps: config.epsilon(), ..Default::default() };
    nn::layer_norm(path, vec![config.hidden_size], options)
}

impl Layer {
    fn new(path: &nn::Path<'_>, config: &Config) -> Self {
        let hidden = config.hidden_size;
        let linear = |path: nn::Path<'_>, from, to| nn::linear(path, from, to, nn::LinearConfig::default());
        let attention = path / "attention";
        let own = &attention / "self";
        let deberta = config.is_deberta();
        let project = |name: &str| {
            let name = if deberta { format!("{name}_proj") } else { name.to_owned() };
            linear(&own / name, hidden, hidden)
        };
        let apart = deberta && config.relative_attention && !config.share_att_key;
        let distance = |name: &str, kind: &str| {
            (apart && config.attends(kind)).then(|| linear(&own / name, hidden, hidden))
        };
        Layer {
            heads: config.num_attention_heads,
            terms: 1 + ["c2p", "p2c"].into_iter().filter(|kind| deberta && config.attends(kind)).count()
                as i64,
            query: project("query"),
            key: project("key"),
            value: project("value"),
            distance_key: distance("pos_key_proj", "c2p"),
            distance_query: distance("pos_query_proj", "p2c"),
            mix: linear(&attention / "output" / "dense", hidden, hidden),
            mix_norm: norm(&(&attention / "output" / "LayerNorm"), config),
            inner: linear(path / "intermediate" / "dense", hidden, config.intermediate_size),
            activation: super::activation(config.activation()),
            outer: linear(path / "output" / "dense", config.intermediate_size, hidden),
            outer_norm: norm(&(path / "output" / "LayerNorm"), config),
        }
    }

    /// `x`: [inputs, pieces, hidden]; `hidden`: true where a piece must not be seen, [inputs, 1, 1, pieces].
    fn forward(&self, x: &Tensor, hidden: &Tensor, places: Option<&Places>) -> Tensor {
        let split = |t: &Tensor| {
            let [inputs, pieces, width] = size(t);
            t.view([inputs, pieces, self.heads, width / self.heads]).transpose(1, 2)
        };
        let [query, key, value] = [&self.query, &self.key, &self.value].map(|layer| split(&x.apply(layer)));
        let mut scores = query.matmul(&key.transpose(2, 3));
        if let Some(places) = places {
            let table = places.table.unsqueeze(0);
            if places.from_content {
                let keys = split(&table.apply(self.distance_key.as_ref().unwrap_or(&self.key)));
                scores += places.to_distance(&query.matmul(&keys.transpose(2, 3)));
            }
            if places.from_distance {
                let queries = split(&table.apply(self.distance_query.as_ref().unwrap_or(&self.query)));
                scores += places.of_distance(&key.matmul(&queries.transpose(2, 3)));
            }
        }
        let [inputs, pieces, width] = size(x);
        let scale = ((width / self.heads * self.terms) as f64).sqrt();
        let weights = (scores / scale).masked_fill(hidden, f64::NEG_INFINITY).softmax(-1, x.kind());
        let mixed = weights.matmul(&value).transpose(1, 2).reshape([inputs, pieces, width]);
        let x = self.mix_norm.forward(&(mixed.apply(&self.mix) + x));
        let inner = self.activation.get_function().get_fn()(&x.apply(&self.inner));
        self.outer_norm.forward(&(inner.apply(&self.outer) + x))
    }
}

/// Gives the tensors of a DeBERTa v1 the names and forms that v2 has: there, queries, keys and values have a matrix
/// each, here they take turns in one, head by head.
///
/// # Errors
/// A sentence that names the tensor that is missing or has another shape.
pub(super) fn rename(tensors: &mut HashMap<String, Tensor>, config: &Config) -> Result<(), String> {
    let (hidden, heads) = (config.hidden_size, config.num_attention_heads);
    for layer in 0..config.num_hidden_layers {
        let full = |part: &str| format!("deberta.encoder.layer.{layer}.attention.self.{part}");
        let take = |part: &str, size: &[i64]| {
            let name = full(part);
            let tensor = tensors.get(&name).ok_or_else(|| format!("tensor {name} is missing"))?;
            if tensor.size() != size {
                return Err(format!("{name} has shape {:?}; config.json asks for {size:?}", tensor.size()));
            }
            Ok(tensor.shallow_clone())
        };
        let none = Tensor::zeros([hidden], (Kind::Float, Device::Cpu));
        let turns = take("in_proj.weight", &[3 * hidden, hidden])?.view([heads, 3, hidden / heads, hidden]);
        let matrix = |turn: i64| turns.select(1, turn).reshape([hidden, hidden]);
        let mut named = vec![
            ("query_proj.weight", matrix(0)),
            ("query_proj.bias", take("q_bias", &[hidden])?),
            ("key_proj.weight", matrix(1)),
            ("key_proj.bias", none.shallow_clone()),
            ("value_proj.weight", matrix(2)),
            ("value_proj.bias", take("v_bias", &[hidden])?),
        ];
        if config.relative_attention && config.attends("c2p") {
            named.push(("pos_key_proj.weight", take("pos_proj.weight", &[hidden, hidden])?));
            named.push(("pos_key_proj.bias", none));
        }
        if config.relative_attention && config.attends("p2c") {
            named.push(("pos_query_proj.weight", take("pos_q_proj.weight", &[hidden, hidden])?));
            named.push(("pos_query_proj.bias", take("pos_q_proj.bias", &[hidden])?));
        }
        tensors.extend(named.into_iter().map(|(part, tensor)| (full(part), tensor)));
    }
    Ok(())
}

/// The three sizes of a tensor that has three.
fn size(t: &Tensor) -> [i64; 3] {
    <[i64; 3]>::try_from(t.size()).unwrap_or_default()
}

impl Convolution {
    fn new(path: &nn::Path<'_>, config: &Config) -> Self {
        let (hidden, kernel) = (config.hidden_size, config.conv_kernel_size);
        let options =
            nn::ConvConfig { padding: (kernel - 1) / 2, groups: config.conv_groups, ..Default::default() };
        Convolution {
            convolution: nn::conv1d(path / "conv", hidden, hidden, kernel, options),
            activation: super::activation(config.conv_activation()),
            norm: norm(&(path / "LayerNorm"), config),
        }
    }

    /// `start` went into the first layer, `x` came out of it; `real`: 1 for pieces, 0 for padding.
    fn forward(&self, start: &Tensor, x: &Tensor, real: &Tensor) -> Tensor {
        let seen = start.transpose(1, 2).apply(&self.convolution).transpose(1, 2) * real;
        self.norm.forward(&(self.activation.get_function().get_fn()(&seen) + x)) * real
    }
}
