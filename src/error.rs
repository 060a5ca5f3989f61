//! One error type for the crate; every message names file, stage or article and ends with what to do.

use std::path::PathBuf;

use crate::document::SpanError;
use crate::progress::Stage;

/// `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The source of an error of another crate.
pub type Source = Box<dyn std::error::Error + Send + Sync>;

/// Everything that can go wrong in this crate.
///
/// A message is complete: it holds those of the errors that led to it. So [`source`](std::error::Error::source) gives nothing,
/// and whoever prints a chain of errors prints nothing twice. The errors themselves are in the fields;
/// [`downcast_ref`](Error::downcast_ref) finds the one that a stage of one's own handed on.
///
/// What happens to one article is always an [`Error::Article`] with its id; [`cause`](Error::cause) is what is inside. What comes out of
/// a stage says which: as an [`Error::Stage`], or in fields of its own. [`Error::Input`] names no stage, because the article is at fault.
///
/// ```
/// use intisari::{sentence::RuleSplitter, pipeline::Options, Article, Error, Pipeline};
///
/// let options = Options::default().with_max_article_bytes(10);
/// let pipeline = Pipeline::builder().splitter(RuleSplitter::default()).options(options).build()?;
/// let error = pipeline.run(&Article::new("a1", "Hujan turun sejak pagi.")).unwrap_err();
/// assert_eq!(error.article(), Some("a1"));
/// assert!(matches!(error.cause(), Error::Input { .. }));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A pipeline or a stage was set up with values that do not fit together.
    #[error("configuration: {message}; {fix}")]
    Config {
        /// What does not fit.
        message: String,
        /// What to do about it.
        fix: String,
    },
    /// A file of a model is not where it should be.
    #[error("model `{model}`: {} is missing; {fix}", path.display())]
    ModelMissing {
        /// Id of the model in the manifest, or its folder.
        model: String,
        /// The file that was looked for.
        path: PathBuf,
        /// What to do about it.
        fix: String,
    },
    /// A file of a model is not the one that the manifest describes.
    #[error("model file {} has sha256 {found}, expected {expected}; delete the file and fetch it again", path.display())]
    ModelAltered {
        /// The altered file.
        path: PathBuf,
        /// sha256 in the manifest, hexadecimal.
        expected: String,
        /// sha256 of the file, hexadecimal.
        found: String,
    },
    /// A file of a model is there and cannot be used.
    #[error("model file {}: {message}; {fix}", path.display())]
    ModelInvalid {
        /// The file that cannot be used.
        path: PathBuf,
        /// Which field or tensor, and what is wrong with it.
        message: String,
        /// What to do about it.
        fix: String,
    },
    /// A model hub could not be reached, or what came from it cannot be used.
    #[error("{url}: {message}; {fix}")]
    Remote {
        /// What was asked for.
        url: String,
        /// What went wrong.
        message: String,
        /// What to do about it.
        fix: String,
    },
    /// The text could not be turned into pieces.
    #[error("tokenizer {}: {source}; check that the file belongs to the model", path.display())]
    Tokenizer {
        /// The tokenizer's file.
        path: PathBuf,
        /// What the tokenizer said.
        r#source: Source,
    },
    /// An article cannot be used as it is; stands within an [`Error::Article`].
    #[error("{message}")]
    Input {
        /// What is wrong, where, and what to do.
        message: String,
    },
    /// An article failed; others are not touched by that.
    #[error("article `{article}`: {source}")]
    Article {
        /// Id of the article.
        article: String,
        /// Why. Written raw since it is no `source()`: the message holds it already.
        r#source: Box<Error>,
    },
    /// A stage could not do its work, in its own words; stands within an [`Error::Stage`]. Made by [`Error::stage`] and
    /// [`Error::stage_from`].
    #[error("{message}")]
    Failed {
        /// What went wrong, and what to do.
        message: String,
        /// The stage's own error, where it handed one on ([`Error::downcast_ref`]). Written raw since it is no `source()`: the message
        /// holds it already.
        r#source: Option<Source>,
    },
    /// An error returned by a stage, wrapped because the error itself does not name one.
    #[error("{stage} by `{name}` failed: {source}")]
    Stage {
        /// The stage.
        stage: Stage,
        /// What does its work, as [`name`](crate::clean::Cleaner::name) says.
        name: String,
        /// Why. Written raw since it is no `source()`: the message holds it already.
        r#source: Box<Error>,
    },
    /// A stage returned what its trait forbids. The stage is at fault, not the article.
    #[error("{stage} by `{name}` broke the rule \"{rule}\": {found}; correct the stage")]
    Contract {
        /// The stage.
        stage: Stage,
        /// What does its work, as [`name`](crate::clean::Cleaner::name) says.
        name: String,
        /// The rule, as the trait states it.
        rule: &'static str,
        /// Which of the results breaks it, and how.
        found: String,
    },
    /// Offsets are no span of the text that they were used with.
    #[error("{0}; take offsets of this very text, in bytes")]
    Span(SpanError),
    /// A line of a data file cannot be used.
    #[error("{}:{line}: {message}; correct the line, or have bad lines skipped", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Number of the line, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// The engine that runs the models failed.
    #[error(
        "{stage} failed in the engine: {message}; run with smaller batches, or report this with the article"
    )]
    Backend {
        /// The stage that called the engine.
        stage: Stage,
        /// What the engine said.
        message: String,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        r#source: std::io::Error,
    },
    /// An article took longer than it may; stands within an [`Error::Article`].
    #[error(
        "took longer than the {seconds} s of `max_article_seconds`, during {stage}; cut the article, raise the limit, or, where \
         that stage is your own, have it report its progress so that it can be stopped"
    )]
    TimeLimit {
        /// The stage that was running when the time was up.
        stage: Stage,
        /// The limit.
        seconds: u32,
    },
    /// The thread of a [`Worker`](crate::pipeline::Worker) ended in a panic, and with it all articles that it had or gets.
    #[error("the worker's thread ended in a panic{}: {message}; correct the stage that panics, then make a new worker", during(*stage))]
    WorkerEnded {
        /// The stage that was running, where one was.
        stage: Option<Stage>,
        /// What the panic said.
        message: String,
    },
    /// Somebody asked to stop: the caller's progress callback, or [`Worker::stop`](crate::pipeline::Worker::stop).
    #[error("cancelled during {stage}, as was asked for")]
    Cancelled {
        /// The stage that was running. Of an article that had not been begun, the one that ran when its pipeline was stopped; after
        /// `Worker::stop`, the first stage of the pipeline.
        stage: Stage,
    },
}

