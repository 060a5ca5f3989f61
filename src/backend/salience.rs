//! The head that says how much each sentence of an article is worth telling.

use tch::nn::{self, Module};
use tch::{Device, Kind, Tensor};

use super::guarded;
use super::weights::Weights;
use crate::error::{Error, Result};
use crate::label_model::place;
use crate::progress::Stage;

/// Attention heads of a block; the weights do not tell.
const HEADS: i64 = 4;
const PREFIX: &str = "salience";

/// Two or so attention layers over the sentences of one article, above the encoder; see `training/encoder/salience.py`.
#[derive(Debug)]
pub(crate) struct SalienceHead {
    project: nn::Linear,
    feature: nn::Linear,
    place: nn::Embedding,
    blocks: Vec<Block>,
    score: nn::Linear,
    hidden: i64,
    places: i64,
    device: Device,
    // Owns the weights.
    _variables: nn::VarStore,
}

/// Attention and two linear layers, each followed by addition and normalization.
#[derive(Debug)]
struct Block {
    width: i64,
    query: nn::Linear,
    key: nn::Linear,
    value: nn::Linear,
    mix: nn::Linear,
    mix_norm: nn::LayerNorm,
    inner: nn::Linear,
    outer: nn::Linear,
    inner_norm: nn::LayerNorm,
}

impl Block {
    fn new(path: &nn::Path<'_>, width: i64, inner: i64) -> Self {
        let linear = |name: &str, from, to| nn::linear(path / name, from, to, nn::LinearConfig::default());
        let norm = |name: &str| nn::layer_norm(path / name, vec![width], nn::LayerNormConfig::default());
        Block {
            width,
            query: linear("query", width, width),
            key: linear("key", width, width),
            value: linear("value", width, width),
            mix: linear("mix", width, width),
            mix_norm: norm("mix_norm"),
            inner: linear("inner", width, inner),
            outer: linear("outer", inner, width),
            inner_norm: norm("inner_norm"),
        }
    }

    /// `x`: [sentences, width], as is the result.
    fn forward(&self, x: &Tensor) -> Tensor {
        let size = self.width / HEADS;
        let split = |t: Tensor| t.view((-1, HEADS, size)).transpose(0, 1);
        let (query, key, value) =
            (split(x.apply(&self.query)), split(x.apply(&self.key)), split(x.apply(&self.value)));
        let attention = (query.matmul(&key.transpose(1, 2)) / (size as f64).sqrt()).softmax(-1, Kind::Float);
        let mixed = attention.matmul(&value).transpose(0, 1).reshape([-1, self.width]);
        let x = self.mix_norm.forward(&(x + mixed.apply(&self.mix)));
        let inner = x.apply(&self.inner).gelu("none").apply(&self.outer);
        self.inner_norm.forward(&(x + inner))
    }
}

impl SalienceHead {
    /// The head among the tensors of a model; `None` where there is none.
    ///
    /// # Errors
    /// [`Error::ModelInvalid`] naming the tensor at fault.
    pub(crate) fn load(weights: &Weights, device: Device) -> Result<Option<Self>> {
        let size = |name: &str, axis: usize| {
            let size = weights.get(&format!("{PREFIX}.{name}"))?.size().get(axis).copied();
            size.filter(|&size| size > 0)
        };
        let sizes = (
            size("project.weight", 1),
            size("project.weight", 0),
            size("place.weight", 0),
            size("block.0.inner.weight", 0),
        );
        let (Some(hidden), Some(width), Some(places), Some(inner)) = sizes else {
            return Ok(None);
        };
        if width % HEADS != 0 {
            return Err(Error::ModelInvalid {
                path: weights.path.clone(),
                message: format!("{PREFIX}.project.weight has {width} rows, no multiple of {HEADS}"),
                fix: "fetch or export the file again".to_owned(),
            });
        }
        guarded(Stage::Entities, || {
            let mut variables = nn::VarStore::new(device);
            let root = &variables.root() / PREFIX;
            let linear =
                |name: &str, from, to| nn::linear(&root / name, from, to, nn::LinearConfig::default());
            let layers = (0..).take_while(|layer| size(&format!("block.{layer}.inner.weight"), 0).is_some());
            let (project, feature) = (linear("project", hidden, width), linear("feature", 4, width));
            let place = nn::embedding(&root / "place", places, width, nn::EmbeddingConfig::default());
            let blocks = layers.map(|layer| Block::new(&(&root / "block" / layer), width, inner)).collect();
            let score = linear("score", width, 1);
            weights.fill(&variables, |_| false)?;
            variables.freeze();
            Ok(Some(SalienceHead {
                project,
                feature,
                place,
                blocks,
                score,
                hidden,
                places,
                device,
                _variables: variables,
            }))
        })
    }

    /// One score per sentence of an article, higher is more worth telling.
    ///
    /// `vectors`: for each sentence the mean of its pieces' states; `lengths`: how many pieces it has.
    ///
    /// # Errors
    /// [`Error::Backend`] where the engine fails.
    pub(crate) fn scores(&self, vectors: &[Vec<f32>], lengths: &[usize]) -> Result<Vec<f32>> {
        if vectors.is_empty() {
            return Ok(Vec::new());
        }
        guarded(Stage::Entities, || tch::no_grad(|| self.forward(vectors, lengths)))
    }

    fn forward(&self, vectors: &[Vec<f32>], lengths: &[usize]) -> Result<Vec<f32>> {
        let count = vectors.len() as i64;
        let states = Tensor::from_slice(&vectors.concat()).view((count, self.hidden)).to_device(self.device);
        let features: Vec<f32> = lengths
            .iter()
            .enumerate()
            .flat_map(|(index, &length)| place(index, vectors.len(), length))
            .collect();
        let features = Tensor::from_slice(&features).view((count, 4)).to_device(self.device);
        let rows = Tensor::arange(count, (Kind::Int64, self.device)).clamp_max(self.places - 1);
        let mut x = states.apply(&self.project) + features.apply(&self.feature) + rows.apply(&self.place);
        for block in &self.blocks {
            x = block.forward(&x);
        }
        let scores = x.apply(&self.score).flatten(0, -1).to_device(Device::Cpu);
        Vec::try_from(scores).map_err(|error: tch::TchError| Error::Backend {
            stage: Stage::Entities,
            message: error.to_string(),
        })
    }
}
