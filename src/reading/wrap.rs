//! Text that was wrapped to a width, as mail and PDF files are: its lines read as one where no line was meant to end. What tells it from
//! verse, lists and headings stands in the docs of [`reading`](super), "Wrapped lines".

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

use super::layer::Replacement;
use crate::lang::id;
use crate::part::Part;
use crate::sentence::{ends, is_closed, is_item};

/// Widths that text is wrapped to: from a column of a newspaper to a wide page.
const WIDTHS: RangeInclusive<usize> = 30..=130;
/// Lines with a line behind them that a decision needs at least.
const FEWEST_LINES: usize = 3;
/// Breaks within a sentence that a decision needs at least.
const FEWEST_BREAKS: usize = 2;

/// The line breaks of `text` that read as blanks, where it is wrapped.
pub(super) fn find(text: &str) -> Vec<Replacement> {
    let lines = lines(text);
    let Some(width) = width(&lines).filter(|&width| is_wrapped(&lines, width)) else { return Vec::new() };
    let pairs = lines.windows(2).filter_map(|pair| match pair {
        [line, next] if runs_on(line, next, width) => Some(join(text, line, next)),
        _ => None,
    });
    pairs.collect()
}

#[derive(Debug)]
struct Line<'a> {
    /// Trimmed, not empty.
    text: &'a str,
    /// Its bytes.
    range: Range<usize>,
    /// Characters before it.
    indent: usize,
    /// Whether blank lines stand before it.
    apart: bool,
}

impl Line<'_> {
    fn width(&self) -> usize {
        self.indent + self.text.chars().count()
    }

    fn first_word(&self) -> &str {
        self.text.split_whitespace().next().unwrap_or_default()
    }

    fn starts_lower(&self) -> bool {
        self.text.starts_with(|c: char| c.is_lowercase())
    }

    /// Whether the sentence may end with the line.
    fn ends_sentence(&self) -> bool {
        self.text.ends_with([':', ';']) || is_closed(self.text)
    }

    /// Whether the first word of `next` has room behind this line.
    fn has_room(&self, next: &Line<'_>, width: usize) -> bool {
        self.width() + 1 + next.first_word().chars().count() <= width
    }
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let (mut start, mut apart) = (0, true);
    for raw in text.split_inclusive('\n') {
        let trimmed = raw.trim();
        let indent = raw.len() - raw.trim_start().len();
        if trimmed.is_empty() {
            apart = true;
        } else {
            let range = start + indent..start + indent + trimmed.len();
            let indent = raw.part(..indent).chars().count();
            lines.push(Line { text: trimmed, range, indent, apart });
            apart = false;
        }
        start += raw.len();
    }
    lines
}

