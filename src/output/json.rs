//! JSON with offsets in the unit that the reader counts in.

use serde_json::{Map, Value};

use crate::document::{Document, OffsetTable, Unit};
use crate::text::as_json;

/// `document` as JSON; its field `offset_unit` names the unit of all offsets.
///
/// With [`Unit::Bytes`] it can be read back into a [`Document`].
///
/// A number that is not finite, which no checked document has, is null.
///
/// ```
/// use intisari::{document::Unit, output::json, Article, Document};
///
/// let document = Document::new(Article::new("a1", "Café"));
/// assert_eq!(json(&document, Unit::Bytes)["kept"][0]["end"], 5);
/// assert_eq!(json(&document, Unit::Chars)["kept"][0]["end"], 4);
/// ```
pub fn json(document: &Document, unit: Unit) -> Value {
    let mut value = as_json(document);
    // As documents are written they count bytes, and say so.
    if let Value::Object(fields) = &mut value {
        if unit != Unit::Bytes {
            let table = OffsetTable::new(&document.article.text, unit);
            // What a stage ran with is its own, whatever it looks like.
            let counted = fields.iter_mut().filter(|(name, _)| *name != "provenance");
            counted.for_each(|(_, field)| convert(field, &table));
            fields.insert("offset_unit".to_owned(), as_json(&unit));
        }
    }
    value
}

/// Converts every span, which in JSON is an object of just `start` and `end`.
fn convert(value: &mut Value, table: &OffsetTable) {
    match value {
        Value::Object(fields) if is_span(fields) => {
            for offset in fields.values_mut() {
                let bytes = offset.as_u64().and_then(|bytes| usize::try_from(bytes).ok());
                *offset = bytes.map_or(Value::Null, |bytes| table.convert(bytes).into());
            }
        }
        Value::Object(fields) => fields.values_mut().for_each(|field| convert(field, table)),
        Value::Array(items) => items.iter_mut().for_each(|item| convert(item, table)),
        _ => {}
    }
}

fn is_span(fields: &Map<String, Value>) -> bool {
    fields.len() == 2 && fields.contains_key("start") && fields.contains_key("end")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Article, Entity, Label, Segment, Sentence, Span};

    #[test]
    fn what_a_stage_ran_with_is_no_span() {
        let mut document = Document::new(Article::new("a", "Café buka."));
        document.provenance.options = serde_json::json!({"start": 7, "end": 9});
        let written = json(&document, Unit::Chars);
        assert_eq!(written["provenance"]["options"], serde_json::json!({"start": 7, "end": 9}));
        assert_eq!(written["kept"][0]["end"], 10);
    }

    #[test]
    fn numbers_are_as_short_as_in_a_document_that_is_written_as_text() {
        let text = "Rini tiba.";
        let mut document = Document::new(Article::new("a", text));
        document.sentences.push(Sentence::new(Span::whole(text), 0));
        document.entities.push(Entity::new(Span::new(text, 0, 4).unwrap(), Label::Per, 0.98, 0));
        document.translation.push(Segment { confidence: Some(0.731), ..Segment::new(0, "Rini arrives.") });
        document.confidence = Some(0.731);
        let written = json(&document, Unit::Bytes).to_string();
        assert_eq!(written.matches(r#""score":0.98,"#).count(), 1, "{written}");
        assert_eq!(written.matches(r#""confidence":0.731,"#).count(), 2, "{written}");
    }

    #[test]
    fn reads_back_what_counts_bytes_and_refuses_the_rest() {
        let document = Document::new(Article::new("a", "Kafé 😀"));
        let bytes = json(&document, Unit::Bytes);
        assert_eq!(bytes["offset_unit"], "bytes");
        assert_eq!(serde_json::from_value::<Document>(bytes).unwrap(), document);
        let utf16 = json(&document, Unit::Utf16);
        assert_eq!(utf16["kept"][0]["end"], 7);
        assert!(serde_json::from_value::<Document>(utf16).unwrap_err().to_string().contains("byte offsets"));
    }
}
