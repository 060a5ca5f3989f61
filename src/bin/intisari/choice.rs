//! Which models a command runs, on which device and in which precision.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{Args, ValueEnum};
use intisari::document::Label;
#[cfg(feature = "native")]
use intisari::ner::RecognizerOptions;
use intisari::translate::Glossary;
use intisari::{Device, Error, Precision};

use crate::run::warn;

/// Options of the commands that find entities.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Models")]
pub struct EntityModels {
    /// Model for entities: its name in `intisari models`, or a folder as published (default: the built-in one). `rules`
    /// finds dates and quantities alone, and needs no model; a folder of that name is `./rules`.
    #[arg(long, value_name = "NAME|DIR|rules")]
    pub ner: Option<PathBuf>,
    /// What types of that model are, where it is not clear or should be read otherwise: `NOR=ORG,LAW=none`; names of type
    /// `none` are left out.
    #[arg(long, value_name = "TYPE=LABEL,…", requires = "ner")]
    pub ner_labels: Option<Types>,
    /// How its labels mark names (default: as they look). A set with all B- and I- labels is taken for iob2.
    #[arg(long, value_enum, requires = "ner")]
    pub ner_scheme: Option<Scheme>,
    /// Leave out names with a lower score, 0 to 1 (default: as the model's files say; the built-in model knows the score
    /// with the best F1).
    #[arg(long, value_name = "SCORE", value_parser = score)]
    pub ner_threshold: Option<f32>,
    /// Where models run: cpu, cuda:N or mps. With a stage (ner, translator, summarizer) for that one alone:
    /// `translator=cuda:0,cpu`.
    #[arg(long, value_name = "[STAGE=]DEVICE,…")]
    pub device: Option<PerStage<Device>>,
    /// How models compute: f32, bf16, f16 or int8, by stage as for --device
    /// (default: what suits the model).
    #[arg(long, value_name = "[STAGE=]PRECISION,…")]
    pub precision: Option<PerStage<Precision>>,
}

/// Options of the commands that translate.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Models")]
pub struct TranslationModels {
    #[command(flatten)]
    pub entities: EntityModels,
    /// Model for the translation: its name in `intisari models`, or a folder as published (default: the built-in one).
    #[arg(long, value_name = "NAME|DIR")]
    pub translator: Option<PathBuf>,
    /// Texts that a model follows at the same time while it writes: 1 is fastest, more find better English (default: 4
    /// for the built-in translator, else as the model's files say). By stage as for --device: `translator=1`.
    #[arg(long, value_name = "[STAGE=]N,…")]
    pub beams: Option<PerStage<Beams>>,
    /// Terms of your own that the English must use: a table of source, target and perhaps a note, with tabs or commas
    /// between them. A segment that lacks its term is flagged.
    #[arg(long, value_name = "FILE")]
    pub glossary: Option<PathBuf>,
    /// Tell the built-in translator the senses of words that occur less often than N times in the text that it was
    /// trained on, if it was trained with such hints; 0 for none, 250 at most (default: 60).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=250))]
    pub hints_rarer_than: Option<u32>,
    /// Bytes of memory for what the built-in translator keeps of all segments that it translates at the same time; less memory is slower, and
    /// changes no result (default: 402653184, which is 384 MiB).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_cache_bytes: Option<u32>,
}

/// Options of the commands that summarize.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Models")]
pub struct SummaryModels {
    #[command(flatten)]
    pub translation: TranslationModels,
    /// Model that writes the summary from the English of the whole article: its name in `intisari models`, or a folder
    /// as published (default: sentences of the article are chosen).
    #[arg(long, value_name = "NAME|DIR")]
    pub summarizer: Option<PathBuf>,
}

impl From<TranslationModels> for SummaryModels {
    fn from(translation: TranslationModels) -> Self {
        SummaryModels { translation, summarizer: None }
    }
}

impl From<EntityModels> for SummaryModels {
    fn from(entities: EntityModels) -> Self {
        TranslationModels { entities, ..TranslationModels::default() }.into()
    }
}

