//! Scores a recognizer of one's own on an annotated set, beside the output of another program, and writes the page.
//!
//!     cargo run --no-default-features --features cli --example evaluate
//!
//! The set and the other program's output are files; here the example writes them itself.

#![allow(clippy::print_stdout)]

use std::fs;

use intisari::eval::evaluation::{evaluate_ner, SetInfo, Setup};
use intisari::eval::sets::{NerReader, NerSet, Outputs};
use intisari::eval::{report, usual_label, LabeledSpan};

const SET: &str = r#"{"id": "a", "text": "Rara Ndolu pulang ke Sabu.", "entities": [[0, 10, "Person"], [21, 25, "Place"]]}
{"id": "b", "text": "Hujan mengguyur Ende sejak pagi.", "entities": [[16, 20, "Place"]]}
{"id": "c", "text": "Warga Ende menyambut Rara Ndolu.", "entities": [[6, 10, "Place"], [21, 31, "Person"]]}
"#;
const THEIRS: &str = r#"{"id": "b", "entities": [{"start": 16, "end": 20, "label": "LOC", "score": 0.9}]}
{"id": "a", "entities": [{"start": 0, "end": 4, "label": "PER", "score": 0.7}]}
{"id": "c", "entities": []}
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir().join(format!("intisari-evaluate-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let [set, theirs, page] = ["set.jsonl", "theirs.jsonl", "report.html"].map(|name| folder.join(name));
    fs::write(&set, SET)?;
    fs::write(&theirs, THEIRS)?;

    // Tagged sentences, exports of doccano, Label Studio and others are read in the same way. Outputs are found by id.
    let outputs = Outputs { system: None, against: Some(theirs) };
    let NerSet { mut set, scheme } = NerReader::default().read(&set, outputs)?;
    for item in &mut set.items {
        item.predict(found(&item.text))?;
        // The set calls types otherwise than both systems do.
        item.rename(usual_label);
    }
    let setup = Setup::new(SetInfo::new(&set), "names of a list").with_against("their program");
    let evaluation = evaluate_ner(&set.items, scheme, &setup)?;
    for figure in evaluation.figures.iter().take(4) {
        println!("{figure}");
    }
    fs::write(&page, report::html(&[evaluation]))?;
    println!("{} bytes in the page", fs::metadata(&page)?.len());
    fs::remove_dir_all(folder)?;
    Ok(())
}

/// Our recognizer: spans in bytes of the text, without scores.
fn found(text: &str) -> Vec<(LabeledSpan, Option<f64>)> {
    let names = [("Rara Ndolu", "PER"), ("Ende", "LOC")];
    let mentions = names.iter().flat_map(|(name, label)| {
        text.match_indices(name).map(|(start, name)| {
            (LabeledSpan { start, end: start + name.len(), label: (*label).to_owned() }, None)
        })
    });
    mentions.collect()
}
