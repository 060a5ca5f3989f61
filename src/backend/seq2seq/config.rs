//! From `config.json` as published to the configurations of rust-bert, whose own readers ask for fields that published
//! files lack, and take others than are meant.

use std::path::Path;

use rust_bert::bart::BartConfig;
use rust_bert::longt5::LongT5Config;
use rust_bert::mbart::MBartConfig;
use rust_bert::prophetnet::ProphetNetConfig;
use rust_bert::t5::T5Config;
use serde::de::DeserializeOwned;
use serde_json::{json, Map, Value};

use crate::error::Result;
use crate::seq2seq::family::Family;
use crate::seq2seq::settings::invalid;

/// `config.json` of an encoder-decoder.
pub(crate) struct Config<'a> {
    fields: &'a Value,
    path: &'a Path,
    family: Family,
}

/// The names that rust-bert has for activations, by published name.
const ACTIVATIONS: [(&str, &str); 10] = [
    ("gelu", "gelu"),
    ("gelu_python", "gelu"),
    ("gelu_new", "gelu_new"),
    ("gelu_fast", "gelu_new"),
    ("gelu_pytorch_tanh", "gelu_new"),
    ("relu", "relu"),
    ("swish", "swish"),
    ("silu", "swish"),
    ("mish", "mish"),
    ("tanh", "tanh"),
];

impl<'a> Config<'a> {
    pub(crate) fn new(fields: &'a Value, path: &'a Path, family: Family) -> Result<Self> {
        let config = Config { fields, path, family };
        config.check()?;
        Ok(config)
    }

    /// Pieces that the network knows.
    pub(crate) fn vocabulary(&self) -> Result<usize> {
        Ok(usize::try_from(self.size("vocab_size")?).unwrap_or_default())
    }

    /// Ids that a source may have at most, where the network has positions; else what it was trained with, as the
    /// files of the family say.
    pub(crate) fn positions(&self) -> Result<usize> {
        let positions = match self.family {
            Family::T5 | Family::Mt5 => self.number("n_positions").unwrap_or(512),
            Family::LongT5 => self.number("n_positions").unwrap_or(4096),
            // The decoder reads one position ahead, and positions start behind the padding's.
            Family::ProphetNet => {
                self.size("max_position_embeddings")? - 2 - self.number("pad_token_id").unwrap_or(0)
            }
            _ => self.size("max_position_embeddings")?,
        };
        usize::try_from(positions)
            .ok()
            .filter(|&positions| positions >= 8)
            .ok_or_else(|| self.invalid(format!("there are {positions} positions, too few for a sentence")))
    }

    pub(crate) fn padding(&self) -> Result<i64> {
        let padding = self.number("pad_token_id").ok_or_else(|| self.invalid("pad_token_id is missing"))?;
        let known = self.size("vocab_size")?;
        if (0..known).contains(&padding) {
            Ok(padding)
        } else {
            Err(self.invalid(format!("pad_token_id is {padding}; vocab_size is {known}")))
        }
    }

    /// Length of a piece's state.
    pub(crate) fn width(&self) -> Result<i64> {
        self.size(if self.family == Family::ProphetNet { "hidden_size" } else { "d_model" })
    }

    /// Whether scores come from the embedding of the pieces.
    pub(crate) fn is_tied(&self) -> bool {
        // mT5 was published so before the field was.
        self.fields.get("tie_word_embeddings").and_then(Value::as_bool).unwrap_or(self.family != Family::Mt5)
    }

