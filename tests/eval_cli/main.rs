//! `intisari eval` as people call it.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod bad_data;
#[path = "../common/mod.rs"]
mod common;
mod forms;
#[cfg(feature = "torch")]
mod models;

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use common::program::intisari;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;
use tempfile::TempDir;

const GOLD: &str = "Budi\tB-PER\nke\tO\nBogor\tB-LOC\n\nPersib\tB-ORG\nmenang\tO\n";
const GOOD: &str = "Budi\tB-PER\nke\tO\nBogor\tB-LOC\n\nPersib\tB-LOC\nmenang\tO\n";
const POOR: &str = "Budi\tO\nke\tO\nBogor\tB-LOC\n\nPersib\tB-LOC\nmenang\tO\n";

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Folder(TempDir::new().unwrap())
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

fn eval(task: &str) -> Command {
    let mut command = intisari();
    command.args(["eval", task]);
    command
}

fn json(command: &mut Command) -> Vec<Value> {
    let output = command.args(["--format", "json"]).assert().success().get_output().stdout.clone();
    serde_json::from_slice(&output).unwrap()
}

fn figure(evaluation: &Value, name: &str) -> f64 {
    let figures = evaluation["figures"].as_array().unwrap();
    figures.iter().find(|figure| figure["name"] == name).unwrap()["value"].as_f64().unwrap()
}

#[test]
fn scores_entities_against_another_system() {
    let folder = Folder::new();
    let (gold, good) = (folder.file("gold.tsv", GOLD), folder.file("good.tsv", GOOD));
    let poor = folder.file("poor.tsv", POOR);
    eval("ner")
        .arg(&gold)
        .arg("--predictions")
        .arg(&good)
        .arg("--against")
        .arg(&poor)
        .assert()
        .success()
        .stdout(contains("entities of good.tsv on").and(contains("against poor.tsv")).and(contains("66.67")))
        .stderr("");
    let evaluations = json(eval("ner").arg(&gold).arg("--predictions").arg(&good));
    assert_eq!(evaluations.len(), 1);
    assert_eq!(evaluations[0]["set"]["items"], 2);
    assert_eq!(evaluations[0].get("model"), None, "none was run");
    assert_eq!(format!("{:.2}", figure(&evaluations[0], "F1")), "66.67");
    assert_eq!(figure(&evaluations[0], "exact F1"), 100.0);
}

#[test]
fn draws_no_more_samples_than_memory_can_hold() {
    let folder = Folder::new();
    let (gold, good) = (folder.file("gold.tsv", GOLD), folder.file("good.tsv", GOOD));
    let with = |samples: &str| {
        let mut command = eval("ner");
        command.arg(&gold).arg("--predictions").arg(&good).args(["--samples", samples]);
        command
    };
    for samples in ["0", "100000"] {
        with(samples).assert().success();
    }
    for samples in ["100001", "18446744073709551615"] {
        with(samples).assert().code(2).stderr(contains("--samples"));
    }
}

#[test]
fn scores_several_sets_in_order() {
    let folder = Folder::new();
    let (gold, good) = (folder.file("gold.tsv", GOLD), folder.file("good.tsv", GOOD));
    let evaluations = json(eval("ner").args([&gold, &gold]).arg("--predictions").args([&gold, &good]));
    assert_eq!(figure(&evaluations[0], "F1"), 100.0);
    assert!(figure(&evaluations[1], "F1") < 100.0);
}

#[test]
fn scores_entities_against_the_names_of_another_file() {
    let folder = Folder::new();
    let (gold, good) = (folder.file("gold.tsv", GOLD), folder.file("good.tsv", GOOD));
    let seen = folder.file("train.tsv", "Persib\tB-ORG\n");
    let evaluations =
        json(eval("ner").arg(&gold).arg("--predictions").arg(&good).arg("--against-gazetteer").arg(&seen));
    assert_eq!(evaluations[0]["against"], "names of train.tsv");
    assert_eq!(evaluations[0]["figures"][1]["against"], 100.0, "its precision");
}

#[test]
fn reads_gold_and_predicted_tags_from_one_file() {
    let folder = Folder::new();
    let both = folder.file("both.txt", "Budi NNP B-PER I-PER\nlari VB O O\n");
    let mut command = eval("ner");
    command.arg(&both).arg("--predictions").arg(&both);
    command.args(["--separator", "space", "--tag-column", "3", "--predicted-column", "4"]);
    let evaluation = &json(&mut command)[0];
    assert_eq!(figure(evaluation, "F1"), 100.0, "the predicted tags are IOB1");
    assert_eq!(evaluation["set"]["notes"][0], "both.txt: tags are read as iob1");
    for (scheme, f1) in [("iob2", 0.0), ("conll", 100.0)] {
        command = eval("ner");
        command.arg(&both).arg("--predictions").arg(&both);
        command.args(["--tag-column", "3", "--predicted-column", "4", "--scheme", scheme]);
        assert_eq!(
            figure(&json(&mut command)[0], "F1"),
            f1,
            "{scheme}: strict IOB2 lets no entity begin with I"
        );
    }
}

