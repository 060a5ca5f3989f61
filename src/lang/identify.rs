//! Tells Indonesian from the languages that stand beside it in Indonesian news.
//!
//! Each language has a list of its words (`words/`). Two languages are compared by the words of the text that one list has
//! and the other has not: what Malay and Indonesian share speaks for neither. Names would mislead, so words with a capital
//! inside a sentence do not count. Other languages are left to `whatlang`, which needs more text.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::id::entries;
use super::quotations::quotations;
use crate::part::Part;
use crate::text::floor;

/// Bytes that are enough to tell a language.
const MAX_BYTES: usize = 4_000;
/// Letters that `whatlang` needs.
const MIN_LETTERS_FOR_OTHERS: usize = 100;
/// Words of its own that speak for a language at least.
const FEWEST: usize = 2;
/// Words of a short text.
const SHORT: usize = 12;

/// A language that occurs in Indonesian news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Language {
    /// Indonesian.
    Indonesian,
    /// Malay, as written in Malaysia, Brunei and Singapore.
    Malay,
    /// Javanese.
    Javanese,
    /// Sundanese.
    Sundanese,
    /// Minangkabau.
    Minangkabau,
    /// Batak, above all Toba.
    Batak,
    /// English.
    English,
    /// One that is told by `whatlang`, by its English name: `Dutch`.
    Other(&'static str),
}

impl Language {
    /// The languages with lists of their own, in the order of the lists.
    const LISTED: [Language; 7] = [
        Language::Indonesian,
        Language::Malay,
        Language::Javanese,
        Language::Sundanese,
        Language::Minangkabau,
        Language::Batak,
        Language::English,
    ];

    /// Its name in English.
    pub fn name(self) -> &'static str {
        match self {
            Language::Indonesian => "Indonesian",
            Language::Malay => "Malay",
            Language::Javanese => "Javanese",
            Language::Sundanese => "Sundanese",
            Language::Minangkabau => "Minangkabau",
            Language::Batak => "Batak",
            Language::English => "English",
            Language::Other(name) => name,
        }
    }
}

/// For each word the languages that have it, a bit each in the order of [`Language::LISTED`].
static WORDS: LazyLock<HashMap<&str, u8>> = LazyLock::new(|| {
    let lists = [
        include_str!("words/id.txt"),
        include_str!("words/ms.txt"),
        include_str!("words/jv.txt"),
        include_str!("words/su.txt"),
        include_str!("words/min.txt"),
        include_str!("words/bbc.txt"),
        include_str!("words/en.txt"),
    ];
    let mut words: HashMap<&str, u8> = HashMap::new();
    for (bit, list) in lists.into_iter().enumerate() {
        for word in entries(list).flat_map(str::split_whitespace) {
            *words.entry(word).or_default() |= 1 << bit;
        }
    }
    words
});

/// The language of `text`, from a few words on; `None` where nothing tells it.
///
/// ```
/// use intisari::lang::{identify, Language};
///
/// assert_eq!(identify("Polis menahan dua lelaki yang disyaki mencuri motosikal."), Some(Language::Malay));
/// assert_eq!(identify("Wis suwe ora ketemu, piye kabare?"), Some(Language::Javanese));
/// assert_eq!(identify("Polisi menangkap dua pria yang diduga mencuri motor."), Some(Language::Indonesian));
/// assert_eq!(identify("PT Maju Jaya Tbk"), None);
/// ```
pub fn identify(text: &str) -> Option<Language> {
    let sample = text.part(..floor(text, MAX_BYTES));
    listed(sample).or_else(|| other(sample))
}

/// Words of a text, by the set of languages that have them.
#[derive(Debug, Default)]
struct Counts {
    words: usize,
    sets: HashMap<u8, usize>,
}

impl Counts {
    fn of(text: &str) -> Self {
        let mut counts = Counts::default();
        let capitals = is_mostly_capitals(text);
        let mut starts = true;
        for part in text.split_whitespace() {
            let word = part.trim_matches(|c: char| !c.is_alphanumeric());
            let opens = std::mem::replace(&mut starts, part.ends_with(['.', '!', '?', ':', '"', '”']));
            let quoted = part.starts_with(['"', '“', '\'', '‘', '(']);
            let plain = word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'));
            let name = word.starts_with(char::is_uppercase) && !opens && !quoted && !capitals;
            if word.is_empty() || !plain || name {
                continue;
            }
            let lower = word.to_lowercase();
            counts.words += 1;
            let set = WORDS.get(lower.as_str()).copied().unwrap_or_else(|| sign(&lower));
            if set != 0 {
                *counts.sets.entry(set).or_default() += 1;
            }
        }
        counts
    }

    /// How many words `one` has and `other` has not.
    fn own(&self, one: usize, other: usize) -> usize {
        let own = |set: u8| set & 1 << one != 0 && set & 1 << other == 0;
        self.sets.iter().filter(|&(&set, _)| own(set)).map(|(_, count)| count).sum()
    }
}

const INDONESIAN: u8 = 1;
const MALAY: u8 = 1 << 1;
const JAVANESE: u8 = 1 << 2;
const SUNDANESE: u8 = 1 << 3;

