//! Turns Indonesian segments into English ones.

mod check;
mod confidence;
mod dates;
mod glossary;
mod known;
mod likelihood;
#[cfg(feature = "native")]
pub(crate) mod model;
mod repetition;
mod tidy;
mod units;
mod verbatim;

pub use check::check;
pub(crate) use check::{comparable, unfounded};
pub use confidence::Evidence;
pub use dates::for_english_readers;
pub use glossary::{Glossary, GlossaryEntry, Term};
pub use likelihood::Likelihood;
#[cfg(feature = "native")]
pub use model::gemma::{GemmaTranslator, TranslatorFiles, TranslatorOptions};
#[cfg(feature = "torch")]
pub use model::seq2seq::Seq2SeqTranslator;
#[cfg(feature = "torch")]
pub(crate) use model::{cut, without_loop};

#[cfg(feature = "torch")]
pub use crate::seq2seq::writer::Seq2SeqOptions;

use crate::document::{Flag, ModelRef};
use crate::error::Result;
use crate::pointers::through_pointers;
use crate::progress::Progress;
use crate::text::type_name;

/// Why generation ended; of two reasons the greater is the worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Stop {
    /// The model said that it is done.
    End,
    /// The limit of tokens was reached; the text may be cut.
    Limit,
    /// The model repeated itself without end; the text is cut after the first round.
    Loop,
}

/// The English of one segment.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Translated {
    /// English, on one line, trimmed.
    pub text: String,
    /// Why generation ended.
    pub stop: Stop,
    /// What the translator itself doubts, and source and English alone do not show.
    pub flags: Vec<Flag>,
    /// How likely the model found its words, where it tells.
    pub likelihood: Option<Likelihood>,
}

impl Translated {
    /// English that the translator does not doubt.
    pub fn new(text: impl Into<String>, stop: Stop) -> Self {
        Translated { text: text.into(), stop, flags: Vec::new(), likelihood: None }
    }

    /// The English, with what the translator itself doubts.
    pub fn with_flags(self, flags: Vec<Flag>) -> Self {
        Translated { flags, ..self }
    }

    /// The English, with how likely the model found its words.
    pub fn with_likelihood(self, likelihood: Option<Likelihood>) -> Self {
        Translated { likelihood, ..self }
    }
}

/// A segment, and what is known besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Passage<'a> {
    /// The segment.
    pub text: &'a str,
    /// The article that it stands in, or else the segment: how a word is written in other places tells a name from a
    /// word where all is in capitals.
    pub article: &'a str,
    /// Terms to be used, where there are any.
    pub glossary: Option<&'a Glossary>,
}

impl<'a> Passage<'a> {
    /// A segment of which nothing more is known.
    pub fn new(text: &'a str) -> Self {
        Passage { text, article: text, glossary: None }
    }

    /// The segment stands in this article.
    pub fn in_article(self, article: &'a str) -> Self {
        Passage { article, ..self }
    }

    /// The terms are to be used.
    pub fn with_glossary(self, glossary: Option<&'a Glossary>) -> Self {
        Passage { glossary, ..self }
    }
}

/// The English of a segment without letters and digits, which is the segment: blanks, signs, emoji, what is not seen. So it is of
/// long rows of figures, which a model takes minutes over.
#[cfg_attr(not(feature = "native"), allow(dead_code))]
fn wordless(segment: &str) -> Option<Translated> {
    let figures = segment.len() > MOST_FIGURES && !segment.contains(char::is_alphabetic);
    (figures || !segment.contains(char::is_alphanumeric))
        .then(|| Translated::new(crate::text::one_line(segment), Stop::End))
}

/// Bytes of figures alone that a model is still asked about.
const MOST_FIGURES: usize = 60;

/// What stays to the letter in the English of a segment: addresses, handles, file names, telephone numbers, codes, other
/// scripts, editors' marks, quotations that are not Indonesian; as written there, each once.
pub(crate) fn verbatim(segment: &str) -> Vec<String> {
    verbatim::kept(&tidy::tidied(segment))
}

