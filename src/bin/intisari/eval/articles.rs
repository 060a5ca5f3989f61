//! Entities of whole articles, as spans of their text.

use std::collections::HashMap;
use std::path::Path;

use intisari::clean::RuleCleaner;
use intisari::eval::evaluation::{evaluate_ner, Evaluation, NerItem, ScoredModel, Setup};
use intisari::eval::formats::{read_articles, read_brat, AnnotatedText, Form, MarkedArticle, OnBad, Set};
use intisari::eval::LabeledSpan;
use intisari::ner::EntityRecognizer;
use intisari::pipeline::Options;
use intisari::sentence::RuleSplitter;
use intisari::{Article, Document, Error, Pipeline, Result};

use super::common::{file_name, paired, Job, Row};
use super::labels::rename;
use super::models::{recognizer, run, Running};
use super::ner::NerArgs;
use super::predicted::{check_score, renamed, Entity, Predicted};
use super::saved::{predictions, Save, BATCH};
use super::tagged::labels;

/// Reads articles as `intisari ner` does: splits them, finds names, marks repeated ones.
pub struct Reader {
    pipeline: Pipeline,
    name: String,
    files: ScoredModel,
}

impl Reader {
    pub fn new(running: Running<dyn EntityRecognizer + Send>, clean: bool) -> Result<Self> {
        let Running { model, name, files } = running;
        // Batches grow and shrink where predictions are saved.
        let options = Options::default().with_batch_articles(BATCH);
        let mut builder =
            Pipeline::builder().options(options).splitter(RuleSplitter::default()).recognizer(model);
        if clean {
            builder = builder.cleaner(RuleCleaner::default());
        }
        // Whether boilerplate is read makes another system.
        let name =
            if clean { format!("{name} on cleaned text") } else { format!("{name} on the whole text") };
        Ok(Reader { pipeline: builder.build()?, name, files })
    }

    /// What is found in the articles, of the types that they are marked with.
    fn found(&self, items: &[NerItem], save: Option<&Path>) -> Result<Vec<Predicted>> {
        let labels = labels(items);
        let all: Vec<&str> = labels.iter().copied().collect();
        let inputs: Vec<String> =
            [all.join(" ")].into_iter().chain(items.iter().map(|item| item.text.clone())).collect();
        let save = save.map(|path| Save { path, run: run(&inputs, &self.name, Some(&self.files)) });
        let lines = predictions(items, save.as_ref(), |batch| {
            let articles: Vec<Article> =
                batch.iter().map(|item| Article::new(item.id.as_str(), item.text.as_str())).collect();
            let entities = |document: Document| {
                let entities = document.entities.into_iter();
                let entities = entities.filter(|entity| labels.contains(entity.label.as_str()));
                let entities = entities
                    .map(|entity| Entity::new(LabeledSpan::from(&entity), Some(f64::from(entity.score))));
                Predicted { entities: entities.collect() }.line()
            };
            self.pipeline.run_batch(&articles).into_iter().map(|document| entities(document?)).collect()
        })?;
        lines.iter().map(|line| Predicted::from_line(line)).collect()
    }
}

/// Scores a set of articles.
pub fn score(args: &NerArgs, job: &Job<'_>, reader: Option<&Reader>) -> Result<Evaluation> {
    if args.against_gazetteer.is_some() {
        let message = format!("{} holds articles, a gazetteer finds names among tokens", job.data.display());
        return Err(Error::config(message, "leave --against-gazetteer out"));
    }
    let mut rows = articles(args, job.data)?;
    let other = job.against.filter(|path| is_model(path));
    let runs = job.predictions.is_none() || other.is_some();
    if runs {
        rename(rows.items.iter_mut().flat_map(|row| &mut row.value.gold));
    }
    let texts: Vec<NerItem> = rows.items.iter().map(|row| row.value.clone()).collect();

    let mut system = job.predictions.map_or_else(String::new, file_name);
    let predicted = match (job.predictions, reader) {
        (Some(path), _) => renamed(read(args, path, &rows)?, runs),
        (None, Some(reader)) => {
            system.clone_from(&reader.name);
            reader.found(&texts, args.model.save.as_deref())?
        }
        (None, None) => job.predictions().map(|_| Vec::new())?,
    };
    let against = match (job.against, other) {
        (_, Some(folder)) => {
            let reader = Reader::new(recognizer(Some(folder))?, args.articles.clean)?;
            Some(reader.found(&texts, args.save_against.as_deref())?)
        }
        (Some(path), None) => Some(renamed(read(args, path, &rows)?, runs)),
        (None, None) => None,
    };
    if runs {
        system = format!("{system} ({})", labels(&texts).into_iter().collect::<Vec<_>>().join(" "));
    }
    let mut against = against.into_iter().flatten();
    let found = rows.items.iter().zip(predicted);
    let mut items: Vec<NerItem> = found
        .map(|(row, predicted)| NerItem {
            predicted: predicted.spans(),
            confidence: predicted.confidence(),
            against: against.next().map(|predicted| predicted.spans()),
            ..row.value.clone()
        })
        .collect();
    args.choose_types(&mut items, &mut rows.notes);
    let model = reader.filter(|_| job.predictions.is_none()).map(|reader| reader.files.clone());
    let setup = Setup { model, ..args.shared.setup(&rows, system, job.against_name()) };
    evaluate_ner(&items, None, &setup)
}

