//! Words that lost the blank between them where a scraper dropped a link or a mark of emphasis: `Verdonkkarena`, `bersamaPersebaya`.
//!
//! A word is cut only where the article itself has both halves as words, or where one of them leaves no doubt: a name of the article before a
//! word that no name ends with, or one that no sentence ends with before a name (`diAmbon`); or where the word itself shows it ([`lost_blank`]). That cuts 3,600 words in 19,000 articles of a
//! dozen publishers. Of 400 that were looked at while the rules were made a dozen were wrong (`Danantara`, `PlayStation`, `Serbaguna`), each of a kind that
//! is left whole since; of 110 at the end all were right.

use std::collections::HashMap;

use super::layer::Replacement;
use crate::lang::id;
use crate::part::Part;
use crate::text::floor;

/// Letters of a name before a word of the list, at least; shorter ones are beginnings of words (`Be-lum`).
const NAME: usize = 3;
/// Letters of each half where a capital parts them, at least: `WhatsApp`, `GoTo` have less.
const HALF: usize = 4;
/// Words that open a link to another article, which may be glued to a word before them.
const LINKS: [&str; 22] = [
    "Baca juga",
    "Baca Juga",
    "BACA JUGA",
    "Baca:",
    "BACA:",
    "Baca selanjutnya",
    "Baca Selanjutnya",
    "BACA SELANJUTNYA",
    "Simak juga",
    "Simak Juga",
    "SIMAK JUGA",
    "Lihat juga",
    "Lihat Juga",
    "LIHAT JUGA",
    "Tonton juga",
    "Tonton Juga",
    "Pilihan Editor:",
    "Pilihan editor:",
    "Berita Terkait:",
    "Artikel Terkait:",
    "Berita Selanjutnya:",
    "Artikel Selanjutnya:",
];
/// Bytes from there to the end of its title, at most.
const LINK: usize = 250;
/// Bytes of two words, at most.
const TWO_WORDS: usize = 64;
/// Bytes of a word of the lists, at most.
const TAIL: usize = 16;

/// The blanks that were lost in `text`.
pub(super) fn find(text: &str) -> Vec<Replacement> {
    let words = words(text);
    let doubtful: Vec<(usize, &str)> = words.iter().copied().filter(|(_, word)| may_be_two(word)).collect();
    if doubtful.is_empty() {
        return Vec::new();
    }
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for (_, word) in &words {
        *counts.entry(word).or_default() += 1;
    }
    let count = |word: &str| counts.get(word).copied().unwrap_or(0);
    let mut blanks = Vec::new();
    for (start, word) in doubtful {
        // Both ends of a name may be glued: `kepadaPolrimenjelang`.
        let mut from = 0;
        while let Some(at) = word.get(from..).and_then(|word| cut(word, &count)) {
            let ends_title = word.part(from + at..).starts_with(char::is_uppercase)
                && !id::is_connective(word.part(from..from + at));
            from += at;
            if ends_title && follows_link(text.part(..start)) {
                break;
            }
            blanks.push(Replacement { source: start + from..start + from, read: " ".into(), glued: false });
        }
    }
    blanks
}

/// Runs of letters that stand free: no parts of addresses, handles, numbers or words with a hyphen.
fn words(text: &str) -> Vec<(usize, &str)> {
    let joins = |c: char| c.is_alphanumeric() || "-_@#/&'’".contains(c);
    let mut words = Vec::new();
    let mut at = 0;
    for word in text.split(|c: char| !c.is_alphabetic()) {
        let (start, end) = (at, at + word.len());
        at = end + text.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let before = text.get(..start).and_then(|text| text.chars().next_back());
        let mut rest = text.part(end..).chars();
        let (after, beyond) = (rest.next(), rest.next());
        // `kompas.com`
        let dotted = after == Some('.') && beyond.is_some_and(char::is_alphanumeric);
        if !word.is_empty()
            && !before.is_some_and(|c| joins(c) || c == '.')
            && !after.is_some_and(joins)
            && !dotted
        {
            words.push((start, word));
        }
    }
    words
}

