//! Indonesian that was left in the English.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::english::English;
use super::lexicon;
use super::source::Source;

/// Shorter words are the same in many languages by chance.
const SHORTEST: usize = 4;

/// Words of offices and institutions that English translates; with a capital they would pass for names.
static TRANSLATED: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    "kementerian menteri dinas badan kepala ketua wakil gubernur presiden direktur universitas komisi majelis mahkamah kejaksaan \
     pengadilan kepolisian provinsi kabupaten kecamatan kelurahan undang-undang peraturan sekretaris bendahara anggota hakim jaksa \
     pemerintah negara republik rumah sakit jenderal kolonel kapten mayor letnan bandara pelabuhan stasiun jembatan sekolah dewan \
     perwakilan rakyat panglima tentara nasional duta besar kantor staf fakultas institut lembaga balai bidang bagian yayasan \
     masyarakat warga tahun hari jumlah nomor surat pasal partai kampanye pemilu pilkada piala juara babak sungai gunung pantai \
     perusahaan pabrik pasar"
        .split_whitespace()
        .collect()
});

/// Those of them that may stay in the English of a name: Pasar Minggu, Gunung Kidul, Bank Rakyat Indonesia.
const IN_NAMES: [&str; 12] = [
    "balai", "bagian", "bidang", "gunung", "hari", "jembatan", "nasional", "pantai", "pasar", "rakyat",
    "sungai", "tahun",
];

/// Titles of persons that English keeps.
const HONORIFICS: [&str; 13] = [
    "haji", "hajah", "ustaz", "ustadz", "ustazah", "kiai", "kyai", "habib", "gus", "raden", "sultan",
    "tuanku", "buya",
];

/// What stands before the name of a street, and behind it in English.
const STREETS: [&str; 7] = ["jalan", "jl", "jln", "gang", "street", "road", "avenue"];

/// Whether a word of the English belongs to the name of a street: `Jalan Jenderal Sudirman`, `Jenderal Sudirman Street`.
fn in_street(english: &English<'_>, at: usize) -> bool {
    let capital = |word: &super::english::Word<'_>| word.written.starts_with(char::is_uppercase);
    let before = english.words.get(..=at).into_iter().flatten().rev().take_while(|word| capital(word));
    let behind = english.words.get(at..).into_iter().flatten().take_while(|word| capital(word));
    before.chain(behind).any(|word| STREETS.contains(&word.lower.as_str()))
}

/// Indonesian words of the English, as written there; each once: all that are in the dictionary and no English. With a capital they
/// may be part of a name; then only those of offices and institutions. Titles in quotation marks may stay as they are, and so may names of
/// streets and what persons are called by.
pub(super) fn words<'e>(source: &Source<'_>, english: &English<'e>) -> Vec<&'e str> {
    let mut found: Vec<&str> = Vec::new();
    let shouts = !english.text.contains(char::is_lowercase);
    let titles = super::titles(english.text, source.text);
    for (at, word) in english.words.iter().enumerate() {
        let long = word.lower.chars().count() >= SHORTEST;
        if !long || found.contains(&word.written) || lexicon::is_english(&word.lower) {
            continue;
        }
        if titles.iter().any(|title| title.contains(&word.start)) {
            continue;
        }
        let Some(from) = source.words.iter().find(|other| other.lower == word.lower) else { continue };
        if from.in_person {
            continue;
        }
        let capital = word.written.chars().next().is_some_and(char::is_uppercase);
        let left = match capital && !shouts {
            true => {
                let plain = !from.in_name && lexicon::is_indonesian(&word.lower);
                let translated = TRANSLATED.contains(word.lower.as_str());
                let kept = || HONORIFICS.contains(&word.lower.as_str()) || in_street(english, at);
                (plain || translated && !(from.in_name && IN_NAMES.contains(&word.lower.as_str()))) && !kept()
            }
            false => lexicon::is_indonesian(&word.lower),
        };
        if left {
            found.push(word.written);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_left() {
        for (source, english, expected) in [
            ("Warga membangun jembatan baru.", "Residents built a new jembatan.", &["jembatan"][..]),
            ("Warga membangun jembatan baru.", "Residents built a new bridge.", &[]),
            ("Kepala Dinas Sosial hadir.", "The head of the Dinas Sosial was there.", &["Dinas", "Sosial"]),
            ("Ia bertani di Negeri Kincir Angin.", "He farms in Negeri Kincir.", &["Negeri", "Kincir"]),
            ("Program bank itu dibuka.", "The bank's program was opened.", &[]),
            ("Harganya 500 rupiah.", "It cost 500 rupiah.", &[]),
            ("HARGA BERAS NAIK", "HARGA RICE RISES", &["HARGA"]),
            ("Lagu \"Hujan di Jembatan\" diputar.", "The song \"Hujan di Jembatan\" was played.", &[]),
            ("\"Hujan di Jembatan,\" katanya.", "\"Hujan on the bridge,\" he said.", &["Hujan"]),
            ("Kios di Jalan Jenderal Sudirman.", "A kiosk on Jalan Jenderal Sudirman.", &[]),
            ("Kios di Jalan Jenderal Sudirman.", "A kiosk on Jenderal Sudirman Street.", &[]),
            ("Ceramah Haji Tolare ramai.", "The sermon of Haji Tolare was busy.", &[]),
            ("Rapat Jenderal Tolare ramai.", "The meeting of Jenderal Tolare was busy.", &["Jenderal"]),
        ] {
            assert_eq!(words(&Source::new(source, &[]), &English::new(english)), expected, "{english}");
        }
    }

    #[test]
    fn what_belongs_to_a_name_may_stay() {
        use crate::document::Label::{Loc, Org, Per};
        for (name, label) in [("Hari Santoso", Per), ("Pasar Minggu", Loc), ("Bank Rakyat Lumbira", Org)] {
            let (source, english) = (format!("{name} ramai."), format!("{name} was busy."));
            let source = Source::new(&source, &[(name, label)]);
            assert_eq!(words(&source, &English::new(&english)), [""; 0], "{name}");
        }
        let source = Source::new("Dinas Sosial hadir.", &[("Dinas Sosial", Org)]);
        assert_eq!(words(&source, &English::new("The Dinas was there.")), ["Dinas"]);
    }
}
