//! Entities of tagged sentences.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use intisari::document::Sentence;
use intisari::eval::evaluation::{evaluate_ner, Evaluation, Gazetteer, NerItem, Setup};
use intisari::eval::formats::{
    holds_tagged_sentences, read_conll, read_json_lines, read_tagged_json, Columns, Form, OnBad, Record, Set,
    TaggedSentence,
};
use intisari::eval::{LabeledSpan, TagScheme};
use intisari::ner::{EntityRecognizer, SentencedText};
use intisari::{Error, Progress, Result, Span};

use super::common::{file_name, in_order, Job};
use super::labels::rename;
use super::models::{recognizer, Running};
use super::ner::NerArgs;
use super::predicted::{check_score, renamed, Entity, Predicted};
use super::saved::{predictions, Save};

type Model = Running<dyn EntityRecognizer + Send>;

/// Sentences and how their tags are read.
struct Tagged {
    set: Set<TaggedSentence>,
    scheme: TagScheme,
}

impl Tagged {
    fn read(args: &NerArgs, path: &Path, columns: &Columns) -> Result<Self> {
        let on_bad = args.shared.on_bad();
        let set = match Form::of(path)? {
            Form::Json => read_tagged_json(path, on_bad)?,
            _ => read_conll(path, columns, on_bad)?,
        };
        if let Some(scheme) = args.tags.scheme() {
            return Ok(Tagged { set: set.in_scheme(scheme, on_bad)?, scheme });
        }
        let detected = TagScheme::detect(&set.items, |sentence| &sentence.tags);
        let detected = detected.map_err(|error| match error {
            Error::Config { message, fix } => Error::config(format!("{}: {message}", path.display()), fix),
            error => error,
        })?;
        let mut set = set.in_scheme(detected.scheme, on_bad)?;
        set.notes.extend(detected.notes);
        Ok(Tagged { set, scheme: detected.scheme })
    }
}

/// Scores a set of sentences.
pub fn score(args: &NerArgs, job: &Job<'_>, model: Option<&Model>) -> Result<Evaluation> {
    let Tagged { mut set, scheme } = Tagged::read(args, job.data, &args.tags.gold())?;
    let runs = job.predictions.is_none() || job.against.is_some_and(Path::is_dir);
    let mut items: Vec<NerItem> =
        set.items.iter().map(|sentence| NerItem::from_tags(sentence, scheme)).collect::<Result<_>>()?;
    if runs {
        rename(items.iter_mut().flat_map(|item| &mut item.gold));
    }

    let mut system = job.predictions.map_or_else(String::new, file_name);
    let predicted = match (job.predictions, model) {
        (Some(path), _) => renamed(read(args, path, &mut set, &items)?, runs),
        (None, Some(model)) => {
            system.clone_from(&model.name);
            recognized(model, &items, args.model.save.as_deref())?
        }
        (None, None) => job.predictions().map(|_| Vec::new())?,
    };
    let against = match (job.against, &args.against_gazetteer) {
        (None, None) => None,
        (None, Some(path)) => Some(gazetteer(args, path, &set.items, runs)?),
        (Some(path), _) if path.is_dir() => {
            Some(recognized(&recognizer(Some(path))?, &items, args.save_against.as_deref())?)
        }
        (Some(path), _) => Some(renamed(read(args, path, &mut set, &items)?, runs)),
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
    args.choose_types(&mut items, &mut set.notes);
    let gazetteer = args.against_gazetteer.as_deref().map(|path| format!("names of {}", file_name(path)));
    let model = model.filter(|_| job.predictions.is_none()).map(|running| running.files.clone());
    let setup = Setup { model, ..args.shared.setup(&set, system, job.against_name().or(gazetteer)) };
    evaluate_ner(&items, Some(scheme), &setup)
}

/// What a file of predictions has for the items of a set, which notes how it was read.
fn read(
    args: &NerArgs,
    path: &Path,
    gold: &mut Set<TaggedSentence>,
    items: &[NerItem],
) -> Result<Vec<Predicted>> {
    if Form::of(path)? == Form::Json && !holds_tagged_sentences(path)? {
        return from_json(path, gold, items);
    }
    let mut tagged = Tagged::read(args, path, &args.tags.predicted())?;
    let notes = std::mem::take(&mut tagged.set.notes).into_iter();
    gold.notes.extend(notes.map(|note| format!("{}: {note}", file_name(path))));
    let sentences = paired(path, tagged.set, gold)?;
    let predicted = items
        .iter()
        .zip(&sentences)
        .map(|(item, sentence)| Ok(Predicted::new(item.spans_of_tags(&sentence.tags, tagged.scheme)?)));
    predicted.collect()
}

/// What a gazetteer of the names in `path` finds in the items of a set.
fn gazetteer(args: &NerArgs, path: &Path, gold: &[TaggedSentence], runs: bool) -> Result<Vec<Predicted>> {
    let Tagged { set, scheme } = Tagged::read(args, path, &args.tags.gold())?;
    let gazetteer = Gazetteer::learn(&set.items, scheme)?;
    let found = gold.iter().map(|sentence| Predicted::new(gazetteer.find(&sentence.tokens))).collect();
    Ok(renamed(found, runs))
}

/// The sentences of a file of predictions that belong to those of `gold`.
fn paired(
    path: &Path,
    predicted: Set<TaggedSentence>,
    gold: &Set<TaggedSentence>,
) -> Result<Vec<TaggedSentence>> {
    let Set { items: found, skipped, .. } = predicted;
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
            let message = format!("{} has nothing for the sentence in line {}", path.display(), gold.line);
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
            check_score(*score).map_err(malformed)?;
        }
        Ok(Predicted { entities })
    };
    records.iter().zip(items).map(read).collect()
}

/// The types of entities that the items have.
pub fn labels(items: &[NerItem]) -> BTreeSet<&str> {
    items.iter().flat_map(|item| &item.gold).map(|span| span.label.as_str()).collect()
}

/// Runs a model over the items, each as a text of one sentence; types that no item has are left out.
fn recognized(running: &Model, items: &[NerItem], save: Option<&Path>) -> Result<Vec<Predicted>> {
    let labels = labels(items);
    let all: Vec<&str> = labels.iter().copied().collect();
    let inputs: Vec<String> =
        [all.join(" ")].into_iter().chain(items.iter().map(|item| item.text.clone())).collect();
    let save = save.map(|path| Save { path, run: running.run(&inputs) });
    let lines = predictions(items, save.as_ref(), |batch| {
        let sentences: Vec<[Sentence; 1]> =
            batch.iter().map(|item| [Sentence::new(Span::whole(&item.text), 0)]).collect();
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
            let spans: Vec<LabeledSpan> = mentions.iter().copied().map(LabeledSpan::from).collect();
            let entities = item.spans_in_tokens(&spans).into_iter().map(|(at, span)| {
                Entity::new(span, mentions.get(at).map(|mention| f64::from(mention.score)))
            });
            Predicted { entities: entities.collect() }.line()
        });
        lines.collect()
    })?;
    lines.iter().map(|line| Predicted::from_line(line)).collect()
}