/// Whether a folder to compare with is a model, and not one of brat.
fn is_model(path: &Path) -> bool {
    path.is_dir() && path.join("config.json").exists()
}

/// The articles of a set.
fn articles(args: &NerArgs, path: &Path) -> Result<Set<Row<NerItem>>> {
    let on_bad = args.shared.on_bad();
    let item = |id, text, gold| NerItem { id, text, gold, ..NerItem::default() };
    if Form::of(path)? == Form::Brat {
        let Set { path, sha256, items, skipped, notes } = read_brat(path, on_bad)?;
        let row = |AnnotatedText { name, place, text, entities }| Row {
            id: Some(name.clone()),
            line: 1,
            place,
            value: item(name, text, entities),
        };
        let items = items.into_iter().map(row).collect();
        return Ok(Set { path, sha256, items, skipped, notes });
    }
    let articles = read_articles(path, &args.articles.fields(), on_bad)?;
    let located = articles.located(on_bad).map_err(with_option)?;
    let row = |(article, mut entities): (MarkedArticle, Vec<LabeledSpan>)| {
        entities.sort();
        let name = article.name();
        let text = article.text.unwrap_or_default();
        let value = item(name, text, entities);
        Row { id: article.id, line: article.line, place: article.place, value }
    };
    let Set { path, sha256, items, skipped, notes } = located;
    let items = items.into_iter().map(row).collect();
    Ok(Set { path, sha256, items, skipped, notes })
}

/// Names the option that says what offsets count.
fn with_option(error: Error) -> Error {
    match error {
        Error::Config { message, fix } => Error::config(message, format!("{fix} (--offsets)")),
        error => error,
    }
}

/// The entities that a file has for the articles of a set.
fn read(args: &NerArgs, path: &Path, gold: &Set<Row<NerItem>>) -> Result<Vec<Predicted>> {
    if Form::of(path)? == Form::Brat {
        return of_brat(gold, path);
    }
    let predicted = read_articles(path, &args.articles.fields(), OnBad::Fail)?;
    let row = |article: MarkedArticle| Row {
        id: article.id.clone(),
        line: article.line,
        place: article.place,
        value: article,
    };
    let predicted = predicted.try_map(OnBad::Fail, |article| Ok(row(article)))?;
    let mut articles = Vec::with_capacity(gold.items.len());
    for (gold, row) in gold.items.iter().zip(paired(gold, predicted)?) {
        let mut article = row.value;
        if article.text.as_ref().is_some_and(|other| *other != gold.value.text) {
            let message = format!("another text than the set has for {}", gold.name());
            return Err(Error::Malformed { path: path.to_owned(), line: row.line, message });
        }
        article.text = Some(gold.value.text.clone());
        articles.push(article);
    }
    let set = Set {
        path: path.to_owned(),
        sha256: String::new(),
        items: articles,
        skipped: Vec::new(),
        notes: Vec::new(),
    };
    let entities = |(article, spans): (MarkedArticle, Vec<LabeledSpan>)| {
        let malformed = |message| Error::Malformed { path: path.to_owned(), line: article.line, message };
        let entities = spans.into_iter().zip(&article.marks).map(|(span, mark)| {
            check_score(mark.score).map_err(malformed)?;
            Ok(Entity::new(span, mark.score))
        });
        Ok(Predicted { entities: entities.collect::<Result<_>>()? })
    };
    let located = set.located(OnBad::Fail).map_err(with_option)?;
    located.items.into_iter().map(entities).collect()
}

/// The entities that a file of brat has for the one text of a set, or a folder by name for several.
fn of_brat(gold: &Set<Row<NerItem>>, path: &Path) -> Result<Vec<Predicted>> {
    let mut found = read_brat(path, OnBad::Fail)?.items;
    if let ([gold], [only], false) = (gold.items.as_slice(), found.as_mut_slice(), path.is_dir()) {
        only.name.clone_from(&gold.value.id);
    }
    let mut by_name: HashMap<String, AnnotatedText> =
        found.into_iter().map(|text| (text.name.clone(), text)).collect();
    let of = |gold: &Row<NerItem>| match by_name.remove(&gold.value.id) {
        Some(found) if found.text == gold.value.text => Ok(Predicted::new(found.entities)),
        Some(_) => Err(Error::config(
            format!("{} annotates another text than the set does in {}", path.display(), gold.value.id),
            "give predictions for the same text",
        )),
        None => Err(Error::config(
            format!("{} has nothing for {}", path.display(), gold.value.id),
            "give a file of the same name for every text of the set",
        )),
    };
    gold.items.iter().map(of).collect()
}
