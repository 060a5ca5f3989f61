//! Sets in the forms that other tools write: read as what they are, or refused by name.

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

use crate::{eval, figure, json, Folder};

/// Runs `command` where data or settings cannot be used, and gives what it says.
fn refused(command: &mut Command) -> String {
    String::from_utf8(command.assert().code(3).stdout("").get_output().stderr.clone()).unwrap()
}

fn scored(gold: &Path, predictions: &Path) -> Value {
    json(eval("ner").arg(gold).arg("--predictions").arg(predictions)).remove(0)
}

#[test]
fn tags_are_read_in_the_scheme_that_they_are_in() {
    let folder = Folder::new();
    let iob2 = folder.file("iob2.tsv", "Rara\tB-PER\nNdolu\tI-PER\ndi\tO\nSabu\tB-LOC\n");
    let table = [
        ("plain", "Rara\tPER\nNdolu\tPER\ndi\tO\nSabu\tLOC\n", Some("tags have no B- or I-")),
        ("bilou", "Rara\tB-PER\nNdolu\tL-PER\ndi\tO\nSabu\tU-LOC\n", Some("read as bilou")),
        ("iobes", "Rara\tB-PER\nNdolu\tE-PER\ndi\tO\nSabu\tS-LOC\n", Some("read as iobes")),
        ("iob1", "Rara\tI-PER\nNdolu\tI-PER\ndi\tO\nSabu\tI-LOC\n", Some("read as iob1")),
        ("iob2", "# sent_id = 1\nRara B-PER\nNdolu I-PER\ndi O\nSabu B-LOC\n", None),
    ];
    for (scheme, text, note) in table {
        let set = folder.file("set.tsv", text);
        // Whichever side it is on.
        for evaluation in [scored(&set, &iob2), scored(&iob2, &set), scored(&set, &set)] {
            assert_eq!(figure(&evaluation, "F1"), 100.0, "{scheme}");
            assert_eq!(evaluation["labels"][0]["label"], "LOC", "{scheme}");
            let notes = evaluation["set"].get("notes").map_or(String::new(), Value::to_string);
            assert!(note.map_or(notes.is_empty(), |note| notes.contains(note)), "{scheme}: {notes}");
        }
        let signature = scored(&set, &set)["figures"][0]["signature"].to_string();
        assert!(signature.contains(&format!("scheme:{scheme}")), "{signature}");
    }
    let named = folder.file("named.csv", "Rara\tB-PER\nNdolu\tI-PER\ndi\tO\nSabu\tB-LOC\n");
    assert_eq!(figure(&scored(&named, &iob2), "F1"), 100.0, "a name makes no table of it");
    let bare = folder.file("bare.tsv", "Rara\tB\nNdolu\tI\ndi\tO\n");
    let said = refused(eval("ner").arg(&bare).arg("--predictions").arg(&bare));
    assert!(said.contains("bare.tsv") && said.contains("are bare, without types"), "{said}");
}

/// What can be read only once is read once: a program's output is scored without a file between.
#[test]
fn standard_input_and_pipes_are_sets_too() {
    let folder = Folder::new();
    let tags = "Rara\tB-PER\nNdolu\tI-PER\ndi\tO\nSabu\tB-LOC\n";
    let gold = folder.file("gold.tsv", tags);
    let source = folder.file("set.id", "Hujan turun.\nWarga pergi.\n");
    let english = "Rain fell in the village all night.\nResidents left their homes on foot.\n";
    let reference = folder.file("set.en", english);
    let mut ways = vec!["-"];
    if cfg!(unix) {
        ways.push("/dev/stdin");
    }
    for stdin in ways {
        let found = json(eval("ner").arg(&gold).args(["--predictions", stdin]).write_stdin(tags)).remove(0);
        assert_eq!(figure(&found, "F1"), 100.0, "{stdin}");
        assert_eq!(found["system"], "stdin", "{found}");
        let found = json(eval("ner").arg(stdin).arg("--predictions").arg(&gold).write_stdin(tags)).remove(0);
        assert_eq!(figure(&found, "F1"), 100.0, "{stdin}");
        assert_eq!(found["set"]["name"], "piped/stdin", "the same in every run");
        let found = json(eval("ner").arg(stdin).args(["--predictions", stdin]).write_stdin(tags)).remove(0);
        assert_eq!(figure(&found, "F1"), 100.0, "{stdin} is read once for both");
        let mut command = eval("ner");
        command.arg(&gold).arg("--predictions").arg(&gold).args(["--against-gazetteer", stdin]);
        let found = json(command.write_stdin(tags)).remove(0);
        assert_eq!(found["figures"][0]["against"], 100.0, "{stdin} is a gazetteer");
        let mut command = eval("translation");
        command.arg(&source).args(["--reference", stdin]).arg("--predictions").arg(&reference);
        assert_eq!(figure(&json(command.write_stdin(english))[0], "chrF2"), 100.0, "{stdin}");
        let texts = [&source, &reference];
        let found = json(eval("translation").args(texts).args(["--predictions", stdin]).write_stdin(english));
        assert_eq!(figure(&found[0], "chrF2"), 100.0, "{stdin}");
    }
    // JSON is told by what it is, in one line or in several.
    let text = "{\n  \"source\": \"Hujan.\",\n  \"reference\": \"Rain fell in the village.\"\n}\n";
    let out = folder.file("out.txt", "Rain fell in the village.\n");
    let mut command = eval("translation");
    command.arg("-").arg("--predictions").arg(&out).write_stdin(text);
    assert_eq!(figure(&json(&mut command)[0], "chrF2"), 100.0);
}

