//! `intisari eval ner`.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use intisari::document::{Sentence, SentenceKind};
use intisari::eval::evaluation::{evaluate_ner, Evaluation, Gazetteer, NerItem, Setup};
use intisari::eval::formats::{
    read_brat, read_conll, read_json_lines, AnnotatedText, Column, Columns, OnBad, Record, Separator, Set,
    TaggedSentence,
};
use intisari::eval::{LabeledSpan, TagScheme};
use intisari::ner::{EntityRecognizer, SentencedText};
use intisari::{Error, Progress, Result, Span};
use serde::{Deserialize, Serialize};

use super::common::{file_name, has_extension, in_order, Job, Shared};
use super::models::{one_set, recognizer, ModelArgs, Running};
use super::saved::{predictions, Save};

const FORMS: &str = "\
Sets hold a token and its tag a line, with a blank line after each sentence, or are brat files (`NAME.ann` beside `NAME.txt`;
a folder of them is one set).
Predictions have the form of their set, or are JSON Lines with a line for each sentence:
`{\"entities\": [{\"start\": 0, \"end\": 2, \"label\": \"PER\", \"score\": 0.98}]}`, counting tokens; with scores the report shows calibration.
Without --predictions a model is run on tagged sets. Types of the set are then renamed to the model's (PERSON to PER, PLACE to LOC),
and types that the set does not have are left out of the model's predictions.";

#[derive(Debug, Args)]
#[command(after_help = FORMS)]
pub struct NerArgs {
    #[command(flatten)]
    pub shared: Shared,
    #[command(flatten)]
    model: ModelArgs,
    /// Compare with the baseline that knows the names of this tagged file and no others.
    #[arg(long, value_name = "FILE", conflicts_with = "against")]
    against_gazetteer: Option<PathBuf>,
    /// Write what the model finds that is compared with to this file as it comes, and go on from there; for one set.
    #[arg(long, value_name = "FILE", requires = "against")]
    save_against: Option<PathBuf>,
    /// What stands between columns: `tab`, `space` for any white space, or the text itself.
    #[arg(long, value_name = "TEXT", default_value = "tab")]
    separator: String,
    /// The column of the token, from 1.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    token_column: u16,
    /// The column of the tag, from 1 (default: the last).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    tag_column: Option<u16>,
    /// The column of the predicted tag in files of predictions, which may be the sets themselves (default: as --tag-column).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    predicted_column: Option<u16>,
    /// How tags are read.
    #[arg(long, value_enum, default_value_t = SchemeArg::Iob2)]
    scheme: SchemeArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SchemeArg {
    /// Strict IOB2.
    Iob2,
    /// Strict IOBES.
    Iobes,
    /// As conlleval, and seqeval unless told otherwise.
    Conll,
}

impl From<SchemeArg> for TagScheme {
    fn from(scheme: SchemeArg) -> Self {
        match scheme {
            SchemeArg::Iob2 => TagScheme::Iob2,
            SchemeArg::Iobes => TagScheme::Iobes,
            SchemeArg::Conll => TagScheme::Conll,
        }
    }
}

/// The entities that a system has for an item, in tokens.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Predicted {
    entities: Vec<Entity>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entity {
    start: usize,
    end: usize,
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
}

impl Predicted {
    fn new(spans: Vec<LabeledSpan>) -> Self {
        let entity =
            |LabeledSpan { start, end, label }: LabeledSpan| Entity { start, end, label, score: None };
        Predicted { entities: spans.into_iter().map(entity).collect() }
    }

    fn spans(&self) -> Vec<LabeledSpan> {
        let span = |entity: &Entity| LabeledSpan {
            start: entity.start,
            end: entity.end,
            label: entity.label.clone(),
        };
        self.entities.iter().map(span).collect()
    }

    /// The scores, if all entities have one.
    fn confidence(&self) -> Vec<f64> {
        self.entities.iter().map(|entity| entity.score).collect::<Option<Vec<f64>>>().unwrap_or_default()
    }
}

impl NerArgs {
    fn columns(&self, tag: Option<u16>) -> Columns {
        let nth = |column: u16| Column::Nth(usize::from(column.saturating_sub(1)));
        Columns {
            separator: match self.separator.as_str() {
                "tab" | "\t" => Separator::Tab,
                "space" | " " => Separator::WhiteSpace,
                other => Separator::Text(other.to_owned()),
            },
            token: nth(self.token_column),
            tag: tag.map_or(Column::Last, nth),
        }
    }

