//! Forms of input, fields and dates, as the binary reads them; commands that need no model.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // helpers of tests fail as tests do

mod common;

use std::fs;
use std::path::Path;

use common::program::{intisari, records};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use serde_json::Value;

/// Ids and texts of articles; ids and `ERROR` of failures.
fn told(output: &[u8]) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let told = |record: &Value| match record.get("error") {
        Some(_) => (text(&record["id"]), "ERROR".to_owned()),
        None => (text(&record["article"]["id"]), text(&record["article"]["text"])),
    };
    records(output).iter().map(told).collect()
}

fn utf16(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

const MARK: &[u8] = b"\xef\xbb\xbf";

/// Ids and texts; `@` stands for the name of the file or `stdin`.
type Articles = Vec<(&'static str, &'static str)>;

/// Name of a file, what is in it, and the articles.
fn forms() -> Vec<(&'static str, Vec<u8>, Articles)> {
    let lines = "{\"id\": \"a\", \"text\": \"Angin reda.\"}\r\n{\"text\": \"Air surut.\"}\r\n";
    let pretty = "{\n  \"id\": 12,\n  \"isi\": \"Angin reda.\",\n  \"meta\": {\"tags\": [1, 2]}\n}\n";
    let list = "[\n  {\n    \"judul\": \"Angin\",\n    \"body_text\": \"Angin reda.\"\n  },\n  {\n    \"body_text\": \"Air surut.\"\n  }\n]\n";
    let csv = "kelas;berita\r\nbenar;\"\"\"Angin reda,\"\" kata Ruth; ia pulang.\"\r\nsalah;\"Air surut.\r\n\r\nJalan kering.\"\r\n";
    let quoted = "\"Angin reda,\" kata Ruth; ia pulang.";
    vec![
        ("a.jsonl", lines.into(), vec![("a", "Angin reda."), ("@:2", "Air surut.")]),
        ("b.txt", lines.into(), vec![("a", "Angin reda."), ("@:2", "Air surut.")]),
        ("c.json", lines.into(), vec![("a", "Angin reda."), ("@:2", "Air surut.")]),
        ("d.jsonl", [MARK, lines.as_bytes()].concat(), vec![("a", "Angin reda."), ("@:2", "Air surut.")]),
        ("e.jsonl", utf16(lines), vec![("a", "Angin reda."), ("@:2", "Air surut.")]),
        // Two files with marks, put together.
        (
            "f.jsonl",
            [MARK, lines.as_bytes(), MARK, b"{\"id\": 3, \"text\": \"Ya.\"}"].concat(),
            vec![("a", "Angin reda."), ("@:2", "Air surut."), ("3", "Ya.")],
        ),
        // A broken line is one, wherever it is.
        ("g", b"null\n{\"text\": \"Angin reda.\"}\n".into(), vec![("@:1", "ERROR"), ("@:2", "Angin reda.")]),
        (
            "h",
            b"\"ekor\": 1}\n{\"text\": \"Angin reda.\"}\n{\"text\": \"Air".into(),
            vec![("@:1", "ERROR"), ("@:2", "Angin reda."), ("@:3", "ERROR")],
        ),
        ("i.json", pretty.into(), vec![("12", "Angin reda.")]),
        ("j", [MARK, pretty.as_bytes()].concat(), vec![("12", "Angin reda.")]),
        ("k.txt", pretty.repeat(2).into(), vec![("12", "Angin reda."), ("12", "Angin reda.")]),
        ("l.json", list.into(), vec![("@[0]", "Angin reda."), ("@[1]", "Air surut.")]),
        ("m.jsonl", list.into(), vec![("@[0]", "Angin reda."), ("@[1]", "Air surut.")]),
        ("n", utf16(list), vec![("@[0]", "Angin reda."), ("@[1]", "Air surut.")]),
        (
            "o",
            b"[{\"id\": \"a\", \"text\": \"x\"},{\"id\": \"a\", \"text\": \"y\"}]".into(),
            vec![("a", "x"), ("a", "y")],
        ),
        (
            "p.json",
            b"[{\"text\": \"x\"}, {\"text\": \"\\q\"}, {\"text\": \"z\"}]".into(),
            vec![("@[0]", "x"), ("@[1]", "ERROR"), ("@[2]", "z")],
        ),
        ("q.json", b"[]".into(), vec![]),
        ("r.csv", csv.into(), vec![("@:2", quoted), ("@:3", "Air surut.\r\n\r\nJalan kering.")]),
        (
            "s.csv",
            [MARK, csv.as_bytes()].concat(),
            vec![("@:2", quoted), ("@:3", "Air surut.\r\n\r\nJalan kering.")],
        ),
        ("t.csv", utf16(csv), vec![("@:2", quoted), ("@:3", "Air surut.\r\n\r\nJalan kering.")]),
        (
            "u.csv",
            b"id,text\n7,\"Angin, reda.\"\n,Air surut.\n".into(),
            vec![("7", "Angin, reda."), ("@:3", "Air surut.")],
        ),
        ("v.tsv", b"Judul\tIsi Berita\nA\tAngin reda.\n".into(), vec![("@:2", "Angin reda.")]),
        (
            "w.csv",
            b"sep=;\nid;isi\n7;Angin, reda.\n;Air surut.\n".into(),
            vec![("7", "Angin, reda."), ("@:4", "Air surut.")],
        ),
        ("x.csv", b"id,text\n1,a\n2,b,c\n3,d\n".into(), vec![("1", "a"), ("@:3", "ERROR"), ("3", "d")]),
        ("y.csv", b"id,text\n1,a\n2,b\xe9\n3,d\n".into(), vec![("1", "a"), ("@:3", "ERROR"), ("3", "d")]),
        ("aa.csv", b"id,text\n1\n2,b\n3,c\n".into(), vec![("@:2", "ERROR"), ("2", "b"), ("3", "c")]),
        // Marks that are not doubled, where cells stand in marks, and where they do not.
        ("ab.csv", b"id,text\n1,\"Ya,\" kata Ruth\n2,\"b\"\n".into(), vec![("@:2", "ERROR"), ("2", "b")]),
        (
            "ac.tsv",
            b"id\ttext\n1\t\"Ya,\" kata Ruth\n2\tb\n".into(),
            vec![("1", "\"Ya,\" kata Ruth"), ("2", "b")],
        ),
        (
            "ad.tsv",
            b"id\ttext\n1\t\"Ya\n\ttidak \"\"b\"\"\"\n2\tb\n".into(),
            vec![("1", "Ya\n\ttidak \"b\""), ("2", "b")],
        ),
        ("ae.csv", b"id,text\n1,a\n2,\"b".into(), vec![("1", "a"), ("@:3", "ERROR")]),
        // One mark that opens nothing, and a cell that is cut off.
        (
            "af.tsv",
            b"id\ttext\n1\t\"Ya, kata Ruth\n2\tb\n3\tc\n".into(),
            vec![("1", "\"Ya, kata Ruth"), ("2", "b"), ("3", "c")],
        ),
        ("ag.tsv", b"id\ttext\tsource\r\n1\t\"Ya\tx\r\n2\tb\ty".into(), vec![("1", "\"Ya"), ("2", "b")]),
        ("ah.tsv", b"id\ttext\n1\ta\n2\t\"b\n\n\tc\n".into(), vec![("1", "a"), ("@:3", "ERROR")]),
        ("ai.csv", b"id|text\n1|Angin, reda.\n".into(), vec![("1", "Angin, reda.")]),
        // Blank lines are lines, but for those at the end.
        (
            "aj.jsonl",
            b"\n{\"text\": \"x\"}\n \n\r\n{\"text\": \"y\"}\n\n  \r\n\n".into(),
            vec![("@:1", "ERROR"), ("@:2", "x"), ("@:3", "ERROR"), ("@:4", "ERROR"), ("@:5", "y")],
        ),
        (
            "ak.jsonl",
            b"{\"text\": \"x\"}\n\nrusak".into(),
            vec![("@:1", "x"), ("@:2", "ERROR"), ("@:3", "ERROR")],
        ),
        ("z.csv", b"id,text\n1,a\n2,\"b\n3,d\n4,e\n".into(), vec![("1", "a"), ("@:3", "ERROR")]),
        ("teks.txt", b"[SALAH] Warga menolak bus.\n".into(), vec![("@", "[SALAH] Warga menolak bus.\n")]),
        ("teks", [MARK, b"Angin reda."].concat(), vec![("@", "Angin reda.")]),
        ("dua", utf16("Angin reda."), vec![("@", "Angin reda.")]),
    ]
}

fn with_name(articles: &[(&str, &str)], name: &str) -> Vec<(String, String)> {
    articles.iter().map(|(id, text)| (id.replace('@', name), (*text).to_owned())).collect()
}

#[test]
fn the_form_of_a_file_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = intisari();
    command.args(["clean", "--quiet"]);
    let mut expected = Vec::new();
    for (name, bytes, articles) in forms() {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        expected.extend(with_name(&articles, path.to_str().unwrap()));
        command.arg(path);
    }
    let output = command.assert().code(1);
    assert_eq!(told(&output.get_output().stdout), expected);
}

