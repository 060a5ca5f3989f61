//! Progress and cancellation: the library never prints, it calls back.

use std::fmt;
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The steps of the pipeline, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Boilerplate is marked as removed.
    Clean,
    /// Kept text is cut into sentences.
    Sentences,
    /// Entities are found and grouped.
    Entities,
    /// Sentences are translated.
    Translate,
    /// Sentences of the summary are chosen.
    Summarize,
    /// Doubtful segments are flagged.
    Check,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stage::Clean => "cleaning",
            Stage::Sentences => "sentence splitting",
            Stage::Entities => "entity recognition",
            Stage::Translate => "translation",
            Stage::Summarize => "summarization",
            Stage::Check => "checking",
        })
    }
}

/// How far a stage has come within the current batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// The stage that is running.
    pub stage: Stage,
    /// Units done (articles, sentences or segments, as the stage counts).
    pub done: usize,
    /// Units in all.
    pub total: usize,
}

/// Hears of progress and may stop the work; [`Progress::none`] hears nothing.
#[derive(Clone, Copy)]
pub struct Progress<'a>(Option<&'a (dyn Fn(Event) -> ControlFlow<()> + 'a)>);

impl<'a> Progress<'a> {
    /// Calls `callback` after each unit of work; `ControlFlow::Break` stops with [`Error::Cancelled`].
    pub fn new(callback: &'a (dyn Fn(Event) -> ControlFlow<()> + 'a)) -> Self {
        Progress(Some(callback))
    }

    /// Hears nothing.
    pub fn none() -> Self {
        Progress(None)
    }

    /// Reports that `done` of `total` units of `stage` are done.
    ///
    /// # Errors
    /// [`Error::Cancelled`] where the callback asked to stop.
    pub fn report(&self, stage: Stage, done: usize, total: usize) -> Result<()> {
        match self.0.map(|callback| callback(Event { stage, done, total })) {
            Some(ControlFlow::Break(())) => Err(Error::Cancelled { stage }),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Progress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Progress").field(&self.0.is_some()).finish()
    }
}
