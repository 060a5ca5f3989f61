//! Speed of the translator: loading, one article, and batches, in each precision named, or all that the machine knows.
//!
//!     cargo bench --bench translate -- BASE.gguf models/translator [repeats] [precision …]
//!
//! Greedy and with beams. Peak memory is that of the process so far: name one precision to see its own.
//! The number of threads is that of libtorch; set `OMP_NUM_THREADS` to change it. Each figure is the median of the
//! repeats. The same sentences are used by `benches/peers/translate.py`; compare only what ran on the same idle machine.

#![allow(clippy::print_stdout, clippy::indexing_slicing)]

use std::time::Instant;

use intisari::translate::{GemmaTranslator, Translator, TranslatorFiles, TranslatorOptions};
use intisari::{Precision, Progress};

const SENTENCES: &str = include_str!("sentences.txt");
const ARTICLE: usize = 15;
const BATCHES: [usize; 3] = [1, 16, 64];
const BEAMS: [usize; 2] = [1, 4];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [base, folder, rest @ ..] = arguments.as_slice() else {
        println!("usage: cargo bench --bench translate -- BASE.gguf FOLDER [repeats] [precision …]");
        return Ok(());
    };
    let repeats: usize = rest.first().map_or(Ok(3), |repeats| repeats.parse())?;
    println!("{}; {} threads", processor(), std::thread::available_parallelism()?);
    println!("intisari {}", env!("CARGO_PKG_VERSION"));
    let lines: Vec<&str> = SENTENCES.lines().collect();
    let counter =
        tokenizers::Tokenizer::from_file(format!("{folder}/tokenizer.json")).map_err(|e| e.to_string())?;
    let mut precisions = vec![Precision::F32, Precision::Int8];
    if rest.len() > 1 {
        precisions = rest[1..].iter().map(|name| name.parse()).collect::<Result<_, _>>()?;
    }

    for precision in precisions {
        for beams in BEAMS {
            for batch in BATCHES {
                let options = TranslatorOptions {
                    precision,
                    batch_segments: batch,
                    beams,
                    ..TranslatorOptions::default()
                };
                let start = Instant::now();
                let translator = GemmaTranslator::load(&TranslatorFiles::new(base, folder), options)?;
                if (beams, batch) == (BEAMS[0], BATCHES[0]) {
                    println!(
                        "{precision:?}: loaded without a cache in {:.2} s",
                        start.elapsed().as_secs_f64()
                    );
                }
                let run = |what: &str, segments: &[&str]| {
                    let name = format!("{precision:?}, {beams} beams, {what}");
                    measure(&name, &translator, segments, repeats, &counter)
                };
                if batch == BATCHES[1] {
                    run("article of 15", &lines[..ARTICLE])?;
                }
                run(&format!("{} sentences, batch {batch}", lines.len()), &lines)?;
            }
        }
        println!(
            "peak memory {} MB",
            peak_memory().map_or("?".to_owned(), |kilobytes| (kilobytes / 1024).to_string())
        );
    }
    Ok(())
}

fn measure(
    name: &str,
    translator: &GemmaTranslator,
    segments: &[&str],
    repeats: usize,
    counter: &tokenizers::Tokenizer,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut seconds = Vec::new();
    let mut pieces = 0;
    for _ in 0..repeats.max(1) {
        let start = Instant::now();
        let english = translator.translate(segments, Progress::none())?;
        seconds.push(start.elapsed().as_secs_f64());
        pieces = 0;
        for english in &english {
            pieces += counter.encode_fast(english.text.as_str(), false).map_err(|e| e.to_string())?.len();
        }
    }
    seconds.sort_by(f64::total_cmp);
    let median = seconds[seconds.len() / 2];
    println!(
        "  {name:44} {median:7.2} s {:7.1} sentences/s {:8.1} pieces of English/s",
        segments.len() as f64 / median,
        pieces as f64 / median
    );
    Ok(())
}

fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    name.map_or("unknown processor", |(_, name)| name.trim()).to_owned()
}

/// In kilobytes, where the system says.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}
