//! Finds names, dates and quantities, and groups the mentions of one thing.

mod around;
#[cfg(feature = "native")]
mod batch;
mod cluster;
#[cfg(feature = "native")]
mod decode;
#[cfg(feature = "native")]
mod encoder;
#[cfg(feature = "native")]
mod first_piece;
#[cfg(feature = "native")]
mod labels;
mod merge;
mod options;
#[cfg(feature = "native")]
mod pieces;
pub mod quantity;
mod repeat;
mod rule;
#[cfg(feature = "native")]
mod tokenizer;
mod vote;
#[cfg(feature = "native")]
mod window;
mod words;

use jiff::civil::Date;

#[cfg(feature = "native")]
pub use batch::BatchLimits;
pub use cluster::group;
#[cfg(feature = "native")]
pub use decode::WordSpan;
#[cfg(feature = "native")]
pub use encoder::EncoderRecognizer;
pub use options::{RecognizerOptions, Scheme};
pub use repeat::with_repeats;
pub use rule::RuleRecognizer;
#[cfg(feature = "native")]
pub use window::WindowLimits;
pub use words::words;

use crate::document::{Label, ModelRef, Sentence, Span, Value};
use crate::error::Result;
use crate::pointers::through_pointers;
use crate::progress::Progress;
use crate::text::type_name;

/// A text and its sentences.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct SentencedText<'a> {
    /// The article's text as it reads: its own, unless that has tags, codes or broken lines ([`reading`](crate::reading)).
    pub text: &'a str,
    /// Its sentences.
    pub sentences: &'a [Sentence],
    /// The article's day of publication, where known; `19/2` and `kemarin` are resolved against it.
    pub date: Option<Date>,
}

impl<'a> SentencedText<'a> {
    /// `text` and its `sentences`; its day of publication is not known.
    pub fn new(text: &'a str, sentences: &'a [Sentence]) -> Self {
        SentencedText { text, sentences, date: None }
    }

    /// With the day of publication, where known.
    pub fn with_date(mut self, date: Option<Date>) -> Self {
        self.date = date;
        self
    }
}

/// A mention as a recognizer finds it, not yet grouped.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Mention {
    /// Where; inside its sentence.
    pub span: Span,
    /// What it is.
    pub label: Label,
    /// Confidence, 0 to 1.
    pub score: f32,
    /// Index of its sentence.
    pub sentence: usize,
    /// Normalized value, for dates and quantities.
    pub value: Option<Value>,
}

impl Mention {
    /// A mention without a value.
    pub fn new(span: Span, label: Label, score: f32, sentence: usize) -> Self {
        Mention { span, label, score, sentence, value: None }
    }

    /// With a normalized value.
    pub fn with_value(mut self, value: Value) -> Self {
        self.value = Some(value);
        self
    }
}

/// What one pass over a text gives.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Recognition {
    /// Ordered by start, disjoint.
    pub mentions: Vec<Mention>,
    /// One score per sentence, higher is more worth telling; where the model has a head for it.
    pub salience: Option<Vec<f32>>,
}

impl Recognition {
    /// Mentions without salience.
    pub fn new(mentions: Vec<Mention>) -> Self {
        Recognition { mentions, salience: None }
    }

    /// With one score per sentence.
    pub fn with_salience(mut self, salience: Vec<f32>) -> Self {
        self.salience = Some(salience);
        self
    }

