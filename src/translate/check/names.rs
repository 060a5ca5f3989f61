//! Names of the source that the English lacks.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::lexicon;
use crate::document::Label;
use crate::lang::english::{DAYS, MONTHS};
use crate::lang::id::dictionary;
use crate::part::Part;

/// Indonesian names, as lower-case [`words`] between single blanks, and their English forms.
static EXONYMS: LazyLock<BTreeMap<String, Vec<&'static str>>> = LazyLock::new(|| {
    include_str!("../../lang/id/exonyms.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, forms)| (joined(name).to_lowercase(), forms.split('|').collect()))
        .collect()
});

/// Indonesian names, and the words of all their English forms.
static ENGLISH_PARTS: LazyLock<Vec<(&'static str, Vec<String>)>> = LazyLock::new(|| {
    let parts = |(name, forms): (&'static String, &Vec<&'static str>)| {
        (name.as_str(), forms.iter().flat_map(|form| words(form)).collect())
    };
    EXONYMS.iter().map(parts).collect()
});

/// Words of names that English leaves out or puts in many ways.
const OPTIONAL: [&str; 26] = [
    "di", "dan", "ke", "dari", "the", "of", "bin", "binti", "bapak", "ibu", "pak", "bu", "mas", "mbak",
    "bang", "haji", "hajah", "h", "hj", "dr", "ir", "prof", "drs", "kh", "sang", "si",
];

/// The names, as written in the source, that `english` lacks; each once.
///
/// People and places must be there word by word, or in the English form of a word or phrase. Of organizations only
/// those of one word are looked for, since most longer ones are translated. Other labels are passed over.
pub(super) fn missing<'n>(names: &[(&'n str, Label)], english: &str) -> Vec<&'n str> {
    let text = Text::new(english);
    let mut missing: Vec<&str> = Vec::new();
    for &(name, label) in names {
        let words: Vec<String> = words(name).collect();
        let asked = match label {
            Label::Per | Label::Loc => true,
            Label::Org => words.len() == 1,
            _ => false,
        };
        let known = || {
            dictionary::name(name)
                .is_some_and(|name| text.has_all(&self::words(name.english).collect::<Vec<_>>()))
        };
        if asked && !text.has_all(&words) && !known() && !missing.contains(&name) {
            missing.push(name);
        }
    }
    missing
}

/// The names of an English `summary`, as written there, that neither the article's `english` nor its `source` has; each
/// once; words that are `explained` otherwise do not count. A name is a run of capitalized words; the first word of a sentence counts
/// in a run only.
pub(super) fn added<'s>(
    summary: &'s str,
    english: &str,
    source: &str,
    explained: impl Fn(&str) -> bool,
) -> Vec<&'s str> {
    let known = [Text::new(english), Text::new(source)];
    let shouts = !summary.contains(char::is_lowercase);
    let mut added: Vec<&str> = Vec::new();
    for (first, words) in capitalized(summary) {
        let foreign = |&(start, end): &(usize, usize)| {
            let whole = summary.part(start..end);
            // The parts of a name with a hyphen or a stroke may stand apart in the other text; numbers are looked at as such.
            let mut parts = whole.split(parts_names).filter(|part| part.contains(char::is_alphabetic));
            // Where all is in capitals, a capital makes no name.
            let plain = |part: &str| shouts && lexicon::is_english(&part.to_lowercase());
            parts.any(|part| !explained(part) && !plain(part) && is_foreign(part, &known, shouts))
        };
        // What opens a sentence has its capital from there, unless it is all capitals or a name goes on.
        let opens = first && words.first().is_some_and(|&(start, end)| !is_acronym(summary.get(start..end)));
        let rest = words.part(usize::from(opens)..);
        let Some(at) = rest.iter().position(foreign) else { continue };
        let last = rest.iter().rposition(foreign).unwrap_or(at);
        let from =
            if opens && at == 0 && words.first().is_some_and(foreign) { words.first() } else { rest.get(at) };
        let name = from.zip(rest.get(last)).and_then(|(&(start, _), &(_, end))| summary.get(start..end));
        if let Some(name) = name.filter(|name| !added.contains(name)) {
            added.push(name);
        }
    }
    added
}