    fn check(&self) -> Result<()> {
        let is_set = |field: &str| self.fields.get(field).and_then(Value::as_bool) == Some(true);
        let bart = matches!(self.family, Family::Bart | Family::Marian);
        if let Some(field) =
            ["normalize_before", "add_final_layer_norm"].into_iter().find(|field| bart && is_set(field))
        {
            return Err(self.invalid(format!("{field} is true, which rust-bert's BART does not know")));
        }
        let separate =
            self.fields.get("share_encoder_decoder_embeddings").and_then(Value::as_bool) == Some(false);
        if separate {
            return Err(self
                .invalid("share_encoder_decoder_embeddings is false; rust-bert has one embedding for both"));
        }
        let t5 = matches!(self.family, Family::T5 | Family::Mt5 | Family::LongT5);
        if !t5 && !self.is_tied() {
            return Err(self.invalid("tie_word_embeddings is false, which rust-bert knows for T5 only"));
        }
        if t5 {
            let layers = self.size("num_layers")?;
            let decoder = self.number("num_decoder_layers").unwrap_or(layers);
            if layers != decoder {
                return Err(self.invalid(format!(
                    "num_decoder_layers is {decoder}, num_layers {layers}; rust-bert has T5 with equal numbers only"
                )));
            }
            let feed = self.fields.get("feed_forward_proj").and_then(Value::as_str);
            if let Some(other) = feed.filter(|feed| !matches!(*feed, "relu" | "gated-gelu")) {
                return Err(self.invalid(format!("feed_forward_proj is `{other}`, not relu or gated-gelu")));
            }
        }
        for (width, heads) in [
            ("d_model", "encoder_attention_heads"),
            ("d_model", "decoder_attention_heads"),
            ("hidden_size", "num_encoder_attention_heads"),
            ("hidden_size", "num_decoder_attention_heads"),
        ] {
            if let (Some(width_is), Some(heads_are)) = (self.number(width), self.number(heads)) {
                if heads_are < 1 || width_is % heads_are != 0 {
                    return Err(
                        self.invalid(format!("{width} is {width_is}, no multiple of {heads}, {heads_are}"))
                    );
                }
            }
        }
        if self.number("ngram").is_some_and(|ngram| ngram < 1) {
            return Err(self.invalid("ngram is below 1"));
        }
        Ok(())
    }

    pub(crate) fn bart(&self) -> Result<BartConfig> {
        let mut fields = self.sizes()?;
        let marian = self.family == Family::Marian;
        // Older files say so; in newer ones the family stands for it, and rust-bert would take it for BART.
        fields.insert("normalize_embedding".to_owned(), json!(!marian));
        fields.insert("static_position_embeddings".to_owned(), json!(marian));
        fields.insert("num_hidden_layers".to_owned(), json!(self.size("encoder_layers")?));
        self.build(fields)
    }

    pub(crate) fn mbart(&self) -> Result<MBartConfig> {
        self.build(self.sizes()?)
    }

    pub(crate) fn t5(&self) -> Result<T5Config> {
        self.build(self.t5_fields()?)
    }

    pub(crate) fn longt5(&self) -> Result<LongT5Config> {
        let mut fields = self.t5_fields()?;
        fields.insert("local_radius".to_owned(), json!(self.number("local_radius").unwrap_or(127)));
        fields.insert("global_block_size".to_owned(), json!(self.number("global_block_size").unwrap_or(16)));
        let attention = self.fields.get("encoder_attention_type").cloned().unwrap_or_else(|| json!("local"));
        fields.insert("encoder_attention_type".to_owned(), attention);
        self.build(fields)
    }

    pub(crate) fn prophetnet(&self) -> Result<ProphetNetConfig> {
        let mut fields = Map::new();
        for name in [
            "hidden_size",
            "encoder_ffn_dim",
            "decoder_ffn_dim",
            "num_encoder_layers",
            "num_decoder_layers",
            "num_encoder_attention_heads",
            "num_decoder_attention_heads",
            "max_position_embeddings",
            "vocab_size",
        ] {
            fields.insert(name.to_owned(), json!(self.size(name)?));
        }
        for (name, usual) in [("ngram", 2), ("num_buckets", 32), ("relative_max_distance", 128)] {
            fields.insert(name.to_owned(), json!(self.number(name).unwrap_or(usual)));
        }
        for name in ["bos_token_id", "eos_token_id", "decoder_start_token_id"] {
            fields.insert(name.to_owned(), json!(self.number(name).unwrap_or(0)));
        }
        for name in ["activation_dropout", "attention_dropout", "dropout", "eps", "init_std"] {
            fields.insert(name.to_owned(), json!(0.0));
        }
        fields.insert("pad_token_id".to_owned(), json!(self.padding()?));
        fields.insert("activation_function".to_owned(), self.activation()?);
        fields.insert("disable_ngram_loss".to_owned(), json!(false));
        fields.insert("is_encoder_decoder".to_owned(), json!(true));
        fields.insert("add_cross_attention".to_owned(), json!(true));
        self.build(fields)
    }

