//! `intisari eval translation` and `intisari eval summary`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use intisari::eval::evaluation::{
    evaluate_summaries, evaluate_translations, Evaluation, Setup, SummaryOptions, TextItem,
    TranslationOptions,
};
use intisari::eval::formats::{read_json_lines, read_parallel, read_tsv, Record, Set};
use intisari::eval::{Bleu, Rouge, Ter, Tokenizer};
use intisari::{Error, Result};

use super::common::{file_name, has_extension, matched, Job, Shared};

const FORMS: &str = "\
Sets and predictions are read by their names: .jsonl as JSON Lines and .tsv as a table with names in its first line, both with
the fields below; anything else as plain lines. Plain sets consist of several files, the source and then one or more
references: `intisari eval translation test.id test.en --predictions output.en`.";

#[derive(Debug, Args)]
pub struct Fields {
    /// Field with the source.
    #[arg(long, value_name = "NAME")]
    source_field: Option<String>,
    /// Field with the reference.
    #[arg(long, value_name = "NAME")]
    reference_field: Option<String>,
    /// Field with the output, in files of predictions.
    #[arg(long, value_name = "NAME")]
    output_field: Option<String>,
}

/// Names of fields, with the defaults of the task filled in.
struct Names<'a> {
    source: &'a str,
    reference: &'a str,
    output: &'a str,
}

#[derive(Debug, Args)]
#[command(after_help = FORMS)]
pub struct TranslationArgs {
    #[command(flatten)]
    pub shared: Shared,
    #[command(flatten)]
    fields: Fields,
    /// How BLEU cuts lines into tokens.
    #[arg(long, value_enum, default_value_t = TokenizerArg::V13a)]
    tokenizer: TokenizerArg,
    /// Give TER as well, which takes longer than all the rest.
    #[arg(long)]
    ter: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TokenizerArg {
    /// As mteval-v13a, the default of WMT.
    #[value(name = "13a")]
    V13a,
    /// Unicode punctuation apart.
    Intl,
    /// Every character a token.
    Char,
    /// The text is tokenized already.
    None,
}

#[derive(Debug, Args)]
#[command(after_help = FORMS)]
pub struct SummaryArgs {
    #[command(flatten)]
    pub shared: Shared,
    #[command(flatten)]
    fields: Fields,
    /// Compare English stems instead of words.
    #[arg(long)]
    stem: bool,
}

pub fn run_translation(args: &TranslationArgs) -> Result<Vec<Evaluation>> {
    let tokenizer = match args.tokenizer {
        TokenizerArg::V13a => Tokenizer::V13a,
        TokenizerArg::Intl => Tokenizer::International,
        TokenizerArg::Char => Tokenizer::Characters,
        TokenizerArg::None => Tokenizer::None,
    };
    let options =
        TranslationOptions { bleu: Bleu { tokenizer, ..Bleu::default() }, ter: args.ter.then(Ter::default) };
    let names = args.fields.names("source", "reference", "output");
    each(&args.shared, &names, |items, setup| evaluate_translations(items, &options, setup))
}

pub fn run_summary(args: &SummaryArgs) -> Result<Vec<Evaluation>> {
    let options = SummaryOptions { rouge: Rouge { stem: args.stem } };
    let names = args.fields.names("text", "summary", "summary");
    each(&args.shared, &names, |items, setup| evaluate_summaries(items, &options, setup))
}

impl Fields {
    fn names<'a>(&'a self, source: &'a str, reference: &'a str, output: &'a str) -> Names<'a> {
        Names {
            source: self.source_field.as_deref().unwrap_or(source),
            reference: self.reference_field.as_deref().unwrap_or(reference),
            output: self.output_field.as_deref().unwrap_or(output),
        }
    }
}

fn is_structured(path: &Path) -> bool {
    has_extension(path, "jsonl") || has_extension(path, "tsv")
}

/// Scores each set.
fn each(
    shared: &Shared,
    names: &Names<'_>,
    evaluate: impl Fn(&[TextItem], &Setup) -> Evaluation,
) -> Result<Vec<Evaluation>> {
    if !shared.data.iter().all(|path| is_structured(path)) {
        let (set, predictions, against) = plain(shared)?;
        let setup = shared.setup(&set, file_name(&predictions), against.as_deref().map(file_name));
        return Ok(vec![evaluate(&set.items, &setup)]);
    }
    let score = |job: Job<'_>| {
        let set = structured(shared, names, &job)?;
        let setup = shared.setup(&set, file_name(job.predictions()?), job.against_name());
        Ok(evaluate(&set.items, &setup))
    };
    shared.jobs()?.into_iter().map(score).collect()
}

