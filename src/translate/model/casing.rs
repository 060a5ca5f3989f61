//! Text that is all in capitals, has none, or has one at every word as headlines have, read as sentences are written.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::mask::Masked;
use crate::lang::id::{self, entries, COMMON};
use crate::part::Part;
use crate::translate::glossary::forms;
use crate::translate::Glossary;

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// With capitals where they belong.
    Mixed,
    /// All in capitals, as headlines are.
    Capitals,
    /// Without capitals.
    Small,
    /// With a capital at every word, as headlines are.
    Title,
}

/// The style of a text; what is masked does not count. A few words tell nothing: they may be acronyms, or part of a sentence.
pub(super) fn style(masked: &Masked) -> Style {
    let words: Vec<&str> = words(&masked.text)
        .into_iter()
        .map(|(_, word)| word)
        .filter(|word| !masked.is_placeholder(word) && word.chars().filter(|c| c.is_alphabetic()).count() > 1)
        .collect();
    let letters = || words.iter().flat_map(|word| word.chars()).filter(|c| c.is_alphabetic());
    let upper = letters().filter(|c| c.is_uppercase()).count();
    let all = letters().count();
    let capitals = words.iter().filter(|word| !word.contains(char::is_lowercase));
    // DPR RI and names shout nothing: an everyday word does, and it has some letters.
    let said = |word: &&str| word.chars().count() >= 4 && is_word(&word.to_lowercase());
    let shouts =
        if upper == all { words.len() >= 2 } else { 10 * upper >= 8 * all && capitals.clone().count() >= 4 };
    if shouts && upper > 0 && capitals.clone().any(said) {
        Style::Capitals
    } else if upper == 0 && words.len() >= 4 && all >= 15 {
        Style::Small
    } else if is_title(&words) && !masked.text.trim_end().ends_with('.') {
        Style::Title
    } else {
        Style::Mixed
    }
}

/// Whether all longer words have a capital, everyday words among them: a model takes such words for names.
fn is_title(words: &[&str]) -> bool {
    let capital = |word: &&&str| word.starts_with(char::is_uppercase);
    let capitals = words.iter().filter(capital).count();
    let small = |word: &&str| {
        word.starts_with(char::is_lowercase) && word.chars().count() > 4 && !id::is_connective(word)
    };
    let everyday = words.iter().skip(1).filter(capital).filter(|word| is_word(&word.to_lowercase()));
    capitals >= 4 && 3 * capitals >= 2 * words.len() && !words.iter().any(small) && everyday.count() >= 3
}

/// How words are written where capitals tell.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// For a word in small letters how often each spelling stands inside sentences.
    inside: HashMap<String, Vec<(String, usize)>>,
    /// Words that opened a sentence, in small letters, with a spelling.
    opening: HashMap<String, String>,
}

/// The words of the articles that were asked for last: segments of an article follow each other.
#[derive(Debug, Default)]
pub(super) struct Articles<'a> {
    last: Option<(&'a str, Words)>,
}

impl<'a> Articles<'a> {
    pub fn of(&mut self, article: &'a str) -> &Words {
        let same = |last: &str| std::ptr::eq(last, article) || last == article;
        if !self.last.as_ref().is_some_and(|(last, _)| same(last)) {
            self.last = None;
        }
        &self.last.get_or_insert_with(|| (article, Words::of(article))).1
    }
}

impl Words {
    fn of(article: &str) -> Words {
        let mut found = Words::default();
        for line in article.lines() {
            let in_line = words(line);
            let alone: Vec<&str> = in_line.iter().map(|(_, word)| *word).collect();
            let tells = line.contains(char::is_lowercase) && line.contains(char::is_uppercase);
            if !tells || is_title(&alone) && !line.trim_end().ends_with('.') {
                continue;
            }
            let (mut opens, mut end) = (true, 0);
            for (at, word) in in_line {
                let between = line.part(end..at);
                opens |= between.contains(['.', '!', '?', ':', '"', '“', '•', '*']);
                end = at + word.len();
                let lower = word.to_lowercase();
                if opens {
                    found.opening.entry(lower).or_insert_with(|| word.to_owned());
                } else {
                    let spellings = found.inside.entry(lower).or_default();
                    match spellings.iter_mut().find(|(spelling, _)| spelling == word) {
                        Some((_, count)) => *count += 1,
                        None => spellings.push((word.to_owned(), 1)),
                    }
                }
                opens = false;
            }
        }
        found
    }

