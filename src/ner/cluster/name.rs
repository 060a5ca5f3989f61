//! Names as words to compare: case, accents, titles and old spellings set aside.

use std::collections::BTreeSet;

use crate::document::Label;
use crate::lang::id::{self, names, Bond};
use crate::part::Part;

/// Bytes of an abbreviation with a hyphen at most: `PAN-RB`.
const ABBREVIATION: usize = 7;

/// A name for comparing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// As written, blanks made single, titles before a person taken off.
    pub(super) written: String,
    /// Its words, folded; never empty.
    pub(super) words: Vec<String>,
    /// Words that only say what kind of thing it is (`kota`, `pt`), folded.
    pub(super) head: Vec<String>,
}

impl Name {
    /// `None` where nothing is left to compare.
    pub(super) fn new(text: &str, label: Label) -> Option<Self> {
        let mut parts: Vec<&str> = text.split_whitespace().collect();
        while label == Label::Per && parts.len() > 1 && parts.first().is_some_and(|word| is_title(word)) {
            parts.remove(0);
        }
        let folded: Vec<String> = parts.iter().flat_map(|part| folded(part, label)).collect();
        let is_head = |word: &String| match label {
            Label::Loc => names::is_place_kind(word),
            Label::Org => is_organization_head(word),
            _ => false,
        };
        let (mut head, mut words): (Vec<String>, Vec<String>) =
            spelled_out(folded, label).into_iter().partition(is_head);
        if words.is_empty() {
            std::mem::swap(&mut head, &mut words);
        }
        (!words.is_empty()).then(|| Name { written: parts.join(" "), words, head })
    }

    /// The name in a text with an abbreviation in brackets, and the abbreviation: `Jawa Barat (Jabar)` is `Jawa Barat` and `Jabar`,
    /// `Kepolisian Daerah (Polda) Papua` is `Kepolisian Daerah Papua` and `Polda Papua`. Without brackets there is no second one.
    pub(super) fn with_abbreviation(text: &str, label: Label) -> Option<(Self, Option<Self>)> {
        let parts = text.split_once('(').and_then(|(before, rest)| Some((before, rest.split_once(')')?)));
        let both = parts.and_then(|(before, (inside, after))| {
            let long = Name::new(&format!("{before} {after}"), label)?;
            let short = Name::new(&format!("{inside} {after}"), label)?;
            // `(Persero)` and the like shorten nothing.
            (!short.words.iter().all(|word| is_organization_head(word))).then_some((long, Some(short)))
        });
        both.or_else(|| Some((Name::new(text, label)?, None)))
    }

    /// Whether nothing that says what kind of thing they are keeps two organizations apart.
    pub(super) fn kind_agrees(&self, other: &Name) -> bool {
        let kinds = |name: &Name| -> Vec<usize> {
            name.head.iter().filter_map(|word| names::legal_form(word)).collect()
        };
        let (own, others) = (kinds(self), kinds(other));
        own.is_empty() || others.is_empty() || own.iter().any(|kind| others.contains(kind))
    }

    /// What two mentions share when they are written alike.
    pub(super) fn key(&self) -> String {
        [self.head.join(" "), self.words.join(" ")].join("|")
    }

    /// Whether it is written in capitals throughout, as headlines and abbreviations are.
    pub(super) fn is_shouted(&self) -> bool {
        is_shouted(&self.written)
    }

    /// The single word of an abbreviation in capitals: `KPK`, `PDI-P`.
    pub(super) fn acronym(&self) -> Option<&str> {
        match self.words.as_slice() {
            [word] if self.head.is_empty() && self.is_shouted() && word.chars().count() > 1 => Some(word),
            _ => None,
        }
    }

    /// Whether `short` could be a short form in brackets: its letters come in this order, the first one first. `Kementerian` need
    /// not be among them: `Kementerian Energi dan Sumber Daya Mineral (ESDM)`.
    pub(super) fn may_be_shortened_to(&self, short: &Name) -> bool {
        let begins = |words: &Vec<&str>| {
            let mut letters = words.iter().flat_map(|word| word.chars());
            let mut wanted = short.words.iter().flat_map(|word| word.chars());
            let first = words.first().and_then(|word| word.chars().next());
            first == short.words.first().and_then(|word| word.chars().next())
                && wanted.all(|wanted| letters.any(|letter| letter == wanted))
        };
        let unspelled: Vec<&str> = match self.words.as_slice() {
            [kind, rest @ ..] if names::is_left_out_of_abbreviation(kind) => {
                rest.iter().map(String::as_str).collect()
            }
            _ => Vec::new(),
        };
        short.words.len() < self.words.len().max(2) && self.readings().iter().chain([&unspelled]).any(begins)
    }

