//! BERT with a label head over its last layer, run by rust-bert.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::path::Path;

use ndarray::Array2;
use rust_bert::bert::{BertConfig, BertEmbeddings, BertModel};
use rust_bert::Activation;
use serde::Deserialize;
use tch::{nn, Device, Kind, Tensor};

use super::guarded;
use super::salience::SalienceHead;
use super::weights::Weights;
use crate::error::{Error, Result};
use crate::ner::RecognizerOptions;
use crate::progress::Stage;

/// What `config.json` of a published BERT for token classification says.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Config {
    model_type: String,
    vocab_size: i64,
    hidden_size: i64,
    num_hidden_layers: i64,
    num_attention_heads: i64,
    intermediate_size: i64,
    hidden_act: Activation,
    max_position_embeddings: i64,
    type_vocab_size: i64,
    #[serde(default = "usual_epsilon")]
    layer_norm_eps: f64,
    #[serde(default)]
    pad_token_id: i64,
    /// Labels by their number.
    pub(crate) id2label: BTreeMap<usize, String>,
    /// What training found out about using the model.
    #[serde(default)]
    pub(crate) intisari: Settings,
}

/// Settings that belong to the weights, under `intisari` in `config.json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    /// Scores are divided by this before probabilities are taken.
    pub(crate) temperature: f32,
    /// Most pieces in a window, special ones not counted.
    pub(crate) window_pieces: usize,
    /// Most sentences in a window.
    pub(crate) window_sentences: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { temperature: 1.0, window_pieces: 254, window_sentences: 1 }
    }
}

fn usual_epsilon() -> f64 {
    1e-12
}

impl Config {
    /// Reads and checks the file.
    ///
    /// # Errors
    /// [`Error::ModelInvalid`] naming the field at fault.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let invalid = |message: String| Error::ModelInvalid {
            path: path.to_owned(),
            message,
            fix: "use a folder of a BERT for token classification as published".to_owned(),
        };
        let text = std::fs::read_to_string(path).map_err(|source| Error::io(path, source))?;
        let config: Config = serde_json::from_str(&text).map_err(|error| invalid(error.to_string()))?;
        let sizes = [
            ("vocab_size", config.vocab_size),
            ("hidden_size", config.hidden_size),
            ("num_hidden_layers", config.num_hidden_layers),
            ("num_attention_heads", config.num_attention_heads),
            ("intermediate_size", config.intermediate_size),
            ("type_vocab_size", config.type_vocab_size),
        ];
        if let Some((field, size)) = sizes.into_iter().find(|&(_, size)| size < 1) {
            return Err(invalid(format!("{field} is {size}")));
        }
        if config.model_type != "bert" {
            return Err(invalid(format!("model_type is `{}`, not `bert`", config.model_type)));
        }
        if config.hidden_size % config.num_attention_heads != 0 {
            return Err(invalid("hidden_size is no multiple of num_attention_heads".to_owned()));
        }
        if config.max_position_embeddings < 4 {
            return Err(invalid(format!("max_position_embeddings is {}", config.max_position_embeddings)));
        }
        // rust-bert has it built in.
        if (config.layer_norm_eps - usual_epsilon()).abs() > 1e-13 {
            return Err(invalid(format!(
                "layer_norm_eps is {}, only 1e-12 is supported",
                config.layer_norm_eps
            )));
        }
        let Settings { temperature, window_pieces, window_sentences } = config.intisari;
        if !(temperature.is_finite() && temperature > 0.0) {
            return Err(invalid(format!("intisari.temperature is {temperature}")));
        }
        if window_pieces < 2 || window_sentences < 1 {
            return Err(invalid(format!(
                "intisari.window_pieces is {window_pieces}, intisari.window_sentences {window_sentences}"
            )));
        }
        Ok(config)
    }

    /// Most pieces of an input, special ones included.
    pub(crate) fn positions(&self) -> usize {
        usize::try_from(self.max_position_embeddings).unwrap_or_default()
    }

    /// How many pieces the model knows.
    pub(crate) fn vocabulary(&self) -> usize {
        usize::try_from(self.vocab_size).unwrap_or_default()
    }

    fn for_engine(&self) -> BertConfig {
        BertConfig {
            hidden_act: self.hidden_act,
            attention_probs_dropout_prob: 0.0,
            hidden_dropout_prob: 0.0,
            hidden_size: self.hidden_size,
            initializer_range: 0.02,
            intermediate_size: self.intermediate_size,
            max_position_embeddings: self.max_position_embeddings,
            num_attention_heads: self.num_attention_heads,
            num_hidden_layers: self.num_hidden_layers,
            type_vocab_size: self.type_vocab_size,
            vocab_size: self.vocab_size,
            output_attentions: None,
            output_hidden_states: None,
            is_decoder: None,
            id2label: None,
            label2id: None,
        }
    }
}

