//! What is wrong with rust-bert's pipeline for entities, which is not used here; see `docs/rust-bert-notes.md`.

use std::fs;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use rust_bert::pipelines::common::{ModelResource, ModelType};
use rust_bert::pipelines::ner::NERModel;
use rust_bert::pipelines::token_classification::{
    LabelAggregationOption, TokenClassificationConfig, TokenClassificationModel,
};
use rust_bert::resources::LocalResource;
use tch::Device;

fn folder(family: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/families/ner").join(family)
}

fn resource(path: PathBuf) -> Box<LocalResource> {
    Box::new(LocalResource { local_path: path })
}

fn config(kind: ModelType, family: &str, batch: usize) -> TokenClassificationConfig {
    TokenClassificationConfig {
        model_type: kind,
        model_resource: ModelResource::Torch(resource(folder(family).join("model.safetensors"))),
        config_resource: resource(folder(family).join("config.json")),
        vocab_resource: resource(folder(family).join("vocab.txt")),
        merges_resource: None,
        lower_case: family == "bert",
        strip_accents: None,
        add_prefix_space: None,
        device: Device::Cpu,
        kind: None,
        label_aggregation_function: LabelAggregationOption::First,
        batch_size: batch,
    }
}

#[test]
fn pieces_behind_the_first_batch_are_taken_for_those_of_other_inputs() {
    let inputs = ["Budi ke Bandung.", "Sari di Kota Bogor."];
    let pieces = |batch| {
        let model = TokenClassificationModel::new(config(ModelType::Bert, "bert", batch)).unwrap();
        let found = model.predict(&inputs, false, false);
        found.iter().map(Vec::len).collect::<Vec<_>>()
    };
    let together = pieces(2);
    assert!(together.iter().all(|&pieces| pieces > 0), "{together:?}");
    let apart = pieces(1);
    assert_eq!(apart, [2 * together[0], 0], "{together:?}");
}

#[test]
fn the_text_of_an_entity_is_joined_with_blanks() {
    let model = NERModel::new(config(ModelType::Bert, "bert", 8)).unwrap();
    let text = "Anak-anak (Budi/Sari), Wali-Kota Bandung: \u{201c}Ratna-Siregar\u{201d}; Jawa-Barat.";
    let found = model.predict_full_entities(&[text]).remove(0);
    assert!(found.iter().any(|entity| !text.contains(&entity.word)), "{found:?}");
}

#[test]
fn labels_of_plain_types_end_in_a_panic() {
    let text = fs::read_to_string(folder("bert").join("config.json")).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(&file, text.replace("\"B-", "\"").replace("\"I-", "\"")).unwrap();
    let changed = TokenClassificationConfig {
        config_resource: resource(file.path().to_owned()),
        ..config(ModelType::Bert, "bert", 8)
    };
    let model = NERModel::new(changed).unwrap();
    let inputs = ["Budi dan Sari dari Jakarta ke Surabaya."];
    assert!(model.predict(&inputs).iter().flatten().any(|entity| entity.label == "LOC"));
    assert!(catch_unwind(AssertUnwindSafe(|| model.predict_full_entities(&inputs))).is_err());
}

#[test]
fn windows_of_roberta_are_longer_than_its_positions() {
    // Byte pairs in the two files that rust-bert reads.
    let text = fs::read_to_string(folder("roberta").join("tokenizer.json")).unwrap();
    let tokenizer: serde_json::Value = serde_json::from_str(&text).unwrap();
    let merges: Vec<String> = tokenizer["model"]["merges"].as_array().unwrap().iter().map(merge).collect();
    let files = tempfile::tempdir().unwrap();
    let (vocabulary, pairs) = (files.path().join("vocab.json"), files.path().join("merges.txt"));
    fs::write(&vocabulary, tokenizer["model"]["vocab"].to_string()).unwrap();
    fs::write(&pairs, format!("#version: 0.2\n{}\n", merges.join("\n"))).unwrap();
    let model = TokenClassificationModel::new(TokenClassificationConfig {
        vocab_resource: resource(vocabulary),
        merges_resource: Some(resource(pairs)),
        ..config(ModelType::Roberta, "roberta", 8)
    })
    .unwrap();
    let run = |pieces: usize| {
        let text = "?".repeat(pieces);
        catch_unwind(AssertUnwindSafe(|| model.predict(&[text], false, false).remove(0).len()))
    };
    assert_eq!(run(510).unwrap(), 510);
    assert!(run(511).is_err());
}

/// A merge as `merges.txt` has it.
fn merge(pair: &serde_json::Value) -> String {
    match pair.as_array() {
        Some(parts) => parts.iter().filter_map(|part| part.as_str()).collect::<Vec<_>>().join(" "),
        None => pair.as_str().unwrap_or_default().to_owned(),
    }
}
