//! Reads and checks the entries of a glossary.

use super::{joined, words, GlossaryEntry, Word};
use crate::error::{Error, Result};
use crate::part::Part;
use crate::text::one_line;

/// Longer ones are no terms, and would crowd a sentence out of the model's sight.
const MOST_BYTES: usize = 200;

/// What the first line may call the columns of source, target and note.
const NAMES: [&[&str]; 3] = [
    &["source", "id", "ind", "indonesian", "indonesia", "sumber", "istilah"],
    &["target", "en", "eng", "english", "inggris", "sasaran", "terjemahan"],
    &["note", "notes", "catatan", "keterangan"],
];

/// `;` where the first line that says something has more of them than commas.
pub(super) fn comma(text: &str) -> u8 {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !is_comment(line, &[',', ';']));
    let count = |mark| first.map_or(0, |line| line.matches(mark).count());
    if count(';') > count(',') {
        b';'
    } else {
        b','
    }
}

/// The entries of a table with the lines they stand on, as messages name them: `place` and the number.
pub(super) fn entries(text: &str, separator: u8, place: &str) -> Result<Vec<(String, GlossaryEntry)>> {
    let text = without_comments(text.strip_prefix('\u{feff}').unwrap_or(text), separator);
    let mut table = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut columns = [Some(0), Some(1), Some(2)];
    let mut entries = Vec::new();
    let mut first = true;
    let mut lines = Lines { text: &text, byte: 0, line: 1 };
    for record in table.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            Error::config(format!("{place}{line}: {error}"), "write source, target and note")
        })?;
        let at = format!("{place}{}", lines.number(record.position().map_or(0, csv::Position::byte)));
        if record.iter().all(str::is_empty) {
            continue;
        }
        if std::mem::take(&mut first) {
            if let Some(named) = header(&record) {
                columns = named;
                continue;
            }
        }
        let most = if columns == [Some(0), Some(1), Some(2)] { 3 } else { usize::MAX };
        if record.len() < 2 || record.len() > most {
            let message =
                format!("{at}: {} columns where source, target and perhaps a note belong", record.len());
            let separator =
                if separator == b'\t' { "a tab".to_owned() } else { format!("`{}`", char::from(separator)) };
            return Err(Error::config(
                message,
                format!("put {separator} between them and quotation marks around what holds one"),
            ));
        }
        let [source, target, note] =
            columns.map(|column| column.and_then(|column| record.get(column)).unwrap_or_default().to_owned());
        let note = Some(note).filter(|note| !note.is_empty());
        entries.push((at, GlossaryEntry { source, target, note }));
    }
    Ok(entries)
}

/// The text with empty lines in the place of comments, so that lines keep their numbers.
fn without_comments(text: &str, separator: u8) -> String {
    let kept = text.lines().map(|line| if is_comment(line, &[char::from(separator)]) { "" } else { line });
    kept.flat_map(|line| [line, "\n"]).collect()
}

/// Whether a line is a comment: `# names`, and not the entry of a tag, `#IndonesiaGelap` and what stands for it.
fn is_comment(line: &str, separators: &[char]) -> bool {
    let is_tag = |rest: &str| rest.starts_with(char::is_alphanumeric) && rest.contains(separators);
    line.trim_start().strip_prefix('#').is_some_and(|rest| !is_tag(rest))
}

/// Counts lines up to places that come in ascending order.
struct Lines<'t> {
    text: &'t str,
    byte: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line of the record that was read from `byte` on: the reader counts the blank lines before it to it.
    fn number(&mut self, byte: u64) -> usize {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        let rest = self.text.part(byte..);
        let start = byte + (rest.len() - rest.trim_start_matches(['\n', '\r']).len());
        self.line += self.text.part(self.byte..start).matches('\n').count();
        self.byte = start;
        self.line
    }
}

/// Where the columns are, if a line names source and target.
fn header(record: &csv::StringRecord) -> Option<[Option<usize>; 3]> {
    let columns = NAMES.map(|names| {
        record.iter().position(|cell| names.contains(&cell.trim_matches(['<', '>']).to_lowercase().as_str()))
    });
    let [source, target, _] = columns;
    source.and(target).and(Some(columns))
}

/// The entry with single blanks between its words, and the words of its source.
pub(super) fn checked(place: &str, entry: GlossaryEntry) -> Result<(GlossaryEntry, Vec<Word>)> {
    let refused = |message: String, fix: &str| Err(Error::config(format!("{place}: {message}"), fix));
    for (name, text) in [("source", &entry.source), ("target", &entry.target)] {
        if text.len() > MOST_BYTES {
            return refused(format!("the {name} has {} bytes", text.len()), "give a term, not a text");
        }
        // A quoted cell may hold a line break; a term is part of a line.
        if text.trim().chars().any(char::is_control) {
            return refused(
                format!("the {name} holds a line break or another control character"),
                "take it out",
            );
        }
    }
    let (source, target) = (one_line(&entry.source), one_line(&entry.target));
    let split = |text: &str| -> Vec<Word> {
        let words = words(text);
        let gap =
            |at: usize| words.get(at.saturating_sub(1)..=at).map_or("", |pair| joined(text, pair)).to_owned();
        let word = |(at, (_, word)): (usize, &(usize, &str))| Word {
            written: (*word).to_owned(),
            lower: word.to_lowercase(),
            gap: gap(at),
        };
        words.iter().enumerate().map(word).collect()
    };
    let words = split(&source);
    if words.is_empty() {
        return refused(
            format!("the source `{source}` has no word"),
            "write the Indonesian term, or take the line out",
        );
    }
    if split(&target).is_empty() {
        return refused(format!("`{source}` has no English"), "write the English term, or take the line out");
    }
    if target.contains([';', '=']) {
        return refused(format!("the target `{target}` holds `;` or `=`"), "give one English term");
    }
    Ok((GlossaryEntry { source, target, note: entry.note }, words))
}