/// Whether a word looks as if it may be two.
fn may_be_two(word: &str) -> bool {
    let long = (NAME + 2..=TWO_WORDS).contains(&word.len());
    long && (word.contains(char::is_lowercase)
        && (capital_inside(word).is_some() || tail(word).is_some() || behind_place(word).is_some()))
}

/// Where the last capital stands that has a letter before it, if small letters alone follow it.
fn capital_inside(word: &str) -> Option<usize> {
    let at = word.rfind(char::is_uppercase).filter(|&at| at > 0)?;
    word.get(at..)?.chars().skip(1).all(char::is_lowercase).then_some(at)
}

/// Where a word of the lists begins that ends this one, behind a name; the longest of several.
fn tail(word: &str) -> Option<usize> {
    let listed = |tail: &str| id::is_glued(tail) || id::is_reporting_verb(tail);
    let mut places = word.char_indices().map(|(at, _)| at).skip(NAME).skip_while(|at| word.len() - at > TAIL);
    places.find(|&at| word.starts_with(char::is_uppercase) && word.get(at..).is_some_and(listed))
}

/// Where a blank belongs in a word, by how often words stand in the text.
fn cut(word: &str, count: &impl Fn(&str) -> usize) -> Option<usize> {
    before_name(word, count)
        .or_else(|| behind_name(word, count))
        .or_else(|| before_capital(word, count))
        .or_else(|| lost_blank(word).filter(|&at| is_shown(word, at, count)))
}

/// Whether a word that shows a lost blank by itself is two here. Of two capitals brands are made (`KlikDokter`), so that the article must have one of
/// the halves by itself, and the word only once; `PemimpinNya` writes of God.
fn is_shown(word: &str, at: usize, count: &impl Fn(&str) -> usize) -> bool {
    let (left, right) = (word.part(..at), word.part(at..));
    let joins = right.starts_with(char::is_lowercase);
    let apart = count(word) == 1 && right != "Nya" && (count(left) > 0 || count(right) > 0);
    word.starts_with(char::is_uppercase) && (joins || apart)
}

/// Whether a link to another article opens the line before a word: where the next sentence is glued to its title is all that tells where
/// it ends (`Baca juga: … PartaiKetua DPR …`), and cleaning needs to see that.
fn follows_link(before: &str) -> bool {
    let near = before.part(floor(before, before.len().saturating_sub(LINK))..);
    let line = near.rsplit('\n').next().unwrap_or(near);
    LINKS.iter().any(|link| line.contains(link))
}

/// A word that no sentence ends with, all in small letters, and a name: `kepadaPolri`, `diAmbon`. Not `kepadaNya`, which writes of God, nor
/// `keIslaman`, unless the article has such a name.
fn before_name(word: &str, count: &impl Fn(&str) -> usize) -> Option<usize> {
    let at = word.find(char::is_uppercase)?;
    let (left, name) = word.split_at_checked(at)?;
    let written = name.chars().skip(1).all(char::is_lowercase) && name.chars().count() >= NAME;
    let known = count(name) > 0 || id::is_known_place(name) || id::is_nation(name);
    let is_one = name == "Nya" || (left == "ke" && name.ends_with("an") && !known);
    (written && !is_one && id::is_connective(left)).then_some(at)
}

/// A name of the text, and a word of the list: `Verdonkkarena`.
fn behind_name(word: &str, count: &impl Fn(&str) -> usize) -> Option<usize> {
    let at = tail(word)?;
    let name = word.get(..at)?;
    // `Dan` has its capital from the beginning of a sentence: Danantara is a fund. Menjelang is a word, though Men be a name.
    let is_word = |text: &str| {
        let lower = text.to_lowercase();
        id::is_connective(&lower)
            || id::is_starter(&lower)
            || id::is_glued(&lower)
            || id::is_known_place(text)
    };
    let is_name = !is_word(word) && !is_word(name) || id::is_known_place(name);
    (is_name && count(name) >= count(word).max(1)).then_some(at)
}

