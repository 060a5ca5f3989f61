//! Finds where sentences end inside a block of running text. One pass, linear in the length of the block.

use super::quotes::{is_closing_mark, quotation_mark, Side};
use super::stop::Mark;
use crate::lang::id;
use crate::part::Part;
use crate::text::floor;

/// As far as a decision looks to either side, in bytes.
const WINDOW: usize = 96;
/// As far as the start of an address is looked for, in bytes.
const LONGEST_ADDRESS: usize = 400;
/// Shortest word, in bytes, on either side of a place where two are glued.
const SHORTEST_GLUED: usize = 4;
/// Words that open sentences and names end with as well (`SehatBersama`, `SuaraMasyarakat`): inside a word they start nothing.
const ENDS_OF_NAMES: [&str; 14] = [
    "antara",
    "beragam",
    "bersama",
    "hasil",
    "kedua",
    "ketiga",
    "lokasi",
    "masyarakat",
    "pertama",
    "semua",
    "tanpa",
    "terakhir",
    "total",
    "tujuan",
];
/// Longest bracket, in bytes, that keeps its sentences together.
const LONGEST_ASIDE: usize = 240;

/// Byte offsets in `block` just after each sentence but the last; white space follows or not.
pub(crate) fn ends(block: &str) -> Vec<usize> {
    let mut scanner = Scanner::new(block);
    let mut ends = glued_starts(block);
    while let Some(end) = scanner.next_end() {
        ends.push(end);
    }
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// Where a sentence is glued to the heading before it (`Warga MengungsiSebanyak 20 orang`): at a capital inside a word behind
/// which a word that opens sentences stands. Handles, tags and addresses are left whole.
fn glued_starts(block: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut word = 0;
    let mut address = false;
    let mut before = ' ';
    for (at, character) in block.char_indices() {
        if !character.is_alphanumeric() {
            address = matches!(character, '@' | '#' | '/' | '_') || block.part(word..at) == "www";
            word = at + character.len_utf8();
        } else if character.is_uppercase() && before.is_lowercase() && at >= word + SHORTEST_GLUED && !address
        {
            // A word that goes on behind that opens no sentence.
            let rest = head(block.part(at..));
            let next = leading(rest, char::is_alphabetic);
            let host = rest
                .part(next.len()..)
                .strip_prefix('.')
                .is_some_and(|tail| tail.starts_with(char::is_lowercase));
            let next = next.to_lowercase();
            let opens = id::is_starter(&next) && !ENDS_OF_NAMES.contains(&next.as_str());
            if next.len() > SHORTEST_GLUED && opens && !host {
                starts.push(at);
                word = at;
            }
        }
        before = character;
    }
    starts
}

/// Whether `line` ends with a final mark that can end a sentence.
pub(crate) fn is_closed(line: &str) -> bool {
    let bare =
        line.trim_end_matches(|c: char| is_closer(c) || is_closing_mark(c) || c == ',' || c.is_whitespace());
    let before = bare.trim_end_matches(is_final);
    let run = bare.part(before.len()..);
    if run.is_empty() {
        return false;
    }
    let closers = line.part(bare.len()..);
    let (before, from_start) = tail(before);
    // What follows is not known; a word that opens sentences gives the mark its best chance.
    let comma = line.ends_with(',');
    Mark { before, from_start, run, closers, comma, spaced: true, quoted: false, after: "Ia" }.ends_sentence()
}

struct Scanner<'a> {
    block: &'a str,
    position: usize,
    /// First character of the current sentence.
    start: usize,
    /// Whether a straight double quote stands open.
    in_quote: bool,
    /// Whether a quotation mark that has a side stands open: `“`, `„`, `«`.
    in_curly: bool,
    asides: std::vec::IntoIter<(usize, usize)>,
    /// No sentence ends before this offset: it lies in a bracket.
    aside_end: usize,
}

impl<'a> Scanner<'a> {
    fn new(block: &'a str) -> Self {
        let asides = asides(block).into_iter();
        let start = block.len() - block.trim_start().len();
        Scanner { block, position: start, start, in_quote: false, in_curly: false, asides, aside_end: 0 }
    }

