//! What holds no language: pictures and files written as letters, words of hundreds of bytes, long runs of figures or signs.
//!
//! Models make nothing of it and take minutes over it. It reads as nothing, and the pipeline flags it. What is left alone: web
//! addresses of a usual length, words that lost the blanks between them, and scripts that have no blanks.

use std::borrow::Cow;
use std::ops::Range;

use super::layer::Replacement;
use crate::part::Part;

/// Longest word, in bytes. The longest words of Indonesian have some thirty letters.
const LONGEST_WORD: usize = 200;
/// Longest web address, and longest row of words without blanks, in bytes.
const LONGEST_ADDRESS: usize = 2_048;
/// Longest run of figures and signs, in bytes, blanks included.
const LONGEST_FIGURES: usize = 200;
/// Shortest address that holds its own data (`data:image/png;base64,…`).
const SHORTEST_DATA_ADDRESS: usize = 64;
/// Shortest line of a file that was written as letters and wrapped, in bytes; mail wraps at 76.
const SHORTEST_CODED_LINE: usize = 40;
/// Such lines, at least.
const FEWEST_CODED_LINES: usize = 3;
/// Longest of words that lost the blanks between them, in bytes.
const LONGEST_JOINED: usize = 40;

/// The parts of `text` that hold no language, as nothing.
pub(super) fn find(text: &str) -> Vec<Replacement> {
    let nothing = |source| Replacement { source, read: Cow::Borrowed(""), glued: false };
    ranges(text).into_iter().map(nothing).collect()
}

/// The parts of `text` that hold no language: ordered, disjoint, whole characters, none empty.
pub(crate) fn ranges(text: &str) -> Vec<Range<usize>> {
    let mut found = figures(text);
    let tokens = tokens(text);
    found.extend(tokens.iter().filter_map(|token| data_address(text, token).or_else(|| word(text, token))));
    found.extend(wrapped(text, &tokens));
    found.sort_unstable_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match joined.last_mut().filter(|last| range.start < last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => joined.push(range),
        }
    }
    joined
}

/// Runs without blanks, brackets and quotation marks.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let parts = |c: char| c.is_whitespace() || "<>\"'“”‘’«»()[]{}|".contains(c);
    let mut tokens = Vec::new();
    let mut start = 0;
    for (at, character) in text.char_indices().filter(|(_, c)| parts(*c)) {
        if start < at {
            tokens.push(start..at);
        }
        start = at + character.len_utf8();
    }
    if start < text.len() {
        tokens.push(start..text.len());
    }
    tokens
}

/// An address that holds its own data.
fn data_address(text: &str, token: &Range<usize>) -> Option<Range<usize>> {
    let word = text.get(token.clone()).filter(|word| word.len() >= SHORTEST_DATA_ADDRESS)?;
    let at = word.find("data:")?;
    let address = word.get(at..)?;
    let (kind, _) = address.strip_prefix("data:")?.split_once(',')?;
    let named = kind.is_empty() || kind.contains('/') || kind.contains(';');
    (named && kind.len() < 100 && address.len() >= SHORTEST_DATA_ADDRESS).then(|| token.start + at..token.end)
}

/// A word that is too long to be one.
fn word(text: &str, token: &Range<usize>) -> Option<Range<usize>> {
    let word = text.get(token.clone()).filter(|word| word.len() > LONGEST_WORD)?;
    // Parts of it in a script without blanks are as long as a sentence.
    let unspaced = word.chars().filter(|&c| is_unspaced(c)).map(char::len_utf8).sum::<usize>();
    let usual = word.len() <= LONGEST_ADDRESS
        && (word.contains("://") || word.starts_with("www.") || is_joined(word));
    (2 * unspaced < word.len() && !usual).then(|| token.clone())
}

/// Whether words stand in a row without blanks: `beras,gula,minyak`, `turun.Jalan`, `harga-beras-naik`.
fn is_joined(text: &str) -> bool {
    let mut words = (0, 0);
    for part in text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()) {
        if part.len() > LONGEST_JOINED {
            return false;
        }
        words.0 += 1;
        words.1 += usize::from(part.chars().count() > 1 && part.chars().all(char::is_alphabetic));
    }
    3 * words.1 >= 2 * words.0
}

/// Letters of scripts that write words without blanks between them.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' // Thai, Lao
        | '\u{0f00}'..='\u{109f}' // Tibetan, Burmese
        | '\u{1780}'..='\u{17ff}' // Khmer
        | '\u{1a00}'..='\u{1a1f}' // Buginese
        | '\u{1b00}'..='\u{1bff}' // Balinese, Sundanese, Batak
        | '\u{2e80}'..='\u{9fff}' // Chinese, Japanese
        | '\u{a980}'..='\u{a9df}' // Javanese
        | '\u{ac00}'..='\u{d7af}' // Korean
        | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9d}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Runs of figures and signs within a line.
fn figures(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut end_run = |start: usize, end: usize| {
        let run = text.part(start..end);
        let (head, bare) = (run.len() - run.trim_start().len(), run.trim());
        if bare.len() > LONGEST_FIGURES {
            found.push(start + head..start + head + bare.len());
        }
    };
    for (at, character) in text.char_indices().filter(|(_, c)| c.is_alphabetic() || *c == '\n') {
        end_run(start, at);
        start = at + character.len_utf8();
    }
    end_run(start, text.len());
    found
}