impl Error {
    /// A reading or writing error of the file `path`.
    pub fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Error::Io { path: path.into(), source }
    }

    /// What a stage of one's own could not do, and what to do about it: a server that does not answer, a list that is empty. Pipelines
    /// add the stage, its name and the article.
    ///
    /// ```
    /// use intisari::{clean::{Cleaned, Cleaner}, Article, Error, Pipeline, Result};
    ///
    /// struct Asks;
    ///
    /// impl Cleaner for Asks {
    ///     fn clean(&self, _texts: &[&str]) -> Result<Vec<Cleaned>> {
    ///         Err(Error::stage("the server does not answer; start it"))
    ///     }
    /// }
    ///
    /// let error = Pipeline::builder().cleaner(Asks).build()?.run(&Article::new("a1", "Hujan turun.")).unwrap_err();
    /// assert_eq!(error.to_string(), "article `a1`: cleaning by `Asks` failed: the server does not answer; start it");
    /// # Ok::<(), Error>(())
    /// ```
    pub fn stage(message: impl Into<String>) -> Self {
        Error::Failed { message: message.into(), source: None }
    }

    /// An error of a stage's own, handed on as it is: what it and its sources say is the message, each once, and
    /// [`downcast_ref`](Self::downcast_ref) gives it back. Pipelines add the stage, its name and the article. An [`Error`] stays itself.
    ///
    /// ```
    /// use intisari::{clean::{Cleaned, Cleaner}, Article, Error, Pipeline, Result};
    ///
    /// #[derive(Debug, thiserror::Error)]
    /// #[error("the server says {status}")]
    /// struct Refused {
    ///     status: u16,
    /// }
    ///
    /// struct Asks;
    ///
    /// impl Cleaner for Asks {
    ///     fn clean(&self, _texts: &[&str]) -> Result<Vec<Cleaned>> {
    ///         Err(Refused { status: 503 }).map_err(Error::stage_from)
    ///     }
    /// }
    ///
    /// let error = Pipeline::builder().cleaner(Asks).build()?.run(&Article::new("a1", "Hujan turun.")).unwrap_err();
    /// assert_eq!(error.to_string(), "article `a1`: cleaning by `Asks` failed: the server says 503");
    /// assert_eq!(error.downcast_ref::<Refused>().map(|refused| refused.status), Some(503));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn stage_from(source: impl Into<Source>) -> Self {
        // What stages get from this crate comes through here too, a request to stop among them.
        match source.into().downcast::<Error>() {
            Ok(error) => *error,
            Err(source) => Error::Failed { message: chain(&*source), source: Some(source) },
        }
    }

    /// The error of its own that a stage handed on by [`stage_from`](Self::stage_from), where it was of type `E`; also within the errors
    /// that pipelines put around it.
    pub fn downcast_ref<E: std::error::Error + 'static>(&self) -> Option<&E> {
        match self {
            Error::Article { source, .. } | Error::Stage { source, .. } => source.downcast_ref(),
            Error::Failed { source: Some(source), .. } => source.downcast_ref(),
            _ => None,
        }
    }

    /// A thread of a stage that panicked.
    #[cfg(feature = "native")]
    pub(crate) fn panicked(stage: Stage, panic: &(dyn std::any::Any + Send)) -> Self {
        Error::Backend { stage, message: crate::text::panic_message(panic).to_owned() }
    }

    /// This error as that of a stage. Errors that name a stage stay as they are, as do those that say that the article cannot be
    /// used. Stages see no ids: an article that one names is none of the pipeline's, and is left out.
    pub(crate) fn of_stage(self, stage: Stage, name: &str) -> Self {
        match self {
            Error::Article { source, .. } => source.of_stage(stage, name),
            Error::Backend { .. }
            | Error::Contract { .. }
            | Error::TimeLimit { .. }
            | Error::Stage { .. }
            | Error::Input { .. } => self,
            error => Error::Stage { stage, name: name.to_owned(), source: Box::new(error) },
        }
    }

    /// This error as that of work that nobody asked to stop: a stage that says so stopped by itself.
    pub(crate) fn unasked(self) -> Self {
        match self {
            Error::Stage { stage, name, source } if source.is_cancelled() => {
                let message = "it stopped as if it had been asked to, and was not; return `Error::stage` with the reason";
                Error::Stage { stage, name, source: Box::new(Error::stage(message)) }
            }
            error => error,
        }
    }

    /// An article that cannot be used: an [`Error::Article`] with an [`Error::Input`]. A stage need not name articles, which it does not
    /// know: it returns [`Error::Input`] or [`Error::stage`] alone, and pipelines put the id of the article that they handed in.
    pub fn unusable(article: impl Into<String>, message: impl Into<String>) -> Self {
        Error::Input { message: message.into() }.of_article(article)
    }

    /// This error as that of an article. One that names its article keeps it.
    pub fn of_article(self, article: impl Into<String>) -> Self {
        match self {
            Error::Article { .. } => self,
            error => Error::Article { article: article.into(), source: Box::new(error) },
        }
    }

    /// Id of the article that failed, where it was one.
    pub fn article(&self) -> Option<&str> {
        match self {
            Error::Article { article, .. } => Some(article),
            _ => None,
        }
    }

    /// What happened to the article; of another error, itself.
    pub fn cause(&self) -> &Error {
        match self {
            Error::Article { source, .. } => source.cause(),
            error => error,
        }
    }

    /// Whether somebody asked to stop: the progress callback, or [`Worker::stop`](crate::pipeline::Worker::stop). The article did not fail;
    /// leave such errors out where you write results.
    pub fn is_cancelled(&self) -> bool {
        matches!(self.cause(), Error::Cancelled { .. })
    }

    /// A set-up that does not fit together, and what to do about it.
    pub fn config(message: impl Into<String>, fix: impl Into<String>) -> Self {
        Error::Config { message: message.into(), fix: fix.into() }
    }
}

