//! Reads the lines of a text: which of them belong together, and which are sub-headings.
//!
//! Most scrapes give a paragraph a line. Some put every link on a line of its own, so that a sentence runs over
//! several lines; some lose the stop of a sub-heading, which stands alone on its line.

use std::ops::Range;

use super::boundary::is_closed;
use super::items::{is_counter, is_item};
use crate::document::{SentenceKind, Span};
use crate::lang::id;
use crate::part::Part;

/// Longest sub-heading, in bytes and in words.
const LONGEST_HEADING: (usize, usize) = (100, 14);
/// The same where not every longer word has a capital.
const LONGEST_PLAIN_HEADING: (usize, usize) = (70, 8);
/// Longest link text on a line of its own, in bytes and in words.
const LONGEST_INSET: (usize, usize) = (90, 12);

/// Lines that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// Bytes of the text; no white space at the ends.
    pub range: Range<usize>,
    /// Running text or a sub-heading.
    pub kind: SentenceKind,
    /// Whether a line of the text starts here, rather than what a removed part left of one.
    pub starts_line: bool,
}

/// Cuts the kept parts of `text` into blocks.
pub(super) fn blocks(text: &str, kept: &[Span]) -> Vec<Block> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut end = 0;
    for part in kept {
        let gap = text.get(end..part.start()).unwrap_or_default();
        read_lines(text, part.range(), gap.contains(['\n', '\r']), &mut lines);
        end = part.end();
    }
    let broken = lines.windows(2).any(is_broken);
    let mut blocks: Vec<(Block, bool)> = Vec::new();
    let mut previous: Option<(&Line<'_>, bool)> = None;
    for (index, line) in lines.iter().enumerate() {
        let joined = previous.is_some_and(|(line, inside)| joins(line, inside, broken, lines.part(index..)));
        match blocks.last_mut().filter(|_| joined) {
            Some((block, heading)) => {
                block.range.end = line.end();
                *heading = false;
            }
            None => {
                let range = line.start..line.end();
                let block = Block { range, kind: SentenceKind::Text, starts_line: line.starts_line };
                blocks.push((block, line.looks_like_heading()));
            }
        }
        previous = Some((line, joined));
    }
    mark_headings(text, &mut blocks);
    blocks.into_iter().map(|(block, _)| block).collect()
}

/// A heading stands alone: several short lines in a row are a list, and behind a colon too.
fn mark_headings(text: &str, blocks: &mut [(Block, bool)]) {
    let looks: Vec<bool> = blocks.iter().map(|(_, heading)| *heading).collect();
    let mut introduces = false;
    for (index, (block, heading)) in blocks.iter_mut().enumerate() {
        let alone = index.checked_sub(1).and_then(|before| looks.get(before)).is_none_or(|&before| !before)
            && looks.get(index + 1).is_some_and(|&after| !after);
        if *heading && alone && !introduces {
            block.kind = SentenceKind::Heading;
        }
        introduces = text.get(block.range.clone()).is_some_and(|block| block.ends_with(':'));
    }
}

#[derive(Debug)]
struct Line<'a> {
    /// Trimmed, not empty.
    text: &'a str,
    start: usize,
    /// Whether blank lines or a removed part stand before it.
    apart: bool,
    /// Whether a removed part stands before it.
    detached: bool,
    /// Whether it starts, and whether it ends, where a line of the article does, save for what was removed before it.
    starts_line: bool,
    ends_line: bool,
    closed: bool,
}

