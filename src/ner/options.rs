//! How a recognizer is loaded.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::compute::{Device, Precision};
use crate::document::Label;

/// How labels mark the words of a mention.
///
/// `E-` or `L-` for the last word and `S-` or `U-` for a mention of one word (BIOES, BILOU) speak for themselves and
/// need no setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// As the labels look. Without `B-`, `I-` and the like they are [`Plain`](Scheme::Plain). With them they are
    /// [`Iob1`](Scheme::Iob1) where some type has `I-` and no `B-` (and none has `E-` or `S-`), since in IOB2 every
    /// type has `B-`; else [`Iob2`](Scheme::Iob2). A set that has all labels does not tell the two apart.
    #[default]
    Auto,
    /// A mention starts with `I-`; `B-` only parts it from one of the same type right before it.
    Iob1,
    /// A mention starts with `B-`.
    Iob2,
    /// A label is a type; neighboring words of one type are one mention.
    Plain,
}

/// Where and how an `EncoderRecognizer` computes, and what its labels mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RecognizerOptions {
    /// Where the model runs. Default: the processor.
    pub device: Device,
    /// How it computes. Default: in int8 if its weights are stored so, else in f32. `bf16`, `f16` and other devices than
    /// the processor need the feature `torch`.
    pub precision: Option<Precision>,
    /// How its labels mark the words of a mention. Default: as they look.
    pub scheme: Scheme,
    /// What its types are, where their names are not those of the usual sets or should be read otherwise; `None` leaves a type out. Case
    /// does not count. Default: none.
    pub labels: BTreeMap<String, Option<Label>>,
    /// Names with a lower score, 0 to 1, are left out. Default: the model's `intisari.threshold`, and 0 for models that
    /// have none. The built-in model's is the one with the best F1 on the valid splits that it was trained beside.
    #[serde(serialize_with = "crate::document::shortest::serialize")]
    pub threshold: Option<f32>,
}

impl Default for RecognizerOptions {
    /// On the processor, in the precision that suits the model, labels as they look.
    fn default() -> Self {
        RecognizerOptions {
            device: Device::Cpu,
            precision: None,
            scheme: Scheme::Auto,
            labels: BTreeMap::new(),
            threshold: None,
        }
    }
}
