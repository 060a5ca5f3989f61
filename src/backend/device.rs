//! From the caller's choice of device and precision to the engine's.

use tch::{Cuda, Kind};

use crate::compute::{Device, Precision};
use crate::error::{Error, Result};

impl Device {
    /// Whether the engine can run models on it.
    pub fn is_available(self) -> bool {
        match self {
            Device::Cpu => true,
            Device::Cuda(number) => i64::try_from(number).is_ok_and(|number| number < Cuda::device_count()),
            Device::Mps => tch::utils::has_mps(),
        }
    }

    /// The engine's name for it.
    ///
    /// # Errors
    /// [`Error::Config`] where there is no such device.
    pub(crate) fn open(self) -> Result<tch::Device> {
        if !self.is_available() {
            let cards = match Cuda::device_count() {
                0 => "cpu".to_owned(),
                1 => "cpu or cuda:0".to_owned(),
                count => format!("cpu or cuda:0 to cuda:{}", count - 1),
            };
            let message = format!("the device {self} is not there, or this libtorch was built without it");
            return Err(Error::config(message, format!("choose {cards}, or install a libtorch with {self}")));
        }
        Ok(match self {
            Device::Cpu => tch::Device::Cpu,
            Device::Cuda(number) => tch::Device::Cuda(number),
            Device::Mps => tch::Device::Mps,
        })
    }
}

impl Precision {
    /// The engine's kind of float.
    ///
    /// # Errors
    /// [`Error::Config`] for 8-bit integers, which the engine's own layers do not know.
    pub(crate) fn float(self) -> Result<Kind> {
        match self {
            Precision::F32 => Ok(Kind::Float),
            Precision::Bf16 => Ok(Kind::BFloat16),
            Precision::F16 => Ok(Kind::Half),
            Precision::Int8 => {
                Err(Error::config("libtorch computes in floats only, not in int8", "choose f32, bf16 or f16"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_device_is_an_error_that_names_it() {
        assert_eq!(Device::Cpu.open().unwrap(), tch::Device::Cpu);
        let error = Device::Cuda(99).open().unwrap_err().to_string();
        assert!(error.contains("cuda:99") && error.contains("choose cpu"), "{error}");
        assert!(Precision::Int8.float().unwrap_err().to_string().contains("int8"));
    }
}
