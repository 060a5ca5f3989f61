//! Runs the stages over articles: one, a batch, or a stream.

mod as_read;
mod batch;
mod builder;
mod contract;
mod intake;
mod options;
mod worker;

pub use builder::PipelineBuilder;
pub use options::{Options, TranslationScope};
pub use worker::{Pending, Worker};

use crate::clean::Cleaner;
use crate::document::{Article, Document, StageRecord};
use crate::error::{Error, Result};
use crate::ner::EntityRecognizer;
use crate::progress::{Progress, Stage};
use crate::sentence::SentenceSplitter;
use crate::summarize::Summarizer;
use crate::translate::{Glossary, Translator};

/// The stages, put together by a [`PipelineBuilder`].
///
/// Stages get an article as it [reads](crate::reading): codes and tags of HTML, what cannot be seen and hard-wrapped lines
/// trouble none of them. The spans of a [`Document`] lie in the article as it came.
///
/// It is `Send` but not `Sync`; [`Worker`] serves many threads from one owner.
///
/// ```
/// use intisari::{clean::RuleCleaner, sentence::RuleSplitter, summarize::Lead, Article, Pipeline};
///
/// let pipeline = Pipeline::builder()
///     .cleaner(RuleCleaner::default())
///     .splitter(RuleSplitter::default())
///     .summarizer(Lead::default())
///     .build()?;
/// let article = Article::new("a1", "Jakarta - Hujan deras turun sejak pagi. Jalan tergenang.\nBaca Juga\n");
/// let document = pipeline.run(&article)?;
/// assert_eq!(document.text(document.sentences[0].span), "Hujan deras turun sejak pagi.");
/// # Ok::<(), intisari::Error>(())
/// ```
pub struct Pipeline {
    cleaner: Option<Box<dyn Cleaner + Send>>,
    splitter: Option<Box<dyn SentenceSplitter + Send>>,
    recognizer: Option<Box<dyn EntityRecognizer + Send>>,
    translator: Option<Box<dyn Translator + Send>>,
    summarizer: Option<Box<dyn Summarizer + Send>>,
    glossary: Option<Glossary>,
    options: Options,
}

impl Pipeline {
    /// An empty builder.
    pub fn builder() -> PipelineBuilder {
        PipelineBuilder::default()
    }

    /// The options it runs with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The steps in the order in which they run.
    pub fn stages(&self) -> Vec<Stage> {
        self.records().into_iter().map(|record| record.stage).chain([Stage::Check]).collect()
    }

    /// What does the work of each stage, in the order in which they run.
    fn records(&self) -> Vec<StageRecord> {
        // The five traits have these methods in common.
        macro_rules! record {
            ($stage:expr, $part:expr) => {
                $part.as_ref().map(|part| StageRecord {
                    stage: $stage,
                    name: part.name(),
                    model: part.model(),
                    options: part.options(),
                })
            };
        }
        let mut last =
            [record!(Stage::Summarize, self.summarizer), record!(Stage::Translate, self.translator)];
        if self.summarizes_english() {
            last.reverse();
        }
        let first = [
            record!(Stage::Clean, self.cleaner),
            record!(Stage::Sentences, self.splitter),
            record!(Stage::Entities, self.recognizer),
        ];
        first.into_iter().chain(last).flatten().collect()
    }

    /// Whether the summary is made of the English or by what is known of it, and so after it.
    fn summarizes_english(&self) -> bool {
        let all = self.translator.is_some() && self.options.translate == TranslationScope::All;
        self.summarizer.as_ref().is_some_and(|summarizer| {
            summarizer.needs_translation() || (all && summarizer.weighs_translation())
        })
    }

    /// Digests one article.
    ///
    /// # Errors
    /// [`Error::Article`], which names the article and holds the reason.
    pub fn run(&self, article: &Article) -> Result<Document> {
        self.run_with(article, Progress::none())
    }

    /// Digests one article and reports progress.
    ///
    /// # Errors
    /// As [`run`](Self::run); the reason is [`Error::Cancelled`] where the callback asks to stop.
    pub fn run_with(&self, article: &Article, progress: Progress<'_>) -> Result<Document> {
        let results = self.run_batch_with(std::slice::from_ref(article), progress);
        batch::next(&mut results.into_iter())
    }

    /// As [`run_with`](Self::run_with), with the terms of `glossary` in the place of the builder's.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with); the reason is [`Error::Config`] where there are terms and this pipeline does not translate.
    pub fn run_with_terms(
        &self,
        article: &Article,
        glossary: &Glossary,
        progress: Progress<'_>,
    ) -> Result<Document> {
        let results = self.run_batch_with_terms(std::slice::from_ref(article), glossary, progress);
        batch::next(&mut results.into_iter())
    }

