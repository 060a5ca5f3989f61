//! `intisari eval ner`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use intisari::document::{Sentence, SentenceKind};
use intisari::eval::evaluation::{evaluate_ner, Evaluation, Gazetteer, NerItem};
use intisari::eval::formats::{
    read_brat, read_conll, read_json_lines, AnnotatedText, Column, Columns, Record, Separator, Set,
    TaggedSentence,
};
use intisari::eval::{LabeledSpan, TagScheme};
use intisari::ner::{EntityRecognizer, SentencedText};
use intisari::{Error, Progress, Result, Span};
use serde::{Deserialize, Serialize};

use super::common::{file_name, has_extension, matched, Job, Shared};
use super::models::{recognizer, ModelArgs};
use super::saved::{predictions, Save};

const FORMS: &str = "\
Sets hold a token and its tag a line, with a blank line after each sentence, or are brat files (`NAME.ann` beside `NAME.txt`).
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
        read_conll(path, &self.columns(tag), self.shared.on_bad())
    }

    /// What a file of predictions has for the items of a set.
    fn read(&self, path: &Path, gold: &[TaggedSentence], items: &[NerItem]) -> Result<Vec<Predicted>> {
        if has_extension(path, "jsonl") {
            return from_json(path, items, self.shared.on_bad());
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
    fn sentences(&self, path: &Path, gold: &[TaggedSentence]) -> Result<Vec<TaggedSentence>> {
        let set = self.tagged(path, self.predicted_column.or(self.tag_column))?;
        let sentences = if set.items.len() == gold.len() {
            set.items
        } else {
            let name = |sentence: &TaggedSentence| format!("the sentence in line {}", sentence.line);
            matched(gold, set.items, |s| s.line, |s| s.line, name, path)?
        };
        match gold.iter().zip(&sentences).find(|(gold, predicted)| gold.tokens != predicted.tokens) {
            None => Ok(sentences),
            Some((gold, predicted)) => Err(Error::config(
                format!(
                    "{} line {} has other tokens than the set in line {}",
                    path.display(),
                    predicted.line,
                    gold.line
                ),
                "give predictions for the same tokens",
            )),
        }
    }
}

fn from_json(
    path: &Path,
    items: &[NerItem],
    on_bad: intisari::eval::formats::OnBad,
) -> Result<Vec<Predicted>> {
    let set = read_json_lines(path, &["entities"], on_bad)?;
    if set.items.len() != items.len() {
        return Err(Error::config(
            format!("{} has {} lines for {} sentences", path.display(), set.items.len(), items.len()),
            "give a line for each sentence of the set, in order",
        ));
    }
    let read = |(record, item): (&Record, &NerItem)| {
        let malformed = |message| Error::Malformed { path: path.to_owned(), line: record.line, message };
        let entities = record.value("entities").cloned().unwrap_or_default();
        let entities: Vec<Entity> =
            serde_json::from_value(entities).map_err(|error| malformed(error.to_string()))?;
        match entities.iter().find(|entity| entity.start >= entity.end || entity.end > item.tokens.len()) {
            None => Ok(Predicted { entities }),
            Some(Entity { start, end, .. }) => Err(malformed(format!(
                "tokens {start} to {end} do not lie in a sentence of {} tokens",
                item.tokens.len()
            ))),
        }
    };
    set.items.iter().zip(items).map(read).collect()
}

/// Scores each set.
pub fn run(args: &NerArgs) -> Result<Vec<Evaluation>> {
    args.model.check(args.shared.data.len())?;
    let jobs = args.shared.jobs()?;
    let needs_model = jobs.iter().any(|job| job.predictions.is_none() && !has_extension(job.data, "ann"));
    let model = needs_model.then(|| recognizer(args.model.model.as_deref())).transpose()?;
    let score = |job: &Job<'_>| {
        if has_extension(job.data, "ann") {
            brat(args, job)
        } else {
            conll(args, job, model.as_deref())
        }
    };
    jobs.iter().map(score).collect()
}

