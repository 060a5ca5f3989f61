//! Work in proportion to the text: what is allocated for hostile articles is counted as they grow, so that the test says the same
//! on every machine. `benches/hostile.py` measures the time.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // helpers of tests fail as tests do

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use common::Copies;
use intisari::clean::RuleCleaner;
use intisari::document::Label;
use intisari::ner::{EntityRecognizer, Mention, Recognition, RuleRecognizer, SentencedText};
use intisari::sentence::RuleSplitter;
use intisari::summarize::Centrality;
use intisari::{Article, Pipeline, Progress, Result};

struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
static TOTAL: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static COUNTING: Counting = Counting;

#[allow(unsafe_code, reason = "an allocator that counts hands everything on to the system's")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        TOTAL.fetch_add(layout.size(), Relaxed);
        PEAK.fetch_max(HELD.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// Bytes that were allocated in all, and the most that were held at once.
fn counted(work: impl FnOnce()) -> (usize, usize) {
    let (held, total) = (HELD.load(Relaxed), TOTAL.load(Relaxed));
    PEAK.store(held, Relaxed);
    work();
    (TOTAL.load(Relaxed) - total, PEAK.load(Relaxed) - held)
}

/// A person for every capitalized word, each of another name.
struct Names;

impl EntityRecognizer for Names {
    fn recognize(&self, texts: &[SentencedText<'_>], progress: Progress<'_>) -> Result<Vec<Recognition>> {
        let mut found = RuleRecognizer.recognize(texts, progress)?;
        for (input, found) in texts.iter().zip(&mut found) {
            found.mentions.clear();
            for (index, sentence) in input.sentences.iter().enumerate() {
                let inner = sentence.span.of(input.text);
                for (at, word) in inner.match_indices(char::is_uppercase) {
                    let end = at + inner[at..].find(' ').unwrap_or(word.len());
                    let span = sentence.span.inner(input.text, at, end).unwrap();
                    if found.mentions.last().is_none_or(|last| last.span.end() <= span.start()) {
                        found.mentions.push(Mention::new(span, Label::Per, 0.95, index));
                    }
                }
            }
        }
        Ok(found)
    }

    fn repeats_names(&self) -> bool {
        true
    }
}

/// What is repeated; `#` stands for a number that grows.
const UNITS: [&str; 23] = [
    "a.\n",
    "\n",
    "x",
    "turun.jalan-",
    "angin reda dan ombak tenang ",
    "Ruth N#a bertemu Marta L#o di sana.\n",
    "Ruth N#a dan Marta L#o dan ",
    "3.",
    "# orang, Rp #.000, ",
    "Senin (3/3/2025) pukul 18.35 WITA ",
    "“",
    "\"a\" ",
    "(",
    "<p ",
    "<b>a</b>",
    "&amp;",
    "a\u{ad}\u{200b}",
    "Baca juga: Harga Ikan\n",
    "ruth@sabu.example, www.sabu.example/a, ",
    "M. ",
    "\"Wis suwe ora ana udan.\"\n",
    "雨が",
    "abcdE雨雨",
];

fn text(unit: &str, bytes: usize) -> String {
    let mut text = String::new();
    for number in 0.. {
        if text.len() >= bytes {
            break;
        }
        text += &unit.replace('#', &number.to_string());
    }
    text
}

#[test]
fn what_is_allocated_grows_with_the_text_only() {
    const SMALL: usize = 20_000;
    let pipeline = Pipeline::builder()
        .cleaner(RuleCleaner::default())
        .splitter(RuleSplitter::default())
        .recognizer(Names)
        .translator(Copies)
        .summarizer(Centrality::default())
        .build()
        .unwrap();
    for unit in UNITS {
        let measured = |bytes: usize| {
            let article = Article::new("a", text(unit, bytes));
            counted(|| drop(pipeline.run(&article).unwrap()))
        };
        // Patterns are compiled, and their caches filled.
        measured(SMALL);
        let (total, peak) = measured(SMALL);
        let (total_of_four, peak_of_four) = measured(4 * SMALL);
        let slack = 8 << 20;
        assert!(
            total_of_four <= 5 * total + slack,
            "{unit:?}: {total} bytes in all, {total_of_four} for four times the text"
        );
        assert!(
            peak_of_four <= 5 * peak + slack,
            "{unit:?}: {peak} bytes at once, {peak_of_four} for four times the text"
        );
        assert!(peak_of_four <= 1_500 * 4 * SMALL, "{unit:?}: {peak_of_four} bytes for {}", 4 * SMALL);
    }
}
