//! Sets with outputs, each read in one call.

use std::fs;
use std::path::{Path, PathBuf};

use intisari::eval::evaluation::{evaluate_ner, NerItem, SetInfo, Setup};
use intisari::eval::formats::{read_records, Column, Columns, OnBad, Set};
use intisari::eval::sets::{
    CleaningReader, NamesReader, NerReader, NerSet, Outputs, SentencesReader, TagReader, TextReader,
};
use intisari::eval::{usual_label, LabeledSpan, TagScheme};
use intisari::Error;
use tempfile::TempDir;

fn file(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    path
}

/// The parts of a text that spans mark, with their labels.
fn surfaces(item: &NerItem, spans: &[LabeledSpan]) -> Vec<String> {
    let bytes = |span: &LabeledSpan| match item.tokens.as_slice() {
        [] => span.start..span.end,
        tokens => tokens[span.start].start..tokens[span.end - 1].end,
    };
    spans.iter().map(|span| format!("{} {}", span.label, &item.text[bytes(span)])).collect()
}

const ARTICLES: &str = "{\"id\": \"a\", \"text\": \"Élis pulang ke Sabu.\", \"entities\": [[0, 4, \"PER\"], [15, 19, \"LOC\"]]}\n\
                        {\"id\": \"b\", \"text\": \"Hujan di Ende.\", \"entities\": [[9, 13, \"LOC\"]]}\n";

#[test]
fn articles_get_their_outputs_by_id_and_else_in_order() {
    let folder = TempDir::new().unwrap();
    let gold = file(&folder, "gold.jsonl", ARTICLES);
    let outputs = [
        ("by id", "{\"id\": \"b\", \"entities\": []}\n{\"id\": \"a\", \"entities\": [[15, 19, \"LOC\"]]}\n"),
        ("in order", "{\"entities\": [[15, 19, \"LOC\"]]}\n{\"entities\": []}\n"),
        ("in bytes", "{\"offset_unit\": \"bytes\", \"entities\": [[16, 20, \"LOC\"]]}\n{\"entities\": []}\n"),
    ];
    for (name, output) in outputs {
        let output = file(&folder, "output.jsonl", output);
        let NerSet { set, scheme } = NerReader::default()
            .read(&gold, Outputs::of(&output).against(&gold))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(scheme, None);
        let [a, b] = set.items.as_slice() else { panic!("{name}: {} items", set.items.len()) };
        assert_eq!(surfaces(a, &a.predicted), ["LOC Sabu"], "{name}");
        assert!(b.predicted.is_empty(), "{name}");
        assert_eq!(a.against.as_ref().map(|spans| surfaces(a, spans)).unwrap(), ["PER Élis", "LOC Sabu"]);
    }
    let missing = file(
        &folder,
        "missing.jsonl",
        "{\"id\": \"a\", \"entities\": []}\n{\"id\": \"c\", \"entities\": []}\n",
    );
    let error = NerReader::default().read(&gold, Outputs::of(&missing)).unwrap_err().to_string();
    assert!(error.contains("missing.jsonl has nothing for b"), "{error}");
}

const TAGGED: &str = "Élis\tB-PER\npulang\tO\n\nEnde\tB-LOC\n.\tO\n";

