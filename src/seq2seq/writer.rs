//! From texts to texts: a folder's vocabulary, settings and network together.

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::family::Family;
use super::search::{search, Source, Written};
use super::settings::{invalid, json, Settings};
use super::vocabulary::Vocabulary;
use crate::backend::seq2seq::Model;
use crate::compute::{Device, Precision};
use crate::error::{Error, Result};
use crate::progress::Stage;

/// How an encoder-decoder model is run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Seq2SeqOptions {
    /// Where the model runs; the CPU by default.
    pub device: Device,
    /// How its numbers are held: f32 (the default), bf16 or f16.
    pub precision: Precision,
    /// Beams of the search, 1 to 64; as the model's files say where this is not set. One is the fastest.
    pub beams: Option<usize>,
    /// Texts that are read and written at the same time; more are faster and need more memory. 8 by default.
    pub batch_texts: usize,
    /// Put in front of every text; what the model's files or its family ask for where this is not set. For a Marian model
    /// of many languages it is the code of English, such as `>>eng<<`.
    pub prefix: Option<String>,
    /// Longer texts are cut into parts of at most so many bytes for translation, also where the model could read more.
    /// 1,000 by default. Summaries are made from as much as it can read.
    pub max_text_bytes: usize,
}

impl Default for Seq2SeqOptions {
    fn default() -> Self {
        Seq2SeqOptions {
            device: Device::Cpu,
            precision: Precision::F32,
            beams: None,
            batch_texts: 8,
            prefix: None,
            max_text_bytes: 1000,
        }
    }
}

impl Seq2SeqOptions {
    /// Checks that the values make sense.
    ///
    /// # Errors
    /// [`Error::Config`] naming the field.
    pub fn validate(&self) -> Result<()> {
        for (name, value) in [("batch_texts", self.batch_texts), ("max_text_bytes", self.max_text_bytes)] {
            if value == 0 {
                return Err(Error::config(format!("{name} is 0"), "set it to 1 or more"));
            }
        }
        if let Some(beams) = self.beams.filter(|beams| !(1..=64).contains(beams)) {
            return Err(Error::config(format!("beams is {beams}"), "set it to 1 to 64"));
        }
        if self.precision == Precision::Int8 {
            let fix = "set precision to f32, bf16 or f16";
            return Err(Error::config("int8 is for the built-in translator only", fix));
        }
        Ok(())
    }
}

/// What a model is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    Translation,
    Summary,
}

impl Task {
    /// Names under which `task_specific_params` may have settings.
    fn name(self) -> &'static str {
        match self {
            Task::Translation => "translation_id_to_en",
            Task::Summary => "summarization",
        }
    }

    fn stage(self) -> Stage {
        match self {
            Task::Translation => Stage::Translate,
            Task::Summary => Stage::Summarize,
        }
    }

    fn families(self) -> &'static [Family] {
        match self {
            Task::Translation => &[Family::Marian, Family::M2m100, Family::Mbart, Family::T5, Family::Mt5],
            Task::Summary => {
                &[Family::Bart, Family::Pegasus, Family::T5, Family::Mt5, Family::LongT5, Family::ProphetNet]
            }
        }
    }
}

/// Ids of a usual sentence: none is cut for a limit below.
const SENTENCE: usize = 64;
/// Ids that a text may have more than twice those of its source, where the model's files say nothing.
const SPARE: usize = 20;

/// A text that a model wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    /// Its ids without the start piece and the end piece.
    pub(crate) ids: Vec<u32>,
    /// Whether it was ended by the limit.
    pub(crate) limited: bool,
}

/// An encoder-decoder model of a folder, from text to text.
pub(crate) struct Writer {
    vocabulary: Vocabulary,
    settings: Settings,
    model: Model,
    task: Task,
    prefix: String,
    batch: usize,
}

impl Writer {
    /// Reads the folder and checks that its files fit together.
    ///
    /// # Errors
    /// Naming file and field.
    pub(crate) fn load(folder: &Path, task: Task, options: &Seq2SeqOptions) -> Result<Self> {
        options.validate()?;
        let path = folder.join("config.json");
        let config = json(&path)?;
        let family = Family::of(&config, &path)?;
        if !task.families().contains(&family) {
            let families = task.families().iter().map(Family::to_string).collect::<Vec<_>>().join(", ");
            let work = if task == Task::Translation { "translations" } else { "summaries" };
            return Err(invalid(path, format!("model_type is `{family}`; {work} come from {families}")));
        }
        let mut vocabulary = Vocabulary::read(folder, family, &config)?;
        let how = (options.device, options.precision);
        let model = Model::load(folder, &config, family, how, task.stage())?;
        let mut settings = Settings::read(folder, task.name(), model.vocabulary())?;
        let english = family.names_languages().then(|| vocabulary.set_languages()).transpose()?;
        settings.forced_start = english.or(settings.forced_start);
        let mut prefix = options.prefix.clone().unwrap_or_else(|| usual_prefix(&config, family, task));
        if family == Family::Marian && prefix.trim_start().starts_with(">>") {
            vocabulary.set_code(prefix.trim())?;
            prefix.clear();
        }
        let last = vocabulary.last_id().max(english.unwrap_or(0));
        if last as usize >= model.vocabulary() {
            let known = model.vocabulary();
            let message = format!("it has the id {last}; config.json says vocab_size {known}");
            return Err(invalid(vocabulary.path(), message));
        }
        settings.beams = options.beams.unwrap_or(settings.beams);
        let writer = Writer { vocabulary, settings, model, task, prefix, batch: options.batch_texts };
        // Else not even one word could be read.
        let (has, most) = (writer.ids("")?.len(), writer.model.positions());
        if !writer.prefix.is_empty() && has >= most {
            let message = format!("the prefix has {has} pieces, the model reads {most} at most");
            return Err(Error::config(message, "set a shorter prefix"));
        }
        Ok(writer)
    }