/// An input: the pieces of a window, special ones included, and where its sentences lie among them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Input {
    pub(crate) ids: Vec<i64>,
    pub(crate) sentences: Vec<Range<usize>>,
}

/// What the model makes of an [`Input`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Output {
    /// Label scores, [pieces, labels], before softmax.
    pub(crate) scores: Array2<f32>,
    /// For each sentence the mean of its pieces' last states; empty where the model has no salience head.
    pub(crate) means: Vec<Vec<f32>>,
}

/// The model: `bert.*`, `classifier.*`, and `salience.*` where there is such a head.
pub(crate) struct LabelModel {
    bert: BertModel<BertEmbeddings>,
    classifier: nn::Linear,
    salience: Option<SalienceHead>,
    labels: usize,
    hidden: usize,
    padding: i64,
    device: Device,
    // Owns the weights.
    _variables: nn::VarStore,
}

impl LabelModel {
    /// The model of `config` with the weights in `folder`.
    ///
    /// # Errors
    /// [`Error::ModelInvalid`] naming the tensor at fault; [`Error::Config`] for a device that is not there.
    pub(crate) fn load(config: &Config, folder: &Path, options: &RecognizerOptions) -> Result<Self> {
        let (device, kind) = (options.device.open()?, options.precision.float()?);
        guarded(Stage::Entities, || Self::new(config, &Weights::read(folder)?, device, kind))
    }

    fn new(config: &Config, weights: &Weights, device: Device, kind: Kind) -> Result<Self> {
        let labels = config.id2label.len();
        let mut variables = nn::VarStore::new(device);
        let root = variables.root();
        let bert = BertModel::new_with_optional_pooler(&root / "bert", &config.for_engine(), false);
        let rows = i64::try_from(labels).unwrap_or(i64::MAX);
        let classifier =
            nn::linear(&root / "classifier", config.hidden_size, rows, nn::LinearConfig::default());
        weights.fill(&variables, |_| false)?;
        variables.freeze();
        variables.set_kind(kind);
        let salience = SalienceHead::load(weights, device)?;
        let hidden = usize::try_from(config.hidden_size).unwrap_or_default();
        let padding = config.pad_token_id;
        Ok(LabelModel { bert, classifier, salience, labels, hidden, padding, device, _variables: variables })
    }

    /// Length of a piece's state.
    pub(crate) fn hidden(&self) -> usize {
        self.hidden
    }

    /// The salience head, where the model has one.
    pub(crate) fn salience(&self) -> Option<&SalienceHead> {
        self.salience.as_ref()
    }

    /// Runs the inputs in one batch. An output does not depend on the other inputs, up to rounding.
    ///
    /// # Errors
    /// [`Error::Backend`] where the engine fails.
    pub(crate) fn run(&self, inputs: &[Input]) -> Result<Vec<Output>> {
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
        let states = self
            .bert
            .forward_t(Some(&ids), Some(&mask), None, None, None, None, None, false)
            .map_err(|error| engine(error.to_string()))?
            .hidden_state;
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

fn values(tensor: &Tensor) -> Result<Vec<f32>> {
    let flat = tensor.to_kind(Kind::Float).flatten(0, -1).to_device(Device::Cpu);
    Vec::try_from(flat).map_err(|error: tch::TchError| engine(error.to_string()))
}

impl fmt::Debug for LabelModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LabelModel")
            .field("labels", &self.labels)
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}

fn engine(message: String) -> Error {
    Error::Backend { stage: Stage::Entities, message }
}
