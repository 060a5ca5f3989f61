//! `intisari serve` as a process: how it starts, what it says, how it stops.
#![cfg(all(feature = "server", unix))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)] // helpers of tests fail as tests do

mod common;

use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, ExitStatus, Stdio};

use common::program::process;
use common::web::ask;
use predicates::prelude::*;
use serde_json::{json, Value};

const JSON: (&str, &str) = ("Content-Type", "application/json");

fn command(args: &[&str]) -> Command {
    let mut command = process();
    command.arg("serve").args(args).env_remove("INTISARI_TOKEN");
    command
}

/// A service; it is killed with this value.
struct Serving {
    child: Child,
    address: SocketAddr,
    /// What it said before it listened.
    said: Vec<String>,
    stderr: BufReader<std::process::ChildStderr>,
}

impl Serving {
    #[allow(clippy::zombie_processes)] // it is waited for when this value is dropped
    fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut said = Vec::new();
        loop {
            let mut line = String::new();
            if stderr.read_line(&mut line).unwrap() == 0 {
                panic!("it ended with {}: {said:?}", child.wait().unwrap());
            }
            if let Some((_, address)) = line.split_once("listening on http://") {
                let port = address.trim().trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
                return Serving { child, address: ([127, 0, 0, 1], port).into(), said, stderr };
            }
            said.push(line);
        }
    }

    /// Asks it to stop; how it ended, and what it said in the meantime.
    fn stop(mut self) -> (ExitStatus, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let mut said = String::new();
        self.stderr.read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap(), said)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn serves_until_it_is_told_to_stop() {
    let serving = Serving::start(command(&["--listen", "127.0.0.1:0"]));
    assert_eq!(serving.said, [] as [String; 0], "on this machine alone there is nothing to warn of");
    let article = json!({"id": "a", "text": "Jakarta - Hujan turun, Senin (3/3/2025). Jalan sepi.\nBaca juga: Banjir\n"});
    let answer = ask(serving.address, "POST", "/v1/ner", &[JSON], article.to_string().as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.text());
    let document = answer.json();
    assert_eq!(document["sentences"].as_array().unwrap().len(), 2);
    assert_eq!(document["removed"].as_array().unwrap().len(), 2);
    assert!(document["entities"].to_string().contains("2025-03-03"), "{document}");
    if !cfg!(feature = "native") {
        let answer = ask(serving.address, "POST", "/v1/digest", &[JSON], article.to_string().as_bytes());
        assert_eq!(answer.status, 501, "{}", answer.text());
        assert!(answer.text().contains("built without models"), "{}", answer.text());
    }
    let (status, said) = serving.stop();
    assert_eq!(status.code(), Some(0), "{said}");
    let events: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events[0]["event"], "started");
    assert!(events.iter().any(|event| event["route"] == "/v1/{task}" && event["status"] == 200), "{said}");
    assert_eq!(
        (&events.last().unwrap()["event"], &events.last().unwrap()["complete"]),
        (&json!("stopped"), &json!(true))
    );
    assert!(!said.contains("Hujan"), "no word of an article is written down");
}

#[test]
fn out_comes_what_the_binary_writes() {
    let records = concat!(
        "\u{feff}{\"id\": 18446744073709551617, \"text\": \"Hujan turun kemarin.\", \"date\": \"2025-05-12T20:00:00Z\"}\n",
        "{\"id\": 1.10, \"isi\": [\"Hujan turun.\", \"Baca juga: Banjir\"], \"tanggal\": \"Senin, 12 Mei 2025\", \"sumber\": \"\", \"url\": \"contoh.id\"}\n",
        "{\"id\": \"c\", \"text\": \"<p>Jalan &amp; jembatan ditutup.</p>\", \"judul\": \"Banjir\", \"date\": \"2025-05-123\"}\r\n",
        "{\"id\": \"d\", \"content\": \"Angin reda.\", \"date\": 1747043460}\n",
    );
    let mut binary = process();
    binary.args(["ner", "--ner", "rules", "--quiet", "--format", "jsonl", "--input-form", "jsonl"]);
    // As the service has it, since a document says how it was made.
    binary.args(["--max-article-bytes", "262144"]);
    let binary = assert_cmd::Command::from_std(binary).write_stdin(records).output().unwrap();
    let serving = Serving::start(command(&["--listen", "127.0.0.1:0", "--quiet", "--ner", "rules"]));
    let kind = ("Content-Type", "application/x-ndjson");
    let answer = ask(serving.address, "POST", "/v1/ner", &[kind], records.as_bytes());
    assert_eq!(answer.text(), String::from_utf8_lossy(&binary.stdout));
    let yesterday = r#""value":{"date":"2025-05-12","type":"day"}"#;
    assert!(binary.status.success() && answer.text().contains(yesterday), "{}", answer.text());
}

#[test]
fn an_open_service_without_a_token_is_warned_of() {
    let open = Serving::start(command(&["--listen", "0.0.0.0:0", "--quiet"]));
    assert!(open.said.iter().any(|line| line.contains("--token-file")), "{:?}", open.said);
    assert_eq!(open.stop().1, "", "it was asked to be quiet");
    let mut with_token = command(&["--listen", "0.0.0.0:0"]);
    with_token.env("INTISARI_TOKEN", "rahasia");
    let guarded = Serving::start(with_token);
    assert_eq!(guarded.said, [] as [String; 0]);
    assert_eq!(ask(guarded.address, "GET", "/metrics", &[], b"").status, 401);
    let headers = [("Authorization", "Bearer rahasia")];
    assert_eq!(ask(guarded.address, "GET", "/metrics", &headers, b"").status, 200);
}

#[test]
fn what_it_cannot_start_with_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("token");
    std::fs::write(&empty, " \n").unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (args, code, why) in [
        (&["--listen", &address][..], 3, "--listen"),
        (&["--token-file", empty.to_str().unwrap()], 3, "holds no token"),
        (&["--token-file", "/no/such/file"], 3, "/no/such/file"),
        (&["--listen", "localhost"], 2, "--listen"),
        (&["--queue", "0"], 2, "--queue"),
        // As of the commands: what no stage would heed.
        (&["--beams", "ner=2"], 2, "no beams"),
        (&["--precision", "summarizer=bf16"], 2, "runs no model"),
        (&["--ner", "rules", "--ner-threshold", "0.9"], 2, "runs no model"),
        (&["--ner", "rules", "--device", "ner=cpu"], 2, "runs no model"),
    ] {
        let assert = assert_cmd::Command::from_std(command(args)).assert();
        assert.code(code).stderr(predicate::str::contains(why));
    }
}

#[test]
fn the_description_can_be_had_without_a_service() {
    let output = command(&["--openapi"]).output().unwrap();
    let description: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(description["paths"]["/v1/{task}"]["post"].is_object());
    assert!(output.status.success() && output.stderr.is_empty());
}
