//! Summaries that a published encoder-decoder model writes from the English of an article.

use std::path::Path;

use super::{Draft, Summarizer, SummaryInput};
use crate::document::{Flag, FlagKind, ModelRef, SentenceKind};
use crate::error::Result;
use crate::part::Part;
use crate::progress::{Progress, Stage};
use crate::seq2seq::writer::{Seq2SeqOptions, Task, Text, Writer};
use crate::text::{as_json, one_line};
use crate::translate::{cut, without_loop};

/// Rounds in which the summaries of a long article's parts are summarized in turn; each is shorter than the one before,
/// so few are ever needed.
const ROUNDS: usize = 4;

/// Writes summaries with an encoder-decoder model as published on a hub: BART, DistilBART, Pegasus, T5, mT5, LongT5,
/// ProphetNet.
///
/// It reads the English translation, so a pipeline needs a translator of all sentences for it. An article that is too
/// long for the model is read in windows of whole sentences, and their summaries are summarized together. Unlike an
/// extract, its summary can tell what the article does not: numbers and names that are not there are flagged.
///
/// ```no_run
/// use intisari::summarize::Seq2SeqSummarizer;
/// use intisari::translate::Seq2SeqOptions;
///
/// let summarizer = Seq2SeqSummarizer::load("distilbart-cnn-6-6", Seq2SeqOptions::default())?;
/// # Ok::<(), intisari::Error>(())
/// ```
#[derive(Debug)]
pub struct Seq2SeqSummarizer {
    writer: Writer,
    options: Seq2SeqOptions,
    reference: Option<ModelRef>,
}

/// What is still to be summarized of an article, and what is doubtful about it.
struct Work {
    units: Vec<String>,
    summary: Option<String>,
    flags: Vec<Flag>,
}

impl Seq2SeqSummarizer {
    /// Reads a folder as published: `config.json`, weights, the vocabulary's files.
    ///
    /// # Errors
    /// Where a file is missing or damaged, does not fit the others, or the family is none of those above; the message
    /// names file and field. [`crate::Error::Config`] where the options make no sense or the device is missing.
    pub fn load(folder: impl AsRef<Path>, options: Seq2SeqOptions) -> Result<Self> {
        let writer = Writer::load(folder.as_ref(), Task::Summary, &options)?;
        Ok(Seq2SeqSummarizer { writer, options, reference: None })
    }

    /// How results name the model; a folder that the caller chose has no name.
    pub fn with_reference(mut self, reference: ModelRef) -> Self {
        self.reference = Some(reference);
        self
    }

    /// The units in windows that the model can read, each as long as possible.
    fn windows(&self, units: &[String]) -> Result<Vec<String>> {
        let mut windows: Vec<String> = Vec::new();
        for unit in units {
            for part in self.readable(unit)? {
                let joined = windows.last().map(|window| format!("{window} {part}"));
                match (joined, windows.last_mut()) {
                    (Some(joined), Some(window)) if self.writer.fits(&joined)? => *window = joined,
                    _ => windows.push(part.to_owned()),
                }
            }
        }
        Ok(windows)
    }

    /// A unit as a whole, or in parts where the model could not read it alone.
    fn readable<'t>(&self, unit: &'t str) -> Result<Vec<&'t str>> {
        let mut waiting = vec![unit.trim()];
        let mut parts = Vec::new();
        while let Some(part) = waiting.pop() {
            if part.is_empty() {
                continue;
            }
            if part.len() <= 4 || self.writer.fits(part)? {
                parts.push(part);
            } else {
                waiting.extend(cut(part, part.len() / 2 + 1).into_iter().rev());
            }
        }
        Ok(parts)
    }

    fn text(&self, Text { ids, limited }: &Text, flags: &mut Vec<Flag>) -> Result<String> {
        let whole = without_loop(ids).filter(|_| *limited);
        match whole {
            Some(_) => flags.push(Flag::new(FlagKind::Repetition, "cut off")),
            None if *limited => flags.push(Flag::new(FlagKind::StoppedAtLimit, "")),
            None => {}
        }
        self.writer.text(ids.part(..whole.unwrap_or(ids.len())))
    }

    /// One round: articles of one window get their summary, others the summaries of their windows in place of
    /// their units.
    fn round(&self, work: &mut [Work], last: bool, progress: Progress<'_>) -> Result<()> {
        let open: Vec<&mut Work> = work.iter_mut().filter(|work| work.summary.is_none()).collect();
        let windows: Vec<Vec<String>> =
            open.iter().map(|work| self.windows(&work.units)).collect::<Result<_>>()?;
        let all: Vec<&str> = windows.iter().flatten().map(String::as_str).collect();
        let done = |done| progress.report(Stage::Summarize, done, all.len());
        let mut written = self.writer.write(&all, done)?.into_iter();
        for (work, windows) in open.into_iter().zip(&windows) {
            let mut flags = Vec::new();
            let texts = written.by_ref().take(windows.len()).map(|text| self.text(&text, &mut flags));
            let texts = texts.collect::<Result<Vec<String>>>()?;
            let (before, after) = (length(&work.units), length(&texts));
            if windows.len() <= 1 || last || after >= before {
                work.summary = Some(one_line(&texts.join(" ")));
                // What an earlier round wrote is only read by the later one.
                work.flags = flags;
                work.flags.dedup();
            }
            work.units = texts;
        }
        Ok(())
    }
}

