//! Language data, kept apart from the code that reads it, and the languages that articles are told by.

pub(crate) mod english;
pub(crate) mod english_words;
pub(crate) mod id;
mod identify;
pub(crate) mod numerals;
pub(crate) mod quotations;

pub use identify::{identify, passages, Language};
