//! Patterns that are constants.

use regex::Regex;

/// A pattern that a test of its user compiles.
#[allow(clippy::expect_used)]
pub(super) fn pattern(constant: &'static str) -> Regex {
    Regex::new(constant).expect("the pattern is a constant that the tests compile")
}
