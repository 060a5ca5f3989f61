//! `intisari eval entities`.

use std::collections::HashMap;
use std::path::Path;

use clap::{Args, ValueEnum};
use intisari::document::Entity;
use intisari::eval::evaluation::{evaluate_names, Evaluation, GroupedName, NamingItem, Setup};
use intisari::eval::formats::{read_json_lines, read_names, NamedText, OnBad, Set};
use intisari::ner::{group, with_repeats, EntityRecognizer, Mention, SentencedText};
use intisari::sentence::{KeptText, RuleSplitter, SentenceSplitter};
use intisari::{Error, Progress, Result, Span};
use serde::Deserialize;

use super::common::{file_name, Job, Shared};
use super::models::{recognizer, ModelArgs, Running};

const FORMS: &str = "\
Sets are articles with their names marked: a line `== ID`, then the text, with `[P1 Rini]` for a name and who bears it (P person, L place, O
organization, E event). Without --predictions the built-in grouping is scored, on the names of the set or on those that a model finds.
Predictions are JSON Lines in the order of the set: `{\"entities\": [{\"span\": {\"start\": 0, \"end\": 4}, \"cluster\": 0}, …]}`, in bytes of the text
without marks, as `intisari ner --format jsonl` writes them; entities without a cluster do not count.";

