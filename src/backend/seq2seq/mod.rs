//! Encoder-decoder networks, run by rust-bert: what the encoder makes of sources, and the decoder's steps over them.

mod config;
mod names;
mod pegasus;

use std::fmt;
use std::path::Path;

use rust_bert::bart::{self, BartForConditionalGeneration};
use rust_bert::longt5::LongT5ForConditionalGeneration;
use rust_bert::m2m_100::M2M100ForConditionalGeneration;
use rust_bert::marian::MarianForConditionalGeneration;
use rust_bert::mbart::MBartForConditionalGeneration;
use rust_bert::prophetnet::{self, ProphetNetForConditionalGeneration};
use rust_bert::t5::{self, T5ForConditionalGeneration};
use rust_bert::RustBertError;
use serde_json::Value;
use tch::{nn, Kind, Tensor};

use self::config::Config;
use self::pegasus::Pegasus;
use super::guarded;
use super::weights::Weights;
use crate::compute::{Device, Precision};
use crate::error::{Error, Result};
use crate::progress::Stage;
use crate::seq2seq::family::Family;
use crate::seq2seq::search::Decoder;
use crate::seq2seq::settings::invalid;

/// Keys and values of a network's layers for what was read so far: of its own text, and of the source.
type Layers<S> = Option<Vec<(Option<S>, Option<S>)>>;

enum Network {
    Bart(BartForConditionalGeneration),
    Marian(MarianForConditionalGeneration),
    Mbart(MBartForConditionalGeneration),
    M2m100(M2M100ForConditionalGeneration),
    Pegasus(Box<Pegasus>),
    T5(T5ForConditionalGeneration),
    LongT5(LongT5ForConditionalGeneration),
    ProphetNet(ProphetNetForConditionalGeneration),
}

/// A network with its weights.
pub(crate) struct Model {
    network: Network,
    /// What rust-bert's BART leaves out of its scores.
    bias: Option<Tensor>,
    vocabulary: usize,
    positions: usize,
    padding: i64,
    device: tch::Device,
    stage: Stage,
    // Owns the weights.
    _variables: nn::VarStore,
}

impl Model {
    /// The network that `fields`, read from `config`, describes, with the weights of `folder`.
    ///
    /// # Errors
    /// [`Error::ModelInvalid`] naming file and field or tensor; [`Error::Config`] where the device is missing.
    pub(crate) fn load(
        folder: &Path,
        fields: &Value,
        family: Family,
        (device, precision): (Device, Precision),
        stage: Stage,
    ) -> Result<Self> {
        let path = folder.join("config.json");
        let config = Config::new(fields, &path, family)?;
        let (device, kind) = (device.open()?, precision.float()?);
        guarded(stage, || {
            let mut weights = Weights::read(folder)?;
            let mut variables = nn::VarStore::new(device);
            let network = network(&variables, &config, family).map_err(|error| refused(stage, error))?;
            let positions = fields.get("max_position_embeddings").and_then(Value::as_i64).unwrap_or(0);
            names::complete(&mut weights.tensors, family, config.is_tied(), positions, config.width()?);
            variables.set_kind(kind);
            weights.fill(&variables, |_| false)?;
            variables.freeze();
            let bias = weights.get("final_logits_bias").filter(|_| family == Family::Bart);
            let vocabulary = config.vocabulary()?;
            if let Some(bias) = bias.filter(|bias| bias.size() != [1, vocabulary as i64]) {
                return Err(invalid(&weights.path, format!("final_logits_bias has shape {:?}", bias.size())));
            }
            Ok(Model {
                network,
                bias: bias.map(|bias| bias.to_kind(kind).to_device(device)),
                vocabulary,
                positions: config.positions()?,
                padding: config.padding()?,
                device,
                stage,
                _variables: variables,
            })
        })
    }

    /// How many pieces the network knows.
    pub(crate) fn vocabulary(&self) -> usize {
        self.vocabulary
    }

    /// Ids that a source or a text may have.
    pub(crate) fn positions(&self) -> usize {
        self.positions
    }

    /// Whether sources of different lengths can be read together. rust-bert's ProphetNet lets its decoder see padding.
    pub(crate) fn reads_mixed_lengths(&self) -> bool {
        !matches!(self.network, Network::ProphetNet(_))
    }