#[test]
fn the_form_of_a_stream_is_known() {
    for (name, bytes, articles) in forms() {
        let output = intisari().args(["clean", "--quiet"]).write_stdin(bytes).output().unwrap();
        assert_eq!(told(&output.stdout), with_name(&articles, "stdin"), "{name}");
        let failed = articles.iter().any(|(_, text)| *text == "ERROR");
        assert_eq!(output.status.code(), Some(i32::from(failed)), "{name}");
    }
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    let object = "{\n\"text\": \"Angin reda.\"\n}\n";
    let (lines, table) = ("{\"text\": \"x\"}\n{\"text\": \"y\"}\n", "id,text\n1,Angin.\n");
    for (form, input, message) in [
        ("jsonl", "[{\"text\": \"x\"}]".as_bytes(), "--input-form json"),
        ("jsonl", object.as_bytes(), "--input-form json"),
        ("jsonl", table.as_bytes(), "looks like CSV"),
        ("json", table.as_bytes(), "looks like CSV"),
        ("json", b"Angin reda.\n", "looks like plain text"),
        ("csv", lines.as_bytes(), "looks like JSON Lines"),
        ("tsv", object.as_bytes(), "--input-form json"),
        ("tsv", table.as_bytes(), "looks like CSV"),
        ("csv", b"id\ttext\n1\tAngin.\n", "looks like TSV"),
        ("csv", b"kelas,ulasan\na,b\n", "no column for the text (columns: kelas, ulasan)"),
        ("auto", b"kelas;ulasan\na;b\nc;d\n", "--text-field"),
        ("csv", b"text,text\na,b\n", "two columns are called `text`"),
        ("auto", b"\x1f\x8b\x08\0\0\0\0\0", "gzip"),
        ("text", b"%PDF-1.7", "PDF"),
        ("auto", b"A\0n\0g\0", "UTF-16LE"),
    ] {
        let output = intisari().args(["clean", "--input-form", form]).write_stdin(input).output().unwrap();
        let records = records(&output.stdout);
        let error = records.first().and_then(|record| record["error"].as_str()).unwrap_or_default();
        assert!(records.len() == 1 && error.contains(message), "{form} {input:?}: {records:?}");
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn the_form_that_is_asked_for_decides() {
    let one = |form: &str, input: &str| {
        let output = intisari().args(["clean", "-q", "--input", form]).write_stdin(input).output().unwrap();
        told(&output.stdout)
    };
    assert_eq!(one("text", "id,text\n1,Angin.\n"), [("stdin".to_owned(), "id,text\n1,Angin.\n".to_owned())]);
    assert_eq!(one("text", "{\"text\": \"x\"}").len(), 1);
    assert_eq!(one("csv", "text\nAngin reda.\n"), [("stdin:2".to_owned(), "Angin reda.".to_owned())]);
    assert_eq!(one("json", "{\"text\": \"x\"}\n{\"text\": \"y\"}\n").len(), 2);
    assert_eq!(one("jsonl", "oops\nnull\nrusak\n{\"text\": \"x\"}\n").len(), 4);
    assert_eq!(one("jsonl", "\n \n\n"), []);
}

#[test]
fn an_empty_input_gives_nothing_and_loads_no_model() {
    // Without models `digest` could not be set up.
    for input in ["", "\u{feff}"] {
        intisari().args(["digest", "-"]).write_stdin(input).assert().success().stdout("").stderr("");
    }
    let folder = tempfile::tempdir().unwrap();
    for name in ["kosong.jsonl", "kosong.txt", "kosong.csv"] {
        let path = folder.path().join(name);
        fs::write(&path, "").unwrap();
        intisari()
            .arg("digest")
            .arg(&path)
            .assert()
            .success()
            .stdout("")
            .stderr(contains("the file is empty"));
    }
}

#[test]
fn fields_and_zone_can_be_named() {
    let line = r#"{"_source": {"content": ["Angin reda.", "Air surut."], "t": "Angin"}, "kode": 18446744073709551617, "d": "2024-03-05T15:30:00Z"}"#;
    let output = intisari()
        .args([
            "clean",
            "--text-field",
            "_source.content",
            "--title-field",
            "_source.t",
            "--id-field",
            "kode",
        ])
        .args(["--date-field", "d", "--zone", "WIT", "--input-form", "jsonl"])
        .write_stdin(line)
        .assert()
        .success()
        .stderr("")
        .get_output()
        .clone();
    let article = &records(&output.stdout)[0]["article"];
    assert_eq!(article["text"], "Angin reda.\n\nAir surut.");
    assert_eq!((&article["title"], &article["date"]), (&"Angin".into(), &"2024-03-06".into()));
    assert_eq!(article["id"], "18446744073709551617");
    intisari().args(["clean", "--zone", "WIS"]).write_stdin("").assert().code(2).stderr(contains("WITA"));
}

#[test]
fn usual_fields_are_found_and_what_is_taken_is_said() {
    let line =
        r#"{"Judul": "Angin", "Tanggal": "Selasa, 5 Maret 2024 17:51 WIB", "Isi Berita": "Angin reda."}"#;
    let assert = intisari().arg("clean").write_stdin(line).assert().success();
    let assert = assert.stderr(contains("field `Isi Berita`; --text-field"));
    let article = &records(&assert.get_output().stdout)[0]["article"];
    assert_eq!((&article["title"], &article["date"]), (&"Angin".into(), &"2024-03-05".into()));
    // A misspelled name is found nowhere.
    for option in ["--date-field", "--title-field", "--source-field", "--id-field"] {
        let misspelled = intisari().args(["clean", option, "salah"]).write_stdin(line).assert().success();
        misspelled.stderr(contains(format!("in the field `salah`; look at {option}")));
    }
}

#[test]
fn fields_of_what_is_no_record_are_told() {
    let table = "isi\nHujan turun.\nGempa.\n";
    let run = |args: &[&str], input: &str| {
        let output = intisari().arg("clean").args(args).write_stdin(input).output().unwrap();
        (output.status.code().unwrap(), told(&output.stdout), String::from_utf8(output.stderr).unwrap())
    };
    let (code, articles, _) = run(&["--text-field", "isi"], table);
    assert_eq!((code, articles.len()), (0, 2));
    let (code, articles, said) = run(&["--text-field", "teks"], table);
    assert_eq!((code, articles), (1, vec![("stdin".to_owned(), "ERROR".to_owned())]));
    assert!(said.contains("which has no field `teks`; say what it is with --input-form"), "{said}");
    for args in [&["--title-field", "judul"][..], &["--text-field", "isi", "--input-form", "text"]] {
        let (code, articles, said) = run(args, "Hujan turun.");
        assert_eq!((code, articles.len()), (0, 1));
        assert!(said.contains(&format!("{} does nothing there; see --input-form", args[0])), "{said}");
    }
    assert_eq!(run(&[], "Hujan turun.").2, "");
}

#[test]
fn places_of_failures_have_the_prefix() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("t.csv"), "kelas,ulasan\na,b\n").unwrap();
    fs::write(
        folder.path().join("a.jsonl"),
        "rusak\n{\"id\": \"x\", \"judul\": \"y\"}\n{\"judul\": \"y\"}\n",
    )
    .unwrap();
    let args = ["clean", "--quiet", "--id-prefix", "p/", "hilang.txt", "t.csv", "a.jsonl"];
    let output = intisari().current_dir(folder.path()).args(args).output().unwrap();
    let ids: Vec<String> = told(&output.stdout).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["p/hilang.txt", "p/t.csv", "p/a.jsonl:1", "x", "p/a.jsonl:3"]);
    // A place is told once.
    let found = records(&output.stdout);
    assert!(found[3]["error"].as_str().unwrap().starts_with("a.jsonl:2: no field"), "{}", found[3]);
    assert!(found[4]["error"].as_str().unwrap().starts_with("no field"), "{}", found[4]);
}

