//! What is found out about a system on a set: figures with intervals, tables behind them, and the worst items.

mod cleaning;
mod figures;
mod gazetteer;
mod naming;
mod ner;
mod splitting;
mod table;
mod texts;

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::formats::{BadLine, Set};
use super::{Comparison, Interval, LabeledSpan, PairedTest, Prf, Resampling};
use crate::error::{Error, Result};
use crate::part::Part;
use crate::store::ModelFile;

pub use cleaning::{evaluate_cleaning, CleaningItem};
pub use gazetteer::Gazetteer;
pub use naming::{evaluate_names, GroupedName, NamingItem};
pub use ner::{evaluate_ner, NerItem};
pub use splitting::{evaluate_splitting, locate_sentences, Locator, SplitItem};
pub use texts::{
    evaluate_summaries, evaluate_translations, score_texts, SummaryOptions, TextItem, TranslationOptions,
};

/// Version of the JSON form of [`Evaluation`].
pub const EVALUATION_VERSION: u32 = 1;

/// What a system does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    /// Finds entities.
    Ner,
    /// Tells who bears each name.
    Entities,
    /// Finds sentences.
    Sentences,
    /// Translates.
    Translation,
    /// Summarizes.
    Summary,
    /// Removes boilerplate.
    Clean,
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Task::Ner => "entities",
            Task::Entities => "grouping of names",
            Task::Sentences => "sentences",
            Task::Translation => "translation",
            Task::Summary => "summary",
            Task::Clean => "cleaning",
        })
    }
}

/// A set that a system was scored on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetInfo {
    /// What it is called.
    pub name: String,
    /// sha256 of its files, see [`Set::sha256`]; empty where there is no file.
    pub sha256: String,
    /// Items that were scored.
    pub items: usize,
    /// Lines that could not be used and were left out.
    pub skipped: Vec<BadLine>,
    /// How it was read, see [`Set::notes`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl SetInfo {
    /// The description of a set that was made in memory, of no file and thus without checksum.
    ///
    /// ```
    /// use intisari::eval::evaluation::{SetInfo, Setup};
    ///
    /// let setup = Setup::new(SetInfo::named("twenty headlines", 20), "our tagger");
    /// assert_eq!((setup.set.items, setup.set.sha256.as_str()), (20, ""));
    /// ```
    pub fn named(name: impl Into<String>, items: usize) -> Self {
        SetInfo { name: name.into(), sha256: String::new(), items, skipped: Vec::new(), notes: Vec::new() }
    }

    /// The description of `set`. Its name is that of the file and the folder around it: a report is the same wherever the
    /// data lie.
    pub fn new<T>(set: &Set<T>) -> Self {
        let parts: Vec<_> = set.path.iter().map(|part| part.to_string_lossy()).collect();
        let name = parts.part(parts.len().saturating_sub(2)..).join("/");
        SetInfo {
            name: name.trim_start_matches('/').to_owned(),
            sha256: set.sha256.clone(),
            items: set.items.len(),
            skipped: set.skipped.clone(),
            notes: set.notes.clone(),
        }
    }
}

/// A model that was run to be scored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoredModel {
    /// What it is called.
    pub id: String,
    /// Its files, those of base weights included.
    pub files: Vec<ModelFile>,
    /// The settings that its output depends on; null where there are none.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub options: Value,
}

/// Who is scored, on what, and how certain the figures shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// The set.
    pub set: SetInfo,
    /// What the system is called.
    pub system: String,
    /// The model that the system runs, where its output was made for the evaluation.
    pub model: Option<ScoredModel>,
    /// What the system it is compared with is called, where there is one.
    pub against: Option<String>,
    /// How sets are drawn for intervals and tests.
    pub resampling: Resampling,
    /// The test for two systems.
    pub test: PairedTest,
    /// How many of the worst items are kept.
    pub worst: usize,
}

impl Setup {
    /// Checks that the other system is named if the items have something of it, `has_other`, and only then.
    fn names_other(&self, has_other: bool) -> Result<()> {
        match (&self.against, has_other) {
            (None, true) => Err(Error::config(
                "the items have output of another system, and `against` of the set-up does not name it",
                "set it to what that system is called",
            )),
            (Some(name), false) => Err(Error::config(
                format!("`against` of the set-up names {name}, and the items have no output of it"),
                "put its output into the items, or leave the name out",
            )),
            _ => Ok(()),
        }
    }

    /// Checks that there are `items` to score: a figure of zero would say something about the system.
    fn scores(&self, items: usize) -> Result<()> {
        match items {
            0 => Err(Error::config(
                format!("there is nothing to score: {} has no items", self.set.name),
                "look whether the set is whole and was read in its own form",
            )),
            _ => Ok(()),
        }
    }