    /// The commonest spelling inside sentences, of equal ones the first.
    fn spelling(&self, lower: &str) -> Option<&str> {
        let spellings = self.inside.get(lower)?;
        let most = spellings.iter().map(|(_, count)| *count).max()?;
        spellings.iter().find(|(_, count)| *count == most).map(|(spelling, _)| spelling.as_str())
    }
}

/// How a word is written, and how sure that is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Spelling {
    Known(String),
    /// Taken for a name, since nothing knows it.
    Guessed(String),
}

impl Spelling {
    fn text(&self) -> &str {
        match self {
            Spelling::Known(text) | Spelling::Guessed(text) => text,
        }
    }

    fn is_name(&self) -> bool {
        self.text().starts_with(char::is_uppercase)
    }
}

/// The text as sentences are written, and the words that were taken for names since neither the article, the glossary nor a
/// list knows them.
pub(super) fn sentence_case(
    masked: &Masked,
    style: Style,
    article: &Words,
    glossary: Option<&Glossary>,
) -> (String, Vec<String>) {
    let text = masked.text.as_str();
    let found = words(text);
    let mut spelled: Vec<Option<Spelling>> = found
        .iter()
        .map(|(_, word)| {
            (!masked.is_placeholder(word)).then(|| match style {
                Style::Title => in_title(word, article, glossary),
                _ => spelling(word, article, glossary),
            })
        })
        .collect();
    // An office or a kind of place before a name is a part of it.
    for index in (0..spelled.len()).rev() {
        let beside =
            |(&(at, word), &(next, _)): (&(usize, &str), &(usize, &str))| next == at + word.len() + 1;
        let joined = found.get(index).zip(found.get(index + 1)).is_some_and(beside);
        let named = joined && spelled.get(index + 1).and_then(Option::as_ref).is_some_and(Spelling::is_name);
        if let Some(Some(Spelling::Known(word))) = spelled.get_mut(index).filter(|_| named) {
            let office = id::is_role(word) && !PEOPLE.contains(&word.as_str());
            if office || PLACES.contains(&word.as_str()) {
                *word = capitalized(word);
            }
        }
    }

    let (mut cased, mut end, mut opens) = (String::with_capacity(text.len()), 0, true);
    let mut guessed = Vec::new();
    for (&(at, word), spelling) in found.iter().zip(&spelled) {
        let between = text.part(end..at);
        cased.push_str(between);
        opens |= ends_sentence(between);
        end = at + word.len();
        let spelled = spelling.as_ref().map_or(word, Spelling::text);
        match opens {
            true => cased.push_str(&capitalized(spelled)),
            false => cased.push_str(spelled),
        }
        if let Some(Spelling::Guessed(name)) = spelling {
            guessed.push(name.clone());
        }
        opens = false;
    }
    cased.push_str(text.part(end..));
    (cased, guessed)
}

/// Whether what stands between two words ends a sentence: `12.5` and `S.H.` do not.
fn ends_sentence(between: &str) -> bool {
    let mut rest = between.trim_start_matches(['"', '”', '\'', '’', ')']);
    let marks = rest.len() - rest.trim_start_matches(['.', '!', '?', '…']).len();
    rest = rest.part(marks..);
    marks > 0 && (rest.contains(char::is_whitespace) || between.contains('\n'))
}

/// People who hold no office: `warga Kidung`, `anggota DPR`.
const PEOPLE: [&str; 9] =
    ["warga", "polisi", "tersangka", "terdakwa", "pemain", "anggota", "mantan", "wartawan", "pengamat"];

/// Words before a name that belong to it.
const PLACES: [&str; 26] = [
    "kabupaten",
    "kota",
    "desa",
    "kecamatan",
    "kelurahan",
    "provinsi",
    "pulau",
    "gunung",
    "sungai",
    "danau",
    "jalan",
    "jl",
    "teluk",
    "selat",
    "laut",
    "tanjung",
    "bukit",
    "pelabuhan",
    "bandara",
    "stadion",
    "universitas",
    "masjid",
    "dusun",
    "rsud",
    "waduk",
    "pantai",
];

