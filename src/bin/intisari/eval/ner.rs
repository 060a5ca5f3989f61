//! `intisari eval ner`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use intisari::eval::evaluation::{evaluate_ner, Evaluation, Gazetteer, NerItem, Setup};
use intisari::eval::formats::{ArticleFields, Column, Columns, Separator};
use intisari::eval::sets::{NerReader, NerSet, Outputs, TagReader, TaggedSet};
use intisari::eval::{usual_label, TagScheme};
use intisari::{Error, Result};

use super::common::{file_name, Job, Shared};
use super::finder::{labels, Finder};
use super::models::{one_set, recognizer, ModelArgs};
use crate::args::OffsetUnit;

const FORMS: &str = "\
Sets are read by their form:
  sentences  a token and its tag a line, a blank line after each sentence; or JSON with `tokens` and `ner_tags`
  articles   JSON Lines `{\"id\": …, \"text\": …, \"entities\": [[START, END, \"PER\"], …]}`, entities also as objects; exports of doccano,
             Label Studio, Prodigy and spaCy in JSON; brat (`NAME.ann` beside `NAME.txt`, a folder of them is one set)
Predictions have the form of their set. For sentences they may be JSON Lines with a line for each:
`{\"entities\": [{\"start\": 0, \"end\": 2, \"label\": \"PER\", \"score\": 0.98}]}`, counting tokens; they are found by id, else in
order, those of articles as `intisari ner --format jsonl` writes them. With scores the report shows calibration.
Without --predictions a model is run: on sentences one by one, on articles the whole of `intisari ner`. Types of the set are then
renamed to the model's (PERSON to PER, PLACE to LOC), and types that the set does not have are left out of the model's predictions.";

#[derive(Debug, Args)]
#[command(after_help = FORMS)]
pub struct NerArgs {
    #[command(flatten)]
    pub shared: Shared,
    #[command(flatten)]
    pub model: ModelArgs,
    /// Run the built-in rules alone, which need no model: dates, times, sums, quantities.
    #[arg(long, conflicts_with_all = ["model", "predictions"])]
    pub rules: bool,
    /// Score entities of these types only (default: all types of set and predictions).
    #[arg(long, value_name = "TYPE,…", value_delimiter = ',')]
    pub types: Vec<String>,
    /// Compare with the baseline that knows the names of this tagged file and no others.
    #[arg(long, value_name = "FILE", conflicts_with = "against")]
    pub against_gazetteer: Option<PathBuf>,
    /// Write what the model finds that is compared with to this file as it comes, and go on from there; for one set.
    #[arg(long, value_name = "FILE", requires = "against")]
    pub save_against: Option<PathBuf>,
    #[command(flatten)]
    pub tags: TagArgs,
    #[command(flatten)]
    pub articles: ArticleArgs,
}

/// How tagged sentences are read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Sets of tagged sentences")]
pub struct TagArgs {
    /// What stands between columns: `tab`, `space` for any white space, the text itself, or `auto`: a tab where the file has tabs,
    /// else white space.
    #[arg(long, value_name = "TEXT", default_value = "auto")]
    separator: String,
    /// The column of the token: its number from 1, or its name in the first line.
    #[arg(long, value_name = "N|NAME", default_value = "1", value_parser = column)]
    token_column: Column,
    /// The column of the tag, likewise (default: the last).
    #[arg(long, value_name = "N|NAME", value_parser = column)]
    tag_column: Option<Column>,
    /// The column of the predicted tag in files of predictions, which may be the sets themselves (default: as --tag-column).
    #[arg(long, value_name = "N|NAME", value_parser = column)]
    predicted_column: Option<Column>,
    /// How tags are read; `auto` looks at the tags of each file, and says so where they are not IOB2.
    #[arg(long, value_enum, default_value_t = SchemeArg::Auto)]
    scheme: SchemeArg,
}

