//! Runs the built-in models on the processor at hand: plain Rust over reused buffers, matrix products by `rten-gemm`.
//!
//! Knows no stage. Rows of a matrix never depend on each other, so a result is the same whatever it is computed with.

pub(crate) mod encoder;
pub(crate) mod gemma;
mod gguf;
mod kernels;
mod linear;
pub(crate) mod team;
pub(crate) mod threads;

use std::panic::{catch_unwind, AssertUnwindSafe};

use crate::error::{Error, Result};
use crate::progress::Stage;
use crate::text::panic_message;

pub(crate) use linear::Arithmetic;

/// Runs engine code and turns a panic of the matrix library into an error.
fn guarded<T>(stage: Stage, work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(Error::Backend { stage, message: panic_message(&*panic).to_owned() }))
}
