//! `intisari eval sentences`.

use clap::Args;
use intisari::eval::evaluation::{evaluate_splitting, Evaluation, SplitItem};
use intisari::eval::sentences::naive_split;
use intisari::eval::sets::SentencesReader;
use intisari::sentence::{KeptText, RuleSplitter, SentenceSplitter};
use intisari::{Result, Span};

use super::common::{file_name, Shared};

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

/// Scores each set.
pub fn run(args: &SentencesArgs) -> Result<Vec<Evaluation>> {
    let reader = SentencesReader { on_bad: args.shared.on_bad() };
    let mut evaluations = Vec::new();
    for job in args.shared.jobs()? {
        let mut set = reader.read(job.data, job.outputs())?;
        if job.predictions.is_none() {
            built_in(&mut set.items)?;
        }
        if args.against_naive {
            set.items.iter_mut().for_each(|item| item.against = Some(naive_split(&item.text)));
        }
        let system = job.predictions.map_or_else(|| "built-in rules".to_owned(), file_name);
        let naive = args.against_naive.then(|| "naive splitter".to_owned());
        let setup = args.shared.setup(&set, system, job.against_name().or(naive));
        evaluations.push(evaluate_splitting(&set.items, &setup)?);
    }
    Ok(evaluations)
}

/// Splits each text.
fn built_in(items: &mut [SplitItem]) -> Result<()> {
    let kept: Vec<[Span; 1]> = items.iter().map(|item| [Span::whole(&item.text)]).collect();
    let texts: Vec<KeptText<'_>> =
        items.iter().zip(&kept).map(|(item, kept)| KeptText::new(&item.text, kept)).collect();
    let sentences = RuleSplitter::default().split(&texts)?;
    for (item, sentences) in items.iter_mut().zip(sentences) {
        item.found = sentences.into_iter().map(|sentence| sentence.span.range()).collect();
    }
    Ok(())
}
