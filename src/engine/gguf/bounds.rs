//! Looks whether a header keeps within its file.
//!
//! Readers make room for a text or a list before they read it, as long as the header says it is, and go down into lists of lists.
//! A damaged length would ask for more memory than there is, which ends the process, as does a list ten thousand lists deep.

use crate::part::PartMut;
use std::io::{self, Read};

/// Axes of a tensor, at most.
const MOST_AXES: u32 = 8;
/// Lists within lists, at most.
const DEEPEST: usize = 3;

/// Reads over the header at the start of `reader`, a file of `length` bytes; a message where it says what cannot be.
pub(super) fn check(reader: impl Read, length: u64) -> Result<(), String> {
    let mut header = Header { reader, left: length, long: true };
    header.all().map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => "it ends within its header".to_owned(),
        _ => error.to_string(),
    })
}

struct Header<R> {
    reader: R,
    /// Bytes of the file behind what was read.
    left: u64,
    /// Whether lengths have 64 bits, as from the second version on.
    long: bool,
}

impl<R: Read> Header<R> {
    fn all(&mut self) -> io::Result<()> {
        let magic = self.number::<4>()?;
        self.long = self.number::<4>()? > 1;
        if magic != u64::from(u32::from_le_bytes(*b"GGUF")) {
            return Err(io::Error::other("it is no GGUF file"));
        }
        let (tensors, fields) = (self.length()?, self.length()?);
        for _ in 0..fields {
            self.text()?;
            let kind = self.number::<4>()?;
            self.value(kind, 0)?;
        }
        for _ in 0..tensors {
            self.text()?;
            let axes = self.number::<4>()?;
            if axes > u64::from(MOST_AXES) {
                return Err(io::Error::other(format!("a tensor has {axes} axes")));
            }
            self.skip(axes * if self.long { 8 } else { 4 })?;
            self.skip(4 + 8)?;
        }
        Ok(())
    }

    /// Reads over a value of the type `kind`; what has no size is left to who reads it.
    fn value(&mut self, kind: u64, depth: usize) -> io::Result<()> {
        match (size(kind), kind) {
            (Some(size), _) => self.skip(size),
            (None, 8) => self.text(),
            (None, 9) if depth < DEEPEST => {
                let (kind, count) = (self.number::<4>()?, self.length()?);
                // Texts and lists have their own lengths, of four bytes at least.
                let least = size(kind).unwrap_or(4);
                let whole = count.checked_mul(least).filter(|&whole| whole <= self.left);
                let whole = whole
                    .ok_or_else(|| io::Error::other(format!("a list of {count} in {} bytes", self.left)))?;
                match size(kind) {
                    Some(_) => self.skip(whole),
                    None => (0..count).try_for_each(|_| self.value(kind, depth + 1)),
                }
            }
            (None, 9) => Err(io::Error::other("lists within lists within lists")),
            (None, _) => Err(io::Error::other(format!("a value of the type {kind}"))),
        }
    }

    fn text(&mut self) -> io::Result<()> {
        let length = self.length()?;
        self.skip(length)
    }

    fn length(&mut self) -> io::Result<u64> {
        if self.long {
            self.number::<8>()
        } else {
            self.number::<4>()
        }
    }

    fn number<const BYTES: usize>(&mut self) -> io::Result<u64> {
        let mut bytes = [0; 8];
        self.reader.read_exact(bytes.part_mut(..BYTES))?;
        self.left = self.left.saturating_sub(BYTES as u64);
        Ok(u64::from_le_bytes(bytes))
    }

    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        if bytes > self.left {
            return Err(io::Error::other(format!("a length of {bytes} with {} bytes left", self.left)));
        }
        self.left -= bytes;
        match io::copy(&mut self.reader.by_ref().take(bytes), &mut io::sink())? {
            read if read < bytes => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// Bytes of a value of a type that has a size.
fn size(kind: u64) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(parts: &[&[u8]]) -> Result<(), String> {
        let bytes = parts.concat();
        check(bytes.as_slice(), bytes.len() as u64)
    }

    fn number(number: u64) -> [u8; 8] {
        number.to_le_bytes()
    }

    #[test]
    fn a_header_that_keeps_within_its_file_is_good() {
        let list =
            [&9u32.to_le_bytes()[..], &8u32.to_le_bytes(), &number(2), &number(1), b"a", &number(0)].concat();
        let tensor =
            [&number(1)[..], b"t", &1u32.to_le_bytes(), &number(4), &0u32.to_le_bytes(), &number(0)].concat();
        checked(&[b"GGUF\x03\0\0\0", &number(1), &number(1), &number(1), b"k", &list, &tensor]).unwrap();
    }

    #[test]
    fn lengths_that_lead_out_of_the_file_are_told() {
        let start: &[u8] = b"GGUF\x03\0\0\0";
        let huge = number(1 << 40);
        let key = [&number(1)[..], b"k"].concat();
        let [text, list, floats] = [8u32, 9, 6].map(u32::to_le_bytes);
        let deep = [&list[..], &number(1)].concat().repeat(10);
        let axes = [&number(1)[..], b"t", &u32::MAX.to_le_bytes()].concat();
        for (parts, said) in [
            (vec![start, &number(0), &number(1), &huge], "a length of 1099511627776"),
            (vec![start, &number(0), &number(1), &key, &text, &huge], "a length of"),
            (vec![start, &number(0), &number(1), &key, &list, &floats, &huge], "a list of"),
            (vec![start, &number(0), &number(1), &key, &list, &list, &huge], "a list of"),
            (
                vec![start, &number(0), &number(1), &key, &list, &99u32.to_le_bytes(), &number(1), &[0; 8]],
                "type 99",
            ),
            (vec![start, &number(0), &number(1), &key, &list, &deep, &[0; 64]], "lists within lists"),
            (vec![start, &number(1), &number(0), &axes], "4294967295 axes"),
            (vec![start, &huge, &number(0)], "ends within its header"),
            (vec![b"GGML\x03\0\0\0"], "no GGUF file"),
            (vec![b"GG"], "ends within its header"),
        ] {
            let error = checked(&parts).unwrap_err();
            assert!(error.contains(said), "{said}: {error}");
        }
    }
}
