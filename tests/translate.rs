//! The translator over tiny random weights: files, batches, limits. What the real weights say is tested elsewhere.
#![cfg(feature = "native")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)] // helpers of tests fail as tests do

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};

use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use intisari::translate::{
    GemmaTranslator, Stop, Translated, Translator, TranslatorFiles, TranslatorOptions,
};
use intisari::{Error, Precision, Progress};
use proptest::prelude::*;
use tempfile::TempDir;

const HIDDEN: usize = 64;
const INNER: usize = 96;
const HEADS: usize = 4;
const HEAD: usize = 32;
/// The sixth layer attends to everything, the others to a window.
const LAYERS: usize = 7;
const WINDOW: u32 = 12;
const ROWS: usize = 500;

/// Deterministic noise in -1..1.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1u64 << 23) as f32 - 1.
    }

    fn tensor(&mut self, shape: &[usize], scale: f32) -> Tensor {
        let values: Vec<f32> = (0..shape.iter().product()).map(|_| self.next() * scale).collect();
        Tensor::from_vec(values, shape, &Device::Cpu).unwrap()
    }
}

fn write_base(path: &Path, kv_heads: usize) {
    let mut noise = Noise(1);
    let mut tensors: BTreeMap<String, QTensor> = BTreeMap::new();
    let mut add = |name: String, shape: &[usize], kind: GgmlDType, scale: f32| {
        let tensor = noise.tensor(shape, scale);
        let tensor = if shape.len() == 1 { (tensor + 1.).unwrap() } else { tensor };
        tensors.insert(name, QTensor::quantize(&tensor, kind).unwrap());
    };
    add("token_embd.weight".into(), &[ROWS, HIDDEN], GgmlDType::Q8_0, 1.);
    add("output_norm.weight".into(), &[HIDDEN], GgmlDType::F32, 0.3);
    for layer in 0..LAYERS {
        // What a layer adds is large beside the embedding, so that the text matters and not the last piece alone.
        for (name, size, scale) in [
            ("attn_norm", HIDDEN, 0.3),
            ("post_attention_norm", HIDDEN, 9.),
            ("ffn_norm", HIDDEN, 0.3),
            ("post_ffw_norm", HIDDEN, 9.),
            ("attn_q_norm", HEAD, 0.9),
            ("attn_k_norm", HEAD, 0.9),
        ] {
            add(format!("blk.{layer}.{name}.weight"), &[size], GgmlDType::F32, scale);
        }
        for (name, outputs, inputs, kind) in [
            ("attn_q", HEADS * HEAD, HIDDEN, GgmlDType::Q5_0),
            ("attn_k", kv_heads * HEAD, HIDDEN, GgmlDType::Q8_0),
            ("attn_v", kv_heads * HEAD, HIDDEN, GgmlDType::F32),
            ("attn_output", HIDDEN, HEADS * HEAD, GgmlDType::Q8_0),
            ("ffn_gate", INNER, HIDDEN, GgmlDType::Q8_0),
            ("ffn_up", INNER, HIDDEN, GgmlDType::Q5_0),
            ("ffn_down", HIDDEN, INNER, GgmlDType::Q8_0),
        ] {
            add(format!("blk.{layer}.{name}.weight"), &[outputs, inputs], kind, 0.3);
        }
    }
    let fields = [
        ("general.architecture", Value::String("gemma3".into())),
        ("gemma3.block_count", Value::U32(LAYERS as u32)),
        ("gemma3.embedding_length", Value::U32(HIDDEN as u32)),
        ("gemma3.feed_forward_length", Value::U32(INNER as u32)),
        ("gemma3.attention.head_count", Value::U32(HEADS as u32)),
        ("gemma3.attention.head_count_kv", Value::U32(kv_heads as u32)),
        ("gemma3.attention.key_length", Value::U32(HEAD as u32)),
        ("gemma3.attention.layer_norm_rms_epsilon", Value::F32(1e-6)),
        ("gemma3.rope.freq_base", Value::F32(1e6)),
        ("gemma3.attention.sliding_window", Value::U32(WINDOW)),
    ];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value)).collect();
    let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    gguf_file::write(&mut File::create(path).unwrap(), &fields, &tensors).unwrap();
}

