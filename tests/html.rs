//! The page: all that a document holds is on it, and nothing of it can be anything but text.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)] // helpers of tests fail as tests do

mod common;

use common::example;
use intisari::document::{
    Article, Document, Entity, Flag, FlagKind, Label, Removed, Segment, Sentence, Span, Summary,
};
use intisari::output::{html, Form, Page};
use proptest::prelude::*;

fn example_page() -> String {
    html(&[example::document()])
}

/// The page without its tags, white space as it is shown.
fn shown(page: &str) -> String {
    let body = page.split("<body>").nth(1).unwrap().split("<script>").next().unwrap();
    let mut text = String::new();
    for part in body.split('<') {
        text += part.split_once('>').map_or(part, |(_, text)| text);
    }
    let text = text.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'");
    text.replace("&#38;", "&").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The element with this id, up to the next one.
fn part<'a>(page: &'a str, id: &str) -> &'a str {
    let start = page.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("{id} is missing"));
    let rest = &page[start + 4..];
    &rest[..rest.find(" id=\"").unwrap_or(rest.len())]
}

#[test]
fn a_page_without_articles_says_so() {
    let page = html(&[]);
    assert_eq!(shown(&page), "No article was in the input.");
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    // A page to paste an article into waits for one.
    let page = Page::with_form(Form::default());
    assert!(!shown(&(page.start() + &page.end())).contains("No article"));
}

#[test]
fn a_sentence_of_the_summary_leads_to_where_it_came_from() {
    let page = example_page();
    let summary = part(&page, "a1-summary");
    assert!(summary.contains("href=\"#a1-s3\""), "{summary}");
    assert!(summary.contains("was due to be finished in 11 months.<sup>3</sup></a>"), "{summary}");
    let source = part(&page, "a1-s3");
    assert!(
        source.contains("ditargetkan selesai dalam") && source.contains("was due to be finished"),
        "{source}"
    );
}

#[test]
fn a_summary_that_was_written_anew_names_the_sentences_it_was_written_from() {
    let mut document = example::document();
    let summary = document.summary.as_mut().unwrap();
    summary.text = "A bridge is being built.".to_owned();
    summary.sentences = vec![0, 4];
    summary.flags = vec![Flag::new(FlagKind::NameAdded, "Bridge")];
    let page = html(&[document]);
    let summary = part(&page, "a1-summary");
    assert!(summary.contains(">A bridge is being built.<"), "{summary}");
    assert!(summary.contains("href=\"#a1-s5\">5</a>") && summary.contains("name added: Bridge"), "{summary}");
}

#[test]
fn names_are_grouped_and_values_are_in_words() {
    let page = example_page();
    let text = shown(&page);
    for expected in [
        "Yulius Mambang also Yulius 4 mentions, in 3, 4, 5, 14 · 98–99% sure",
        "Rp 38,5 miliar IDR 38,500,000,000 in 3",
        "Senin (14/7/2025) 14 July 2025 in 1",
        "240 meter 240 m in 1",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let groups: Vec<&str> =
        page.split("class=\"mention ").skip(1).map(|rest| rest.split('"').nth(2).unwrap()).collect();
    assert_eq!(groups.len(), example::document().entities.len());
    assert!(
        groups.iter().all(|group| page.contains(&format!("id=\"{}\"", &group[1..]))),
        "links lead somewhere"
    );
    assert!(page.contains("class=\"mention ORG unsure\""), "Walhi has a low score");
}

#[test]
fn flags_stand_beside_what_they_are_about() {
    let mut document = example::document();
    document.flags.push(Flag::new(FlagKind::NotIndonesian, "looks like Malay"));
    document.translation[8].flags = vec![Flag::new(FlagKind::NumberMissing, "64")];
    document.translation[1].flags = vec![Flag::new(FlagKind::NameMissing, "Kota")];
    let page = html(&[document]);
    assert!(part(&page, "a1-s9").contains("<li>number missing: 64</li>"));
    let summary = part(&page, "a1-summary");
    assert!(summary.contains("name missing: Kota <a class=\"from\" href=\"#a1-s2\">"), "{summary}");
    assert!(part(&page, "a1-title").contains("<li>not indonesian: looks like Malay</li>"));
}

#[test]
fn what_was_removed_is_there_with_its_rule() {
    let page = example_page();
    let removed: Vec<&str> = page.split("<details class=\"removed\">").skip(1).collect();
    assert_eq!(removed.len(), example::document().removed.len());
    assert!(removed[0].contains("<strong>dateline</strong>") && removed[0].contains("Palangka Raya -"));
}

/// Nothing of an article may be missing on its page, whatever the stages found.
#[test]
fn every_word_of_the_article_is_on_the_page() {
    let bare = Document::new(Article::new("a", example::ARTICLE));
    for document in [bare, example::document()] {
        let text = shown(&html(&[document]));
        for word in example::ARTICLE.split_whitespace() {
            assert!(text.contains(word), "{word}");
        }
    }
}

#[test]
fn a_hostile_article_is_text() {
    let document = example::stages().build().unwrap().run(&example::hostile()).unwrap();
    let page = html(&[document]);
    // The page's own tags; what begins otherwise came from the article.
    let known = [
        "!doctype",
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "article",
        "header",
        "h1",
        "h2",
        "h3",
        "p",
        "a",
        "bdi",
        "time",
        "section",
        "sup",
        "ul",
        "li",
        "span",
        "div",
        "details",
        "summary",
        "strong",
        "blockquote",
        "del",
        "footer",
        "aside",
        "script",
    ];
    for tag in page.split('<').skip(1) {
        let name = tag.trim_start_matches('/').split([' ', '>', '\n']).next().unwrap();
        assert!(known.contains(&name), "<{}", &tag[..tag.len().min(60)]);
    }
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("<style").count(), 1);
    assert!(!page.contains("href=\"javascript"), "only addresses of the web are links");
    assert!(!page.contains(['\0', '\u{202e}']));
    let text = shown(&page);
    // Tags are passed over by the stages; what they leave is text, and the flag that tells of them names them as text.
    assert!(text.contains("Budi \"> tiba di Bogor") && text.contains("found <script"), "{text}");
    assert!(text.contains("${7*7} {{7*7}}") && text.contains("&lt;i&gt; &#0; akhir."), "{text}");
}

