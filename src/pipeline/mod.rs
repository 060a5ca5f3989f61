//! Runs the stages over articles.

/// The stages, put together.
#[derive(Debug)]
pub struct Pipeline {}
