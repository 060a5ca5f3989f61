//! Inputs to begin with: texts and files of our own, small ones of every kind.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub fn read(path: &str) -> Result<Vec<u8>> {
    let path = root().join(path);
    fs::read(&path).with_context(|| path.display().to_string())
}

/// Articles, and short texts of what breaks text processing.
pub fn texts() -> Result<Vec<Vec<u8>>> {
    let mut texts =
        vec![read("examples/articles/jembatan.txt")?, read("examples/articles/laboratorium.txt")?];
    texts.extend(TEXTS.iter().map(|text| text.as_bytes().to_vec()));
    Ok(texts)
}

const TEXTS: [&str; 9] = [
    "Tenau - Kapal tiba di Tenau, Senin (3/3/2025). \"Ombak tenang,\" kata Ruth Ndolu.\nBaca juga: Harga Ikan\n(rn/ab)",
    "<p>Harga beras <b>naik</b> 3,5 persen &amp; gula Rp 14.500/kg.</p><br/><p>&quot;Mahal,&quot; ujar Marta.</p>",
    "SAVU, WARTA.EXAMPLE -- PT Garam Sabu (Persero) Tbk merugi US$ 1,2 juta pada kuartal II/2024.\r\n\r\nADVERTISEMENT\r\n",
    "Suhu 31°C, kelembapan 80%, pukul 05.30-06.00 WITA. Jarak 2 km; luas 3 ha. 1. Satu\n2. Dua\n• Tiga",
    "Lihat https://warta.example/a?b=c, surel ruth@sabu.example atau @sabu_raijua #LautBersih. Nomor 0812-0000-1111.",
    "Kata Bupati Sabu Raijua (Bupati) drs. M. Rihi M.Si., \"Kami siap. Mari kerja!\" Lalu ia pulang...",
    "雨が降っています。 привет мир السلام عليكم \u{200b}\u{feff}e\u{301}👩‍👩‍👧",
    "Dua tahun lalu, lima belas ribu tiga ratus orang; sekitar 2-3 juta; minus 3,4 persen; abad ke-19; 2010-an.",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4",
];

/// Words that mean something to the rules.
pub const WORDS: [&str; 60] = [
    ". ",
    "\n",
    "\n\n",
    "\r\n",
    "\" ",
    "“",
    "”",
    "(",
    ")",
    "[",
    "]",
    "<p>",
    "</p>",
    "<br>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "&amp;",
    "&lt;",
    "&#8220;",
    "&nbsp;",
    "\u{a0}",
    "\u{ad}",
    "\u{200b}",
    "\u{2028}",
    "\0",
    "é",
    "e\u{301}",
    "👩‍👧",
    "雨",
    "Baca juga: ",
    "ADVERTISEMENT",
    "Jakarta - ",
    "Liputan6.com, ",
    "(rn/ab)",
    "Rp ",
    "US$ ",
    " juta ",
    " ribu ",
    " persen ",
    "Senin (3/3/2025) ",
    "12/12/2024",
    "pukul 18.35 WIB ",
    "dua puluh ",
    "lalu ",
    "minus ",
    "antara ",
    " hingga ",
    "kuartal ",
    "abad ke-",
    "kata ",
    "PT ",
    "Tbk",
    "dr. ",
    "M. ",
    "dkk. ",
    "http://a.example/",
    "@b",
    "data:a/b;base64,",
];

