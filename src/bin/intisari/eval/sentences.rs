//! `intisari eval sentences`.

use std::ops::Range;
use std::path::Path;

use clap::Args;
use intisari::document::Sentence;
use intisari::eval::evaluation::{evaluate_splitting, locate_sentences, Evaluation, Locator, SplitItem};
use intisari::eval::formats::{read_conllu, read_parallel, Form, OnBad, RawDocument, Set};
use intisari::eval::sentences::naive_split;
use intisari::sentence::{KeptText, RuleSplitter, SentenceSplitter};
use intisari::{Error, Result, Span};

use super::common::{file_name, has_extension, Shared};

const FORMS: &str = "\
Sets are CoNLL-U files (`.conllu`, by their comments `# text` and `# newdoc`) or plain files with one sentence a line. What is split
is the text with one blank between sentences. Without --predictions the built-in splitter is scored; predictions are plain files
with one sentence a line, of all documents one after the other.";

#[derive(Debug, Args)]
#[command(after_help = FORMS)]
pub struct SentencesArgs {
    #[command(flatten)]
    pub shared: Shared,
    /// Compare with a splitter that cuts behind every final mark and knows no abbreviation.
    #[arg(long, conflicts_with = "against")]
    against_naive: bool,
}

/// So many characters of a text are shown in messages.
const SHOWN: usize = 40;

/// Who splits.
enum Splitter<'a> {
    BuiltIn,
    Naive,
    File(&'a Path),
}

impl Splitter<'_> {
    /// The sentences of each text.
    fn split(&self, texts: &[String]) -> Result<Vec<Vec<Range<usize>>>> {
        match self {
            Splitter::Naive => Ok(texts.iter().map(|text| naive_split(text)).collect()),
            Splitter::BuiltIn => {
                let kept: Vec<[Span; 1]> = texts.iter().map(|text| [Span::whole(text)]).collect();
                let texts: Vec<KeptText<'_>> =
                    texts.iter().zip(&kept).map(|(text, kept)| KeptText::new(text, kept)).collect();
                let sentences = RuleSplitter::default().split(&texts)?;
                let ranges =
                    |text: Vec<Sentence>| text.into_iter().map(|sentence| sentence.span.range()).collect();
                Ok(sentences.into_iter().map(ranges).collect())
            }
            Splitter::File(path) => located(path, texts),
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
        let texts: Vec<String> = set.items.iter().map(RawDocument::running_text).collect();
        let found = system.split(&texts)?;
        let mut other = against.as_ref().map(|other| other.split(&texts)).transpose()?.map(Vec::into_iter);
        let documents = set.items.iter().zip(texts).zip(found);
        let items = documents.map(|((document, text), found)| -> Result<SplitItem> {
            Ok(SplitItem {
                id: document.id.clone().unwrap_or_else(|| "document".to_owned()),
                gold: locate_sentences(&text, &document.sentences)?,
                found,
                against: other.as_mut().and_then(Iterator::next),
                text,
            })
        });
        let items: Vec<SplitItem> = items.collect::<Result<_>>()?;
        let setup = args.shared.setup(&set, system.name(), against.map(|splitter| splitter.name()));
        evaluations.push(evaluate_splitting(&items, &setup)?);
    }
    Ok(evaluations)
}

/// Refuses what has lines and is not one sentence a line.
fn check_form(path: &Path) -> Result<()> {
    match Form::of(path)? {
        Form::Lines => Ok(()),
        form => Err(Error::config(
            format!("{} is not one sentence a line but {form}", path.display()),
            "give a plain file, or CoNLL-U (.conllu) with `# text`",
        )),
    }
}

/// Where the sentences of a file, one a line, lie in the texts; blank lines do not count.
fn located(path: &Path, texts: &[String]) -> Result<Vec<Vec<Range<usize>>>> {
    let malformed = |line, message| Error::Malformed { path: path.to_owned(), line, message };
    check_form(path)?;
    let rows = read_parallel(&[path], OnBad::Fail)?.items.into_iter();
    let mut lines =
        rows.map(|row| (row.line, row.cells.concat())).filter(|(_, text)| !text.trim().is_empty());
    let mut all = Vec::with_capacity(texts.len());
    for text in texts {
        let mut locator = Locator::new(text);
        let mut ranges = Vec::new();
        while !locator.rest().is_empty() {
            let (line, sentence) = lines.next().ok_or_else(|| {
                let rest: String = locator.rest().chars().take(SHOWN).collect();
                Error::config(
                    format!("{} ends before the text does, at `{rest}`", path.display()),
                    "give all sentences of the text",
                )
            })?;
            let range = locator.locate(&sentence);
            ranges.push(
                range.ok_or_else(|| {
                    malformed(line, format!("not what comes next in the text: `{sentence}`"))
                })?,
            );
        }
        all.push(ranges);
    }
    match lines.next() {
        None => Ok(all),
        Some((line, sentence)) => {
            Err(malformed(line, format!("stands behind the end of the text: `{sentence}`")))
        }
    }
}

fn documents(args: &SentencesArgs, path: &Path) -> Result<Set<RawDocument>> {
    if has_extension(path, "conllu") {
        return read_conllu(path, args.shared.on_bad());
    }
    check_form(path)?;
    let set = read_parallel(&[path], args.shared.on_bad())?;
    let sentences =
        set.items.into_iter().flat_map(|row| row.cells).filter(|line| !line.trim().is_empty()).collect();
    let items = vec![RawDocument { id: None, sentences }];
    Ok(Set { path: set.path, sha256: set.sha256, items, skipped: set.skipped, notes: set.notes })
}
