//! What `config.json` of a published model for token classification says.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::error::{Error, Result};

/// The families of encoders, by `model_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Bert,
    /// RoBERTa, XLM-RoBERTa, CamemBERT: one network with different vocabularies.
    Roberta,
    DistilBert,
    Electra,
    Albert,
    Deberta,
    /// DeBERTa v2 and v3.
    DebertaV2,
}

const FAMILIES: [(&str, Family); 9] = [
    ("bert", Family::Bert),
    ("roberta", Family::Roberta),
    ("xlm-roberta", Family::Roberta),
    ("camembert", Family::Roberta),
    ("distilbert", Family::DistilBert),
    ("electra", Family::Electra),
    ("albert", Family::Albert),
    ("deberta", Family::Deberta),
    ("deberta-v2", Family::DebertaV2),
];

/// The epsilon of norms that rust-bert has built in.
const BUILT_IN_EPSILON: f64 = 1e-12;

/// The fields that matter here, under the names that most families use; DistilBERT has its own.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Config {
    model_type: String,
    pub(crate) vocab_size: i64,
    #[serde(alias = "dim")]
    pub(crate) hidden_size: i64,
    #[serde(alias = "n_layers")]
    pub(crate) num_hidden_layers: i64,
    #[serde(alias = "n_heads")]
    pub(crate) num_attention_heads: i64,
    #[serde(alias = "hidden_dim")]
    pub(crate) intermediate_size: i64,
    #[serde(alias = "activation")]
    hidden_act: String,
    pub(crate) max_position_embeddings: i64,
    type_vocab_size: Option<i64>,
    layer_norm_eps: Option<f64>,
    pad_token_id: Option<i64>,
    embedding_size: Option<i64>,
    position_embedding_type: Option<String>,
    #[serde(default)]
    pub(crate) sinusoidal_pos_embds: bool,
    // ALBERT
    #[serde(default = "one")]
    pub(crate) num_hidden_groups: i64,
    #[serde(default = "one")]
    pub(crate) inner_group_num: i64,
    // DeBERTa
    #[serde(default)]
    pub(crate) relative_attention: bool,
    max_relative_positions: Option<i64>,
    position_buckets: Option<i64>,
    #[serde(default)]
    pos_att_type: Listed,
    #[serde(default = "yes")]
    pub(crate) position_biased_input: bool,
    #[serde(default)]
    pub(crate) share_att_key: bool,
    #[serde(default)]
    norm_rel_ebd: Listed,
    #[serde(default)]
    pub(crate) talking_head: bool,
    #[serde(default)]
    pub(crate) conv_kernel_size: i64,
    #[serde(default = "one")]
    pub(crate) conv_groups: i64,
    conv_act: Option<String>,
    /// Labels by their number.
    #[serde(default)]
    pub(crate) id2label: BTreeMap<usize, String>,
    /// What training found out about using the model.
    #[serde(default)]
    pub(crate) intisari: Settings,
}

/// Names in a list, or in one string with bars between them.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Listed {
    Bars(String),
    List(Vec<String>),
    None(()),
}

impl Default for Listed {
    fn default() -> Self {
        Listed::None(())
    }
}

impl Listed {
    fn names(&self) -> Vec<&str> {
        match self {
            Listed::Bars(text) => {
                text.split('|').map(str::trim).filter(|name| !name.is_empty() && *name != "none").collect()
            }
            Listed::List(names) => names.iter().map(String::as_str).collect(),
            Listed::None(()) => Vec::new(),
        }
    }
}

/// Settings that belong to the weights, under `intisari` in `config.json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    /// Scores are divided by this before probabilities are taken.
    pub(crate) temperature: f32,
    /// Names with a lower score are left out.
    pub(crate) threshold: f32,
    /// Most pieces in a window, special ones not counted.
    pub(crate) window_pieces: usize,
    /// Most sentences in a window.
    pub(crate) window_sentences: usize,
    /// `int8-rows` where the weights are stored in int8: then the model computes in int8 as well.
    pub(crate) weights: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { temperature: 1.0, threshold: 0.0, window_pieces: 254, window_sentences: 1, weights: None }
    }
}

fn one() -> i64 {
    1
}

fn yes() -> bool {
    true
}

/// What stands between the linear layers of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activation {
    Gelu,
    /// By the hyperbolic tangent.
    GeluNew,
    Relu,
    Swish,
    Mish,
    Tanh,
}

