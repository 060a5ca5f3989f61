//! `intisari models fetch` against a hub of our own on this machine, with the faults that networks have.
#![cfg(all(feature = "cli", feature = "remote"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // helpers of tests fail as tests do

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use assert_cmd::Command;
use common::program::intisari;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::{json, Value};
use sha1::Sha1;
use sha2::{Digest, Sha256};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// What goes wrong, each as often as its number says.
#[derive(Default)]
struct Faults {
    /// The connection ends after so many bytes of the weights.
    cut_after: Option<(usize, u32)>,
    /// The hub says 503.
    busy: u32,
    /// A byte of the weights is another.
    altered: u32,
    /// Ranges are not known.
    no_ranges: bool,
    /// Every file is listed with the largest size there is.
    huge: bool,
    /// The hub says this to everything.
    status: Option<&'static str>,
}

#[derive(Default)]
struct State {
    files: BTreeMap<&'static str, Vec<u8>>,
    faults: Faults,
    /// Path and range of each request for a file or the list.
    requests: Vec<(String, Option<usize>)>,
    /// Whether a token came, by path.
    tokens: Vec<(String, bool)>,
    tunnels: Vec<String>,
}

/// A hub with one model, `tester/tiny`, and a folder for models.
struct Place {
    address: String,
    state: Arc<Mutex<State>>,
    folder: tempfile::TempDir,
}

fn safetensors(bytes: usize) -> Vec<u8> {
    let data: Vec<u8> = (0..bytes).map(|number| (number % 251) as u8).collect();
    let header = json!({"a": {"dtype": "U8", "shape": [bytes], "data_offsets": [0, bytes]}}).to_string();
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &data].concat()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Place {
    fn new(faults: Faults) -> Self {
        let config = json!({"model_type": "marian", "architectures": ["MarianMTModel"]}).to_string();
        let files = BTreeMap::from([
            (".gitattributes", b"*.bin filter=lfs".to_vec()),
            ("README.md", b"---\nlicense: apache-2.0\n---\n".to_vec()),
            ("config.json", config.into_bytes()),
            ("model.safetensors", safetensors(900_000)),
            ("pytorch_model.bin", b"not wanted".to_vec()),
            ("source.spm", b"s".to_vec()),
            ("target.spm", b"t".to_vec()),
            ("vocab.json", b"{}".to_vec()),
        ]);
        let state = Arc::new(Mutex::new(State { files, faults, ..State::default() }));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (shared, own) = (Arc::clone(&state), address.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (state, own) = (Arc::clone(&shared), own.clone());
                // A client that goes away is no fault of the hub.
                std::thread::spawn(move || serve(&stream.unwrap(), &state, &own).unwrap_or_default());
            }
        });
        Place { address, state, folder: tempfile::tempdir().unwrap() }
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("models")
    }

    fn intisari(&self) -> Command {
        let mut command = intisari();
        for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
            command.env_remove(proxy).env_remove(proxy.to_lowercase());
        }
        command.env("HF_ENDPOINT", &self.address).env_remove("HF_TOKEN").env("INTISARI_MODELS", self.home());
        command.arg("models");
        command
    }

    fn fetch(&self, args: &[&str]) -> assert_cmd::assert::Assert {
        self.intisari().args(["fetch", "tester/tiny@main"]).args(args).assert()
    }

    fn ranges(&self, file: &str) -> Vec<Option<usize>> {
        let state = self.state.lock().unwrap();
        state.requests.iter().filter(|(path, _)| path.ends_with(file)).map(|(_, range)| *range).collect()
    }

    fn weights(&self) -> Vec<u8> {
        fs::read(self.home().join("tiny/model.safetensors")).unwrap()
    }

    fn nothing_added(&self) -> bool {
        !self.home().join("tiny").exists()
    }
}

