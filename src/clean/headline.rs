//! Where the headline of a related article ends when nothing marks its end but its capitals.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::rules::entries;
use crate::lang::id::is_starter;
use crate::part::Part;

/// Longest headline in bytes; what is longer is no headline.
pub(super) const LONGEST: usize = 220;

/// Words that a headline writes small.
static SMALL_WORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| entries(include_str!("../lang/id/boilerplate_small_words.txt")).collect());

/// Names with a capital inside; elsewhere such a capital shows that two texts were glued together.
static INNER_CAPITALS: LazyLock<Vec<&str>> =
    LazyLock::new(|| entries(include_str!("../lang/id/boilerplate_inner_capitals.txt")).collect());

/// Byte length of the headline at the start of `rest`, of which only the first line counts, or `None` where
/// its end is a guess: then nothing but the marker before it may go. `rest` may be cut off after twice
/// [`LONGEST`] bytes.
///
/// A headline has capitals in all words but the small ones, and ends with the line, with a question or
/// exclamation mark, before other boilerplate, where the next sentence is glued to it, or before a word that
/// opens sentences.
pub(super) fn headline_len(rest: &str) -> Option<usize> {
    let line = rest.split('\n').next().unwrap_or_default().trim_end();
    let indent = line.len() - line.trim_start().len();
    let until = |end: usize| line.get(..end).map(|head| head.trim_end().len());
    let mut count = 0;
    let mut last = (0, "");
    let (mut quotation, mut question) = (None, None);
    for (start, word) in words(line) {
        if start - indent > LONGEST {
            return question;
        }
        // The number of a list item: the headline before it is complete.
        let numbered = count > 2 && word.strip_suffix('.').is_some_and(|n| n.parse::<u8>().is_ok());
        if numbered || count > 1 && starts_boilerplate(line.part(start..)) {
            return until(quotation.unwrap_or(start));
        }
        if let Some(glue) = glue(word) {
            let head = word.part(..glue);
            return (is_title_word(head) && count > 1).then_some(quotation.unwrap_or(start + glue));
        }
        if !is_title_word(word) {
            // Here the next sentence is under way. It began after a question mark, with its quotation, or with
            // a word that opens sentences; else nobody knows which of the capitals before are its own.
            let (at, opener) = last;
            let opener = opener.trim_end_matches(',').to_lowercase();
            let began = quotation.or_else(|| is_starter(&opener).then_some(at));
            return question.or_else(|| began.filter(|_| count > 3).and_then(until));
        }
        count += 1;
        let bare = word.trim_end_matches(['"', '”', '\'', '’', ')']);
        if word.starts_with(['"', '“']) {
            quotation = Some(start);
        }
        if word.ends_with(['"', '”']) || bare != word && word.contains(['"', '”']) {
            quotation = None;
        }
        if count > 2 && quotation.is_none() && bare.ends_with(['?', '!', '…']) {
            question = question.or(Some(start + word.len()));
        }
        if word.starts_with(char::is_uppercase) {
            last = (start, word);
        }
    }
    (count > 0 && line.len() - indent <= LONGEST).then_some(quotation.unwrap_or(line.len()))
}

/// Whether `line` as a whole reads like a headline: capitals throughout, some words, no full stop.
pub(super) fn is_headline(line: &str) -> bool {
    let line = line.trim();
    let count = words(line).count();
    (3..=30).contains(&count)
        && line.len() <= LONGEST
        && !line.ends_with(['.', ':', ','])
        && line.starts_with(|first: char| !first.is_lowercase())
        && words(line).all(|(_, word)| is_title_word(word))
}

/// The words of `line` with their offsets.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let base = line.as_ptr() as usize;
    line.split_whitespace().map(move |word| (word.as_ptr() as usize - base, word))
}

fn is_title_word(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    match bare.chars().next() {
        Some(first) if first.is_lowercase() => {
            SMALL_WORDS.contains(bare) || INNER_CAPITALS.iter().any(|name| bare.starts_with(name))
        }
        _ => true,
    }
}

