//! A pipeline for many threads: one owner thread, cloneable handles.

use std::any::Any;
use std::cell::Cell;
use std::ops::ControlFlow;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{channel, sync_channel, Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use super::Pipeline;
use crate::document::{Article, Document};
use crate::error::{Error, Result};
use crate::progress::{Event, Progress, Stage};
use crate::text::panic_message;
use crate::translate::Glossary;

/// A handle to a pipeline that lives on a thread of its own. Clones share the pipeline. Articles that wait together are digested together, so
/// that a short one may wait for a long one; with [`batch_articles`](super::Options::batch_articles) at 1 each is digested alone, which is
/// slower. It has the glossary of its pipeline, or the [terms of an article](Self::submit_with_terms). A worker reports no progress; use
/// [`Pipeline::run_batch_with`] for that.
///
/// [`run`](Self::run), [`submit`](Self::submit) where 256 articles wait, and [`Pending::wait`] block their thread. In an async program call
/// them where blocking is allowed (`spawn_blocking` of tokio), or [`try_submit`](Self::try_submit) from the async part and wait there.
///
/// # Stopping
///
/// Where the last handle is dropped, no more can be handed in: what waits is digested if somebody holds its [`Pending`], then the thread
/// ends and frees the pipeline. Where its `Pending` is dropped, an article not yet begun is left out; one being digested is stopped only
/// when nobody waits for any article of its batch. [`stop`](Self::stop) ends all that is under way and all that waits, whoever holds the
/// `Pending`s.
///
/// Dropping the last handle does not wait for the thread, [`join`](Self::join) does: to finish what was handed in, join; to cut it off, stop and join.
///
/// # Memory
///
/// At most 256 articles wait. A document that is done waits in its [`Pending`] until somebody takes it: over a long stream, take the oldest before
/// handing in more, or use [`Pipeline::run_iter`], which holds one batch.
///
/// # Panics of stages
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
    state: Arc<State>,
}

/// What handles and the pipeline's thread tell each other.
#[derive(Debug, Default)]
struct State {
    /// What ended the thread.
    end: OnceLock<Panic>,
    /// Whether a handle asked to stop.
    stopped: AtomicBool,
    /// Whether the thread has freed the pipeline, and who waits for that.
    freed: Mutex<bool>,
    on_freed: Condvar,
}

/// Says that the pipeline is freed, however the thread ends.
struct Freeing(Arc<State>);

impl Drop for Freeing {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.end.get_or_init(|| Panic { stage: None, message: OUTSIDE.to_owned() });
        }
        *self.0.freed.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.on_freed.notify_all();
    }
}

#[derive(Debug)]
struct Panic {
    stage: Option<Stage>,
    message: String,
}

#[derive(Debug)]
struct Job {
    article: Article,
    /// In the place of the pipeline's.
    terms: Option<Arc<Glossary>>,
    reply: SyncSender<Result<Document>>,
    /// Gone where nobody waits any more.
    wanted: Weak<()>,
}

/// A document that is being made. Who drops it no longer wants the document: an article not yet begun is left out; one being digested is
/// stopped only when nobody waits for any article of its batch.
#[derive(Debug)]
#[must_use = "what nobody waits for is not digested"]
pub struct Pending {
    article: String,
    reply: Receiver<Result<Document>>,
    state: Arc<State>,
    _wanted: Arc<()>,
}

