//! The XML of WMT since 2021: `<dataset>` with documents, each with source, references and outputs.

use std::collections::BTreeMap;
use std::path::Path;

use roxmltree::{Document, Node};

use super::{expect_root, once, text_of, Pair, SideSegment, Xml};
use crate::error::{Error, Result};
use crate::eval::formats::source::{OnBad, Set, Source};

/// Reads sources and references: every `<ref>` of a document is one reference. A segment without source or with fewer references
/// than the first is bad.
///
/// # Errors
/// [`Error::Io`], [`Error::Config`] where the file has another form, and [`Error::Malformed`] unless bad segments are to be skipped.
pub fn read_wmt(path: &Path, on_bad: OnBad) -> Result<Set<Pair>> {
    let mut source = Source::open(path, on_bad)?;
    let xml = Xml::parse(&source, "WMT's XML")?;
    expect_root(path, &xml.document, "dataset")?;
    let rows: Vec<(usize, Result<Pair, String>)> =
        documents(&xml.document).flat_map(|(name, doc)| pairs(&xml, &name, doc)).collect();
    let mut items: Vec<Pair> = Vec::new();
    for (place, (line, pair)) in (1..).zip(rows) {
        let wanted = items.first().map(|first| first.references.len());
        let pair = pair.and_then(|pair| match wanted {
            Some(wanted) if wanted != pair.references.len() => {
                Err(format!("{} references, the first segment has {wanted}", pair.references.len()))
            }
            _ => Ok(Pair { place, ..pair }),
        });
        match pair {
            Ok(pair) => items.push(pair),
            Err(message) => source.bad(line, message)?,
        }
    }
    source.finish(items)
}

/// Reads what a system wrote, `<hyp system="…">`, by document and segment in their order. `system` must be named where there are
/// several. A segment whose id has been there before is bad.
///
/// # Errors
/// [`Error::Io`], [`Error::Config`] where the file has another form, or naming the systems that there are, and [`Error::Malformed`] unless
/// bad segments are to be skipped.
pub fn read_wmt_output(path: &Path, system: Option<&str>, on_bad: OnBad) -> Result<Set<SideSegment>> {
    let mut source = Source::open(path, on_bad)?;
    let xml = Xml::parse(&source, "WMT's XML")?;
    expect_root(path, &xml.document, "dataset")?;
    let mut systems: BTreeMap<&str, Vec<SideSegment>> = BTreeMap::new();
    for (name, doc) in documents(&xml.document) {
        for hyp in children(doc, "hyp") {
            let own = hyp.attribute("system").unwrap_or_default();
            let rows = systems.entry(own).or_default();
            for (id, segment) in segments(hyp) {
                rows.push(SideSegment {
                    id: format!("{name}:{id}"),
                    line: xml.line_of(segment),
                    place: rows.len() + 1,
                    system: own.to_owned(),
                    text: text_of(segment),
                });
            }
        }
    }
    let names = systems.keys().copied().collect::<Vec<_>>().join(", ");
    let found = match system {
        Some(system) => systems.remove(system),
        None if systems.len() == 1 => systems.pop_first().map(|(_, rows)| rows),
        None => None,
    };
    let found = found.ok_or_else(|| {
        let message = match system {
            _ if names.is_empty() => format!("{} has no outputs", path.display()),
            Some(system) => format!("{} has no outputs of `{system}`", path.display()),
            None => format!("{} has outputs of {} systems", path.display(), systems.len()),
        };
        let fix = match names.as_str() {
            "" => "give a file with `<hyp>`".to_owned(),
            names => format!("name one of those it has ({names})"),
        };
        Error::config(message, fix)
    })?;
    let items = once(&mut source, found)?;
    source.finish(items)
}

fn documents<'d>(document: &'d Document<'_>) -> impl Iterator<Item = (String, Node<'d, 'd>)> {
    let docs = document.descendants().filter(|node| node.has_tag_name("doc"));
    (1..).zip(docs).map(|(number, doc): (usize, _)| {
        (doc.attribute("id").map_or_else(|| format!("document {number}"), str::to_owned), doc)
    })
}

fn children<'d>(node: Node<'d, 'd>, name: &'static str) -> impl Iterator<Item = Node<'d, 'd>> {
    node.children().filter(move |child| child.has_tag_name(name))
}

fn segments<'d>(side: Node<'d, 'd>) -> impl Iterator<Item = (String, Node<'d, 'd>)> {
    let segments = side.descendants().filter(|node| node.has_tag_name("seg"));
    (1..).zip(segments).map(|(number, segment): (usize, _)| {
        (segment.attribute("id").map_or_else(|| number.to_string(), str::to_owned), segment)
    })
}

/// The segments of a document, by the ids of its source.
fn pairs(xml: &Xml<'_>, name: &str, doc: Node<'_, '_>) -> Vec<(usize, Result<Pair, String>)> {
    let Some(source) = children(doc, "src").next() else {
        return vec![(xml.line_of(doc), Err(format!("document `{name}` has no source")))];
    };
    let references: Vec<BTreeMap<String, String>> = children(doc, "ref")
        .map(|side| segments(side).map(|(id, node)| (id, text_of(node))).collect())
        .collect();
    let pair = |(id, segment): (String, Node<'_, '_>)| {
        let own: Vec<String> = references.iter().filter_map(|side| side.get(&id).cloned()).collect();
        let line = xml.line_of(segment);
        let pair = match own.len() {
            0 => Err(format!("segment {id} of document `{name}` has no reference")),
            few if few < references.len() => {
                Err(format!("segment {id} of document `{name}` is not in all of its references"))
            }
            _ => Ok(Pair {
                id: format!("{name}:{id}"),
                line,
                place: 0,
                source: text_of(segment),
                references: own,
            }),
        };
        (line, pair)
    };
    segments(source).map(pair).collect()
}
