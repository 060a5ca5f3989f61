//! Cuts text into words, the units that carry labels.
//!
//! The rules follow the annotated sets that the models are trained on: punctuation stands apart, while
//! reduplications (`anak-anak`), numbers (`1.000`, `21/2/2022`), addresses (`detik.com`), names with
//! apostrophes (`Jum'at`) and initials (`B.J.`) are one word. Two words that scraping glued together are cut where that is
//! certain ([`lost_blank`]).

use std::ops::Range;

use crate::part::Part;
use crate::reading::lost_blank;

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
                if !connects(left.part(part..), right) {
                    break;
                }
                at += 1;
                (part, parts) = (offset(at), parts + 1);
            }
            let cut = text.get(start..offset(at)).filter(|_| parts == 1).and_then(lost_blank);
            if let Some(cut) = cut {
                words.push(start..start + cut);
                words.push(start + cut..offset(at));
                continue;
            }
            if ends_with_initial(text.part(start..), offset(at) - start) {
                at += 1;
            }
        }
        words.push(start..offset(at));
    }
    words
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
            !two_names(left, after.part(..end))
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
