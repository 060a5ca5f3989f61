//! Marks boilerplate as removed. Contract: nothing is rewritten, no sentence of the story is removed.
//!
//! [`RuleCleaner`] does it by rules, each with a name and a reason that go into every [`Removed`]:
//!
//! ```
//! use intisari::clean::{join_kept, Cleaner, RuleCleaner};
//!
//! let text = "Contoh.com, Ambon - Hujan turun lagi.\nBaca Juga\nWarga mengungsi.\nAdvertisement";
//! let cleaned = &RuleCleaner::default().clean(&[text])?[0];
//! assert_eq!(join_kept(text, &cleaned.kept), "Hujan turun lagi.\nWarga mengungsi.");
//! assert_eq!(cleaned.removed[1].rule, "related-link");
//! # Ok::<(), intisari::Error>(())
//! ```
//!
//! # How to add a rule
//!
//! For one publisher, or one collection, add it in your program: nothing here changes, and documents record it.
//!
//! ```
//! use intisari::clean::{join_kept, Cleaner, RuleCleaner, Scope};
//!
//! let cleaner = RuleCleaner::default().with(Scope::Line, "poll", "a poll beside the story", r"Jajak pendapat: .+")?;
//! let text = "Bupati tiba pagi ini.\nJajak pendapat: setuju atau tidak?";
//! assert_eq!(join_kept(text, &cleaner.clean(&[text])?[0].kept), "Bupati tiba pagi ini.");
//! # Ok::<(), intisari::Error>(())
//! ```
//!
//! [`RuleCleaner::with`] says more, [`Scope`] where a pattern is anchored. A rule for every publisher goes into the tables of this crate:
//! `CONTRIBUTING.md` of the repository, "A boilerplate rule", tells how, and what counts as evidence.
//!
//! # How to wrap a cleaner
//!
//! What patterns cannot say, a cleaner around [`RuleCleaner`] does. It hands on progress, so that it can be stopped, and the options of the
//! inner one: documents record what the outer one says, and rules that were added or left out inside would be missing.
//!
//! ```
//! use intisari::clean::{Cleaned, Cleaner, RuleCleaner};
//! use intisari::serde_json::{json, Value};
//! use intisari::{Article, Pipeline, Progress, Result, Span};
//!
//! /// Removes a mark that one collection has within its sentences, after all else.
//! struct Unmarked {
//!     inner: RuleCleaner,
//!     mark: &'static str,
//! }
//!
//! impl Cleaner for Unmarked {
//!     fn clean(&self, texts: &[&str]) -> Result<Vec<Cleaned>> {
//!         self.clean_with(texts, Progress::none())
//!     }
//!
//!     fn clean_with(&self, texts: &[&str], progress: Progress<'_>) -> Result<Vec<Cleaned>> {
//!         let mut cleaned = self.inner.clean_with(texts, progress)?;
//!         for (cleaned, text) in cleaned.iter_mut().zip(texts) {
//!             for (at, mark) in text.match_indices(self.mark) {
//!                 cleaned.remove(text, Span::new(text, at, at + mark.len())?, "mark", "a mark of the collection")?;
//!             }
//!         }
//!         Ok(cleaned)
//!     }
//!
//!     fn options(&self) -> Value {
//!         json!({ "mark": self.mark, "inner": self.inner.options() })
//!     }
//! }
//!
//! let cleaner = Unmarked { inner: RuleCleaner::default().without("dateline")?, mark: "[hal. 2]" };
//! let document = Pipeline::builder().cleaner(cleaner).build()?.run(&Article::new("a1", "Hujan turun. [hal. 2] Jalan licin."))?;
//! assert_eq!(document.cleaned_text(), "Hujan turun. Jalan licin.");
//! assert_eq!(document.provenance.stages[0].options["inner"]["without"][0], "dateline");
//! # Ok::<(), intisari::Error>(())
//! ```

mod cleaner;
mod cues;
mod headline;
mod joined;
mod rule;
mod rules;

pub use cleaner::RuleCleaner;
pub use rule::{Rule, Scope};

use crate::document::{ModelRef, Removed, Span, SpanError};
use crate::error::Result;
use crate::pointers::through_pointers;
use crate::progress::Progress;
use crate::text::type_name;

