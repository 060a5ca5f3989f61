//! Which encoding bytes are in, told by their beginning.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_16BE, UTF_16LE};

/// What the first four bytes of a file tell.
#[derive(Debug, PartialEq, Eq)]
pub enum Start {
    /// UTF-8, most likely; so many bytes are a mark.
    Utf8 { mark: usize },
    /// UTF-16 with a mark of two bytes.
    Utf16(&'static Encoding),
    /// Something that is no text: what, and what to do about it.
    Refused(String),
}

/// Beginnings of files that are not text.
const PACKED: [(&[u8], &str, &str); 7] = [
    (b"\x1f\x8b", "gzip", "unpack it first: zcat FILE | intisari …"),
    (b"PK\x03\x04", "a zip archive", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "zstd", "unpack it first: zstdcat FILE | intisari …"),
    (b"\xfd7zX", "xz", "unpack it first: xzcat FILE | intisari …"),
    (b"PAR1", "Parquet", "write it as JSON Lines first"),
    (b"%PDF", "PDF", "extract the text first"),
    (b"Obj\x01", "Avro", "write it as JSON Lines first"),
];

/// What `head`, the first four bytes or all there are, tells.
pub fn of(head: &[u8]) -> Start {
    let as_utf8 = |name: &str| {
        let small = name.to_lowercase();
        Start::Refused(format!(
            "looks like {name}; convert it first: iconv -f {small} -t utf-8 FILE | intisari …"
        ))
    };
    match head {
        [0xef, 0xbb, 0xbf, ..] => return Start::Utf8 { mark: 3 },
        [0xff, 0xfe, 0, 0] => return as_utf8("UTF-32LE"),
        [0, 0, 0xfe, 0xff] | [0, 0, 0, 1..=255] => return as_utf8("UTF-32BE"),
        [0xff, 0xfe, ..] => return Start::Utf16(UTF_16LE),
        [0xfe, 0xff, ..] => return Start::Utf16(UTF_16BE),
        // Without a mark: every other byte of a Latin text is nothing.
        [1..=255, 0, 0, 0] => return as_utf8("UTF-32LE"),
        [1..=255, 0, 1..=255, 0] => return as_utf8("UTF-16LE"),
        [0, 1..=255, 0, 1..=255] => return as_utf8("UTF-16BE"),
        _ => {}
    }
    // bzip2 tells how large its blocks are.
    let packed = match head {
        [b'B', b'Z', b'h', b'1'..=b'9'] => Some(("bzip2", "unpack it first: bzcat FILE | intisari …")),
        _ => PACKED.iter().find(|(magic, ..)| head.starts_with(magic)).map(|&(_, what, fix)| (what, fix)),
    };
    match packed {
        Some((what, fix)) => Start::Refused(format!("looks like {what}, which is no text; {fix}")),
        None => Start::Utf8 { mark: 0 },
    }
}

/// UTF-16, read as UTF-8.
pub struct Utf16<R> {
    reader: R,
    decoder: Decoder,
    /// Read and not yet decoded.
    waiting: Vec<u8>,
    /// Decoded and not yet given out.
    ready: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Utf16<R> {
    pub fn new(reader: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Utf16 { reader, decoder, waiting: Vec::new(), ready: Vec::new(), given: 0, ended: false }
    }

    /// Reads and decodes until something is ready or the end is there.
    fn fill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        while self.ready.is_empty() && !self.ended {
            let mut chunk = [0; 8192];
            let read = self.reader.read(&mut chunk)?;
            self.ended = read == 0;
            self.waiting.extend(chunk.iter().take(read));
            self.ready.resize(self.waiting.len() * 3 + 16, 0);
            let (result, used, written) =
                self.decoder.decode_to_utf8_without_replacement(&self.waiting, &mut self.ready, self.ended);
            self.waiting.drain(..used);
            self.ready.truncate(written);
            if let DecoderResult::Malformed(..) = result {
                let message = "invalid UTF-16: half a character; convert it to UTF-8 first, e.g. with iconv";
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len() {
            self.fill()?;
        }
        let mut rest = self.ready.get(self.given..).unwrap_or_default();
        let read = rest.read(buffer)?;
        self.given += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_tells_the_encoding() {
        assert_eq!(of(b""), Start::Utf8 { mark: 0 });
        assert_eq!(of(b"Huja"), Start::Utf8 { mark: 0 });
        assert_eq!(of(b"\xef\xbb\xbf{"), Start::Utf8 { mark: 3 });
        assert_eq!(of(b"\xff\xfeH\0"), Start::Utf16(UTF_16LE));
        assert_eq!(of(b"\xfe\xff\0H"), Start::Utf16(UTF_16BE));
        for (head, name) in [
            (&b"H\0u\0"[..], "UTF-16LE"),
            (b"\0H\0u", "UTF-16BE"),
            (b"\xff\xfe\0\0", "UTF-32LE"),
            (b"\0\0\0H", "UTF-32BE"),
            (b"\x1f\x8b\x08\0", "gzip"),
            (b"PAR1", "Parquet"),
            (b"BZh1", "bzip2"),
            (b"BZh9", "bzip2"),
        ] {
            assert!(matches!(of(head), Start::Refused(message) if message.contains(name)), "{name}");
        }
    }

    #[test]
    fn utf16_is_read_piece_by_piece_and_half_characters_are_refused() {
        /// One byte at a time.
        struct Slow<'a>(&'a [u8]);
        impl Read for Slow<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let most = buffer.len().min(1);
                self.0.read(&mut buffer[..most])
            }
        }
        let text = "Hujan 🌧 é\n".repeat(3000);
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let mut read = String::new();
        Utf16::new(bytes.as_slice(), UTF_16BE).read_to_string(&mut read).unwrap();
        assert_eq!(read, text);
        let mut read = String::new();
        Utf16::new(Slow(&bytes[..600]), UTF_16BE).read_to_string(&mut read).unwrap();
        assert!(text.starts_with(&read) && read.len() > 300);
        for bad in [&b"H\0\x00\xd8H\0"[..], b"H\0\x00\xd8", b"H\0u"] {
            assert!(Utf16::new(bad, UTF_16LE).read_to_string(&mut String::new()).is_err(), "{bad:?}");
        }
    }
}