    /// Digests `articles`, [`Options::batch_articles`] of them together; one result per article, in order. A bad one fails alone, with an
    /// [`Error::Article`]. What the stages need is bounded by the batch, but all results are held: [`run_iter`](Self::run_iter) holds
    /// those of one batch.
    ///
    /// A stage that breaks a rule in batches and keeps it for single articles makes all articles of these batches fail with that
    /// [`Error::Contract`]: no article is to blame, and a stage that is right now and then is not.
    pub fn run_batch(&self, articles: &[Article]) -> Vec<Result<Document>> {
        self.run_batch_with(articles, Progress::none())
    }

    /// As [`run_batch`](Self::run_batch), with progress of each stage over the current batch. Where a batch fails, its articles are
    /// digested one by one, and each stage is heard of again for each.
    ///
    /// Once the callback has asked to stop, nothing more is begun. Articles that were digested by then have their documents; those that
    /// were at work or had not been begun have an [`Error::Article`] within which [`Error::Cancelled`] names the stage that was running
    /// ([`Error::is_cancelled`]). An article that is refused as too long has that error all the same.
    pub fn run_batch_with(&self, articles: &[Article], progress: Progress<'_>) -> Vec<Result<Document>> {
        batch::run(self, articles, self.glossary.as_ref(), progress)
    }

    /// The terms of the builder, where it was given any.
    pub fn glossary(&self) -> Option<&Glossary> {
        self.glossary.as_ref()
    }

    /// As [`run_batch_with`](Self::run_batch_with), with the terms of `glossary` in the place of the builder's. Where this pipeline does
    /// not translate, terms are of no use, and each article fails with an [`Error::Config`].
    pub fn run_batch_with_terms(
        &self,
        articles: &[Article],
        glossary: &Glossary,
        progress: Progress<'_>,
    ) -> Vec<Result<Document>> {
        let glossary = Some(glossary).filter(|glossary| !glossary.is_empty());
        if glossary.is_some() && self.translator.is_none() {
            let refused = |article: &Article| Err(builder::useless_glossary().of_article(&article.id));
            return articles.iter().map(refused).collect();
        }
        batch::run(self, articles, glossary, progress)
    }

    /// Digests a stream lazily: takes [`Options::batch_articles`] articles at a time, gives one result per
    /// article in their order, and holds no more than one batch in memory.
    pub fn run_iter<'a, I>(&'a self, articles: I) -> impl Iterator<Item = Result<Document>> + 'a
    where
        I: IntoIterator<Item = Article>,
        I::IntoIter: 'a,
    {
        self.run_iter_with(articles, Progress::none())
    }

    /// As [`run_iter`](Self::run_iter), with progress of each stage over the current batch. Where the callback asks to stop,
    /// the stream ends with one error, which names the first article that was not digested
    /// ([`Error::is_cancelled`]); nothing more is read than the batch that was taken when it asked. Go on by the ids of what came out. That article did not fail: leave out `is_cancelled()` errors where you write
    /// results, as the example of [`write_json_line`](crate::output::write_json_line) does.
    pub fn run_iter_with<'a, I>(
        &'a self,
        articles: I,
        progress: Progress<'a>,
    ) -> impl Iterator<Item = Result<Document>> + 'a
    where
        I: IntoIterator<Item = Article>,
        I::IntoIter: 'a,
    {
        self.try_run_iter(articles.into_iter().map(Ok), progress)
    }

    /// As [`run_iter_with`](Self::run_iter_with) for a stream whose reading can fail: an error takes its place in the
    /// results, between those of its neighbors. Leave out `is_cancelled()` errors where you write results; so let `E` tell them apart.
    pub fn try_run_iter<'a, I, E>(
        &'a self,
        articles: I,
        progress: Progress<'a>,
    ) -> impl Iterator<Item = Result<Document, E>> + 'a
    where
        I: IntoIterator<Item = Result<Article, E>>,
        I::IntoIter: 'a,
        E: From<Error> + 'a,
    {
        let mut articles = articles.into_iter().fuse();
        let mut ready = std::collections::VecDeque::new();
        let mut stopped = false;
        std::iter::from_fn(move || {
            if ready.is_empty() && !stopped {
                let (mut batch, mut order) = (Vec::new(), Vec::new());
                for article in articles.by_ref().take(self.options.batch_articles) {
                    order.push(article.map(|article| batch.push(article)).err());
                }
                let mut results = self.run_batch_with(&batch, progress).into_iter();
                for failed in order {
                    let result = failed.map_or_else(|| Ok(batch::next(&mut results)), Err);
                    stopped = matches!(&result, Ok(Err(error)) if error.is_cancelled());
                    ready.push_back(result.and_then(|result| result.map_err(E::from)));
                    if stopped {
                        break;
                    }
                }
            }
            ready.pop_front()
        })
    }
}

impl std::fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pipeline")
            .field("cleaner", &self.cleaner.is_some())
            .field("splitter", &self.splitter.is_some())
            .field("recognizer", &self.recognizer.is_some())
            .field("translator", &self.translator.is_some())
            .field("summarizer", &self.summarizer.is_some())
            .field("glossary", &self.glossary.as_ref().map(|glossary| glossary.entries().len()))
            .field("options", &self.options)
            .finish()
    }
}