/// Files in the forms of inputs.
pub fn inputs() -> Vec<Vec<u8>> {
    let texts: [&str; 9] = [
        "{\"id\": \"a\", \"title\": \"Kapal\", \"date\": \"2025-03-03\", \"text\": \"Kapal tiba.\"}\n{\"id\": 7, \"content\": [\"Satu.\", \"Dua.\"]}\n",
        "[{\"_id\": {\"$oid\": \"5f\"}, \"isi\": \"Angin reda.\", \"tanggal\": \"Senin, 3 Maret 2025 | 18:35 WIB\"},\n {\"isi\": null}]",
        "{\n \"data\": {\"body\": \"Angin \\u0041 reda \\ud83d\\ude42.\"},\n \"text\": \"x\"\n}\n{\"text\": \"y\"}",
        "id,judul,teks,tanggal\n1,Kapal,\"Kapal tiba,\nlalu pergi.\",3/3/2025\n2,Angin,\"\"\"Reda\"\"\",kemarin\n",
        "id;text;url\r\n1;Angin reda.;https://a.example\r\n",
        "id\ttext\n1\tAngin reda.\n2\tHujan.\n",
        "Kapal tiba di Tenau.\n\nAngin reda.\n",
        "\u{feff}{\"text\": \"Angin reda.\"}\nrusak\n\n{\"text\": 5}\n",
        "%PDF-1.4",
    ];
    let mut all: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    all.push([&[0xff, 0xfe], wide(texts[0]).as_slice()].concat());
    all.push(vec![0x1f, 0x8b, 8, 0]);
    all
}

pub const INPUT_WORDS: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u",
    "\\ud800",
    "null",
    "true",
    "1e999",
    "-0",
    "\n",
    "\r\n",
    "\t",
    ";",
    "\u{feff}",
    "\"text\":",
    "\"id\":",
    "\"\"",
    "[[[[[[[[",
    "{\"a\":",
];

/// Annotated sets, by the end of the name that such a file has.
pub fn sets() -> Vec<(&'static str, Vec<u8>)> {
    let sets: [(&str, &str); 15] = [
        ("tsv", "Ruth\tB-PER\nNdolu\tI-PER\ndi\tO\nSabu\tB-LOC\n\nAngin\tO\n"),
        ("txt", "-DOCSTART- O\n# sent_id = 1\nRuth NNP B-PER\ndi IN O\nSabu NNP S-LOC\n"),
        ("conllu", "# newdoc id = a\n# text = Angin reda.\n1\tAngin\t_\tNOUN\t_\t_\t0\troot\t_\tSpaceAfter=No\n1-2\tab\t_\t_\t_\t_\t_\t_\t_\t_\n2\t.\t_\tPUNCT\t_\t_\t1\tpunct\t_\t_\n\n"),
        ("jsonl", "{\"tokens\": [\"Ruth\", \"pulang\"], \"ner_tags\": [\"B-PER\", \"O\"]}\n"),
        ("json", "[{\"text\": \"Ruth pulang\", \"entities\": [[0, 4, \"PER\"]]}]"),
        ("jsonl", "{\"id\": 1, \"text\": \"Ruth pulang\", \"label\": [[0, 4, \"PER\"]]}\n{\"text\": \"x\", \"spans\": [{\"start\": 0, \"end\": 1, \"label\": \"LOC\"}]}\n"),
        ("json", "[{\"data\": {\"text\": \"Ruth\"}, \"annotations\": [{\"result\": [{\"value\": {\"start\": 0, \"end\": 4, \"labels\": [\"PER\"]}}]}]}]"),
        ("jsonl", "{\"text\": \"Ruth pulang. Ia lelah.\", \"names\": [{\"start\": 0, \"end\": 4, \"label\": \"PER\", \"bearer\": \"a\"}]}\n"),
        ("csv", "source,reference\n\"Angin, reda.\",\"The wind, it died.\"\nHujan.,Rain.\n"),
        ("tsv", "id\ten\nAngin reda.\tThe wind died down.\n"),
        ("jsonl", "{\"source\": \"Angin.\", \"reference\": [\"Wind.\", \"The wind.\"]}\n"),
        ("xml", "<dataset><doc origlang=\"id\"><src lang=\"id\"><p><seg id=\"1\">Angin.</seg></p></src><ref lang=\"en\" translator=\"A\"><p><seg id=\"1\">Wind.</seg></p></ref><hyp system=\"x\" language=\"en\"><p><seg id=\"1\">W.</seg></p></hyp></doc></dataset>"),
        ("sgm", "<srcset setid=\"a\" srclang=\"id\"><doc docid=\"d\"><seg id=\"1\">Angin &amp; ombak.</seg></doc></srcset>"),
        ("tmx", "<tmx version=\"1.4\"><body><tu><tuv xml:lang=\"id\"><seg>Angin.</seg></tuv><tuv xml:lang=\"en\"><seg>Wind <ph/>.</seg></tuv></tu></body></tmx>"),
        ("ann", "T1\tPER 0 4\tRuth\nT2\tLOC 5 6;8 9\ta b\nR1\tx Arg1:T1\n#1\tAnnotatorNotes T1\tcatatan\n"),
    ];
    sets.iter().map(|(end, text)| (*end, text.as_bytes().to_vec())).collect()
}