    fn tagged(&self, path: &Path, tag: Option<u16>) -> Result<Set<TaggedSentence>> {
        let (on_bad, scheme) = (self.shared.on_bad(), TagScheme::from(self.scheme));
        read_conll(path, &self.columns(tag), on_bad)?.try_map(on_bad, |sentence| {
            // Names the line of the first tag that the scheme does not know.
            let unknown = |tag: &String| match scheme.spans(&[tag]) {
                Err(Error::Config { message, fix }) => Some(format!("{message}; {fix}")),
                _ => None,
            };
            match (sentence.line..).zip(&sentence.tags).find_map(|(line, tag)| Some((line, unknown(tag)?))) {
                None => Ok(sentence),
                Some(bad) => Err(bad),
            }
        })
    }

    /// What a file of predictions has for the items of a set.
    fn read(&self, path: &Path, gold: &Set<TaggedSentence>, items: &[NerItem]) -> Result<Vec<Predicted>> {
        if has_extension(path, "jsonl") {
            return from_json(path, gold, items);
        }
        let scheme = self.scheme.into();
        let sentences = self.sentences(path, gold)?;
        let predicted = items
            .iter()
            .zip(&sentences)
            .map(|(item, sentence)| Ok(Predicted::new(item.spans_of_tags(&sentence.tags, scheme)?)));
        predicted.collect()
    }

    /// What a gazetteer of the names in `path` finds in the items of a set.
    fn gazetteer(&self, path: &Path, gold: &[TaggedSentence], renamed: bool) -> Result<Vec<Predicted>> {
        let mut seen = self.tagged(path, self.tag_column)?;
        if renamed {
            seen.items.iter_mut().flat_map(|sentence| &mut sentence.tags).for_each(rename);
        }
        let gazetteer = Gazetteer::learn(&seen.items, self.scheme.into())?;
        Ok(gold.iter().map(|sentence| Predicted::new(gazetteer.find(&sentence.tokens))).collect())
    }

    /// The tagged sentences of a file of predictions that belong to those of `gold`.
    fn sentences(&self, path: &Path, gold: &Set<TaggedSentence>) -> Result<Vec<TaggedSentence>> {
        let Set { items: found, skipped, .. } =
            self.tagged(path, self.predicted_column.or(self.tag_column))?;
        let same = |(gold, found): (&TaggedSentence, &TaggedSentence)| gold.tokens == found.tokens;
        if found.len() == gold.items.len() && gold.items.iter().zip(&found).all(same) {
            return Ok(found);
        }
        let mut by_place: HashMap<usize, TaggedSentence> =
            found.into_iter().map(|sentence| (sentence.place, sentence)).collect();
        let whole = || match skipped.first() {
            None => "give predictions for every sentence of the set".to_owned(),
            Some(bad) => format!("correct its bad lines, such as {bad}"),
        };
        let of = |gold: &TaggedSentence| {
            let predicted = by_place.remove(&gold.place).ok_or_else(|| {
                let message =
                    format!("{} has nothing for the sentence in line {}", path.display(), gold.line);
                Error::config(message, whole())
            })?;
            if predicted.tokens == gold.tokens {
                return Ok(predicted);
            }
            let (path, line) = (path.display(), predicted.line);
            Err(Error::config(
                format!("{path} line {line} has other tokens than the set in line {}", gold.line),
                "give predictions for the same tokens",
            ))
        };
        let sentences = gold.items.iter().map(of).collect::<Result<_>>()?;
        match by_place.values().find(|sentence| sentence.place > gold.items.len() + gold.skipped.len()) {
            None => Ok(sentences),
            Some(more) => Err(Error::config(
                format!("{} line {} begins a sentence that the set does not have", path.display(), more.line),
                "give predictions for the sentences of the set only",
            )),
        }
    }
}

/// Predictions in JSON Lines, a line for each sentence.
fn from_json(path: &Path, gold: &Set<TaggedSentence>, items: &[NerItem]) -> Result<Vec<Predicted>> {
    let records = read_json_lines(path, &["entities"], OnBad::Fail)?.items;
    let places: Vec<usize> = gold.items.iter().map(|sentence| sentence.place).collect();
    let records = in_order(&places, gold.skipped.len(), records, path)?;
    let read = |(record, item): (&Record, &NerItem)| {
        let malformed = |message| Error::Malformed { path: path.to_owned(), line: record.line, message };
        let entities = record.value("entities").cloned().unwrap_or_default();
        let entities: Vec<Entity> =
            serde_json::from_value(entities).map_err(|error| malformed(error.to_string()))?;
        for Entity { start, end, score, .. } in &entities {
            if start >= end || *end > item.tokens.len() {
                let tokens = item.tokens.len();
                return Err(malformed(format!(
                    "tokens {start} to {end} do not lie in a sentence of {tokens} tokens"
                )));
            }
            if let Some(score) = score.filter(|score| !(0.0..=1.0).contains(score)) {
                return Err(malformed(format!("the score {score} is no probability from 0 to 1")));
            }
        }
        Ok(Predicted { entities })
    };
    records.iter().zip(items).map(read).collect()
}

/// Scores each set.
pub fn run(args: &NerArgs) -> Result<Vec<Evaluation>> {
    args.model.check(args.shared.data.len())?;
    one_set("--save-against", args.save_against.as_deref(), args.shared.data.len())?;
    let jobs = args.shared.jobs()?;
    let needs_model = jobs.iter().any(|job| job.predictions.is_none() && !is_brat(job.data));
    let model = needs_model.then(|| recognizer(args.model.model.as_deref())).transpose()?;
    let score = |job: &Job<'_>| {
        if is_brat(job.data) {
            brat(args, job)
        } else {
            conll(args, job, model.as_ref())
        }
    };
    jobs.iter().map(score).collect()
}

