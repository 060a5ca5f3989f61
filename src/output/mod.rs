//! The forms in which a document leaves the crate.

mod conll;
mod json;

pub use conll::conll;
pub use json::json;
