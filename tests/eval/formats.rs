use std::fs;
use std::path::{Path, PathBuf};

use intisari::eval::formats::{
    read_articles, read_brat, read_conll, read_conllu, read_json_lines, read_names, read_parallel, read_sgm,
    read_table, read_tagged_json, read_tmx, read_wmt, text_of, ArticleFields, Column, Columns, OnBad, Row,
    Separator, Set, Side,
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

fn cells(set: &Set<Row<Vec<String>>>) -> Vec<&[String]> {
    set.items.iter().map(|row| row.value.as_slice()).collect()
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
    assert_eq!(set.skipped[1].message, "`Kamis` is not a tag of the scheme iob2", "one remedy is enough");
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
    assert!(error.contains("b.en has 1 line, ") && error.contains("a.id has 3"), "{error}");

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
        ("T1\tLOC 8 99\tBogor", "offset 99 (characters) lies behind the end of the text at 14"),
        ("T1\tLOC 8 x\tBogor", "`x` is no number"),
        ("T1\tLOC 0 4;8 13\tBudi Bogor", "several fragments with ` di ` between"),
        ("T1\tLOC 8 13;0 4\tBogor Budi", "out of order"),
        ("T1", "no label"),
        ("T1\tLOC 13 8\tBogor", "ends before it starts"),
    ];
    for (line, message) in lines {
        let path = file(&folder, "a.ann", format!("T0\tPER 0 4\tBudi\n{line}\n"));
        assert_bad(read_brat(&path, OnBad::Fail).unwrap_err(), &path, 2, message);
    }
}

/// Without one of its entities a right system would lose points.
#[test]
fn a_text_of_brat_with_a_bad_line_is_left_out_as_a_whole() {
    let folder = TempDir::new().unwrap();
    for name in ["a", "b"] {
        file(&folder, &format!("{name}.txt"), "Budi di Bogor.");
    }
    let bad = "T1\tPER 0 4\tBudi\nT2\tLOC 8 12\tBogor\nT3\tLOC 8 99\tBogor\n";
    let alone = file(&folder, "a.ann", bad);
    file(&folder, "b.ann", "T1\tPER 0 4\tBudi\nT2\tLOC 8 13\tBogor\n");
    let set = read_brat(folder.path(), OnBad::Skip).unwrap();
    let texts: Vec<_> = set.items.iter().map(|text| (text.name.as_str(), text.entities.len())).collect();
    assert_eq!(texts, [("b", 2)]);
    assert_eq!(set.items[0].place, 2, "what is left out keeps its place");
    assert_eq!(
        set.skipped.iter().map(|bad| bad.line).collect::<Vec<_>>(),
        [2, 3],
        "all bad lines are listed"
    );
    let error = read_brat(&alone, OnBad::Skip).unwrap_err().to_string();
    assert!(error.contains("a.ann has nothing that can be used") && error.contains("a.ann:2: "), "{error}");
}

#[test]
fn brat_has_two_files() {
    let folder = TempDir::new().unwrap();
    let said = |path: &Path| read_brat(path, OnBad::Fail).unwrap_err().to_string();
    let error = said(folder.path());
    assert!(error.contains("has no file NAME.ann in it"), "{error}");
    let error = said(&file(&folder, "a.ann", "T1\tPER 0 4\tBudi\n"));
    assert!(error.contains("a.ann has no a.txt beside it"), "{error}");
    let error = said(&file(&folder, "b.txt", "Budi di Bogor."));
    assert!(error.contains("b.txt has no b.ann beside it"), "{error}");
    let error = said(&file(&folder, "c.jsonl", "{\"text\": \"Budi.\"}\n"));
    assert!(error.contains("c.jsonl is JSON, not a text of brat"), "{error}");
}

