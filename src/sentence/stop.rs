//! Decides whether a final mark ends a sentence, from a few words on either side of it.

use super::quotes::{has_opening_mark, is_closing_mark};
use crate::lang::id::{self, Bond};

/// Marks that go on with a sentence.
const CONTINUATION: [char; 13] = [',', ';', ':', ')', ']', '/', '%', '=', '+', '.', '?', '!', '…'];

/// A run of final marks and what stands around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark<'a> {
    /// The sentence so far, or at least its last words.
    pub before: &'a str,
    /// Whether `before` reaches back to the start of the sentence.
    pub from_start: bool,
    /// The marks: `.`, `?!`, `...`
    pub run: &'a str,
    /// Quotes and brackets that close right behind the marks.
    pub closers: &'a str,
    /// Whether white space follows.
    pub spaced: bool,
    /// Whether the marks stand inside a quotation.
    pub quoted: bool,
    /// What follows the white space; at least a few words of it.
    pub after: &'a str,
}

impl Mark<'_> {
    /// Whether the sentence ends here.
    pub fn ends_sentence(&self) -> bool {
        if (self.after.starts_with(CONTINUATION) && !self.opens_with_ellipsis()) || self.closes_detached() {
            return false;
        }
        let next = Next::of(self.after);
        if next.first.is_none() {
            return false;
        }
        if self.run.contains(['!', '?']) {
            return self.shouted_ends(&next);
        }
        if self.run.contains('…') || self.run.len() > 1 {
            return self.ellipsis_ends(&next);
        }
        self.stop_ends(&next)
    }

    /// A closing quotation mark with a blank before it; one glued to a word opens: `siap. ”Kami`.
    fn closes_detached(&self) -> bool {
        let behind = self.after.strip_prefix(['”', '»', '›']);
        behind.is_some_and(|behind| !behind.starts_with(char::is_alphanumeric))
    }

    /// The next sentence leaves something out at its start.
    fn opens_with_ellipsis(&self) -> bool {
        self.spaced && self.run.len() == 1 && (self.after.starts_with("..") || self.after.starts_with('…'))
    }

    /// After `?` and `!`: a question in a sentence goes on in lower case (`"Siapa?" tanya Budi`). One outside of
    /// quotation marks asks the reader and ends, whatever the case of what follows.
    fn shouted_ends(&self, next: &Next<'_>) -> bool {
        if next.is_lower() && !(next.quoted && self.closers.is_empty()) {
            let asked = self.run.starts_with('?') && !self.quoted && self.closers.is_empty();
            return asked && self.spaced && !id::is_connective(next.word);
        }
        let name = format!("{}{}", last_word(self.before), self.run);
        if id::bond(&name).is_some() && !next.is_starter() {
            return false;
        }
        self.spaced || self.glued_ends(next)
    }

    /// After `...`: an omission goes on in lower case or with a number.
    fn ellipsis_ends(&self, next: &Next<'_>) -> bool {
        let goes_on = next.is_lower() || (next.is_digit() && !next.quoted);
        !goes_on && (self.spaced || self.glued_ends(next))
    }

    fn stop_ends(&self, next: &Next<'_>) -> bool {
        let word = last_word(self.before);
        if self.is_enumeration(word) {
            return false;
        }
        let lower = next.is_lower() && !next.quoted && !next.lettered;
        match self.bond(word, next) {
            Some(Bond::Strong) => false,
            Some(Bond::Soft) => (self.spaced || next.quoted) && next.is_starter() && !lower,
            // `Co. Ltd.`, `S.H. M.H.`
            Some(Bond::Weak) if next.dotted || id::bond(next.word) == Some(Bond::Weak) => false,
            Some(Bond::Weak) => {
                !lower
                    && !next.bracketed
                    && (self.spaced || next.quoted || (word.len() > 2 && self.glued_ends(next)))
            }
            Some(Bond::Number) | None if lower => self.ends_before_lower_case(word, next),
            Some(Bond::Number) | None => {
                (self.spaced || self.glued_ends(next)) && !continues_number(word, next)
            }
        }
    }

    /// How the stop after `word` binds it to what follows.
    fn bond(&self, word: &str, next: &Next<'_>) -> Option<Bond> {
        if id::is_short_unit(word) && self.previous(word).ends_with(|c: char| c.is_ascii_digit() || c == '°')
        {
            return None;
        }
        match id::bond(word) {
            Some(Bond::Number) if next.is_digit() || is_roman(next.word) => return Some(Bond::Strong),
            Some(Bond::Number) | None => {}
            known => return known,
        }
        let mut parts = word.split('.').filter(|part| !part.is_empty());
        let first = parts.next()?;
        let last = word.rsplit('.').next().unwrap_or_default();
        if !is_single_letter(first) {
            return None;
        }
        if first.len() == word.len() {
            return self.letter_bond(word, next);
        }
        let letters = word.chars().all(|c| c.is_alphabetic() || c == '.');
        match letters {
            // `a.n.`, `W.S.`
            true if word.split('.').all(is_single_letter) => {
                Some(if first.chars().all(char::is_lowercase) { Bond::Strong } else { Bond::Soft })
            }
            // `M.Si.`
            true if last.len() <= 5 => Some(if next.dotted { Bond::Strong } else { Bond::Weak }),
            _ => None,
        }
    }

    /// A letter of its own is the initial of a name, or a label (`vitamin C`).
    fn letter_bond(&self, letter: &str, next: &Next<'_>) -> Option<Bond> {
        if !letter.chars().all(char::is_uppercase) {
            return None;
        }
        if id::is_labelled(&last_word(self.previous(letter)).to_lowercase()) {
            return None;
        }
        Some(if self.spaced || next.quoted { Bond::Soft } else { Bond::Strong })
    }

    /// The sentence so far without its last word.
    fn previous(&self, word: &str) -> &str {
        self.before.strip_suffix(word).unwrap_or_default().trim_end()
    }

    /// `1.` and `a.` at the start of a sentence or after a colon count something off.
    fn is_enumeration(&self, word: &str) -> bool {
        // Glued to its colon: `sebagai:1.`
        let (glued, word) = match word.rsplit_once([':', ';']) {
            Some((before, counter)) => (!before.ends_with(|c: char| c.is_ascii_digit()), counter),
            None => (false, word),
        };
        let short = match word.chars().next() {
            Some(c) if c.is_ascii_digit() => word.len() <= 3 && word.chars().all(|c| c.is_ascii_digit()),
            Some(c) if c.is_alphabetic() => is_single_letter(word) || is_roman(word),
            _ => false,
        };
        if !short || !self.closers.is_empty() {
            return false;
        }
        let head = self.previous(word);
        // But `skor 2: 1.` is a score.
        let listed = match head.strip_suffix(':') {
            Some(before) => before.trim_end().ends_with(|c: char| !c.is_ascii_digit()),
            None => head.ends_with([';', '(']),
        };
        (head.is_empty() && self.from_start) || glued || listed
    }

    /// A sentence that starts in lower case, after a full word and a plain stop: a slip of the author, seen often
    /// enough before `dr Budi` or `iPhone`.
    fn ends_before_lower_case(&self, word: &str, next: &Next<'_>) -> bool {
        let full = word.chars().count() >= 4 && word.chars().all(|c| c.is_alphabetic() || c == '-');
        let year = word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
        let closed = self.closers.ends_with(')') || word.ends_with(')');
        let quoted = self.closers.contains(|c| is_closing_mark(c) || matches!(c, '\'' | '’'));
        self.spaced && !quoted && (full || year || closed) && !id::is_domain(next.word)
    }

    /// A stop without white space behind it (`penuh.Warga`), as scraping leaves it.
    fn glued_ends(&self, next: &Next<'_>) -> bool {
        if next.quoted || (next.bracketed && next.is_upper()) {
            return true;
        }
        let word = last_word(self.before);
        let closed = !self.closers.is_empty();
        if id::is_domain(&next.word.to_lowercase()) {
            return false;
        }
        if next.is_digit() {
            return closed || (next.counts && word.ends_with(char::is_lowercase));
        }
        if !next.is_upper() {
            return false;
        }
        let mut letters = next.word.chars().skip(1);
        match letters.next() {
            // `Dia`
            Some(second) if second.is_lowercase() => true,
            // `KPK`: only behind what is neither a name in capitals nor a number of a list
            Some(_) => {
                closed
                    || word.ends_with(|c: char| !c.is_alphanumeric())
                    || (word.len() > 2 && word.ends_with(|c: char| c.is_lowercase() || c.is_ascii_digit()))
            }
            None => next.first.is_some_and(|c| !c.is_lowercase() && !c.is_uppercase()),
        }
    }
}