/// Answers one request after the other until the client goes.
fn serve(stream: &TcpStream, state: &Mutex<State>, own: &str) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if line.trim().is_empty() {
                break;
            }
            lines.push(line.trim().to_owned());
        }
        let target = lines[0].split(' ').nth(1).unwrap_or_default().to_owned();
        if lines[0].starts_with("CONNECT") {
            state.lock().unwrap().tunnels.push(target);
            write!(&*stream, "HTTP/1.1 200 OK\r\n\r\n")?;
            continue;
        }
        let header = |name: &str| {
            let found = lines.iter().find(|line| line.to_lowercase().starts_with(name));
            found.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned())
        };
        let range =
            header("range:").and_then(|range| range["bytes=".len()..].trim_end_matches('-').parse().ok());
        if !answer(
            stream,
            &mut state.lock().unwrap(),
            own,
            &target,
            range,
            header("authorization:").is_some(),
        )? {
            return Ok(());
        }
    }
}

/// Whether the connection goes on.
fn answer(
    mut stream: &TcpStream,
    state: &mut State,
    own: &str,
    path: &str,
    range: Option<usize>,
    token: bool,
) -> std::io::Result<bool> {
    state.requests.push((path.to_owned(), range));
    state.tokens.push((path.to_owned(), token));
    let mut plain = |status: &str, body: &[u8]| {
        write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n", body.len())?;
        stream.write_all(body).map(|()| true)
    };
    if let Some(status) = state.faults.status {
        return plain(status, b"no");
    }
    if state.faults.busy > 0 {
        state.faults.busy -= 1;
        return plain("503 Service Unavailable", b"later");
    }
    if path == "/api/models/tester/tiny/revision/main?blobs=true" {
        let mut listing = listing(&state.files);
        for sibling in listing["siblings"].as_array_mut().unwrap().iter_mut().filter(|_| state.faults.huge) {
            sibling["size"] = u64::MAX.into();
        }
        return plain("200 OK", listing.to_string().as_bytes());
    }
    let resolved = format!("/tester/tiny/resolve/{COMMIT}/");
    if path == format!("{resolved}model.safetensors") {
        // Large files lie elsewhere, as on the public hub.
        write!(
            stream,
            "HTTP/1.1 302 Found\r\nLocation: {}/cdn/model.safetensors\r\nContent-Length: 0\r\n\r\n",
            own.replace("127.0.0.1", "localhost")
        )?;
        return Ok(true);
    }
    let name = path.strip_prefix(&resolved).or_else(|| path.strip_prefix("/cdn/")).unwrap_or_default();
    let Some(mut bytes) = state.files.get(name).cloned() else { return plain("404 Not Found", b"") };
    if name != "model.safetensors" {
        return plain("200 OK", &bytes);
    }
    if state.faults.altered > 0 {
        state.faults.altered -= 1;
        bytes[500_000] ^= 1;
    }
    let start = range.filter(|_| !state.faults.no_ranges);
    let rest = &bytes[start.unwrap_or_default()..];
    match start {
        Some(start) => write!(
            stream,
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {start}-{}/{}\r\nContent-Length: {}\r\n\r\n",
            bytes.len() - 1,
            bytes.len(),
            rest.len()
        )?,
        None => write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", rest.len())?,
    }
    match &mut state.faults.cut_after {
        Some((after, times)) if *times > 0 => {
            *times -= 1;
            stream.write_all(&rest[..(*after).min(rest.len())])?;
            Ok(false)
        }
        _ => stream.write_all(rest).map(|()| true),
    }
}

fn listing(files: &BTreeMap<&'static str, Vec<u8>>) -> Value {
    let sibling = |(name, bytes): (&&str, &Vec<u8>)| {
        if *name == "model.safetensors" {
            let lfs = json!({"sha256": hex(&Sha256::digest(bytes)), "size": bytes.len(), "pointerSize": 134});
            return json!({"rfilename": name, "size": bytes.len(), "blobId": "0", "lfs": lfs});
        }
        let blob = Sha1::new_with_prefix(format!("blob {}\0", bytes.len())).chain_update(bytes).finalize();
        json!({"rfilename": name, "size": bytes.len(), "blobId": hex(&blob)})
    };
    json!({"id": "tester/tiny", "sha": COMMIT, "siblings": files.iter().map(sibling).collect::<Vec<_>>()})
}

