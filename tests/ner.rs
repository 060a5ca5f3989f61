//! Entity recognition through the public API, with a tiny encoder of random weights made here.

#![cfg(feature = "native")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)] // helpers of tests fail as tests do

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use intisari::ner::BatchLimits;
use intisari::ner::WindowLimits;
use intisari::ner::{group, EncoderRecognizer, EntityRecognizer, SentencedText};
use intisari::{Error, Progress};
use proptest::prelude::*;
use safetensors::tensor::{serialize_to_file, Dtype, TensorView};
use serde_json::{json, Value};
use tempfile::TempDir;

use common::lines::{assert_same, recognize, sentences};

const HIDDEN: usize = 8;
const LAYERS: usize = 2;
const LABELS: [&str; 7] = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG"];
const PIECES: [&str; 12] = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁B", "udi", "▁di", "▁Kota", ".", "a", "i"];

/// A model folder, to be broken by tests before it is loaded.
struct Tiny {
    folder: TempDir,
    config: Value,
    tensors: BTreeMap<String, (Vec<usize>, Vec<f32>)>,
}

impl Tiny {
    fn new() -> Self {
        let labels: BTreeMap<String, &str> = (0..).map(|id: usize| id.to_string()).zip(LABELS).collect();
        let config = json!({
            "model_type": "bert", "vocab_size": PIECES.len(), "hidden_size": HIDDEN, "num_hidden_layers": LAYERS,
            "num_attention_heads": 2, "intermediate_size": 16, "hidden_act": "gelu", "max_position_embeddings": 24,
            "type_vocab_size": 2, "layer_norm_eps": 1e-12, "pad_token_id": 1, "id2label": labels,
            "intisari": { "window_pieces": 22, "window_sentences": 4 },
        });
        let mut tiny = Tiny { folder: tempfile::tempdir().unwrap(), config, tensors: BTreeMap::new() };
        tiny.add("bert.embeddings.word_embeddings.weight", &[PIECES.len(), HIDDEN]);
        tiny.add("bert.embeddings.position_embeddings.weight", &[24, HIDDEN]);
        tiny.add("bert.embeddings.token_type_embeddings.weight", &[2, HIDDEN]);
        tiny.norm("bert.embeddings.LayerNorm", HIDDEN);
        for layer in 0..LAYERS {
            let name = |part: &str| format!("bert.encoder.layer.{layer}.{part}");
            for part in [
                "attention.self.query",
                "attention.self.key",
                "attention.self.value",
                "attention.output.dense",
            ] {
                tiny.linear(&name(part), HIDDEN, HIDDEN);
            }
            tiny.linear(&name("intermediate.dense"), HIDDEN, 16);
            tiny.linear(&name("output.dense"), 16, HIDDEN);
            tiny.norm(&name("attention.output.LayerNorm"), HIDDEN);
            tiny.norm(&name("output.LayerNorm"), HIDDEN);
        }
        tiny.linear("classifier", HIDDEN, LABELS.len());
        tiny
    }

    fn with_salience(mut self) -> Self {
        self.linear("salience.project", HIDDEN, 8);
        self.linear("salience.feature", 4, 8);
        self.add("salience.place.weight", &[3, 8]);
        for part in ["query", "key", "value", "mix"] {
            self.linear(&format!("salience.block.0.{part}"), 8, 8);
        }
        self.linear("salience.block.0.inner", 8, 12);
        self.linear("salience.block.0.outer", 12, 8);
        self.norm("salience.block.0.mix_norm", 8);
        self.norm("salience.block.0.inner_norm", 8);
        self.linear("salience.score", 8, 1);
        self
    }

    /// Numbers that look random and are the same on every machine.
    fn add(&mut self, name: &str, shape: &[usize]) {
        let mut state =
            name.bytes().fold(7u32, |state, byte| state.wrapping_mul(31).wrapping_add(byte.into()));
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        let values = (0..shape.iter().product()).map(|_| next()).collect();
        self.tensors.insert(name.to_owned(), (shape.to_vec(), values));
    }

    fn linear(&mut self, name: &str, inputs: usize, outputs: usize) {
        self.add(&format!("{name}.weight"), &[outputs, inputs]);
        self.add(&format!("{name}.bias"), &[outputs]);
    }

    fn norm(&mut self, name: &str, size: usize) {
        self.tensors.insert(format!("{name}.weight"), (vec![size], vec![1.0; size]));
        self.tensors.insert(format!("{name}.bias"), (vec![size], vec![0.0; size]));
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self) -> &Self {
        let bytes = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        let data: Vec<_> =
            self.tensors.iter().map(|(n, (shape, values))| (n, shape.clone(), bytes(values))).collect();
        let views: Vec<_> = data
            .iter()
            .map(|(n, shape, bytes)| (*n, TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap()))
            .collect();
        serialize_to_file(views, None, &self.path().join("model.safetensors")).unwrap();
        self.write_rest()
    }

