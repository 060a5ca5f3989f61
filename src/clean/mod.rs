//! Marks boilerplate as removed. Contract: nothing is rewritten, no sentence of the story is removed.
//!
//! [`RuleCleaner`] does it by rules, each with a name and a reason that go into every [`Removed`]:
//!
//! ```
//! use intisari::clean::{join_kept, Cleaner, RuleCleaner};
//!
//! let text = "Contoh.com, Ambon - Hujan turun lagi.\nBaca Juga\nWarga mengungsi.\nAdvertisement";
//! let cleaned = &RuleCleaner::default().clean(&[text])?[0];
//! assert_eq!(join_kept(text, &cleaned.kept), "Hujan turun lagi.\nWarga mengungsi.");
//! assert_eq!(cleaned.removed[1].rule, "related-link");
//! # Ok::<(), intisari::Error>(())
//! ```
//!
//! # How to add a rule
//!
//! 1. Choose the [`Scope`] by where the boilerplate stands, and with it the file: [`Scope::Opening`] in
//!    `rules/opening.rs`, [`Scope::Line`] in `rules/line.rs`, [`Scope::Inline`] and [`Scope::Headline`] in
//!    `rules/inline.rs`, [`Scope::Closing`] in `rules/closing.rs`.
//! 2. Add an entry: a name (what is removed, in two words), a reason (shown to readers), patterns. What a
//!    pattern needs to see but must not remove stays outside its group `cut`. Names of publishers and places go
//!    into the lists under `lang/id/`.
//! 3. Add a line that must go and a similar line of a story that must stay to the table in `tests/clean.rs`.
//! 4. Run `cargo run --release --example removals` over real articles and read what the rule takes away.
//!
//! Where a line may belong to the story it stays: a leftover link costs a reader a second, a lost sentence
//! costs the story.

mod cleaner;
mod cues;
mod headline;
mod joined;
mod rule;
mod rules;

pub use cleaner::RuleCleaner;
pub use rule::{Rule, Scope};

use crate::document::{Removed, Span};
use crate::error::Result;

/// What cleaning says of one text: together the spans cover it, save for white space at their edges.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cleaned {
    /// Ordered, disjoint, never blank.
    pub kept: Vec<Span>,
    /// Ordered, disjoint from what is kept.
    pub removed: Vec<Removed>,
}

/// Separates the story from what scraping left around it.
pub trait Cleaner {
    /// One [`Cleaned`] per text, in order. Empty texts are valid.
    ///
    /// # Errors
    /// Only where an implementation can fail; rules cannot.
    fn clean(&self, texts: &[&str]) -> Result<Vec<Cleaned>>;
}

/// The kept parts of `text` as one string: parts that were apart are joined by a line break where one stood
/// between them, else by a blank.
pub fn join_kept(text: &str, kept: &[Span]) -> String {
    joined::Joined::new(text, kept).text
}
