//! Models that are run to be scored: tiny ones of random weights.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use intisari::store::file_sha256;
use predicates::str::contains;

use crate::{eval, json, Folder, GOLD};

fn family(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/families").join(name)
}

/// `intisari eval translation` with a model of two lines, on one thread.
fn translation(folder: &Folder) -> Command {
    let source = folder.file("a.id", "Hujan turun di Palu.\nHarga beras naik, kata Budi.\n");
    let reference = folder.file("a.en", "Rain fell in Palu.\nThe price of rice rose, Budi said.\n");
    let mut command = eval("translation");
    command.env("OMP_NUM_THREADS", "1").args([&source, &reference]).arg("--model").arg(family("marian"));
    command
}

#[test]
fn a_saved_run_goes_on_with_the_same_settings_only() {
    let folder = Folder::new();
    let saved = folder.path().join("saved.en");
    let with = |beams: &str| {
        let mut command = translation(&folder);
        command.args(["--beams", beams, "--save"]).arg(&saved);
        command
    };
    let first = json(&mut with("1"));
    assert_eq!(first[0]["system"], "marian, greedy");
    let run = std::fs::read_to_string(folder.path().join("saved.en.run")).unwrap();
    for part in [r#""beams":1"#, r#""precision":"f32""#, concat!("\"version\":\"", env!("CARGO_PKG_VERSION"))]
    {
        assert!(run.contains(part), "{part} is not in {run}");
    }
    assert_eq!(json(&mut with("1")), first);
    with("2").assert().code(3).stderr(contains("saved.en holds the predictions of another run"));
}

#[test]
fn figures_name_the_files_and_settings_of_the_model() {
    let folder = Folder::new();
    let saved = folder.path().join("saved.en");
    let evaluations = json(translation(&folder).arg("--save").arg(&saved));
    let model = &evaluations[0]["model"];
    assert_eq!((&model["id"], &evaluations[0]["system"]), (&"marian".into(), &"marian".into()));
    assert_eq!(model["options"]["precision"], "f32");
    let files = model["files"].as_array().unwrap();
    let weights = files.iter().find(|file| file["name"] == "model.safetensors").unwrap();
    let path = family("marian").join("model.safetensors");
    assert_eq!(weights["sha256"], file_sha256(&path).unwrap());
    assert_eq!(weights["bytes"], path.metadata().unwrap().len());
    assert!(files.iter().any(|file| file["name"] == "generation_config.json"), "{files:?}");

    // Other settings beside them, with the paired test.
    let mut other = translation(&folder);
    other.args(["--precision", "bf16", "--against"]).arg(&saved);
    let evaluations = json(&mut other);
    assert_eq!(
        (&evaluations[0]["system"], &evaluations[0]["against"]),
        (&"marian, bf16".into(), &"saved.en".into())
    );
    assert_eq!(evaluations[0]["model"]["options"]["precision"], "bf16");
    assert!(evaluations[0]["figures"][0]["comparison"]["p_value"].is_number());
}

#[test]
fn entities_of_a_model_to_compare_with_are_saved() {
    let folder = Folder::new();
    let (gold, saved) = (folder.file("gold.tsv", GOLD), folder.path().join("against.jsonl"));
    let scored = |other: &str| {
        let mut command = eval("ner");
        command.arg(&gold).arg("--predictions").arg(&gold).arg("--against").arg(family(other));
        command.env("OMP_NUM_THREADS", "1").arg("--save-against").arg(&saved);
        command
    };
    let first = json(&mut scored("ner/bert"));
    assert_eq!(first[0].get("model"), None, "what is scored is a file");
    let whole = std::fs::read_to_string(&saved).unwrap();
    assert_eq!(whole.lines().count(), 2);
    std::fs::write(&saved, whole.lines().next().unwrap()).unwrap();
    assert_eq!(json(&mut scored("ner/bert")), first);
    assert_eq!(std::fs::read_to_string(&saved).unwrap(), whole);
    scored("ner/electra").assert().code(3).stderr(contains("another run"));
}

#[test]
fn names_with_repeats_are_called_so() {
    let folder = Folder::new();
    let marked = folder.file("names.txt", "== a\n[P1 Rini Wulandari] ke [L1 Bogor]. [P1 Rini] pulang.\n");
    for (names, system) in
        [("found", "bert and built-in grouping"), ("repeated", "bert with repeats and built-in grouping")]
    {
        let mut command = eval("entities");
        command.arg(&marked).args(["--names", names, "--model"]).arg(family("ner/bert"));
        let evaluations = json(command.env("OMP_NUM_THREADS", "1"));
        assert_eq!(evaluations[0]["system"], system);
        assert_eq!(evaluations[0]["model"]["id"], "bert");
    }
}