/// Letters, digits and some marks are pieces, all else bytes.
fn write_vocabulary(folder: &Path) {
    let mut pieces: Vec<String> = ["<pad>", "<eos>", "<bos>", "<unk>", "\n"].map(String::from).into();
    pieces.extend((0..=255).map(|byte| format!("<0x{byte:02X}>")));
    pieces.extend("▁abcdefghijklmnopqrstuvwxyzEIndoesialgh0123456789.,:;\"".chars().fold(
        vec![],
        |mut all, c| {
            if !all.contains(&c.to_string()) {
                all.push(c.to_string());
            }
            all
        },
    ));
    let vocabulary: BTreeMap<&String, usize> = pieces.iter().zip(0..).collect();
    let special = |id: usize, content: &str, special: bool| {
        serde_json::json!({"id": id, "content": content, "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": false, "special": special})
    };
    let tokenizer = serde_json::json!({
        "version": "1.0", "truncation": null, "padding": null,
        "added_tokens": [special(0, "<pad>", true), special(1, "<eos>", true), special(2, "<bos>", true),
            special(3, "<unk>", true), special(4, "\n", false)],
        "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
        "pre_tokenizer": null,
        "post_processor": {"type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "<bos>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {"<bos>": {"id": "<bos>", "ids": [2], "tokens": ["<bos>"]}}},
        "decoder": {"type": "Sequence", "decoders": [
            {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}]},
        "model": {"type": "BPE", "dropout": null, "unk_token": "<unk>", "continuing_subword_prefix": null,
            "end_of_word_suffix": null, "fuse_unk": true, "byte_fallback": true, "ignore_merges": false,
            "vocab": vocabulary, "merges": []},
    });
    fs::write(folder.join("tokenizer.json"), tokenizer.to_string()).unwrap();
    // Every row but the tenth.
    let steps: Vec<u32> = (0..pieces.len()).map(|id| [u32::from(id > 0), 2][usize::from(id == 10)]).collect();
    fs::write(folder.join("kept_ids.json"), serde_json::to_string(&steps).unwrap()).unwrap();
}

const QUERY: &str = "base_model.model.model.layers.3.self_attn.q_proj";

/// An adapter that changes one matrix; `edit` may spoil its settings.
fn write_adapter(folder: &Path, rank: usize, down: [usize; 2], edit: impl FnOnce(&mut serde_json::Value)) {
    let mut settings = serde_json::json!({"peft_type": "LORA", "r": rank, "lora_alpha": 16, "bias": "none",
        "target_modules": ["q_proj"], "lora_dropout": 0.0, "task_type": "CAUSAL_LM"});
    edit(&mut settings);
    fs::write(folder.join("adapter_config.json"), settings.to_string()).unwrap();
    let mut noise = Noise(7);
    let tensors: std::collections::HashMap<String, Tensor> = [
        (format!("{QUERY}.lora_A.weight"), noise.tensor(&down, 0.5)),
        (format!("{QUERY}.lora_B.weight"), noise.tensor(&[HEADS * HEAD, rank], 0.5)),
    ]
    .into();
    candle_core::safetensors::save(&tensors, folder.join("adapter_model.safetensors")).unwrap();
}

struct Files {
    folder: TempDir,
    files: TranslatorFiles,
}

fn files() -> Files {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("tiny.gguf");
    write_base(&base, 1);
    write_vocabulary(folder.path());
    let files = TranslatorFiles::new(base, folder.path());
    assert_eq!(files.adapter, None);
    Files { folder, files }
}

fn options(precision: Precision, batch_segments: usize) -> TranslatorOptions {
    TranslatorOptions { precision, batch_segments, ..TranslatorOptions::default() }
}

fn texts(translator: &GemmaTranslator, segments: &[&str]) -> Vec<String> {
    let results = translator.translate(segments, Progress::none()).unwrap();
    results.into_iter().map(|result| result.text).collect()
}

const SEGMENTS: [&str; 7] = [
    "Hujan turun.",
    "",
    "Harga beras naik 12 persen sejak awal tahun.",
    " \n ",
    "Budi.",
    "Wali kota meninjau pasar, gudang beras, dan pelabuhan pada hari Senin.",
    "Ini kalimat dengan huruf é dan 😀.",
];