#[test]
fn dates_and_ids_that_cannot_be_used_are_flagged() {
    let lines = "{\"id\": {\"a\": 1}, \"date\": \"2 jam lalu\", \"text\": \"x\"}\n{\"date\": null, \"text\": \"x\"}\n";
    let output = intisari().args(["clean", "--id-prefix", "bagian-3/"]).write_stdin(lines).assert().success();
    let records = records(&output.get_output().stdout);
    let kinds = |record: &Value| -> Vec<String> {
        record["flags"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|flag| flag["kind"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(kinds(&records[0]), ["unusable_id", "unreadable_date"]);
    assert_eq!(records[0]["article"]["id"], "bagian-3/stdin:1");
    assert_eq!(records[1]["article"]["id"], "bagian-3/stdin:2");
    assert!(kinds(&records[1]).is_empty());
}

/// More than is looked at to find the form, in each form that is read piece by piece.
#[test]
fn a_long_input_is_read_to_its_end() {
    let text = "Angin reda, kata Ruth. ".repeat(40);
    let line = |number: usize| format!("{{\"id\": {number}, \"text\": \"{text}\"}}");
    let all = |before: &str, between: &str, after: &str| {
        let lines: Vec<String> = (0..300).map(line).collect();
        format!("{before}{}{after}", lines.join(between))
    };
    let csv: String = (0..300).map(|number| format!("{number},\"{text}\n{text}\"\n")).collect();
    for input in [all("", "\n", "\n"), all("[", ",\n", "]"), all("[", ",", "]"), format!("id,text\n{csv}")] {
        let output = intisari().args(["clean", "--quiet"]).write_stdin(input).assert().success();
        let ids: Vec<String> = told(&output.get_output().stdout).into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids, (0..300).map(|number| number.to_string()).collect::<Vec<_>>());
    }
}

#[test]
fn a_folder_is_one_failure() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("d.jsonl");
    fs::create_dir(&path).unwrap();
    for args in [&["clean"][..], &["clean", "--failures-as-records"]] {
        let output =
            intisari().args(args).arg(&path).arg("-").write_stdin("{\"text\": \"x\"}").output().unwrap();
        let told = told(&output.stdout);
        assert_eq!((told.len(), told[0].1.as_str()), (2, "ERROR"), "{told:?}");
        assert_eq!(output.status.code(), Some(1));
    }
}

/// The system refuses to read it.
#[test]
#[cfg(target_os = "linux")]
fn a_file_that_cannot_be_read_is_one_failure() {
    for form in ["auto", "jsonl", "json", "csv", "text"] {
        let mut command = intisari();
        let output =
            command.args(["clean", "--quiet", "--input-form", form, "/proc/self/mem"]).output().unwrap();
        assert_eq!(told(&output.stdout), [("/proc/self/mem".to_owned(), "ERROR".to_owned())], "{form}");
        assert_eq!(output.status.code(), Some(1));
    }
}

/// What a run makes of twelve lines, of which one is broken and two have no id.
fn twelve(folder: &Path) -> (std::path::PathBuf, Vec<u8>) {
    let path = folder.join("dua-belas.jsonl");
    let line = |number: usize| match number {
        4 | 9 => "{\"text\": \"Air surut.\"}\n".to_owned(),
        7 => "rusak\n".to_owned(),
        _ => format!("{{\"id\": {}, \"text\": \"Angin reda ke-{number}.\"}}\n", number % 5),
    };
    fs::write(&path, (0..12).map(line).collect::<String>()).unwrap();
    let output = intisari().args(["split", "--quiet"]).arg(&path).output().unwrap();
    assert_eq!((records(&output.stdout).len(), output.status.code()), (12, Some(1)));
    (path, output.stdout)
}

#[test]
fn a_run_that_was_stopped_anywhere_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (input, whole) = twelve(folder.path());
    let out = folder.path().join("out.jsonl");
    for cut in [0, 1, whole.len() / 3, whole.len() / 2, whole.len() - 1, whole.len()] {
        fs::write(&out, &whole[..cut]).unwrap();
        intisari().args(["split", "--quiet", "--resume"]).args([&out, &input]).assert().code(1).stdout("");
        assert_eq!(fs::read(&out).unwrap(), whole, "{cut}");
    }
    // All is done but what fails again: nothing changes, and nobody is told that all is well.
    let again = || {
        let mut command = intisari();
        command.args(["split", "--resume"]).args([&out, &input]);
        command
    };
    again()
        .assert()
        .code(1)
        .stderr(contains("12 records are there, 1 of them of failures").and(contains(":8: no JSON")));
    again().arg("--failures-as-records").assert().success();
    assert_eq!(fs::read(&out).unwrap(), whole);
}

