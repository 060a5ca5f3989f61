//! One error type for the crate; every message names file, stage or article and ends with what to do.

use std::path::PathBuf;

use crate::progress::Stage;

/// `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The source of an error of another crate.
pub type Source = Box<dyn std::error::Error + Send + Sync>;

/// Everything that can go wrong in this crate.
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
        source: Source,
    },
    /// An article cannot be used as it is.
    #[error("article `{article}`: {message}")]
    Input {
        /// Id of the article.
        article: String,
        /// What is wrong, where, and what to do.
        message: String,
    },
    /// An article failed; others are not touched by that.
    #[error("article `{article}`: {source}")]
    Article {
        /// Id of the article.
        article: String,
        /// Why.
        source: Box<Error>,
    },
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
        source: std::io::Error,
    },
    /// The caller's progress callback asked to stop.
    #[error("cancelled during {stage} as the progress callback asked")]
    Cancelled {
        /// The stage that was running.
        stage: Stage,
    },
}

impl Error {
    /// A reading or writing error of the file `path`.
    pub fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Error::Io { path: path.into(), source }
    }

    /// An unusable article.
    pub fn input(article: impl Into<String>, message: impl Into<String>) -> Self {
        Error::Input { article: article.into(), message: message.into() }
    }

    /// A set-up that does not fit together, and what to do about it.
    pub fn config(message: impl Into<String>, fix: impl Into<String>) -> Self {
        Error::Config { message: message.into(), fix: fix.into() }
    }
}
