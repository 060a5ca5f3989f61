//! Marks translations that a person should look at. Compares source and English alone; knows no model.

mod added;
mod coverage;
mod crucial;
mod english;
mod leftover;
pub(super) mod lexicon;
mod measures;
mod names;
mod negation;
mod numbers;
mod repeated;
mod source;
mod times;

pub(super) use coverage::coverage;
pub(super) use english::English;
pub(super) use repeated::excess;
pub(super) use source::Source;

use super::tidy::tidied;
use super::{repetition, verbatim, Stop, Translated};
use crate::document::{Flag, FlagKind, Label};
use crate::lang::id::{self, quantities::WEEKDAYS};
use crate::lang::quotations::quotations;
use crate::part::Part;

/// Longer segments, in bytes, are not compared with their English: some of it takes as long as source times English, and a segment is
/// meant to be a sentence. The built-in splitter's are at most a quarter of it.
const COMPARED: usize = 16 << 10;
/// A phrase said this often in a row is repetition …
const ROUNDS: usize = 3;
/// … if it has this many words in all.
const WORDS: usize = 6;
/// Sources shorter than this, in characters, may have English of any length up to [`LONG`] times this.
const SHORT: usize = 25;
/// English may be this many times as long as the source, counted in characters.
const LONG: f64 = 2.2;
/// … and must be at least this part of it.
const BRIEF: f64 = 0.4;
/// Share of the source's own words, names and numbers aside, that makes the English a copy.
const COPIED: f64 = 0.6;
/// Fewer such words prove nothing.
const COPIED_WORDS: usize = 4;

/// What is doubtful about the English of a segment.
///
/// `names` are the names in the source and their kinds; dates and quantities among them are ignored, since numbers
/// are found in the source itself. Order of flags: those of the translator, what must stay to the letter, missing numbers,
/// missing names, repetition, copy, length, limit; then what turns the meaning, added numbers, added names, names said more
/// often, brackets, Indonesian that was left, groups of words said twice. Where source or English is longer than 16 KiB nothing is
/// compared, and [`FlagKind::OverlongSentence`] says so.
///
/// ```
/// use intisari::document::{FlagKind, Label};
/// use intisari::translate::{check, Stop, Translated};
///
/// let english = Translated::new("Budi bought 3,000 books in Paris.", Stop::End);
/// let names = [("Budi", Label::Per), ("Prancis", Label::Loc)];
/// let flags = check("Budi membeli 2.000 buku di Prancis.", &english, &names);
/// let found: Vec<_> = flags.iter().map(|flag| (flag.kind, flag.detail.as_str())).collect();
/// assert_eq!(
///     found,
///     [
///         (FlagKind::NumberMissing, "2.000"),
///         (FlagKind::NameMissing, "Prancis"),
///         (FlagKind::NumberAdded, "3,000"),
///         (FlagKind::NameAdded, "Paris"),
///     ]
/// );
/// ```
pub fn check(source: &str, english: &Translated, names: &[(&str, Label)]) -> Vec<Flag> {
    if !comparable(source, &english.text) {
        let longest = source.len().max(english.text.len());
        let detail = format!("not compared with its English: {longest} bytes, {COMPARED} at most");
        let stop = match english.stop {
            Stop::End => None,
            Stop::Limit => Some(Flag::new(FlagKind::StoppedAtLimit, "")),
            Stop::Loop => Some(Flag::new(FlagKind::Repetition, "cut off")),
        };
        let overlong = Flag::new(FlagKind::OverlongSentence, detail);
        return english.flags.iter().cloned().chain(stop).chain([overlong]).collect();
    }
    let mut flags = losses(source, english, names);
    if source.trim().is_empty() || english.text.trim().is_empty() {
        return flags;
    }
    let (theirs, ours) = compared(source, &english.text);
    let (theirs, ours) = (Source::new(&theirs, names), English::new(&ours));
    let mut add = |kind, details: Vec<&str>| {
        flags.extend(details.into_iter().map(|detail| Flag::new(kind, detail)));
    };
    add(FlagKind::MeaningMissing, crucial::missing(&theirs, &ours));
    add(FlagKind::MeaningMissing, negation::dropped(&theirs, &ours));
    add(FlagKind::MeaningMissing, times::missing(&theirs, &ours));
    add(FlagKind::MeaningMissing, measures::turned(theirs.text, ours.text));
    add(FlagKind::NumberAdded, numbers::added_to(theirs.text, ours.text));
    add(FlagKind::NameAdded, added::names(&theirs, &ours));
    add(FlagKind::NameRepeated, added::names_repeated(&theirs, &ours));
    add(FlagKind::BracketAdded, added::brackets(theirs.text, ours.text));
    if flags.iter().all(|flag| flag.kind != FlagKind::CopiedSource) {
        flags.extend(
            leftover::words(&theirs, &ours).into_iter().map(|word| Flag::new(FlagKind::IndonesianLeft, word)),
        );
    }
    if flags.iter().all(|flag| flag.kind != FlagKind::Repetition) {
        flags.extend(repeated::group(&theirs, &ours).map(|group| Flag::new(FlagKind::Repetition, group)));
    }
    flags
}

