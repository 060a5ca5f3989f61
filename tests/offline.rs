//! No command asks the system for a socket. Linux only: a filter of the kernel kills the program if it does.
#![cfg(all(feature = "cli", target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
#![allow(clippy::unwrap_used, clippy::print_stderr)] // helpers of tests fail and speak as tests do

mod common;

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use common::program::process;
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};

/// Signal of a call that the filter forbids.
const SIGSYS: i32 = 31;
/// Number of `socket` among the system's calls; there is no other way to a connection, but `io_uring`.
#[cfg(target_arch = "x86_64")]
const FORBIDDEN: [i64; 2] = [41, 425];
#[cfg(target_arch = "aarch64")]
const FORBIDDEN: [i64; 2] = [198, 425];

fn filter(action: SeccompAction) -> BpfProgram {
    let rules: BTreeMap<i64, Vec<_>> = FORBIDDEN.into_iter().map(|call| (call, Vec::new())).collect();
    let machine = std::env::consts::ARCH.try_into().unwrap();
    SeccompFilter::new(rules, SeccompAction::Allow, action, machine).unwrap().try_into().unwrap()
}

/// Runs `work` on a thread of its own under the filter; children inherit it. `None` where the system has no filters.
fn without_sockets<T: Send + 'static>(
    action: SeccompAction,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let thread = std::thread::spawn(move || match seccompiler::apply_filter(&filter(action)) {
        Ok(()) => Some(work()),
        Err(error) => {
            eprintln!("skipped: this system has no system call filters ({error})");
            None
        }
    });
    thread.join().unwrap()
}

/// Runs the binary where asking for a socket is deadly.
fn run(args: &[&str], home: &Path, input: &str) -> Option<Output> {
    let mut command = process();
    command.args(args).env("INTISARI_MODELS", home).current_dir(env!("CARGO_MANIFEST_DIR"));
    let input = input.to_owned();
    without_sockets(SeccompAction::KillProcess, move || {
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let _unread = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    })
}

/// Runs each command over a small article; it must print what is expected of it.
fn opens_no_socket(commands: &[(&[&str], &str)], home: &Path) {
    let text =
        "Jakarta - Hujan turun di Bogor, Senin (3/3/2025). Jalan tergenang.\nBaca juga: Banjir di Depok\n";
    for &(args, expected) in commands {
        let Some(output) = run(args, home, text) else { return };
        assert_ne!(output.status.signal(), Some(SIGSYS), "{args:?} asked for a socket");
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(printed.contains(expected), "{args:?}: {printed}{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_filter_stops_sockets_and_nothing_else() {
    let denied = without_sockets(SeccompAction::Errno(1), || {
        let socket = std::net::TcpListener::bind("127.0.0.1:0");
        (socket.map(drop).map_err(|error| error.kind()), std::fs::metadata("/").is_ok())
    });
    if let Some((socket, file)) = denied {
        assert_eq!(socket, Err(std::io::ErrorKind::PermissionDenied));
        assert!(file);
    }
}

#[test]
fn commands_open_no_socket() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("models");
    let encoder = "models/encoder";
    let tags = folder.path().join("tags.tsv");
    std::fs::write(&tags, "Budi\tB-PER\nke\tO\nBogor\tB-LOC\n").unwrap();
    let tags = tags.to_str().unwrap();
    let commands: [(&[&str], &str); 10] = [
        (&["clean", "--format", "text"], "Hujan turun"),
        (&["split", "--format", "text"], "Jalan tergenang."),
        (&["ner", "--format", "text"], "2025-03-03"),
        (&["models", "list"], "intisari-encoder"),
        (&["models", "verify", "intisari-encoder", "intisari-translator"], "ok       intisari-translator"),
        (&["models", "add", "mine", encoder], "--ner mine"),
        (&["models", "verify", "mine"], "ok       mine"),
        (&["models", "remove", "mine"], "removed mine"),
        (&["eval", "ner", tags, "--predictions", tags], "100.00"),
        (&["--help"], "Exit codes:"),
    ];
    opens_no_socket(&commands, &home);
}

/// The built-in encoder, and tiny random models of the published families.
#[test]
fn stages_with_models_open_no_socket() {
    if !cfg!(feature = "torch") {
        eprintln!("skipped: this build has no models");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let tags = file("tags.tsv", "Budi\tB-PER\nke\tO\nBogor\tB-LOC\n");
    let (source, reference) = (file("test.id", "Hujan turun.\n"), file("test.en", "Rain fell.\n"));
    let (marian, bart) = ("tests/data/families/marian", "tests/data/families/bart");
    let commands: [(&[&str], &str); 6] = [
        (&["ner", "--format", "text"], "Bogor"),
        (
            &["digest", "--format", "text", "--translator", marian, "--summarizer", bart, "--threads", "1"],
            "SUMMARY",
        ),
        (&["translate", "--translator", marian, "--threads", "1"], r#""id":"marian""#),
        (&["summarize", "--translator", marian, "--summarizer", bart, "--threads", "1"], r#""id":"bart""#),
        (&["eval", "ner", &tags], "F1"),
        (&["eval", "translation", &source, &reference, "--model", marian], "BLEU"),
    ];
    opens_no_socket(&commands, &folder.path().join("models"));
}

/// What the binary does by default needs the base weights of the translator.
#[test]
fn the_built_in_translator_opens_no_socket() {
    let store = intisari::store::Store::open().unwrap();
    let base = store.locate(&store.model(intisari::store::TRANSLATOR_BASE).unwrap());
    match base {
        Err(error) => eprintln!("skipped: {error}"),
        Ok(_) if !cfg!(feature = "native") => eprintln!("skipped: this build has no models"),
        Ok(_) => {
            let folder = tempfile::tempdir().unwrap();
            let args = ["digest", "--format", "text", "--beams", "1", "--fast", "--sentences", "1"];
            opens_no_socket(&[(&args, "SUMMARY")], &folder.path().join("models"));
        }
    }
}

/// The filter is no dead letter: what does open a connection does not survive it.
#[cfg(feature = "remote")]
#[test]
fn fetching_is_the_one_command_that_needs_a_socket() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["models", "fetch", "tester/tiny@main", "--retries", "0"];
    let Some(output) = run(&args, &folder.path().join("models"), "") else { return };
    assert_eq!(output.status.signal(), Some(SIGSYS), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The stages, in a network namespace of its own that has not even a loopback.
#[test]
fn works_where_there_is_no_network_at_all() {
    let program = process();
    let isolated = |args: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--net"]).args(args).stdin(Stdio::null());
        command.current_dir(env!("CARGO_MANIFEST_DIR")).output()
    };
    if !isolated(&["true"]).is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: this system does not let users have network namespaces");
        return;
    }
    let interfaces = isolated(&["cat", "/proc/self/net/dev"]).unwrap();
    assert!(!String::from_utf8_lossy(&interfaces.stdout).contains("eth0"), "the namespace is not empty");
    let program = program.get_program().to_str().unwrap();
    for stage in ["clean", "split", "ner"] {
        let output =
            isolated(&[program, stage, "--format", "text", "examples/articles/jembatan.txt"]).unwrap();
        assert!(output.status.success(), "{stage}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!output.stdout.is_empty(), "{stage}");
    }
}
