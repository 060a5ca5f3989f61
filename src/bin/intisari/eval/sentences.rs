//! `intisari eval sentences`.

use std::ops::Range;
use std::path::Path;

use clap::Args;
use intisari::eval::evaluation::{evaluate_splitting, locate_sentences, Evaluation, SplitItem};
use intisari::eval::formats::{read_conllu, read_parallel, OnBad, RawDocument, Set};
use intisari::eval::sentences::naive_split;
use intisari::sentence::{KeptText, RuleSplitter, SentenceSplitter};
use intisari::{Result, Span};

use super::common::{file_name, has_extension, Shared};

const FORMS: &str = "\
Sets are CoNLL-U files (`.conllu`, by their comments `# text` and `# newdoc`) or plain files with one sentence a line. What is split
is the text with one blank between sentences. Without --predictions the built-in splitter is scored; predictions are plain files
with one sentence a line.";

#[derive(Debug, Args)]
#[command(after_help = FORMS)]
pub struct SentencesArgs {
    #[command(flatten)]
    pub shared: Shared,
    /// Compare with a splitter that cuts behind every final mark and knows no abbreviation.
    #[arg(long, conflicts_with = "against")]
    against_naive: bool,
}

/// Who splits.
enum Splitter<'a> {
    BuiltIn,
    Naive,
    File(&'a Path),
}

impl Splitter<'_> {
    fn split(&self, text: &str) -> Result<Vec<Range<usize>>> {
        match self {
            Splitter::Naive => Ok(naive_split(text)),
            Splitter::BuiltIn => {
                let kept = [Span::whole(text)];
                let sentences = RuleSplitter::default().split(&[KeptText { text, kept: &kept }])?;
                Ok(sentences.into_iter().flatten().map(|sentence| sentence.span.range()).collect())
            }
            Splitter::File(path) => {
                let lines: Vec<String> =
                    read_parallel(&[path], OnBad::Fail)?.items.into_iter().flatten().collect();
                locate_sentences(text, &lines)
            }
        }
    }

    fn name(&self) -> String {
        match self {
            Splitter::BuiltIn => "built-in rules".to_owned(),
            Splitter::Naive => "naive splitter".to_owned(),
            Splitter::File(path) => file_name(path),
        }
    }
}

/// Scores each set.
pub fn run(args: &SentencesArgs) -> Result<Vec<Evaluation>> {
    let mut evaluations = Vec::new();
    for job in args.shared.jobs()? {
        let set = documents(args, job.data)?;
        let system = job.predictions.map_or(Splitter::BuiltIn, Splitter::File);
        let naive = args.against_naive.then_some(Splitter::Naive);
        let against = job.against.map(Splitter::File).or(naive);
        let items: Vec<SplitItem> = set
            .items
            .iter()
            .map(|document| item(document, &system, against.as_ref()))
            .collect::<Result<_>>()?;
        let setup = args.shared.setup(&set, system.name(), against.map(|splitter| splitter.name()));
        evaluations.push(evaluate_splitting(&items, &setup));
    }
    Ok(evaluations)
}

fn documents(args: &SentencesArgs, path: &Path) -> Result<Set<RawDocument>> {
    if has_extension(path, "conllu") {
        return read_conllu(path, args.shared.on_bad());
    }
    let set = read_parallel(&[path], args.shared.on_bad())?;
    let sentences = set.items.into_iter().flatten().filter(|line| !line.trim().is_empty()).collect();
    let items = vec![RawDocument { id: None, sentences }];
    Ok(Set { path: set.path, sha256: set.sha256, items, skipped: set.skipped })
}

fn item(document: &RawDocument, system: &Splitter<'_>, against: Option<&Splitter<'_>>) -> Result<SplitItem> {
    let text = document.running_text();
    Ok(SplitItem {
        id: document.id.clone().unwrap_or_else(|| "document".to_owned()),
        gold: locate_sentences(&text, &document.sentences)?,
        found: system.split(&text)?,
        against: against.map(|splitter| splitter.split(&text)).transpose()?,
        text,
    })
}
