//! The JSON Schema of the output: made from the types, kept in `docs/`, and true of what is written, failures included.
#![cfg(feature = "server")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic)] // helpers of tests fail as tests do

mod common;

use std::path::Path;

use common::example;
use common::program::{intisari, process};
use intisari::document::{Article, Document, Flag, FlagKind, Unit};
use intisari::output;
use serde_json::{json, Map, Value};

/// The schema of a record as it is written, a document or a failure, from the description of the service, which is made from the types.
///
/// Reading takes some fields for granted, so that the types say that they may be missing; writing leaves none out.
fn schema() -> Value {
    let output = process().args(["serve", "--openapi"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap().replace("#/components/schemas/", "#/$defs/");
    let mut description: Value = serde_json::from_str(&text).unwrap();
    let types = description["components"]["schemas"].as_object_mut().unwrap();
    let mut wanted = vec!["Record".to_owned()];
    let mut found = Map::new();
    while let Some(name) = wanted.pop() {
        let Some(mut schema) = types.remove(&name) else { continue };
        require_all(&mut schema);
        let text = schema.to_string();
        let names = text.split("#/$defs/").skip(1);
        wanted.extend(names.map(|rest| rest.split('"').next().unwrap().to_owned()));
        found.insert(name, schema);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A record as intisari writes it, one a line: a document, or an article that failed and why",
        "$ref": "#/$defs/Record",
        "$defs": found,
    })
}

/// Makes every property of an object one that must be there.
fn require_all(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::Object(properties)) = fields.get("properties") {
                let names = properties.keys().cloned().collect::<Vec<_>>();
                fields.insert("required".to_owned(), names.into());
            }
            fields.values_mut().for_each(require_all);
        }
        Value::Array(items) => items.iter_mut().for_each(require_all),
        _ => {}
    }
}

/// Says where `value` breaks `schema`. A keyword that it does not know is an error: it would be passed over in silence.
fn check(root: &Value, schema: &Value, value: &Value, place: &str) -> Result<(), String> {
    let fail = |message: String| Err(format!("{place}: {message}"));
    for (keyword, rule) in schema.as_object().ok_or("a schema is an object")? {
        match keyword.as_str() {
            "description" | "format" | "$defs" | "$schema" | "title" | "default" | "example" => {}
            "$ref" => {
                let target = root.pointer(rule.as_str().unwrap().trim_start_matches('#')).unwrap();
                check(root, target, value, place)?;
            }
            "allOf" => {
                for part in rule.as_array().unwrap() {
                    check(root, part, value, place)?;
                }
            }
            "oneOf" => {
                let tried: Vec<_> =
                    rule.as_array().unwrap().iter().map(|part| check(root, part, value, place)).collect();
                if tried.iter().filter(|result| result.is_ok()).count() != 1 {
                    return fail(format!("not exactly one of {tried:?}"));
                }
            }
            "type" => {
                let is = |kind: &Value| match kind.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "number" => value.is_number(),
                    "boolean" => value.is_boolean(),
                    "null" => value.is_null(),
                    kind => panic!("{kind}"),
                };
                if !rule.as_array().map_or_else(|| is(rule), |kinds| kinds.iter().any(is)) {
                    return fail(format!("{value} is no {rule}"));
                }
            }
            "enum" if !rule.as_array().unwrap().contains(value) => {
                return fail(format!("{value} is none of {rule}"))
            }
            "enum" => {}
            "const" if rule != value => return fail(format!("{value} is not {rule}")),
            "const" => {}
            "minimum" if value.as_f64().is_some_and(|number| number < rule.as_f64().unwrap()) => {
                return fail(format!("{value} is less than {rule}"));
            }
            "minimum" => {}
            "required" => {
                for name in rule.as_array().unwrap() {
                    if value.as_object().is_some_and(|fields| !fields.contains_key(name.as_str().unwrap())) {
                        return fail(format!("{name} is missing"));
                    }
                }
            }
            "properties" => {
                for (name, part) in rule.as_object().unwrap() {
                    if let Some(field) = value.get(name) {
                        check(root, part, field, &format!("{place}.{name}"))?;
                    }
                }
            }
            "additionalProperties" if rule == &json!(false) => {
                let known = schema["properties"].as_object().unwrap();
                if let Some(name) =
                    value.as_object().and_then(|fields| fields.keys().find(|name| !known.contains_key(*name)))
                {
                    return fail(format!("{name} is unknown"));
                }
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, rule, item, &format!("{place}[{index}]"))?;
                }
            }
            keyword => panic!("this test knows no `{keyword}`: {rule}"),
        }
    }
    Ok(())
}

#[test]
fn the_schema_that_is_kept_is_that_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/document.schema.json");
    let made = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    if std::env::var_os("INTISARI_UPDATE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    // Not assert_eq, whose message would be both of them.
    assert!(
        kept == made,
        "the types have changed: run this test with INTISARI_UPDATE=1, and look at what changed"
    );
}

#[test]
fn what_is_written_keeps_to_the_schema() {
    let schema = schema();
    let mut flagged = example::document();
    flagged.flags.push(Flag::new(FlagKind::NotIndonesian, ""));
    flagged.translation[0].flags.push(Flag::new(FlagKind::NumberMissing, "64"));
    let bare = Document::new(Article::new("", ""));
    let hostile = example::stages().build().unwrap().run(&example::hostile()).unwrap();
    for document in [example::document(), flagged, bare, hostile] {
        for unit in [Unit::Bytes, Unit::Chars, Unit::Utf16] {
            let written = output::json(&document, unit);
            check(&schema, &schema, &written, "document").unwrap();
        }
    }
    let broken = "{\"id\": \"a\", \"text\": 7}\n";
    let failed =
        intisari().args(["clean", "--input-form", "jsonl", "-"]).write_stdin(broken).output().unwrap();
    let failed: Value = serde_json::from_slice(&failed.stdout).unwrap();
    assert_eq!(failed["id"], "a");
    check(&schema, &schema, &failed, "failure").unwrap();
    let mut wrong = output::json(&example::document(), Unit::Bytes);
    wrong["entities"][0]["label"] = json!("PERSON");
    assert!(check(&schema, &schema, &wrong, "record").is_err());
    let error = check(&schema, &schema["$defs"]["Written"], &wrong, "document").unwrap_err();
    assert!(error.starts_with("document.entities[0].label"), "{error}");
}

/// Tables are read from the lines: the same keys in every record, each with one type, whether there is much in it or nothing.
#[test]
fn every_record_has_the_same_fields() {
    fn keys(value: &Value) -> Vec<&String> {
        value.as_object().unwrap().keys().collect()
    }
    let full = output::json(&example::document(), Unit::Bytes);
    let bare = output::json(&Document::new(Article::new("a", "")), Unit::Bytes);
    assert_eq!(keys(&full), keys(&bare));
    assert_eq!(keys(&full["article"]), keys(&bare["article"]));
    for list in ["entities", "translation", "sentences", "removed", "clusters"] {
        let items = full[list].as_array().unwrap();
        assert!(!items.is_empty(), "{list}");
        assert!(items.iter().all(|item| keys(item) == keys(&items[0])), "{list}");
    }
}
