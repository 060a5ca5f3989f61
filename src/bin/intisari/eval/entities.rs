//! `intisari eval entities`.

use std::collections::HashMap;
use std::path::Path;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use intisari::document::{Entity, Label};
use intisari::eval::evaluation::{evaluate_names, Evaluation, GroupedName, NamingItem, Setup};
use intisari::eval::formats::{
    read_articles, read_json_lines, read_names, ArticleFields, Form, MarkedArticle, MarkedName, NamedText,
    OnBad, Set,
};
use intisari::eval::LabeledSpan;
use intisari::ner::{group, with_repeats, EntityRecognizer, Mention, SentencedText};
use intisari::sentence::{KeptText, RuleSplitter, SentenceSplitter};
use intisari::{Error, Progress, Result, Span};
use serde::Deserialize;

use super::common::{file_name, Job, Shared};
use super::labels::ours;
use super::models::{recognizer, ModelArgs, Running};
use crate::args::OffsetUnit;

const FORMS: &str = "\
Sets are articles with their names marked: a line `== ID`, then the text, with `[P1 Rini]` for a name and who bears it (P person, L place, O
organization, E event); or JSON Lines as `eval ner` reads them, each entity with its bearer: `[0, 4, \"PER\", \"Rini\"]`, or a field `cluster`
as this program writes it. Without --predictions the built-in grouping is scored, on the names of the set or on those that a model finds.
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
    /// What offsets count in sets of JSON (default: what a record's `offset_unit` says, else characters).
    #[arg(long, value_enum)]
    offsets: Option<OffsetUnit>,
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
    model: Option<&Running<dyn EntityRecognizer + Send>>,
) -> Result<Evaluation> {
    let set = named(args, job.data)?;
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
    evaluate_names(&items, &setup)
}

/// The articles of a set with the bearers of their names.
fn named(args: &EntitiesArgs, path: &Path) -> Result<Set<NamedText>> {
    let on_bad = args.shared.on_bad();
    if Form::of(path)? != Form::Json {
        return read_names(path, on_bad);
    }
    let fields = ArticleFields { unit: args.offsets.map(Into::into), ..ArticleFields::default() };
    let set = read_articles(path, &fields, on_bad)?.located(on_bad)?;
    let mut marks = set.items.iter().flat_map(|(article, _)| &article.marks);
    if !set.items.is_empty() && marks.all(|mark| mark.cluster.is_none()) {
        return Err(Error::config(
            format!("{} does not say who bears its names", path.display()),
            "give each entity a `cluster`, or score spans and types alone with `eval ner`",
        ));
    }
    set.try_map(on_bad, |(article, spans)| {
        bearers(&article, &spans).map_err(|message| (article.line, message))
    })
}

/// The names of an article with their bearers; entities of other types, such as dates, are none.
fn bearers(article: &MarkedArticle, spans: &[LabeledSpan]) -> Result<NamedText, String> {
    let text = article.text.clone().unwrap_or_default();
    // A bearer is of the type that its first name has.
    let mut letters: HashMap<&str, char> = HashMap::new();
    let mut names = Vec::new();
    for (span, mark) in spans.iter().zip(&article.marks) {
        let label = Label::from_str(&ours(&span.label));
        let letter = match label {
            Ok(Label::Per) => 'P',
            Ok(Label::Loc) => 'L',
            Ok(Label::Org) => 'O',
            Ok(Label::Evt) => 'E',
            _ => continue,
        };
        let surface = text.get(span.start..span.end).unwrap_or_default();
        let cluster = mark.cluster.as_deref().ok_or_else(|| format!("nothing says who bears `{surface}`"))?;
        let letter = *letters.entry(cluster).or_insert(letter);
        let label = label.map_err(|error| error.to_string())?;
        let span = Span::new(&text, span.start, span.end).map_err(|error| error.to_string())?;
        names.push(MarkedName { span, label, bearer: format!("{letter}{cluster}") });
    }
    names.sort_by_key(|name| (name.span.start(), name.span.end()));
    if let Some((one, next)) =
        names.iter().zip(names.iter().skip(1)).find(|(one, next)| one.span.overlaps(next.span))
    {
        return Err(format!("`{}` and `{}` overlap", one.span.of(&text), next.span.of(&text)));
    }
    Ok(NamedText { id: article.name(), text, names })
}

/// The names that are to be grouped.
fn mentions(
    article: &NamedText,
    model: Option<&(dyn EntityRecognizer + Send)>,
    names: Names,
) -> Result<Vec<Mention>> {
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
            if record.value("offset_unit").is_some_and(|unit| unit != "bytes") {
                return Err(malformed("offsets must count bytes; write it with --offsets bytes".to_owned()));
            }
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
