//! The families of published encoder-decoder models.

use std::fmt;
use std::path::Path;

use serde_json::Value;

use super::settings::invalid;
use crate::error::Result;

/// A family: which network, and how a text is dressed for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Family {
    Marian,
    /// M2M100, and NLLB, which differs in its language codes only.
    M2m100,
    Mbart,
    T5,
    Mt5,
    LongT5,
    Bart,
    Pegasus,
    ProphetNet,
}

/// `model_type` in `config.json`.
const TYPES: [(&str, Family); 9] = [
    ("marian", Family::Marian),
    ("m2m_100", Family::M2m100),
    ("mbart", Family::Mbart),
    ("t5", Family::T5),
    ("mt5", Family::Mt5),
    ("longt5", Family::LongT5),
    ("bart", Family::Bart),
    ("pegasus", Family::Pegasus),
    ("prophetnet", Family::ProphetNet),
];

impl Family {
    /// The family that `config` says.
    ///
    /// # Errors
    /// [`crate::Error::ModelInvalid`] naming the family that is not known.
    pub(crate) fn of(config: &Value, path: &Path) -> Result<Self> {
        let name = config.get("model_type").and_then(Value::as_str).unwrap_or_default();
        let found = TYPES.iter().find(|(known, _)| *known == name).map(|&(_, family)| family);
        found.ok_or_else(|| {
            let known = TYPES.map(|(known, _)| known).join(", ");
            let hint = match name {
                "" => "model_type is missing".to_owned(),
                "xlm-prophetnet"
                | "blenderbot"
                | "led"
                | "bigbird_pegasus"
                | "pegasus_x"
                | "umt5"
                | "switch_transformers"
                | "nllb-moe"
                | "fsmt" => {
                    format!("model_type is `{name}`, a family that rust-bert does not have")
                }
                _ => format!("model_type is `{name}`, no encoder-decoder that is known here"),
            };
            invalid(path, format!("{hint}; known are {known}"))
        })
    }

    /// Whether the family was made for many languages and has to be told which.
    pub(crate) fn names_languages(self) -> bool {
        matches!(self, Family::M2m100 | Family::Mbart)
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = TYPES.iter().find(|(_, family)| family == self).map_or("", |(name, _)| name);
        f.write_str(name)
    }
}
