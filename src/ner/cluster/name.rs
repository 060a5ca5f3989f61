//! Names as words to compare: case, accents, titles and old spellings set aside.

use std::collections::BTreeSet;

use crate::document::Label;
use crate::lang::id::{self, names, Bond};
use crate::part::Part;

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
        let folded: Vec<String> =
            parts.iter().flat_map(|part| part.split('-')).map(fold).filter(|word| !word.is_empty()).collect();
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
        self.written.chars().any(char::is_uppercase) && !self.written.chars().any(char::is_lowercase)
    }

    /// The single word of an abbreviation in capitals: `KPK`, `PDI-P` is none.
    pub(super) fn acronym(&self) -> Option<&str> {
        match self.words.as_slice() {
            [word] if self.head.is_empty() && self.is_shouted() && word.chars().count() > 1 => Some(word),
            _ => None,
        }
    }

    /// Whether `short` could be a short form in brackets: its letters come in this order, the first one first.
    pub(super) fn may_be_shortened_to(&self, short: &Name) -> bool {
        let mut letters = self.head.iter().chain(&self.words).flat_map(|word| word.chars());
        let mut wanted = short.words.iter().flat_map(|word| word.chars());
        let first =
            self.head.first().into_iter().chain(&self.words).next().and_then(|word| word.chars().next());
        first == short.words.first().and_then(|word| word.chars().next())
            && short.words.len() < self.words.len().max(2)
            && wanted.all(|wanted| letters.any(|letter| letter == wanted))
    }

    /// Whether `short` is made of the first letters of its words (`AS`), or of their first syllables (`Jabar`).
    pub(super) fn is_spelled_out_of(&self, short: &Name) -> bool {
        let [abbreviation] = short.words.as_slice() else { return false };
        let all: Vec<&str> = self.head.iter().chain(&self.words).map(String::as_str).collect();
        let content: Vec<&str> = all
            .iter()
            .copied()
            .filter(|word| !["dan", "of", "the", "di", "untuk", "bagi", "and"].contains(word))
            .collect();
        let initials =
            |words: &[&str]| words.iter().filter_map(|word| word.chars().next()).collect::<String>();
        let by_initials = short.is_shouted()
            && content.len() > 1
            && (initials(&all) == *abbreviation || initials(&content) == *abbreviation);
        by_initials || (content.len() > 1 && abbreviation.len() > 3 && starts_of(abbreviation, &content))
    }
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

/// Whether two folded words are one name in two spellings: `soeharto` and `suharto`, `zelensky` and `zelenskiy`.
pub(super) fn is_variant(a: &str, b: &str) -> bool {
    let (a, b) = (respelled(a), respelled(b));
    a == b || (a.chars().count().min(b.chars().count()) >= 6 && one_apart(&a, &b))
}

/// One spelling for those that differ by period or by transcription.
fn respelled(word: &str) -> String {
    if matches!(
        word,
        "mohammad" | "mohamad" | "muhamad" | "mohammed" | "muhammed" | "moch" | "moh" | "muh" | "mohd"
    ) {
        return "muhammad".to_owned();
    }
    let word = word
        .replace("ks", "x")
        .replace("oe", "u")
        .replace("dj", "j")
        .replace("tj", "c")
        .replace("ie", "i")
        .replace("sj", "sy");
    let stem = word.trim_end_matches(['y', 'i', 'j']);
    if stem.len() < word.len() && stem.len() > 2 {
        format!("{stem}i")
    } else {
        word
    }
}

/// Whether one letter is added, dropped or replaced, first letter and gender ending (`putra`, `putri`; `-ov`, `-ova`) kept.
fn one_apart(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let head = short.iter().zip(long.iter()).take_while(|(a, b)| a == b).count();
    let tail = short.iter().rev().zip(long.iter().rev()).take_while(|(a, b)| a == b).count();
    let one = long.len() - short.len() <= 1 && head + tail + 1 >= long.len();
    let ending_differs = tail == 0 && long.last().is_some_and(|last| "aiueo".contains(*last));
    one && head > 0 && !ending_differs
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
    fn knows_spelling_variants() {
        for (a, b) in [
            ("zelensky", "zelenskiy"),
            ("soeharto", "suharto"),
            ("arief", "arif"),
            ("mohamad", "muhammad"),
            ("poroshenko", "porosenko"),
            ("aleksandr", "alexander"),
        ] {
            assert!(is_variant(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("ivanov", "ivanova"),
            ("saputra", "saputri"),
            ("andi", "andri"),
            ("widodo", "wibowo"),
            ("rudi", "budi"),
            ("navalny", "navalnaya"),
        ] {
            assert!(!is_variant(a, b), "{a} {b}");
        }
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
