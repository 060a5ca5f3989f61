//! What the Python package `intisari` is written on: pipelines, documents as JSON, metrics.
//!
//! Python sees plain values only: articles come in as text or JSON, documents go out as JSON. What a Python user touches is
//! written in Python, beside this (`intisari/`).

mod choice;
mod document;
mod errors;
mod evaluate;
mod glossary;
mod lock;
mod pipeline;

use pyo3::prelude::*;

/// Implementation of the package; import `intisari`.
#[pymodule]
mod _intisari {
    use super::*;

    #[pymodule_export]
    use super::document::{check_document, cleaned_text, value_text};
    #[pymodule_export]
    use super::evaluate::{bleu, chrf, rouge, span_f1, span_f1_tags, ter};
    #[pymodule_export]
    use super::pipeline::Engine;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
