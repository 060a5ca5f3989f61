use std::fs;
use std::path::{Path, PathBuf};

use intisari::eval::formats::{
    read_brat, read_conll, read_conllu, read_json_lines, read_parallel, read_table, text_of, Column, Columns,
    OnBad, Row, Separator, Set,
};
use intisari::eval::TagScheme;
use intisari::Error;
use tempfile::TempDir;

fn file(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

#[track_caller]
fn assert_bad(result: Error, path: &Path, line: usize, message: &str) {
    match &result {
        Error::Malformed { path: p, line: l, message: m } => {
            assert_eq!((p.as_path(), *l), (path, line));
            assert!(m.contains(message), "{m}");
        }
        other => panic!("{other}"),
    }
    let shown = result.to_string();
    assert!(shown.starts_with(&format!("{}:{line}: ", path.display())), "{shown}");
}

fn cells(set: &Set<Row>) -> Vec<&[String]> {
    set.items.iter().map(|row| row.cells.as_slice()).collect()
}

const TAGGED: &str = "Gubernur\tO\r\nJawa\tB-LOC\r\nTengah\tI-LOC\r\n\r\n\r\nBudi\tB-PER\r\n";

#[test]
fn reads_tagged_sentences() {
    let folder = TempDir::new().unwrap();
    let set = read_conll(&file(&folder, "a.tsv", TAGGED), &Columns::default(), OnBad::Fail).unwrap();
    let tokens: Vec<_> = set.items.iter().map(|s| (s.line, s.tokens.join(" "), s.tags.join(" "))).collect();
    assert_eq!(
        tokens,
        [(1, "Gubernur Jawa Tengah".into(), "O B-LOC I-LOC".into()), (6, "Budi".into(), "B-PER".to_string())]
    );
    assert_eq!(set.sha256.len(), 64);
    assert!(set.skipped.is_empty());
}

#[test]
fn reads_any_column_and_separator() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "c.txt", "-DOCSTART- -X- O O\n\n1 Budi NNP  B-PER x\n2 lari VB O x\n");
    let columns = Columns { separator: Separator::WhiteSpace, token: Column::Nth(1), tag: Column::Nth(3) };
    let set = read_conll(&path, &columns, OnBad::Fail).unwrap();
    assert_eq!(set.items[0].tokens, ["Budi", "lari"]);
    assert_eq!(set.items[0].tags, ["B-PER", "O"]);

    let path = file(&folder, "d.txt", "O|||Budi\nB-LOC|||Bogor");
    let columns =
        Columns { separator: Separator::Text("|||".into()), token: Column::Last, tag: Column::Nth(0) };
    assert_eq!(read_conll(&path, &columns, OnBad::Fail).unwrap().items[0].tags, ["O", "B-LOC"]);
}

#[test]
fn names_the_bad_line_of_a_tagged_file() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "bad.tsv", "Budi\tB-PER\n\nke\tO\nBogor\n\nhari\tO\nini\tKamis\n\nlagi\tO\n");
    let columns = Columns::default();
    assert_bad(read_conll(&path, &columns, OnBad::Fail).unwrap_err(), &path, 4, "only one column");

    let set = read_conll(&path, &columns, OnBad::Skip).unwrap();
    let scheme = TagScheme::detect(&set.items, |sentence| &sentence.tags).unwrap().scheme;
    let set = set.in_scheme(scheme, OnBad::Skip).unwrap();
    let first: Vec<_> = set.items.iter().map(|s| s.tokens[0].as_str()).collect();
    assert_eq!(set.items.iter().map(|s| s.place).collect::<Vec<_>>(), [1, 4]);
    assert_eq!(first, ["Budi", "lagi"], "a bad line spoils its whole sentence and no other");
    let lines: Vec<_> = set.skipped.iter().map(|bad| bad.line).collect();
    assert_eq!(lines, [4, 7]);
    assert!(set.skipped[0].message.contains("only one column"), "{}", set.skipped[0]);
    assert!(set.skipped[1].message.contains("`Kamis` is not a tag of the scheme iob2"), "{}", set.skipped[1]);
}

#[test]
fn names_a_line_that_is_not_utf8() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "latin1.tsv", b"caf\xe9\tO\n\nBudi\tB-PER\n");
    assert_bad(read_conll(&path, &Columns::default(), OnBad::Fail).unwrap_err(), &path, 1, "UTF-8");
    assert_eq!(read_conll(&path, &Columns::default(), OnBad::Skip).unwrap().items.len(), 1);
}