/// Where another sentence is glued to the end of a headline's last word: `LahadaliaPresiden`, `Lagi"Kami`.
fn glue(word: &str) -> Option<usize> {
    let mut cut = None;
    let mut chars = word.char_indices().peekable();
    let mut before = None;
    while let Some((at, current)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        let opens = matches!(current, '"' | '“' | '‘') && next.is_some_and(char::is_uppercase);
        let after_word = before.is_some_and(|c: char| c.is_lowercase() || matches!(c, '?' | '!' | '+' | '%'));
        let starts = current.is_uppercase() && next.is_none_or(char::is_lowercase);
        if after_word && (opens || starts) {
            cut = Some(at);
            break;
        }
        before = Some(current);
    }
    cut.filter(|_| !INNER_CAPITALS.iter().any(|name| word.contains(name)))
}

/// Whether other boilerplate begins here: a player, another link, initials of the editors.
fn starts_boilerplate(rest: &str) -> bool {
    const MARKERS: &[&str] = &[
        "[Gambas",
        "Baca juga:",
        "Baca Juga:",
        "Video:",
        "Simak Video",
        "Simak juga",
        "Lihat juga",
        "Tonton juga",
        "Foto/",
    ];
    let initials = || {
        let inner = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(inner, _)| inner);
        inner.is_some_and(|inner| {
            inner.len() <= 9
                && inner.contains('/')
                && inner.split('/').all(|one| one.starts_with(char::is_alphabetic))
        })
    };
    MARKERS.iter().any(|marker| rest.starts_with(marker)) || initials()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_where_the_end_is_certain() {
        for (rest, headline) in [
            (
                " Warga Ambon Panen Cengkih di Musim Hujan\nHarga naik.",
                " Warga Ambon Panen Cengkih di Musim Hujan",
            ),
            (
                " Harga Cabai Naik Lagi, Apa Sebabnya? Pedagang mengeluh.",
                " Harga Cabai Naik Lagi, Apa Sebabnya?",
            ),
            (" Bupati Buka Pasar Malam di AlunWarga datang.", " Bupati Buka Pasar Malam di Alun"),
            (" Bupati Buka Pasar Malam\"Silakan datang,\" katanya.", " Bupati Buka Pasar Malam"),
            (
                " Bupati Buka Pasar Malam di Kota Lama Menurut warga, itu baik.",
                " Bupati Buka Pasar Malam di Kota Lama",
            ),
            (
                " Bupati Buka Pasar Malam di Kota \"Kami senang,\" katanya.",
                " Bupati Buka Pasar Malam di Kota",
            ),
            (" Bupati Buka Pasar Malam (abc/def) pasar malam", " Bupati Buka Pasar Malam"),
            (" Apa Itu Cengkih? Begini Cara Memanennya\nlain", " Apa Itu Cengkih? Begini Cara Memanennya"),
            (" Panen Cengkih di Ambon \"Mulai Minggu (8/3/2026) kami", " Panen Cengkih di Ambon"),
            (" Cara Baru Menonton YouTube di Kereta\nlain", " Cara Baru Menonton YouTube di Kereta"),
        ] {
            assert_eq!(headline_len(rest).map(|len| &rest[..len]), Some(headline), "{rest}");
        }
    }

    #[test]
    fn does_not_guess() {
        for rest in [
            " Bupati Buka Pasar Malam di Kota Lama Pedagang Kecil bersyukur atas pasar itu.",
            " panen cengkih di Ambon dimulai hari ini.",
            "",
        ] {
            assert_eq!(headline_len(rest), None, "{rest}");
        }
    }

    #[test]
    fn tells_a_headline_from_a_sentence() {
        assert!(is_headline("50 Bus Tua Terbakar di Garasi, Diduga akibat Percikan Las"));
        assert!(!is_headline("Camat setempat, Budi Santoso, membenarkan kabar itu"));
        assert!(!is_headline("Hujan Deras."));
    }
}
