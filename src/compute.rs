//! Where models run and how their numbers are held.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Sets how many threads models use at the same time (default: one per core), for the whole process.
#[cfg(feature = "native")]
pub fn set_threads(threads: usize) {
    crate::engine::threads::set_threads(threads);
    #[cfg(feature = "torch")]
    crate::backend::set_threads(threads);
}

/// Where a model runs. Written `cpu`, `cuda:0`, `mps`.
///
/// A model is loaded onto the device that was asked for or not at all: there is no fall-back.
///
/// ```
/// use intisari::Device;
///
/// assert_eq!("cuda:1".parse::<Device>()?, Device::Cuda(1));
/// assert_eq!(Device::default().to_string(), "cpu");
/// # Ok::<(), intisari::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Device {
    /// The processor.
    #[default]
    Cpu,
    /// The NVIDIA card of this number, from 0.
    Cuda(usize),
    /// The graphics processor of an Apple computer.
    Mps,
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Device::Cpu => f.pad("cpu"),
            Device::Cuda(number) => f.pad(&format!("cuda:{number}")),
            Device::Mps => f.pad("mps"),
        }
    }
}

impl FromStr for Device {
    type Err = Error;

    /// Reads `cpu`, `cuda:N` (`cuda` is `cuda:0`) or `mps`.
    ///
    /// # Errors
    /// [`Error::Config`] that tells what can be written.
    fn from_str(text: &str) -> Result<Self, Error> {
        let card = |number: &str| number.parse().ok().map(Device::Cuda);
        let device = match text {
            "cpu" => Some(Device::Cpu),
            "cuda" => Some(Device::Cuda(0)),
            "mps" => Some(Device::Mps),
            _ => text.strip_prefix("cuda:").and_then(card),
        };
        device.ok_or_else(|| {
            Error::config(format!("there is no device `{text}`"), "write cpu, cuda:0, cuda:1, … or mps")
        })
    }
}

impl TryFrom<String> for Device {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Device> for String {
    fn from(device: Device) -> Self {
        device.to_string()
    }
}

/// How a model's weights are held and multiplied. Written `f32`, `bf16`, `f16`, `int8`.
///
/// Which of them a model can use is said where it is loaded; one that it cannot is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// 32-bit floats: the reference, slow and large.
    F32,
    /// 16-bit brain floats, on libtorch: fast where the processor knows them (AVX-512 BF16, AMX), slow elsewhere.
    Bf16,
    /// 16-bit floats of the usual kind, on libtorch, for graphics cards.
    F16,
    /// 8-bit integers with a scale per output and per token, for the built-in models: the fastest. Results do not depend
    /// on what else is in the batch.
    #[default]
    Int8,
}

impl Precision {
    /// All of them.
    pub const ALL: [Precision; 4] = [Precision::F32, Precision::Bf16, Precision::F16, Precision::Int8];

    fn as_str(self) -> &'static str {
        match self {
            Precision::F32 => "f32",
            Precision::Bf16 => "bf16",
            Precision::F16 => "f16",
            Precision::Int8 => "int8",
        }
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Precision {
    type Err = Error;

    /// # Errors
    /// [`Error::Config`] that tells what can be written.
    fn from_str(text: &str) -> Result<Self, Error> {
        Precision::ALL.into_iter().find(|precision| precision.as_str() == text).ok_or_else(|| {
            Error::config(format!("there is no precision `{text}`"), "write f32, bf16, f16 or int8")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_read_as_it_is_written() {
        for device in [Device::Cpu, Device::Cuda(0), Device::Cuda(11), Device::Mps] {
            assert_eq!(device.to_string().parse::<Device>().unwrap(), device);
            let json = serde_json::to_string(&device).unwrap();
            assert_eq!(serde_json::from_str::<Device>(&json).unwrap(), device);
        }
        assert_eq!("cuda".parse::<Device>().unwrap(), Device::Cuda(0));
        for text in ["", "CPU", "gpu", "cuda:", "cuda:-1", "cuda:x", "cuda:0 "] {
            let error = text.parse::<Device>().unwrap_err().to_string();
            assert!(error.contains(&format!("`{text}`")) && error.contains("write cpu"), "{error}");
        }
    }

    #[test]
    fn a_precision_is_read_as_it_is_written() {
        for precision in Precision::ALL {
            assert_eq!(precision.to_string().parse::<Precision>().unwrap(), precision);
            assert_eq!(serde_json::to_string(&precision).unwrap(), format!("\"{precision}\""));
        }
        assert!("fp16".parse::<Precision>().unwrap_err().to_string().contains("bf16"));
    }
}