/// How articles are read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Sets of articles")]
pub struct ArticleArgs {
    /// What offsets count (default: what a record's `offset_unit` says, else characters).
    #[arg(long, value_enum)]
    offsets: Option<OffsetUnit>,
    /// Field with the text, such as `data.body` (default: `text`, `data` or `content`).
    #[arg(long, value_name = "NAME")]
    text_field: Option<String>,
    /// Field with the entities (default: `entities`, `spans`, `label`, `labels` or `annotations`).
    #[arg(long, value_name = "NAME")]
    entities_field: Option<String>,
    /// Clean articles before they are read, as `intisari ner` does; else all of their text is read, since sets mark entities in
    /// boilerplate too.
    #[arg(long)]
    clean: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SchemeArg {
    /// What the tags look like.
    Auto,
    /// Strict IOB2.
    Iob2,
    /// IOB1: I- begins, B- parts neighbors.
    Iob1,
    /// Strict IOBES (BIOES, BMES, BMEWO).
    Iobes,
    /// Strict BILOU.
    Bilou,
    /// A tag is a type; neighbors of one type are one entity.
    Plain,
    /// As conlleval, and seqeval unless told otherwise.
    Conll,
}

fn column(text: &str) -> Result<Column, String> {
    match text.parse::<usize>() {
        Ok(0) => Err("columns are counted from 1".to_owned()),
        Ok(number) => Ok(Column::Nth(number - 1)),
        Err(_) if text.trim().is_empty() => Err("write a number or a name".to_owned()),
        Err(_) => Ok(Column::Named(text.to_owned())),
    }
}

impl TagArgs {
    fn columns(&self, tag: Option<&Column>) -> Columns {
        Columns {
            separator: match self.separator.as_str() {
                "auto" => Separator::Auto,
                "tab" | "\t" => Separator::Tab,
                "space" | " " => Separator::WhiteSpace,
                other => Separator::Text(other.to_owned()),
            },
            token: self.token_column.clone(),
            tag: tag.cloned().unwrap_or(Column::Last),
        }
    }

    fn reader(&self) -> TagReader {
        let output_columns = self.predicted_column.as_ref().map(|tag| self.columns(Some(tag)));
        TagReader { columns: self.columns(self.tag_column.as_ref()), output_columns, scheme: self.scheme() }
    }

    /// The scheme that was asked for.
    fn scheme(&self) -> Option<TagScheme> {
        match self.scheme {
            SchemeArg::Auto => None,
            SchemeArg::Iob2 => Some(TagScheme::Iob2),
            SchemeArg::Iob1 => Some(TagScheme::Iob1),
            SchemeArg::Iobes => Some(TagScheme::Iobes),
            SchemeArg::Bilou => Some(TagScheme::Bilou),
            SchemeArg::Plain => Some(TagScheme::Plain),
            SchemeArg::Conll => Some(TagScheme::Conll),
        }
    }
}

impl ArticleArgs {
    fn fields(&self) -> ArticleFields {
        ArticleFields {
            text: self.text_field.clone(),
            entities: self.entities_field.clone(),
            unit: self.offsets.map(Into::into),
        }
    }
}

impl NerArgs {
    fn reader(&self) -> NerReader {
        NerReader { tags: self.tags.reader(), articles: self.articles.fields(), on_bad: self.shared.on_bad() }
    }

    /// Leaves entities of other types out where types were chosen.
    fn choose_types(&self, items: &mut [NerItem], notes: &mut Vec<String>) {
        if !self.types.is_empty() {
            items.iter_mut().for_each(|item| item.retain_labels(&self.types));
            notes.push(format!("only entities of the types {} are scored", self.types.join(", ")));
        }
    }
}

/// Whether a folder to compare with is a model rather than one with texts or annotations of brat.
fn is_model(path: &Path) -> bool {
    let is_of_brat =
        |file: std::fs::DirEntry| file.path().extension().is_some_and(|end| end == "ann" || end == "txt");
    let holds_brat = |folder: std::fs::ReadDir| folder.flatten().any(is_of_brat);
    path.is_dir() && (path.join("config.json").exists() || !path.read_dir().is_ok_and(holds_brat))
}

/// Scores each set.
pub fn run(args: &NerArgs) -> Result<Vec<Evaluation>> {
    args.model.check(args.shared.data.len())?;
    one_set("--save-against", args.save_against.as_deref(), args.shared.data.len())?;
    let jobs = args.shared.jobs()?;
    let reader = args.reader();
    let read = |job: &Job<'_>| {
        let outputs = job.outputs();
        let against = outputs.against.filter(|path| !is_model(path));
        reader.read(job.data, Outputs { against, ..outputs })
    };
    let sets = jobs.iter().map(read).collect::<Result<Vec<NerSet>>>()?;
    let gazetteer = gazetteer(args, &jobs, &sets)?;
    let chosen =
        || if args.rules { Ok(super::models::rules()) } else { recognizer(args.model.model.as_deref()) };
    let needed = |sentences: bool| {
        let mut all = jobs.iter().zip(&sets);
        all.any(|(job, set)| job.predictions.is_none() && set.scheme.is_some() == sentences)
    };
    let sentences = needed(true).then(|| chosen().map(Finder::of_sentences)).transpose()?;
    let articles = needed(false).then(|| Finder::of_articles(chosen()?, args.articles.clean)).transpose()?;
    let all = jobs.iter().zip(sets).map(|(job, set)| {
        let finder = if set.scheme.is_some() { &sentences } else { &articles };
        score(args, job, set, finder.as_ref(), gazetteer.as_ref())
    });
    all.collect()
}