/// Days, months, feasts and names that are words as well.
const NAMES: [&str; 38] = [
    "senin",
    "selasa",
    "rabu",
    "kamis",
    "jumat",
    "sabtu",
    "minggu",
    "januari",
    "februari",
    "maret",
    "april",
    "mei",
    "juni",
    "juli",
    "agustus",
    "september",
    "oktober",
    "november",
    "desember",
    "ramadan",
    "ramadhan",
    "idulfitri",
    "iduladha",
    "natal",
    "nyepi",
    "waisak",
    "indonesia",
    "jawa",
    "sumatra",
    "sumatera",
    "kalimantan",
    "sulawesi",
    "papua",
    "maluku",
    "bali",
    "allah",
    "islam",
    "facebook",
];

/// Acronyms with a vowel, which look like words; those without are known by that.
const ACRONYMS: [&str; 78] = [
    "TNI", "RI", "AS", "UU", "RUU", "BUMN", "BUMD", "ASN", "OJK", "IHSG", "APBN", "APBD", "PLN", "PBNU",
    "NU", "MUI", "PUPR", "BNPB", "BPBD", "BMKG", "BIN", "KUA", "SIM", "STNK", "KTP", "SMA", "SMP", "SMK",
    "SD", "TK", "WNI", "WNA", "TKI", "PMI", "IDI", "IDAI", "KONI", "PSSI", "FIFA", "AFC", "ASEAN", "PBB",
    "UNICEF", "WHO", "NATO", "UE", "LRT", "MRT", "KRL", "PSI", "PAN", "PKB", "PDIP", "PKS", "HUT", "DIY",
    "DKI", "IKN", "KAI", "UMKM", "UGM", "UI", "ITB", "IPB", "UNDIP", "PPATK", "OTT", "KUHP", "UMP", "UMR",
    "BI", "IMF", "AI", "IT", "USD", "TVRI", "RSUD", "RSUP",
];

/// Words of names, as the lists of places and nations have them, by their small form.
static LISTED: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let lists =
        [include_str!("../../lang/id/nations.txt"), include_str!("../../lang/id/boilerplate_places.txt")];
    let names =
        lists.into_iter().flat_map(entries).flat_map(|line| line.trim_start_matches('*').split_whitespace());
    names
        .map(|name| (name.to_lowercase(), name))
        .filter(|(lower, _)| !COMMON.contains(lower.as_str()))
        .collect()
});

fn spelling(word: &str, article: &Words, glossary: Option<&Glossary>) -> Spelling {
    use Spelling::{Guessed, Known};
    let lower = word.to_lowercase();
    if let Some(cased) = glossary.and_then(|glossary| glossary.cased(&lower)) {
        return Known(cased.to_owned());
    }
    if let Some(spelling) = article.spelling(&lower) {
        return Known(spelling.to_owned());
    }
    if !word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’')) {
        // F-16, 5G, ke-80: with a letter or two as they are.
        let ordinal = lower.starts_with("ke-") || lower.starts_with("se-");
        return Known(if ordinal { lower } else { word.to_owned() });
    }
    if lower == "rp" || lower == "jl" || lower == "dr" || lower == "hj" {
        return Known(capitalized(&lower));
    }
    let upper = word.to_uppercase();
    if NAMES.contains(&lower.as_str()) {
        return Known(capitalized(&lower));
    }
    if let Some(listed) = LISTED.get(&lower) {
        return Known((*listed).to_owned());
    }
    let vowels = lower.contains(['a', 'e', 'i', 'o', 'u']);
    if lower.chars().count() > 1 && (!vowels && !lower.contains('y') && !lower.contains('-'))
        || ACRONYMS.contains(&upper.as_str())
    {
        return Known(upper);
    }
    if lower.chars().count() > 1 && lower.chars().all(|c| matches!(c, 'i' | 'v' | 'x')) {
        return Known(upper);
    }
    if lower.chars().count() == 1 {
        return Known(word.to_owned());
    }
    if is_word(&lower) {
        return Known(lower);
    }
    if let Some(opening) = article.opening.get(&lower).filter(|opening| opening.contains(char::is_lowercase))
    {
        return Known(opening.clone());
    }
    Guessed(capitalized(&lower))
}

