//! Dates and quantities: what is found where, and what it means.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)] // helpers of tests fail as tests do

use intisari::document::Value;
use intisari::ner::quantity::quantities;
use jiff::civil::date;
use proptest::prelude::*;

/// The text without its square brackets, and where these stood.
fn marked(line: &str) -> (String, Vec<(usize, usize)>) {
    let (mut text, mut spans, mut open) = (String::new(), Vec::new(), 0);
    for character in line.chars() {
        match character {
            '[' => open = text.len(),
            ']' => spans.push((open, text.len())),
            '⏎' => text.push_str("\r\n"),
            _ => text.push(character),
        }
    }
    (text, spans)
}

#[test]
fn every_expression_of_the_table_has_its_span_and_value() {
    let table = include_str!("data/quantities.tsv");
    let lines = table.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let (mut count, mut wrong) = (0, Vec::new());
    for (number, line) in lines {
        let mut columns = line.split('\t');
        let (text, spans) = marked(columns.next().unwrap());
        let expected: Vec<String> = columns.map(str::to_owned).collect();
        assert_eq!(spans.len(), expected.len(), "line {}: {line}", number + 1);
        let expected: Vec<_> = spans.into_iter().zip(expected).collect();
        let found: Vec<_> = quantities(&text, Some(date(2025, 5, 12)))
            .into_iter()
            .map(|found| {
                let value = found.value.map_or("-".to_owned(), |value| value.to_string());
                ((found.bytes.start, found.bytes.end), format!("{} {value}", found.label))
            })
            .collect();
        count += 1;
        if found != expected {
            let shown: Vec<_> = found
                .iter()
                .map(|&((from, to), ref value)| format!("[{}] {value}", &text[from..to]))
                .collect();
            wrong.push(format!("line {}: {line}\n    found {shown:?}", number + 1));
        }
    }
    assert!(count >= 150, "{count}");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Of the rows of the page on values: each text is found, one of them has the row's JSON, and that is as ISO 8601 writes it.
#[test]
fn the_page_on_values_tells_what_is_written() {
    let page = include_str!("../docs/values.md");
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let mut exact = 0;
    for row in rows {
        let cells: Vec<&str> = row.trim_matches(['|', ' ']).split(" | ").map(str::trim).collect();
        let code =
            |cell: &str| -> Vec<String> { cell.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
        let json = code(cells[1]).remove(0);
        let today = (!cells[0].contains("not known")).then(|| date(2025, 5, 12));
        let values: Vec<Value> = code(cells[0])
            .iter()
            .map(|text| {
                let found = quantities(&format!("Itu terjadi {text}."), today);
                let value = found.first().unwrap_or_else(|| panic!("{text}")).value.clone();
                value.unwrap_or_else(|| panic!("no value of {text}"))
            })
            .collect();
        if json.contains('…') {
            assert!(values.iter().all(|value| matches!(value, Value::Range { .. })), "{row}");
            continue;
        }
        let told = values.iter().find(|value| serde_json::to_string(value).unwrap() == json);
        let told = told.unwrap_or_else(|| {
            panic!(
                "{row}\n{:?}",
                values.iter().map(|value| serde_json::to_string(value).unwrap()).collect::<Vec<_>>()
            )
        });
        let iso = cells.get(2).map(|cell| code(cell)).unwrap_or_default();
        assert_eq!(told.iso(), iso.first().cloned(), "{row}");
        exact += 1;
    }
    assert!(exact >= 15, "{exact}");
}

/// Texts put together from what dates and quantities are made of.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "Senin",
        "Minggu",
        "kemarin",
        "lalu",
        "depan",
        "ini",
        "tahun",
        "pekan",
        "hari",
        "bulan",
        "Mei",
        "Maret",
        "2025",
        "1990",
        "-an",
        "'98",
        "31",
        "5",
        "0",
        "00",
        "24.00",
        "18.35",
        "WIB",
        "wita",
        "pukul",
        "jam",
        "setengah",
        "dua",
        "puluh",
        "koma",
        "sepertiga",
        "Rp",
        "US$",
        "1.500",
        "2,5",
        "2e9",
        "-",
        "–",
        "−",
        "minus",
        "hingga",
        "s.d.",
        "/",
        "(",
        ")",
        "%",
        "persen",
        "juta",
        "miliar",
        "orang",
        "km",
        "kuartal",
        "II",
        "semester",
        "abad",
        "ke-19",
        "awal",
        "beberapa",
        "½",
        "\r\n",
        "\u{a0}",
        "🙂",
        "é",
        ",",
        ".",
        "99999999999999999999",
    ]);
    prop::collection::vec((piece, prop::sample::select(vec!["", " "])), 0..14)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, gap)| format!("{piece}{gap}")).collect())
}

proptest! {
    #[test]
    fn spans_lie_in_the_text_apart_and_values_can_be_written(
        text in prop_oneof![pieces(), any::<String>(), "[0-9.,/ -]{0,40}"],
        year in 1i16..9999,
        known in any::<bool>(),
    ) {
        let today = known.then(|| date(year, 5, 12));
        let mut end = 0;
        for found in quantities(&text, today) {
            prop_assert!(end <= found.bytes.start && found.bytes.start < found.bytes.end);
            let surface = text.get(found.bytes.clone());
            prop_assert!(surface.is_some_and(|surface| surface.trim() == surface), "{surface:?}");
            end = found.bytes.end;
            let Some(value) = found.value else { continue };
            prop_assert!(!value.to_string().is_empty());
            prop_assert_eq!(value.label(), found.label, "{}", value);
            let json = serde_json::to_string(&value).unwrap();
            prop_assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), value, "{}", json);
        }
    }
}
