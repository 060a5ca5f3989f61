//! The thread that owns the models: takes what waits, batches what is alike, drops what nobody waits for.

use std::collections::{HashMap, HashSet, VecDeque};
use std::ops::ControlFlow;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{mpsc as blocking, Arc};
use std::thread;
use std::time::Instant;

use intisari::translate::Glossary;
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
        let wanted = |_| still_wanted(&replies);
        let outcomes = self.together(recipe, terms, &articles, Progress::new(&wanted));
        let outcomes = outcomes.unwrap_or_else(|| self.alone(recipe, terms, &articles, &replies));
        for (reply, outcome) in replies.into_iter().zip(outcomes) {
            self.metrics.articles(recipe.task, &outcome);
            // A client that no longer waits is no error.
            drop(reply.send(outcome));
        }
    }

    /// The outcomes of articles that are done together; `None` where a stage panicked, in which case nobody knows over which article.
    /// Stages keep nothing between calls, and what is around them is built anew.
    fn together(
        &mut self,
        recipe: Recipe,
        terms: Option<&Glossary>,
        articles: &[Article],
        progress: Progress<'_>,
    ) -> Option<Vec<Outcome>> {
        let pipeline = match self.pipeline(recipe) {
            Ok(pipeline) => pipeline,
            Err(error) => return Some(refused(&error, articles.len())),
        };
        let run = || match terms {
            Some(terms) => {
                pipeline.run_batch_with_terms(articles, &both(terms, pipeline.glossary()), progress)
            }
            None => pipeline.run_batch_with(articles, progress),
        };
        let outcomes = catch_unwind(AssertUnwindSafe(run)).ok();
        if outcomes.is_none() {
            self.pipelines.remove(&recipe);
        }
        outcomes
    }

    /// The outcomes after a panic: articles one by one, so that it costs only the one that it is about.
    fn alone(
        &mut self,
        recipe: Recipe,
        terms: Option<&Glossary>,
        articles: &[Article],
        replies: &[oneshot::Sender<Outcome>],
    ) -> Vec<Outcome> {
        let lost = |article: &Article| {
            let message = format!("`{}` was lost in a panic", article.id);
            Err(Error::Backend { stage: intisari::Stage::Check, message })
        };
        if let [article] = articles {
            return vec![lost(article)];
        }
        let one = |(article, reply): (&Article, &oneshot::Sender<Outcome>)| {
            let wanted = |_| still_wanted(std::slice::from_ref(reply));
            let outcomes =
                self.together(recipe, terms, std::slice::from_ref(article), Progress::new(&wanted));
            outcomes.and_then(|mut outcomes| outcomes.pop()).unwrap_or_else(|| lost(article))
        };
        articles.iter().zip(replies).map(one).collect()
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

/// Ends work at the next step once nobody waits for any of it.
fn still_wanted(replies: &[oneshot::Sender<Outcome>]) -> ControlFlow<()> {
    match replies.iter().all(oneshot::Sender::is_closed) {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    }
}

/// The terms of a request, and those of the service for other words.
fn both(terms: &Glossary, own: Option<&Glossary>) -> Glossary {
    let asked: HashSet<String> = terms.entries().map(|entry| entry.source.to_lowercase()).collect();
    let own = own.into_iter().flat_map(Glossary::entries);
    let others = own.filter(|entry| !asked.contains(&entry.source.to_lowercase()));
    #[expect(clippy::expect_used, reason = "both were checked, and no word is in both")]
    Glossary::new(terms.entries().chain(others).cloned()).expect("entries of two glossaries")
}

/// The same refusal for each article; errors are no values that can be copied.
fn refused(error: &Error, articles: usize) -> Vec<Outcome> {
    let (message, fix) = match error {
        Error::Config { message, fix } => (message.clone(), fix.clone()),
        error => (error.to_string(), "see the message".to_owned()),
    };
    (0..articles).map(|_| Err(Error::config(message.clone(), fix.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_of_a_request_go_before_those_of_the_service() {
        let own = Glossary::from_tsv("Dinas Kesehatan\tHealth Agency\npenyintas\tsurvivor\n").unwrap();
        let asked = Glossary::from_tsv("dinas kesehatan\thealth office\n").unwrap();
        let targets = |glossary: &Glossary| -> Vec<String> {
            glossary.find("Penyintas di Dinas Kesehatan.").into_iter().map(|term| term.target).collect()
        };
        assert_eq!(targets(&both(&asked, Some(&own))), ["survivor", "health office"]);
        assert_eq!(targets(&both(&asked, None)), ["health office"]);
    }
}