#[test]
fn sentences_take_what_a_program_finds_in_their_text() {
    let folder = TempDir::new().unwrap();
    let gold = file(&folder, "gold.tsv", TAGGED);
    let NerSet { mut set, scheme } = NerReader::default().read(&gold, Outputs::none()).unwrap();
    assert_eq!(scheme, Some(TagScheme::Iob2));
    for item in &mut set.items {
        assert!(item.predicted.is_empty() && item.against.is_none());
        // The first word of each, in bytes of the text.
        let end = item.text.find(' ').unwrap();
        item.predict([(LabeledSpan { start: 0, end, label: "PER".to_owned() }, Some(0.75))]).unwrap();
        item.predict_against([(LabeledSpan { start: 0, end: 1, label: "LOC".to_owned() }, None)])
            .unwrap_or(());
    }
    let [first, second] = set.items.as_slice() else { panic!("{} items", set.items.len()) };
    assert_eq!(first.predicted, [LabeledSpan { start: 0, end: 1, label: "PER".to_owned() }]);
    assert_eq!(first.confidence, [0.75]);
    assert_eq!(surfaces(second, &second.predicted), ["PER Ende"]);
    let setup = Setup::new(SetInfo::new(&set), "first words").with_against("first letters");
    // É is two bytes: a span that ends within it was refused, and the other system has nothing for this sentence.
    assert!(evaluate_ner(&set.items, scheme, &setup).is_err());
    set.items[0].predict_against([]).unwrap();
    let evaluation = evaluate_ner(&set.items, scheme, &setup).unwrap();
    let f1 = evaluation.figure("F1").unwrap();
    assert_eq!((f1.value, f1.against.map(f64::round)), (50.0, Some(67.0)));
    let span = |start, end| LabeledSpan { start, end, label: "PER".to_owned() };
    for (start, end) in [(3, 3), (4, 2), (0, 99), (1, 3)] {
        assert!(set.items[0].predict([(span(start, end), None)]).is_err(), "{start}..{end}");
    }
    // One score is missing: there is no calibration to be shown.
    set.items[0].predict([(span(0, 5), Some(0.5)), (span(6, 12), None)]).unwrap();
    assert_eq!((set.items[0].predicted.len(), set.items[0].confidence.len()), (2, 0));
}

#[test]
fn sentences_of_json_get_outputs_by_id() {
    let folder = TempDir::new().unwrap();
    let gold = file(
        &folder,
        "gold.jsonl",
        "{\"id\": \"a\", \"tokens\": [\"Rini\", \"pulang\"], \"ner_tags\": [\"B-PER\", \"O\"]}\n\
         {\"id\": \"b\", \"tokens\": [\"hujan\", \"deras\"], \"ner_tags\": [\"O\", \"O\"]}\n",
    );
    let output = file(
        &folder,
        "output.jsonl",
        "{\"id\": \"b\", \"entities\": []}\n{\"id\": \"a\", \"entities\": [{\"start\": 0, \"end\": 1, \"label\": \"PER\"}]}\n",
    );
    let NerSet { set, .. } = NerReader::default().read(&gold, Outputs::of(&output)).unwrap();
    assert_eq!(surfaces(&set.items[0], &set.items[0].predicted), ["PER Rini"]);
    assert_eq!(set.items[0].id, "a");
    // Ids of the article, which several sentences have, name no sentence: those go in order.
    let shared = |path: &Path| {
        file(&folder, "shared.jsonl", &fs::read_to_string(path).unwrap().replace("\"b\"", "\"a\""))
    };
    let gold = shared(&gold);
    let output = file(
        &folder,
        "found.jsonl",
        "{\"id\": \"a\", \"entities\": [{\"start\": 0, \"end\": 1, \"label\": \"PER\"}]}\n{\"id\": \"a\", \"entities\": []}\n",
    );
    let NerSet { set, .. } = NerReader::default().read(&gold, Outputs::of(&output)).unwrap();
    assert_eq!(surfaces(&set.items[0], &set.items[0].predicted), ["PER Rini"]);
}

#[test]
fn labels_are_renamed_and_chosen_on_all_sides() {
    let span = |label: &str, start| LabeledSpan { start, end: start + 1, label: label.to_owned() };
    let mut item = NerItem {
        text: "abcdef".to_owned(),
        gold: vec![span("Person", 0)],
        predicted: vec![span("PER", 0), span("DATE", 2), span("Gpe", 4)],
        confidence: vec![0.1, 0.2, 0.3],
        against: Some(vec![span("person", 0), span("Date", 2)]),
        ..NerItem::default()
    };
    item.rename(usual_label);
    item.retain_labels(&["PER", "LOC"]);
    let labels = |spans: &[LabeledSpan]| spans.iter().map(|span| span.label.clone()).collect::<Vec<_>>();
    assert_eq!(labels(&item.gold), ["PER"]);
    assert_eq!(labels(&item.predicted), ["PER", "LOC"]);
    assert_eq!(item.confidence, [0.1, 0.3]);
    assert_eq!(labels(item.against.as_ref().unwrap()), ["PER"]);
}