/// It would be waited for a second time for ever.
#[cfg(unix)]
#[test]
fn a_named_pipe_may_be_named_twice() {
    let folder = Folder::new();
    let pipe = folder.path().join("set.csv");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let writer = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::write(pipe, "source,reference,output\nHujan.,Rain fell today.,Rain fell today.\n")
    });
    let mut command = eval("translation");
    command.arg(&pipe).arg("--predictions").arg(folder.path().join("./set.csv"));
    let found = json(command.timeout(std::time::Duration::from_secs(60))).remove(0);
    writer.join().unwrap().unwrap();
    assert_eq!(figure(&found, "chrF2"), 100.0);
    assert_eq!(found["set"]["name"], "piped/set.csv", "a named pipe keeps its name, and so its form");
}

/// Numbers that begin anew in each document are told apart though documents have no name.
#[test]
fn references_of_sgm_without_names_of_documents_stay_with_their_sources() {
    let folder = Folder::new();
    let sgm = |name: &str, set: &str, texts: [&str; 2]| {
        let docs = texts.map(|text| format!("<doc>\n<seg id=\"1\">{text}</seg>\n</doc>\n")).concat();
        folder.file(name, &format!("<{set}>\n{docs}</{set}>\n"))
    };
    let source = sgm("src.sgm", "srcset", ["Hujan turun.", "Warga pulang."]);
    let english = ["Rain fell in the village.", "The residents went home."];
    let (reference, output) = (sgm("ref.sgm", "refset", english), sgm("out.sgm", "tstset", english));
    for predictions in [&output, &folder.file("out.txt", &(english.join("\n") + "\n"))] {
        let mut command = eval("translation");
        command.args([&source, &reference]).arg("--predictions").arg(predictions);
        assert_eq!(figure(&json(&mut command)[0], "chrF2"), 100.0, "{predictions:?}");
    }
}

const TEXT: &str = "Rara Ndolu 🙂 pulang ke Sabu.";

#[test]
fn articles_are_scored_by_their_spans() {
    let folder = Folder::new();
    let line = |id: u8, entities: &str| {
        format!("{{\"id\": {id}, \"text\": \"{TEXT}\", \"entities\": [{entities}]}}\n")
    };
    let both = "[0, 10, \"Person\"], [23, 27, \"Place\"]";
    let gold = folder.file("gold.jsonl", &[line(1, both), line(2, both)].concat());
    let found = |id: u8, start: usize| {
        format!(
            "{{\"article\": {{\"id\": \"{id}\"}}, \"offset_unit\": \"bytes\", \"entities\": [\
             {{\"span\": {{\"start\": {start}, \"end\": 30}}, \"label\": \"Place\", \"score\": 0.5}}]}}\n"
        )
    };
    let predicted = folder.file("found.jsonl", &[found(2, 23), found(1, 26)].concat());
    let evaluation = scored(&gold, &predicted);
    assert_eq!(
        (figure(&evaluation, "recall"), figure(&evaluation, "precision")),
        (25.0, 50.0),
        "found by id"
    );
    assert_eq!(evaluation["calibration"][0]["predictions"], 2);
    assert_eq!(evaluation["set"]["items"], 2);
    let mut command = eval("ner");
    command.arg(&gold).arg("--predictions").arg(&predicted).args(["--types", "Place"]);
    let evaluation = &json(&mut command)[0];
    assert_eq!(figure(evaluation, "recall"), 50.0);
    assert!(evaluation["set"]["notes"][0].as_str().unwrap().contains("Place"));

    let other = folder.file("other.jsonl", &line(1, "").replace("pulang", "pergi"));
    let said = refused(eval("ner").arg(&gold).arg("--predictions").arg(&other));
    assert!(said.contains("has nothing for 2"), "{said}");
    let other = folder.file("other.jsonl", &[line(1, ""), line(2, "").replace("pulang", "pergi")].concat());
    let said = refused(eval("ner").arg(&gold).arg("--predictions").arg(&other));
    assert!(said.contains("other.jsonl:2: another text than the set has for 2"), "{said}");
    let foreign = folder.file("foreign.jsonl", &[line(1, "[0, 4, \"DATE\"]"), line(2, "")].concat());
    let notes = scored(&gold, &foreign)["set"]["notes"].to_string();
    assert!(notes.contains("no predicted label (DATE) is an annotated one (Person, Place)"), "{notes}");
    let foreign =
        folder.file("foreign.jsonl", &[line(1, "[0, 4, \"DATE\"]"), line(2, "[0, 10, \"Person\"]")].concat());
    let notes = scored(&gold, &foreign)["set"]["notes"].to_string();
    assert!(notes.contains("1 predictions are of types that the set does not have (DATE)"), "{notes}");
    let shifted = "[1, 9, \"Person\"], [24, 28, \"Place\"]";
    let shifted = folder.file("shifted.jsonl", &[line(1, shifted), line(2, shifted)].concat());
    let said = refused(eval("ner").arg(&gold).arg("--predictions").arg(&shifted));
    assert!(said.contains("within a word") && said.contains("--offsets"), "{said}");
}

