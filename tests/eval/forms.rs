//! Forms of annotated sets that other tools write.

use std::fs;
use std::path::PathBuf;

use intisari::document::{Article, Document, Entity, Label, Sentence, Span, Unit};
use intisari::eval::formats::{
    read_articles, read_conll, read_json_lines, read_sgm, read_table, read_tagged_json, read_tmx, read_wmt,
    read_wmt_output, ArticleFields, Column, Columns, Form, OnBad, Separator, Set, Side, SideSegment,
};
use intisari::eval::TagScheme;
use intisari::{output, Error};
use tempfile::TempDir;

fn file(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

const TEXT: &str = "Rara Ndolu 🙂 pulang ke Sabu.";

/// Label and surface of every entity of every article.
fn entities(path: &std::path::Path, fields: &ArticleFields) -> intisari::Result<Vec<Vec<(String, String)>>> {
    let set = read_articles(path, fields, OnBad::Fail)?.located(OnBad::Fail)?;
    let of =
        |(article, spans): &(intisari::eval::formats::MarkedArticle, Vec<intisari::eval::LabeledSpan>)| {
            let text = article.text.clone().unwrap();
            spans.iter().map(|span| (span.label.clone(), text[span.start..span.end].to_owned())).collect()
        };
    Ok(set.items.iter().map(of).collect())
}

fn fields() -> ArticleFields {
    ArticleFields::default()
}

#[test]
fn reads_the_spans_of_every_tool() {
    let folder = TempDir::new().unwrap();
    let task = |result: &str| {
        format!(
            "[{{\"id\": 7, \"data\": {{\"text\": \"{TEXT}\", \"source\": \"koran\"}}, \"annotations\": [\
             {{\"was_cancelled\": true, \"result\": []}}, {{\"result\": [{result}]}}]}}]"
        )
    };
    let table = [
        ("own", format!(r#"{{"id": "a", "text": "{TEXT}", "entities": [[0, 10, "PER"], [23, 27, "LOC"]]}}"#)),
        ("doccano", format!(r#"{{"id": 1, "text": "{TEXT}", "label": [[0, 10, "PER"], [23, 27, "LOC"]]}}"#)),
        ("doccano labels", format!(r#"{{"text": "{TEXT}", "labels": [[0, 10, "PER"], [23, 27, "LOC"]]}}"#)),
        ("doccano data", format!(r#"{{"data": "{TEXT}", "label": [[0, 10, "PER"], [23, 27, "LOC"]]}}"#)),
        (
            "doccano with relations",
            format!(
                r#"{{"text": "{TEXT}", "relations": [], "entities": [{{"id": 1, "label": "PER", "start_offset": 0, "end_offset": 10}},
                {{"id": 2, "label": "LOC", "start_offset": 23, "end_offset": 27}}]}}"#
            )
            .replace('\n', " "),
        ),
        (
            "prodigy",
            format!(
                r#"{{"text": "{TEXT}", "spans": [{{"start": 0, "end": 10, "label": "PER", "token_start": 0}},
                {{"start": 23, "end": 27, "label": "LOC"}}], "tokens": [], "answer": "accept", "_input_hash": 1}}"#
            )
            .replace('\n', " "),
        ),
        ("spacy", format!(r#"["{TEXT}", {{"entities": [[0, 10, "PER"], [23, 27, "LOC"]]}}]"#)),
        ("spacy in one array", format!(r#"[["{TEXT}", {{"entities": [[0, 10, "PER"], [23, 27, "LOC"]]}}]]"#)),
        (
            "label studio",
            task(
                r#"{"type": "labels", "value": {"start": 0, "end": 10, "text": "Rara Ndolu", "labels": ["PER"]}},
                {"type": "choices", "value": {"choices": ["berita"]}}, {"type": "relation", "from_id": "x"},
                {"type": "labels", "value": {"start": 23, "end": 27, "text": "Sabu", "labels": ["LOC"]}}"#,
            ),
        ),
        (
            "label studio, minimal",
            format!(
                "[\n {{\"text\": \"{TEXT}\", \"id\": 3, \"label\": [\n  {{\"start\": 0, \"end\": 10, \"text\": \"Rara Ndolu\", \
                 \"labels\": [\"PER\"]}},\n  {{\"start\": 23, \"end\": 27, \"text\": \"Sabu\", \"labels\": [\"LOC\"]}}]}}\n]\n"
            ),
        ),
        (
            "as this program writes it",
            format!(
                r#"{{"article": {{"id": "a", "text": "{TEXT}"}}, "offset_unit": "bytes", "entities": [
                {{"span": {{"start": 0, "end": 10}}, "label": "PER", "score": 0.9, "sentence": 0, "cluster": 0}},
                {{"span": {{"start": 26, "end": 30}}, "label": "LOC", "score": 0.9, "sentence": 0, "cluster": 1}}]}}"#
            )
            .replace('\n', " "),
        ),
    ];
    let expected =
        vec![vec![("PER".to_owned(), "Rara Ndolu".to_owned()), ("LOC".to_owned(), "Sabu".to_owned())]];
    for (form, text) in table {
        for text in [text.clone(), format!("\u{feff}{text}\r\n")] {
            let path = file(&folder, "set.json", text);
            assert_eq!(Form::of(&path).unwrap(), Form::Json, "{form}");
            assert_eq!(entities(&path, &fields()).unwrap(), expected, "{form}");
        }
    }
}

#[test]
fn offsets_count_what_they_are_said_to_count() {
    let folder = TempDir::new().unwrap();
    let line = |start: usize, end: usize, surface: &str| {
        let text = format!("{{\"text\": \"{TEXT}\", \"spans\": [{{\"start\": {start}, \"end\": {end}, \"label\": \"LOC\"{surface}}}]}}\n");
        file(&folder, "set.jsonl", text)
    };
    for (unit, start, end) in [(Unit::Chars, 23, 27), (Unit::Utf16, 24, 28), (Unit::Bytes, 26, 30)] {
        let fields = ArticleFields { unit: Some(unit), ..fields() };
        let found = entities(&line(start, end, ""), &fields).unwrap();
        assert_eq!(found, [[("LOC".to_owned(), "Sabu".to_owned())]], "{unit:?}");
    }
    let error = entities(&line(24, 28, ", \"text\": \"Sabu\""), &fields()).unwrap_err().to_string();
    assert!(error.contains("the text has `abu.` from 24 to 28 (characters), the record `Sabu`"), "{error}");
    let bytes = ArticleFields { unit: Some(Unit::Bytes), ..fields() };
    let error = entities(&line(12, 16, ""), &bytes).unwrap_err().to_string();
    assert!(error.contains("offset 12 (bytes) is no place between characters"), "{error}");
    let error = entities(&line(26, 40, ""), &fields()).unwrap_err().to_string();
    assert!(error.contains("offset 40 (characters) lies behind the end of the text at 28"), "{error}");
    // Without surfaces, borders within words give a wrong unit away.
    let text = format!(
        "{{\"text\": \"{TEXT}\", \"entities\": [[24, 28, \"LOC\"], [1, 10, \"PER\"], [0, 3, \"PER\"]]}}\n"
    );
    let error = entities(&file(&folder, "set.jsonl", text), &fields()).unwrap_err().to_string();
    assert!(error.contains("3 of 3 entities begin or end within a word"), "{error}");
}

/// Offsets of another unit than theirs would shift spans and say nothing.
#[test]
fn a_document_counts_in_bytes_whoever_writes_it() {
    let folder = TempDir::new().unwrap();
    let mut document = Document::new(Article::new("a", TEXT));
    document.sentences.push(Sentence::new(Span::whole(TEXT), 0));
    for (start, end, label) in [(0, 10, Label::Per), (26, 30, Label::Loc)] {
        document.entities.push(Entity::new(Span::new(TEXT, start, end).unwrap(), label, 0.9, 0));
    }
    let written = serde_json::to_string(&document).unwrap();
    assert!(written.contains(r#""offset_unit":"bytes""#), "{written}");
    let without = written.replace(r#""offset_unit":"bytes","#, "");
    assert_ne!(without, written);
    let in_characters = output::json(&document, Unit::Chars).to_string();
    for text in [written, without, in_characters] {
        let found = entities(&file(&folder, "set.jsonl", &text), &fields()).unwrap().remove(0);
        let found: Vec<_> = found.iter().map(|(label, text)| (label.as_str(), text.as_str())).collect();
        assert_eq!(found, [("PER", "Rara Ndolu"), ("LOC", "Sabu")], "{text}");
    }
}

#[test]
fn says_what_is_no_article_with_spans() {
    let folder = TempDir::new().unwrap();
    let table = [
        (r#"{"text": "Rara pulang."}"#, "no field `entities` (there are: text)"),
        (r#"{"text": "Rara pulang.", "label": ["positif"]}"#, "`\"positif\"` in `label` is no span"),
        (r#"{"text": "Rara pulang.", "label": "positif"}"#, "field `label` is no array"),
        (r#"{"text": "Rara pulang.", "entities": [[0, 4]]}"#, "is no span with start, end and label"),
        (r#"{"text": "Rara pulang.", "entities": [[-1, 4, "PER"]]}"#, "is no span"),
        (r#"{"text": "Rara pulang.", "entities": [[4, 4, "PER"]]}"#, "is empty"),
        (
            r#"{"text": "Rara pulang.", "annotations": [{"label": 3, "start_offset": 0, "end_offset": 4}]}"#,
            "labels are numbers",
        ),
        (
            r#"{"text": "Rara pulang.", "label": [{"start": 0, "end": 4, "labels": ["PER", "ORG"]}]}"#,
            "2 labels on one span",
        ),
        (r#"{"tokens": ["Rara"], "ner_tags": ["O"]}"#, "a file of sentences"),
        (
            r#"{"judul": "Rara", "entities": []}"#,
            "no text in a field `text`, `data`, `content` (there are: entities, judul)",
        ),
        (
            r#"{"data": {"html": "<p>"}, "annotations": [{"result": []}, {"result": []}]}"#,
            "2 annotations of one task",
        ),
        (r#"{"data": {"a": "x", "b": "y"}, "annotations": [{"result": []}]}"#, "which field of `data`"),
        (
            r#"{"data": {"text": "x"}, "annotations": [{"result": [{"value": {"start": "/p[1]", "startOffset": 0, "hypertextlabels": ["PER"]}}]}]}"#,
            "labels on HTML",
        ),
        (r#"["Rara", 3]"#, "spaCy's"),
        ("3", "no JSON object"),
    ];
    for (text, message) in table {
        let error = entities(&file(&folder, "set.jsonl", text), &fields()).unwrap_err();
        assert!(matches!(error, Error::Malformed { line: 1, .. }), "{text}: {error}");
        assert!(error.to_string().contains(message), "{text}: {error}");
    }
    let twice = "{\"id\": 1, \"text\": \"a\", \"label\": []}\n{\"id\": 1, \"text\": \"b\", \"label\": []}\n";
    let error = entities(&file(&folder, "set.jsonl", twice), &fields()).unwrap_err().to_string();
    assert!(error.contains("set.jsonl:2: the id `1` has been there before"), "{error}");
}

#[test]
fn tells_which_records_do_not_count() {
    let folder = TempDir::new().unwrap();
    let lines = r#"{"text": "Rara.", "spans": [{"start": 0, "end": 4, "label": "PER"}], "answer": "accept"}
{"text": "Rara.", "spans": [{"start": 0, "end": 4, "label": "ORG"}], "answer": "reject"}
{"text": "Rara.", "answer": "ignore"}
{"text": "Hujan.", "answer": "accept"}
{"data": {"text": "Rara."}, "annotations": []}
"#;
    let set = read_articles(&file(&folder, "set.jsonl", lines), &fields(), OnBad::Fail).unwrap();
    assert_eq!(set.items.iter().map(|article| article.marks.len()).collect::<Vec<_>>(), [1, 0]);
    assert_eq!(
        set.notes,
        ["2 records were left out: rejected or ignored", "1 records were left out: not annotated"]
    );
    assert_eq!(set.items[1].place, 4, "predictions in order find their own");
}

#[test]
fn names_fields_and_lines_of_json() {
    let folder = TempDir::new().unwrap();
    let array = "[\n  {\"body\": {\"isi\": [\"Rara pulang.\", \"Hujan.\"]}, \"nama\": [[0, 4, \"PER\"]]},\n  {\"body\": {}}\n]";
    let path = file(&folder, "set.json", array);
    let fields =
        ArticleFields { text: Some("body.isi".to_owned()), entities: Some("nama".to_owned()), ..fields() };
    let error = entities(&path, &fields).unwrap_err().to_string();
    assert!(error.contains("set.json:3: no field `body.isi` (there are: body)"), "{error}");
    let set = read_articles(&path, &fields, OnBad::Skip).unwrap();
    assert_eq!(set.items[0].text.as_deref(), Some("Rara pulang.\nHujan."));

    for (text, line, message) in [
        ("[\n{\"a\": 1},\n{\"a\": \n}\n]", 4, "no JSON"),
        ("[\n{\"a\": 1}\n{\"a\": 2}]", 3, "`,` or the end"),
        ("[\n{\"a\": 1},\n", 3, "the array has no end"),
        ("[\n{\"a\": 1}\n]\nlagi", 4, "behind the end"),
        ("{\"a\": 1}\nrusak\n", 2, "no JSON object"),
        ("{\n\"a\": \n", 1, "no JSON object"),
    ] {
        let path = file(&folder, "bad.json", text);
        match read_json_lines(&path, &["a"], OnBad::Fail).unwrap_err() {
            Error::Malformed { line: found, message: said, .. } => {
                assert!(found == line && said.contains(message), "{text:?}: line {found}, {said}");
            }
            other => panic!("{other}"),
        }
    }
    for (text, objects) in [
        ("[]", 0),
        ("[{\"a\": 1}, {\"a\": 2}]", 2),
        ("{\n \"a\": 1\n}\n", 1),
        ("[\n{\"a\": 1},\n{\"a\": 2}\n]\n", 2),
    ] {
        let set = read_json_lines(&file(&folder, "good.json", text), &["a"], OnBad::Fail).unwrap();
        assert_eq!(set.items.len(), objects, "{text:?}");
    }
}

/// Spans of a tagged file in the scheme that it is in: scheme, and label with tokens of each entity.
fn tagged(path: &std::path::Path, columns: &Columns) -> (TagScheme, Vec<String>) {
    let set = read_conll(path, columns, OnBad::Fail).unwrap();
    let scheme = TagScheme::detect(&set.items, |sentence| &sentence.tags).unwrap().scheme;
    let set = set.in_scheme(scheme, OnBad::Fail).unwrap();
    let entities = set.items.iter().flat_map(|sentence| {
        let spans = scheme.spans(&sentence.tags).unwrap();
        let entity = |span: intisari::eval::LabeledSpan| {
            format!("{} {}", span.label, sentence.tokens[span.start..span.end].join(" "))
        };
        spans.into_iter().map(entity).collect::<Vec<_>>()
    });
    (scheme, entities.collect())
}

#[test]
fn reads_tagged_files_as_people_have_them() {
    let folder = TempDir::new().unwrap();
    let table = [
        ("Rara\tPerson\nNdolu\tPerson\ndi\tO\nSabu\tPlace\n.\tO\t\n", TagScheme::Plain, &["Person Rara Ndolu", "Place Sabu"][..]),
        ("Rara B-PER\nNdolu L-PER\ndi O\nSabu U-LOC\n", TagScheme::Bilou, &["PER Rara Ndolu", "LOC Sabu"]),
        ("Rara I-PER\nNdolu I-PER\ndi O\n\nSabu I-LOC\nRote B-LOC\n", TagScheme::Iob1, &["PER Rara Ndolu", "LOC Sabu", "LOC Rote"]),
        (
            "# sent_id = 1\n# text = Rara tiba .\nRara\tB-PER\ntiba\tO\n\n# catatan\n#\tO\nSabu\tB-LOC\n#ramai\tO\n",
            TagScheme::Iob2,
            &["PER Rara", "LOC Sabu"],
        ),
        ("# sent_id = 1\nRara B-PER\n# O\n", TagScheme::Iob2, &["PER Rara"]),
        // The border alone ends a sentence.
        ("-DOCSTART- O\nRara B-PER\n-DOCSTART- O\nNdolu I-PER\nSabu B-LOC\nB B-X\n", TagScheme::Iob2, &["PER Rara", "LOC Sabu", "X B"]),
        ("token\tner\nRara\tB-PER\n", TagScheme::Iob2, &["PER Rara"]),
        ("\u{feff}Rara\tB-PER\r\nNdolu\tI-PER\r\n\r\n", TagScheme::Iob2, &["PER Rara Ndolu"]),
    ];
    for (text, scheme, expected) in table {
        let path = file(&folder, "set.conll", text);
        let (found, entities) = tagged(&path, &Columns::default());
        assert_eq!(
            (found, entities.iter().map(String::as_str).collect::<Vec<_>>()),
            (scheme, expected.to_vec()),
            "{text}"
        );
    }
}

#[test]
fn columns_have_names_or_numbers() {
    let folder = TempDir::new().unwrap();
    let named = |token: &str, tag: &str| Columns {
        token: Column::Named(token.to_owned()),
        tag: Column::Named(tag.to_owned()),
        ..Columns::default()
    };
    let plus = "# global.columns = ID FORM NE UPOS\n# text = Rara\n1\tRara\tB-PER\tPROPN\n";
    let header = "nomor\tkata\tentitas\tkelas\n1\tRara\tB-PER\tPROPN\n";
    for (text, columns) in [(plus, named("form", "NE")), (header, named("kata", "entitas"))] {
        let path = file(&folder, "set.conllup", text);
        assert_eq!(tagged(&path, &columns).1, ["PER Rara"]);
    }
    // Names that are known need not be given.
    for text in [plus, "id\tword\tner\tpos\n1\tRara\tB-PER\tPROPN\n", "Word,Tag\nRara,B-PER\n"] {
        let separator = if text.contains(',') { Separator::Text(",".to_owned()) } else { Separator::Auto };
        let path = file(&folder, "set.conllup", text);
        assert_eq!(tagged(&path, &Columns { separator, ..Columns::default() }).1, ["PER Rara"], "{text}");
    }
    let counted = file(&folder, "c.conll", "1\tRara\tB-PER\n2\tpulang\tO\n\n1\tHujan\tO\n");
    let error = read_conll(&counted, &Columns::default(), OnBad::Fail).unwrap_err().to_string();
    assert!(error.contains("c.conll: the column of the token counts tokens"), "{error}");
    let error = read_conll(&file(&folder, "a.tsv", header), &named("kata", "tag"), OnBad::Fail).unwrap_err();
    assert!(
        error.to_string().contains("no column `tag`; its first line names nomor, kata, entitas"),
        "{error}"
    );
    let ragged = file(&folder, "b.tsv", "Rara\tNNP\tB-PER\nSabu\tNNP\n");
    let error = read_conll(&ragged, &Columns::default(), OnBad::Fail).unwrap_err().to_string();
    assert!(error.contains("b.tsv:2: 2 columns, the first line has 3"), "{error}");
}

#[test]
fn reads_tokens_and_tags_of_json() {
    let folder = TempDir::new().unwrap();
    let line = |tags: &str| {
        file(&folder, "hub.jsonl", format!("{{\"tokens\": [\"Rara\", \"pulang\"], \"ner_tags\": {tags}}}\n"))
    };
    let set = read_tagged_json(&line("[\"B-PER\", \"O\"]"), OnBad::Fail).unwrap();
    assert_eq!((set.items[0].tokens.len(), set.items[0].tags[0].as_str()), (2, "B-PER"));
    for (tags, message) in [
        ("[1, 0]", "has numbers"),
        ("[\"O\"]", "2 tokens and 1 tags"),
        ("3", "or `labels` (there are: ner_tags, tokens)"),
    ] {
        let error = read_tagged_json(&line(tags), OnBad::Fail).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

const WMT: &str = r#"<?xml version='1.0' encoding='utf-8'?>
<dataset id="uji">
 <doc origlang="id" id="satu">
  <src lang="id"><p><seg id="1">Hujan turun.</seg><seg id="2">Warga &amp; bupati
   hadir.</seg></p></src>
  <ref lang="en" translator="A"><p><seg id="1">Rain fell.</seg><seg id="2">Residents &amp; the regent came.</seg></p></ref>
  <ref lang="en" translator="B"><p><seg id="1">It rained.</seg><seg id="2">People and the regent came.</seg></p></ref>
  <hyp system="x"><p><seg id="1">Rain.</seg><seg id="2">They came.</seg></p></hyp>
  <hyp system="y"><p><seg id="1">Sun.</seg><seg id="2">They left.</seg></p></hyp>
 </doc>
</dataset>
"#;

#[test]
fn reads_the_xml_of_wmt() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "set.xml", WMT);
    assert_eq!(Form::of(&path).unwrap(), Form::Wmt);
    let set = read_wmt(&path, OnBad::Fail).unwrap();
    let second = &set.items[1];
    assert_eq!((second.id.as_str(), second.source.as_str()), ("satu:2", "Warga & bupati hadir."));
    assert_eq!(second.references, ["Residents & the regent came.", "People and the regent came."]);
    let outputs = read_wmt_output(&path, Some("y"), OnBad::Fail).unwrap();
    let second = &outputs.items[1];
    assert_eq!((second.id.as_str(), second.text.as_str()), ("satu:2", "They left."));
    assert_eq!((second.line, second.place, second.system.as_str()), (9, 2, "y"));
    let twice = file(&folder, "twice.xml", WMT.replace("<seg id=\"2\">They", "<seg id=\"1\">They"));
    let error = read_wmt_output(&twice, Some("y"), OnBad::Fail).unwrap_err().to_string();
    assert!(error.contains("twice.xml:9: the segment `satu:1` has been there before"), "{error}");
    let kept = read_wmt_output(&twice, Some("y"), OnBad::Skip).unwrap();
    assert_eq!((kept.items.len(), kept.skipped.len()), (1, 1));
    let error = read_wmt_output(&path, None, OnBad::Fail).unwrap_err().to_string();
    assert!(error.contains("2 systems") && error.contains("x, y"), "{error}");

    let less = file(&folder, "less.xml", WMT.replace("<seg id=\"2\">People and the regent came.</seg>", ""));
    let error = read_wmt(&less, OnBad::Fail).unwrap_err().to_string();
    assert!(error.contains("less.xml:4: segment 2 of document `satu` is not in all"), "{error}");
    let broken = file(&folder, "broken.xml", "<dataset>\n<doc>\n</dataset>");
    let error = read_wmt(&broken, OnBad::Fail).unwrap_err().to_string();
    assert!(error.contains("broken.xml:3: no XML"), "{error}");
}

#[test]
fn reads_translation_memories() {
    let folder = TempDir::new().unwrap();
    let text = "<?xml version=\"1.0\"?>\n<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">\n<tmx version=\"1.4\"><header/><body>\n\
        <tu tuid=\"a\"><tuv xml:lang=\"en-US\"><seg>Open <bpt i=\"1\">&lt;b&gt;</bpt>the door<ept i=\"1\">&lt;/b&gt;</ept></seg></tuv>\
        <tuv xml:lang=\"id-ID\"><seg>Buka <hi>pintu</hi></seg></tuv></tu>\n\
        <tu><tuv xml:lang=\"EN\"><seg>Rain</seg></tuv><tuv xml:lang=\"in\"><seg>Hujan</seg></tuv><tuv xml:lang=\"de\"><seg>Regen</seg></tuv></tu>\n\
        </body></tmx>";
    let read = |path: &PathBuf| read_tmx(path, &["id", "in"], &["en"], OnBad::Fail);
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for path in [file(&folder, "a.tmx", text), file(&folder, "b.tmx", utf16)] {
        let set = read(&path).unwrap();
        let pairs: Vec<_> =
            set.items.iter().map(|pair| (pair.source.as_str(), pair.references.join("|"))).collect();
        assert_eq!(pairs, [("Buka pintu", "Open the door".to_owned()), ("Hujan", "Rain".to_owned())]);
    }
    let lacking = file(&folder, "c.tmx", text.replace("xml:lang=\"in\"", "xml:lang=\"ms\""));
    let error = read(&lacking).unwrap_err().to_string();
    assert!(error.contains("c.tmx:5: no text in `id` or `in` (there are: en, ms, de)"), "{error}");
    let other = file(&folder, "d.tmx", "<xliff/>");
    assert!(read(&other).unwrap_err().to_string().contains("holds `<xliff>`"));
}

#[test]
fn reads_one_side_of_sgm() {
    let folder = TempDir::new().unwrap();
    let path = file(
        &folder,
        "ref.sgm",
        "<refset setid=\"u\"><doc docid=\"a\" sysid=\"r\"><seg id=\"1\">Rain fell.</seg></doc></refset>",
    );
    let set = read_sgm(&path, Side::Reference, OnBad::Fail).unwrap();
    let only = &set.items[0];
    assert_eq!((set.items.len(), set.sha256.len()), (1, 64));
    assert_eq!((only.id.as_str(), only.text.as_str(), only.system.as_str()), ("a:1", "Rain fell.", "r"));
    let bad = file(
        &folder,
        "bad.sgm",
        "<refset><seg id=1>x</seg>\n<doc docid=a><seg id=1>Rain.</seg></doc>\n<doc docid=b><seg id=1>Sun.",
    );
    let error = read_sgm(&bad, Side::Reference, OnBad::Fail).unwrap_err().to_string();
    assert!(error.contains("bad.sgm:1: a segment outside of a document"), "{error}");
    let set = read_sgm(&bad, Side::Reference, OnBad::Skip).unwrap();
    assert_eq!(set.items.iter().map(|segment| segment.id.as_str()).collect::<Vec<_>>(), ["a:1"]);
    assert_eq!(set.skipped.iter().map(|bad| bad.line).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(set.items[0].place, 2, "what is bad keeps its place");
    let error = read_sgm(&path, Side::Source, OnBad::Skip).unwrap_err().to_string();
    assert!(error.contains("ref.sgm holds references (refset), not sources (srcset)"), "{error}");
}

#[test]
fn a_segment_of_sgm_has_an_id_of_its_own() {
    let folder = TempDir::new().unwrap();
    let docs = |attribute: &str| {
        let doc = format!("<doc{attribute}>\n<seg id=1>a</seg><seg>b</seg></doc>\n");
        format!("<srcset>{doc}{doc}</srcset>")
    };
    let ids = |set: &Set<SideSegment>| set.items.iter().map(|item| item.id.clone()).collect::<Vec<_>>();
    let unnamed = read_sgm(&file(&folder, "unnamed.sgm", docs("")), Side::Source, OnBad::Fail).unwrap();
    assert_eq!(ids(&unnamed), ["document 1:1", "document 1:2", "document 2:1", "document 2:4"]);
    let again = file(&folder, "again.sgm", docs(" docid=\"d\""));
    let error = read_sgm(&again, Side::Source, OnBad::Fail).unwrap_err().to_string();
    assert!(error.contains("again.sgm:4: the segment `d:1` has been there before"), "{error}");
    let set = read_sgm(&again, Side::Source, OnBad::Skip).unwrap();
    assert_eq!(set.items.iter().map(|item| item.place).collect::<Vec<_>>(), [1, 2, 4]);
    let translators =
        docs(" docid=\"d\"").replacen("<doc ", "<doc sysid=\"a\" ", 1).replace("srcset", "refset");
    let path = file(&folder, "translators.sgm", translators);
    assert_eq!(read_sgm(&path, Side::Reference, OnBad::Fail).unwrap().items.len(), 4, "each has its own");
}

#[test]
fn reads_tables_by_their_names() {
    let folder = TempDir::new().unwrap();
    let names: [&[&str]; 2] = [&["source", "indonesian"], &["reference", "english"]];
    let table = [
        (",indonesian,english\n0,\"Warga, bupati\nhadir.\",They came.\n1,Hujan.,Rain.\n", "a.csv"),
        ("No;Indonesian;English\r\n0;\"Warga, bupati\nhadir.\";They came.\r\n1;Hujan.;Rain.\r\n", "b.csv"),
        ("indonesian\tenglish\n\"Warga, bupati\nhadir.\"\tThey came.\nHujan.\tRain.\n", "c.tsv"),
    ];
    for (text, name) in table {
        let set = read_table(&file(&folder, name, text), &names, OnBad::Fail).unwrap();
        let cells: Vec<_> = set.items.iter().map(|row| row.value.join("|")).collect();
        assert_eq!(cells, ["Warga, bupati\nhadir.|They came.", "Hujan.|Rain."], "{name}");
        assert_eq!((set.items[1].line, set.items[1].place), (4, 2), "{name}");
        assert!(
            set.notes.contains(&"column `indonesian` is read as the source".to_owned()),
            "{:?}",
            set.notes
        );
    }
    let error = read_table(&file(&folder, "d.csv", "id,teks\n1,Hujan.\n"), &names, OnBad::Fail)
        .unwrap_err()
        .to_string();
    assert!(error.contains("d.csv has no column `source`; its first line names id, teks"), "{error}");
}

#[test]
fn a_table_that_ends_within_a_cell_is_not_whole() {
    let folder = TempDir::new().unwrap();
    let names: [&[&str]; 2] = [&["source"], &["reference"]];
    let torn = [
        ("source,reference\nHujan.,Rain.\nAngin.,\"Wi", "a.csv", 3),
        ("source,reference\nHujan.,\"Rain.\nAngin.,Wind.\n", "b.csv", 2),
        ("source;reference\nHujan.;\"", "c.csv", 2),
        ("source,reference\nAngin.,\"\"\"Wind\"\"", "d.csv", 2),
    ];
    for (text, name, line) in torn {
        let error = read_table(&file(&folder, name, text), &names, OnBad::Fail).unwrap_err().to_string();
        let message = "a quotation mark that opens in this row is never closed";
        assert!(error.contains(&format!("{name}:{line}: {message}")), "{error}");
        assert!(error.contains("copy the file again, or mend the mark"), "{error}");
    }
    // Marks that do not begin a cell open nothing, nor do those of a table with tabs that are not doubled.
    let whole = [
        ("source,reference\nBan 17\",\"A 17\"\" tyre\"", "e.csv", "Ban 17\"|A 17\" tyre"),
        ("source\treference\nAngin.\t\"Wind", "f.tsv", "Angin.|\"Wind"),
    ];
    for (text, name, cells) in whole {
        let set = read_table(&file(&folder, name, text), &names, OnBad::Fail).unwrap();
        assert_eq!(set.items[0].value.join("|"), cells, "{name}");
    }
}

#[test]
fn a_form_that_is_not_read_is_named() {
    let folder = TempDir::new().unwrap();
    let table: [(&str, &[u8], &str); 8] = [
        ("a.jsonl.gz", b"\x1f\x8b\x08\x00", "compressed with gzip"),
        ("a.xlsx", b"PK\x03\x04", "ZIP archive"),
        ("a.parquet", b"PAR1\x00", "Parquet"),
        ("a.xlf", b"<xliff/>", "XLIFF"),
        ("a.xml", b"<?xml version='1.0'?><xliff></xliff>", "XLIFF"),
        ("b.xml", b"<?xml version='1.0'?><corpus></corpus>", "XML of a form that is not known"),
        ("a.po", b"msgid \"x\"", "gettext"),
        ("a.xmi", b"<?xml version='1.0'?><xmi:XMI></xmi:XMI>", "UIMA"),
    ];
    for (name, bytes, message) in table {
        let error = Form::of(&file(&folder, name, bytes)).unwrap_err().to_string();
        assert!(error.contains(message) && error.contains(name), "{name}: {error}");
    }
    let twice = file(&folder, "a.csv", "source,reference,Source\na,b,c\n");
    let error = read_table(&twice, &[&["source"]], OnBad::Fail).unwrap_err().to_string();
    assert!(error.contains("a.csv has several columns `source`"), "{error}");
    let zipped = file(&folder, "a.tsv", b"\x1f\x8b\x08\x00");
    assert!(read_conll(&zipped, &Columns::default(), OnBad::Fail).unwrap_err().to_string().contains("gzip"));
    let webanno = file(&folder, "b.tsv", "#FORMAT=WebAnno TSV 3.3\n\n#Text=Rara\n1-1\t0-4\tRara\t_\n");
    let error = read_conll(&webanno, &Columns::default(), OnBad::Fail).unwrap_err().to_string();
    assert!(error.contains("WebAnno"), "{error}");
    // A line that begins with a bracket or a sign is a line.
    for text in ["[SALAH] Bupati pergi.\n", "<3 warga desa\n", "{ini} bukan data\n"] {
        assert_eq!(Form::of(&file(&folder, "a.id", text)).unwrap(), Form::Lines, "{text}");
    }
}
