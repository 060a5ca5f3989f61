//! Readers of annotated sets. A line that cannot be used is named with its file and number; it ends the reading, or is
//! left out and listed, as the caller decides. A file that surely has another form is refused by the name of that form, and one
//! that holds nothing but bad lines is refused too, even where they are to be skipped.

mod articles;
mod brat;
mod conll;
mod conllu;
mod form;
mod json_values;
mod jsonl;
mod lines;
mod looks;
mod names;
mod offsets;
mod pairs;
mod row;
mod source;
mod table;

pub(crate) use articles::cuts_word;
pub use articles::{read_articles, ArticleFields, Mark, MarkedArticle};
pub use brat::{read_brat, AnnotatedText};
pub use conll::{read_conll, read_tagged_json, Column, Columns, Separator, TaggedSentence};
pub use conllu::{read_conllu, RawDocument};
pub use form::{holds_tagged_sentences, Form};
pub use jsonl::{read_json_lines, text_of, Record};
pub use lines::read_parallel;
pub use names::{read_names, MarkedName, NamedText};
pub(crate) use offsets::byte_of;
pub use pairs::{read_sgm, read_tmx, read_wmt, read_wmt_output, Pair, Side, SideSegment};
pub use row::{read_records, Row};
pub use source::{sha256, BadLine, OnBad, Set};
pub use table::read_table;
