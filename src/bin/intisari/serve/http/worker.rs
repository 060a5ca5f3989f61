//! The thread that owns the models: takes what waits, batches what is alike, drops what nobody waits for.

use std::collections::{HashMap, VecDeque};
use std::ops::ControlFlow;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{mpsc as blocking, Arc};
use std::thread;
use std::time::Instant;

use intisari::translate::{Glossary, GlossaryEntry};
use intisari::{Article, Document, Error, Pipeline, Progress};
use tokio::sync::{mpsc, oneshot};

use super::metrics::Metrics;

/// What is to be done with an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Task {
    Digest,
    Clean,
    Split,
    Ner,
    Translate,
    Summarize,
    /// Translation of a text as it is, of which nothing is cleaned away.
    TranslateAll,
}

/// A task and its options; articles of the same recipe are worked on together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Recipe {
    pub task: Task,
    /// Sentences of the summary at most.
    pub sentences: u16,
    /// Translate only the summary.
    pub fast: bool,
}

/// Puts the stages of a recipe together, on the thread that owns them.
pub type Cook = Box<dyn Fn(Recipe) -> intisari::Result<Pipeline>>;

/// What became of an article.
pub type Outcome = intisari::Result<Document>;

/// A handle to the thread; it ends with the last handle.
#[derive(Debug, Clone)]
pub struct Worker {
    jobs: mpsc::Sender<Job>,
}

#[derive(Debug)]
struct Job {
    recipe: Recipe,
    terms: Option<Arc<Glossary>>,
    article: Article,
    reply: oneshot::Sender<Outcome>,
    since: Instant,
}

impl Worker {
    /// Runs `prepare` on a new thread, and returns once it is done.
    ///
    /// # Errors
    /// What `prepare` says; [`Error::Config`] where the system gives no thread or `prepare` panics.
    pub fn spawn(
        prepare: impl FnOnce() -> intisari::Result<Cook> + Send + 'static,
        batch: usize,
        metrics: Arc<Metrics>,
    ) -> intisari::Result<Self> {
        // The gate bounds the requests; what they hand in one after the other need not lie here in heaps.
        let (jobs, queue) = mpsc::channel(batch.max(1));
        let (ready, is_ready) = blocking::channel();
        let owner = move || match prepare() {
            Ok(cook) => {
                if ready.send(Ok(())).is_ok() {
                    Owner { cook, pipelines: HashMap::new(), batch, metrics }.run(queue);
                }
            }
            Err(error) => drop(ready.send(Err(error))),
        };
        thread::Builder::new().name("intisari".to_owned()).spawn(owner).map_err(|error| {
            Error::config(format!("no thread for the models: {error}"), "end other work of this machine")
        })?;
        is_ready.recv().unwrap_or_else(|_| {
            Err(Error::config("loading the models panicked", "report this with what was printed before"))
        })?;
        Ok(Worker { jobs })
    }

    /// Hands an article in, and waits while the thread is behind. Whoever drops the receiver does not want it any more. Its English must
    /// use `terms`, and those of the pipeline for other words.
    pub async fn submit(
        &self,
        recipe: Recipe,
        terms: Option<Arc<Glossary>>,
        article: Article,
    ) -> oneshot::Receiver<Outcome> {
        let (reply, receiver) = oneshot::channel();
        // Where the thread has ended, the job and its sender are dropped, and the receiver says so.
        drop(self.jobs.send(Job { recipe, terms, article, reply, since: Instant::now() }).await);
        receiver
    }
}

struct Owner {
    cook: Cook,
    pipelines: HashMap<Recipe, Pipeline>,
    batch: usize,
    metrics: Arc<Metrics>,
}

