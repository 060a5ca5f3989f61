//! Runs the built-in models on the processor at hand: plain Rust over reused buffers, matrix products by `rten-gemm`.
//!
//! Knows no stage. Rows of a matrix never depend on each other, so a result is the same whatever it is computed with.

pub(crate) mod encoder;
pub(crate) mod gemma;
mod gguf;
mod kernels;
mod linear;
pub(crate) mod threads;

use std::any::Any;
use std::panic::{catch_unwind, AssertUnwindSafe};

use crate::error::{Error, Result};
use crate::progress::Stage;

pub(crate) use linear::Arithmetic;

/// Runs engine code and turns a panic of the matrix library into an error.
fn guarded<T>(stage: Stage, work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(Error::Backend { stage, message: message(&*panic) }))
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text =
        panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("panic without a message").to_owned()
}