#[test]
fn answers_each_segment_in_order_and_blank_with_blank() {
    let files = files();
    let translator = GemmaTranslator::load(&files.files, options(Precision::F32, 3)).unwrap();
    let results = translator.translate(&SEGMENTS, Progress::none()).unwrap();
    assert_eq!(results.len(), SEGMENTS.len());
    for index in [1, 3] {
        assert_eq!(results[index], Translated::new("", Stop::End));
    }
    let alone = translator.translate(&SEGMENTS[5..6], Progress::none()).unwrap();
    assert_eq!(alone[0], results[5]);
    assert!(results.iter().all(|result| !result.text.contains('\n')));
    assert!(translator.translate(&[], Progress::none()).unwrap().is_empty());
    assert!(results.iter().any(|result| result.stop != Stop::End), "random weights never come to an end");
}

#[test]
fn precisions_and_head_counts_run() {
    let files = files();
    let reference = GemmaTranslator::load(&files.files, options(Precision::F32, 8)).unwrap();
    let wanted = texts(&reference, &SEGMENTS);
    assert!(wanted[2].len() > 20 && wanted[2] != wanted[5], "the weights say nothing: {wanted:?}");
    let found = texts(&GemmaTranslator::load(&files.files, options(Precision::Int8, 8)).unwrap(), &SEGMENTS);
    // Random weights are chaotic: rounding changes what they say soon, but seldom at once.
    let same = found.iter().zip(&wanted).filter(|(a, b)| a.chars().next() == b.chars().next()).count();
    assert!(same >= 5, "{found:?} {wanted:?}");
    for precision in [Precision::Bf16, Precision::F16] {
        let error = GemmaTranslator::load(&files.files, options(precision, 8)).unwrap_err().to_string();
        assert!(error.contains(&precision.to_string()) && error.contains("int8 or f32"), "{error}");
    }
    write_base(&files.files.base, 2);
    assert_ne!(
        texts(&GemmaTranslator::load(&files.files, options(Precision::F32, 8)).unwrap(), &SEGMENTS),
        wanted
    );
}

#[test]
fn an_adapter_changes_the_model_and_the_prompt() {
    let files = files();
    let folder = files.folder.path();
    let plain = texts(&GemmaTranslator::load(&files.files, options(Precision::F32, 8)).unwrap(), &SEGMENTS);
    write_adapter(folder, 4, [4, HIDDEN], |_| ());
    let adapted = TranslatorFiles::new(&files.files.base, folder);
    assert_eq!(adapted.adapter.as_deref(), Some(folder));
    let first = texts(&GemmaTranslator::load(&adapted, options(Precision::F32, 8)).unwrap(), &SEGMENTS);
    assert_ne!(first, plain);
    // alpha / r is 4 and alpha / sqrt(r) 8.
    write_adapter(folder, 4, [4, HIDDEN], |settings| settings["use_rslora"] = true.into());
    let second = texts(&GemmaTranslator::load(&adapted, options(Precision::F32, 8)).unwrap(), &SEGMENTS);
    assert_ne!(second, first);
    write_adapter(folder, 4, [4, HIDDEN], |settings| settings["lora_alpha"] = 32.into());
    let third = texts(&GemmaTranslator::load(&adapted, options(Precision::F32, 8)).unwrap(), &SEGMENTS);
    assert_eq!(third, second);
}

#[test]
fn what_stays_to_the_letter_does_so_whatever_the_weights_say() {
    use intisari::document::FlagKind;
    use intisari::translate::check;
    let files = files();
    let translator = GemmaTranslator::load(&files.files, options(Precision::F32, 3)).unwrap();
    let pieces =
        ["www.tolo.example/aduan", "a@tolo.example", "#LautBersih", "[SALAH]", "привет мир", "kios_2.pdf"];
    let segments: Vec<String> = pieces
        .iter()
        .flat_map(|piece| {
            [piece.to_string(), format!("Buka {piece} sekarang."), format!("Keterangan: {piece}")]
        })
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let english = translator.translate(&segments, Progress::none()).unwrap();
    for (segment, english) in segments.iter().zip(&english) {
        let flags = check(segment, english, &[]);
        assert!(flags.iter().all(|flag| flag.kind != FlagKind::VerbatimMissing), "{segment}: {english:?}");
    }
    assert_eq!(english[0], Translated::new(pieces[0], Stop::End), "a lone piece is given to no model");
    let cut =
        |english: &Translated| english.flags.iter().any(|flag| flag.kind == FlagKind::CutAroundVerbatim);
    assert!(english.iter().any(cut), "random weights lose placeholders: {english:?}");
    let alone = translator.translate(&segments[1..2], Progress::none()).unwrap();
    assert_eq!(alone[0], english[1]);
}

