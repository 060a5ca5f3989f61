//! Tables with names in their first row: CSV and TSV.

use std::path::Path;

use csv::{ReaderBuilder, StringRecord};

use super::looks::{expect, Looks};
use super::row::Row;
use super::source::{OnBad, Set, Source};
use crate::error::{Error, Result};
use crate::part::Part;

/// Reads a table: a row holds the cells of the columns `names`, in this order. Of several names for a column the first that the
/// table has is taken, and a note tells where that is not the first of the list.
///
/// Rows have the ids of a column `id`, where it is none of `names`; cells without text are no ids.
///
/// Cells may be quoted as in CSV, and then hold line breaks, but those of a table with tabs only where that is certain: a mark
/// that begins a cell may open speech. What stands between cells (comma, semicolon, tab) is what parts the first row into
/// most. A row with more or fewer cells than the first is bad.
///
/// # Errors
/// [`Error::Io`], [`Error::Config`] where the table has no column of a name or the file has another form, and [`Error::Malformed`] unless bad lines are to
/// be skipped.
pub fn read_table(path: &Path, names: &[&[&str]], on_bad: OnBad) -> Result<Set<Row<Vec<String>>>> {
    let mut source = Source::open(path, on_bad)?;
    expect(&source, &[Looks::Table, Looks::Tagged, Looks::Conllu], "a table")?;
    let comma = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"));
    let (rows, taken_for_quoted) = rows(source.text()?, comma);
    let mut rows = rows.into_iter();
    let head: Vec<String> = rows.next().and_then(|row| row.cells.ok()).unwrap_or_default();
    let head: Vec<&str> = head.iter().map(|cell| cell.trim()).collect();
    let mut places = Vec::with_capacity(names.len());
    let mut notes = Vec::new();
    if taken_for_quoted {
        notes.push("cells are read as quoted".to_owned());
    }
    for wanted in names {
        let found = wanted.iter().find_map(|name| {
            let at = head.iter().position(|cell| cell == name);
            Some((name, at.or_else(|| head.iter().position(|cell| cell.eq_ignore_ascii_case(name)))?))
        });
        let Some((name, at)) = found else {
            let called = wanted.first().copied().unwrap_or_default();
            return Err(Error::config(
                format!("{} has no column `{called}`", path.display()),
                format!("its first line names {}; name the one that is meant", head.join(", ")),
            ));
        };
        if head.iter().filter(|cell| cell.eq_ignore_ascii_case(name)).count() > 1 {
            let message = format!("{} has several columns `{name}`", path.display());
            return Err(Error::config(message, "give each its own name"));
        }
        if Some(name) != wanted.first() {
            notes.push(format!(
                "column `{name}` is read as the {}",
                wanted.first().copied().unwrap_or_default()
            ));
        }
        places.push(at);
    }

    // A column `id` that was asked for holds Indonesian.
    let id = head.iter().position(|cell| cell.eq_ignore_ascii_case("id")).filter(|at| !places.contains(at));
    let mut items = Vec::new();
    for (place, Numbered { line, cells }) in (1..).zip(rows) {
        let cells = match cells {
            Ok(cells) => cells,
            Err(message) => {
                source.bad(line, message)?;
                continue;
            }
        };
        if cells.len() != head.len() {
            source.bad(line, format!("{} cells, the first line has {}", cells.len(), head.len()))?;
            continue;
        }
        let id = id.and_then(|at| cells.get(at)).map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
        let cells = places.iter().filter_map(|at| cells.get(*at)).cloned().collect();
        items.push(Row { id, line, place, value: cells });
    }
    let mut set = source.finish(items)?;
    set.notes = notes;
    Ok(set)
}

/// A row with the line on which it begins.
struct Numbered {
    line: usize,
    cells: Result<Vec<String>, String>,
}

/// The rows of a table, and whether their cells were taken to be quoted though they stand between tabs.
fn rows(text: &str, prefers_comma: bool) -> (Vec<Numbered>, bool) {
    let head = text.lines().next().unwrap_or_default();
    let columns =
        |mark: u8| quoted(head, mark).pop().and_then(|row| row.cells.ok()).map_or(0, |cells| cells.len());
    let marks = if prefers_comma { [b',', b';', b'\t'] } else { [b'\t', b',', b';'] };
    // Of equals the last counts.
    let mark = marks.into_iter().rev().max_by_key(|&mark| columns(mark)).unwrap_or(b'\t');
    if mark != b'\t' {
        let mut rows = quoted(text, mark);
        // The crate closes what is open at the end, and says nothing.
        if let Some(last) = rows.last_mut().filter(|_| is_open(text, mark)) {
            let message = "a quotation mark that opens in this row is never closed; copy the file again, or mend the mark";
            last.cells = Err(message.to_owned());
        }
        return (rows, false);
    }
    let rows = quoted(text, mark);
    if is_quoted(text, &rows) {
        (rows, true)
    } else {
        (unquoted(text), false)
    }
}

