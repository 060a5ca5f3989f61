//! The stages of the service: every model is loaded once, and stands in the pipelines of all tasks.

use std::sync::{Arc, Mutex};

use intisari::clean::RuleCleaner;
use intisari::ner::EntityRecognizer;
use intisari::pipeline::{Options, TranslationScope};
use intisari::sentence::RuleSplitter;
use intisari::summarize::{Salience, Summarizer};
use intisari::translate::{Glossary, Translator};
use intisari::{Error, Pipeline, Result};

use super::http::{Cook, Recipe, Task};
use super::ServeArgs;
use crate::stages::{budget, models, Takes, Wanted};

/// A stage that several pipelines of one thread use, never at the same time.
type Shared<T> = Arc<Mutex<T>>;

/// The stages that have models.
#[derive(Default)]
struct Stages {
    recognizer: Option<Shared<dyn EntityRecognizer + Send>>,
    translator: Option<Shared<dyn Translator + Send>>,
    summarizer: Option<Shared<dyn Summarizer + Send>>,
    /// The terms that every translation must use.
    glossary: Option<Glossary>,
}

impl Takes for Stages {
    fn recognizer(self, stage: impl EntityRecognizer + Send + 'static) -> Self {
        Stages { recognizer: Some(Arc::new(Mutex::new(stage))), ..self }
    }

    fn translator(self, stage: impl Translator + Send + 'static) -> Self {
        Stages { translator: Some(Arc::new(Mutex::new(stage))), ..self }
    }

    fn summarizer(self, stage: impl Summarizer + Send + 'static) -> Self {
        Stages { summarizer: Some(Arc::new(Mutex::new(stage))), ..self }
    }
}

/// Loads the models, and tells how pipelines are put together from them.
pub fn prepare(args: ServeArgs) -> Result<Cook> {
    // A build without models still cleans, splits, and finds dates and quantities.
    let wanted = if cfg!(feature = "native") { Wanted::digest(1, false) } else { Wanted::entities() };
    let glossary = args.models.translation.glossary(args.quiet)?;
    let stages = Stages { glossary, ..Stages::default() };
    let stages = models(stages, args.threads, args.quiet, &args.models, wanted)?;
    let (batch, max_text): (usize, u32) = (args.batch.into(), args.max_text);
    Ok(Box::new(move |recipe| pipeline(&stages, batch, max_text, recipe)))
}

fn pipeline(stages: &Stages, batch_articles: usize, max_text: u32, recipe: Recipe) -> Result<Pipeline> {
    let Recipe { task, sentences, fast } = recipe;
    let writes = stages.summarizer.is_some();
    let translate = if fast && !writes { TranslationScope::Summary } else { TranslationScope::All };
    let max_article_bytes = usize::try_from(max_text).unwrap_or(usize::MAX);
    let options = Options::default()
        .with_translate(translate)
        .with_batch_articles(batch_articles)
        .with_max_article_bytes(max_article_bytes);
    let mut builder = Pipeline::builder().options(options);
    if task != Task::TranslateAll {
        builder = builder.cleaner(RuleCleaner::default());
    }
    if task == Task::Clean {
        return builder.build();
    }
    builder = builder.splitter(RuleSplitter::default());
    if task == Task::Split {
        return builder.build();
    }
    let none = || Error::config("this service was built without models", "build it with `--features server`");
    builder = builder.recognizer(stages.recognizer.clone().ok_or_else(none)?);
    if task == Task::Ner {
        return builder.build();
    }
    builder = builder.translator(stages.translator.clone().ok_or_else(none)?);
    if let Some(glossary) = stages.glossary.clone() {
        builder = builder.glossary(glossary);
    }
    if matches!(task, Task::Digest | Task::Summarize) {
        builder = match stages.summarizer.clone() {
            Some(summarizer) => builder.summarizer(summarizer),
            None => builder.summarizer(Salience { budget: budget(sentences) }),
        };
    }
    builder.build()
}
