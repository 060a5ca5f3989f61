//! Options of a pipeline.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Which sentences are put into English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// All of them.
    #[default]
    All,
    /// Those of the summary: several times faster.
    Summary,
}

/// Options of a pipeline; the defaults suit news articles on a laptop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Which sentences are translated, where there is a translator.
    pub translate: Scope,
    /// Whether names that were found in one place of an article are marked where they were missed in another
    /// ([`with_repeats`](crate::ner::with_repeats)).
    pub repeat_names: bool,
    /// Articles that are worked on together; more is faster and takes more memory.
    pub batch_articles: usize,
    /// Bytes of an article at most; a longer one is refused with an error.
    pub max_article_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options { translate: Scope::All, repeat_names: true, batch_articles: 8, max_article_bytes: 16 << 20 }
    }
}

impl Options {
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
        Ok(())
    }
}
