//! What the words right around a name tell of its bearer: an age, that somebody is introduced by it, that it is a street's.

use super::cluster::is_title;
use crate::document::Span;
use crate::lang::id::names;

/// Bytes before a name that are read to see what it is.
const REACH: usize = 200;

/// The age in brackets right behind a name: 25 of `Andi (25)`, `Andi (25 tahun)`, `Andi (25, warga Garut)`.
pub(super) fn age_behind(text: &str, name: Span) -> Option<u8> {
    let inside = text.get(name.end()..)?.trim_start_matches(is_blank).strip_prefix('(')?.trim_start();
    let (number, rest) = inside.split_at_checked(inside.find(|c: char| !c.is_ascii_digit())?)?;
    let rest = rest.trim_start();
    let rest = ["tahun", "thn", "th"].iter().find_map(|unit| rest.strip_prefix(unit)).unwrap_or(rest);
    let rest = rest.trim_start_matches('.').trim_start();
    let age = number.parse().ok().filter(|age| (1..=120).contains(age))?;
    (rest.starts_with(')') || rest.starts_with(", ")).then_some(age)
}

/// Whether the word before a name says that somebody bears it who was not known before: `bernama Andi`, with an age behind it also
/// `korban Andi (25)`.
pub(super) fn is_introduced(text: &str, name: Span) -> bool {
    words_before(text, name).next().is_some_and(|word| {
        let word = word.trim_end_matches(',').to_lowercase();
        word == "bernama" || (names::introduces_person(&word) && age_behind(text, name).is_some())
    })
}

/// Whether a name that is a nation's as well is a person's here: an age stands behind it, or a word before it or before the list
/// of initials that it stands in speaks of a person (`korban Oman`, `tersangka berinisial AS dan RI`).
pub(super) fn is_told_as_person(text: &str, name: Span) -> bool {
    if age_behind(text, name).is_some() {
        return true;
    }
    for word in words_before(text, name) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if word.ends_with(['.', '!', '?']) {
            return false;
        }
        if names::introduces_person(&bare.to_lowercase()) {
            return true;
        }
        let initials = bare.len() <= 3 && bare.chars().all(|c| c.is_uppercase() || c.is_ascii_digit());
        if !initials && !["dan", "serta", "tahun"].contains(&bare) {
            return false;
        }
    }
    false
}

/// Whether a street, a hall or the like is named by it: `Jalan Slamet Riyadi`, `Jl. Jenderal Sudirman`.
pub(super) fn names_a_site(text: &str, name: Span) -> bool {
    let mut rest = before(text, name);
    loop {
        let before = rest.trim_end_matches(is_blank);
        if before.len() == rest.len() {
            return false;
        }
        let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        let bare = word.trim_start_matches(|c: char| !c.is_alphanumeric()).trim_end_matches('.');
        if bare.starts_with(char::is_uppercase) && names::is_site(&bare.to_lowercase()) {
            return true;
        }
        if !is_title(word) {
            return false;
        }
        rest = before.strip_suffix(word).unwrap_or_default();
    }
}

/// The words before a name in its line, the nearest first, with their marks.
fn words_before(text: &str, name: Span) -> impl Iterator<Item = &str> {
    let line = before(text, name).rsplit('\n').next().unwrap_or_default();
    line.rsplit(char::is_whitespace).filter(|word| !word.is_empty())
}

/// The text before a name, as far as it is read.
pub(super) fn before(text: &str, name: Span) -> &str {
    let near = name.start().saturating_sub(REACH)..=name.start();
    let from = near.into_iter().find(|&at| text.is_char_boundary(at));
    from.and_then(|from| text.get(from..name.start())).unwrap_or_default()
}

fn is_blank(c: char) -> bool {
    c == ' ' || c == '\u{a0}'
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place of the name in brackets `[…]`, and the text without them.
    fn marked(text: &str) -> (String, Span) {
        let (before, rest) = text.split_once('[').unwrap();
        let (name, after) = rest.split_once(']').unwrap();
        let text = format!("{before}{name}{after}");
        let span = Span::new(&text, before.len(), before.len() + name.len()).unwrap();
        (text, span)
    }

    #[test]
    fn reads_an_age_in_brackets() {
        for (text, age) in [
            ("[Andi] (25) tiba", Some(25)),
            ("[Andi] (7 tahun)", Some(7)),
            ("[Andi] (25 thn.)", Some(25)),
            ("[Andi] ( 25, warga Garut)", Some(25)),
            ("[Andi] (22/5)", None),
            ("[Andi] (1998)", None),
            ("[Andi] (0)", None),
            ("[Andi] (25%)", None),
            ("[Andi] (3,5 juta)", None),
            ("[Andi] (25", None),
            ("[Andi], (25)", None),
            ("[Andi] (PM)", None),
            ("[Andi]", None),
        ] {
            let (text, span) = marked(text);
            assert_eq!(age_behind(&text, span), age, "{text}");
        }
    }

    #[test]
    fn knows_who_is_told_as_a_person() {
        for text in [
            "tersangka berinisial [AS] dan",
            "berinisial AS (28) dan [RI] (31)",
            "berinisial AS, RS, dan [RI] ditangkap",
            "Petani itu, [Oman] (45), panen",
            "seorang warga bernama [Oman]",
            "Korban [Iran] dirawat",
        ] {
            let (text, span) = marked(text);
            assert!(is_told_as_person(&text, span), "{text}");
        }
        for text in [
            "pemerintah [AS] menolak",
            "[AS] menolak",
            "Polisi mencari pelaku. [AS] menolak",
            "Polisi Tangkap Pelaku\n[AS] menolak",
            "Kapal dari Garut dan [Oman]",
            "antara RI dan [AS] (22/5)",
            "para korban di [Iran]",
        ] {
            let (text, span) = marked(text);
            assert!(!is_told_as_person(&text, span), "{text}");
        }
    }

    #[test]
    fn knows_streets_and_halls() {
        for text in [
            "Jalan [Slamet Riyadi] ditutup",
            "di Jl. [Slamet Riyadi]",
            "(Jl. Jenderal [Sudirman])",
            "di Stadion [Manahan]",
            "ke RSUD dr. [Slamet]",
        ] {
            let (text, span) = marked(text);
            assert!(names_a_site(&text, span), "{text}");
        }
        for text in [
            "[Slamet Riyadi] tiba",
            "membuka jalan [Slamet]",
            "Ketua RT 04, [Slamet Riyadi]",
            "Jalan, [Slamet]",
            "Penutupan Jalan\n[Slamet] tiba",
            "Jenderal [Sudirman]",
        ] {
            let (text, span) = marked(text);
            assert!(!names_a_site(&text, span), "{text}");
        }
    }
}
