//! A pipeline for many threads: one owner thread, cloneable handles.

use std::any::Any;
use std::cell::Cell;
use std::ops::ControlFlow;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::mpsc::{channel, sync_channel, Receiver, SyncSender};
use std::sync::{Arc, OnceLock};
use std::thread;

use super::Pipeline;
use crate::document::{Article, Document};
use crate::error::{Error, Result};
use crate::progress::{Event, Progress, Stage};
use crate::text::panic_message;

/// A handle to a pipeline that lives on a thread of its own. Clones share the pipeline; the thread ends when
/// the last of them is dropped. Articles that wait together are digested together.
///
/// A stage that panics ends the thread: what state it left the pipeline in, nobody knows. The articles that were being digested, those
/// that wait and later ones all fail with [`Error::WorkerEnded`], which has the panic's text; a new worker goes on.
///
/// ```
/// use intisari::{pipeline::Worker, sentence::RuleSplitter, Article, Pipeline};
///
/// let worker = Worker::spawn(|| Pipeline::builder().splitter(RuleSplitter::default()).build())?;
/// let pending: Vec<_> = (0..3).map(|i| worker.submit(Article::new(format!("{i}"), "Satu. Dua."))).collect();
/// for pending in pending {
///     assert_eq!(pending.wait()?.sentences.len(), 2);
/// }
/// # Ok::<(), intisari::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Worker {
    jobs: SyncSender<Job>,
    end: Arc<OnceLock<Panic>>,
}

/// What ended the pipeline's thread.
#[derive(Debug)]
struct Panic {
    stage: Option<Stage>,
    message: String,
}

#[derive(Debug)]
struct Job {
    article: Article,
    reply: SyncSender<Result<Document>>,
}

/// A document that is being made.
#[derive(Debug)]
pub struct Pending {
    article: String,
    reply: Receiver<Result<Document>>,
    end: Arc<OnceLock<Panic>>,
}

impl Worker {
    /// Builds a pipeline on a new thread, and returns once it is ready.
    ///
    /// # Errors
    /// What `build` says; [`Error::Config`] where the system gives no thread or `build` panics.
    pub fn spawn(build: impl FnOnce() -> Result<Pipeline> + Send + 'static) -> Result<Self> {
        // As many articles may wait as fit one generous batch: senders block instead of filling the memory.
        let (jobs, queue) = sync_channel(256);
        let (ready, is_ready) = channel();
        let end = Arc::new(OnceLock::new());
        let ended = Arc::clone(&end);
        let owner = move || match catch_unwind(AssertUnwindSafe(build)).unwrap_or_else(unbuilt) {
            Ok(pipeline) => {
                if ready.send(Ok(())).is_ok() {
                    serve(&pipeline, queue, &ended);
                }
            }
            Err(error) => drop(ready.send(Err(error))),
        };
        thread::Builder::new().name("intisari".to_owned()).spawn(owner).map_err(|error| {
            Error::config(format!("no thread for the pipeline: {error}"), "end other work of this process")
        })?;
        is_ready.recv().unwrap_or_else(|_| unbuilt(Box::new("its thread ended")).map(drop))?;
        Ok(Worker { jobs, end })
    }

    /// Hands an article in; blocks only while 256 others wait. What is handed in is digested, though its [`Pending`] be dropped.
    pub fn submit(&self, article: Article) -> Pending {
        let (reply, receiver) = sync_channel(1);
        let id = article.id.clone();
        // Where the owner is gone, the job and its sender are dropped, and `wait` says so.
        drop(self.jobs.send(Job { article, reply }));
        Pending { article: id, reply: receiver, end: Arc::clone(&self.end) }
    }

    /// Digests one article, waiting for it.
    ///
    /// # Errors
    /// As [`Pipeline::run`].
    pub fn run(&self, article: Article) -> Result<Document> {
        self.submit(article).wait()
    }
}

impl Pending {
    /// Waits for the document.
    ///
    /// # Errors
    /// As [`Pipeline::run`]; with an [`Error::WorkerEnded`] where a stage panicked.
    pub fn wait(self) -> Result<Document> {
        let ended = |_| {
            let (stage, message) = match self.end.get() {
                Some(Panic { stage, message }) => (*stage, message.clone()),
                None => (None, "panic outside of the stages".to_owned()),
            };
            Err(Error::WorkerEnded { stage, message }.of_article(&self.article))
        };
        self.reply.recv().unwrap_or_else(ended)
    }
}

/// What a panic while building means.
fn unbuilt(panic: Box<dyn Any + Send>) -> Result<Pipeline> {
    let message = format!("building the pipeline panicked: {}", panic_message(&*panic));
    Err(Error::config(message, "build it on this thread to see where"))
}

/// Digests what comes until nobody can send any more or a stage panics; then `end` says so before the last replies are dropped.
fn serve(pipeline: &Pipeline, queue: Receiver<Job>, end: &OnceLock<Panic>) {
    while let Ok(first) = queue.recv() {
        let mut jobs = vec![first];
        jobs.extend(queue.try_iter().take(pipeline.options().batch_articles.saturating_sub(1)));
        let (articles, replies): (Vec<Article>, Vec<SyncSender<_>>) =
            jobs.into_iter().map(|job| (job.article, job.reply)).unzip();
        let results = match digested(pipeline, &articles) {
            Ok(results) => results,
            Err(panic) => {
                end.get_or_init(|| panic);
                return;
            }
        };
        for (reply, result) in replies.into_iter().zip(results) {
            // A caller that no longer waits is no error.
            drop(reply.send(result));
        }
    }
}

/// The documents, or the panic of a stage.
fn digested(pipeline: &Pipeline, articles: &[Article]) -> Result<Vec<Result<Document>>, Panic> {
    let stage = Cell::new(None);
    let note = |event: Event| {
        stage.set(Some(event.stage));
        ControlFlow::Continue(())
    };
    let run = || pipeline.run_batch_with(articles, Progress::new(&note));
    catch_unwind(AssertUnwindSafe(run))
        .map_err(|panic| Panic { stage: stage.get(), message: panic_message(&*panic).to_owned() })
}
