//! `intisari eval ner`.

use std::path::Path;

use clap::{Args, ValueEnum};
use intisari::eval::evaluation::{evaluate_ner, Evaluation, NerItem, Tagging};
use intisari::eval::formats::{
    read_brat, read_conll, AnnotatedText, Column, Columns, Separator, Set, TaggedSentence,
};
use intisari::eval::TagScheme;
use intisari::{Error, Result};

use super::common::{file_name, has_extension, matched, Job, Shared};

#[derive(Debug, Args)]
pub struct NerArgs {
    #[command(flatten)]
    pub shared: Shared,
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

    /// The sentences of a file of predictions that belong to those of `gold`.
    fn predicted(&self, path: &Path, gold: &[TaggedSentence]) -> Result<Vec<TaggedSentence>> {
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

/// Scores each set.
pub fn run(args: &NerArgs) -> Result<Vec<Evaluation>> {
    let score = |job: Job<'_>| {
        if has_extension(job.data, "ann") {
            brat(args, &job)
        } else {
            conll(args, &job)
        }
    };
    args.shared.jobs()?.into_iter().map(score).collect()
}

fn conll(args: &NerArgs, job: &Job<'_>) -> Result<Evaluation> {
    let set = args.tagged(job.data, args.tag_column)?;
    let predictions = job.predictions()?;
    let predicted = args.predicted(predictions, &set.items)?;
    let against = job.against.map(|path| args.predicted(path, &set.items)).transpose()?;
    let scheme = args.scheme.into();
    let mut against = against.iter().flatten();
    let items = set.items.iter().zip(&predicted).map(|(gold, predicted)| {
        let against = against.next().map(|sentence| sentence.tags.as_slice());
        NerItem::from_tags(gold, Tagging { predicted: &predicted.tags, against }, scheme)
    });
    let items: Vec<NerItem> = items.collect::<Result<_>>()?;
    Ok(evaluate_ner(
        &items,
        Some(scheme),
        &args.shared.setup(&set, file_name(predictions), job.against_name()),
    ))
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