/// What `error` and its sources say. Of two that say the same, as where a message holds that of its source, the outer one speaks.
fn chain(error: &dyn std::error::Error) -> String {
    let mut message = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let text = source.to_string();
        if !message.ends_with(&text) {
            message = format!("{message}: {text}");
        }
        next = source.source();
    }
    message
}

fn during(stage: Option<Stage>) -> String {
    stage.map_or_else(String::new, |stage| format!(" during {stage}"))
}

impl From<SpanError> for Error {
    /// Returns an [`Error::Span`].
    fn from(error: SpanError) -> Self {
        Error::Span(error)
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn a_chain_of_errors_says_everything_once() {
        let disk = std::io::Error::other("disk on fire");
        let error = Error::io("berita.jsonl", disk).of_article("a1").of_article("a2");
        assert_eq!(error.to_string(), "article `a1`: berita.jsonl: disk on fire");
        assert!(error.source().is_none());
        assert_eq!(error.article(), Some("a1"));
        assert!(matches!(error.cause(), Error::Io { .. }));
    }

    #[test]
    fn an_unusable_article_has_the_shape_of_all_errors_of_articles() {
        let error = Error::unusable("a1", "it is empty");
        assert_eq!((error.article(), error.to_string().as_str()), (Some("a1"), "article `a1`: it is empty"));
        assert!(!error.is_cancelled());
        assert!(Error::Cancelled { stage: Stage::Clean }.of_article("a1").is_cancelled());
    }

    /// An error with a source; its message may hold that of the source.
    #[derive(Debug)]
    struct Outer {
        says: &'static str,
        source: std::fmt::Error,
    }

    impl std::fmt::Display for Outer {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.says)
        }
    }

    impl std::error::Error for Outer {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.source)
        }
    }

    #[test]
    fn an_error_of_a_stage_is_told_with_its_sources_once_and_found_again() {
        let source = std::fmt::Error;
        let (told, held) = (source.to_string(), format!("no list: {source}").leak());
        for says in ["no list", held] {
            let error =
                Error::stage_from(Outer { says, source }).of_stage(Stage::Clean, "Mine").of_article("a1");
            assert_eq!(
                error.to_string(),
                format!("article `a1`: cleaning by `Mine` failed: no list: {told}")
            );
            assert!(error.source().is_none());
            assert_eq!(error.downcast_ref::<Outer>().unwrap().says, says);
            assert!(error.downcast_ref::<std::fmt::Error>().is_none());
        }
        assert_eq!(Error::stage_from("no list; give one").to_string(), "no list; give one");
        assert!(Error::stage("no list").downcast_ref::<Outer>().is_none());
    }

    #[test]
    fn an_error_of_the_crate_that_a_stage_hands_on_stays_itself() {
        let stopped = Error::stage_from(Error::Cancelled { stage: Stage::Clean });
        assert!(stopped.is_cancelled());
        let boxed: Source = Box::new(Error::config("no list", "give one"));
        assert!(matches!(Error::stage_from(boxed), Error::Config { .. }));
    }
}
