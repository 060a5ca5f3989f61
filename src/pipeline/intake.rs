//! What is said of an article before any stage sees it.

use crate::clean::join_kept;
use crate::document::{Article, Flag, FlagKind, Sentence, Span};
use crate::error::{Error, Result};
use crate::lang::{identify, passages, Language};
use crate::part::Part;
use crate::reading::Reading;
use crate::sentence;

use super::Options;

/// A longer sentence has no end that the rules know, in bytes.
const OVERLONG: usize = sentence::LONGEST / 2;
/// Of a shorter text its passages are looked at, not the whole.
const MIN_LETTERS_FOR_LANGUAGE: usize = 40;

/// Refuses what cannot be worked on.
pub(super) fn check(article: &Article, options: &Options) -> Result<()> {
    let (bytes, most) = (article.text.len(), options.max_article_bytes);
    if bytes > most {
        let message = format!(
            "the text has {bytes} bytes, more than `max_article_bytes` = {most}; cut it, or raise the limit"
        );
        return Err(Error::unusable(&article.id, message));
    }
    Ok(())
}

/// Flags what a person should know of: empty, HTML, control characters. `reading` is that of `text`.
pub(super) fn flags(text: &str, reading: &Reading<'_>) -> Vec<Flag> {
    let mut flags = Vec::new();
    if reading.text().trim().is_empty() {
        flags.push(Flag::new(FlagKind::Empty, "the article has no text"));
    }
    if let Some(tag) = reading.first_tag() {
        flags.push(Flag::new(
            FlagKind::Html,
            format!("found {tag}; tags are passed over, check that the text is all there"),
        ));
    }
    if let Some((offset, character)) =
        text.char_indices().find(|(_, c)| c.is_control() && !"\n\r\t".contains(*c))
    {
        // Lines, for whoever reads may count bytes, characters or units of UTF-16.
        let before = text.part(..offset);
        let line = 1 + before.matches(['\n', '\r']).count() - before.matches("\r\n").count();
        let detail = format!("U+{:04X} in line {line}", u32::from(character));
        flags.push(Flag::new(FlagKind::ControlCharacters, detail));
    }
    flags
}

/// Flags the language of what cleaning kept, and passages in a language that is neither that nor Indonesian.
pub(super) fn other_languages(text: &str, kept: &[Span]) -> Vec<Flag> {
    let looks_like =
        |language: Language| Flag::new(FlagKind::NotIndonesian, format!("looks like {}", language.name()));
    let story = join_kept(text, kept);
    let whole = match story.chars().filter(|c| c.is_alphabetic()).count() < MIN_LETTERS_FOR_LANGUAGE {
        true => None,
        false => identify(&story).filter(|&language| language != Language::Indonesian),
    };
    let parts = kept.iter().flat_map(|part| {
        let start = part.start();
        passages(part.of(text)).into_iter().filter_map(move |(range, language)| {
            let span = Span::new(text, start + range.start, start + range.end).ok()?;
            (Some(language) != whole).then(|| looks_like(language).at(span))
        })
    });
    whole.map(looks_like).into_iter().chain(parts).collect()
}

/// Flags sentences that are longer than what models read at once.
pub(super) fn overlong(sentences: &[Sentence]) -> impl Iterator<Item = Flag> + '_ {
    sentences.iter().filter(|sentence| sentence.span.len() > OVERLONG).map(|sentence| {
        let detail = format!("{} bytes without an end; worked on in parts", sentence.span.len());
        Flag::new(FlagKind::OverlongSentence, detail).at(sentence.span)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<FlagKind> {
        let flags = [flags(text, &Reading::of(text)), other_languages(text, &[Span::whole(text)])].concat();
        flags.into_iter().map(|flag| flag.kind).collect()
    }

    #[test]
    fn flags_what_is_no_indonesian_news() {
        let english = "The government said on Monday that it would build three new schools in the east of the \
                       island, where many children still walk for hours every day to reach a classroom, and that \
                       the first of them would open within a year.";
        assert_eq!(kinds(english), [FlagKind::NotIndonesian]);
        assert_eq!(kinds(" \n"), [FlagKind::Empty]);
        for tag in [
            "div",
            "p class=\"a\"",
            "h2",
            "li",
            "a href=\"x\"",
            "td",
            "figure",
            "time",
            "BR/",
            "amp-img src=x",
        ] {
            assert_eq!(kinds(&format!("Kapal <{tag}> tiba.")), [FlagKind::Html], "{tag}");
        }
        assert_eq!(kinds("Hujan < 10 mm, suhu <nama> > 30 °C."), []);
        assert_eq!(kinds("Hujan\0turun."), [FlagKind::ControlCharacters]);
        let text = "Hujan\nturun\u{1b}.";
        assert_eq!(
            flags(text, &Reading::of(text)),
            [Flag::new(FlagKind::ControlCharacters, "U+001B in line 2")]
        );
    }

    #[test]
    fn names_the_language_of_the_article_and_of_its_passages() {
        let malay = "Kerajaan akan membina tiga buah sekolah baharu di kawasan timur pulau itu kerana ramai murid masih \
                     berjalan kaki ke sekolah, kata menteri.";
        let flags = |text: &str| other_languages(text, &[Span::whole(text)]);
        assert_eq!(flags(malay), [Flag::new(FlagKind::NotIndonesian, "looks like Malay")]);
        let mixed =
            "Warga berkumpul di balai desa pada hari Minggu untuk merayakan panen bersama para tetangga.\n\
                     \"Wis suwe ora ana udan,\" kata Paimin.";
        let [flag] = flags(mixed).try_into().unwrap();
        let span = flag.span.unwrap();
        assert_eq!((flag.detail.as_str(), span.of(mixed)), ("looks like Javanese", "Wis suwe ora ana udan,"));
    }

    #[test]
    fn says_nothing_of_an_indonesian_article() {
        let indonesian = "Pemerintah akan membangun tiga sekolah baru di bagian timur pulau itu, tempat banyak anak \
                          masih harus berjalan kaki berjam-jam setiap hari untuk sampai ke ruang kelas, dan sekolah \
                          pertama akan dibuka dalam waktu satu tahun.";
        assert_eq!(kinds(indonesian), []);
    }

    #[test]
    fn refuses_an_article_over_the_limit() {
        let options = Options { max_article_bytes: 4, ..Options::default() };
        assert!(check(&Article::new("long", "12345"), &options).is_err());
        assert!(check(&Article::new("fits", "1234"), &options).is_ok());
    }
}
