//! Which rule a document breaks.

use super::{SpanError, Unit, SCHEMA_VERSION};

/// Why something is no document that this version can read, or which rule a document breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// Written in another form of JSON, by a newer or an older version of this crate.
    #[error(
        "schema version {found} is {}", if *found > SCHEMA_VERSION {
            format!("newer than {SCHEMA_VERSION}; read it with a newer version of intisari")
        } else {
            format!("older than {SCHEMA_VERSION}, and means other things; digest the article again")
        }
    )]
    Schema {
        /// Version in the file.
        found: u32,
    },
    /// It is no JSON of a document.
    #[error("{message}")]
    Json {
        /// What is wrong, and in which field, or at which line and column where it is no JSON.
        message: String,
    },
    /// It is the record that the binary writes of an article that failed.
    #[error(
        "a failure record of the binary, no document: article `{article}` failed with \"{error}\"; leave lines with `error` out"
    )]
    Failure {
        /// Id of the article.
        article: String,
        /// Why it failed.
        error: String,
    },
    /// The offsets are not bytes.
    #[error("offsets count {found}; write the document with byte offsets to read it again")]
    OffsetUnit {
        /// Unit in the file.
        found: Unit,
    },
    /// A span does not fit the text.
    #[error("{field}[{index}]: {source}")]
    Span {
        /// The list that holds it.
        field: &'static str,
        /// Its place in the list.
        index: usize,
        /// What is wrong with it.
        source: SpanError,
    },
    /// Spans overlap or are out of order.
    #[error("{field}[{index}] ({part}) starts before the one before it ({before}) ends")]
    Order {
        /// The list that holds it.
        field: &'static str,
        /// Its place in the list.
        index: usize,
        /// Where it stands, how it begins, and its sentence, where it has one.
        part: String,
        /// The same of the one before it.
        before: String,
    },
    /// Parts of two lists overlap that must not.
    #[error("{field}[{index}] ({part}) overlaps {other}[{other_index}] ({other_part})")]
    Overlap {
        /// The list that holds it.
        field: &'static str,
        /// Its place in the list.
        index: usize,
        /// Where it stands, and how it begins.
        part: String,
        /// The other list.
        other: &'static str,
        /// The place there.
        other_index: usize,
        /// Where the other stands, and how it begins.
        other_part: String,
    },
    /// A part has a value that it cannot have.
    #[error("{field}[{index}] {message}")]
    Content {
        /// The list that holds it.
        field: &'static str,
        /// Its place in the list.
        index: usize,
        /// What is wrong with it.
        message: String,
    },
    /// A reference points nowhere.
    #[error(
        "{field}[{index}] refers to {target} {number}, which is not there: there are {count}, counted from 0"
    )]
    Missing {
        /// The list that holds it.
        field: &'static str,
        /// Its place in the list.
        index: usize,
        /// What it refers to: `sentence`, `entity`, `cluster`.
        target: &'static str,
        /// The index that it gives.
        number: usize,
        /// How many there are.
        count: usize,
    },
    /// A part does not lie in the sentence that it refers to.
    #[error("{field}[{index}] ({part}) refers to sentence {sentence}, which lies elsewhere ({there})")]
    Elsewhere {
        /// The list that holds it.
        field: &'static str,
        /// Its place in the list.
        index: usize,
        /// Where it stands, and how it begins.
        part: String,
        /// The sentence that it refers to.
        sentence: usize,
        /// Where that stands, and how it begins.
        there: String,
    },
    /// Of two parts that must refer to each other, one does not.
    #[error("{field}[{index}] refers to {target} {number}, which does not refer back")]
    OneSided {
        /// The list that holds it.
        field: &'static str,
        /// Its place in the list.
        index: usize,
        /// What it refers to: `entity`, `cluster`.
        target: &'static str,
        /// The index that it gives.
        number: usize,
    },
}

impl DocumentError {
    /// Whether it is a document of ours, and breaks a rule.
    pub(super) fn is_broken_rule(&self) -> bool {
        match self {
            DocumentError::Schema { .. }
            | DocumentError::Json { .. }
            | DocumentError::Failure { .. }
            | DocumentError::OffsetUnit { .. } => false,
            DocumentError::Span { .. }
            | DocumentError::Order { .. }
            | DocumentError::Overlap { .. }
            | DocumentError::Content { .. }
            | DocumentError::Missing { .. }
            | DocumentError::Elsewhere { .. }
            | DocumentError::OneSided { .. } => true,
        }
    }
}
