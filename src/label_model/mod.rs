//! What entity recognition asks of an encoder: the border between the recognizer and the engines that run models.

// Libtorch runs families that the engine does not.
#[cfg_attr(not(feature = "torch"), allow(dead_code))]
mod config;
pub(crate) mod files;

use std::fmt::Debug;
use std::ops::Range;

use ndarray::Array2;

pub(crate) use config::{Activation, Config, Family};

use crate::error::Result;

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

/// An encoder with a label head, and a salience head where it has one.
pub(crate) trait LabelModel: Debug + Send {
    /// Length of a piece's state.
    fn hidden(&self) -> usize;

    /// One output for each input, which does not depend on the other inputs, up to rounding.
    fn run(&self, inputs: &[Input]) -> Result<Vec<Output>>;

    /// One score per sentence of an article, higher is more worth telling; `None` without a salience head.
    ///
    /// `vectors`: for each sentence the mean of its pieces' states; `lengths`: how many pieces it has.
    fn salience(&self, vectors: &[Vec<f32>], lengths: &[usize]) -> Result<Option<Vec<f32>>>;
}

/// Features of a sentence's place among `count` and of its length in pieces, as in training.
pub(crate) fn place(index: usize, count: usize, length: usize) -> [f32; 4] {
    let (index, count) = (index as f32, count as f32);
    [index / count, 1.0 / (1.0 + index), (length as f32).ln_1p() / 4.0, count.ln_1p() / 4.0]
}