#[test]
fn hints_and_terms_are_put_to_a_model_that_was_trained_with_them_alone() {
    use intisari::translate::{Glossary, GlossaryEntry, Passage};
    let files = files();
    let folder = files.folder.path();
    let glossary = Glossary::new([GlossaryEntry::new("hujan", "rain")]).unwrap();
    let passages = |with: bool| {
        let glossary = with.then_some(&glossary);
        ["Milisi itu dilucuti.", "Hujan turun.", "Budi."]
            .map(|text| Passage::new(text).with_glossary(glossary))
    };
    let run = |rarer_than, terms, batch| {
        let adapted = TranslatorFiles::new(&files.files.base, folder);
        let options = TranslatorOptions { hints_rarer_than: rarer_than, ..options(Precision::F32, batch) };
        let translator = GemmaTranslator::load(&adapted, options).unwrap();
        let english = translator.translate_passages(&passages(terms), Progress::none()).unwrap();
        (english.into_iter().map(|english| english.text).collect::<Vec<_>>(), translator.options())
    };
    write_adapter(folder, 4, [4, HIDDEN], |_| ());
    let (plain, options) = run(60, false, 8);
    assert_eq!((&run(60, true, 8).0, options["hints_rarer_than"].as_u64()), (&plain, Some(0)));
    write_adapter(folder, 4, [4, HIDDEN], |settings| {
        settings["intisari"] = serde_json::json!({"hints": true});
    });
    assert_eq!(run(0, false, 8).0, plain);
    let (words, options) = run(60, false, 8);
    assert_eq!(options["hints_rarer_than"], 60);
    assert!(words[0] != plain[0] && words[1..] == plain[1..], "{words:?} {plain:?}");
    let (both, _) = run(60, true, 8);
    assert!(both[0] == words[0] && both[1] != words[1] && both[2] == words[2], "{both:?} {words:?}");
    assert_eq!(run(60, true, 1).0, both, "hints do not depend on the batch");
    write_adapter(folder, 4, [4, HIDDEN], |settings| {
        settings["intisari"] = serde_json::json!({"roots": true})
    });
    let error = GemmaTranslator::load(&TranslatorFiles::new(&files.files.base, folder), Default::default());
    assert!(error.unwrap_err().to_string().contains("roots"));
}

#[test]
fn refuses_adapters_that_do_not_fit_and_names_the_field() {
    let files = files();
    let folder = files.folder.path();
    let refused = |expected: &str| {
        let files = TranslatorFiles::new(&files.files.base, folder);
        let error = GemmaTranslator::load(&files, options(Precision::F32, 8)).unwrap_err();
        assert!(matches!(error, Error::ModelInvalid { .. }), "{error}");
        let message = error.to_string();
        assert!(message.contains(expected) && message.contains("adapter_"), "{message}");
    };
    write_adapter(folder, 4, [4, HIDDEN + 1], |_| ());
    refused("q_proj.lora_A.weight has shape [4, 65], expected [4, 64]");
    for (field, value) in [
        ("use_dora", serde_json::json!(true)),
        ("bias", "all".into()),
        ("peft_type", "IA3".into()),
        ("r", 0.into()),
        ("r", "four".into()),
        ("rank_pattern", serde_json::json!({"q_proj": 8})),
        ("modules_to_save", serde_json::json!(["embed_tokens"])),
        ("target_modules", serde_json::json!(["q_proj", "v_proj"])),
    ] {
        write_adapter(folder, 4, [4, HIDDEN], |settings| settings[field] = value.clone());
        refused(if value == "four" { "four" } else { field });
    }
    write_adapter(folder, 4, [4, HIDDEN], |_| ());
    fs::write(folder.join("adapter_model.safetensors"), b"broken").unwrap();
    refused("no tensors");
}

