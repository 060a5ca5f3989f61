//! Data that does not fit: what is said, and what is left out.

use assert_cmd::Command;

use crate::{eval, figure, json, Folder};

/// Runs `command` where data or settings cannot be used, and gives what it says.
fn refused(command: &mut Command) -> String {
    String::from_utf8(command.assert().code(3).stdout("").get_output().stderr.clone()).unwrap()
}

#[test]
fn predictions_stay_with_their_items_where_a_bad_line_is_left_out() {
    let folder = Folder::new();
    let lines = |texts: &[&str]| texts.iter().map(|text| format!("{text}\n")).collect::<String>();
    let set = folder.file(
        "set.jsonl",
        &lines(&[
            r#"{"source": "satu", "reference": "one"}"#,
            r#"{"source": "dua"}"#,
            r#"{"source": "dua", "reference": 2}"#,
            r#"{"source": "tiga", "reference": "three"}"#,
        ]),
    );
    let table = folder.file("set.tsv", "source\treference\nsatu\tone\ndua\ndua\n\ntiga\tthree\n".trim_end());
    let plain = folder.file("out.txt", &lines(&["one", "x", "y", "three"]));
    let named = folder.file(
        "out.jsonl",
        &lines(
            &["one", "x", "y", "three"]
                .map(|t| format!(r#"{{"output": "{t}"}}"#))
                .each_ref()
                .map(String::as_str),
        ),
    );
    for (data, predictions) in [(&set, &plain), (&set, &named)] {
        let mut command = eval("translation");
        command.arg(data).arg("--skip-bad").arg("--predictions").arg(predictions);
        let evaluations = json(&mut command);
        assert_eq!(figure(&evaluations[0], "chrF2"), 100.0, "{data:?} {predictions:?}");
        assert_eq!(evaluations[0]["set"]["skipped"].as_array().unwrap().len(), 2);
    }
    let outputs = folder.file("out.tsv", "output\none\nx\ny\nz\nthree\n");
    let mut command = eval("translation");
    command.arg(&table).arg("--skip-bad").arg("--predictions").arg(&outputs);
    assert_eq!(figure(&json(&mut command)[0], "chrF2"), 100.0);
    // Outputs for the items that are left alone are as good.
    let rest = folder.file("rest.txt", "one\nthree\n");
    let mut command = eval("translation");
    command.arg(&set).arg("--skip-bad").arg("--predictions").arg(&rest);
    assert_eq!(figure(&json(&mut command)[0], "chrF2"), 100.0);
}

#[test]
fn entities_stay_with_their_sentences_where_a_bad_line_is_left_out() {
    let folder = Folder::new();
    let gold = folder.file("gold.tsv", "Budi\tB-PER\nke\tO\n\nrusak\n\nke\tO\nAni\tB-PER\n");
    let line = |start| {
        format!("{{\"entities\": [{{\"start\": {start}, \"end\": {}, \"label\": \"PER\"}}]}}\n", start + 1)
    };
    let predicted = folder.file("all.jsonl", &[line(0), line(0), line(1)].concat());
    let evaluations = json(eval("ner").arg(&gold).arg("--skip-bad").arg("--predictions").arg(&predicted));
    assert_eq!(figure(&evaluations[0], "F1"), 100.0);
    let bad = folder.file("bad.jsonl", &[&line(0), "rusak\n", &line(1)].concat());
    let said = refused(eval("ner").arg(&gold).arg("--skip-bad").arg("--predictions").arg(&bad));
    assert!(said.contains("bad.jsonl:2") && said.contains("predictions must be whole"), "{said}");
}

#[test]
fn bad_predictions_are_not_left_out() {
    let folder = Folder::new();
    let data = folder.file(
        "set.jsonl",
        "{\"source\": \"a\", \"reference\": \"one\"}\n{\"source\": \"b\", \"reference\": \"two\"}\n",
    );
    let output = folder.file("out.jsonl", "{\"output\": \"one\"}\n{\"output\": 2}\n");
    let said = refused(eval("translation").arg(&data).arg("--skip-bad").arg("--predictions").arg(&output));
    assert!(said.contains("out.jsonl:2: field `output` is no text"), "{said}");
}

#[test]
fn refuses_more_or_fewer_outputs_than_items() {
    let folder = Folder::new();
    let data = folder.file("set.jsonl", "{\"source\": \"a\", \"reference\": \"one\"}\n");
    for text in ["", "one\ntwo\n"] {
        let said =
            refused(eval("translation").arg(&data).arg("--predictions").arg(folder.file("out.txt", text)));
        assert!(said.contains("out.txt has") && said.contains("for 1 item"), "{said}");
    }
}

#[test]
fn ids_must_be_unique() {
    let folder = Folder::new();
    let line = |field: &str, id: u8| format!("{{\"id\": {id}, \"source\": \"a\", \"{field}\": \"one\"}}\n");
    let twice = folder.file("twice.jsonl", &[line("reference", 1), line("reference", 1)].concat());
    let once = folder.file("once.jsonl", &[line("reference", 1), line("reference", 2)].concat());
    let outputs = folder.file("outputs.jsonl", &[line("output", 1), line("output", 1)].concat());
    let said = refused(eval("translation").arg(&twice).arg("--predictions").arg(&outputs));
    assert!(said.contains("twice.jsonl:2") && said.contains("`1`"), "{said}");
    let said = refused(eval("translation").arg(&once).arg("--predictions").arg(&outputs));
    assert!(said.contains("outputs.jsonl:2") && said.contains("`1`"), "{said}");
}

#[test]
fn a_set_without_items_has_no_score() {
    let folder = Folder::new();
    let empty = |name| folder.file(name, "");
    let (tagged, plain) = (empty("empty.tsv"), empty("empty.txt"));
    let lines = empty("empty.jsonl");
    for command in [
        eval("ner").arg(&tagged).arg("--predictions").arg(&tagged),
        eval("translation").args([&plain, &plain]).arg("--predictions").arg(&plain),
        eval("translation").arg(&lines).arg("--predictions").arg(&lines),
        eval("sentences").arg(&plain),
        eval("clean").arg(&lines),
    ] {
        let said = refused(command);
        assert!(said.contains("empty.") && said.contains("no items"), "{said}");
    }
}

#[test]
fn scores_an_empty_output() {
    let folder = Folder::new();
    let (source, reference) = (folder.file("a.id", "satu\n"), folder.file("a.en", "one\n"));
    let output = folder.file("out.en", "\n");
    let evaluations = json(eval("translation").args([&source, &reference]).arg("--predictions").arg(&output));
    assert_eq!((figure(&evaluations[0], "chrF2"), figure(&evaluations[0], "TER")), (0.0, 100.0));
}

#[test]
fn names_the_line_of_a_tag_of_another_scheme() {
    let folder = Folder::new();
    let good = folder.file("good.tsv", "Budi\tB-PER\n\nke\tO\nBogor\tB-LOC\n");
    let gold = folder.file("gold.tsv", "Budi\tB-PER\n\nke\tO\nBogor\tS-LOC\n");
    let said = refused(eval("ner").arg(&gold).arg("--predictions").arg(&good));
    assert!(said.contains("gold.tsv:4: `S-LOC` is not a tag of the scheme iob2"), "{said}");
    let said = refused(eval("ner").arg(&good).arg("--skip-bad").arg("--predictions").arg(&gold));
    assert!(said.contains("gold.tsv:4: `S-LOC`"), "{said}");
    let evaluations = json(eval("ner").arg(&gold).arg("--skip-bad").arg("--predictions").arg(&good));
    assert_eq!((figure(&evaluations[0], "F1"), &evaluations[0]["set"]["items"]), (100.0, &1.into()));
}

#[test]
fn a_score_is_a_probability() {
    let folder = Folder::new();
    let gold = folder.file("gold.tsv", "Budi\tB-PER\n");
    for score in ["97.5", "-0.1"] {
        let line = format!(
            "{{\"entities\": [{{\"start\": 0, \"end\": 1, \"label\": \"PER\", \"score\": {score}}}]}}\n"
        );
        let predicted = folder.file("scored.jsonl", &line);
        let said = refused(eval("ner").arg(&gold).arg("--predictions").arg(&predicted));
        assert!(said.contains(&format!("scored.jsonl:1: the score {score} is no probability")), "{said}");
    }
}

#[test]
fn scores_sentences_of_several_documents() {
    let folder = Folder::new();
    let set = folder.file(
        "set.conllu",
        "# newdoc id = a\n# text = Satu dua.\n1\tSatu\n\n# text = Tiga.\n1\tTiga\n\n# newdoc id = b\n# text = Empat.\n1\tEmpat\n",
    );
    let split = folder.file("split.txt", "Satu dua.\n\nTiga.\nEmpat.\n");
    let evaluations = json(eval("sentences").arg(&set).arg("--predictions").arg(&split));
    assert_eq!(figure(&evaluations[0], "sentence F1"), 100.0);
    let cases = [
        ("Satu dua.\nLima.\n", "split.txt:2: not what comes next in the text: `Lima.`"),
        ("Satu dua.\nTiga.\n", "split.txt ends before the text does, at `Empat.`"),
        ("Satu dua.\nTiga.\nEmpat.\nLima.\n", "split.txt:4: stands behind the end of the text"),
    ];
    for (text, message) in cases {
        let split = folder.file("split.txt", text);
        let said = refused(eval("sentences").arg(&set).arg("--predictions").arg(&split));
        assert!(said.contains(message), "{said}");
    }
}

#[test]
fn articles_with_bad_parts_are_left_out_when_told_to() {
    let folder = Folder::new();
    let data = folder.file(
        "set.jsonl",
        "{\"text\": \"Isi.\", \"removed\": [[0, 99]]}\n{\"text\": 7, \"removed\": []}\n{\"text\": \"Isi. Baca\", \"removed\": [[5, 9]]}\n",
    );
    assert!(refused(eval("clean").arg(&data)).contains("set.jsonl:1: offset 99"));
    let output = folder.file("out.jsonl", "{\"removed\": []}\n{\"removed\": []}\n{\"removed\": [[5, 9]]}\n");
    let evaluations = json(eval("clean").arg(&data).arg("--skip-bad").arg("--predictions").arg(&output));
    assert_eq!((figure(&evaluations[0], "F1"), &evaluations[0]["set"]["items"]), (100.0, &1.into()));
    let said: Vec<&str> = evaluations[0]["set"]["skipped"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bad| bad["message"].as_str().unwrap())
        .collect();
    assert_eq!(said, ["offset 99 (bytes) lies behind the end of the text at 4", "field `text` is no text"]);
}

/// Of a file whose end is torn off the whole set keeps what all sides have.
#[test]
fn bad_segments_of_sgm_are_left_out_of_all_sides() {
    let folder = Folder::new();
    let sgm = |name: &str, set: &str, first: &str, rest: &str| {
        folder.file(
            name,
            &format!("<{set}><doc docid=\"d\">\n<seg id=\"1\">{first}</seg>\n<seg id=\"2\">{rest}"),
        )
    };
    let source = sgm("src.sgm", "srcset", "Hujan turun di desa.", "Warga pulang.</seg></doc></srcset>");
    let reference = sgm("ref.sgm", "refset", "Rain fell in the village.", "Residents we");
    let output = sgm("out.sgm", "tstset", "Rain fell in the village.", "They left.</seg></doc></tstset>");
    let run = || {
        let mut command = eval("translation");
        command.args([&source, &reference]).arg("--predictions").arg(&output);
        command
    };
    let said = refused(&mut run());
    assert!(said.contains("ref.sgm:3: a segment has no end"), "{said}");
    let evaluation = json(run().arg("--skip-bad")).remove(0);
    assert_eq!((figure(&evaluation, "chrF2"), &evaluation["set"]["items"]), (100.0, &1.into()));
    let skipped: Vec<String> = evaluation["set"]["skipped"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bad| bad["message"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(skipped.len(), 2, "what another side lacks is listed too");
    assert!(skipped.iter().any(|said| said.ends_with("ref.sgm lacks segment d:2")), "{skipped:?}");
}

/// A reference that is well-formed and lacks a segment is told, or the segment left out: whichever file comes first.
#[test]
fn segments_that_one_reference_lacks_are_left_out_and_listed() {
    let folder = Folder::new();
    let sgm = |name: &str, set: &str, segments: &str| {
        folder.file(name, &format!("<{set}><doc docid=\"d\">\n{segments}</doc></{set}>\n"))
    };
    let source = sgm("src.sgm", "srcset", "<seg>Hujan turun di desa.</seg>\n<seg>Warga pulang.</seg>\n");
    let short = sgm("short.sgm", "refset", "<seg>Rain fell in the village.</seg>\n");
    let whole = sgm("whole.sgm", "refset", "<seg>Rain fell in the village.</seg>\n<seg>They went.</seg>\n");
    let output = sgm("out.sgm", "tstset", "<seg>Rain fell in the village.</seg>\n<seg>They left.</seg>\n");
    for references in [[&short, &whole], [&whole, &short]] {
        let run = || {
            let mut command = eval("translation");
            command.arg(&source).args(references).arg("--predictions").arg(&output);
            command
        };
        let said = refused(&mut run());
        assert!(said.contains("short.sgm has 1 segments, the source 2"), "{said}");
        let evaluation = json(run().arg("--skip-bad")).remove(0);
        assert_eq!((figure(&evaluation, "chrF2"), &evaluation["set"]["items"]), (100.0, &1.into()));
        let skipped = evaluation["set"]["skipped"].to_string();
        assert!(skipped.contains("short.sgm lacks segment d:2"), "{skipped}");
    }
}

/// A segment before any document is a line of the outputs.
#[test]
fn outputs_stay_with_their_segments_where_one_is_outside_of_a_document() {
    let folder = Folder::new();
    let sgm = |name: &str, set: &str, texts: [&str; 3]| {
        let [outside, first, second] = texts.map(|text| format!("<seg>{text}</seg>\n"));
        folder.file(name, &format!("<{set}>\n{outside}<doc docid=\"d\">\n{first}{second}</doc></{set}>\n"))
    };
    let source = sgm("src.sgm", "srcset", ["Judul.", "Hujan turun.", "Warga pulang."]);
    let english = ["A headline stands here.", "Rain fell in the village.", "The residents went home."];
    let reference = sgm("ref.sgm", "refset", english);
    let mut command = eval("translation");
    command.args([&source, &reference]).arg("--skip-bad");
    command.arg("--predictions").arg(folder.file("out.txt", &(english.join("\n") + "\n")));
    let evaluation = json(&mut command).remove(0);
    assert_eq!((figure(&evaluation, "chrF2"), &evaluation["set"]["items"]), (100.0, &2.into()));
}

#[test]
fn predictions_stay_with_their_texts_where_one_of_brat_is_left_out() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path().join("gold")).unwrap();
    folder.file("gold/a.txt", "Budi pulang.");
    folder.file("gold/a.ann", "T1\tPER 0 4\tBudi\nT2\tPER 0 5\tBudi\nT3\tPER 0 99\tBudi\n");
    folder.file("gold/b.txt", "Ani di Bogor.");
    folder.file("gold/b.ann", "T1\tPER 0 3\tAni\n");
    folder.file("gold/c.txt", "Hujan di Ende.");
    folder.file("gold/c.ann", "T1\tLOC 9 13\tEnde\n");
    let lines = ["[0, 4, \"PER\"]", "[0, 3, \"PER\"]", "[9, 13, \"LOC\"]"];
    let lines: String = lines.map(|entity| format!("{{\"entities\": [{entity}]}}\n")).concat();
    let mut command = eval("ner");
    command.arg(folder.path().join("gold")).arg("--skip-bad");
    command.arg("--predictions").arg(folder.file("found.jsonl", &lines));
    let evaluation = json(&mut command).remove(0);
    assert_eq!((figure(&evaluation, "F1"), &evaluation["set"]["items"]), (100.0, &2.into()));
}

#[test]
fn scores_brat_with_windows_line_ends() {
    let folder = Folder::new();
    folder.file("gold.txt", "Budi di\r\nBogor");
    let gold = folder.file("gold.ann", "T1\tPER 0 4\tBudi\r\nT2\tORG 5 14\tdi Bogor\r\n");
    let evaluations = json(eval("ner").arg(&gold).arg("--predictions").arg(&gold));
    assert_eq!(figure(&evaluations[0], "F1"), 100.0);
}

#[test]
fn sentences_are_lines_and_nothing_else_with_lines() {
    let folder = Folder::new();
    let good = folder.file("good.txt", "Satu dua.\n");
    for (name, text, form) in
        [("set.jsonl", "{\"text\": \"Satu.\"}\n", "JSON"), ("set.csv", "text\nSatu.\n", "a table")]
    {
        let other = folder.file(name, text);
        let said = refused(eval("sentences").arg(&other));
        assert!(said.contains(&format!("{name} is not one sentence a line but {form}")), "{said}");
        let said = refused(eval("sentences").arg(&good).arg("--predictions").arg(&other));
        assert!(said.contains("not one sentence a line"), "{said}");
    }
}