#[derive(Debug, Args)]
#[command(after_help = FORMS)]
pub struct EntitiesArgs {
    #[command(flatten)]
    pub shared: Shared,
    #[command(flatten)]
    model: ModelArgs,
    /// Which names are grouped.
    #[arg(long, value_enum, default_value_t = Names::Gold)]
    names: Names,
    /// Compare with a grouping that is no more than a baseline.
    #[arg(long, value_enum, value_name = "METHOD", conflicts_with = "against")]
    against_method: Option<Baseline>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Names {
    /// Those of the set, with their types.
    Gold,
    /// Those that the model finds.
    Found,
    /// Those, and where they stand elsewhere in the article and were missed.
    Repeated,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Baseline {
    /// Names that are written alike, whatever their case, belong together.
    Exact,
    /// Every name stands alone.
    Alone,
}

/// An article as this program writes it; the rest of it does not matter here.
#[derive(Deserialize)]
struct Written {
    entities: Vec<WrittenEntity>,
}

#[derive(Deserialize)]
struct WrittenEntity {
    span: WrittenSpan,
    cluster: Option<usize>,
}

#[derive(Deserialize)]
struct WrittenSpan {
    start: usize,
    end: usize,
}

/// Scores each set.
pub fn run(args: &EntitiesArgs) -> Result<Vec<Evaluation>> {
    if args.model.save.is_some() {
        return Err(Error::config("--save does not go with this task", "leave it out: it takes seconds"));
    }
    let jobs = args.shared.jobs()?;
    let needs_model = args.names != Names::Gold;
    let model = needs_model.then(|| recognizer(args.model.model.as_deref())).transpose()?;
    jobs.iter().map(|job| one(args, job, model.as_ref())).collect()
}

fn one(
    args: &EntitiesArgs,
    job: &Job<'_>,
    model: Option<&Running<dyn EntityRecognizer>>,
) -> Result<Evaluation> {
    let set = read_names(job.data, args.shared.on_bad())?;
    let found = |article| mentions(article, model.map(|running| running.model.as_ref()), args.names);
    let mentions = set.items.iter().map(found).collect::<Result<Vec<_>>>()?;
    let grouped: Vec<Vec<GroupedName>> = match job.predictions {
        Some(path) => read(path, &set)?,
        None => set.items.iter().zip(&mentions).map(|(article, found)| by_bearer(article, found)).collect(),
    };
    let against = match (job.against, args.against_method) {
        (Some(path), _) => Some(read(path, &set)?),
        (None, Some(method)) => {
            let articles = set.items.iter().zip(&mentions);
            Some(articles.map(|(article, found)| method.group(&article.text, found)).collect())
        }
        (None, None) => None,
    };
    let mut against = against.into_iter().flatten();
    let articles = set.items.iter().zip(grouped);
    let items: Vec<NamingItem> = articles
        .map(|(gold, grouped)| NamingItem { gold: gold.clone(), grouped, against: against.next() })
        .collect();
    let system = match (job.predictions, model) {
        (Some(path), _) => file_name(path),
        (None, None) => "built-in grouping".to_owned(),
        (None, Some(model)) => {
            let repeats = if args.names == Names::Repeated { " with repeats" } else { "" };
            format!("{}{repeats} and built-in grouping", model.name)
        }
    };
    let baseline = args.against_method.map(|method| method.name().to_owned());
    let model = model.filter(|_| job.predictions.is_none()).map(|running| running.files.clone());
    let setup = Setup { model, ..args.shared.setup(&set, system, job.against_name().or(baseline)) };
    Ok(evaluate_names(&items, &setup))
}

/// The names that are to be grouped.
fn mentions(article: &NamedText, model: Option<&dyn EntityRecognizer>, names: Names) -> Result<Vec<Mention>> {
    let text = article.text.as_str();
    let kept = [Span::whole(text)];
    let split = RuleSplitter::default().split(&[KeptText::new(text, &kept)])?;
    let sentences = split.into_iter().next().unwrap_or_default();
    if let Some(model) = model {
        let input = SentencedText::new(text, &sentences);
        let found = model.recognize(&[input], Progress::none())?.into_iter().next().unwrap_or_default();
        return Ok(match names {
            Names::Repeated => with_repeats(&input, found.mentions),
            _ => found.mentions,
        });
    }
    let gold = article.names.iter().map(|name| {
        let sentence = sentences.iter().position(|sentence| sentence.span.overlaps(name.span)).unwrap_or(0);
        Mention::new(name.span, name.label, 1.0, sentence)
    });
    Ok(gold.collect())
}

fn by_bearer(article: &NamedText, mentions: &[Mention]) -> Vec<GroupedName> {
    let (entities, _) = group(&article.text, mentions.to_vec());
    let name = |entity: &Entity| Some((entity.span.start(), entity.span.end(), entity.cluster?));
    entities.iter().filter_map(name).collect()
}

impl Baseline {
    fn name(self) -> &'static str {
        match self {
            Baseline::Exact => "names written alike",
            Baseline::Alone => "every name alone",
        }
    }

    fn group(self, text: &str, mentions: &[Mention]) -> Vec<GroupedName> {
        let mut groups: HashMap<String, usize> = HashMap::new();
        let names = mentions.iter().filter(|mention| mention.value.is_none()).enumerate();
        names
            .map(|(number, mention)| {
                let key = match self {
                    Baseline::Exact => format!("{} {}", mention.label, mention.span.of(text).to_lowercase()),
                    Baseline::Alone => number.to_string(),
                };
                (mention.span.start(), mention.span.end(), *groups.entry(key).or_insert(number))
            })
            .collect()
    }
}

/// The grouping that a file has for the articles of a set.
fn read(path: &Path, set: &Set<NamedText>) -> Result<Vec<Vec<GroupedName>>> {
    let lines = read_json_lines(path, &["entities"], OnBad::Fail)?;
    if lines.items.len() != set.items.len() {
        return Err(Error::config(
            format!("{} has {} lines for {} articles", path.display(), lines.items.len(), set.items.len()),
            "give a line for each article of the set, in order",
        ));
    }
    let articles = lines.items.iter().zip(&set.items);
    articles
        .map(|(record, article)| {
            let malformed = |message| Error::Malformed { path: path.to_owned(), line: record.line, message };
            let entities = record.value("entities").cloned().unwrap_or_default();
            let written: Written = serde_json::from_value(serde_json::json!({ "entities": entities }))
                .map_err(|error| malformed(error.to_string()))?;
            let names = written.entities.into_iter().filter_map(|entity| {
                let WrittenSpan { start, end } = entity.span;
                Some((start, end, entity.cluster?))
            });
            let names: Vec<GroupedName> = names.collect();
            for &(start, end, _) in &names {
                Span::new(&article.text, start, end).map_err(|error| malformed(error.to_string()))?;
            }
            Ok(names)
        })
        .collect()
}