#[test]
fn refuses_files_that_do_not_fit_each_other() {
    let files = files();
    let folder = files.folder.path();
    let message = || GemmaTranslator::load(&files.files, options(Precision::F32, 8)).unwrap_err().to_string();
    let kept = fs::read_to_string(folder.join("kept_ids.json")).unwrap();
    for (broken, expected) in [
        ("[0,1,1]", "kept_ids.json has 3"),
        ("[0,0,1]", "entry 1 is 0"),
        ("[0,4294967295,9]", "entry 2 is 9"),
        ("{}", "kept_ids.json"),
        ("[]", "kept_ids.json"),
        (kept.replacen("[0,", "[400,", 1).as_str(), "no row"),
    ] {
        fs::write(folder.join("kept_ids.json"), broken).unwrap();
        assert!(message().contains(expected), "{broken}: {}", message());
    }
    fs::write(folder.join("kept_ids.json"), kept).unwrap();
    fs::write(&files.files.base, b"GGUF").unwrap();
    assert!(message().contains("no GGUF header"), "{}", message());
    fs::remove_file(&files.files.base).unwrap();
    assert!(message().contains("tiny.gguf"), "{}", message());
    fs::remove_file(folder.join("tokenizer.json")).unwrap();
    assert!(message().contains("tokenizer.json is missing"), "{}", message());
    let none = options(Precision::F32, 0);
    assert!(GemmaTranslator::load(&files.files, none).unwrap_err().to_string().contains("batch_segments"));
}

#[test]
fn more_beams_than_pieces_are_a_matter_of_configuration() {
    let files = files();
    let path = files.folder.path().join("tokenizer.json");
    let mut tokenizer: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let pieces = tokenizer["model"]["vocab"].as_object_mut().unwrap();
    pieces.retain(|_, id| id.as_u64() < Some(8));
    tokenizer["model"]["byte_fallback"] = false.into();
    fs::write(path, tokenizer.to_string()).unwrap();
    fs::write(files.folder.path().join("kept_ids.json"), "[0,1,1,1,1,1,1,1]").unwrap();
    let load = |beams| {
        GemmaTranslator::load(&files.files, TranslatorOptions { beams, ..options(Precision::F32, 8) })
    };
    // Each of the two ends may take a place.
    assert!(load(1).is_ok() && load(6).is_ok());
    let error = load(7).unwrap_err();
    assert!(matches!(error, Error::Config { .. }), "{error:?}");
    assert!(error.to_string().contains("beams is 7") && error.to_string().contains("6 or less"), "{error}");
}

#[test]
fn what_has_no_words_is_not_given_to_the_model() {
    let files = files();
    let translator = GemmaTranslator::load(&files.files, options(Precision::F32, 8)).unwrap();
    let signs = ["\u{feff}", "* * *", "\u{200b}", "😀", "=====  ====="];
    // What cannot be seen is nothing to an English reader.
    assert_eq!(texts(&translator, &signs), ["", "* * *", "", "😀", "===== ====="]);
    assert_ne!(texts(&translator, &["2024"]), [""]);
}

#[test]
fn weights_that_are_no_numbers_are_an_error() {
    let files = files();
    let folder = files.folder.path();
    write_adapter(folder, 4, [4, HIDDEN], |settings| settings["lora_alpha"] = 1e300.into());
    let adapted = TranslatorFiles::new(&files.files.base, folder);
    for (precision, beams) in [(Precision::F32, 1), (Precision::F32, 4), (Precision::Int8, 4)] {
        let options = TranslatorOptions { beams, ..options(precision, 8) };
        let found = GemmaTranslator::load(&adapted, options)
            .and_then(|translator| translator.translate(&["Hujan turun."], Progress::none()));
        let error = found.unwrap_err().to_string();
        assert!(error.contains("no numbers"), "{precision}, {beams} beams: {error}");
    }
}

#[test]
fn stops_when_the_callback_asks_to() {
    let files = files();
    let translator = GemmaTranslator::load(&files.files, options(Precision::F32, 2)).unwrap();
    let calls = Cell::new(0);
    let callback = |event: intisari::Event| {
        calls.set(calls.get() + 1);
        assert!(event.done <= event.total);
        ControlFlow::Break(())
    };
    let result = translator.translate(&SEGMENTS, Progress::new(&callback));
    assert!(matches!(result, Err(Error::Cancelled { .. })));
    assert_eq!(calls.get(), 1);
}

#[test]
fn cuts_long_segments_and_says_so_nowhere() {
    let files = files();
    let mut options = options(Precision::F32, 8);
    options.max_segment_bytes = 40;
    let translator = GemmaTranslator::load(&files.files, options).unwrap();
    let long = "Harga beras naik, kata Sari; stok di gudang masih cukup untuk dua bulan.";
    let parts = ["Harga beras naik, kata Sari;", "stok di gudang masih cukup untuk dua bulan."];
    let whole = texts(&translator, &[long]).remove(0);
    for part in texts(&translator, &parts[..1]) {
        assert!(whole.starts_with(part.trim_end_matches('.')), "{whole} / {part}");
    }
}

