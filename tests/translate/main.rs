//! The translator over tiny random weights: what becomes of segments. What the real weights say is tested elsewhere.
#![cfg(feature = "native")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)] // helpers of tests fail as tests do

mod ready;
mod refused;
mod tiny;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};

use intisari::translate::{
    GemmaTranslator, Stop, Translated, Translator, TranslatorFiles, TranslatorOptions,
};
use intisari::{Error, Precision, Progress};
use proptest::prelude::*;
use tiny::*;

#[test]
fn answers_each_segment_in_order_and_blank_with_blank() {
    let files = files();
    let translator = GemmaTranslator::load(&files.files, options(Precision::F32, 3)).unwrap();
    let results = translator.translate(&SEGMENTS, Progress::none()).unwrap();
    assert_eq!(results.len(), SEGMENTS.len());
    for index in [1, 3] {
        assert_eq!(results[index], Translated::new("", Stop::End));
    }
    let alone = translator.translate(&SEGMENTS[5..6], Progress::none()).unwrap();
    assert_eq!(alone[0], results[5]);
    assert!(results.iter().all(|result| !result.text.contains('\n')));
    assert!(translator.translate(&[], Progress::none()).unwrap().is_empty());
    assert!(results.iter().any(|result| result.stop != Stop::End), "random weights never come to an end");
}

#[test]
fn precisions_and_head_counts_run() {
    let files = files();
    let reference = GemmaTranslator::load(&files.files, options(Precision::F32, 8)).unwrap();
    let wanted = texts(&reference, &SEGMENTS);
    assert!(wanted[2].len() > 20 && wanted[2] != wanted[5], "the weights say nothing: {wanted:?}");
    let found = texts(&GemmaTranslator::load(&files.files, options(Precision::Int8, 8)).unwrap(), &SEGMENTS);
    // Random weights are chaotic: rounding changes what they say soon, but seldom at once.
    let same = found.iter().zip(&wanted).filter(|(a, b)| a.chars().next() == b.chars().next()).count();
    assert!(same >= 5, "{found:?} {wanted:?}");
    for precision in [Precision::Bf16, Precision::F16] {
        let error = GemmaTranslator::load(&files.files, options(precision, 8)).unwrap_err().to_string();
        assert!(error.contains(&precision.to_string()) && error.contains("int8 or f32"), "{error}");
    }
    write_base(&files.files.base, 2);
    assert_ne!(
        texts(&GemmaTranslator::load(&files.files, options(Precision::F32, 8)).unwrap(), &SEGMENTS),
        wanted
    );
}

#[test]
fn an_adapter_changes_the_model_and_the_prompt() {
    let files = files();
    let folder = files.folder.path();
    let plain = texts(&GemmaTranslator::load(&files.files, options(Precision::F32, 8)).unwrap(), &SEGMENTS);
    write_adapter(folder, 4, [4, HIDDEN], |_| ());
    let adapted = TranslatorFiles::new(&files.files.base, folder);
    assert_eq!(adapted.adapter.as_deref(), Some(folder));
    let first = texts(&GemmaTranslator::load(&adapted, options(Precision::F32, 8)).unwrap(), &SEGMENTS);
    assert_ne!(first, plain);
    // alpha / r is 4 and alpha / sqrt(r) 8.
    write_adapter(folder, 4, [4, HIDDEN], |settings| settings["use_rslora"] = true.into());
    let second = texts(&GemmaTranslator::load(&adapted, options(Precision::F32, 8)).unwrap(), &SEGMENTS);
    assert_ne!(second, first);
    write_adapter(folder, 4, [4, HIDDEN], |settings| settings["lora_alpha"] = 32.into());
    let third = texts(&GemmaTranslator::load(&adapted, options(Precision::F32, 8)).unwrap(), &SEGMENTS);
    assert_eq!(third, second);
}

#[test]
fn what_stays_to_the_letter_does_so_whatever_the_weights_say() {
    use intisari::document::FlagKind;
    use intisari::translate::check;
    let files = files();
    let translator = GemmaTranslator::load(&files.files, options(Precision::F32, 3)).unwrap();
    let pieces =
        ["www.tolo.example/aduan", "a@tolo.example", "#LautBersih", "[SALAH]", "привет мир", "kios_2.pdf"];
    let segments: Vec<String> = pieces
        .iter()
        .flat_map(|piece| {
            [piece.to_string(), format!("Buka {piece} sekarang."), format!("Keterangan: {piece}")]
        })
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let english = translator.translate(&segments, Progress::none()).unwrap();
    for (segment, english) in segments.iter().zip(&english) {
        let flags = check(segment, english, &[]);
        assert!(flags.iter().all(|flag| flag.kind != FlagKind::VerbatimMissing), "{segment}: {english:?}");
    }
    assert_eq!(english[0], Translated::new(pieces[0], Stop::End), "a lone piece is given to no model");
    let cut =
        |english: &Translated| english.flags.iter().any(|flag| flag.kind == FlagKind::CutAroundVerbatim);
    assert!(english.iter().any(cut), "random weights lose placeholders: {english:?}");
    let alone = translator.translate(&segments[1..2], Progress::none()).unwrap();
    assert_eq!(alone[0], english[1]);
}