pub const SET_WORDS: [&str; 26] = [
    "\t",
    "\n",
    "\n\n",
    " ",
    "B-",
    "I-",
    "PER",
    "O\n",
    "# text = ",
    "SpaceAfter=No",
    "1-2\t",
    "1.1\t",
    "<seg>",
    "</seg>",
    "<doc>",
    "</doc>",
    "&amp;",
    "&#0;",
    "<!DOCTYPE a [",
    "<![CDATA[",
    "]]>",
    "{",
    "}",
    "[",
    "]",
    "\"",
];

/// READMEs of models.
pub fn cards() -> Vec<Vec<u8>> {
    let cards = [
        "---\nlicense: apache-2.0\npipeline_tag: token-classification\n---\n# Model\n",
        "---\nlicense: other\nlicense_name: gemma\ntags:\n- translation\n- [a, {b: c}]\n---\n",
        "---\nlicense: &x mit\nother: *x\ntext: |\n  a\n  b\n? k\n: v\n---\n",
        "# No front matter\n",
    ];
    cards.iter().map(|text| text.as_bytes().to_vec()).collect()
}

pub const CARD_WORDS: [&str; 24] = [
    "---\n",
    "license:",
    ": ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "&a ",
    "*a",
    "|",
    ">",
    "\"",
    "'",
    "#",
    "?",
    "!!binary ",
    "!",
    "%",
    "@",
    "\t",
    "\n",
    "  ",
    "\u{85}",
];

/// Words of `config.json` and `adapter_config.json`.
pub const CONFIG_WORDS: [&str; 20] = [
    "null",
    "-1",
    "0",
    "1e999",
    "[]",
    "{}",
    "\"\"",
    "true",
    ",",
    ":",
    "\"hidden_size\":",
    "\"num_attention_heads\":",
    "\"vocab_size\":",
    "\"id2label\":",
    "\"model_type\":",
    "\"bert\"",
    "\"r\":",
    "\"lora_alpha\":",
    "\"target_modules\":",
    "{\"a\":",
];

const HIDDEN: usize = 32;
const INNER: usize = 32;
const HEAD: usize = 32;
const LAYERS: usize = 1;
const ROWS: usize = 64;
const MODULE: &str = "base_model.model.model.layers.0.self_attn.q_proj";

