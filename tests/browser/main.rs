//! The page as people use it, in Chromium without a screen.
#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)] // helpers of tests fail as tests do

#[path = "../common/mod.rs"]
mod common;
#[path = "../../src/bin/intisari/serve/http/mod.rs"]
mod http;
#[path = "../common/service.rs"]
mod service;

use std::path::{Path, PathBuf};

use common::example;
use common::web::Browser;
use intisari::document::{Article, Document, Flag, FlagKind};
use intisari::output::{html, Page};
use service::Running;

/// Keys of WebDriver.
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// The page as a file in the browser.
fn open(browser: &Browser, name: &str, page: &str) {
    let path = kept(name);
    std::fs::write(&path, page).unwrap();
    browser.visit(&format!("file://{}", path.display()));
}

/// The example, with something to check.
fn document() -> Document {
    let mut document = example::document();
    document.translation[8].flags = vec![Flag::new(FlagKind::NumberMissing, "64")];
    document
}

/// How an element looks.
fn style(browser: &Browser, selector: &str, property: &str) -> String {
    let script = format!("return getComputedStyle(document.querySelector('{selector}'))['{property}']");
    browser.script(&script).as_str().unwrap().to_owned()
}

/// Nothing leaves the screen sideways, nothing is fetched, nothing is complained of.
#[track_caller]
fn is_sound(browser: &Browser, what: &str) {
    let wide = "return document.documentElement.scrollWidth > document.documentElement.clientWidth";
    assert_eq!(browser.script(wide), false, "{what}: nothing leaves the screen sideways");
    let loaded = browser.script("return performance.getEntriesByType('resource').length");
    assert_eq!(loaded, 0, "{what}: nothing is fetched");
    assert_eq!(browser.complaints(), [] as [String; 0], "{what}");
}

#[test]
fn looks_right_on_every_screen() {
    let Some(browser) = Browser::open() else { return };
    let page = html(&[document()]);
    let mut papers = Vec::new();
    for (name, scheme, media, width) in [
        ("light", "light", "screen", 1280),
        ("dark", "dark", "screen", 1280),
        ("tablet", "light", "screen", 800),
        ("phone", "light", "screen", 390),
        ("narrow", "dark", "screen", 320),
        ("print", "dark", "print", 800),
    ] {
        browser.size(width, 1600);
        browser.look(scheme, media);
        open(&browser, "page.html", &page);
        is_sound(&browser, name);
        papers.push(style(&browser, "body", "backgroundColor"));
        let ratio = browser.script(CONTRAST);
        let worst = ratio.as_array().unwrap();
        assert!(worst[0].as_f64().unwrap() >= 4.5, "{name}: contrast of {worst:?}");
        browser.picture(&kept(&format!("page-{name}.png")));
    }
    assert_ne!(papers[0], papers[1], "dark differs from light");
    assert_eq!(papers[0], papers[5], "paper is white, whatever the screen is");
}

/// The lowest contrast of text and what lies behind it, as WCAG computes it, and where.
const CONTRAST: &str = r#"
const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
const over = (colors) => {
  canvas.fillStyle = "white";
  canvas.fillRect(0, 0, 1, 1);
  for (const color of colors) { canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); }
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
};
const light = (rgb) => {
  const [r, g, b] = rgb.map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
let worst = [21, ""];
const walk = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const element = walk.currentNode.parentElement;
  if (!walk.currentNode.data.trim() || !element.checkVisibility()) continue;
  const behind = [];
  for (let at = element; at; at = at.parentElement) behind.unshift(getComputedStyle(at).backgroundColor);
  const [a, b] = [over([...behind, getComputedStyle(element).color]), over(behind)].map(light).sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  if (ratio < worst[0]) worst = [ratio, element.outerHTML.slice(0, 120)];
}
return worst;
"#;

#[test]
fn hovering_marks_both_languages_and_the_source_of_a_summary() {
    let Some(browser) = Browser::open() else { return };
    browser.size(1280, 1000);
    browser.look("light", "screen");
    open(&browser, "hover.html", &html(&[document()]));
    let plain = style(&browser, "#a1-s4", "backgroundColor");
    browser.hover("#a1-s4 .source");
    assert_ne!(style(&browser, "#a1-s4", "backgroundColor"), plain, "the pair is marked from the Indonesian");
    browser.hover("#a1-s5 .english p");
    assert_eq!(style(&browser, "#a1-s4", "backgroundColor"), plain);
    assert_ne!(style(&browser, "#a1-s5", "backgroundColor"), plain, "and from the English");
    browser.hover(".summary a[href=\"#a1-s3\"]");
    assert_eq!(browser.script("return document.querySelector('.pair.on')?.id"), "a1-s3");
    browser.click(".summary a[href=\"#a1-s3\"]");
    assert_eq!(browser.script("return document.querySelector(':target').id"), "a1-s3");
    is_sound(&browser, "hover");
}

