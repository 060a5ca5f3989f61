//! Marks names that were found in one place of an article where they stand in another and were missed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::around::{is_told_as_person, names_a_site};
use super::cluster::is_title;
use super::merge::{inside, is_name};
use super::vote::{folded, settled};
use super::words::words;
use super::{Mention, SentencedText};
use crate::document::{Label, Span};
use crate::lang::id;

/// Part of the occurrences of a name that must be found, each weighed by its score, for the others to be marked too.
const LEAST: f32 = 0.4;
/// What the score of a full name is worth for a part of it.
const OF_PART: f32 = 0.8;
/// Least score of a nation's name.
const OF_NATION: f32 = 0.5;
/// Letters of a part of a person's name at least.
const PART_LETTERS: usize = 4;

/// A name to look for.
struct Known {
    label: Label,
    /// Sum of the scores of its mentions, and for a part of a name of those of the full one.
    score: f32,
    /// Mentions that were found; none for a part of a name.
    found: usize,
}

/// `mentions` (ordered, disjoint) with those added that repeat them elsewhere in the article, ordered and disjoint.
///
/// What is added is written exactly like a name that was found, or is the first or last word of just one person's
/// name; it begins with a capital, ends at word boundaries, overlaps no other name and stands beside no other word with a capital that no
/// mention covers, save for a title before it. A single word that the article also has in lower case is no name to look for. What a
/// street is named after (`Jalan Slamet Riyadi`) is nobody. A date or quantity that lies inside what is added gives way: the `Minggu` of
/// `Pasar Minggu`.
///
/// The score of a repeated name is the sum of the scores of its mentions by all its occurrences, found or not: where a name was found
/// with 0.9 in three places of four, the fourth gets 0.67. Below 0.4 none is added: what the model denied in most
/// places it should not be overruled in. A part of a name gets 0.8 of the mean score of the full one. Names of nations (`Rusia`) are
/// marked whether they were found elsewhere or not, with 0.5 at least: the sets that models learn from mark them in one place
/// and not in the next. `bahasa Rusia` is no place, nor is a name by which the article tells a person (`Oman (45)`, `berinisial AS`).
pub fn with_repeats(text: &SentencedText<'_>, mentions: Vec<Mention>) -> Vec<Mention> {
    let known = known(text.text, &mentions);
    let people = mentions.iter().filter(|mention| mention.label == Label::Per);
    let mut people: HashSet<&str> = people
        .filter(|person| {
            id::is_nation(person.span.of(text.text)) && is_told_as_person(text.text, person.span)
        })
        .map(|person| person.span.of(text.text))
        .collect();
    let mut places: BTreeMap<&str, Vec<Mention>> = BTreeMap::new();
    let common = lower_case_words(text);
    let mut by_sentence: Vec<Vec<&Mention>> = vec![Vec::new(); text.sentences.len()];
    for mention in &mentions {
        by_sentence.get_mut(mention.sentence).into_iter().for_each(|own| own.push(mention));
    }
    for (index, sentence) in text.sentences.iter().enumerate() {
        let inner = sentence.span.of(text.text);
        if !inner.chars().any(char::is_lowercase) {
            continue; // In a headline in capitals no capital tells anything.
        }
        let start = sentence.span.start();
        let words: Vec<Range<usize>> =
            words(inner).into_iter().map(|word| word.start + start..word.end + start).collect();
        let own = by_sentence.get(index).map(Vec::as_slice).unwrap_or_default();
        let mut at = 0;
        while at < words.len() {
            // The longest name that starts here.
            let longest = (at + 1..=words.len().min(at + MOST_WORDS)).rev().find_map(|end| {
                let range = words.get(at)?.start..words.get(end.checked_sub(1)?)?.end;
                let name = text.text.get(range.clone())?;
                let nation = id::is_nation(name) && !is_language(text.text, &words, at);
                let label = known.get(name).map(|known| known.label).or(nation.then_some(Label::Loc))?;
                let span = Span::new(text.text, range.start, range.end).ok()?;
                let in_the_way =
                    |m: &Mention| m.span.overlaps(span) && (is_name(m.label) || !inside(m.span, span));
                let free = !own.iter().any(|&m| in_the_way(m));
                let alone = end > at + 1 || !common.contains(&folded(name));
                let bearer = label != Label::Per || !names_a_site(text.text, span);
                (free && alone && bearer && apart(text.text, &words, at..end, own))
                    .then_some((end, span, name, label))
            });
            let Some((end, span, name, label)) = longest else {
                at += 1;
                continue;
            };
            if id::is_nation(name) && is_told_as_person(text.text, span) {
                people.insert(name);
            }
            let mention = Mention { span, label, score: 0.0, sentence: index, value: None };
            places.entry(name).or_default().push(mention);
            at = end;
        }
    }
    let mut all = mentions;
    for (name, mut missed) in places {
        let score = known.get(name).map_or(0.0, |known| match known.found {
            0 => known.score * OF_PART,
            found => known.score / (found + missed.len()) as f32,
        });
        let nation = id::is_nation(name) && missed.iter().all(|mention| mention.label == Label::Loc);
        if nation && !known.contains_key(name) && people.contains(name) {
            continue;
        }
        let score = if nation { score.max(OF_NATION) } else { score };
        if score >= LEAST {
            missed.iter_mut().for_each(|mention| mention.score = score);
            all.append(&mut missed);
        }
    }
    // A name begins before the date that it holds, or with it and ends later.
    all.sort_by_key(|mention| (mention.span.start(), std::cmp::Reverse(mention.span.end())));
    let mut end = 0;
    all.retain(|mention| {
        let free = mention.span.start() >= end;
        end = end.max(mention.span.end());
        free
    });
    all
}