fn conll(args: &NerArgs, job: &Job<'_>, model: Option<&Running<dyn EntityRecognizer>>) -> Result<Evaluation> {
    let mut set = args.tagged(job.data, args.tag_column)?;
    let runs = job.predictions.is_none() || job.against.is_some_and(Path::is_dir);
    if runs {
        set.items.iter_mut().flat_map(|sentence| &mut sentence.tags).for_each(rename);
    }
    let scheme = args.scheme.into();
    let mut items: Vec<NerItem> =
        set.items.iter().map(|sentence| NerItem::from_tags(sentence, scheme)).collect::<Result<_>>()?;

    let mut system = job.predictions.map_or_else(String::new, file_name);
    let predicted = match (job.predictions, model) {
        (Some(path), _) => renamed(args.read(path, &set, &items)?, runs),
        (None, Some(model)) => {
            system.clone_from(&model.name);
            recognized(model, &items, args.model.save.as_deref())?
        }
        (None, None) => job.predictions().map(|_| Vec::new())?,
    };
    let against = match (job.against, &args.against_gazetteer) {
        (None, None) => None,
        (None, Some(path)) => Some(args.gazetteer(path, &set.items, runs)?),
        (Some(path), _) if path.is_dir() => {
            Some(recognized(&recognizer(Some(path))?, &items, args.save_against.as_deref())?)
        }
        (Some(path), _) => Some(renamed(args.read(path, &set, &items)?, runs)),
    };
    if runs {
        system = format!("{system} ({})", labels(&items).into_iter().collect::<Vec<_>>().join(" "));
    }
    let mut against = against.into_iter().flatten();
    for (item, predicted) in items.iter_mut().zip(predicted) {
        item.predicted = predicted.spans();
        item.confidence = predicted.confidence();
        item.against = against.next().map(|predicted| predicted.spans());
    }
    let gazetteer = args.against_gazetteer.as_deref().map(|path| format!("names of {}", file_name(path)));
    let model = model.filter(|_| job.predictions.is_none()).map(|running| running.files.clone());
    let setup = Setup { model, ..args.shared.setup(&set, system, job.against_name().or(gazetteer)) };
    Ok(evaluate_ner(&items, Some(scheme), &setup))
}

/// The types of entities that the items have.
fn labels(items: &[NerItem]) -> BTreeSet<&str> {
    items.iter().flat_map(|item| &item.gold).map(|span| span.label.as_str()).collect()
}

/// Names that sets have for the model's types.
const NAMES: &[(&str, &str)] = &[
    ("PERSON", "PER"),
    ("PEOPLE", "PER"),
    ("PPL", "PER"),
    ("LOCATION", "LOC"),
    ("PLACE", "LOC"),
    ("PLC", "LOC"),
    ("GPE", "LOC"),
    ("ORGANIZATION", "ORG"),
    ("ORGANISATION", "ORG"),
    ("EVENT", "EVT"),
    ("QUANTITY", "QTY"),
];

/// The model's name of a type.
fn ours(label: &str) -> String {
    let upper = label.to_uppercase();
    NAMES.iter().find(|(name, _)| *name == upper).map_or(upper, |(_, ours)| (*ours).to_owned())
}

/// Gives a tag the model's name of its type.
fn rename(tag: &mut String) {
    if let Some((prefix, label)) = tag.split_once('-') {
        *tag = format!("{prefix}-{}", ours(label));
    }
}

/// Predictions of a file with the model's names of types, where the set has got them too.
fn renamed(mut predicted: Vec<Predicted>, runs: bool) -> Vec<Predicted> {
    if runs {
        for entity in predicted.iter_mut().flat_map(|predicted| &mut predicted.entities) {
            entity.label = ours(&entity.label);
        }
    }
    predicted
}