/// Two words of the text, the second with a capital: `bersamaPersebaya`, `DPRKetua`. Of two capitals brands are made (`PlayStation`), so that one of
/// such halves must be a role, a place or what opens sentences.
fn before_capital(word: &str, count: &impl Fn(&str) -> usize) -> Option<usize> {
    let at = capital_inside(word)?;
    let (left, right) = word.split_at_checked(at)?;
    let letters = |text: &str| text.chars().count();
    let last_part = left.rfind(char::is_uppercase).and_then(|at| left.get(at..)).unwrap_or(left);
    let (before, after) = (last_part.to_lowercase(), right.to_lowercase());
    let certain = id::is_role(&before)
        || id::is_role(&after)
        || (id::is_starter(&after) && id::is_connective(&after))
        || id::is_known_place(last_part);
    let shouted = left.chars().all(char::is_uppercase) && letters(left) > 1 && letters(right) > 2;
    let small = left.starts_with(char::is_lowercase) && left == before;
    let halves = left.ends_with(char::is_lowercase) && letters(last_part) >= HALF && letters(right) >= HALF;
    let parts = (shouted && (certain || count(right) > 1)) || (halves && (small || certain));
    (parts && count(left) > 0 && count(right) > 0 && count(word) == 1).then_some(at)
}

/// Letters that the word before a lost blank has at least, and the one behind it.
const GLUED_LETTERS: usize = 4;

/// Words that join, and end no name of a place.
const JOINING: [&str; 10] =
    ["dan", "dengan", "dari", "untuk", "yang", "pada", "akan", "telah", "adalah", "karena"];

/// Where a word that joins begins behind a place abroad: `Eropadan`.
fn behind_place(word: &str) -> Option<usize> {
    let place = JOINING.iter().find_map(|join| word.strip_suffix(join))?;
    let known = place.starts_with(char::is_uppercase)
        && place.chars().count() > GLUED_LETTERS
        && id::is_known_place(place);
    known.then_some(place.len())
}

/// Where a lost blank belongs in `word`, in bytes.
///
/// A capital behind a small letter is no sign of one by itself: names of products and firms are written like that
/// (`WhatsApp`, `BeritaSatu`). Certain are a verb of saying behind a capitalized word (`Timesmelaporkan`), what opens
/// sentences or is no part of such names behind the capital (`RondonPelatih`, `UdaraJepang`), a word that never ends one
/// before it (`padaSeptember`, `PresidenJoko`), and a place abroad before a word that joins (`Eropadan`).
pub(crate) fn lost_blank(word: &str) -> Option<usize> {
    let letters = |text: &str| text.chars().count();
    if word.starts_with(char::is_uppercase) {
        let head = id::reporting_verbs().find_map(|verb| word.strip_suffix(verb));
        if let Some(head) = head.filter(|head| letters(head) >= 3 && head.ends_with(char::is_alphabetic)) {
            return Some(head.len());
        }
        if let Some(place) = behind_place(word) {
            return Some(place);
        }
    }
    let boundaries = word.char_indices().zip(word.chars().skip(1));
    let (cut, _) = boundaries.filter(|((_, a), b)| a.is_lowercase() && b.is_uppercase()).last()?.0;
    let cut = cut + word.get(cut..)?.chars().next()?.len_utf8();
    let (left, right) = word.split_at_checked(cut)?;
    let simple = right.chars().skip(1).all(char::is_lowercase);
    let opened = left.char_indices().rfind(|(_, c)| !c.is_lowercase()).map_or(0, |(at, _)| at);
    let last = left.get(opened..)?;
    let (before, after) = (last.to_lowercase(), right.to_lowercase());
    let opens = id::is_role(&after) || opens_sentence(&after) || id::is_nation_in_indonesian_only(right);
    let joins = left == before
        && id::is_connective(&before)
        && (letters(left) >= GLUED_LETTERS || ["di", "ke"].contains(&left));
    let ends = id::is_role(&before) && letters(last) > GLUED_LETTERS && letters(right) >= 3;
    let long = letters(last) >= GLUED_LETTERS && letters(right) >= GLUED_LETTERS;
    (simple && ((long && opens) || (joins && letters(right) >= 3) || ends)).then_some(cut)
}

