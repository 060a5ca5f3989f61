//! A user's own terms: which Indonesian words stand for which English ones.

mod english;
pub(super) mod forms;
mod read;
mod unrelated;

use std::collections::HashMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::document::{Flag, FlagKind};
use crate::error::{Error, Result};
use crate::part::Part;

/// One entry of a [`Glossary`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GlossaryEntry {
    /// Indonesian word or words. In lower case it stands for every form of the word; a capital in it must be met.
    pub source: String,
    /// The English that must stand for it. In lower case it may be inflected and open a sentence.
    pub target: String,
    /// For the people who keep the glossary; never read otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl GlossaryEntry {
    /// An entry without a note.
    pub fn new(source: impl Into<String>, target: impl Into<String>) -> Self {
        GlossaryEntry { source: source.into(), target: target.into(), note: None }
    }
}

/// A term of a glossary as it was met in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Term {
    /// The words as the text has them, e.g. `penyintasnya`.
    pub source: String,
    /// The English that was asked for.
    pub target: String,
}

/// Terms that a translation must use: names as a newsroom spells them, words of a field.
///
/// Entries are met as whole words, in any case where they are written in lower case, the longest first (of two of one word the one whose
/// capitals are met), and in every inflection: with clitics (`-nya`, `-lah`, `-kah`, `-pun`, `-ku`, `-mu`), doubled, and with the affixes of verbs and of
/// the nouns made from them; a word that only looks like one and has a meaning of its own (`Polisi`, of polis) is none. Between the words
/// of an entry stand blanks, hyphens, and what the entry has there. A translator that can use terms gets them; whichever it is, a segment whose English lacks
/// one is flagged.
///
/// ```
/// use intisari::translate::Glossary;
///
/// let glossary = Glossary::from_tsv("penyintas\tsurvivor\nDinas Kesehatan\tHealth Agency\n")?;
/// let terms = glossary.find("Para penyintasnya mendatangi Dinas Kesehatan.");
/// let found: Vec<_> = terms.iter().map(|term| (term.source.as_str(), term.target.as_str())).collect();
/// assert_eq!(found, [("penyintasnya", "survivor"), ("Dinas Kesehatan", "Health Agency")]);
/// let english = "The survivors came to the health office.";
/// let flags = glossary.check("Para penyintasnya mendatangi Dinas Kesehatan.", english);
/// assert_eq!(flags[0].detail, "Dinas Kesehatan = Health Agency");
/// assert_eq!(flags.len(), 1);
/// # Ok::<(), intisari::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Glossary {
    entries: Vec<Words>,
    /// Entries by their first word in lower case.
    by_first: HashMap<String, Vec<usize>>,
}

/// An entry and the words of its source.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Words {
    entry: GlossaryEntry,
    words: Vec<Word>,
}

/// A word that must be met.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    written: String,
    lower: String,
    /// What stands before it behind another word of the entry, blanks and hyphens aside.
    gap: String,
}

/// Where an entry was met.
#[derive(Debug, Clone, Copy)]
struct Place {
    entry: usize,
    /// Words of the text, from the first.
    first: usize,
    words: usize,
    /// The English may have another form of the word, since the Indonesian has.
    derived: bool,
}

/// The words of `text` and where each starts: letters and digits, with hyphens and apostrophes inside.
pub(super) fn words(text: &str) -> Vec<(usize, &str)> {
    let inside = |c: char| c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c);
    let mut words = Vec::new();
    let mut start: Option<usize> = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let joins = matches!(c, '-' | '\'' | '’') && characters.peek().is_some_and(|&(_, next)| inside(next));
        match start {
            None if inside(c) => start = Some(at),
            Some(from) if !inside(c) && !joins => {
                words.extend(text.get(from..at).map(|word| (from, word)));
                start = None;
            }
            _ => {}
        }
    }
    words.extend(start.and_then(|from| Some((from, text.get(from..)?))));
    words
}

/// What stands between two words of `text`, without blanks and hyphens at its ends.
fn joined<'t>(text: &'t str, pair: &[(usize, &str)]) -> &'t str {
    let [(first, word), (next, _)] = pair else { return "" };
    let between = text.get(first + word.len()..*next).unwrap_or_default();
    between.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}' | '\u{2011}'))
}

