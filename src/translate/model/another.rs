//! Short names that an article uses for something else than the lists of the crate.

use crate::lang::id::dictionary;
use crate::part::Part;
use crate::translate::check::is_english;
use crate::translate::known::is_initials;

/// Whether an article uses a name of the lists for something else: initials of a person, or an English name of its own, as in
/// `Intelligent Transport System (ITS)`. Looks at the beginning of the article.
pub(super) fn is_another(article: &str, name: &str) -> bool {
    let short = (2..=LONGEST_SHORT).contains(&name.len()) && name.chars().all(|c| c.is_ascii_uppercase());
    if !short {
        return false;
    }
    let end = (0..=article.len().min(LOOKED_AT)).rev().find(|&end| article.is_char_boundary(end));
    let article = article.part(..end.unwrap_or(0));
    let part_of_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut another = false;
    for (at, _) in article.match_indices(name) {
        let (before, after) = (article.part(..at), article.part(at + name.len()..));
        if part_of_word(before.chars().next_back()) || part_of_word(after.chars().next()) {
            continue;
        }
        if let Some(before) = before.strip_suffix('(').filter(|_| after.starts_with(')')) {
            // Here the article says what it is.
            return stands_for_english(before, name);
        }
        another |= is_initials(article, &(at..at + name.len()));
    }
    another
}

/// Whether a text ends with English words whose initials are `short`, and which the lists do not mean by it.
fn stands_for_english(text: &str, short: &str) -> bool {
    let mut words: Vec<&str> = text.split_whitespace().rev().take(short.len()).collect();
    words.reverse();
    let spelled = words.len() == short.len()
        && words.iter().zip(short.chars()).all(|(word, letter)| word.to_uppercase().starts_with(letter));
    let phrase = words.join(" ");
    let meant = dictionary::name(short).is_some_and(|name| name.english.eq_ignore_ascii_case(&phrase));
    spelled && !meant && is_english(&phrase)
}

/// Letters of a short name at most.
const LONGEST_SHORT: usize = 8;
/// Bytes of an article that are searched for what it means by a short name.
const LOOKED_AT: usize = 16 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_may_mean_something_else_by_a_short_name() {
        for (article, name, expected) in [
            ("Kios memakai Intelligent Transport System (ITS). Menurut ITS, itu mudah.", "ITS", true),
            ("Kios di Institut Teknologi Sepuluh Nopember (ITS) ramai.", "ITS", false),
            ("Kata ITS, kios ramai.", "ITS", false),
            ("Kata hakim Mahkamah Agung (MA), R dan MA ditahan.", "MA", false),
            ("Polisi menahan R dan MA. Kata MA, kios ramai.", "MA", true),
            ("Kios BITS dan ITSA memakai Intelligent Transport System.", "ITS", false),
            ("Seorang pria berinisial DPR ditahan.", "Mahkamah Agung", false),
        ] {
            assert_eq!(is_another(article, name), expected, "{article}");
        }
        let long = format!("a{}Intelligent Transport System (ITS)", "é".repeat(LOOKED_AT));
        assert!(!is_another(&long, "ITS"));
    }
}