/// What is said of a panic that no stage's work raised, such as one where it is freed.
const OUTSIDE: &str = "panic outside of the stages";

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
        let state = Arc::new(State::default());
        // Falls after the pipeline, which is dropped where it was matched.
        let freeing = Freeing(Arc::clone(&state));
        let owner = move || match catch_unwind(AssertUnwindSafe(build)).unwrap_or_else(unbuilt) {
            Ok(pipeline) => {
                if ready.send(Ok(())).is_ok() {
                    serve(&pipeline, queue, &freeing.0);
                }
            }
            Err(error) => drop(ready.send(Err(error))),
        };
        thread::Builder::new().name("intisari".to_owned()).spawn(owner).map_err(|error| {
            Error::config(format!("no thread for the pipeline: {error}"), "end other work of this process")
        })?;
        is_ready.recv().unwrap_or_else(|_| unbuilt(Box::new("its thread ended")).map(drop))?;
        Ok(Worker { jobs, state })
    }

    /// Hands an article in; blocks only while 256 others wait.
    pub fn submit(&self, article: Article) -> Pending {
        self.send(article, None)
    }

    /// As [`submit`](Self::submit), with the terms of `glossary` in the place of the pipeline's, as
    /// [`Pipeline::run_batch_with_terms`] has them. Of articles that wait together, those that stand one behind the other and have the same
    /// terms are digested together.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use intisari::translate::{Glossary, Stop, Translated, Translator};
    /// use intisari::{pipeline::Worker, sentence::RuleSplitter, Article, Pipeline, Progress, Result};
    ///
    /// struct Known;
    ///
    /// impl Translator for Known {
    ///     fn translate(&self, segments: &[&str], _: Progress<'_>) -> Result<Vec<Translated>> {
    ///         Ok(segments.iter().map(|_| Translated::new("The bridge is open.", Stop::End)).collect())
    ///     }
    /// }
    ///
    /// let worker = Worker::spawn(|| {
    ///     Pipeline::builder().splitter(RuleSplitter::default()).translator(Known).build()
    /// })?;
    /// let terms = Arc::new(Glossary::from_tsv("jembatan\tbridge\n")?);
    /// let document = worker.submit_with_terms(Article::new("a1", "Jembatan itu dibuka."), terms).wait()?;
    /// assert_eq!(document.translation[0].terms[0].target, "bridge");
    /// # Ok::<(), intisari::Error>(())
    /// ```
    pub fn submit_with_terms(&self, article: Article, glossary: Arc<Glossary>) -> Pending {
        self.send(article, Some(glossary))
    }

    /// As [`submit`](Self::submit), and never blocks.
    ///
    /// # Errors
    /// The article, where 256 others wait: hand it in later, or tell whoever sent it to come again. The place of one that nobody waits
    /// for any more is free when its turn comes.
    pub fn try_submit(&self, article: Article) -> Result<Pending, Article> {
        self.try_send(article, None)
    }

    /// As [`submit_with_terms`](Self::submit_with_terms), and never blocks.
    ///
    /// # Errors
    /// As [`try_submit`](Self::try_submit).
    pub fn try_submit_with_terms(
        &self,
        article: Article,
        glossary: Arc<Glossary>,
    ) -> Result<Pending, Article> {
        self.try_send(article, Some(glossary))
    }

    /// Stops for good, and returns at once. What is being digested ends at the next report of its stage; no stage begins with what waits or is
    /// handed in later. All these articles fail with an [`Error::Cancelled`] within their [`Error::Article`]. The thread ends and frees the
    /// pipeline when the last handle is dropped.
    ///
    /// ```
    /// use intisari::{pipeline::Worker, sentence::RuleSplitter, Article, Pipeline};
    ///
    /// let worker = Worker::spawn(|| Pipeline::builder().splitter(RuleSplitter::default()).build())?;
    /// worker.stop();
    /// assert!(worker.run(Article::new("a1", "Satu. Dua.")).unwrap_err().is_cancelled());
    /// # Ok::<(), intisari::Error>(())
    /// ```
    pub fn stop(&self) {
        self.state.stopped.store(true, Ordering::Relaxed);
    }

    /// Gives this handle back, and waits until the thread has done what others wait for and has freed the pipeline with its models. That
    /// takes until all handles are given back or dropped, those of the calling thread and those that a stage holds too: it would wait for itself
    /// otherwise. To cut off what is under way, [`stop`](Self::stop) first.
    ///
    /// ```
    /// use intisari::{pipeline::Worker, sentence::RuleSplitter, Article, Pipeline};
    ///
    /// let worker = Worker::spawn(|| Pipeline::builder().splitter(RuleSplitter::default()).build())?;
    /// let pending = worker.submit(Article::new("a1", "Satu. Dua."));
    /// worker.join()?;
    /// assert_eq!(pending.wait()?.sentences.len(), 2);
    /// # Ok::<(), intisari::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::WorkerEnded`] where a stage panicked.
    pub fn join(self) -> Result<()> {
        let Worker { jobs, state } = self;
        drop(jobs);
        let freed = state.freed.lock().unwrap_or_else(PoisonError::into_inner);
        let freed = state.on_freed.wait_while(freed, |freed| !*freed);
        drop(freed.unwrap_or_else(PoisonError::into_inner));
        match state.end.get() {
            None => Ok(()),
            Some(Panic { stage, message }) => {
                Err(Error::WorkerEnded { stage: *stage, message: message.clone() })
            }
        }
    }

    fn send(&self, article: Article, terms: Option<Arc<Glossary>>) -> Pending {
        let (job, pending) = self.job(article, terms);
        // Where the owner is gone, the job and its sender are dropped, and `wait` says so.
        drop(self.jobs.send(job));
        pending
    }

    fn try_send(&self, article: Article, terms: Option<Arc<Glossary>>) -> Result<Pending, Article> {
        let (job, pending) = self.job(article, terms);
        match self.jobs.try_send(job) {
            Err(TrySendError::Full(job)) => Err(job.article),
            Ok(()) | Err(TrySendError::Disconnected(_)) => Ok(pending),
        }
    }

    fn job(&self, article: Article, terms: Option<Arc<Glossary>>) -> (Job, Pending) {
        let (reply, receiver) = sync_channel(1);
        let wanted = Arc::new(());
        let id = article.id.clone();
        let job = Job { article, terms, reply, wanted: Arc::downgrade(&wanted) };
        (job, Pending { article: id, reply: receiver, state: Arc::clone(&self.state), _wanted: wanted })
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
    /// Waits for the document, and blocks the thread so long.
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
        let (stage, message) = match self.state.end.get() {
            Some(Panic { stage, message }) => (*stage, message.clone()),
            None => (None, OUTSIDE.to_owned()),
        };
        Error::WorkerEnded { stage, message }.of_article(&self.article)
    }
}