#[test]
fn only_addresses_of_the_web_are_links() {
    for (source, links) in [
        ("https://contoh.id/berita?a=1&b=2", true),
        ("http://contoh.id", true),
        ("contoh.id", false),
        ("javascript:alert(1)", false),
        (" https://contoh.id", false),
        ("data:text/html,hai", false),
    ] {
        let page = html(&[Document::new(Article::new("a", "Hujan.").with_source(source))]);
        assert_eq!(part(&page, "a1-title").contains("<a href="), links, "{source}");
    }
}

#[test]
fn several_articles_have_an_index() {
    let mut page = Page::new();
    let mut whole = page.start();
    whole += &page.article(&example::document());
    whole += &page.failure("berita.jsonl:2", "no string in field `text`");
    whole += &page.article(&Document::new(Article::new("tiga", "Hujan turun di Bogor.")));
    whole += &page.end();
    let index = whole.split("<nav").nth(1).unwrap();
    assert!(index.contains("<h1>3 articles</h1>"), "{index}");
    assert!(
        index.contains("<a href=\"#a2\">berita.jsonl:2</a> <span class=\"error\">failed</span>"),
        "{index}"
    );
    assert!(index.contains(">Hujan turun di Bogor.<"), "{index}");
    assert!(
        whole.contains("Not digested: no string in field `text`")
            || whole.contains("Not digested: no string")
    );
    assert!(!example_page().contains("<nav"), "one article needs no index");
}

#[test]
fn a_form_comes_back_as_it_was_sent() {
    let form = Form {
        title: "\"judul\"".to_owned(),
        date: "2025-07-14".to_owned(),
        text: "</textarea><script>".to_owned(),
        error: Some("`text` is too long".to_owned()),
    };
    let page = Page::with_form(form);
    let start = page.start();
    assert!(start.contains("\n&#60;/textarea&#62;&#60;script&#62;</textarea>"), "{start}");
    assert!(start.contains("value=\"&#34;judul&#34;\"") && start.contains("role=\"alert\">"), "{start}");
    assert!(start.contains("form-action 'self'") && !Page::new().start().contains("form-action 'self'"));
}

proptest! {
    /// Documents that no stage of ours would make, but other stages may: the page is made, and whole.
    #[test]
    fn any_document_makes_a_page(text in "\\PC{0,80}", cuts in prop::collection::vec(0_usize..80, 8), score in -1.0_f32..2.0) {
        let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let mut borders: Vec<usize> = cuts.into_iter().map(boundary).collect();
        borders.sort_unstable();
        let span = |a: usize, b: usize| Span::new(&text, borders[a], borders[b]).unwrap();
        let mut document = Document::new(Article::new("a", text.as_str()));
        document.removed.push(Removed { span: span(1, 3), rule: "r".into(), reason: "x".into() });
        document.removed.push(Removed { span: span(6, 7), rule: "r".into(), reason: "x".into() });
        document.sentences.push(Sentence::new(span(0, 2), 0));
        document.sentences.push(Sentence::new(span(2, 5), 3));
        document.entities.push(Entity::new(span(2, 4), Label::Per, score, 1));
        document.translation.push(Segment::new(9, "lost"));
        document.summary = Some(Summary::new("s", "en", vec![1, 9]));
        let page = html(&[document]);
        prop_assert!(page.ends_with("</html>\n"));
        let seen = shown(&page);
        for letter in text.chars().filter(|c| c.is_alphanumeric()) {
            prop_assert!(seen.contains(letter), "{letter:?}");
        }
    }
}
