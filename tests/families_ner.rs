//! Published model folders of every family through the public API. The folders are tiny and random;
//! `tests/reference/ner_families.py` made them.

#![cfg(feature = "torch")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stderr)] // helpers fail and speak as tests do

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use intisari::document::Label;
use intisari::ner::BatchLimits;
use intisari::ner::Scheme;
use intisari::ner::WindowLimits;
use intisari::ner::{EncoderRecognizer, Recognition, RecognizerOptions};
use intisari::{Device, Error, Precision};
use serde_json::{json, Value};
use tch::{Kind, Tensor};
use tempfile::TempDir;

use common::lines::{assert_same, recognize, sentences};
#[cfg(feature = "cli")]
use common::program;

const FAMILIES: [&str; 10] = [
    "bert",
    "bert-eps",
    "roberta",
    "xlm-roberta",
    "distilbert",
    "electra",
    "albert",
    "deberta",
    "deberta-v2",
    "deberta-v3",
];

const ARTICLE: &str = "Wali Kota Bandung, Ratna Siregar, membuka Pasar Kosambi pada Senin (12/3).\n\
    “Ini milik warga,” kata Ratna 🙂 di Café Ｊａｋａｒｔａ.\r\n\n\
    PT Karya Rimba Persada dan Dinas Perdagangan Jawa Barat membangun jembatan di Surabaya, Depok dan Bogor.";

fn folder(family: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/families/ner").join(family)
}

/// A copy of a family's folder, to be changed.
fn copy(family: &str) -> TempDir {
    let to = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(folder(family)).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.path().join(entry.file_name())).unwrap();
    }
    to
}

fn change_json(path: &Path, change: impl FnOnce(&mut Value)) {
    let mut value: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    change(&mut value);
    fs::write(path, value.to_string()).unwrap();
}

fn change_weights(folder: &Path, change: impl Fn(&str, Tensor) -> Option<Tensor>) {
    let path = folder.join("model.safetensors");
    let stored = Tensor::read_safetensors(&path).unwrap();
    let changed: Vec<(String, Tensor)> = stored
        .into_iter()
        .filter_map(|(name, tensor)| Some((name.clone(), change(&name, tensor)?)))
        .collect();
    Tensor::write_safetensors(&changed, &path).unwrap();
}

#[test]
fn mentions_of_every_family_slice_the_article() {
    let (mut names, long) = (0, "Ratna di Kota Bandung, Surabaya dan Depok. ".repeat(8));
    let texts = [ARTICLE, "", "Budi", &long];
    for family in FAMILIES {
        let recognizer = EncoderRecognizer::load(&folder(family)).unwrap();
        let found = recognize(&recognizer, &texts);
        for (text, recognition) in texts.iter().zip(&found) {
            let sentences = sentences(text);
            let mut end = 0;
            for mention in &recognition.mentions {
                let inner = mention.span.of(text);
                assert!(!inner.is_empty() && inner == inner.trim(), "{family}: {inner:?}");
                assert!(end <= mention.span.start(), "{family}");
                assert!(sentences[mention.sentence].span.contains(mention.span), "{family}");
                assert!((0.0..=1.0).contains(&mention.score), "{family}");
                end = mention.span.end();
            }
            names += recognition
                .mentions
                .iter()
                .filter(|m| [Label::Per, Label::Loc, Label::Org].contains(&m.label))
                .count();
        }
        // One text at a time, or in batches that cut through the windows of a text.
        let alone: Vec<Recognition> =
            texts.iter().map(|text| recognize(&recognizer, &[text]).remove(0)).collect();
        assert_same(family, &found, &alone);
        let limits = BatchLimits { rows: 2, pieces: 100 };
        let small = EncoderRecognizer::load(&folder(family)).unwrap().with_batch(limits);
        assert_same(family, &found, &recognize(&small, &texts));
    }
    assert!(names > 50, "{names} names in all");
}

