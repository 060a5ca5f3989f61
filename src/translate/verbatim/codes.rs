//! Telephone numbers and codes.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Kind;
use crate::part::Part;
use crate::text::pattern;

static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"\+\d{1,3}[ -]?(?:\(\d{1,4}\)[ -]?)?\d{2,4}(?:[ -]?\d{2,5}){1,4}\b|",
        r"\(0\d{2,3}\)[ -]?\d{3,8}(?:[ -]\d{2,5})?\b|",
        r"\b0\d{2,3}[ -]\d{3,4}[ -]\d{3,5}(?:[ -]\d{2,4})?\b|",
        r"\b0\d{2,3}[ -]\d{5,8}\b|\b08\d{8,11}\b|\b1[45]00[ -]?\d{3}\b|\b0800[ -]\d[ -]?\d{3}[ -]?\d{3}\b"
    ))
});
static UUID: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"));
static ISBN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\bISBN(?:-1[03])?:? ?((?:97[89][ -]?)?\d[\d -]{7,14}[\dX])\b"));
static PLATE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[A-Z]{1,2} \d{1,4} [A-Z]{1,3}\b"));
/// Letters and digits with marks between them, or both in one.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[A-Za-z0-9]+(?:[-/._:][A-Za-z0-9]+)*\b"));

/// Tells `add` of telephone numbers and codes; some may overlap.
pub(super) fn find(text: &str, add: &mut impl FnMut(Range<usize>, Kind)) {
    for phone in PHONE.find_iter(text) {
        let digits = phone.as_str().chars().filter(char::is_ascii_digit).count();
        let before = text.part(..phone.start());
        // `Rp 0812…`, `1.0812 …`: a number goes on.
        let free = !before.ends_with(|c: char| c.is_alphanumeric() || ".,/-".contains(c));
        if free && (6..=15).contains(&digits) {
            add(phone.range(), Kind::Phone);
        }
    }
    for uuid in UUID.find_iter(text) {
        add(uuid.range(), Kind::Code);
    }
    for isbn in ISBN.captures_iter(text).filter_map(|found| found.get(1)) {
        add(isbn.range(), Kind::Code);
    }
    // In a headline in capitals `KE 3 RT` is no number plate.
    if text.contains(char::is_lowercase) {
        for plate in PLATE.find_iter(text) {
            add(plate.range(), Kind::Code);
        }
    }
    for token in TOKEN.find_iter(text).filter(|token| is_code(token.as_str())) {
        add(token.range(), Kind::Code);
    }
}

/// Whether a word is a code: hexadecimal, a long number, letters and digits with marks as in `AB-123/X`. What people say as a
/// word is none: Covid-19, F-16, RT 05/RW 02, Rp2.500/kg.
fn is_code(token: &str) -> bool {
    let parts: Vec<&str> = token.split(['-', '/', '.', '_', ':']).collect();
    let digits = token.chars().filter(char::is_ascii_digit).count();
    let capitals = token.chars().filter(char::is_ascii_uppercase).count();
    let letters = token.chars().filter(char::is_ascii_alphabetic).count();
    if digits == 0 {
        return false;
    }
    if let [whole] = parts.as_slice() {
        let hex = whole.strip_prefix("0x").unwrap_or(whole);
        let hexadecimal = hex.chars().all(|c| c.is_ascii_hexdigit())
            && (hex.len() >= 8 && letters > 0 || hex.len() < whole.len());
        let mixed = whole.len() >= 8 && capitals >= 2 && digits >= 2 && capitals == letters;
        return hexadecimal || mixed || letters == 0 && digits >= 9;
    }
    if letters == 0 {
        return is_network_address(token);
    }
    let said = |part: &&str| {
        let lower = part.to_lowercase();
        matches!(lower.as_str(), "rt" | "rw" | "kg" | "km" | "jam" | "bulan" | "hari" | "liter")
            || lower.starts_with("rp")
    };
    if parts.iter().any(said)
        || token.contains('.') && !token.contains(['/', '_'])
        || capitals == 0 && !token.contains('_')
    {
        return false;
    }
    let marks = parts.len() - 1;
    let numbered = parts.iter().any(|part| part.len() >= 3 && part.chars().all(|c| c.is_ascii_digit()));
    let lettered = parts.iter().any(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_uppercase()));
    token.contains('_')
        || token.contains('/') && lettered
        || marks >= 2 && digits >= 2 && lettered
        || numbered && lettered
}

/// `192.168.1.7`, not the number 192.168.100.700 and no date.
fn is_network_address(token: &str) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    let grouped = parts.iter().skip(1).all(|part| part.len() == 3);
    parts.len() == 4 && !grouped && parts.iter().all(|part| part.parse::<u8>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        find(text, &mut |range, _| found.extend(text.get(range)));
        found.sort_unstable();
        found.dedup();
        found
    }

    #[test]
    fn knows_telephone_numbers_and_codes() {
        for (text, expected) in [
            ("nomor 0812-0000-1111.", "0812-0000-1111"),
            ("nomor 081200001111", "081200001111"),
            ("nomor +62 812-0000-1111,", "+62 812-0000-1111"),
            ("telepon (0370) 612345", "(0370) 612345"),
            ("telepon 021-5550123", "021-5550123"),
            ("pusat aduan 1500-123", "1500-123"),
            ("kode 123e4567-e89b-12d3-a456-426614174000 itu", "123e4567-e89b-12d3-a456-426614174000"),
            ("ISBN 978-602-000-111-2", "978-602-000-111-2"),
            ("surat AB-123/X itu", "AB-123/X"),
            ("putusan 12/PUU-XXI/2023,", "12/PUU-XXI/2023"),
            ("mobil B 1234 XYZ itu", "B 1234 XYZ"),
            ("sidik 9f86d081884c7d65", "9f86d081884c7d65"),
            ("alamat 0x1f4b", "0x1f4b"),
            ("rekening 123456789012", "123456789012"),
            ("server 192.168.1.7 mati", "192.168.1.7"),
            ("resi JX20250512 hilang", "JX20250512"),
            ("tiket INV-20250512.", "INV-20250512"),
            ("kolom kode_kios_3 kosong", "kode_kios_3"),
        ] {
            assert!(found(text).contains(&expected), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn numbers_and_words_are_none() {
        for text in [
            "Covid-19, U-20, F-16, ke-80, S-1, G20, 5G, MH370, B-52, T-shirt 2x45 menit",
            "Rp2.500/kg, RT 05/RW 02, 12/5/2025, 2019-2024, 0-2, 21-19, 1.234.567.890, 100.200.300.400",
            "pukul 05.30, 12:30, 0,5-1,5, 3.500-4.000",
            "WARGA PINDAH KE 3 RT",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
