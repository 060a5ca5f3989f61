//! Options of a pipeline.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Which sentences are put into English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TranslationScope {
    /// All of them.
    #[default]
    All,
    /// Those of the summary, or those that a written summary was made from: several times faster.
    Summary,
}

/// Options of a pipeline; the defaults suit news articles on a laptop.
///
/// ```
/// let options = intisari::pipeline::Options::default().with_batch_articles(32);
/// assert_eq!(options.batch_articles, 32);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Options {
    /// Which sentences are translated, where there is a translator. Default: all.
    pub translate: TranslationScope,
    /// Whether names that were found in one place of an article are marked where they were missed in another
    /// ([`with_repeats`](crate::ner::with_repeats)), where the recognizer wants that. Default: yes.
    pub repeat_names: bool,
    /// Whether dates, clock times, sums, measures, coordinates and verdicts (`[SALAH]`) that the translator copied are written for English readers
    /// ([`for_english_readers`](crate::translate::for_english_readers)). Default: yes.
    pub english_dates: bool,
    /// Articles that are worked on together at most, however many are handed in; more is faster and takes more memory. Default: 8.
    pub batch_articles: usize,
    /// Bytes of an article at most; a longer one is refused with an error. Default: 16 MiB.
    pub max_article_bytes: usize,
    /// Seconds that an article may take. A batch of n articles may take n times as long in all; how it is shared does not matter. A batch that
    /// takes longer is stopped, and its articles are digested one by one; one that takes longer alone fails
    /// with [`Error::TimeLimit`]. With [`batch_articles`](Self::batch_articles) at 1 each is held to the limit. Looked at whenever
    /// a stage ends or reports progress: the built-in ones do between the steps of their models, one that is silent is not reached. Default: no
    /// limit.
    pub max_article_seconds: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            translate: TranslationScope::All,
            repeat_names: true,
            english_dates: true,
            batch_articles: 8,
            max_article_bytes: 16 << 20,
            max_article_seconds: None,
        }
    }
}

impl Options {
    /// With other sentences translated.
    pub fn with_translate(mut self, translate: TranslationScope) -> Self {
        self.translate = translate;
        self
    }

    /// With or without names marked again where they were missed.
    pub fn with_repeat_names(mut self, repeat_names: bool) -> Self {
        self.repeat_names = repeat_names;
        self
    }

    /// With dates and measures written for English readers, or left as the translator copied them.
    pub fn with_english_dates(mut self, english_dates: bool) -> Self {
        self.english_dates = english_dates;
        self
    }

    /// With another number of articles that are worked on together.
    pub fn with_batch_articles(mut self, batch_articles: usize) -> Self {
        self.batch_articles = batch_articles;
        self
    }

    /// With another limit for the length of an article.
    pub fn with_max_article_bytes(mut self, max_article_bytes: usize) -> Self {
        self.max_article_bytes = max_article_bytes;
        self
    }

    /// With a limit for the time of an article, or none.
    pub fn with_max_article_seconds(mut self, max_article_seconds: Option<u32>) -> Self {
        self.max_article_seconds = max_article_seconds;
        self
    }

    /// Says whether the values make sense.
    ///
    /// # Errors
    /// [`Error::Config`] naming the field.
    pub fn validate(&self) -> Result<()> {
        for (name, value) in
            [("batch_articles", self.batch_articles), ("max_article_bytes", self.max_article_bytes)]
        {
            if value == 0 {
                return Err(Error::config(format!("`{name}` is 0"), "set it to 1 or more"));
            }
        }
        if self.max_article_seconds == Some(0) {
            return Err(Error::config("`max_article_seconds` is 0", "set it to 1 or more, or leave it out"));
        }
        Ok(())
    }
}
