//! Annotated sets with the outputs of systems, each read in one call. What the files are is told as `intisari eval` tells it, and outputs are
//! paired with the items that they belong to: by id where all have one, else in order.
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
//! let find = |text: &str| [(LabeledSpan { start: 0, end: text.find(' ').unwrap_or(text.len()), label: "PER".to_owned() }, 0.9)];
//! let NerSet { mut set, scheme } = NerReader::default().read(&gold, Outputs::none())?;
//! for item in &mut set.items {
//!     item.predict(find(&item.text)); // offsets count bytes of the text, of articles and of tagged sentences
//! }
//! let evaluation = evaluate_ner(&set.items, scheme, &Setup::new(SetInfo::new(&set), "our tagger"))?;
//! assert_eq!(evaluation.figures[0].value, 100.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod articles;
mod cleaning;
mod names;
mod ner;
mod sentences;
mod sgm;
mod tagged;
mod texts;

use std::path::Path;

pub use cleaning::CleaningReader;
pub use names::NamesReader;
pub use ner::{NerReader, NerSet};
pub use sentences::SentencesReader;
pub use tagged::{TagReader, TaggedSet};
pub use texts::{ArrayOf, TextReader};

/// The files with what systems made of a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outputs<'a> {
    /// The output of the system that is scored; where there is none the items have none either, to be filled in.
    pub system: Option<&'a Path>,
    /// That of the system it is compared with.
    pub against: Option<&'a Path>,
}

impl<'a> Outputs<'a> {
    /// The set alone.
    pub fn none() -> Self {
        Outputs::default()
    }

    /// The output of one system.
    pub fn of<P: AsRef<Path> + ?Sized>(system: &'a P) -> Self {
        Outputs { system: Some(system.as_ref()), against: None }
    }

    /// With the output of a system to compare with.
    #[must_use]
    pub fn against<P: AsRef<Path> + ?Sized>(self, against: &'a P) -> Self {
        Outputs { against: Some(against.as_ref()), ..self }
    }
}

/// The last part of a path, by which notes call a file.
fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
