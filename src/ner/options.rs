//! How a recognizer is loaded.

use serde::{Deserialize, Serialize};

use crate::compute::{Device, Precision};

/// Where and how a [`TorchRecognizer`](super::TorchRecognizer) computes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RecognizerOptions {
    /// Where the model runs.
    pub device: Device,
    /// How its weights are held: `f32`, `bf16` or `f16`.
    pub precision: Precision,
}

impl Default for RecognizerOptions {
    /// On the processor, in [`Precision::F32`].
    fn default() -> Self {
        RecognizerOptions { device: Device::Cpu, precision: Precision::F32 }
    }
}