#[test]
fn hints_and_terms_are_put_to_a_model_that_was_trained_with_them_alone() {
    use intisari::translate::{Glossary, GlossaryEntry, Passage};
    let files = files();
    let folder = files.folder.path();
    let glossary = Glossary::new([GlossaryEntry::new("hujan", "rain")]).unwrap();
    let passages = |with: bool| {
        let glossary = with.then_some(&glossary);
        ["Milisi itu dilucuti.", "Hujan turun.", "Budi."]
            .map(|text| Passage::new(text).with_glossary(glossary))
    };
    let run = |rarer_than, terms, batch| {
        let adapted = TranslatorFiles::new(&files.files.base, folder);
        let options = TranslatorOptions { hints_rarer_than: rarer_than, ..options(Precision::F32, batch) };
        let translator = GemmaTranslator::load(&adapted, options).unwrap();
        let english = translator.translate_passages(&passages(terms), Progress::none()).unwrap();
        (english.into_iter().map(|english| english.text).collect::<Vec<_>>(), translator.options())
    };
    write_adapter(folder, 4, [4, HIDDEN], |_| ());
    let (plain, options) = run(60, false, 8);
    assert_eq!((&run(60, true, 8).0, options["hints_rarer_than"].as_u64()), (&plain, Some(0)));
    write_adapter(folder, 4, [4, HIDDEN], |settings| {
        settings["intisari"] = serde_json::json!({"hints": true});
    });
    assert_eq!(run(0, false, 8).0, plain);
    let (words, options) = run(60, false, 8);
    assert_eq!(options["hints_rarer_than"], 60);
    assert!(words[0] != plain[0] && words[1..] == plain[1..], "{words:?} {plain:?}");
    let (both, _) = run(60, true, 8);
    assert!(both[0] == words[0] && both[1] != words[1] && both[2] == words[2], "{both:?} {words:?}");
    assert_eq!(run(60, true, 1).0, both, "hints do not depend on the batch");
    write_adapter(folder, 4, [4, HIDDEN], |settings| {
        settings["intisari"] = serde_json::json!({"roots": true})
    });
    let error = GemmaTranslator::load(&TranslatorFiles::new(&files.files.base, folder), Default::default());
    assert!(error.unwrap_err().to_string().contains("roots"));
}

#[test]
fn what_has_no_words_is_not_given_to_the_model() {
    let files = files();
    let translator = GemmaTranslator::load(&files.files, options(Precision::F32, 8)).unwrap();
    let signs = ["\u{feff}", "* * *", "\u{200b}", "😀", "=====  ====="];
    // What cannot be seen is nothing to an English reader.
    assert_eq!(texts(&translator, &signs), ["", "* * *", "", "😀", "===== ====="]);
    assert_ne!(texts(&translator, &["2024"]), [""]);
}

#[test]
fn stops_when_the_callback_asks_to() {
    let files = files();
    let translator = GemmaTranslator::load(&files.files, options(Precision::F32, 2)).unwrap();
    let calls = Cell::new(0);
    let callback = |event: intisari::Event| {
        calls.set(calls.get() + 1);
        assert!(event.done <= event.total);
        ControlFlow::Break(())
    };
    let result = translator.translate(&SEGMENTS, Progress::new(&callback));
    assert!(matches!(result, Err(Error::Cancelled { .. })));
    assert_eq!(calls.get(), 1);
}

#[test]
fn cuts_long_segments_and_says_so_nowhere() {
    let files = files();
    let mut options = options(Precision::F32, 8);
    options.max_segment_bytes = 40;
    let translator = GemmaTranslator::load(&files.files, options).unwrap();
    let long = "Harga beras naik, kata Sari; stok di gudang masih cukup untuk dua bulan.";
    let parts = ["Harga beras naik, kata Sari;", "stok di gudang masih cukup untuk dua bulan."];
    let whole = texts(&translator, &[long]).remove(0);
    for part in texts(&translator, &parts[..1]) {
        assert!(whole.starts_with(part.trim_end_matches('.')), "{whole} / {part}");
    }
}

/// Loading takes long beside translating, so one translator serves all cases; it may change threads, not be shared.
static PER_BATCH: LazyLock<Mutex<(Files, BTreeMap<usize, GemmaTranslator>)>> = LazyLock::new(|| {
    let files = files();
    let load = |rows| (rows, GemmaTranslator::load(&files.files, options(Precision::Int8, rows)).unwrap());
    let translators = [1, 2, 3, 8, 32].map(load).into();
    Mutex::new((files, translators))
});

/// The longer one has more keys than fit into one sum of libtorch's attention.
#[test]
fn a_longer_segment_beside_it_changes_nothing() {
    let guard = PER_BATCH.lock().unwrap();
    let segments = ["xu zule yfu2s 6 nd.", "dqqrhom sm2xoz wdc9y84 0504h0nb."];
    assert_eq!(texts(&guard.1[&2], &segments), texts(&guard.1[&1], &segments));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]
    #[test]
    fn results_do_not_depend_on_the_batch(
        segments in prop::collection::vec("[a-z]{1,9}( [a-z0-9]{1,9}){0,5}[.]", 1..8),
    ) {
        let guard = PER_BATCH.lock().unwrap();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let alone = guard.1[&1].translate(&segments, Progress::none()).unwrap();
        for (rows, translator) in &guard.1 {
            prop_assert_eq!(&translator.translate(&segments, Progress::none()).unwrap(), &alone, "{} rows", rows);
        }
    }
}

#[test]
fn little_memory_changes_no_translation() {
    let files = files();
    let english = |max_cache_bytes| {
        let options = TranslatorOptions { max_cache_bytes, ..options(Precision::F32, 8) };
        GemmaTranslator::load(&files.files, options).unwrap().translate(&SEGMENTS, Progress::none()).unwrap()
    };
    assert_eq!(english(1), english(usize::MAX));
    let none = TranslatorOptions { max_cache_bytes: 0, ..TranslatorOptions::default() };
    assert!(none.validate().unwrap_err().to_string().contains("max_cache_bytes"));
}
