//! Readers of annotated sets. A line that cannot be used is named with its file and number; it ends the reading, or is
//! left out and listed, as the caller decides.

mod brat;
mod conll;
mod conllu;
mod jsonl;
mod names;
mod source;
mod table;

pub use brat::{read_brat, AnnotatedText};
pub use conll::{read_conll, Column, Columns, Separator, TaggedSentence};
pub use conllu::{read_conllu, RawDocument};
pub use jsonl::{read_json_lines, text_of, Record};
pub use names::{read_names, MarkedName, NamedText};
pub use source::{sha256, BadLine, OnBad, Set};
pub use table::{read_parallel, read_tsv, Row};
