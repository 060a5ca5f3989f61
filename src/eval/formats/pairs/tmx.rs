//! TMX: units of translation memories, each in several languages.

use std::path::Path;

use roxmltree::Node;

use super::{expect_root, Pair, Xml};
use crate::error::Result;
use crate::eval::formats::source::{OnBad, Set, Source};
use crate::text::one_line;

/// Elements within a segment whose text is formatting of the tool that wrote it.
const CODES: [&str; 5] = ["bpt", "ept", "it", "ph", "ut"];

/// Reads the units that have both languages, given by their codes without a region (`id`, `en`); several variants of the second
/// are several references. A unit without one of them, or with fewer references than the first, is bad.
///
/// # Errors
/// [`Error::Io`](crate::Error::Io), [`Error::Config`](crate::Error::Config) where the file has another form, and
/// [`Error::Malformed`](crate::Error::Malformed) unless bad units are to be skipped.
pub fn read_tmx(path: &Path, from: &[&str], to: &[&str], on_bad: OnBad) -> Result<Set<Pair>> {
    let mut source = Source::open(path, on_bad)?;
    let xml = Xml::parse(&source, "TMX")?;
    expect_root(path, &xml.document, "tmx")?;
    let units = xml.document.descendants().filter(|node| node.has_tag_name("tu"));
    let units: Vec<_> = units.map(|unit| (xml.line_of(unit), pair(unit, from, to))).collect();
    let mut items: Vec<Pair> = Vec::new();
    for (place, (line, pair)) in (1..).zip(units) {
        let wanted = items.first().map(|first| first.references.len());
        match (pair, wanted) {
            (Ok(pair), Some(wanted)) if pair.references.len() != wanted => {
                let has = pair.references.len();
                source.bad(
                    line,
                    format!("{has} texts in `{}`, the first unit has {wanted}", to.join("`, `")),
                )?;
            }
            (Ok(pair), _) => {
                let id = if pair.id.is_empty() { format!("line {line}") } else { pair.id };
                items.push(Pair { id, line, place, ..pair });
            }
            (Err(message), _) => source.bad(line, message)?,
        }
    }
    source.finish(items)
}

fn pair(unit: Node<'_, '_>, from: &[&str], to: &[&str]) -> Result<Pair, String> {
    let mut variants = Vec::new();
    for variant in unit.children().filter(|node| node.has_tag_name("tuv")) {
        let language = variant
            .attribute(("http://www.w3.org/XML/1998/namespace", "lang"))
            .or_else(|| variant.attribute("lang"))
            .ok_or("a `tuv` does not name its language")?;
        let code = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let segment =
            variant.children().find(|node| node.has_tag_name("seg")).ok_or("a `tuv` has no `seg`")?;
        variants.push((code, text(segment)));
    }
    let of = |codes: &[&str]| -> Vec<String> {
        variants
            .iter()
            .filter(|(code, _)| codes.contains(&code.as_str()))
            .map(|(_, text)| text.clone())
            .collect()
    };
    let (mut sources, references) = (of(from).into_iter(), of(to));
    let lacks = |codes: &[&str]| {
        let there: Vec<&str> = variants.iter().map(|(code, _)| code.as_str()).collect();
        format!("no text in `{}` (there are: {})", codes.join("` or `"), there.join(", "))
    };
    let source = sources.next().ok_or_else(|| lacks(from))?;
    if sources.next().is_some() {
        return Err(format!("several texts in `{}`", from.join("` or `")));
    }
    if references.is_empty() {
        return Err(lacks(to));
    }
    let id = unit.attribute("tuid").unwrap_or_default().to_owned();
    Ok(Pair { id, source, references, ..Pair::default() })
}

fn text(segment: Node<'_, '_>) -> String {
    let mut text = String::new();
    let mut open = vec![segment];
    while let Some(node) = open.pop() {
        if node.is_element() && CODES.contains(&node.tag_name().name()) {
            continue;
        }
        text.push_str(node.text().filter(|_| node.is_text()).unwrap_or_default());
        open.extend(node.children().rev());
    }
    one_line(&text)
}
