//! The binary under hostile records: limits as options, and output in proportion to the input.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // helpers of tests fail as tests do

mod common;

use common::program::{intisari, records};
use serde_json::{json, Value};

fn run(args: &[&str], input: &str) -> (i32, Vec<Value>) {
    let args = [args, &["--input-form", "jsonl", "-"]].concat();
    let output = intisari().args(args).write_stdin(input).output().unwrap();
    (output.status.code().unwrap(), records(&output.stdout))
}

fn record(id: &str, text: &str) -> String {
    format!("{}\n", json!({"id": id, "text": text}))
}

#[test]
fn an_article_over_the_limit_fails_alone() {
    let input = [record("long", &"Angin reda. ".repeat(20)), record("short", "Angin reda.")].concat();
    let (code, records) = run(&["clean", "--max-article-bytes", "200"], &input);
    assert_eq!(code, 1);
    assert_eq!(records[0]["id"], "long");
    assert!(
        records[0]["error"].as_str().unwrap().contains("more than --max-article-bytes 200; cut it"),
        "{}",
        records[0]
    );
    assert_eq!(records[1]["article"]["id"], "short");
    for wrong in ["0", "99999999999"] {
        assert_eq!(run(&["clean", "--max-article-bytes", wrong], &input).0, 2);
        assert_eq!(run(&["clean", "--max-article-seconds", wrong], &input).0, 2);
    }
    assert_eq!(run(&["clean", "--max-article-seconds", "60"], &input).0, 0);
}

#[test]
fn messages_hold_no_more_of_an_article_than_an_excerpt() {
    let secret = "rahasia ".repeat(1_000);
    let broken = [
        (
            format!("{{\"id\": \"a\", \"text\": 7, \"other\": {}}}", json!(secret)),
            "field `text` is a number, no text",
        ),
        (format!("{{\"id\": \"b\", \"text\": {}", json!(secret)), "EOF while parsing an object"),
        (format!("{{\"id\": \"c\", \"{secret}\": {}}}", json!(secret)), "no field `text`"),
        (secret.clone(), "no JSON: expected value at column 1"),
        (format!("[{}]", json!(secret)), "looks like JSON over several lines or in a list"),
        (record("d", &"rahasia ".repeat(40)), "more than --max-article-bytes 300"),
    ];
    let said = |line: &str, limit: &str| {
        let (_, mut records) =
            run(&["clean", "--max-article-bytes", limit], &format!("{}\n", line.trim_end()));
        assert_eq!(records.len(), 1);
        let record = records.remove(0);
        let said = [&record["error"], &record["flags"]].map(Value::to_string).concat();
        assert!(said.len() < 500, "{said}");
        assert!(said.matches("rahasia").count() <= 40, "{said}");
        record
    };
    for (line, why) in broken {
        let record = said(&line, "300");
        let error = record["error"].as_str().unwrap_or_default();
        assert!(error.contains(why), "{why}: {record}");
    }
    let unreadable = said(&json!({"id": "e", "text": "Angin reda.", "date": secret}).to_string(), "300");
    assert_eq!(unreadable["flags"][0]["kind"], "unreadable_date", "{unreadable}");
    // One word without a blank holds no language: its flag tells how long it is, and how it begins.
    let passed_over = said(&json!({"id": "f", "text": "rahasia".repeat(1_000)}).to_string(), "10000");
    let flags = passed_over["flags"].as_array().unwrap();
    let flag = flags.iter().find(|flag| flag["kind"] == "passed_over").unwrap();
    assert!(flag["detail"].as_str().unwrap().contains("7000 bytes: rahasia"), "{flag}");
}

/// What is written of an article is a bounded multiple of it, whatever it consists of.
#[test]
fn output_grows_with_the_input_only() {
    for unit in [
        "a.\n",
        "A. ",
        "<p>",
        "&amp;",
        "1 ",
        "“",
        "\n",
        "Baca juga: x\n",
        "(",
        "é",
        "a@b.c ",
        "\u{200b}",
        "# ",
    ] {
        let size = |times: usize| {
            let (code, records) = run(&["split"], &record("a", &unit.repeat(times)));
            assert_eq!(code, 0, "{unit:?}");
            records[0].to_string().len()
        };
        let (small, large) = (size(1_000), size(4_000));
        assert!(large <= 5 * small + 1_000, "{unit:?}: {small}, {large}");
        assert!(large <= 150 * 4_000 * unit.len(), "{unit:?}: {large}");
    }
}