#[test]
fn what_failed_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let run = |limit: &str| {
        let args = [
            "clean",
            "--quiet",
            "--max-article-bytes",
            limit,
            "--resume",
            "out.jsonl",
            "a.jsonl",
            "late.txt",
        ];
        let code = intisari().current_dir(folder.path()).args(args).output().unwrap().status.code().unwrap();
        (code, told(&fs::read(folder.path().join("out.jsonl")).unwrap()))
    };
    let records = |articles: &[(&str, &str)]| with_name(articles, "");
    file("a.jsonl", "{\"id\": 1, \"text\": \"Angin reda.\"}\n{\"id\": 2, \"text\": \"Hujan turun lagi.\"}\n");
    let first = [("1", "Angin reda."), ("2", "ERROR"), ("late.txt", "ERROR")];
    assert_eq!(run("12"), (1, records(&first)));
    assert_eq!(run("12"), (1, records(&first)));
    file("late.txt", "Air surut.");
    let second = [first.as_slice(), &[("late.txt", "Air surut.")]].concat();
    assert_eq!(run("12"), (1, records(&second)));
    let third = [second.as_slice(), &[("2", "Hujan turun lagi.")]].concat();
    assert_eq!(run("100"), (0, records(&third)));
    assert_eq!(run("100"), (0, records(&third)));
}

