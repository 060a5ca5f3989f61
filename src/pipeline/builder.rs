//! Puts stages together.

use super::{Options, Pipeline, TranslationScope};
use crate::clean::Cleaner;
use crate::error::{Error, Result};
use crate::ner::EntityRecognizer;
use crate::sentence::SentenceSplitter;
use crate::summarize::Summarizer;
use crate::translate::{Glossary, Translator};

/// Collects the stages of a [`Pipeline`]; each may be left out where no later one needs it. One that several pipelines use is handed to each
/// in an `Arc`, or an `Arc<Mutex<…>>` where it is not `Sync`. With a mutex they take turns: the time spent waiting for another pipeline's turn
/// counts against [`max_article_seconds`](Options::max_article_seconds) and cannot be stopped.
#[derive(Default)]
pub struct PipelineBuilder {
    cleaner: Option<Box<dyn Cleaner + Send>>,
    splitter: Option<Box<dyn SentenceSplitter + Send>>,
    recognizer: Option<Box<dyn EntityRecognizer + Send>>,
    translator: Option<Box<dyn Translator + Send>>,
    summarizer: Option<Box<dyn Summarizer + Send>>,
    glossary: Option<Glossary>,
    options: Options,
}

/// Why terms are refused where nothing translates.
pub(super) fn useless_glossary() -> Error {
    Error::config("a glossary is of use to a translation", "add a translator, or leave the glossary out")
}

impl PipelineBuilder {
    /// Marks boilerplate. Leave it out for texts that are clean already.
    pub fn cleaner(mut self, cleaner: impl Cleaner + Send + 'static) -> Self {
        self.cleaner = Some(Box::new(cleaner));
        self
    }

    /// Finds sentences; all later stages need it.
    pub fn splitter(mut self, splitter: impl SentenceSplitter + Send + 'static) -> Self {
        self.splitter = Some(Box::new(splitter));
        self
    }

    /// Finds entities (and salience, where it has a head for it).
    pub fn recognizer(mut self, recognizer: impl EntityRecognizer + Send + 'static) -> Self {
        self.recognizer = Some(Box::new(recognizer));
        self
    }

    /// Puts sentences into English; the slowest stage by far.
    pub fn translator(mut self, translator: impl Translator + Send + 'static) -> Self {
        self.translator = Some(Box::new(translator));
        self
    }

    /// Chooses or writes the summary. Chosen sentences stay Indonesian without a translator; what is written stays as it is.
    pub fn summarizer(mut self, summarizer: impl Summarizer + Send + 'static) -> Self {
        self.summarizer = Some(Box::new(summarizer));
        self
    }

    /// Terms that the translation of every article must use; [`Pipeline::run_with_terms`], [`Pipeline::run_batch_with_terms`] and
    /// [`Worker::submit_with_terms`](super::Worker::submit_with_terms) take others for their articles.
    pub fn glossary(mut self, glossary: Glossary) -> Self {
        self.glossary = Some(glossary);
        self
    }

    /// Other options than the default ones.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Checks that the stages fit together.
    ///
    /// # Errors
    /// [`Error::Config`] saying which stage is missing for which, or which option makes no sense.
    pub fn build(self) -> Result<Pipeline> {
        self.options.validate()?;
        let needs_sentences =
            self.recognizer.is_some() || self.translator.is_some() || self.summarizer.is_some();
        if needs_sentences && self.splitter.is_none() {
            return Err(Error::config("entities, translation and summary need sentences", "add a splitter"));
        }
        if let Some(summarizer) = &self.summarizer {
            if summarizer.needs_translation() && self.translator.is_none() {
                return Err(Error::config("this summarizer reads English", "add a translator"));
            }
            if summarizer.needs_translation() && self.options.translate == TranslationScope::Summary {
                return Err(Error::config(
                    "this summarizer reads the whole translation, but only the summary is to be translated",
                    "set `translate` to `all`",
                ));
            }
        } else if self.translator.is_some() && self.options.translate == TranslationScope::Summary {
            return Err(Error::config(
                "only the summary is to be translated, but nothing makes one",
                "add a summarizer, or set `translate` to `all`",
            ));
        }
        if self.glossary.as_ref().is_some_and(|glossary| !glossary.is_empty()) && self.translator.is_none() {
            return Err(useless_glossary());
        }
        Ok(Pipeline {
            cleaner: self.cleaner,
            splitter: self.splitter,
            recognizer: self.recognizer,
            translator: self.translator,
            summarizer: self.summarizer,
            glossary: self.glossary.filter(|glossary| !glossary.is_empty()),
            options: self.options,
        })
    }
}
