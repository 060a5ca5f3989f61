//! Strict span F1 of an encoder on the annotated sets, each sentence set as running text.
//!
//! `INTISARI_DATA=<folder> cargo run --release --example entity_scores [-- [--model FOLDER] [--split test] [--own-words]
//! [--window SENTENCES]]` reads `ner/<SET>/<SPLIT>.tsv` and `ner/tagmap.tsv` there. `--own-words` cuts the text into words
//! by our rules and not as annotated: what a user gets. `--window` puts several sentences into one window.

#![allow(clippy::print_stdout, clippy::indexing_slicing)]

use std::collections::{BTreeSet, HashMap};
use std::error::Error;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use intisari::document::{Label, Sentence, Span};
use intisari::eval::{Average, LabeledSpan, SpanCounts, TagScheme};
use intisari::ner::WindowLimits;
use intisari::ner::{EncoderRecognizer, EntityRecognizer, SentencedText};
use intisari::Progress;

const SETS: [&str; 4] = ["idner2k", "nerui", "nergrit", "wikigold"];
const TYPES: [Label; 3] = [Label::Per, Label::Loc, Label::Org];

fn main() -> Result<(), Box<dyn Error>> {
    let data = std::env::var_os("INTISARI_DATA").ok_or("set INTISARI_DATA to the folder of the data sets")?;
    let mut model = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/encoder");
    let (mut split, mut own_words, mut window) = ("test".to_owned(), false, 1);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--model" => model = PathBuf::from(value()?),
            "--split" => split = value()?,
            "--own-words" => own_words = true,
            "--window" => window = value()?.parse()?,
            _ => return Err(format!("unknown option {argument}").into()),
        }
    }
    let recognizer =
        EncoderRecognizer::load(&model)?.with_window(WindowLimits { pieces: usize::MAX, sentences: window });
    println!(
        "strict IOB2, {split}, {window} sentence(s) a window, {} words",
        if own_words { "own" } else { "given" }
    );
    for set in SETS {
        let file = Path::new(&data).join(format!("ner/{set}/{split}.tsv"));
        let Ok(text) = fs::read_to_string(&file) else { continue };
        let types = types(&Path::new(&data).join("ner/tagmap.tsv"), set)?;
        let annotated = sentences(&text, &types);
        let counts = if own_words {
            by_text(&recognizer, &annotated, window)?
        } else {
            by_words(&recognizer, &annotated, window)?
        };
        let [micro, mean] =
            [Average::Micro, Average::Macro].map(|average| 100.0 * counts.average(average).f1);
        println!("{set:10} {:4} sentences  micro {micro:.2}  macro {mean:.2}", annotated.len());
    }
    Ok(())
}

/// An annotated sentence as running text.
struct Annotated {
    text: String,
    words: Vec<Range<usize>>,
    gold: Vec<LabeledSpan>,
}

/// Unified types by the names that a set uses.
fn types(file: &Path, set: &str) -> Result<HashMap<String, String>, Box<dyn Error>> {
    let text = fs::read_to_string(file)?;
    let rows = text.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    Ok(rows
        .filter(|row| row.len() > 2 && row[0] == set)
        .map(|row| (row[1].to_owned(), row[2].to_owned()))
        .collect())
}

fn sentences(text: &str, types: &HashMap<String, String>) -> Vec<Annotated> {
    let blocks = text.split("\n\n").map(|block| block.lines().filter_map(|line| line.split_once('\t')));
    let blocks = blocks.map(|block| block.collect::<Vec<_>>()).filter(|block| !block.is_empty());
    blocks
        .map(|block| {
            let (words, tags): (Vec<&str>, Vec<&str>) = block.into_iter().unzip();
            let (text, words) = running_text(&words);
            let tags: Vec<String> = tags
                .iter()
                .map(|tag| match tag.split_once('-').map(|(prefix, kind)| (prefix, types.get(kind))) {
                    Some((prefix, Some(kind))) if TYPES.iter().any(|label| label.as_str() == kind) => {
                        format!("{prefix}-{kind}")
                    }
                    _ => "O".to_owned(),
                })
                .collect();
            let gold = TagScheme::Iob2.spans(&tags).unwrap_or_default();
            Annotated { text, words, gold }
        })
        .collect()
}

