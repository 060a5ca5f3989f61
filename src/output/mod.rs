//! The forms in which a document leaves the crate.