/// Loading takes long beside translating, so one translator serves all cases; it may change threads, not be shared.
static PER_BATCH: LazyLock<Mutex<(Files, BTreeMap<usize, GemmaTranslator>)>> = LazyLock::new(|| {
    let files = files();
    let load = |rows| (rows, GemmaTranslator::load(&files.files, options(Precision::Int8, rows)).unwrap());
    let translators = [1, 2, 3, 8, 32].map(load).into();
    Mutex::new((files, translators))
});

/// The longer one has more keys than fit into one sum of libtorch's attention.
#[test]
fn a_longer_segment_beside_it_changes_nothing() {
    let guard = PER_BATCH.lock().unwrap();
    let segments = ["xu zule yfu2s 6 nd.", "dqqrhom sm2xoz wdc9y84 0504h0nb."];
    assert_eq!(texts(&guard.1[&2], &segments), texts(&guard.1[&1], &segments));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]
    #[test]
    fn results_do_not_depend_on_the_batch(
        segments in prop::collection::vec("[a-z]{1,9}( [a-z0-9]{1,9}){0,5}[.]", 1..8),
    ) {
        let guard = PER_BATCH.lock().unwrap();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let alone = guard.1[&1].translate(&segments, Progress::none()).unwrap();
        for (rows, translator) in &guard.1 {
            prop_assert_eq!(&translator.translate(&segments, Progress::none()).unwrap(), &alone, "{} rows", rows);
        }
    }
}

/// Files of weights that are ready whose names begin so.
fn kept_ready(cache: &Path, name: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(cache).unwrap().map(|entry| entry.unwrap().path());
    let named = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(name);
    files.filter(named).collect()
}

/// Who trains adapters has a new one every day.
#[test]
fn few_files_of_weights_that_are_ready_are_kept() {
    let files = files();
    let folder = files.folder.path();
    let cache = folder.join("cache");
    fs::create_dir(&cache).unwrap();
    fs::write(cache.join("translator-int8.bin"), "as an older version called it").unwrap();
    let others = ["checksums.json", "translator.bin", "translator-mine.bin", "translator-int8-mine.bin"];
    for other in others {
        fs::write(cache.join(other), "{}").unwrap();
    }
    for alpha in 1..=6 {
        write_adapter(folder, 4, [4, HIDDEN], |settings| settings["lora_alpha"] = alpha.into());
        let adapted = TranslatorFiles::new(&files.files.base, folder).with_cache(Some(cache.clone()));
        GemmaTranslator::load(&adapted, options(Precision::Int8, 8)).unwrap();
    }
    assert!(!cache.join("translator-int8.bin").exists());
    for other in others {
        fs::remove_file(cache.join(other)).unwrap();
    }
    assert_eq!(fs::read_dir(&cache).unwrap().count(), 4);
}

