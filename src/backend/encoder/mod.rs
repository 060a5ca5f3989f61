//! Encoders with a label head over their last layer.

mod distance;
mod family;
mod own;
#[cfg(test)]
mod pipelines;
#[cfg(test)]
mod traps;

use std::fmt;
use std::path::Path;

use ndarray::Array2;
use tch::{nn, Device, Kind, Tensor};

use super::guarded;
use super::salience::SalienceHead;
use super::weights::Weights;
use crate::compute::{self, Precision};
use crate::error::{Error, Result};
use crate::label_model::{Config, Family, Input, LabelModel, Output};
use crate::progress::Stage;
use family::{is_unused, Encoder};

/// The model: the encoder under its family's name, `classifier.*`, and `salience.*` where there is such a head.
pub(crate) struct TorchEncoder {
    encoder: Encoder,
    classifier: nn::Linear,
    salience: Option<SalienceHead>,
    labels: usize,
    hidden: usize,
    padding: i64,
    device: Device,
    kind: Kind,
    // Owns the weights.
    _variables: nn::VarStore,
}

impl TorchEncoder {
    /// The model of `config` with the weights in `folder`.
    ///
    /// # Errors
    /// [`Error::ModelInvalid`] naming the tensor at fault; [`Error::Config`] for a device that is not there.
    pub(crate) fn load(
        config: &Config,
        folder: &Path,
        device: compute::Device,
        precision: Precision,
    ) -> Result<Self> {
        let (device, kind) = (device.open()?, precision.float()?);
        guarded(Stage::Entities, || {
            let mut weights = Weights::read(folder)?;
            if config.family() == Family::Deberta {
                own::rename(&mut weights.tensors, config).map_err(|message| Error::ModelInvalid {
                    path: weights.path.clone(),
                    message,
                    fix: "check that config.json and the weights belong together".to_owned(),
                })?;
            }
            Self::new(config, &weights, device, kind)
        })
    }

    fn new(config: &Config, weights: &Weights, device: Device, kind: Kind) -> Result<Self> {
        let labels = config.id2label.len();
        let mut variables = nn::VarStore::new(device);
        let root = variables.root();
        let encoder = Encoder::new(&root, config);
        let rows = i64::try_from(labels).unwrap_or(i64::MAX);
        let classifier =
            nn::linear(&root / "classifier", config.hidden_size, rows, nn::LinearConfig::default());
        weights.fill(&variables, is_unused)?;
        variables.freeze();
        variables.set_kind(kind);
        let salience = SalienceHead::load(weights, device)?;
        let hidden = usize::try_from(config.hidden_size).unwrap_or_default();
        let padding = config.padding();
        Ok(TorchEncoder {
            encoder,
            classifier,
            salience,
            labels,
            hidden,
            padding,
            device,
            kind,
            _variables: variables,
        })
    }

    /// Label scores of all pieces, padding included, and the means of all sentences.
    fn forward(&self, inputs: &[Input], length: usize) -> Result<(Vec<f32>, Vec<f32>)> {
        let filled = |value: fn(i64) -> i64, filler: i64| {
            let rows = inputs.iter().flat_map(|Input { ids, .. }| {
                ids.iter().map(move |&id| value(id)).chain(std::iter::repeat_n(filler, length - ids.len()))
            });
            let values: Vec<i64> = rows.collect();
            Tensor::from_slice(&values).view((inputs.len() as i64, length as i64)).to_device(self.device)
        };
        let (ids, mask) = (filled(|id| id, self.padding), filled(|_| 1, 0));
        let states =
            self.encoder.states(&ids, &mask, self.kind).map_err(|error| engine(error.to_string()))?;
        let scores = values(&states.apply(&self.classifier))?;
        let mut means = Vec::new();
        if self.salience.is_some() {
            for (row, input) in inputs.iter().enumerate() {
                let states = states.select(0, row as i64);
                for sentence in &input.sentences {
                    let pieces = states.narrow(0, sentence.start as i64, sentence.len() as i64);
                    means.push(pieces.mean_dim(0, false, Kind::Float));
                }
            }
        }
        let means = if means.is_empty() { Vec::new() } else { values(&Tensor::stack(&means, 0))? };
        Ok((scores, means))
    }
}

impl LabelModel for TorchEncoder {
    fn hidden(&self) -> usize {
        self.hidden
    }

    fn run(&self, inputs: &[Input]) -> Result<Vec<Output>> {
        let length = inputs.iter().map(|input| input.ids.len()).max().unwrap_or_default();
        if length == 0 {
            let nothing = |_| Output { scores: Array2::zeros((0, self.labels)), means: Vec::new() };
            return Ok(inputs.iter().map(nothing).collect());
        }
        let (scores, means) = guarded(Stage::Entities, || tch::no_grad(|| self.forward(inputs, length)))?;
        let mut means = means.chunks(self.hidden).map(<[f32]>::to_vec);
        let outputs = inputs.iter().zip(scores.chunks(length * self.labels)).map(|(input, scores)| {
            let real = scores.iter().take(input.ids.len() * self.labels).copied().collect();
            let scores = Array2::from_shape_vec((input.ids.len(), self.labels), real)?;
            Ok(Output { scores, means: means.by_ref().take(input.sentences.len()).collect() })
        });
        outputs.collect::<Result<_, ndarray::ShapeError>>().map_err(|error| engine(error.to_string()))
    }

    fn salience(&self, vectors: &[Vec<f32>], lengths: &[usize]) -> Result<Option<Vec<f32>>> {
        self.salience.as_ref().map(|head| head.scores(vectors, lengths)).transpose()
    }
}

/// rust-bert's name of an activation.
fn activation(activation: crate::label_model::Activation) -> rust_bert::Activation {
    use crate::label_model::Activation::{Gelu, GeluNew, Mish, Relu, Swish, Tanh};
    match activation {
        Gelu => rust_bert::Activation::gelu,
        GeluNew => rust_bert::Activation::gelu_new,
        Relu => rust_bert::Activation::relu,
        Swish => rust_bert::Activation::swish,
        Mish => rust_bert::Activation::mish,
        Tanh => rust_bert::Activation::tanh,
    }
}

fn values(tensor: &Tensor) -> Result<Vec<f32>> {
    let flat = tensor.to_kind(Kind::Float).flatten(0, -1).to_device(Device::Cpu);
    Vec::try_from(flat).map_err(|error: tch::TchError| engine(error.to_string()))
}

impl fmt::Debug for TorchEncoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TorchEncoder")
            .field("labels", &self.labels)
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}

fn engine(message: String) -> Error {
    Error::Backend { stage: Stage::Entities, message }
}