    /// Whether the model can read `text` as a whole, and write it where it translates: English has about as many ids
    /// as its source.
    ///
    /// # Errors
    /// Where it cannot be turned into ids.
    pub(crate) fn fits(&self, text: &str) -> Result<bool> {
        let written = self.settings.max_length.filter(|_| self.task == Task::Translation);
        let most = written.map_or(usize::MAX, |most| most.max(SENTENCE)).min(self.model.positions());
        Ok(self.ids(text)?.len() <= most)
    }

    fn ids(&self, text: &str) -> Result<Vec<u32>> {
        if self.prefix.is_empty() {
            return self.vocabulary.encode(text);
        }
        self.vocabulary.encode(&format!("{}{text}", self.prefix))
    }

    /// One text for each of `texts`, in order; for a blank one an empty text. `done` hears how many are done.
    ///
    /// # Errors
    /// [`Error::Backend`] where a text is too long or the engine fails; where `done` fails.
    pub(crate) fn write(
        &self,
        texts: &[&str],
        mut done: impl FnMut(usize) -> Result<()>,
    ) -> Result<Vec<Text>> {
        let mut sources: Vec<(usize, Vec<u32>)> = Vec::with_capacity(texts.len());
        for (place, text) in texts.iter().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            let ids = self.ids(text)?;
            if ids.len() > self.model.positions() {
                let (has, most) = (ids.len(), self.model.positions());
                let message = format!("a text has {has} pieces, the model reads {most} at most");
                return Err(Error::Backend { stage: self.task.stage(), message });
            }
            sources.push((place, ids));
        }
        // Equal lengths side by side: little padding.
        sources.sort_by_key(|(_, ids)| ids.len());
        let mixed = self.model.reads_mixed_lengths();
        let same = |one: &(usize, Vec<u32>), other: &(usize, Vec<u32>)| mixed || one.1.len() == other.1.len();
        let mut written: Vec<Text> = texts.iter().map(|_| Text { ids: Vec::new(), limited: false }).collect();
        let mut finished = texts.len() - sources.len();
        for batch in sources.chunk_by(same).flat_map(|group| group.chunks(self.batch)) {
            let ids: Vec<&[u32]> = batch.iter().map(|(_, ids)| ids.as_slice()).collect();
            let read: Vec<Source<'_>> =
                ids.iter().map(|ids| Source { ids, limit: self.limit(ids.len()) }).collect();
            let mut session = self.model.read(&ids)?;
            for (&(place, _), Written { ids, limited }) in
                batch.iter().zip(search(&mut session, &self.settings, &read)?)
            {
                let text = match ids.split_last() {
                    Some((last, text)) if self.settings.ends.contains(last) => text,
                    _ => ids.as_slice(),
                };
                if let Some(slot) = written.get_mut(place) {
                    *slot = Text { ids: text.iter().copied().skip(1).collect(), limited };
                }
            }
            finished += batch.len();
            done(finished)?;
        }
        Ok(written)
    }

    /// Most ids of the text for a source of `length`.
    fn limit(&self, length: usize) -> usize {
        self.settings.max_length.unwrap_or(2 * length + SPARE).min(self.model.positions())
    }

    /// The text of ids.
    ///
    /// # Errors
    /// [`Error::Tokenizer`].
    pub(crate) fn text(&self, ids: &[u32]) -> Result<String> {
        self.vocabulary.decode(ids)
    }
}

/// What stands in front of every text: as the files say, else as T5 was trained.
fn usual_prefix(config: &Value, family: Family, task: Task) -> String {
    let own = config.get("task_specific_params").and_then(|tasks| tasks.get(task.name())?.get("prefix"));
    let stored = own.or_else(|| config.get("prefix")).and_then(Value::as_str);
    match (stored, family, task) {
        (Some(stored), ..) => stored,
        (None, Family::T5, Task::Translation) => "translate Indonesian to English: ",
        (None, Family::T5, Task::Summary) => "summarize: ",
        _ => "",
    }
    .to_owned()
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer")
            .field("vocabulary", &self.vocabulary)
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_files_say_what_stands_in_front_or_else_the_family() {
        let summary =
            read(r#"{"task_specific_params": {"summarization": {"prefix": "tell: "}}, "prefix": " "}"#);
        assert_eq!(usual_prefix(&summary, Family::T5, Task::Summary), "tell: ");
        assert_eq!(usual_prefix(&summary, Family::T5, Task::Translation), " ");
        let nothing = read(r#"{"prefix": null, "task_specific_params": null}"#);
        assert_eq!(usual_prefix(&nothing, Family::T5, Task::Summary), "summarize: ");
        assert_eq!(usual_prefix(&nothing, Family::Mt5, Task::Summary), "");
    }
}
