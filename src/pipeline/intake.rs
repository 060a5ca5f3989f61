//! What is said of an article before any stage sees it.

use crate::document::{Article, Flag, FlagKind};
use crate::error::{Error, Result};

use super::Options;

/// Shorter texts do not tell their language.
const MIN_CHARS_FOR_LANGUAGE: usize = 100;
/// So much of the text is enough to tell its language.
const MAX_BYTES_FOR_LANGUAGE: usize = 4_000;

/// Refuses what cannot be worked on.
pub(super) fn check(article: &Article, options: &Options) -> Result<()> {
    let (bytes, most) = (article.text.len(), options.max_article_bytes);
    if bytes > most {
        let message = format!(
            "the text has {bytes} bytes, more than `max_article_bytes` = {most}; cut it, or raise the limit"
        );
        return Err(Error::input(&article.id, message));
    }
    Ok(())
}

/// Flags what a person should know of: empty, HTML, control characters, another language.
pub(super) fn flags(text: &str) -> Vec<Flag> {
    let mut flags = Vec::new();
    if text.trim().is_empty() {
        flags.push(Flag::new(FlagKind::Empty, "the article has no text"));
    }
    if let Some(tag) = html_tag(text) {
        flags.push(Flag::new(FlagKind::Html, format!("found {tag}; extract the text first")));
    }
    if let Some((offset, character)) =
        text.char_indices().find(|(_, c)| c.is_control() && !"\n\r\t".contains(*c))
    {
        let detail = format!("U+{:04X} at byte {offset}", u32::from(character));
        flags.push(Flag::new(FlagKind::ControlCharacters, detail));
    }
    flags.extend(other_language(text));
    flags
}

/// A tag that running text does not hold.
fn html_tag(text: &str) -> Option<&'static str> {
    const TAGS: [&str; 8] = ["<html", "<body", "<div", "<p>", "<br", "<script", "<span", "<!doctype"];
    let start: String = text.chars().take(20_000).collect::<String>().to_lowercase();
    TAGS.into_iter().find(|tag| start.contains(tag))
}

fn other_language(text: &str) -> Option<Flag> {
    let mut end = text.len().min(MAX_BYTES_FOR_LANGUAGE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let sample = text.get(..end)?;
    if sample.chars().filter(|c| c.is_alphabetic()).count() < MIN_CHARS_FOR_LANGUAGE {
        return None;
    }
    let found = whatlang::detect(sample)?;
    // Javanese is what short Indonesian texts full of names are taken for.
    let akin = matches!(found.lang(), whatlang::Lang::Ind | whatlang::Lang::Jav);
    (found.is_reliable() && !akin)
        .then(|| Flag::new(FlagKind::NotIndonesian, format!("looks like {}", found.lang().eng_name())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<FlagKind> {
        flags(text).into_iter().map(|flag| flag.kind).collect()
    }

    #[test]
    fn flags_what_is_no_indonesian_news() {
        let english = "The government said on Monday that it would build three new schools in the east of the \
                       island, where many children still walk for hours every day to reach a classroom, and that \
                       the first of them would open within a year.";
        assert_eq!(kinds(english), [FlagKind::NotIndonesian]);
        assert_eq!(kinds(" \n"), [FlagKind::Empty]);
        assert_eq!(kinds("<div>Hujan turun.</div>"), [FlagKind::Html]);
        assert_eq!(kinds("Hujan\0turun."), [FlagKind::ControlCharacters]);
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
