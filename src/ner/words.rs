//! Cuts text into words, the units that carry labels, and ties them to the pieces of a tokenizer.
//!
//! The rules follow the annotated sets that the models are trained on: punctuation stands apart, while
//! reduplications (`anak-anak`), numbers (`1.000`, `21/2/2022`), addresses (`detik.com`), names with
//! apostrophes (`Jum'at`) and initials (`B.J.`) are one word. Two words that scraping glued together are cut where that is
//! certain (`glue`).

use std::ops::Range;

use crate::lang::id;

/// Byte ranges of the words of `text`, ordered and disjoint; between them lies only white space.
pub fn words(text: &str) -> Vec<Range<usize>> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let offset = |index: usize| chars.get(index).map_or(text.len(), |&(offset, _)| offset);
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(&(start, first)) = chars.get(at) {
        at += 1;
        if first.is_whitespace() {
            continue;
        }
        if is_part(first) {
            let (mut part, mut parts) = (start, 1);
            loop {
                while chars.get(at).is_some_and(|&(_, c)| is_part(c)) {
                    at += 1;
                }
                let (left, right) = text.split_at(offset(at));
                if !connects(left.get(part..).unwrap_or_default(), right) {
                    break;
                }
                at += 1;
                (part, parts) = (offset(at), parts + 1);
            }
            let cut = text.get(start..offset(at)).filter(|_| parts == 1).and_then(glue);
            if let Some(cut) = cut {
                words.push(start..start + cut);
                words.push(start + cut..offset(at));
                continue;
            }
            if ends_with_initial(text.get(start..).unwrap_or_default(), offset(at) - start) {
                at += 1;
            }
        }
        words.push(start..offset(at));
    }
    words
}

/// Letters that the word before a lost blank has at least, and the one behind it.
const GLUED_LETTERS: usize = 4;

/// Words that join, and end no name of a place.
const JOINING: [&str; 10] =
    ["dan", "dengan", "dari", "untuk", "yang", "pada", "akan", "telah", "adalah", "karena"];

/// Where a lost blank belongs in `word`, in bytes.
///
/// A capital behind a small letter is no sign of one by itself: names of products and firms are written like that
/// (`WhatsApp`, `BeritaSatu`). Certain are a verb of saying behind a capitalized word (`Timesmelaporkan`), what opens
/// sentences or is no part of such names behind the capital (`RondonPelatih`, `UdaraJepang`), a word that never ends one
/// before it (`padaSeptember`, `PresidenJoko`), and a place abroad before a word that joins (`Eropadan`).
pub(super) fn glue(word: &str) -> Option<usize> {
    let letters = |text: &str| text.chars().count();
    if word.starts_with(char::is_uppercase) {
        let head = id::reporting_verbs().find_map(|verb| word.strip_suffix(verb));
        if let Some(head) = head.filter(|head| letters(head) >= 3 && head.ends_with(char::is_alphabetic)) {
            return Some(head.len());
        }
        let place = JOINING.iter().find_map(|join| word.strip_suffix(join));
        if let Some(place) = place.filter(|place| letters(place) > GLUED_LETTERS && id::is_known_place(place))
        {
            return Some(place.len());
        }
    }
    let boundaries = word.char_indices().zip(word.chars().skip(1));
    let (cut, _) = boundaries.filter(|((_, a), b)| a.is_lowercase() && b.is_uppercase()).last()?.0;
    let cut = cut + word.get(cut..)?.chars().next()?.len_utf8();
    let (left, right) = word.split_at_checked(cut)?;
    let simple = right.chars().skip(1).all(char::is_lowercase);
    let opened = left.char_indices().rfind(|(_, c)| !c.is_lowercase()).map_or(0, |(at, _)| at);
    let last = left.get(opened..)?;
    let (before, after) = (last.to_lowercase(), right.to_lowercase());
    let opens = id::is_role(&after) || opens_sentence(&after) || id::is_nation_in_indonesian_only(right);
    let joins = left == before
        && id::is_connective(&before)
        && (letters(left) >= GLUED_LETTERS || ["di", "ke"].contains(&left));
    let ends = id::is_role(&before) && letters(last) > GLUED_LETTERS && letters(right) >= 3;
    let long = letters(last) >= GLUED_LETTERS && letters(right) >= GLUED_LETTERS;
    (simple && ((long && opens) || (joins && letters(right) >= 3) || ends)).then_some(cut)
}