#[test]
fn windows_say_what_one_long_pass_says() {
    // Without what attention adds and without positions, a piece's label depends on the piece alone. So what differs
    // between windows and one pass would be a piece that is missing, doubled or in the wrong place.
    let local = copy("roberta");
    change_weights(local.path(), |name, tensor| {
        let off = name.contains("attention.output.dense") || name.contains("position_embeddings");
        Some(if off { tensor.zeros_like() } else { tensor })
    });
    let load = |pieces| {
        let limits = WindowLimits { pieces, sentences: 1 };
        EncoderRecognizer::load(local.path()).unwrap().with_window(limits)
    };
    let text = "Wali Kota Bandung Ratna Siregar dan Andi Wijaya ke Depok lalu ".repeat(7);
    let long = recognize(&load(510), &[&text]);
    assert!(long[0].mentions.len() > 10, "{:?}", long[0].mentions.len());
    for pieces in [2, 3, 20, 21, 254] {
        assert_same("roberta", &recognize(&load(pieces), &[&text]), &long);
    }
}

#[test]
fn all_formats_of_weights_say_the_same() {
    for family in ["bert", "deberta"] {
        let module = copy(family);
        let stored = Tensor::read_safetensors(module.path().join("model.safetensors")).unwrap();
        fs::remove_file(module.path().join("model.safetensors")).unwrap();
        let missing = EncoderRecognizer::load(module.path()).unwrap_err().to_string();
        assert!(missing.contains("model.safetensors is missing"), "{missing}");
        Tensor::save_multi(&stored, module.path().join("rust_model.ot")).unwrap();
        let found = recognize(&EncoderRecognizer::load(module.path()).unwrap(), &[ARTICLE]);
        assert_same(
            family,
            &found,
            &recognize(&EncoderRecognizer::load(&folder(family)).unwrap(), &[ARTICLE]),
        );
    }
}

#[test]
fn weights_stored_in_half_precision_are_read_into_full() {
    let module = copy("roberta");
    change_weights(module.path(), |_, tensor| Some(tensor.to_kind(Kind::Half)));
    let half = recognize(&EncoderRecognizer::load(module.path()).unwrap(), &[ARTICLE]);
    // What the numbers are after rounding, in full precision.
    change_weights(module.path(), |_, tensor| Some(tensor.to_kind(Kind::Float)));
    let full = recognize(&EncoderRecognizer::load(module.path()).unwrap(), &[ARTICLE]);
    assert!(full[0].mentions.len() > 5);
    assert_same("roberta", &half, &full);
}

#[test]
fn a_camembert_is_a_roberta() {
    let module = copy("xlm-roberta");
    change_json(&module.path().join("config.json"), |config| config["model_type"] = json!("camembert"));
    let found = recognize(&EncoderRecognizer::load(module.path()).unwrap(), &[ARTICLE]);
    let other = recognize(&EncoderRecognizer::load(&folder("xlm-roberta")).unwrap(), &[ARTICLE]);
    assert!(!other[0].mentions.is_empty());
    assert_same("camembert", &found, &other);
}

#[test]
fn the_caller_says_what_labels_mean() {
    let names = |options: &RecognizerOptions, family: &str| {
        let recognizer = EncoderRecognizer::load_with(&folder(family), options).unwrap();
        let left_out = recognizer.left_out().join(" ");
        (recognize(&recognizer, &[ARTICLE]).remove(0).mentions, left_out)
    };
    let usual = RecognizerOptions::default();
    let (found, left_out) = names(&usual, "roberta");
    assert_eq!(left_out, "MISC");
    assert!(found.iter().all(|mention| mention.label != Label::Evt));
    let told = RecognizerOptions {
        labels: [("loc".to_owned(), Some(Label::Evt)), ("misc".to_owned(), None)].into(),
        ..usual.clone()
    };
    let (found, left_out) = names(&told, "roberta");
    assert!(left_out.is_empty() && found.iter().any(|mention| mention.label == Label::Evt), "{found:?}");
    // A set with all labels is taken for IOB2 unless the caller knows better.
    let iob1 = RecognizerOptions { scheme: Scheme::Iob1, ..usual.clone() };
    assert_ne!(names(&iob1, "xlm-roberta"), names(&usual, "xlm-roberta"));
    let json = serde_json::to_value(&told).unwrap();
    assert_eq!(json["labels"], json!({ "loc": "EVT", "misc": null }));
    assert_eq!(serde_json::from_value::<RecognizerOptions>(json).unwrap(), told);
}