#[test]
fn exports_of_other_tools_are_sets_of_articles() {
    let folder = Folder::new();
    let predicted = folder.file("found.jsonl", "{\"entities\": [[0, 10, \"PER\"]]}\n");
    let table = [
        ("doccano.jsonl", format!(r#"{{"id": 1, "text": "{TEXT}", "label": [[0, 10, "PER"]]}}"#)),
        (
            "prodigy.jsonl",
            format!(
                r#"{{"text": "{TEXT}", "spans": [{{"start": 0, "end": 10, "label": "PER"}}], "answer": "accept"}}"#
            ),
        ),
        (
            "studio.json",
            format!(
                r#"[{{"id": 1, "data": {{"text": "{TEXT}"}}, "annotations": [{{"result": [{{"value": {{"start": 0, "end": 10,
                "text": "Rara Ndolu", "labels": ["PER"]}}, "type": "labels"}}]}}]}}]"#
            ),
        ),
    ];
    for (name, text) in table {
        let evaluation = scored(&folder.file(name, &text), &predicted);
        assert_eq!((figure(&evaluation, "F1"), &evaluation["set"]["items"]), (100.0, &1.into()), "{name}");
    }
    let table = folder.file("table.csv", "text,label\nRara pulang.,PER\n");
    let said = refused(eval("ner").arg(&table).arg("--predictions").arg(&table));
    assert!(said.contains("table.csv is a CSV table"), "{said}");
}

#[test]
fn the_pipeline_reads_articles_as_they_stand_or_cleaned() {
    let folder = Folder::new();
    let text = "Rapat digelar pada 3 Maret 2025 di Sabu.\\n\\nBaca juga: Panen raya pada 4 Maret 2025";
    let gold = format!("{{\"id\": \"a\", \"text\": \"{text}\", \"entities\": [[19, 31, \"DATE\"]]}}\n");
    let gold = folder.file("gold.jsonl", &gold);
    let saved = folder.path().join("saved.jsonl");
    let run = |clean: bool| {
        let mut command = eval("ner");
        command.arg(&gold).arg("--rules").args(clean.then_some("--clean"));
        json(command.arg("--save").arg(saved.with_extension(if clean { "clean" } else { "whole" }))).remove(0)
    };
    let (whole, cleaned) = (run(false), run(true));
    assert_eq!((figure(&whole, "recall"), figure(&whole, "precision")), (100.0, 50.0));
    assert_eq!((figure(&cleaned, "recall"), figure(&cleaned, "precision")), (100.0, 100.0));
    assert_eq!(whole["system"], "built-in rules on the whole text (DATE)");
    assert_eq!(cleaned["system"], "built-in rules on cleaned text (DATE)");
    assert_eq!(run(false), whole, "what was saved is read again");
    // The same from brat, whose texts hold the same dates.
    folder.file("a.txt", &text.replace("\\n", "\n"));
    let brat = folder.file("a.ann", "T1\tDATE 19 31\t3 Maret 2025\n");
    assert_eq!(json(eval("ner").arg(&brat).arg("--rules"))[0]["figures"], whole["figures"]);
}

