//! A page for people: one file of HTML that needs no network, for light and dark screens, telephones and paper.
//!
//! [`html`] makes the page of documents that are at hand; [`Page`] makes it piece by piece, so that only one document
//! is held at a time. Whatever an article holds is text on the page: templates escape it, the page's own policy
//! (Content-Security-Policy) forbids every script but the page's, and nothing is loaded from anywhere.

mod pieces;
mod policy;
mod value;
mod view;

use askama::Template;

use super::visible;
use crate::document::Document;
use view::ArticleView;

const STYLE: &str = include_str!("../../../templates/page.css");
const SCRIPT: &str = include_str!("../../../templates/page.js");

/// The page of `documents`, with an index where there are several.
///
/// ```
/// use intisari::{output, Article, Document};
///
/// let page = output::html(&[Document::new(Article::new("a1", "<b>Hujan</b> turun."))]);
/// assert!(page.contains("&#60;b&#62;Hujan"), "an article is text, whatever it holds");
/// ```
pub fn html(documents: &[Document]) -> String {
    let mut page = Page::new();
    let mut out = page.start();
    for document in documents {
        out += &page.article(document);
    }
    out + &page.end()
}

/// A page that is made piece by piece: [`start`](Page::start), then each article, then [`end`](Page::end); the pieces one
/// after the other are the page.
///
/// It keeps a line per article for the index, nothing else.
#[derive(Debug, Clone, Default)]
pub struct Page {
    entries: Vec<Entry>,
    form: Option<Form>,
}

/// What the page of a server asks for: the fields of its form, filled in as they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// Headline.
    pub title: String,
    /// Day of publication, `YYYY-MM-DD`.
    pub date: String,
    /// The article.
    pub text: String,
    /// What is wrong with the input, shown beside it.
    pub error: Option<String>,
}

/// A line of the index.
#[derive(Debug, Clone)]
struct Entry {
    number: usize,
    title: String,
    teaser: String,
    doubts: usize,
    failed: bool,
}

impl Page {
    /// A page for a file.
    pub fn new() -> Self {
        Page::default()
    }

    /// A page that begins with a form, which is sent to the page's own address.
    pub fn with_form(form: Form) -> Self {
        Page { entries: Vec::new(), form: Some(form) }
    }

    /// What stands before the first article.
    pub fn start(&self) -> String {
        render(&Start { policy: policy::policy(self.form.is_some()), style: STYLE, form: self.form.as_ref() })
    }

    /// One article.
    pub fn article(&mut self, document: &Document) -> String {
        let view = ArticleView::new(self.entries.len() + 1, document);
        self.entries.push(Entry {
            number: view.number,
            title: view.title.to_string(),
            teaser: view.teaser(),
            doubts: view.doubts(),
            failed: false,
        });
        render(&view)
    }

    /// An article that failed: which, and why.
    pub fn failure(&mut self, id: &str, message: &str) -> String {
        let (id, message) = (visible(id), visible(message));
        let number = self.entries.len() + 1;
        let title = if id.is_empty() { "An article".into() } else { id };
        let rendered = render(&Failed { number, title: &title, message: &message });
        let (title, teaser) = (title.into_owned(), message.into_owned());
        self.entries.push(Entry { number, title, teaser, doubts: 0, failed: true });
        rendered
    }

    /// What stands behind the last article: the index, where there are several, and the script. Where there is none and no
    /// form to send one, a line says so.
    pub fn end(&self) -> String {
        let is_empty = self.entries.is_empty() && self.form.is_none();
        render(&End { entries: &self.entries, is_empty, script: SCRIPT }) + "\n"
    }
}

#[derive(Template)]
#[template(path = "start.html")]
struct Start<'a> {
    policy: &'a str,
    style: &'static str,
    form: Option<&'a Form>,
}

#[derive(Template)]
#[template(path = "failed.html")]
struct Failed<'a> {
    number: usize,
    title: &'a str,
    message: &'a str,
}

#[derive(Template)]
#[template(path = "end.html")]
struct End<'a> {
    entries: &'a [Entry],
    is_empty: bool,
    script: &'static str,
}

fn render(template: &impl Template) -> String {
    let mut rendered = String::new();
    // Writing into a string does not fail, and no template calls what can.
    let _ = template.render_into(&mut rendered);
    rendered
}