#[test]
fn names_what_does_not_fit() {
    let folder = Folder::new();
    let gold = folder.file("gold.tsv", GOLD);
    let cases = [
        ("Budi\tB-PER\n\nlagi\tO\n", "other tokens"),
        ("Budi\tB-PER\nke\tO\nBogor\tB-LOC\n", "has nothing for the sentence in line 5"),
        ("Budi\tB-PER\nke\nBogor\tB-LOC\n\nPersib\tO\nmenang\tO\n", "bad.tsv:2: only one column"),
        (
            "Budi\tE-PER\nke\tO\nBogor\tB-LOC\n\nPersib\tO\nmenang\tO\n",
            "`E-PER` is not a tag of the scheme iob2",
        ),
    ];
    for (text, message) in cases {
        let bad = folder.file("bad.tsv", text);
        eval("ner")
            .arg(&gold)
            .arg("--predictions")
            .arg(&bad)
            .assert()
            .code(3)
            .stderr(contains(message))
            .stdout("");
    }
    eval("ner")
        .args([&gold, &gold])
        .arg("--predictions")
        .arg(&gold)
        .assert()
        .code(3)
        .stderr(contains("2 sets and 1 files"));
}

#[test]
fn skips_and_lists_bad_lines_when_told_to() {
    let folder = Folder::new();
    let gold = folder.file("gold.tsv", "Budi\tB-PER\n\nrusak\n\nBogor\tB-LOC\n");
    let predicted = folder.file("predicted.tsv", "Budi\tB-PER\n\nrusak\tO\n\nBogor\tB-LOC\n");
    let mut command = eval("ner");
    command.arg(&gold).arg("--predictions").arg(&predicted);
    command.assert().code(3).stderr(contains("gold.tsv:3"));
    command
        .arg("--skip-bad")
        .assert()
        .success()
        .stdout(contains("1 bad line was left out").and(contains("gold.tsv:3")));
}

#[test]
fn scores_entities_of_brat() {
    let folder = Folder::new();
    let text = "Budi di Kafé Bogor.";
    folder.file("gold.txt", text);
    folder.file("system.txt", text);
    let gold = folder.file("gold.ann", "T1\tPER 0 4\tBudi\nT2\tORG 8 18\tKafé Bogor\n");
    let system = folder.file("system.ann", "T1\tPER 0 4\tBudi\nT2\tLOC 13 18\tBogor\n");
    let evaluations = json(eval("ner").arg(&gold).arg("--predictions").arg(&system));
    assert_eq!(figure(&evaluations[0], "F1"), 50.0);
    assert_eq!(figure(&evaluations[0], "partial F1"), 75.0);
}

