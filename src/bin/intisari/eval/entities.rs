//! `intisari eval entities`.

use std::collections::HashMap;

use clap::{Args, ValueEnum};
use intisari::document::Entity;
use intisari::eval::evaluation::{evaluate_names, Evaluation, GroupedName, Setup};
use intisari::eval::formats::NamedText;
use intisari::eval::sets::NamesReader;
use intisari::ner::{group, with_repeats, EntityRecognizer, Mention, SentencedText};
use intisari::sentence::{KeptText, RuleSplitter, SentenceSplitter};
use intisari::{Error, Progress, Result, Span};

use super::common::{file_name, Job, Shared};
use super::models::{recognizer, ModelArgs, Running};
use crate::args::OffsetUnit;

const FORMS: &str = "\
Sets are articles with their names marked: a line `== ID`, then the text, with `[P1 Rini]` for a name and who bears it (P person, L place, O
organization, E event); or JSON Lines as `eval ner` reads them, each entity with its bearer: `[0, 4, \"PER\", \"Rini\"]`, or a field `cluster`
as this program writes it. Without --predictions the built-in grouping is scored, on the names of the set or on those that a model finds.
Predictions are JSON Lines, by id or in the order of the set: `{\"entities\": [{\"span\": {\"start\": 0, \"end\": 4}, \"cluster\": 0}, …]}`, in bytes of the text
without marks unless `offset_unit` says otherwise, as `intisari ner --format jsonl` writes them; entities without a cluster do not count.";

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

/// Scores each set.
pub fn run(args: &EntitiesArgs) -> Result<Vec<Evaluation>> {
    if args.model.save.is_some() {
        return Err(Error::config("--save does not go with this task", "leave it out: it takes seconds"));
    }
    let needs_model = args.names != Names::Gold;
    if args.model.model.is_some() && !needs_model {
        return Err(Error::config(
            "--model finds names, and --names gold takes those of the set",
            "write --names found or --names repeated, or leave --model out",
        ));
    }
    let jobs = args.shared.jobs()?;
    let model = needs_model.then(|| recognizer(args.model.model.as_deref())).transpose()?;
    jobs.iter().map(|job| one(args, job, model.as_ref())).collect()
}

fn one(
    args: &EntitiesArgs,
    job: &Job<'_>,
    model: Option<&Running<dyn EntityRecognizer + Send>>,
) -> Result<Evaluation> {
    let reader = NamesReader { unit: args.offsets.map(Into::into), on_bad: args.shared.on_bad() };
    let mut set = reader.read(job.data, job.outputs())?;
    if job.predictions.is_none() || args.against_method.is_some() {
        for item in &mut set.items {
            let found = mentions(&item.gold, model.map(|running| running.model.as_ref()), args.names)?;
            if job.predictions.is_none() {
                item.grouped = by_bearer(&item.gold, &found);
            }
            if let Some(method) = args.against_method {
                item.against = Some(method.group(&item.gold.text, &found));
            }
        }
    }
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
    evaluate_names(&set.items, &setup)
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
