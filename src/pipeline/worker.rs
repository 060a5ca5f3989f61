//! A pipeline for many threads: one owner thread, cloneable handles.

use std::any::Any;
use std::cell::Cell;
use std::ops::ControlFlow;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::mpsc::{channel, sync_channel, Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::sync::{Arc, OnceLock, Weak};
use std::thread;
use std::time::Duration;

use super::Pipeline;
use crate::document::{Article, Document};
use crate::error::{Error, Result};
use crate::progress::{Event, Progress, Stage};
use crate::text::panic_message;

/// A handle to a pipeline that lives on a thread of its own. Clones share the pipeline; the thread ends when
/// the last of them is dropped and what waits is digested. Articles that wait together are digested together, so that a short one may
/// wait for a long one; with [`batch_articles`](super::Options::batch_articles) at 1 each is digested alone, which is slower. It has the
/// glossary of its pipeline, and no progress; [`Pipeline::run_batch_with`] does.
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
    /// Gone where nobody waits any more.
    wanted: Weak<()>,
}

/// A document that is being made. Who drops it no longer wants the document: where work on it has not begun, it never will, and where
/// it has, it ends at the next step once nobody waits for any document of its batch.
#[derive(Debug)]
#[must_use = "what nobody waits for is not digested"]
pub struct Pending {
    article: String,
    reply: Receiver<Result<Document>>,
    end: Arc<OnceLock<Panic>>,
    _wanted: Arc<()>,
}

/// How many articles wait at most: as many as fit one generous batch, so that senders block instead of filling the memory.
const WAITING: usize = 256;

impl Worker {
    /// Builds a pipeline on a new thread, and returns once it is ready.
    ///
    /// # Errors
    /// What `build` says; [`Error::Config`] where the system gives no thread or `build` panics.
    pub fn spawn(build: impl FnOnce() -> Result<Pipeline> + Send + 'static) -> Result<Self> {
        let (jobs, queue) = sync_channel(WAITING);
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

    /// Hands an article in; blocks only while 256 others wait.
    pub fn submit(&self, article: Article) -> Pending {
        let (job, pending) = self.job(article);
        // Where the owner is gone, the job and its sender are dropped, and `wait` says so.
        drop(self.jobs.send(job));
        pending
    }

    /// As [`submit`](Self::submit), and never blocks.
    ///
    /// # Errors
    /// The article, where 256 others wait: hand it in later, or tell whoever sent it to come again. The place of one that nobody waits
    /// for any more is free when its turn comes.
    pub fn try_submit(&self, article: Article) -> Result<Pending, Article> {
        let (job, pending) = self.job(article);
        match self.jobs.try_send(job) {
            Err(TrySendError::Full(job)) => Err(job.article),
            Ok(()) | Err(TrySendError::Disconnected(_)) => Ok(pending),
        }
    }

    fn job(&self, article: Article) -> (Job, Pending) {
        let (reply, receiver) = sync_channel(1);
        let wanted = Arc::new(());
        let id = article.id.clone();
        let job = Job { article, reply, wanted: Arc::downgrade(&wanted) };
        (job, Pending { article: id, reply: receiver, end: Arc::clone(&self.end), _wanted: wanted })
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
        self.reply.recv().unwrap_or_else(|_| Err(self.ended()))
    }

    /// Waits for the document, `limit` at most.
    ///
    /// # Errors
    /// This `Pending`, where the document is not there by then: wait again, or drop it. The result within is that of
    /// [`wait`](Self::wait).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use intisari::{pipeline::Worker, sentence::RuleSplitter, Article, Pipeline};
    ///
    /// let worker = Worker::spawn(|| Pipeline::builder().splitter(RuleSplitter::default()).build())?;
    /// match worker.submit(Article::new("a1", "Satu. Dua.")).wait_timeout(Duration::from_secs(60)) {
    ///     Ok(document) => assert_eq!(document?.sentences.len(), 2),
    ///     Err(pending) => drop(pending),
    /// }
    /// # Ok::<(), intisari::Error>(())
    /// ```
    pub fn wait_timeout(self, limit: Duration) -> Result<Result<Document>, Self> {
        match self.reply.recv_timeout(limit) {
            Ok(result) => Ok(result),
            Err(RecvTimeoutError::Timeout) => Err(self),
            Err(RecvTimeoutError::Disconnected) => Ok(Err(self.ended())),
        }
    }

    /// Why no document comes.
    fn ended(&self) -> Error {
        let (stage, message) = match self.end.get() {
            Some(Panic { stage, message }) => (*stage, message.clone()),
            None => (None, "panic outside of the stages".to_owned()),
        };
        Error::WorkerEnded { stage, message }.of_article(&self.article)
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
        let waiting = std::iter::once(first).chain(queue.try_iter());
        let wanted = waiting.filter(|job| job.wanted.strong_count() > 0);
        let jobs = wanted.take(pipeline.options().batch_articles);
        let (mut articles, mut replies, mut waiters) = (Vec::new(), Vec::new(), Vec::new());
        for Job { article, reply, wanted } in jobs {
            articles.push(article);
            replies.push(reply);
            waiters.push(wanted);
        }
        let results = match digested(pipeline, &articles, &waiters) {
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

/// The documents, or the panic of a stage. Work ends at the next step once nobody waits for any of them.
fn digested(
    pipeline: &Pipeline,
    articles: &[Article],
    waiters: &[Weak<()>],
) -> Result<Vec<Result<Document>>, Panic> {
    let stage = Cell::new(None);
    let note = |event: Event| {
        stage.set(Some(event.stage));
        match waiters.iter().any(|waiter| waiter.strong_count() > 0) {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    };
    let run = || pipeline.run_batch_with(articles, Progress::new(&note));
    catch_unwind(AssertUnwindSafe(run))
        .map_err(|panic| Panic { stage: stage.get(), message: panic_message(&*panic).to_owned() })
}