impl SummaryModels {
    /// The options of the recognizer.
    pub fn entities(&self) -> &EntityModels {
        &self.translation.entities
    }

    /// Whether entities come from rules alone.
    pub fn by_rules(&self) -> bool {
        self.entities().ner.as_deref() == Some(Path::new("rules"))
    }

    /// The model that is named for a stage.
    pub fn model(&self, part: Part) -> Option<&Path> {
        match part {
            Part::Ner => self.entities().ner.as_deref().filter(|_| !self.by_rules()),
            Part::Translator => self.translation.translator.as_deref(),
            Part::Summarizer => self.summarizer.as_deref(),
        }
    }

    /// Says which option does nothing in a command that has the stages `has`, or asks for what no model does.
    pub fn check(&self, has: impl Fn(Part) -> bool) -> Result<(), String> {
        if let Some(part) = self.parts().find(|&part| !has(part)) {
            return Err(format!("this command has no stage `{0}`; leave `{0}=…` out", part.as_str()));
        }
        let entities = self.entities();
        let settings = entities.ner_labels.is_some()
            || entities.ner_scheme.is_some()
            || entities.ner_threshold.is_some();
        if self.by_rules() && (settings || self.parts().any(|part| part == Part::Ner)) {
            return Err(
                "`--ner rules` runs no model; leave the other --ner-… options and `ner=…` out".to_owned()
            );
        }
        let runs_model = |&part: &Part| match part {
            Part::Ner => has(part) && !self.by_rules(),
            Part::Translator => has(part),
            Part::Summarizer => has(part) && self.summarizer.is_some(),
        };
        if (entities.device.is_some() || entities.precision.is_some()) && !Part::ALL.iter().any(runs_model) {
            return Err(
                "no stage of this command runs a model; leave --device and --precision out".to_owned()
            );
        }
        if self.translation.beams.iter().flat_map(PerStage::parts).any(|part| part == Part::Ner) {
            return Err(
                "the model for entities writes no text, so it has no beams; leave `ner=…` out of --beams"
                    .to_owned(),
            );
        }
        if self.parts().any(|part| part == Part::Summarizer) && self.summarizer.is_none() {
            return Err(
                "the built-in summarizer runs no model; leave `summarizer=…` out, or name one with --summarizer"
                    .to_owned(),
            );
        }
        self.check_built_in()
    }

    /// Says what the built-in translator cannot do, before anything is loaded.
    #[cfg(feature = "native")]
    fn check_built_in(&self) -> Result<(), String> {
        let beams = self.placement(Part::Translator).beams;
        let Some(beams) = beams.filter(|_| self.translation.translator.is_none()) else { return Ok(()) };
        let options = intisari::translate::TranslatorOptions { beams, ..Default::default() };
        options.validate().map_err(|error| plain(&error))
    }

    #[cfg(not(feature = "native"))]
    fn check_built_in(&self) -> Result<(), String> {
        Ok(())
    }

    /// The stages that are named in settings.
    pub fn parts(&self) -> impl Iterator<Item = Part> + '_ {
        let devices = self.entities().device.iter().flat_map(PerStage::parts);
        let precisions = self.entities().precision.iter().flat_map(PerStage::parts);
        devices.chain(precisions).chain(self.translation.beams.iter().flat_map(PerStage::parts))
    }

    /// Where the model of a stage runs, and how.
    #[cfg(feature = "native")]
    pub fn placement(&self, part: Part) -> intisari::store::Placement {
        intisari::store::Placement {
            device: self.entities().device.as_ref().and_then(|device| device.get(part)),
            precision: self.entities().precision.as_ref().and_then(|precision| precision.get(part)),
            beams: self.translation.beams.as_ref().and_then(|beams| beams.get(part)).map(|beams| beams.0),
            hints_rarer_than: self.translation.hints_rarer_than,
            max_cache_bytes: self.translation.max_cache_bytes.map(|bytes| bytes as usize),
        }
    }
}

