//! Plain files whose lines belong together.

use std::path::Path;

use super::looks::{expect, Looks};
use super::row::Row;
use super::source::{sha256, OnBad, Set, Source};
use crate::error::{Error, Result};

/// Reads files whose lines belong together by number: a row holds a line of each file, in the order of `paths`.
/// Blank lines count.
///
/// # Errors
/// [`Error::Io`], [`Error::Config`] where the files differ in length, none is given or one has another form, and
/// [`Error::Malformed`] for a line that is not UTF-8, unless bad lines are to be skipped.
pub fn read_parallel<P: AsRef<Path>>(paths: &[P], on_bad: OnBad) -> Result<Set<Row<Vec<String>>>> {
    let mut sources: Vec<Source> =
        paths.iter().map(|path| Source::open(path.as_ref(), on_bad)).collect::<Result<_>>()?;
    for source in &sources {
        // Lines of text may end or begin as those of these do, and have any name.
        expect(source, &[Looks::Tagged, Looks::Names, Looks::Table], "a file of lines")?;
    }
    let columns: Vec<Vec<(usize, Option<String>)>> = sources.iter().map(Source::lines).collect();
    let lengths: Vec<usize> = columns.iter().map(Vec::len).collect();
    let Some((first, rest)) = lengths.split_first() else {
        return Err(Error::config("no file is given", "name at least one file"));
    };
    if let Some((other, length)) = paths.iter().skip(1).zip(rest).find(|(_, length)| *length != first) {
        let lines = if *length == 1 { "line" } else { "lines" };
        let beside = paths.first().map(|path| path.as_ref().display().to_string()).unwrap_or_default();
        return Err(Error::config(
            format!("{} has {length} {lines}, {beside} has {first}", other.as_ref().display()),
            "give files with the same number of lines",
        ));
    }

    let mut items = Vec::with_capacity(*first);
    let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
    for line in 1..=*first {
        let mut cells = Vec::with_capacity(columns.len());
        for (source, column) in sources.iter_mut().zip(&mut columns) {
            match column.next() {
                Some((_, Some(text))) => cells.push(text),
                Some((number, None)) => source.not_utf8(number)?,
                None => {}
            }
        }
        if cells.len() == columns.len() {
            items.push(Row { id: None, line, place: line, value: cells });
        }
    }
    merged(sources, items)
}

fn merged<T>(sources: Vec<Source>, items: Vec<T>) -> Result<Set<T>> {
    let sums: Vec<String> = sources.iter().map(Source::sha256).collect();
    let mut sets = sources.into_iter().map(|source| source.unchecked(Vec::<T>::new()));
    let Some(mut set) = sets.next() else {
        return Err(Error::config("no file is given", "name at least one file"));
    };
    set.skipped.extend(sets.flat_map(|other| other.skipped));
    if sums.len() > 1 {
        set.sha256 = sha256(sums.join("\n").as_bytes());
    }
    set.items = items;
    set.usable()
}