impl Glossary {
    /// A glossary of these entries.
    ///
    /// # Errors
    /// [`Error::Config`] naming the entry, from 1, that has no words or no English, that holds a line break, `;` or `=` in
    /// the English, or that gives another English to the words of one before it.
    pub fn new(entries: impl IntoIterator<Item = GlossaryEntry>) -> Result<Self> {
        let numbered = entries.into_iter().zip(1..).map(|(entry, number)| (format!("entry {number}"), entry));
        Glossary::placed(numbered.collect())
    }

    /// Reads lines of source, target and an optional note, with tabs between them. See [`Glossary::read`].
    ///
    /// # Errors
    /// As [`Glossary::new`], naming the line.
    pub fn from_tsv(text: &str) -> Result<Self> {
        Glossary::placed(read::entries(text, b'\t', "line ")?)
    }

    /// Reads lines of source, target and an optional note, with `,` or `;` between them and `"` around what holds one. See
    /// [`Glossary::read`].
    ///
    /// # Errors
    /// As [`Glossary::new`], naming the line.
    pub fn from_csv(text: &str) -> Result<Self> {
        Glossary::placed(read::entries(text, read::comma(text), "line ")?)
    }

    /// Reads a file in UTF-8: `.csv` as [`from_csv`](Self::from_csv), `.tsv` as [`from_tsv`](Self::from_tsv), others as
    /// they look. A first line of `source` and `target` (or `id` and `en`) may name the columns; blank lines are passed
    /// over, as are a byte order mark and comments: lines that begin with `#`, unless a word follows at once and a separator later, for that is
    /// the entry of a tag (`#KawalPutusan`).
    ///
    /// # Errors
    /// [`Error::Io`] where it cannot be read; as [`Glossary::new`], naming file and line.
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|error| Error::io(path, error))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let bytes = error.as_bytes().part(..error.utf8_error().valid_up_to());
            let line = bytes.iter().filter(|&&byte| byte == b'\n').count() + 1;
            Error::config(format!("glossary {}:{line}: no UTF-8", path.display()), "save the file as UTF-8")
        })?;
        let separator = match path.extension().and_then(|extension| extension.to_str()) {
            Some("csv") => read::comma(&text),
            Some("tsv") => b'\t',
            _ if text.contains('\t') => b'\t',
            _ => read::comma(&text),
        };
        Glossary::placed(read::entries(&text, separator, &format!("glossary {}:", path.display()))?)
    }

    /// Entries with the place that messages name.
    fn placed(entries: Vec<(String, GlossaryEntry)>) -> Result<Self> {
        let mut glossary = Glossary::default();
        let mut known: HashMap<String, (String, String)> = HashMap::new();
        for (place, entry) in entries {
            let (entry, words) = read::checked(&place, entry)?;
            let before = known.get(&entry.source);
            if let Some((other, target)) = before.filter(|(_, target)| *target != entry.target) {
                let message = format!("{place}: `{}` is `{target}` in {other} already", entry.source);
                return Err(Error::config(message, "keep one of them"));
            }
            if before.is_some() {
                continue;
            }
            known.insert(entry.source.clone(), (place, entry.target.clone()));
            if let Some(first) = words.first() {
                glossary.by_first.entry(first.lower.clone()).or_default().push(glossary.entries.len());
            }
            glossary.entries.push(Words { entry, words });
        }
        Ok(glossary)
    }

    /// Whether it has no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries, in the order in which they came; one that came twice is there once.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = &GlossaryEntry> {
        self.entries.iter().map(|words| &words.entry)
    }

    /// sha256 over the entries, hexadecimal: tells whether two glossaries ask for the same.
    pub fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        for GlossaryEntry { source, target, .. } in self.entries() {
            hash.update(format!("{source}\t{target}\n"));
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The terms in a text, in its order, none inside another; of two that overlap the longer one. A term that is met
    /// twice in the same form is there once.
    pub fn find(&self, text: &str) -> Vec<Term> {
        let words = words(text);
        let mut terms: Vec<Term> = Vec::new();
        for place in self.places(text, &words) {
            let term = self.term(text, &words, place);
            terms.extend(term.filter(|term| !terms.contains(term)));
        }
        terms
    }

    /// A flag for each term of the source that the English lacks: `TermMissing` with the term as it was met and the English
    /// that was asked for.
    pub fn check(&self, source: &str, english: &str) -> Vec<Flag> {
        let words = words(source);
        let mut flags: Vec<Flag> = Vec::new();
        for place in self.places(source, &words) {
            let Some(term) = self.term(source, &words, place) else { continue };
            if !english::has(english, &term.target, place.derived) {
                let flag = Flag::new(FlagKind::TermMissing, format!("{} = {}", term.source, term.target));
                flags.extend((!flags.contains(&flag)).then_some(flag));
            }
        }
        flags
    }

    /// How an entry writes a word that is given in small letters, where one has it with a capital.
    #[cfg(feature = "native")]
    pub(super) fn cased(&self, lower: &str) -> Option<&str> {
        let words = self.entries.iter().flat_map(|entry| &entry.words);
        let mut cased = words.filter(|word| word.lower == lower && word.written != word.lower);
        cased.next().map(|word| word.written.as_str())
    }

    fn term(&self, text: &str, words: &[(usize, &str)], place: Place) -> Option<Term> {
        let &(start, _) = words.get(place.first)?;
        let &(last, word) = words.get(place.first + place.words - 1)?;
        let source = text.get(start..last + word.len())?.to_owned();
        Some(Term { source, target: self.entries.get(place.entry)?.entry.target.clone() })
    }

    fn places(&self, text: &str, words: &[(usize, &str)]) -> Vec<Place> {
        if self.entries.is_empty() {
            return Vec::new();
        }
        let forms: Vec<Vec<forms::Form>> = words.iter().map(|(_, word)| forms::of(word)).collect();
        let mut places: Vec<Place> = Vec::new();
        for (first, readings) in forms.iter().enumerate() {
            let mut met: Vec<usize> =
                readings.iter().filter_map(|form| self.by_first.get(&form.base)).flatten().copied().collect();
            met.sort_unstable();
            met.dedup();
            for entry in met {
                let Some(wanted) = self.entries.get(entry) else { continue };
                let there = forms.part(first..).iter().zip(words.part(first..));
                if !wanted.stand_together(text, words.part(first..)) {
                    continue;
                }
                let met = wanted
                    .words
                    .iter()
                    .zip(there)
                    .map(|(word, (forms, (_, written)))| wanted.met_by(word, written, forms));
                let Some(derived) =
                    met.collect::<Option<Vec<bool>>>().filter(|met| met.len() == wanted.words.len())
                else {
                    continue;
                };
                let derived = derived.contains(&true);
                places.push(Place { entry, first, words: wanted.words.len(), derived });
            }
        }
        // The longest first; of equal ones what is met as it stands, then what has a capital and met it, then the first.
        let named = |place: &Place| {
            let entry = self.entries.get(place.entry);
            entry.is_some_and(|entry| entry.words.iter().any(|word| word.written != word.lower))
        };
        places.sort_by_key(|place| {
            (std::cmp::Reverse(place.words), place.derived, place.first, !named(place), place.entry)
        });
        let mut taken = vec![false; words.len()];
        places.retain(|place| {
            let Some(range) = taken.get_mut(place.first..place.first + place.words) else { return false };
            let free = !range.contains(&true);
            if free {
                range.fill(true);
            }
            free
        });
        places.sort_by_key(|place| place.first);
        places
    }
}

