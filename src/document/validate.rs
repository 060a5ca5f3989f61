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
    /// Parts of two lists overlap that must not.
    #[error("{field}[{index}] overlaps {other}[{other_index}]")]
    Overlap {
        /// The list that holds it.
        field: &'static str,
        /// Its place in the list.
        index: usize,
        /// The other list.
        other: &'static str,
        /// The place there.
        other_index: usize,
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
    #[serde(default)]
    confidence: Option<f32>,
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
            confidence: raw.confidence,
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
    let Document { kept, removed, sentences, entities, .. } = document;
    rules::disjoint("kept", text, kept.iter().copied())?;
    rules::disjoint("removed", text, removed.iter().map(|removed| removed.span))?;
    rules::apart(kept, removed)?;
    rules::sentences(text, sentences)?;
    rules::disjoint("entities", text, entities.iter().map(|entity| entity.span))?;
    for (index, span) in
        document.flags.iter().enumerate().filter_map(|(index, flag)| Some((index, flag.span?)))
    {
        span.check(text).map_err(|source| DocumentError::Span { field: "flags", index, source })?;
    }
    for (index, entity) in entities.iter().enumerate() {
        rules::in_sentence("entities", index, entity.span, entity.sentence, sentences)?;
        rules::score("entities", index, entity.score)?;
        rules::value("entities", index, entity.value.as_ref())?;
    }
    clusters(document)?;
    rules::indices("translation", document.translation.iter().map(|segment| segment.sentence), sentences)?;
    for (index, segment) in document.translation.iter().enumerate() {
        rules::score("translation", index, segment.confidence.unwrap_or(1.))?;
    }
    rules::score("confidence", 0, document.confidence.unwrap_or(1.))?;
    let summarized = document.summary.iter().flat_map(|summary| &summary.sentences);
    rules::indices("summary.sentences", summarized.copied(), sentences)
}

/// Clusters and entities must name each other.
fn clusters(document: &Document) -> Result<(), DocumentError> {
    let Document { entities, clusters, .. } = document;
    let mut listed = vec![false; entities.len()];
    for (index, cluster) in clusters.iter().enumerate() {
        if !cluster.mentions.is_sorted_by(|one, next| one < next) {
            let message = "has mentions that do not ascend".to_owned();
            return Err(DocumentError::Content { field: "clusters", index, message });
        }
        for &mention in &cluster.mentions {
            let mutual = entities.get(mention).is_some_and(|entity| entity.cluster == Some(index));
            rules::require(mutual, "clusters", index, || format!("entity {mention}"))?;
            if let Some(listed) = listed.get_mut(mention) {
                *listed = true;
            }
        }
    }
    for (index, (entity, listed)) in entities.iter().zip(listed).enumerate() {
        if let Some(cluster) = entity.cluster {
            rules::require(listed, "entities", index, || format!("cluster {cluster}"))?;
        }
    }
    Ok(())
}

/// The rules of the parts; pipelines check by them what stages return. `field` names the list in errors.
pub(crate) mod rules {
    use super::{DocumentError, Removed, Sentence, Span};
    use crate::document::Value;

