//! Progress and cancellation: the library never prints, it calls back.

use std::cell::RefCell;
use std::fmt;
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The steps of a pipeline.
///
/// [`Pipeline::stages`](crate::Pipeline::stages) tells those of a pipeline in the order in which they run: a summarizer that chooses
/// sentences comes before the translator, one that reads English after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Stage {
    /// Boilerplate is marked as removed.
    Clean,
    /// Kept text is cut into sentences.
    Sentences,
    /// Entities are found and grouped.
    Entities,
    /// Sentences of the summary are chosen, or a summary is written.
    Summarize,
    /// Sentences are translated.
    Translate,
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

/// How far a stage has come within the current batch, of at most [`batch_articles`](crate::pipeline::Options::batch_articles) articles:
/// where more are handed in, every stage begins anew with each batch, and so it does with each article of a batch that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// The stage that is running.
    pub stage: Stage,
    /// Units done (articles, sentences or segments, as the stage counts): 0 when the stage begins, `total` when it ends, and never more.
    /// A stage that goes over its input several times may come to `total` more than once.
    pub done: usize,
    /// Units in all; a stage may count others than the pipeline does when it begins.
    pub total: usize,
}

/// Hears of progress and may stop the work; [`Progress::none`] hears nothing.
///
/// Pipelines report where a stage begins and, unless it does itself, where it ends. In between a stage has to report itself, and can only be
/// stopped where it does.
///
/// ```
/// use std::cell::RefCell;
/// use std::ops::ControlFlow;
///
/// use intisari::{sentence::RuleSplitter, Article, Pipeline, Progress};
///
/// let pipeline = Pipeline::builder().splitter(RuleSplitter::default()).build()?;
/// let mut events = Vec::new();
/// let note = RefCell::new(|event| {
///     events.push(event);
///     ControlFlow::Continue(())
/// });
/// pipeline.run_with(&Article::new("a1", "Satu. Dua."), Progress::from_mut(&note))?;
/// drop(note);
/// assert!(!events.is_empty());
/// # Ok::<(), intisari::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Progress<'a>(Callback<'a>);

#[derive(Clone, Copy)]
enum Callback<'a> {
    None,
    Shared(&'a (dyn Fn(Event) -> ControlFlow<()> + 'a)),
    Mutable(&'a RefCell<dyn FnMut(Event) -> ControlFlow<()> + 'a>),
}

impl<'a> Progress<'a> {
    /// Calls `callback` when a stage begins, whenever it reports, and when it ends; `ControlFlow::Break` stops with [`Error::Cancelled`].
    pub fn new(callback: &'a (dyn Fn(Event) -> ControlFlow<()> + 'a)) -> Self {
        Progress(Callback::Shared(callback))
    }

    /// As [`new`](Self::new), for a callback that changes what it captures. It does not hear of work that it starts itself.
    pub fn from_mut(callback: &'a RefCell<dyn FnMut(Event) -> ControlFlow<()> + 'a>) -> Self {
        Progress(Callback::Mutable(callback))
    }

    /// Hears nothing.
    pub fn none() -> Self {
        Progress(Callback::None)
    }

    /// Reports that `done` of `total` units of `stage` are done.
    ///
    /// The pipeline replaces `stage` by the stage that is running, so you may pass your `progress` to an inner stage. A `done` above `total`
    /// is reported as `total`. Once the caller has asked to stop, every later report says so again. Where one piece of work takes long, such as
    /// the answer of a server, report the same numbers again while you wait: each report also looks whether time is over.
    ///
    /// # Errors
    /// [`Error::Cancelled`] where the callback asked to stop.
    pub fn report(&self, stage: Stage, done: usize, total: usize) -> Result<()> {
        let event = Event { stage, done, total };
        let flow = match self.0 {
            Callback::None => ControlFlow::Continue(()),
            Callback::Shared(callback) => callback(event),
            Callback::Mutable(callback) => {
                callback.try_borrow_mut().map_or(ControlFlow::Continue(()), |mut callback| callback(event))
            }
        };
        match flow {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Error::Cancelled { stage }),
        }
    }
}

impl fmt::Debug for Progress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heard = !matches!(self.0, Callback::None);
        f.debug_tuple("Progress").field(&heard).finish()
    }
}