/// What cleaning says of one text: together the spans cover it, save for white space at their edges.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Cleaned {
    /// Ordered, disjoint, never blank.
    pub kept: Vec<Span>,
    /// Ordered, disjoint from what is kept.
    pub removed: Vec<Removed>,
}

impl Cleaned {
    /// What a cleaner found by itself; [`whole`](Self::whole) and [`remove`](Self::remove) do the same step by step.
    pub fn new(kept: Vec<Span>, removed: Vec<Removed>) -> Self {
        Cleaned { kept, removed }
    }

    /// All of `text` is kept.
    pub fn whole(text: &str) -> Self {
        let whole = Span::whole(text).trimmed(text);
        Cleaned { kept: if whole.is_empty() { Vec::new() } else { vec![whole] }, removed: Vec::new() }
    }

    /// Removes what `span` covers of the kept parts of `text`; what was removed before keeps its rule. White space at the edges
    /// is neither kept nor removed.
    ///
    /// A cleaner of one's own begins with [`whole`](Self::whole), or with what another one returned, and removes more:
    ///
    /// ```
    /// use intisari::clean::{join_kept, Cleaned};
    /// use intisari::Span;
    ///
    /// let text = "Hujan turun. IKLAN Jalan licin.";
    /// let mut cleaned = Cleaned::whole(text);
    /// cleaned.remove(text, Span::new(text, 13, 18)?, "advertisement", "a line of the page")?;
    /// assert_eq!(join_kept(text, &cleaned.kept), "Hujan turun. Jalan licin.");
    /// assert_eq!(cleaned.removed[0].span.of(text), "IKLAN");
    /// # Ok::<(), intisari::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`SpanError`] where `span`, or a kept one, is no span of `text`. A pipeline refuses a rule or a reason that is blank.
    pub fn remove(&mut self, text: &str, span: Span, rule: &str, reason: &str) -> Result<(), SpanError> {
        span.check(text)?;
        let mut kept = Vec::with_capacity(self.kept.len() + 1);
        let mut removed = Vec::new();
        for &part in &self.kept {
            part.check(text)?;
            let (start, end) = (span.start().max(part.start()), span.end().min(part.end()));
            if start >= end {
                kept.push(part);
                continue;
            }
            kept.push(Span::new(text, part.start(), start)?);
            removed.push(Span::new(text, start, end)?);
            kept.push(Span::new(text, end, part.end())?);
        }
        let trimmed = |spans: Vec<Span>| {
            spans.into_iter().map(|span| span.trimmed(text)).filter(|span| !span.is_empty())
        };
        self.kept = trimmed(kept).collect();
        self.removed.extend(trimmed(removed).map(|span| Removed {
            span,
            rule: rule.to_owned(),
            reason: reason.to_owned(),
        }));
        self.removed.sort_by_key(|removed| removed.span);
        Ok(())
    }
}

