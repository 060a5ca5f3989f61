//! Terms as Python gives them: a file, or pairs.

use std::path::PathBuf;

use intisari::translate::{Glossary, GlossaryEntry};
use pyo3::prelude::*;

use crate::errors::exception;

/// A glossary: the path of a table, or a list of source and English.
#[derive(FromPyObject)]
pub enum Terms {
    Pairs(Vec<(String, String)>),
    File(PathBuf),
}

impl Terms {
    pub fn read(self) -> PyResult<Glossary> {
        let glossary = match self {
            Terms::File(path) => Glossary::read(path),
            Terms::Pairs(pairs) => {
                Glossary::new(pairs.into_iter().map(|(source, target)| GlossaryEntry::new(source, target)))
            }
        };
        glossary.map_err(|error| exception(&error))
    }
}