impl TranslationModels {
    /// The terms that the English must use; a warning where there are none in the file.
    pub fn glossary(&self, quiet: bool) -> intisari::Result<Option<Glossary>> {
        let Some(path) = &self.glossary else { return Ok(None) };
        let glossary = Glossary::read(path).map_err(|error| match error {
            Error::Io { source, .. } => Error::config(
                format!("the glossary {}: {source}", path.display()),
                "name a table of terms with --glossary",
            ),
            error => error,
        })?;
        if glossary.is_empty() && !quiet {
            warn(&format!("the glossary {} has no entry", path.display()));
        }
        Ok(Some(glossary))
    }
}

impl EntityModels {
    /// How the model for entities is loaded.
    #[cfg(feature = "native")]
    pub fn recognizer(&self, placement: intisari::store::Placement) -> RecognizerOptions {
        RecognizerOptions {
            labels: self.ner_labels.clone().map(|types| types.0).unwrap_or_default(),
            scheme: self.ner_scheme.map(Into::into).unwrap_or_default(),
            threshold: self.ner_threshold,
            ..placement.into()
        }
    }
}

/// A score from 0 to 1.
fn score(text: &str) -> intisari::Result<f32> {
    let score = text.parse().ok().filter(|score| (0.0..=1.0).contains(score));
    score.ok_or_else(|| Error::config(format!("a threshold of {text}"), "write a score between 0 and 1"))
}

/// Texts that are followed at the same time; the models say how many are too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beams(#[cfg_attr(not(feature = "native"), allow(dead_code))] pub usize);

impl FromStr for Beams {
    type Err = Error;

    fn from_str(text: &str) -> intisari::Result<Self> {
        let beams = text.parse().ok().filter(|&beams| beams > 0);
        beams
            .map(Beams)
            .ok_or_else(|| Error::config(format!("`{text}` beams"), "write a number of 1 or more"))
    }
}

/// How labels mark the words of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scheme {
    /// I- begins, B- parts neighbors.
    Iob1,
    /// B- begins.
    Iob2,
    /// A label is a type.
    Plain,
}

#[cfg(feature = "native")]
impl From<Scheme> for intisari::ner::Scheme {
    fn from(scheme: Scheme) -> Self {
        match scheme {
            Scheme::Iob1 => Self::Iob1,
            Scheme::Iob2 => Self::Iob2,
            Scheme::Plain => Self::Plain,
        }
    }
}

/// What the types of a model are: `NOR=ORG,LAW=none`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Types(#[cfg_attr(not(feature = "native"), allow(dead_code))] BTreeMap<String, Option<Label>>);

impl FromStr for Types {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut types: BTreeMap<String, Option<Label>> = BTreeMap::new();
        for setting in text.split(',') {
            let (name, label) = setting
                .split_once('=')
                .filter(|(name, _)| !name.is_empty())
                .ok_or(format!("`{setting}` is not TYPE=LABEL"))?;
            let label = match label.to_uppercase().as_str() {
                "NONE" => None,
                upper => Some(upper.parse().map_err(|_| {
                    let known = Label::ALL.map(Label::as_str).join(", ");
                    format!("there is no label `{label}`; write {known} or none")
                })?),
            };
            if types.keys().any(|other| other.eq_ignore_ascii_case(name)) {
                return Err(format!("two labels for `{name}`; write one"));
            }
            types.insert(name.to_owned(), label);
        }
        Ok(Types(types))
    }
}

/// A stage that has a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Ner,
    Translator,
    Summarizer,
}

impl Part {
    const ALL: [Part; 3] = [Part::Ner, Part::Translator, Part::Summarizer];

    /// As it is written, and as the option is called that names its model.
    pub fn as_str(self) -> &'static str {
        match self {
            Part::Ner => "ner",
            Part::Translator => "translator",
            Part::Summarizer => "summarizer",
        }
    }
}