#[test]
fn reads_documents_of_conllu() {
    let folder = TempDir::new().unwrap();
    let text = "# newdoc id = a\n# sent_id = 1\n# text = Budi lari.\n1\tBudi\t_\n\n# text = Ani = teman.\n1\tAni\t_\n\n\
                # newdoc\n# text = Selesai.\n1\tSelesai\t_\n";
    let set = read_conllu(&file(&folder, "a.conllu", text), OnBad::Fail).unwrap();
    assert_eq!(set.items[0].id.as_deref(), Some("a"));
    assert_eq!(set.items[0].running_text(), "Budi lari. Ani = teman.");
    assert_eq!((set.items[1].id.as_deref(), set.items[1].sentences.len()), (None, 1));

    let path = file(&folder, "b.conllu", "# sent_id = 1\n1\tBudi\t_\n\n# text = Ani.\n1\tAni\t_\n\n");
    assert_bad(read_conllu(&path, OnBad::Fail).unwrap_err(), &path, 1, "no `# text`");
    assert_eq!(read_conllu(&path, OnBad::Skip).unwrap().items[0].sentences, ["Ani."]);
}

#[test]
fn a_sentence_of_conllu_has_one_text() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "b.conllu", "\n# sent_id = 1\n1\tBudi\t_");
    assert_bad(read_conllu(&path, OnBad::Fail).unwrap_err(), &path, 2, "no `# text`");
    let path = file(&folder, "c.conllu", "# text = Budi.\n# text = Ani.\n1\tBudi\t_");
    assert_bad(read_conllu(&path, OnBad::Fail).unwrap_err(), &path, 1, "several `# text`");
}

#[test]
fn reads_parallel_files_by_line_number() {
    let folder = TempDir::new().unwrap();
    let (id, en) = (file(&folder, "a.id", "satu\n\ntiga\n"), file(&folder, "a.en", "one\n\nthree"));
    let set = read_parallel(&[&id, &en], OnBad::Fail).unwrap();
    assert_eq!(cells(&set), [["satu", "one"], ["", ""], ["tiga", "three"]]);
    assert_ne!(set.sha256, read_parallel(&[&id], OnBad::Fail).unwrap().sha256);

    let short = file(&folder, "b.en", "one\n");
    let error = read_parallel(&[&id, &short], OnBad::Skip).unwrap_err().to_string();
    assert!(error.contains("b.en has 1 lines") && error.contains('3'), "{error}");

    let latin = file(&folder, "c.en", b"one\ntw\xf3\nthree\n");
    let set = read_parallel(&[&id, &latin], OnBad::Skip).unwrap();
    assert_eq!(set.items[1].line, 3);
    assert_eq!(cells(&set), [["satu", "one"], ["tiga", "three"]], "both sides of a bad line are left out");
    assert_eq!(set.skipped[0].path, latin);
    assert!(read_parallel::<PathBuf>(&[], OnBad::Fail).is_err());
}

#[test]
fn reads_columns_of_a_table_by_name() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "t.tsv", "id\ten\tsrc\n1\tone\tsatu\n2\ttwo\n3\tthree\ttiga\n");
    assert_bad(read_table(&path, &[&["src"], &["en"]], OnBad::Fail).unwrap_err(), &path, 3, "2 cells");
    let set = read_table(&path, &[&["src"], &["en"]], OnBad::Skip).unwrap();
    assert_eq!(cells(&set), [["satu", "one"], ["tiga", "three"]]);
    assert_eq!(set.items[1].line, 4);
    let error = read_table(&path, &[&["target"]], OnBad::Fail).unwrap_err().to_string();
    assert!(error.contains("`target`") && error.contains("id, en, src"), "{error}");
}

#[test]
fn reads_fields_of_json_lines() {
    let folder = TempDir::new().unwrap();
    let path = file(
        &folder,
        "s.jsonl",
        "{\"text\": \"Isi.\", \"meta\": {\"en\": \"Body.\"}}\n\n{\"text\": 3}\n[1]\n{\"meta\": {\"en\": \"x\"}, \"text\": \"y\"}\n",
    );
    assert_bad(read_json_lines(&path, &["meta.en"], OnBad::Fail).unwrap_err(), &path, 3, "`meta.en`");
    let set = read_json_lines(&path, &["text", "meta.en"], OnBad::Skip).unwrap();
    assert_eq!(set.items[0].text("meta.en").as_deref(), Some("Body."));
    assert_eq!(set.items.iter().map(|r| (r.line, r.place)).collect::<Vec<_>>(), [(1, 1), (5, 4)]);
    assert_eq!(set.skipped.iter().map(|bad| bad.line).collect::<Vec<_>>(), [3, 4]);
}