/// A translator of one small layer: base weights, vocabulary and adapter in `folder`.
pub fn translator(folder: &Path) -> Result<()> {
    let mut tensors: BTreeMap<String, QTensor> = BTreeMap::new();
    let mut add = |name: &str, shape: &[usize], kind: GgmlDType| -> Result<()> {
        let count: usize = shape.iter().product();
        let values: Vec<f32> = (0..count).map(|number| ((number * 37 % 101) as f32) / 101. - 0.4).collect();
        let tensor = Tensor::from_vec(values, shape, &Device::Cpu)?;
        tensors.insert(name.to_owned(), QTensor::quantize(&tensor, kind)?);
        Ok(())
    };
    add("token_embd.weight", &[ROWS, HIDDEN], GgmlDType::Q8_0)?;
    add("output_norm.weight", &[HIDDEN], GgmlDType::F32)?;
    for name in ["attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm"] {
        add(&format!("blk.0.{name}.weight"), &[HIDDEN], GgmlDType::F32)?;
    }
    for name in ["attn_q_norm", "attn_k_norm"] {
        add(&format!("blk.0.{name}.weight"), &[HEAD], GgmlDType::F32)?;
    }
    for (name, outputs, inputs, kind) in [
        ("attn_q", HEAD, HIDDEN, GgmlDType::Q5_0),
        ("attn_k", HEAD, HIDDEN, GgmlDType::Q8_0),
        ("attn_v", HEAD, HIDDEN, GgmlDType::F32),
        ("attn_output", HIDDEN, HEAD, GgmlDType::Q8_0),
        ("ffn_gate", INNER, HIDDEN, GgmlDType::Q8_0),
        ("ffn_up", INNER, HIDDEN, GgmlDType::Q5_0),
        ("ffn_down", HIDDEN, INNER, GgmlDType::Q8_0),
    ] {
        add(&format!("blk.0.{name}.weight"), &[outputs, inputs], kind)?;
    }
    let fields = [
        ("general.architecture", Value::String("gemma3".into())),
        ("gemma3.block_count", Value::U32(LAYERS as u32)),
        ("gemma3.embedding_length", Value::U32(HIDDEN as u32)),
        ("gemma3.feed_forward_length", Value::U32(INNER as u32)),
        ("gemma3.attention.head_count", Value::U32(1)),
        ("gemma3.attention.head_count_kv", Value::U32(1)),
        ("gemma3.attention.key_length", Value::U32(HEAD as u32)),
        ("gemma3.attention.layer_norm_rms_epsilon", Value::F32(1e-6)),
        ("gemma3.rope.freq_base", Value::F32(1e6)),
        ("gemma3.attention.sliding_window", Value::U32(8)),
        ("general.tags", Value::Array(vec![Value::String("a".into()), Value::String("b".into())])),
    ];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value)).collect();
    let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    gguf_file::write(&mut File::create(folder.join("base.gguf"))?, &fields, &tensors)?;

    let pieces: Vec<String> = ["<pad>", "<eos>", "<bos>", "<unk>", "\n"]
        .map(String::from)
        .into_iter()
        .chain(('a'..='z').map(String::from))
        .collect();
    let vocabulary: BTreeMap<&String, usize> = pieces.iter().zip(0..).collect();
    let tokenizer = serde_json::json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null, "pre_tokenizer": null,
        "post_processor": null, "decoder": null,
        "model": {"type": "BPE", "dropout": null, "unk_token": "<unk>", "continuing_subword_prefix": null,
            "end_of_word_suffix": null, "fuse_unk": true, "byte_fallback": false, "ignore_merges": false,
            "vocab": vocabulary, "merges": []},
    });
    fs::write(folder.join("tokenizer.json"), tokenizer.to_string())?;
    let steps: Vec<u32> = (0..pieces.len()).map(|id| u32::from(id > 0)).collect();
    fs::write(folder.join("kept_ids.json"), serde_json::to_string(&steps)?)?;

    let settings = serde_json::json!({"peft_type": "LORA", "r": 2, "lora_alpha": 16, "bias": "none", "target_modules": ["q_proj"]});
    fs::write(folder.join("adapter_config.json"), settings.to_string())?;
    let factor = |shape: [usize; 2]| Tensor::ones(&shape, candle_core::DType::F32, &Device::Cpu);
    let factors: HashMap<String, Tensor> = [
        (format!("{MODULE}.lora_A.weight"), factor([2, HIDDEN])?),
        (format!("{MODULE}.lora_B.weight"), factor([HEAD, 2])?),
    ]
    .into();
    candle_core::safetensors::save(&factors, folder.join("adapter_model.safetensors"))?;
    Ok(())
}
