use intisari::document::{Entity, Label};
use intisari::eval::evaluation::{
    evaluate_cleaning, evaluate_names, evaluate_ner, evaluate_splitting, evaluate_summaries,
    evaluate_translations, locate_sentences, score_texts, CaseText, CleaningItem, Evaluation, Gazetteer,
    NamingItem, NerItem, SetInfo, Setup, SplitItem, SummaryOptions, TextItem, TranslationOptions,
};
use intisari::eval::formats::{MarkedName, NamedText, TaggedSentence};
use intisari::eval::report::html;
use intisari::eval::{Bleu, LabeledSpan, PairedTest, Resampling, TagScheme, Ter, TerCounts, TextMetric};
use intisari::ner::Mention;
use intisari::Span;

pub fn setup(against: bool) -> Setup {
    let set = SetInfo {
        name: "folder/test.tsv".into(),
        sha256: "ab".repeat(32),
        items: 2,
        skipped: Vec::new(),
        notes: Vec::new(),
    };
    Setup { against: against.then(|| "other".into()), ..Setup::new(set, "system <1>") }
}

fn tags(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

/// Two tagged sentences: one right, one with a wrong type, a missed and a spurious entity.
pub fn ner() -> Evaluation {
    let sentences = [
        ("Budi Santoso ke Bogor", "B-PER I-PER O B-LOC", "B-PER I-PER O B-LOC", "B-PER O O B-LOC"),
        ("Menteri & Persib di Bandung", "O O B-ORG O B-LOC", "B-PER O B-LOC O O", "O O B-ORG O B-LOC"),
    ];
    let items: Vec<NerItem> = (1..)
        .zip(sentences)
        .map(|(line, (tokens, gold, predicted, against))| {
            let sentence = TaggedSentence {
                line,
                place: line,
                tokens: tags(tokens),
                tags: tags(gold),
                ..TaggedSentence::default()
            };
            let item = NerItem::from_tags(&sentence, TagScheme::Iob2).unwrap();
            let predicted = item.spans_of_tags(&tags(predicted), TagScheme::Iob2).unwrap();
            let against = item.spans_of_tags(&tags(against), TagScheme::Iob2).unwrap();
            let confidence = predicted.iter().map(|span| if span.start == 0 { 0.95 } else { 0.4 }).collect();
            NerItem { predicted, confidence, against: Some(against), ..item }
        })
        .collect();
    evaluate_ner(&items, Some(TagScheme::Iob2), &setup(true)).unwrap()
}

fn value(evaluation: &Evaluation, name: &str) -> f64 {
    evaluation.figures.iter().find(|figure| figure.name == name).unwrap().value
}

#[test]
fn evaluates_entities() {
    let evaluation = ner();
    assert_eq!(value(&evaluation, "F1"), 50.0);
    assert_eq!(value(&evaluation, "exact F1"), 75.0);
    // LOC 1/2, ORG 0, PER 2/3.
    assert_eq!(format!("{:.4}", value(&evaluation, "macro F1")), "38.8889");
    assert_eq!(evaluation.figures[0].against, Some(75.0));
    assert!(evaluation.figures[0].interval.is_some() && evaluation.figures[0].comparison.is_some());
    let labels: Vec<_> =
        evaluation.labels.iter().map(|row| (row.label.as_str(), row.gold, row.predicted)).collect();
    assert_eq!(labels, [("LOC", 2, 2), ("ORG", 1, 0), ("PER", 1, 2)]);

    let confusion: Vec<_> = evaluation
        .confusion
        .iter()
        .map(|cell| (cell.gold.as_deref(), cell.predicted.as_deref(), cell.spans))
        .collect();
    assert_eq!(
        confusion,
        [
            (None, Some("PER"), 1),
            (Some("LOC"), None, 1),
            (Some("LOC"), Some("LOC"), 1),
            (Some("ORG"), Some("LOC"), 1),
            (Some("PER"), Some("PER"), 1),
        ]
    );

    assert_eq!(evaluation.calibration.len(), 2);
    assert_eq!((evaluation.calibration[1].accuracy, evaluation.calibration[1].predictions), (0.5, 2));

    let worst = &evaluation.worst;
    assert_eq!(worst.len(), 1, "the perfect sentence is left out");
    let output = &worst[0].texts[1];
    let surfaces: Vec<&str> = output.spans.iter().map(|span| &output.text[span.start..span.end]).collect();
    assert_eq!(surfaces, ["Menteri", "Persib"]);
}

#[test]
fn figures_that_are_computed_alike_share_a_signature() {
    let evaluation = ner();
    let signatures = evaluation.signatures();
    let names: Vec<&[&str]> = signatures.iter().map(|(names, _)| names.as_slice()).collect();
    let alone = [&["macro F1"], &["exact F1"], &["partial F1"], &["type F1"]];
    assert_eq!(names[0], ["F1", "precision", "recall"]);
    assert_eq!(names[1..], alone);
    assert!(
        signatures[1].1.ends_with(signatures[0].1),
        "one is the end of the other, and still not the same"
    );
}

#[test]
fn spans_in_bytes_need_no_tokens() {
    let text = "Budi di Bogor.";
    let span = |start, end, label: &str| LabeledSpan { start, end, label: label.into() };
    let item = NerItem {
        text: text.into(),
        gold: vec![span(0, 4, "PER"), span(8, 13, "LOC")],
        predicted: vec![span(0, 4, "PER")],
        ..NerItem::default()
    };
    let evaluation = evaluate_ner(&[item], None, &setup(false)).unwrap();
    assert_eq!(value(&evaluation, "recall"), 50.0);
    assert!(evaluation.figures[0].signature.contains("scheme:none"));
    assert_eq!(evaluation.worst[0].texts[0].spans[1], span(8, 13, "LOC"));
}

#[test]
fn entities_that_cannot_be_scored_are_named() {
    fn span(start: usize, end: usize, label: &str) -> LabeledSpan {
        LabeledSpan { start, end, label: label.into() }
    }
    let item = || NerItem {
        id: "a7".into(),
        text: "Budi di Malmö.".into(),
        gold: vec![span(0, 4, "PER")],
        predicted: vec![span(0, 4, "PER"), span(8, 14, "LOC")],
        ..NerItem::default()
    };
    assert!(evaluate_ner(&[item()], None, &setup(false)).is_ok());
    let with = |change: &dyn Fn(&mut NerItem)| {
        let mut changed = item();
        change(&mut changed);
        evaluate_ner(&[item(), changed], None, &setup(false)).unwrap_err().to_string()
    };
    type Change = dyn Fn(&mut NerItem);
    let cases: [(&Change, &str); 7] = [
        (&|item| item.predicted[1] = span(8, 8, "LOC"), "predicted[1], LOC 8..8, is empty or runs backwards"),
        (&|item| item.gold[0] = span(4, 0, "PER"), "gold[0], PER 4..0, is empty or runs backwards"),
        (&|item| item.predicted[1] = span(8, 99, "LOC"), "lies outside of the 15 bytes of the text"),
        (&|item| item.predicted[1] = span(8, 13, "LOC"), "begins or ends within a character"),
        (&|item| item.confidence = vec![0.9], "2 predictions and 1 confidences"),
        (&|item| item.confidence = vec![0.9, f64::NAN], "a confidence is NaN"),
        (&|item| item.confidence = vec![50., 1.], "a confidence is 50"),
    ];
    for (change, message) in cases {
        let error = with(change);
        assert!(error.contains("items[1] (`a7`): ") && error.contains(message), "{error}");
    }
}

#[test]
fn what_stands_there_twice_counts_once() {
    let span = |start, end, label: &str| LabeledSpan { start, end, label: label.into() };
    let item = NerItem {
        text: "Budi di Bogor.".into(),
        gold: vec![span(0, 4, "PER")],
        predicted: vec![span(0, 4, "PER"), span(0, 4, "PER"), span(8, 13, "LOC")],
        confidence: vec![0.9, 0.9, 0.4],
        ..NerItem::default()
    };
    let evaluation = evaluate_ner(&[item], None, &setup(false)).unwrap();
    for name in ["F1", "exact F1", "type F1"] {
        assert!((value(&evaluation, name) - 200. / 3.).abs() < 1e-9, "{name}");
    }
    let [foreign, doubled] = evaluation.set.notes.as_slice() else { panic!("{:?}", evaluation.set.notes) };
    assert!(foreign.starts_with("1 predictions are of types that the set does not have (LOC)"), "{foreign}");
    assert_eq!(doubled, "1 entities stand there twice; each counts once");
    assert_eq!(evaluation.calibration.iter().map(|row| row.predictions).sum::<u64>(), 2);
}

#[test]
fn predictions_that_can_hardly_be_meant_are_noted() {
    let text = "Budi di Bogor. Sari di Depok. Tono di Ambon.";
    let span = |start, end, label: &str| LabeledSpan { start, end, label: label.into() };
    let gold = vec![span(0, 4, "PER"), span(8, 13, "LOC"), span(15, 19, "PER"), span(23, 28, "LOC")];
    let notes = |predicted: Vec<LabeledSpan>| {
        let item = NerItem { text: text.into(), gold: gold.clone(), predicted, ..NerItem::default() };
        evaluate_ner(&[item], None, &setup(false)).unwrap().set.notes
    };
    assert_eq!(notes(gold.clone()), [""; 0]);
    let renamed = gold.iter().map(|gold| span(gold.start, gold.end, "PERSON")).collect();
    assert_eq!(notes(renamed), ["no predicted label (PERSON) is an annotated one (LOC, PER); rename them"]);
    let moved = gold.iter().map(|gold| span(gold.start + 1, gold.end + 1, &gold.label)).collect();
    assert_eq!(
        notes(moved),
        ["4 of 4 predictions begin or end within a word; give their offsets in bytes of the text"]
    );
}

#[test]
fn spans_of_a_model_are_brought_to_tokens() {
    let sentence = TaggedSentence {
        line: 1,
        place: 1,
        tokens: tags("Presiden Joko Widodo-nya tiba"),
        tags: tags("O O O O"),
        ..TaggedSentence::default()
    };
    let item = NerItem::from_tags(&sentence, TagScheme::Iob2).unwrap();
    let span = |start, end| LabeledSpan { start, end, label: "PER".into() };
    assert_eq!(&item.text[9..20], "Joko Widodo");
    let spans = [span(9, 20), span(21, 24), span(8, 9), span(25, 29)];
    assert_eq!(
        item.spans_in_tokens(&spans),
        [(0, span(1, 3)), (3, span(3, 4))],
        "part of a token takes all of it"
    );
    assert!(item.spans_of_tags(&tags("O O"), TagScheme::Iob2).is_err());
}

#[test]
fn a_gazetteer_knows_the_names_it_saw() {
    let sentence = |tokens: &str, labels: &str| TaggedSentence {
        line: 1,
        place: 1,
        tokens: tags(tokens),
        tags: tags(labels),
        ..TaggedSentence::default()
    };
    let seen = [
        sentence("Jawa Tengah dan Jawa", "B-LOC I-LOC O B-LOC"),
        sentence("Persib Bandung", "B-ORG I-ORG"),
        sentence("Bandung , Bandung , Bandung", "B-ORG O B-LOC O B-LOC"),
    ];
    let gazetteer = Gazetteer::learn(&seen, TagScheme::Iob2).unwrap();
    let found = gazetteer.find(&tags("Jawa Tengah Jawa Barat Persib Bandung Bandung"));
    let found: Vec<_> = found.iter().map(|span| (span.start, span.end, span.label.as_str())).collect();
    assert_eq!(found, [(0, 2, "LOC"), (2, 3, "LOC"), (4, 6, "ORG"), (6, 7, "LOC")]);
    assert!(Gazetteer::default().find(&tags("Jawa")).is_empty());
}

fn texts() -> Vec<TextItem> {
    let item = |id: &str, reference: &str, output: &str| TextItem {
        id: id.into(),
        source: Some("Harga beras naik.".into()),
        references: vec![reference.into()],
        output: output.into(),
        against: None,
    };
    vec![
        item("a", "The price of rice rose in March.", "The price of rice rose in March."),
        item("b", "The minister opened the market.", "Market minister <opened>."),
        item("c", "Rain fell in Bogor.", "It rained."),
    ]
}

#[test]
fn evaluates_translations() {
    let evaluation = evaluate_translations(&texts(), &TranslationOptions::default(), &setup(false)).unwrap();
    let names: Vec<&str> = evaluation.figures.iter().map(|figure| figure.name.as_str()).collect();
    assert_eq!(names, ["BLEU", "chrF2", "chrF2++", "TER"]);
    assert!(evaluation.figures.iter().all(|figure| figure.against.is_none() && figure.comparison.is_none()));
    let worst: Vec<&str> = evaluation.worst.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(worst, ["c", "b"], "worst first, perfect left out");
    assert_eq!(evaluation.item_figure, "chrF2", "BLEU says nothing about single sentences");
    assert_eq!(evaluation.lengths.iter().map(|row| row.items).sum::<usize>(), 3);
}

#[test]
fn evaluates_summaries() {
    let evaluation = evaluate_summaries(&texts(), &SummaryOptions::default(), &setup(false)).unwrap();
    assert_eq!(evaluation.figures.len(), 4);
    let same = TextItem { output: "Rain fell in Bogor.".into(), ..texts()[2].clone() };
    let evaluation = evaluate_summaries(&[same], &SummaryOptions::default(), &setup(false)).unwrap();
    assert!(evaluation.figures.iter().all(|figure| figure.value == 100.0));
    assert!(evaluation.worst.is_empty());
}

#[test]
fn evaluates_cleaning() {
    let text = "JAKARTA - Harga naik. Baca juga: lain";
    let item = CleaningItem {
        text: text.into(),
        gold: vec![Span::new(text, 0, 10).unwrap(), Span::new(text, 22, 37).unwrap()],
        removed: vec![Span::new(text, 22, 37).unwrap()],
        ..CleaningItem::default()
    };
    let evaluation = evaluate_cleaning(&[item], &setup(false)).unwrap();
    assert_eq!(value(&evaluation, "precision"), 100.0);
    assert_eq!(format!("{:.2}", value(&evaluation, "recall")), format!("{:.2}", 100.0 * 13.0 / 21.0));
}

#[test]
fn evaluates_splitting_by_sentence() {
    let text = "Satu. Dua. Tiga.\nEmpat.";
    let gold = locate_sentences(text, &["Satu.", "Dua.", "Tiga.", "Empat."]).unwrap();
    assert_eq!(gold, [0..5, 6..10, 11..16, 17..23]);
    let (found, whole) = (vec![0..5, 6..17, 17..23], 0..23);
    let item =
        SplitItem { text: text.into(), gold, found, against: Some(vec![whole]), ..SplitItem::default() };
    let evaluation = evaluate_splitting(&[item], &setup(true)).unwrap();
    assert_eq!(evaluation.set.items, 4);
    assert_eq!(format!("{:.4}", value(&evaluation, "sentence precision")), "66.6667");
    assert_eq!(value(&evaluation, "sentence recall"), 50.0);
    assert_eq!(value(&evaluation, "boundary precision"), 100.0);
    assert_eq!(value(&evaluation, "boundary recall"), 75.0);
    assert_eq!(evaluation.figures[5].against, Some(25.0), "one boundary of four");
}

#[test]
fn groups_of_names_go_by_the_bearer_with_whom_they_share_most() {
    // Rini four times, Budi twice, an office once.
    let text = "Rini Rini Rini Rini Budi Budi Kantor";
    let places: [(usize, usize); 7] = [(0, 4), (5, 9), (10, 14), (15, 19), (20, 24), (25, 29), (30, 36)];
    let name = |at: usize, bearer: &str, label| MarkedName {
        span: Span::new(text, places[at].0, places[at].1).unwrap(),
        label,
        bearer: bearer.to_owned(),
    };
    let persons = [(0, "P1"), (1, "P1"), (2, "P1"), (3, "P1"), (4, "P2"), (5, "P2")];
    let mut names: Vec<_> = persons.map(|(at, bearer)| name(at, bearer, Label::Per)).into();
    names.push(name(6, "O1", Label::Org));
    let gold = NamedText { id: "a".to_owned(), text: text.to_owned(), names };
    let grouped = |groups: &[(usize, usize)]| {
        groups.iter().map(|&(at, group)| (places[at].0, places[at].1, group)).collect::<Vec<_>>()
    };
    // Group 7 has most of P1 and one of P2; 2 the rest of P1; 0 the rest of P2. 5 is no name of the article's.
    let mut output = grouped(&[(0, 7), (1, 7), (2, 7), (3, 2), (4, 7), (5, 0)]);
    output.push((20, 29, 5));
    let item = NamingItem { gold, grouped: output, against: Some(Vec::new()) };
    let evaluation = evaluate_names(&[item], &setup(true)).unwrap();
    let [reference, output, against] = evaluation.worst[0].texts.as_slice() else { panic!() };
    let labels = |text: &CaseText| text.spans.iter().map(|span| span.label.clone()).collect::<Vec<_>>();
    assert_eq!(labels(reference), ["P1", "P1", "P1", "P1", "P2", "P2", "O1"]);
    assert_eq!(labels(output), ["P1", "P1", "P1", "?3", "P1", "P2", "?6"]);
    assert!(against.spans.is_empty());
    // Precision: 3 x 3/4, 1/4, 1, 1 and a name that is none; recall: 3 x 3/4, 1/4, 2 x 1/2 and a name that is missed.
    assert_eq!(format!("{:.4}", value(&evaluation, "precision")), format!("{:.4}", 100.0 * 4.5 / 7.0));
    assert_eq!(format!("{:.4}", value(&evaluation, "recall")), format!("{:.4}", 100.0 * 3.5 / 7.0));
    let kinds: Vec<_> =
        evaluation.labels.iter().map(|row| (row.label.as_str(), row.gold, row.predicted)).collect();
    assert_eq!(kinds, [("PER", 6, 6), ("ORG", 1, 0)]);
}

#[test]
fn sentences_must_be_those_of_the_text() {
    let error = locate_sentences("Satu. Dua.", &["Satu.", "Tiga."]).unwrap_err().to_string();
    assert!(error.contains("sentence 2") && error.contains("Tiga."), "{error}");
    assert_eq!(locate_sentences("Satu  dua .", &["Satu dua."]).unwrap().first(), Some(&(0..11)));
    assert!(locate_sentences("", &["Satu."]).is_err());
}

/// Counted as they stand, a name in two groups made recall 2.
#[test]
fn names_and_sentences_must_be_parts_of_the_text_and_stand_there_once() {
    let named = |grouped: &[(usize, usize, usize)]| NamingItem {
        gold: NamedText { id: "a".to_owned(), text: "Élis tiba.".to_owned(), names: Vec::new() },
        grouped: grouped.to_vec(),
        against: None,
    };
    for wrong in
        [&[(0, 5, 0), (0, 5, 1)][..], &[(0, 99, 0)], &[(0, 1, 0)], &[(5, 5, 0)], &[(0, 5, 0), (0, 5, 0)]]
    {
        let error = evaluate_names(&[named(wrong)], &setup(false)).unwrap_err();
        assert!(matches!(error, intisari::Error::Config { .. }), "{wrong:?}: {error}");
    }
    evaluate_names(&[named(&[(0, 5, 0)])], &setup(false)).unwrap();

    let split = |found: &[(usize, usize)]| SplitItem {
        text: "Élis. Ia.".to_owned(),
        gold: vec![0..6, 7..10],
        found: found.iter().map(|&(start, end)| start..end).collect(),
        ..SplitItem::default()
    };
    for wrong in [&[(0, 6), (0, 6)][..], &[(7, 10), (0, 6)], &[(0, 1), (2, 10)], &[(0, 99)]] {
        let error = evaluate_splitting(&[split(wrong)], &setup(false)).unwrap_err();
        assert!(matches!(error, intisari::Error::Config { .. }), "{wrong:?}: {error}");
    }
    evaluate_splitting(&[split(&[(0, 10)])], &setup(false)).unwrap();
}

#[test]
fn an_article_without_names_is_no_worst_case() {
    let text = |id: &str, names| NamedText { id: id.to_owned(), text: "Élis tiba.".to_owned(), names };
    let name = MarkedName {
        span: Span::new("Élis tiba.", 0, 5).unwrap(),
        label: Label::Per,
        bearer: "P1".to_owned(),
    };
    let items = [
        NamingItem { gold: text("empty", Vec::new()), ..NamingItem::default() },
        NamingItem { gold: text("missed", vec![name]), ..NamingItem::default() },
    ];
    let evaluation = evaluate_names(&items, &setup(false)).unwrap();
    assert_eq!(evaluation.worst[0].id, "missed");
    assert_eq!(evaluation.set.notes, ["the system has no output for any item"]);
}

#[test]
fn another_system_is_named_where_it_has_output_and_only_there() {
    let item = |against| TextItem {
        references: vec!["It rains.".to_owned()],
        output: "It rains.".to_owned(),
        against,
        ..TextItem::default()
    };
    let result = evaluate_translations(&[item(None)], &TranslationOptions::default(), &setup(true));
    assert!(result.unwrap_err().to_string().contains("`against` of the set-up names"));
}

/// A figure of zero would say something about the system.
#[test]
fn nothing_has_no_score() {
    let resampling = Resampling::default();
    let refused = [
        evaluate_ner(&[], None, &setup(true)).map(|_| ()),
        evaluate_names(&[], &setup(true)).map(|_| ()),
        evaluate_translations(&[], &TranslationOptions::default(), &setup(true)).map(|_| ()),
        evaluate_summaries(&[], &SummaryOptions::default(), &setup(true)).map(|_| ()),
        evaluate_cleaning(&[], &setup(true)).map(|_| ()),
        evaluate_splitting(&[], &setup(true)).map(|_| ()),
        evaluate_splitting(&[SplitItem::default()], &setup(true)).map(|_| ()),
        score_texts(&Bleu::default(), &[], resampling, PairedTest::default()).map(|_| ()),
    ];
    for (at, result) in refused.into_iter().enumerate() {
        let error = result.unwrap_err();
        assert!(matches!(error, intisari::Error::Config { .. }), "{at}: {error}");
        assert!(error.to_string().contains("there is nothing to score"), "{at}: {error}");
    }
}

/// The part of words that are wrong: a share, of which less is better.
struct Errors;

impl TextMetric for Errors {
    type Counts = TerCounts;

    fn name(&self) -> String {
        "WER".to_owned()
    }

    fn signature(&self, references: usize) -> String {
        format!("nrefs:{references}")
    }

    fn counts(&self, output: &str, references: &[&str]) -> TerCounts {
        Ter::default().counts(output, references)
    }

    fn figure(&self, counts: &TerCounts) -> f64 {
        Ter::default().score(counts) / 100.0
    }

    fn scale(&self) -> f64 {
        1.0
    }

    fn lower_is_better(&self) -> bool {
        true
    }
}

#[test]
fn a_metric_is_shown_on_its_own_scale() {
    let mut evaluation =
        evaluate_translations(&texts(), &TranslationOptions::default(), &setup(false)).unwrap();
    let own = score_texts(&Errors, &texts(), Resampling::default(), PairedTest::default()).unwrap();
    let ter = value(&evaluation, "TER");
    assert_eq!(own.value, ter / 100.0);
    let own_shown = format!("{:.4}", own.value);
    evaluation.figures.push(own);
    let (table, page) = (evaluation.to_string(), html(std::slice::from_ref(&evaluation)));
    assert!(table.contains(&format!("{ter:.2}")) && table.contains(&own_shown), "{table}");
    assert!(table.contains("lower is better: TER, WER\n"), "{table}");
    assert!(page.contains("Lower is better: TER, WER") && page.contains(&own_shown));
    let bars: Vec<&str> = page.split("class=\"bar\"").skip(4).take(2).collect();
    let width = |bar: &str| bar.split("width=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(width(bars[0]), width(bars[1]), "bars of TER and of its share are of one length");
    let json = serde_json::to_string(&evaluation).unwrap();
    assert_eq!(json.matches("\"scale\":1.0").count(), 1, "100 is left out");
    let read: Evaluation = serde_json::from_str(&json).unwrap();
    let scales: Vec<_> = read.figures.iter().map(|figure| (figure.scale, figure.lower_is_better)).collect();
    assert_eq!(scales, [(100.0, false), (100.0, false), (100.0, false), (100.0, true), (1.0, true)]);
}

#[test]
fn a_set_in_memory_has_no_checksum() {
    let setup = Setup::new(SetInfo::named("three pairs", 3), "ours");
    let evaluation = evaluate_translations(&texts(), &TranslationOptions::default(), &setup).unwrap();
    let table = evaluation.to_string();
    assert!(table.contains("on three pairs\n3 items\n") && !table.contains("sha256"), "{table}");
    assert!(!html(&[evaluation]).contains("sha256"));
}

#[test]
fn what_is_found_turns_into_spans() {
    let span = Span::new("Rini tiba.", 0, 4).unwrap();
    let wanted = LabeledSpan { start: 0, end: 4, label: "PER".to_owned() };
    assert_eq!(LabeledSpan::from(&Entity::new(span, Label::Per, 0.9, 0)), wanted);
    assert_eq!(LabeledSpan::from(&Mention::new(span, Label::Per, 0.9, 0)), wanted);
}

#[test]
fn prints_a_table_and_survives_json() {
    let evaluation = ner();
    let table = evaluation.to_string();
    for part in [
        "entities of system <1> on folder/test.tsv",
        "against other",
        "F1          50.00",
        "PER",
        "bs:1000|seed:12345",
    ] {
        assert!(table.contains(part), "{part} is not in\n{table}");
    }
    let json = serde_json::to_string(&evaluation).unwrap();
    assert_eq!(serde_json::from_str::<Evaluation>(&json).unwrap().worst, evaluation.worst);
}
