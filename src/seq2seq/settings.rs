//! How a published model wants its text to be written: `generation_config.json`, or what `config.json` says of it.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, Result};

/// When beam search may end before no better text can come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum EarlyStopping {
    /// As soon as there are as many texts as beams.
    Yes,
    /// Where no running beam is better at its present length.
    #[default]
    Heuristic,
    /// Where no running beam can become better at any length.
    Never,
}

/// Settings of the search; lengths count ids and include the start piece.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Settings {
    /// Beams; 1 is greedy search.
    pub(crate) beams: usize,
    /// Ids at most, where the model says so.
    pub(crate) max_length: Option<usize>,
    /// No end before so many ids.
    pub(crate) min_length: usize,
    /// Scores are divided by the length to this power.
    pub(crate) length_penalty: f64,
    pub(crate) early_stopping: EarlyStopping,
    /// No run of so many ids twice; 0 allows all.
    pub(crate) no_repeat_ngram: usize,
    /// No run of so many ids of the source; 0 allows all.
    pub(crate) no_copied_ngram: usize,
    pub(crate) repetition_penalty: f32,
    /// Runs of ids that must not be written.
    pub(crate) forbidden: Vec<Vec<u32>>,
    pub(crate) suppressed: Vec<u32>,
    /// Not as the first id of the text.
    pub(crate) suppressed_first: Vec<u32>,
    /// The first id after the start piece.
    pub(crate) forced_start: Option<u32>,
    /// The id at the limit is one of these.
    pub(crate) forced_ends: Vec<u32>,
    /// Whether probabilities sum to one after pieces were forbidden.
    pub(crate) renormalize: bool,
    /// The piece that the decoder starts from.
    pub(crate) start: u32,
    /// The pieces that end a text.
    pub(crate) ends: Vec<u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            beams: 1,
            max_length: None,
            min_length: 0,
            length_penalty: 1.0,
            early_stopping: EarlyStopping::Heuristic,
            no_repeat_ngram: 0,
            no_copied_ngram: 0,
            repetition_penalty: 1.0,
            forbidden: Vec::new(),
            suppressed: Vec::new(),
            suppressed_first: Vec::new(),
            forced_start: None,
            forced_ends: Vec::new(),
            renormalize: false,
            start: 0,
            ends: Vec::new(),
        }
    }
}

/// One id or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Ids {
    One(u32),
    Many(Vec<u32>),
}

impl From<Ids> for Vec<u32> {
    fn from(ids: Ids) -> Self {
        match ids {
            Ids::One(id) => vec![id],
            Ids::Many(ids) => ids,
        }
    }
}

/// The fields of either file that matter; others are read past.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Stored {
    num_beams: Option<usize>,
    max_length: Option<usize>,
    max_new_tokens: Option<usize>,
    min_length: Option<usize>,
    min_new_tokens: Option<usize>,
    length_penalty: Option<f64>,
    early_stopping: Option<Value>,
    no_repeat_ngram_size: Option<usize>,
    encoder_no_repeat_ngram_size: Option<usize>,
    repetition_penalty: Option<f32>,
    bad_words_ids: Option<Vec<Vec<u32>>>,
    suppress_tokens: Option<Vec<u32>>,
    begin_suppress_tokens: Option<Vec<u32>>,
    forced_bos_token_id: Option<u32>,
    forced_eos_token_id: Option<Ids>,
    renormalize_logits: Option<bool>,
    decoder_start_token_id: Option<u32>,
    bos_token_id: Option<u32>,
    eos_token_id: Option<Ids>,
    // What this search cannot do.
    num_beam_groups: Option<usize>,
    encoder_repetition_penalty: Option<f64>,
    penalty_alpha: Option<f64>,
    sequence_bias: Option<Value>,
    exponential_decay_length_penalty: Option<Value>,
    force_words_ids: Option<Value>,
}