    /// Whether `short` is made of the first letters of its words (`AS`), or of their first syllables (`Jabar`). An abbreviation among
    /// its words may stand whole: `PDIP` of `PDI Perjuangan`.
    pub(super) fn is_spelled_out_of(&self, short: &Name) -> bool {
        let [abbreviation] = short.words.as_slice() else { return false };
        let in_capitals = short.in_capitals(abbreviation);
        self.kind_agrees(short)
            && self.readings().iter().any(|all| {
                let content: Vec<&str> = all.iter().copied().filter(|word| !is_small(word)).collect();
                let by_initials = |words: &[&str]| {
                    initials(words, |_| false) == *abbreviation
                        || initials(words, |word| !self.is_shouted() && self.in_capitals(word))
                            == *abbreviation
                };
                content.len() > 1
                    && ((in_capitals && (by_initials(all) || by_initials(&content)))
                        || (abbreviation.len() > 3 && starts_of(abbreviation, &content)))
            })
    }

    /// Whether `short` is the same name with some of its words abbreviated: `Kementerian PU`, `DPRD Jawa Barat`, `Bank BTN`.
    pub(super) fn is_partly_spelled_out_of(&self, short: &Name) -> bool {
        let [first, rest @ ..] = short.words.as_slice() else { return false };
        if rest.is_empty() || !self.kind_agrees(short) {
            return false;
        }
        self.readings().iter().any(|all| {
            let content: Vec<&str> = all.iter().copied().filter(|word| !is_small(word)).collect();
            // `Bank BTN`: the abbreviation has the kind once more.
            let twice = content.len() > 2
                && content.first() == Some(&first.as_str())
                && matches!(rest, [word] if short.in_capitals(word) && initials(&content, |_| false) == *word);
            twice || spells_out(&content, short)
        })
    }

    /// Whether `word`, folded, is written in capitals in it.
    fn in_capitals(&self, word: &str) -> bool {
        let capitals =
            |part: &&str| is_shouted(part) && part.chars().filter(|c| c.is_alphabetic()).count() > 1;
        self.written.split_whitespace().filter(capitals).any(|part| fold(part) == word)
    }

    /// Its words as an abbreviation may read them: with what says its kind, and without what writers leave out.
    fn readings(&self) -> [Vec<&str>; 2] {
        let left_out = |word: &&String| {
            names::is_place_kind(word) || names::is_owner(word) || names::is_company_form(word)
        };
        let all = self.head.iter().chain(&self.words).map(String::as_str).collect();
        let kept = self.head.iter().filter(|word| !left_out(word)).chain(&self.words);
        [all, kept.map(String::as_str).collect()]
    }
}

fn is_shouted(written: &str) -> bool {
    written.chars().any(char::is_uppercase) && !written.chars().any(char::is_lowercase)
}

/// Whether abbreviations pass `word` over.
fn is_small(word: &str) -> bool {
    ["dan", "of", "the", "di", "untuk", "bagi", "and"].contains(&word)
}

/// The first letters of `words`, those that stand whole as they are.
fn initials(words: &[&str], whole: impl Fn(&str) -> bool) -> String {
    let mut letters = String::new();
    for word in words {
        match whole(word) {
            true => letters.push_str(word),
            false => letters.extend(word.chars().next()),
        }
    }
    letters
}

/// Whether the words of `short` are `words`, one or more of them abbreviated to their first letters in capitals.
fn spells_out(mut words: &[&str], short: &Name) -> bool {
    let mut abbreviated = false;
    for word in short.words.iter().filter(|word| !is_small(word)) {
        if let Some((_, rest)) = words.split_first().filter(|(first, _)| **first == word) {
            words = rest;
            continue;
        }
        let Some((meant, rest)) = words.split_at_checked(word.chars().count()) else { return false };
        if !short.in_capitals(word) || initials(meant, |_| false) != *word {
            return false;
        }
        (abbreviated, words) = (true, rest);
    }
    abbreviated && words.is_empty()
}