#[test]
fn a_model_is_fetched_checked_and_added_with_its_commit() {
    let place = Place::new(Faults::default());
    place
        .fetch(&[])
        .success()
        .stdout(contains("tiny: translation (MarianMTModel)").and(contains("--translator tiny")));
    assert_eq!(place.weights(), safetensors(900_000));
    let entry = fs::read_to_string(place.home().join("tiny/intisari.json")).unwrap();
    let entry: Value = serde_json::from_str(&entry).unwrap();
    assert_eq!(entry["revision"], COMMIT);
    assert_eq!(entry["origin"], format!("{}/tester/tiny", place.address));
    assert_eq!(entry["license"], "apache-2.0");
    let files: Vec<&str> =
        entry["files"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect();
    assert_eq!(
        files,
        ["README.md", "config.json", "model.safetensors", "source.spm", "target.spm", "vocab.json",]
    );
    assert!(place.ranges("pytorch_model.bin").is_empty());
    assert!(!place.home().join(".fetching").exists(), "nothing is left behind");
    place.intisari().args(["verify", "tiny"]).assert().success();
    place.fetch(&[]).code(3).stderr(contains("there is a model `tiny` already"));
    place.fetch(&["--name", "other", "--licence", "mit"]).success().stdout(contains("licence mit"));
}

#[test]
fn a_connection_that_breaks_is_taken_up_where_it_broke() {
    let place = Place::new(Faults { cut_after: Some((300_000, 2)), ..Faults::default() });
    place.fetch(&[]).success();
    assert_eq!(place.weights(), safetensors(900_000));
    let ranges = place.ranges("/cdn/model.safetensors");
    assert_eq!(ranges.len(), 3);
    assert_eq!(ranges[0], None);
    assert!(ranges[1] > Some(0) && ranges[2] > ranges[1], "{ranges:?}");
}

#[test]
fn an_interrupted_fetch_goes_on_with_the_next_command() {
    let place = Place::new(Faults { cut_after: Some((400_000, 1)), ..Faults::default() });
    place.fetch(&["--retries", "0"]).code(3).stderr(contains("run the same command again"));
    assert!(place.nothing_added());
    place.intisari().arg("list").assert().stdout(contains("tiny").not());
    place.fetch(&["--retries", "0"]).success();
    assert_eq!(place.weights(), safetensors(900_000));
    let ranges = place.ranges("/cdn/model.safetensors");
    assert!(ranges.len() == 2 && ranges[1] > Some(100_000), "{ranges:?}");
    assert_eq!(place.ranges("config.json").len(), 1, "what is whole is not fetched again");
}

#[test]
fn a_server_without_ranges_starts_again() {
    let place = Place::new(Faults { cut_after: Some((300_000, 1)), no_ranges: true, ..Faults::default() });
    place.fetch(&[]).success();
    assert_eq!(place.weights(), safetensors(900_000));
}

#[test]
fn what_has_another_checksum_is_thrown_away() {
    let place = Place::new(Faults { altered: 1, ..Faults::default() });
    place
        .fetch(&[])
        .code(3)
        .stderr(contains("model.safetensors: what came has sha256").and(contains("nothing of it")));
    assert!(place.nothing_added());
    place.fetch(&[]).success();
    assert_eq!(place.weights(), safetensors(900_000));
    assert_eq!(place.ranges("/cdn/model.safetensors"), [None, None]);
}

#[test]
fn a_small_file_with_another_checksum_is_thrown_away() {
    let place = Place::new(Faults::default());
    let true_listing = place.state.lock().unwrap().files.clone();
    place.fetch(&[]).success();
    // Same size, other bytes, under the old list.
    let parts = place.home().join(format!(".fetching/tester--tiny@{COMMIT}"));
    fs::create_dir_all(&parts).unwrap();
    fs::write(parts.join("source.spm"), "X").unwrap();
    place.fetch(&["--name", "again"]).success();
    let kept = fs::read(place.home().join("again/source.spm")).unwrap();
    assert_eq!(kept, true_listing["source.spm"]);
}

#[test]
fn a_busy_hub_is_asked_again() {
    let place = Place::new(Faults { busy: 2, ..Faults::default() });
    place.fetch(&[]).success();
    assert!(place.ranges("blobs=true").len() == 3);
}

#[test]
fn refusals_say_what_to_do() {
    for (status, fix) in [
        ("404 Not Found", "check the model's name and the revision"),
        ("401 Unauthorized", "HF_TOKEN"),
        ("403 Forbidden", "HF_TOKEN"),
        ("200 OK", "HF_ENDPOINT"),
    ] {
        let place = Place::new(Faults { status: Some(status), ..Faults::default() });
        place.fetch(&[]).code(3).stderr(contains("/api/models/tester/tiny/revision/main").and(contains(fix)));
        assert_eq!(place.ranges("").len(), 1, "{status}: asked once");
    }
    let place = Place::new(Faults::default());
    place.intisari().args(["fetch", "../etc@main"]).assert().code(3).stderr(contains("OWNER/NAME@REVISION"));
    place.intisari().args(["fetch", "tester/none@main"]).assert().code(3).stderr(contains("404"));
}

#[test]
fn an_unreachable_hub_is_said() {
    let place = Place::new(Faults::default());
    let mut command = place.intisari();
    command.env("HF_ENDPOINT", "hub.example").args(["fetch", "tester/tiny"]);
    command.assert().code(3).stderr(contains("check HF_ENDPOINT"));
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut command = place.intisari();
    command.env("HF_ENDPOINT", format!("http://{closed}"));
    command.args(["fetch", "tester/tiny", "--retries", "1"]);
    command.assert().code(3).stderr(contains("check the network"));
}

#[test]
fn what_cannot_be_read_is_refused_before_it_is_fetched() {
    let place = Place::new(Faults::default());
    place.state.lock().unwrap().files.remove("model.safetensors");
    place.fetch(&[]).code(3).stderr(contains("Python objects").and(contains("save_file(")));
    assert_eq!(place.ranges("").len(), 1);
}

#[test]
fn the_token_goes_to_the_hub_only() {
    let place = Place::new(Faults::default());
    place.intisari().env("HF_TOKEN", "secret").args(["fetch", "tester/tiny"]).assert().success();
    for (path, token) in &place.state.lock().unwrap().tokens {
        assert_eq!(*token, !path.starts_with("/cdn/"), "{path}");
    }
}

#[test]
fn the_proxy_of_the_environment_is_used() {
    let place = Place::new(Faults::default());
    let mut command = place.intisari();
    command.env("HF_ENDPOINT", "http://hub.invalid").env("HTTP_PROXY", &place.address);
    command.env("ALL_PROXY", &place.address).args(["fetch", "tester/tiny", "--retries", "0"]);
    // The redirect to the other address goes through the proxy as well.
    command.assert().success();
    let state = place.state.lock().unwrap();
    assert!(state.tunnels.iter().any(|tunnel| tunnel.starts_with("hub.invalid")), "{:?}", state.tunnels);
}

#[test]
fn sizes_that_no_file_has_are_refused() {
    let place = Place::new(Faults { huge: true, ..Faults::default() });
    place.fetch(&["--retries", "0"]).code(3).stderr(contains("of 18446744073709551615 bytes"));
    assert!(place.nothing_added());
}
