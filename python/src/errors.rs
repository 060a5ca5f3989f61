//! Errors of the crate as exceptions of the package, with their messages.

use intisari::Error;
use pyo3::prelude::*;

mod classes {
    pyo3::import_exception!(intisari.errors, ConfigError);
    pyo3::import_exception!(intisari.errors, InputError);
    pyo3::import_exception!(intisari.errors, ModelError);
    pyo3::import_exception!(intisari.errors, FileError);
    pyo3::import_exception!(intisari.errors, StageError);
}

/// The exception for an error: its class says what happened, its message is the crate's.
pub fn exception(error: &Error) -> PyErr {
    let arguments = (error.to_string(), error.article().map(str::to_owned), error.cause().to_string());
    // A stage of the crate whose file is broken says so as a stage; what is broken decides the class.
    let cause = match error.cause() {
        Error::Stage { source, .. } => source,
        cause => cause,
    };
    match cause {
        Error::Config { .. } => classes::ConfigError::new_err(arguments),
        Error::Input { .. } | Error::Malformed { .. } | Error::Span(_) => {
            classes::InputError::new_err(arguments)
        }
        Error::ModelMissing { .. }
        | Error::ModelAltered { .. }
        | Error::ModelInvalid { .. }
        | Error::Tokenizer { .. } => classes::ModelError::new_err(arguments),
        Error::Io { .. } => classes::FileError::new_err(arguments),
        // A stage that broke a rule or whose engine failed, and what is added to the crate later.
        _ => classes::StageError::new_err(arguments),
    }
}

/// Something that is no article, at `place`.
pub fn no_article(place: &str, reason: impl Into<String>) -> PyErr {
    exception(&Error::unusable(place, reason))
}

/// A value of an option that cannot be.
pub fn refused(message: impl Into<String>, fix: impl Into<String>) -> PyErr {
    exception(&Error::config(message, fix))
}
