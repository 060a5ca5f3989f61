//! Gemma 3, read from GGUF.

mod adapter;
mod cache;
mod config;
mod model;
mod prepared;
mod rotary;
mod session;
#[cfg(test)]
mod tests;
mod weights;

pub(crate) use model::{Model, Source};
pub(crate) use session::{Prefix, Session};