#[test]
fn a_threshold_leaves_out_what_has_a_lower_score() {
    let mentions = |threshold| {
        let options = RecognizerOptions { threshold, ..Default::default() };
        let recognizer = EncoderRecognizer::load_with(&folder("roberta"), &options)?;
        Ok::<_, intisari::Error>(recognize(&recognizer, &[ARTICLE]).remove(0).mentions)
    };
    let all = mentions(None).unwrap();
    assert_eq!(mentions(Some(0.0)).unwrap(), all);
    let mut scores: Vec<f32> =
        all.iter().filter(|found| found.value.is_none()).map(|found| found.score).collect();
    scores.sort_by(f32::total_cmp);
    let middle = scores[scores.len() / 2];
    assert!(scores[0] < middle, "{scores:?}");
    let kept = mentions(Some(middle)).unwrap();
    assert!(kept.iter().all(|found| found.score >= middle) && kept.len() < all.len());
    assert!(kept.iter().all(|found| all.contains(found)));
    for wrong in [1.5, -0.1, f32::NAN] {
        let error = mentions(Some(wrong)).unwrap_err();
        assert!(
            matches!(error, intisari::Error::Config { .. }) && error.to_string().contains("threshold"),
            "{error}"
        );
    }
}

#[test]
fn a_missing_device_is_an_error() {
    let options = RecognizerOptions { device: Device::Cuda(99), ..Default::default() };
    let error = EncoderRecognizer::load_with(&folder("bert"), &options).unwrap_err();
    assert!(matches!(error, Error::Config { .. }) && error.to_string().contains("cuda:99"), "{error}");
    // Families that run on libtorch know no int8.
    let options = RecognizerOptions { precision: Some(Precision::Int8), ..Default::default() };
    let error = EncoderRecognizer::load_with(&folder("electra"), &options).unwrap_err().to_string();
    assert!(error.contains("int8"), "{error}");
}

#[test]
fn what_does_not_fit_together_is_named_before_any_inference() {
    let check = |family: &str, change: &dyn Fn(&Path), expected: &[&str]| {
        let folder = copy(family);
        change(folder.path());
        let error = EncoderRecognizer::load(folder.path()).unwrap_err().to_string();
        assert!(expected.iter().all(|part| error.contains(part)), "{family}: {error}");
    };
    let config = |field: &'static str, value: Value| {
        move |folder: &Path| change_json(&folder.join("config.json"), |config| config[field] = value.clone())
    };
    let tokenizer =
        |change: fn(&mut Value)| move |folder: &Path| change_json(&folder.join("tokenizer.json"), change);

    // Shapes, label count, vocabulary.
    for family in FAMILIES {
        let weights = if family == "bert-eps" { "index.json" } else { "model.safetensors" };
        let labels = json!({ "0": "O", "1": "B-PER" });
        check(
            family,
            &config("id2label", labels),
            &[weights, "classifier.", "shape", "config.json asks for [2"],
        );
        check(family, &config("vocab_size", json!(3)), &["vocab_size in config.json is 3"]);
        check(family, &config("vocab_size", json!(999)), &[weights, "word_embeddings.weight", "999"]);
        let layers = if family == "distilbert" { "n_layers" } else { "num_hidden_layers" };
        if family != "albert" {
            check(family, &config(layers, json!(3)), &[weights, "layer.2.", "is missing"]);
        }
    }
    check("bert", &config("id2label", json!({})), &["config.json", "id2label"]);
    check("deberta-v3", &config("position_buckets", json!(20)), &["rel_embeddings.weight", "[40, 16]"]);
    check("deberta", &config("pos_att_type", json!("p2p")), &["config.json", "pos_att_type `p2p`"]);
    check("albert", &config("num_hidden_groups", json!(2)), &["config.json", "num_hidden_groups"]);
    check(
        "bert",
        &config("position_embedding_type", json!("relative_key")),
        &["config.json", "relative_key"],
    );
    check("electra", &config("layer_norm_eps", json!(1e-5)), &["config.json", "layer_norm_eps"]);
    check(
        "roberta",
        &config("max_position_embeddings", json!(5)),
        &["max_position_embeddings", "room for 3"],
    );

    // Special pieces.
    check(
        "roberta",
        &config("pad_token_id", json!(0)),
        &["tokenizer.json", "<pad> is piece 1", "pad_token_id"],
    );
    check("bert", &config("pad_token_id", json!(999)), &["config.json", "pad_token_id is 999"]);
    check(
        "albert",
        &tokenizer(|json| json["post_processor"] = Value::Null),
        &["tokenizer.json", "post_processor"],
    );
    check(
        "electra",
        &|folder| fs::write(folder.join("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\na\n").unwrap(),
        &["vocab.txt", "[SEP] is missing"],
    );

    // Formats.
    let replaced = |from: &'static str, to: &'static str| {
        move |folder: &Path| fs::rename(folder.join(from), folder.join(to)).unwrap()
    };
    let bin = replaced("model.safetensors", "pytorch_model.bin");
    check("bert", &bin, &["pytorch_model.bin", "weights_only=True"]);
    let parts = replaced("model.safetensors", "pytorch_model.bin.index.json");
    check("bert", &parts, &["pytorch_model.bin.index.json", "convert"]);
    let pieces = replaced("tokenizer.json", "sentencepiece.bpe.model");
    check("xlm-roberta", &pieces, &["sentencepiece.bpe.model", "save_pretrained"]);
    let lost = |folder: &Path| fs::remove_file(folder.join("model-00002-of-00003.safetensors")).unwrap();
    check("bert-eps", &lost, &["model-00002-of-00003.safetensors is missing", "index.json"]);
}