/// Whether `short` joins the starts, of two letters or more, of all `words` in order.
fn starts_of(short: &str, words: &[&str]) -> bool {
    let letters: Vec<char> = short.chars().collect();
    // Where the part of a word may end, one word after the other: there are many ways to each place, `aaaa` of `aa aa`.
    let mut ends: BTreeSet<usize> = BTreeSet::from([0]);
    for word in words {
        let starts = std::mem::take(&mut ends);
        for start in starts {
            let rest = letters.part(start..);
            let common = rest.iter().zip(word.chars()).take_while(|(a, b)| **a == *b).count();
            ends.extend((2..=common).map(|taken| start + taken));
        }
    }
    ends.contains(&letters.len())
}

fn is_organization_head(word: &str) -> bool {
    names::is_owner(word) || names::legal_form(word).is_some()
}

/// Words of a place or organization with its short forms spelled out: `kejari jaksel`, `jatim`, `ri`.
fn spelled_out(words: Vec<String>, label: Label) -> Vec<String> {
    let whole = words.len() == 1;
    match (label, words.as_slice()) {
        (Label::Loc, [word]) if word == "ri" => vec!["indonesia".to_owned()],
        (Label::Loc | Label::Org, _) => words
            .into_iter()
            .flat_map(|word| match id::spelled_out(&word, whole) {
                Some(long) => long.split(' ').map(str::to_owned).collect(),
                None => vec![word],
            })
            .collect(),
        _ => words,
    }
}

/// Whether a word before a person's name is a title, an office or a form of address.
pub(in crate::ner) fn is_title(word: &str) -> bool {
    let bare = word.trim_end_matches('.');
    let lower = bare.to_lowercase();
    // A single letter is an initial.
    let title = bare.chars().count() > 1 && id::bond(bare) == Some(Bond::Strong);
    title || id::is_role(&lower) || names::is_address(&lower)
}

/// The folded words of what stands between blanks. `PDI-P` is one abbreviation, `Timor-Leste` two words.
fn folded(part: &str, label: Label) -> Vec<String> {
    let whole = label == Label::Org && is_shouted(part) && part.len() <= ABBREVIATION;
    let words: Vec<String> = if whole { vec![fold(part)] } else { part.split('-').map(fold).collect() };
    words.into_iter().filter(|word| !word.is_empty()).collect()
}

/// Lower case, without accents, marks and `'s`.
fn fold(word: &str) -> String {
    let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).map(unaccented).collect()
}