#[test]
fn a_line_that_is_not_utf8_spoils_its_sentence_of_conllu() {
    let folder = TempDir::new().unwrap();
    let path = file(
        &folder,
        "a.conllu",
        b"# text = Ani.\n1\tAni\t_\n\n# text = Caf\xe9.\n1\tx\t_\n\n# text = Budi.\n1\tB\xe9di\t_\n",
    );
    let set = read_conllu(&path, OnBad::Skip).unwrap();
    assert_eq!(set.items[0].sentences, ["Ani."]);
    assert_eq!(set.skipped.iter().map(|bad| bad.line).collect::<Vec<_>>(), [4, 8]);
}

type Reader = fn(&Path, OnBad) -> intisari::Result<usize>;

fn count<T>(set: intisari::Result<Set<T>>) -> intisari::Result<usize> {
    set.map(|set| set.items.len())
}

/// Every reader with the forms that are its own.
const READERS: [(&str, &[&str], Reader); 12] = [
    ("conll", &["conll", "conllu"], |path, on_bad| count(read_conll(path, &Columns::default(), on_bad))),
    ("tagged json", &["tagged.jsonl"], |path, on_bad| count(read_tagged_json(path, on_bad))),
    ("articles", &["articles.jsonl"], |path, on_bad| {
        count(read_articles(path, &ArticleFields::default(), on_bad))
    }),
    ("brat", &["ann"], |path, on_bad| count(read_brat(path, on_bad))),
    ("conllu", &["conllu"], |path, on_bad| count(read_conllu(path, on_bad))),
    ("json", &["articles.jsonl", "tagged.jsonl"], |path, on_bad| count(read_json_lines(path, &[], on_bad))),
    ("names", &["names"], |path, on_bad| count(read_names(path, on_bad))),
    ("lines", &["conll", "names", "lines", "csv"], |path, on_bad| count(read_parallel(&[path], on_bad))),
    ("table", &["csv"], |path, on_bad| count(read_table(path, &[&["source"], &["reference"]], on_bad))),
    ("tmx", &["tmx"], |path, on_bad| count(read_tmx(path, &["id"], &["en"], on_bad))),
    ("wmt", &["wmt"], |path, on_bad| count(read_wmt(path, on_bad))),
    ("sgm", &["sgm"], |path, on_bad| count(read_sgm(path, Side::Source, on_bad))),
];

/// A file of each form, and what it is called.
const FILES: [(&str, &str, &[&str]); 11] = [
    ("conll", "Rara\tB-PER\npulang\tO\n", &["tokens with tags (CoNLL)", "has no column"]),
    (
        "tagged.jsonl",
        "{\"tokens\": [\"Rara\", \"pulang\"], \"ner_tags\": [\"B-PER\", \"O\"]}\n",
        &["JSON of tokens with tags", "tokens with tags and no text", "is JSON, not"],
    ),
    (
        "articles.jsonl",
        "{\"text\": \"Rara pulang.\", \"entities\": [[0, 4, \"PER\"]]}\n",
        &["JSON of texts with entities", "is JSON, not"],
    ),
    ("ann", "T1\tPER 0 4\tRara\n", &["brat's annotations"]),
    (
        "conllu",
        "# text = Rara pulang\n1\tRara\t_\t_\t_\t_\t_\t_\t_\tB-PER\n2\tpulang\t_\t_\t_\t_\t_\t_\t_\tO\n",
        &["CoNLL-U", "has no column"],
    ),
    ("names", "== a\n[P1 Rara] pulang.\n", &["articles with marked names"]),
    ("lines", "Hujan turun.\nWarga pulang ke desa.\n", &["a file of lines", "has no column `source`", "4 columns, the first line has 2", "has no set.ann beside it", "has no `# text`", "stands before the first heading", "has nothing that can be used"]),
    ("csv", "source,reference\nHujan.,Rain.\n", &["a table"]),
    (
        "tmx",
        "<tmx><body><tu><tuv lang=\"id\"><seg>Hujan</seg></tuv><tuv lang=\"en\"><seg>Rain</seg></tuv></tu></body></tmx>",
        &["TMX", "holds `<tmx>`"],
    ),
    (
        "wmt",
        "<dataset><doc><src><seg>Hujan</seg></src><ref><seg>Rain</seg></ref></doc></dataset>",
        &["WMT's XML", "holds `<dataset>`"],
    ),
    ("sgm", "<srcset><doc docid=\"d\"><seg id=\"1\">Hujan</seg></doc></srcset>", &["SGM", "holds `<srcset>`"]),
];