/// What a panic while building means.
fn unbuilt(panic: Box<dyn Any + Send>) -> Result<Pipeline> {
    let message = format!("building the pipeline panicked: {}", panic_message(&*panic));
    Err(Error::config(message, "build it on this thread to see where"))
}

/// Digests what comes until nobody can send any more or a stage panics; then `state` says so before the last replies are dropped.
fn serve(pipeline: &Pipeline, queue: Receiver<Job>, state: &State) {
    let mut next = None;
    while let Some(jobs) = batch(&queue, &mut next, pipeline.options().batch_articles) {
        let terms = jobs.first().and_then(|job| job.terms.clone());
        let (mut articles, mut replies, mut waiters) = (Vec::new(), Vec::new(), Vec::new());
        for Job { article, terms: _, reply, wanted } in jobs {
            articles.push(article);
            replies.push(reply);
            waiters.push(wanted);
        }
        let goes_on = || {
            let wanted = waiters.iter().any(|waiter| waiter.strong_count() > 0);
            wanted && !state.stopped.load(Ordering::Relaxed)
        };
        let results = match digested(pipeline, &articles, terms.as_deref(), goes_on) {
            Ok(results) => results,
            Err(panic) => {
                state.end.get_or_init(|| panic);
                return;
            }
        };
        for (reply, result) in replies.into_iter().zip(results) {
            // A caller that no longer waits is no error.
            drop(reply.send(result));
        }
    }
}

/// The next articles to be digested together: of those that wait and are wanted, as many as follow each other with the same terms. The one
/// with which others begin is kept as `next`. `None` where no more can come.
fn batch(queue: &Receiver<Job>, next: &mut Option<Job>, most: usize) -> Option<Vec<Job>> {
    let first = next.take().map_or_else(|| queue.recv(), Ok).ok()?;
    let waiting = std::iter::once(first).chain(queue.try_iter());
    let mut jobs: Vec<Job> = Vec::new();
    for job in waiting.filter(|job| job.wanted.strong_count() > 0) {
        if jobs.first().is_some_and(|first| first.terms != job.terms) {
            *next = Some(job);
            break;
        }
        jobs.push(job);
        if jobs.len() == most {
            break;
        }
    }
    Some(jobs)
}

/// The documents, or the panic of a stage. Work ends at the next step once `goes_on` says no.
fn digested(
    pipeline: &Pipeline,
    articles: &[Article],
    terms: Option<&Glossary>,
    goes_on: impl Fn() -> bool,
) -> Result<Vec<Result<Document>>, Panic> {
    let stage = Cell::new(None);
    let note = |event: Event| {
        stage.set(Some(event.stage));
        match goes_on() {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    };
    let progress = Progress::new(&note);
    let run = || match terms {
        Some(terms) => pipeline.run_batch_with_terms(articles, terms, progress),
        None => pipeline.run_batch_with(articles, progress),
    };
    catch_unwind(AssertUnwindSafe(run))
        .map_err(|panic| Panic { stage: stage.get(), message: panic_message(&*panic).to_owned() })
}
