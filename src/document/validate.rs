//! The rules that every document keeps, checked when one is read from JSON.

use serde::Deserialize;

use super::rules::{self, Placed};
use super::{
    clusters, Article, Cluster, Document, DocumentError, Entity, Flag, Provenance, Removed, Segment,
    Sentence, Span, Summary, Unit, SCHEMA_VERSION,
};

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

/// [`Document::validate`] lists the rules.
pub(super) fn validate(document: &Document) -> Result<(), DocumentError> {
    if document.schema_version > SCHEMA_VERSION {
        return Err(DocumentError::Schema { found: document.schema_version });
    }
    let text = &document.article.text;
    let Document { kept, removed, sentences, .. } = document;
    rules::disjoint("kept", text, kept.iter().copied())?;
    rules::disjoint("removed", text, removed.iter().map(|removed| removed.span))?;
    rules::apart(text, kept, removed)?;
    rules::sentences(text, sentences)?;
    for (index, span) in
        document.flags.iter().enumerate().filter_map(|(index, flag)| Some((index, flag.span?)))
    {
        span.check(text).map_err(|source| DocumentError::Span { field: "flags", index, source })?;
    }
    entities(document)?;
    clusters::check(document)?;
    english(document)
}

fn entities(document: &Document) -> Result<(), DocumentError> {
    const FIELD: &str = "entities";
    let Document { entities, sentences, article, .. } = document;
    let placed = entities.iter().map(|entity| Placed::in_sentence(entity.span, entity.sentence));
    rules::disjoint(FIELD, &article.text, placed)?;
    for (index, entity) in entities.iter().enumerate() {
        rules::in_sentence(FIELD, index, &article.text, (entity.span, entity.sentence), sentences)?;
        rules::score(FIELD, index, entity.score)?;
        rules::value(FIELD, index, entity.value.as_ref())?;
    }
    Ok(())
}

/// The translation and the summary.
fn english(document: &Document) -> Result<(), DocumentError> {
    let Document { translation, sentences, .. } = document;
    rules::indices("translation", translation.iter().map(|segment| segment.sentence), sentences)?;
    for (index, segment) in translation.iter().enumerate() {
        rules::score("translation", index, segment.confidence.unwrap_or(1.))?;
    }
    rules::score("confidence", 0, document.confidence.unwrap_or(1.))?;
    let summarized = document.summary.iter().flat_map(|summary| &summary.sentences);
    rules::indices("summary.sentences", summarized.copied(), sentences)
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
        let broken: [(Breaking, &str); 16] = [
            (
                |d| d.removed.push(Removed { span: d.kept[0], rule: "r".into(), reason: "r".into() }),
                "removed[0] (0..19 \"Budi tiba di Ambon.\") overlaps kept[0] (0..19",
            ),
            (|d| d.sentences[0].span = Span::new("", 0, 0).unwrap(), "sentences[0] covers nothing"),
            (|d| d.entities[0].span = Span::new("", 0, 0).unwrap(), "entities[0] covers nothing"),
            (|d| d.entities[0].score = f32::NAN, "entities[0] has the score NaN"),
            (|d| d.entities[0].score = 1.5, "entities[0] has the score 1.5"),
            (
                |d| d.entities[0].value = Some(Value::Percent { percent: f64::INFINITY }),
                "entities[0] has the value inf%",
            ),
            (|d| d.entities[0].span = part(d, 4, 5), "entities[0] covers nothing but white space"),
            (|d| d.entities[0].span = part(d, 0, 5), "entities[0] (0..5 \"Budi \") has white space"),
            (
                |d| d.clusters[0].mentions.clear(),
                "entities[0] refers to cluster 0, which does not refer back",
            ),
            (
                |d| d.clusters[0].mentions.push(7),
                "clusters[0] refers to entity 7, which is not there: there are 1",
            ),
            (
                |d| d.entities[0].cluster = Some(3),
                "clusters[0] refers to entity 0, which does not refer back",
            ),
            (|d| d.clusters[0].mentions.push(0), "clusters[0] has mentions that do not ascend"),
            (|d| d.translation = vec![segment(0), segment(0)], "translation[1] is for sentence 0"),
            (
                |d| d.translation = vec![segment(1)],
                "translation[0] refers to sentence 1, which is not there: there are 1",
            ),
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
        assert!(apart
            .validate()
            .unwrap_err()
            .to_string()
            .contains("removed[0] (5..11 \"tiba d\") overlaps kept[1]"));
    }

    fn part(document: &Document, start: usize, end: usize) -> Span {
        Span::new(&document.article.text, start, end).unwrap()
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