#[test]
fn sentences_get_outputs_of_every_form() {
    let folder = TempDir::new().unwrap();
    let gold = file(&folder, "gold.tsv", TAGGED);
    let outputs = [
        ("output.tsv", "Élis\tU-PER\npulang\tO\n\nEnde\tO\n.\tO\n"),
        ("output.jsonl", "{\"entities\": [{\"start\": 0, \"end\": 1, \"label\": \"PER\"}]}\n{\"entities\": []}\n"),
        (
            "tagged.jsonl",
            "{\"tokens\": [\"Élis\", \"pulang\"], \"ner_tags\": [\"B-PER\", \"O\"]}\n{\"tokens\": [\"Ende\", \".\"], \"ner_tags\": [\"O\", \"O\"]}\n",
        ),
    ];
    for (name, output) in outputs {
        let output = file(&folder, name, output);
        let NerSet { set, .. } = NerReader::default().read(&gold, Outputs::of(&output)).unwrap();
        let found: Vec<_> = set.items.iter().map(|item| surfaces(item, &item.predicted)).collect();
        assert_eq!(found, [vec!["PER Élis".to_owned()], vec![]], "{name}");
    }
    // Both in one file, in columns of their own.
    let both = file(&folder, "both.tsv", "Élis\tB-PER\tO\npulang\tO\tO\n\nEnde\tB-LOC\tB-LOC\n.\tO\tO\n");
    let column = |number| Columns { tag: Column::Nth(number), ..Columns::default() };
    let tags = TagReader { columns: column(1), output_columns: Some(column(2)), scheme: None };
    let reader = NerReader { tags, ..NerReader::default() };
    let NerSet { set, .. } = reader.read(&both, Outputs::of(&both)).unwrap();
    assert_eq!(set.items[0].gold.len() + set.items[1].predicted.len(), 2);
    assert!(set.items[0].predicted.is_empty());
}

#[test]
fn outputs_stay_with_their_sentences_where_bad_ones_are_left_out() {
    let folder = TempDir::new().unwrap();
    let gold = file(&folder, "gold.tsv", "Élis\tB-PER\n\nrusak\tB-\n\nEnde\tB-LOC\n");
    let output = file(&folder, "output.jsonl", "{\"entities\": []}\n{\"entities\": []}\n{\"entities\": [{\"start\": 0, \"end\": 1, \"label\": \"LOC\"}]}\n");
    let strict = NerReader {
        tags: TagReader { scheme: Some(TagScheme::Iob2), ..TagReader::default() },
        ..NerReader::default()
    };
    assert!(matches!(strict.read(&gold, Outputs::none()), Err(Error::Malformed { line: 3, .. })));
    let reader = NerReader { on_bad: OnBad::Skip, ..strict };
    let NerSet { set, .. } = reader.read(&gold, Outputs::of(&output)).unwrap();
    assert_eq!((set.items.len(), set.skipped.len()), (2, 1));
    assert_eq!(surfaces(&set.items[1], &set.items[1].predicted), ["LOC Ende"]);
}