/// Whether a segment and its English are short enough to be compared, word by word and number by number.
pub(crate) fn comparable(source: &str, english: &str) -> bool {
    source.len().max(english.len()) <= COMPARED
}

/// Source and English without what stays to the letter: that is nobody's English.
pub(super) fn compared(source: &str, english: &str) -> (String, String) {
    let tidy = tidied(source);
    let ours = verbatim::kept(&tidy).iter().fold(english.to_owned(), |english, kept| {
        let english = english.replace(kept, " ; ");
        verbatim::in_english(kept).map_or(english.clone(), |told| english.replace(told, " ; "))
    });
    (verbatim::without(&tidy), ours)
}

/// What is doubtful because something got lost or went round in circles: by this a translator chooses among its
/// candidates.
pub(super) fn losses(source: &str, english: &Translated, names: &[(&str, Label)]) -> Vec<Flag> {
    let text = english.text.as_str();
    if source.trim().is_empty() {
        return Vec::new();
    }
    let mut flags = english.flags.clone();
    // As the translator reads it.
    let tidy = tidied(source);
    flags.extend(verbatim::check(&tidy, text));
    let numbers = numbers::missing(source, text).into_iter().chain(times::turned(source, text));
    flags.extend(numbers.map(|number| Flag::new(FlagKind::NumberMissing, number)));
    flags.extend(names::missing(names, text).into_iter().map(|n| Flag::new(FlagKind::NameMissing, n)));
    if english.stop == Stop::Loop {
        flags.push(Flag::new(FlagKind::Repetition, "cut off"));
    } else if let Some(phrase) = repeated(text).filter(|_| repeated(source).is_none()) {
        flags.push(Flag::new(FlagKind::Repetition, phrase));
    }
    if copied(&verbatim::without(&tidy), &verbatim::without(text)) {
        flags.push(Flag::new(FlagKind::CopiedSource, ""));
    }
    if let Some(ratio) = odd_length(source, text) {
        flags.push(Flag::new(FlagKind::LengthRatio, format!("{ratio:.2}")));
    }
    if english.stop == Stop::Limit {
        flags.push(Flag::new(FlagKind::StoppedAtLimit, ""));
    }
    flags
}

/// What a summary in `language` tells that the article does not: numbers, then names, that are neither in the article's `english`
/// nor in its `source`. Nothing of other languages than English and Indonesian, whose numbers it cannot read.
pub(crate) fn unfounded(summary: &str, language: &str, english: &str, source: &str) -> Vec<Flag> {
    let (numbers, names) = match language {
        "en" => (numbers::added(summary, english, source), names::added(summary, english, source, |_| false)),
        "id" => {
            // The article may have the date in digits.
            let dated = |word: &str| {
                let word = word.to_lowercase();
                id::month(&word).is_some() || WEEKDAYS.iter().any(|names| names.contains(&word.as_str()))
            };
            (numbers::added_in_indonesian(summary, source), names::added(summary, english, source, dated))
        }
        _ => return Vec::new(),
    };
    let numbers = numbers.into_iter();
    let names = names.into_iter();
    let numbers = numbers.map(|number| Flag::new(FlagKind::NumberAdded, number));
    numbers.chain(names.map(|name| Flag::new(FlagKind::NameAdded, name))).collect()
}

/// The first phrase that is said over and over.
fn repeated(text: &str) -> Option<String> {
    let words: Vec<String> = words(text).map(str::to_lowercase).collect();
    (ROUNDS..=words.len()).find_map(|end| {
        let head = words.get(..end)?;
        let found = repetition::trailing(head, ROUNDS, WORDS)?;
        Some(head.get(found.start..found.start + found.length)?.join(" "))
    })
}