/// Whether `lower` opens sentences and ends nothing: `menurut`, `setelah`, not `satu` or `pertama`, which names have too.
pub(crate) fn opens_sentence(lower: &str) -> bool {
    id::is_starter(lower) && id::is_connective(lower) && lower.len() >= 6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::read;

    #[test]
    fn blanks_are_put_back_where_article_or_word_leave_no_doubt() {
        for (scraped, meant) in [
            (
                "Calvin Verdonk absen. Pelatih kecewa pada Verdonkkarena cedera.",
                "Calvin Verdonk absen. Pelatih kecewa pada Verdonk karena cedera.",
            ),
            (
                "Wali Kota Rini tiba. Rinimengatakan air surut.",
                "Wali Kota Rini tiba. Rini mengatakan air surut.",
            ),
            (
                "Persebaya menang. Ia bermain bersamaPersebaya, lalu bersama Arema.",
                "Persebaya menang. Ia bermain bersama Persebaya, lalu bersama Arema.",
            ),
            (
                "Harapan kepadaPolrimenjelang hari jadi Polri diAmbon dan kePakistan.",
                "Harapan kepada Polri menjelang hari jadi Polri di Ambon dan ke Pakistan.",
            ),
            ("DPRKetua sidang. Ketua DPR pulang.", "DPR Ketua sidang. Ketua DPR pulang."),
            ("Kata SuwandiPelatih itu. Pelatih lain diam.", "Kata Suwandi Pelatih itu. Pelatih lain diam."),
            // The word itself shows it.
            ("Persaingan Eropadan Asia.", "Persaingan Eropa dan Asia."),
            ("The Tolare Timesmelaporkan itu.", "The Tolare Times melaporkan itu."),
        ] {
            assert_eq!(read(scraped), meant);
        }
    }

    #[test]
    fn the_end_of_the_title_of_a_link_stays_to_be_seen() {
        for text in [
            "Baca juga: Jembatan Tolo Dibuka BupatiKetua DPRD Rini pulang. Ketua rapat.",
            "Kata warga.Baca Juga: Rini Jadi Ketua PartaiMenurut Rini, air surut. Partai itu diam.",
            "Simak Juga: Kios Terbakar di IndonesiaWarga lari. Indonesia hujan, Warga lari.",
        ] {
            assert_eq!(find(text), [], "{text}");
        }
        let next_line = "Baca juga: Banjir\nThe Tolare Timesmelaporkan itu. TolareMenurut Rini.";
        assert_eq!(find(next_line).len(), 2);
        // These end no title.
        assert_eq!(
            find("Baca juga: Gempa Guncang diAmbon dan kepadaPolrimenjelang hari jadi Polri").len(),
            3
        );
        assert_eq!(find("Warga Tolare terlihat juga di sana. TolareMenurut Rini.").len(), 1);
    }

    #[test]
    fn what_may_be_one_word_stays() {
        for text in [
            "Verdonkkarena cedera.",
            "WhatsApp dan GoTo naik. App itu milik What.",
            "Halaman itu bersih, kata Hal.",
            "Rini ada di rini.com/Rinimengatakan dan @Rinimengatakan.",
            "Sukabumi dan Suka, Kotabaru dan Kota.",
            "Dan itu benar. Danyang bergerak.",
            "Wulan lahir di Solo. Wulandari guru, kata Maya di Mayapada.",
            "Men in Black diputar. Menjelang malam warga pulang.",
            "Ia berdoa kepadaNya tentang keIslaman.",
            "Play dan Station. PlayStation baru.",
            "BeritaSatu. Satu berita. BeritaSatu menulis Berita Satu.",
            "Rini-Rinimengatakan itu.",
            "KlikDokter dan SapaWarga, kata dokter dan warga.",
            "SapaWarga dibuka. Warga memakai SapaWarga.",
            "PemimpinNya menolong. Pemimpin itu pulang.",
            "",
        ] {
            assert_eq!(find(text), [], "{text}");
        }
    }

    #[test]
    fn a_word_without_end_is_no_two_words() {
        for long in ["A".to_owned() + &"界".repeat(300_000), "Aa".repeat(300_000)] {
            assert_eq!(find(&long), []);
        }
    }
}