/// Separates the story from what scraping left around it.
///
/// Rules: spans are byte offsets of the text as it reads, on boundaries of characters ([`Span::new`] sees to that); kept parts are
/// ordered, disjoint and not blank; removed parts are ordered, disjoint and apart from kept ones; together they cover the text, save
/// for white space. A pipeline refuses what breaks them ([`Error::Contract`](crate::Error::Contract)).
///
/// A cleaner that takes a while has to [report](Progress::report) how far it is, in [`clean_with`](Self::clean_with), after each piece of its
/// work, and to return the error that it gets where somebody asks to stop. One that is silent cannot be stopped, and
/// [`max_article_seconds`](crate::pipeline::Options::max_article_seconds) does not reach into it: it runs to its end, and the
/// article fails afterwards. What it reports in a pipeline counts as progress of this stage, whichever it names, and never as more than
/// all of it.
///
/// Errors need not name articles; the pipeline does. A panic is not caught: it goes on to whoever runs the pipeline, and ends a
/// [`Worker`](crate::pipeline::Worker).
///
/// The built-in rules, and a rule that no pattern says:
///
/// ```
/// use intisari::clean::{Cleaned, Cleaner, RuleCleaner};
/// use intisari::{Result, Span};
///
/// struct WithoutFooter(RuleCleaner);
///
/// impl Cleaner for WithoutFooter {
///     fn clean(&self, texts: &[&str]) -> Result<Vec<Cleaned>> {
///         let mut all = self.0.clean(texts)?;
///         for (text, cleaned) in texts.iter().zip(&mut all) {
///             if let Some(at) = text.rfind("\n-----") {
///                 cleaned.remove(text, Span::new(text, at, text.len())?, "footer", "below the line")?;
///             }
///         }
///         Ok(all)
///     }
/// }
///
/// let text = "Hujan turun di Ende sejak pagi.\n-----\nHak cipta Koran Contoh";
/// let cleaned = WithoutFooter(RuleCleaner::default()).clean(&[text])?;
/// assert_eq!(cleaned[0].kept[0].of(text), "Hujan turun di Ende sejak pagi.");
/// # Ok::<(), intisari::Error>(())
/// ```
pub trait Cleaner {
    /// Returns one [`Cleaned`] per text, in order. Empty texts are valid.
    ///
    /// # Errors
    /// [`Error::stage`](crate::Error::stage), or [`Error::stage_from`](crate::Error::stage_from) with an error of your own, where an
    /// implementation can fail; rules cannot. After an error a pipeline digests the articles of the batch one by one, so that a remote service
    /// is asked again for each; a batch of one
    /// is not repeated.
    fn clean(&self, texts: &[&str]) -> Result<Vec<Cleaned>>;

    /// As [`clean`](Self::clean), for a cleaner that takes a while, with a model say: it [reports](Progress::report) how far it is, and can
    /// be stopped where it does. Pipelines call this; the default is silent.
    ///
    /// # Errors
    /// As [`clean`](Self::clean); what [`Progress::report`] says where the callback asks to stop.
    fn clean_with(&self, texts: &[&str], progress: Progress<'_>) -> Result<Vec<Cleaned>> {
        let _ = progress;
        self.clean(texts)
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
    /// A cleaner around another one says those of that one too, and its [`model`](Self::model): nobody else records them.
    /// The [module](self) has an example.
    fn options(&self) -> serde_json::Value {
        serde_json::Value::Null
    }
}

through_pointers!(Cleaner {
    fn clean(&self, texts: &[&str]) -> Result<Vec<Cleaned>>;
    fn clean_with(&self, texts: &[&str], progress: Progress<'_>) -> Result<Vec<Cleaned>>;
    fn name(&self) -> String;
    fn model(&self) -> Option<ModelRef>;
    fn options(&self) -> serde_json::Value;
});

/// The kept parts of `text` as one string: parts that were apart are joined by a line break where one stood
/// between them, else by a blank.
pub fn join_kept(text: &str, kept: &[Span]) -> String {
    joined::Joined::new(text, kept).text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(spans: impl IntoIterator<Item = Span>, text: &str) -> Vec<&str> {
        spans.into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn what_is_removed_leaves_what_is_around_it() {
        let text = "satu dua tiga empat";
        let mut cleaned = Cleaned::whole(text);
        let mut remove = |start, end| {
            cleaned.remove(text, Span::new(text, start, end).unwrap(), "rule", "reason").unwrap();
            let removed = cleaned.removed.iter().map(|removed| removed.span);
            (spans(cleaned.kept.clone(), text), spans(removed, text))
        };
        assert_eq!(remove(5, 8), (vec!["satu", "tiga empat"], vec!["dua"]));
        assert_eq!(remove(4, 9), (vec!["satu", "tiga empat"], vec!["dua"]), "removed once");
        assert_eq!(remove(0, 14), (vec!["empat"], vec!["satu", "dua", "tiga"]));
        assert_eq!(remove(0, text.len()), (vec![], vec!["satu", "dua", "tiga", "empat"]));
    }

    #[test]
    fn only_spans_of_the_text_are_removed() {
        let mut cleaned = Cleaned::whole("kafé");
        let other = Span::whole("a longer text");
        assert!(cleaned.remove("kafé", other, "rule", "reason").is_err());
        assert_eq!(cleaned, Cleaned::whole("kafé"));
        assert_eq!(Cleaned::whole(" \n"), Cleaned::default());
    }
}
