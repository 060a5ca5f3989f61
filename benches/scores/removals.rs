//! Shows what cleaning takes away from a folder of scraped articles, for those who write or judge rules.
//!
//! `cargo run --release --no-default-features --example removals -- …`; it needs no models.
//!
//! ```text
//! removals FOLDER                      counts per rule and publisher
//! removals FOLDER removals N SEED      N removals with their surroundings, spread over rules and publishers
//! removals FOLDER articles N SEED      N articles with what is removed in 【 】
//! ```
//!
//! FOLDER holds `*.jsonl.gz`, one object with `source` and `text` a line. Without FOLDER: `$INTISARI_DATA/news`.

#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use intisari::clean::{Cleaned, Cleaner, RuleCleaner};
use intisari::document::Removed;

#[derive(serde::Deserialize)]
struct Scraped {
    source: String,
    text: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let folder = |given: &str| PathBuf::from(given);
    let default = std::env::var("INTISARI_DATA").map(|data| Path::new(&data).join("news"));
    match arguments[..] {
        [] => count(&read(&default?)?),
        [given] => count(&read(&folder(given))?),
        [given, "removals", number, seed] => {
            show_removals(&read(&folder(given))?, number.parse()?, seed.parse()?)
        }
        [given, "articles", number, seed] => {
            show_articles(&read(&folder(given))?, number.parse()?, seed.parse()?)
        }
        _ => Err("see the first lines of benches/scores/removals.rs".into()),
    }
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn read(folder: &Path) -> Result<Vec<Scraped>, Box<dyn std::error::Error>> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    files.retain(|path| path.to_string_lossy().ends_with(".jsonl.gz"));
    files.sort();
    let mut articles = Vec::new();
    for path in files {
        for line in BufReader::new(MultiGzDecoder::new(File::open(path)?)).lines() {
            articles.push(serde_json::from_str(&line?)?);
        }
    }
    Ok(articles)
}

fn clean(article: &Scraped) -> Result<Cleaned, intisari::Error> {
    thread_local!(static CLEANER: RuleCleaner = RuleCleaner::default());
    Ok(CLEANER.with(|cleaner| cleaner.clean(&[&article.text]))?.pop().unwrap_or_default())
}

fn count(articles: &[Scraped]) -> Outcome {
    let mut counts: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
    let (mut bytes, mut removed) = (0, 0);
    for article in articles {
        bytes += article.text.len();
        for one in clean(article)?.removed {
            removed += one.span.len();
            *counts.entry(one.rule).or_default().entry(&article.source).or_default() += 1;
        }
    }
    println!("{} articles, {bytes} bytes, {removed} removed", articles.len());
    for (rule, publishers) in counts {
        let mut publishers: Vec<_> = publishers.into_iter().collect();
        publishers.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        let list: Vec<String> = publishers.iter().map(|(name, count)| format!("{name} {count}")).collect();
        println!("{rule}\t{}\t{}", publishers.iter().map(|(_, count)| count).sum::<usize>(), list.join(", "));
    }
    Ok(())
}

/// One removal of each rule and publisher, then a second one of each, until there are `number`.
fn show_removals(articles: &[Scraped], number: usize, seed: u64) -> Outcome {
    let mut strata: BTreeMap<(String, &str), Vec<String>> = BTreeMap::new();
    for article in articles {
        for one in clean(article)?.removed {
            let (before, after) = (article.text.get(..one.span.start()), article.text.get(one.span.end()..));
            let before: String = before.unwrap_or_default().chars().rev().take(70).collect();
            let before: String = before.chars().rev().collect();
            let after: String = after.unwrap_or_default().chars().take(70).collect();
            let shown = format!("{before}【{}】{after}", one.span.of(&article.text)).replace('\n', "⏎");
            strata.entry((one.rule, &article.source)).or_default().push(shown);
        }
    }
    let mut random = Random(seed);
    let mut strata: Vec<_> = strata.into_iter().collect();
    strata.iter_mut().for_each(|(_, shown)| random.shuffle(shown));
    random.shuffle(&mut strata);
    let mut left = number;
    for round in 0.. {
        let mut any = false;
        for ((rule, source), shown) in &strata {
            if let Some(one) = shown.get(round).filter(|_| left > 0) {
                println!("{rule} | {source} | {one}\n");
                left -= 1;
                any = true;
            }
        }
        if !any {
            return Ok(());
        }
    }
    Ok(())
}

/// Articles of all publishers in turn.
fn show_articles(articles: &[Scraped], number: usize, seed: u64) -> Outcome {
    let mut strata: BTreeMap<&str, Vec<&Scraped>> = BTreeMap::new();
    for article in articles {
        strata.entry(&article.source).or_default().push(article);
    }
    let mut random = Random(seed);
    let mut strata: Vec<_> = strata.into_values().collect();
    strata.iter_mut().for_each(|articles| random.shuffle(articles));
    let longest = strata.iter().map(Vec::len).max().unwrap_or(0);
    let in_turn =
        (0..longest).flat_map(|round| strata.iter().filter_map(move |articles| articles.get(round)));
    for article in in_turn.take(number) {
        let mut shown = String::new();
        let mut end = 0;
        for Removed { span, .. } in clean(article)?.removed {
            shown.push_str(article.text.get(end..span.start()).unwrap_or_default());
            shown.push_str(&format!("【{}】", span.of(&article.text)));
            end = span.end();
        }
        shown.push_str(article.text.get(end..).unwrap_or_default());
        println!("=== {}\n{shown}\n", article.source);
    }
    Ok(())
}

/// splitmix64: a few lines instead of a dependency, the same sample everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((x ^ (x >> 31)) % bound.max(1) as u64) as usize
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}