    /// With the name of the system whose output stands in `against` of the items.
    #[must_use]
    pub fn with_against(self, against: impl Into<String>) -> Self {
        Setup { against: Some(against.into()), ..self }
    }

    /// A set-up with the usual resampling ([`Resampling::default`]: 1000 sets from the seed 12345), ten of the worst items and nothing to
    /// compare with.
    pub fn new(set: SetInfo, system: impl Into<String>) -> Self {
        Setup {
            set,
            system: system.into(),
            model: None,
            against: None,
            resampling: Resampling::default(),
            test: PairedTest::default(),
            worst: 10,
        }
    }
}

/// Checks that ranges are parts of `text`, ascending and disjoint: out of order or doubled, they would be counted wrongly.
fn check_ranges<'r>(
    item: &str,
    name: &str,
    text: &str,
    ranges: impl IntoIterator<Item = &'r Range<usize>>,
) -> Result<()> {
    let mut before = 0;
    for (at, range) in ranges.into_iter().enumerate() {
        let wrong = |what: &str, fix: &str| {
            Err(Error::config(format!("`{item}`: {name}[{at}], {}..{}, {what}", range.start, range.end), fix))
        };
        if range.start > range.end || text.get(range.clone()).is_none() {
            return wrong("is no part of the text", "count in bytes of the text");
        }
        if range.start < before {
            return wrong("begins before the one before it ends", "give them in their order, each once");
        }
        before = range.end;
    }
    Ok(())
}

/// A score of the set. Those of this crate lie from 0 to 100, F1, precision and recall as well (an F1 of 0.88 in [`Prf`] is 88 here); higher is
/// better. Of TER lower is better, and it may exceed 100. That of a [`TextMetric`](super::TextMetric) of your own lies where
/// [`scale`](Self::scale) says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// What it is called.
    pub name: String,
    /// The score, from 0 to [`scale`](Self::scale).
    pub value: f64,
    /// Where it would lie on other sets of the kind, on the same scale.
    pub interval: Option<Interval>,
    /// The score of the other system, on the same scale.
    pub against: Option<f64>,
    /// Whether the two differ; the difference is on the same scale.
    pub comparison: Option<Comparison>,
    /// How it was computed.
    pub signature: String,
    /// Where the scale ends that begins at 0, see [`TextMetric::scale`](super::TextMetric::scale); left out of JSON where it is 100.
    #[serde(default = "usual_scale", skip_serializing_if = "is_usual_scale")]
    pub scale: f64,
    /// Whether a lower score is the better one; left out of JSON where it is not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lower_is_better: bool,
}

/// On one line: name, score, interval, and what the other system has.
///
/// ```
/// use intisari::eval::evaluation::{score_texts, TextItem};
/// use intisari::eval::{Chrf, PairedTest, Resampling};
///
/// let item = TextItem { output: "It rains.".into(), references: vec!["It rains.".into()], ..TextItem::default() };
/// let figure = score_texts(&Chrf::chrf2(), &[item], Resampling::default(), PairedTest::default())?;
/// assert_eq!(figure.to_string(), "chrF2 100.00");
/// # Ok::<(), intisari::Error>(())
/// ```
impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.shown(self.value))?;
        if let Some(interval) = self.shown_interval() {
            write!(f, ", 95% interval {interval}")?;
        }
        if let Some(against) = self.against {
            let difference = self.shown_signed(self.value - against);
            write!(f, ", against {} ({difference}", self.shown(against))?;
            if let Some(comparison) = &self.comparison {
                write!(f, ", p {:.4}", comparison.p_value)?;
            }
            f.write_str(")")?;
        }
        Ok(())
    }
}

fn usual_scale() -> f64 {
    100.0
}

fn is_usual_scale(scale: &f64) -> bool {
    *scale == usual_scale()
}

impl Figure {
    /// A score with as many digits as its scale asks for: two, or four where it ends at one point or below.
    pub(crate) fn shown(&self, score: f64) -> String {
        let digits = self.digits();
        format!("{score:.digits$}")
    }

    /// As [`shown`](Self::shown), always with its sign.
    pub(crate) fn shown_signed(&self, difference: f64) -> String {
        let digits = self.digits();
        format!("{difference:+.digits$}")
    }

    /// An interval in the words of a table.
    pub(crate) fn shown_interval(&self) -> Option<String> {
        self.interval.map(|i| format!("{} to {}", self.shown(i.low), self.shown(i.high)))
    }

    fn digits(&self) -> usize {
        if self.scale <= 1.0 {
            4
        } else {
            2
        }
    }
}