impl Settings {
    /// Reads `generation_config.json` of a folder; without one, what `config.json` says about generation. `task` names
    /// an entry of `task_specific_params` whose settings go before the others. Ids must be below `vocabulary`.
    ///
    /// # Errors
    /// [`Error::ModelInvalid`] naming file and field.
    pub(crate) fn read(folder: &Path, task: &str, vocabulary: usize) -> Result<Self> {
        let config_path = folder.join("config.json");
        let config = json(&config_path)?;
        let own = folder.join("generation_config.json");
        let (path, mut fields) =
            if own.exists() { (own.clone(), json(&own)?) } else { (config_path, config.clone()) };
        // Written into both files by old exports; the ids always stand in config.json.
        for field in ["decoder_start_token_id", "eos_token_id", "bos_token_id"] {
            let absent = fields.get(field).is_none_or(Value::is_null);
            if let (true, Some(value), Some(fields)) = (absent, config.get(field), fields.as_object_mut()) {
                fields.insert(field.to_owned(), value.clone());
            }
        }
        let special = config.get("task_specific_params").and_then(|tasks| tasks.get(task));
        if let (Some(special), Some(fields)) = (special.and_then(Value::as_object), fields.as_object_mut()) {
            fields.extend(special.clone());
        }
        let stored: Stored =
            serde_json::from_value(fields).map_err(|error| invalid(&path, error.to_string()))?;
        let settings = stored.settings().map_err(|message| invalid(&path, message))?;
        settings.check(vocabulary).map_err(|message| invalid(&path, message))?;
        Ok(settings)
    }

    fn check(&self, vocabulary: usize) -> Result<(), String> {
        let fields: [(&str, Vec<u32>); 8] = [
            ("decoder_start_token_id", vec![self.start]),
            ("eos_token_id", self.ends.clone()),
            ("forced_bos_token_id", self.forced_start.into_iter().collect()),
            ("forced_eos_token_id", self.forced_ends.clone()),
            ("bad_words_ids", self.forbidden.iter().flatten().copied().collect()),
            ("suppress_tokens", self.suppressed.clone()),
            ("begin_suppress_tokens", self.suppressed_first.clone()),
            ("num_beams", Vec::new()),
        ];
        for (field, ids) in fields {
            if let Some(id) = ids.iter().find(|&&id| id as usize >= vocabulary) {
                return Err(format!("{field} has {id}; the model knows {vocabulary} pieces"));
            }
        }
        Ok(())
    }
}

impl Stored {
    fn settings(self) -> Result<Settings, String> {
        let refused = [
            ("num_beam_groups", self.num_beam_groups.is_some_and(|groups| groups > 1)),
            (
                "encoder_repetition_penalty",
                self.encoder_repetition_penalty.is_some_and(|penalty| penalty != 1.0),
            ),
            ("penalty_alpha", self.penalty_alpha.is_some_and(|alpha| alpha > 0.0)),
            ("sequence_bias", self.sequence_bias.is_some()),
            ("exponential_decay_length_penalty", self.exponential_decay_length_penalty.is_some()),
            ("force_words_ids", self.force_words_ids.is_some()),
        ];
        if let Some((field, _)) = refused.into_iter().find(|&(_, set)| set) {
            return Err(format!("{field} is set, which greedy and beam search here do not know"));
        }
        let early_stopping = match self.early_stopping {
            None | Some(Value::Null | Value::Bool(false)) => EarlyStopping::Heuristic,
            Some(Value::Bool(true)) => EarlyStopping::Yes,
            Some(Value::String(never)) if never == "never" => EarlyStopping::Never,
            Some(other) => return Err(format!("early_stopping is {other}, not true, false or \"never\"")),
        };
        let start = self.decoder_start_token_id.or(self.bos_token_id);
        let ends: Vec<u32> = self.eos_token_id.map(Into::into).unwrap_or_default();
        let settings = Settings {
            beams: self.num_beams.unwrap_or(1),
            max_length: self.max_new_tokens.map(|new| new.saturating_add(1)).or(self.max_length),
            min_length: self
                .min_length
                .unwrap_or(0)
                .max(self.min_new_tokens.map_or(0, |new| new.saturating_add(1))),
            length_penalty: self.length_penalty.unwrap_or(1.0),
            early_stopping,
            no_repeat_ngram: self.no_repeat_ngram_size.unwrap_or(0),
            no_copied_ngram: self.encoder_no_repeat_ngram_size.unwrap_or(0),
            repetition_penalty: self.repetition_penalty.unwrap_or(1.0),
            forbidden: self
                .bad_words_ids
                .unwrap_or_default()
                .into_iter()
                .filter(|words| *words != ends)
                .collect(),
            suppressed: self.suppress_tokens.unwrap_or_default(),
            suppressed_first: self.begin_suppress_tokens.unwrap_or_default(),
            forced_start: self.forced_bos_token_id,
            forced_ends: self.forced_eos_token_id.map(Into::into).unwrap_or_default(),
            renormalize: self.renormalize_logits.unwrap_or(false),
            start: start.ok_or("decoder_start_token_id is missing")?,
            ends,
        };
        if !(1..=64).contains(&settings.beams) {
            return Err(format!("num_beams is {}, not 1 to 64", settings.beams));
        }
        if settings.max_length.is_some_and(|length| length < 2) {
            return Err(format!("max_length is {}", settings.max_length.unwrap_or_default()));
        }
        if !settings.length_penalty.is_finite() {
            return Err(format!("length_penalty is {}", settings.length_penalty));
        }
        if !(settings.repetition_penalty.is_finite() && settings.repetition_penalty > 0.0) {
            return Err(format!("repetition_penalty is {}", settings.repetition_penalty));
        }
        if settings.ends.is_empty() {
            return Err("eos_token_id is missing".to_owned());
        }
        Ok(settings)
    }
}