#[cfg(feature = "cli")]
mod command_line {
    use predicates::prelude::*;
    use predicates::str::contains;

    use super::*;

    fn intisari(args: &[&str], folder: &Path) -> assert_cmd::assert::Assert {
        let mut command = program::intisari();
        command.args(args).arg("--ner").arg(folder).write_stdin(ARTICLE).assert()
    }

    fn document(output: &[u8]) -> Value {
        serde_json::from_slice(output).unwrap()
    }

    #[test]
    fn a_folder_of_any_family_finds_entities() {
        for family in FAMILIES {
            let found = intisari(&["ner", "--quiet"], &folder(family)).success();
            let document = document(&found.get_output().stdout);
            assert!(!document["entities"].as_array().unwrap().is_empty(), "{family}");
            assert_eq!(document["provenance"]["stages"][2]["model"]["id"], family);
        }
    }

    #[test]
    fn types_that_are_not_known_are_named_and_can_be_mapped() {
        let usual =
            intisari(&["ner"], &folder("roberta")).success().stderr(contains("types MISC are left out"));
        let map = ["ner", "--ner-labels", "loc=evt,MISC=none", "--ner-scheme", "iob1"];
        let told = intisari(&map, &folder("roberta")).success().stderr("");
        let labels =
            |found: &assert_cmd::assert::Assert| document(&found.get_output().stdout)["entities"].to_string();
        assert!(!labels(&usual).contains("EVT") && labels(&told).contains("EVT"), "{}", labels(&told));
        let error = intisari(&["ner", "--ner-labels", "GEP=LOC"], &folder("roberta")).code(3);
        error.stderr(contains("config.json").and(contains("no type `GEP`")));
    }

    #[test]
    fn a_digest_takes_entities_from_a_folder() {
        let store = intisari::store::Store::open().unwrap();
        let base = store.model(intisari::store::TRANSLATOR_BASE).unwrap();
        if let Err(error) = store.locate(&base) {
            eprintln!("skipped: {error}");
            return;
        }
        let found = intisari(&["digest", "--fast", "--quiet"], &folder("deberta-v3")).success();
        let document = document(&found.get_output().stdout);
        assert!(!document["entities"].as_array().unwrap().is_empty());
        assert_eq!(document["provenance"]["stages"][2]["model"]["id"], "deberta-v3");
    }

    #[test]
    fn python_objects_are_refused_with_the_conversion() {
        let module = copy("bert");
        fs::rename(module.path().join("model.safetensors"), module.path().join("pytorch_model.bin")).unwrap();
        intisari(&["ner"], module.path())
            .code(3)
            .stderr(contains("pytorch_model.bin").and(contains("weights_only=True")));
    }
}
