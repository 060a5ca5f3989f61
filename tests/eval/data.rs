//! Readers on the sets that `INTISARI_DATA` points to; without it these tests say so and pass.

use std::path::PathBuf;

use intisari::eval::formats::{
    read_articles, read_conll, read_json_lines, read_parallel, ArticleFields, Columns, OnBad,
};
use intisari::eval::TagScheme;

fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("INTISARI_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: set INTISARI_DATA to the folder of the data sets");
    }
    folder
}

#[test]
fn reads_every_tagged_set() {
    let Some(data) = data() else { return };
    let sets = [
        ("idner2k", 385),
        ("nerui", 340),
        ("nerugm", 363),
        ("nerp", 659),
        ("nergrit", 209),
        ("wikigold", 681),
    ];
    for (name, sentences) in sets {
        let path = data.join("ner").join(name).join("test.tsv");
        let set = read_conll(&path, &Columns::default(), OnBad::Fail).unwrap();
        assert_eq!(set.items.len(), sentences, "{name}");
        let detected = TagScheme::detect(&set.items, |sentence| &sentence.tags).unwrap();
        assert_eq!(detected.scheme, TagScheme::Iob2, "{name}");
        assert_eq!(set.in_scheme(TagScheme::Iob2, OnBad::Fail).unwrap().items.len(), sentences, "{name}");
    }
}

#[test]
fn reads_articles_with_their_entities() {
    let Some(data) = data() else { return };
    let path = data.join("ner").join("articles").join("test.jsonl");
    let set = read_articles(&path, &ArticleFields::default(), OnBad::Fail).unwrap();
    let set = set.located(OnBad::Fail).unwrap();
    assert_eq!(set.items.len(), 75);
    for (article, spans) in &set.items {
        assert_eq!(spans.len(), article.marks.len());
    }
}

#[test]
fn reads_parallel_and_summary_sets() {
    let Some(data) = data() else { return };
    let mt = data.join("mt").join("eval");
    let flores = [mt.join("flores200-devtest.id"), mt.join("flores200-devtest.en")];
    assert_eq!(read_parallel(&flores, OnBad::Fail).unwrap().items.len(), 1012);
    let path = data.join("summarization").join("indosum.jsonl");
    let set = read_json_lines(&path, &["id", "text", "summary"], OnBad::Fail).unwrap();
    assert_eq!(set.items.len(), 2771);
    assert!(set.items.iter().all(|record| record.text("summary").is_some_and(|text| !text.is_empty())));
}