/// Whether none of the `known` texts has a word, in either language; in any case where all of the text `shouts`.
fn is_foreign(word: &str, known: &[Text], shouts: bool) -> bool {
    let word: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
    // The article may have the date in digits.
    let dated = is_date(&word.to_lowercase());
    // `Rp3.5`: a number, looked at as such.
    let letters: String = word.chars().filter(|c| c.is_alphabetic()).collect();
    let currency = CURRENCIES.iter().any(|sign| *sign == letters || shouts && sign.to_uppercase() == letters);
    let priced = currency && (letters.len() < word.len() || matches!(word.as_str(), "Rp" | "RP"));
    // Several of an acronym: MPs.
    let single = word.strip_suffix('s').filter(|single| is_acronym(Some(single)));
    let has = |text: &Text| {
        let in_any_case = |word: &str| shouts && text.lower.contains(&format!(" {} ", word.to_lowercase()));
        let has =
            |word: &str| text.has(word) || in_any_case(word) || text.has_stem(word) || text.has_english(word);
        has(&word) || single.is_some_and(has)
    };
    !(dated || priced || known.iter().any(has))
}

/// What stands before an amount without a blank.
const CURRENCIES: [&str; 21] = [
    "Rp", "IDR", "US", "USD", "S", "SGD", "RM", "MYR", "A", "AUD", "HK", "HKD", "C", "CAD", "NZ", "NT",
    "EUR", "JPY", "GBP", "CNY", "SAR",
];

/// Whether a word is a month, also abbreviated, or a weekday.
pub(super) fn is_date(word: &str) -> bool {
    let same = |name: &str| name.eq_ignore_ascii_case(word);
    let month = |name: &&str| same(name) || name.get(..3).is_some_and(same);
    MONTHS.iter().any(month) || word == "sept" || DAYS.into_iter().any(same)
}

fn is_acronym(word: Option<&str>) -> bool {
    let letters = word.unwrap_or_default().chars().filter(|c| c.is_alphabetic());
    letters.clone().count() > 1 && letters.clone().all(char::is_uppercase)
}

/// What follows the apostrophe of a short form.
const SHORT_FORMS: [&str; 6] = ["t", "m", "re", "ve", "ll", "d"];

/// Runs of capitalized words, by where the words stand, and whether the run opens a sentence.
fn capitalized(text: &str) -> Vec<(bool, Vec<(usize, usize)>)> {
    let mut runs: Vec<(bool, Vec<(usize, usize)>)> = Vec::new();
    // Whether the next word opens a sentence, and whether it goes on with the last run.
    let (mut opens, mut goes_on) = (true, false);
    for token in text.split_whitespace() {
        let from = token.as_ptr() as usize - text.as_ptr() as usize;
        let word = token.trim_matches(|c: char| !c.is_alphanumeric());
        // Jakarta's, and the parts of a name with a hyphen as one.
        let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
        let start = from + token.find(word).unwrap_or(0);
        if token.starts_with(['"', '“', '‘', '(']) || matches!(token, "–" | "—") {
            (opens, goes_on) = (true, false);
        }
        // Don't, We're: no name is shortened so.
        let short_form = word.rsplit_once(['\'', '’']).is_some_and(|(_, end)| SHORT_FORMS.contains(&end));
        if word.chars().next().is_some_and(char::is_uppercase) && word != "I" && !short_form {
            let place = (start, start + word.len());
            match runs.last_mut().filter(|_| goes_on) {
                Some((_, words)) => words.push(place),
                None => runs.push((opens, vec![place])),
            }
            goes_on = token.ends_with(word);
        } else {
            goes_on = false;
        }
        let end = token.trim_end_matches(['"', '”', '’', '\'', ')']);
        // `A.` and `Mr.` end no sentence.
        let short = word.chars().count() < 3 && word.chars().next().is_some_and(char::is_uppercase);
        if !word.is_empty() {
            opens = end.ends_with(['.', '!', '?', ':']) && !short;
        }
        opens |= token.starts_with(['"', '“']) && word.is_empty();
    }
    runs
}

