//! JSON whose objects have each field once.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Reads a value of JSON. Where an object has two fields of one name, that is an error; serde_json alone takes the last one.
///
/// ```
/// use intisari::document::json_value;
///
/// assert_eq!(json_value(r#"{"text": "Hujan."}"#)?["text"], "Hujan.");
/// let error = json_value(r#"{"text": "Hujan.", "text": "Angin."}"#).unwrap_err();
/// assert!(error.to_string().contains("the field `text` stands there twice"));
/// # Ok::<(), intisari::serde_json::Error>(())
/// ```
///
/// # Errors
/// serde_json's, with line and column.
pub fn json_value(json: &str) -> serde_json::Result<Value> {
    serde_json::from_str(json).map(|Unique(value)| value)
}

/// A value of JSON. serde_json keeps the last of two fields of one name and says nothing; here that is an error: nobody knows which
/// one was meant.
pub(crate) struct Unique(pub Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Fields).map(Unique)
    }
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    // Forms other than JSON tell whether something is there.
    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Unique::deserialize(deserializer).map(|Unique(value)| value)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Unique(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((name, Unique(value))) = fields.next_entry::<String, Unique>()? {
            if map.contains_key(&name) {
                return Err(A::Error::custom(format_args!("the field `{name}` stands there twice")));
            }
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}
