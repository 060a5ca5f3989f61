//! What a pipeline makes of stages that break the rules of their traits: an error that names the stage, the rule and the article,
//! while other articles go on.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)] // helpers of tests fail as tests do

mod common;

use common::{fakes, AtStops, FirstWords, Shout};
use intisari::clean::{Cleaned, Cleaner, RuleCleaner, Scope};
use intisari::document::{Flag, FlagKind, Label, ModelRef, Removed, Sentence, Span, Value};
use intisari::ner::{EntityRecognizer, Mention, Recognition, SentencedText};
use intisari::pipeline::{Options, PipelineBuilder};
use intisari::sentence::{KeptText, SentenceSplitter};
use intisari::summarize::{Draft, Lead, Summarizer, SummaryInput};
use intisari::translate::{Stop, Translated, Translator};
use intisari::{Article, Document, Error, Pipeline, Progress, Result, Stage};

/// A word of the articles that the stages here spoil.
const MARK: &str = "RUSAK";

/// How a result is spoiled: that of a text with [`MARK`], or all of a batch with such a text.
enum Spoil<T> {
    One(fn(&str, &mut T)),
    All(fn(&mut Vec<T>)),
}

/// Does what `stage` does, and then spoils it.
struct Spoiled<S, T> {
    stage: S,
    spoil: Spoil<T>,
}

impl<S, T> Spoiled<S, T> {
    fn results<'t>(&self, texts: impl Iterator<Item = &'t str>, mut results: Vec<T>) -> Vec<T> {
        let texts: Vec<&str> = texts.collect();
        match self.spoil {
            Spoil::One(spoil) => {
                let both = texts.iter().zip(&mut results);
                both.filter(|(text, _)| text.contains(MARK)).for_each(|(text, result)| spoil(text, result));
            }
            Spoil::All(spoil) if texts.iter().any(|text| text.contains(MARK)) => spoil(&mut results),
            Spoil::All(_) => {}
        }
        results
    }
}

impl Cleaner for Spoiled<RuleCleaner, Cleaned> {
    fn clean(&self, texts: &[&str]) -> Result<Vec<Cleaned>> {
        Ok(self.results(texts.iter().copied(), self.stage.clean(texts)?))
    }

    fn name(&self) -> String {
        "Spoiled".to_owned()
    }
}

impl SentenceSplitter for Spoiled<AtStops, Vec<Sentence>> {
    fn split(&self, texts: &[KeptText<'_>]) -> Result<Vec<Vec<Sentence>>> {
        Ok(self.results(texts.iter().map(|text| text.text), self.stage.split(texts)?))
    }

    fn name(&self) -> String {
        "Spoiled".to_owned()
    }
}

impl EntityRecognizer for Spoiled<FirstWords, Recognition> {
    fn recognize(&self, texts: &[SentencedText<'_>], progress: Progress<'_>) -> Result<Vec<Recognition>> {
        Ok(self.results(texts.iter().map(|text| text.text), self.stage.recognize(texts, progress)?))
    }

    fn name(&self) -> String {
        "Spoiled".to_owned()
    }
}

impl Translator for Spoiled<Shout, Translated> {
    fn translate(&self, segments: &[&str], progress: Progress<'_>) -> Result<Vec<Translated>> {
        Ok(self.results(segments.iter().copied(), self.stage.translate(segments, progress)?))
    }