    /// What BART and its descendants share.
    fn sizes(&self) -> Result<Map<String, Value>> {
        let mut fields = Map::new();
        for name in [
            "d_model",
            "encoder_layers",
            "decoder_layers",
            "encoder_attention_heads",
            "decoder_attention_heads",
            "encoder_ffn_dim",
            "decoder_ffn_dim",
            "max_position_embeddings",
            "vocab_size",
        ] {
            fields.insert(name.to_owned(), json!(self.size(name)?));
        }
        for name in [
            "activation_dropout",
            "attention_dropout",
            "dropout",
            "encoder_layerdrop",
            "decoder_layerdrop",
            "init_std",
        ] {
            fields.insert(name.to_owned(), json!(0.0));
        }
        let m2m100 = self.family == Family::M2m100;
        let scale = self.fields.get("scale_embedding").and_then(Value::as_bool).unwrap_or(m2m100);
        fields.insert("scale_embedding".to_owned(), json!(scale));
        fields.insert("activation_function".to_owned(), self.activation()?);
        fields.insert("pad_token_id".to_owned(), json!(self.padding()?));
        fields.insert("output_past".to_owned(), json!(true));
        Ok(fields)
    }

    fn t5_fields(&self) -> Result<Map<String, Value>> {
        let mut fields = Map::new();
        for name in ["d_model", "d_ff", "d_kv", "num_heads", "num_layers", "vocab_size"] {
            fields.insert(name.to_owned(), json!(self.size(name)?));
        }
        for (name, usual) in
            [("relative_attention_num_buckets", 32), ("relative_attention_max_distance", 128)]
        {
            fields.insert(name.to_owned(), json!(self.number(name).unwrap_or(usual)));
        }
        let usual = if self.family == Family::Mt5 { "gated-gelu" } else { "relu" };
        let feed = self.fields.get("feed_forward_proj").cloned().unwrap_or_else(|| json!(usual));
        fields.insert("feed_forward_proj".to_owned(), feed);
        let epsilon = self.fields.get("layer_norm_epsilon").and_then(Value::as_f64).unwrap_or(1e-6);
        fields.insert("layer_norm_epsilon".to_owned(), json!(epsilon));
        fields.insert("tie_word_embeddings".to_owned(), json!(self.is_tied()));
        fields.insert("dropout_rate".to_owned(), json!(0.0));
        fields.insert("initializer_factor".to_owned(), json!(1.0));
        Ok(fields)
    }

    fn activation(&self) -> Result<Value> {
        let usual = if self.family == Family::M2m100 { "relu" } else { "gelu" };
        let name = self.fields.get("activation_function").and_then(Value::as_str).unwrap_or(usual);
        let known = ACTIVATIONS.iter().find(|(published, _)| *published == name);
        let (_, known) = known.ok_or_else(|| {
            self.invalid(format!("activation_function is `{name}`, which rust-bert does not know"))
        })?;
        Ok(json!(known))
    }

    fn number(&self, field: &str) -> Option<i64> {
        self.fields.get(field).and_then(Value::as_i64)
    }

    /// A number from 1 up.
    fn size(&self, field: &str) -> Result<i64> {
        let size =
            self.number(field).ok_or_else(|| self.invalid(format!("{field} is missing or no number")))?;
        // Greater ones are no model's; products of two stay within range.
        if (1..=1 << 28).contains(&size) {
            Ok(size)
        } else {
            Err(self.invalid(format!("{field} is {size}")))
        }
    }

    fn build<T: DeserializeOwned>(&self, fields: Map<String, Value>) -> Result<T> {
        serde_json::from_value(Value::Object(fields)).map_err(|error| self.invalid(error.to_string()))
    }

    fn invalid(&self, message: impl Into<String>) -> crate::Error {
        invalid(self.path, message)
    }
}
