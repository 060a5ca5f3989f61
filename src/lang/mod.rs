//! Language data, kept apart from the code that reads it.

pub mod id;
