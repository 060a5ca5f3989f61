//! Between a passage and a model: what it is asked, how its answer is searched for, and how the answer becomes English.
//!
//! [`reading`] takes a passage apart ([`casing`], [`mask`], [`pieces`]) and puts the English together. [`gemma`] asks the built-in
//! model ([`prompt`], [`hints`], [`another`]) and searches ([`generate`], [`search`], [`endless`]), spread over threads ([`spread`]); [`seq2seq`] asks published ones.

mod another;
mod casing;
mod endless;
pub(super) mod gemma;
pub(crate) mod generate;
mod hints;
mod mask;
mod pieces;
pub(crate) mod prompt;
pub(crate) mod reading;
mod search;
#[cfg(feature = "torch")]
pub(super) mod seq2seq;
mod spread;

#[cfg(feature = "torch")]
pub(crate) use {endless::without_loop, pieces::cut};
