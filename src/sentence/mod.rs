//! Cuts kept text into sentences and sub-headings.

mod boundary;
mod items;
mod layout;
mod quotes;
mod rules;
mod stop;

pub(crate) use boundary::{ends, is_closed};
pub(crate) use items::is_item;
pub use rules::RuleSplitter;
pub(crate) use rules::LONGEST;

use crate::document::{ModelRef, Sentence, Span};
use crate::error::Result;
use crate::pointers::through_pointers;
use crate::progress::Progress;
use crate::text::type_name;

/// A text and the parts of it that cleaning kept (ordered, disjoint).
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct KeptText<'a> {
    /// The article's text as it reads: its own, unless that has tags, codes or broken lines ([`reading`](crate::reading)).
    pub text: &'a str,
    /// What cleaning kept of it.
    pub kept: &'a [Span],
}

impl<'a> KeptText<'a> {
    /// `kept` parts of `text`.
    pub fn new(text: &'a str, kept: &'a [Span]) -> Self {
        KeptText { text, kept }
    }
}

/// Finds sentences.
///
/// Rules: spans are byte offsets of the text as it reads, on boundaries of characters ([`Span::new`] sees to that); sentences are
/// ordered, disjoint and not blank, without white space at their ends; paragraphs never decrease; each kept character that is no white
/// space lies in a sentence, and no removed one does. A pipeline refuses what breaks them
/// ([`Error::Contract`](crate::Error::Contract)). A line break that is left ends a line as the writer meant it: where a text was wrapped to a
/// width, a splitter gets its lines joined ([`reading`](crate::reading)).
///
/// A splitter that takes a while has to [report](Progress::report) how far it is, in [`split_with`](Self::split_with), after each piece of its
/// work, and to return the error that it gets where somebody asks to stop. One that is silent cannot be stopped, and
/// [`max_article_seconds`](crate::pipeline::Options::max_article_seconds) does not reach into it: it runs to its end, and the
/// article fails afterwards. What it reports in a pipeline counts as progress of this stage, whichever it names, and never as more than
/// all of it.
///
/// Errors need not name articles; the pipeline does. A panic is not caught: it goes on to whoever runs the pipeline, and ends a
/// [`Worker`](crate::pipeline::Worker).
///
/// For text that has a sentence a line:
///
/// ```
/// use intisari::document::Sentence;
/// use intisari::sentence::{KeptText, SentenceSplitter};
/// use intisari::{Article, Pipeline, Result};
///
/// struct Lines;
///
/// impl SentenceSplitter for Lines {
///     fn split(&self, texts: &[KeptText<'_>]) -> Result<Vec<Vec<Sentence>>> {
///         let mut all = Vec::with_capacity(texts.len());
///         for KeptText { text, kept, .. } in texts {
///             let mut sentences = Vec::new();
///             for part in *kept {
///                 let mut at = 0;
///                 for line in part.of(text).split_inclusive('\n') {
///                     let span = part.inner(text, at, at + line.len())?.trimmed(text);
///                     at += line.len();
///                     if !span.is_empty() {
///                         sentences.push(Sentence::new(span, 0)); // all in one paragraph
///                     }
///                 }
///             }
///             all.push(sentences);
///         }
///         Ok(all)
///     }
/// }
///
/// let pipeline = Pipeline::builder().splitter(Lines).build()?;
/// assert_eq!(pipeline.run(&Article::new("a1", "Hujan turun di Ende.\n\nWarga mengungsi."))?.sentences.len(), 2);
/// # Ok::<(), intisari::Error>(())
/// ```
pub trait SentenceSplitter {
    /// Returns one list of sentences per text, in order. Empty texts give empty lists.
    ///
    /// # Errors
    /// [`Error::stage`](crate::Error::stage), or [`Error::stage_from`](crate::Error::stage_from) with an error of your own, where an
    /// implementation can fail; rules cannot. After an error a pipeline digests the articles of the batch one by one, so that a remote service
    /// is asked again for each; a batch of one
    /// is not repeated.
    fn split(&self, texts: &[KeptText<'_>]) -> Result<Vec<Vec<Sentence>>>;

    /// As [`split`](Self::split), for a splitter that takes a while, with a model say: it [reports](Progress::report) how far it is, and
    /// can be stopped where it does. Pipelines call this; the default is silent.
    ///
    /// # Errors
    /// As [`split`](Self::split); what [`Progress::report`] says where the callback asks to stop.
    fn split_with(&self, texts: &[KeptText<'_>], progress: Progress<'_>) -> Result<Vec<Vec<Sentence>>> {
        let _ = progress;
        self.split(texts)
    }

    /// What does the work, for provenance and errors, never blank; by default the name of the type.
    fn name(&self) -> String {
        type_name::<Self>()
    }

    /// The model that does the work, where there is one; [`ModelRef::new`] says what may stand in it. Default: none.
    fn model(&self) -> Option<ModelRef> {
        None
    }

    /// The settings that its results depend on besides the model, as JSON; null where there are none.
    /// A splitter around another one says those of that one too, and its [`model`](Self::model): nobody else records them.
    fn options(&self) -> serde_json::Value {
        serde_json::Value::Null
    }
}

through_pointers!(SentenceSplitter {
    fn split(&self, texts: &[KeptText<'_>]) -> Result<Vec<Vec<Sentence>>>;
    fn split_with(&self, texts: &[KeptText<'_>], progress: Progress<'_>) -> Result<Vec<Vec<Sentence>>>;
    fn name(&self) -> String;
    fn model(&self) -> Option<ModelRef>;
    fn options(&self) -> serde_json::Value;
});