#[test]
fn texts_are_read_from_every_form_that_has_them() {
    let folder = TempDir::new().unwrap();
    let source = file(&folder, "test.id", "Hujan turun.\nIa tidur.\n");
    let reference = file(&folder, "test.en", "It is raining.\nShe is asleep.\n");
    let second = file(&folder, "test.2.en", "Rain is falling.\nHe sleeps.\n");
    let lines = file(&folder, "ours.en", "It rains.\nShe sleeps.\n");
    let by_id = file(
        &folder,
        "ours.jsonl",
        "{\"id\": 2, \"output\": \"She sleeps.\"}\n{\"id\": 1, \"output\": \"It rains.\"}\n",
    );
    let json = file(
        &folder,
        "test.jsonl",
        "{\"id\": 1, \"source\": \"Hujan turun.\", \"reference\": [\"It is raining.\", \"Rain is falling.\"]}\n\
         {\"id\": 2, \"source\": \"Ia tidur.\", \"reference\": [\"She is asleep.\", \"He sleeps.\"]}\n",
    );
    let table = file(
        &folder,
        "test.csv",
        "indonesian,english\nHujan turun.,It is raining.\nIa tidur.,She is asleep.\n",
    );
    let reader = TextReader::translations();
    let read = |files: &[&Path], output: &Path| reader.read(files, Outputs::of(output)).unwrap();
    for (set, references) in [
        (read(&[&source, &reference], &lines), 1),
        (read(&[&source, &reference, &second], &lines), 2),
        (read(&[&json], &by_id), 2),
        (read(&[&table], &lines), 1),
    ] {
        let name = set.path.display();
        assert_eq!(set.items[0].source.as_deref(), Some("Hujan turun."), "{name}");
        assert!(set.items.iter().all(|item| item.references.len() == references), "{name}");
        assert_eq!(set.items[1].output, "She sleeps.", "{name}");
    }
    // Files that do not go together are told from each other.
    for files in [vec![&source], vec![&json, &reference], vec![&json, &table], vec![&source, &table], vec![]]
    {
        let error = reader.read(&files, Outputs::none()).unwrap_err();
        assert!(matches!(error, Error::Config { .. }), "{files:?}: {error}");
    }
}

#[test]
fn groups_go_to_the_article_of_their_id() {
    let folder = TempDir::new().unwrap();
    let gold = file(&folder, "gold.txt", "== a\n[P1 Rini] tiba. [P1 Rini] pulang.\n== b\n[L1 Ende] basah.\n");
    let line = |id: &str, spans: &str| format!("{{\"id\": {id}, \"entities\": [{spans}]}}\n");
    let a =
        r#"{"span": {"start": 0, "end": 4}, "cluster": 0}, {"span": {"start": 11, "end": 15}, "cluster": 0}"#;
    let b = r#"{"span": {"start": 0, "end": 4}, "cluster": 0}"#;
    for output in [
        line("\"b\"", b) + &line("\"a\"", a),
        line("null", a) + &line("null", b),
        line("\"1.txt\"", a) + &line("\"2.txt\"", b),
    ] {
        let path = file(&folder, "found.jsonl", &output);
        let set = NamesReader::default().read(&gold, Outputs::of(&path)).unwrap();
        let grouped: Vec<usize> = set.items.iter().map(|item| item.grouped.len()).collect();
        assert_eq!(grouped, [2, 1], "{output}");
    }
    // Documents have the id and the text of their article; of another text nothing is taken.
    let document = |id: &str, text: &str, spans: &str| {
        format!("{{\"article\": {{\"id\": \"{id}\", \"text\": \"{text}\"}}, \"entities\": [{spans}]}}\n")
    };
    let (one, other) = (document("b", "Ende basah.\\n", b), document("a", "Rini tiba. Rini pulang.", a));
    let path = file(&folder, "found.jsonl", &(one + &other));
    let set = NamesReader::default().read(&gold, Outputs::of(&path)).unwrap();
    assert_eq!(set.items[0].grouped.len(), 2);
    let other = document("a", "Rini tiba. Tini pulang.", a) + &document("b", "Ende basah.", b);
    let error =
        NamesReader::default().read(&gold, Outputs::of(file(&folder, "found.jsonl", &other))).unwrap_err();
    assert!(error.to_string().contains("another text"), "{error}");
    // Characters are counted where a record says so.
    let gold_of_e = file(&folder, "e.txt", "== e\n[P1 Élis] tiba.\n");
    let chars = file(&folder, "e.jsonl", "{\"id\": \"e\", \"offset_unit\": \"chars\", \"entities\": [{\"span\": {\"start\": 0, \"end\": 4}, \"cluster\": 0}]}\n");
    let set = NamesReader::default().read(&gold_of_e, Outputs::of(chars)).unwrap();
    assert_eq!(set.items[0].grouped, [(0, 5, 0)]);
    // Some of the ids and not all: something is missing.
    let path = file(&folder, "found.jsonl", &(line("\"a\"", a) + &line("\"c\"", b)));
    let error = NamesReader::default().read(&gold, Outputs::of(&path)).unwrap_err().to_string();
    assert!(error.contains("has nothing for b"), "{error}");
}