    fn rest(&self) -> &'a str {
        self.block.part(self.position..)
    }

    fn next_end(&mut self) -> Option<usize> {
        while let Some(offset) = self.rest().find(matters) {
            self.position += offset;
            let character = self.rest().chars().next()?;
            if let Some((len, side)) = quotation_mark(self.rest()) {
                let closes = self.closes_quote(len, side);
                self.set_quote(side, !closes);
                self.position += len;
                continue;
            }
            match character {
                '(' | '[' => self.enter_aside(),
                bullet if is_bullet(bullet) => {
                    if let Some(end) = self.item() {
                        return Some(end);
                    }
                }
                mark if is_final(mark) => match self.mark() {
                    Some(end) => return Some(end),
                    None => continue,
                },
                // A single apostrophe.
                _ => {}
            }
            self.position += character.len_utf8();
        }
        None
    }

    /// At a bullet: the sentence or item before it ends.
    fn item(&mut self) -> Option<usize> {
        let before = self.block.get(self.start..self.position)?;
        let parted = before.ends_with(char::is_whitespace) && self.position >= self.aside_end;
        if !parted || before.trim().is_empty() {
            return None;
        }
        self.start = self.position;
        self.position += self.rest().chars().next().map_or(0, char::len_utf8);
        Some(self.start)
    }

    fn set_quote(&mut self, side: Side, open: bool) {
        match side {
            Side::Either => self.in_quote = open,
            Side::Opens | Side::Closes => self.in_curly = open,
        }
    }

    /// Reads the final marks here and what closes behind them; gives the end of the sentence if it ends.
    fn mark(&mut self) -> Option<usize> {
        let run_start = self.position;
        let quoted = self.in_quote || self.in_curly;
        let run = leading(self.rest(), is_final);
        self.position += run.len();
        let closers = self.closers();
        let after = self.rest();
        let commas = commas_between_paragraphs(after);
        let after = after.part(commas..);
        let text = after.trim_start();
        let (before, from_start) = tail(self.block.part(self.start..run_start));
        let mark = Mark {
            before,
            from_start,
            run,
            closers,
            comma: commas > 0,
            spaced: text.len() < after.len(),
            quoted,
            after: head(text),
        };
        let in_aside = run_start < self.aside_end;
        if text.is_empty()
            || in_aside
            || !mark.ends_sentence()
            || (!mark.comma && !mark.spaced && self.in_address(run_start, text))
        {
            return None;
        }
        self.position += commas;
        let end = self.position;
        self.start = self.block.len() - text.len();
        Some(end)
    }

    /// Whether a stop at `position`, before which `next` is glued, is part of an address.
    fn in_address(&self, position: usize, next: &str) -> bool {
        let before = last_bytes(self.block.part(self.start..position), LONGEST_ADDRESS);
        before.rsplit(char::is_whitespace).next().is_some_and(|word| word.contains("://"))
            && !leaves_address(next)
    }

    /// Takes closing quotes and brackets.
    fn closers(&mut self) -> &'a str {
        let start = self.position;
        while let Some(character) = self.rest().chars().next() {
            if let Some((len, side)) = quotation_mark(self.rest()) {
                if !self.closes_quote(len, side) {
                    break;
                }
                self.set_quote(side, false);
                self.position += len;
                continue;
            }
            let closes = match character {
                // An apostrophe closes where no word follows; glued, a capital may.
                '\'' | '’' => !self.rest().chars().nth(1).is_some_and(char::is_lowercase),
                _ => is_closer(character),
            };
            if !closes {
                break;
            }
            self.position += character.len_utf8();
        }
        // Detached, as some scrapes leave it: `selesai. " Kata`
        let detached =
            self.in_quote.then(|| self.rest().trim_start()).and_then(|rest| rest.strip_prefix('"'));
        if let Some(rest) = detached.filter(|rest| rest.starts_with(char::is_whitespace)) {
            self.in_quote = false;
            self.position = self.block.len() - rest.len();
        }
        self.block.part(start..self.position)
    }

    /// Whether the quotation mark of `len` bytes here closes. White space around it says so, whatever its form, since
    /// publishers write `”Siap,” kata` and `„Siap“` as well; where there is none, or some on both sides, its form does, and
    /// one that has no side closes what stands open.
    fn closes_quote(&self, len: usize, side: Side) -> bool {
        let before = self.block.get(..self.position).and_then(|before| before.chars().next_back());
        let after = self.rest().get(len..).and_then(|after| after.chars().next());
        let open_before =
            before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '“' | '—' | '–'));
        let open_after = after
            .is_none_or(|c| c.is_whitespace() || matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | ')' | ']'));
        match (open_before, open_after, side) {
            (true, false, _) | (true, true, Side::Opens) | (false, false, Side::Opens) => false,
            (false, true, _) | (true, true, Side::Closes) | (false, false, Side::Closes) => true,
            _ => self.in_quote,
        }
    }

    /// At an opening bracket: keeps its sentences together unless it opens the sentence itself.
    fn enter_aside(&mut self) {
        while let Some(&(open, close)) = self.asides.as_slice().first() {
            if open > self.position {
                break;
            }
            if open == self.position && open > self.start {
                self.aside_end = self.aside_end.max(close);
            }
            self.asides.next();
        }
    }
}