#[test]
fn names_are_grouped_in_json_too() {
    let folder = Folder::new();
    let text = "Rara Ndolu ke Sabu. Rara pulang.";
    let line =
        |entities: &str| format!("{{\"id\": \"a\", \"text\": \"{text}\", \"entities\": [{entities}]}}\n");
    let gold = folder.file(
        "gold.jsonl",
        &line(r#"[0, 10, "Person", "Rara"], [14, 18, "LOC", 2], [20, 24, "PER", "Rara"], [25, 31, "DATE"]"#),
    );
    let own = json(eval("entities").arg(&gold).args(["--against-method", "alone"]));
    assert_eq!(figure(&own[0], "B-cubed F1"), 100.0);
    assert_eq!(own[0]["labels"][0]["gold"], 2, "both are the person's");
    let without = folder.file("without.jsonl", &line(r#"[0, 10, "PER"], [14, 18, "LOC"]"#));
    let said = refused(eval("entities").arg(&without));
    assert!(said.contains("does not say who bears its names") && said.contains("eval ner"), "{said}");
    let part = folder.file("part.jsonl", &line(r#"[0, 10, "PER", 1], [14, 18, "LOC"]"#));
    let said = refused(eval("entities").arg(&part));
    assert!(said.contains("part.jsonl:1: nothing says who bears `Sabu`"), "{said}");
}

#[test]
fn several_references_are_several_in_every_form() {
    let folder = Folder::new();
    let source = folder.file("set.id", "Warga gembira.\nCamat datang pagi.\n");
    let first = folder.file("a.en", "Residents rejoice today.\nThe chief came this morning.\n");
    let second = folder.file("b.en", "The people are glad now.\nThe district head came in the morning.\n");
    let output = folder.file("out.en", "The people are glad now.\nThe chief came this morning.\n");
    let lines = |texts: [&str; 2]| texts.join("\n") + "\n";
    let set = folder.file(
        "set.jsonl",
        &lines([
            r#"{"id": "1", "source": "Warga gembira.", "reference": ["Residents rejoice today.", "The people are glad now."]}"#,
            r#"{"id": "2", "source": "Camat datang pagi.", "reference": ["The chief came this morning.", "The district head came in the morning."]}"#,
        ]),
    );
    let segs =
        |texts: [&str; 2]| format!("<seg id=\"1\">{}</seg>\n<seg id=\"2\">{}</seg>", texts[0], texts[1]);
    let sources = segs(["Warga gembira.", "Camat datang pagi."]);
    let one = segs(["Residents rejoice today.", "The chief came this morning."]);
    let other = segs(["The people are glad now.", "The district head came in the morning."]);
    let written = segs(["The people are glad now.", "The chief came this morning."]);
    let xml = folder.file(
        "set.xml",
        &format!(
            "<dataset><doc id=\"d\"><src>{sources}</src><ref translator=\"A\">{one}</ref><ref translator=\"B\">{other}</ref>\
             <hyp system=\"x\">{written}</hyp><hyp system=\"y\">{one}</hyp></doc></dataset>"
        ),
    );
    let sgm = |name: &str, set: &str, docs: &[&str]| {
        let docs: String = docs
            .iter()
            .enumerate()
            .map(|(at, segs)| format!("<doc docid=\"d\" sysid=\"{at}\">\n{segs}\n</doc>\n"))
            .collect();
        folder.file(name, &format!("<{set} setid=\"s\">\n{docs}</{set}>\n"))
    };
    let (src, refs) = (sgm("src.sgm", "srcset", &[&sources]), sgm("ref.sgm", "refset", &[&one, &other]));
    let tst = sgm("out.sgm", "tstset", &[&written]);
    let tmx = folder.file(
        "set.tmx",
        "<tmx><body>\
         <tu><tuv xml:lang=\"id\"><seg>Warga gembira.</seg></tuv><tuv xml:lang=\"en\"><seg>Residents rejoice today.</seg></tuv>\
         <tuv xml:lang=\"en-GB\"><seg>The people are glad now.</seg></tuv></tu>\
         <tu><tuv xml:lang=\"id\"><seg>Camat datang pagi.</seg></tuv><tuv xml:lang=\"en\"><seg>The chief came this morning.</seg></tuv>\
         <tuv xml:lang=\"en\"><seg>The district head came in the morning.</seg></tuv></tu></body></tmx>",
    );
    let with = |data: &[&Path], more: &[&str], predictions: &Path| {
        let mut command = eval("translation");
        command.args(data).args(more).arg("--predictions").arg(predictions);
        json(&mut command).remove(0)
    };
    let second_name = second.to_str().unwrap();
    let all = [
        ("lines", with(&[&source, &first, &second], &[], &output)),
        ("--reference", with(&[&source, &first], &["--reference", second_name], &output)),
        ("JSON", with(&[&set], &[], &output)),
        ("WMT", with(&[&xml], &[], &output)),
        ("WMT, outputs in it", with(&[&xml], &["--system", "x"], &xml)),
        ("SGM", with(&[&src, &refs], &[], &tst)),
        ("TMX", with(&[&tmx], &[], &output)),
    ];
    for (form, evaluation) in &all {
        assert_eq!(figure(evaluation, "BLEU").round(), 100.0, "{form}");
        assert_eq!(evaluation["figures"], all[0].1["figures"], "{form}");
        assert!(evaluation["figures"][0]["signature"].as_str().unwrap().contains("nrefs:2"), "{form}");
        assert_eq!(evaluation["item_figure"], "chrF2");
    }

    let ragged = folder.file(
        "ragged.jsonl",
        &lines([r#"{"source": "a", "reference": ["x", "y"]}"#, r#"{"source": "b", "reference": "x"}"#]),
    );
    let said = refused(eval("translation").arg(&ragged).arg("--predictions").arg(&output));
    assert!(said.contains("ragged.jsonl:2: 1 references, the first item has 2"), "{said}");
    let said = refused(eval("translation").arg(&xml).arg("--predictions").arg(&xml));
    assert!(said.contains("2 systems") && said.contains("(x, y)"), "{said}");
    let said = refused(eval("translation").args([&refs, &src]).arg("--predictions").arg(&tst));
    assert!(said.contains("ref.sgm holds references"), "{said}");
    let said = refused(
        eval("translation").arg(&set).arg("--reference").arg(&first).arg("--predictions").arg(&output),
    );
    assert!(said.contains("leave --reference out"), "{said}");
    // Half a set is a command line that lacks something.
    let mut half = eval("translation");
    let said = half.arg(&source).arg("--predictions").arg(&output).assert().code(2).stdout("");
    let said = String::from_utf8(said.get_output().stderr.clone()).unwrap();
    assert!(said.contains("set.id is read as plain lines") && said.contains(".csv"), "{said}");
}

#[test]
fn tables_are_read_by_their_names() {
    let folder = Folder::new();
    let data = folder.file(
        "set.csv",
        ",indonesian,english,balinese\n0,\"Hujan, angin.\",\"Rain, wind.\",Ujan.\n1,Panen.,Harvest.,Panen.\n",
    );
    let output = folder.file("out.csv", "mt;catatan\n\"Rain, wind.\";\"satu\ndua\"\nHarvest.;x\n");
    let mut command = eval("translation");
    command.arg(&data).arg("--predictions").arg(&output);
    let evaluation = &json(&mut command)[0];
    assert_eq!((figure(evaluation, "chrF2"), &evaluation["set"]["items"]), (100.0, &2.into()));
    let notes = evaluation["set"]["notes"].to_string();
    for note in ["column `indonesian` is read as the source", "column `english`", "out.csv: column `mt`"] {
        assert!(notes.contains(note), "{notes}");
    }
    let unclear = folder.file("unclear.csv", "id,teks\n1,Hujan.\n");
    let said = refused(eval("translation").arg(&unclear).arg("--predictions").arg(&output));
    assert!(said.contains("unclear.csv has no column `source`") && said.contains("id, teks"), "{said}");
}

#[test]
fn a_saved_file_has_one_writer() {
    let folder = Folder::new();
    let data = folder
        .file("set.jsonl", "{\"text\": \"Hujan turun. Warga pulang.\", \"summary\": \"Hujan turun.\"}\n");
    let saved = folder.path().join("saved.jsonl");
    let run = || {
        let mut command = eval("summary");
        command.arg(&data).args(["--method", "lead", "--save"]).arg(&saved);
        command
    };
    let first = json(&mut run());
    let whole = std::fs::read_to_string(&saved).unwrap();

    let other = std::fs::File::options().append(true).open(&saved).unwrap();
    other.lock().unwrap();
    let said = refused(&mut run());
    assert!(said.contains("another process is writing to") && said.contains("saved.jsonl"), "{said}");
    drop(other);
    assert_eq!(json(&mut run()), first);

    std::fs::write(&saved, format!("{whole}{whole}")).unwrap();
    let said = refused(&mut run());
    assert!(said.contains("saved.jsonl has 2 lines for 1 items"), "{said}");
}