/// Whether all words of a text are English as far as this crate knows.
pub(super) fn is_english(text: &str) -> bool {
    words(text).all(|word| lexicon::is_english(&word.to_lowercase()))
}

fn copied(source: &str, english: &str) -> bool {
    let there: std::collections::BTreeSet<&str> = words(english).collect();
    // The titles of works stay as they are.
    let titles = titles(source, english);
    let place = |word: &str| word.as_ptr() as usize - source.as_ptr() as usize;
    // So do names and numbers; short words, and those that both languages have, are the same by chance.
    let own = words(source).filter(|word| {
        word.len() > 3
            && word.chars().all(char::is_lowercase)
            && !lexicon::is_english(word)
            && !titles.iter().any(|title| title.contains(&place(word)))
    });
    let (mut all, mut kept) = (0usize, 0usize);
    for word in own {
        all += 1;
        kept += usize::from(there.contains(word));
    }
    all >= COPIED_WORDS && kept as f64 >= COPIED * all as f64
}

/// Words of a title at most.
const TITLE: usize = 8;

/// Where titles stand in `source` that `english` has to the letter: what quotation marks part from the sentence without a stop or comma of
/// its own, as speech has.
fn titles(source: &str, english: &str) -> Vec<std::ops::Range<usize>> {
    let title = |text: &str| words(text).count() <= TITLE && !text.ends_with(['.', ',', '!', '?', '…']);
    let named: Vec<&str> = titled(english, title).map(|range| english.part(range)).collect();
    titled(source, title).filter(|range| named.contains(&source.part(range.clone()))).collect()
}

fn titled<'t>(
    text: &'t str,
    title: impl Fn(&str) -> bool + 't,
) -> impl Iterator<Item = std::ops::Range<usize>> + 't {
    let whole = quotations(text).into_iter().filter(|found| found.whole).map(|found| found.range);
    whole.filter(move |range| title(text.part(range.clone())))
}