fn is_language(text: &str, words: &[Range<usize>], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| text.get(words.get(before)?.clone()));
    before.is_some_and(|word| word.eq_ignore_ascii_case("bahasa"))
}

/// Words of a name at most.
const MOST_WORDS: usize = 12;

/// The names of an article, as written, that bear one label wherever they stand, and the parts of persons' names that tell
/// one person.
fn known(text: &str, mentions: &[Mention]) -> BTreeMap<String, Known> {
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    let mut doubtful: HashSet<String> = HashSet::new();
    for (mention, label) in mentions.iter().zip(settled(text, mentions)) {
        if !is_name(label) || (label == Label::Per && names_a_site(text, mention.span)) {
            continue;
        }
        let surface = mention.span.of(text);
        let letters = surface.chars().filter(|c| c.is_alphabetic()).count();
        let shouted = !surface.chars().any(char::is_lowercase);
        if letters < if shouted { 2 } else { 3 } || !surface.chars().next().is_some_and(char::is_uppercase) {
            continue;
        }
        let entry = known.entry(surface.to_owned()).or_insert(Known { label, score: 0.0, found: 0 });
        if entry.label != label {
            doubtful.insert(surface.to_owned());
        }
        entry.score += mention.score;
        entry.found += 1;
    }
    let parts = parts(&known);
    known.retain(|name, _| !doubtful.contains(name));
    for (part, score) in parts {
        known.entry(part).or_insert(Known { label: Label::Per, score, found: 0 });
    }
    known
}

/// First and last words of persons' names that belong to one name only, with the mean score of that name.
fn parts(known: &BTreeMap<String, Known>) -> HashMap<String, f32> {
    let mut parts: HashMap<String, Option<(&str, f32)>> = HashMap::new();
    for (name, person) in known.iter().filter(|(_, known)| known.label == Label::Per) {
        let words: Vec<&str> = name.split_whitespace().filter(|word| !is_title(word)).collect();
        let ([first, .., last], mean) = (words.as_slice(), person.score / person.found.max(1) as f32) else {
            continue;
        };
        let telling = |word: &&str| {
            word.chars().count() >= PART_LETTERS
                && word.chars().next().is_some_and(char::is_uppercase)
                && word.chars().skip(1).all(char::is_lowercase)
                && !id::is_starter(&word.to_lowercase())
        };
        // What follows `bin` names the father.
        let father = words.iter().any(|word| ["bin", "binti"].contains(word));
        let ends = [Some(*first), (!father).then_some(*last)];
        for word in ends.into_iter().flatten().filter(telling) {
            let owner = parts.entry(word.to_owned()).or_insert(Some((name, mean)));
            // Longer and shorter forms of one name share their parts.
            *owner = match *owner {
                Some((other, best)) if name.contains(other) || other.contains(name.as_str()) => {
                    Some((if name.len() > other.len() { name } else { other }, mean.max(best)))
                }
                _ => None,
            };
        }
    }
    // A word of another name may be meant by it.
    let others: HashSet<&str> = known
        .iter()
        .filter(|(_, known)| known.label != Label::Per)
        .flat_map(|(name, _)| name.split_whitespace())
        .collect();
    let kept = parts.into_iter().filter_map(|(part, owner)| Some((part, owner?.1)));
    kept.filter(|(part, _)| !others.contains(part.as_str())).collect()
}