/// Scores a set, whose predictions come from their files or from `finder`.
fn score(
    args: &NerArgs,
    job: &Job<'_>,
    set: NerSet,
    finder: Option<&Finder>,
    gazetteer: Option<&Gazetteer>,
) -> Result<Evaluation> {
    let NerSet { mut set, scheme } = set;
    let finder = finder.filter(|_| job.predictions.is_none());
    let other = job.against.filter(|path| is_model(path));
    // A model has the crate's names of types: set and files of predictions get them too.
    let runs = finder.is_some() || other.is_some();
    if runs {
        set.items.iter_mut().for_each(|item| item.rename(usual_label));
    }
    let mut system = job.predictions.map_or_else(String::new, file_name);
    if let Some(finder) = finder {
        system.clone_from(&finder.name);
        let found = finder.find(&set.items, args.model.save.as_deref())?;
        for (item, found) in set.items.iter_mut().zip(found) {
            (item.predicted, item.confidence) = (found.spans(), found.confidence());
        }
    }
    if let Some(folder) = other {
        let model = recognizer(Some(folder))?;
        let finder = match scheme {
            Some(_) => Finder::of_sentences(model),
            None => Finder::of_articles(model, args.articles.clean)?,
        };
        let found = finder.find(&set.items, args.save_against.as_deref())?;
        for (item, found) in set.items.iter_mut().zip(found) {
            item.against = Some(found.spans());
        }
    }
    if let Some(gazetteer) = gazetteer {
        compare_with(gazetteer, &mut set.items, runs);
    }
    if runs {
        let labels: Vec<&str> = labels(&set.items).into_iter().collect();
        system = format!("{system} ({})", labels.join(" "));
    }
    args.choose_types(&mut set.items, &mut set.notes);
    let names = args.against_gazetteer.as_deref().map(|path| format!("names of {}", file_name(path)));
    let model = finder.map(|finder| finder.files.clone());
    let setup = Setup { model, ..args.shared.setup(&set, system, job.against_name().or(names)) };
    evaluate_ner(&set.items, scheme, &setup)
}

/// The names of the tagged file to compare with, if there is one; it needs sets of tokens.
fn gazetteer(args: &NerArgs, jobs: &[Job<'_>], sets: &[NerSet]) -> Result<Option<Gazetteer>> {
    let Some(path) = &args.against_gazetteer else { return Ok(None) };
    if let Some((job, _)) = jobs.iter().zip(sets).find(|(_, set)| set.scheme.is_none()) {
        let message = format!("{} holds articles, a gazetteer finds names among tokens", job.data.display());
        return Err(Error::config(message, "leave --against-gazetteer out"));
    }
    let TaggedSet { set, scheme } = args.reader().tags.read(path, args.shared.on_bad())?;
    Gazetteer::learn(&set.items, scheme).map(Some)
}

/// Puts what a gazetteer finds beside each item.
fn compare_with(gazetteer: &Gazetteer, items: &mut [NerItem], runs: bool) {
    for item in items {
        let tokens = item.tokens.iter().filter_map(|token| item.text.get(token.clone()));
        let mut found = gazetteer.find(&tokens.map(str::to_owned).collect::<Vec<String>>());
        if runs {
            found.iter_mut().for_each(|span| span.label = usual_label(&span.label));
        }
        item.against = Some(found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_a_number_or_a_name() {
        assert_eq!(column("2"), Ok(Column::Nth(1)));
        assert_eq!(column("ner"), Ok(Column::Named("ner".to_owned())));
        assert!(column("0").is_err() && column(" ").is_err());
    }
}
