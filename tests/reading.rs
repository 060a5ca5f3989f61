//! Articles with codes and tags of HTML, characters that cannot be seen, and hard-wrapped lines, through the pipeline: stages
//! read what is meant, spans lie in the article as it came. All texts are written for these tests.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // helpers of tests fail as tests do

use intisari::clean::RuleCleaner;
use intisari::document::{Document, FlagKind, Unit};
use intisari::ner::RuleRecognizer;
use intisari::output::{conll, json};
use intisari::sentence::RuleSplitter;
use intisari::{Article, Pipeline};

fn digest(text: &str) -> Document {
    let pipeline = Pipeline::builder()
        .cleaner(RuleCleaner::default())
        .splitter(RuleSplitter::default())
        .recognizer(RuleRecognizer)
        .build()
        .unwrap();
    let document = pipeline.run(&Article::new("a", text)).unwrap();
    document.validate().unwrap();
    assert_eq!(document.article.text, text);
    document
}

/// The sentences as they stand in the article.
fn sentences(document: &Document) -> Vec<&str> {
    document.sentences.iter().map(|sentence| document.text(sentence.span)).collect()
}

/// The sentences as they read.
fn read(text: &str) -> Vec<String> {
    let document = digest(text);
    let reading = intisari::reading::Reading::of(&document.article.text);
    let places = document.sentences.iter().map(|sentence| reading.place(sentence.span).of(reading.text()));
    places.map(|place| place.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn codes_are_read_as_what_they_stand_for() {
    let text = "Ambon - Kios &amp; gudang dibuka, Senin (12/5/2025).\n&quot;Kami siap,&quot; kata Siti.&nbsp;Harganya Rp&nbsp;15.000.";
    let document = digest(text);
    assert_eq!(
        sentences(&document),
        [
            "Kios &amp; gudang dibuka, Senin (12/5/2025).",
            "&quot;Kami siap,&quot; kata Siti.",
            "Harganya Rp&nbsp;15.000."
        ]
    );
    let entities: Vec<&str> = document.entities.iter().map(|entity| document.text(entity.span)).collect();
    assert_eq!(entities, ["Senin (12/5/2025)", "Rp&nbsp;15.000"]);
    assert_eq!(
        document.cleaned_text(),
        "Kios & gudang dibuka, Senin (12/5/2025).\n\"Kami siap,\" kata Siti. Harganya Rp\u{a0}15.000."
    );
    assert!(conll(&document).contains("&\tO\ngudang\tO"), "{}", conll(&document));
}

#[test]
fn tags_are_passed_over() {
    let text = "<p style=\"x\"><strong>Ambon, Kabar Maluku</strong> - Kios itu <b>dibuka</b>.</p>\r\n<p>Warga senang.<br />Pedagang \
                juga.</p>";
    let document = digest(text);
    assert_eq!(sentences(&document), ["Kios itu <b>dibuka</b>.", "Warga senang.", "Pedagang juga."]);
    assert_eq!(document.cleaned_text(), "Kios itu dibuka.\nWarga senang.\nPedagang juga.");
    assert_eq!(document.flags[0].kind, FlagKind::Html);
    let rules: Vec<&str> = document.removed.iter().map(|removed| removed.rule.as_str()).collect();
    assert!(rules.contains(&"markup") && rules.contains(&"dateline"), "{rules:?}");
    let value = json(&document, Unit::Bytes);
    assert_eq!(serde_json::from_value::<Document>(value).unwrap(), document);
}

#[test]
fn what_cannot_be_seen_changes_nothing() {
    let seen = "Kios dibuka. Siti membawa 84 kursi pada 2024. Pelabuhan Tolasiwa ramai.";
    let hidden = "\u{feff}Kios dibuka.\u{200b} Siti mem\u{ad}bawa\u{200c} 84 kur\u{ad}si pada 2024.\u{feff} Pela\u{ad}buhan Tola\u{200b}siwa \
                  ra\u{2060}mai.";
    assert_eq!(read(hidden), read(seen));
    let values =
        |text: &str| -> Vec<_> { digest(text).entities.into_iter().map(|entity| entity.value).collect() };
    assert_eq!(values(hidden), values(seen));
    assert_eq!(
        read("Kios dibuka.\u{200b}Warga senang.\u{2028}Kapal tiba.\u{2029}Hujan reda."),
        ["Kios dibuka.", "Warga senang.", "Kapal tiba.", "Hujan reda."]
    );
}

#[test]
fn wrapped_text_is_split_like_unwrapped_text() {
    let paragraphs = [
        "Camat Siti Aminah membuka kios sayur di Pasar Melati pada Rabu sore. Ia berkata 60 kios sudah disewa dan sisanya diundi \
         bulan depan. Pedagang dari Kampung Ujung mendapat 12 kios. Menurut Kepala Dinas Pasar Budi Santoso, sewa kios hanya Rp \
         175.000 per bulan.",
        "Pasar itu buka pukul 05.00 Wita sampai 18.00 Wita. Anak-anak sekolah ikut menari saat pembukaan.",
    ];
    let unwrapped = paragraphs.join("\n\n");
    for width in 34..80 {
        let wrapped = paragraphs.map(|paragraph| wrap(paragraph, width)).join("\n\n");
        assert_eq!(read(&wrapped), read(&unwrapped), "{width}");
        let document = digest(&wrapped);
        assert!(
            document.entities.iter().any(|entity| document.text(entity.span).ends_with("175.000")),
            "{width}"
        );
        assert_eq!(document.sentences.last().unwrap().paragraph, 1, "{width}");
    }
}

/// Breaks a paragraph before each word that does not fit.
fn wrap(paragraph: &str, width: usize) -> String {
    let mut wrapped = String::new();
    let mut column = 0;
    for word in paragraph.split(' ') {
        if column > 0 && column + 1 + word.len() > width {
            wrapped.push('\n');
            column = 0;
        } else if column > 0 {
            wrapped.push(' ');
            column += 1;
        }
        wrapped.push_str(word);
        column += word.len();
    }
    wrapped
}
