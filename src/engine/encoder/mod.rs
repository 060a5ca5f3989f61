//! Encoders with a label head over their last layer.

mod network;
mod salience;
mod stored;

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ndarray::Array2;

use self::network::{Buffers, Network};
use self::salience::SalienceHead;
pub(super) use self::stored::floats;
use self::stored::{Layer, Stored};
use super::linear::Arithmetic;
use super::threads::{spread, threads};
use super::{guarded, kernels};
use crate::error::{Error, Result};
use crate::label_model::{Config, Input, LabelModel, Output};
use crate::part::Part;
use crate::progress::Stage;

/// So many pieces are encoded together: what a layer makes of them stays in a processor's caches.
const PIECES: usize = 384;

/// The encoder under its family's name, `classifier.*`, and `salience.*` where there is such a head.
pub(crate) struct Encoder {
    network: Network,
    classifier: Layer,
    salience: Option<SalienceHead>,
    hidden: usize,
    /// Pieces that a text may have.
    positions: usize,
    /// Buffers that are used again.
    buffers: Mutex<Vec<Buffers>>,
}

impl Encoder {
    /// Whether this engine can run the model.
    pub(crate) fn fits(config: &Config) -> bool {
        Network::fits(config)
    }

    /// The model of `config` with the weights in `folder`.
    ///
    /// # Errors
    /// [`Error::ModelInvalid`] naming the tensor at fault.
    pub(crate) fn load(config: &Config, folder: &Path, arithmetic: Arithmetic) -> Result<Self> {
        let stored = Stored::read(folder)?;
        guarded(Stage::Entities, || {
            let hidden = usize::try_from(config.hidden_size).unwrap_or(0);
            let labels = config.id2label.len();
            Ok(Encoder {
                network: Network::read(&stored, config, arithmetic)?,
                classifier: stored.layer(&["classifier".to_owned()], labels, hidden, Arithmetic::F32)?,
                salience: SalienceHead::read(&stored)?,
                hidden,
                positions: config.positions(),
                buffers: Mutex::default(),
            })
        })
    }

    fn run_together(&self, inputs: &[Input]) -> Result<Vec<Output>> {
        if let Some(longer) =
            inputs.iter().map(|input| input.ids.len()).find(|&pieces| pieces > self.positions)
        {
            return Err(engine(format!(
                "a text of {longer} pieces; the model reads {} at most",
                self.positions
            )));
        }
        let pool = || self.buffers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut buffers = pool().pop().unwrap_or_default();
        let texts: Vec<&[i64]> = inputs.iter().map(|input| input.ids.as_slice()).collect();
        self.network.states(&texts, &mut buffers);
        let Buffers { x, out, scratch, .. } = &mut buffers;
        let labels = self.classifier.bias.len();
        self.classifier.weight.forward(x, x.len() / self.hidden, out, scratch);
        out.chunks_mut(labels).for_each(|row| kernels::add(row, &self.classifier.bias));
        if out.iter().any(|score| !score.is_finite()) {
            return Err(engine("the model's scores are no numbers; check its files".to_owned()));
        }
        let mut start = 0;
        let outputs = inputs.iter().map(|input| {
            let pieces = input.ids.len();
            let scores = out.part(start * labels..(start + pieces) * labels).to_vec();
            let states = x.part(start * self.hidden..(start + pieces) * self.hidden);
            start += pieces;
            let mean = |sentence: &Range<usize>| mean(states, sentence, self.hidden);
            let means = self.salience.iter().flat_map(|_| input.sentences.iter().map(mean)).collect();
            let scores = Array2::from_shape_vec((pieces, labels), scores);
            Ok(Output { scores: scores.map_err(|error| engine(error.to_string()))?, means })
        });
        let outputs = outputs.collect();
        pool().push(buffers);
        outputs
    }
}

impl LabelModel for Encoder {
    fn hidden(&self) -> usize {
        self.hidden
    }

    fn run(&self, inputs: &[Input]) -> Result<Vec<Output>> {
        let parts = parts(inputs);
        let work = |(): &mut (), part: usize| {
            let inputs = parts.get(part).and_then(|part| inputs.get(part.clone())).unwrap_or_default();
            guarded(Stage::Entities, || self.run_together(inputs))
        };
        Ok(spread(Stage::Entities, threads(), parts.len(), || (), work)?.into_iter().flatten().collect())
    }

    fn salience(&self, vectors: &[Vec<f32>], lengths: &[usize]) -> Result<Option<Vec<f32>>> {
        let Some(head) = &self.salience else { return Ok(None) };
        if vectors.is_empty() {
            return Ok(Some(Vec::new()));
        }
        guarded(Stage::Entities, || Ok(Some(head.scores(vectors, lengths))))
    }
}

/// Neighboring inputs of about [`PIECES`] pieces together.
fn parts(inputs: &[Input]) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut pieces = 0;
    for (index, input) in inputs.iter().enumerate() {
        match parts.last_mut() {
            Some(part) if pieces + input.ids.len() <= PIECES => part.end = index + 1,
            _ => {
                parts.push(index..index + 1);
                pieces = 0;
            }
        }
        pieces += input.ids.len();
    }
    parts
}

/// The mean of the states of a sentence's pieces.
fn mean(states: &[f32], sentence: &Range<usize>, hidden: usize) -> Vec<f32> {
    let mut mean = vec![0.; hidden];
    let rows = states.part(sentence.start * hidden..sentence.end * hidden);
    rows.chunks(hidden).for_each(|row| kernels::add(&mut mean, row));
    kernels::scale(&mut mean, 1. / sentence.len().max(1) as f32);
    mean
}

impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder").field("labels", &self.classifier.bias.len()).finish_non_exhaustive()
    }
}

fn engine(message: String) -> Error {
    Error::Backend { stage: Stage::Entities, message }
}