/// Whether `lower` opens sentences and ends nothing: `menurut`, `setelah`, not `satu` or `pertama`, which names have too.
pub(super) fn opens_sentence(lower: &str) -> bool {
    id::is_starter(lower) && id::is_connective(lower) && lower.len() >= 6
}

fn is_part(c: char) -> bool {
    // Combining marks (U+0300 to U+036F) belong to the letter before them.
    c.is_alphanumeric() || c == '_' || ('\u{300}'..='\u{36f}').contains(&c)
}

/// Whether the mark that `right` starts with joins the part `left` before it to the part after it.
fn connects(left: &str, right: &str) -> bool {
    let mut following = right.chars();
    let Some(mark) = following.next() else { return false };
    let after = following.as_str();
    let (Some(last), Some(next)) = (left.chars().next_back(), after.chars().next().filter(|&c| is_part(c)))
    else {
        return false;
    };
    let digits = last.is_ascii_digit() && next.is_ascii_digit();
    match mark {
        '-' | '\u{2011}' => {
            let end = after.find(|c| !is_part(c)).unwrap_or(after.len());
            !two_names(left, after.get(..end).unwrap_or_default())
        }
        ',' | '/' | ':' => digits,
        // `Jakarta.Dia` is a lost blank, `S.Pd` and `detik.com` are not.
        '.' => digits || next.is_lowercase() || next.is_numeric() || left.chars().count() == 1,
        '\'' | '’' | '‘' | 'ʼ' | '`' | '&' => last.is_alphabetic() && next.is_alphabetic(),
        _ => false,
    }
}

/// Whether a hyphen stands between two names (`Prabowo-Hatta`, `Rusia-Ukraina`) and not inside one word
/// (`Bangsa-Bangsa`, `Al-Azhar`, `PDI-P`, `Covid-19`).
fn two_names(left: &str, right: &str) -> bool {
    let capital = |part: &str| part.chars().next().is_some_and(char::is_uppercase);
    let shouted = |part: &str| !part.chars().any(char::is_lowercase);
    let long = |part: &str, least: usize| part.chars().filter(|c| c.is_alphabetic()).count() >= least;
    capital(left)
        && capital(right)
        && left != right
        && !(shouted(left) && shouted(right))
        && long(left, if shouted(left) { 2 } else { 4 })
        && long(right, 2)
}

/// Whether the word of `length` bytes at the start of `text` is, or ends with, an initial whose dot follows: `M. Nasir`.
fn ends_with_initial(text: &str, length: usize) -> bool {
    let (word, rest) = text.split_at_checked(length).unwrap_or((text, ""));
    let Some(after) = rest.strip_prefix('.') else { return false };
    let initials = word.split('.').all(|part| {
        let mut letters = part.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
    });
    let name_follows = after.trim_start().chars().next().is_some_and(char::is_uppercase);
    initials && name_follows
}