/// The width that nine of ten lines with a line behind them keep to; a long address is no line to go by.
fn width(lines: &[Line<'_>]) -> Option<usize> {
    let followed = lines.windows(2).filter_map(|pair| match pair {
        [line, next] if !next.apart => Some(line.width()),
        _ => None,
    });
    let mut widths: Vec<usize> = followed.collect();
    if widths.len() < FEWEST_LINES {
        return None;
    }
    widths.sort_unstable();
    let most = widths.get((widths.len() - 1) * 9 / 10).copied()?;
    WIDTHS.contains(&most).then_some(most)
}

/// Lines of proportional type, and of justified columns, leave some room.
fn nearly(width: usize) -> usize {
    width - width / 8
}

fn is_wrapped(lines: &[Line<'_>], width: usize) -> bool {
    let (mut within, mut full, mut lower) = (0, 0, 0);
    for pair in lines.windows(2) {
        let [line, next] = pair else { continue };
        if next.apart || is_item(next.text) || line.ends_sentence() {
            continue;
        }
        within += 1;
        if !line.has_room(next, nearly(width)) {
            full += 1;
            lower += usize::from(next.starts_lower() || next.text.starts_with(|c: char| c.is_ascii_digit()));
        }
    }
    full >= FEWEST_BREAKS
        && full * 3 >= within * 2
        && lower * 3 >= full
        && lines.iter().any(|line| line.width() <= width + width / 4 && !ends(line.text).is_empty())
}

/// Whether the break between two lines of a wrapped text was none of the writer's.
fn runs_on(line: &Line<'_>, next: &Line<'_>, width: usize) -> bool {
    if next.apart || is_item(next.text) || (next.indent > line.indent + 1 && !next.starts_lower()) {
        return false;
    }
    match line.ends_sentence() {
        true => !line.has_room(next, width),
        false => next.starts_lower() || !line.has_room(next, nearly(width)),
    }
}

fn join(text: &str, line: &Line<'_>, next: &Line<'_>) -> Replacement {
    let gap = line.range.end..next.range.start;
    let blank = Replacement { source: gap.clone(), read: Cow::Borrowed(" "), glued: false };
    let parted =
        line.text.strip_suffix(['-', '\u{2010}']).filter(|head| head.ends_with(char::is_alphanumeric));
    let Some(head) = parted else { return blank };
    let hyphen =
        text.get(..line.range.end).and_then(|text| text.chars().next_back()).map_or(1, char::len_utf8);
    let start = match keeps_hyphen(head, next.text) {
        true => gap.start,
        false => gap.start - hyphen,
    };
    Replacement { source: start..gap.end, read: Cow::Borrowed(""), glued: false }
}

/// Whether the hyphen between the end of `head` and the start of `tail` is part of the word.
fn keeps_hyphen(head: &str, tail: &str) -> bool {
    let letters = |c: char| c.is_alphabetic();
    let first = head.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    let second: String = tail.chars().take_while(|&c| letters(c)).flat_map(char::to_lowercase).collect();
    if !tail.starts_with(char::is_lowercase) || first.chars().count() < 2 || !first.chars().all(letters) {
        return true;
    }
    id::is_reduplication(&first, &second)
}

#[cfg(test)]
mod tests {
    use crate::reading::read;

    const PROSE: &str = "Wali kota meninjau gedung sekolah di\nKampung Melati pada Rabu siang. Menurut\n\
                         kepala dinas, dana perbaikan sebesar Rp\n250.000 per siswa sudah cair. Para guru\n\
                         senang dan murid kembali belajar di\nkelas.";

    #[test]
    fn puts_wrapped_lines_together() {
        assert_eq!(read(PROSE), PROSE.replace('\n', " "));
        let two = format!("{PROSE}\n\n{PROSE}");
        assert_eq!(read(&two), format!("{0}\n\n{0}", PROSE.replace('\n', " ")));
        assert_eq!(read(&PROSE.replace('\n', "\r\n")), PROSE.replace('\n', " "));
    }

    #[test]
    fn keeps_breaks_that_were_meant() {
        for meant in ["Sekolah Dibuka\n", "1. Atap\n2. Lantai\n", "Daftar hadir:\nBudi\nSari\n"] {
            let text = format!("{meant}{PROSE}");
            assert_eq!(read(&text), format!("{meant}{}", PROSE.replace('\n', " ")), "{meant}");
        }
        let items = format!("{PROSE}\n- atap baru dan lantai baru untuk enam kelas\n- meja dan kursi");
        assert!(
            read(&items).ends_with("kelas.\n- atap baru dan lantai baru untuk enam kelas\n- meja dan kursi")
        );
    }

    #[test]
    fn takes_a_hyphen_off_that_parts_a_word() {
        for (broken, whole) in [
            ("pen-\ndidikan", "pendidikan"),
            ("anak-\nanak", "anak-anak"),
            ("berlari-\nlari", "berlari-lari"),
            ("buah-\nbuahan", "buah-buahan"),
            ("sayur-\nmayur", "sayur-mayur"),
            ("tolong-\nmenolong", "tolong-menolong"),
            ("Rusia-\nUkraina", "Rusia-Ukraina"),
            ("2024-\n2025", "2024-2025"),
            ("e-\nkatalog", "e-katalog"),
        ] {
            let text = format!("Wali kota datang ke gedung sekolah untuk {broken} dan rapat.\n{PROSE}");
            assert!(read(&text).contains(&format!("untuk {whole} dan")), "{}", read(&text));
        }
    }

    #[test]
    fn leaves_what_is_not_wrapped() {
        for text in [
            // Verse.
            "Hujan jatuh di atap rumah tua\nMembawa kabar dari kota jauh\nIbu menunggu di beranda dapur\nMalam turun pelan tanpa suara",
            "hujan jatuh di atap rumah yang tua\ndan membawa kabar dari kota yang jauh\nketika ibu menunggu di beranda dapur\nmalam pun turun pelan tanpa suara",
            // A list of names.
            "Kepala Dinas Pendidikan Budi Santoso\nKepala Dinas Kesehatan Sari Wulandari\nKepala Dinas Perikanan Joko Susilo\nKepala Dinas Pertanian Ani Rahmawati",
            // Paragraphs, a line each.
            "Hujan turun.\nJalan di kota tergenang sejak pagi. Warga menunggu bantuan.\nBupati datang.\nIa membawa beras dan air bersih untuk warga kampung.",
            // Lines that links broke.
            "Gubernur Jakarta\nPramudya Agung\nmenyatakan wacana penerapan\nMalam Tanpa Mobil\n(MTM) dikaji, dikutip dari\nHarian Kota\n.\nIa belum memutuskan. Rapat ditunda.",
            // Key words.
            "(abc/def)\nbanjir bogor\nbanjir jakarta\nbanjir bekasi 2025\ncuaca hari ini",
            "Satu baris.",
            "",
        ] {
            assert_eq!(read(text), text);
        }
    }
}