/// Files that were written as letters and wrapped, as mail has them: several lines without a blank, one below the other.
fn wrapped(text: &str, tokens: &[Range<usize>]) -> Vec<Range<usize>> {
    let coded = |token: &Range<usize>| {
        let word = text.part(token.clone());
        word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)).then_some(word)
    };
    let line = |token: &Range<usize>| coded(token).is_some_and(|word| word.len() >= SHORTEST_CODED_LINE);
    let blank = |from: usize, to: usize| text.get(from..to).is_some_and(|gap| gap.trim().is_empty());
    let mut found = Vec::new();
    let mut rest = tokens;
    while let Some(first) = rest.iter().position(line) {
        rest = rest.part(first..);
        let follows = |pair: &[Range<usize>]| match pair {
            [one, next] => line(next) && blank(one.end, next.start),
            _ => false,
        };
        let count = 1 + rest.windows(2).take_while(|pair| follows(pair)).count();
        let (lines, behind) = rest.split_at(count);
        rest = behind;
        let (Some(first), Some(last), true) = (lines.first(), lines.last(), count >= FEWEST_CODED_LINES)
        else {
            continue;
        };
        // The last line is as long as it happens to be.
        let ends = |token: &&Range<usize>| {
            let word = coded(token).unwrap_or_default();
            let code =
                word.ends_with('=') || (word.len() >= 8 && word.contains(|c: char| c.is_ascii_digit()));
            code && blank(last.end, token.start)
        };
        found.push(first.start..behind.first().filter(ends).unwrap_or(last).end);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<&str> {
        ranges(text).into_iter().map(|range| &text[range]).collect()
    }

    /// Letters as base64 has them.
    fn coded(bytes: usize) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut state = 7_u32;
        let mut next = || {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            char::from(LETTERS[(state >> 16) as usize % LETTERS.len()])
        };
        (0..bytes).map(|_| next()).collect()
    }

    #[test]
    fn knows_what_holds_no_language() {
        let picture = format!("data:image/png;base64,{}", coded(10_000));
        let lines: Vec<String> =
            coded(760).as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into()).collect();
        let mail = format!("{}\r\nAb1=", lines.join("\r\n"));
        for data in [
            picture,
            "data:,Angin%20reda%20di%20pelabuhan%20Tenau%20pada%20hari%20Senin%20pagi%20ini".to_owned(),
            "data:text/plain;charset=utf-8,Angin%20reda%20di%20pelabuhan%20Tenau%20pagi".to_owned(),
            mail,
            coded(4_000),
            "ff00c3".repeat(100),
            "wk".repeat(150),
            "x".repeat(1_000_000),
            "é".repeat(300),
            "3.".repeat(110),
            "12. 7, ".repeat(60).trim().to_owned(),
            "=".repeat(500),
            "😂".repeat(90),
            "1\u{a0}234,5\t".repeat(40).trim().to_owned(),
            "a.1.".repeat(80),
            format!("https://tolo.example/{}", "a".repeat(3_000)),
            "beras,gula,".repeat(300),
        ] {
            assert_eq!(found(&data), [data.as_str()], "{data:.80}");
            let text = format!("Angin reda.\n{data}\nKata Ruth, \"ya\".");
            assert_eq!(found(&text), [data.as_str()], "{data:.80}");
        }
        let tag = format!("<img src=\"data:image/gif;base64,{}\" alt=\"Kapal\">", coded(90));
        assert_eq!(found(&tag), [format!("data:image/gif;base64,{}", coded(90))]);
    }

    #[test]
    fn leaves_language_alone() {
        for text in [
            "",
            "Hujan turun sejak pagi di Kota Tolo, kata Ruth.",
            &format!("https://warta.tolo.example/{}?ref=beranda", "arsip/".repeat(150)),
            &format!("www.tolo.example/{}", "kapal-".repeat(60)),
            &"beras,gula,minyak,".repeat(20),
            &"turun.Jalan-banjir.".repeat(20),
            &"雨が降っています。".repeat(60),
            &"ฝนตกหนักในเมือง".repeat(40),
            &"ꦱꦼꦭꦩꦠ꧀".repeat(30),
            "0812-0000-1111, 0813-0000-2222, (0370) 612345, 0814-0000-3333",
            "| 1 | 2 | 3 |\n| 4 | 5 | 6 |\n".repeat(20).as_str(),
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "data:image adalah awal sebuah alamat; data: satu, dua, tiga.",
            &"Aa1".repeat(60),
            "Rp 1.000, Rp 2.000, Rp 3.000, ".repeat(20).as_str(),
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_word_of_exactly_the_limit_stays() {
        for (unit, longest) in [("x", LONGEST_WORD), ("1", LONGEST_FIGURES)] {
            assert_eq!(found(&unit.repeat(longest)), [""; 0]);
            assert_eq!(found(&unit.repeat(longest + 1)).len(), 1);
        }
    }

    proptest! {
        #[test]
        fn ranges_are_ordered_whole_and_not_empty(
            parts in prop::collection::vec(("\\PC{0,9}|[a-z]|[0-9.]|é|[A-Za-z0-9+/]{60}|\n|data:image/png;base64,|雨", 1_usize..130), 0..12),
        ) {
            let text: String = parts.iter().map(|(part, times)| part.repeat(*times)).collect();
            let mut end = 0;
            for range in ranges(&text) {
                prop_assert!(end <= range.start && range.start < range.end, "{:?}", range);
                prop_assert!(text.get(range.clone()).is_some());
                end = range.end;
            }
        }
    }
}
