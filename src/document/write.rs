//! Writing a document: it says what its offsets count, so that whoever reads it need not guess.

use serde::{Serialize, Serializer};

use super::{
    Article, Cluster, Document, Entity, Flag, Provenance, Removed, Segment, Sentence, Span, Summary, Unit,
};

/// A document as it stands in JSON; [`Unchecked`](super::validate) reads the same fields.
#[derive(Serialize)]
#[serde(rename = "Document")]
struct Written<'d> {
    schema_version: u32,
    offset_unit: Unit,
    article: &'d Article,
    kept: &'d [Span],
    removed: &'d [Removed],
    sentences: &'d [Sentence],
    entities: &'d [Entity],
    clusters: &'d [Cluster],
    translation: &'d [Segment],
    #[serde(serialize_with = "super::shortest::serialize")]
    confidence: Option<f32>,
    summary: &'d Option<Summary>,
    flags: &'d [Flag],
    provenance: &'d Provenance,
}

/// With the field `offset_unit`, which is always `bytes`; [`output::json`](crate::output::json) writes other units.
impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // By name, so that a new field is not left out.
        let Document {
            schema_version,
            article,
            kept,
            removed,
            sentences,
            entities,
            clusters,
            translation,
            confidence,
            summary,
            flags,
            provenance,
        } = self;
        let written = Written {
            schema_version: *schema_version,
            offset_unit: Unit::Bytes,
            article,
            kept,
            removed,
            sentences,
            entities,
            clusters,
            translation,
            confidence: *confidence,
            summary,
            flags,
            provenance,
        };
        written.serialize(serializer)
    }
}