/// How a word of a headline in which every word has a capital is written in a sentence: an everyday word is small, what
/// nothing knows stays as it is.
fn in_title(word: &str, article: &Words, glossary: Option<&Glossary>) -> Spelling {
    let lower = word.to_lowercase();
    let mut letters = word.chars();
    let plain = letters.next().is_some_and(char::is_uppercase) && !letters.clone().any(char::is_uppercase);
    if !plain || letters.next().is_none() {
        return Spelling::Known(word.to_owned());
    }
    let known = glossary.and_then(|glossary| glossary.cased(&lower)).or_else(|| article.spelling(&lower));
    let name = NAMES.contains(&lower.as_str()) || LISTED.contains_key(&lower) || !is_word(&lower);
    Spelling::Known(known.map_or_else(|| if name { word.to_owned() } else { lower.clone() }, str::to_owned))
}

/// Whether a word in small letters is no name: one of the language, or a form of one.
fn is_word(lower: &str) -> bool {
    let listed = |word: &str| {
        COMMON.contains(word)
            || id::is_role(word)
            || id::is_starter(word)
            || id::is_connective(word)
            || id::is_labelled(word)
            || id::dictionary::find(word).is_some()
    };
    let affixed = || {
        let nominal = lower.strip_prefix("ke").and_then(|rest| rest.strip_suffix("an"));
        nominal.or_else(|| lower.strip_prefix("se")).is_some_and(|root| root.len() > 2 && listed(root))
    };
    listed(lower)
        || affixed()
        || forms::of(lower).iter().any(|form| listed(&form.base))
        || lower.contains('-') && lower.split('-').all(|part| part.len() > 1 && listed(part))
}