/// The English, made ready for look-ups: words between single blanks, with one before and after.
struct Text {
    written: String,
    lower: String,
}

impl Text {
    fn new(english: &str) -> Self {
        let written = format!(" {} ", joined(english));
        Text { lower: written.to_lowercase(), written }
    }

    /// Whether all words of a name are there, each in any place; known phrases may be there in English form instead.
    fn has_all(&self, name: &[String]) -> bool {
        let mut rest = name;
        while let Some((first, others)) = rest.split_first() {
            // The longest phrase whose English form is there counts as one word.
            let met = (1..=rest.len()).rev().find(|&length| {
                let phrase = rest.part(..length).join(" ").to_lowercase();
                EXONYMS.get(&phrase).is_some_and(|forms| self.has_any(forms))
            });
            rest = match met {
                Some(length) => rest.part(length..),
                None if OPTIONAL.contains(&first.to_lowercase().as_str()) || self.has(first) => others,
                None => return false,
            };
        }
        true
    }

    fn has_any(&self, forms: &[&str]) -> bool {
        forms.iter().any(|form| {
            let form = joined(form);
            // `Palestin` stands for Palestine and Palestinian; US stands for itself, and `us` is another word.
            if form.len() <= 3 {
                self.written.contains(&format!(" {form} "))
            } else {
                self.lower.contains(&format!(" {}", form.to_lowercase()))
            }
        })
    }

    /// Whether a word is there without an English ending: Indonesia for Indonesian.
    fn has_stem(&self, word: &str) -> bool {
        let count = word.chars().count();
        // Balinese, Acehnese, Javanese take up to four letters.
        (1..=4).any(|ending| {
            let stem: String = word.chars().take(count.saturating_sub(ending)).collect();
            stem.chars().count() >= 4 && self.lower.contains(&format!(" {} ", stem.to_lowercase()))
        })
    }

    /// Whether an Indonesian name is there of which `word` is in the English form.
    fn has_english(&self, word: &str) -> bool {
        ENGLISH_PARTS.iter().any(|(name, parts)| {
            // `S.` in `S. Korea` is the beginning of nothing else.
            let fits = |part: &String| match part.chars().count() <= 3 {
                true => word == part,
                false => word.starts_with(part),
            };
            parts.iter().any(fits) && self.lower.contains(&format!(" {name} "))
        })
    }

    /// Whether a word is there, also with an English ending: Israel in Israeli, Jakarta in Jakarta's. Short ones are
    /// compared as they are written: AS is not `as`.
    fn has(&self, word: &str) -> bool {
        if word.chars().count() > 3 {
            self.lower.contains(&format!(" {}", word.to_lowercase()))
        } else {
            self.written.contains(&format!(" {word} "))
        }
    }
}

/// Whether a character stands between the words of names.
fn parts_names(c: char) -> bool {
    !(c.is_alphanumeric() || matches!(c, '.' | '\'' | '’' | '`'))
}

/// Words without the full stops and apostrophes inside, and without the `'s` behind them: `U.S.` is `US`.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(parts_names)
        .map(|word| ["'s", "’s", "'S", "’S"].iter().find_map(|s| word.strip_suffix(s)).unwrap_or(word))
        .map(|word| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>())
        .filter(|word| !word.is_empty())
}