#[test]
fn what_cannot_be_gone_on_with_is_refused_and_left() {
    let folder = tempfile::tempdir().unwrap();
    let (input, whole) = twelve(folder.path());
    let out = folder.path().join("out.jsonl");
    let start = &whole[..whole.len() / 2];
    let resume = |args: &[&str]| {
        let mut command = intisari();
        command.args(["split", "--resume"]).args([&out, &input]).args(args);
        command.assert()
    };
    fs::write(&out, start).unwrap();
    resume(&["--offsets", "chars"]).code(3).stderr(contains("other options"));
    // Also where nothing is left to do.
    fs::write(&out, &whole).unwrap();
    resume(&["--offsets", "chars"]).code(3).stderr(contains("other options"));
    for (command, args) in [("clean", &[][..]), ("ner", &["--ner", "rules"])] {
        let mut other = intisari();
        other.args([command, "--resume"]).args([&out, &input]).args(args);
        other.assert().code(3).stderr(contains("other options"));
        assert_eq!(fs::read(&out).unwrap(), whole);
    }
    fs::write(&out, start).unwrap();
    resume(&["--format", "text"]).code(2).stderr(contains("--format"));
    fs::write(&out, "catatan saya\n").unwrap();
    resume(&[]).code(3).stderr(contains("out.jsonl: line 1 is no record"));
    assert_eq!(fs::read(&out).unwrap(), b"catatan saya\n");
}