#[test]
fn scores_a_folder_of_brat_as_one_set() {
    let folder = Folder::new();
    for name in ["gold", "system", "other", "less", "none"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    let texts =
        [("a", "Budi pulang.", "T1\tPER 0 4\tBudi\n"), ("b", "Ani di Bogor.", "T1\tLOC 7 12\tBogor\n")];
    for (name, text, entities) in texts {
        for (place, text) in [("gold", text), ("system", text), ("other", "Lain.")] {
            folder.file(&format!("{place}/{name}.txt"), text);
        }
        folder.file(&format!("gold/{name}.ann"), entities);
        folder.file(&format!("system/{name}.ann"), if name == "a" { entities } else { "" });
        folder.file(&format!("other/{name}.ann"), "");
    }
    folder.file("less/b.txt", "Ani di Bogor.");
    folder.file("less/b.ann", "");
    let place = |name| folder.path().join(name);
    let evaluations = json(eval("ner").arg(place("gold")).arg("--predictions").arg(place("system")));
    assert_eq!((&evaluations[0]["set"]["items"], figure(&evaluations[0], "recall")), (&2.into(), 50.0));
    assert_eq!(evaluations[0]["worst"][0]["id"], "b");
    for (name, message) in [("less", "has nothing for a"), ("other", "annotates another text")] {
        let mut command = eval("ner");
        command.arg(place("gold")).arg("--predictions").arg(place(name));
        command.assert().code(3).stderr(contains(message));
    }
    eval("ner")
        .arg(place("none"))
        .arg("--predictions")
        .arg(place("none"))
        .assert()
        .code(3)
        .stderr(contains("none has no file NAME.ann in it"));
}

#[test]
fn scores_plain_translations() {
    let folder = Folder::new();
    let source = folder.file("a.id", "Hujan turun.\nHarga beras naik tajam bulan ini.\n");
    let reference = folder.file("a.en", "Rain fell.\nThe price of rice rose sharply this month.\n");
    let output = folder.file("out.en", "Rain fell.\nThe price of rice rose fast this month.\n");
    let evaluations = json(eval("translation").args([&source, &reference]).arg("--predictions").arg(&output));
    assert_eq!(format!("{:.2}", figure(&evaluations[0], "BLEU")), "62.52");
    assert_eq!(evaluations[0]["worst"][0]["texts"][0]["text"], "Harga beras naik tajam bulan ini.");
    let short = folder.file("short.en", "Rain fell.\n");
    eval("translation")
        .args([&source, &reference])
        .arg("--predictions")
        .arg(&short)
        .assert()
        .code(3)
        .stderr(contains("short.en"));
}

#[test]
fn scores_fields_of_json_lines_by_id() {
    let folder = Folder::new();
    let data = folder.file(
        "set.jsonl",
        "{\"id\": 1, \"text\": \"Isi.\", \"summary\": [\"Satu dua.\", \"Tiga empat.\"]}\n{\"id\": 2, \"text\": \"Isi.\", \"summary\": \"Lima enam.\"}\n",
    );
    let output = folder.file(
        "out.jsonl",
        "{\"id\": 2, \"summary\": \"Lima enam.\"}\n{\"id\": 1, \"summary\": \"Satu dua.\"}\n",
    );
    let evaluations = json(eval("summary").arg(&data).arg("--predictions").arg(&output));
    assert_eq!(format!("{:.2}", figure(&evaluations[0], "ROUGE-1")), "83.33");
    let missing = folder.file("missing.jsonl", "{\"id\": 2, \"summary\": \"Lima enam.\"}\n");
    eval("summary")
        .arg(&data)
        .arg("--predictions")
        .arg(&missing)
        .assert()
        .code(3)
        .stderr(contains("has nothing for 1"));
}

#[test]
fn scores_chosen_sentences_against_the_first_ones() {
    let folder = Folder::new();
    let text = "Gempa mengguncang Palu Senin pagi ini. Cuaca di laut cerah sejak kemarin. Warga Palu mengungsi akibat gempa Senin. Pemerintah mengirim bantuan bagi warga Palu.";
    let data = folder.file(
        "set.jsonl",
        &format!("{{\"text\": \"{text}\", \"summary\": \"Gempa mengguncang Palu Senin pagi ini. Cuaca di laut cerah sejak kemarin.\"}}\n"),
    );
    let mut command = eval("summary");
    command.arg(&data).args(["--method", "centrality", "--against-method", "lead", "--sentences", "2"]);
    let evaluations = json(&mut command);
    assert_eq!(
        (&evaluations[0]["system"], &evaluations[0]["against"]),
        (&"centrality-2".into(), &"lead-2".into())
    );
    assert_eq!(evaluations[0]["figures"][0]["against"], 100.0);
    assert!(figure(&evaluations[0], "ROUGE-1") < 100.0);
}

#[test]
fn goes_on_with_saved_summaries() {
    let folder = Folder::new();
    let line = |text: &str| format!("{{\"text\": \"{text}\", \"summary\": \"Gempa mengguncang Palu.\"}}\n");
    let data = folder.file(
        "set.jsonl",
        &[line("Gempa mengguncang Palu. Hujan turun."), line("Hari ini cerah. Hujan turun.")].concat(),
    );
    let saved = folder.path().join("saved.jsonl");
    let scored = |data: &Path| {
        let mut command = eval("summary");
        command.arg(data).args(["--method", "lead", "--sentences", "2", "--save"]).arg(&saved);
        command
    };
    let first = json(&mut scored(&data));
    let whole = std::fs::read_to_string(&saved).unwrap();
    assert_eq!(whole.lines().count(), 2);
    std::fs::write(&saved, whole.get(..whole.len() - 9).unwrap()).unwrap();
    assert_eq!(json(&mut scored(&data)), first);
    assert_eq!(std::fs::read_to_string(&saved).unwrap(), whole);
    // They are predictions like others.
    let again = json(eval("summary").arg(&data).arg("--predictions").arg(&saved));
    assert_eq!(again[0]["figures"], first[0]["figures"]);
    let other = folder.file("other.jsonl", &line("Hujan turun."));
    scored(&other).assert().code(3).stderr(contains("another run"));
}

#[test]
fn scores_a_table() {
    let folder = Folder::new();
    let data = folder.file("set.tsv", "sumber\trujukan\nHujan.\tRain.\n");
    let output = folder.file("out.txt", "Rain.\n");
    let mut command = eval("translation");
    command
        .arg(&data)
        .args(["--source-field", "sumber", "--reference-field", "rujukan"])
        .arg("--predictions")
        .arg(&output);
    assert_eq!(figure(&json(&mut command)[0], "chrF2"), 100.0);
}

#[test]
fn scores_the_built_in_splitter_and_cleaner() {
    let folder = Folder::new();
    let lines = folder.file("gold.txt", "Kami menemui Dr. Sari di Bogor.\nHujan turun.\n");
    let evaluations = json(eval("sentences").arg(&lines).arg("--against-naive"));
    assert_eq!(figure(&evaluations[0], "sentence F1"), 100.0);
    let naive = evaluations[0]["figures"][0]["against"].as_f64().unwrap();
    assert!(naive < 100.0, "the naive splitter cuts behind `Dr.`");

    let predicted = folder.file("predicted.txt", "Kami menemui Dr.\nSari di Bogor. Hujan turun.\n");
    let evaluations = json(eval("sentences").arg(&lines).arg("--predictions").arg(&predicted));
    assert_eq!(figure(&evaluations[0], "sentence F1"), 0.0);

    let articles = folder.file("articles.jsonl", "{\"text\": \"Hujan turun di Bogor.\", \"removed\": []}\n");
    let evaluations = json(eval("clean").arg(&articles));
    assert_eq!(evaluations[0]["system"], "built-in rules");
}

#[test]
fn scores_removed_parts_in_any_unit() {
    let folder = Folder::new();
    let data =
        folder.file("set.jsonl", "{\"text\": \"Kafé – Isi. Baca juga: ini\", \"removed\": [[12, 26]]}\n");
    let output = folder
        .file("out.jsonl", "{\"removed\": [{\"span\": {\"start\": 12, \"end\": 26}, \"rule\": \"x\"}]}\n");
    let mut command = eval("clean");
    command.arg(&data).args(["--offsets", "chars"]).arg("--predictions").arg(&output);
    assert_eq!(figure(&json(&mut command)[0], "F1"), 100.0);
    let bad = folder.file("bad.jsonl", "{\"removed\": [[12, 99]]}\n");
    eval("clean")
        .arg(&data)
        .arg("--predictions")
        .arg(&bad)
        .assert()
        .code(3)
        .stderr(contains("bad.jsonl:1: offset 99"));
}

#[test]
fn writes_a_page_and_figures() {
    let folder = Folder::new();
    let gold = folder.file("gold.tsv", GOLD);
    let report = folder.path().join("new").join("report");
    eval("ner").arg(&gold).arg("--predictions").arg(&gold).arg("--report").arg(&report).assert().success();
    assert!(std::fs::read_to_string(report.join("index.html")).unwrap().contains("<h2>entities of gold.tsv"));
    let figures: Vec<Value> =
        serde_json::from_slice(&std::fs::read(report.join("evaluation.json")).unwrap()).unwrap();
    assert_eq!(figures[0]["figures"][0]["value"], 100.0);
}

#[test]
fn scores_names_by_who_bears_them() {
    let folder = Folder::new();
    let marked = "== a\n[P1 Rini Wulandari] ke [L1 Bogor]. [P1 Rini] pulang.\n";
    let gold = folder.file("names.txt", marked);
    let own = json(eval("entities").arg(&gold).args(["--against-method", "alone"]));
    assert_eq!((figure(&own[0], "B-cubed F1"), figure(&own[0], "mention F1")), (100.0, 100.0));
    assert_eq!(own[0]["figures"][0]["against"].as_f64().unwrap().round(), 80.0);
    let name =
        |start, end, cluster| serde_json::json!({"span": {"start": start, "end": end}, "cluster": cluster});
    let line =
        serde_json::json!({"entities": [name(0, 14, 0), name(18, 23, 1), name(25, 29, 1)]}).to_string();
    let other = folder.file("other.jsonl", &line);
    let against = json(eval("entities").arg(&gold).arg("--predictions").arg(&other));
    assert!(figure(&against[0], "B-cubed F1") < 100.0);
    eval("entities").arg(&gold).arg("--predictions").arg(folder.file("none.jsonl", "")).assert().code(3);
    // A model that would not be run is no model that was scored.
    let idle = eval("entities").arg(&gold).args(["--model", "./nirada"]).assert().code(3);
    idle.stderr(contains("--names gold takes those of the set"));
    let bad = folder.file("bad.txt", "== a\n[P1 Rini\n== b\n[P1 Budi] pulang.\n");
    eval("entities").arg(&bad).assert().code(3).stderr(contains("bad.txt:2"));
    eval("entities").arg(&bad).arg("--skip-bad").assert().success().stdout(contains("1 bad line"));
}