#[cfg(test)]
mod tests {
    use super::super::Glossary;
    use super::*;

    fn pairs(glossary: &Glossary) -> Vec<(&str, &str, Option<&str>)> {
        glossary.entries().map(|entry| (&*entry.source, &*entry.target, entry.note.as_deref())).collect()
    }

    #[test]
    fn reads_what_users_write() {
        let plain = "penyintas\tsurvivor\nKPK\tAnti-Graft Agency\tlike the ministry\n";
        let expected =
            [("penyintas", "survivor", None), ("KPK", "Anti-Graft Agency", Some("like the ministry"))];
        assert_eq!(pairs(&Glossary::from_tsv(plain).unwrap()), expected);
        for text in [
            "\u{feff}source\ttarget\tnote\n# names\n\npenyintas\tsurvivor\t\nKPK\tAnti-Graft Agency\tlike the ministry",
            "catatan\tEN\tID\r\n\tsurvivor\tpenyintas\r\nlike the ministry\tAnti-Graft Agency\tKPK\r\n",
            " penyintas \t survivor\n\t\t\nKPK\tAnti-Graft  Agency\tlike the ministry\npenyintas\tsurvivor\n",
        ] {
            assert_eq!(pairs(&Glossary::from_tsv(text).unwrap()), expected, "{text}");
        }
        for text in [
            "penyintas,survivor\nKPK,Anti-Graft Agency,like the ministry\n",
            "penyintas;survivor\nKPK;Anti-Graft Agency;like the ministry\n",
            "source,target,note\n\"penyintas\",\"survivor\",\nKPK,\"Anti-Graft Agency\",\"like the ministry\"\n",
        ] {
            assert_eq!(pairs(&Glossary::from_csv(text).unwrap()), expected, "{text}");
        }
        let quoted = Glossary::from_csv("dewan,\"council, board\"\n").unwrap();
        assert_eq!(pairs(&quoted), [("dewan", "council, board", None)]);
        assert!(Glossary::from_tsv("# nothing yet\n").unwrap().is_empty());
        let tags =
            Glossary::from_tsv("#Names\n# a\tb\n##\tc\n#KawalPutusan\t#GuardTheRuling\tcampaign\n").unwrap();
        assert_eq!(pairs(&tags), [("#KawalPutusan", "#GuardTheRuling", Some("campaign"))]);
        for text in ["# ours, and theirs\n#KawalPutusan,#GuardTheRuling\n", "#KawalPutusan;#GuardTheRuling\n"]
        {
            assert_eq!(
                pairs(&Glossary::from_csv(text).unwrap()),
                [("#KawalPutusan", "#GuardTheRuling", None)],
                "{text}"
            );
        }
    }

    #[test]
    fn errors_name_the_line_and_what_to_do() {
        for (text, expected) in [
            ("a\tb\nsatu\n", "line 2: 1 columns"),
            ("a\tb\n\n# c\na\td\n", "line 4: `a` is `b` in line 1 already; keep one"),
            ("a\t\n", "line 1: `a` has no English; write"),
            ("-\tb\n", "line 1: the source `-` has no word"),
            ("a\tb;c\n", "line 1: the target `b;c` holds `;` or `=`"),
            ("a\tb\tc\td\n", "line 1: 4 columns"),
            ("a\t\"b\nc\"\n", "line 1: the target holds a line break"),
        ] {
            let error = Glossary::from_tsv(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
        let long = format!("{}\tb\n", "a".repeat(201));
        assert!(Glossary::from_tsv(&long).unwrap_err().to_string().contains("201 bytes"));
        let entries = [GlossaryEntry::new("a", "b"), GlossaryEntry::new("c", " ")];
        assert!(Glossary::new(entries).unwrap_err().to_string().contains("entry 2"));
    }

    #[test]
    fn a_file_is_read_by_its_name_and_its_look() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in
            [("a.csv", "a;b\n"), ("a.tsv", "a\tb\n"), ("a.txt", "a\tb\n"), ("a", "\u{feff}a,b\r\n")]
        {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            assert_eq!(pairs(&Glossary::read(&path).unwrap()), [("a", "b", None)], "{name}");
        }
        let path = folder.path().join("bad.tsv");
        std::fs::write(&path, b"a\tb\nc\t\xff\n").unwrap();
        let error = Glossary::read(&path).unwrap_err().to_string();
        assert!(error.contains("bad.tsv:2: no UTF-8"), "{error}");
        let error = Glossary::read(folder.path().join("none.tsv")).unwrap_err().to_string();
        assert!(error.contains("none.tsv"), "{error}");
    }
}