    /// Reads the sources, none of them empty.
    ///
    /// # Errors
    /// [`Error::Backend`] where the engine fails.
    pub(crate) fn read(&self, sources: &[&[u32]]) -> Result<Session<'_>> {
        let length = sources.iter().map(|ids| ids.len()).max().unwrap_or_default();
        let filled = |value: fn(u32) -> i64, filler: i64| {
            let rows = sources.iter().flat_map(|ids| {
                let padding = std::iter::repeat_n(filler, length - ids.len());
                ids.iter().map(move |&id| value(id)).chain(padding)
            });
            let values: Vec<i64> = rows.collect();
            Tensor::from_slice(&values).view((sources.len() as i64, length as i64)).to_device(self.device)
        };
        let (ids, mask) = (filled(i64::from, self.padding), filled(|_| 1, 0));
        let stage = self.stage;
        let states = guarded(stage, || {
            tch::no_grad(|| match &self.network {
                Network::Bart(network) => Ok(network.encode(&ids, Some(&mask))),
                Network::Marian(network) => Ok(network.encode(&ids, Some(&mask))),
                Network::Mbart(network) => Ok(network.encode(&ids, Some(&mask))),
                Network::M2m100(network) => Ok(network.encode(&ids, Some(&mask))),
                Network::Pegasus(network) => Ok(network.encode(&ids, &mask)),
                Network::T5(network) => Ok(network.encode(&ids, Some(&mask))),
                Network::LongT5(network) => Ok(network.encode(&ids, Some(&mask))),
                // There is no padding, and its mask would be taken for something else.
                Network::ProphetNet(network) => network.encode(Some(&ids), None, None),
            })
            .map_err(|error: RustBertError| refused(stage, error))
        })?;
        let cache = match &self.network {
            Network::T5(_) | Network::LongT5(_) => Cache::T5(None),
            Network::ProphetNet(_) => Cache::ProphetNet(None),
            _ => Cache::Bart(None),
        };
        Ok(Session { model: self, states, mask, cache, rows: sources.len() })
    }
}

fn network(variables: &nn::VarStore, config: &Config<'_>, family: Family) -> Result<Network, Refused> {
    let root = variables.root();
    Ok(match family {
        Family::Bart => Network::Bart(BartForConditionalGeneration::new(&root, &config.bart()?)),
        Family::Marian => Network::Marian(MarianForConditionalGeneration::new(&root, &config.bart()?)),
        Family::Mbart => Network::Mbart(MBartForConditionalGeneration::new(&root, &config.mbart()?)),
        Family::M2m100 => Network::M2m100(M2M100ForConditionalGeneration::new(&root, &config.mbart()?)),
        Family::T5 | Family::Mt5 => Network::T5(T5ForConditionalGeneration::new(&root, &config.t5()?)),
        Family::LongT5 => Network::LongT5(LongT5ForConditionalGeneration::new(&root, &config.longt5()?)),
        Family::ProphetNet => {
            Network::ProphetNet(ProphetNetForConditionalGeneration::new(&root, &config.prophetnet()?)?)
        }
        Family::Pegasus => Network::Pegasus(Box::new(Pegasus::new(&root, &config.mbart()?))),
    })
}

/// An error of this crate or of rust-bert.
enum Refused {
    Ours(Error),
    Theirs(RustBertError),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Refused::Ours(error)
    }
}

impl From<RustBertError> for Refused {
    fn from(error: RustBertError) -> Self {
        Refused::Theirs(error)
    }
}

fn refused(stage: Stage, error: impl Into<Refused>) -> Error {
    match error.into() {
        Refused::Ours(error) => error,
        Refused::Theirs(error) => Error::Backend { stage, message: error.to_string() },
    }
}

/// Sources that were read, and the decoder's rows over them.
pub(crate) struct Session<'m> {
    model: &'m Model,
    /// [rows × pieces × width], and which pieces are none.
    states: Tensor,
    mask: Tensor,
    cache: Cache,
    rows: usize,
}

enum Cache {
    Bart(Layers<bart::LayerState>),
    T5(Layers<t5::LayerState>),
    ProphetNet(Layers<prophetnet::LayerState>),
}

/// Keys and values of a layer, which follow the rows.
trait Rows {
    fn pick(&mut self, rows: &Tensor);
}

macro_rules! rows {
    ($($state:ty),*) => {$(
        impl Rows for $state {
            fn pick(&mut self, rows: &Tensor) {
                self.prev_key = self.prev_key.index_select(0, rows);
                self.prev_value = self.prev_value.index_select(0, rows);
            }
        }
    )*};
}