impl Words {
    /// Whether the first words of `there` have nothing between them but blanks, hyphens, and what the entry has there; the stop of an
    /// abbreviation is part of it (`PT. Maju`).
    fn stand_together(&self, text: &str, there: &[(usize, &str)]) -> bool {
        there.windows(2).zip(self.words.iter().skip(1)).all(|(pair, word)| {
            let gap = joined(text, pair);
            let short = || pair.first().is_some_and(|(_, word)| crate::lang::id::bond(word).is_some());
            gap.is_empty() || gap == word.gap || gap == "." && short()
        })
    }

    /// Whether a word of the entry is met by a word of the text, and then whether as another form that English may put otherwise.
    fn met_by(&self, word: &Word, written: &str, forms: &[forms::Form]) -> Option<bool> {
        let named = word.written != word.lower;
        // Of several words one alone has no meaning: `diadu` in `diadu domba`.
        let phrase = self.words.len() > 1;
        let letters: usize = self.words.iter().map(|word| word.lower.chars().count()).sum();
        forms
            .iter()
            .filter(|form| form.base == word.lower)
            .filter(|form| {
                if !named {
                    return true;
                }
                // A name takes clitics alone, and is written as it is, or in a headline's capitals.
                let bare: String = written.chars().take(form.base.chars().count()).collect();
                let capitals = letters > 3 && bare == word.written.to_uppercase();
                !form.derived && (bare == word.written || capitals)
            })
            .filter(|form| phrase || !unrelated::is_another(forms, &form.base, &self.entry.target))
            .map(|form| form.derived)
            .min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn glossary(entries: &[(&str, &str)]) -> Glossary {
        Glossary::new(entries.iter().map(|(source, target)| GlossaryEntry::new(*source, *target))).unwrap()
    }

    #[test]
    fn of_two_entries_of_a_word_the_one_with_its_capital_is_met_by_it() {
        let glossary = glossary(&[("lucut", "disarm"), ("Lucut", "Lucut Bay")]);
        let targets =
            |text: &str| -> Vec<String> { glossary.find(text).into_iter().map(|term| term.target).collect() };
        assert_eq!(targets("Kapal itu tiba di Lucut."), ["Lucut Bay"]);
        assert_eq!(targets("Polisi melucuti mereka."), ["disarm"]);
    }

    #[test]
    fn meets_entries_in_every_form_as_whole_words() {
        let glossary = glossary(&[
            ("penyintas", "survivor"),
            ("lucut", "disarm"),
            ("rumah sakit", "hospital"),
            ("adu domba", "play off against each other"),
            ("sandera", "hostage"),
            ("KPK", "Anti-Graft Agency"),
            ("Dinas Kesehatan", "Health Agency"),
            ("dinas", "office"),
            ("tanggap darurat", "emergency response"),
        ]);
        for (text, expected) in [
            ("Penyintas itu pulang.", vec!["Penyintas"]),
            (
                "Para penyintasnya, penyintaslah, penyintas-penyintas.",
                vec!["penyintasnya", "penyintaslah", "penyintas-penyintas"],
            ),
            (
                "Milisi melucuti, dilucuti, pelucutan, terlucut.",
                vec!["melucuti", "dilucuti", "pelucutan", "terlucut"],
            ),
            ("Tiga rumah sakitnya dan rumah-rumah sakit.", vec!["rumah sakitnya", "rumah-rumah sakit"]),
            ("Mereka diadu domba.", vec!["diadu domba"]),
            ("Penyanderaan itu; mereka menyandera sopir.", vec!["Penyanderaan", "menyandera"]),
            ("KPK-nya diam, kpk tidak.", vec!["KPK-nya"]),
            ("DINAS KESEHATAN DIDATANGI", vec!["DINAS KESEHATAN"]),
            ("Dinas Kesehatan dan dinas kesehatan.", vec!["Dinas Kesehatan", "dinas"]),
            ("masa tanggap darurat bencana", vec!["tanggap darurat"]),
            ("Kepenyintasan, penyint, sanderaku", vec!["sanderaku"]),
            ("Ia pulang ke rumah, sakit kepalanya kambuh.", vec![]),
            ("Ia pulang ke rumah. Sakit.", vec![]),
            ("Rumah (sakit) itu; rumah\u{a0}sakit.", vec!["rumah\u{a0}sakit"]),
            ("", vec![]),
        ] {
            let found: Vec<String> = glossary.find(text).into_iter().map(|term| term.source).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn takes_the_longest_of_what_overlaps_and_each_once() {
        let glossary = glossary(&[
            ("bank", "bank"),
            ("bank sampah", "waste bank"),
            ("sampah plastik rumah", "household plastic"),
        ]);
        let found = |text| glossary.find(text).into_iter().map(|term| term.target).collect::<Vec<_>>();
        assert_eq!(found("bank sampah bank"), ["waste bank", "bank"]);
        assert_eq!(found("bank sampah plastik rumah"), ["bank", "household plastic"]);
        assert_eq!(found("bank bank"), ["bank"]);
    }

    #[test]
    fn does_not_take_words_apart_that_only_look_derived() {
        let glossary =
            glossary(&[("uang", "money"), ("bang", "brother"), ("angkat", "lift"), ("sih", "indeed")]);
        assert!(glossary.find("Beruang terbang dengan perangkat bersih.").is_empty());
    }

    #[test]
    fn a_word_with_a_meaning_of_its_own_is_no_form_of_another() {
        let glossary = glossary(&[
            ("ikan", "fish"),
            ("polis", "insurance policy"),
            ("kurs", "exchange rate"),
            ("masa", "period"),
            ("perintah", "order"),
            ("sen", "cent"),
            ("mata", "eye"),
            ("jual", "sell"),
            ("kerja", "work"),
            ("bantu", "help"),
            ("PT Maju", "Maju Ltd"),
            ("Uni Eropa", "the bloc EU-27"),
            ("TNI/Polri", "the forces"),
        ]);
        for text in [
            "Polisi memberikan kursi kepada pemerintah.",
            "Masalah itu, kursinya, polisinya: 5 persen permata.",
            "Mata-mata itu pulang.",
            "TNI (Polri) dan TNI, Polri.",
        ] {
            assert_eq!(glossary.find(text), [], "{text}");
        }
        for (text, expected) in [
            ("Masanya habis, matanya merah, kursnya turun.", vec!["Masanya", "matanya", "kursnya"]),
            ("Perintahnya jelas; mereka diperintahkan.", vec!["Perintahnya", "diperintahkan"]),
            (
                "Mereka menjual, pekerja bekerja, pembantu membantu.",
                vec!["menjual", "pekerja", "bekerja", "pembantu", "membantu"],
            ),
            (
                "PT. Maju dan PT Maju, UNI EROPA, TNI/Polri.",
                vec!["PT. Maju", "PT Maju", "UNI EROPA", "TNI/Polri"],
            ),
        ] {
            let found: Vec<String> = glossary.find(text).into_iter().map(|term| term.source).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn flags_a_term_that_the_english_lacks_in_every_form() {
        let glossary = glossary(&[
            ("penyintas", "survivor"),
            ("kota", "city"),
            ("lucut", "disarm"),
            ("adu", "pit"),
            ("Jaksa Agung", "Attorney General"),
            ("AS", "US"),
            ("partai", "political party"),
            ("jual", "sell"),
            ("beli", "buy"),
            ("anak", "child"),
            ("kriteria", "criterion"),
            ("krisis", "crisis"),
        ]);
        for (source, english, missing) in [
            ("penyintas", "The survivors came.", false),
            ("penyintas", "The survivor's house", false),
            ("penyintas", "Survivors’ homes", false),
            ("penyintas", "Those who survived came.", true),
            ("kota", "Two cities", false),
            ("kota", "The cite", true),
            ("melucuti", "The militia was disarmed.", false),
            ("pelucutan", "Disarmament took a year.", false),
            ("pelucutan", "The weapons were taken.", true),
            ("adu", "He was pitted against him.", false),
            ("Jaksa Agung", "the Attorney General's office", false),
            ("Jaksa Agung", "the attorney general", true),
            ("Jaksa Agung", "THE ATTORNEY GENERAL SPOKE", false),
            ("AS", "It is for us.", true),
            ("AS", "the US government", false),
            ("partai", "three political parties", false),
            ("partai", "political and party", true),
            ("partai", "It is political. Party members came.", true),
            ("jual", "Rice was sold.", false),
            ("beli", "They bought rice.", false),
            ("jual", "They bought rice.", true),
            ("anak", "Two children's books", false),
            ("kriteria", "Three criteria", false),
            ("krisis", "Two crises", false),
            ("hujan", "rain", false),
        ] {
            let flags = glossary.check(source, english);
            assert_eq!(!flags.is_empty(), missing, "{source} / {english}");
            assert!(flags.iter().all(|flag| flag.kind == FlagKind::TermMissing));
        }
    }

    #[test]
    fn two_glossaries_are_told_apart() {
        let one = glossary(&[("a", "b")]);
        assert_eq!(one.sha256(), glossary(&[("a", "b"), ("a", "b")]).sha256());
        assert_ne!(one.sha256(), glossary(&[("a", "c")]).sha256());
        assert_eq!(one.sha256().len(), 64);
    }

    #[test]
    fn words_keep_hyphens_and_apostrophes_inside() {
        let found: Vec<&str> =
            words("Al-Qur'an, -nya- 'e\u{301}lite' KPK-nya").into_iter().map(|(_, word)| word).collect();
        assert_eq!(found, ["Al-Qur'an", "nya", "e\u{301}lite", "KPK-nya"]);
    }

    proptest! {
        #[test]
        fn what_is_found_stands_in_the_text(text in "\\PC{0,60}|(me|di|ber|kan|sapu|-| |nya){0,12}", source in "[a-z]{1,6}( [a-z]{1,4})?") {
            let glossary = glossary(&[(&source, "x"), ("sapu", "broom")]);
            for term in glossary.find(&text) {
                prop_assert!(text.contains(&term.source));
            }
            glossary.check(&text, &source);
        }
    }
}