#[test]
fn removed_parts_and_sentences_come_with_their_texts() {
    let folder = TempDir::new().unwrap();
    let gold =
        file(&folder, "gold.jsonl", "{\"id\": 1, \"text\": \"Iklan. Hujan.\", \"removed\": [[0, 6]]}\n");
    let output =
        file(&folder, "output.jsonl", "{\"id\": 1, \"removed\": [{\"span\": {\"start\": 0, \"end\": 7}}]}\n");
    let set = CleaningReader::default().read(&gold, Outputs::of(&output)).unwrap();
    assert_eq!((set.items[0].gold[0].end(), set.items[0].removed[0].end()), (6, 7));

    // Characters where a record says so; of a document with another text nothing is taken.
    let text = file(
        &folder,
        "e.jsonl",
        "{\"id\": 1, \"offset_unit\": \"chars\", \"text\": \"É é. Hujan.\", \"removed\": [[0, 4]]}\n",
    );
    let set = CleaningReader::default().read(&text, Outputs::none()).unwrap();
    assert_eq!(set.items[0].gold[0].of(&set.items[0].text), "É é.");
    let other = file(
        &folder,
        "other.jsonl",
        "{\"article\": {\"id\": 1, \"text\": \"Iklan. Kemarau.\"}, \"removed\": []}\n",
    );
    let error = CleaningReader::default().read(&gold, Outputs::of(other)).unwrap_err();
    assert!(error.to_string().contains("another text"), "{error}");
    let cleaned =
        file(&folder, "cleaned.jsonl", "{\"id\": 1, \"text\": \"Hujan.\", \"removed\": [[0, 6]]}\n");
    assert_eq!(
        CleaningReader::default().read(&gold, Outputs::of(cleaned)).unwrap().items[0].removed.len(),
        1
    );

    let gold = file(&folder, "gold.txt", "Hujan turun.\nIa tidur.\n");
    let output = file(&folder, "output.txt", "Hujan turun. Ia tidur.\n");
    let set = SentencesReader::default().read(&gold, Outputs::of(&output).against(&gold)).unwrap();
    let item = &set.items[0];
    assert_eq!((item.gold.len(), item.found.len()), (2, 1));
    assert_eq!(item.against.as_ref(), Some(&item.gold));
}

#[test]
fn rows_pair_by_id_only_where_all_have_one() {
    let folder = TempDir::new().unwrap();
    let read = |name: &str, text: &str| -> Set<_> {
        read_records(&file(&folder, name, text), &["t"], OnBad::Fail, |record| {
            record.text("t").ok_or_else(|| "no text".to_owned())
        })
        .unwrap()
    };
    let gold = read("gold.jsonl", "{\"id\": 1, \"t\": \"a\"}\n{\"id\": 2, \"t\": \"b\"}\n");
    let texts =
        |other| gold.pair(other).map(|rows| rows.into_iter().map(|row| row.value).collect::<Vec<_>>());
    let crossed = read("crossed.jsonl", "{\"id\": 2, \"t\": \"B\"}\n{\"id\": 1, \"t\": \"A\"}\n");
    assert_eq!(texts(crossed).unwrap(), ["A", "B"]);
    let bare = read("bare.jsonl", "{\"t\": \"A\"}\n{\"id\": 2, \"t\": \"B\"}\n");
    assert_eq!(texts(bare).unwrap(), ["A", "B"]);
    let astray = read("astray.jsonl", "{\"t\": \"A\"}\n{\"id\": 1, \"t\": \"B\"}\n");
    assert!(texts(astray)
        .unwrap_err()
        .to_string()
        .contains("astray.jsonl:2 is for `1` where the set has `2`"));
    let short = read("short.jsonl", "{\"t\": \"A\"}\n");
    assert!(texts(short).unwrap_err().to_string().contains("has 1 lines for 2 items"));
    let error = read_records(
        &file(&folder, "twice.jsonl", "{\"id\": 1, \"t\": \"a\"}\n{\"id\": 1, \"t\": \"b\"}\n"),
        &["t"],
        OnBad::Fail,
        |_| Ok(()),
    );
    assert!(matches!(error, Err(Error::Malformed { line: 2, .. })));
}
