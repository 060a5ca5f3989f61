//! The binary as scripts use it; commands that need no model.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)] // helpers of tests fail as tests do

mod common;

use std::fs;

use common::program::{intisari, process, records};
use predicates::prelude::*;

#[test]
fn gives_one_line_per_line_in_order_with_failures_as_records() {
    let lines = [
        r#"{"id": "satu", "text": "Hujan turun di Bogor. Jalan tergenang."}"#,
        "",
        r#"{"id": "tiga"}"#,
        r#"{"id": "empat", "text": "rusak \ud800"}"#,
        r#"not json"#,
        r#"{"id": 6, "text": ""}"#,
    ];
    let output = intisari()
        .args(["split", "-"])
        .write_stdin(lines.join("\n") + "\n")
        .assert()
        .code(1)
        .get_output()
        .clone();
    let records = records(&output.stdout);
    assert_eq!(records.len(), 6);
    assert_eq!(records[0]["article"]["id"], "satu");
    assert_eq!(records[0]["sentences"].as_array().unwrap().len(), 2);
    for (record, (id, why)) in records[1..5].iter().zip([
        ("stdin:2", "blank line"),
        ("tiga", "`text`"),
        ("stdin:4", "surrogate"),
        ("stdin:5", "JSON"),
    ]) {
        assert_eq!(record["id"], id);
        assert!(record["error"].as_str().unwrap().contains(why), "{record}");
    }
    assert_eq!(records[5]["article"]["id"], "6");
    assert_eq!(records[5]["flags"][0]["kind"], "empty");
}

#[test]
fn goes_on_after_a_bad_file_and_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let (bad, good) = (folder.path().join("rusak.txt"), folder.path().join("baik.txt"));
    fs::write(&bad, b"Hujan \xff turun.").unwrap();
    fs::write(&good, "Hujan turun.").unwrap();
    intisari()
        .args(["split", "--format", "text"])
        .args([&bad, &folder.path().join("hilang.txt"), &good])
        .assert()
        .code(1)
        .stdout("Hujan turun.\n")
        .stderr(
            predicate::str::contains("rusak.txt: invalid UTF-8 at byte 6")
                .and(predicate::str::contains("hilang.txt")),
        );
}

#[test]
fn offsets_count_what_was_asked_for() {
    for (unit, end) in [("bytes", 16), ("chars", 12), ("utf16", 13)] {
        let output =
            intisari().args(["split", "--offsets", unit]).write_stdin("😀 kafé buka.").assert().success();
        let record = &records(&output.get_output().stdout)[0];
        assert_eq!(
            (&record["offset_unit"], &record["sentences"][0]["span"]["end"]),
            (&unit.into(), &end.into())
        );
    }
}

#[test]
fn another_field_can_hold_the_text() {
    let line = r#"{"isi": "Hujan turun.", "date": "kemarin"}"#;
    let output = intisari().args(["split", "--text-field", "isi"]).write_stdin(line).assert().success();
    let record = &records(&output.get_output().stdout)[0];
    assert_eq!(record["article"]["id"], "stdin:1");
    assert_eq!(record["flags"][0]["kind"], "unreadable_date");
}

/// A page is a whole page, also of nothing; the other forms are records, of which there are none then.
#[test]
fn of_no_article_a_page_says_so() {
    let print = |form: &str| {
        let args = ["digest", "--quiet", "--input-form", "jsonl", "--format", form, "-"];
        let output = intisari().args(args).write_stdin("").assert().success();
        String::from_utf8(output.get_output().stdout.clone()).unwrap()
    };
    let page = print("html");
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"), "{page}");
    assert!(page.contains("No article"), "{page}");
    for form in ["text", "json", "jsonl", "conll"] {
        assert_eq!(print(form), "", "{form}");
    }
}