/// The ratio of the lengths where it is out of bounds.
fn odd_length(source: &str, english: &str) -> Option<f64> {
    let (from, to) = (source.trim().chars().count(), english.trim().chars().count());
    let ratio = to as f64 / from.max(1) as f64;
    let brief = if from < SHORT { to == 0 } else { ratio < BRIEF };
    (brief || to as f64 > LONG * from.max(SHORT) as f64).then_some(ratio)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What is unfounded in an Indonesian abstract, by kind and detail.
    fn in_indonesian(summary: &str, article: &str) -> Vec<(FlagKind, String)> {
        unfounded(summary, "id", "", article).into_iter().map(|flag| (flag.kind, flag.detail)).collect()
    }

    #[test]
    fn an_indonesian_abstract_is_read_as_indonesian() {
        for article in [
            "Proyek itu bernilai Rp 38,5 miliar.",
            "Inflasi 3,4 persen, kata Sari pada 14 Juli 2025.",
            "Sebanyak 1.900 keluarga menerima 2.500,75 ton beras dan 1,5 juta dolar.",
        ] {
            assert_eq!(in_indonesian(article, article), [], "{article}");
        }
        assert_eq!(in_indonesian("Pada 14/7/2025 hujan turun.", "Hujan turun 14 Juli 2025."), []);
        assert_eq!(in_indonesian("Hujan turun pada Juli 2025.", "Hujan (14/7/2025) deras."), []);
        assert_eq!(in_indonesian("Ada dua belas kapal.", "Ada 12 kapal."), []);
        let number = |detail: &str| (FlagKind::NumberAdded, detail.to_owned());
        for (summary, article, added) in [
            ("Sebanyak 5 orang tewas.", "Sebanyak 15 orang tewas.", "5"),
            ("Nilainya Rp 38,5 juta.", "Nilainya Rp 38,5 miliar.", "38,5"),
            ("Ada 10 orang tewas.", "Kerugian Rp 5 juta, dua rumah rusak.", "10"),
            ("Ada 20 orang.", "Ada dua orang.", "20"),
        ] {
            assert_eq!(in_indonesian(summary, article), [number(added)], "{summary}");
        }
        assert_eq!(in_indonesian("Nilainya Rp 38,5 miliar.", "Nilainya Rp38,5 miliar."), []);
        assert_eq!(
            in_indonesian("HUT ke-80 RI, 12 lampion.", "HUT kedelapan puluh RI, selusin lampion."),
            []
        );
        assert_eq!(in_indonesian("Ia juara 3.", "Ia juara ketiga di kuartal III."), []);
        assert_eq!(in_indonesian("Nilainya Rp 385 miliar.", "Nilainya Rp 38,5 miliar."), [number("385")]);
        assert_eq!(in_indonesian("Dua belas bulan penjara.", "Ia dipenjara."), [number("Dua belas")]);
        let name = (FlagKind::NameAdded, "Bogor".to_owned());
        assert_eq!(in_indonesian("Hujan turun di Bogor.", "Hujan turun di Depok."), [name]);
        assert_eq!(unfounded("Am 3. Mai in Ulm.", "de", "", "Hujan."), []);
    }

    #[test]
    fn what_is_no_sentence_is_not_compared() {
        let long = "Kapal itu tiba di dermaga. ".repeat(COMPARED / 20);
        let english = Translated::new("The ship came.", Stop::End);
        let flags = check(&long, &english, &[]);
        assert_eq!(flags.iter().map(|flag| flag.kind).collect::<Vec<_>>(), [FlagKind::OverlongSentence]);
        let english = Translated::new(long, Stop::Limit);
        let kinds = check("Kapal tiba.", &english, &[]).into_iter().map(|flag| flag.kind);
        assert_eq!(kinds.collect::<Vec<_>>(), [FlagKind::StoppedAtLimit, FlagKind::OverlongSentence]);
        assert!(comparable(&"a".repeat(COMPARED), "b") && !comparable("a", &"b".repeat(COMPARED + 1)));
    }

    fn kinds(source: &str, english: &str, stop: Stop, names: &[(&str, Label)]) -> Vec<FlagKind> {
        let english = Translated::new(english, stop);
        check(source, &english, names).into_iter().map(|flag| flag.kind).collect()
    }

    #[test]
    fn passes_a_good_translation() {
        let source =
            "Presiden Sari Wijaya membuka 12 sekolah senilai Rp2,5 triliun di Jawa Barat, Senin (4/3/2024).";
        let english = "President Sari Wijaya opened 12 schools worth Rp2.5 trillion in West Java on Monday, March 4, 2024.";
        let names = [("Sari Wijaya", Label::Per), ("Jawa Barat", Label::Loc)];
        assert_eq!(kinds(source, english, Stop::End, &names), []);
    }

    #[test]
    fn good_english_is_not_flagged() {
        use Label::{Loc, Org, Per};
        let names: &[(&str, Label)] = &[
            ("DPR", Org),
            ("Kemendagri", Org),
            ("Hari Santoso", Per),
            ("Aceh", Loc),
            ("Kementerian Lingkungan Hidup", Org),
            ("Budi", Per),
        ];
        for (source, english) in [
            ("DPR menyetujui anggaran itu.", "The House of Representatives approved the budget."),
            ("Kemendagri menolak usul itu.", "The Home Ministry rejected the proposal."),
            ("Presiden RI membuka pameran.", "The Indonesian president opened an exhibition."),
            ("Kementerian Lingkungan Hidup menutup pabrik.", "The Environment Ministry closed the factory."),
            ("Sidang digelar di Pengadilan Negeri.", "The trial was held at the District Court."),
            ("Ia menambahkan bahwa jalan ditutup.", "He added that the road was closed."),
            ("Bantuan diberikan kepada 12 kepala keluarga.", "Aid was given to 12 families."),
            ("Hari Santoso hadir.", "Hari Santoso was there."),
            ("Ia berkata, \"Jangan takut.\"", "He said, \"Don't be afraid.\""),
            ("\"Tetapi kami siap,\" katanya.", "\"But we're ready,\" he said. He added: \"We're calm.\""),
            ("Babak pertama berakhir imbang.", "The first half ended in a draw."),
            ("Setengah jam kemudian ia tiba.", "Half an hour later he arrived."),
            ("Ia mencatat waktu 1:23.456.", "He set a time of 1:23.456."),
            ("Gudang itu senilai RM1,5 juta.", "The warehouse is worth RM1.5 million."),
            ("Gudang itu senilai A$5 juta.", "The warehouse is worth A$5 million."),
            ("Warga Aceh itu pulang.", "The Acehnese resident went home."),
            ("Sari menemui Budi. Budi sakit.", "Sari visited Budi. Budi was ill."),
            (
                "Video drama musikal itu viral di berbagai platform digital.",
                "The musical drama video went viral on digital platforms.",
            ),
            (
                "Lagu \"hujan turun di jembatan bambu\" diputar.",
                "The song \"hujan turun di jembatan bambu\" was played.",
            ),
            ("[HOAKS] Warga menutup jembatan.", "[HOAKS] (HOAX) Residents closed the bridge."),
            ("Anggaran itu senilai Rp 12 M.", "The budget is worth Rp 12 billion."),
        ] {
            let names: Vec<(&str, Label)> =
                names.iter().copied().filter(|(name, _)| source.contains(name)).collect();
            let english = Translated::new(english, Stop::End);
            assert_eq!(check(source, &english, &names), [], "{source} / {}", english.text);
        }
    }

    #[test]
    fn flags_what_is_wrong() {
        use FlagKind::*;
        let source = "Warga desa meminta pemerintah segera memperbaiki jembatan yang rusak.";
        for (english, stop, expected) in [
            ("The villagers asked the government to repair the broken bridge soon.", Stop::End, vec![]),
            (
                "The villagers asked the government to repair the broken bridge soon.",
                Stop::Limit,
                vec![StoppedAtLimit],
            ),
            ("The villagers asked the government to repair the bridge.", Stop::Loop, vec![Repetition]),
            (source, Stop::End, vec![CopiedSource]),
            ("Villagers.", Stop::End, vec![LengthRatio]),
            ("", Stop::End, vec![LengthRatio]),
            ("The village and the village and the village and the bridge.", Stop::End, vec![Repetition]),
        ] {
            assert_eq!(kinds(source, english, stop, &[]), expected, "{english}");
        }
        let long = "The villagers asked the government to repair the bridge that has been damaged for many years now, \
                    which is what they also said last week when they had come to the town hall in great numbers.";
        assert_eq!(kinds(source, long, Stop::End, &[]), [LengthRatio]);
    }

    #[test]
    fn allows_what_the_source_repeats() {
        let song = "ole ole ole ole ole ole ole";
        assert_eq!(kinds(song, song, Stop::End, &[]), []);
    }

    #[test]
    fn a_summary_must_not_tell_what_the_article_does_not() {
        let english = "Governor Sari Wijaya opened 12 schools worth Rp2.5 trillion in West Java on Monday. \
                       Two hundred pupils came, said the Indonesian news agency.";
        let source =
            "Gubernur Sari Wijaya membuka 12 sekolah senilai Rp2,5 triliun di Jawa Barat, Senin (4/3/2024). \
                      Dua ratus siswa datang ke Surabaya.";
        for (summary, expected) in [
            ("Governor Sari Wijaya opened 12 schools in West Java. About 200 pupils came.", vec![]),
            ("She opened twelve schools on 4 March 2024 in Surabaya, Indonesia.", vec![]),
            ("One of the 12 schools is worth Rp3.5 trillion.", vec![(FlagKind::NumberAdded, "3.5")]),
            (
                "Thirty pupils came. The governor is Budi Santoso.",
                vec![(FlagKind::NumberAdded, "Thirty"), (FlagKind::NameAdded, "Budi Santoso")],
            ),
            (
                "Budi Santoso came with the CNN crew to West Java; Sari was there.",
                vec![(FlagKind::NameAdded, "Budi Santoso"), (FlagKind::NameAdded, "CNN")],
            ),
            ("", vec![]),
        ] {
            let found = unfounded(summary, "en", english, source);
            let found: Vec<_> = found.iter().map(|flag| (flag.kind, flag.detail.as_str())).collect();
            assert_eq!(found, expected, "{summary}");
        }
    }

    #[test]
    fn a_blank_source_has_no_flags() {
        assert_eq!(kinds(" \n", "", Stop::End, &[]), []);
    }

    proptest! {
        #[test]
        fn never_panics(source in ".*|[0-9., ribujta]{0,40}", english in ".*|[0-9., a-z]{0,40}", name in ".*") {
            kinds(&source, &english, Stop::End, &[(&name, Label::Per), (&name, Label::Loc), (&name, Label::Org)]);
            unfounded(&english, "en", &name, &source);
            unfounded(&english, "id", &name, &source);
        }
    }
}
