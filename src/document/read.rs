//! Reading a document from JSON: what is no document, or one that a newer version wrote, is told as such.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::Value;

use super::unique::Unique;
use super::validate::Unchecked;
use super::{Document, DocumentError, SCHEMA_VERSION};
use crate::error::Error;

impl From<DocumentError> for Error {
    /// Returns an [`Error::Input`], since a document is an article with what was found in it; [`of_article`](Error::of_article) names it.
    fn from(error: DocumentError) -> Self {
        Error::Input {
            message: match &error {
                DocumentError::Json { message } => format!("it cannot be read as a document: {message}"),
                // What another version, another program or the binary wrote is as it should be.
                error if !error.is_broken_rule() => error.to_string(),
                error => format!("the document is broken: {error}"),
            },
        }
    }
}

impl Document {
    /// Reads a document from JSON, and checks it as [`validate`](Self::validate) does. Deserializing one does the same, and has its errors
    /// as text alone.
    ///
    /// Its offsets have to count bytes. What `--offsets chars` or the Python package's `to_json()` wrote counts characters and is refused: leave
    /// the option out, and in Python write `document.with_offsets("bytes").to_json()`.
    ///
    /// ```
    /// use intisari::document::DocumentError;
    /// use intisari::{serde_json, Article, Document};
    ///
    /// fn read(line: &str) -> intisari::Result<Document> {
    ///     Ok(Document::from_json(line)?)
    /// }
    ///
    /// let document = Document::new(Article::new("a1", "Hujan turun."));
    /// let line = serde_json::to_string(&document)?;
    /// assert_eq!(read(&line)?, document);
    /// assert!(matches!(Document::from_json("[]"), Err(DocumentError::Json { .. })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`DocumentError::Json`] where `json` is no JSON or has other fields; [`DocumentError::Failure`] where it tells of an article that
    /// failed, [`Schema`](DocumentError::Schema) and [`OffsetUnit`](DocumentError::OffsetUnit) where it is a document in another form;
    /// else the rule that it breaks.
    pub fn from_json(json: &str) -> Result<Self, DocumentError> {
        let value = serde_json::from_str::<Unique>(json);
        read(value.map_err(|error| DocumentError::Json { message: error.to_string() })?.0)
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(Unique::deserialize(deserializer)?.0).map_err(D::Error::custom)
    }
}

/// Reads everything before it looks at a part: what to say of an unknown field depends on the versions, which come last.
fn read(value: Value) -> Result<Document, DocumentError> {
    if !value.is_object() {
        return Err(DocumentError::Json { message: "a document is a JSON object, this is none".to_owned() });
    }
    if let Some(found) = other_schema(&value) {
        return Err(DocumentError::Schema { found });
    }
    if let Some(failure) = failure_record(&value) {
        return Err(failure);
    }
    let written = written_by(&value);
    let raw: Unchecked = serde_path_to_error::deserialize(value).map_err(|error| {
        let message = with_versions(error.inner().to_string(), written);
        DocumentError::Json { message: at_field(error.path(), message) }
    })?;
    Document::try_from(raw)
}

/// `message` behind the field that it is about, such as `entities[3].label`; the whole document has none.
fn at_field(path: &serde_path_to_error::Path, message: String) -> String {
    match path.iter().len() {
        0 => message,
        _ => format!("`{path}`: {message}"),
    }
}

/// The schema version of `value` where it is not ours: nothing else in it need be as we know it.
fn other_schema(value: &Value) -> Option<u32> {
    let version = u32::try_from(value.get("schema_version")?.as_u64()?).ok()?;
    (version != SCHEMA_VERSION).then_some(version)
}

/// What the binary says of an article that failed.
fn failure_record(value: &Value) -> Option<DocumentError> {
    let text = |name| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let (article, error) = (text("id")?, text("error")?);
    (value.as_object()?.len() == 2).then_some(DocumentError::Failure { article, error })
}

/// The versions of writer and schema; `None` where `value` is no document of ours.
fn written_by(value: &Value) -> Option<String> {
    let schema = value.get("schema_version")?;
    let writer = value.pointer("/provenance/crate_version").and_then(Value::as_str).unwrap_or("?");
    // What this very version wrote knows nothing that is new to it.
    (writer != env!("CARGO_PKG_VERSION")).then(|| format!("{writer} (schema {schema})"))
}