fn unaccented(letter: char) -> char {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' | 'ı' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ù'..='ü' | 'ū' | 'ů' => 'u',
        'ý' | 'ÿ' => 'y',
        'š' | 'ś' | 'ş' => 's',
        'ž' | 'ź' | 'ż' => 'z',
        'ł' => 'l',
        'ğ' => 'g',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str, label: Label) -> Name {
        Name::new(text, label).unwrap()
    }

    #[test]
    fn sets_titles_and_legal_forms_aside() {
        assert_eq!(name("Presiden Emmanuel Macron", Label::Per).written, "Emmanuel Macron");
        assert_eq!(name("Pak Budi", Label::Per).words, ["budi"]);
        assert_eq!(name("PT Angin Timur Tbk.", Label::Org).words, ["angin", "timur"]);
        assert_eq!(name("Kota Bandung", Label::Loc).head, ["kota"]);
        assert_eq!(name("Kota", Label::Loc).words, ["kota"]);
        assert!(Name::new("—", Label::Org).is_none());
        assert_eq!(name("PDI-P", Label::Org).key(), name("PDIP", Label::Org).key());
        assert_eq!(name("Timor-Leste", Label::Loc).words, ["timor", "leste"]);
    }

    #[test]
    fn spells_out_offices_and_regions() {
        assert_eq!(
            name("Kejari Jaksel", Label::Org).words,
            name("Kejaksaan Negeri Jakarta Selatan", Label::Org).words
        );
        assert_eq!(name("RI", Label::Loc).words, ["indonesia"]);
        let dki = name("DKI", Label::Loc);
        assert_eq!((dki.words, dki.head), (vec!["jakarta".to_owned()], vec!["dki".to_owned()]));
        assert_eq!(name("DKI Jakarta", Label::Loc).words, ["jakarta"]);
        assert_eq!(name("Jatim", Label::Per).words, ["jatim"]);
    }

    #[test]
    fn finds_the_abbreviation_in_brackets() {
        let both = |text| {
            let (long, short) = Name::with_abbreviation(text, Label::Org)?;
            Some((long.written, short.map(|short| short.written)))
        };
        let pair = |long: &str, short: &str| Some((long.to_owned(), Some(short.to_owned())));
        assert_eq!(both("Partai Melati (PM)"), pair("Partai Melati", "PM"));
        assert_eq!(both("Kepolisian Daerah (Polda) Papua"), pair("Kepolisian Daerah Papua", "Polda Papua"));
        for text in ["PT Angin (Persero) Tbk", "Partai Melati", "Partai (PM", "(PM)", "Partai ()"] {
            assert_eq!(both(text), Some((text.to_owned(), None)), "{text}");
        }
        assert_eq!(both("()"), None);
    }

    #[test]
    fn a_company_is_abbreviated_with_its_form_and_without() {
        let long = |text| name(text, Label::Org);
        for (full, short) in [
            ("PT Kereta Api Indonesia", "KAI"),
            ("PT Kereta Api Indonesia", "PT KAI"),
            ("PT Bank Central Asia Tbk", "BCA"),
            ("PT Bank Rakyat Indonesia (Persero) Tbk", "BRI"),
            ("PT Perusahaan Listrik Negara", "PLN"),
            ("PT Freeport Indonesia", "PTFI"),
            ("Kementerian Perhubungan Rakyat RI", "KPR"),
            ("PDI Perjuangan", "PDIP"),
            ("PDI Perjuangan", "PDI-P"),
            ("Partai Demokrasi Indonesia Perjuangan", "PDI-P"),
        ] {
            assert!(long(full).is_spelled_out_of(&long(short)), "{full} {short}");
            assert!(long(full).may_be_shortened_to(&long(short)), "{full} {short}");
        }
        for (full, short) in [("Partai Persatuan Pembangunan", "PP"), ("PT Angin Timur", "Partai AT")] {
            assert!(!long(full).is_spelled_out_of(&long(short)), "{full} {short}");
        }
        let district = name("Kabupaten Timor Tengah Selatan", Label::Loc);
        assert!(district.is_spelled_out_of(&name("TTS", Label::Loc)));
        assert!(long("PT Adaro Energy Indonesia Tbk").may_be_shortened_to(&long("ADRO")));
    }

    #[test]
    fn a_name_may_be_abbreviated_in_part() {
        let long = |text| name(text, Label::Org);
        let ministry = "Kementerian Energi dan Sumber Daya Mineral";
        for (full, short) in [
            (ministry, "Kementerian ESDM"),
            ("Kementerian Pekerjaan Umum", "Kementerian PU"),
            ("Kementerian Pendayagunaan Aparatur Negara dan Reformasi Birokrasi", "Kementerian PAN-RB"),
            ("Dewan Perwakilan Rakyat Daerah Jawa Barat", "DPRD Jawa Barat"),
            ("Bank Tabungan Negara", "Bank BTN"),
            ("Partai Demokrasi Indonesia Perjuangan", "PDI Perjuangan"),
        ] {
            assert!(long(full).is_partly_spelled_out_of(&long(short)), "{full} {short}");
        }
        for (full, short) in [
            ("Kementerian Pekerjaan Umum dan Perumahan Rakyat", "Kementerian PU"),
            ("Kementerian Pekerjaan Umum", "Dinas PU"),
            ("Kementerian Pekerjaan Umum", "Kementerian Pu"),
            ("Kementerian Pekerjaan Umum", "Kementerian Pekerjaan Umum"),
            ("Polda Metro Jaya", "Polda MJ Timur"),
        ] {
            assert!(!long(full).is_partly_spelled_out_of(&long(short)), "{full} {short}");
        }
        assert!(long(ministry).may_be_shortened_to(&long("ESDM")));
        assert!(!long("Dinas Kesehatan Bogor").may_be_shortened_to(&long("Sehat")));
    }

    #[test]
    fn knows_abbreviations() {
        let long = |text| name(text, Label::Org);
        for (full, short) in [
            ("Amerika Serikat", "AS"),
            ("Badan Garam", "Bagar"),
            ("Perserikatan Bangsa-Bangsa", "PBB"),
            ("Badan Riset dan Inovasi", "BRI"),
        ] {
            assert!(long(full).is_spelled_out_of(&long(short)), "{full} {short}");
        }
        assert!(!long("Arab Saudi").is_spelled_out_of(&long("As")));
        // There are more ways to cut this than could be tried one by one.
        let (full, short) = ("Aaaaaaaaaaaa ".repeat(24) + "B", "A".to_owned() + &"a".repeat(150));
        assert!(!long(&full).is_spelled_out_of(&long(&short)));
        assert!(long("Kementerian Perikanan Rakyat").may_be_shortened_to(&long("Kemenpera")));
        assert!(!long("Partai Melati").may_be_shortened_to(&long("Mawar")));
    }
}
