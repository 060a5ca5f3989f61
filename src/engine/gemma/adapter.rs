//! LoRA adapters in the layout of the Python library PEFT, added to the base weights at load time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use safetensors::SafeTensors;
use serde::Deserialize;

use super::config::Config;
use crate::engine::encoder::floats;
use crate::engine::linear::{Linear, Scratch};
use crate::error::{Error, Result};

/// What a folder of an adapter holds.
pub(super) const FILES: [&str; 2] = ["adapter_config.json", "adapter_model.safetensors"];
const PREFIX: &str = "base_model.model.model.layers.";

/// A projection that an adapter may change, with its name in PEFT and in GGUF.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Projection {
    Query,
    Key,
    Value,
    Output,
    Gate,
    Up,
    Down,
}

impl Projection {
    pub const ALL: [Projection; 7] = [
        Projection::Query,
        Projection::Key,
        Projection::Value,
        Projection::Output,
        Projection::Gate,
        Projection::Up,
        Projection::Down,
    ];

    /// Path of the module inside a layer, as transformers names it.
    fn module(self) -> &'static str {
        match self {
            Projection::Query => "self_attn.q_proj",
            Projection::Key => "self_attn.k_proj",
            Projection::Value => "self_attn.v_proj",
            Projection::Output => "self_attn.o_proj",
            Projection::Gate => "mlp.gate_proj",
            Projection::Up => "mlp.up_proj",
            Projection::Down => "mlp.down_proj",
        }
    }

    /// Name of the tensor inside a block of a GGUF file.
    pub fn gguf(self) -> &'static str {
        match self {
            Projection::Query => "attn_q",
            Projection::Key => "attn_k",
            Projection::Value => "attn_v",
            Projection::Output => "attn_output",
            Projection::Gate => "ffn_gate",
            Projection::Up => "ffn_up",
            Projection::Down => "ffn_down",
        }
    }

    /// Outputs and inputs.
    pub fn shape(self, config: &Config) -> [usize; 2] {
        match self {
            Projection::Query => [config.query(), config.hidden],
            Projection::Key | Projection::Value => [config.key(), config.hidden],
            Projection::Output => [config.hidden, config.query()],
            Projection::Gate | Projection::Up => [config.inner, config.hidden],
            Projection::Down => [config.hidden, config.inner],
        }
    }
}

/// `adapter_config.json`: what is used, and what is refused since it would change the meaning.
#[derive(Debug, Deserialize)]
struct Settings {
    peft_type: String,
    r: usize,
    lora_alpha: f64,
    #[serde(default)]
    use_rslora: bool,
    #[serde(default)]
    use_dora: bool,
    #[serde(default)]
    bias: Option<String>,
    #[serde(default)]
    rank_pattern: BTreeMap<String, usize>,
    #[serde(default)]
    alpha_pattern: BTreeMap<String, f64>,
    #[serde(default)]
    modules_to_save: Option<Vec<String>>,
    target_modules: Vec<String>,
}

/// The two factors of a change of one matrix: `up` [outputs, r] times `down` [r, inputs].
#[derive(Debug, Default)]
struct Factors {
    down: Option<Vec<f32>>,
    up: Option<Vec<f32>>,
}

/// An adapter, read and checked.
#[derive(Debug)]
pub(crate) struct Adapter {
    scale: f32,
    rank: usize,
    factors: BTreeMap<(usize, Projection), (Vec<f32>, Linear)>,
}

