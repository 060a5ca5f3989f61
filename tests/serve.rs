//! The service from outside, over loopback: its routes, its limits, and what happens when clients leave.
#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stderr)] // helpers of tests fail and speak as tests do

mod common;
#[path = "../src/bin/intisari/serve/http/mod.rs"]
mod http;
#[path = "common/service.rs"]
mod service;

use std::io::Read;
use std::net::Shutdown;
use std::time::{Duration, Instant};

use common::web::{ask, Answer, Request};
use common::POISON;
use serde_json::{json, Value};
use service::{Running, SLOW};

/// Name and value.
type Header<'a> = (&'a str, &'a str);
const JSON: Header = ("Content-Type", "application/json");
const NDJSON: Header = ("Content-Type", "application/x-ndjson");
const FORM: Header = ("Content-Type", "application/x-www-form-urlencoded");
const TEXT: Header = ("Content-Type", "text/plain");
/// Of the services that have a token.
const TOKEN: Header = ("Authorization", "Bearer rahasia");

fn post(service: &Running, path: &str, body: &Value) -> Answer {
    ask(service.address, "POST", path, &[JSON], body.to_string().as_bytes())
}

fn get(service: &Running, path: &str) -> Answer {
    ask(service.address, "GET", path, &[], b"")
}

/// Waits until a metric has a value.
#[track_caller]
fn wait_for(service: &Running, line: &str) {
    let start = Instant::now();
    let metrics = || ask(service.address, "GET", "/metrics", &[TOKEN], b"").text();
    while !metrics().lines().any(|found| found == line) {
        assert!(start.elapsed() < Duration::from_secs(60), "{line}: {}", metrics());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn each_task_does_its_part() {
    let service = Running::new();
    let article = json!({"id": "a7", "text": "Budi tiba di Bogor. Siti pulang.", "title": "Tiba"});
    for (task, entities, translated, summary) in [
        ("clean", 0, 0, false),
        ("split", 0, 0, false),
        ("ner", 2, 0, false),
        ("translate", 2, 2, false),
        ("summarize", 2, 2, true),
        ("digest", 2, 2, true),
    ] {
        let answer = post(&service, &format!("/v1/{task}"), &article);
        assert_eq!(answer.status, 200, "{task}: {}", answer.text());
        let document = answer.json();
        assert_eq!(document["article"]["id"], "a7", "{task}");
        assert_eq!(document["offset_unit"], "bytes");
        assert_eq!(document["entities"].as_array().unwrap().len(), entities, "{task}");
        assert_eq!(document["translation"].as_array().unwrap().len(), translated, "{task}");
        assert_eq!(document["summary"].is_object(), summary, "{task}");
        assert_eq!(document["sentences"].as_array().unwrap().is_empty(), task == "clean", "{task}");
    }
}

#[test]
fn options_do_what_they_say() {
    let service = Running::new();
    let text = "Kafé buka. Budi masuk. Siti pulang. Hujan turun. Jalan sepi.";
    let answer =
        post(&service, "/v1/digest?offsets=chars&sentences=1&fast=true", &json!({"text": text})).json();
    assert_eq!(answer["offset_unit"], "chars");
    assert_eq!(answer["sentences"][0]["span"]["end"], 10);
    assert_eq!(answer["summary"]["sentences"], json!([0]));
    assert_eq!(answer["translation"].as_array().unwrap().len(), 1);
    let answer = ask(
        service.address,
        "POST",
        "/v1/split",
        &[("Content-Type", "text/plain; charset=utf-8")],
        text.as_bytes(),
    );
    assert_eq!(answer.json()["sentences"].as_array().unwrap().len(), 5);
}

#[test]
fn terms_of_a_request_are_asked_for_in_its_english() {
    let service = Running::new();
    let article = json!({"text": "Warga melihat jembatan."});
    let answer = post(&service, "/v1/translate?term=jembatan%3Dfootbridge&term=warga%3DRESIDENTS", &article);
    let segment = answer.json()["translation"][0].clone();
    assert_eq!(segment["terms"][0], json!({"source": "Warga", "target": "RESIDENTS"}));
    let flags: Vec<&Value> =
        segment["flags"].as_array().unwrap().iter().map(|flag| &flag["detail"]).collect();
    assert!(flags.contains(&&json!("jembatan = footbridge")), "{segment}");
    // The next request has none of them.
    let answer = post(&service, "/v1/translate", &article).json();
    assert_eq!(answer["translation"][0]["terms"], json!([]));
    for (query, message) in [
        ("term=jembatan", "`term` is `jembatan`; it can be INDONESIAN=ENGLISH"),
        ("term=%3Dbridge", "has no word"),
        ("term=a%3Db&term=a%3Dc", "entry 2: `a` is `b`"),
    ] {
        let answer = post(&service, &format!("/v1/digest?{query}"), &article);
        assert_eq!(answer.status, 422);
        assert_eq!(answer.json()["field"], "term");
        assert!(answer.json()["error"].as_str().unwrap().contains(message), "{}", answer.text());
    }
    assert_eq!(post(&service, "/v1/ner?term=a%3Db", &article).status, 422);
    let many = vec!["term=a%3Db"; 101].join("&");
    assert_eq!(post(&service, &format!("/v1/digest?{many}"), &article).json()["limit"], 100);
}

#[test]
fn a_list_keeps_its_order_and_a_bad_article_its_place() {
    let service = Running::new();
    let list = json!([
        {"id": "satu", "text": "Hujan turun."},
        {"id": 2, "judul": "tanpa teks"},
        {"id": "tiga", "text": POISON},
        "bukan artikel",
        {"text": "Budi pulang.", "date": "kemarin"},
    ]);
    let answer = post(&service, "/v1/ner", &list).json();
    let ids: Vec<&Value> = answer
        .as_array()
        .unwrap()
        .iter()
        .map(|record| record.get("id").unwrap_or(&record["article"]["id"]))
        .collect();
    assert_eq!(ids, ["satu", "2", "tiga", "4", "5"]);
    let failed: Vec<bool> =
        answer.as_array().unwrap().iter().map(|record| record["error"].is_string()).collect();
    assert_eq!(failed, [false, true, true, true, false]);
    assert_eq!(answer[4]["flags"][0]["kind"], "unreadable_date");
    assert_eq!(post(&service, "/v1/ner", &json!([])).json(), json!([]));
}

#[test]
fn a_stream_gives_a_line_per_line_as_they_are_done() {
    let service = Running::new();
    let mut request =
        Request::start(service.address, "POST", "/v1/split", &[NDJSON, ("Transfer-Encoding", "chunked")]);
    let say = |request: &mut Request, line: &str| {
        request.write(format!("{:x}\r\n{line}\r\n", line.len()).as_bytes());
    };
    say(&mut request, "{\"id\": \"satu\", \"text\": \"Hujan turun.\"}\n{\"id\": \"dua\", ");
    assert_eq!(request.head().status, 200);
    let first: Value = serde_json::from_slice(&request.chunk()).unwrap();
    assert_eq!(first["article"]["id"], "satu", "it comes before the next line is there");
    say(&mut request, "\"text\": \"Budi pulang.\"}\nbukan json\n\n");
    say(&mut request, "{\"id\": \"lima\", \"text\": \"Tamat.\"}");
    request.write(b"0\r\n\r\n");
    let mut records = Vec::new();
    loop {
        let chunk = request.chunk();
        if chunk.is_empty() {
            break;
        }
        records.push(serde_json::from_slice::<Value>(&chunk).unwrap());
    }
    let ids: Vec<&Value> =
        records.iter().map(|record| record.get("id").unwrap_or(&record["article"]["id"])).collect();
    assert_eq!(ids, ["dua", "3", "4", "lima"]);
}

#[test]
fn a_long_stream_keeps_its_order() {
    let service = Running::new();
    let lines: Vec<String> =
        (0..300).map(|number| json!({"id": number, "text": "Hujan turun."}).to_string()).collect();
    let answer = ask(service.address, "POST", "/v1/split", &[NDJSON], lines.join("\n").as_bytes());
    let records: Vec<Value> = answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<String> =
        records.iter().map(|record| record["article"]["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, (0..300).map(|number| number.to_string()).collect::<Vec<_>>());
}

#[test]
fn a_line_that_is_too_long_costs_only_itself() {
    let service = Running::with(|settings| settings.max_body_bytes = 200);
    let lines =
        [json!({"text": "Satu."}).to_string(), "x".repeat(100_000), json!({"text": "Tiga."}).to_string()];
    let answer = ask(service.address, "POST", "/v1/split", &[NDJSON], lines.join("\n").as_bytes());
    let text = answer.text();
    let records: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records.len(), 3, "{text}");
    let error = records[1]["error"].as_str().unwrap();
    assert!(error.contains("200 bytes; cut the article into parts"), "{text}");
    assert_eq!((&records[1]["id"], &records[2]["article"]["text"]), (&json!("2"), &json!("Tiga.")));
}

#[test]
fn what_is_wrong_is_named_with_field_and_limit() {
    let service = Running::with(|settings| {
        (settings.max_body_bytes, settings.max_text_bytes, settings.max_articles) = (2_000, 100, 3);
    });
    let long = "a".repeat(101);
    let article = json!({"text": "Hujan."});
    for (path, body, status, field, limit) in [
        ("/v1/digest", json!({"text": long}), 422, json!("text"), json!(100)),
        ("/v1/digest", json!({"id": 1}), 422, json!("text"), Value::Null),
        ("/v1/digest", json!({"text": 5}), 422, json!("text"), Value::Null),
        ("/v1/digest", json!([article, article, article, article]), 422, json!("articles"), json!(3)),
        ("/v1/digest", json!("a"), 422, json!(""), Value::Null),
        ("/v1/digest?sentences=0", article.clone(), 422, json!("sentences"), json!(20)),
        ("/v1/digest?sentences=21", article.clone(), 422, json!("sentences"), json!(20)),
        ("/v1/digest?offsets=words", article.clone(), 422, json!("offsets"), Value::Null),
        ("/v1/digest?fast=1", article.clone(), 422, json!("fast"), Value::Null),
        ("/v1/digest?fast=true&fast=true", article.clone(), 422, json!("fast"), Value::Null),
        ("/v1/split?fast=true", article.clone(), 422, json!("fast"), Value::Null),
        ("/v1/digest", json!({"text": "a", "more": "b".repeat(2_000)}), 413, Value::Null, json!(2_000)),
        ("/v1/digests", article.clone(), 404, Value::Null, Value::Null),
        ("/v2", article.clone(), 404, Value::Null, Value::Null),
    ] {
        let answer = post(&service, path, &body);
        assert_eq!(answer.status, status, "{path} {body}: {}", answer.text());
        let said = answer.json();
        assert_eq!((&said["field"], &said["limit"]), (&field, &limit), "{path} {body}: {said}");
        assert!(said["error"].as_str().unwrap().len() > 10, "{said}");
    }
    let wrong: [(&str, &[Header], &[u8], u16); 6] = [
        ("POST", &[JSON], b"{\"text\": ", 400),
        ("POST", &[JSON], b"\"\xff\"", 400),
        ("POST", &[JSON], b"", 400),
        ("POST", &[FORM], b"text=Hujan", 415),
        ("POST", &[("Content-Type", "image/png")], b"x", 415),
        ("GET", &[], b"", 405),
    ];
    for (method, headers, body, status) in wrong {
        let answer = ask(service.address, method, "/v1/digest", headers, body);
        assert_eq!(answer.status, status, "{method} {headers:?}: {}", answer.text());
        assert!(answer.json()["error"].is_string());
    }
    let failed = post(&service, "/v1/ner", &json!({"text": POISON}));
    assert_eq!(failed.status, 500, "{}", failed.text());
    assert_eq!(post(&service, "/v1/digest", &article).status, 200, "others go on");
}

#[test]
fn a_field_that_stands_there_twice_is_refused() {
    let service = Running::new();
    let body = r#"{"text": "Hujan.", "text": "Angin."}"#;
    for (kind, status) in [(JSON, 400), (NDJSON, 200)] {
        let answer = ask(service.address, "POST", "/v1/split", &[kind], body.as_bytes());
        assert_eq!(answer.status, status);
        assert!(answer.text().contains("the field `text` stands there twice"), "{}", answer.text());
    }
}

/// `record` alone, in a list and as a line of a stream; of each what became of it.
fn in_every_form(service: &Running, record: &str) -> [Value; 3] {
    let send = |kind, body: &str| {
        let answer = ask(service.address, "POST", "/v1/clean", &[kind], body.as_bytes());
        assert_eq!(answer.status, 200, "{body}: {}", answer.text());
        answer.json()
    };
    [send(JSON, record), send(JSON, &format!(" [{record}]"))[0].take(), send(NDJSON, record)]
}

#[test]
fn records_are_read_as_the_binary_reads_them() {
    let service = Running::new();
    for (fields, name, value, flags) in [
        // The day of a moment is that of the publisher's clock.
        (r#""date": "2025-05-12T20:00:00Z""#, "date", json!("2025-05-13"), &[][..]),
        (r#""date": "12/05/2025""#, "date", json!("2025-05-12"), &[]),
        (r#""tanggal": "Senin, 12 Mei 2025""#, "date", json!("2025-05-12"), &[]),
        (r#""date": 1747043460"#, "date", json!("2025-05-12"), &[]),
        (r#""date": null"#, "date", Value::Null, &[]),
        (r#""date": "2025-05-123""#, "date", Value::Null, &["unreadable_date"]),
        (r#""date": "2025-05-12foo""#, "date", Value::Null, &["unreadable_date"]),
        (r#""date": true"#, "date", Value::Null, &["unreadable_date"]),
        (r#""id": "a/1""#, "id", json!("a/1"), &[]),
        (r#""id": 18446744073709551617"#, "id", json!("18446744073709551617"), &[]),
        (r#""id": 1.10"#, "id", json!("1.10"), &[]),
        (r#""_id": {"$oid": "65f0"}"#, "id", json!("65f0"), &[]),
        (r#""id": null"#, "id", json!("1"), &[]),
        (r#""id": true"#, "id", json!("1"), &["unusable_id"]),
        (r#""id": """#, "id", json!("1"), &["unusable_id"]),
        (r#""source": "", "url": "contoh.id/1""#, "source", json!("contoh.id/1"), &[]),
        (r#""judul": "Hujan di Bogor""#, "title", json!("Hujan di Bogor"), &[]),
        (r#""title": []"#, "title", Value::Null, &[]),
        (r#""views": [1, {"a": "]"}]"#, "text", json!("Hujan turun."), &[]),
    ] {
        for document in in_every_form(&service, &format!(r#"{{"text": "Hujan turun.", {fields}}}"#)) {
            assert_eq!(document["article"][name], value, "{fields}");
            let found: Vec<&Value> =
                document["flags"].as_array().unwrap().iter().map(|flag| &flag["kind"]).collect();
            assert_eq!(found, flags, "{fields}");
        }
    }
    for (record, text) in [
        (r#"{"content": "Hujan turun."}"#, "Hujan turun."),
        (r#"{"text": null, "Isi Berita": "Hujan turun."}"#, "Hujan turun."),
        (r#"{"text": ["Hujan turun.", "Angin reda."]}"#, "Hujan turun.\n\nAngin reda."),
    ] {
        for document in in_every_form(&service, record) {
            assert_eq!(document["article"]["text"], text, "{record}");
        }
    }
}

#[test]
fn a_byte_order_mark_is_none_of_the_text() {
    let service = Running::new();
    let marked = |body: &str| format!("\u{feff}{body}");
    let article = r#"{"text": "Hujan turun."}"#;
    for (kind, body) in [
        (JSON, marked(article)),
        (JSON, marked(&format!("[{article}]"))),
        (TEXT, marked("Hujan turun.")),
        // Files that were put together have their marks within.
        (NDJSON, marked(article) + "\r\n" + &marked(article)),
    ] {
        let answer = ask(service.address, "POST", "/v1/clean", &[kind], body.as_bytes());
        assert_eq!(answer.status, 200, "{body}: {}", answer.text());
        let texts = answer.text().matches(r#""text":"Hujan turun.""#).count();
        assert_eq!(texts, body.matches("Hujan").count(), "{body}: {}", answer.text());
    }
    let body = marked(r#"{"q": "Hujan turun.", "source": "id", "target": "en"}"#);
    let answer = ask(service.address, "POST", "/translate", &[JSON], body.as_bytes());
    assert_eq!(answer.json()["translatedText"], "HUJAN TURUN.");
}

#[test]
fn a_packed_body_is_refused_by_its_name() {
    let service = Running::new();
    let article = br#"{"text": "Hujan turun.", "q": "Hujan turun.", "source": "id", "target": "en"}"#;
    for (path, kind) in
        [("/v1/clean", JSON), ("/v1/clean", NDJSON), ("/v1/clean", TEXT), ("/translate", JSON), ("/", FORM)]
    {
        let answer =
            ask(service.address, "POST", path, &[kind, ("Content-Encoding", "gzip")], b"\x1f\x8b\x08\0");
        assert_eq!(answer.status, 415, "{path} {kind:?}: {}", answer.text());
        assert!(answer.text().contains("`gzip`"), "{}", answer.text());
    }
    for coding in ["identity", "Identity", ""] {
        for path in ["/v1/clean", "/translate"] {
            let answer = ask(service.address, "POST", path, &[JSON, ("Content-Encoding", coding)], article);
            assert_eq!(answer.status, 200, "{coding}: {}", answer.text());
        }
    }
}

#[test]
fn a_panic_in_a_stage_is_an_answer() {
    let service = Running::new();
    let answer = post(&service, "/v1/translate", &json!({"text": service::PANIC}));
    assert_eq!(answer.status, 500, "{}", answer.text());
    assert_eq!(post(&service, "/v1/translate", &json!({"text": "Hujan."})).status, 200);
}

#[test]
fn a_panic_over_one_article_costs_the_others_of_its_batch_nothing() {
    let service = Running::new();
    // While the worker is held, the list waits, and is one batch afterwards.
    let body = json!({"text": SLOW}).to_string();
    let slow = Request::send(service.address, "POST", "/v1/translate", &[JSON], body.as_bytes());
    service.wait_until_working();
    let list = json!([{"text": "Hujan."}, {"id": "p", "text": service::PANIC}, {"text": "Angin."}]);
    let list = Request::send(service.address, "POST", "/v1/translate", &[JSON], list.to_string().as_bytes());
    wait_for(&service, "intisari_requests_admitted 2");
    service.release();
    assert_eq!(slow.answer().status, 200);
    let answer = list.answer().json();
    let failed: Vec<bool> =
        answer.as_array().unwrap().iter().map(|record| record["error"].is_string()).collect();
    assert_eq!(failed, [false, true, false], "{answer}");
    assert!(answer[1]["error"].as_str().unwrap().contains("`p` was lost in a panic"), "{answer}");
}

#[test]
fn a_full_queue_says_when_to_come_back() {
    let service = Running::with(|settings| (settings.queue, settings.per_client) = (2, 0));
    let body = json!({"text": SLOW}).to_string();
    let slow: Vec<Request> = (0..2)
        .map(|_| Request::send(service.address, "POST", "/v1/translate", &[JSON], body.as_bytes()))
        .collect();
    wait_for(&service, "intisari_requests_admitted 2");
    let refused = post(&service, "/v1/split", &json!({"text": "Hujan."}));
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("2")));
    assert_eq!(refused.json()["limit"], 2);
    assert_eq!(get(&service, "/healthz").status, 200);
    service.release();
    assert!(slow.into_iter().all(|request| request.answer().status == 200));
    assert_eq!(post(&service, "/v1/split", &json!({"text": "Hujan."})).status, 200);
}

#[test]
fn one_client_cannot_take_every_place() {
    let service = Running::with(|settings| (settings.queue, settings.per_client) = (8, 1));
    let body = json!({"text": SLOW}).to_string();
    let slow = Request::send(service.address, "POST", "/v1/translate", &[JSON], body.as_bytes());
    wait_for(&service, "intisari_requests_admitted 1");
    let refused = post(&service, "/v1/split", &json!({"text": "Hujan."}));
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("2")));
    service.release();
    assert_eq!(slow.answer().status, 200);
}

#[test]
fn what_takes_too_long_is_given_up() {
    let service = Running::with(|settings| settings.timeout = Duration::from_millis(300));
    let late = post(&service, "/v1/translate", &json!({"text": SLOW}));
    assert_eq!((late.status, late.header("retry-after")), (503, Some("5")));
    let line = json!({"text": SLOW}).to_string();
    let stream = ask(service.address, "POST", "/v1/translate", &[NDJSON], line.as_bytes());
    assert!(stream.text().contains("not done within 0.3 seconds"), "{}", stream.text());
    service.release();
    // The work ended at its next step, since nobody waited for it.
    wait_for(&service, "intisari_articles_total{task=\"translate\",outcome=\"cancelled\"} 1");
}

#[test]
fn work_ends_when_the_client_leaves() {
    let service = Running::new();
    let body = json!({"text": SLOW}).to_string();
    let gone = Request::send(service.address, "POST", "/v1/translate", &[JSON], body.as_bytes());
    wait_for(&service, "intisari_requests_admitted 1");
    service.wait_until_working();
    // Another one that waits behind it, and leaves as well: its turn never comes.
    let behind = Request::send(service.address, "POST", "/v1/ner", &[JSON], body.as_bytes());
    wait_for(&service, "intisari_requests_admitted 2");
    for request in [behind, gone] {
        request.stream.get_ref().shutdown(Shutdown::Both).unwrap();
    }
    wait_for(&service, "intisari_requests_admitted 0");
    service.release();
    wait_for(&service, "intisari_articles_total{task=\"translate\",outcome=\"cancelled\"} 1");
    wait_for(&service, "intisari_articles_abandoned_total 1");
    assert!(service.log().iter().any(|line| line["status"] == 499), "{:?}", service.log());
}

#[test]
fn a_stream_ends_when_the_client_leaves() {
    let service = Running::new();
    let lines = json!({"text": SLOW}).to_string() + "\n" + &json!({"text": "Hujan."}).to_string();
    let mut gone = Request::send(service.address, "POST", "/v1/translate", &[NDJSON], lines.as_bytes());
    assert_eq!(gone.head().status, 200);
    service.wait_until_working();
    gone.stream.get_ref().shutdown(Shutdown::Both).unwrap();
    drop(gone);
    wait_for(&service, "intisari_requests_admitted 0");
    service.release();
    let ended = |line: &&Value| line["event"] == "stream";
    assert_eq!(service.log().iter().find(ended).unwrap()["complete"], false);
}

#[test]
fn stopping_finishes_what_is_going_on() {
    let mut service = Running::new();
    let body = json!({"text": SLOW}).to_string();
    let slow = Request::send(service.address, "POST", "/v1/translate", &[JSON], body.as_bytes());
    service.wait_until_working();
    service.stop();
    let start = Instant::now();
    while std::net::TcpStream::connect(service.address).is_ok() {
        assert!(start.elapsed() < Duration::from_secs(30), "it still takes connections");
        std::thread::sleep(Duration::from_millis(20));
    }
    service.release();
    assert_eq!(slow.answer().status, 200);
    assert_eq!(service.ended(), Some(true));
}

#[test]
fn stopping_does_not_wait_for_ever() {
    let mut service = Running::with(|settings| settings.grace = Duration::from_millis(200));
    let body = json!({"text": SLOW}).to_string();
    let mut slow = Request::send(service.address, "POST", "/v1/translate", &[JSON], body.as_bytes());
    service.wait_until_working();
    service.stop();
    assert_eq!(service.ended(), Some(false));
    service.release();
    let mut rest = Vec::new();
    drop(slow.stream.read_to_end(&mut rest));
}

#[test]
fn the_token_opens_the_service_and_nothing_else_does() {
    let service = Running::with(|settings| settings.token = Some("rahasia".to_owned()));
    let body = json!({"text": "Hujan."}).to_string();
    for (authorization, status) in [
        ("Bearer rahasia", 200),
        ("bearer rahasia", 200),
        // editor:rahasia
        ("Basic ZWRpdG9yOnJhaGFzaWE=", 200),
        ("Bearer rahasi", 401),
        ("Bearer ", 401),
        ("Basic rahasia", 401),
        ("rahasia", 401),
    ] {
        let headers = [JSON, ("Authorization", authorization)];
        let answer = ask(service.address, "POST", "/v1/split", &headers, body.as_bytes());
        assert_eq!(answer.status, status, "{authorization}");
    }
    for path in ["/", "/metrics", "/openapi.json"] {
        let answer = get(&service, path);
        assert_eq!(answer.status, 401, "{path}");
        assert!(answer.header("www-authenticate").is_some());
    }
    for path in ["/healthz", "/languages"] {
        assert_eq!(get(&service, path).status, 200, "{path}");
    }
    let libre = |key: &str| json!({"q": "Hujan.", "source": "id", "target": "en", "api_key": key});
    assert_eq!(post(&service, "/translate", &libre("rahasia")).status, 200);
    assert_eq!(post(&service, "/translate", &libre("salah")).status, 401);
}

/// A body of which only the beginning ever comes.
fn slow_to_translate(service: &Running) -> Request {
    let mut slow = Request::start(service.address, "POST", "/translate", &[JSON, ("Content-Length", "100")]);
    slow.write(b"{\"q\": ");
    slow
}

#[test]
fn who_has_no_token_takes_no_place_of_those_who_have() {
    let service = Running::with(|settings| {
        (settings.token, settings.queue) = (Some("rahasia".to_owned()), 1);
    });
    let text = json!({"text": "Hujan."}).to_string();
    let libre = |key: &str| json!({"q": "Hujan.", "source": "id", "target": "en", "api_key": key});
    let mut slow: Vec<Request> = (0..3).map(|_| slow_to_translate(&service)).collect();
    wait_for(&service, "intisari_requests_unproven 3");
    wait_for(&service, "intisari_requests_admitted 0");
    let proven = || ask(service.address, "POST", "/v1/split", &[JSON, TOKEN], text.as_bytes());
    assert_eq!(proven().status, 200);
    assert_eq!(post(&service, "/translate", &libre("rahasia")).status, 200);
    // There are few places for them, and who proves at once needs none.
    slow.extend((3..16).map(|_| slow_to_translate(&service)));
    wait_for(&service, "intisari_requests_unproven 16");
    let refused = post(&service, "/translate", &libre("rahasia"));
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("2")), "{}", refused.text());
    assert_eq!(proven().status, 200);
    let body = libre("").to_string();
    assert_eq!(ask(service.address, "POST", "/translate", &[JSON, TOKEN], body.as_bytes()).status, 200);
    for request in slow {
        drop(request.stream.get_ref().shutdown(Shutdown::Both));
    }
    wait_for(&service, "intisari_requests_unproven 0");
    assert_eq!(post(&service, "/translate", &libre("rahasia")).status, 200);
    // The token goes before all other faults of a request, and the place in the queue comes after it.
    assert_eq!(post(&service, "/translate", &json!({"api_key": "salah"})).status, 401);
    assert_eq!(post(&service, "/translate", &json!({"q": "Hujan."})).status, 401);
    let body = json!({"text": SLOW}).to_string();
    let working = Request::send(service.address, "POST", "/v1/translate", &[JSON, TOKEN], body.as_bytes());
    service.wait_until_working();
    assert_eq!(post(&service, "/translate", &libre("salah")).status, 401);
    assert_eq!(post(&service, "/translate", &libre("rahasia")).status, 503);
    service.release();
    assert_eq!(working.answer().status, 200);
}

#[test]
fn a_body_that_may_have_the_token_has_a_short_time_and_few_places_of_one_client() {
    let service = Running::with(|settings| {
        settings.token = Some("rahasia".to_owned());
        (settings.per_client, settings.timeout) = (2, Duration::from_millis(500));
    });
    let slow: Vec<Request> = (0..2).map(|_| slow_to_translate(&service)).collect();
    wait_for(&service, "intisari_requests_unproven 2");
    assert_eq!(post(&service, "/translate", &json!({"q": "Hujan."})).status, 429);
    for request in slow {
        let late = request.answer();
        assert_eq!((late.status, late.header("retry-after")), (503, Some("5")));
    }
    wait_for(&service, "intisari_requests_unproven 0");
}

#[test]
fn pages_of_other_sites_send_no_work() {
    let service = Running::new();
    for (site, status) in [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)] {
        let headers = [FORM, ("Sec-Fetch-Site", site)];
        assert_eq!(
            ask(service.address, "POST", "/", &headers, b"text=Hujan+turun.").status,
            status,
            "{site}"
        );
    }
}

#[test]
fn every_answer_has_an_id_and_the_log_has_it_too() {
    let service = Running::new();
    let body = json!({"text": "Rahasia negara."}).to_string();
    let named = ask(
        service.address,
        "POST",
        "/v1/split?offsets=chars",
        &[JSON, ("X-Request-Id", "abc-1")],
        body.as_bytes(),
    );
    assert_eq!(named.header("x-request-id"), Some("abc-1"));
    let unnamed = ask(service.address, "GET", "/rahasia", &[("X-Request-Id", "has space")], b"");
    let id = unnamed.header("x-request-id").unwrap();
    assert!(id != "has space" && !id.is_empty());
    let log = service.log();
    let line = log.iter().find(|line| line["request"] == "abc-1").unwrap();
    assert_eq!(
        (&line["route"], &line["status"], &line["method"]),
        (&json!("/v1/{task}"), &json!(200), &json!("POST"))
    );
    assert!(log.iter().any(|line| line["request"] == id && line["route"] == "none" && line["status"] == 404));
    let written = format!("{log:?}").to_lowercase();
    assert!(!written.contains("rahasia"), "no word of an article or address: {written}");
}

#[test]
fn clients_of_libretranslate_get_what_they_know() {
    let service = Running::new();
    let answer = post(
        &service,
        "/translate",
        &json!({"q": "Hujan turun.\n\nJalan sepi. ", "source": "id", "target": "en"}),
    );
    assert_eq!(answer.json(), json!({"translatedText": "HUJAN TURUN.\n\nJALAN SEPI. "}));
    let answer = post(
        &service,
        "/translate",
        &json!({"q": ["Satu.", ""], "source": "auto", "target": "en", "format": "text"}),
    );
    assert_eq!(answer.json()["translatedText"], json!(["SATU.", ""]));
    assert_eq!(answer.json()["detectedLanguage"][0]["language"], "id");
    let form = ask(
        service.address,
        "POST",
        "/translate",
        &[FORM],
        b"q=Baca+juga%3A+kaf%C3%A9&source=id&target=en&api_key=",
    );
    assert_eq!(form.json()["translatedText"], "BACA JUGA: KAFÉ", "nothing is cleaned away");
    for (text, english) in [
        ("<p>Hujan turun.</p>\n<p>Jalan sepi.</p>", "<p>HUJAN TURUN.</p>\n<p>JALAN SEPI.</p>"),
        // As the description says: of a sentence with tags in it only the words come back.
        ("Lihat <a href=\"https://contoh.id\">tautan ini</a> sekarang.", "LIHAT TAUTAN INI SEKARANG."),
        ("Suhu < 10 dan angin > 5 knot.", "SUHU < 10 DAN ANGIN > 5 KNOT."),
    ] {
        let answer = post(&service, "/translate", &json!({"q": text, "source": "id", "target": "en"}));
        assert_eq!(answer.json()["translatedText"], english);
    }
    for body in [
        json!({"source": "id", "target": "en"}),
        json!({"q": "a", "target": "en"}),
        json!({"q": "a", "source": "fr", "target": "en"}),
        json!({"q": "a", "source": "id", "target": "fr"}),
        json!({"q": "a", "source": "id", "target": "en", "format": "html"}),
        json!({"q": [1], "source": "id", "target": "en"}),
    ] {
        let answer = post(&service, "/translate", &body);
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.json()["error"].is_string(), "{body}");
    }
    assert_eq!(get(&service, "/languages").json()[0]["targets"], json!(["en"]));
}

/// The client itself, where a Python that has it is named.
#[test]
fn the_python_client_of_libretranslate_works() {
    let Some(python) = std::env::var_os("LIBRETRANSLATEPY") else {
        eprintln!("skipped: LIBRETRANSLATEPY names no Python that has the package libretranslatepy");
        return;
    };
    let service = Running::with(|settings| settings.token = Some("rahasia".to_owned()));
    let program = format!(
        "from libretranslatepy import LibreTranslateAPI\n\
         service = LibreTranslateAPI('http://{}/', 'rahasia')\n\
         print(service.translate('Hujan turun.\\nKafé buka.', 'id', 'en'))\n\
         print(service.languages()[0]['name'])",
        service.address
    );
    let output =
        std::process::Command::new(python).args(["-c", &program]).env("NO_PROXY", "*").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "HUJAN TURUN.\nKAFÉ BUKA.\nIndonesian\n");
}

#[test]
fn the_description_names_every_route_and_type() {
    let service = Running::new();
    let description = get(&service, "/openapi.json").json();
    for (path, method) in [
        ("/v1/{task}", "post"),
        ("/translate", "post"),
        ("/languages", "get"),
        ("/healthz", "get"),
        ("/metrics", "get"),
    ] {
        assert!(description["paths"][path][method].is_object(), "{path}");
    }
    let schemas = &description["components"]["schemas"];
    for field in
        ["article", "kept", "removed", "sentences", "entities", "clusters", "translation", "summary", "flags"]
    {
        assert!(schemas["Document"]["properties"][field].is_object(), "{field}: {}", schemas["Document"]);
    }
    // Every reference leads somewhere.
    let text = description.to_string();
    for name in text.split("#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(schemas[name].is_object(), "{name}");
    }
}

#[test]
fn the_page_takes_an_article_and_shows_it() {
    let service = Running::new();
    let empty = get(&service, "/");
    assert!(
        empty.text().contains("<textarea") && empty.header("content-type").unwrap().starts_with("text/html")
    );
    let answer = ask(
        service.address,
        "POST",
        "/",
        &[FORM],
        b"text=Budi+tiba.%0D%0ASiti+%3Cb%3Epulang.&title=Tiba&date=2025-07-14",
    );
    assert_eq!(answer.status, 200);
    let page = answer.text();
    for part in ["BUDI TIBA.", "Siti</a> &#60;b&#62;pulang.", "value=\"Tiba\"", "datetime=\"2025-07-14\""] {
        assert!(page.contains(part), "{part}: {page}");
    }
    for (body, status) in [("text=+", 422), ("", 422), ("text=a&date=kemarin", 422)] {
        let answer = ask(service.address, "POST", "/", &[FORM], body.as_bytes());
        assert_eq!(answer.status, status, "{body}");
        assert!(answer.text().contains("role=\"alert\""), "{body}");
    }
}

#[test]
fn many_clients_at_once_all_get_their_own_answer() {
    let service = Running::new();
    let address = service.address;
    let clients: Vec<_> = (0..16)
        .map(|client| {
            std::thread::spawn(move || {
                for number in 0..10 {
                    let text = format!("Klien {client} mengirim {number}.");
                    let body = json!({"id": format!("{client}-{number}"), "text": text}).to_string();
                    let answer = ask(address, "POST", "/v1/translate", &[JSON], body.as_bytes());
                    assert_eq!(answer.status, 200, "{}", answer.text());
                    assert_eq!(answer.json()["translation"][0]["text"], text.to_uppercase());
                }
            })
        })
        .collect();
    assert!(clients.into_iter().all(|client| client.join().is_ok()));
    wait_for(&service, "intisari_articles_total{task=\"translate\",outcome=\"done\"} 160");
}
