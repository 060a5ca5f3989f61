//! What the English of a segment has and the source has not, or has less often: names, brackets.

use super::english::{split, start, English};
use super::lexicon;
use super::names;
use super::source::Source;
use crate::lang::english_words::{is_light, stem};

/// Names, acronyms among them, of which the source has nothing, as written in the English; each once. What may be the English of
/// a word of the source is none.
pub(super) fn names<'e>(source: &Source<'_>, english: &English<'e>) -> Vec<&'e str> {
    let known = Known::of(source);
    names::added(english.text, &parted(source.text), source.text, |word| known.explains(word))
}

/// A text in which words that a scraper glued together stand apart: `diRusia`.
fn parted(text: &str) -> String {
    let mut apart = String::with_capacity(text.len() + 8);
    let mut last = None;
    for c in text.chars() {
        if c.is_uppercase() && last.is_some_and(char::is_lowercase) {
            apart.push(' ');
        }
        apart.push(c);
        last = Some(c);
    }
    apart
}

/// Words that stand in the source as names, and in the English more often than there, with how often; each once.
pub(super) fn names_repeated<'e>(source: &Source<'_>, english: &English<'e>) -> Vec<&'e str> {
    let mut found: Vec<&str> = Vec::new();
    let lower = source.text.to_lowercase();
    // The English of names that are written otherwise in the source.
    let meant: Vec<Vec<String>> = source
        .listed()
        .iter()
        .map(|(_, english)| {
            english.iter().flat_map(|english| split(english)).map(|(_, word)| word.to_lowercase()).collect()
        })
        .collect();
    for word in english.words.iter().filter(|word| is_name_like(word.written) && !word.opens) {
        let there = source
            .words
            .iter()
            .filter(|other| other.is_capital() && bare(&other.lower) == word.lower)
            .count();
        if there == 0 {
            continue;
        }
        let here = english.words.iter().filter(|other| other.lower == word.lower).count();
        let meant = meant.iter().filter(|english| english.contains(&word.lower)).count();
        // A word of the source that is written apart with a hyphen, or in a longer one, is not counted.
        let anywhere = lower.matches(word.lower.as_str()).count();
        if here > (anywhere + meant).max(there) && !found.contains(&word.written) {
            found.push(word.written);
        }
    }
    found
}

fn bare(lower: &str) -> &str {
    ["-nya", "nya", "-lah", "lah"]
        .iter()
        .find_map(|clitic| lower.strip_suffix(clitic))
        .filter(|bare| bare.len() > 3)
        .unwrap_or(lower)
}

fn is_name_like(word: &str) -> bool {
    word.chars().count() > 3 && word.chars().next().is_some_and(char::is_uppercase)
}

/// What stands in brackets in the English, where the source has fewer brackets; as written, without the brackets.
pub(super) fn brackets<'e>(source: &str, english: &'e str) -> Vec<&'e str> {
    let (theirs, ours) = (bracketed(source), bracketed(english));
    if ours.len() <= theirs.len() {
        return Vec::new();
    }
    let lower = source.to_lowercase();
    let extra = ours.len() - theirs.len();
    // A date tells what stands in the source in digits or without brackets; its numbers are looked at as such.
    let added = |text: &&str| !lower.contains(&text.to_lowercase()) && !is_dated(text);
    ours.into_iter().filter(added).take(extra).collect()
}

/// Whether a text is a date: numbers with the name of a month or day.
fn is_dated(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    let number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    words.peek().is_some() && words.all(|word| number(word) || names::is_date(&word.to_lowercase()))
}

fn bracketed(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('(') {
        let Some((inside, behind)) = after.split_once(')') else { break };
        if inside.contains(char::is_alphanumeric) {
            found.push(inside);
        }
        rest = behind;
    }
    found
}

/// What English may call Indonesian.
const OF_THE_NATION: [&str; 5] = ["RI", "NKRI", "TNI", "Polri", "Nusantara"];

/// The English that the words of a source may have.
pub(super) struct Known {
    stems: lexicon::Senses,
    /// The beginnings of long stems.
    starts: lexicon::Senses,
}

impl Known {
    pub fn of(source: &Source<'_>) -> Self {
        let mut stems = lexicon::Senses::new();
        for word in &source.words {
            stems.insert(stem(&word.lower));
            let Some((senses, _)) = lexicon::senses(&word.lower) else { continue };
            stems.extend(senses.iter().flat_map(|sense| lexicon::near(sense)).cloned());
            stems.extend(senses);
        }
        for english in source.listed().iter().flat_map(|(_, english)| english) {
            let words: Vec<String> = split(english).map(|(_, word)| word.to_lowercase()).collect();
            stems.extend(words.iter().map(|word| stem(word)));
            // PDB is gross domestic product, and so GDP.
            let heavy = words.iter().filter(|word| !is_light(word)).filter_map(|word| word.chars().next());
            let initials: String = heavy.collect();
            if initials.chars().count() > 1 {
                stems.insert(stem(&initials));
            }
        }
        if source.words.iter().any(|word| OF_THE_NATION.contains(&word.written)) {
            stems.extend(["indonesia", "indonesian"].map(stem));
        }
        let starts = stems.iter().filter_map(|stem| start(stem)).collect();
        Known { stems, starts }
    }

    /// Whether a word may be the English of one in the source.
    pub fn explains(&self, word: &str) -> bool {
        let lower = word.to_lowercase();
        is_light(&lower)
            || self.stems.contains(&stem(&lower))
            || start(&stem(&lower)).is_some_and(|start| self.starts.contains(&start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [&str; 0] = [];

    #[test]
    fn finds_names_that_nothing_stands_for() {
        for (source, english, expected) in [
            ("Sari tiba di Ambon.", "Sari arrived in Ambon, Indonesia.", &["Indonesia"][..]),
            ("Menteri Kesehatan tiba.", "The Minister of Health arrived.", &NONE),
            ("Kementerian Perhubungan hadir.", "The Ministry of Transportation was there.", &NONE),
            ("Ia membuka rapat.", "He opened the CNN meeting with Joko Widodo.", &["CNN", "Joko Widodo"]),
            ("PDB naik.", "GDP rose.", &NONE),
            ("Warga Jepang itu pulang.", "The Japanese citizen went home.", &NONE),
            ("Hujan turun di Jawa Timur pada Senin.", "Rain fell in East Java on Monday.", &NONE),
        ] {
            assert_eq!(names(&Source::new(source, &[]), &English::new(english)), expected, "{english}");
        }
    }

    #[test]
    fn finds_names_said_more_often() {
        let source = Source::new("Budi bertemu Sari di Ambon.", &[]);
        let repeated = names_repeated(&source, &English::new("Budi met Sari in Ambon, the city of Ambon."));
        assert_eq!(repeated, ["Ambon"]);
        assert_eq!(names_repeated(&source, &English::new("Budi met Sari in Ambon.")), NONE);
    }

    #[test]
    fn finds_brackets_that_were_put_in() {
        assert_eq!(
            brackets("Petugas KPK datang.", "Officers of the KPK (anti-graft agency) came."),
            ["anti-graft agency"]
        );
        assert_eq!(brackets("Rapat (12/3) batal.", "The meeting (12 March) was cancelled."), NONE);
        assert_eq!(brackets("Rapat Senin, 12/3/2024.", "The meeting of Monday (12 March 2024)."), NONE);
        assert_eq!(brackets("a ) b (", "c ( d"), NONE);
    }
}