/// What follows a mark.
#[derive(Debug)]
struct Next<'a> {
    /// First letter or digit, behind opening quotes, brackets and bullets.
    first: Option<char>,
    /// The word that it starts.
    word: &'a str,
    /// Whether a double quote opens before the word.
    quoted: bool,
    /// Whether a bracket opens before the word.
    bracketed: bool,
    /// Whether the word is the number of an item: `2. `
    counts: bool,
    /// Whether the word is the letter of an item: `b. Tuang`
    lettered: bool,
    /// Whether the word is a letter with a stop and more letters behind it: `M.Si`
    dotted: bool,
}

impl<'a> Next<'a> {
    fn of(after: &'a str) -> Self {
        let rest = after.trim_start_matches(|c: char| !c.is_alphanumeric());
        let opening = after.strip_suffix(rest).unwrap_or_default();
        let word = rest.split(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or_default();
        let mut behind = rest.chars().skip(1);
        let dotted = is_single_letter(word)
            && behind.next() == Some('.')
            && behind.next().is_some_and(char::is_alphabetic);
        let item = rest.get(word.len()..).and_then(|behind| behind.strip_prefix(". "));
        Next {
            first: rest.chars().next(),
            word,
            quoted: has_opening_mark(opening),
            bracketed: opening.contains(['(', '[']),
            counts: word.len() <= 2 && item.is_some(),
            lettered: is_single_letter(word) && item.is_some_and(|item| item.starts_with(char::is_uppercase)),
            dotted,
        }
    }

    fn is_lower(&self) -> bool {
        self.first.is_some_and(char::is_lowercase)
    }

    /// A capital, or a letter of a script that has none.
    fn is_upper(&self) -> bool {
        self.first.is_some_and(|c| c.is_alphabetic() && !c.is_lowercase())
    }

    fn is_digit(&self) -> bool {
        self.first.is_some_and(char::is_numeric)
    }

    fn is_starter(&self) -> bool {
        self.quoted || id::is_starter(&self.word.to_lowercase())
    }
}

/// The last run of characters without white space, without what opens before it.
pub(super) fn last_word(before: &str) -> &str {
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    word.trim_start_matches(|c: char| !c.is_alphanumeric())
}

/// `17. Agustus` and `2.904. 678`: a number whose stop is no full stop.
fn continues_number(word: &str, next: &Next<'_>) -> bool {
    let number = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || c == '.');
    let month = word.len() <= 2 && id::month(&next.word.to_lowercase()).is_some();
    let thousands =
        word.contains('.') && next.word.len() == 3 && next.word.chars().all(|c| c.is_ascii_digit());
    // `10 Feb. 2022`
    let short = word.len() == 3 && !word.eq_ignore_ascii_case("mei") || word.eq_ignore_ascii_case("sept");
    let year = short && next.is_digit() && id::month(&word.to_lowercase()).is_some();
    (number && (month || thousands)) || year
}

fn is_single_letter(word: &str) -> bool {
    let mut characters = word.chars();
    characters.next().is_some_and(char::is_alphabetic) && characters.next().is_none()
}

fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.len() <= 5 && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L'))
}
