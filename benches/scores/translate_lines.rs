//! Translates a file line by line and goes on where an earlier run ended; for scoring on test sets.
//!
//!     cargo run --release --example translate_lines -- BASE.gguf models/translator SOURCE HYPOTHESES [OPTIONS] [lines]
//!
//! `OPTIONS` are fields of `TranslatorOptions` in JSON: `{"precision": "bf16", "beams": 1}`. Prints segments and seconds.

#![allow(clippy::print_stdout)]

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::time::Instant;

use intisari::translate::{GemmaTranslator, Translator, TranslatorFiles, TranslatorOptions};
use intisari::Progress;

const BLOCK: usize = 64;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [base, folder, source, target, rest @ ..] = arguments.as_slice() else {
        return Err("usage: translate_lines BASE.gguf FOLDER SOURCE HYPOTHESES [OPTIONS] [lines]".into());
    };
    let options: TranslatorOptions = serde_json::from_str(rest.first().map_or("{}", String::as_str))?;
    let text = fs::read_to_string(source)?;
    let count = rest.get(1).map_or(Ok(usize::MAX), |count| count.parse())?;
    let done = fs::read_to_string(target).map_or(0, |text| text.lines().count());
    let lines: Vec<&str> = text.lines().take(count).skip(done).collect();

    let start = Instant::now();
    let translator = GemmaTranslator::load(&TranslatorFiles::new(base, folder), options)?;
    println!("loaded in {:.2} s", start.elapsed().as_secs_f64());
    let mut out = OpenOptions::new().create(true).append(true).open(target)?;
    let start = Instant::now();
    for (index, block) in lines.chunks(BLOCK).enumerate() {
        let english = translator.translate(block, Progress::none())?;
        let english: String = english.iter().map(|english| format!("{}\n", english.text)).collect();
        out.write_all(english.as_bytes())?;
        let segments = index * BLOCK + block.len();
        println!("{segments} segments in {:.2} s", start.elapsed().as_secs_f64());
    }
    Ok(())
}
