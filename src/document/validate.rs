//! The rules that every document keeps, checked when one is read from JSON.

use serde::Deserialize;

use super::{
    Article, Cluster, Document, Entity, Flag, Provenance, Removed, Segment, Sentence, Span, SpanError,
    Summary, Unit, SCHEMA_VERSION,
};

/// Which rule a document breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// Written by a newer version of this crate.
    #[error(
        "schema version {found} is newer than {SCHEMA_VERSION}; read it with a newer version of intisari"
    )]
    Schema {
        /// Version in the file.
        found: u32,
    },
    /// The offsets are not bytes.
    #[error("offsets count {found:?}; write the document with byte offsets to read it again")]
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
    #[error("{field}[{index}] starts before the one before it ends")]
    Order {
        /// The list that holds it.
        field: &'static str,
        /// Its place in the list.
        index: usize,
    },
    /// A reference points nowhere or to the wrong place.
    #[error("{field}[{index}] refers to {target}, which does not fit")]
    Reference {
        /// The list that holds it.
        field: &'static str,
        /// Its place in the list.
        index: usize,
        /// What it refers to.
        target: String,
    },
}

/// A document as it stands in JSON, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unchecked {
    schema_version: u32,
    #[serde(default)]
    offset_unit: Unit,
    article: Article,
    kept: Vec<Span>,
    removed: Vec<Removed>,
    sentences: Vec<Sentence>,
    entities: Vec<Entity>,
    clusters: Vec<Cluster>,
    translation: Vec<Segment>,
    summary: Option<Summary>,
    flags: Vec<Flag>,
    provenance: Provenance,
}

impl TryFrom<Unchecked> for Document {
    type Error = DocumentError;

    fn try_from(raw: Unchecked) -> Result<Self, DocumentError> {
        if raw.offset_unit != Unit::Bytes {
            return Err(DocumentError::OffsetUnit { found: raw.offset_unit });
        }
        let document = Document {
            schema_version: raw.schema_version,
            article: raw.article,
            kept: raw.kept,
            removed: raw.removed,
            sentences: raw.sentences,
            entities: raw.entities,
            clusters: raw.clusters,
            translation: raw.translation,
            summary: raw.summary,
            flags: raw.flags,
            provenance: raw.provenance,
        };
        document.validate()?;
        Ok(document)
    }
}

pub(super) fn validate(document: &Document) -> Result<(), DocumentError> {
    if document.schema_version > SCHEMA_VERSION {
        return Err(DocumentError::Schema { found: document.schema_version });
    }
    let text = &document.article.text;
    disjoint("kept", text, document.kept.iter().copied())?;
    disjoint("removed", text, document.removed.iter().map(|removed| removed.span))?;
    disjoint("sentences", text, document.sentences.iter().map(|sentence| sentence.span))?;
    disjoint("entities", text, document.entities.iter().map(|entity| entity.span))?;
    for (index, entity) in document.entities.iter().enumerate() {
        let inside = document.sentences.get(entity.sentence).is_some_and(|s| s.span.contains(entity.span));
        require(inside, "entities", index, || format!("sentence {}", entity.sentence))?;
        if let Some(cluster) = entity.cluster {
            let listed = document.clusters.get(cluster).is_some_and(|c| c.mentions.contains(&index));
            require(listed, "entities", index, || format!("cluster {cluster}"))?;
        }
    }
    for (index, cluster) in document.clusters.iter().enumerate() {
        for &mention in &cluster.mentions {
            let mutual = document.entities.get(mention).is_some_and(|entity| entity.cluster == Some(index));
            require(mutual, "clusters", index, || format!("entity {mention}"))?;
        }
    }
    let sentences = document.sentences.len();
    for (index, segment) in document.translation.iter().enumerate() {
        require(segment.sentence < sentences, "translation", index, || {
            format!("sentence {}", segment.sentence)
        })?;
    }
    for (index, &sentence) in document.summary.iter().flat_map(|summary| &summary.sentences).enumerate() {
        require(sentence < sentences, "summary.sentences", index, || format!("sentence {sentence}"))?;
    }
    Ok(())
}

fn disjoint(field: &'static str, text: &str, spans: impl Iterator<Item = Span>) -> Result<(), DocumentError> {
    let mut end = 0;
    for (index, span) in spans.enumerate() {
        span.check(text).map_err(|source| DocumentError::Span { field, index, source })?;
        if span.start() < end {
            return Err(DocumentError::Order { field, index });
        }
        end = span.end();
    }
    Ok(())
}

fn require(
    holds: bool,
    field: &'static str,
    index: usize,
    target: impl FnOnce() -> String,
) -> Result<(), DocumentError> {
    if holds {
        Ok(())
    } else {
        Err(DocumentError::Reference { field, index, target: target() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Label;

    fn document() -> Document {
        let text = "Budi tiba di Ambon.";
        let mut document = Document::new(Article::new("a", text));
        document.sentences.push(Sentence { span: Span::whole(text), paragraph: 0, kind: Default::default() });
        let span = Span::new(text, 0, 4).unwrap();
        document.entities.push(Entity {
            span,
            label: Label::Per,
            score: 0.9,
            sentence: 0,
            cluster: Some(0),
            value: None,
        });
        let name = "Budi".to_owned();
        document.clusters.push(Cluster { name, label: Label::Per, aliases: vec![], mentions: vec![0] });
        document
    }

    #[test]
    fn survives_json() {
        let json = serde_json::to_string(&document()).unwrap();
        assert_eq!(serde_json::from_str::<Document>(&json).unwrap(), document());
    }

    #[test]
    fn refuses_a_span_outside_the_text() {
        let json = serde_json::to_string(&document()).unwrap().replace("\"end\":4", "\"end\":400");
        let error = serde_json::from_str::<Document>(&json).unwrap_err().to_string();
        assert!(error.contains("entities[0]") && error.contains("400"), "{error}");
    }

    #[test]
    fn refuses_a_reference_to_nothing() {
        let mut broken = document();
        broken.entities[0].sentence = 7;
        let error = broken.validate().unwrap_err().to_string();
        assert!(error.contains("sentence 7"), "{error}");
    }

    #[test]
    fn refuses_a_newer_schema() {
        let mut newer = document();
        newer.schema_version = SCHEMA_VERSION + 1;
        assert!(matches!(newer.validate(), Err(DocumentError::Schema { .. })));
    }
}