/// What stands in the cache serves as well as what it was made from, and what is damaged is made anew.
#[test]
fn starts_from_weights_that_are_ready_unless_anything_has_changed() {
    let files = files();
    let folder = files.folder.path();
    let cache = folder.join("cache");
    let (precision, name) = (Precision::Int8, "translator-int8-");
    {
        let load = |files: &TranslatorFiles| {
            texts(&GemmaTranslator::load(files, options(precision, 8)).unwrap(), &SEGMENTS)
        };
        let cached = files.files.clone().with_cache(Some(cache.clone()));
        let expected = load(&files.files);
        assert_eq!(load(&cached), expected);
        let [ready] = kept_ready(&cache, name).try_into().unwrap();
        let whole = fs::read(&ready).unwrap();
        let written = fs::metadata(&ready).unwrap().modified().unwrap();
        assert_eq!(load(&cached), expected);
        assert_eq!(fs::metadata(&ready).unwrap().modified().unwrap(), written, "made anew without need");

        // Every part of the file: its lead, its header, the tensors, the last byte.
        for place in [0, 9, 40, whole.len() / 2, whole.len() - 1] {
            let mut damaged = whole.clone();
            damaged[place] ^= 1;
            fs::write(&ready, damaged).unwrap();
            assert_eq!(load(&cached), expected, "byte {place}");
            assert_eq!(fs::read(&ready).unwrap(), whole, "byte {place}");
        }
        for length in [0, 5, 30, whole.len() / 2, whole.len() - 1] {
            fs::write(&ready, &whole[..length]).unwrap();
            assert_eq!(load(&cached), expected, "{length} bytes");
            assert_eq!(fs::read(&ready).unwrap(), whole, "{length} bytes");
        }
        fs::write(&ready, [whole.as_slice(), b"more"].concat()).unwrap();
        assert_eq!(load(&cached), expected);
        assert_eq!(fs::read(&ready).unwrap(), whole);

        write_adapter(folder, 4, [4, HIDDEN], |_| ());
        let adapted = TranslatorFiles::new(&files.files.base, folder);
        let expected = load(&adapted);
        assert_eq!(load(&adapted.clone().with_cache(Some(cache.clone()))), expected);
        assert_eq!(fs::read(&ready).unwrap(), whole, "each adapter has a file of its own");
        assert_eq!(kept_ready(&cache, name).len(), 2);
        write_adapter(folder, 4, [4, HIDDEN], |settings| settings["lora_alpha"] = 32.into());
        assert_eq!(load(&adapted.clone().with_cache(Some(cache.clone()))), load(&adapted));
        for name in ["adapter_config.json", "adapter_model.safetensors"] {
            fs::remove_file(folder.join(name)).unwrap();
        }
        assert_eq!(
            fs::read_dir(&cache)
                .unwrap()
                .filter(|entry| {
                    entry.as_ref().unwrap().path().extension().is_some_and(|extension| extension == "part")
                })
                .count(),
            0
        );
    }
}

#[test]
fn does_without_a_cache_that_cannot_be_written() {
    let files = files();
    // A file stands where the folder should be; a folder without write permission would not stop root.
    let place = files.folder.path().join("taken");
    fs::write(&place, b"").unwrap();
    let expected =
        texts(&GemmaTranslator::load(&files.files, options(Precision::Int8, 8)).unwrap(), &SEGMENTS);
    let cached = files.files.clone().with_cache(Some(place.clone()));
    let found = texts(&GemmaTranslator::load(&cached, options(Precision::Int8, 8)).unwrap(), &SEGMENTS);
    assert_eq!(found, expected);
    // A folder stands where the file should be.
    let cache = files.folder.path().join("cache");
    let cached = files.files.clone().with_cache(Some(cache.clone()));
    GemmaTranslator::load(&cached, options(Precision::Int8, 8)).unwrap();
    let [ready] = kept_ready(&cache, "translator-int8").try_into().unwrap();
    fs::remove_file(&ready).unwrap();
    fs::create_dir(&ready).unwrap();
    let found = texts(&GemmaTranslator::load(&cached, options(Precision::Int8, 8)).unwrap(), &SEGMENTS);
    assert_eq!(found, expected);
}

#[test]
fn a_cache_that_cannot_be_written_is_told_and_changes_nothing() {
    let files = files();
    let file = files.folder.path().join("file");
    fs::write(&file, "in the place of a folder").unwrap();
    let load = |cache: &Path| {
        let files = files.files.clone().with_cache(Some(cache.to_owned()));
        GemmaTranslator::load(&files, options(Precision::Int8, 4)).unwrap()
    };
    let (blocked, free) = (load(&file), load(&files.folder.path().join("cache")));
    assert!(free.notes().is_empty());
    let [note] = blocked.notes().try_into().unwrap();
    assert!(note.contains("INTISARI_CACHE") && note.contains("file"), "{note}");
    let english = |translator: &GemmaTranslator| translator.translate(&SEGMENTS, Progress::none()).unwrap();
    assert_eq!(english(&blocked), english(&free));
}

#[test]
fn little_memory_changes_no_translation() {
    let files = files();
    let english = |max_cache_bytes| {
        let options = TranslatorOptions { max_cache_bytes, ..options(Precision::F32, 8) };
        GemmaTranslator::load(&files.files, options).unwrap().translate(&SEGMENTS, Progress::none()).unwrap()
    };
    assert_eq!(english(1), english(usize::MAX));
    let none = TranslatorOptions { max_cache_bytes: 0, ..TranslatorOptions::default() };
    assert!(none.validate().unwrap_err().to_string().contains("max_cache_bytes"));
}