/// The figures of one entity type; unlike [`Figure`]s they are shares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelRow {
    /// The type.
    pub label: String,
    /// Precision, recall and F1, from 0 to 1.
    pub prf: Prf,
    /// Gold spans.
    pub gold: u64,
    /// Predicted spans.
    pub predicted: u64,
}

/// How often spans of one type were predicted as another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// Type in gold; none where gold has nothing there.
    pub gold: Option<String>,
    /// Type predicted; none where nothing was predicted.
    pub predicted: Option<String>,
    /// How often.
    pub spans: u64,
}

/// The score of the items of a certain length.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LengthRow {
    /// Words of the shortest item, white space between words.
    pub from: usize,
    /// Words of the longest.
    pub to: usize,
    /// How many items.
    pub items: usize,
    /// Their score in [`Evaluation::item_figure`], on the scale of that figure.
    pub score: f64,
}

/// Predictions of about the same confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Their mean confidence, 0 to 1.
    pub confidence: f64,
    /// How many of them are right, 0 to 1.
    pub accuracy: f64,
    /// How many there are.
    pub predictions: u64,
}

/// One text of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseText {
    /// What it is: source, reference, output.
    pub role: String,
    /// The text.
    pub text: String,
    /// Its labeled spans, in bytes.
    pub spans: Vec<LabeledSpan>,
}

/// An item worth looking at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Which item: its id, or the number of its line.
    pub id: String,
    /// Its score in [`Evaluation::item_figure`], on the scale of that figure.
    pub score: f64,
    /// Its texts.
    pub texts: Vec<CaseText>,
}

/// All that was found out about a system on a set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// [`EVALUATION_VERSION`].
    pub schema_version: u32,
    /// What the system does.
    pub task: Task,
    /// The set.
    pub set: SetInfo,
    /// The system.
    pub system: String,
    /// The model that it ran, where it was run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ScoredModel>,
    /// The system it is compared with.
    pub against: Option<String>,
    /// How sets were drawn for intervals and tests.
    pub resampling: String,
    /// Scores, the most telling first, each from 0 to its own [`scale`](Figure::scale), which is 100 for those of this crate.
    pub figures: Vec<Figure>,
    /// Figures by entity type, from 0 to 1.
    pub labels: Vec<LabelRow>,
    /// Which types are taken for which; both same where right.
    pub confusion: Vec<Confusion>,
    /// The name of the figure by which single items are scored, in [`lengths`](Self::lengths) and [`worst`](Self::worst): not
    /// always the first, since BLEU says nothing about a sentence. Empty in files of earlier versions.
    #[serde(default)]
    pub item_figure: String,
    /// The score by length of items.
    pub lengths: Vec<LengthRow>,
    /// Confidence against truth, where the system says how sure it is.
    pub calibration: Vec<Calibration>,
    /// The worst items, worst first.
    pub worst: Vec<Case>,
}

impl Evaluation {
    /// The figure of a name, such as `BLEU`; the functions that evaluate list theirs.
    pub fn figure(&self, name: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.name == name)
    }

    /// The names of the figures of which lower ones are better.
    pub(crate) fn lower_is_better(&self) -> Vec<&str> {
        let lower = self.figures.iter().filter(|figure| figure.lower_is_better);
        lower.map(|figure| figure.name.as_str()).collect()
    }

    /// How the figures were computed: each signature with the names of the figures that share it, in their order.
    pub fn signatures(&self) -> Vec<(Vec<&str>, &str)> {
        let mut all: Vec<(Vec<&str>, &str)> = Vec::new();
        for figure in &self.figures {
            match all.iter_mut().find(|(_, signature)| *signature == figure.signature) {
                Some((names, _)) => names.push(&figure.name),
                None => all.push((vec![&figure.name], &figure.signature)),
            }
        }
        all
    }

    /// Notes that there is no output, where `silent`: a score of nothing would not tell.
    fn noting(mut self, silent: bool) -> Self {
        if silent {
            self.set.notes.push("the system has no output for any item".to_owned());
        }
        self
    }

    fn new(task: Task, setup: &Setup, figures: Vec<Figure>, item_figure: &str) -> Self {
        Evaluation {
            schema_version: EVALUATION_VERSION,
            task,
            set: setup.set.clone(),
            system: setup.system.clone(),
            model: setup.model.clone(),
            against: setup.against.clone(),
            resampling: setup.resampling.signature(setup.test),
            figures,
            labels: Vec::new(),
            confusion: Vec::new(),
            item_figure: item_figure.to_owned(),
            lengths: Vec::new(),
            calibration: Vec::new(),
            worst: Vec::new(),
        }
    }
}