/// A setting for all stages, and others for some: `translator=cuda:0,cpu`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PerStage<T> {
    settings: Vec<(Option<Part>, T)>,
}

impl<T: Copy> PerStage<T> {
    /// The setting for a stage.
    #[cfg_attr(not(feature = "native"), allow(dead_code))]
    pub fn get(&self, part: Part) -> Option<T> {
        let of = |wanted| self.settings.iter().find(|(part, _)| *part == wanted).map(|(_, value)| *value);
        of(Some(part)).or_else(|| of(None))
    }

    /// The stages that are named.
    pub fn parts(&self) -> impl Iterator<Item = Part> + '_ {
        self.settings.iter().filter_map(|(part, _)| *part)
    }
}

impl<T: FromStr<Err = Error>> FromStr for PerStage<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut settings: Vec<(Option<Part>, T)> = Vec::new();
        for setting in text.split(',') {
            let (part, value) = match setting.split_once('=') {
                None => (None, setting),
                Some((name, value)) => {
                    let part = Part::ALL.into_iter().find(|part| part.as_str() == name);
                    let known = Part::ALL.map(Part::as_str).join(", ");
                    (Some(part.ok_or(format!("there is no stage `{name}`; write one of: {known}"))?), value)
                }
            };
            if settings.iter().any(|(other, _)| *other == part) {
                let whose = part.map_or("all stages".to_owned(), |part| format!("`{}`", part.as_str()));
                return Err(format!("two settings for {whose}; write one"));
            }
            settings.push((part, value.parse().map_err(|error: Error| plain(&error))?));
        }
        Ok(PerStage { settings })
    }
}

/// The message without the kind of error, which clap says itself.
pub fn plain(error: &Error) -> String {
    match error {
        Error::Config { message, fix } => format!("{message}; {fix}"),
        error => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_setting_is_for_all_and_a_named_one_for_its_stage() {
        let device: PerStage<Device> = "translator=cuda:1,cpu".parse().unwrap();
        assert_eq!(device.get(Part::Translator), Some(Device::Cuda(1)));
        assert_eq!(device.get(Part::Ner), Some(Device::Cpu));
        let precision: PerStage<Precision> = "ner=bf16".parse().unwrap();
        assert_eq!(precision.get(Part::Ner), Some(Precision::Bf16));
        assert_eq!(precision.get(Part::Translator), None);
        let beams: PerStage<Beams> = "summarizer=2,1".parse().unwrap();
        assert_eq!(
            (beams.get(Part::Summarizer), beams.get(Part::Translator)),
            (Some(Beams(2)), Some(Beams(1)))
        );
        for text in ["0", "-1", "ner=", "translator=many"] {
            assert!(text.parse::<PerStage<Beams>>().is_err(), "{text}");
        }
    }

    #[test]
    fn types_are_mapped_or_left_out() {
        let types: Types = "NOR=ORG,gpe=loc,LAW=none".parse().unwrap();
        let expected = [("NOR", Some(Label::Org)), ("gpe", Some(Label::Loc)), ("LAW", None)];
        assert_eq!(types.0, expected.map(|(name, label)| (name.to_owned(), label)).into());
        for text in ["", "NOR", "=ORG", "NOR=", "NOR=GENE", "NOR=ORG,", "NOR=ORG,nor=LOC"] {
            assert!(text.parse::<Types>().is_err(), "{text}");
        }
        let error = "NOR=GENE".parse::<Types>().unwrap_err();
        assert!(error.contains("`GENE`") && error.contains("PER") && error.contains("none"), "{error}");
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for text in
            ["", "gpu", "cpu,cpu", "ner=cpu,ner=mps", "translation=cpu", "ner=", "cpu,", "ner=cpu=mps"]
        {
            assert!(text.parse::<PerStage<Device>>().is_err(), "{text}");
        }
        let error = "ner=gpu".parse::<PerStage<Device>>().unwrap_err();
        assert_eq!(error, "there is no device `gpu`; write cpu, cuda:0, cuda:1, … or mps");
    }
}