fn conll(args: &NerArgs, job: &Job<'_>, model: Option<&dyn EntityRecognizer>) -> Result<Evaluation> {
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
        (Some(path), _) => renamed(args.read(path, &set.items, &items)?, runs),
        (None, Some(model)) => {
            let reference = model.model();
            system = args.model.name(reference.as_ref());
            let run = args.model.run(&set.sha256, reference.as_ref());
            let save = args.model.save.as_deref().map(|path| Save { path, run });
            recognized(model, &items, save.as_ref())?
        }
        (None, None) => job.predictions().map(|_| Vec::new())?,
    };
    let against = match (job.against, &args.against_gazetteer) {
        (None, None) => None,
        (None, Some(path)) => Some(args.gazetteer(path, &set.items, runs)?),
        (Some(path), _) if path.is_dir() => Some(recognized(recognizer(Some(path))?.as_ref(), &items, None)?),
        (Some(path), _) => Some(renamed(args.read(path, &set.items, &items)?, runs)),
    };
    if runs {
        let labels: BTreeSet<&str> =
            items.iter().flat_map(|item| &item.gold).map(|span| span.label.as_str()).collect();
        system = format!("{system} ({})", labels.into_iter().collect::<Vec<_>>().join(" "));
    }
    let mut against = against.into_iter().flatten();
    for (item, predicted) in items.iter_mut().zip(predicted) {
        item.predicted = predicted.spans();
        item.confidence = predicted.confidence();
        item.against = against.next().map(|predicted| predicted.spans());
    }
    let gazetteer = args.against_gazetteer.as_deref().map(|path| format!("names of {}", file_name(path)));
    let setup = args.shared.setup(&set, system, job.against_name().or(gazetteer));
    Ok(evaluate_ner(&items, Some(scheme), &setup))
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
    model: &dyn EntityRecognizer,
    items: &[NerItem],
    save: Option<&Save<'_>>,
) -> Result<Vec<Predicted>> {
    let labels: BTreeSet<&str> =
        items.iter().flat_map(|item| &item.gold).map(|span| span.label.as_str()).collect();
    let lines = predictions(items, save, |batch| {
        let sentences: Vec<[Sentence; 1]> = batch
            .iter()
            .map(|item| {
                [Sentence { span: Span::whole(&item.text), paragraph: 0, kind: SentenceKind::default() }]
            })
            .collect();
        let texts: Vec<SentencedText<'_>> = batch
            .iter()
            .zip(&sentences)
            .map(|(item, sentences)| SentencedText { text: &item.text, sentences, date: None })
            .collect();
        let found = model.recognize(&texts, Progress::none())?;
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

fn brat(args: &NerArgs, job: &Job<'_>) -> Result<Evaluation> {
    let read = |path: &Path| read_brat(path, args.shared.on_bad());
    let only = |path: &Path, gold: &AnnotatedText| -> Result<AnnotatedText> {
        let text = read(path)?.items.into_iter().next().unwrap_or_default();
        if text.text == gold.text {
            Ok(text)
        } else {
            Err(Error::config(
                format!("{} annotates another text than {}", path.display(), job.data.display()),
                "give predictions for the same text",
            ))
        }
    };
    let set = read(job.data)?;
    let predictions = job.predictions()?;
    let mut items = Vec::with_capacity(set.items.len());
    for gold in &set.items {
        items.push(NerItem {
            id: file_name(job.data),
            text: gold.text.clone(),
            gold: gold.entities.clone(),
            predicted: only(predictions, gold)?.entities,
            against: job.against.map(|path| only(path, gold)).transpose()?.map(|text| text.entities),
            ..NerItem::default()
        });
    }
    Ok(evaluate_ner(&items, None, &args.shared.setup(&set, file_name(predictions), job.against_name())))
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