/// For each word, the piece that speaks for it: the first of the pieces that belong to it.
///
/// A piece belongs to the first word with a letter or digit that it touches, else to the first word that it
/// touches: `(29` to the number, `).` to the bracket. A word that shares its only piece owns none.
/// `pieces` and `words` are ordered ranges of bytes of one text.
pub fn first_pieces(text: &str, words: &[Range<usize>], pieces: &[Range<usize>]) -> Vec<Option<usize>> {
    let mut first = vec![None; words.len()];
    let mut at = 0;
    for (index, piece) in pieces.iter().enumerate().filter(|(_, piece)| !piece.is_empty()) {
        while words.get(at + 1).is_some() && words.get(at).is_some_and(|word| word.end <= piece.start) {
            at += 1;
        }
        let touched = || {
            words
                .iter()
                .enumerate()
                .skip(at)
                .take_while(|(_, word)| word.start < piece.end)
                .filter(|(_, word)| word.end > piece.start)
        };
        let spoken = |word: &Range<usize>| {
            text.get(word.clone()).is_some_and(|word| word.chars().any(char::is_alphanumeric))
        };
        let owner = touched().find(|(_, word)| spoken(word)).or_else(|| touched().next());
        if let Some(slot) = owner.and_then(|(owner, _)| first.get_mut(owner)) {
            slot.get_or_insert(index);
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str) -> Vec<&str> {
        words(text).into_iter().map(|word| &text[word]).collect()
    }

    #[test]
    fn sets_punctuation_apart() {
        assert_eq!(
            cut("\"Ya,\" kata Budi (42)."),
            ["\"", "Ya", ",", "\"", "kata", "Budi", "(", "42", ")", "."]
        );
    }

    #[test]
    fn keeps_one_word_together() {
        for word in [
            "anak-anak",
            "Bangsa-Bangsa",
            "Covid-19",
            "PDI-P",
            "Al-Azhar",
            "ke-17",
            "1.000",
            "0,5",
            "21/2/2022",
            "18:35",
            "detik.com",
            "Liputan6.com",
            "Jum'at",
            "Ka’bah",
            "S.Pd",
            "R&B",
            "Cafe\u{301}",
            "B.J",
        ] {
            assert_eq!(cut(word), [word]);
        }
    }

    #[test]
    fn parts_two_names_at_their_hyphen() {
        assert_eq!(cut("Rusia-Ukraina"), ["Rusia", "-", "Ukraina"]);
        assert_eq!(cut("SBY-Budiono"), ["SBY", "-", "Budiono"]);
        assert_eq!(cut("pro-Rusia"), ["pro-Rusia"]);
    }

    #[test]
    fn parts_words_that_lost_their_blank() {
        for (glued, parts) in [
            (
                "Harian Angkatan UdaraJepang(ASDF)",
                vec!["Harian", "Angkatan", "Udara", "Jepang", "(", "ASDF", ")"],
            ),
            ("The Tolare Timesmelaporkan", vec!["The", "Tolare", "Times", "melaporkan"]),
            ("TVKmengatakan", vec!["TVK", "mengatakan"]),
            ("Eropadan", vec!["Eropa", "dan"]),
            ("Jepanguntuk", vec!["Jepang", "untuk"]),
            ("SuwandiPelatih", vec!["Suwandi", "Pelatih"]),
            ("PresidenRini", vec!["Presiden", "Rini"]),
            ("padaMaret", vec!["pada", "Maret"]),
            ("diTolare", vec!["di", "Tolare"]),
            ("TolareMenurut", vec!["Tolare", "Menurut"]),
        ] {
            assert_eq!(cut(glued), parts);
        }
    }

    #[test]
    fn keeps_names_with_capitals_inside() {
        for word in [
            "WhatsApp",
            "iPhone",
            "YouTube",
            "TikTok",
            "McDonald",
            "AirAsia",
            "AeroAsia",
            "PowerChina",
            "BeritaSatu",
            "KompasIndonesia",
            "TransJakarta",
            "LinkedIn",
            "detikNews",
            "eBay",
            "GoTo",
            "PoskotaNews",
            "Sudan",
            "Yordan",
            "Ramadan",
            "Romadan",
            "DiMaggio",
            "MacBook",
            "Melaporkan",
            "Dilaporkan",
            "mengatakan",
            "viaVallen",
            "PBBIndonesia",
            "McLaren",
            "pH",
            "kWh",
            "Rp",
        ] {
            assert_eq!(cut(word), [word]);
        }
    }

    #[test]
    fn parts_sentences_glued_at_the_full_stop() {
        assert_eq!(cut("di Jakarta.Dia pergi"), ["di", "Jakarta", ".", "Dia", "pergi"]);
    }

    #[test]
    fn keeps_the_dot_of_an_initial_before_a_name_only() {
        assert_eq!(
            cut("B.J. Habibi dan M. Rudi ke Grup B."),
            ["B.J.", "Habibi", "dan", "M.", "Rudi", "ke", "Grup", "B", "."]
        );
    }

    #[test]
    fn gives_each_word_its_first_piece() {
        let text = "Ia (29).";
        let words = words(text);
        // `Ia`, `(29`, `).`: the opening bracket shares its piece with the number, the full stop with the bracket.
        let first = first_pieces(text, &words, &[0..2, 3..6, 6..8]);
        assert_eq!(first, [Some(0), None, Some(1), Some(2), None]);
    }

    proptest! {
        #[test]
        fn covers_any_text(text in "\\PC*|[A-Za-z0-9 .,'’()/-]*") {
            let words = words(&text);
            let mut end = 0;
            for word in &words {
                prop_assert!(word.start < word.end && end <= word.start);
                prop_assert!(text[end..word.start].trim().is_empty());
                prop_assert!(!text[word.clone()].contains(char::is_whitespace));
                end = word.end;
            }
            prop_assert!(text[end..].trim().is_empty());
        }
    }
}
