//! What is run, and what must hold of it.

mod models;
mod readers;
mod texts;

use anyhow::Result;

use crate::mutate::Chance;

/// How an input was taken.
pub enum Outcome {
    Accepted,
    Refused(String),
}

impl<T, E: std::fmt::Display> From<Result<T, E>> for Outcome {
    fn from(result: Result<T, E>) -> Self {
        result.map_or_else(|error| Outcome::Refused(error.to_string()), |_| Outcome::Accepted)
    }
}

type Run = Box<dyn FnMut(&[u8], &mut Chance) -> Result<Outcome>>;

/// Something that reads inputs.
pub struct Target {
    pub name: &'static str,
    pub seeds: Vec<Vec<u8>>,
    pub words: &'static [&'static str],
    /// Bytes that may be held at once for each byte of the input …
    pub most_per_byte: f64,
    /// … beyond what any input takes.
    pub slack: usize,
    /// An error where something does not hold that must.
    pub run: Run,
}

pub fn all() -> Result<Vec<Target>> {
    Ok([texts::all()?, readers::all()?, models::all()?].into_iter().flatten().collect())
}
