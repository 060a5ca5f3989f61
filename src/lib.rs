//! Digests Indonesian news articles: cleaned text, sentences, entities, an English translation and an
//! English summary, every piece tied to the article by byte spans.

pub mod clean;
mod compute;
pub mod document;
mod error;
pub mod eval;
pub mod lang;
pub mod ner;
pub mod output;
pub mod pipeline;
mod progress;
pub mod sentence;
#[cfg_attr(not(feature = "torch"), allow(dead_code))]
mod seq2seq;
pub mod store;
pub mod summarize;
mod text;
pub mod translate;

#[cfg(feature = "torch")]
mod backend;
#[cfg(feature = "native")]
mod engine;
#[cfg(feature = "native")]
mod label_model;
#[cfg_attr(not(feature = "native"), allow(dead_code))]
mod language_model;

#[cfg(feature = "native")]
pub use compute::set_threads;
pub use compute::{Device, Precision};
pub use document::{Article, Document, Span};
pub use error::{Error, Result};
pub use pipeline::Pipeline;
pub use progress::{Event, Progress, Stage};