/// Runs a model over the items, each as a text of one sentence; types that no item has are left out.
fn recognized(
    running: &Running<dyn EntityRecognizer>,
    items: &[NerItem],
    save: Option<&Path>,
) -> Result<Vec<Predicted>> {
    let labels = labels(items);
    let all: Vec<&str> = labels.iter().copied().collect();
    let inputs: Vec<String> =
        [all.join(" ")].into_iter().chain(items.iter().map(|item| item.text.clone())).collect();
    let save = save.map(|path| Save { path, run: running.run(&inputs) });
    let lines = predictions(items, save.as_ref(), |batch| {
        let sentences: Vec<[Sentence; 1]> = batch
            .iter()
            .map(|item| {
                [Sentence { span: Span::whole(&item.text), paragraph: 0, kind: SentenceKind::default() }]
            })
            .collect();
        let texts: Vec<SentencedText<'_>> = batch
            .iter()
            .zip(&sentences)
            .map(|(item, sentences)| SentencedText::new(&item.text, sentences))
            .collect();
        let found = running.model.recognize(&texts, Progress::none())?;
        let lines = batch.iter().zip(found).map(|(item, recognition)| {
            let mentions: Vec<_> = recognition
                .mentions
                .iter()
                .filter(|mention| labels.contains(mention.label.as_str()))
                .collect();
            let spans: Vec<LabeledSpan> = mentions
                .iter()
                .map(|mention| LabeledSpan {
                    start: mention.span.start(),
                    end: mention.span.end(),
                    label: mention.label.to_string(),
                })
                .collect();
            let entities = item.spans_in_tokens(&spans).into_iter().map(|(at, span)| Entity {
                start: span.start,
                end: span.end,
                label: span.label,
                score: mentions.get(at).map(|mention| f64::from(mention.score)),
            });
            line(&Predicted { entities: entities.collect() })
        });
        lines.collect()
    })?;
    lines.iter().map(|line| serde_json::from_str(line).map_err(|error| no_json(&error))).collect()
}

fn line(predicted: &Predicted) -> Result<String> {
    serde_json::to_string(predicted).map_err(|error| no_json(&error))
}

fn no_json(error: &serde_json::Error) -> Error {
    Error::config(format!("saved predictions: {error}"), "delete the file and run again")
}

/// Whether a set is of brat: a file, or a folder of files.
fn is_brat(path: &Path) -> bool {
    has_extension(path, "ann") || path.is_dir()
}

fn brat(args: &NerArgs, job: &Job<'_>) -> Result<Evaluation> {
    let set = read_brat(job.data, args.shared.on_bad())?;
    let predictions = job.predictions()?;
    let mut system = of_texts(&set.items, predictions)?.into_iter();
    let mut against = job.against.map(|path| of_texts(&set.items, path)).transpose()?.map(Vec::into_iter);
    let set = set.try_map(OnBad::Fail, |gold| {
        Ok(NerItem {
            id: gold.name,
            text: gold.text,
            gold: gold.entities,
            predicted: system.next().unwrap_or_default(),
            against: against.as_mut().and_then(Iterator::next),
            ..NerItem::default()
        })
    })?;
    Ok(evaluate_ner(&set.items, None, &args.shared.setup(&set, file_name(predictions), job.against_name())))
}

/// The entities that a file of brat has for the one text of a set, or a folder by name for several.
fn of_texts(gold: &[AnnotatedText], path: &Path) -> Result<Vec<Vec<LabeledSpan>>> {
    let mut found = read_brat(path, OnBad::Fail)?.items;
    if let ([gold], [only], false) = (gold, found.as_mut_slice(), path.is_dir()) {
        only.name.clone_from(&gold.name);
    }
    let mut by_name: HashMap<String, AnnotatedText> =
        found.into_iter().map(|text| (text.name.clone(), text)).collect();
    let of = |gold: &AnnotatedText| match by_name.remove(&gold.name) {
        Some(found) if found.text == gold.text => Ok(found.entities),
        Some(_) => Err(Error::config(
            format!("{} annotates another text than the set does in {}", path.display(), gold.name),
            "give predictions for the same text",
        )),
        None => Err(Error::config(
            format!("{} has nothing for {}", path.display(), gold.name),
            "give a file of the same name for every text of the set",
        )),
    };
    gold.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_and_predictions_get_the_same_names() {
        let mut tag = "B-Organisation".to_owned();
        rename(&mut tag);
        assert_eq!(tag, "B-ORG");
        let mut outside = "O".to_owned();
        rename(&mut outside);
        assert_eq!(outside, "O");
        let span = LabeledSpan { start: 0, end: 1, label: "Organisation".to_owned() };
        let labels =
            |runs| renamed(vec![Predicted::new(vec![span.clone()])], runs)[0].entities[0].label.clone();
        assert_eq!((labels(true).as_str(), labels(false).as_str()), ("ORG", "Organisation"));
    }
}