/// With a capital first letter; the rest as it is.
fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Words with hyphens and apostrophes inside, and where each starts.
fn words(text: &str) -> Vec<(usize, &str)> {
    crate::translate::glossary::words(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translate::model::mask::mask;
    use crate::translate::verbatim;
    use crate::translate::GlossaryEntry;
    use proptest::prelude::*;

    fn read(text: &str, article: &str) -> (String, Vec<String>) {
        let masked = mask(text, &verbatim::find(text));
        assert_ne!(style(&masked), Style::Mixed, "{text}");
        let (cased, guessed) = sentence_case(&masked, style(&masked), &Words::of(article), None);
        (masked.set_back(&cased), guessed)
    }

    #[test]
    fn tells_headlines_from_acronyms() {
        for (text, expected) in [
            ("WALI KOTA RESMIKAN DERMAGA BARU", Style::Capitals),
            ("BANJIR LAGI", Style::Capitals),
            ("BANJIR RENDAM 3 DESA di PULAU KIDUNG, WARGA MENGUNGSI", Style::Capitals),
            ("DPR RI", Style::Mixed),
            ("KPK, BPK, DPR dan MPR", Style::Mixed),
            ("BMKG", Style::Mixed),
            ("TNI AL Kirim Kapal", Style::Mixed),
            ("wali kota meresmikan dermaga baru", Style::Small),
            ("Bantuan Lima Juta dari Bupati Tolo Lewat Tautan Palsu", Style::Title),
            ("Polisi Tangkap Tiga Pencuri Motor di Kota Kidung", Style::Title),
            ("Kepala Dinas Sinta Rangkuti Hadir.", Style::Mixed),
            ("Sinta Rangkuti dan Zarima Dokole Hadir", Style::Mixed),
            ("Bupati Tolo Zarima Dokole menanam pohon", Style::Mixed),
            ("kata dia", Style::Mixed),
            ("Hujan turun di kota itu.", Style::Mixed),
            ("12 345", Style::Mixed),
            ("", Style::Mixed),
        ] {
            assert_eq!(style(&mask(text, &verbatim::find(text))), expected, "{text}");
        }
    }

    #[test]
    fn reads_capitals_as_a_sentence_is_written() {
        let article = "Wali Kota Sinta Rangkuti meresmikan dermaga di Pulau Kidung, kata BPBD setempat.";
        for (text, expected) in [
            ("SINTA RANGKUTI RESMIKAN DERMAGA PULAU KIDUNG", "Sinta Rangkuti resmikan dermaga Pulau Kidung"),
            ("BPBD: WARGA DIMINTA WASPADA. ANGIN KENCANG!", "BPBD: warga diminta waspada. Angin kencang!"),
            (
                "GUBERNUR NTT KUNJUNGI KUPANG PADA SENIN (12/5/2025)",
                "Gubernur NTT kunjungi Kupang pada Senin (12/5/2025)",
            ),
            ("PASAR SENILAI RP 12,5 MILIAR DIBUKA", "Pasar senilai Rp 12,5 miliar dibuka"),
            (
                "HARGA-HARGA NAIK, BUKA WWW.TOLO.EXAMPLE/HARGA",
                "Harga-harga naik, buka WWW.TOLO.EXAMPLE/HARGA",
            ),
            ("PERANG DUNIA II BERAKHIR DI JERMAN", "Perang dunia II berakhir di Jerman"),
        ] {
            assert_eq!(read(text, article), (expected.to_owned(), vec![]), "{text}");
        }
    }

    #[test]
    fn reads_a_headline_with_capitals_at_every_word_as_a_sentence() {
        let article = "Polisi Tangkap Tiga Pencuri di Pasar Bintang Terang\nIa ditangkap di Pasar Bintang Terang, kata polisi.";
        for (text, expected) in [
            (
                "Polisi Tangkap Tiga Pencuri di Pasar Bintang Terang",
                "Polisi tangkap tiga pencuri di Pasar Bintang Terang",
            ),
            (
                "Bantuan Rp 5 Juta dari Bupati Zarima untuk Warga Lumbira",
                "Bantuan Rp 5 juta dari Bupati Zarima untuk warga Lumbira",
            ),
            (
                "BPBD Minta Warga Waspada, Hujan Deras sampai Senin",
                "BPBD minta warga waspada, hujan deras sampai Senin",
            ),
        ] {
            assert_eq!(read(text, article), (expected.to_owned(), vec![]), "{text}");
        }
    }

    #[test]
    fn what_nothing_knows_is_a_name_and_said_to_be_guessed() {
        let (text, guessed) = read("BUPATI ZARIMA DOKOLE BUKA KIOS", "BUPATI ZARIMA DOKOLE");
        assert_eq!(text, "Bupati Zarima Dokole buka kios");
        assert_eq!(guessed, ["Zarima", "Dokole"]);
        let (text, guessed) =
            read("bupati zarima dokole membuka kios di kota tolo pada senin. ia senang.", "");
        assert_eq!(text, "Bupati Zarima Dokole membuka kios di Kota Tolo pada Senin. Ia senang.");
        assert_eq!(guessed, ["Zarima", "Dokole", "Tolo"]);
    }

    #[test]
    fn a_glossary_knows_names() {
        let glossary = Glossary::new([GlossaryEntry::new("Zarima Dokole", "Zarima Dokole")]).unwrap();
        let masked = mask("ZARIMA DOKOLE BUKA KIOS", &[]);
        let (text, guessed) = sentence_case(&masked, Style::Capitals, &Words::default(), Some(&glossary));
        assert_eq!((text.as_str(), guessed.len()), ("Zarima Dokole buka kios", 0));
    }

    #[test]
    fn the_list_of_common_words_is_one() {
        assert!(COMMON.len() > 1_000, "{}", COMMON.len());
        assert!(COMMON.iter().all(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
    }

    proptest! {
        #[test]
        fn only_the_case_changes(text in "\\PC{0,60}|([A-Z]{1,8}[ .,!\"]{1,2}){0,9}", article in "\\PC{0,40}") {
            let masked = mask(&text, &[]);
            let folded = |text: &str| text.to_uppercase().to_lowercase().to_uppercase();
            for style in [Style::Capitals, Style::Title] {
                let (cased, _) = sentence_case(&masked, style, &Words::of(&article), None);
                prop_assert_eq!(folded(&cased), folded(&text));
            }
        }
    }
}
