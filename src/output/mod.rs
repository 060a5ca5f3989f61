//! The forms in which a document leaves the crate.

mod conll;
mod html;
mod json;

pub use conll::conll;
pub use html::{html, Form, Page};
pub use json::json;
