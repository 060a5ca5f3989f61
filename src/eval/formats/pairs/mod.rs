//! Sets for translation in XML: WMT's XML, SGM of older campaigns, and TMX.

mod sgm;
mod tmx;
mod wmt;

use std::collections::HashSet;
use std::path::Path;

use roxmltree::{Document, Node, ParsingOptions};

use super::looks::{expect_markup, MARKUP};
use super::source::Source;
use crate::error::{Error, Result};
use crate::text::one_line;

pub use sgm::{read_sgm, Side};
pub use tmx::read_tmx;
pub use wmt::{read_wmt, read_wmt_output};

/// A source with its references.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pair {
    /// Document and number of the segment.
    pub id: String,
    /// Number of its line, from 1.
    pub line: usize,
    /// Its place in the file, from 1, bad ones included.
    pub place: usize,
    /// What is translated.
    pub source: String,
    /// What it should become, one or several.
    pub references: Vec<String>,
}

/// A segment that a file has for one side of a set: of a source, a reference, or what a system wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SideSegment {
    /// Document and number of the segment.
    pub id: String,
    /// Number of its line, from 1.
    pub line: usize,
    /// Its place among the segments of its system, from 1, bad ones included.
    pub place: usize,
    /// Which system or translator it is of; empty where the file does not say.
    pub system: String,
    /// The text.
    pub text: String,
}

/// The XML of a file, with its lines: the crate would count them anew for every element.
struct Xml<'t> {
    document: Document<'t>,
    /// The byte at which each line begins.
    lines: Vec<usize>,
}

impl<'t> Xml<'t> {
    fn parse(source: &'t Source, wanted: &str) -> Result<Self> {
        expect_markup(source, &MARKUP, wanted)?;
        let text = source.text()?;
        let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
        let document = Document::parse_with_options(text, options).map_err(|error| Error::Malformed {
            path: source.path().to_owned(),
            line: error.pos().row as usize,
            message: format!("no XML: {error}"),
        })?;
        let lines = [0].into_iter().chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Ok(Xml { document, lines })
    }

    fn line_of(&self, node: Node<'_, '_>) -> usize {
        self.lines.partition_point(|start| *start <= node.range().start)
    }
}

/// The text of an element, its white space as that of one line.
fn text_of(node: Node<'_, '_>) -> String {
    let text: String = node.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect();
    one_line(&text)
}

/// Whether the root of an XML file must be another.
fn expect_root(path: &Path, document: &Document<'_>, name: &str) -> Result<()> {
    let root = document.root_element().tag_name().name();
    if root == name {
        return Ok(());
    }
    let fix = match root {
        "xliff" => "export the XLIFF file as TMX",
        _ => "give WMT's XML, SGM, TMX, or a table",
    };
    Err(Error::config(format!("{} holds `<{root}>`, not `<{name}>`", path.display()), fix))
}

/// The segments without those that their system has had before, by id.
fn once(source: &mut Source, segments: Vec<SideSegment>) -> Result<Vec<SideSegment>> {
    let mut seen = HashSet::new();
    let mut kept = Vec::with_capacity(segments.len());
    for segment in segments {
        if seen.insert((segment.system.clone(), segment.id.clone())) {
            kept.push(segment);
        } else {
            source.bad(segment.line, format!("the segment `{}` has been there before", segment.id))?;
        }
    }
    Ok(kept)
}