impl Line<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    fn first(&self) -> Option<char> {
        self.text.chars().next()
    }

    fn is_short(&self, (bytes, words): (usize, usize)) -> bool {
        self.text.len() <= bytes && self.text.split_whitespace().count() <= words
    }

    /// Starts in the middle of a sentence.
    fn continues(&self) -> bool {
        self.starts_lower()
            || self.starts_with_punctuation()
            || (self.text.starts_with('(') && !self.is_bracketed())
    }

    fn starts_lower(&self) -> bool {
        self.first().is_some_and(char::is_lowercase) && !self.is_item()
    }

    fn starts_with_punctuation(&self) -> bool {
        let ellipsis = self.text.starts_with("..") || self.text.starts_with('…');
        // A closing quote before a capital was meant to open.
        let quote = self
            .text
            .strip_prefix('”')
            .is_some_and(|rest| !rest.trim_start().starts_with(char::is_uppercase));
        quote || (!ellipsis && self.text.starts_with([',', '.', ';', ':', ')', ']', '!', '?', '%']))
    }

    /// Only punctuation.
    fn is_bare(&self) -> bool {
        self.text.len() <= 16 && !self.text.contains(char::is_alphanumeric)
    }

    /// Starts with the mark of a list.
    fn is_item(&self) -> bool {
        is_item(self.text)
    }

    /// Ends where no sentence can end: behind a connective, a dash, a number that counts off, or inside a quotation.
    fn is_cut(&self) -> bool {
        let word = self.text.split_whitespace().next_back().unwrap_or_default();
        let counts = word.rsplit([':', ';']).next().is_some_and(is_counter)
            && (word.len() == self.text.len() || word.contains([':', ';']));
        id::is_connective(word)
            || id::wants_more(word)
            || word.ends_with(['-', '–', '—', '(', '[', '/', '&'])
            || counts
            || self.is_open_quotation()
    }

    /// Opens a quotation and ends within it.
    fn is_open_quotation(&self) -> bool {
        let quote = self.text.strip_prefix(['“', '"']);
        quote.is_some_and(|quote| !self.closed && !quote.contains(['"', '“', '”']))
    }

    /// All of it in brackets: a credit, a player, or the short form of the name before.
    fn is_bracketed(&self) -> bool {
        self.text.starts_with(['(', '['])
            && self.text.find([')', ']']).is_some_and(|end| end + 1 == self.text.len())
    }

    fn is_title_case(&self) -> bool {
        let counts = |word: &&str| word.chars().count() > 3 && !id::is_connective(word);
        let mut words = self.text.split_whitespace().filter(counts).peekable();
        words.peek().is_some() && words.all(|word| !word.starts_with(char::is_lowercase))
    }

    /// Begins with an office that a name must follow: `Gubernur Jakarta`.
    fn starts_with_role(&self) -> bool {
        self.text.split_whitespace().next().is_some_and(|word| id::is_role(&word.to_lowercase()))
    }

    fn looks_like_heading(&self) -> bool {
        self.starts_line
            && self.ends_line
            && !self.closed
            && self.is_short(if self.is_title_case() { LONGEST_HEADING } else { LONGEST_PLAIN_HEADING })
            && !self.is_item()
            && !self.is_cut()
            && !self.is_credit()
            && !self.text.ends_with([',', ';', ':', ')'])
            && ![",\"", ",”", ", \""].iter().any(|quotation| self.text.contains(quotation))
            && self.text.contains(char::is_alphabetic)
            && self
                .first()
                .is_some_and(|c| c.is_uppercase() || c.is_numeric() || matches!(c, '"' | '“' | '\'' | '‘'))
    }

    /// Names a source or a person behind a label (`Foto: Dok. Contoh`), or an address.
    fn is_credit(&self) -> bool {
        let label = self.text.split_once(':').is_some_and(|(label, _)| !label.contains(char::is_whitespace));
        let address = self.text.split('.').skip(1).any(|part| part.starts_with(char::is_lowercase));
        label || address || self.text.contains('@')
    }

    /// Hardly more than a number with a stop: what a link before it left of the sentence.
    fn is_number(&self) -> bool {
        self.closed
            && self.text.len() <= 8
            && self.text.trim_end_matches('.').chars().all(|c| c.is_ascii_digit())
    }

    /// Could be the text of a link.
    fn is_inset(&self) -> bool {
        !self.closed && self.is_short(LONGEST_INSET) && !self.text.ends_with([',', ';', ':'])
    }
}

