//! Finds where sentences end inside a block of running text. One pass, linear in the length of the block.

use super::stop::Mark;

/// As far as a decision looks to either side, in bytes.
const WINDOW: usize = 96;
/// As far as the start of an address is looked for, in bytes.
const LONGEST_ADDRESS: usize = 400;
/// Longest bracket, in bytes, that keeps its sentences together.
const LONGEST_ASIDE: usize = 240;

/// Byte offsets in `block` just after each sentence but the last; white space follows or not.
pub(super) fn ends(block: &str) -> Vec<usize> {
    let mut scanner = Scanner::new(block);
    let mut ends = Vec::new();
    while let Some(end) = scanner.next_end() {
        ends.push(end);
    }
    ends
}

/// Whether `line` ends with a final mark that can end a sentence.
pub(super) fn is_closed(line: &str) -> bool {
    let bare = line.trim_end_matches(|c: char| is_closer(c) || c == '"' || c == ',' || c.is_whitespace());
    let before = bare.trim_end_matches(is_final);
    let run = bare.get(before.len()..).unwrap_or_default();
    if run.is_empty() {
        return false;
    }
    let closers = line.get(bare.len()..).unwrap_or_default();
    let (before, from_start) = tail(before);
    // What follows is not known; a word that opens sentences gives the mark its best chance.
    Mark { before, from_start, run, closers, spaced: true, quoted: false, after: "Ia" }.ends_sentence()
}

struct Scanner<'a> {
    block: &'a str,
    position: usize,
    /// First character of the current sentence.
    start: usize,
    /// Whether a straight double quote stands open.
    in_quote: bool,
    /// Whether a curly double quote stands open.
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
        self.block.get(self.position..).unwrap_or_default()
    }

    fn next_end(&mut self) -> Option<usize> {
        while let Some(offset) = self.rest().find(matters) {
            self.position += offset;
            let character = self.rest().chars().next()?;
            match character {
                '"' => self.in_quote = !self.closes_quote(),
                '“' => self.in_curly = true,
                '”' => self.in_curly = false,
                '(' | '[' => self.enter_aside(),
                _ => match self.mark() {
                    Some(end) => return Some(end),
                    None => continue,
                },
            }
            self.position += character.len_utf8();
        }
        None
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
        let after = after.get(commas..).unwrap_or_default();
        let text = after.trim_start();
        let (before, from_start) = tail(self.block.get(self.start..run_start).unwrap_or_default());
        let mark = Mark {
            before,
            from_start,
            run,
            closers,
            spaced: commas > 0 || text.len() < after.len(),
            quoted,
            after: head(text),
        };
        let in_aside = run_start < self.aside_end;
        if text.is_empty()
            || in_aside
            || !mark.ends_sentence()
            || (!mark.spaced && self.in_address(run_start, text))
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
        let before = last_bytes(self.block.get(self.start..position).unwrap_or_default(), LONGEST_ADDRESS);
        before.rsplit(char::is_whitespace).next().is_some_and(|word| word.contains("://"))
            && !leaves_address(next)
    }

    /// Takes closing quotes and brackets.
    fn closers(&mut self) -> &'a str {
        let start = self.position;
        while let Some(character) = self.rest().chars().next() {
            let closes = match character {
                '"' => self.closes_quote(),
                // An apostrophe closes where no word follows; glued, a capital may.
                '\'' | '’' => !self.rest().chars().nth(1).is_some_and(char::is_lowercase),
                _ => is_closer(character),
            };
            if !closes {
                break;
            }
            match character {
                '"' => self.in_quote = false,
                '”' => self.in_curly = false,
                _ => {}
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
        self.block.get(start..self.position).unwrap_or_default()
    }

    /// Whether the straight double quote here closes. White space around it says so; where there is none, or
    /// some on both sides, it closes what stands open.
    fn closes_quote(&self) -> bool {
        let before = self.block.get(..self.position).and_then(|before| before.chars().next_back());
        let after = self.rest().chars().nth(1);
        let open_before =
            before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '“' | '—' | '–'));
        let open_after = after
            .is_none_or(|c| c.is_whitespace() || matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | ')' | ']'));
        match (open_before, open_after) {
            (true, false) => false,
            (false, true) => true,
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
/// is none. A sentence that goes on behind an abbreviation (`Tbk., Jakarta`) is told apart by the abbreviation.
fn commas_between_paragraphs(after: &str) -> usize {
    let commas = leading(after, |c| c == ',' || c.is_whitespace());
    let mut rest = after.get(commas.len()..).unwrap_or_default().chars();
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
    is_final(character) || matches!(character, '"' | '“' | '”' | '(' | '[')
}

fn is_final(character: char) -> bool {
    matches!(character, '.' | '!' | '?' | '…')
}

fn is_closer(character: char) -> bool {
    matches!(character, '”' | '»' | ')' | ']' | '’' | '\'')
}

fn leading(text: &str, matches: impl Fn(char) -> bool) -> &str {
    let rest = text.trim_start_matches(matches);
    text.get(..text.len() - rest.len()).unwrap_or_default()
}

/// The end of `text`, and whether that is all of it.
fn tail(text: &str) -> (&str, bool) {
    let tail = last_bytes(text, WINDOW);
    (tail, tail.len() == text.len())
}

/// At most `limit` bytes from the end of `text`.
fn last_bytes(text: &str, limit: usize) -> &str {
    let mut start = text.len().saturating_sub(limit);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    text.get(start..).unwrap_or_default()
}

/// The first bytes of `text`.
fn head(text: &str) -> &str {
    let mut end = text.len().min(WINDOW);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}