/// Parts of words from abroad with `eu`: museum, neurologi, leukemia, terapeutik.
const LOANS: [&str; 14] = [
    "eum", "neu", "reuni", "leukem", "leukos", "euf", "eutana", "eutro", "euka", "heurist", "peutik",
    "seutik", "kleus", "deuter",
];

/// Stems with `u` before which `ke-` and `se-` stand.
const STEMS: [&str; 30] = [
    "uang", "udara", "uji", "ujung", "ukur", "ulama", "ulas", "ulet", "ulung", "umat", "umpama", "umum",
    "umur", "unggul", "ungu", "unik", "unsur", "untai", "untung", "upaya", "urut", "usai", "usang", "usia",
    "uskup", "utama", "utara", "utas", "utuh", "uzur",
];

/// Whether `word` is such a stem with `se-` or `ke-…-an`: `seusai`, `seumuran`, `keuangannya`, `seutuh-utuhnya`.
fn is_prefixed(word: &str) -> bool {
    let first = word.split('-').next().unwrap_or(word);
    let bare = ["nya", "ku", "mu"].iter().find_map(|end| first.strip_suffix(end)).unwrap_or(first);
    let is_stem = |stem: &str| STEMS.contains(&stem);
    let with_an = |rest: &str| rest.strip_suffix("an").is_some_and(is_stem);
    bare.strip_prefix("se").is_some_and(|rest| is_stem(rest) || with_an(rest))
        || bare.strip_prefix("ke").is_some_and(with_an)
}

/// The languages that a word which is in no list looks like, by its spelling and its endings.
fn sign(word: &str) -> u8 {
    let letters = word.chars().count();
    let ends = |ends: &[&str]| ends.iter().any(|end| word.ends_with(end));
    if is_prefixed(word) {
        return INDONESIAN | MALAY;
    }
    // `eu` is a vowel of Sundanese, and stands in words from abroad.
    let eu = word.contains("eu") && !LOANS.iter().any(|part| word.contains(part));
    if word.contains(['é', 'è']) || (letters > 3 && (eu || ends(&["keun"]))) {
        return SUNDANESE;
    }
    let dental =
        (word.contains("dh") && !word.contains("dhan") && !word.contains("dhi")) || word.contains("th");
    if letters > 4 && (dental || ends(&["ake", "aken", "ipun"])) {
        return JAVANESE;
    }
    match () {
        // kualiti, kualitas; but peneliti, selebriti
        () if ends(&["aliti", "iviti", "uniti", "ersiti", "entiti", "oriti", "iliti"]) => return MALAY,
        () if letters > 5 && ends(&["itas"]) => return INDONESIAN,
        () => {}
    }
    // The article of Javanese and of Sundanese: `banyune`, `cuacana`.
    for (ending, language) in [("ne", JAVANESE), ("e", JAVANESE), ("na", SUNDANESE)] {
        let stem = word.strip_suffix(ending).filter(|_| letters > 4).and_then(|stem| WORDS.get(stem));
        if stem.is_some_and(|set| set & (language | INDONESIAN) != 0) {
            return language;
        }
    }
    let affixed =
        ["me", "di", "pe", "ke"].iter().any(|start| word.starts_with(start)) && ends(&["nya", "kan"]);
    if letters > 6 && affixed {
        INDONESIAN | MALAY
    } else {
        0
    }
}

/// The language of the lists that no other comes near.
fn listed(text: &str) -> Option<Language> {
    let counts = Counts::of(text);
    let all = 0..Language::LISTED.len();
    // The best is ahead of each other language by its own words.
    let lead = |one: usize| {
        all.clone()
            .filter(|&other| other != one)
            .map(|other| (counts.own(one, other), counts.own(other, one)))
            .min_by_key(|&(own, others)| own as isize - others as isize)
    };
    let (best, (own, others)) = all
        .clone()
        .filter_map(|one| Some((one, lead(one)?)))
        .max_by_key(|&(one, (own, others))| (own as isize - others as isize, std::cmp::Reverse(one)))?;
    let language = *Language::LISTED.get(best)?;
    let enough = match language {
        // What only Indonesian has is much of any Indonesian text; one word is enough where nothing speaks against it.
        Language::Indonesian => own > others,
        // Malay shares most of its words: in a short text one is much.
        Language::Malay if counts.words <= SHORT => own > 2 * others,
        Language::Malay => own >= FEWEST && own >= 2 * others && own * 20 >= counts.words,
        _ => own >= FEWEST && counts.words > 2 && own >= 2 * others && own * 8 >= counts.words,
    };
    enough.then_some(language)
}

fn other(text: &str) -> Option<Language> {
    if text.chars().filter(|c| c.is_alphabetic()).count() < MIN_LETTERS_FOR_OTHERS {
        return None;
    }
    let found = whatlang::detect(text).filter(whatlang::Info::is_reliable)?;
    match found.lang() {
        // What short Indonesian texts full of names are taken for, and what has a list.
        whatlang::Lang::Ind | whatlang::Lang::Jav | whatlang::Lang::Eng => None,
        lang => Some(Language::Other(lang.eng_name())),
    }
}