fn length(texts: &[String]) -> usize {
    texts.iter().map(String::len).sum()
}

impl Summarizer for Seq2SeqSummarizer {
    fn needs_translation(&self) -> bool {
        true
    }

    fn summarize(&self, inputs: &[SummaryInput<'_>], progress: Progress<'_>) -> Result<Vec<Draft>> {
        let mut sentences = Vec::with_capacity(inputs.len());
        let mut work = Vec::with_capacity(inputs.len());
        for input in inputs {
            let (indices, units) = english(input);
            sentences.push(indices);
            let summary = units.is_empty().then(String::new);
            work.push(Work { units, summary, flags: Vec::new() });
        }
        for round in 1..=ROUNDS {
            if work.iter().all(|work| work.summary.is_some()) {
                break;
            }
            self.round(&mut work, round == ROUNDS, progress)?;
        }
        let drafts = work.into_iter().zip(sentences).map(|(work, sentences)| match work.summary {
            Some(text) if !text.is_empty() => {
                Draft::Abstract { text, language: "en".to_owned(), sentences, flags: work.flags }
            }
            _ => Draft::Extract(Vec::new()),
        });
        Ok(drafts.collect())
    }

    fn model(&self) -> Option<ModelRef> {
        self.reference.clone()
    }

    fn options(&self) -> serde_json::Value {
        as_json(&self.options)
    }
}

/// The English of an article's running text by sentence; of all of it where there is nothing else.
fn english(input: &SummaryInput<'_>) -> (Vec<usize>, Vec<String>) {
    let such = |running: bool| -> (Vec<usize>, Vec<String>) {
        let segments = input.translation.iter().filter(|segment| !segment.text.trim().is_empty());
        let kept = segments.filter(|segment| {
            let kind = input.sentences.get(segment.sentence).map(|sentence| sentence.kind);
            !running || kind == Some(SentenceKind::Text)
        });
        kept.map(|segment| (segment.sentence, segment.text.clone())).unzip()
    };
    let (indices, units) = such(true);
    if units.is_empty() {
        return such(false);
    }
    (indices, units)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::document::{Segment, Sentence, Span};

    fn summarizer(name: &str) -> Seq2SeqSummarizer {
        crate::set_threads(1);
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/families").join(name);
        Seq2SeqSummarizer::load(folder, Seq2SeqOptions { beams: Some(2), ..Default::default() }).unwrap()
    }

    /// The drafts of articles whose sentences have this English.
    fn drafts(summarizer: &Seq2SeqSummarizer, articles: &[&[&str]]) -> Vec<Draft> {
        let text = "x".repeat(articles.iter().map(|article| article.len()).max().unwrap_or(0));
        let sentence = |at| Sentence {
            span: Span::new(&text, at, at + 1).unwrap(),
            paragraph: 0,
            kind: SentenceKind::Text,
        };
        let sentences: Vec<Sentence> = (0..text.len()).map(sentence).collect();
        let segment = |(sentence, text): (usize, &&str)| Segment::new(sentence, *text);
        let english: Vec<Vec<Segment>> =
            articles.iter().map(|article| article.iter().enumerate().map(segment).collect()).collect();
        let inputs: Vec<SummaryInput<'_>> = english
            .iter()
            .map(|translation| SummaryInput {
                text: &text,
                title: None,
                sentences: &sentences,
                salience: None,
                translation,
            })
            .collect();
        summarizer.summarize(&inputs, Progress::none()).unwrap()
    }

    #[test]
    fn every_family_writes_a_summary_of_the_sentences() {
        let article: &[&str] = &["Rain is falling on Palu.", "", "Villagers wait for the train."];
        for name in ["bart", "pegasus", "t5", "mt5", "prophetnet", "longt5-local", "longt5-tglobal"] {
            let drafts = drafts(&summarizer(name), &[article, &[], &[" "]]);
            let Draft::Abstract { text, sentences, .. } = &drafts[0] else { panic!("{name}: {drafts:?}") };
            assert!(!text.is_empty() && *sentences == [0, 2], "{name}: {text}");
            assert_eq!(drafts[1..], [Draft::Extract(vec![]), Draft::Extract(vec![])]);
        }
    }

    #[test]
    fn a_long_article_is_read_in_windows_to_its_end() {
        let summarizer = summarizer("bart");
        let sentences: Vec<String> = (0..40)
            .map(|n| format!("Fishermen number {n} stay ashore because the waves are high."))
            .collect();
        let windows = summarizer.windows(&sentences).unwrap();
        assert!(windows.len() > 3);
        assert_eq!(windows.join(" "), sentences.join(" "));
        let endless = ["x".repeat(2000)];
        let windows = summarizer.windows(&endless).unwrap();
        assert_eq!(windows.concat(), endless[0]);
        let long: Vec<&str> = sentences.iter().map(String::as_str).collect();
        let found = drafts(&summarizer, &[&long, &["Rain is falling on Palu."]]);
        assert!(matches!(&found[0], Draft::Abstract { sentences, .. } if sentences.len() == 40), "{found:?}");
        assert_eq!(
            found[1],
            drafts(&summarizer, &[&["Rain is falling on Palu."]])[0],
            "others do not matter"
        );
    }

    #[test]
    fn translators_are_refused() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/families/marian");
        let error = Seq2SeqSummarizer::load(folder, Seq2SeqOptions::default()).unwrap_err().to_string();
        assert!(error.contains("model_type is `marian`; summaries come from bart"), "{error}");
    }
}