/// Whether the cells of a table with tabs are quoted: written again by one of the usual rules they must give the same text.
fn is_quoted(text: &str, rows: &[Numbered]) -> bool {
    // Python quotes what must be, Excel also cells with a comma, and some quote all.
    let rules: [fn(&str) -> bool; 3] = [
        |cell| cell.contains(['"', '\t', '\n', '\r']),
        |cell| cell.contains(['"', '\t', '\n', '\r', ',']),
        |_| true,
    ];
    let plain = |text: &str| text.replace("\r\n", "\n");
    let text = plain(text);
    text.contains('"')
        && rules.into_iter().any(|needs| {
            let cell = |cell: &String| {
                if needs(cell) {
                    format!("\"{}\"", cell.replace('"', "\"\""))
                } else {
                    cell.clone()
                }
            };
            let row = |row: &Numbered| {
                let cells = row.cells.as_ref().map(|cells| cells.iter().map(cell).collect::<Vec<_>>());
                cells.unwrap_or_default().join("\t") + "\n"
            };
            plain(&rows.iter().map(row).collect::<String>()).trim_end() == text.trim_end()
        })
}

fn unquoted(text: &str) -> Vec<Numbered> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let lines = (1..).zip(text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)));
    lines
        .map(|(line, text)| Numbered { line, cells: Ok(text.split('\t').map(str::to_owned).collect()) })
        .collect()
}

fn quoted(text: &str, mark: u8) -> Vec<Numbered> {
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(mark).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = StringRecord::new();
    // The crate's own count is behind where lines end with \r\n.
    let (mut counted, mut line) = (0, 1);
    loop {
        let at = usize::try_from(reader.position().byte()).unwrap_or(text.len());
        let start = text.len() - text.part(at..).trim_start_matches(['\r', '\n']).len();
        line += text.part(counted..start).matches('\n').count();
        counted = start;
        let cells = match reader.read_record(&mut record) {
            Ok(true) => Ok(record.iter().map(str::to_owned).collect()),
            Ok(false) => return rows,
            Err(error) => Err(error.to_string()),
        };
        let broken = cells.is_err();
        rows.push(Numbered { line, cells });
        if broken {
            return rows;
        }
    }
}

/// Whether the last cell of a table is quoted, and its quotation mark never closed.
fn is_open(text: &str, mark: u8) -> bool {
    // Whether a cell starts here, a mark stands open, or has just been closed: two marks within a cell are one of its own.
    let (mut starts, mut open, mut closed) = (true, false, false);
    for byte in text.bytes() {
        let is_mark = byte == b'"' && (starts || open || closed);
        starts = !open && (byte == mark || byte == b'\n' || byte == b'\r');
        closed = is_mark && open;
        open ^= is_mark;
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str, prefers_comma: bool) -> Vec<Vec<String>> {
        rows(text, prefers_comma).0.into_iter().map(|row| row.cells.unwrap()).collect()
    }

    #[test]
    fn cells_between_tabs_are_quoted_only_where_that_is_certain() {
        let table = [
            // Speech that begins a cell is no quoting.
            ("a\tb\n\"Ya,\" katanya.\tx\n", "\"Ya,\" katanya."),
            ("a\tb\n\"Ya.\"\tx\n", "\"Ya.\""),
            ("a\tb\n\"Ya, mari.\"\tBesok, katanya\n", "\"Ya, mari.\""),
            // As Python, Excel and those who quote everything write it.
            ("a\tb\n\"\"\"Ya,\"\" katanya.\"\tx\n", "\"Ya,\" katanya."),
            ("a\tb\r\n\"Ya, mari.\"\t\"Besok, katanya\"\r\n", "Ya, mari."),
            ("\"a\"\t\"b\"\n\"Ya.\"\t\"x\"", "Ya."),
            ("a\tb\n\"Satu\ndua\"\tx\n", "Satu\ndua"),
        ];
        for (text, first) in table {
            let rows = cells(text, false);
            assert_eq!((rows.len(), rows[1].len(), rows[1][0].as_str()), (2, 2, first), "{text:?}");
        }
    }

    #[test]
    fn finds_what_stands_between_cells() {
        assert_eq!(cells("a;b\n\"x;y\";1,5\n", true), [["a", "b"], ["x;y", "1,5"]]);
        assert_eq!(cells("a,b\nx,\"y, z\"\n", true), [["a", "b"], ["x", "y, z"]]);
        assert_eq!(cells("a\tb\nx, y\tz\n", true), [["a", "b"], ["x, y", "z"]]);
        assert_eq!(cells("output\nx, y\n", false), [["output"], ["x, y"]]);
        assert_eq!(cells("output\n\"x, y\"\n", true), [["output"], ["x, y"]]);
        assert!(cells("", true).is_empty());
    }
}
