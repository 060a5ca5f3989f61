//! Sets of SGM: a file with the source, others with references.

use std::collections::HashMap;
use std::path::Path;

use super::texts::item;
use crate::error::{Error, Result};
use crate::eval::evaluation::TextItem;
use crate::eval::formats::{read_sgm, sha256, OnBad, Row, Set, Side, SideSegment};

/// Every file and every translator in it must have the segments of the source. Where bad ones are left out, the set is what all sides have.
pub(super) fn read(source: &Path, references: &[&Path], on_bad: OnBad) -> Result<Set<Row<TextItem>>> {
    let mut set = read_sgm(source, Side::Source, on_bad)?;
    if let several @ 2.. = set.items.chunk_by(|one, next| one.system == next.system).count() {
        let message = format!("{} has {several} sources", source.display());
        return Err(Error::config(message, "give a file with one"));
    }
    let mut sums = vec![set.sha256.clone()];
    let mut all: Vec<(&Path, HashMap<String, String>)> = Vec::new();
    for path in references {
        let side = read_sgm(path, Side::Reference, on_bad)?;
        sums.push(side.sha256);
        set.skipped.extend(side.skipped);
        for translator in by_system(side.items) {
            if on_bad == OnBad::Fail {
                same_segments(path, &translator, &set.items)?;
            }
            all.push((path, translator.into_iter().map(|segment| (segment.id, segment.text)).collect()));
        }
    }
    let row = |SideSegment { id, line, place, text, .. }: SideSegment| {
        let mut references = Vec::with_capacity(all.len());
        for (path, side) in &all {
            let lacks = || (line, format!("{} lacks segment {id}", path.display()));
            references.push(side.get(&id).cloned().ok_or_else(lacks)?);
        }
        Ok(Row { id: Some(id), line, place, value: item(text, references) })
    };
    set.sha256 = sha256(sums.join("\n").as_bytes());
    set.try_map(on_bad, row)
}

/// The segments of each system, which a file has one after the other.
pub(super) fn by_system(segments: Vec<SideSegment>) -> Vec<Vec<SideSegment>> {
    let mut systems: Vec<Vec<SideSegment>> = Vec::new();
    for segment in segments {
        match systems.last_mut() {
            Some(own) if own.last().is_some_and(|last| last.system == segment.system) => own.push(segment),
            _ => systems.push(vec![segment]),
        }
    }
    systems
}

/// Says where a side has not the segments of the source, in their order.
fn same_segments(path: &Path, side: &[SideSegment], source: &[SideSegment]) -> Result<()> {
    let apart = source.iter().zip(side).find(|(wanted, found)| wanted.id != found.id);
    let message = match apart {
        Some((wanted, found)) => format!("has segment {} where the source has {}", found.id, wanted.id),
        None if side.len() != source.len() => {
            format!("has {} segments, the source {}", side.len(), source.len())
        }
        None => return Ok(()),
    };
    Err(Error::config(format!("{} {message}", path.display()), "give the same segments in the same order"))
}