impl Owner {
    fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        let mut waiting = VecDeque::new();
        while let Some(first) = waiting.pop_front().or_else(|| queue.blocking_recv()) {
            while waiting.len() < self.batch {
                let Ok(next) = queue.try_recv() else { break };
                waiting.push_back(next);
            }
            let (recipe, terms) = (first.recipe, first.terms.clone());
            let (mut alike, others): (Vec<Job>, Vec<Job>) = std::iter::once(first)
                .chain(waiting.drain(..))
                .partition(|job| job.recipe == recipe && job.terms == terms);
            // What does not fit into the batch goes first next time.
            waiting.extend(alike.split_off(self.batch.min(alike.len())));
            waiting.extend(others);
            let (left, wanted): (Vec<Job>, Vec<Job>) =
                alike.into_iter().partition(|job| job.reply.is_closed());
            self.metrics.abandoned.inc_by(left.len() as u64);
            if !wanted.is_empty() {
                self.work(recipe, terms.as_deref(), wanted);
            }
        }
    }

    fn work(&mut self, recipe: Recipe, terms: Option<&Glossary>, jobs: Vec<Job>) {
        let mut articles = Vec::with_capacity(jobs.len());
        let mut replies = Vec::with_capacity(jobs.len());
        self.metrics.batch.observe(jobs.len() as f64);
        for job in jobs {
            self.metrics.waited.observe(job.since.elapsed().as_secs_f64());
            articles.push(job.article);
            replies.push(job.reply);
        }
        // Work ends at the next step once nobody waits for any of it.
        let wanted = |_| match replies.iter().all(oneshot::Sender::is_closed) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        let outcomes = self.outcomes(recipe, terms, &articles, Progress::new(&wanted));
        for (reply, outcome) in replies.into_iter().zip(outcomes) {
            self.metrics.articles(recipe.task, &outcome);
            // A client that no longer waits is no error.
            drop(reply.send(outcome));
        }
    }

    /// An outcome for each article. After a panic they are done one by one, so that it costs only the article that it is about.
    fn outcomes(
        &mut self,
        recipe: Recipe,
        terms: Option<&Glossary>,
        articles: &[Article],
        progress: Progress<'_>,
    ) -> Vec<Outcome> {
        let pipeline = match self.pipeline(recipe) {
            Ok(pipeline) => pipeline,
            Err(error) => return refused(&error, articles.len()),
        };
        let run = || match terms {
            Some(terms) => {
                pipeline.run_batch_with_terms(articles, &both(terms, pipeline.glossary()), progress)
            }
            None => pipeline.run_batch_with(articles, progress),
        };
        if let Ok(outcomes) = catch_unwind(AssertUnwindSafe(run)) {
            return outcomes;
        }
        // What a panic left half done is not used again.
        self.pipelines.remove(&recipe);
        match articles {
            [article] => vec![Err(Error::Backend {
                stage: intisari::Stage::Check,
                message: format!("`{}` was lost in a panic", article.id),
            })],
            several => {
                let alone = |article| {
                    self.outcomes(recipe, terms, std::slice::from_ref(article), progress).into_iter()
                };
                several.iter().flat_map(alone).collect()
            }
        }
    }

    fn pipeline(&mut self, recipe: Recipe) -> intisari::Result<&Pipeline> {
        // Recipes are few: tasks, and numbers of sentences up to the limit of the options.
        if !self.pipelines.contains_key(&recipe) {
            let pipeline = (self.cook)(recipe)?;
            self.pipelines.insert(recipe, pipeline);
        }
        let missing = || Error::config("the pipeline was not kept", "report this");
        self.pipelines.get(&recipe).ok_or_else(missing)
    }
}

/// The terms of a request, and those of the service for other words.
fn both(terms: &Glossary, own: Option<&Glossary>) -> Glossary {
    let asked: Vec<&GlossaryEntry> = terms.entries().collect();
    let own = own.into_iter().flat_map(Glossary::entries);
    let others = own.filter(|entry| asked.iter().all(|asked| asked.source != entry.source));
    let entries = asked.iter().copied().chain(others).cloned();
    // Both were checked, and no word is in them twice.
    Glossary::new(entries).unwrap_or_else(|_| terms.clone())
}

/// The same refusal for each article; errors are no values that can be copied.
fn refused(error: &Error, articles: usize) -> Vec<Outcome> {
    let (message, fix) = match error {
        Error::Config { message, fix } => (message.clone(), fix.clone()),
        error => (error.to_string(), "see the message".to_owned()),
    };
    (0..articles).map(|_| Err(Error::config(message.clone(), fix.clone()))).collect()
}