/// Undoes the tokenization of the sets by rule, as the training scripts do.
fn running_text(words: &[&str]) -> (String, Vec<Range<usize>>) {
    let (mut text, mut ranges) = (String::new(), Vec::new());
    let (mut open, mut glue) = (BTreeSet::new(), true);
    for (index, &word) in words.iter().enumerate() {
        let before = index.checked_sub(1).map_or("", |before| words[before]);
        let after = words.get(index + 1).copied().unwrap_or_default();
        let mut blank = !std::mem::take(&mut glue);
        let first = |word: &str, test: fn(char) -> bool| word.chars().next().is_some_and(test);
        let last = |word: &str, test: fn(char) -> bool| word.chars().next_back().is_some_and(test);
        if first(word, |c| ")]}”’,.;:!?%…".contains(c)) {
            blank = false;
        } else if ["\"", "'"].contains(&word) {
            if open.remove(word) {
                blank = false;
            } else {
                open.insert(word);
                glue = true;
            }
        } else if ["(", "[", "{", "“", "‘"].contains(&word) {
            glue = true;
        } else if ["-", "/"].contains(&word)
            && last(before, char::is_alphanumeric)
            && first(after, char::is_alphanumeric)
            && (word == "/"
                || before.to_lowercase() == after.to_lowercase()
                || before.to_lowercase() == "ke"
                || (last(before, |c| c.is_numeric()) && first(after, |c| c.is_numeric()))
                || (first(before, char::is_uppercase) && first(after, char::is_uppercase)))
        {
            (blank, glue) = (false, true);
        }
        if blank {
            text.push(' ');
        }
        ranges.push(text.len()..text.len() + word.len());
        text.push_str(word);
    }
    (text, ranges)
}

/// Texts of `size` sentences each, and where the sentences lie in them.
fn texts(annotated: &[Annotated], size: usize) -> Vec<(String, Vec<Sentence>)> {
    let join = |group: &[Annotated]| {
        let (mut text, mut starts) = (String::new(), Vec::new());
        for sentence in group {
            starts.push((text.len(), text.len() + sentence.text.len()));
            text.push_str(&sentence.text);
            text.push('\n');
        }
        let sentence =
            |&(start, end): &(usize, usize)| Some(Sentence::new(Span::new(&text, start, end).ok()?, 0));
        let sentences = starts.iter().filter_map(sentence).collect();
        (text, sentences)
    };
    annotated.chunks(size).map(join).collect()
}

fn by_words(
    recognizer: &EncoderRecognizer,
    annotated: &[Annotated],
    window: usize,
) -> Result<SpanCounts, Box<dyn Error>> {
    let texts = texts(annotated, window);
    let inputs: Vec<SentencedText<'_>> =
        texts.iter().map(|(text, sentences)| SentencedText::new(text, sentences)).collect();
    let shifts =
        texts.iter().flat_map(|(_, sentences)| sentences.iter().map(|sentence| sentence.span.start()));
    let words: Vec<Vec<Range<usize>>> = annotated
        .iter()
        .zip(shifts)
        .map(|(sentence, shift)| sentence.words.iter().map(|w| w.start + shift..w.end + shift).collect())
        .collect();
    let mut counts = SpanCounts::default();
    for (sentence, found) in
        annotated.iter().zip(recognizer.label_words(&inputs, &words, Progress::none())?)
    {
        let found =
            found.into_iter().filter(|mention| TYPES.contains(&mention.label)).map(|mention| LabeledSpan {
                start: mention.words.start,
                end: mention.words.end,
                label: mention.label.to_string(),
            });
        counts += &SpanCounts::new(&sentence.gold, &found.collect::<Vec<_>>());
    }
    Ok(counts)
}

fn by_text(
    recognizer: &EncoderRecognizer,
    annotated: &[Annotated],
    window: usize,
) -> Result<SpanCounts, Box<dyn Error>> {
    let texts = texts(annotated, window);
    let inputs: Vec<SentencedText<'_>> =
        texts.iter().map(|(text, sentences)| SentencedText::new(text, sentences)).collect();
    let mut counts = SpanCounts::default();
    let recognized = recognizer.recognize(&inputs, Progress::none())?;
    for ((group, (text, sentences)), recognition) in annotated.chunks(window).zip(&texts).zip(&recognized) {
        for (index, (sentence, place)) in group.iter().zip(sentences).enumerate() {
            let bytes = |span: &LabeledSpan| LabeledSpan {
                start: sentence.words[span.start].start + place.span.start(),
                end: sentence.words[span.end - 1].end + place.span.start(),
                label: span.label.clone(),
            };
            // Some sets leave brackets and full stops on a word; those are none of a name.
            let gold: Vec<LabeledSpan> =
                sentence.gold.iter().map(bytes).map(|span| trimmed(text, span)).collect();
            let found =
                recognition.mentions.iter().filter(|m| m.sentence == index && TYPES.contains(&m.label));
            let found: Vec<LabeledSpan> = found
                .map(|m| LabeledSpan { start: m.span.start(), end: m.span.end(), label: m.label.to_string() })
                .map(|span| trimmed(text, span))
                .collect();
            counts += &SpanCounts::new(&gold, &found);
        }
    }
    Ok(counts)
}

fn trimmed(text: &str, mut span: LabeledSpan) -> LabeledSpan {
    let inner = &text[span.start..span.end];
    span.start += inner.len() - inner.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
    span.end -= inner.len() - inner.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    span
}