rows!(bart::LayerState, t5::LayerState, prophetnet::LayerState);

fn pick<S: Rows>(layers: &mut Layers<S>, rows: &Tensor) {
    for (own, source) in layers.iter_mut().flatten() {
        own.iter_mut().chain(source).for_each(|state| state.pick(rows));
    }
}

impl Session<'_> {
    fn pick(&mut self, parents: &[usize]) {
        if parents.iter().copied().eq(0..self.rows) {
            return;
        }
        let rows: Vec<i64> = parents.iter().map(|&parent| parent as i64).collect();
        let rows = Tensor::from_slice(&rows).to_device(self.model.device);
        self.states = self.states.index_select(0, &rows);
        self.mask = self.mask.index_select(0, &rows);
        match &mut self.cache {
            Cache::Bart(layers) => pick(layers, &rows),
            Cache::T5(layers) => pick(layers, &rows),
            Cache::ProphetNet(layers) => pick(layers, &rows),
        }
        self.rows = parents.len();
    }

    /// The scores of all next pieces, [rows × 1 × vocabulary].
    fn forward(&mut self, ids: &Tensor) -> Result<Tensor, Refused> {
        let (states, mask) = (Some(&self.states), Some(&self.mask));
        // One piece at a time: over several, rust-bert's M2M100 would let each see those behind it.
        macro_rules! bart {
            ($network:expr, $layers:expr) => {{
                let output = $network.forward_t(None, mask, states, Some(ids), None, $layers.take(), false);
                *$layers = output.cache;
                output.decoder_output
            }};
        }
        Ok(match (&self.model.network, &mut self.cache) {
            (Network::Bart(network), Cache::Bart(layers)) => {
                let scores = bart!(network, layers);
                self.model.bias.as_ref().map_or_else(|| scores.shallow_clone(), |bias| &scores + bias)
            }
            (Network::Marian(network), Cache::Bart(layers)) => bart!(network, layers),
            (Network::Mbart(network), Cache::Bart(layers)) => bart!(network, layers),
            (Network::M2m100(network), Cache::Bart(layers)) => bart!(network, layers),
            (Network::Pegasus(network), Cache::Bart(layers)) => {
                network.step(ids, &self.states, &self.mask, layers)
            }
            (Network::T5(network), Cache::T5(layers)) => {
                let output =
                    network.forward_t(None, mask, states, Some(ids), None, None, None, layers.take(), false);
                *layers = output.next_cache;
                output.decoder_output
            }
            (Network::LongT5(network), Cache::T5(layers)) => {
                let output = network.forward_t(
                    None,
                    mask,
                    states,
                    Some(ids),
                    None,
                    None,
                    None,
                    layers.take(),
                    false,
                )?;
                *layers = output.next_cache;
                output.decoder_output
            }
            (Network::ProphetNet(network), Cache::ProphetNet(layers)) => {
                let output = network.forward_t(
                    None,
                    None,
                    None,
                    Some(ids),
                    None,
                    states,
                    layers.take(),
                    None,
                    false,
                )?;
                *layers = output.next_decoder_cache;
                output.logits
            }
            _ => {
                let message = "the cache belongs to another network".to_owned();
                return Err(Refused::Ours(Error::Backend { stage: self.model.stage, message }));
            }
        })
    }
}

impl Decoder for Session<'_> {
    fn vocabulary(&self) -> usize {
        self.model.vocabulary
    }

    fn stage(&self) -> Stage {
        self.model.stage
    }

    fn step(&mut self, parents: &[usize], pieces: &[u32]) -> Result<Vec<f32>> {
        let stage = self.model.stage;
        guarded(stage, || {
            tch::no_grad(|| {
                self.pick(parents);
                let ids: Vec<i64> = pieces.iter().copied().map(i64::from).collect();
                let ids = Tensor::from_slice(&ids).unsqueeze(1).to_device(self.model.device);
                let scores = self.forward(&ids).map_err(|error| refused(stage, error))?;
                let scores = scores.to_kind(Kind::Float).flatten(0, -1).to_device(tch::Device::Cpu);
                Vec::try_from(scores)
                    .map_err(|error: tch::TchError| Error::Backend { stage, message: error.to_string() })
            })
        })
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model").field("device", &self.device).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod traps;
