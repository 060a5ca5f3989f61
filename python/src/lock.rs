//! One pipeline for many threads of Python, one at a time.

use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

/// A value that one thread uses at a time. Who waits for it can be interrupted, and who has it already is told.
pub struct Shared<T> {
    value: Mutex<T>,
    user: Mutex<Option<ThreadId>>,
}

/// The value, for as long as this lives.
pub struct Using<'a, T> {
    value: MutexGuard<'a, T>,
    user: &'a Mutex<Option<ThreadId>>,
}

impl<T: Send> Shared<T> {
    pub fn new(value: T) -> Self {
        Shared { value: Mutex::new(value), user: Mutex::new(None) }
    }

    /// Waits for the value; to be called without the interpreter.
    pub fn take(&self) -> PyResult<Using<'_, T>> {
        let me = thread::current().id();
        loop {
            match self.value.try_lock() {
                Ok(value) => return Ok(self.used_by(me, value)),
                // A panic in the engine was told to its caller; stages keep no state that it could have left half done.
                Err(TryLockError::Poisoned(poisoned)) => return Ok(self.used_by(me, poisoned.into_inner())),
                Err(TryLockError::WouldBlock) => {}
            }
            if *self.user.lock().unwrap_or_else(PoisonError::into_inner) == Some(me) {
                return Err(PyRuntimeError::new_err(
                    "digest was called from the progress callback of the same pipeline; call it afterwards, or on another pipeline",
                ));
            }
            Python::attach(|py| py.check_signals())?;
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn used_by<'a>(&'a self, thread: ThreadId, value: MutexGuard<'a, T>) -> Using<'a, T> {
        *self.user.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread);
        Using { value, user: &self.user }
    }
}

impl<T> std::ops::Deref for Using<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> Drop for Using<'_, T> {
    fn drop(&mut self) {
        *self.user.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
