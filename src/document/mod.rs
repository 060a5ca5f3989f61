//! The document model: the article's text is stored once, everything else points into it.

mod article;
mod clusters;
pub(crate) mod cover;
mod date;
mod error;
pub(crate) mod fields;
mod offsets;
mod parts;
mod read;
pub(crate) mod rules;
pub(crate) mod shortest;
mod span;
mod unique;
mod validate;
mod value;
mod write;

pub use article::{Article, ArticleError};
pub use date::{publication_date, DateError, PublisherZone};
pub use error::DocumentError;
pub use fields::{FieldError, Fields, FromRecord};
pub use offsets::{OffsetTable, Unit};
pub use parts::{
    Cluster, Document, Entity, Flag, FlagKind, Label, ModelRef, Provenance, Removed, Segment, Sentence,
    SentenceKind, StageRecord, Summary, UnknownFlagKind, UnknownLabel, SCHEMA_VERSION,
};
pub use span::{Span, SpanError};
pub use unique::json_value;
pub(crate) use unique::Unique;
pub use value::{Range, Value, Zone};
