//! The form of an input: what its beginning shows, what its name says, what the command line wants.
//!
//! The beginning goes before the name, for `.json` and `.txt` hold anything. One broken line says nothing about the form: a
//! stream of JSON Lines stays one if its first line is torn.

use std::path::Path;

use intisari::document::Fields;
use serde::de::IgnoredAny;
use serde_json::{Deserializer, Map, Value};

use super::source::{told, Source};
use crate::args::{InputArgs, InputForm};

/// How an input is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One article.
    Text,
    /// One JSON object a line.
    Jsonl,
    /// JSON objects over any number of lines, alone or in a list.
    Json,
    /// Rows under a header, with this byte between cells.
    Table(u8),
}

impl Form {
    /// What it is called, and the option's value for it.
    fn name(self) -> (&'static str, &'static str) {
        match self {
            Form::Text => ("plain text", "text"),
            Form::Jsonl => ("JSON Lines", "jsonl"),
            Form::Json => ("JSON over several lines or in a list", "json"),
            Form::Table(b'\t') => ("TSV with a header", "tsv"),
            Form::Table(_) => ("CSV with a header", "csv"),
        }
    }
}

/// The beginning is looked at up to here.
const MOST: usize = 64 << 10;

/// What the beginning of an input shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Nothing,
    /// Not yet enough to tell.
    More,
    Certain(Form),
    /// A table, as it seems, of which no column has a usual name for the text.
    TableOfWhat(u8),
    Text,
}

/// The form of `source`; `None` where it is empty, a message where it is not what it should be.
pub fn of(source: &mut Source, path: &Path, args: &InputArgs) -> Result<Option<Form>, String> {
    let fields = args.fields();
    let shown = look(source, args.input_form, &fields)?;
    if shown == Shown::Nothing {
        return Ok(None);
    }
    let asked = match args.input_form {
        InputForm::Auto => return by_itself(shown, path, source).map(Some),
        InputForm::Text => return Ok(Some(Form::Text)),
        InputForm::Jsonl => Form::Jsonl,
        InputForm::Json => Form::Json,
        InputForm::Csv => {
            Form::Table(delimiter(source.head().0).filter(|&found| found != b'\t').unwrap_or(b','))
        }
        InputForm::Tsv => Form::Table(b'\t'),
    };
    let other = match (asked, shown) {
        // A list of objects is one; so are objects one after the other.
        (Form::Json, Shown::Certain(Form::Jsonl)) => None,
        (Form::Table(_), Shown::Certain(Form::Table(found)) | Shown::TableOfWhat(found)) => {
            let tabs = |delimiter| delimiter == b'\t';
            let asked = args.input_form == InputForm::Tsv;
            (tabs(found) != asked).then_some(Form::Table(found))
        }
        (_, Shown::Certain(found)) if found != asked => Some(found),
        (Form::Json, Shown::TableOfWhat(found)) => Some(Form::Table(found)),
        (Form::Json, Shown::Text) => Some(Form::Text),
        _ => None,
    };
    match other {
        Some(found) => {
            let ((found, option), (asked, _)) = (found.name(), asked.name());
            Err(format!("looks like {found}, not like {asked}; read it with --input-form {option}"))
        }
        None => Ok(Some(asked)),
    }
}

/// Reads until the beginning shows enough. Where the form is given, a line is enough: a stream must not wait for what would
/// only be checked.
fn look(source: &mut Source, asked: InputForm, fields: &Fields) -> Result<Shown, String> {
    let mut seen = 0;
    loop {
        let (head, ended) = source.head();
        let whole = ended || head.len() >= MOST;
        let new_line = head.get(seen..).is_some_and(|new| new.contains(&b'\n'));
        if whole || new_line {
            let shown = shown(head, whole, fields);
            let trimmed = head.trim_ascii_start();
            if shown == Shown::More && asked != InputForm::Auto && trimmed.contains(&b'\n') {
                let may_be_json = matches!(trimmed.first(), Some(b'{' | b'['));
                return Ok(table(trimmed, fields).unwrap_or(if may_be_json { shown } else { Shown::Text }));
            }
            if shown != Shown::More || whole {
                return Ok(shown);
            }
            seen = head.len();
        }
        source.read_on().map_err(|error| told(&error))?;
    }
}

