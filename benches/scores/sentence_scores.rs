//! Scores the rule-based splitter and the naive baseline on the Indonesian treebanks.
//!
//! `INTISARI_DATA=<folder> cargo run --release --no-default-features --example sentence_scores [SET…]`
//! reads `sentences/<SET>.sents.txt` there, one gold sentence a line, and joins them by blanks.

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::fs;
use std::ops::Range;
use std::path::Path;

use intisari::eval::sentences::{boundary_hits, naive_split, span_hits};
use intisari::eval::Hits;
use intisari::sentence::{KeptText, RuleSplitter};
use intisari::Span;

fn main() -> Result<(), Box<dyn Error>> {
    let folder =
        std::env::var_os("INTISARI_DATA").ok_or("set INTISARI_DATA to the folder of the data sets")?;
    let mut sets: Vec<String> = std::env::args().skip(1).collect();
    if sets.is_empty() {
        sets = ["id_gsd-dev", "id_gsd-test", "id_pud-test"].map(String::from).into();
    }
    println!("boundary: wtpsplit; span: CoNLL 2018; running text, no line breaks");
    println!("{:<20} {:<8} {:>22} {:>22}", "set", "system", "boundary F1 (P/R)", "span F1 (P/R)");
    for set in sets {
        let sentences = fs::read_to_string(Path::new(&folder).join(format!("sentences/{set}.sents.txt")))?;
        let (text, gold) = join(&sentences);
        let naive = naive_split(&text);
        let kept = [Span::whole(&text)];
        let split = RuleSplitter::new().split_one(KeptText::new(&text, &kept));
        let rules: Vec<Range<usize>> = split.iter().map(|sentence| sentence.span.range()).collect();
        for (system, spans) in [("naive", &naive), ("rules", &rules)] {
            let boundary = show(boundary_hits(&text, spans, &gold));
            println!("{set:<20} {system:<8} {boundary:>22} {:>22}", show(span_hits(&text, spans, &gold)));
        }
    }
    Ok(())
}

/// The sentences on one line, and where they lie there.
fn join(sentences: &str) -> (String, Vec<Range<usize>>) {
    let mut text = String::new();
    let mut gold = Vec::new();
    for sentence in sentences.lines().filter(|line| !line.trim().is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        gold.push(text.len()..text.len() + sentence.len());
        text.push_str(sentence);
    }
    (text, gold)
}

fn show(hits: Hits) -> String {
    let [f1, precision, recall] =
        [hits.prf().f1, hits.prf().precision, hits.prf().recall].map(|share| 100.0 * share);
    format!("{f1:.2} ({precision:.1}/{recall:.1})")
}
