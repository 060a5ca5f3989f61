//! The rules that every document keeps, checked when one is read from JSON.

use serde::Deserialize;

use super::cover::outside;
use super::rules::{self, Placed};
use super::{
    clusters, Article, Cluster, Document, DocumentError, Entity, Flag, Provenance, Removed, Segment,
    Sentence, Span, Summary, Unit, SCHEMA_VERSION,
};
use crate::part::Part;

/// A document as it stands in JSON, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "Document")]
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
    if document.schema_version != SCHEMA_VERSION {
        return Err(DocumentError::Schema { found: document.schema_version });
    }
    let text = &document.article.text;
    let Document { kept, removed, sentences, .. } = document;
    rules::disjoint("kept", text, kept.iter().copied())?;
    rules::disjoint("removed", text, removed.iter().map(|removed| removed.span))?;
    rules::apart(text, kept, removed)?;
    rules::named(removed)?;
    rules::sentences(text, sentences)?;
    rules::trimmed_sentences(text, sentences)?;
    sentences_are_what_was_kept(text, kept, sentences)?;
    for (index, span) in
        document.flags.iter().enumerate().filter_map(|(index, flag)| Some((index, flag.span?)))
    {
        span.check(text).map_err(|source| DocumentError::Span { field: "flags", index, source })?;
    }
    entities(document)?;
    clusters::check(document)?;
    english(document)
}

/// A document without sentences may come from a pipeline that has no splitter.
fn sentences_are_what_was_kept(
    text: &str,
    kept: &[Span],
    sentences: &[Sentence],
) -> Result<(), DocumentError> {
    if sentences.is_empty() {
        return Ok(());
    }
    let spans: Vec<Span> = sentences.iter().map(|sentence| sentence.span).collect();
    let refused = |field, list: &[Span], byte: usize, why: &str| {
        let index = list.partition_point(|span| span.end() <= byte);
        let excerpt = rules::start(text.part(byte..));
        let message = format!("has {excerpt:?} at byte {byte}, which {why}");
        Err(DocumentError::Content { field, index, message })
    };
    if let Some(byte) = outside(text, kept.iter().copied(), &spans) {
        return refused("kept", kept, byte, "lies in no sentence");
    }
    match outside(text, spans.iter().copied(), kept) {
        Some(byte) => refused("sentences", &spans, byte, "was not kept"),
        None => Ok(()),
    }
}

fn entities(document: &Document) -> Result<(), DocumentError> {
    const FIELD: &str = "entities";
    let Document { entities, sentences, article, .. } = document;
    let placed = entities.iter().map(|entity| Placed::in_sentence(entity.span, entity.sentence));
    rules::disjoint(FIELD, &article.text, placed)?;
    for (index, entity) in entities.iter().enumerate() {
        rules::in_sentence(FIELD, index, &article.text, (entity.span, entity.sentence), sentences)?;
        rules::score(FIELD, index, entity.score)?;
        rules::value(FIELD, index, entity.label, entity.value.as_ref())?;
    }
    Ok(())
}