fn joined(text: &str) -> String {
    words(text).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_an_entry() {
        let lines = include_str!("../../lang/id/exonyms.txt").lines().filter(|line| !line.starts_with('#'));
        assert_eq!(EXONYMS.len(), lines.count(), "a line without tab, or a name twice");
    }

    #[test]
    fn knows_names_in_their_english_form() {
        use Label::{Date, Loc, Org, Per};
        for (name, label, english) in [
            ("Sari Wijaya", Per, "Sari Wijaya said so."),
            ("Sari Wijaya", Per, "Wijaya, whose first name is Sari, said so."),
            ("Pak Budi", Per, "Mr. Budi said so."),
            ("Paus Fransiskus", Per, "Pope Francis prayed."),
            ("Raja Charles III", Per, "King Charles III waved."),
            ("Prancis", Loc, "The French president came."),
            ("Amerika Serikat", Loc, "The U.S. and others agreed."),
            ("AS", Loc, "The US agreed."),
            ("Jawa Barat", Loc, "Western Java is wet."),
            ("Moskow", Loc, "Moscow denied this."),
            ("Selat Sunda", Loc, "The Sunda Strait is narrow."),
            ("Palestina", Loc, "The Palestinians hope."),
            ("Israel", Loc, "An Israeli spoke."),
            ("Jakarta", Loc, "Jakarta's streets"),
            ("Bandara Juanda", Loc, "Juanda Airport reopened."),
            ("PBB", Org, "The United Nations met."),
            ("KPK", Org, "The KPK's policy changed."),
            ("Ani", Per, "ANI’S HOUSE BURNED DOWN. Ani’s family was safe."),
            ("Kementerian Kesehatan", Org, "The Ministry of Health said."),
            ("Senin", Date, "On Tuesday"),
            ("Nur'aini", Per, "Nur’aini sang."),
            ("Normandia", Loc, "They landed in Normandy."),
            ("Hongkong", Loc, "Hong Kong was calm."),
            ("DKI Jakarta", Loc, "Jakarta was flooded."),
            ("Papua Barat Daya", Loc, "Southwest Papua voted."),
            ("Tepi Barat", Loc, "The West Bank was closed off."),
            ("Republik Demokratik Kongo", Loc, "The Democratic Republic of the Congo agreed."),
            ("Perserikatan Bangsa-Bangsa", Loc, "The United Nations met."),
        ] {
            assert_eq!(missing(&[(name, label)], english), [""; 0], "{name} / {english}");
        }
    }

    #[test]
    fn every_month_and_its_abbreviation_is_a_date() {
        let article = "Rapat digelar.";
        for month in MONTHS {
            for name in [month, &month[..3], "Sept", "Sunday"] {
                assert!(
                    added(&format!("It met in {name}."), article, article, |_| false).is_empty(),
                    "{name}"
                );
            }
        }
        assert_eq!(added("It met in Decatur.", article, article, |_| false), ["Decatur"]);
    }

    #[test]
    fn names_of_the_source_are_not_added() {
        for (source, english) in [
            ("Aparat TNI/Polri berjaga.", "TNI/Polri officers stood guard."),
            ("Pasangan Leo/Daniel menang.", "The pair Leo/Daniel won."),
            ("Kerugiannya US$2,3 miliar.", "The loss is US$2.3 billion."),
            ("SATU ORANG TEWAS DI TOLO", "ONE PERSON KILLED IN TOLO"),
            ("Satu orang tewas di Tolo.", "ONE PERSON KILLED IN TOLO"),
            ("KERUGIAN RP 2,5 JUTA", "LOSSES OF RP2.5 MILLION"),
            ("ANI MENANG", "ANI WINS"),
            ("Ani menang.", "ANI WINS"),
        ] {
            assert_eq!(added(english, source, source, |_| false), [""; 0], "{english}");
        }
        for (source, english, name) in [
            ("Aparat Polri berjaga.", "Officers of Kodam/Polri stood guard.", "Kodam/Polri"),
            ("SATU ORANG TEWAS DI TOLO", "ONE PERSON KILLED IN AMBON", "AMBON"),
        ] {
            assert_eq!(added(english, source, source, |_| false), [name], "{english}");
        }
    }

    #[test]
    fn reports_names_that_are_not_there() {
        use Label::{Loc, Org, Per};
        for (name, label, english) in [
            ("Sari Wijaya", Per, "Sari Widjaja said so."),
            ("Budi", Per, "He said so."),
            ("Prancis", Loc, "Germany agreed."),
            ("AS", Loc, "He was as fast as us all as the bus."),
            ("Jawa Barat", Loc, "East Java is dry."),
            ("Normandia", Loc, "They landed in Brittany."),
            ("Hongkong", Loc, "Taiwan was calm."),
            ("Persija", Org, "The team won."),
        ] {
            assert_eq!(missing(&[(name, label)], english), [name], "{name} / {english}");
        }
    }
}