    /// Together with what another recognizer found in the same `text`, so that mentions are ordered and disjoint, as the trait asks.
    ///
    /// A name keeps the date or number within it (`Universitas 17 Agustus`). A date or quantity that reaches beyond a name, or is the
    /// whole of it, takes its place; what is left of the name stays where it is a word. Of two names that overlap the one of
    /// `self` stays, and of one list the earlier in it. Of two dates or quantities the one with a value stays, else the one of `self`. Salience is
    /// that of `self`, else that of `other`.
    ///
    /// A recognizer of one's own that knows names only gets dates and sums so (`examples/own_stage.rs`):
    ///
    /// ```
    /// use intisari::document::{Label, Sentence, Span};
    /// use intisari::ner::{EntityRecognizer, Mention, Recognition, RuleRecognizer, SentencedText};
    /// use intisari::Progress;
    ///
    /// let text = "Universitas 17 Agustus dibuka pada 3 Mei 2024.";
    /// let sentences = [Sentence::new(Span::whole(text), 0)];
    /// let rules = RuleRecognizer.recognize(&[SentencedText::new(text, &sentences)], Progress::none())?.remove(0);
    /// let name = Mention::new(Span::new(text, 0, 22)?, Label::Org, 1.0, 0);
    /// let found = Recognition::new(vec![name]).merged_with(rules, text)?;
    /// let shown: Vec<_> = found.mentions.iter().map(|mention| mention.span.of(text)).collect();
    /// assert_eq!(shown, ["Universitas 17 Agustus", "3 Mei 2024"]);
    /// # Ok::<(), intisari::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Span`](crate::Error::Span) where a mention is no part of `text`: both must be of this very text, not of a sentence.
    pub fn merged_with(self, other: Recognition, text: &str) -> Result<Self> {
        for mention in self.mentions.iter().chain(&other.mentions) {
            mention.span.check(text)?;
        }
        Ok(Recognition {
            mentions: merge::merge_found(text, self.mentions, other.mentions),
            salience: self.salience.or(other.salience),
        })
    }
}

/// Finds entities in sentences.
///
/// Types of one's own are not possible: a [`Label`] is one of those that documents, scores and forms of output know. Give a thing the label that
/// is nearest ([`Label::Evt`], say, which no built-in model uses) and tell by the name of its cluster what it is; or leave it out here and
/// look for it in the sentences of the finished [`Document`](crate::Document), whose spans are those of the article.
///
/// Rules: spans are byte offsets of the text as it reads, on boundaries of characters ([`Span::new`] sees to that); mentions are
/// ordered and disjoint; each covers something, without white space at its ends, and lies in the sentence that it names; scores lie from
/// 0 to 1; values are possible ones of what the label says, and names have none; salience, where given, has one finite score per sentence. A pipeline refuses what breaks them
/// ([`Error::Contract`](crate::Error::Contract)).
///
/// A stage has to [report](Progress::report) how far it is, after each piece of its work, and to return the error that it gets where
/// somebody asks to stop. One that is silent cannot be stopped, and
/// [`max_article_seconds`](crate::pipeline::Options::max_article_seconds) does not reach into it: it runs to its end, and the
/// article fails afterwards. What it reports in a pipeline counts as progress of this stage, whichever it names, and never as more than
/// all of it.
///
/// Errors need not name articles; the pipeline does. A panic is not caught: it goes on to whoever runs the pipeline, and ends a
/// [`Worker`](crate::pipeline::Worker).
///
/// `examples/own_stage.rs` has a recognizer of the names of a list.
pub trait EntityRecognizer {
    /// Returns one [`Recognition`] per text, in order.
    ///
    /// # Errors
    /// [`Error::stage`](crate::Error::stage), or [`Error::stage_from`](crate::Error::stage_from) with an error of your own, where it cannot do
    /// its work; what [`Progress::report`] says where the callback asks to stop. After an error that is no cancel a pipeline digests the articles of
    /// the batch one by one, so that a remote service is asked again for each; a batch of one
    /// is not repeated.
    fn recognize(&self, texts: &[SentencedText<'_>], progress: Progress<'_>) -> Result<Vec<Recognition>>;

    /// Whether names that it missed in one place of an article should be marked where they were found in another
    /// ([`with_repeats`]); [`Options::repeat_names`](crate::pipeline::Options::repeat_names) can switch it off. One that finds
    /// no names, or is sure of all, says no. Default: no.
    fn repeats_names(&self) -> bool {
        false
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
    /// A recognizer around another one says those of that one too, and its [`model`](Self::model): nobody else records them.
    fn options(&self) -> serde_json::Value {
        serde_json::Value::Null
    }
}

through_pointers!(EntityRecognizer {
    fn recognize(&self, texts: &[SentencedText<'_>], progress: Progress<'_>) -> Result<Vec<Recognition>>;
    fn repeats_names(&self) -> bool;
    fn name(&self) -> String;
    fn model(&self) -> Option<ModelRef>;
    fn options(&self) -> serde_json::Value;
});