impl Adapter {
    /// Reads `adapter_config.json` and `adapter_model.safetensors` of `folder`.
    ///
    /// # Errors
    /// Where a file is missing, asks for something that is not supported, or does not fit the model; the message
    /// names file and field.
    pub fn read(folder: &Path, config: &Config) -> Result<Self> {
        let [settings_path, path] = FILES.map(|name| folder.join(name));
        let settings = settings(&settings_path)?;
        let bytes = std::fs::read(&path).map_err(|error| Error::io(&path, error))?;
        let tensors = SafeTensors::deserialize(&bytes)
            .map_err(|error| invalid(&path, format!("no tensors: {error}")))?;

        let mut halves: BTreeMap<(usize, Projection), Factors> = BTreeMap::new();
        for (name, view) in tensors.tensors() {
            let Some((layer, projection, side)) = parse(&name, config.layers) else {
                return Err(invalid(&path, format!("the tensor {name} belongs to no layer of this model")));
            };
            let [outputs, inputs] = projection.shape(config);
            let expected = if side == Side::Down { [settings.r, inputs] } else { [outputs, settings.r] };
            if view.shape() != expected {
                let message = format!("{name} has shape {:?}, expected {expected:?}", view.shape());
                return Err(invalid(&path, message));
            }
            let tensor = floats(view.data(), view.dtype()).ok_or_else(|| {
                let dtype = view.dtype();
                invalid(&path, format!("{name} is {dtype:?}, expected F32, F16 or BF16"))
            })?;
            let factors = halves.entry((layer, projection)).or_default();
            match side {
                Side::Down => factors.down = Some(tensor),
                Side::Up => factors.up = Some(tensor),
            }
        }

        let mut factors = BTreeMap::new();
        for ((layer, projection), half) in halves {
            let Factors { down: Some(down), up: Some(up) } = half else {
                let message =
                    format!("layer {layer}, {}: one of lora_A and lora_B is missing", projection.module());
                return Err(invalid(&path, message));
            };
            factors.insert((layer, projection), (down, Linear::f32(&up, settings.r, usize::MAX)));
        }
        for target in &settings.target_modules {
            let met = |projection: Projection| projection.module().ends_with(target.as_str());
            if !factors.keys().any(|&(_, projection)| met(projection)) {
                let message = format!("target_modules names `{target}`, the tensors do not change it");
                return Err(invalid(&settings_path, message));
            }
        }
        let rank = settings.r as f64;
        let scale = (settings.lora_alpha / if settings.use_rslora { rank.sqrt() } else { rank }) as f32;
        if !scale.is_finite() {
            let message = "lora_alpha makes weights that are no numbers".to_owned();
            return Err(invalid(&settings_path, message));
        }
        Ok(Adapter { scale, rank: settings.r, factors })
    }

    /// Adds this adapter's change to `weight` [outputs, inputs] of a layer.
    pub fn merge(&self, layer: usize, projection: Projection, weight: &mut [f32]) {
        let Some((down, up)) = self.factors.get(&(layer, projection)) else { return };
        // Both factors, multiplied the other way round: the rows of `changed` are the columns of the change.
        let inputs = down.len() / self.rank;
        let columns: Vec<f32> =
            (0..inputs).flat_map(|input| down.iter().skip(input).step_by(inputs).copied()).collect();
        let mut changed = Vec::new();
        up.forward(&columns, inputs, &mut changed, &mut Scratch::default());
        let outputs = up.outputs();
        for (row, weights) in weight.chunks_mut(inputs).enumerate() {
            let change = changed.iter().skip(row).step_by(outputs);
            weights.iter_mut().zip(change).for_each(|(weight, change)| *weight += change * self.scale);
        }
    }
}

fn settings(path: &Path) -> Result<Settings> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::io(path, error))?;
    let settings: Settings = serde_json::from_str(&text).map_err(|error| invalid(path, error.to_string()))?;
    let refused = if settings.peft_type != "LORA" {
        Some(format!("peft_type is `{}`, only `LORA` is supported", settings.peft_type))
    } else if settings.r == 0 {
        Some("r is 0".to_owned())
    } else if settings.use_dora {
        Some("use_dora is not supported".to_owned())
    } else if settings.bias.as_deref().is_some_and(|bias| bias != "none") {
        Some("bias must be `none`".to_owned())
    } else if !settings.rank_pattern.is_empty() || !settings.alpha_pattern.is_empty() {
        Some("rank_pattern and alpha_pattern are not supported".to_owned())
    } else if settings.modules_to_save.as_ref().is_some_and(|modules| !modules.is_empty()) {
        Some("modules_to_save is not supported".to_owned())
    } else {
        None
    };
    refused.map_or(Ok(settings), |message| Err(invalid(path, message)))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Down,
    Up,
}

/// Layer, projection and side of a tensor's name.
fn parse(name: &str, layers: usize) -> Option<(usize, Projection, Side)> {
    let (layer, rest) = name.strip_prefix(PREFIX)?.split_once('.')?;
    let layer = layer.parse().ok().filter(|&layer| layer < layers)?;
    let (module, side) = rest
        .strip_suffix(".lora_A.weight")
        .map(|module| (module, Side::Down))
        .or_else(|| rest.strip_suffix(".lora_B.weight").map(|module| (module, Side::Up)))?;
    let projection = Projection::ALL.into_iter().find(|projection| projection.module() == module)?;
    Some((layer, projection, side))
}

fn invalid(path: &Path, message: String) -> Error {
    let fix = "use an adapter that was trained for this model".to_owned();
    Error::ModelInvalid { path: PathBuf::from(path), message, fix }
}