    fn name(&self) -> String {
        "Spoiled".to_owned()
    }
}

impl Summarizer for Spoiled<Lead, Draft> {
    fn summarize(&self, inputs: &[SummaryInput<'_>], progress: Progress<'_>) -> Result<Vec<Draft>> {
        Ok(self.results(inputs.iter().map(|input| input.text), self.stage.summarize(inputs, progress)?))
    }

    fn name(&self) -> String {
        "Spoiled".to_owned()
    }
}

/// How a result is spoiled, words of the rule that it breaks, and of what is found.
type Case<T> = (fn(&str, &mut T), &'static str, &'static str);

fn articles() -> [Article; 3] {
    [
        Article::new("g0", "Budi menanam dua puluh pohon jati. Siti menyiram semua pohon itu."),
        Article::new(
            "bad",
            format!("Rina menjual kopi é {MARK} di pasar. Dewi membeli dua gelas teh manis."),
        ),
        Article::new("g2", "Wati menulis surat untuk ibunya. Adi mengirim surat itu kemarin."),
    ]
}

/// Runs good articles and one that is spoiled, and says what became of the latter. The others must be whole.
fn spoiled(builder: PipelineBuilder) -> Error {
    let pipeline = builder.build().unwrap();
    let mut results = pipeline.run_batch(&articles());
    for (good, article) in [(0, &articles()[0]), (2, &articles()[2])] {
        let document = results[good].as_ref().unwrap();
        assert_eq!(document.article, *article);
        document.validate().unwrap();
        let json = serde_json::to_string(document).unwrap();
        assert_eq!(serde_json::from_str::<Document>(&json).unwrap(), *document);
    }
    match results.swap_remove(1) {
        Err(error) => error,
        Ok(document) => panic!("the result was taken: {document:?}"),
    }
}

/// Expects that `stage` broke a rule with these words in it, and how: `found` is how that begins, with the part that is to blame.
fn expect(builder: PipelineBuilder, stage: Stage, rule: &str, found: &str) {
    let error = spoiled(builder);
    let message = error.to_string();
    assert_eq!(error.article(), Some("bad"), "{message}");
    match error.cause() {
        Error::Contract { stage: of, name, rule: broken, found: how } => {
            assert_eq!((*of, name.as_str()), (stage, "Spoiled"), "{message}");
            assert!(broken.contains(rule) && how.starts_with(found), "{message} is not {rule}: {found}");
        }
        other => panic!("{other:?}"),
    }
    for part in ["article `bad`", &stage.to_string(), rule, found] {
        assert!(message.contains(part), "{message} does not say {part}");
    }
}

/// A span that fits a text of `length` bytes.
fn any(length: usize, start: usize, end: usize) -> Span {
    Span::new(&"x".repeat(length), start, end).unwrap()
}

fn remove(span: Span) -> Removed {
    Removed { span, rule: "rule".to_owned(), reason: "reason".to_owned() }
}

#[test]
fn a_cleaner_is_held_to_its_rules() {
    let (kept, removed, cover) = ("kept parts are ordered", "removed parts are ordered", "cover the text");
    let spans = "spans are byte offsets of the text as it reads";
    let cases: [Case<Cleaned>; 12] = [
        (
            |t, c| {
                c.kept = vec![any(500, 0, 4)];
                c.removed = vec![Removed { rule: " ".to_owned(), ..remove(any(500, 4, t.len())) }];
            },
            "name their rule and its reason",
            "removed[0] does not name its rule",
        ),
        (|_, c| c.kept.push(c.kept[0]), kept, "kept[1] (0..70 \"Rina menjual kopi é RUSA…\") starts"),
        (|_, c| c.kept[0] = any(500, 0, 400), spans, "kept[0]: span 0..400 leaves the text of 70 bytes"),
        (
            |t, c| c.kept[0] = any(500, 0, t.find('é').unwrap() + 1),
            spans,
            "kept[0]: byte 19 lies inside a character",
        ),
        (
            |t, c| c.kept = vec![any(500, 0, 4), any(500, 4, 5), any(500, 5, t.len())],
            kept,
            "kept[1] is blank",
        ),
        (|_, c| c.kept.insert(0, any(9, 0, 0)), kept, "kept[0] is blank"),
        (
            |_, c| c.removed.push(remove(c.kept[0])),
            removed,
            "removed[0] (0..70 \"Rina menjual kopi é RUSA…\") overlaps kept[0] (0..70 \"Rina",
        ),
        (
            |_, c| c.removed = vec![remove(any(9, 5, 6)), remove(any(9, 4, 5))],
            removed,
            "removed[1] (4..5 \" \") starts before the one before it (5..6 \"m\") ends",
        ),
        (|_, c| c.removed.push(remove(any(999, 900, 999))), spans, "removed[0]: span 900..999 leaves"),
        (|_, c| c.kept.clear(), cover, "byte 0 is neither kept nor removed"),
        (|t, c| c.kept = vec![any(500, 5, t.len())], cover, "byte 0 is neither kept nor removed"),
        (|t, c| c.kept = vec![any(500, 0, 5), any(500, 9, t.len())], cover, "byte 5 is neither"),
    ];
    for (spoil, rule, found) in cases {
        let cleaner = Spoiled { stage: RuleCleaner::default(), spoil: Spoil::One(spoil) };
        expect(fakes().cleaner(cleaner), Stage::Clean, rule, found);
    }
}

#[test]
fn a_splitter_is_held_to_its_rules() {
    let (order, cover) = ("sentences are ordered", "each kept character");
    let spans = "spans are byte offsets of the text as it reads";
    let cases: [Case<Vec<Sentence>>; 9] = [
        (|_, s| s.push(s[0]), order, "sentences[2] (0..36 \"Rina menjual kopi é RUSA…\") starts"),
        (|_, s| s.reverse(), order, "sentences[1] (0..36 \"Rina menjual kopi é RUSA…\") starts before the one before it (37..70 \"Dewi membeli dua gelas t…\") ends"),
        (|_, s| s[1].span = any(999, 60, 999), spans, "sentences[1]: span 60..999 leaves the text"),
        (|t, s| s[0].span = any(99, t.find('é').unwrap() + 1, 30), spans, "sentences[0]: byte 19 lies inside a character"),
        (|_, s| s.insert(0, Sentence::new(any(9, 0, 0), 0)), order, "sentences[0] covers nothing"),
        (|_, s| s[0].paragraph = 1, order, "sentences[1] is in paragraph 0, the one before it in 1"),
        (
            |_, s| s[1].span = any(99, s[1].span.start() - 1, s[1].span.end()),
            "white space at its ends",
            "sentences[1] (36..70 \" Dewi membeli dua gelas …\") has white space",
        ),
        (|_, s| s.truncate(1), cover, "byte 37 was kept and lies in no sentence"),
        (|_, s| s[0].span = any(99, 5, s[0].span.end()), cover, "byte 0 was kept and lies in no sentence"),
    ];
    for (spoil, rule, found) in cases {
        let splitter = Spoiled { stage: AtStops, spoil: Spoil::One(spoil) };
        expect(fakes().splitter(splitter), Stage::Sentences, rule, found);
    }
}

#[test]
fn a_splitter_may_not_take_what_was_removed() {
    let cleaner =
        RuleCleaner::default().with(Scope::Inline, "coffee", "no coffee here", "menjual kopi é").unwrap();
    let whole: fn(&str, &mut Vec<Sentence>) = |t, s| *s = vec![Sentence::new(Span::whole(t), 0)];
    let builder = fakes().cleaner(cleaner).splitter(Spoiled { stage: AtStops, spoil: Spoil::One(whole) });
    expect(builder, Stage::Sentences, "no removed one does", "byte 5 was not kept and lies in a sentence");
}

/// Keeps each line by itself.
struct Lines;

impl Cleaner for Lines {
    fn clean(&self, texts: &[&str]) -> Result<Vec<Cleaned>> {
        let kept = |text: &str| -> Vec<Span> {
            let ends = text.match_indices('\n').map(|(at, _)| at + 1).chain([text.len()]);
            let mut start = 0;
            let lines = ends.map(|end| {
                let line = Span::new(text, start, end).unwrap().trimmed(text);
                start = end;
                line
            });
            lines.filter(|line| !line.is_empty()).collect()
        };
        Ok(texts.iter().map(|text| Cleaned::new(kept(text), Vec::new())).collect())
    }
}

#[test]
fn tags_between_kept_parts_of_a_sentence_are_kept_with_it() {
    let whole: fn(&str, &mut Vec<Sentence>) = |t, s| *s = vec![Sentence::new(Span::whole(t).trimmed(t), 0)];
    let splitter = Spoiled { stage: AtStops, spoil: Spoil::One(whole) };
    let article = Article::new("a", format!("Rina menjual {MARK}<br>\n<b>kopi</b> di pasar."));
    let document = fakes().cleaner(Lines).splitter(splitter).build().unwrap().run(&article).unwrap();
    assert_eq!(document.kept.len(), 1);
    assert!(document.removed.is_empty());
}

#[test]
fn a_recognizer_is_held_to_its_rules() {
    let spans = "spans are byte offsets of the text as it reads";
    let (order, inside) = ("mentions are ordered", "each mention lies in the sentence");
    let (score, salience) =
        ("scores of mentions lie from 0 to 1", "salience has one finite score per sentence");
    let cases: [Case<Recognition>; 15] = [
        (
            |_, r| r.mentions.push(r.mentions[0].clone()),
            order,
            "mentions[2] (0..4 \"Rina\" in sentence 0) starts",
        ),
        (|_, r| r.mentions.reverse(), order, "mentions[1] (0..4 \"Rina\" in sentence 0) starts before the one before it (37..41 \"Dewi\" in sentence 1) ends"),
        (|_, r| r.mentions[1].span = any(999, 90, 999), spans, "mentions[1]: span 90..999 leaves the text"),
        (|t, r| r.mentions[0].span = any(99, 0, t.find('é').unwrap() + 1), spans, "mentions[0]: byte 19 lies inside a character"),
        (
            |_, r| r.mentions[1].sentence = 0,
            inside,
            "mentions[1] (37..41 \"Dewi\") refers to sentence 0, which lies elsewhere (0..36 \"Rina",
        ),
        (|_, r| r.mentions[1].sentence = 2, inside, "mentions[1] refers to sentence 2, which is not there: there are 2,"),
        (
            |_, r| {
                r.mentions.truncate(1);
                r.mentions[0].span = any(99, 5, 41);
            },
            inside,
            "mentions[0] (5..41 \"menjual kopi é RUSAK di …\") refers to sentence 0, which lies elsewhere",
        ),
        (|_, r| r.mentions[0].span = any(9, 2, 2), inside, "mentions[0] covers nothing"),
        (|_, r| r.mentions[0].span = any(9, 4, 5), inside, "mentions[0] covers nothing but white space"),
        (|_, r| r.mentions[0].span = any(9, 0, 5), inside, "mentions[0] (0..5 \"Rina \") has white space"),
        (|_, r| r.mentions[1].score = f32::NAN, score, "mentions[1] has the score NaN"),
        (|_, r| r.mentions[1].score = 87.5, score, "mentions[1] has the score 87.5"),
        (
            |_, r| r.mentions[0].value = Some(Value::Percent { percent: f64::NAN }),
            "values are possible ones",
            "mentions[0] has the value NaN%",
        ),
        (|_, r| r.salience = Some(vec![0.5]), salience, "2 sentences have 1 scores"),
        (|_, r| r.salience = Some(vec![0.5, f32::NAN]), salience, "salience[1] is not finite"),
    ];
    for (spoil, rule, found) in cases {
        let recognizer = Spoiled { stage: FirstWords, spoil: Spoil::One(spoil) };
        expect(fakes().recognizer(recognizer), Stage::Entities, rule, found);
    }
}

/// A flag with a span, as only those of an article have one.
fn flag_with_span(text: &str) -> Flag {
    Flag::new(FlagKind::Doubtful, "").at(any(text.len(), 0, 4))
}

#[test]
fn a_translator_is_held_to_its_rules() {
    let cases: [Case<Translated>; 5] = [
        (|_, t| t.text.insert(3, '\n'), "", "has a line break: \"RIN\\nA MENJUAL K…\""),
        (|_, t| t.text.insert(0, ' '), "", "has a blank at its start: \" RINA MENJUA…\""),
        (|_, t| t.text.push('\n'), "", "has a line break: \"…AK DI PASAR.\\n\""),
        (|_, t| t.text.push(' '), "", "has a blank at its end: \"…K DI PASAR. \""),
        (|_, t| t.text.insert(3, '\r'), "", "has a line break: \"RIN\\rA MENJUAL K…\""),
    ];
    for (spoil, _, found) in cases {
        let translator = Spoiled { stage: Shout, spoil: Spoil::One(spoil) };
        let found = format!("that of sentence 0 {found}");
        expect(fakes().translator(translator), Stage::Translate, "English stands on one line", &found);
    }
    let spoil = Spoil::One(|text: &str, t: &mut Translated| t.flags.push(flag_with_span(text)));
    let translator = Spoiled { stage: Shout, spoil };
    let (rule, found) =
        ("are about its sentence, and have no span", "sentence[0] has a flag for the span 0..4;");
    expect(fakes().translator(translator), Stage::Translate, rule, found);
}

#[test]
fn a_summarizer_is_held_to_its_rules() {
    let (chosen, written) =
        ("sentences of a summary are there and ascend", "a written summary stands on one line");
    fn text(text: &str, sentences: Vec<usize>) -> Draft {
        Draft::Abstract { text: text.to_owned(), language: "en".to_owned(), sentences, flags: Vec::new() }
    }
    let cases: [Case<Draft>; 9] = [
        (
            |_, d| {
                let (text, language) = ("Rina sells.".to_owned(), "English".to_owned());
                *d = Draft::Abstract { text, language, sentences: vec![0], flags: Vec::new() };
            },
            "is a code of two letters",
            "language[0] is \"English\", no code of two letters as `en`",
        ),
        (
            |_, d| *d = Draft::Extract(vec![0, 2]),
            chosen,
            "sentences[1] refers to sentence 2, which is not there: there are 2",
        ),
        (
            |_, d| *d = Draft::Extract(vec![1, 0]),
            chosen,
            "sentences[1] is for sentence 0, the one before it for 1",
        ),
        (
            |_, d| *d = Draft::Extract(vec![1, 1]),
            chosen,
            "sentences[1] is for sentence 1, the one before it for 1",
        ),
        (|_, d| *d = text("Rina sells.", vec![7]), chosen, "sentences[0] refers to sentence 7"),
        (|_, d| *d = text("", vec![]), written, "the summary is blank"),
        (
            |_, d| *d = text("Rina sells.\nDewi buys.", vec![0]),
            written,
            "the summary has a line break: \"Rina sells.\\nDewi",
        ),
        (
            |_, d| *d = text("Rina sells. ", vec![0]),
            written,
            "the summary has a blank at its end: \"Rina sells. \"",
        ),
        (
            |article, d| {
                let flags = vec![flag_with_span(article)];
                let language = "en".to_owned();
                *d = Draft::Abstract { text: "Rina sells.".to_owned(), language, sentences: vec![0], flags };
            },
            "are about all of it, and have no span",
            "summary[0] has a flag for the span 0..4;",
        ),
    ];
    for (spoil, rule, found) in cases {
        let summarizer = Spoiled { stage: Lead::default(), spoil: Spoil::One(spoil) };
        expect(fakes().summarizer(summarizer), Stage::Summarize, rule, found);
    }
}

#[test]
fn every_stage_gives_one_result_per_input() {
    fn cases<T>() -> [Spoil<T>; 2] {
        [Spoil::All(|results| drop(results.pop())), Spoil::All(Vec::clear)]
    }
    let rule = "one result per input, in order";
    for spoil in cases() {
        let cleaner = Spoiled { stage: RuleCleaner::default(), spoil };
        expect(fakes().cleaner(cleaner), Stage::Clean, rule, "1 inputs gave 0 results");
    }
    for spoil in cases() {
        expect(
            fakes().splitter(Spoiled { stage: AtStops, spoil }),
            Stage::Sentences,
            rule,
            "1 inputs gave 0",
        );
    }
    for spoil in cases() {
        expect(
            fakes().recognizer(Spoiled { stage: FirstWords, spoil }),
            Stage::Entities,
            rule,
            "1 inputs gave 0",
        );
    }
    for (spoil, found) in cases().into_iter().zip(["2 inputs gave 1 results", "2 inputs gave 0 results"]) {
        expect(fakes().translator(Spoiled { stage: Shout, spoil }), Stage::Translate, rule, found);
    }
    for spoil in cases() {
        let summarizer = Spoiled { stage: Lead::default(), spoil };
        expect(fakes().summarizer(summarizer), Stage::Summarize, rule, "1 inputs gave 0 results");
    }
    let more =
        Spoil::All(|results: &mut Vec<Translated>| results.push(Translated::new("Too much.", Stop::End)));
    expect(
        fakes().translator(Spoiled { stage: Shout, spoil: more }),
        Stage::Translate,
        rule,
        "2 inputs gave 3",
    );
}

type SpoilAll = fn(&mut Vec<Recognition>);

/// Is right for one article, and spoils the results of several.
struct RightAlone {
    spoil: SpoilAll,
}

impl EntityRecognizer for RightAlone {
    fn recognize(&self, texts: &[SentencedText<'_>], progress: Progress<'_>) -> Result<Vec<Recognition>> {
        let mut results = FirstWords.recognize(texts, progress)?;
        if texts.len() > 1 {
            (self.spoil)(&mut results);
        }
        Ok(results)
    }
}

#[test]
fn a_stage_that_is_right_for_single_articles_only_is_told() {
    let cases: [(SpoilAll, &str); 3] = [
        (Vec::clear, "3 inputs gave 0 results"),
        (|results| results.truncate(1), "3 inputs gave 1 results"),
        // Counts the sentences of all articles through.
        (|results| results[1].mentions[0].sentence = 2, "mentions[0] refers to sentence 2"),
    ];
    for (spoil, found) in cases {
        let pipeline = fakes().recognizer(RightAlone { spoil }).build().unwrap();
        pipeline.run(&articles()[1]).unwrap();
        let results = pipeline.run_batch(&articles());
        for (result, article) in results.into_iter().zip(articles()) {
            let error = result.unwrap_err();
            assert_eq!(error.article(), Some(article.id.as_str()), "{error}");
            match error.cause() {
                Error::Contract { stage: Stage::Entities, found: how, .. } => {
                    assert!(how.starts_with(found) && how.contains("only in a batch"), "{how}");
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn an_article_that_breaks_another_rule_explains_no_broken_batch() {
    let spoil = |results: &mut Vec<Recognition>| drop(results.pop());
    let recognizer = RightAlone { spoil };
    let limit: fn(&str, &mut Translated) = |_, t| t.text.push(' ');
    let translator = Spoiled { stage: Shout, spoil: Spoil::One(limit) };
    let pipeline = fakes().recognizer(recognizer).translator(translator).build().unwrap();
    let stages: Vec<Stage> = pipeline
        .run_batch(&articles())
        .into_iter()
        .map(|result| match result.unwrap_err().cause() {
            Error::Contract { stage, .. } => *stage,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(stages, [Stage::Entities, Stage::Translate, Stage::Entities]);
}

#[test]
fn what_keeps_the_rules_is_taken() {
    let pipeline = fakes()
        .recognizer(Spoiled {
            stage: FirstWords,
            spoil: Spoil::One(|_, r: &mut Recognition| {
                r.mentions[0].score = 1.0;
                r.salience = Some(vec![-3.5, 0.0]);
            }),
        })
        .translator(Spoiled { stage: Shout, spoil: Spoil::One(|_, t| *t = Translated::new("", Stop::Limit)) })
        .summarizer(Spoiled { stage: Lead::default(), spoil: Spoil::One(|_, d| *d = Draft::Extract(vec![])) })
        .build()
        .unwrap();
    for result in pipeline.run_batch(&articles()) {
        result.unwrap().validate().unwrap();
    }
}

/// Finds the name in the first sentence only.
struct Once {
    repeats: bool,
}

impl EntityRecognizer for Once {
    fn recognize(&self, texts: &[SentencedText<'_>], _: Progress<'_>) -> Result<Vec<Recognition>> {
        let first = |text: &SentencedText<'_>| -> Result<Recognition> {
            let span = text.sentences[0].span.inner(text.text, 0, "Ambon Lama".len())?;
            Ok(Recognition::new(vec![Mention::new(span, Label::Loc, 0.9, 0)]))
        };
        texts.iter().map(first).collect()
    }

    fn repeats_names(&self) -> bool {
        self.repeats
    }
}

#[test]
fn names_are_repeated_only_where_the_recognizer_wants_that() {
    let article = Article::new("a", "Ambon Lama ramai. Kapal tiba di Ambon Lama dari Rusia.");
    let found = |repeats, allowed| {
        let options = Options::default().with_repeat_names(allowed);
        let pipeline = Pipeline::builder()
            .splitter(AtStops)
            .recognizer(Once { repeats })
            .options(options)
            .build()
            .unwrap();
        let document = pipeline.run(&article).unwrap();
        document.entities.iter().map(|entity| document.text(entity.span).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found(true, true), ["Ambon Lama", "Ambon Lama", "Rusia"]);
    assert_eq!(found(false, true), ["Ambon Lama"]);
    assert_eq!(found(true, false), ["Ambon Lama"]);
}

#[test]
fn provenance_says_what_each_stage_ran_with() {
    let cleaner = RuleCleaner::default()
        .without("dateline")
        .unwrap()
        .with(Scope::Line, "weather", "the weather", "Cuaca: .*")
        .unwrap();
    let splitter: Box<dyn SentenceSplitter + Send> = Box::new(AtStops);
    let pipeline = fakes().cleaner(cleaner).splitter(splitter).build().unwrap();
    let document = pipeline.run(&articles()[0]).unwrap();
    let stages = &document.provenance.stages;
    let names: Vec<(Stage, &str)> = stages.iter().map(|stage| (stage.stage, stage.name.as_str())).collect();
    assert_eq!(
        names,
        [
            (Stage::Clean, "RuleCleaner"),
            (Stage::Sentences, "AtStops"),
            (Stage::Entities, "FirstWords"),
            (Stage::Summarize, "Lead"),
            (Stage::Translate, "Shout"),
        ]
    );
    assert_eq!(stages[0].options["without"][0], "dateline");
    assert_eq!(stages[0].options["with"][0]["pattern"], "Cuaca: .*");
    assert!(stages[1].options.is_null());
    assert_eq!(stages[3].options["max_sentences"], 4);
    assert_eq!(document.provenance.options["batch_articles"], 8);
    assert_eq!(document.provenance.models().count(), 0);
}

/// Says of itself what it is told to, and does no work.
#[derive(Clone)]
struct Called {
    name: &'static str,
    model: Option<ModelRef>,
}

impl Translator for Called {
    fn translate(&self, _: &[&str], _: Progress<'_>) -> Result<Vec<Translated>> {
        panic!("nothing is begun that could not be recorded")
    }

    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn model(&self) -> Option<ModelRef> {
        self.model.clone()
    }
}

impl Cleaner for Called {
    fn clean(&self, texts: &[&str]) -> Result<Vec<Cleaned>> {
        Ok(texts.iter().map(|text| Cleaned::whole(text)).collect())
    }

    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn model(&self) -> Option<ModelRef> {
        self.model.clone()
    }
}

#[test]
fn a_stage_says_what_can_be_recorded() {
    let sum = "0123456789abcdef".repeat(4);
    let model = |id: &str, license: &str, sha256: &str| Some(ModelRef::new(id, license, sha256));
    let cases = [
        ("", None, "has a name", "the name is blank"),
        (" \n", None, "has a name", "the name is blank"),
        ("Called", model("", "MIT", &sum), "names its model", "the id of its model is blank"),
        ("Called", model("m", " ", &sum), "names its model", "the licence of model `m` is blank"),
        (
            "Called",
            model("m", "MIT", "not a checksum"),
            "64 hexadecimal",
            "that of model `m` is \"not a checksum\"",
        ),
        (
            "Called",
            model("m", "MIT", &sum[1..]),
            "64 hexadecimal",
            "that of model `m` is \"123456789abcdef012345678…\"",
        ),
    ];
    for (name, model, rule, found) in cases {
        let called = Called { name, model };
        let builders =
            [(Stage::Translate, fakes().translator(called.clone())), (Stage::Clean, fakes().cleaner(called))];
        for (stage, builder) in builders {
            for result in builder.build().unwrap().run_batch(&articles()) {
                match result.unwrap_err().cause() {
                    Error::Contract { stage: of, name: by, rule: broken, found: how } => {
                        assert_eq!((*of, by.as_str()), (stage, name));
                        assert!(broken.contains(rule) && how == found, "{broken}: {how}");
                    }
                    other => panic!("{other:?}"),
                }
            }
        }
    }
    // A model behind a server may have no checksum, and a licence need not be known.
    for sha256 in ["", &sum, &sum.to_uppercase()] {
        let cleaner = Called { name: "Called", model: model("m", "unknown", sha256) };
        let document = fakes().cleaner(cleaner).build().unwrap().run(&articles()[0]).unwrap();
        assert_eq!(document.provenance.models().next().unwrap().sha256, sha256);
    }
}

#[test]
fn a_document_with_a_span_that_ends_before_it_starts_is_refused() {
    let document = fakes().build().unwrap().run(&articles()[0]).unwrap();
    let mut json = serde_json::to_value(document).unwrap();
    json["entities"][0]["span"] = serde_json::json!({ "start": 4, "end": 0 });
    let error = serde_json::from_value::<Document>(json).unwrap_err().to_string();
    assert!(error.contains("4..0 ends before it starts"), "{error}");
}

/// A cleaner that has an error of its own at a text with [`MARK`].
struct Fails(Failing);

type Failing = fn(&str) -> Error;

impl Cleaner for Fails {
    fn clean(&self, texts: &[&str]) -> Result<Vec<Cleaned>> {
        let whole = |text: &&str| match text.contains(MARK) {
            true => Err((self.0)(text)),
            false => Ok(Cleaned::whole(text)),
        };
        texts.iter().map(whole).collect()
    }
}

#[test]
fn an_error_of_a_stage_has_the_stage_and_the_article() {
    let cases: [(Failing, &str); 4] = [
        (|_| Error::stage("the server does not answer; start it"), "the server does not answer; start it"),
        (|text| Span::new(text, 5, 4).unwrap_err().into(), "span 5..4 ends before it starts; take offsets"),
        (|_| Error::io("names.txt", std::io::Error::other("disk on fire")), "names.txt: disk on fire"),
        (|_| Error::config("no names", "give some"), "configuration: no names; give some"),
    ];
    for (fails, says) in cases {
        let error = spoiled(fakes().cleaner(Fails(fails)));
        let message = error.to_string();
        assert!(
            message.starts_with(&format!("article `bad`: cleaning by `Fails` failed: {says}")),
            "{message}"
        );
        assert!(matches!(error.cause(), Error::Stage { stage: Stage::Clean, .. }), "{error:?}");
    }
}

#[test]
fn an_error_of_a_stage_is_that_of_the_article_that_was_handed_in() {
    let cases: [(Failing, &str); 3] = [
        (|_| Error::unusable("mine", "it is a table; hand in a story"), "it is a table; hand in a story"),
        (
            |_| Error::stage("no answer; wait").of_article("mine"),
            "cleaning by `Fails` failed: no answer; wait",
        ),
        (|_| Error::Input { message: "it is a table".to_owned() }, "it is a table"),
    ];
    for (fails, says) in cases {
        assert_eq!(spoiled(fakes().cleaner(Fails(fails))).to_string(), format!("article `bad`: {says}"));
    }
}