    /// Matrices of the encoder as 8-bit rows with scales; the float tensors become what these stand for.
    fn write_packed(&mut self) -> &Self {
        let mut data: Vec<(String, Dtype, Vec<usize>, Vec<u8>)> = Vec::new();
        for (name, (shape, values)) in &mut self.tensors {
            if !(name.starts_with("bert.") && shape.len() == 2) {
                let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
                data.push((name.clone(), Dtype::F32, shape.clone(), bytes));
                continue;
            }
            let (mut scales, mut stored) = (Vec::new(), Vec::new());
            for row in values.chunks_mut(shape[1]) {
                let scale = row.iter().fold(0f32, |most, value| most.max(value.abs())) / 127.0;
                scales.extend(scale.to_le_bytes());
                for value in row {
                    let rounded = (*value / scale).round();
                    stored.extend((rounded as i8).to_le_bytes());
                    *value = rounded * scale;
                }
            }
            data.push((name.clone(), Dtype::I8, shape.clone(), stored));
            data.push((format!("{name}.scale"), Dtype::F32, vec![shape[0]], scales));
        }
        let views = data
            .iter()
            .map(|(n, kind, shape, bytes)| (n, TensorView::new(*kind, shape.clone(), bytes).unwrap()));
        serialize_to_file(views, None, &self.path().join("model.safetensors")).unwrap();
        self.write_rest()
    }

