//! JSON with offsets in the unit that the reader counts in.

use serde_json::{Map, Value};

use crate::document::{Document, OffsetTable, Unit};

/// `document` as JSON; its field `offset_unit` names the unit of all offsets.
///
/// With [`Unit::Bytes`] it can be read back into a [`Document`].
///
/// # Errors
/// Where a number has no JSON form (a score that is not finite).
///
/// ```
/// use intisari::{document::Unit, output::json, Article, Document};
///
/// let document = Document::new(Article::new("a1", "Café"));
/// assert_eq!(json(&document, Unit::Bytes)?["kept"][0]["end"], 5);
/// assert_eq!(json(&document, Unit::Chars)?["kept"][0]["end"], 4);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn json(document: &Document, unit: Unit) -> Result<Value, serde_json::Error> {
    let mut value = serde_json::to_value(document)?;
    if unit != Unit::Bytes {
        convert(&mut value, &OffsetTable::new(&document.article.text, unit));
    }
    if let Value::Object(fields) = &mut value {
        fields.insert("offset_unit".to_owned(), serde_json::to_value(unit)?);
    }
    Ok(value)
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
    use crate::document::Article;

    #[test]
    fn reads_back_what_counts_bytes_and_refuses_the_rest() {
        let document = Document::new(Article::new("a", "Kafé 😀"));
        let bytes = json(&document, Unit::Bytes).unwrap();
        assert_eq!(serde_json::from_value::<Document>(bytes).unwrap(), document);
        let utf16 = json(&document, Unit::Utf16).unwrap();
        assert_eq!(utf16["kept"][0]["end"], 7);
        assert!(serde_json::from_value::<Document>(utf16).unwrap_err().to_string().contains("byte offsets"));
    }
}
