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
    /// Whether a comma follows before the next capital or quotation. Some scrapes join paragraphs by it; else it goes on with
    /// the sentence behind an abbreviation (`Tbk., Jakarta`) or a title (`"Siapa?", Budi`).
    pub comma: bool,
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
        if self.comma && self.run != "." {
            return self.comma_joins_quotation(&next);
        }
        if self.run.contains(['!', '?']) {
            return self.shouted_ends(&next);
        }
        if self.run.contains('…') || self.run.len() > 1 {
            return self.ellipsis_ends(&next);
        }
        self.stop_ends(&next)
    }

    /// A comma that joins the paragraph of a quotation even where the text before it may go on: `dkk.,"Kami`. With a blank
    /// it parts a list (`"Siapa?", "Kapan?"`) or a speaker from what is said.
    fn comma_joins_quotation(&self, next: &Next<'_>) -> bool {
        next.quoted && !self.spaced
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
        let word = unglued(word);
        let lower = next.is_lower() && !next.quoted && !next.lettered;
        match self.bond(word, next) {
            Some(_) if self.comma => self.comma_joins_quotation(next),
            None if self.comma => !self.is_degree(word),
            Some(Bond::Strong) => false,
            Some(Bond::Soft) => (self.spaced || next.quoted) && next.is_starter() && !lower,
            // `Co. Ltd.`, `S.H. M.H.`
            Some(Bond::Weak | Bond::Degree) if next.dotted || is_listed_degree(next.word) => false,
            Some(Bond::Weak | Bond::Degree) => {
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
        if self.is_unit(word) || self.is_label(word, next) {
            return None;
        }
        match id::bond(word) {
            Some(Bond::Number) if next.is_digit() || is_roman(next.word) => return Some(Bond::Strong),
            Some(Bond::Number) | None => {}
            Some(Bond::Degree) => return Some(self.degree_bond(word, next, true)),
            known => return known,
        }
        let mut parts = word.split('.').filter(|part| !part.is_empty());
        let first = parts.next()?;
        let last = word.rsplit('.').next().unwrap_or_default();
        // `Drs.H`, `H.Drs`
        let titled = last.len() < word.len() && id::bond(first) == Some(Bond::Strong);
        if titled && (!is_single_letter(first) || id::bond(last) == Some(Bond::Strong)) {
            return self.bond(last, next);
        }
        if !is_single_letter(first) {
            return None;
        }
        if first.len() == word.len() {
            return self.letter_bond(word, next);
        }
        let letters = word.chars().all(|c| c.is_alphabetic() || c == '.');
        match letters {
            true if word.split('.').all(is_single_letter) => Some(match first {
                // `a.n.`
                _ if first.chars().all(char::is_lowercase) => Bond::Strong,
                // `M.H.`
                "B" | "D" | "M" | "S" => self.degree_bond(word, next, false),
                // `W.S.`
                _ => Bond::Soft,
            }),
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
        Some(if self.spaced || next.quoted { Bond::Soft } else { Bond::Strong })
    }

    /// Whether letters are no initials, since the noun before takes them as its label; `berinisial A. S.` goes on.
    /// Of letters that are titles as well (`tim H. Amir`) only those of a name are.
    fn is_label(&self, letters: &str, next: &Next<'_>) -> bool {
        let noun = last_word(self.previous(letters)).to_lowercase();
        let title = || id::bond(letters).is_some() && !noun.ends_with("inisial");
        letters.split('.').all(is_single_letter) && id::is_labelled(&noun) && !next.lettered && !title()
    }

    /// A number before it makes a unit of `word`; of `M`, which is rather Muhammad, a sum alone: `Rp 5 M`.
    fn is_unit(&self, word: &str) -> bool {
        let before = self.previous(word);
        if word == "M" {
            let number = last_word(before);
            let sum = number.starts_with("Rp")
                || last_word(before.strip_suffix(number).unwrap_or_default().trim_end()).starts_with("Rp");
            return sum && number.ends_with(|c: char| c.is_ascii_digit());
        }
        id::is_short_unit(word) && before.ends_with(|c: char| c.is_ascii_digit() || c == '°')
    }

    /// Letters that are a degree behind a name (`Budi, S.H. Rapat`) are initials elsewhere, and where names are told off
    /// (`Budi, S.H. Mintardja, dan Ani`); some are the beginning of one (`S.I.Kom`), and an office may follow without a comma
    /// (`M.H. Direktur Utama`).
    fn degree_bond(&self, word: &str, next: &Next<'_>, listed: bool) -> Bond {
        let begins = !self.spaced && next.word.len() <= 4;
        let office = !listed && id::is_role(&next.word.to_lowercase());
        if self.takes_degree(word, listed) && !next.told_off && !begins && !office {
            Bond::Degree
        } else {
            Bond::Soft
        }
    }

    /// Whether `word` stands where degrees do: behind a name and its comma, or behind another degree; without a comma
    /// only degrees of the list do.
    fn takes_degree(&self, word: &str, listed: bool) -> bool {
        let before = self.previous(word);
        let bare = before.trim_end_matches(',').trim_end();
        let last = last_word(bare);
        if let Some(degree) = last.strip_suffix('.') {
            return degree.contains('.') || is_listed_degree(degree);
        }
        let lower = last.to_lowercase();
        let named = last.starts_with(char::is_uppercase) && !id::is_role(&lower);
        let first = self.from_start && last.len() == bare.len();
        let plain =
            || listed && !first && last.ends_with(char::is_lowercase) && !id::COMMON.contains(lower.as_str());
        named && (bare.len() < before.len() || plain())
    }

    /// Whether `word`, which no list has, looks like a degree: `Sp.OG`, the end of `M. Si`, or behind a name and its comma
    /// `MAP`, `SPsi`.
    fn is_degree(&self, word: &str) -> bool {
        let last = word.rsplit('.').next().unwrap_or_default();
        let letters = word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '(' | ')'));
        let ends =
            word.len() <= 4 && last_word(self.previous(word)).strip_suffix('.').is_some_and(is_single_letter);
        let dotted = last.len() < word.len() && !id::is_domain(&last.to_lowercase());
        let capitals = word.chars().filter(|c| c.is_uppercase()).count();
        letters && (dotted || ends || (capitals > 1 && word.len() <= 6 && self.takes_degree(word, false)))
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
        // `Budi, MARS. hadir`
        let full = word.chars().count() >= 4
            && word.chars().all(|c| c.is_alphabetic() || c == '-')
            && !self.is_degree(word);
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
        if self.in_file_number() {
            return false;
        }
        let word = last_word(self.before);
        let closed = !self.closers.is_empty();
        if word == "www" || id::is_domain(&next.word.to_lowercase()) {
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

    /// Whether the stop stands within the number of a case or letter: `12/Pid.Sus/2025`. A price (`Rp5.000/kg.Warga`) and a
    /// date have no capital before it, `HIV/AIDS.Warga` no number.
    fn in_file_number(&self) -> bool {
        let before = self.before.rsplit(char::is_whitespace).next().unwrap_or_default();
        let after = self.after.split(char::is_whitespace).next().unwrap_or_default();
        let counts =
            |matches: fn(char) -> bool| before.matches(matches).count() + after.matches(matches).count();
        let part = before.rsplit('/').next().unwrap_or_default();
        part.starts_with(char::is_uppercase) && counts(|c| c == '/') > 1 && counts(|c| c.is_ascii_digit()) > 0
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
    /// Whether a comma follows the word, as where names are told off.
    told_off: bool,
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
        let behind_word = rest.get(word.len()..).unwrap_or_default();
        let item = behind_word.strip_prefix(". ");
        Next {
            first: rest.chars().next(),
            word,
            quoted: has_opening_mark(opening),
            bracketed: opening.contains(['(', '[']),
            counts: word.len() <= 2 && item.is_some(),
            lettered: is_single_letter(word) && item.is_some_and(|item| item.starts_with(char::is_uppercase)),
            dotted,
            told_off: behind_word.starts_with(','),
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
        let lower = self.word.to_lowercase();
        self.quoted || id::is_starter(&lower) || id::is_subject(&lower)
    }
}

/// The last run of characters without white space, without what opens before it.
pub(super) fn last_word(before: &str) -> &str {
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    word.trim_start_matches(|c: char| !c.is_alphanumeric())
}

/// `word` without what is glued before it: `Budi,S.Pd`, `01/RW`
fn unglued(word: &str) -> &str {
    let numbered = word.rsplit_once('/').filter(|(before, _)| before.ends_with(|c: char| c.is_ascii_digit()));
    let parted = word.rsplit_once(',').or(numbered).map(|(_, last)| last);
    parted.filter(|last| last.starts_with(char::is_alphabetic)).unwrap_or(word)
}

/// Degrees and what stands in a row as they do: `Ltd`
fn is_listed_degree(word: &str) -> bool {
    matches!(id::bond(word), Some(Bond::Weak | Bond::Degree))
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
