//! The confidence in the English, from a translator to the document, with a translator of a few sentences.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)] // helpers of tests fail as tests do

use intisari::document::{Document, FlagKind, Label};
use intisari::ner::{EntityRecognizer, Recognition, SentencedText};
use intisari::pipeline::{Options, TranslationScope};
use intisari::sentence::RuleSplitter;
use intisari::summarize::{Budget, Salience};
use intisari::translate::{check, Likelihood, Stop, Translated, Translator};
use intisari::{Article, Pipeline, Progress, Result, Stage};

const SENTENCES: [(&str, &str, f32); 3] = [
    (
        "Nelayan di desa Tolo memperbaiki perahu mereka.",
        "Fishermen in the village of Tolo repaired their boats.",
        -0.1,
    ),
    // Everything is wrong with it, and the model guessed.
    (
        "Wali kota tidak mengizinkan warga menebang pohon bakau.",
        "The elephant of Paris (CNN) praised the soup and praised the soup in 1997.",
        -3.5,
    ),
    ("Warga menanam pohon bakau di tepi pantai.", "Residents planted mangrove trees on the coast.", -0.1),
];

/// Knows [`SENTENCES`], and how likely it found each, if it is to tell.
struct Phrasebook {
    tells: bool,
}

impl Translator for Phrasebook {
    fn translate(&self, segments: &[&str], _: Progress<'_>) -> Result<Vec<Translated>> {
        let translate = |segment: &&str| {
            let (_, english, likely) = SENTENCES.iter().find(|(source, ..)| source == segment).unwrap();
            let likelihood = Likelihood::of([*likely; 9]).unwrap().filter(|_| self.tells);
            Translated::new(*english, Stop::End).with_likelihood(likelihood)
        };
        Ok(segments.iter().map(translate).collect())
    }
}

/// Finds no names, and the second sentence a little more salient than the others.
struct Scores;

