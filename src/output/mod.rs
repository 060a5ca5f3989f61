//! The forms in which a document leaves the crate; from JSON Lines it comes back.

mod conll;
mod html;
mod json;
mod json_lines;
mod visible;

pub use conll::conll;
pub use html::{html, Form, Page};
pub use json::json;
pub use json_lines::{read_json_lines, write_json_line};
pub use visible::visible;