#[test]
fn a_name_shows_its_group_by_mouse_and_by_keyboard() {
    let Some(browser) = Browser::open() else { return };
    browser.size(1280, 1000);
    open(&browser, "group.html", &html(&[document()]));
    browser.click("#a1-s5 a.mention.PER");
    let marked =
        "return [...document.querySelectorAll('a.mention.on')].map((mention) => mention.textContent).join()";
    assert_eq!(browser.script(marked), "Yulius Mambang,Yulius,Yulius,Yulius");
    let card = browser.script("return document.getElementById('card').innerText");
    let card = card.as_str().unwrap();
    assert!(
        card.contains("Person") && card.contains("Yulius Mambang") && card.contains("4 mentions"),
        "{card}"
    );
    browser.picture(&kept("page-group.png"));
    browser.press(ESCAPE);
    assert_eq!(browser.script(marked), "");
    assert_eq!(browser.script("return document.getElementById('card').hidden"), true);
    assert_eq!(browser.script("return document.activeElement.textContent"), "Yulius", "the focus goes back");

    browser.script("document.querySelector('#a1-s1 .number').focus()");
    browser.press(TAB);
    let focused = browser.script("return document.activeElement.textContent");
    assert_eq!(focused, "Pemerintah Provinsi Kalimantan Tengah");
    assert_eq!(browser.script("return document.activeElement.matches(':focus-visible')"), true);
    browser.press(ENTER);
    assert_eq!(browser.script(marked), "Pemerintah Provinsi Kalimantan Tengah");
    is_sound(&browser, "group");
}

#[test]
fn removed_parts_tell_their_rule_on_demand() {
    let Some(browser) = Browser::open() else { return };
    open(&browser, "removed.html", &html(&[document()]));
    let seen = "return document.querySelector('.removed strong').checkVisibility()";
    assert_eq!(browser.script(seen), false);
    browser.click(".removed summary");
    assert_eq!(browser.script(seen), true);
    let text = browser.script("return document.querySelector('.removed').innerText");
    assert!(text.as_str().unwrap().contains("dateline"), "{text}");
}

#[test]
fn an_index_finds_articles_by_any_word() {
    let Some(browser) = Browser::open() else { return };
    browser.size(1000, 900);
    let laboratory = include_str!("../../examples/articles/laboratorium.txt");
    let pipeline = example::stages().build().unwrap();
    let mut page = Page::new();
    let mut whole = page.start();
    for document in [document(), pipeline.run(&Article::new("laboratorium.txt", laboratory)).unwrap()] {
        whole += &page.article(&document);
    }
    whole += &page.failure("hilang.txt", "No such file");
    open(&browser, "index.html", &(whole + &page.end()));
    assert_eq!(
        browser.script("return document.body.firstElementChild.id"),
        "index",
        "it comes first for the keyboard"
    );
    let hits = "return [...document.querySelectorAll('nav li')].filter((li) => li.checkVisibility()).map((li) => li.dataset.article).join()";
    for (words, expected) in [
        ("", "a1,a2,a3"),
        ("rungan YULIUS", "a1"),
        ("suspension", "a1"),
        ("gempa", "a2"),
        ("hilang.txt", "a3"),
        ("xyz", ""),
    ] {
        browser.fill("#search", words);
        browser
            .script("document.getElementById('search').dispatchEvent(new Event('input', { bubbles: true }))");
        assert_eq!(browser.script(hits), expected, "{words}");
    }
    browser.fill("#search", "gempa");
    assert_eq!(browser.script("return document.getElementById('a1').checkVisibility()"), false);
    assert_eq!(browser.script("return document.getElementById('found').textContent"), "1 of 3");
    is_sound(&browser, "index");
    browser.picture(&kept("page-index.png"));
}

#[test]
fn a_hostile_article_takes_nothing_over() {
    let Some(browser) = Browser::open() else { return };
    let hostile = example::stages().build().unwrap().run(&example::hostile()).unwrap();
    open(&browser, "hostile.html", &html(&[hostile]));
    assert_eq!(browser.script("return document.title"), "intisari");
    assert_eq!(browser.script("return document.querySelectorAll('script, style').length"), 2);
    assert_eq!(browser.script("return document.querySelectorAll('img, iframe, object').length"), 0);
    let text = browser.script("return document.querySelector('article').innerText");
    assert!(text.as_str().unwrap().contains("<img src=x onerror=alert(1)>"), "{text}");
    is_sound(&browser, "hostile");
    // Even a script that got into the page would not run.
    browser.script("const s = document.createElement('script'); s.textContent = 'document.title = \"taken\"'; document.body.append(s)");
    assert_eq!(browser.script("return document.title"), "intisari");
    assert!(browser.complaints().iter().any(|line| line.contains("Content Security Policy")));
}

#[test]
fn an_article_is_pasted_and_digested() {
    let Some(browser) = Browser::open() else { return };
    let service = Running::example();
    browser.size(1280, 1200);
    browser.look("light", "screen");
    browser.visit(&format!("http://{}/", service.address));
    browser.picture(&kept("page-empty.png"));
    let article = serde_json::to_string(example::ARTICLE).unwrap();
    browser.script(&format!("document.getElementById('text').value = {article}"));
    browser.fill("input[name=title]", example::TITLE);
    browser.click("button");
    browser.wait_for("article h1");
    assert_eq!(browser.script("return document.querySelector('article h1').textContent"), example::TITLE);
    let summary = browser.script("return document.querySelector('.summary').innerText");
    assert!(summary.as_str().unwrap().contains("suspension bridge"), "{summary}");
    let field = browser.script("return document.getElementById('text').value");
    assert_eq!(field.as_str().unwrap(), example::ARTICLE, "what was pasted is still there");
    browser.click("#a1-s5 a.mention.PER");
    assert_eq!(browser.script("return document.querySelectorAll('a.mention.on').length"), 4);
    is_sound(&browser, "served");
    browser.picture(&kept("page-served.png"));
}
