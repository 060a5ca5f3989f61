//! Gemma 3, read from GGUF and run on libtorch by our own layers.

mod adapter;
mod cache;
mod config;
mod gguf;
mod linear;
mod model;
mod session;
mod step;
#[cfg(test)]
mod tests;

pub(crate) use adapter::Adapter;
pub(crate) use gguf::Gguf;
pub(crate) use linear::Arithmetic;
pub(crate) use model::Model;
pub(crate) use session::{Prefix, Session};
