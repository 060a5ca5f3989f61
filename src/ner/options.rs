//! How a recognizer is loaded.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::compute::{Device, Precision};
use crate::document::Label;
use crate::ner::decode::Scheme;

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
    /// What its types are, where [`LabelSet`](super::decode::LabelSet) does not know them or should read them
    /// otherwise; `None` leaves a type out. Case does not count. Default: none.
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