/// The records do not tell how the input was read; what is in them does.
#[test]
fn records_of_articles_that_were_read_otherwise_are_not_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("a.jsonl"), folder.path().join("out.jsonl"));
    let line = |id: usize| {
        format!(
            "{{\"id\": {id}, \"text\": \"Angin reda.\", \"isi\": \"Air surut.\", \"date\": \"2024-03-05T15:30:00Z\", \"t\": \"Angin\"}}\n"
        )
    };
    fs::write(&input, line(1) + &line(2)).unwrap();
    let resume = |args: &[&str]| {
        let mut command = intisari();
        command.args(["clean", "--resume"]).args([&out, &input]).args(args);
        command.assert()
    };
    resume(&[]).success();
    let whole = fs::read(&out).unwrap();
    fs::write(&input, line(1) + &line(2) + &line(3)).unwrap();
    for args in [["--text-field", "isi"], ["--zone", "WIT"], ["--title-field", "t"]] {
        resume(&args).code(3).stderr(contains("the file has `1` with another text, title, date or source"));
        assert_eq!(fs::read(&out).unwrap(), whole);
    }
    resume(&["--batch", "1"]).success();
    assert_eq!(records(&fs::read(&out).unwrap()).len(), 3);
}

#[test]
fn a_table_that_ends_within_a_cell_says_where_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    for (table, message) in [
        (
            "id,text\n1,a\n2,\"Angin",
            "t.csv:3: a quotation mark that opens in this row is never closed: the file ends",
        ),
        (
            "id,text\n1,\"a\n2,b\n",
            "t.csv:2: a quotation mark that opens in this row is never closed: the rows after it",
        ),
    ] {
        let path = folder.path().join("t.csv");
        fs::write(&path, table).unwrap();
        intisari()
            .arg("clean")
            .arg(&path)
            .assert()
            .code(1)
            .stderr(contains(message).and(contains("mend the mark")));
    }
}

#[test]
fn failures_that_are_records_can_end_with_0() {
    let lines = "{\"text\": \"x\"}\nrusak\n";
    let code =
        |args: &[&str]| intisari().arg("clean").args(args).write_stdin(lines).output().unwrap().status.code();
    assert_eq!(code(&[]), Some(1));
    assert_eq!(code(&["--failures-as-records"]), Some(0));
    // Here they are none.
    assert_eq!(code(&["--failures-as-records", "--format", "text"]), Some(1));
}

#[test]
fn a_missing_file_says_nothing_of_those_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "Angin reda.").unwrap();
    let run = intisari().current_dir(folder.path()).args(["clean", "nope.txt", "a.txt"]).assert().code(1);
    let found = records(&run.get_output().stdout);
    let error = found[0]["error"].as_str().unwrap();
    assert!(error.contains("No such file") || error.contains("cannot find"), "{error}");
    assert!(!error.contains("what follows"), "{error}");
    assert_eq!(found[1]["article"]["text"], "Angin reda.");
}
