//! Speed of the encoder with both heads: names and salience, one article and many.
//!
//!     cargo bench --bench encode -- [FOLDER] [repeats] [pieces]
//!
//! FOLDER is `models/encoder` unless told otherwise, and `pieces` the most that a batch may hold. The number of threads is that of libtorch; set
//! `OMP_NUM_THREADS` to change it. Each figure is the median of the repeats. `benches/peers/encode.py` runs the same
//! sentences on other engines; compare only what ran on the same idle machine.

#![allow(clippy::print_stdout, clippy::indexing_slicing)]

use std::path::Path;
use std::time::Instant;

use intisari::document::Sentence;
use intisari::ner::BatchLimits;
use intisari::ner::{EncoderRecognizer, EntityRecognizer, SentencedText};
use intisari::{Progress, Span};

const SENTENCES: &str = include_str!("sentences.txt");
const ARTICLE: usize = 15;
const ARTICLES: [usize; 3] = [1, 16, 64];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let folder = arguments.first().map_or("models/encoder", String::as_str);
    let repeats: usize = arguments.get(1).map_or(Ok(5), |repeats| repeats.parse())?;
    let mut limits = BatchLimits::default();
    if let Some(pieces) = arguments.get(2) {
        limits.pieces = pieces.parse()?;
    }
    println!("{}; {} threads", processor(), std::thread::available_parallelism()?);
    println!("intisari {}", env!("CARGO_PKG_VERSION"));
    let start = Instant::now();
    let recognizer = EncoderRecognizer::load(Path::new(folder))?.with_batch(limits);
    println!("loaded in {:.2} s", start.elapsed().as_secs_f64());

    // Articles of fifteen sentences, each beginning at another one.
    let lines: Vec<&str> = SENTENCES.lines().collect();
    let articles: Vec<(String, Vec<Sentence>)> = (0..ARTICLES[2])
        .map(|article| (0..ARTICLE).map(|line| lines[(article * 7 + line) % lines.len()]).collect::<Vec<_>>())
        .map(|lines| article(&lines))
        .collect::<Result<_, _>>()?;
    let texts: Vec<SentencedText<'_>> =
        articles.iter().map(|(text, sentences)| SentencedText::new(text, sentences)).collect();
    for count in ARTICLES {
        let texts = &texts[..count];
        let mut seconds = Vec::new();
        let mut mentions = 0;
        for _ in 0..repeats.max(1) {
            let start = Instant::now();
            let found = recognizer.recognize(texts, Progress::none())?;
            seconds.push(start.elapsed().as_secs_f64());
            mentions = found.iter().map(|recognition| recognition.mentions.len()).sum();
        }
        seconds.sort_by(f64::total_cmp);
        let median = seconds[seconds.len() / 2];
        let sentences = count * ARTICLE;
        println!(
            "  {count:3} articles, {sentences:4} sentences {median:8.3} s {:8.1} sentences/s, {mentions} mentions",
            sentences as f64 / median
        );
    }
    Ok(())
}

/// A text of the lines, one after another, and its sentences.
fn article(lines: &[&str]) -> Result<(String, Vec<Sentence>), Box<dyn std::error::Error>> {
    let text = lines.join(" ");
    let mut start = 0;
    let mut sentences = Vec::new();
    for line in lines {
        let span = Span::new(&text, start, start + line.len())?;
        sentences.push(Sentence::new(span, 0));
        start += line.len() + 1;
    }
    Ok((text, sentences))
}

fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    name.map_or("unknown processor", |(_, name)| name.trim()).to_owned()
}
