//! The only code that touches tch and rust-bert. Engine panics end here.

mod device;
pub(crate) mod encoder;
pub(crate) mod salience;
pub(crate) mod seq2seq;
pub(crate) mod weights;

use std::any::Any;
use std::panic::{catch_unwind, AssertUnwindSafe};

use crate::error::{Error, Result};
use crate::progress::Stage;
use crate::text::panic_message;

/// Runs engine code and turns its errors and panics into [`Error::Backend`]; nothing else may call an engine.
pub(crate) fn guarded<T>(stage: Stage, work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(Error::Backend { stage, message: message(&*panic) }))
}

/// Sets how many threads the engine uses at the same time (default: one per core), for the whole process.
pub fn set_threads(threads: usize) {
    tch::set_num_threads(i32::try_from(threads).unwrap_or(i32::MAX));
}

fn message(panic: &(dyn Any + Send)) -> String {
    // libtorch appends a C++ back trace; its first line says what went wrong.
    panic_message(panic).lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_a_panic_into_an_error_that_names_the_stage() {
        let result: Result<()> = guarded(Stage::Entities, || panic!("shape mismatch\nback trace"));
        let message = result.unwrap_err().to_string();
        assert!(message.contains("entity recognition") && message.contains("shape mismatch"), "{message}");
        assert!(!message.contains("back trace"));
    }
}