/// Translates segments; they are batched as the implementation likes, also across articles.
///
/// Rules: English stands on one line, without white space at its ends, and its flags have no span. A pipeline refuses what breaks them
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
/// Around a service or a model of your own:
///
/// ```
/// use intisari::translate::{Stop, Translated, Translator};
/// use intisari::{Error, Progress, Result, Stage};
///
/// # fn ask(segment: &str) -> std::io::Result<String> { Ok(segment.replace("Hujan turun", "It is raining")) }
/// struct Service;
///
/// impl Translator for Service {
///     fn translate(&self, segments: &[&str], progress: Progress<'_>) -> Result<Vec<Translated>> {
///         let mut all = Vec::with_capacity(segments.len());
///         for segment in segments {
///             let english = ask(segment).map_err(Error::stage_from)?;
///             all.push(Translated::new(english, Stop::End));
///             progress.report(Stage::Translate, all.len(), segments.len())?;
///         }
///         Ok(all)
///     }
/// }
///
/// let english = Service.translate(&["Hujan turun."], Progress::none())?;
/// assert_eq!(english[0].text, "It is raining.");
/// # Ok::<(), Error>(())
/// ```
pub trait Translator {
    /// Returns one [`Translated`] per segment, in order; a blank segment gives a blank text. Return segments without letters or digits
    /// unchanged; a model would invent text for them.
    ///
    /// # Errors
    /// [`Error::stage`](crate::Error::stage), or [`Error::stage_from`](crate::Error::stage_from) with an error of your own, where it cannot do
    /// its work; what [`Progress::report`] says where the callback asks to stop. After an error that is no cancel a pipeline digests the articles of
    /// the batch one by one, so that a remote service is asked again for each; a batch of one
    /// is not repeated.
    fn translate(&self, segments: &[&str], progress: Progress<'_>) -> Result<Vec<Translated>>;

    /// As [`translate`](Self::translate), for a translator that makes use of what is known besides: the article, the terms. Pipelines
    /// call this; the default leaves it aside.
    ///
    /// ```
    /// use intisari::translate::{Glossary, Passage, Stop, Translated, Translator};
    /// use intisari::{sentence::RuleSplitter, Article, Pipeline, Progress, Result};
    ///
    /// /// Stands for a model that is told the terms with the segment.
    /// struct Prompted;
    ///
    /// impl Translator for Prompted {
    ///     fn translate(&self, segments: &[&str], progress: Progress<'_>) -> Result<Vec<Translated>> {
    ///         let passages: Vec<_> = segments.iter().map(|segment| Passage::new(segment)).collect();
    ///         self.translate_passages(&passages, progress)
    ///     }
    ///
    ///     fn translate_passages(&self, passages: &[Passage<'_>], _: Progress<'_>) -> Result<Vec<Translated>> {
    ///         let prompt = |passage: &Passage<'_>| {
    ///             let terms = passage.glossary.map(|glossary| glossary.find(passage.text)).unwrap_or_default();
    ///             let terms: Vec<_> = terms.iter().map(|term| format!("{} = {}", term.source, term.target)).collect();
    ///             format!("[{}] {}", terms.join(", "), passage.text)
    ///         };
    ///         Ok(passages.iter().map(|passage| Translated::new(prompt(passage), Stop::End)).collect())
    ///     }
    /// }
    ///
    /// let pipeline = Pipeline::builder()
    ///     .splitter(RuleSplitter::default())
    ///     .translator(Prompted)
    ///     .glossary(Glossary::from_tsv("jembatan\tbridge\n")?)
    ///     .build()?;
    /// let document = pipeline.run(&Article::new("a1", "Jembatan itu dibuka."))?;
    /// assert_eq!(document.translation[0].text, "[Jembatan = bridge] Jembatan itu dibuka.");
    /// # Ok::<(), intisari::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`translate`](Self::translate).
    fn translate_passages(
        &self,
        passages: &[Passage<'_>],
        progress: Progress<'_>,
    ) -> Result<Vec<Translated>> {
        let segments: Vec<&str> = passages.iter().map(|passage| passage.text).collect();
        self.translate(&segments, progress)
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
    /// A translator around another one says those of that one too, and its [`model`](Self::model): nobody else records them.
    fn options(&self) -> serde_json::Value {
        serde_json::Value::Null
    }

    /// What went wrong while it was loaded and changes no result, for whoever runs it: a folder that keeps nothing.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}

through_pointers!(Translator {
    fn translate(&self, segments: &[&str], progress: Progress<'_>) -> Result<Vec<Translated>>;
    fn translate_passages(&self, passages: &[Passage<'_>], progress: Progress<'_>) -> Result<Vec<Translated>>;
    fn notes(&self) -> Vec<String>;
    fn name(&self) -> String;
    fn model(&self) -> Option<ModelRef>;
    fn options(&self) -> serde_json::Value;
});
