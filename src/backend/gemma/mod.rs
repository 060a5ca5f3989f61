//! Gemma 3, read from GGUF and run on libtorch by our own layers.

mod adapter;
mod cache;
mod config;
mod gguf;
mod linear;
mod model;
mod prepared;
mod session;
mod step;
#[cfg(test)]
mod tests;
mod weights;

pub(crate) use linear::Arithmetic;
pub(crate) use model::{Model, Source};
pub(crate) use session::{Prefix, Session};
