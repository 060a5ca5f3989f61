//! `intisari models` as users run it: models of their own in a store of their own.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr)] // helpers fail and speak as tests do

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::program::{intisari, process};
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::{json, Value};

/// A folder for models, and one with things to add.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Place { folder: tempfile::tempdir().unwrap() }
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("models")
    }

    fn models(&self, args: &[&str]) -> assert_cmd::assert::Assert {
        let mut command = intisari();
        command
            .env("INTISARI_MODELS", self.home())
            .arg("models")
            .args(args)
            .current_dir(self.folder.path())
            .assert()
    }

    /// A folder as published: a recognizer of random looks, whole by all that can be told without running it.
    fn published(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().join(name);
        fs::create_dir_all(folder.join(".git")).unwrap();
        let config = json!({"model_type": "bert", "architectures": ["BertForTokenClassification"]});
        fs::write(folder.join("config.json"), config.to_string()).unwrap();
        fs::write(folder.join("vocab.txt"), "[UNK]\n").unwrap();
        fs::write(folder.join("model.safetensors"), safetensors(b"abcd")).unwrap();
        fs::write(folder.join("tf_model.h5"), "not kept").unwrap();
        folder
    }

    /// Names in the models folder, hidden ones too.
    fn kept(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.home())
            .map(|listing| listing.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect())
            .unwrap_or_default();
        names.retain(|name| name != ".lock");
        names.sort();
        names
    }

    fn listed(&self, name: &str) -> Value {
        // Exit code 1: the base weights of the translator need not be there.
        let output = self.models(&["list", "--json"]).get_output().stdout.clone();
        let lines = output.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        let mut records = lines.map(|line| serde_json::from_slice::<Value>(line).unwrap());
        records.find(|record| record["model"]["id"] == name).unwrap()
    }
}