/// The translation and the summary.
fn english(document: &Document) -> Result<(), DocumentError> {
    let Document { translation, sentences, .. } = document;
    rules::indices("translation", translation.iter().map(|segment| segment.sentence), sentences)?;
    for (index, segment) in translation.iter().enumerate() {
        rules::score("translation", index, segment.confidence.unwrap_or(1.))?;
        rules::one_line("translation", index, &segment.text)?;
        rules::without_spans("translation", index, &segment.flags)?;
    }
    rules::score("confidence", 0, document.confidence.unwrap_or(1.))?;
    let Some(summary) = &document.summary else { return Ok(()) };
    rules::indices("summary.sentences", summary.sentences.iter().copied(), sentences)?;
    rules::one_line("summary.text", 0, &summary.text)?;
    rules::not_blank("summary.text", 0, &summary.text)?;
    rules::language("summary.language", 0, &summary.language)?;
    let chosen = summary.sentences.iter().filter_map(|&sentence| sentences.get(sentence));
    rules::with_spans_of(
        "summary",
        0,
        &summary.flags,
        &chosen.map(|sentence| sentence.span).collect::<Vec<_>>(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{FlagKind, Label, Value};

    /// The entity has a value, which is of something that is no name.
    fn valued(document: &mut Document, value: Value) {
        document.entities[0].label = value.label();
        document.clusters[0].label = value.label();
        document.entities[0].value = Some(value);
    }

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
        let broken: [(Breaking, &str); 37] = [
            (
                |d| {
                    valued(d, Value::Year { year: 2020 });
                    (d.entities[0].label, d.clusters[0].label) = (Label::Money, Label::Money);
                },
                "entities[0] is MONEY and has the value 2020, which is one of DATE",
            ),
            (|d| valued(d, Value::Quantity { amount: 3., unit: " ".to_owned() }), "a quantity has a unit"),
            (|d| valued(d, Value::Month { year: 2025, month: 99 }), "2025-99; months count from 1 to 12"),
            (|d| valued(d, Value::DayOfMonth { month: 4, day: 31 }), "no year has that day"),
            (
                |d| valued(d, Value::Money { amount: 1., currency: "rupiah".to_owned() }),
                "1 rupiah; currencies are codes of three capitals",
            ),
            (
                |d| d.entities[0].value = Some(Value::Year { year: 2025 }),
                "entities[0] has the value 2025; names have no value",
            ),
            (
                |d| d.summary = Some(Summary::new("Budi arrives.", "English", vec![0])),
                "is \"English\", no code",
            ),
            (|d| d.summary = Some(Summary::new("", "en", vec![0])), "summary.text[0] is blank"),
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
            (|d| d.kept.clear(), "sentences[0] has \"Budi tiba di Ambon.\" at byte 0, which was not kept"),
            (|d| d.kept[0] = part(d, 0, 9), "sentences[0] has \"di Ambon.\" at byte 10, which was not"),
            (
                |d| d.sentences[0].span = part(d, 0, 9),
                "kept[0] has \"di Ambon.\" at byte 10, which lies in no",
            ),
            (
                |d| d.sentences[0].span = part(d, 0, 5),
                "sentences[0] (0..5 \"Budi \") has white space at its ends",
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
            (
                |d| d.clusters[0].label = Label::Loc,
                "clusters[0] has the label LOC, its mention entities[0] has PER",
            ),
            (
                |d| d.clusters[0].name = "Adi".to_owned(),
                "clusters[0] has the name \"Adi\", which none of its mentions",
            ),
            (|d| d.clusters[0].name = " ".to_owned(), "clusters[0] has the name"),
            (swap_clusters, "clusters[1] begins before the one before it"),
            (|d| d.translation = vec![Segment::new(0, "Budi\narrives.")], "translation[0] has a line break"),
            (|d| d.translation = vec![Segment::new(0, "Budi. ")], "translation[0] has a blank at its end"),
            (|d| d.summary = Some(summary("Budi.\nAmbon.")), "summary.text[0] has a line break"),
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
            (
                |d| d.translation = vec![Segment { flags: vec![spanned(d)], ..segment(0) }],
                "translation[0] has a flag for the span 0..4",
            ),
            (
                |d| d.summary = Some(Summary { flags: vec![spanned(d)], ..summary("Budi.") }),
                "summary[0] has a flag for the span 0..4",
            ),
        ];
        for (breaking, expected) in broken {
            let mut document = document();
            breaking(&mut document);
            let error = document.validate().unwrap_err().to_string();
            assert!(error.contains(expected), "{error} is not {expected}");
        }
        let mut apart = document();
        apart.sentences.clear();
        apart.entities.clear();
        apart.clusters.clear();
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

    fn summary(text: &str) -> Summary {
        Summary { text: text.to_owned(), language: "en".to_owned(), sentences: vec![0], flags: vec![] }
    }

    /// Two clusters, the second of which begins first.
    fn swap_clusters(document: &mut Document) {
        let mut place = Entity::new(part(document, 13, 18), Label::Loc, 0.9, 0);
        place.cluster = Some(0);
        document.entities.push(place);
        document.entities[0].cluster = Some(1);
        let place =
            Cluster { name: "Ambon".to_owned(), label: Label::Loc, aliases: vec![], mentions: vec![1] };
        document.clusters.insert(0, place);
    }

    /// A flag with a span, as only those of the article have one.
    fn spanned(document: &Document) -> Flag {
        Flag::new(FlagKind::Doubtful, "").at(part(document, 0, 4))
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
