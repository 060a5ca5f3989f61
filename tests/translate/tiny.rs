//! A translator of tiny random weights, with its files.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use intisari::translate::{GemmaTranslator, Translator, TranslatorFiles, TranslatorOptions};
use intisari::{Precision, Progress};
use tempfile::TempDir;

pub const HIDDEN: usize = 64;
pub const INNER: usize = 96;
pub const HEADS: usize = 4;
pub const HEAD: usize = 32;
/// The sixth layer attends to everything, the others to a window.
pub const LAYERS: usize = 7;
pub const WINDOW: u32 = 12;
pub const ROWS: usize = 500;

/// Deterministic noise in -1..1.
pub struct Noise(pub u64);

impl Noise {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1u64 << 23) as f32 - 1.
    }

    pub fn tensor(&mut self, shape: &[usize], scale: f32) -> Tensor {
        let values: Vec<f32> = (0..shape.iter().product()).map(|_| self.next() * scale).collect();
        Tensor::from_vec(values, shape, &Device::Cpu).unwrap()
    }
}

pub fn write_base(path: &Path, kv_heads: usize) {
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
pub fn write_vocabulary(folder: &Path) {
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

pub const QUERY: &str = "base_model.model.model.layers.3.self_attn.q_proj";

/// An adapter that changes one matrix; `edit` may spoil its settings.
pub fn write_adapter(
    folder: &Path,
    rank: usize,
    down: [usize; 2],
    edit: impl FnOnce(&mut serde_json::Value),
) {
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

pub struct Files {
    pub folder: TempDir,
    pub files: TranslatorFiles,
}

pub fn files() -> Files {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("tiny.gguf");
    write_base(&base, 1);
    write_vocabulary(folder.path());
    let files = TranslatorFiles::new(base, folder.path());
    assert_eq!(files.adapter, None);
    Files { folder, files }
}

pub fn options(precision: Precision, batch_segments: usize) -> TranslatorOptions {
    TranslatorOptions { precision, batch_segments, ..TranslatorOptions::default() }
}

pub fn texts(translator: &GemmaTranslator, segments: &[&str]) -> Vec<String> {
    let results = translator.translate(segments, Progress::none()).unwrap();
    results.into_iter().map(|result| result.text).collect()
}

pub const SEGMENTS: [&str; 7] = [
    "Hujan turun.",
    "",
    "Harga beras naik 12 persen sejak awal tahun.",
    " \n ",
    "Budi.",
    "Wali kota meninjau pasar, gudang beras, dan pelabuhan pada hari Senin.",
    "Ini kalimat dengan huruf é dan 😀.",
];