    fn write_rest(&self) -> &Self {
        let scored: Vec<(&str, f64)> =
            PIECES.iter().map(|&piece| (piece, -(piece.len() as f64).recip())).collect();
        let special = |id: usize| {
            json!({
                "id": id, "content": PIECES[id], "single_word": false, "lstrip": false, "rstrip": false,
                "normalized": false, "special": true,
            })
        };
        let template = |id: usize| json!({ "SpecialToken": { "id": PIECES[id], "type_id": 0 } });
        let named = |id: usize| json!({ "id": PIECES[id], "ids": [id], "tokens": [PIECES[id]] });
        let single = json!([template(0), { "Sequence": { "id": "A", "type_id": 0 } }, template(2)]);
        let tokenizer = json!({
            "version": "1.0", "truncation": { "max_length": 4, "strategy": "LongestFirst", "stride": 0, "direction": "Right" },
            "padding": null, "added_tokens": [special(0), special(1), special(2), special(3)],
            "normalizer": { "type": "NFKC" },
            "pre_tokenizer": { "type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true },
            "post_processor": {
                "type": "TemplateProcessing", "single": single, "pair": single,
                "special_tokens": { "<s>": named(0), "</s>": named(2) },
            },
            "decoder": null,
            "model": { "type": "Unigram", "unk_id": 3, "vocab": scored, "byte_fallback": false },
        });
        fs::write(self.path().join("tokenizer.json"), tokenizer.to_string()).unwrap();
        fs::write(self.path().join("config.json"), self.config.to_string()).unwrap();
        self
    }

    fn load(&self) -> EncoderRecognizer {
        EncoderRecognizer::load(self.write().path()).unwrap()
    }

    fn error(&self) -> String {
        EncoderRecognizer::load(self.write().path()).unwrap_err().to_string()
    }
}

const TEXTS: [&str; 4] = [
    "Budi di Kota Badi.\nKota itu. Budi, Adi.\n(Budi) \"Kota\" Didi Budi Kota di.\nia",
    "",
    "Bibi",
    "Kota Budi Badi di Kota ai ia Budi. Badi Kota Budi ia di Kota Bai Bia Dia di Budi Kota.",
];

#[test]
fn a_batch_gives_what_single_texts_give() {
    for limits in
        [BatchLimits::default(), BatchLimits { rows: 1, pieces: 1 }, BatchLimits { rows: 2, pieces: 40 }]
    {
        let recognizer = Tiny::new().with_salience().load().with_batch(limits);
        let together = recognize(&recognizer, &TEXTS);
        assert!(together.iter().map(|found| found.mentions.len()).sum::<usize>() > 0);
        for (text, found) in TEXTS.iter().zip(&together) {
            assert_same(text, std::slice::from_ref(found), &recognize(&recognizer, &[text]));
        }
    }
}

#[test]
fn each_sentence_has_a_salience_where_the_model_has_such_a_head() {
    let found = recognize(&Tiny::new().with_salience().load(), &TEXTS);
    let counts: Vec<usize> = found.iter().map(|found| found.salience.as_ref().unwrap().len()).collect();
    assert_eq!(counts, [4, 0, 1, 1]);
    assert!(found.iter().flat_map(|found| found.salience.as_ref().unwrap()).all(|score| score.is_finite()));
    assert!(recognize(&Tiny::new().load(), &TEXTS).iter().all(|found| found.salience.is_none()));
}

#[test]
fn eight_bit_rows_give_what_their_floats_give() {
    let mut tiny = Tiny::new().with_salience();
    tiny.write_packed();
    let packed = recognize(&EncoderRecognizer::load(tiny.path()).unwrap(), &TEXTS);
    let floats = recognize(&tiny.load(), &TEXTS);
    assert_same("packed", &packed, &floats);
}

#[test]
fn a_sentence_of_any_length_is_labeled_throughout() {
    // Windows hold 22 pieces; every word is one or two.
    let recognizer = Tiny::new().load();
    for words in [1, 10, 11, 12, 21, 22, 23, 24, 500] {
        let text = "Budi ".repeat(words);
        let found = &recognize(&recognizer, &[&text])[0];
        for mention in &found.mentions {
            assert!(
                mention.span.of(&text).split(' ').all(|word| word == "Budi"),
                "{:?}",
                mention.span.of(&text)
            );
        }
    }
}

#[test]
fn a_window_never_exceeds_what_the_model_has_places_for() {
    let tiny = Tiny::new();
    let recognizer = tiny.load().with_window(WindowLimits { pieces: usize::MAX, sentences: usize::MAX });
    recognize(&recognizer, &[&"Budi di Kota.\n".repeat(40)]);
}

#[test]
fn a_callback_stops_the_work() {
    let recognizer = Tiny::new().load();
    let stop = |_| ControlFlow::Break(());
    let sentences = sentences("Budi");
    let text = SentencedText::new("Budi", &sentences);
    let error = recognizer.recognize(&[text], Progress::new(&stop)).unwrap_err();
    assert!(matches!(error, Error::Cancelled { .. }), "{error}");
}

#[test]
fn errors_name_the_file_and_what_is_wrong_in_it() {
    let missing = tempfile::tempdir().unwrap();
    let error = EncoderRecognizer::load(missing.path()).unwrap_err().to_string();
    assert!(error.contains("config.json is missing"), "{error}");

    let check = |change: &dyn Fn(&mut Tiny), expected: &[&str]| {
        let mut tiny = Tiny::new();
        change(&mut tiny);
        let error = tiny.error();
        assert!(expected.iter().all(|part| error.contains(part)), "{error}");
    };
    check(&|tiny| tiny.config["model_type"] = json!("gpt2"), &["config.json", "model_type", "gpt2"]);
    check(&|tiny| tiny.config["hidden_size"] = json!("eight"), &["config.json", "eight"]);
    check(&|tiny| tiny.config["hidden_size"] = json!(9), &["config.json", "num_attention_heads"]);
    check(&|tiny| tiny.config["id2label"] = json!({"0": "O", "2": "B-PER"}), &["config.json", "label 1"]);
    check(&|tiny| tiny.config["id2label"] = json!({"0": "O"}), &["model.safetensors", "classifier"]);
    check(&|tiny| tiny.config["vocab_size"] = json!(5), &["tokenizer.json", "vocab_size"]);
    check(&|tiny| tiny.config["vocab_size"] = json!(99), &["model.safetensors", "word_embeddings"]);
    check(&|tiny| tiny.config["intisari"]["temperature"] = json!(0.0), &["config.json", "temperature"]);
    check(&|tiny| tiny.config["intisari"]["threshold"] = json!(1.1), &["config.json", "threshold"]);
    check(
        &|tiny| {
            tiny.tensors.remove("classifier.bias");
        },
        &["model.safetensors", "classifier.bias is missing"],
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_gives_ordered_spans_inside_its_sentences(texts in prop::collection::vec("\\PC{0,60}|(Budi|Kota| |\\.|\n|½|ﬁ|🙂|e\u{301}){0,40}", 0..4)) {
        thread_local!(static RECOGNIZER: EncoderRecognizer = Tiny::new().with_salience().load());
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let found = RECOGNIZER.with(|recognizer| recognize(recognizer, &texts));
        prop_assert_eq!(found.len(), texts.len());
        for (text, recognition) in texts.iter().zip(found) {
            let sentences = sentences(text);
            let mut end = 0;
            for mention in &recognition.mentions {
                prop_assert!(end <= mention.span.start() && !mention.span.is_empty());
                prop_assert!(sentences[mention.sentence].span.contains(mention.span));
                end = mention.span.end();
            }
            let count = recognition.mentions.len();
            let (entities, clusters) = group(text, recognition.mentions);
            prop_assert_eq!(entities.len(), count);
            for (index, cluster) in clusters.iter().enumerate() {
                prop_assert!(cluster.mentions.iter().all(|&mention| entities[mention].cluster == Some(index)));
            }
        }
    }
}
