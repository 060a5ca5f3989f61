//! A pipeline for many threads: one owner thread, cloneable handles.

use std::sync::mpsc::{channel, sync_channel, Receiver, SyncSender};
use std::thread;

use super::Pipeline;
use crate::document::{Article, Document};
use crate::error::{Error, Result};

/// A handle to a pipeline that lives on a thread of its own. Clones share the pipeline; the thread ends when
/// the last of them is dropped. Articles that wait together are digested together.
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
        let owner = move || match build() {
            Ok(pipeline) => {
                if ready.send(Ok(())).is_ok() {
                    serve(&pipeline, &queue);
                }
            }
            Err(error) => drop(ready.send(Err(error))),
        };
        thread::Builder::new().name("intisari".to_owned()).spawn(owner).map_err(|error| {
            Error::config(format!("no thread for the pipeline: {error}"), "end other work of this process")
        })?;
        is_ready.recv().unwrap_or_else(|_| {
            Err(Error::config("building the pipeline panicked", "build it on this thread to see why"))
        })?;
        Ok(Worker { jobs })
    }

    /// Hands an article in; blocks only while the queue is full.
    pub fn submit(&self, article: Article) -> Pending {
        let (reply, receiver) = sync_channel(1);
        let id = article.id.clone();
        // Where the owner is gone, the job and its sender are dropped, and `wait` says so.
        drop(self.jobs.send(Job { article, reply }));
        Pending { article: id, reply: receiver }
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
    /// As [`Pipeline::run`]; with an [`Error::Input`] where the owner thread has ended.
    pub fn wait(self) -> Result<Document> {
        let ended = || Err(Error::input(&self.article, "the pipeline's thread has ended; make a new worker"));
        self.reply.recv().unwrap_or_else(|_| ended())
    }
}

fn serve(pipeline: &Pipeline, queue: &Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let mut jobs = vec![first];
        jobs.extend(queue.try_iter().take(pipeline.options().batch_articles.saturating_sub(1)));
        let (articles, replies): (Vec<Article>, Vec<SyncSender<_>>) =
            jobs.into_iter().map(|job| (job.article, job.reply)).unzip();
        for (reply, result) in replies.into_iter().zip(pipeline.run_batch(&articles)) {
            // A caller that no longer waits is no error.
            drop(reply.send(result));
        }
    }
}