/// A safetensors file with one tensor of bytes.
fn safetensors(data: &[u8]) -> Vec<u8> {
    let header =
        json!({"a": {"dtype": "U8", "shape": [data.len()], "data_offsets": [0, data.len()]}}).to_string();
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn no_model_takes_the_name_of_the_rules() {
    let place = Place::new();
    let folder = place.published("ner");
    for args in [&["add", "rules"][..], &["add", "--replace", "rules"]] {
        let refused = place.models(&[args, &[folder.to_str().unwrap()]].concat()).code(predicate::ne(0));
        refused.stderr(contains("`rules` stands for the rules, which need no model; choose another name"));
    }
    assert_eq!(place.kept(), Vec::<String>::new());
    place.models(&["add", "rules-2", folder.to_str().unwrap()]).success();
}

#[test]
fn built_in_models_are_listed_with_license_and_checksum() {
    let place = Place::new();
    for name in ["intisari-encoder", "intisari-translator", "gemma-3-270m-q4-k-m"] {
        let record = place.listed(name);
        assert!(!record["model"]["license"].as_str().unwrap().is_empty());
        assert_eq!(record["model"]["files"][0]["sha256"].as_str().unwrap().len(), 64);
        assert_eq!(record["added"], false);
    }
    place.models(&[]).stdout(contains("intisari-encoder\n  task     entities"));
    assert!(!place.home().exists(), "listing creates nothing");
}

#[test]
fn a_model_is_added_listed_verified_and_removed() {
    let place = Place::new();
    let source = place.published("tiny");
    place
        .models(&["add", "tiny", path(&source), "--licence", "mit", "--revision", "abc"])
        .success()
        .stdout(contains("tiny: entities (BertForTokenClassification)").and(contains("--ner tiny")));
    let record = place.listed("tiny");
    let files: Vec<&str> = record["model"]["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["name"].as_str().unwrap())
        .collect();
    assert_eq!(files, ["config.json", "model.safetensors", "vocab.txt"]);
    assert_eq!(record["model"]["license"], "mit");
    assert_eq!(record["model"]["revision"], "abc");
    assert_eq!(record["model"]["origin"], path(&source.canonicalize().unwrap()));
    assert_eq!(record["problem"], Value::Null);
    fs::remove_dir_all(source).unwrap();
    place.models(&["verify", "tiny"]).success().stdout(contains("ok       tiny: 3 files"));

    place.models(&["remove", "tiny"]).success();
    assert!(place.kept().is_empty());
    place
        .models(&["remove", "tiny"])
        .code(3)
        .stderr(contains("no model was added as `tiny`; none was added"));
}

#[test]
fn an_altered_or_missing_file_is_named() {
    let place = Place::new();
    let source = place.published("tiny");
    place.models(&["add", "tiny", path(&source)]).success();
    let weights = place.home().join("tiny/model.safetensors");
    fs::write(&weights, safetensors(b"abce")).unwrap();
    place.models(&["verify", "tiny"]).code(1).stdout(contains("model.safetensors has sha256"));
    fs::remove_file(&weights).unwrap();
    place.models(&["verify", "tiny"]).code(1).stdout(contains("model.safetensors is missing"));
    assert!(place.listed("tiny")["problem"].as_str().unwrap().contains("--replace"));
    place.models(&["add", "tiny", path(&source), "--replace"]).success();
    place.models(&["verify", "tiny"]).success();
}

#[test]
fn a_taken_name_is_refused_unless_it_is_to_be_replaced() {
    let place = Place::new();
    let (first, second) = (place.published("first"), place.published("second"));
    fs::write(second.join("model.safetensors"), safetensors(b"efgh")).unwrap();
    place.models(&["add", "tiny", path(&first)]).success();
    place.models(&["add", "tiny", path(&second)]).code(3).stderr(contains("--replace"));
    let weights = place.home().join("tiny/model.safetensors");
    assert_eq!(fs::read(&weights).unwrap(), safetensors(b"abcd"));
    place.models(&["add", "tiny", path(&second), "--replace"]).success();
    assert_eq!(fs::read(&weights).unwrap(), safetensors(b"efgh"));
    assert_eq!(place.kept(), ["tiny"], "nothing is left of the old one");
}

#[test]
fn names_of_built_in_models_and_of_strange_folders_are_refused() {
    let place = Place::new();
    let source = place.published("tiny");
    for name in ["intisari-encoder", "encoder", "gemma-3-270m", "../tiny", "a/b", ".hidden"] {
        place.models(&["add", name, path(&source), "--replace"]).code(3);
    }
    // A folder that somebody put there by hand is neither replaced nor removed.
    let own = place.home().join("own");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("config.json"), "{}").unwrap();
    place
        .models(&["add", "own", path(&source), "--replace"])
        .code(3)
        .stderr(contains("not added by intisari"));
    place.models(&["remove", "own"]).code(3);
    assert_eq!(place.kept(), ["own"]);
}

#[test]
fn what_is_no_model_is_refused_with_the_file_and_what_to_do() {
    type Spoil = fn(&Path);
    let cases: [(&str, Spoil, &str, &str); 9] = [
        (
            "no-config",
            |f| fs::remove_file(f.join("config.json")).unwrap(),
            "config.json is missing",
            "model hub",
        ),
        (
            "no-weights",
            |f| fs::remove_file(f.join("model.safetensors")).unwrap(),
            "model.safetensors",
            "weights",
        ),
        (
            "no-tokenizer",
            |f| fs::remove_file(f.join("vocab.txt")).unwrap(),
            "tokenizer.json is missing",
            "vocab.txt",
        ),
        ("not-json", |f| fs::write(f.join("config.json"), "{\"a\"").unwrap(), "config.json", "published"),
        ("no-type", |f| fs::write(f.join("config.json"), "{}").unwrap(), "config.json", "model_type"),
        (
            "cut",
            |f| fs::write(f.join("model.safetensors"), &safetensors(b"abcd")[..64]).unwrap(),
            "model.safetensors",
            "fetch it again",
        ),
        (
            "pointer",
            |f| {
                fs::write(f.join("model.safetensors"), "version https://git-lfs.github.com/spec/v1\n")
                    .unwrap()
            },
            "model.safetensors",
            "git lfs pull",
        ),
        (
            "pickle",
            |f| fs::rename(f.join("model.safetensors"), f.join("pytorch_model.bin")).unwrap(),
            "pytorch_model.bin: it holds Python objects",
            "save_file(",
        ),
        (
            "shards",
            |f| {
                fs::rename(f.join("model.safetensors"), f.join("model-00001-of-00002.safetensors")).unwrap();
                let map = json!({"weight_map": {
                    "a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}});
                fs::write(f.join("model.safetensors.index.json"), map.to_string()).unwrap();
            },
            "model-00002-of-00002.safetensors is missing",
            "index.json names it",
        ),
    ];
    let place = Place::new();
    for (name, spoil, file, fix) in cases {
        let source = place.published(name);
        spoil(&source);
        place.models(&["add", name, path(&source)]).code(3).stderr(contains(file).and(contains(fix)));
    }
    place.models(&["add", "none", "nowhere"]).code(3).stderr(contains("there is no folder nowhere"));
    assert!(place.kept().is_empty());
}

#[test]
fn the_task_is_guessed_or_asked_for() {
    let place = Place::new();
    let source = place.published("five");
    let config = json!({"model_type": "t5", "architectures": ["T5ForConditionalGeneration"]});
    fs::write(source.join("config.json"), config.to_string()).unwrap();
    place.models(&["add", "five", path(&source)]).code(3).stderr(contains("--task"));
    place.models(&["add", "five", path(&source), "--task", "cooking"]).code(2).stderr(contains("summary"));
    place
        .models(&["add", "five", path(&source), "--task", "summary"])
        .success()
        .stdout(contains("--summarizer five"));
    fs::write(source.join("README.md"), "---\npipeline_tag: translation\n---\n").unwrap();
    place
        .models(&["add", "five", path(&source), "--replace"])
        .success()
        .stdout(contains("--translator five"));
}

#[test]
fn a_non_commercial_licence_is_called_by_its_name() {
    let place = Place::new();
    let source = place.published("nllb");
    fs::write(source.join("README.md"), "---\nlicense: cc-by-nc-4.0\n---\n# A model\n").unwrap();
    place.models(&["add", "nllb", path(&source)]).success().stderr(contains("forbids commercial use"));
    place.models(&["list"]).stdout(contains("licence  cc-by-nc-4.0 (non-commercial use only)"));
    assert_eq!(place.listed("nllb")["non_commercial"], true);
    let plain = place.published("plain");
    place.models(&["add", "plain", path(&plain)]).success().stderr(contains("states no licence"));
    assert_eq!(place.listed("plain")["model"]["license"], "unknown");
}

#[cfg(unix)]
#[test]
fn links_of_a_hub_cache_are_followed_and_hard_links_are_made_on_request() {
    use std::os::unix::fs::{symlink, MetadataExt};
    let place = Place::new();
    let source = place.published("snapshot");
    let blob = place.folder.path().join("blob");
    fs::rename(source.join("model.safetensors"), &blob).unwrap();
    symlink(&blob, source.join("model.safetensors")).unwrap();
    place.models(&["add", "copied", path(&source)]).success();
    place.models(&["add", "linked", path(&source), "--link"]).success();
    let inode = |name: &str| fs::symlink_metadata(place.home().join(name).join("model.safetensors")).unwrap();
    assert!(inode("copied").is_file() && inode("linked").is_file());
    assert_eq!(inode("linked").ino(), fs::metadata(&blob).unwrap().ino());
    assert_ne!(inode("copied").ino(), fs::metadata(&blob).unwrap().ino());
}

#[test]
fn a_damaged_entry_is_shown_and_can_be_removed() {
    let place = Place::new();
    let source = place.published("tiny");
    place.models(&["add", "tiny", path(&source)]).success();
    fs::write(place.home().join("tiny/intisari.json"), "{").unwrap();
    place.models(&["list"]).code(1).stdout(contains("PROBLEM").and(contains("models remove tiny")));
    place.models(&["remove", "tiny"]).success();
}

#[test]
fn adding_at_the_same_time_leaves_one_whole_model() {
    let place = Place::new();
    let sources: Vec<PathBuf> = (0..6)
        .map(|number| {
            let source = place.published(&format!("source-{number}"));
            fs::write(source.join("model.safetensors"), safetensors(&vec![number; 200_000])).unwrap();
            source
        })
        .collect();
    // What a killed process has left is swept away.
    let unfinished = place.home().join(".unfinished-dead/tiny");
    fs::create_dir_all(unfinished.parent().unwrap()).unwrap();
    fs::rename(place.published("tiny"), &unfinished).unwrap();
    fs::write(unfinished.join("intisari.json"), "{}").unwrap();
    place.models(&["list"]).stdout(contains("tiny").not().and(contains("dead").not()));
    let children: Vec<std::process::Child> = sources
        .iter()
        .map(|source| {
            process()
                .env("INTISARI_MODELS", place.home())
                .args(["models", "add", "tiny", path(source)])
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let outputs: Vec<std::process::Output> =
        children.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    assert_eq!(outputs.iter().filter(|output| output.status.success()).count(), 1);
    for output in outputs.iter().filter(|output| !output.status.success()) {
        assert!(String::from_utf8_lossy(&output.stderr).contains("there is a model `tiny` already"));
    }
    place.models(&["verify", "tiny"]).success();
    assert_eq!(place.kept(), ["tiny"]);
}

#[test]
fn an_adapter_for_the_built_in_translator_is_a_translator() {
    let place = Place::new();
    let source = place.folder.path().join("adapter");
    fs::create_dir(&source).unwrap();
    for name in ["adapter_config.json", "tokenizer.json"] {
        fs::write(source.join(name), "{}").unwrap();
    }
    fs::write(source.join("adapter_model.safetensors"), safetensors(b"a")).unwrap();
    place
        .models(&["add", "mine", path(&source)])
        .code(3)
        .stderr(contains("kept_ids.json").and(contains("merged")));
    fs::write(source.join("kept_ids.json"), "[0]").unwrap();
    place.models(&["add", "mine", path(&source)]).success().stdout(contains("translation (an adapter)"));
}

#[cfg(not(feature = "remote"))]
#[test]
fn fetching_needs_its_feature_and_says_how_else() {
    let place = Place::new();
    place
        .models(&["fetch", "tester/tiny@main"])
        .code(3)
        .stderr(contains("--features remote").and(contains("intisari models add tiny DIR")));
}

/// What is wrong with a model is said before anything is loaded, also by a binary without models.
#[test]
fn a_stage_takes_a_model_by_name_or_folder() {
    let place = Place::new();
    let source = place.published("tiny");
    place.models(&["add", "tiny", path(&source)]).success();
    let stage = |args: &[&str]| {
        let mut command = intisari();
        command.env("INTISARI_MODELS", place.home()).current_dir(place.folder.path()).args(args);
        command.write_stdin("Hujan turun di Bogor.").assert()
    };
    stage(&["ner", "--ner", "small"])
        .code(3)
        .stderr(contains("no model and no folder `small`").and(contains("intisari-encoder, tiny")));
    stage(&["ner", "--ner", "./small"]).code(3).stderr(contains("`./small`"));
    // With models, the encoder is loaded before.
    if cfg!(not(feature = "torch")) {
        stage(&["digest", "--translator", "tiny"])
            .code(3)
            .stderr(contains("`tiny` is for entities, not for translation"));
        stage(&["summarize", "--summarizer", "tiny"])
            .code(3)
            .stderr(contains("`tiny` is for entities, not for summary"));
        stage(&["translate", "--translator", "./tiny"])
            .code(3)
            .stderr(contains("holds a model for entities"));
    }
    stage(&["ner", "--ner", "./models"]).code(3).stderr(contains("config.json is missing"));
    stage(&["ner", "--ner", "intisari-translator"]).code(3).stderr(contains("is for translation"));
    // An altered file is found before it is read.
    fs::write(place.home().join("tiny/model.safetensors"), safetensors(b"abce")).unwrap();
    stage(&["ner", "--ner", "tiny"]).code(3).stderr(contains("model.safetensors has sha256"));
    stage(&["ner", "--ner", path(&place.home().join("tiny"))]).code(3).stderr(contains("has sha256").not());
    let gold = place.folder.path().join("gold.tsv");
    fs::write(&gold, "Bogor\tB-LOC\n\n").unwrap();
    stage(&["eval", "ner", path(&gold), "--model", "small"]).code(3).stderr(contains("no folder `small`"));
}

/// Reading all weights again at every start takes seconds.
#[test]
fn a_folder_that_was_not_added_is_not_read_in_full_again() {
    let place = Place::new();
    let source = place.published("tiny");
    for file in ["config.json", "vocab.txt", "model.safetensors"] {
        let file = fs::File::options().write(true).open(source.join(file)).unwrap();
        file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(60)).unwrap();
    }
    let cache = place.folder.path().join("cache");
    let mut command = intisari();
    command.env("INTISARI_MODELS", place.home()).env("INTISARI_CACHE", &cache);
    // These weights are those of no network.
    command.args(["ner", "--ner", path(&source)]).write_stdin("Hujan.").assert().code(3);
    let known = fs::read_to_string(cache.join("checksums.json")).unwrap();
    assert!(known.contains("model.safetensors"), "{known}");
}

#[test]
fn options_of_models_belong_to_the_commands_that_have_them() {
    let intisari = |args: &[&str]| intisari().args(args).write_stdin("").assert();
    intisari(&["split", "--ner", "x"]).code(2);
    intisari(&["ner", "--translator", "x"]).code(2);
    intisari(&["ner", "--device", "gpu"]).code(2).stderr(contains("write cpu, cuda:0"));
    intisari(&["ner", "--precision", "ner=fp16"]).code(2).stderr(contains("write f32, bf16, f16 or int8"));
    intisari(&["ner", "--device", "translator=cpu"]).code(2).stderr(contains("no stage `translator`"));
    for args in [["--fast", "--summarizer", "x"].as_slice(), &["--sentences", "2", "--summarizer", "x"]] {
        intisari(&[&["digest"], args].concat()).code(2).stderr(contains("cannot be used with"));
    }
    intisari(&["digest", "--device", "summarizer=cpu"]).code(2).stderr(contains("--summarizer"));
    intisari(&["translate", "--summarizer", "x"]).code(2);
    for beams in ["ner=2", "ner=2,1"] {
        intisari(&["digest", "--beams", beams]).code(2).stderr(contains("leave `ner=…` out of --beams"));
    }
    intisari(&["digest", "--help"]).success().stdout(contains("translator=cuda:0,cpu"));
}

#[cfg(feature = "torch")]
mod with_torch {
    use super::*;

    const TEXT: &str = "Presiden Joko Widodo meresmikan jembatan di Palangka Raya, Senin (3/3/2025).";

    fn repository(folder: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
    }

    fn run(place: &Place, args: &[&str]) -> assert_cmd::assert::Assert {
        let mut command = intisari();
        command.env("INTISARI_MODELS", place.home()).current_dir(env!("CARGO_MANIFEST_DIR"));
        command.args(args).write_stdin(TEXT).assert()
    }

    fn document(place: &Place, args: &[&str]) -> (Value, String) {
        let output = run(place, args).success().get_output().clone();
        (serde_json::from_slice(&output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    }

    /// The models of a document in the order of their stages.
    fn models(document: &Value) -> Vec<Value> {
        let stages = document["provenance"]["stages"].as_array().unwrap();
        stages.iter().map(|stage| stage["model"].clone()).filter(|model| !model.is_null()).collect()
    }

    #[test]
    fn a_recognizer_from_the_store_or_a_folder_does_the_work_and_is_named_in_results() {
        let place = Place::new();
        let encoder = repository("models/encoder");
        place.models(&["add", "mine", path(&encoder), "--licence", "cc-by-nc-4.0"]).success();
        let (mine, said) = document(&place, &["ner", "--ner", "mine"]);
        assert!(said.contains("`mine` is for non-commercial use only"), "{said}");
        let (folder, said) = document(&place, &["ner", "--ner", "models/encoder", "--device", "ner=cpu"]);
        assert_eq!(said, "");
        let built_in = document(&place, &["ner"]).0;
        assert!(!built_in["entities"].as_array().unwrap().is_empty());
        assert_eq!(mine["entities"], built_in["entities"]);
        assert_eq!(folder["entities"], built_in["entities"]);
        let by = |document: &Value| models(document).remove(0);
        assert_eq!(by(&built_in)["id"], "intisari-encoder");
        assert_eq!(by(&mine)["id"], "mine");
        assert_eq!(by(&mine)["license"], "cc-by-nc-4.0 (non-commercial use only)");
        assert_eq!(by(&folder)["id"], "encoder");
    }

    #[test]
    fn a_device_that_is_not_there_and_a_precision_that_does_not_suit_are_errors() {
        let place = Place::new();
        run(&place, &["ner", "--device", "cuda:99"]).code(3).stderr(contains("cuda:99"));
        run(&place, &["translate", "--precision", "bf16"]).code(3).stderr(contains("bf16"));
    }

    #[test]
    fn a_translator_and_a_summarizer_from_the_store_or_folders_work_in_a_digest() {
        let place = Place::new();
        let five = repository("tests/data/families/t5");
        place.models(&["add", "five", path(&five), "--task", "summary"]).success();
        let families = "tests/data/families";
        let translator = ["digest", "--translator", &format!("{families}/marian")];
        for (summarizer, named) in [("five", "five"), (&*format!("{families}/bart"), "bart")] {
            let args = ["--summarizer", summarizer, "--device", "summarizer=cpu,cpu", "--threads", "1"];
            let (found, said) = document(&place, &[&translator[..], &args].concat());
            assert_eq!(said, "");
            assert!(!found["translation"][0]["text"].as_str().unwrap().is_empty());
            assert_eq!(found["summary"]["language"], "en");
            let models = models(&found);
            let models: Vec<&str> = models.iter().map(|model| model["id"].as_str().unwrap()).collect();
            assert_eq!(models, ["intisari-encoder", "marian", named]);
        }
    }

    #[test]
    fn an_adapter_from_the_store_translates() {
        let place = Place::new();
        let store = intisari::store::Store::open().unwrap();
        let base = store.model(intisari::store::TRANSLATOR_BASE).unwrap();
        if let Err(error) = store.locate(&base) {
            eprintln!("skipped: {error}");
            return;
        }
        place.models(&["add", "mine", path(&repository("models/translator"))]).success();
        let mine = document(&place, &["translate", "--translator", "mine"]).0;
        let english = mine["translation"][0]["text"].as_str().unwrap();
        assert!(english.contains("Palangka Raya"), "{english}");
        assert_eq!(models(&mine).pop().unwrap()["id"], "mine");
    }
}

/// An entry that the system will not show is a problem of that model, not a model less.
#[cfg(unix)]
#[test]
fn an_entry_that_cannot_be_looked_at_is_told() {
    let place = Place::new();
    let folder = place.home().join("tertutup");
    fs::create_dir_all(&folder).unwrap();
    // Leads to itself, so that not even an administrator can follow it.
    std::os::unix::fs::symlink("intisari.json", folder.join("intisari.json")).unwrap();
    place.models(&["list"]).code(1).stdout(contains("tertutup"));
    place.models(&["verify"]).code(1).stdout(contains("PROBLEM").and(contains("tertutup")));
}
