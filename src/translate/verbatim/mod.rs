//! What stays to the letter: addresses, handles, file names, codes, other scripts, quotations that are not Indonesian.
//!
//! No model is trusted with them. [`find`] knows them, `model/mask.rs` keeps them out of what a model reads and puts them back
//! into what it writes, [`check`] says whether the English has them all and no address of its own.

mod codes;
mod find;
mod quotation;

use std::ops::Range;

pub(super) use find::find;

use crate::document::{Flag, FlagKind};
use crate::part::Part;

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A web address, an e-mail address, the name of a host.
    Address,
    /// `@name`
    Handle,
    /// `#name`
    Tag,
    /// A file's name or path.
    File,
    /// A telephone number.
    Phone,
    /// A code: UUID, ISBN, hexadecimal, `AB-123/X`, a number plate.
    Code,
    /// Letters of another script.
    Script,
    /// An editor's mark: `[SALAH]`.
    Mark,
    /// What was said in another language, without its quotation marks.
    Foreign,
    /// As [`Kind::Foreign`], in English.
    English,
}

impl Kind {
    /// Whether a reader of English misses something.
    fn is_unread(self) -> bool {
        matches!(self, Kind::Script | Kind::Foreign)
    }
}

/// A part of a text that stays to the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// Bytes of the text.
    pub range: Range<usize>,
    pub kind: Kind,
}

impl Piece {
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        text.part(self.range.clone())
    }
}

/// The pieces of `source`, as they stand there, each once.
pub(super) fn kept(source: &str) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for piece in find(source) {
        let text = piece.of(source);
        if !kept.iter().any(|known| known == text) {
            kept.push(text.to_owned());
        }
    }
    kept
}

/// The verdicts and marks of Indonesian fact-checks, and their English, as it stands behind them.
const MARKS: [(&str, &str); 8] = [
    ("[SALAH]", " (FALSE)"),
    ("[BENAR]", " (TRUE)"),
    ("[HOAKS]", " (HOAX)"),
    ("[PENIPUAN]", " (SCAM)"),
    ("[KLARIFIKASI]", " (CLARIFICATION)"),
    ("[CEK FAKTA]", " (FACT CHECK)"),
    ("[FAKTA]", " (FACT)"),
    ("[DISINFORMASI]", " (DISINFORMATION)"),
];

/// The English that is put behind a piece which an English reader would not understand: an editor's mark that is a verdict.
pub(super) fn in_english(piece: &str) -> Option<&'static str> {
    MARKS.iter().find(|(mark, _)| *mark == piece).map(|(_, english)| *english)
}

/// `text` with blanks in the place of its pieces.
pub(super) fn without(text: &str) -> String {
    let (mut rest, mut copied) = (String::with_capacity(text.len()), 0);
    for piece in find(text) {
        rest.push_str(text.part(copied..piece.range.start));
        rest.push(' ');
        copied = piece.range.end;
    }
    rest + text.part(copied..)
}

/// What is doubtful: pieces that `english` lacks, pieces that a reader of English cannot read, addresses that `source` does
/// not have.
pub(super) fn check(source: &str, english: &str) -> Vec<Flag> {
    let mut flags: Vec<Flag> = Vec::new();
    let mut add = |kind, detail: &str| {
        let flag = Flag::new(kind, detail);
        if !flags.contains(&flag) {
            flags.push(flag);
        }
    };
    for piece in find(source) {
        let text = piece.of(source);
        if !english.contains(text) {
            add(FlagKind::VerbatimMissing, text);
        } else if in_english(text).is_some_and(|told| english.contains(&format!("{text}{told}"))) {
            continue;
        } else if piece.kind.is_unread() || piece.kind == Kind::Mark && !super::check::is_english(text) {
            add(FlagKind::NotTranslated, text);
        }
    }
    let address = |piece: &Piece| matches!(piece.kind, Kind::Address | Kind::Handle | Kind::Tag);
    for piece in find::written(english).into_iter().filter(address) {
        let text = piece.of(english);
        if !source.contains(text) {
            add(FlagKind::AddressAdded, text);
        }
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_lost_unread_or_made_up() {
        use FlagKind::{AddressAdded, NotTranslated, VerbatimMissing};
        for (source, english, expected) in [
            ("Lihat www.tolo.example.", "See www.tolo.example.", vec![]),
            (
                "Lihat www.tolo.example.",
                "See www.tolo.com.",
                vec![(VerbatimMissing, "www.tolo.example"), (AddressAdded, "www.tolo.com")],
            ),
            (
                "Akun @warga_tolo ramai.",
                "The account @citizen_tolo is busy.",
                vec![(VerbatimMissing, "@warga_tolo"), (AddressAdded, "@citizen_tolo")],
            ),
            ("Ia menulis привет мир.", "He wrote привет мир.", vec![(NotTranslated, "привет мир")]),
            (
                "\"Hatur nuhun, sadayana,\" ujarnya.",
                "\"Hatur nuhun, sadayana,\" he said.",
                vec![(NotTranslated, "Hatur nuhun, sadayana")],
            ),
            ("\"We are all very happy,\" ujarnya.", "\"We are all very happy,\" he said.", vec![]),
            ("[SALAH] Kapal terbelah.", "[SALAH] (FALSE) A ship split.", vec![]),
            ("[SALAH] Kapal terbelah.", "[SALAH] A ship split.", vec![(NotTranslated, "[SALAH]")]),
            ("[SALAH] Kapal terbelah.", "A ship split.", vec![(VerbatimMissing, "[SALAH]")]),
            ("[RALAT] Kapal terbelah.", "[RALAT] A ship split.", vec![(NotTranslated, "[RALAT]")]),
            ("[VIDEO] Kapal terbelah.", "[VIDEO] A ship split.", vec![]),
            ("Hujan turun.", "It rained.", vec![]),
        ] {
            let found = check(source, english);
            let found: Vec<_> = found.iter().map(|flag| (flag.kind, flag.detail.as_str())).collect();
            assert_eq!(found, expected, "{source}");
        }
    }
}
