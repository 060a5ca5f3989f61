use intisari::eval::formats::{
    holds_tagged_sentences, read_articles, read_conll, read_json_lines, read_sgm, read_table,
    read_tagged_json, read_tmx, read_wmt, read_wmt_output, ArticleFields, Columns, Form, OnBad, Side,
};
use intisari::eval::{
    Bleu, Chrf, Hits, LabeledSpan, Matching, Outcomes, PairedTest, Resampling, Rouge, SpanCounts, TagScheme,
    Ter, Tokenizer,
};
use proptest::prelude::*;

/// Text with what tokenizers trip over.
fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof!["[a-z]{1,6}", "[0-9.,-]{1,6}", "\\PC{1,4}", Just("\n".to_owned())],
        0..12,
    )
    .prop_map(|parts| parts.join(" "))
}

fn tag() -> impl Strategy<Value = String> {
    prop_oneof!["[BI]-(PER|LOC)", Just("O".to_owned())]
}

proptest! {
    #[test]
    fn scores_of_any_text_stay_in_bounds(output in text(), reference in text()) {
        for tokenizer in [Tokenizer::V13a, Tokenizer::International, Tokenizer::Characters, Tokenizer::None] {
            let score = Bleu { tokenizer, ..Bleu::default() }.corpus([(output.as_str(), [reference.as_str()])]).score;
            prop_assert!((0.0..=100.0 + 1e-9).contains(&score), "{score}");
        }
        let items = [(output.as_str(), [reference.as_str()])];
        for chrf in [Chrf::chrf2(), Chrf::chrf2_plus_plus()] {
            let score = chrf.corpus(items);
            prop_assert!((0.0..=100.0 + 1e-9).contains(&score), "{score}");
        }
        prop_assert!(Ter::default().corpus(items) >= 0.0);
        for (_, prf) in (Rouge { stem: true }).compare(&output, &reference).named() {
            prop_assert!((0.0..=1.0).contains(&prf.f1) && prf.precision <= 1.0 && prf.recall <= 1.0);
        }
    }

    #[test]
    fn a_text_is_its_own_best_output(words in prop::collection::vec("[a-z]{1,8}", 4..20)) {
        let text = words.join(" ");
        let items = [(text.as_str(), [text.as_str()])];
        prop_assert!((Bleu::default().corpus(items).score - 100.0).abs() < 1e-9);
        prop_assert!((Chrf::chrf2_plus_plus().corpus(items) - 100.0).abs() < 1e-9);
        prop_assert_eq!(Ter::default().corpus(items), 0.0);
        for (_, prf) in Rouge::default().compare(&text, &text).named() {
            prop_assert_eq!(prf.f1, 1.0);
        }
    }

    #[test]
    fn spans_of_tags_are_ordered_and_disjoint(tags in prop::collection::vec(tag(), 0..20)) {
        for scheme in [TagScheme::Conll, TagScheme::Iob2] {
            let spans = scheme.spans(&tags).unwrap();
            let mut end = 0;
            for LabeledSpan { start, end: next, .. } in &spans {
                prop_assert!(end <= *start && start < next && *next <= tags.len());
                end = *next;
            }
            prop_assert_eq!(SpanCounts::new(&spans, &spans).total().correct, spans.len() as u64);
        }
    }

    #[test]
    fn looser_matching_never_scores_lower(
        gold in prop::collection::vec(tag(), 12),
        predicted in prop::collection::vec(tag(), 12),
    ) {
        let spans = |tags: &[String]| TagScheme::Iob2.spans(tags).unwrap();
        let (gold, predicted) = (spans(&gold), spans(&predicted));
        let f1 = |matching| Outcomes::new(&gold, &predicted, matching).prf().f1;
        prop_assert!(f1(Matching::Strict) <= f1(Matching::Exact));
        prop_assert!(f1(Matching::Exact) <= f1(Matching::Partial));
        prop_assert_eq!(f1(Matching::Strict), SpanCounts::new(&gold, &predicted).total().prf().f1);
    }

    #[test]
    fn the_sum_of_parts_is_the_whole(sentences in prop::collection::vec((text(), text()), 0..6)) {
        let bleu = Bleu::default();
        let mut sum = intisari::eval::BleuCounts::default();
        for (output, reference) in &sentences {
            sum += &bleu.counts(output, &[reference]);
        }
        let whole = bleu.corpus(sentences.iter().map(|(output, reference)| (output.as_str(), [reference.as_str()])));
        prop_assert_eq!(bleu.score(&sum), whole);
    }

    #[test]
    fn intervals_hold_their_mean(correct in prop::collection::vec(0u64..4, 1..30), seed: u64) {
        let items: Vec<Hits> = correct.into_iter().map(|correct| Hits { correct, predicted: 3, gold: 3 }).collect();
        let resampling = Resampling { samples: 60, seed };
        let interval = resampling.draw(PairedTest::Bootstrap, &items, None).interval(|hits| hits.prf().f1).unwrap();
        prop_assert!(interval.low <= interval.mean + 1e-12 && interval.mean <= interval.high + 1e-12);
    }
}

/// Pieces of every form, put together at random.
fn snippets() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        any::<Vec<u8>>(),
        proptest::sample::select(vec![
            "{\"text\": \"é😀 Ani\", \"entities\": [[0, 3, \"PER\"]]}",
            "[",
            "]",
            "{",
            "}",
            ",",
            "\n",
            "\r\n",
            "\t",
            "\"",
            "\"\"",
            ";",
            "\u{feff}",
            "[0, 99999999999999999999, \"A\"]",
            "\"spans\": [{\"start\": 1}]",
            "B-PER",
            "I-PER",
            "O",
            "PER",
            "# a = b",
            "#",
            "-DOCSTART-",
            "source\treference",
            "<dataset>",
            "</dataset>",
            "<doc id=\"a\">",
            "<seg id=1>",
            "</seg>",
            "<refset>",
            "<tmx>",
            "<tu>",
            "<tuv xml:lang=\"id\">",
            "&amp;",
            "&#x110000;",
            "&",
            "<",
            ">",
            "<!DOCTYPE a [<!ENTITY b \"&b;\">]>",
            "&b;",
            "é",
            "😀",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_file_makes_a_reader_panic(bytes in snippets()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("set.txt");
        std::fs::write(&path, &bytes).unwrap();
        for on_bad in [OnBad::Fail, OnBad::Skip] {
            let _ = Form::of(&path);
            let _ = holds_tagged_sentences(&path);
            let _ = read_articles(&path, &ArticleFields::default(), on_bad).and_then(|set| set.located(on_bad));
            let _ = read_json_lines(&path, &[], on_bad);
            let _ = read_tagged_json(&path, on_bad);
            let _ = read_table(&path, &[&["source"], &["reference"]], on_bad);
            let _ = read_wmt(&path, on_bad);
            let _ = read_wmt_output(&path, None, on_bad);
            let _ = read_tmx(&path, &["id"], &["en"], on_bad);
            let _ = read_sgm(&path, Side::Reference, on_bad);
            if let Ok(set) = read_conll(&path, &Columns::default(), on_bad) {
                if let Ok(detected) = TagScheme::detect(&set.items, |sentence| &sentence.tags) {
                    // Where every sentence has a tag of another scheme nothing is left.
                    let set = set.in_scheme(detected.scheme, OnBad::Skip);
                    for sentence in set.iter().flat_map(|set| &set.items) {
                        let spans = detected.scheme.spans(&sentence.tags).unwrap();
                        prop_assert!(spans.iter().all(|span| span.start < span.end && span.end <= sentence.tokens.len()));
                    }
                }
            }
        }
    }
}
