//! The binary between other programs: partners that wait, signals, streams that are closed or full.
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stderr)] // helpers of tests fail and speak as tests do

mod common;

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdin, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{channel, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use common::program::{process, records};
use serde_json::Value;

/// A test that hangs is a test that fails.
const HANGS: Duration = Duration::from_secs(60);

const SIGHUP: i32 = 1;
const SIGINT: i32 = 2;
const SIGTERM: i32 = 15;

fn intisari(args: &[&str]) -> Command {
    let mut command = process();
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the binary from a shell, which can close streams.
fn shell(script: &str) -> Output {
    Command::new("sh").args(["-c", script]).arg(process().get_program()).output().unwrap()
}

/// A running program and the lines that come out of it.
struct Partner {
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<String>,
}

impl Partner {
    fn start(command: Command) -> Self {
        let (mut child, lines) = Partner::listen(command);
        Partner { stdin: child.stdin.take().unwrap(), child, lines }
    }

    /// Starts a program and hears what it says; its end of the streams is its own.
    fn listen(mut command: Command) -> (Child, Receiver<String>) {
        let mut child = command.spawn().unwrap();
        let (sender, lines) = channel();
        let stdout = child.stdout.take().unwrap();
        std::thread::spawn(move || {
            BufReader::new(stdout).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        (child, lines)
    }

    fn tell(&mut self, number: usize) {
        writeln!(self.stdin, "{{\"id\": {number}, \"text\": \"Angin reda.\"}}").unwrap();
    }

    /// The id of the next record.
    fn hear(&self) -> String {
        let line = self.lines.recv_timeout(HANGS).unwrap();
        let record: Value = serde_json::from_str(&line).unwrap();
        record["article"]["id"].as_str().unwrap().to_owned()
    }

    fn signal(&self, signal: i32) {
        let status = Command::new("kill").args([format!("-{signal}"), self.child.id().to_string()]).status();
        assert!(status.unwrap().success());
    }
}

#[test]
fn a_partner_that_waits_for_each_answer_gets_it() {
    for args in [&["clean", "-"][..], &["clean", "--input-form", "jsonl", "--batch", "1"]] {
        let mut partner = Partner::start(intisari(args));
        for number in 0..4 {
            partner.tell(number);
            assert_eq!(partner.hear(), number.to_string());
        }
        drop(partner.stdin);
        assert!(ended(&mut partner.child).success());
    }
}

/// Whether programs that are started here ignore a signal, as under `nohup` or in the background of a shell.
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

/// How a program ended that was told to.
fn ended(child: &mut Child) -> ExitStatus {
    for _ in 0..HANGS.as_millis() / 10 {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap()
}

#[test]
fn signals_end_it_after_whole_records() {
    for signal in [SIGTERM, SIGINT, SIGHUP] {
        if is_ignored(signal) {
            eprintln!("skipped: whoever runs the tests ignores signal {signal}, and so does what they start");
            continue;
        }
        let mut partner = Partner::start(intisari(&["clean", "-"]));
        (0..3).for_each(|number| partner.tell(number));
        assert_eq!((0..3).map(|_| partner.hear()).collect::<Vec<_>>(), ["0", "1", "2"]);
        partner.signal(signal);
        assert_eq!(ended(&mut partner.child).signal(), Some(signal));
        assert_eq!(partner.lines.recv_timeout(HANGS), Err(RecvTimeoutError::Disconnected));
    }
}

/// While much is written: no record is torn, and none is out of order.
#[test]
fn a_signal_in_the_middle_tears_no_record() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.jsonl");
    let mut command = intisari(&["split", "-"]);
    let mut child = command.stdout(File::create(&path).unwrap()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || {
        let text = "Angin reda, kata Ruth. ".repeat(50);
        let lines =
            (0..).try_for_each(|number| writeln!(stdin, "{{\"id\": {number}, \"text\": \"{text}\"}}"));
        assert!(lines.is_err());
    });
    let started = Instant::now();
    while std::fs::metadata(&path).unwrap().len() < 300_000 {
        assert_eq!(child.try_wait().unwrap(), None, "it ended before anybody told it to");
        if started.elapsed() > HANGS {
            child.kill().unwrap();
            panic!("it writes nothing");
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Command::new("kill").args(["-15", &child.id().to_string()]).status().unwrap();
    assert_eq!(ended(&mut child).signal(), Some(SIGTERM));
    feeder.join().unwrap();
    let out = std::fs::read(&path).unwrap();
    assert_eq!(out.last(), Some(&b'\n'));
    for (number, record) in records(&out).iter().enumerate() {
        assert_eq!(record["article"]["id"], number.to_string());
    }
}

#[test]
fn a_signal_that_is_ignored_stays_ignored() {
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' HUP; exec \"$0\" clean -"]).arg(process().get_program());
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut partner = Partner::start(command);
    partner.tell(0);
    assert_eq!(partner.hear(), "0");
    partner.signal(SIGHUP);
    partner.tell(1);
    assert_eq!(partner.hear(), "1");
    drop(partner.stdin);
    assert!(ended(&mut partner.child).success());
}

#[test]
fn a_stream_that_does_not_block_is_waited_for() {
    let (mut ours, theirs) = UnixStream::pair().unwrap();
    theirs.set_nonblocking(true).unwrap();
    let mut command = intisari(&["clean", "--input-form", "jsonl", "-"]);
    command.stdin(OwnedFd::from(theirs));
    let (mut child, lines) = Partner::listen(command);
    for number in 0..3 {
        // Nothing is there for a while.
        std::thread::sleep(Duration::from_millis(50));
        writeln!(ours, "{{\"id\": {number}, \"text\": \"x\"}}").unwrap();
        let line = lines.recv_timeout(HANGS).unwrap();
        assert!(line.contains(&format!("\"id\":\"{number}\"")), "{line}");
    }
    drop(ours);
    assert_eq!(lines.recv_timeout(HANGS), Err(RecvTimeoutError::Disconnected));
    assert!(ended(&mut child).success());
}

#[test]
#[cfg(target_os = "linux")]
fn an_output_that_takes_nothing_has_its_own_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let tags = folder.path().join("tags.tsv");
    std::fs::write(&tags, "Ruth\tB-PER\npulang\tO\n").unwrap();
    let tags = tags.to_str().unwrap();
    let encoder = "intisari-encoder";
    let commands: [&[&str]; 6] = [
        &["clean", "-"],
        &["clean", "--failures-as-records", "--batch", "1", "-"],
        &["eval", "ner", tags, "--predictions", tags],
        &["completions", "bash"],
        &["models", "list"],
        &["models", "verify", encoder],
    ];
    for args in commands {
        let mut command = intisari(args);
        let full = File::options().write(true).open("/dev/full").unwrap();
        let mut child = command.stdout(full).current_dir(env!("CARGO_MANIFEST_DIR")).spawn().unwrap();
        let _unread = child.stdin.take().unwrap().write_all(b"{\"text\": \"Angin reda.\"}\nrusak\n");
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{args:?}: {said}");
        assert!(said.contains("writing to standard output"), "{args:?}: {said}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn closed_streams_are_told() {
    let closed_input = shell("exec \"$0\" clean <&-");
    assert_eq!(closed_input.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&closed_input.stdout).contains("standard input is closed"));
    for script in [
        "echo Angin reda. | exec \"$0\" clean >&-",
        "echo Angin reda. | \"$0\" clean >&- ",
        "exec \"$0\" completions fish >&-",
        "exec \"$0\" models list >&-",
        "exec \"$0\" models verify intisari-encoder >&-",
    ] {
        let output = shell(script);
        assert_eq!(output.status.code(), Some(4), "{script}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("it is closed"), "{script}");
    }
    // The null device is none of that.
    for script in [
        "exec \"$0\" clean </dev/null",
        "echo Angin reda. | exec \"$0\" clean >/dev/null",
        "exec \"$0\" clean <>/dev/null",
    ] {
        assert!(shell(script).status.success(), "{script}");
    }
}