/// Whether the sentence of `line` runs on in the next line.
///
/// `following` are the lines behind it; `inside` says that `line` itself goes on with the line before it, so that it is
/// no heading; `broken` that links break lines in this text.
fn joins(line: &Line<'_>, inside: bool, broken: bool, following: &[Line<'_>]) -> bool {
    let Some((next, rest)) = following.split_first().filter(|(next, _)| !next.detached) else { return false };
    if next.is_bare() || next.starts_with_punctuation() {
        return true;
    }
    if line.is_bare() {
        return !next.apart && line.text.ends_with(['-', '–', '—', ',']);
    }
    if next.apart || next.is_item() {
        return false;
    }
    if line.is_cut() {
        return true;
    }
    if line.closed || line.is_bracketed() || line.text.ends_with(':') {
        return false;
    }
    let resumes = rest.first().is_some_and(|after| !after.apart && after.continues());
    // A few words are rather a name before a link than a heading, if the sentence is seen to go on.
    let heading = !inside && line.looks_like_heading() && line.text.split_whitespace().count() > 2;
    if next.text.starts_with(['(', '[']) {
        return (resumes || !next.is_bracketed()) && !heading;
    }
    if next.starts_lower() {
        // Two short lines in lower case are keywords rather than halves of a sentence.
        return inside || !(line.starts_lower() && line.is_inset() && next.is_inset());
    }
    if line.text.ends_with(',') {
        return next.is_short(LONGEST_INSET) || resumes;
    }
    if next.is_number() {
        return true;
    }
    if line.is_item() {
        return false;
    }
    let named = inside || line.starts_with_role();
    let link = next.is_inset() && (resumes || (named && resumes_later(rest)));
    let title = heading && line.is_title_case() && !line.starts_with_role();
    (link && !title)
        || (broken && (inside || (next.is_inset() && !line.looks_like_heading() && !line.is_title_case())))
}

/// Whether the second of two lines shows that a line break fell into a sentence; keywords, short and in lower case,
/// do not.
fn is_broken(pair: &[Line<'_>]) -> bool {
    let [line, next] = pair else { return false };
    let within = !line.closed && !line.is_bracketed() && !next.apart;
    within && (next.starts_with_punctuation() || (next.starts_lower() && !next.is_inset()))
}

/// Whether behind a few more links the sentence goes on.
fn resumes_later(rest: &[Line<'_>]) -> bool {
    let insets =
        rest.iter().take(3).take_while(|line| !line.apart && !line.continues() && line.is_inset()).count();
    rest.get(insets).is_some_and(|line| !line.apart && line.continues())
}

/// Reads the lines of one part; `breaks` says whether a line ended in what was removed before it.
fn read_lines<'a>(text: &'a str, part: Range<usize>, breaks: bool, lines: &mut Vec<Line<'a>>) {
    let mut start = part.start;
    let mut apart = true;
    let mut detached = true;
    for raw in text.get(part.clone()).unwrap_or_default().split_inclusive(['\n', '\r']) {
        let end = start + raw.len();
        let trimmed = raw.trim();
        if trimmed.is_empty() {
            // The line feed of a carriage return and line feed is no line of its own.
            apart |= raw != "\n" || !text.get(..start).is_some_and(|before| before.ends_with('\r'));
        } else {
            lines.push(Line {
                text: trimmed,
                start: start + (raw.len() - raw.trim_start().len()),
                apart,
                detached,
                starts_line: !detached || breaks || starts_line(text, start),
                ends_line: raw.ends_with(['\n', '\r']) || ends_line(text, end),
                closed: is_closed(trimmed),
            });
            (apart, detached) = (false, false);
        }
        start = end;
    }
}

fn starts_line(text: &str, offset: usize) -> bool {
    let before = text.part(..offset).trim_end_matches([' ', '\t', '\u{a0}']);
    before.is_empty() || before.ends_with(['\n', '\r'])
}

fn ends_line(text: &str, offset: usize) -> bool {
    let after = text.part(offset..).trim_start_matches([' ', '\t', '\u{a0}']);
    after.is_empty() || after.starts_with(['\n', '\r'])
}