fn activation(name: &str) -> Option<Activation> {
    Some(match name {
        "gelu" | "gelu_python" => Activation::Gelu,
        "gelu_new" | "gelu_pytorch_tanh" | "gelu_fast" => Activation::GeluNew,
        "relu" => Activation::Relu,
        "silu" | "swish" => Activation::Swish,
        "mish" => Activation::Mish,
        "tanh" => Activation::Tanh,
        _ => return None,
    })
}

impl Config {
    /// Reads and checks the file.
    ///
    /// # Errors
    /// [`Error::ModelInvalid`] naming the field at fault.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let invalid = |message: String| Error::ModelInvalid {
            path: path.to_owned(),
            message,
            fix: "use a folder of a model for token classification as published".to_owned(),
        };
        let text = std::fs::read_to_string(path).map_err(|source| Error::io(path, source))?;
        // Other tasks' models have other fields: the type is looked at first.
        #[derive(Deserialize)]
        struct Kind {
            model_type: Option<String>,
        }
        let kind: Kind = serde_json::from_str(&text).map_err(|error| invalid(error.to_string()))?;
        let kind = kind.model_type.ok_or_else(|| invalid("model_type is missing".to_owned()))?;
        if !FAMILIES.iter().any(|&(name, _)| name == kind) {
            let known: Vec<&str> = FAMILIES.iter().map(|&(name, _)| name).collect();
            return Err(invalid(format!("model_type is `{kind}`, not one of {}", known.join(", "))));
        }
        let config: Config = serde_json::from_str(&text).map_err(|error| invalid(error.to_string()))?;
        config.check().map_err(invalid)?;
        Ok(config)
    }

    fn check(&self) -> Result<(), String> {
        let sizes = [
            ("vocab_size", self.vocab_size),
            ("hidden_size", self.hidden_size),
            ("num_hidden_layers", self.num_hidden_layers),
            ("num_attention_heads", self.num_attention_heads),
            ("intermediate_size", self.intermediate_size),
            ("embedding_size", self.embedding_size()),
            ("num_hidden_groups", self.num_hidden_groups),
            ("inner_group_num", self.inner_group_num),
            ("conv_groups", self.conv_groups),
        ];
        if let Some((field, size)) = sizes.into_iter().find(|&(_, size)| size < 1) {
            return Err(format!("{field} is {size}"));
        }
        let family = self.family();
        if self.types() < i64::from(!self.is_deberta() && family != Family::DistilBert) {
            return Err(format!("type_vocab_size is {}", self.types()));
        }
        if self.hidden_size % self.num_attention_heads != 0 {
            return Err("hidden_size is no multiple of num_attention_heads".to_owned());
        }
        if self.positions() < 4 {
            return Err(format!(
                "max_position_embeddings is {}: room for {} pieces",
                self.max_position_embeddings,
                self.positions()
            ));
        }
        if !(0..self.vocab_size).contains(&self.padding()) {
            return Err(format!("pad_token_id is {}, vocab_size {}", self.padding(), self.vocab_size));
        }
        let epsilon = self.epsilon();
        if !(epsilon.is_finite() && epsilon > 0.0) {
            return Err(format!("layer_norm_eps is {epsilon}"));
        }
        if matches!(family, Family::Electra | Family::DistilBert) && !self.has_built_in_epsilon() {
            return Err(format!(
                "layer_norm_eps is {epsilon}, only 1e-12 is supported for {}",
                self.model_type
            ));
        }
        for (field, name) in [("hidden_act", Some(&self.hidden_act)), ("conv_act", self.conv_act.as_ref())] {
            if let Some(name) = name.filter(|name| activation(name).is_none()) {
                return Err(format!("{field} `{name}` is not supported"));
            }
        }
        if let Some(kind) = self.position_embedding_type.as_ref().filter(|kind| *kind != "absolute") {
            return Err(format!("position_embedding_type `{kind}` is not supported, only `absolute`"));
        }
        // rust-bert makes as many groups as a group has layers.
        if self.num_hidden_groups != self.inner_group_num
            || self.num_hidden_layers % self.num_hidden_groups != 0
        {
            return Err(format!(
                "num_hidden_groups is {}, inner_group_num {}: rust-bert can only run as many of one as of the other",
                self.num_hidden_groups, self.inner_group_num
            ));
        }
        if let Some(kind) = self.pos_att_type.names().into_iter().find(|kind| !["c2p", "p2c"].contains(kind))
        {
            return Err(format!("pos_att_type `{kind}` is not supported, only c2p and p2c"));
        }
        if let Some(kind) = self.norm_rel_ebd.names().into_iter().find(|&kind| kind != "layer_norm") {
            return Err(format!("norm_rel_ebd `{kind}` is not supported, only layer_norm"));
        }
        if self.talking_head {
            return Err("talking_head is not supported".to_owned());
        }
        if self.conv_kernel_size > 0 && self.conv_kernel_size % 2 == 0 {
            return Err(format!("conv_kernel_size is {}, an even number", self.conv_kernel_size));
        }
        if self.buckets() == 1 {
            return Err("position_buckets is 1".to_owned());
        }
        let Settings { temperature, threshold, window_pieces, window_sentences, .. } = self.intisari;
        if !(temperature.is_finite() && temperature > 0.0) {
            return Err(format!("intisari.temperature is {temperature}"));
        }
        if !(0.0..=1.0).contains(&threshold) {
            return Err(format!("intisari.threshold is {threshold}"));
        }
        if window_pieces < 2 || window_sentences < 1 {
            return Err(format!(
                "intisari.window_pieces is {window_pieces}, intisari.window_sentences {window_sentences}"
            ));
        }
        Ok(())
    }

    pub(crate) fn family(&self) -> Family {
        let named = FAMILIES.iter().find(|&&(name, _)| name == self.model_type);
        named.map_or(Family::Bert, |&(_, family)| family)
    }

    pub(crate) fn is_deberta(&self) -> bool {
        matches!(self.family(), Family::Deberta | Family::DebertaV2)
    }

    /// Most pieces of an input, special ones included.
    pub(crate) fn positions(&self) -> usize {
        usize::try_from(self.max_position_embeddings - self.first_position()).unwrap_or_default()
    }

    /// How many pieces the model knows.
    pub(crate) fn vocabulary(&self) -> usize {
        usize::try_from(self.vocab_size).unwrap_or_default()
    }

    /// The piece that fills short inputs up.
    pub(crate) fn padding(&self) -> i64 {
        self.pad_token_id.unwrap_or(i64::from(self.family() == Family::Roberta))
    }

    /// The position of an input's first piece: RoBERTa counts from behind the number of its padding.
    pub(crate) fn first_position(&self) -> i64 {
        if self.family() == Family::Roberta {
            self.padding() + 1
        } else {
            0
        }
    }

    pub(crate) fn epsilon(&self) -> f64 {
        self.layer_norm_eps.unwrap_or(match self.family() {
            Family::Deberta | Family::DebertaV2 => 1e-7,
            Family::Roberta => 1e-5,
            _ => BUILT_IN_EPSILON,
        })
    }

    /// Whether the norms have the epsilon that rust-bert gives them.
    pub(crate) fn has_built_in_epsilon(&self) -> bool {
        (self.epsilon() - BUILT_IN_EPSILON).abs() <= 1e-13
    }

    pub(crate) fn activation(&self) -> Activation {
        activation(&self.hidden_act).unwrap_or(Activation::Gelu)
    }

    pub(crate) fn conv_activation(&self) -> Activation {
        self.conv_act.as_deref().and_then(activation).unwrap_or(Activation::Tanh)
    }

    pub(crate) fn types(&self) -> i64 {
        self.type_vocab_size.unwrap_or(match self.family() {
            Family::Deberta | Family::DebertaV2 | Family::DistilBert => 0,
            Family::Roberta => 1,
            _ => 2,
        })
    }

    /// Length of a piece's vector before the first layer.
    pub(crate) fn embedding_size(&self) -> i64 {
        let narrow = match self.family() {
            Family::Electra | Family::Albert => Some(128),
            _ => None,
        };
        self.embedding_size.or(narrow).unwrap_or(self.hidden_size)
    }

    /// How far apart pieces may stand before their distance no longer counts.
    pub(crate) fn distances(&self) -> i64 {
        self.max_relative_positions.filter(|&most| most > 0).unwrap_or(self.max_position_embeddings)
    }

    /// How many distances are told apart to either side; 0 where all are.
    pub(crate) fn buckets(&self) -> i64 {
        self.position_buckets.filter(|_| self.family() == Family::DebertaV2).unwrap_or(0).max(0)
    }

    /// Whether the scores of attention look at content and position (`c2p`), or position and content (`p2c`).
    pub(crate) fn attends(&self, kind: &str) -> bool {
        self.pos_att_type.names().contains(&kind)
    }

    pub(crate) fn norms_distances(&self) -> bool {
        !self.norm_rel_ebd.names().is_empty()
    }
}
