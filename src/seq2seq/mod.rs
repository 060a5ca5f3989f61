//! Encoder-decoder models as published: what their folders say and how text is written with them. Knows no engine.

mod scores;
pub(crate) mod search;
pub(crate) mod settings;

#[cfg(feature = "torch")]
pub(crate) mod family;
#[cfg(any(feature = "torch", feature = "fuzz"))]
pub(crate) mod pieces;
#[cfg(feature = "torch")]
pub(crate) mod vocabulary;
#[cfg(feature = "torch")]
pub(crate) mod writer;