/// The words that the text has in lower case.
fn lower_case_words(text: &SentencedText<'_>) -> HashSet<String> {
    let sentences = text.sentences.iter().map(|sentence| sentence.span.of(text.text));
    sentences
        .flat_map(|sentence| words(sentence).into_iter().filter_map(|word| sentence.get(word)))
        .filter(|word| word.chars().next().is_some_and(char::is_lowercase))
        .map(str::to_owned)
        .collect()
}

/// Whether the words `range` stand beside no capital that makes them part of a longer name.
fn apart(text: &str, words: &[Range<usize>], range: Range<usize>, mentions: &[&Mention]) -> bool {
    let belongs = |at: usize, left: usize, right: usize| {
        let Some(word) = words.get(at) else { return false };
        let (Some(written), Some(between)) = (text.get(word.clone()), text.get(left..right)) else {
            return false;
        };
        let capital = written.chars().next().is_some_and(char::is_uppercase);
        let covered = mentions.iter().any(|m| m.span.start() < word.end && word.start < m.span.end());
        capital && !covered && between.chars().all(|c| c == ' ' || c == '\u{a0}')
    };
    let (Some(first), Some(last)) = (words.get(range.start), words.get(range.end.saturating_sub(1))) else {
        return false;
    };
    let before = range.start.checked_sub(1).and_then(|at| Some((at, words.get(at)?)));
    // The first word of a sentence has its capital from there.
    let joined_before = before.is_some_and(|(at, word)| {
        let title = text.get(word.clone()).is_some_and(is_title);
        at > 0 && !title && belongs(at, word.end, first.start)
    });
    let joined_behind = words.get(range.end).is_some_and(|word| belongs(range.end, last.end, word.start));
    !joined_before && !joined_behind
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Sentence;

    /// Marks the names given as they stand first in the text, with their scores, and gives what is added: surface,
    /// label, sentence and score in hundredths.
    fn added(text: &str, names: &[(&str, Label, f32)]) -> Vec<(String, Label, usize, u32)> {
        let mut start = 0;
        let sentences: Vec<Sentence> = text
            .split_inclusive('\n')
            .map(|line| {
                let span = Span::new(text, start, start + line.len()).unwrap().trimmed(text);
                start += line.len();
                Sentence { span, paragraph: 0, kind: Default::default() }
            })
            .collect();
        let mut taken = 0;
        let mentions: Vec<Mention> = names
            .iter()
            .map(|&(name, label, score)| {
                let at = taken + text[taken..].find(name).unwrap();
                taken = at + name.len();
                let span = Span::new(text, at, taken).unwrap();
                let sentence = sentences.iter().position(|sentence| sentence.span.overlaps(span)).unwrap();
                Mention { span, label, score, sentence, value: None }
            })
            .collect();
        let all = with_repeats(&SentencedText { text, sentences: &sentences, date: None }, mentions.clone());
        assert!(all.windows(2).all(|pair| pair[0].span.end() <= pair[1].span.start()), "{all:?}");
        assert!(mentions.iter().all(|mention| !is_name(mention.label) || all.contains(mention)));
        let new = all.iter().filter(|mention| !mentions.contains(mention));
        new.map(|m| (m.span.of(text).to_owned(), m.label, m.sentence, (m.score * 100.0).round() as u32))
            .collect()
    }

    fn one(name: &str, label: Label, sentence: usize, score: u32) -> Vec<(String, Label, usize, u32)> {
        vec![(name.to_owned(), label, sentence, score)]
    }

    #[test]
    fn marks_an_exact_repeat() {
        let text = "Kapal tiba di Ambon Lama.\nWarga Ambon Lama senang.";
        assert_eq!(added(text, &[("Ambon Lama", Label::Loc, 0.9)]), one("Ambon Lama", Label::Loc, 1, 45));
    }

    #[test]
    fn weighs_what_was_found_against_what_was_not() {
        let text = "Ambon ramai.\nKe Ambon lagi.\nDari Ambon juga.\nPulang ke Ambon pula.";
        let found = |n: usize| vec![("Ambon", Label::Loc, 0.9); n];
        assert_eq!(added(text, &found(3)), one("Ambon", Label::Loc, 3, 67));
        assert!(added(text, &found(1)).is_empty(), "missed three times of four");
    }

    #[test]
    fn marks_parts_of_one_persons_name() {
        let text = "Emil Makaron tiba.\nPresiden Makaron pulang.";
        assert_eq!(added(text, &[("Emil Makaron", Label::Per, 0.9)]), one("Makaron", Label::Per, 1, 72));
        let text = "Yulius Mambang tiba.\nKata Yulius, ia pulang.";
        assert_eq!(added(text, &[("Yulius Mambang", Label::Per, 1.0)]), one("Yulius", Label::Per, 1, 80));
    }

    #[test]
    fn leaves_a_part_that_tells_nobody() {
        let two = [("Emil Makaron", Label::Per, 0.9), ("Brigita Makaron", Label::Per, 0.9)];
        assert!(added("Emil Makaron dan Brigita Makaron tiba.\nMenurut Makaron, ya.", &two).is_empty());
        let place = [("Emil Makaron", Label::Per, 0.9), ("Sungai Makaron", Label::Loc, 0.9)];
        assert!(added("Emil Makaron di Sungai Makaron.\nDi Makaron hujan.", &place).is_empty());
        let father = [("Zul bin Kasturi", Label::Per, 0.9)];
        assert!(added("Zul bin Kasturi tiba.\nAyahnya, Kasturi, pulang.", &father).is_empty());
        let doubtful = [("Emil Makaron", Label::Per, 0.45)];
        assert!(added("Emil Makaron tiba.\nMakaron pulang.", &doubtful).is_empty());
    }

    #[test]
    fn forms_of_one_name_share_their_parts() {
        let names = [("Emil Makaron", Label::Per, 0.9), ("Emil Jan Makaron", Label::Per, 0.9)];
        assert!(added("Emil Makaron tiba.\nEmil Jan Makaron pulang.\nKata Emil, ya.", &names).is_empty());
        let names = [("Emil Makaron", Label::Per, 0.9), ("Jan Emil Makaron", Label::Per, 0.8)];
        let text = "Emil Makaron tiba.\nJan Emil Makaron pulang.\nKata Makaron, ya.";
        assert_eq!(added(text, &names), one("Makaron", Label::Per, 2, 72));
    }

    #[test]
    fn leaves_what_belongs_to_a_longer_name() {
        let bogor = [("Bogor", Label::Loc, 0.9)];
        assert!(added("Hujan di Bogor deras.\nRektor Institut Pertanian Bogor tiba.", &bogor).is_empty());
        assert!(added("Hujan di Bogor deras.\nStasiun di Bogor Utara penuh.", &bogor).is_empty());
        assert!(added("Hujan di Bogor deras.\nBogorindo tutup.\nWarga bogor-bogor.", &bogor).is_empty());
        // A title before it, the start of a sentence, a mark between.
        assert_eq!(added("Hujan di Bogor deras.\nWali Kota Bogor tiba.", &bogor), []);
        assert_eq!(added("Hujan di Bogor deras.\nWarga Bogor tiba.", &bogor).len(), 1);
        assert_eq!(added("Hujan di Bogor deras.\nDari Depok, Bogor dan lain-lain.", &bogor).len(), 1);
    }

    #[test]
    fn looks_into_no_other_mention() {
        let names = [("Bogor", Label::Loc, 0.9), ("Persib Bogor", Label::Org, 0.9)];
        assert!(added("Hujan di Bogor deras.\nLaga Persib Bogor usai.", &names).is_empty());
    }

    #[test]
    fn leaves_words_that_are_no_names_elsewhere() {
        let sinar = [("Sinar", Label::Org, 0.95)];
        assert!(
            added("Saham Sinar naik.\nSinar matahari terik, kata dia.\nIa melihat sinar.", &sinar).is_empty()
        );
        assert!(added("Saham Sinar naik.\nSINAR NAIK LAGI", &sinar).is_empty());
    }

    #[test]
    fn leaves_a_name_with_two_labels() {
        let names = [("Noordwal", Label::Loc, 0.95), ("Noordwal", Label::Org, 0.95)];
        assert!(
            added("Di Noordwal hujan.\nBek Noordwal cedera.\nIa suka Noordwal sekali.", &names).is_empty()
        );
    }

    #[test]
    fn marks_nations_wherever_they_stand() {
        assert_eq!(added("Warga Rusia tiba.", &[]), one("Rusia", Label::Loc, 0, 50));
        let found = [("Rusia", Label::Loc, 0.6)];
        let text = "Ia ke Rusia.\nDari Rusia, ia pulang.\nMenlu Rusia tiba.\nKata Rusia, ya.";
        assert_eq!(added(text, &found).len(), 3);
        let longest = added("Pesawat dari Korea Selatan tiba.", &[]);
        assert_eq!(longest, one("Korea Selatan", Label::Loc, 0, 50));
        for none in [
            "Ia belajar bahasa Rusia.",
            "Kantor Bank Rusia tutup.",
            "RUSIA MENANG",
            "Tim Rusia Raya.",
            "Kue rusia.",
        ] {
            assert!(added(none, &[]).is_empty(), "{none}");
        }
        assert!(added("Bank Rusia tutup.", &[("Bank Rusia", Label::Org, 0.9)]).is_empty());
    }

    #[test]
    fn marks_no_nation_where_its_name_is_a_persons() {
        for text in [
            "Polisi menangkap AS (28).\nMenurut polisi, AS mengaku.",
            "Tersangka berinisial AS dan RI ditangkap.\nKata polisi, RI mengaku.",
            "Panen petani bernama Oman bagus.\nMenurut Oman, hujan turun.",
        ] {
            assert!(added(text, &[]).is_empty(), "{text}");
        }
        let person = [("Oman", Label::Per, 0.9)];
        let text = "Oman (45) panen.\nMenurut Oman, hujan turun.";
        assert_eq!(added(text, &person), one("Oman", Label::Per, 1, 45));
        let place = [("Oman", Label::Loc, 0.9)];
        assert_eq!(added("Di Oman hujan.\nGol Oman (45), tim Oman menang.", &place).len(), 2);
        assert_eq!(added("Kapal AS (2024) tiba.\nPelaku lari. AS menolak.", &[]).len(), 2);
    }

    #[test]
    fn a_street_is_not_the_person_it_is_named_after() {
        let person = [("Slamet Riyadi", Label::Per, 0.9)];
        for street in [
            "Jalan Slamet Riyadi ditutup.",
            "Macet di Jl. Slamet Riyadi.",
            "Jl. Jenderal Slamet Riyadi macet.",
        ] {
            assert!(added(&format!("Kata Slamet Riyadi, ya.\n{street}"), &person).is_empty(), "{street}");
        }
        assert_eq!(added("Kata Slamet Riyadi, ya.\nMenurut Slamet Riyadi, ya.", &person).len(), 1);
        assert_eq!(added("Kata Slamet Riyadi, ya.\nIa jalan. Slamet Riyadi pulang.", &person).len(), 1);
    }

    #[test]
    fn a_name_that_is_known_keeps_the_date_within_it() {
        let text = "Api di Pasar Minggu padam.\nCamat Pasar Minggu tiba Minggu pagi.";
        let names = |place| {
            [("Pasar Minggu", Label::Loc, 0.9), ("Minggu", Label::Date, 1.0), (place, Label::Date, 1.0)]
        };
        assert_eq!(added(text, &names("Minggu pagi")), one("Pasar Minggu", Label::Loc, 1, 45));
        let text = "Api di Pasar Minggu padam.\nCamat Pasar Minggu (11/5) tiba.";
        let beyond = [("Pasar Minggu", Label::Loc, 0.9), ("Minggu (11/5)", Label::Date, 1.0)];
        assert!(added(text, &beyond).is_empty());
    }

    #[test]
    fn nothing_comes_of_nothing() {
        assert!(added("Hujan turun.", &[]).is_empty());
        assert!(added("Pada Senin hujan.\nSenin ini juga.", &[("Senin", Label::Date, 1.0)]).is_empty());
        assert!(added("Ia ke X lagi.\nKe X pula. 🙂", &[("X", Label::Loc, 0.9)]).is_empty());
    }
}