/// Whether its lines are to be skipped or not, no reader makes something of a file of another form.
#[test]
fn a_file_of_another_form_is_refused_by_its_name() {
    let folder = TempDir::new().unwrap();
    for (form, text, names) in FILES {
        let path = file(&folder, &format!("set.{form}"), text);
        if form == "ann" {
            file(&folder, "set.txt", "Rara pulang.");
        }
        for (reader, own, read) in READERS {
            for on_bad in [OnBad::Fail, OnBad::Skip] {
                let found = read(&path, on_bad);
                if own.contains(&form) {
                    // The first column of CoNLL-U is no token, which is told.
                    let is_counted = (reader, form) == ("conll", "conllu");
                    assert_eq!(found.is_ok(), !is_counted, "{reader} on {form}: {found:?}");
                    continue;
                }
                let error = match found {
                    Err(error) => error.to_string(),
                    Ok(items) => panic!("{reader} on {form}: {items} items"),
                };
                assert!(names.iter().any(|name| error.contains(name)), "{reader} on {form}: {error}");
                assert!(error.contains(&format!("set.{form}")), "{reader} on {form}: {error}");
            }
        }
        std::fs::remove_file(&path).unwrap();
    }
}

/// A name says less than what the file holds.
#[test]
fn a_name_alone_makes_no_other_form() {
    let folder = TempDir::new().unwrap();
    for text in ["Rara\tB-PER\nNdolu\tL-PER\ndi\tO\nSabu\tU-LOC\n", "Rara\tPER\nSabu\tLOC\n"] {
        let tagged = file(&folder, "tags.csv", text);
        assert!(read_conll(&tagged, &Columns::default(), OnBad::Fail).is_ok(), "{text}");
    }
    let table = file(&folder, "tags.csv", "text,label\nRara,PER\n");
    let error = read_conll(&table, &Columns::default(), OnBad::Fail).unwrap_err().to_string();
    assert!(error.contains("tags.csv is a table"), "{error}");
    for name in ["lines.csv", "lines.tsv"] {
        assert_eq!(
            read_parallel(&[file(&folder, name, "Hujan.\nAngin.\n")], OnBad::Fail).unwrap().items.len(),
            2
        );
        assert!(read_parallel(&[file(&folder, name, "")], OnBad::Fail).unwrap().items.is_empty());
    }
}

#[test]
fn a_set_of_bad_lines_alone_is_refused_though_they_are_skipped() {
    let folder = TempDir::new().unwrap();
    let table: [(&str, &str, Reader); 3] = [
        ("a.jsonl", "{\"text\": 3}\n{\"text\": 4}\n", |path, on_bad| {
            count(read_json_lines(path, &["summary"], on_bad))
        }),
        ("a.tsv", "source\treference\nx\ny\n", |path, on_bad| {
            count(read_table(path, &[&["source"], &["reference"]], on_bad))
        }),
        ("b.tsv", "Rara\tB-PER\npulang\tX-O\n", |path, on_bad| {
            count(read_conll(path, &Columns::default(), on_bad)?.in_scheme(TagScheme::Iob2, on_bad))
        }),
    ];
    for (name, text, read) in table {
        let path = file(&folder, name, text);
        let error = read(&path, OnBad::Skip).unwrap_err().to_string();
        assert!(error.contains(&format!("{name} has nothing that can be used")), "{error}");
        assert!(error.contains(&format!("{name}:")), "{error}");
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
