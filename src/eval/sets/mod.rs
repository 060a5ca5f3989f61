//! Annotated sets with the outputs of systems, each read in one call. What the files are is told as `intisari eval` tells it (the forms stand
//! [below](#scoring-on-your-own-data)), and outputs are paired with the items that they belong to: by id where all of both have one (articles and
//! records by `id`, or `article.id` of documents; rows by a column `id`; segments of SGM and WMT's XML by theirs), else in order. Lines have none, and sentences
//! with tags go by their place and must have the same tokens.
//!
//! | read by | items | output of your own goes into | scored by |
//! | --- | --- | --- | --- |
//! | [`NerReader`] | [`NerItem`](super::evaluation::NerItem) | `predict`, `predict_against` | [`evaluate_ner`](super::evaluation::evaluate_ner) |
//! | [`TextReader`] | [`TextItem`](super::evaluation::TextItem) | `output`, `against` | [`evaluate_translations`](super::evaluation::evaluate_translations), [`evaluate_summaries`](super::evaluation::evaluate_summaries) |
//! | [`NamesReader`] | [`NamingItem`](super::evaluation::NamingItem) | `grouped`, `against` | [`evaluate_names`](super::evaluation::evaluate_names) |
//! | [`SentencesReader`] | [`SplitItem`](super::evaluation::SplitItem) | `found`, `against` | [`evaluate_splitting`](super::evaluation::evaluate_splitting) |
//! | [`CleaningReader`] | [`CleaningItem`](super::evaluation::CleaningItem) | `removed`, `against` | [`evaluate_cleaning`](super::evaluation::evaluate_cleaning) |
//!
//! ```
//! use intisari::eval::evaluation::{evaluate_ner, SetInfo, Setup};
//! use intisari::eval::sets::{NerReader, NerSet, Outputs};
//! use intisari::eval::LabeledSpan;
//!
//! # let folder = tempfile::tempdir()?;
//! # let [gold, found] = ["gold.jsonl", "found.jsonl"].map(|name| folder.path().join(name));
//! # std::fs::write(&gold, "{\"id\": \"a\", \"text\": \"Rini pulang.\", \"entities\": [[0, 4, \"PER\"]]}\n")?;
//! # std::fs::write(&found, "{\"id\": \"a\", \"entities\": [[0, 4, \"PER\"]]}\n")?;
//! // The output of any program …
//! let NerSet { set, scheme } = NerReader::default().read(&gold, Outputs::of(&found))?;
//! let evaluation = evaluate_ner(&set.items, scheme, &Setup::new(SetInfo::new(&set), "their tagger"))?;
//! println!("{evaluation}");
//!
//! // … or of your own code.
//! let find = |text: &str| {
//!     let end = text.find(' ').unwrap_or(text.len());
//!     [(LabeledSpan { start: 0, end, label: "PER".to_owned() }, Some(0.9))]
//! };
//! let NerSet { mut set, scheme } = NerReader::default().read(&gold, Outputs::none())?;
//! for item in &mut set.items {
//!     item.predict(find(&item.text))?; // offsets count bytes of the text, of articles and of tagged sentences
//! }
//! let evaluation = evaluate_ner(&set.items, scheme, &Setup::new(SetInfo::new(&set), "our tagger"))?;
//! assert_eq!(evaluation.figures[0].value, 100.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![doc = include_str!("../../../docs/evaluation.md")]

mod articles;
mod cleaning;
mod names;
mod ner;
mod sentences;
mod sgm;
mod tagged;
mod texts;

use std::path::{Path, PathBuf};

use crate::error::Result;

pub use cleaning::CleaningReader;
pub use names::NamesReader;
pub use ner::{NerReader, NerSet};
pub use sentences::SentencesReader;
pub use tagged::{TagReader, TaggedSet};
pub use texts::{ArrayOf, TextReader};

/// The files with what systems made of a set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outputs {
    /// The output of the system that is scored; where there is none the items have none either, to be filled in.
    pub system: Option<PathBuf>,
    /// That of the system it is compared with.
    pub against: Option<PathBuf>,
}

impl Outputs {
    /// The set alone.
    pub fn none() -> Self {
        Outputs::default()
    }

    /// The output of one system.
    pub fn of(system: impl AsRef<Path>) -> Self {
        Outputs { system: Some(system.as_ref().to_owned()), against: None }
    }

    /// With the output of a system to compare with; [`Setup::against`](super::evaluation::Setup::against) names it.
    #[must_use]
    pub fn against(self, against: impl AsRef<Path>) -> Self {
        Outputs { against: Some(against.as_ref().to_owned()), ..self }
    }

    /// What `read` makes of each file.
    fn each<T>(&self, mut read: impl FnMut(&Path) -> Result<T>) -> Result<(Option<T>, Option<T>)> {
        let mut one = |path: &Option<PathBuf>| path.as_deref().map(&mut read).transpose();
        Ok((one(&self.system)?, one(&self.against)?))
    }
}

/// The last part of a path, by which notes call a file.
fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// Refuses an output that has another text than the item `name` of the set. A line break at the end is lost where a text is put into a file and read
/// again.
fn same_text(output: Option<&str>, wanted: &str, name: &str) -> Result<(), String> {
    match output.is_some_and(|text| text.trim_end() != wanted.trim_end()) {
        true => Err(format!("another text than the set has for {name}")),
        false => Ok(()),
    }
}