type PlainSet = (Set<TextItem>, PathBuf, Option<PathBuf>);

/// One set of plain files: source, references, predictions and those of the other system, line by line.
fn plain(shared: &Shared) -> Result<PlainSet> {
    let ([predictions], [] | [_]) = (shared.predictions.as_slice(), shared.against.as_slice()) else {
        return Err(Error::config(
            "plain files are one set: the source and its references",
            "give one file of predictions with it, and at most one to compare with",
        ));
    };
    if shared.data.len() < 2 {
        return Err(Error::config(
            "a set of plain files needs a source and a reference",
            "name both, the source first",
        ));
    }
    // All are read together, so that a bad line of one is left out of every other.
    let paths: Vec<&PathBuf> = shared.data.iter().chain([predictions]).chain(&shared.against).collect();
    let lines = read_parallel(&paths, shared.on_bad())?;
    let described = read_parallel(&shared.data, shared.on_bad())?;
    let items = (1..)
        .zip(lines.items)
        .map(|(line, cells): (usize, Vec<String>)| {
            let mut cells = cells.into_iter();
            TextItem {
                id: format!("item {line}"),
                source: cells.next(),
                references: cells.by_ref().take(shared.data.len() - 1).collect(),
                output: cells.next().unwrap_or_default(),
                against: cells.next(),
            }
        })
        .collect();
    let set = Set { path: described.path, sha256: described.sha256, items, skipped: lines.skipped };
    Ok((set, predictions.clone(), shared.against.first().cloned()))
}

/// A record of any of the structured forms.
struct Row {
    /// Id where the file has ids, else the number of the line.
    key: String,
    /// Texts of the fields asked for.
    texts: Vec<String>,
}

fn rows(path: &Path, fields: &[&str], shared: &Shared) -> Result<Set<Row>> {
    if has_extension(path, "tsv") {
        let set = read_tsv(path, fields, shared.on_bad())?;
        let numbered = (1..).zip(set.items);
        let items = numbered.map(|(n, texts): (usize, _)| Row { key: format!("item {n}"), texts }).collect();
        return Ok(Set { path: set.path, sha256: set.sha256, items, skipped: set.skipped });
    }
    let set = read_json_lines(path, fields, shared.on_bad())?;
    let items = set.items.iter().map(|record| row(record, fields, path)).collect::<Result<_>>()?;
    Ok(Set { path: set.path, sha256: set.sha256, items, skipped: set.skipped })
}

fn row(record: &Record, fields: &[&str], path: &Path) -> Result<Row> {
    let text = |name: &&str| {
        record.text(name).ok_or_else(|| Error::Malformed {
            path: path.to_owned(),
            line: record.line,
            message: format!("field `{name}` is no text"),
        })
    };
    let key = record.value("id").map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
    Ok(Row {
        key: key.unwrap_or_else(|| format!("line {}", record.line)),
        texts: fields.iter().map(text).collect::<Result<_>>()?,
    })
}

/// A set of JSON Lines or a table, and the outputs for it by id or line.
fn structured(shared: &Shared, names: &Names<'_>, job: &Job<'_>) -> Result<Set<TextItem>> {
    let set = rows(job.data, &[names.source, names.reference], shared)?;
    let outputs = |path: &Path| -> Result<Vec<String>> {
        let predicted: Vec<Row> = if is_structured(path) {
            rows(path, &[names.output], shared)?.items
        } else {
            let lines = read_parallel(&[path], shared.on_bad())?.items;
            set.items.iter().zip(lines).map(|(row, texts)| Row { key: row.key.clone(), texts }).collect()
        };
        let found = matched(
            &set.items,
            predicted,
            |row| row.key.clone(),
            |row| row.key.clone(),
            |row| row.key.clone(),
            path,
        )?;
        Ok(found.into_iter().filter_map(|row| row.texts.into_iter().next()).collect())
    };
    let mut predicted = outputs(job.predictions()?)?.into_iter();
    let mut against = job.against.map(outputs).transpose()?.map(Vec::into_iter);
    let items = set
        .items
        .iter()
        .map(|row| TextItem {
            id: row.key.clone(),
            source: row.texts.first().cloned(),
            references: row.texts.get(1).cloned().into_iter().collect(),
            output: predicted.next().unwrap_or_default(),
            against: against.as_mut().and_then(Iterator::next),
        })
        .collect();
    Ok(Set { path: set.path, sha256: set.sha256, items, skipped: set.skipped })
}
