//! How well languages are told apart, on short texts that were written for this (`tests/data/language/`, a text a line).
//! `cargo test --test language -- --nocapture` prints the table of `reports/language.md`.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // helpers of tests fail as tests do

use std::collections::BTreeMap;

use intisari::lang::{identify, Language};

const SETS: [(&str, Language, &str); 7] = [
    ("id", Language::Indonesian, include_str!("data/language/id.txt")),
    ("ms", Language::Malay, include_str!("data/language/ms.txt")),
    ("jv", Language::Javanese, include_str!("data/language/jv.txt")),
    ("su", Language::Sundanese, include_str!("data/language/su.txt")),
    ("min", Language::Minangkabau, include_str!("data/language/min.txt")),
    ("bbc", Language::Batak, include_str!("data/language/bbc.txt")),
    ("en", Language::English, include_str!("data/language/en.txt")),
];

/// What the lines of a set were taken for.
fn found(lines: impl Iterator<Item = &'static str>) -> BTreeMap<&'static str, usize> {
    let mut found = BTreeMap::new();
    for line in lines {
        *found.entry(identify(line).map_or("untold", Language::name)).or_default() += 1;
    }
    found
}

/// Word lists were mended by the odd lines; the even ones are what counts.
#[test]
fn short_texts_are_told_apart() {
    for (set, language, text) in SETS {
        let lines: Vec<&str> = text.lines().collect();
        for (half, skip) in [("odd", 0), ("even", 1)] {
            let found = found(lines.iter().copied().skip(skip).step_by(2));
            println!("{set} {half}: {found:?}");
            let all: usize = found.values().sum();
            let right = found.get(language.name()).copied().unwrap_or_default();
            let untold = found.get("untold").copied().unwrap_or_default();
            let wrong = all - right - untold;
            // Short texts that Malay and Indonesian share have nothing to be told by; wrong is what must not be.
            let least = match language {
                Language::Indonesian => 40,
                Language::Malay => 65,
                _ => 80,
            };
            assert!(right * 100 >= all * least, "{set} {half}: {found:?}");
            assert!(wrong * 100 <= all * 2, "{set} {half}: {found:?}");
        }
    }
}

/// `eu` is a vowel of Sundanese, and where `ke-` and `se-` meet a stem with `u` no vowel at all.
#[test]
fn indonesian_prefixes_make_no_sundanese() {
    for text in [
        "Keuangan dan keuntungan koperasi itu diperiksa seusai rapat.",
        "Seumur hidup ia menjaga keunikan tenun Lamahala karena keunggulan benangnya.",
        "Keuskupan itu meminta keuangan paroki dibuka seutuhnya.",
        "Anak seusia itu seharusnya tidak bekerja seusai sekolah.",
        "Dari seujung ke ujung pulau, keuletan petani diuji karena kemarau.",
    ] {
        assert_eq!(identify(text), Some(Language::Indonesian), "{text}");
    }
    for text in ["Keueung pisan, ulah keukeuh kitu.", "Seungit pisan kembangna, seuri budak teh."] {
        assert_eq!(identify(text), Some(Language::Sundanese), "{text}");
    }
}

/// Together a few lines are an article: nothing is left untold.
#[test]
fn ten_lines_are_told_apart() {
    for (set, language, text) in SETS {
        let lines: Vec<&str> = text.lines().collect();
        for ten in lines.chunks_exact(10) {
            assert_eq!(identify(&ten.join(" ")), Some(language), "{set}: {ten:?}");
        }
    }
}

/// Three lines are about a paragraph: some are left untold, none is taken for another language.
#[test]
fn three_lines_are_told_apart() {
    let (mut right, mut all) = (0, 0);
    for (set, language, text) in SETS {
        let lines: Vec<&str> = text.lines().collect();
        for three in lines.chunks_exact(3) {
            let found = identify(&three.join(" "));
            assert!(found.is_none_or(|found| found == language), "{set}: {found:?} for {three:?}");
            right += usize::from(found.is_some());
            all += 1;
        }
    }
    println!("three lines together: {right} of {all} told");
    assert!(right * 100 >= all * 95, "{right} of {all}");
}