impl EntityRecognizer for Scores {
    fn recognize(&self, texts: &[SentencedText<'_>], _: Progress<'_>) -> Result<Vec<Recognition>> {
        let scores = vec![0.0, 0.91, 0.9];
        Ok(texts.iter().map(|_| Recognition::new(Vec::new()).with_salience(scores.clone())).collect())
    }
}

fn digest(tells: bool, scope: TranslationScope) -> (Document, Vec<Stage>) {
    let mut options = Options::default();
    options.translate = scope;
    let budget = Budget { max_sentences: 1, ..Budget::default() };
    let pipeline = Pipeline::builder()
        .splitter(RuleSplitter::default())
        .recognizer(Scores)
        .translator(Phrasebook { tells })
        .summarizer(Salience { budget })
        .options(options)
        .build()
        .unwrap();
    let text = SENTENCES.map(|(source, ..)| source).join(" ");
    (pipeline.run(&Article::new("a", text)).unwrap(), pipeline.stages())
}

fn is_doubtful(document: &Document, sentence: usize) -> bool {
    document.translation[sentence].flags.iter().any(|flag| flag.kind == FlagKind::Doubtful)
}

#[test]
fn what_is_wrong_and_was_guessed_is_doubtful() {
    let (document, _) = digest(true, TranslationScope::All);
    let confidence: Vec<f32> =
        document.translation.iter().map(|segment| segment.confidence.unwrap()).collect();
    assert!(confidence[1] < 0.5 && confidence[0] > confidence[1] + 0.3, "{confidence:?}");
    assert!(is_doubtful(&document, 1) && !is_doubtful(&document, 0) && !is_doubtful(&document, 2));
    let whole = document.confidence.unwrap();
    assert!(confidence[1] < whole && whole < confidence[0], "{whole} {confidence:?}");
    let again: Document = serde_json::from_str(&serde_json::to_string(&document).unwrap()).unwrap();
    assert_eq!(again, document);
}

#[test]
fn a_translator_that_tells_nothing_gets_no_confidence() {
    let (document, _) = digest(false, TranslationScope::All);
    assert_eq!(document.confidence, None);
    assert!(document.translation.iter().all(|segment| segment.confidence.is_none()));
    assert!(!document.translation[1].flags.is_empty(), "the checks need no likelihood");
}

#[test]
fn a_summary_prefers_what_can_be_trusted() {
    let (document, stages) = digest(true, TranslationScope::All);
    assert_eq!(document.summary.unwrap().sentences, [2]);
    assert!(
        stages.iter().position(|s| *s == Stage::Translate)
            < stages.iter().position(|s| *s == Stage::Summarize)
    );
    // Nothing is known of the English when the sentences are chosen; then the summary says that it is doubtful.
    let (document, stages) = digest(true, TranslationScope::Summary);
    let summary = document.summary.unwrap();
    assert_eq!(summary.sentences, [1]);
    assert!(summary.flags.iter().any(|flag| flag.kind == FlagKind::Doubtful));
    assert!(
        stages.iter().position(|s| *s == Stage::Summarize)
            < stages.iter().position(|s| *s == Stage::Translate)
    );
}

#[test]
fn flags_name_what_they_are_about() {
    use FlagKind::{
        BracketAdded, IndonesianLeft, MeaningMissing, NameAdded, NameRepeated, NumberAdded, Repetition,
    };
    for (source, english, expected) in [
        ("Warga tidak pulang.", "Residents went home.", (MeaningMissing, "tidak")),
        ("Harga cabai naik tajam.", "The price of chili fell sharply.", (MeaningMissing, "naik")),
        (
            "Kapal itu berlayar ke barat daya.",
            "The ship sailed to the southeast.",
            (MeaningMissing, "barat daya"),
        ),
        ("Ia saudara tiri Sari.", "He is Sari's brother.", (MeaningMissing, "tiri")),
        ("Calon bupati itu hadir.", "The deputy regent was present.", (MeaningMissing, "Calon")),
        ("Terdakwa diperiksa.", "The witness was examined.", (MeaningMissing, "Terdakwa")),
        ("Timnya kalah telak.", "His team won clearly.", (MeaningMissing, "kalah")),
        ("Petani itu pulang.", "The farmer went home in 1998.", (NumberAdded, "1998")),
        ("Petani itu pulang.", "The farmer went home to Paris.", (NameAdded, "Paris")),
        ("Petani itu pulang.", "The farmer of the FBI went home.", (NameAdded, "FBI")),
        ("Skor akhir masih sama.", "The final score was 3-1.", (NumberAdded, "3")),
        ("Sari tiba di Ambon.", "Sari arrived in Ambon with Budi and Sari.", (NameRepeated, "Sari")),
        (
            "Petugas KPK tiba.",
            "Officers of the KPK (the salt office) arrived.",
            (BracketAdded, "the salt office"),
        ),
        ("Petani memperbaiki jembatan.", "Farmers repaired the jembatan.", (IndonesianLeft, "jembatan")),
        (
            "Kepala Dinas Sosial tiba.",
            "The head of the Dinas of Social Affairs arrived.",
            (IndonesianLeft, "Dinas"),
        ),
        (
            "Petani memperbaiki jembatan kayu.",
            "Farmers repaired the wooden bridge and the wooden bridge of farmers.",
            (Repetition, "the wooden bridge"),
        ),
    ] {
        let flags = check(source, &Translated::new(english, Stop::End), &[]);
        let found: Vec<_> = flags.iter().map(|flag| (flag.kind, flag.detail.as_str())).collect();
        assert!(found.contains(&expected), "{english}: {found:?}");
    }
}

#[test]
fn good_english_has_no_flags() {
    for (source, english, names) in [
        (
            "Gubernur Jawa Timur Sari Wijaya tidak menghadiri rapat di Surabaya, Senin (3/3/2025).",
            "East Java Governor Sari Wijaya did not attend the meeting in Surabaya on Monday (3 March 2025).",
            vec![("Jawa Timur", Label::Loc), ("Sari Wijaya", Label::Per), ("Surabaya", Label::Loc)],
        ),
        (
            "Tim putri Jepang menang 2-1 atas Prancis pada babak perempat final.",
            "Japan's women's team beat France 2-1 in the quarter-finals.",
            vec![("Jepang", Label::Loc), ("Prancis", Label::Loc)],
        ),
        (
            "Terdakwa mengaku tidak mengetahui asal uang Rp 2,5 miliar itu.",
            "The defendant admitted that he did not know where the Rp 2.5 billion came from.",
            vec![],
        ),
        (
            "Harga minyak turun setelah Amerika Serikat menaikkan produksi pada kuartal III.",
            "Oil prices fell after the U.S. increased production in the third quarter.",
            vec![("Amerika Serikat", Label::Loc)],
        ),
        (
            "Ketiga anaknya selamat, sedangkan ibu tirinya tewas tertimbun longsor.",
            "Her three children survived, while their stepmother was killed in the landslide.",
            vec![],
        ),
        ("Menteri Kesehatan menolak berkomentar.", "The Minister of Health declined to comment.", vec![]),
    ] {
        let flags = check(source, &Translated::new(english, Stop::End), &names);
        assert_eq!(flags, [], "{english}");
    }
}