fn is_mostly_capitals(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (upper, all) =
        letters.fold((0, 0), |(upper, all), c| (upper + usize::from(c.is_uppercase()), all + 1));
    upper * 2 > all
}

/// The passages of `text` in languages that are not Indonesian: paragraphs, or only the quotations of paragraphs whose
/// other words are not in the same language. In order, disjoint.
pub fn passages(text: &str) -> Vec<(Range<usize>, Language)> {
    let foreign = |text: &str| identify(text).filter(|&language| language != Language::Indonesian);
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        // A mark without its counterpart may be an inch, or of another paragraph.
        let whole = quotations(line).into_iter().filter(|found| found.whole);
        let inner: Vec<Range<usize>> = whole.map(|found| found.range).collect();
        let quoted: Vec<(Range<usize>, Language)> = inner
            .iter()
            .filter_map(|range| {
                Some((start + range.start..start + range.end, foreign(line.get(range.clone())?)?))
            })
            .collect();
        match foreign(line) {
            Some(language) if quoted.is_empty() || foreign(&without(line, &inner)) == Some(language) => {
                let indent = line.len() - line.trim_start().len();
                found.push((start + indent..start + line.trim_end().len(), language));
            }
            _ => found.extend(quoted),
        }
        start += line.len();
    }
    found
}

/// `line` without `parts` of it, which are in order.
fn without(line: &str, parts: &[Range<usize>]) -> String {
    let starts = std::iter::once(0).chain(parts.iter().map(|part| part.end));
    let ends = parts.iter().map(|part| part.start).chain([line.len()]);
    starts.zip(ends).filter_map(|(start, end)| line.get(start..end)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_quotations_in_other_languages() {
        let text = "Ambon - Warga berkumpul pada Minggu.\n\"Wis suwe ora ana udan, sawahe garing,\" kata Paimin dalam bahasa \
                    Jawa.\nHe said that they had been waiting for the rain.\n“Hatur nuhun ka sadayana,” ujar Neneng.";
        let found: Vec<(&str, Language)> =
            passages(text).into_iter().map(|(range, language)| (&text[range], language)).collect();
        assert_eq!(
            found,
            [
                ("Wis suwe ora ana udan, sawahe garing,", Language::Javanese),
                ("He said that they had been waiting for the rain.", Language::English),
                ("Hatur nuhun ka sadayana,", Language::Sundanese),
            ]
        );
    }

    #[test]
    fn a_mark_that_opens_nothing_hides_no_quotation() {
        for text in [
            "Ban 17\" itu dibeli Paimin. \"Wis suwe ora ana udan,\" katanya.",
            "Kata Paimin:\"Wis suwe ora ana udan,\" lalu pergi.",
            "Kata Paimin,\"Wis suwe ora ana udan,\" lalu pergi.",
            "Kata Paimin: “Wis suwe ora ana udan,” lalu pergi.",
        ] {
            let found: Vec<(&str, Language)> =
                passages(text).into_iter().map(|(range, language)| (&text[range], language)).collect();
            assert_eq!(found, [("Wis suwe ora ana udan,", Language::Javanese)], "{text}");
        }
    }

    #[test]
    fn words_with_ke_or_se_before_u_are_no_sundanese() {
        for word in [
            "keuangan",
            "keuangannya",
            "keuntungan",
            "keunggulan",
            "keuskupan",
            "keunikan",
            "keutuhan",
            "keutamaan",
            "keuletan",
            "keumatan",
            "keusangan",
            "seusai",
            "seusainya",
            "seumur",
            "seumuran",
            "seusia",
            "seusianya",
            "seujung",
            "seutuhnya",
            "seutas",
            "seuntai",
            "seukuran",
            "seumpama",
            "seulas",
            "keunggulan-keunggulan",
            "seutuh-utuhnya",
        ] {
            assert_eq!(sign(word), INDONESIAN | MALAY, "{word}");
        }
        for word in ["reuni", "leukemia", "euforia", "terapeutik", "farmaseutikal", "eutanasia", "nukleus"] {
            assert_eq!(sign(word), 0, "{word}");
        }
        for word in [
            "keueung", "keukeuh", "keudah", "keuna", "keusik", "keuyeup", "keukeup", "seubeuh", "seukeut",
            "seungit", "seuri", "seunghap", "seuseut", "peuting", "teuing", "leuweung", "geura", "meuli",
            "heureuy", "reueus",
        ] {
            assert_eq!(sign(word), SUNDANESE, "{word}");
        }
    }

    #[test]
    fn lists_name_their_source_and_share_words() {
        assert_eq!(WORDS.get("yang"), Some(&0b11), "Indonesian and Malay");
        assert_eq!(WORDS.get("kerana"), Some(&0b10));
        for list in [include_str!("words/id.txt"), include_str!("words/bbc.txt")] {
            assert!(list.lines().take(2).all(|line| line.starts_with('#')));
        }
    }
}