/// `error` with the versions of writer and reader, where it is about something that this version does not know.
fn with_versions(error: String, written_by: Option<String>) -> String {
    // The wording is serde's; it has no other way to tell.
    let is_unknown = ["unknown field", "unknown variant"].iter().any(|start| error.starts_with(start));
    let Some(writer) = written_by.filter(|_| is_unknown) else { return error };
    format!(
        "{error}; the document may be of a newer version: it was written by intisari {writer}, this is {} (schema {SCHEMA_VERSION})",
        env!("CARGO_PKG_VERSION"),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::{Article, Flag, FlagKind};

    /// What is said of a document of version 9.1.0 after `change`.
    fn refused(change: impl FnOnce(&mut Value)) -> String {
        let mut document = Document::new(Article::new("a", "Hujan."));
        document.provenance.crate_version = "9.1.0".to_owned();
        document.flags.push(Flag::new(FlagKind::Html, "b"));
        let mut value = serde_json::to_value(&document).unwrap();
        change(&mut value);
        let text = serde_json::from_str::<Document>(&value.to_string()).unwrap_err().to_string();
        let owned = serde_json::from_value::<Document>(value).unwrap_err().to_string();
        assert!(text.starts_with(&owned), "{text} and {owned}");
        owned
    }

    #[test]
    fn what_a_newer_version_may_have_added_names_both_versions() {
        let newer = format!(
            "may be of a newer version: it was written by intisari 9.1.0 (schema {SCHEMA_VERSION}), this is {} (schema {SCHEMA_VERSION})",
            env!("CARGO_PKG_VERSION")
        );
        let flag = refused(|value| value["flags"][0]["kind"] = "too_sunny".into());
        assert!(
            flag.starts_with("`flags[0].kind`: unknown variant `too_sunny`") && flag.ends_with(&newer),
            "{flag}"
        );
        let field = refused(|value| value["mood"] = "glad".into());
        assert!(field.starts_with("`mood`: unknown field `mood`") && field.ends_with(&newer), "{field}");
        let inner = refused(|value| value["article"]["author"] = "Rini".into());
        assert!(inner.starts_with("`article.author`: unknown field") && inner.ends_with(&newer), "{inner}");
    }

    #[test]
    fn a_newer_schema_goes_before_all_that_it_may_have_changed() {
        let error = refused(|value| {
            value["schema_version"] = (SCHEMA_VERSION + 1).into();
            value["kept"] = "all".into();
        });
        assert!(error.contains("is newer than"), "{error}");
        let error = refused(|value| value["schema_version"] = (SCHEMA_VERSION - 1).into());
        assert!(error.contains("is older than"), "{error}");
    }

    #[test]
    fn what_this_version_wrote_is_not_taken_for_a_newer_one() {
        let error = refused(|value| {
            value["provenance"]["crate_version"] = env!("CARGO_PKG_VERSION").into();
            value["mood"] = "glad".into();
        });
        assert!(error.starts_with("`mood`: unknown field") && !error.contains("newer"), "{error}");
    }

    #[test]
    fn the_field_that_does_not_fit_is_named() {
        let error = refused(|value| value["flags"][0]["detail"] = 7.into());
        assert!(error.starts_with("`flags[0].detail`: invalid type: integer `7`"), "{error}");
        let error = refused(|value| value["kept"] = json!([{"start": 0, "end": 6}, {"start": 5, "end": 2}]));
        assert!(error.starts_with("`kept[1]`: "), "{error}");
        let error = refused(|value| *value = json!({"article": {"id": 7}}));
        assert!(error.starts_with("`article.id`: "), "{error}");
        let whole = serde_json::from_str::<Document>("[]").unwrap_err().to_string();
        assert!(whole.starts_with("a document is a JSON object"), "{whole}");
    }

    #[test]
    fn a_broken_document_is_an_error_of_the_crate() {
        let check = |document: &Document| -> crate::Result<()> { Ok(document.validate()?) };
        let mut document = Document::new(Article::new("a", "Hujan."));
        check(&document).unwrap();
        document.confidence = Some(7.0);
        let error = check(&document).unwrap_err();
        assert!(matches!(&error, Error::Input { message } if message.contains("the score 7")), "{error}");
    }

    #[test]
    fn only_a_document_that_breaks_a_rule_is_called_broken() {
        let document = Document::new(Article::new("a", "Kafé."));
        let told =
            |value: Value| Error::from(Document::from_json(&value.to_string()).unwrap_err()).to_string();
        let chars = told(crate::output::json(&document, crate::document::Unit::Chars));
        assert!(chars.starts_with("offsets count chars; write"), "{chars}");
        let failure = told(json!({"id": "b7", "error": "it is empty"}));
        assert!(
            failure.starts_with("a failure record of the binary, no document: article `b7`"),
            "{failure}"
        );
        let mut newer = serde_json::to_value(&document).unwrap();
        newer["schema_version"] = 99.into();
        assert!(told(newer).starts_with("schema version 99 is newer"));
        assert!(told(json!([])).starts_with("it cannot be read as a document: a document is a JSON object"));
        let mut broken = serde_json::to_value(&document).unwrap();
        broken["confidence"] = 7.into();
        assert!(told(broken).starts_with("the document is broken: confidence[0] has the score 7"));
    }

    #[test]
    fn a_field_that_stands_there_twice_is_named() {
        let json = serde_json::to_string(&Document::new(Article::new("a", "Hujan."))).unwrap();
        for (once, twice, name) in [
            (r#""flags":[]"#, r#""flags":[],"flags":[]"#, "flags"),
            (r#""id":"a""#, r#""id":"a","id":"b""#, "id"),
        ] {
            let error = Document::from_json(&json.replacen(once, twice, 1)).unwrap_err().to_string();
            assert!(error.contains(&format!("the field `{name}` stands there twice")), "{error}");
        }
    }

    #[test]
    fn other_errors_stay_as_they_are() {
        let error = refused(|value| value["kept"] = 3.into());
        assert!(!error.contains("newer"), "{error}");
    }

    #[test]
    fn a_failure_record_is_told_from_a_document() {
        let error = serde_json::from_str::<Document>(r#"{"id": "b7", "error": "it is empty"}"#).unwrap_err();
        let error = error.to_string();
        assert!(error.starts_with("a failure record of the binary, no document: article `b7`"), "{error}");
        let other = serde_json::from_str::<Document>(r#"{"id": "b7"}"#).unwrap_err().to_string();
        assert!(!other.contains("failure record"), "{other}");
    }
}