/// The form where none is asked for.
fn by_itself(shown: Shown, path: &Path, source: &Source) -> Result<Form, String> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    Ok(match (shown, extension.to_ascii_lowercase().as_str()) {
        (Shown::Certain(form @ (Form::Jsonl | Form::Json)), _) => form,
        (_, "jsonl" | "ndjson") => Form::Jsonl,
        (_, "json") => Form::Json,
        (_, "tsv" | "tab") => Form::Table(b'\t'),
        (_, "csv") => Form::Table(delimiter(source.head().0).unwrap_or(b',')),
        (Shown::Certain(form), _) => form,
        (Shown::TableOfWhat(delimiter), _) => {
            let (name, option) = Form::Table(delimiter).name();
            return Err(format!(
                "looks like {name}, and no column has a usual name for the text: give --input-form {option} and \
                 --text-field NAME, or --input-form text if it is an article"
            ));
        }
        (Shown::Text | Shown::Nothing | Shown::More, _) => Form::Text,
    })
}

/// What `head` shows; `whole` says that no more will be looked at.
fn shown(head: &[u8], whole: bool, fields: &Fields) -> Shown {
    let trimmed = head.trim_ascii_start();
    if trimmed.is_empty() {
        return match (head.is_empty(), whole) {
            (true, true) => Shown::Nothing,
            (_, true) => Shown::Text,
            _ => Shown::More,
        };
    }
    let lines = Lines::new(trimmed, whole);
    match trimmed.first() {
        Some(b'{') => object(trimmed, whole, &lines),
        Some(b'[') => list(trimmed, &lines),
        _ => None,
    }
    .unwrap_or_else(|| {
        if lines.are_records() {
            Shown::Certain(Form::Jsonl)
        } else if !whole {
            Shown::More
        } else {
            table(trimmed, fields).unwrap_or(Shown::Text)
        }
    })
}

/// What begins with a brace is JSON, in lines or over them.
fn object(head: &[u8], whole: bool, lines: &Lines<'_>) -> Option<Shown> {
    let jsonl = Some(Shown::Certain(Form::Jsonl));
    match Probe::of(head) {
        Probe::Whole { one_line: true } => jsonl,
        Probe::Whole { one_line: false } => Some(Shown::Certain(Form::Json)),
        Probe::Begun { one_line: true } if whole => jsonl,
        Probe::Begun { one_line: true } => Some(Shown::More),
        // A torn line may be the beginning of JSON as well; a record that stands alone on the next line tells.
        Probe::Begun { one_line: false } => match lines.second() {
            Some(line) if is_record(line) => jsonl,
            None if !whole => Some(Shown::More),
            _ => Some(Shown::Certain(Form::Json)),
        },
        Probe::Broken => {
            let inner = head.get(1..).unwrap_or_default().trim_ascii_start();
            match inner.first() {
                Some(b'"' | b'}') => jsonl,
                _ => None,
            }
        }
    }
}

/// What begins with a bracket is JSON where objects follow; `[SALAH] …` is an article.
fn list(head: &[u8], lines: &Lines<'_>) -> Option<Shown> {
    let inner = head.get(1..).unwrap_or_default().trim_ascii_start();
    match (Probe::of(head), inner.first()) {
        (Probe::Whole { .. } | Probe::Begun { .. }, Some(b'{' | b'[' | b'"' | b']')) => {
            Some(Shown::Certain(Form::Json))
        }
        (Probe::Broken, Some(b'{')) if !lines.are_records() => Some(Shown::Certain(Form::Json)),
        _ => None,
    }
}

/// How far JSON goes from the start of an input.
enum Probe {
    Whole { one_line: bool },
    Begun { one_line: bool },
    Broken,
}

impl Probe {
    fn of(head: &[u8]) -> Self {
        let one_line = |bytes: &[u8]| !bytes.contains(&b'\n');
        let mut values = Deserializer::from_slice(head).into_iter::<IgnoredAny>();
        match values.next() {
            Some(Ok(_)) => {
                let value = head.get(..values.byte_offset()).unwrap_or_default();
                Probe::Whole { one_line: one_line(value) }
            }
            Some(Err(error)) if error.is_eof() => Probe::Begun { one_line: one_line(head.trim_ascii_end()) },
            _ => Probe::Broken,
        }
    }
}

/// The lines of a beginning that are not blank; a last one that may go on is left out.
struct Lines<'a>(Vec<&'a [u8]>);

impl<'a> Lines<'a> {
    fn new(head: &'a [u8], whole: bool) -> Self {
        let mut lines: Vec<&[u8]> = head.split(|&byte| byte == b'\n').collect();
        if !whole {
            lines.pop();
        }
        Lines(lines.into_iter().map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()).collect())
    }

    fn second(&self) -> Option<&'a [u8]> {
        self.0.get(1).copied()
    }

    /// Whether at least half of the lines are JSON objects; an article may quote one.
    fn are_records(&self) -> bool {
        let records = self.0.iter().filter(|line| is_record(line)).count();
        records > 0 && records * 2 >= self.0.len()
    }
}