/// Brackets of moderate length: offsets of opening and closing, ordered by the opening one.
fn asides(block: &str) -> Vec<(usize, usize)> {
    let mut open = Vec::new();
    let mut pairs = Vec::new();
    for (position, character) in block.char_indices() {
        match character {
            '(' | '[' => open.push(position),
            ')' | ']' => {
                let pair = open.pop().map(|start| (start, position));
                pairs.extend(pair.filter(|(start, end)| end - start <= LONGEST_ASIDE));
            }
            _ => {}
        }
    }
    pairs.sort_unstable();
    pairs
}

/// Length of the comma by which some scrapes join paragraphs (`ekspor.,Menurut`, `ekspor. , Menurut`), 0 where there
/// is none. A sentence may go on behind it as well (`Tbk., Jakarta`): [`Mark`] tells.
fn commas_between_paragraphs(after: &str) -> usize {
    let commas = leading(after, |c| c == ',' || c.is_whitespace());
    let mut rest = after.part(commas.len()..).chars();
    let opens = match rest.next() {
        // What white space follows closes a quotation: `"Setuju?," kata`
        Some('"') => rest.next().is_some_and(|c| !c.is_whitespace()),
        Some(first) => first.is_uppercase() || matches!(first, '“' | '-' | '–'),
        None => false,
    };
    if commas.contains(',') && opens {
        commas.trim_end().len()
    } else {
        0
    }
}

/// Whether `text`, which follows a stop inside an address, starts with a word that is no part of it.
fn leaves_address(text: &str) -> bool {
    let word = leading(text, char::is_alphabetic);
    let capital = word.chars().next().is_some_and(char::is_uppercase);
    capital
        && word.len() > 3
        && text.get(word.len()..).is_some_and(|rest| rest.starts_with(char::is_whitespace))
}

/// Characters at which the scanner stops.
fn matters(character: char) -> bool {
    is_final(character)
        || is_bullet(character)
        || is_closing_mark(character)
        || matches!(character, '(' | '[' | '„' | '‟' | '\'' | '’' | '‘' | '`')
}

fn is_final(character: char) -> bool {
    matches!(character, '.' | '!' | '?' | '…')
}

fn is_closer(character: char) -> bool {
    matches!(character, ')' | ']' | '’' | '\'')
}

/// Signs that open an item of a list wherever they stand.
fn is_bullet(character: char) -> bool {
    matches!(character, '•' | '●' | '▪' | '■' | '►' | '➢' | '✓' | '✔' | '\u{f0b7}')
}

fn leading(text: &str, matches: impl Fn(char) -> bool) -> &str {
    let rest = text.trim_start_matches(matches);
    text.part(..text.len() - rest.len())
}

/// The end of `text`, and whether that is all of it.
fn tail(text: &str) -> (&str, bool) {
    let tail = last_bytes(text, WINDOW);
    (tail, tail.len() == text.len())
}

/// `limit` bytes from the end of `text`, and the rest of the character in which they begin.
fn last_bytes(text: &str, limit: usize) -> &str {
    text.part(floor(text, text.len().saturating_sub(limit))..)
}

/// The first bytes of `text`.
fn head(text: &str) -> &str {
    text.part(..floor(text, WINDOW))
}