#[test]
fn reads_texts_of_every_shape() {
    let text = |json: &str| text_of(&serde_json::from_str(json).unwrap());
    assert_eq!(text(r#""Satu dua.\nTiga.""#).as_deref(), Some("Satu dua.\nTiga."));
    assert_eq!(text(r#"["Satu dua.", "Tiga."]"#).as_deref(), Some("Satu dua.\nTiga."));
    assert_eq!(text(r#"[["Satu", "dua", "."], ["Tiga", "."]]"#).as_deref(), Some("Satu dua .\nTiga ."));
    assert_eq!(
        text(r#"[[["Satu", "."]], [["Dua", "."], ["Tiga"]]]"#).as_deref(),
        Some("Satu .\nDua .\nTiga")
    );
    assert_eq!(text(r#"[["Satu dua.", "Tiga."], ["Empat."]]"#).as_deref(), Some("Satu dua.\nTiga.\nEmpat."));
    assert_eq!(text("[]").as_deref(), Some(""));
    assert_eq!(text("3"), None);
    assert_eq!(text(r#"["a", 3]"#), None);
}

#[test]
fn reads_brat_with_offsets_in_characters() {
    let folder = TempDir::new().unwrap();
    let text = "Kafé Budi\ndi Bogor.";
    file(&folder, "a.txt", text);
    let path = file(
        &folder,
        "a.ann",
        "T2\tLOC 13 18\tBogor\nT1\tORG 0 9\tKafé Budi\nR1\tIn Arg1:T1 Arg2:T2\nT3\tMISC 5 12\tBudi di\n",
    );
    let set = read_brat(&path, OnBad::Fail).unwrap();
    let entities = &set.items[0].entities;
    let surfaces: Vec<_> = entities.iter().map(|e| (e.label.as_str(), &text[e.start..e.end])).collect();
    assert_eq!(surfaces, [("ORG", "Kafé Budi"), ("MISC", "Budi\ndi"), ("LOC", "Bogor")]);
}

#[test]
fn fragments_that_a_line_break_parts_are_one_entity() {
    let folder = TempDir::new().unwrap();
    let text = "Dinas Tata\r\nKota Ende, Kantor\nPos";
    file(&folder, "a.txt", text);
    let path =
        file(&folder, "a.ann", "T1\tORG 0 10;12 21\tDinas Tata Kota Ende\nT2\tORG 23 29;30 33\tKantor Pos\n");
    let entities = &read_brat(&path, OnBad::Fail).unwrap().items[0].entities;
    let surfaces: Vec<_> = entities.iter().map(|entity| &text[entity.start..entity.end]).collect();
    assert_eq!(surfaces, ["Dinas Tata\r\nKota Ende", "Kantor\nPos"]);
}

#[test]
fn names_the_bad_line_of_brat() {
    let folder = TempDir::new().unwrap();
    file(&folder, "a.txt", "Budi di Bogor.");
    let lines = [
        ("T1\tLOC 8 12\tBogor", "the text has `Bogo`"),
        ("T1\tLOC 8 99\tBogor", "leaves the text"),
        ("T1\tLOC 8 x\tBogor", "`x` is no number"),
        ("T1\tLOC 0 4;8 13\tBudi Bogor", "several fragments with ` di ` between"),
        ("T1\tLOC 8 13;0 4\tBogor Budi", "out of order"),
        ("T1", "no label"),
        ("T1\tLOC 13 8\tBogor", "ends before it starts"),
    ];
    for (line, message) in lines {
        let path = file(&folder, "a.ann", format!("T0\tPER 0 4\tBudi\n{line}\n"));
        assert_bad(read_brat(&path, OnBad::Fail).unwrap_err(), &path, 2, message);
        let set = read_brat(&path, OnBad::Skip).unwrap();
        assert_eq!((set.items[0].entities.len(), set.skipped.len()), (1, 1));
    }
}

#[test]
fn empty_files_hold_nothing() {
    let folder = TempDir::new().unwrap();
    for bytes in ["", "\u{feff}", "\n", "\n\n"] {
        let path = file(&folder, "empty", bytes);
        assert!(read_conll(&path, &Columns::default(), OnBad::Fail).unwrap().items.is_empty());
        assert!(read_conllu(&path, OnBad::Fail).unwrap().items.is_empty());
        assert!(read_json_lines(&path, &[], OnBad::Fail).unwrap().items.is_empty());
    }
    let blank = file(&folder, "blank", "\n");
    assert_eq!(cells(&read_parallel(&[&blank], OnBad::Fail).unwrap()), [[""]], "a blank line is a line");
    let missing = folder.path().join("missing");
    assert!(matches!(read_conllu(&missing, OnBad::Fail), Err(Error::Io { .. })));
}