fn is_record(line: &[u8]) -> bool {
    line.first() == Some(&b'{') && serde_json::from_slice::<Map<String, Value>>(line).is_ok()
}

/// What parts the cells of a table of one column: a byte that texts do not have, since they have commas.
const NOWHERE: u8 = 0x1f;

/// A table where the first line names columns and the second has as many cells.
fn table(head: &[u8], fields: &Fields) -> Option<Shown> {
    let Some(delimiter) = delimiter(head) else {
        // One column, which nothing but its name tells from an article.
        let header = rows(head, NOWHERE).next()?;
        let named = fields.text.is_some() && fields.text_column(&header).is_some();
        return named.then_some(Shown::Certain(Form::Table(NOWHERE)));
    };
    let header: Vec<String> = rows(head, delimiter).next()?;
    let is_name = |name: &String| {
        let words = name.split_whitespace().count();
        let identifier = name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
        // Commas and blanks stand in sentences as well, and strokes between the buttons of a page.
        let plain = !matches!(delimiter, b',' | b'|') || identifier || name.trim() == name;
        plain && name.chars().count() <= 40 && words <= 4 && !name.trim_end().ends_with(['.', '!', '?'])
    };
    // The first column of a table with numbered rows has no name.
    let named = header.iter().skip(1).all(|name| !name.trim().is_empty());
    // A broken row is one; the last may be cut off.
    let even = |rows: &[usize]| rows.iter().filter(|&&cells| cells == header.len()).count() * 2 >= rows.len();
    let quoted: Vec<usize> = rows(head, delimiter).skip(1).take(10).map(|row| row.len()).collect();
    // With tabs between them, cells may begin with a mark that opens nothing.
    let plain = || -> Vec<usize> {
        let lines = head.split(|&byte| byte == b'\n').skip(1).filter(|line| !line.is_empty());
        lines.take(10).map(|line| line.split(|&byte| byte == delimiter).count()).collect()
    };
    let even = even(&quoted) || delimiter == b'\t' && even(&plain());
    if !named || !even || !header.iter().all(is_name) {
        return None;
    }
    if fields.text_column(&header).is_some() {
        return Some(Shown::Certain(Form::Table(delimiter)));
    }
    let identifiers = header.iter().all(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
    let looks_like_one = match delimiter {
        b'|' => false,
        b',' => identifiers,
        _ => true,
    };
    looks_like_one.then_some(Shown::TableOfWhat(delimiter))
}

/// The byte that parts the first line of `head` into the most cells; `None` where none does.
fn delimiter(head: &[u8]) -> Option<u8> {
    let cells = |&delimiter: &u8| rows(head, delimiter).next().map_or(0, |row| row.len());
    let best = [b'|', b',', b';', b'\t'].into_iter().max_by_key(cells)?;
    (cells(&best) > 1).then_some(best)
}

fn rows(head: &[u8], delimiter: u8) -> impl Iterator<Item = Vec<String>> + '_ {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(super::table::without_hint(head).1);
    let mut row = csv::ByteRecord::new();
    std::iter::from_fn(move || {
        let read = reader.read_byte_record(&mut row).ok()?;
        read.then(|| row.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown_of(head: &str) -> Shown {
        shown(head.as_bytes(), true, &Fields::default())
    }

    #[test]
    fn the_beginning_tells_the_form() {
        let (jsonl, json) = (Shown::Certain(Form::Jsonl), Shown::Certain(Form::Json));
        for (head, form) in [
            ("", Shown::Nothing),
            (" \n", Shown::Text),
            ("Hujan turun.\nJalan tergenang.\n", Shown::Text),
            // JSON Lines, whole or torn
            ("{\"text\": \"x\"}\n", jsonl),
            ("{\"text\": \"x\"}", jsonl),
            ("\r\n{\"text\": \"x\"}\r\n{\"text\": \"y\"}\r\n", jsonl),
            ("null\n{\"text\": \"x\"}\n{\"text\": \"y\"}\n", jsonl),
            ("\"text\": \"ekor\"}\n{\"text\": \"x\"}\n", jsonl),
            ("oops\nnull\n{\"text\": \"x\"}\n{\"text\": \"y\"}\n", jsonl),
            ("{\"text\": \"x\n{\"text\": \"y\"}\n", jsonl),
            ("{\"id\": 1, \"text\":\n{\"text\": \"y\"}\n", jsonl),
            ("{\"id\": 1, \"text\":\n{\"text\": \"y\"}\n{\"text\": \"z\"}\n", jsonl),
            ("[{\"text\": \"x\"}\n{\"text\": \"y\"}\n", jsonl),
            ("[\n{\"text\": \"x\"}\n{\"text\": \"y\"}\n{\"text\": \"z\"}\n", jsonl),
            ("{\"text\": \"x\\ud800\"}\n", jsonl),
            ("{oops}\n{\"text\": \"x\"}\n", jsonl),
            // JSON over lines, and lists
            ("{\n  \"id\": 1,\n  \"text\": \"x\"\n}\n", json),
            ("{\n  \"id\": 1\n}\n{\n  \"id\": 2\n}\n", json),
            ("{\n  \"id\": {\n    \"a\"", json),
            ("[{\"text\": \"x\"}, {\"text\": \"y\"}]", json),
            ("[\n{\"text\": \"x\"},\n{\"text\": \"y\"}\n]\n", json),
            ("[\n  {\n    \"text\": \"x\"", json),
            ("[]", json),
            ("[\"satu\", \"dua\"]", json),
            ("[{\"text\": \"x\\q\"}, {\"text\": \"y\"}]", json),
            // Articles that only look like it
            ("[SALAH] Warga menolak bus.\nItu tidak benar.\n", Shown::Text),
            ("[12 Mei 2025] Hujan turun.\n", Shown::Text),
            ("[\"Kami senang,\" kata Budi]\n", Shown::Text),
            ("{Foto: Budi}\nHujan turun.\n", Shown::Text),
            ("Judul\nHujan turun.\n{\"@type\": \"NewsArticle\"}\n", Shown::Text),
            // Tables
            ("id,text\n1,Hujan.\n", Shown::Certain(Form::Table(b','))),
            ("kategori;berita\nvalid;\"Hujan;\nturun.\"\n", Shown::Certain(Form::Table(b';'))),
            ("Judul\tIsi Berita\nA\tHujan.\n", Shown::Certain(Form::Table(b'\t'))),
            ("sep=;\nid;isi\n1;Hujan.\n", Shown::Certain(Form::Table(b';'))),
            (",text\n0,Hujan.\n", Shown::Certain(Form::Table(b','))),
            ("id|text\n1|Hujan, lalu terang.\n", Shown::Certain(Form::Table(b'|'))),
            ("Beranda|Berita|Foto\nHujan turun.\nJalan tergenang.\n", Shown::Text),
            ("Foto | Berita\nHujan | Banjir\n", Shown::Text),
            ("| id | text |\n| -- | ---- |\n| 1 | Hujan. |\n", Shown::Text),
            ("satu|dua\na|b\n", Shown::Text),
            ("text\nHujan turun.\n", Shown::Text),
            ("id\ttext\tsumber\n1\t\"Hujan.\tx\n2\tGempa.\ty\n", Shown::Certain(Form::Table(b'\t'))),
            ("kelas;ulasan\na;Bagus.\n", Shown::TableOfWhat(b';')),
            ("label,tweet\na,Bagus.\n", Shown::TableOfWhat(b',')),
            ("Jakarta, Senin\nHujan turun, jalan tergenang.\n", Shown::Text),
            ("Berita, Foto, Video\nHujan, angin, petir.\n", Shown::Text),
            ("Hujan turun; jalan tergenang.\nAir surut; warga pulang.\n", Shown::Text),
            ("Hujan, badai\n", Shown::Text),
        ] {
            assert_eq!(shown_of(head), form, "{head:?}");
        }
    }

    #[test]
    fn a_name_that_was_given_makes_a_table_of_one_column() {
        let fields = Fields { text: Some("isi".to_owned()), ..Fields::default() };
        for (head, form) in [
            ("isi\nHujan turun, lalu reda.\n", Shown::Certain(Form::Table(NOWHERE))),
            ("\"isi\"\r\n\"Hujan turun.\"\r\n", Shown::Certain(Form::Table(NOWHERE))),
            ("id|isi\n1|Hujan.\n", Shown::Certain(Form::Table(b'|'))),
            ("Isi berita\nHujan turun.\n", Shown::Text),
            ("Hujan turun.\nisi\n", Shown::Text),
        ] {
            assert_eq!(shown(head.as_bytes(), true, &fields), form, "{head}");
        }
    }

    #[test]
    fn a_first_record_is_enough_and_a_torn_one_waits_for_the_next() {
        let partly = |head: &str| shown(head.as_bytes(), false, &Fields::default());
        assert_eq!(partly("{\"text\": \"x\"}\n"), Shown::Certain(Form::Jsonl));
        assert_eq!(partly("{\n  \"id\": 1,\n"), Shown::Certain(Form::Json));
        for head in ["", " \n", "{\"te", "null\n", "null\n{\"text\"", "Hujan turun.\n", "{\n"] {
            assert_eq!(partly(head), Shown::More, "{head:?}");
        }
        assert_eq!(partly("null\n{\"text\": \"x\"}\n"), Shown::Certain(Form::Jsonl));
    }
}