/// A JSON file of a model's folder.
///
/// # Errors
/// [`Error::ModelMissing`] or [`Error::ModelInvalid`] naming the file.
pub(crate) fn json(path: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => missing(path),
        _ => Error::io(path, error),
    })?;
    serde_json::from_str(&text).map_err(|error| invalid(path, error.to_string()))
}

pub(crate) fn missing(path: &Path) -> Error {
    let model = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let fix = "point to the folder of a model as it was published".to_owned();
    Error::ModelMissing { model: model.unwrap_or_default(), path: path.to_owned(), fix }
}

pub(crate) fn invalid(path: impl Into<PathBuf>, message: impl Into<String>) -> Error {
    let fix = "use the folder as it was published".to_owned();
    Error::ModelInvalid { path: path.into(), message: message.into(), fix }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(config: &str, generation: Option<&str>) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.json"), config).unwrap();
        if let Some(text) = generation {
            std::fs::write(folder.path().join("generation_config.json"), text).unwrap();
        }
        folder
    }

    fn read(config: &str, generation: Option<&str>) -> Result<Settings> {
        Settings::read(folder(config, generation).path(), "summarization", 50)
    }

    #[test]
    fn the_generation_file_goes_before_the_config() {
        let config = r#"{"num_beams": 2, "eos_token_id": 2, "decoder_start_token_id": 7, "max_length": 9}"#;
        let settings = read(config, None).unwrap();
        assert_eq!((settings.beams, settings.max_length, settings.start), (2, Some(9), 7));
        let generation = r#"{"num_beams": 6, "early_stopping": "never", "bad_words_ids": [[7], [2]],
            "forced_eos_token_id": 2, "renormalize_logits": true, "max_new_tokens": 20}"#;
        let settings = read(config, Some(generation)).unwrap();
        let expected = Settings {
            beams: 6,
            max_length: Some(21),
            early_stopping: EarlyStopping::Never,
            forbidden: vec![vec![7]],
            forced_ends: vec![2],
            renormalize: true,
            start: 7,
            ends: vec![2],
            ..Settings::default()
        };
        assert_eq!(settings, expected);
    }

    #[test]
    fn a_task_has_its_own_settings() {
        let config = r#"{"eos_token_id": 1, "decoder_start_token_id": 0, "task_specific_params":
            {"summarization": {"num_beams": 4, "length_penalty": 2.0, "prefix": "summarize: "}}}"#;
        let settings = read(config, None).unwrap();
        assert_eq!((settings.beams, settings.length_penalty), (4, 2.0));
    }

    #[test]
    fn errors_name_file_and_field() {
        let config = r#"{"eos_token_id": 2, "decoder_start_token_id": 7}"#;
        for (generation, expected) in [
            (r#"{"forced_bos_token_id": 50}"#, "forced_bos_token_id has 50"),
            (r#"{"num_beam_groups": 2}"#, "num_beam_groups"),
            (r#"{"num_beams": 0}"#, "num_beams is 0"),
            (r#"{"early_stopping": "often"}"#, "early_stopping"),
            (r#"{"length_penalty": "long"}"#, "string"),
            ("{", "EOF"),
        ] {
            let error = read(config, Some(generation)).unwrap_err().to_string();
            assert!(error.contains(expected) && error.contains("generation_config.json"), "{error}");
        }
        let error = read("{}", None).unwrap_err().to_string();
        assert!(error.contains("decoder_start_token_id") && error.contains("config.json"), "{error}");
        let empty = tempfile::tempdir().unwrap();
        let error = Settings::read(empty.path(), "", 1).unwrap_err().to_string();
        assert!(error.contains("config.json is missing"), "{error}");
    }
}
