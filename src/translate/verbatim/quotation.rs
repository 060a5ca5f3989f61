//! Quotations that are not Indonesian: in a regional language, in English, in Arabic as Indonesians write it.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::{Kind, Piece};
use crate::lang::id::{entries, is_connective, is_starter};
use crate::lang::quotations::quotations;
use crate::part::Part;

/// Words of a language that are none of Indonesian, and common in speech.
static LANGUAGES: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut words: HashMap<&str, Vec<&str>> = HashMap::new();
    for line in entries(include_str!("../../lang/id/spoken_languages.txt")) {
        let mut line = line.split_whitespace();
        let Some(language) = line.next() else { continue };
        for word in line {
            words.entry(word).or_default().push(language);
        }
    }
    words
});

/// Words that only Indonesian has among the languages of the list, and hardly a sentence lacks.
const INDONESIAN: [&str; 58] = [
    "yang", "dan", "itu", "ini", "dengan", "untuk", "dari", "pada", "tidak", "akan", "adalah", "karena",
    "kami", "kita", "mereka", "saya", "anda", "juga", "dalam", "oleh", "sudah", "telah", "bisa", "dapat",
    "harus", "masih", "belum", "lebih", "seperti", "sebagai", "agar", "supaya", "tetapi", "tapi", "namun",
    "kalau", "jika", "bahwa", "saat", "ketika", "setelah", "sebelum", "hanya", "sangat", "jangan", "bukan",
    "tak", "nggak", "enggak", "gak", "aja", "saja", "gue", "lu", "banyak", "orang", "sekarang", "semua",
];

/// What people call out alone.
const GREETINGS: [&str; 12] = [
    "horas",
    "njuah-juah",
    "mejuah-juah",
    "punten",
    "nuhun",
    "suwun",
    "suksma",
    "ewako",
    "wilujeng",
    "sampurasun",
    "rampes",
    "assalamualaikum",
];

/// What stands in quotation marks, or is a whole sentence without any, and is another language for certain.
pub(super) fn foreign(text: &str) -> Vec<Piece> {
    let quotations = quotations(text);
    let piece = |range: Range<usize>, least: usize| {
        let inner = text.part(range.clone());
        let kind = language(inner, least)?;
        let kept = inner.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '.'));
        let start = range.start + inner.find(kept).unwrap_or(0);
        (!kept.is_empty()).then(|| Piece { range: start..start + kept.len(), kind })
    };
    if quotations.is_empty() {
        // The middle of a quotation of several sentences has no marks.
        return piece(0..text.len(), 3).into_iter().collect();
    }
    quotations.into_iter().filter_map(|found| piece(found.range, 2)).collect()
}

/// The kind of a text that is not Indonesian; `least` words of one language must be there, or a greeting be all of it.
fn language(text: &str, least: usize) -> Option<Kind> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’' | '-')))
        .map(|word| word.trim_matches(['\'', '’', '-']))
        .filter(|word| word.contains(char::is_alphabetic))
        .collect();
    let own =
        |word: &&&str| INDONESIAN.contains(word) || is_connective(word) && !LANGUAGES.contains_key(**word);
    let indonesian =
        words.iter().filter(own).count() + words.iter().filter(|word| is_starter(word)).count() / 2;
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for language in words.iter().filter_map(|word| LANGUAGES.get(word)).flatten() {
        match counts.iter_mut().find(|(name, _)| name == language) {
            Some((_, count)) => *count += 1,
            None => counts.push((language, 1)),
        }
    }
    let (name, count) = counts.into_iter().max_by_key(|&(_, count)| count)?;
    let whole = least < 3 && matches!(words.as_slice(), [word] if GREETINGS.contains(word));
    // Without quotation marks more must speak for it.
    let share = if least < 3 { 3 } else { 2 };
    let clear = count >= least && share * count >= words.len() && count > 2 * indonesian;
    let kind = if name == "english" { Kind::English } else { Kind::Foreign };
    (whole || clear).then_some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, Kind)> {
        foreign(text).into_iter().map(|piece| (piece.of(text), piece.kind)).collect()
    }

    #[test]
    fn knows_quotations_in_other_languages() {
        use Kind::{English, Foreign};
        for (text, expected, kind) in [
            (
                "\"Sawahe wis garing, banyune ora mili,\" kata Wagiyo.",
                "Sawahe wis garing, banyune ora mili",
                Foreign,
            ),
            ("Ia berseru, “Matur nuwun sanget, Pak.”", "Matur nuwun sanget, Pak", Foreign),
            (
                "\"Punten, abdi teu terang naon-naon,\" ujar Ceu Iroh.",
                "Punten, abdi teu terang naon-naon",
                Foreign,
            ),
            (
                "\"Horas! Mauliate ma di hamu sude,\" tutur Poltak.",
                "Horas! Mauliate ma di hamu sude",
                Foreign,
            ),
            ("\"Horas!\" teriak mereka.", "Horas!", Foreign),
            ("\"Ambo indak tau bana,\" kata Sutan.", "Ambo indak tau bana", Foreign),
            ("\"Tiang matur suksma,\" ujar Made.", "Tiang matur suksma", Foreign),
            (
                "\"We have never seen anything like this,\" kata turis itu.",
                "We have never seen anything like this",
                English,
            ),
            (
                "\"Inna lillahi wa inna ilaihi rajiun,\" ucapnya.",
                "Inna lillahi wa inna ilaihi rajiun",
                Foreign,
            ),
            // The first and the last sentence of a longer quotation, and one between them.
            (
                "\"Alhamdulillah, hasile apik tenan taun iki.",
                "Alhamdulillah, hasile apik tenan taun iki",
                Foreign,
            ),
            ("Wis suwe ora ngene iki,\" kata Suparti.", "Wis suwe ora ngene iki", Foreign),
            ("Nanging saiki wis ora ono maneh.", "Nanging saiki wis ora ono maneh", Foreign),
        ] {
            assert_eq!(found(text), [(expected, kind)], "{text}");
        }
    }

    #[test]
    fn indonesian_in_every_register_is_translated() {
        for text in [
            "\"Kami sudah lama menunggu jembatan ini,\" kata Sari.",
            "\"Gue nggak tahu, bro, pokoknya gitu aja,\" ujarnya.",
            "\"Ya, benar,\" kata dia.",
            "\"Matahari\" terbit, \"bulan\" tenggelam.",
            "\"Ora et labora\" menjadi semboyan sekolah itu karena mereka rajin.",
            "Album \"Dua Kota\" dan film \"Laut Utara\" diputar.",
            "Harga beras naik 12 persen sejak awal tahun.",
            "\"Mas Bagus itu orangnya baik banget, wong tiap hari bantu kita,\" tutur Sri.",
            "\"Sekarang semua orang bisa online kapan saja,\" katanya.",
            "Program \"smart city\" dibuka di Kota Tolo.",
            "",
            "\"\"",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn every_language_has_words_and_none_is_indonesian() {
        let languages: Vec<&str> = entries(include_str!("../../lang/id/spoken_languages.txt"))
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        assert!(
            languages.contains(&"javanese")
                && languages.contains(&"sundanese")
                && languages.contains(&"english")
        );
        for word in INDONESIAN {
            assert!(!LANGUAGES.contains_key(word), "{word}");
        }
    }
}