    /// Spans of `text`, ordered and disjoint.
    pub(crate) fn disjoint(
        field: &'static str,
        text: &str,
        spans: impl Iterator<Item = Span>,
    ) -> Result<(), DocumentError> {
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

    /// Nothing is kept and removed; both lists are ordered.
    pub(crate) fn apart(kept: &[Span], removed: &[Removed]) -> Result<(), DocumentError> {
        let mut other_index = 0;
        for (index, Removed { span, .. }) in removed.iter().enumerate() {
            while kept.get(other_index).is_some_and(|kept| kept.end() <= span.start()) {
                other_index += 1;
            }
            if kept.get(other_index).is_some_and(|kept| kept.overlaps(*span)) {
                return Err(DocumentError::Overlap { field: "removed", index, other: "kept", other_index });
            }
        }
        Ok(())
    }

    /// Sentences are ordered, disjoint and not empty; paragraphs never decrease.
    pub(crate) fn sentences(text: &str, sentences: &[Sentence]) -> Result<(), DocumentError> {
        const FIELD: &str = "sentences";
        disjoint(FIELD, text, sentences.iter().map(|sentence| sentence.span))?;
        let mut last = 0;
        for (index, Sentence { span, paragraph, .. }) in sentences.iter().enumerate() {
            not_empty(FIELD, index, *span)?;
            if *paragraph < last {
                let message = format!("is in paragraph {paragraph}, the one before it in {last}");
                return Err(DocumentError::Content { field: FIELD, index, message });
            }
            last = *paragraph;
        }
        Ok(())
    }

    /// A mention is not empty and lies in the sentence that it names.
    pub(crate) fn in_sentence(
        field: &'static str,
        index: usize,
        span: Span,
        sentence: usize,
        sentences: &[Sentence],
    ) -> Result<(), DocumentError> {
        not_empty(field, index, span)?;
        let inside = sentences.get(sentence).is_some_and(|sentence| sentence.span.contains(span));
        require(inside, field, index, || format!("sentence {sentence}"))
    }

    /// A score lies from 0 to 1.
    pub(crate) fn score(field: &'static str, index: usize, score: f32) -> Result<(), DocumentError> {
        if (0.0..=1.0).contains(&score) {
            return Ok(());
        }
        let message = format!("has the score {score}; scores lie from 0 to 1");
        Err(DocumentError::Content { field, index, message })
    }

    /// Numbers of values are finite.
    pub(crate) fn value(
        field: &'static str,
        index: usize,
        value: Option<&Value>,
    ) -> Result<(), DocumentError> {
        match value.filter(|value| !value.is_finite()) {
            None => Ok(()),
            Some(value) => {
                let message = format!("has the value {value}; numbers must be finite");
                Err(DocumentError::Content { field, index, message })
            }
        }
    }

    /// Indices of sentences ascend, and the sentences are there.
    pub(crate) fn indices(
        field: &'static str,
        indices: impl Iterator<Item = usize>,
        sentences: &[Sentence],
    ) -> Result<(), DocumentError> {
        let mut last = None;
        for (index, sentence) in indices.enumerate() {
            require(sentence < sentences.len(), field, index, || format!("sentence {sentence}"))?;
            if let Some(before) = last.filter(|&before| before >= sentence) {
                let message = format!("is for sentence {sentence}, the one before it for {before}");
                return Err(DocumentError::Content { field, index, message });
            }
            last = Some(sentence);
        }
        Ok(())
    }

    fn not_empty(field: &'static str, index: usize, span: Span) -> Result<(), DocumentError> {
        if !span.is_empty() {
            return Ok(());
        }
        Err(DocumentError::Content { field, index, message: "covers nothing".to_owned() })
    }

    pub(super) fn require(
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Label, Value};

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
    fn refuses_what_contradicts_itself() {
        type Breaking = fn(&mut Document);
        let removed = |span| Removed { span, rule: "rule".to_owned(), reason: "reason".to_owned() };
        let broken: [(Breaking, &str); 13] = [
            (
                |d| d.removed.push(Removed { span: d.kept[0], rule: "r".into(), reason: "r".into() }),
                "removed[0] overlaps kept[0]",
            ),
            (|d| d.sentences[0].span = Span::new("", 0, 0).unwrap(), "sentences[0] covers nothing"),
            (|d| d.entities[0].span = Span::new("", 0, 0).unwrap(), "entities[0] covers nothing"),
            (|d| d.entities[0].score = f32::NAN, "entities[0] has the score NaN"),
            (|d| d.entities[0].score = 1.5, "entities[0] has the score 1.5"),
            (
                |d| d.entities[0].value = Some(Value::Percent { percent: f64::INFINITY }),
                "entities[0] has the value inf%",
            ),
            (|d| d.clusters[0].mentions.clear(), "entities[0] refers to cluster 0"),
            (|d| d.entities[0].cluster = Some(3), "clusters[0] refers to entity 0"),
            (|d| d.clusters[0].mentions.push(0), "clusters[0] has mentions that do not ascend"),
            (|d| d.translation = vec![segment(0), segment(0)], "translation[1] is for sentence 0"),
            (|d| d.translation = vec![segment(1)], "translation[0] refers to sentence 1"),
            (
                |d| d.translation = vec![Segment { confidence: Some(f32::NAN), ..segment(0) }],
                "translation[0] has the score NaN",
            ),
            (|d| d.confidence = Some(2.), "confidence[0] has the score 2"),
        ];
        for (breaking, expected) in broken {
            let mut document = document();
            breaking(&mut document);
            let error = document.validate().unwrap_err().to_string();
            assert!(error.contains(expected), "{error} is not {expected}");
        }
        let mut apart = document();
        let text = apart.article.text.clone();
        apart.kept = vec![Span::new(&text, 0, 4).unwrap(), Span::new(&text, 10, 19).unwrap()];
        apart.removed = vec![removed(Span::new(&text, 5, 9).unwrap())];
        apart.validate().unwrap();
        apart.removed = vec![removed(Span::new(&text, 5, 11).unwrap())];
        assert!(apart.validate().unwrap_err().to_string().contains("removed[0] overlaps kept[1]"));
    }

    fn segment(sentence: usize) -> Segment {
        Segment::new(sentence, "Budi arrives in Ambon.")
    }

    #[test]
    fn paragraphs_never_decrease() {
        let mut broken = document();
        let text = broken.article.text.clone();
        broken.entities.clear();
        broken.clusters.clear();
        let half = |start, end, paragraph| Sentence::new(Span::new(&text, start, end).unwrap(), paragraph);
        broken.sentences = vec![half(0, 4, 1), half(5, 19, 0)];
        let error = broken.validate().unwrap_err().to_string();
        assert!(error.contains("sentences[1] is in paragraph 0, the one before it in 1"), "{error}");
    }

    #[test]
    fn refuses_a_newer_schema() {
        let mut newer = document();
        newer.schema_version = SCHEMA_VERSION + 1;
        assert!(matches!(newer.validate(), Err(DocumentError::Schema { .. })));
    }
}