#[test]
fn is_quiet_when_the_reader_goes_away() {
    use std::io::{Read, Write};
    use std::process::Stdio;
    let mut child = process()
        .args(["split", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || {
        for number in 0..20_000 {
            let text = "Hujan turun di Bogor. ".repeat(20);
            if writeln!(stdin, r#"{{"id": "{number}", "text": "{text}"}}"#).is_err() {
                break;
            }
        }
    });
    let mut first = [0; 100];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap(); // and dropped: the pipe breaks
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    assert!(output.status.success(), "{:?}", output.status);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn wrong_usage_has_its_own_exit_code() {
    intisari().arg("ringkas").assert().code(2);
    intisari().args(["split", "--batch", "0"]).assert().code(2);
    // Where there is a translator, it says how many are too many before it is loaded.
    let beams = intisari().args(["translate", "--beams", "33"]).write_stdin("").assert();
    beams.code(if cfg!(feature = "native") { 2 } else { 0 });
}

#[test]
fn dates_and_quantities_need_no_model() {
    let text = "Harga naik 4 persen pada 3 Mei 2025.";
    let output = intisari().args(["ner", "--ner", "rules", "-"]).write_stdin(text).assert().success();
    let labels: Vec<String> = records(&output.get_output().stdout)[0]["entities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entity| entity["label"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(labels, ["PERCENT", "DATE"]);
    let settings = ["ner", "--ner", "rules", "--ner-threshold", "0.5", "-"];
    let refused = intisari().args(settings).write_stdin(text).assert().code(2);
    refused.stderr(predicate::str::contains("`--ner rules` runs no model"));
    for option in [["--device", "cuda:0"], ["--precision", "f16"]] {
        let refused =
            intisari().args(["ner", "--ner", "rules"]).args(option).write_stdin(text).assert().code(2);
        refused.stderr(predicate::str::contains("no stage of this command runs a model"));
    }
}

#[test]
#[cfg(not(feature = "server"))]
fn a_build_without_a_server_says_so() {
    let refused = intisari().args(["serve", "--listen", "127.0.0.1:1", "--help"]).assert().code(2);
    refused.stderr(predicate::str::contains("without the feature `server`"));
    let help = intisari().arg("--help").assert().success();
    help.stdout(predicate::str::contains("\n  serve").not());
}

#[test]
fn a_form_that_a_command_has_nothing_for_is_wrong_usage() {
    for command in ["clean", "split"] {
        intisari()
            .args([command, "--format", "conll"])
            .write_stdin("Hujan turun.")
            .assert()
            .code(2)
            .stdout("")
            .stderr(
                "intisari: this command has nothing for --format conll; it prints text, json, jsonl, html\n",
            );
    }
    for form in ["text", "json", "jsonl", "html"] {
        intisari()
            .args(["clean", "--format", form])
            .write_stdin("Hujan turun.")
            .assert()
            .success()
            .stdout(predicate::str::contains("Hujan turun."));
    }
}

#[test]
fn help_teaches_by_examples_and_exit_codes() {
    intisari()
        .args(["digest", "--help"])
        .assert()
        .success()
        .stdout(predicate::str::contains("jq .summary.text"));
    intisari().arg("--help").assert().success().stdout(predicate::str::contains("Exit codes:"));
}

#[test]
fn a_glossary_that_cannot_be_read_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("terms.tsv");
    std::fs::write(&path, "# ours\nbupati\tregent\nwarga\n").unwrap();
    let mut command = intisari();
    command.args(["translate", "--glossary"]).arg(&path).arg("-").write_stdin("Bupati tiba.\n");
    command.assert().code(3).stderr(predicate::str::contains("terms.tsv:3: 1 columns"));
    let missing = ["translate", "--glossary", "nirada.tsv", "-"];
    intisari().args(missing).write_stdin("Bupati tiba.\n").assert().code(3).stderr(predicate::str::contains(
        "the glossary nirada.tsv: No such file or directory (os error 2); name a table of terms with --glossary",
    ));
    std::fs::write(&path, "# ours\n").unwrap();
    let mut command = intisari();
    command.args(["translate", "--glossary"]).arg(&path).arg("-").write_stdin("Bupati tiba.\n");
    command.assert().stderr(predicate::str::contains("terms.tsv has no entry"));
}

/// What is doubtful stands beside what it is about; where the text alone is asked for, apart from it.
#[test]
fn text_forms_tell_flags() {
    let text = "<p>Hujan turun di Ambon pada hari Minggu, kata warga desa itu.</p>\n\"Wis suwe ora ana udan,\" kata Paimin.";
    for command in ["clean", "split"] {
        let content = "Hujan turun di Ambon pada hari Minggu, kata warga desa itu.\n\"Wis suwe ora ana udan,\" kata Paimin.\n";
        let run = intisari()
            .args([command, "--format", "text"])
            .write_stdin(text)
            .assert()
            .success()
            .stdout(content);
        run.stderr(
            "intisari: stdin: html: found <p>; tags are passed over, check that the text is all there\n\
             intisari: stdin: not indonesian: looks like Javanese (“Wis suwe ora ana udan,”)\n",
        );
        intisari()
            .args([command, "-q", "--format", "text"])
            .write_stdin(text)
            .assert()
            .stdout(content)
            .stderr("");
        // A record tells its flags.
        intisari().args([command, "--format", "jsonl"]).write_stdin(text).assert().stderr("");
    }
    let malay = "Polis menahan dua lelaki yang disyaki mencuri motosikal kerana mahu menjualnya, kata ketua polis daerah.";
    let output =
        intisari().args(["ner", "--ner", "rules", "--format", "text"]).write_stdin(malay).assert().success();
    output.stdout(predicate::str::starts_with("! not indonesian: looks like Malay\n"));
}

#[test]
fn several_articles_have_headings_in_text() {
    let lines = "{\"id\": \"a\", \"text\": \"Hujan turun.\", \"title\": \"Cuaca\\n\\u001b[2J\"}\nrusak\n{\"text\": \"Angin \\u001b]0;x\\u0007 reda.\"}\n";
    let expected =
        "==> a: Cuaca \u{fffd}[2J <==\nHujan turun.\n\n==> stdin:3 <==\nAngin \u{fffd}]0;x\u{fffd} reda.\n";
    for command in ["clean", "split"] {
        for batch in ["1", "2", "8"] {
            let args = [command, "--format", "text", "--batch", batch];
            intisari().args(args).write_stdin(lines).assert().code(1).stdout(expected);
        }
    }
    // One article is alone, whatever fails beside it.
    for (lines, code) in [("{\"text\": \"Hujan turun.\"}\n", 0), ("rusak\n{\"text\": \"Hujan turun.\"}\n", 1)]
    {
        intisari()
            .args(["clean", "--format", "text"])
            .write_stdin(lines)
            .assert()
            .code(code)
            .stdout("Hujan turun.\n");
    }
}

#[test]
fn failures_are_told_where_the_form_has_no_records_for_them() {
    for (command, form) in [("clean", "text"), ("ner", "conll"), ("ner", "text")] {
        let rules: &[&str] = if command == "ner" { &["--ner", "rules"] } else { &[] };
        let run = intisari()
            .args([command, "-q", "--format", form])
            .args(rules)
            .write_stdin("{\"id\": \"a\\u001b[2J\"}\n")
            .assert();
        run.code(1)
            .stdout("")
            .stderr(predicate::str::starts_with("intisari: a\u{fffd}[2J: stdin:1: no field `text`"));
    }
    intisari()
        .args(["clean", "-q", "--format", "jsonl"])
        .write_stdin("rusak {\"a\": 1}\n{\"id\": 1}\n")
        .assert()
        .stderr("");
}

#[test]
fn completions_and_the_manual_know_every_command_and_its_options() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = intisari().args(["completions", shell]).assert().success().get_output().clone();
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(script.contains("summarize") && script.contains("failures-as-records"), "{shell}");
    }
    intisari().args(["completions", "cmd"]).assert().code(2);

    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("share/man1");
    intisari().arg("man").arg(&pages).assert().success().stdout("");
    for (page, told) in [
        ("intisari.1", "INTISARI_MODELS"),
        ("intisari-digest.1", "failures\\-as\\-records"),
        ("intisari-models-add.1", "replace"),
    ] {
        let text = fs::read_to_string(pages.join(page)).unwrap();
        assert!(text.contains(".SH SYNOPSIS") && text.contains(told), "{page}");
    }
    // Examples stay lines: filled, they would be cut and hyphenated.
    let digest = fs::read_to_string(pages.join("intisari-digest.1")).unwrap();
    let notes = digest.split_once(".SH NOTES\n.nf\nExamples:\n").unwrap().1;
    assert!(notes.split_once("\n.fi\n").unwrap().0.contains("zcat news.jsonl.gz | intisari digest"));
    fs::write(folder.path().join("taken"), "").unwrap();
    let refused = intisari().arg("man").arg(folder.path().join("taken")).assert().code(4);
    refused.stderr(predicate::str::contains("taken"));
}
