//! Replacements in a text, and the way back.

use crate::part::Part;
use std::borrow::Cow;
use std::ops::Range;

/// A part of a text that reads otherwise than it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Replacement {
    /// Whole characters.
    pub source: Range<usize>,
    /// What it reads as.
    pub read: Cow<'static, str>,
    /// Whether it belongs to the word beside it, though it reads as nothing: a soft hyphen.
    pub glued: bool,
}

/// A replacement that was made: where it stood, and where what it reads as stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edit {
    source: Range<usize>,
    read: Range<usize>,
    side: Side,
    blank: bool,
}

/// The word that an edit which reads as nothing belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    None,
    Before,
    After,
}

/// All replacements of one kind in a text: ordered, disjoint. Between them the text is the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    edits: Vec<Edit>,
}

impl Layer {
    /// `text` after `replacements` (ordered, disjoint), and the way back.
    pub fn new(text: &str, replacements: Vec<Replacement>) -> (String, Layer) {
        let mut read = String::with_capacity(text.len());
        let mut edits = Vec::with_capacity(replacements.len());
        let mut copied = 0;
        for Replacement { source, read: replacement, glued } in replacements {
            read.push_str(text.part(copied..source.start));
            copied = source.end;
            let start = read.len();
            let side = match glued && replacement.is_empty() {
                false => Side::None,
                true if read.chars().next_back().is_none_or(char::is_whitespace) => Side::After,
                true => Side::Before,
            };
            read.push_str(&replacement);
            let blank = replacement.trim().is_empty() && !text.part(source.clone()).trim().is_empty();
            edits.push(Edit { source, read: start..read.len(), side, blank });
        }
        read.push_str(text.part(copied..));
        (read, Layer { edits })
    }

    /// Where bytes `start..end` of what is read stand.
    pub fn origin(&self, start: usize, end: usize) -> (usize, usize) {
        let from = self.origin_of_start(start);
        (from, if start == end { from } else { self.origin_of_end(end).max(from) })
    }

    fn origin_of_start(&self, at: usize) -> usize {
        let known = self.edits.partition_point(|edit| edit.read.start <= at);
        let before = self.edits.part(..known);
        let Some(last) = before.last() else { return at };
        if at < last.read.end {
            return last.source.start;
        }
        let mut origin = last.source.end + (at - last.read.end);
        for edit in before.iter().rev().take_while(|edit| edit.read.is_empty() && edit.read.end == at) {
            if edit.side != Side::After || edit.source.end != origin {
                break;
            }
            origin = edit.source.start;
        }
        origin
    }

    fn origin_of_end(&self, at: usize) -> usize {
        let ended = |edit: &Edit| edit.read.end < at || (edit.read.end == at && !edit.read.is_empty());
        let known = self.edits.partition_point(ended);
        let (before, after) = self.edits.split_at(known);
        let mut origin = before.last().map_or(at, |last| last.source.end + (at - last.read.end));
        for edit in after {
            if edit.read.start < at {
                // Within what was replaced: all of it.
                return edit.source.end;
            }
            if edit.side != Side::Before
                || !edit.read.is_empty()
                || edit.read.start != at
                || edit.source.start != origin
            {
                break;
            }
            origin = edit.source.end;
        }
        origin
    }

    /// Where bytes `start..end` of the text are read.
    pub fn place(&self, start: usize, end: usize) -> (usize, usize) {
        let place = |at: usize, begins: bool, inside: fn(&Edit) -> usize| {
            // A blank that was put in belongs to neither word.
            let passed = |edit: &Edit| {
                edit.source.end < at || (edit.source.end == at && (begins || !edit.source.is_empty()))
            };
            let known = self.edits.partition_point(passed);
            let (before, after) = self.edits.split_at(known);
            match after.first().filter(|edit| edit.source.start < at) {
                Some(edit) => inside(edit),
                None => before.last().map_or(at, |last| last.read.end + (at - last.source.end)),
            }
        };
        let from = place(start, true, |edit| edit.read.start);
        (from, place(end, false, |edit| edit.read.end).max(from))
    }

    /// What reads as nothing or as white space, though it is none.
    pub fn blanks(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.edits.iter().filter(|edit| edit.blank).map(|edit| (edit.source.start, edit.source.end))
    }
}
